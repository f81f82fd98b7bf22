"""`show`: one contact: its card, what is derived, what is open, and what happened."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import click

from plaintextcrm.book import answers
from plaintextcrm.book.answers import ContactRow, Standing
from plaintextcrm.book.book import Book
from plaintextcrm.cli import agenda
from plaintextcrm.cli.completion import complete_contact
from plaintextcrm.cli.list import plain as plain_contact
from plaintextcrm.cli.output import (
    one_line,
    safe,
    say,
    say_json,
    style,
    tell,
    width_of,
    wrapped,
)
from plaintextcrm.cli.session import Session, session
from plaintextcrm.model.problem import Problem
from plaintextcrm.text.fields import CONTACT_FIELDS
from plaintextcrm.text.nodes import plain as plain_node
from plaintextcrm.text.reader import read

# What the card leaves to the other parts of the page.
_ELSEWHERE = (
    "name", "uid", "interactions", "follow_ups", "promises", "needs", "milestones", "deals",
    "revenue", "referrals", "feedback", "notes",
)  # fmt: skip
_TIMELINE = ("interactions", "deals", "referrals", "feedback", "revenue")
_DONE = ("follow_ups", "promises", "needs")  # on the timeline when they are done
_BARE = ("value", "contact", "user", "every", "street", "postcode", "locality", "region", "country")


class Page:
    """All that is shown of one contact. `fields` are the file's, as the person wrote them."""

    def __init__(self, book: Book, row: ContactRow) -> None:
        root = read(answers.text_of(book, row.path).encode(), row.path).root
        self.row = row
        self.today = book.today
        self.fields: dict[str, Any] = (
            {key.text: plain_node(node) for key, node in root.pairs} if root else {}
        )
        self.open = answers.open_reminders(book, row.path)
        self.problems = answers.problems(book, [row.path])


@click.command(epilog="Example: plaintextcrm show mala")
@click.argument("contact", shell_complete=complete_contact)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@session
def command(session: Session, contact: str, form: str) -> None:
    """Show one contact. CONTACT is an id, or anything that finds just one: a name, an e-mail."""
    page = session.ask(lambda book: Page(book, answers.find_contact(book, contact)))
    if form == "json":
        say_json(_plain(page))
    else:
        _say(page, style(session.color))
    errors = [problem for problem in page.problems if problem.severity == "error"]
    if errors and form == "text":
        tell(_broken(page.row, errors))
    click.get_current_context().exit(1 if errors else 0)


def _broken(row: ContactRow, errors: list[Problem]) -> str:
    which = (
        "its last good version is shown"
        if row.good_version
        else "it is shown as far as it can be read"
    )
    number = "an error" if len(errors) == 1 else f"{len(errors)} errors"
    return f"{row.path} has {number}; {which}. See `plaintextcrm check {row.path}`."


def _plain(page: Page) -> dict[str, object]:
    """The contact as documented for programs (docs/json.md)."""
    from plaintextcrm.cli.check import plain as plain_problem

    return {
        **plain_contact(page.row),
        "fields": page.fields,
        "open": [agenda.plain(item) for item in page.open],
        "problems": [plain_problem(problem) for problem in page.problems],
    }


def _say(page: Page, styled: Callable[..., str]) -> None:
    row = page.row
    head = one_line(row.name) + (f"  ({one_line(row.organization)})" if row.organization else "")
    say(styled(head, bold=True))
    say(styled(safe(row.path), dim=True))
    _say_pairs(_card(page.fields), styled)
    _say_part("Now", list(_derived(page)), styled)
    _say_part("Open", [_open_line(*item) for item in enumerate(page.open, 1)], styled)
    if notes := page.fields.get("notes"):
        _say_part("Notes", [("", line) for line in str(notes).strip().splitlines()], styled)
    _say_part("Timeline", list(_timeline(page.fields)), styled)


def _say_part(heading: str, lines: list[tuple[str, str]], styled: Callable[..., str]) -> None:
    """A heading, and below it each line with what stands before it."""
    if lines:
        say()
        say(styled(heading, bold=True))
    wide = max((width_of(one_line(left)) for left, _text in lines), default=0)
    for left, text in lines:
        margin = f"  {_padded(left, wide)}{'  ' if wide else ''}"
        say(f"{margin}{wrapped(one_line(text), width_of(margin))}".rstrip())


