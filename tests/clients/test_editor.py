"""Who writes a contact in an editor is helped: names are completed, explained and checked.

Run by `make test-clients`, with the real yaml-language-server and the schema and modeline that
`plaintextcrm init` writes.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from plaintextcrm.text.fields import CONTACT_FIELDS
from tests.conftest import PROJECT, AddressBook

from .language_server import Editor, editor
from .test_clients import needs_programs

pytestmark = pytest.mark.clients

MODELINE = "# yaml-language-server: $schema=../.plaintextcrm/contact.schema.json\n"


@pytest.fixture
def opened(book: AddressBook) -> Iterator[Editor]:
    """An editor with a new address book open in it."""
    book.write("plaintextcrm.yaml", "statuses: [partner]\n")
    assert book.run("init", "--no-git", str(book.folder)).code == 0
    with needs_programs(), editor(book.folder) as found:
        yield found


def contact(book: AddressBook, text: str) -> Path:
    """A contact file with the modeline, which tells the editor where the schema is."""
    return book.write("eva-mala.yaml", MODELINE + text)


def test_the_schema_is_the_one_that_is_printed(book: AddressBook) -> None:
    book.run("init", "--no-git", str(book.folder))
    written = (book.folder / ".plaintextcrm/contact.schema.json").read_text("utf-8")
    assert written == book.run("schema").out
    assert (book.folder / "contacts/example.yaml").read_text("utf-8").startswith(MODELINE)


def test_a_good_contact_has_no_marks(opened: Editor, book: AddressBook) -> None:
    for path in sorted((PROJECT / "contacts/slovakia").glob("*.yaml")):
        assert opened.open(contact(book, path.read_text("utf-8"))) == []
    assert opened.open(book.folder / "contacts/example.yaml") == []


def test_the_new_settings_have_no_marks(opened: Editor, book: AddressBook) -> None:
    book.run("init", "--no-git", str(book.folder))
    assert opened.open(book.folder / "plaintextcrm.yaml") == []


def test_a_wrong_value_is_marked(opened: Editor, book: AddressBook) -> None:
    marks = opened.open(contact(book, "name: Eva Malá\nstatus: cliet\n"))
    assert len(marks) == 1
    assert marks[0]["range"]["start"] == {"line": 2, "character": 8}
    assert marks[0]["range"]["end"] == {"line": 2, "character": 13}
    for status in ("client", "do-not-contact", "partner"):
        assert status in marks[0]["message"]


def test_an_unknown_field_is_marked(opened: Editor, book: AddressBook) -> None:
    marks = opened.open(contact(book, "name: Eva Malá\nfolow_ups: []\nx_own: fine\n"))
    assert [mark["range"]["start"] for mark in marks] == [{"line": 2, "character": 0}]
    assert "folow_ups" in marks[0]["message"]


def test_a_missing_name_is_marked(opened: Editor, book: AddressBook) -> None:
    (mark,) = opened.open(contact(book, "status: client\n"))
    assert '"name"' in mark["message"]


def test_wrong_entries_are_marked(opened: Editor, book: AddressBook) -> None:
    text = "name: Eva\nfollow_ups:\n  - date: 1.12.2026\n  - note: no day\n  - {date: 2026-12-01}\n"
    marks = opened.open(contact(book, text))
    assert sorted({mark["range"]["start"]["line"] for mark in marks}) == [3, 4]


def test_fields_are_completed(opened: Editor, book: AddressBook) -> None:
    file = contact(book, "name: Eva Malá\nfol\n")
    opened.open(file)
    offered = {item["label"]: item for item in opened.completion(file, 2, 3)}
    assert "follow_ups" in offered
    assert "what to do, and when" in str(offered["follow_ups"])
    assert "name" not in offered  # it stands there already


def test_all_fields_are_offered_on_an_empty_line(opened: Editor, book: AddressBook) -> None:
    file = contact(book, "name: Eva Malá\n\n")
    opened.open(file)
    offered = {item["label"] for item in opened.completion(file, 2, 0)}
    assert offered >= {field.name for field in CONTACT_FIELDS} - {"name"}


def test_values_and_fields_of_entries_are_completed(opened: Editor, book: AddressBook) -> None:
    file = contact(book, "name: Eva\nstatus: \nfollow_ups:\n  - date: 2026-12-01\n    \n")
    opened.open(file)
    statuses = {item["label"] for item in opened.completion(file, 2, 8)}
    assert statuses >= {"lead", "client", "dormant", "partner"}
    parts = {item["label"] for item in opened.completion(file, 5, 4)}
    assert parts >= {"note", "time", "remind", "done"}
    assert "date" not in parts


def test_a_field_is_explained(opened: Editor, book: AddressBook) -> None:
    file = contact(book, "name: Eva Malá\ncadence: 6 weeks\nfollow_ups:\n  - remind: 1 day\n")
    opened.open(file)
    assert "how often to be in touch: 6 weeks, 3 months, none" in opened.hover(file, 2, 3)
    assert "an alarm that long before" in opened.hover(file, 4, 6)
