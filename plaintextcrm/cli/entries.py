"""Entries that are open, as commands name them: a number that `show` prints, words of the note, or the
short name that the calendar tells (see `model/reference.py`).
"""

from collections import Counter
from dataclasses import dataclass

from click import Context, Parameter
from click.shell_completion import CompletionItem

from plaintextcrm.book import answers
from plaintextcrm.book.answers import ContactRow, Standing
from plaintextcrm.book.book import Book
from plaintextcrm.book.rows import event_uid
from plaintextcrm.cli import agenda
from plaintextcrm.cli.completion import known
from plaintextcrm.cli.output import one_line
from plaintextcrm.model.errors import ChangeRefused, WhichEntry
from plaintextcrm.model.reference import is_entry
from plaintextcrm.model.reminders import Reminder
from plaintextcrm.model.titles import about
from plaintextcrm.text.fold import fold
from plaintextcrm.text.nodes import Mapping, Node, Scalar, Sequence
from plaintextcrm.text.reader import read


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where entries of one kind stand: the list, the field of their day, the fields of their words."""

    field: str
    day: str = "date"
    words: tuple[str, ...] = ("note",)


SHELVES = {
    "follow-up": Shelf("follow_ups"),
    "promise": Shelf("promises"),
    "need": Shelf("needs"),
    "deal": Shelf("deals", words=("name", "note")),
    "win-back": Shelf("deals", "win_back", ("name", "note")),
    "feedback": Shelf("feedback", words=("about", "note")),
    "milestone": Shelf("milestones"),
}
_INSTEAD = {  # what ends a reminder that is no entry of a list
    "keep-in-touch": "write down a talk with `log`, and it moves",
    "milestone": "it comes back every year",
}


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """An open entry of a contact; `place` finds it in a text of the file."""

    row: ContactRow
    item: Standing

    @property
    def shelf(self) -> Shelf:
        """Where entries of its kind stand."""
        return SHELVES[self.item.row.kind]

    @property
    def words(self) -> str:
        """`follow-up: How did the board decide?`."""
        note = _note(self.item)
        return self.item.row.kind + (f": {one_line(note)}" if note else "")

    def place(self, data: bytes) -> tuple[str, int]:
        """The list and the index of the entry in this text. Raises ChangeRefused.

        It is known by its calendar identity, as lines and dates move.
        """
        found = read(data, self.row.path)
        for index, name in enumerate(_names(_items(found.root, self.shelf.field), self.shelf)):
            same = Reminder(kind=self.item.row.kind, entry=name)
            if event_uid(self.row.uid, same) == self.item.row.uid:
                return self.shelf.field, index
        if found.problems:
            problem = found.problems[0]
            where = f"{self.row.path}:{problem.place.line}:{problem.place.column}"
            raise ChangeRefused(f"{where}: mend the file first: {problem.message}."
                                f" See `plaintextcrm check {self.row.path}`.")  # fmt: skip
        where = f"{self.row.path}:{self.item.row.line}"
        raise ChangeRefused(f"{where}: {self.words}: is no more what it was. Look at the file.")


def _items(root: Mapping | None, field: str) -> tuple[Node, ...]:
    entries = next((node for key, node in root.pairs if key.text == field), None) if root else None
    return entries.items if isinstance(entries, Sequence) else ()


def _names(entries: tuple[Node, ...], shelf: Shelf) -> list[str]:
    """The identity of each entry within its list, as `model.reminders` has it."""
    seen: Counter[str] = Counter()
    names = []
    for entry in entries:
        if not isinstance(entry, Mapping):
            names.append("\n")  # nothing is called so
            continue
        given = _text(entry, "id")
        words = next(filter(None, (_text(entry, word) for word in shelf.words)), "")
        name = f"#{given}" if given else " ".join(words.split())
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}\n{seen[name]}")
    return names


def _text(entry: Node, field: str) -> str:
    pairs = entry.pairs if isinstance(entry, Mapping) else ()
    node = next((node for key, node in pairs if key.text == field), None)
    return node.text if isinstance(node, Scalar) else ""


def find_entry(book: Book, row: ContactRow, word: str, *kinds: str) -> OpenEntry:
    """The open entry that is meant: by its number, by its short name, or by words of its note; without
    any the only one.

    `kinds`: only these. Raises WhichEntry, which lists the open ones.
    """
    shown = list(enumerate(answers.open_reminders(book, row.path), 1))
    able = [(number, item) for number, item in shown if _is_entry(item) and _fits(item, kinds)]
    found = _matching(able, word)
    if len(found) == 1:
        return OpenEntry(row, found[0])
    other = next((item for number, item in shown if word == str(number)), None)
    if other is not None and not found:
        why = _INSTEAD.get(other.row.kind, "it is no entry of a list")
        raise WhichEntry(f"{word}. is {other.row.kind}: {why}.")
    listed = [f"{number}. {_line(item)}" for number, item in able]
    who = one_line(row.id)
    if not able:
        raise WhichEntry(f"{who} has nothing open that can be done or moved.")
    if found:
        raise WhichEntry(f"{who} has several open entries; name one by its number:", listed)
    raise WhichEntry(f"{who} has no open entry {word!r}; there are:", listed)


def complete_entry(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """The numbers of the open entries of CONTACT; what they are about as help."""
    word = ctx.params.get("contact")
    if ctx.params.get(param.name or "") or not word:
        return []

    def numbered(book: Book) -> list[CompletionItem]:
        shown = answers.open_reminders(book, answers.find_contact(book, word).path)
        return [
            CompletionItem(str(number), help=_line(item))
            for number, item in enumerate(shown, 1)
            if _is_entry(item) and str(number).startswith(incomplete)
        ]

    return known(ctx, numbered) or []


def _is_entry(item: Standing) -> bool:
    return item.row.kind in SHELVES and not item.row.month


def _fits(item: Standing, kinds: tuple[str, ...]) -> bool:
    return not kinds or item.row.kind in kinds


def _matching(able: list[tuple[int, Standing]], word: str) -> list[Standing]:
    numbered = [item for number, item in able if word == str(number)]
    named = numbered or [item for _number, item in able if is_entry(word, item.row.uid)]
    return named or [item for _number, item in able if fold(word) in fold(_note(item))]


def _note(item: Standing) -> str:
    return about(item.row.kind, item.row.note, item.row.action)


def _line(item: Standing) -> str:
    note = one_line(agenda.note_of(item))
    return f"{item.date.isoformat()}  {item.row.kind}" + (f": {note}" if note else "")
