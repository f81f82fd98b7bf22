"""`find`: contacts by their words, the best first, with the lines in which these stand."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import click

from plaintextcrm.book import answers
from plaintextcrm.book.answers import ContactRow, Match
from plaintextcrm.book.book import Book
from plaintextcrm.cli.asking import asked
from plaintextcrm.cli.completion import complete_query
from plaintextcrm.cli.list import plain
from plaintextcrm.cli.output import (
    cut,
    one_line,
    safe,
    say,
    say_json,
    say_lines,
    style,
    tell,
    terminal_width,
    to_json,
    width_of,
)
from plaintextcrm.cli.session import Session, session, tell_problems
from plaintextcrm.cli.spoken import spoken_command
from plaintextcrm.model.titles import who

FORMATS = ("text", "json", "jsonl", "ids")
SHOWN = 3  # lines of each contact
LEAST_ROOM = 30  # columns for the text of a line
BEFORE = 3  # a line that is too long begins so many parts of the room before its first word


class Found(NamedTuple):
    """A contact, and the lines that have the words."""

    row: ContactRow
    matches: tuple[Match, ...]


@spoken_command(epilog="Example: plaintextcrm find 'new e-shop' tag:client")
@click.argument("query", nargs=-1, required=True, metavar="QUERY…", shell_complete=complete_query)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@session
def command(session: Session, query: tuple[str, ...], form: str) -> None:
    """Find contacts by words, the best first, and show the lines in which the words stand.

    QUERY takes all that `plaintextcrm list` takes: this is `list --matches` in another order. Words
    that begin so count, too: `shop` finds shops. A word in a name counts for more than one in a note.
    """
    code = show_matches(session, query, "", form, best_first=True)
    click.get_current_context().exit(code)


def show_matches(
    session: Session, query: Sequence[str], sort: str, form: str, *, best_first: bool = False
) -> int:
    """Show what a query finds with the lines of its words; the exit code."""

    def answer(book: Book) -> tuple[list[Found], int]:
        where = asked(book, query, sort)
        rows = answers.contacts(book, where, best_first=best_first)
        found = [Found(row, answers.matches(book, row.path, where.sought)) for row in rows]
        return found, tell_problems(book)

    found, code = session.ask(answer)
    _FACES[form](found, style(session.color))
    return code


def _text(found: list[Found], styled: Callable[..., str]) -> None:
    lines = []
    for row, matches in found:
        head = styled(one_line(who(row.name, row.organization)), bold=True)
        lines.append(f"{head}  {styled(one_line(row.id), dim=True)}")
        lines += [_line(row.path, match, styled) for match in matches[:SHOWN]]
        if len(matches) > SHOWN:
            more = len(matches) - SHOWN
            lines.append(f"  and {more} more line{'s' * (more > 1)}")
    say_lines(lines)
    tell("1 contact" if len(found) == 1 else f"{len(found)} contacts")


def _line(path: str, match: Match, styled: Callable[..., str]) -> str:
    """`  contacts/eva-mala.yaml:9: - {date: …, note: a new e-shop}`, what was looked for in bold."""
    place = f"  {one_line(path)}:{match.line}: "
    room = max(terminal_width() - width_of(place), LEAST_ROOM)
    text = match.text.replace("\t", " ")
    begin = len(text) - len(text.lstrip())
    first = match.spans[0][0] if match.spans else begin
    if width_of(text[begin:]) > room and first - begin > room - room // BEFORE:
        place, room = f"{place}…", room - 1
        begin = min(first - room // BEFORE, len(text.rstrip()) - room)
    shown = cut(text[begin:], room)
    end = begin + len(shown)
    pieces, at = [place], begin
    for start, stop in match.spans:
        start, stop = min(max(start, at), end), min(stop, end)
        pieces += [safe(shown[at - begin : start - begin])]
        pieces += [styled(safe(shown[start - begin : stop - begin]), bold=True)] * (stop > start)
        at = max(at, stop)
    return "".join([*pieces, safe(shown[at - begin :])]).rstrip()


def _plain(found: Found) -> dict[str, object]:
    """The contact and its lines as documented for programs (docs/json.md)."""
    lines = [{"line": match.line, "text": match.text.strip()} for match in found.matches]
    return {**plain(found.row), "matches": lines}


def _json(found: list[Found], styled: Callable[..., str]) -> None:
    say_json([_plain(one) for one in found])


def _jsonl(found: list[Found], styled: Callable[..., str]) -> None:
    for one in found:
        say(to_json(_plain(one)))


def _ids(found: list[Found], styled: Callable[..., str]) -> None:
    say_lines([one_line(one.row.id) for one in found])


_FACES: dict[str, Callable[[list[Found], Callable[..., str]], None]] = {
    "text": _text,
    "table": _text,
    "json": _json,
    "jsonl": _jsonl,
    "ids": _ids,
}
