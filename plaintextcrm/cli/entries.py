"""Entries that are open, as commands name them: a number that `show` prints, or words of the note."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from plaintextcrm.book import answers
from plaintextcrm.book.answers import ContactRow, Standing
from plaintextcrm.book.book import Book
from plaintextcrm.cli import agenda
from plaintextcrm.cli.output import one_line
from plaintextcrm.model.errors import ChangeRefused
from plaintextcrm.text.fold import fold
from plaintextcrm.text.nodes import Sequence
from plaintextcrm.text.reader import read

# Kinds of reminders that are entries of a list: which list, and where their day stands.
PLACES = {
    "follow-up": ("follow_ups", "date"),
    "promise": ("promises", "date"),
    "need": ("needs", "date"),
    "deal": ("deals", "date"),
    "win-back": ("deals", "win_back"),
    "feedback": ("feedback", "date"),
    "milestone": ("milestones", "date"),
}


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """An entry of a contact's file: `field` and `index` say where, `day` which field is its date."""

    field: str
    index: int
    day: str
    title: str


def find_entry(book: Book, row: ContactRow, word: str | None) -> OpenEntry:
    """The open entry that is meant; without a word the only one there is."""
    shown = answers.open_reminders(book, row.path)
    numbered = [
        (number, item) for number, item in enumerate(shown, 1) if item.row.kind in PLACES
        and not item.row.month
    ]
    found = _matching(numbered, word)
    if len(found) == 1:
        return _place(book, row, found[0])
    listed = "".join(f"\n  {number}. {one_line(_line(item))}" for number, item in numbered)
    if not numbered:
        raise click.UsageError(f"{row.id} has nothing open that can be done")
    if word is None or found:
        raise click.UsageError(f"{row.id} has several open entries; name one by its number:{listed}")
    raise click.UsageError(f"{row.id} has no open entry {word!r}; there are:{listed}")


def _matching(numbered: list[tuple[int, Standing]], word: str | None) -> list[Standing]:
    if word is None:
        return [item for _number, item in numbered]
    if word.isdigit():
        return [item for number, item in numbered if number == int(word)]
    return [item for _number, item in numbered if fold(word) in fold(item.row.note)]


def _line(item: Standing) -> str:
    return f"{item.date.isoformat()}  {item.row.kind}: {agenda.note_of(item)}"


def _place(book: Book, row: ContactRow, item: Standing) -> OpenEntry:
    """Where in the file the entry stands: it begins on the line that the reminder tells."""
    field, day = PLACES[item.row.kind]
    root = read(answers.text_of(book, row.path).encode(), row.path).root
    entries = next((node for key, node in root.pairs if key.text == field), None) if root else None
    if isinstance(entries, Sequence):
        for index, node in enumerate(entries.items):
            if node.start.line + 1 == item.row.line:
                return OpenEntry(field, index, day, agenda.title_of(item))
    raise ChangeRefused(f"{row.path}:{item.row.line}: the entry is not where it was; try again")