def _say_pairs(pairs: list[tuple[str, list[str]]], styled: Callable[..., str]) -> None:
    wide = max((width_of(one_line(name)) for name, _texts in pairs), default=0)
    for name, texts in pairs:
        left = _padded(name, wide)
        for text in texts:
            say(f"{styled(left, dim=True)}  {wrapped(one_line(text), wide + 2)}")
            left = " " * wide


def _padded(text: str, wide: int) -> str:
    line = one_line(text)
    return line + " " * (wide - width_of(line))


def _card(fields: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The file's fields in the order of the field table, then the person's own; a line per value."""
    order = [field.name for field in CONTACT_FIELDS]
    names = sorted(fields, key=lambda name: order.index(name) if name in order else len(order))
    return [
        (name, _lines(fields[name]))
        for name in names
        if name not in _ELSEWHERE and fields[name] not in ("", [], {})
    ]


def _lines(value: Any) -> list[str]:
    """Short words side by side, everything else on a line of its own."""
    if not isinstance(value, list):
        return [_spoken(value)]
    if all(isinstance(item, str) and "@" not in item and "/" not in item for item in value):
        return [", ".join(value)]
    return [_spoken(item) for item in value]


def _spoken(value: Any) -> str:
    """`+420 601 000 111 (mobile, preferred)`: what matters, and the rest in brackets."""
    if isinstance(value, list):
        return ", ".join(_spoken(item) for item in value)
    if not isinstance(value, dict):
        return str(value)
    bare = [_spoken(value[name]) for name in _BARE if value.get(name)]
    rest = [_aside(name, item) for name, item in value.items() if name not in _BARE and item]
    return ", ".join(bare) + (f" ({', '.join(filter(None, rest))})" if any(rest) else "")


def _aside(name: str, value: Any) -> str:
    if name == "type":
        return _spoken(value)
    if name == "preferred":
        return "preferred" if str(value).casefold() in ("yes", "true") else ""
    return f"{name.replace('_', ' ')} {_spoken(value)}"


def _derived(page: Page) -> Iterator[tuple[str, str]]:
    row = page.row
    if row.last:
        days = (page.today - date.fromisoformat(row.last)).days
        ago = f"{days} day{'s' * (days != 1)} ago" if days else "today"
        yield "last contact", f"{row.last} ({ago})"
    else:
        yield "last contact", "none yet"
    if row.next:
        late = " (overdue)" if row.next < page.today.isoformat() else ""
        yield "next contact", f"{row.next}{late}"
    if row.class_:
        yield "class", row.class_


def _open_line(number: int, item: Standing) -> tuple[str, str]:
    """The number is what `done` and `snooze` call the entry."""
    when = item.date.isoformat() + (f" {item.row.time}" if item.row.time else "")
    late = f" (since {item.row.due.isoformat()})" if item.overdue and item.row.due else ""
    note = agenda.note_of(item)
    kind = "their promise" if item.row.action == "theirs" else item.row.kind
    return f"{number}. {when}", kind + (f": {note}" if note else "") + late


def _timeline(fields: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What happened, the newest first."""
    rows = []
    for name in (*_TIMELINE, *_DONE):
        entries = fields.get(name)
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict) and (name in _TIMELINE or entry.get("done")):
                rows.append((_when(entry), _event(name, entry)))
    yield from sorted(rows, key=lambda row: row[0], reverse=True)


def _when(entry: dict[str, Any]) -> str:
    words = (entry.get(name) for name in ("done", "closed", "date", "year"))
    return next((str(word) for word in words if word), "")


# What an event says first, and what it then leaves out.
_TITLE = ("name", "about", "amount", "value")
_SAID = ("date", "year", "closed", "done", "made", "time", "channel", "stage", "by", "direction",
         "note", "id", *_TITLE)  # fmt: skip


def _event(name: str, entry: dict[str, Any]) -> str:
    """`call, jana: what was said (mood good)`."""
    kind = {"follow_ups": "follow-up"}.get(name, name.removesuffix("s"))
    words = (entry.get("channel") or kind, entry.get("stage"), entry.get("by"))
    head = _spoken([word for word in words if word])
    title = _spoken([entry[key] for key in _TITLE if entry.get(key)])
    about = ". ".join(text for text in (title, _spoken(entry.get("note", ""))) if text)
    rest = ", ".join(
        _aside(key, value) for key, value in entry.items() if key not in _SAID and value
    )
    return head + (f": {about}" if about else "") + (f" ({rest})" if rest else "")
