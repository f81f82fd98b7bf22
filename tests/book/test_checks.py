"""What is wrong between files, in the words that people read."""

import pytest

from tests.conftest import AddressBook

UID = "0b9ce1a4-1111-4222-8333-444455556666"


def told(book: AddressBook) -> str:
    return book.run("check").out


def test_two_files_of_one_name(book: AddressBook) -> None:
    book.write("contacts/brno/eva.yaml", "name: Eva\n")
    book.write("contacts/praha/eva.yml", "name: Eva\n")
    assert told(book) == (
        "contacts/brno/eva.yaml:1:1: error[duplicate-id]: contacts/praha/eva.yml has the same name\n"
        "   = rename one of the files\n"
        "contacts/praha/eva.yml:1:1: error[duplicate-id]: contacts/brno/eva.yaml has the same name\n"
        "   = rename one of the files\n"
    )  # fmt: skip


def test_names_that_differ_in_case_only_are_one_name(book: AddressBook) -> None:
    book.write("contacts/brno/eva.yaml", "name: Eva\n")
    book.write("contacts/praha/EVA.yaml", "name: Eva\n")
    assert told(book).count("error[duplicate-id]") == 2
    book.write("contacts/mesta/evá.yaml", "name: Evá\n")
    assert told(book).count("error[duplicate-id]") == 2


def test_many_files_of_one_name_are_counted(book: AddressBook) -> None:
    for number in range(6):
        book.write(f"contacts/{number}/eva.yaml", f"name: Eva\nuid: {UID[:-1]}{number}\n")
    out = told(book)
    assert out.count("error[duplicate-id]") == 6
    assert (
        "contacts/5/eva.yaml:1:1: error[duplicate-id]: contacts/0/eva.yaml, contacts/1/eva.yaml, "
        "contacts/2/eva.yaml and 2 more have the same name\n" in out
    )


def test_a_copied_contact_has_the_same_uid(book: AddressBook) -> None:
    book.write("eva.yaml", f"name: Eva\nuid: {UID}\n")
    book.write("jan.yaml", f"name: Jan\nrole: x\nuid: {UID.upper()}\n")
    out = told(book)
    assert out.count("error[duplicate-uid]") == 2
    assert out.endswith(
        "contacts/jan.yaml:3:6: error[duplicate-uid]: contacts/eva.yaml has the same `uid`\n"
        f" 3 | uid: {UID.upper()}\n   |      {'^' * 36}\n"
        "   = delete the line in the newer file and run `plaintextcrm check --fix`\n"
    )
    book.write("jan.yaml", "name: Jan\nrole: x\n")
    assert book.run("check", "--fix").code == 0


def test_the_same_e_mail_address_is_worth_a_look(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\nemails: [info@acme.example]\n")
    book.write("jan.yaml", "name: Jan\nemails:\n  - {value: Info@Acme.Example}\n")
    book.write("twice.yaml", "name: Twice\nemails: [a@acme.example, A@acme.example]\n")
    answer = book.run("check")
    assert answer.code == 0
    assert answer.out == (
        "contacts/eva.yaml:2:10: warning[same-email]: contacts/jan.yaml has the same e-mail address\n"
        " 2 | emails: [info@acme.example]\n   |          ^^^^^^^^^^^^^^^^^\n"
        "   = one person in two files?\n"
        "contacts/jan.yaml:3:13: warning[same-email]: contacts/eva.yaml has the same e-mail address\n"
        " 3 |   - {value: Info@Acme.Example}\n   |             ^^^^^^^^^^^^^^^^^\n"
        "   = one person in two files?\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "introduced_by: jan-novk\n", "related: [{contact: jan-novk, type: friend}]\n",
        "related:\n  - contact: jan-novk\n",
    ],
)  # fmt: skip
def test_a_reference_to_nobody_with_the_likeliest_id(text: str, book: AddressBook) -> None:
    book.write("jan-novak.yaml", "name: Jan Novák\n")
    book.write("eva.yaml", f"name: Eva\n{text}")
    out = told(book)
    assert "error[unknown-contact]: there is no contact `jan-novk`\n" in out
    assert out.endswith("^^^^^^^^\n   = did you mean `jan-novak`?\n")


