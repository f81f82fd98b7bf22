"""Asking the book in SQL: a connection of its own that can read the views and do nothing else."""

import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.book.seal import PATIENCE
from plaintextcrm.book.views import View, quoted, views
from plaintextcrm.model.agenda import next_time
from plaintextcrm.text.fold import fold

LONGEST = 64 << 20  # bytes of one value: `zeroblob` and the like could ask for all memory
STEPS = 20_000  # of SQLite's machine, between two looks whether Ctrl-C was pressed

# What reads and writes nothing but its arguments.
_HARMLESS = """
abs changes char coalesce concat concat_ws format glob hex ifnull iif instr last_insert_rowid length
like likely likelihood lower ltrim max min nullif octet_length printf quote random randomblob
replace round rtrim sign soundex sqlite_version substr substring total_changes trim typeof unhex
unicode unistr unlikely upper zeroblob
avg count group_concat median percentile string_agg sum total
cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number
date datetime julianday strftime time timediff unixepoch current_date current_time current_timestamp
acos acosh asin asinh atan atan2 atanh ceil ceiling cos cosh degrees exp floor ln log log10 log2
mod pi pow power radians sin sinh sqrt tan tanh trunc
json json_array json_array_length json_error_position json_extract json_group_array
json_group_object json_insert json_object json_patch json_pretty json_quote json_remove
json_replace json_set json_type json_valid -> ->>
fold next_yearly overdue_rule today
"""
FUNCTIONS = frozenset(_HARMLESS.split())
# Tables that are made of their arguments.
_TABLES = frozenset(("json_each", "json_tree"))
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE)


@dataclass(frozen=True, slots=True)
class Asking:
    """A connection that shows the views, and what they are."""

    db: sqlite3.Connection
    views: tuple[View, ...]


def open_views(book: Book) -> Asking:
    """The book as views. Its connection outlives the book's, and nothing can be changed through it."""
    # SQLite tells the authorizer by name which view reads a table, and a table expression may have
    # any name: what reads the tables, and where they are, is called as nobody can guess.
    secret = secrets.token_hex(16)
    db = _attached(book, secret)
    _add_functions(db, book)
    shown = views(answers.catalog(book))
    for view in shown:
        inner = f"{secret}_{view.name}"
        db.execute(view.create(inner, secret))
        db.execute(f"CREATE TEMP VIEW {quoted(view.name)} AS SELECT * FROM temp.{quoted(inner)}")
    for table in _TABLES:  # SQLite makes them when they are first asked for, as it makes a table
        db.execute(f"SELECT 1 FROM {table}('[]')")
    db.execute("PRAGMA query_only = ON")
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    db.text_factory = lambda data: data.decode(errors="replace")
    db.set_progress_handler(lambda: 0, STEPS)  # Python raises KeyboardInterrupt in there
    db.set_authorizer(_guard(db, shown, secret))
    return Asking(db, shown)


def _attached(book: Book, name: str) -> sqlite3.Connection:
    """A connection with the book under this name, to be read only; with a copy of one in memory."""
    file = book.db.execute("PRAGMA database_list").fetchone()[2]
    uri = f"{Path(file).as_uri()}?mode=ro" if file else f"file:{name}?mode=memory&cache=shared"
    db = sqlite3.connect(":memory:", uri=True, isolation_level=None, timeout=PATIENCE)
    with closing(sqlite3.connect(uri, uri=True)) as copy:
        if not file:
            book.leave()
            book.db.backup(copy)
        db.execute(f"ATTACH ? AS {quoted(name)}", (uri,))
    return db


def _add_functions(db: sqlite3.Connection, book: Book) -> None:
    """What the views and queries need beside SQLite's own functions."""
    today, rule = book.today.isoformat(), book.settings.overdue
    db.create_function("today", 0, lambda: today, deterministic=True)
    db.create_function("overdue_rule", 0, lambda: rule, deterministic=True)
    db.create_function("fold", 1, _fold, deterministic=True)
    db.create_function("next_yearly", 3, _next_yearly(book.today), deterministic=True)


def _guard(db: sqlite3.Connection, shown: tuple[View, ...], secret: str) -> Callable[..., int]:
    """What may be done: read the views, and let them read the tables."""
    outer = {view.name.casefold() for view in shown}
    tables = {
        name.casefold()
        for (name,) in db.execute(f"SELECT name FROM {quoted(secret)}.sqlite_master")
    }

    def allow(action: int, one: str | None, two: str | None, of: str | None, by: str | None) -> int:
        if action in _ALLOWED:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION:
            fine = (two or "").casefold() in FUNCTIONS
        elif action == sqlite3.SQLITE_READ:
            # What a view reads; the view itself. A table of which no column is read comes with the
            # schema as it was written, which only our views can, or it is a table expression.
            fine = any((
                (by or "").startswith(secret),
                (one or "").startswith(secret),
                of == secret and not two,
                of is None and not two and not _is_inner(one or "", tables),
                of == "temp" and (one or "").casefold() in outer,
                (one or "").casefold() in _TABLES,
            ))  # fmt: skip
        else:
            fine = False
        return sqlite3.SQLITE_OK if fine else sqlite3.SQLITE_DENY

    return allow


def _is_inner(table: str, tables: set[str]) -> bool:
    """True for a table of the book, and those in which SQLite tells of itself."""
    name = table.casefold()
    return name in tables or name.startswith(("pragma_", "sqlite_", "fts", "dbstat"))


def _fold(text: object) -> str | None:
    """Without case and diacritics, as queries compare."""
    return None if text is None else fold(str(text))


def _next_yearly(today: date) -> Callable[[int, int, int | None], str | None]:
    def find(month: int, day: int, year: int | None) -> str | None:
        first = max(today, date(year or 1, 1, 1))
        last = date(min(first.year + 1, date.max.year), 12, 31)
        found = next_time(month, day, first, last)
        return found.isoformat() if found else None

    return find
