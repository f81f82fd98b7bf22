"""What `export csv`, `json` and `jsonl` write: for spreadsheets, for programs, and never what is private."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plaintextcrm.store.write import replace_by_pieces
from plaintextcrm.text.fields import CONTACT_FIELDS
from tests.conftest import COMMAND, AddressBook

PROGRAM = Path(sys.executable).parent / "check-jsonschema"
EVA = """\
name: Eva Malá
organization: secret-deal
phones: [+420 601 000 111]
emails: [{value: eva@acme.example, type: work}, info@acme.example]
tags: [vip, "a, b"]
notes: "=HYPERLINK(\\"http://evil.example\\")"
related: [{contact: secret-deal, type: owner}, {contact: jan, type: friend}]
introduced_by: Secret-Deal
interactions: [{date: 2026-10-01, note: With them, with: [secret-deal, jan]}]
x_size: 38
"""
SECRET = """\
name: Secret Deal
uid: 5c950095-1d5a-4237-bf9d-9d9011d9b888
visibility: private
x_secret_field: hush
"""
FORMS = ("csv", "json", "jsonl")


@pytest.fixture
def people(book: AddressBook) -> AddressBook:
    book.write("eva.yaml", EVA)
    book.write("jan.yaml", "name: -Jan\nowner: jana\n")
    book.write("secret-deal.yaml", SECRET)
    return book


def table(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_a_column_for_each_field(people: AddressBook) -> None:
    answer = people.run("export", "csv")
    assert answer.code == 0
    assert answer.err == "2 contacts, 1 private left out.\n"
    jan, eva = table(answer.out)
    assert list(eva) == ["id", *(field.name for field in CONTACT_FIELDS), "x_size"]
    assert eva["emails"] == "{value: eva@acme.example, type: work},\ninfo@acme.example"
    assert eva["tags"] == "vip, 'a, b'"
    assert eva["phones"] == "+420 601 000 111"
    assert jan["name"] == "'-Jan"
    assert jan["uid"]


def test_chosen_columns(people: AddressBook) -> None:
    answer = people.run("export", "csv", "tag:vip", "--columns", "name,x_size,phones")
    assert answer.out == "name,x_size,phones\nEva Malá,38,+420 601 000 111\n"
    wrong = people.run("export", "csv", "--columns", "name,phone")
    assert wrong.code == 2
    assert "did you mean `phones`?" in wrong.err


def test_for_excel(people: AddressBook) -> None:
    file = people.folder / "all.csv"
    assert (
        people.run("export", "csv", "--excel", "--columns", "name,tags", "-o", str(file)).code == 0
    )
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfname;tags\r\n")
    assert table(data.decode("utf-8-sig"), ";")[1] == {"name": "Eva Malá", "tags": "vip, 'a, b'"}
    assert file.stat().st_mode & 0o777 == 0o600


def test_s09_no_cell_is_a_formula(people: AddressBook) -> None:
    for row in table(people.run("export", "csv").out):
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "@", "-")), cell
            assert not cell.startswith("+") or cell.replace(" ", "")[1:].isdigit()


@pytest.mark.parametrize("form", FORMS)
def test_s14_private_contacts_and_their_names_stay(people: AddressBook, form: str) -> None:
    answer = people.run("export", form)
    everything = people.run("export", form, "visibility:private")
    for text in (answer.out, everything.out):
        for word in ("secret", "5c950095", "hush"):
            assert word not in text.casefold()
    assert "1 private left out" in everything.err
    assert "With them" in answer.out


@pytest.mark.parametrize("form", FORMS)
def test_an_export_lies_outside_of_the_contacts(people: AddressBook, form: str) -> None:
    inside = people.folder / "contacts" / f"all.{form}"
    answer = people.run("export", form, "-o", str(inside))
    assert answer.code == 3
    assert not inside.exists()
    assert people.run("export", form, "nosuch:x").code == 2


def fits(schema: Path, file: Path) -> bool:
    """What the real check-jsonschema says."""
    words = [str(PROGRAM), "--schemafile", str(schema), str(file)]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def test_json_is_whole_and_as_its_schema_says(people: AddressBook, tmp_path: Path) -> None:
    people.write("plaintextcrm.yaml", "channels: [fair]\nfields: {seats: number}\n")
    people.write(
        "ota.yaml", "name: Ota\nseats: 3\ninteractions: [{date: 2026-10-01, channel: fair}]\n"
    )
    for sample in ("monica", "csv-outlook"):
        for path in (Path(__file__).parent / "arrivals" / sample / "contacts").glob("*.yaml"):
            people.write(path.name, path.read_bytes())
    schema, file = tmp_path / "schema.json", tmp_path / "all.json"
    schema.write_text(people.run("schema", "--export").out, "utf-8")
    assert people.run("export", "json", "-o", str(file)).code == 0
    found = json.loads(file.read_text("utf-8"))
    ota = next(one for one in found if one["id"] == "ota")
    assert ota["interactions"] == [{"date": "2026-10-01", "channel": "fair"}]
    assert fits(schema, file)
    found[0]["folow_ups"] = []
    file.write_text(json.dumps(found), "utf-8")
    assert not fits(schema, file)
    assert people.run("schema", "--export", "--settings").code == 2


def test_an_empty_book(book: AddressBook) -> None:
    assert book.run("export", "json").out == "[]\n"
    assert book.run("export", "jsonl").out == ""
    assert book.run("export", "csv", "--columns", "id,name").out == "id,name\n"


def test_a_reader_that_has_seen_enough(people: AddressBook) -> None:
    for number in range(300):
        people.write(f"p{number}.yaml", f"name: P{number}\nnotes: {'x' * 2000}\n")
    done = subprocess.run(
        ["sh", "-c", '"$@" | head -n 1', "sh", *COMMAND, "-C", people.folder, "export", "jsonl"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["name"] == "-Jan"
    assert "Traceback" not in done.stderr
    assert "fault" not in done.stderr


def test_what_excel_opens_comes_back(people: AddressBook) -> None:
    file = people.folder / "all.csv"
    assert people.run("export", "csv", "--excel", "-o", str(file)).code == 0
    answer = people.run("import", "csv", str(file))
    assert answer.err == (
        f"{file}: plaintextcrm, semicolons, UTF-8, 2 rows.\n0 new, 0 changed, 2 the same.\n"
    )


def test_an_export_goes_where_it_can(people: AddressBook, tmp_path: Path) -> None:
    missing = people.run("export", "json", "-o", str(tmp_path / "no-such-folder" / "all.json"))
    (tmp_path / "all.json").mkdir()
    folder = people.run("export", "json", "-o", str(tmp_path / "all.json"))
    for answer in (missing, folder):
        assert answer.code == 3
        assert "not written" in answer.err
    assert list(tmp_path.glob(".plaintextcrm-*")) == []


def test_f05_an_export_that_breaks_off_leaves_the_older_one(tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    replace_by_pieces(file, [b"[", b"]\n"])
    assert file.read_bytes() == b"[]\n"

    def broken() -> Iterator[bytes]:
        yield b"[half"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        replace_by_pieces(file, broken())
    assert file.read_bytes() == b"[]\n"
    assert [path.name for path in tmp_path.iterdir()] == ["all.json"]
    assert file.stat().st_mode & 0o777 == 0o600
