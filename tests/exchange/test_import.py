"""Who comes in is held against the book: filled where empty, never overwritten, told where in doubt."""

import json
from pathlib import Path

import pytest

from tests.conftest import AddressBook

HEAD = "BEGIN:VCARD\nVERSION:3.0\n"
EVA = """\
# Read the deals first!
name: Eva Malá
emails: [eva@acme.example]   # the one she reads
title: CTO
tags:
    - vip
notes: >
  Likes
  coffee.
"""
CARD = (
    "FN:Eva Malá\nN:Malá;Eva;;;\nTITLE:CEO\nEMAIL:EVA@acme.example\nEMAIL;TYPE=home:eva@mala.example\n"
    "TEL;TYPE=CELL:+420 601 000 111\nCATEGORIES:vip,fair\nBDAY:1988-02-29\n"
)


@pytest.fixture
def phone(tmp_path: Path) -> Path:
    return tmp_path / "phone.vcf"


def cards(phone: Path, *bodies: str) -> str:
    phone.write_text("".join(f"{HEAD}{body}END:VCARD\n" for body in bodies))
    return str(phone)


def everything(book: AddressBook) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in book.folder.rglob("*") if file.is_file()}


def test_who_is_here_gets_what_is_missing_and_keeps_every_word(
    book: AddressBook, phone: Path
) -> None:
    file = book.write("eva.yaml", EVA)
    shown = book.run("import", "vcard", cards(phone, CARD), "--dry-run")
    assert file.read_text() == EVA
    assert "+phones:" in shown.out and "-title" not in shown.out
    answer = book.run("import", "vcard", str(phone))
    assert answer.code == 0
    assert "changed  contacts/eva.yaml  Eva Malá\n" in answer.out
    assert f"differs  contacts/eva.yaml  title: CTO | {phone}:1: CEO\n" in answer.out
    assert answer.err.startswith("0 new, 1 changed, 0 the same. What differs in 1 ")
    after = file.read_text()
    kept = [line for line in EVA.splitlines() if not line.startswith(("emails", "    - vip"))]
    assert all(line in after.splitlines() for line in kept)
    assert "# the one she reads" in after and "eva@mala.example" in after and "CEO" not in after
    assert "EVA@" not in after and after.count("vip") == 1 and "    - fair\n" in after
    assert "birthday: 1988-02-29\n" in after and "uid:" not in after

    before = everything(book)
    again = book.run("import", "vcard", str(phone))
    assert everything(book) == before
    assert again.err.startswith("0 new, 0 changed, 1 the same.")
    assert book.run("undo").code == 0
    assert file.read_text() == EVA


def test_who_only_looks_alike_comes_in_beside(book: AddressBook, phone: Path) -> None:
    book.write("eva.yaml", EVA)
    same_name = "FN:Eva Malá\nEMAIL:eva@elsewhere.example\n"
    same_address = "FN:Acme office\nEMAIL:eva@acme.example\n"
    answer = book.run("import", "vcard", cards(phone, same_name, same_address))
    assert "new      contacts/eva-mala.yaml  Eva Malá, looks like eva (Eva Malá)\n" in answer.out
    assert "contacts/acme-office.yaml  Acme office, looks like eva (Eva Malá)" in answer.out
    assert (book.folder / "contacts/eva.yaml").read_text() == EVA
    assert "2 of the new look like somebody" in answer.err
    before = everything(book)
    book.run("import", "vcard", str(phone))
    assert everything(book) == before


def test_two_of_one_file_stay_two(book: AddressBook, phone: Path) -> None:
    father = "FN:Jan Novák\nEMAIL:novak@home.example\nBDAY:1950-01-01\n"
    son = "FN:Jan Novák\nEMAIL:novak@home.example\nBDAY:1980-01-01\n"
    answer = book.run("import", "vcard", cards(phone, father, son))
    assert "jan-novak-2.yaml  Jan Novák, looks like jan-novak (Jan Novák)" in answer.out
    before = everything(book)
    book.run("import", "vcard", str(phone))
    assert everything(book) == before
    assert len(before) >= 2


def test_two_phones_know_one_person(book: AddressBook, phone: Path) -> None:
    """What two files say of somebody goes into one contact, and two files of one folder are as one."""
    card = "FN:Jan Novák\nEMAIL:novak@home.example\n"
    other = phone.parent / "other.vcf"
    cards(phone, f"{card}UID:a\n", "FN:Eva\n")
    cards(other, f"{card}UID:b\nTEL:+420 601 000 113\n", "FN:Anna\n")
    answer = book.run("import", "vcard", str(phone), str(other))
    assert answer.err.startswith("3 new, 1 changed, 0 the same.")
    folder = phone.parent / "khard"
    folder.mkdir()
    cards(folder / "father.vcf", "FN:Petr\nEMAIL:petr@home.example\nUID:c\n")
    cards(folder / "son.vcf", "FN:Petr\nEMAIL:petr@home.example\nUID:d\n")
    answer = book.run("import", "khard", str(folder))
    assert answer.err.startswith("2 new, 0 changed, 0 the same. 1 of the new look")


def test_the_same_card_twice_is_one_contact(book: AddressBook, phone: Path) -> None:
    card = "FN:Jan\nTEL:+420 601 000 113\nUID:2f1c6a52-0c3e-4a59-9d0e-6f5b8f6f6a10\n"
    answer = book.run("import", "vcard", cards(phone, card, card + "NICKNAME:Honza\n"))
    assert answer.err.startswith("1 new, 1 changed, 0 the same.")
    assert "nicknames: [Honza]" in (book.folder / "contacts/jan.yaml").read_text()
    assert book.run("undo").code == 0
    assert not (book.folder / "contacts/jan.yaml").exists()