def test_a_reference_to_nobody_that_looks_like_nobody(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\nintroduced_by: completely-else\n")
    assert told(book) == (
        "contacts/eva.yaml:2:16: error[unknown-contact]: there is no contact `completely-else`\n"
        " 2 | introduced_by: completely-else\n   |                ^^^^^^^^^^^^^^^\n"
        "   = a contact's id is its file name without .yaml\n"
    )  # fmt: skip


def test_a_reference_is_sound_whatever_its_case_and_folder(book: AddressBook) -> None:
    book.write("contacts/brno/Jan-Novak.yaml", "name: Jan\n")
    book.write("eva.yaml", "name: Eva\nintroduced_by: jan-novak\n")
    assert told(book) == ""


def test_f18_a_reference_to_a_broken_file_is_no_second_error(book: AddressBook) -> None:
    """The file is there: who points at it did nothing wrong, and there is one place to mend."""
    book.write("acme.yaml", "name: [Acme\n")
    book.write("eva.yaml", "name: Eva\nintroduced_by: acme\norganization: acme\n")
    answer = book.run("check", "--format", "github")
    assert answer.code == 1
    assert "file=contacts/acme.yaml" in answer.out
    assert "eva.yaml" not in answer.out


def test_an_organization_may_be_text_and_a_slip_in_an_id_is_worth_a_look(book: AddressBook) -> None:
    book.write("acme-brno.yaml", "name: Acme\nkind: organization\n")
    book.write("eva.yaml", "name: Eva\norganization: Acme\n")
    book.write("iva.yaml", "name: Iva\norganization: Somebody Else, s.r.o.\n")
    assert told(book) == ""
    book.write("eva.yaml", "name: Eva\norganization: acme-bnro\n")
    answer = book.run("check")
    assert (answer.code, answer.out) == (
        0,
        (
            "contacts/eva.yaml:2:15: warning[mentioned-contact]: there is no contact `acme-bnro`\n"
            " 2 | organization: acme-bnro\n   |               ^^^^^^^^^\n"
            "   = did you mean `acme-brno`?\n"
        ),
    )


def test_a_reference_is_mended_by_the_file_that_it_wants(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\nintroduced_by: jan\n")
    assert "unknown-contact" in told(book)
    jan = book.write("jan.yaml", "name: Jan\n")
    assert told(book) == ""
    jan.unlink()
    assert "unknown-contact" in told(book)


def test_an_owner_who_is_not_among_people(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "people: [jana, petr]\n")
    book.write("eva.yaml", "name: Eva\nowner: jnaa\n")
    answer = book.run("check")
    assert (answer.code, answer.out) == (
        0,
        ("contacts/eva.yaml:2:8: warning[unknown-person]: `jnaa` is not among `people`\n"
        " 2 | owner: jnaa\n   |        ^^^^\n   = did you mean `jana`?\n"),
    )  # fmt: skip
    book.write("plaintextcrm.yaml", "people: [jana, jnaa]\n")
    assert told(book) == ""


def test_an_interaction_in_the_future_until_that_day_comes(book: AddressBook) -> None:
    book.write(
        "eva.yaml",
        "name: Eva\ninteractions:\n  - date: 2026-11-24\n    channel: call\n    note: hi\n",
    )
    warned = (
        "contacts/eva.yaml:3:11: warning[future-interaction]: `2026-11-24` is in the future\n"
        " 3 |   - date: 2026-11-24\n   |           ^^^^^^^^^^\n"
        "   = check the year; what is planned belongs under `follow_ups`\n"
    )
    for today, out in (("2026-11-23", warned), ("2026-11-24", ""), ("2026-11-22", warned)):
        assert book.run("check", today=today).out == out


def test_s14_problems_between_files_do_not_quote_a_private_contact(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\nvisibility: private\nintroduced_by: secret-lover\n")
    out = told(book)
    assert "error[unknown-contact]: there is no such contact" in out
    assert "secret-lover" not in out
