"""`list`: contacts as a table, or for programs."""

from collections.abc import Callable

import click

from plaintextcrm.book import answers
from plaintextcrm.book.answers import ContactRow
from plaintextcrm.book.book import Book
from plaintextcrm.cli.asking import asked
from plaintextcrm.cli.completion import complete_query
from plaintextcrm.cli.output import (
    UNBOUNDED,
    one_line,
    say,
    say_json,
    say_table,
    style,
    tell,
    terminal_width,
    to_json,
    width_of,
)
from plaintextcrm.cli.session import Session, session, tell_problems
from plaintextcrm.cli.spoken import spoken_command

COLUMNS: dict[str, Callable[[ContactRow], str]] = {
    "id": lambda row: row.id,
    "name": lambda row: row.name,
    "kind": lambda row: row.kind,
    "organization": lambda row: row.organization,
    "status": lambda row: row.status,
    "class": lambda row: row.class_,
    "owner": lambda row: row.owner,
    "tags": lambda row: ", ".join(row.tags),
    "email": lambda row: row.email,
    "phone": lambda row: row.phone,
    "last": lambda row: row.last or "",
    "next": lambda row: row.next or "",
    "visibility": lambda row: "private" if row.private else "public",
    "uid": lambda row: row.uid,
    "path": lambda row: row.path,
}
SHOWN = ["id", "name", "organization", "status", "class", "owner", "last", "next"]
# Without --columns, a narrow terminal drops these, in this order, rather than cut them all.
DROPPED = ("class", "owner", "organization", "status", "last")
GIVE = ("name", "organization", "tags", "email", "phone", "path")  # cut before the others
READABLE = 16
FORMATS = ("table", "json", "jsonl", "csv", "tsv", "ids")


@spoken_command(epilog='Example: plaintextcrm list tag:client status:lead "new e-shop" --sort next')
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--sort", metavar="FIELD", default="", help="By a field; -FIELD: largest first.")
@click.option("--columns", metavar="A,B,…", help="Which ones, in which order; see below.")
@click.option("--matches", is_flag=True, help="With the lines in which the words of QUERY stand.")
@session
def command(
    session: Session,
    query: tuple[str, ...],
    form: str,
    sort: str,
    columns: str | None,
    matches: bool,
) -> None:
    """List the contacts that QUERY finds; all of them without one.

    Words are looked for in all text, without case and diacritics; `field:value`, `field=value` and
    `field<value` look there only. What stands side by side must all be true: `plaintextcrm help
    query` tells the rest.

    Columns are id, name, kind, organization, status, class, owner, tags, email, phone, last, next,
    visibility, uid, path.
    """
    names = [_known(name.strip()) for name in columns.split(",")] if columns else []
    if matches:
        if names or form in ("csv", "tsv"):
            other = "--columns" if names else f"--format {form}"
            raise click.UsageError(f"--matches shows lines, which have no place in {other}.")
        from plaintextcrm.cli.find import show_matches

        click.get_current_context().exit(show_matches(session, query, sort, form))

    def answer(book: Book) -> tuple[list[ContactRow], int]:
        return answers.contacts(book, asked(book, query, sort)), tell_problems(book)

    rows, code = session.ask(answer)
    _FACES[form](rows, names, session)
    click.get_current_context().exit(code)


def _known(name: str) -> str:
    if name not in COLUMNS:
        from plaintextcrm.text.suggest import did_you_mean

        hint = did_you_mean(name, COLUMNS) or f"there are {', '.join(COLUMNS)}"
        raise click.UsageError(f"There is no column {name!r}: {hint}")
    return name


def plain(row: ContactRow) -> dict[str, object]:
    """The contact as documented for programs (docs/json.md)."""
    return {
        "id": row.id,
        "name": row.name,
        "kind": row.kind,
        "organization": row.organization,
        "status": row.status,
        "class": row.class_,
        "owner": row.owner,
        "tags": list(row.tags),
        "email": row.email,
        "phone": row.phone,
        "last": row.last,
        "next": row.next,
        "visibility": "private" if row.private else "public",
        "uid": row.uid,
        "path": row.path,
    }


def _table(rows: list[ContactRow], names: list[str], session: Session) -> None:
    if rows:
        shown = names or _readable(rows)
        cells = [[COLUMNS[name](row) for name in shown] for row in rows]
        give = [name in GIVE for name in shown]
        say_table([name.upper() for name in shown], cells, style(session.color), give)
    tell("1 contact" if len(rows) == 1 else f"{len(rows)} contacts")


def _readable(rows: list[ContactRow]) -> list[str]:
    """The usual columns in which anybody has anything, as many as the terminal has room for."""
    used = [name for name in SHOWN if name == "name" or any(map(COLUMNS[name], rows))]
    if terminal_width() == UNBOUNDED:
        return used
    widths = {
        name: max(len(name), *(width_of(one_line(COLUMNS[name](row))) for row in rows))
        for name in used
    }
    for name in DROPPED:
        need = sum(min(widths[n], READABLE) if n in GIVE else widths[n] for n in widths)
        if need + 2 * (len(widths) - 1) <= terminal_width():
            break
        widths.pop(name, None)
    return list(widths)


def _json(rows: list[ContactRow], names: list[str], session: Session) -> None:
    say_json([plain(row) for row in rows])


def _jsonl(rows: list[ContactRow], names: list[str], session: Session) -> None:
    for row in rows:
        say(to_json(plain(row)))


def _ids(rows: list[ContactRow], names: list[str], session: Session) -> None:
    for row in rows:
        say(one_line(row.id))


def _separated(form: str) -> Callable[[list[ContactRow], list[str], Session], None]:
    def face(rows: list[ContactRow], names: list[str], session: Session) -> None:
        from plaintextcrm.cli.separated import separated  # most lists are tables

        chosen = names or SHOWN
        cells = ([COLUMNS[name](row) for name in chosen] for row in rows)
        say(separated([chosen, *cells], form))

    return face


_FACES = {
    "table": _table,
    "json": _json,
    "jsonl": _jsonl,
    "csv": _separated("csv"),
    "tsv": _separated("tsv"),
    "ids": _ids,
}
