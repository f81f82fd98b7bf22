"""`agenda`: what is late, due today, and due soon."""

from collections.abc import Callable
from datetime import date

import click

from plaintextcrm.book import answers
from plaintextcrm.book.answers import Standing
from plaintextcrm.book.book import Book
from plaintextcrm.cli.asking import asked
from plaintextcrm.cli.completion import complete_query
from plaintextcrm.cli.output import (
    cut,
    one_line,
    say_json,
    say_lines,
    style,
    tell,
    terminal_width,
    width_of,
)
from plaintextcrm.cli.session import Session, session, tell_problems
from plaintextcrm.cli.spoken import spoken_command
from plaintextcrm.model.agenda import OCCASIONS
from plaintextcrm.model.titles import about, count_of_years, title, title_on, who

AHEAD, MONTH = 14, 31  # days


@spoken_command(epilog="Example: plaintextcrm agenda owner:jana --days 7")
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option(
    "--days",
    type=click.IntRange(0, 366),
    help=f"How far to look ahead: {AHEAD} days, with --occasions {MONTH}, unless you say.",
)
@click.option(
    "--occasions",
    is_flag=True,
    help="Only whom to congratulate: birthdays, name days, anniversaries, milestones.",
)
@click.option(
    "--owner", metavar="PERSON", default="", help="Only what this person does; `me`: you."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@session
def command(
    session: Session,
    query: tuple[str, ...],
    days: int | None,
    occasions: bool,
    owner: str,
    form: str,
) -> None:
    """Show reminders: overdue, today, and in the next days.

    QUERY takes the words of `plaintextcrm list`: only these contacts are shown. With --owner, a
    follow-up that names somebody is theirs; all else is of who looks after the contact.
    """
    ahead = days if days is not None else MONTH if occasions else AHEAD

    def answer(book: Book) -> tuple[list[Standing], date, int]:
        found = answers.agenda(book, asked(book, query), ahead)
        if occasions:
            found = [one for one in found if one.row.kind in OCCASIONS]
        if owner:
            from plaintextcrm.cli.writer import person

            whose = person(session, book.settings, owner)
            found = [one for one in found if one.row.owner == whose]
        if book.settings.care:
            _tell_care(book)
        return found, book.today, tell_problems(book)

    shown, today, code = session.ask(answer)
    if form == "json":
        say_json([plain(item) for item in shown])
    else:
        _say(shown, today, style(session.color))
        if not shown:
            span = {0: "", 1: " or tomorrow"}.get(ahead, f" or in the next {ahead} days")
            nothing = "There is nobody to congratulate" if occasions else "Nothing is due"
            tell(f"{nothing} today{span}.")
    click.get_current_context().exit(code)


def _tell_care(book: Book) -> None:
    """How many contacts nobody takes care of."""
    from plaintextcrm.report.asking import Question
    from plaintextcrm.report.care import care

    if count := len({problem.path for problem in care(Question(book))}):
        want = "1 contact wants" if count == 1 else f"{count} contacts want"
        tell(f"{want} more care. See `plaintextcrm check`.")


def title_of(item: Standing) -> str:
    """What to do with whom, about what."""
    row = item.row
    return title(row.kind, who(row.name, row.organization), row.note, row.action)


def note_of(item: Standing) -> str:
    """What it is about; how many years it is, where that is known."""
    row = item.row
    years = count_of_years(row.kind, row.year, item.date)
    return ", ".join(part for part in (about(row.kind, row.note, row.action), years) if part)


def plain(item: Standing) -> dict[str, object]:
    """The reminder as documented for programs (docs/json.md)."""
    row = item.row
    return {
        "date": item.date.isoformat(),
        "time": row.time or None,
        "kind": row.kind,
        "contact": row.contact,
        "name": row.name,
        "title": title_of(item),
        "note": note_of(item),
        "overdue": item.overdue,
        "path": row.path,
        "line": row.line,
        "uid": row.uid,
    }


def _say(shown: list[Standing], today: date, styled: Callable[..., str]) -> None:
    groups: dict[str, list[Standing]] = {}
    for item in shown:
        groups.setdefault(_heading(item, today), []).append(item)
    width = terminal_width()
    lines: list[str] = []
    for heading, items in groups.items():
        lines += [""] if lines else []
        lines.append(styled(heading, bold=True, fg="red" if heading == "Overdue" else None))
        lines += [_line(item, width, styled) for item in items]
    say_lines(lines)


def _heading(item: Standing, today: date) -> str:
    if item.overdue and item.date <= today:
        return "Overdue"
    ahead = (item.date - today).days
    day = f"{item.date:%a} {item.date.isoformat()}"
    return {0: f"Today, {day}", 1: f"Tomorrow, {day}"}.get(ahead, day)


def _line(item: Standing, width: int, styled: Callable[..., str]) -> str:
    """`  14:30  Call Eva …  eva-mala`; what is late shows since when."""
    row = item.row
    marks = [row.due.isoformat()] if item.overdue and row.due else []
    marks += [row.time] if row.time else []
    left = "".join(f"  {mark}" for mark in marks) + "  "
    person = who(row.name, row.organization)
    text = one_line(title_on(item.date, row.kind, person, row.note, row.action, row.year))
    right = f"  {one_line(row.contact)}"
    room = max(width - len(left) - width_of(right), 20)
    return f"{left}{cut(text, room)}{styled(right, dim=True)}"
