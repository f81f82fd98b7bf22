"""`export vcard` and `vcf`: who goes out, where to, and who never does."""

import pytest

from tests.conftest import AddressBook

SECRET = "name: Secret\nvisibility: private\nphones: [+420 601 000 999]\n"


@pytest.fixture
def people(book: AddressBook) -> AddressBook:
    book.write(
        "eva.yaml", "name: Eva\norganization: secret\nrelated: [{contact: secret, type: boss}]\n"
    )
    book.write(
        "jan.yaml", "name: Jan\ntags: [vip]\nrelated: [{contact: eva}]\nphones: [601 000 113]\n"
    )
    book.write("secret.yaml", SECRET)
    return book


@pytest.mark.parametrize("version", ["4.0", "3.0"])
def test_s14_private_contacts_never_go_out(people: AddressBook, version: str) -> None:
    answer = people.run("export", "vcard", "--version", version)
    assert answer.out.count("BEGIN:VCARD\r\n") == 2
    assert "ecret" not in answer.out and "999" not in answer.out
    assert answer.err == "2 contacts, 1 private left out.\n"
    people.write("secret.yaml", SECRET.replace("private", "privat"))
    assert "ecret" not in people.run("export", "vcard", "--version", version).out
    assert "ecret" not in people.run("export", "vcard", "secret", "--version", version).out
    refused = people.run("vcf", "secret", "--format", "vcf")
    assert (refused.code, refused.out) == (1, "") and "private" in refused.err


def test_a_query_says_who_and_a_file_is_replaced_whole(people: AddressBook) -> None:
    target = people.folder / "out.vcf"
    target.write_text("before")
    answer = people.run("export", "vcard", "tag:vip", "-o", str(target))
    assert (answer.code, answer.out, answer.err) == (0, "", f"{target}: 1 contact.\n")
    text = target.read_bytes().decode()
    assert text.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Jan\r\n")
    assert "RELATED;VALUE=text:Eva\r\n" in text  # she does not go out with him
    for place in ("contacts/out.vcf", "contacts/jan.yaml", "plaintextcrm.yaml"):
        refused = people.run("export", "vcard", "-o", str(people.folder / place))
        assert refused.code == 3 and "lies outside" in refused.err


def test_the_same_book_gives_the_same_bytes(people: AddressBook) -> None:
    assert people.run("export", "vcard").out == people.run("export", "vcard").out


def test_a_code_for_a_phone(people: AddressBook) -> None:
    people.write(
        "dílna.yaml", "name: Dílna\nnotes: long\nphones: [{value: 601 000 199, type: shop}]\n"
    )
    card = people.run("vcf", "dílna", "--format", "vcf").out
    assert card == (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Dílna\r\nN:;;;;\r\nTEL:601 000 199\r\nEND:VCARD\r\n"
    )
    code = people.run("vcf", "dílna")
    assert set(code.out) <= set("█▀▄ \n") and len(code.out.splitlines()) > 15
    assert code.err == "Dílna: scan it with the camera of a phone.\n"
    urls = ", ".join(f"https://example.com/{number:0>100}" for number in range(40))
    people.write("big.yaml", f"name: Big\nurls: [{urls}]\n")
    refused = people.run("vcf", "big")
    assert refused.code == 1 and "more than a code can hold" in refused.err
