"""Where each field lies in the book's tables: what queries need to know of the field table.

It is kept in the book itself, so that to ask a question nobody has to read the field table.
"""

import sqlite3
from typing import NamedTuple

from plaintextcrm.model.settings import Settings

CONTACTS, OWN = "contacts", "own"
ENTRIES = "entries"  # the form of a whole list of entries


class Column(NamedTuple):
    """Where a field lies. `name` is what queries call it: `birthday`, `deals.value`.

    `cells` are its columns in `table`; `form` says what they hold: `text`, `choice` and `list` are
    blank (`''`, `[]`) where nothing is written, all others NULL. `list` is JSON; `date` is an ISO
    day; `span` is the text and its first and last day; `yearly` is `1986-12-24` or `--12-24`; `money`
    is amount and currency; `duration` is its text and its usual length in days. `options` are the
    words of a choice. `entries` is a list of entries as a whole, with the cell that stands for one,
    if any does. `own` is set for a field that is found by its name among the rows of `own`.
    """

    name: str
    table: str
    form: str
    cells: tuple[str, ...]
    meaning: str = ""
    options: tuple[str, ...] = ()
    own: str = ""


def put_catalog(db: sqlite3.Connection, settings: Settings) -> None:
    """Say where each field lies that these settings allow."""
    from plaintextcrm.book.layout import columns

    db.execute("DELETE FROM catalog")
    rows = (
        (one.name, one.table, one.form, "\n".join(one.cells), one.meaning, "\n".join(one.options), one.own)
        for one in columns(settings)
    )  # fmt: skip
    db.executemany("INSERT INTO catalog VALUES (?,?,?,?,?,?,?)", rows)


def load_catalog(db: sqlite3.Connection) -> dict[str, Column]:
    """Every field by its name, in the order of the field table."""
    return {
        name: Column(name, table, form, tuple(cells.split()), meaning, tuple(options.split("\n")), own)
        for name, table, form, cells, meaning, options, own in db.execute("SELECT * FROM catalog")
    }  # fmt: skip
