"""The rows of one file, and writing them into the book's tables."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeAlias

from plaintextcrm.book.seal import sealed

Row: TypeAlias = tuple[Any, ...]

_OF_CONTACT = (
    "texts",
    "contacts",
    "reminders",
    "marks",
    "own",
    "search",
)  # and the entries' tables
_FULL_TEXT = "search"
AT_ONCE = 500  # files


class Rows(NamedTuple):
    """The rows of one file, without the number that the book gives it; `others` by their tables.

    No `contact` without a name.
    """

    path: str
    problems: tuple[Row, ...]
    errors: int
    good: bool = False
    text: str = ""
    contact: Row = ()
    others: Mapping[str, tuple[Row, ...]] = {}


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[None]:
    """One transaction that writes; others wait for it, and see all of it or nothing."""
    with sealed(db):
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


class Writer:
    """Writes rows of many files, those of one table at once. Nothing is sure before `flush`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self._rows: dict[str, list[Row]] = defaultdict(list)
        self._files = 0

    def put_rows(self, file: int, rows: Rows, is_new: bool) -> None:
        """Replace a file's problems; and its contact, unless the book has a better version of it."""
        if not is_new:
            clear_problems(self.db, rows.path)
        self._rows["problems"] += rows.problems
        if rows.contact and (is_new or rows.good or not self._has_good(file)):
            self.put_contact(file, rows, is_new)

    def _has_good(self, file: int) -> bool:
        held = self.db.execute("SELECT good FROM contacts WHERE file = ?", (file,)).fetchone()
        return held is not None and bool(held[0])

    def put_contact(self, file: int, rows: Rows, is_new: bool = False) -> None:
        """Replace a file's contact and all that comes from it."""
        if not is_new:
            clear_contact(self.db, file)
        self._rows["contacts"].append((file, *rows.contact))
        for table, others in rows.others.items():
            self._rows[table] += [(file, *row) for row in others]
        self._files += 1
        if self._files >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        for table, rows in self._rows.items():
            if rows:
                into = "search (rowid, name, words)" if table == _FULL_TEXT else f'"{table}"'
                marks = ",".join("?" * len(rows[0]))
                self.db.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)
        self._rows.clear()
        self._files = 0


def put_problems(db: sqlite3.Connection, path: str, problems: Iterable[Row]) -> None:
    """Replace what is wrong in one file."""
    clear_problems(db, path)
    db.executemany("INSERT INTO problems VALUES (?,?,?,?,?,?,?,?,?,?,?)", problems)


def clear_problems(db: sqlite3.Connection, path: str) -> None:
    """Forget what is wrong in one file."""
    db.execute("DELETE FROM problems WHERE path = ? AND origin = 'file'", (path,))


def clear_contact(db: sqlite3.Connection, file: int) -> None:
    """Take a contact out of the book, not its file and problems."""
    entries = db.execute('SELECT DISTINCT "table" FROM catalog').fetchall()
    for table in {*_OF_CONTACT, *(name for (name,) in entries)}:
        key = "rowid" if table == _FULL_TEXT else "file"
        db.execute(f'DELETE FROM "{table}" WHERE {key} = ?', (file,))


def forget_file(db: sqlite3.Connection, file: int, path: str) -> None:
    """Take a file that is gone out of the book."""
    clear_contact(db, file)
    db.execute("DELETE FROM files WHERE file = ?", (file,))
    clear_problems(db, path)
