"""Two commands on two days share one cache: each feed holds what holds on its own day."""

from pathlib import Path

from plaintextcrm.book.book import Book
from plaintextcrm.cli.export_ics import publish_one
from plaintextcrm.cli.place import Place
from plaintextcrm.cli.session import Session
from tests.conftest import TODAY, AddressBook

from .reading import forget

FEEDS = "feeds: [{name: first}, {name: second}, {name: third}]\ncadences: {A: 2 weeks, C: 1 year}\n"
# On another day they stand in another class, and a talk has taken place.
PEOPLE = {
    "ann.yaml": "revenue: [{year: 2025, amount: 900}, {year: 2026, amount: 1}]\n",
    "bob.yaml": "revenue: [{year: 2025, amount: 1}, {year: 2026, amount: 900}]\n",
    "cyd.yaml": "cadence: 6 weeks\n",
    "dan.yaml": "cadence: 1 month\nfollow_ups: [{date: 2026-12-01, note: call}]\n",
}
TALKS = "interactions: [{date: 2026-10-01, channel: call}, {date: 2027-01-20, channel: call}]\n"


def test_another_day_asked_between_two_feeds_of_one_command(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", FEEDS)
    for name, text in PEOPLE.items():
        book.write(name, f"name: {name}\n{text}{TALKS}")
    alone = _published(book, None)
    forget()
    _remove(book)
    assert _published(book, "2027-03-01") == alone
    # and nobody noted that a feed which holds on that day holds on this one
    book.run("export", "ics", today=TODAY)
    assert _read(book) == alone
    book.run("export", "ics", today="2027-03-01")
    assert _read(book) != alone


def _published(book: AddressBook, between: str | None) -> dict[str, bytes]:
    """All feeds of one command; between each two of them another command asks for another day."""
    session = Session(str(book.folder), TODAY, "never")

    def question(asked: Book) -> None:
        for feed in asked.settings.feeds:
            publish_one(session, asked, feed, Place())
            if between:
                assert book.process("agenda", today=between).code == 0

    session.ask(question)
    return _read(book)


def _feeds(book: AddressBook) -> list[Path]:
    return sorted(book.folder.glob("*.ics"))


def _read(book: AddressBook) -> dict[str, bytes]:
    found = {file.name: file.read_bytes() for file in _feeds(book)}
    assert len(found) == 3
    return found


def _remove(book: AddressBook) -> None:
    for file in _feeds(book):
        file.unlink()
