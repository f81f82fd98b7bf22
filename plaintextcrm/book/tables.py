"""The rows of one file, and writing them into the book's tables."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

Row: TypeAlias = tuple[Any, ...]

_OF_CONTACT = ("texts", "contacts", "reminders", "marks", "revenue")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one file, without the number that the book gives it. No `contact` without a name."""

    path: str
    good: bool
    text: str
    contact: Row
    reminders: tuple[Row, ...]
    marks: tuple[Row, ...]
    revenue: tuple[Row, ...]
    problems: tuple[Row, ...]
    errors: int


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[None]:
    """One transaction that writes; others wait for it, and see all of it or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def meta(db: sqlite3.Connection, key: str) -> object:
    """A value that belongs to the whole book, or None."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row and row[0]


def set_meta(db: sqlite3.Connection, key: str, value: object) -> None:
    """Remember a value that belongs to the whole book."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def put_file(
    db: sqlite3.Connection, path: str, signature: bytes, digest: bytes, errors: int | None
) -> int:
    """The file's number, with its signature and digest brought up to date; errors None: as before."""
    row = db.execute(
        "INSERT INTO files (path, signature, digest, errors) VALUES (?1, ?2, ?3, coalesce(?4, 0))"
        " ON CONFLICT (path) DO UPDATE SET signature = ?2, digest = ?3,"
        " errors = coalesce(?4, errors) RETURNING file",
        (path, signature, digest, errors),
    ).fetchone()
    return int(row[0])


def put_rows(db: sqlite3.Connection, file: int, rows: Rows) -> None:
    """Replace a file's problems; and its contact, unless the book has a better version of it."""
    put_problems(db, rows.path, rows.problems)
    if rows.contact:
        held = db.execute("SELECT good FROM contacts WHERE file = ?", (file,)).fetchone()
        if rows.good or held is None or not held[0]:
            put_contact(db, file, rows)


def put_problems(db: sqlite3.Connection, path: str, problems: Iterable[Row]) -> None:
    """Replace what is wrong in one file."""
    db.execute("DELETE FROM problems WHERE path = ? AND origin = 'file'", (path,))
    db.executemany("INSERT INTO problems VALUES (?,?,?,?,?,?,?,?,?,?,?)", problems)


def put_contact(db: sqlite3.Connection, file: int, rows: Rows) -> None:
    """Replace a file's contact and all that comes from it."""
    clear_contact(db, file)
    db.execute("INSERT INTO texts VALUES (?, ?)", (file, rows.text))
    _insert(db, "contacts", ((file, *rows.contact),))
    _insert(db, "reminders", ((None, file, *row) for row in rows.reminders))
    _insert(db, "marks", ((file, *row) for row in rows.marks))
    _insert(db, "revenue", ((file, *row) for row in rows.revenue))


def _insert(db: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    listed = list(rows)
    if listed:
        db.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(listed[0]))})", listed)


def clear_contact(db: sqlite3.Connection, file: int) -> None:
    """Take a contact out of the book, not its file and problems."""
    for table in _OF_CONTACT:
        db.execute(f"DELETE FROM {table} WHERE file = ?", (file,))


def forget_file(db: sqlite3.Connection, file: int, path: str) -> None:
    """Take a file that is gone out of the book."""
    clear_contact(db, file)
    db.execute("DELETE FROM files WHERE file = ?", (file,))
    put_problems(db, path, ())
