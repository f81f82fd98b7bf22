"""`sql`: what the query language cannot say, asked of documented views."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from math import isfinite

import click

from plaintextcrm.book.book import Book, is_damage
from plaintextcrm.book.sql import Asking, open_views
from plaintextcrm.cli.output import say, say_lines, say_table, style, tell, to_json, wrapped
from plaintextcrm.cli.separated import separated
from plaintextcrm.cli.session import Session, session, tell_problems
from plaintextcrm.model.errors import BadSql, CrmError

AT_ONCE = 1000  # rows that are read before they are printed
FORMATS = ("table", "json", "jsonl", "csv", "tsv")
_RUNS_NOTHING = ("select", "with", "values", "explain", "")

Row = Sequence[object]


@click.command(
    epilog="Example: plaintextcrm sql 'SELECT tag, count(*) AS people FROM tags GROUP BY tag'"
)
@click.argument("query", nargs=-1, metavar="[SELECT …]")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@session
def command(session: Session, query: tuple[str, ...], form: str) -> None:
    """Ask in SQL (that of SQLite), for what `list` cannot say. Nothing can be changed.

    Put the question in quotes, or write `-` and send it on stdin. Without one, the views and their
    columns are listed; docs/sql.md has them with useful questions.
    """

    def answer(book: Book) -> tuple[Asking, int]:
        return open_views(book), tell_problems(book)

    text = _read(query)
    asking, code = session.ask(answer)
    try:
        if text.strip():
            heads, rows = _ask(session, asking, text)
            _FACES[form](heads, rows, session)
        else:
            _describe(asking, form, session)
    finally:
        asking.db.close()
    click.get_current_context().exit(code)


def _read(words: tuple[str, ...]) -> str:
    """The question. Raises a usage error for what is no text."""
    if words == ("-",):
        from plaintextcrm.cli.adding import stdin_text

        words = (stdin_text(),)
    text = " ".join(words)
    if "\0" in text:
        raise click.UsageError("The question holds a zero byte, which ends it for SQLite.")
    return text


def _ask(session: Session, asking: Asking, query: str) -> tuple[list[str], Iterator[Row]]:
    """The names of the columns, and the rows as they are found. Raises BadQuery or BadSql."""
    from plaintextcrm.book.slips import READS

    first = query.split(maxsplit=1)[0].casefold().rstrip(";(")
    if first.isalpha() and first not in _RUNS_NOTHING:
        raise BadSql(READS)
    cursor = asking.db.cursor()
    with _Told(session, asking, query):
        cursor.execute(query)
    heads = [column[0] for column in cursor.description or ()]

    def rows() -> Iterator[Row]:
        while True:
            with _Told(session, asking, query):
                found = cursor.fetchmany(AT_ONCE)
            if not found:
                return
            yield from found

    return heads, rows()


class _Told:
    """Within it, what SQLite complains of is told as a person should read it."""

    def __init__(self, session: Session, asking: Asking, query: str) -> None:
        self.session = session
        self.asking = asking
        self.query = query

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (sqlite3.Error, sqlite3.Warning)):
            raise self._told(error) from error

    def _told(self, error: Exception) -> BaseException:
        from plaintextcrm.book.slips import slip

        name = str(getattr(error, "sqlite_errorname", ""))
        if name.startswith("SQLITE_INTERRUPT"):
            return KeyboardInterrupt()
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            from plaintextcrm.book.seal import forget

            forget(self.session.database())
            return CrmError("The cache was damaged, and is thrown away. Ask again.")
        if isinstance(error, sqlite3.DatabaseError) and not is_damage(error):
            return CrmError(f"The cache cannot be read: {error}. Ask again.")
        return slip(self.asking, self.query, error)


def _describe(asking: Asking, form: str, session: Session) -> None:
    """Every view and column."""
    heads = ["view", "column", "type", "meaning"]
    if form != "table":
        rows = ((v.name, c.name, c.type, c.meaning) for v in asking.views for c in v.columns)
        _FACES[form](heads, iter(rows), session)
        return
    styled = style(session.color)
    for view in asking.views:
        say_lines([styled(view.name, bold=True) + f": {view.meaning}"])
        say_lines([f"  {wrapped(', '.join(column.name for column in view.columns), 2)}"])
    tell("What a column means: docs/sql.md, or --format json.")


def _table(heads: list[str], rows: Iterator[Row], session: Session) -> None:
    count = 0
    widths: list[int] = []
    while found := list(islice(rows, AT_ONCE)):
        cells = [[_text(value) for value in row] for row in found]
        give = [any(isinstance(row[n], str) for row in found) for n in range(len(heads))]
        widths = say_table(heads, cells, style(session.color), give, widths)
        count += len(found)
    tell("1 row" if count == 1 else f"{count} rows")


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.hex() if isinstance(value, bytes) else str(value)


def _plain(value: object) -> object:
    """The value as JSON can have it."""
    odd = isinstance(value, bytes) or (isinstance(value, float) and not isfinite(value))
    return _text(value) if odd else value


def _objects(heads: list[str], rows: Iterator[Row]) -> Iterator[dict[str, object]]:
    """The rows as mappings; of columns with the same name, the later ones are numbered."""
    names: list[str] = []
    for head in heads:
        again = sum(1 for name in heads[: len(names)] if name == head)
        names.append(f"{head}:{again}" if again else head)
    for row in rows:
        yield dict(zip(names, map(_plain, row), strict=True))


def _json(heads: list[str], rows: Iterator[Row], session: Session) -> None:
    """A list that is printed as it is found."""
    before = ""
    for row in _objects(heads, rows):
        say(f"{before}," if before else "[")
        before = "  " + to_json(row, indent=2).replace("\n", "\n  ")
    say(f"{before}\n]" if before else "[]")


def _jsonl(heads: list[str], rows: Iterator[Row], session: Session) -> None:
    for row in _objects(heads, rows):
        say(to_json(row))


def _separated(form: str) -> Callable[[list[str], Iterator[Row], Session], None]:
    def face(heads: list[str], rows: Iterator[Row], session: Session) -> None:
        say(separated([heads], form))
        while found := list(islice(rows, AT_ONCE)):
            cells = [[_text(v) if isinstance(v, bytes) else v for v in row] for row in found]
            say(separated(cells, form))

    return face


_FACES = {
    "table": _table,
    "json": _json,
    "jsonl": _jsonl,
    "csv": _separated("csv"),
    "tsv": _separated("tsv"),
}
