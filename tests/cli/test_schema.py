"""`schema`: what editors know of the files."""

import json

import pytest

from plaintextcrm.cli.main import run
from plaintextcrm.text.fields import CONTACT_FIELDS, SETTINGS_FIELDS
from tests.conftest import AddressBook


def test_the_schema_of_contacts(book: AddressBook) -> None:
    answer = book.run("schema")
    assert (answer.code, answer.err) == (0, "")
    schema = json.loads(answer.out)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert list(schema["properties"]) == [field.name for field in CONTACT_FIELDS]
    assert schema["required"] == ["name"]
    assert schema["properties"]["uid"]["description"].startswith("keeps the contact's calendar")


def test_it_knows_the_settings(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "statuses: [partner]\nfields: {hourly_rate: money}\n")
    text = book.run("schema").out
    assert "partner" in json.dumps(json.loads(text)["properties"]["status"])
    assert "hourly_rate" in json.loads(text)["properties"]


def test_the_schema_of_settings(book: AddressBook) -> None:
    schema = json.loads(book.run("schema", "--settings").out)
    assert list(schema["properties"]) == [field.name for field in SETTINGS_FIELDS]


def test_outside_of_an_address_book(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert run(["schema"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert list(plain["properties"]) == [field.name for field in CONTACT_FIELDS]
    assert run(["schema", "--settings"]) == 0
    assert "timezone" in json.loads(capsys.readouterr().out)["properties"]


def test_it_is_what_init_writes(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "channels: [coworking]\n")
    assert book.run("init", str(book.folder), "--no-git").code == 0
    written = (book.folder / ".plaintextcrm" / "contact.schema.json").read_text()
    assert written == book.run("schema").out
    written = (book.folder / ".plaintextcrm" / "settings.schema.json").read_text()
    assert written == book.run("schema", "--settings").out