def test_one_bad_card_never_stops_the_others(book: AddressBook, phone: Path) -> None:
    cards(phone, "FN:First\n", "NOTE:nobody\nX-A:b\n", "FN:Last\n")
    phone.write_text("Hello!\n" + phone.read_text())
    answer = book.run("import", "vcard", str(phone))
    assert answer.code == 1
    assert f"{phone}:1: this is in no card; a card begins with BEGIN:VCARD.\n" in answer.err
    assert f"{phone}:6: nothing in it tells whom it is about; give it a name.\n" in answer.err
    assert {file.name for file in (book.folder / "contacts").iterdir()} == {
        "first.yaml",
        "last.yaml",
    }
    rows = [
        json.loads(line)
        for line in book.run("import", "vcard", str(phone), "--format", "json").out.splitlines()
    ]
    assert [row["what"] for row in rows] == ["same", "same", "refused", "refused"]


def test_a_contact_whose_file_is_broken_is_left_alone(book: AddressBook, phone: Path) -> None:
    book.write("eva.yaml", EVA)
    book.run("list")
    broken = EVA + "status: [\n"
    file = book.write("eva.yaml", broken)
    answer = book.run("import", "vcard", cards(phone, CARD, "FN:Jan\n"))
    assert answer.code == 1
    assert file.read_text() == broken
    assert f"{phone}:1: not taken over: contacts/eva.yaml:" in answer.err
    assert (book.folder / "contacts/jan.yaml").exists()


def test_names_become_references(book: AddressBook, phone: Path) -> None:
    book.write("acme.yaml", "name: Acme, s.r.o.\nkind: organization\n")
    card = (
        "FN:Jan\nORG:Acme\\, s.r.o.\nitem1.X-ABRELATEDNAMES:Jana\nitem1.X-ABLabel:_$!<Spouse>!$_\n"
        "item2.X-ABRELATEDNAMES:Nobody\nitem2.X-ABLabel:friend\n"
    )
    book.run("import", "vcard", cards(phone, card, "FN:Jana\nORG:Other\n"))
    jan = (book.folder / "contacts/jan.yaml").read_text()
    assert "organization: acme\n" in jan
    assert "related:\n  - {contact: jana, type: spouse}\n" in jan
    assert "x_related:\n  - {contact: Nobody, type: friend}\n" in jan
    assert "organization: Other\n" in (book.folder / "contacts/jana.yaml").read_text()
    assert book.run("check").code == 0


def test_files_may_be_a_folder_or_stdin(
    book: AddressBook, phone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = phone.parent / "cards" / "more"
    folder.mkdir(parents=True)
    cards(folder / "a.vcf", "FN:Anna\n")
    cards(folder.parent / "b.VCF", "FN:Bob\n")
    cards(folder / ".hidden.vcf", "FN:Hidden\n")
    assert book.run("import", "khard", str(folder.parent), "--to", "friends").code == 0
    found = {str(file.relative_to(book.folder)) for file in book.folder.rglob("*.yaml")}
    assert found == {"contacts/friends/anna.yaml", "contacts/friends/bob.yaml"}
    head = (book.folder / "contacts/friends/bob.yaml").read_text().splitlines()[0]
    assert head.endswith("$schema=../../.plaintextcrm/contact.schema.json")
    missing = book.run("import", "vcard", str(phone.parent / "nothing.vcf"))
    assert (missing.code, missing.out) == (3, "")
    assert "nothing.vcf: cannot be read: No such file or directory" in missing.err
    outside = book.run("import", "vcard", str(folder), "--to", "../../etc")
    assert outside.code == 2


def test_monicas_cards_come_in_by_the_same_word(book: AddressBook) -> None:
    file = Path(__file__).parent / "vcard/monica.vcf"
    assert book.run("import", "monica", str(file)).err.startswith("1 new, 0 changed")
    assert book.run("import", "vcard", str(file)).err.startswith("0 new, 0 changed, 1 the same")


JPEG = "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkI"


def test_s03_a_picture_never_takes_another_ones_place(book: AddressBook, phone: Path) -> None:
    photos = book.folder / "photos"
    photos.mkdir()
    (photos / "jan.jpg").write_bytes(b"mine")
    card = f"FN:Jan\nPHOTO;ENCODING=b;TYPE=JPEG:{JPEG}\n"
    book.run("import", "vcard", cards(phone, card))
    assert "photo: photos/jan-2.jpg\n" in (book.folder / "contacts/jan.yaml").read_text()
    assert (photos / "jan.jpg").read_bytes() == b"mine"
    assert (photos / "jan-2.jpg").read_bytes().startswith(b"\xff\xd8\xff")
    assert (photos / "jan-2.jpg").stat().st_mode & 0o777 == 0o600
    assert f"PHOTO:data:image/jpeg;base64,{JPEG[:20]}" in book.run("export", "vcard").out


def test_s04_a_link_leads_no_picture_out_of_the_book(
    book: AddressBook, phone: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (book.folder / "photos").symlink_to(outside)
    answer = book.run("import", "vcard", cards(phone, f"FN:Jan\nPHOTO;ENCODING=b:{JPEG}\n"))
    assert answer.code == 3 and "a link leads to another folder" in answer.err
    assert not list(outside.iterdir()) and not list((book.folder / "contacts").iterdir())
    (outside / "secret.jpg").write_bytes(b"\xff\xd8\xffsecret")
    book.write("eva.yaml", "name: Eva\nphoto: photos/secret.jpg\n")
    assert "PHOTO" not in book.run("export", "vcard").out
