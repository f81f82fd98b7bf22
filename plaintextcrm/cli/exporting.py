"""What all exports of contacts share: who is in them, the file they go to, what is told at the end."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click

from plaintextcrm.book import answers
from plaintextcrm.book.answers import ContactRow
from plaintextcrm.book.book import Book
from plaintextcrm.cli.asking import asked
from plaintextcrm.cli.completion import complete_query
from plaintextcrm.cli.output import say_bytes, tell
from plaintextcrm.model.errors import NotWritten
from plaintextcrm.store.folder import CONTACTS, SETTINGS
from plaintextcrm.store.write import replace_by_pieces


class Chosen(NamedTuple):
    """The contacts that go out, and how many private ones stay."""

    rows: tuple[ContactRow, ...]
    hidden: int


def contacts_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The QUERY and the file of an export; without a query everybody goes out."""
    output = click.option(
        "-o", "--output", metavar="FILE", help="Into this file; else to stdout, as with `-o -`."
    )
    query = click.argument("query", nargs=-1, metavar="[QUERY…]", shell_complete=complete_query)
    return query(output(function))


def chosen(book: Book, query: Sequence[str]) -> Chosen:
    """Whom the query finds, but for private ones: they never go out. Raises BadQuery."""
    rows = answers.contacts(book, asked(book, query))
    kept = tuple(row for row in rows if not row.private)
    return Chosen(kept, len(rows) - len(kept))


def put(book: Path, output: str | None, pieces: Iterable[bytes], chosen: Chosen) -> None:
    """Write the export as it is made, or print it; what is there already is replaced whole.

    Raises NotWritten.
    """
    number = f"{len(chosen.rows)} contact{'s' * (len(chosen.rows) != 1)}"
    hidden = f", {chosen.hidden} private left out" if chosen.hidden else ""
    if output is None or output == "-":
        for piece in pieces:
            say_bytes(piece)
        if chosen.hidden:
            tell(f"{number}{hidden}.")
        return
    replace_by_pieces(_target(book, output), pieces)
    tell(f"{output}: {number}{hidden}.")


def _target(book: Path, output: str) -> Path:
    try:
        target = Path(output).expanduser().resolve()
    except (OSError, RuntimeError) as error:
        raise NotWritten(output, str(error)) from error
    if target.is_relative_to((book / CONTACTS).resolve()) or target == book / SETTINGS:
        raise NotWritten(str(target), f"an export lies outside `{CONTACTS}`")
    return target
