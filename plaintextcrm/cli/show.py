"""`show`: one contact: its card, what is derived, what is open, and what happened."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import click

from plaintextcrm.book import answers
from plaintextcrm.book.answers import ContactRow, Standing, Where
from plaintextcrm.book.book import Book
from plaintextcrm.cli import agenda
from plaintextcrm.cli.completion import complete_contact
from plaintextcrm.cli.list import plain as plain_contact
from plaintextcrm.cli.output import one_line, safe, say, say_json, style, tell, width_of
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
YEAR = 366


class Page:
    """All that is shown of one contact. `fields` are the file's, as the person wrote them."""

    def __init__(self, book: Book, row: ContactRow) -> None:
        root = read(answers.text_of(book, row.path).encode(), row.path).root
        self.row = row
        self.today = book.today
        self.fields: dict[str, Any] = (
            {key.text: plain_node(node) for key, node in root.pairs} if root else {}
        )
        only = Where("f.path = :path", {"path": row.path})
        self.open = answers.agenda(book, only, YEAR)
        later = {item.row.key for item in self.open}
        self.open += [
            item
            for item in answers.standings(book, only, date.max)
            if item.row.key not in later and item.date > book.today
        ]
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
    say(styled(f"{safe(row.path)}", dim=True))
    _say_pairs(_card(page.fields), styled)
    _say_part("Derived", list(_derived(page)), styled)
    _say_part("Open", [_open_line(n, item) for n, item in enumerate(page.open, 1)], styled)
    if notes := page.fields.get("notes"):
        _say_part("Notes", str(notes).strip().splitlines(), styled)
    _say_part("Timeline", list(_timeline(page.fields)), styled)


def _say_part(heading: str, lines: list[str], styled: Callable[..., str]) -> None:
    if lines:
        say()
        say(styled(heading, bold=True))
        for line in lines:
            say(f"  {safe(line)}")


def _say_pairs(pairs: list[tuple[str, str]], styled: Callable[..., str]) -> None:
    wide = max((width_of(name) for name, _text in pairs), default=0)
    for name, text in pairs:
        say(f"{styled(one_line(name).ljust(wide), dim=True)}  {one_line(text)}")


def _card(fields: dict[str, Any]) -> list[tuple[str, str]]:
    """The file's fields in the order of the field table, then the person's own."""
    order = [field.name for field in CONTACT_FIELDS]
    names = sorted(fields, key=lambda name: order.index(name) if name in order else len(order))
    return [
        (name, _spoken(fields[name]))
        for name in names
        if name not in _ELSEWHERE and fields[name] not in ("", [], {})
    ]


def _spoken(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_spoken(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(
            _spoken(item) if name == "value" else f"{name}: {_spoken(item)}"
            for name, item in value.items()
            if item != ""
        )
    return str(value)


def _derived(page: Page) -> Iterator[str]:
    row = page.row
    if row.last:
        days = (page.today - date.fromisoformat(row.last)).days
        yield f"last contact  {row.last} ({days} day{'s' * (days != 1)} ago)"
    else:
        yield "last contact  none yet"
    if row.next:
        late = " (overdue)" if row.next < page.today.isoformat() else ""
        yield f"next contact  {row.next}{late}"
    if row.class_:
        yield f"class         {row.class_}"


def _open_line(number: int, item: Standing) -> str:
    when = item.date.isoformat() + (f" {item.row.time}" if item.row.time else "")
    late = f"  (since {item.row.due.isoformat()})" if item.overdue and item.row.due else ""
    note = agenda.note_of(item)
    about = f": {' '.join(note.split())}" if note else ""
    return f"{number}. {when}  {item.row.kind}{about}{late}"


def _timeline(fields: dict[str, Any]) -> Iterator[str]:
    """What happened, the newest first."""
    rows = []
    for name in _TIMELINE:
        for entry in fields.get(name) or []:
            if isinstance(entry, dict):
                rows.append((_when(entry), _event(name, entry)))
    for _day, text in sorted(rows, key=lambda row: row[0], reverse=True):
        yield text


def _when(entry: dict[str, Any]) -> str:
    return str(entry.get("closed") or entry.get("date") or entry.get("year") or "")


def _event(name: str, entry: dict[str, Any]) -> str:
    """`2026-10-03  call (jana): what was said`."""
    what = entry.get("channel") or name.rstrip("s").replace("_", " ")
    by = f" ({entry['by']})" if entry.get("by") else ""
    shown = ("date", "year", "closed", "channel", "by", "time", "direction", "note", "id")
    rest = [f"{key} {_spoken(value)}" for key, value in entry.items() if key not in shown and value]
    about = "; ".join(
        part for part in (" ".join(str(entry.get("note", "")).split()), *rest) if part
    )
    return f"{_when(entry) or '':10}  {what}{by}" + (f": {about}" if about else "")
