"""The book: open it, bring it up to date, and then ask it (`book/answers.py`)."""

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from plaintextcrm.book.look import (
    Change,
    Look,
    facts_of,
    follows,
    held_settings,
    holds_on,
    look,
    version_of,
)
from plaintextcrm.book.schema import TABLES, VERSION
from plaintextcrm.model.settings import Settings
from plaintextcrm.store.cache import make_private
from plaintextcrm.text.fold import fold

PATIENCE = 30.0  # seconds to wait for another process that is filling the book
ATTEMPTS = 5


class Book:
    """All contacts of one folder. `database` is where the cache lies; None keeps it in memory.

    `elsewhere` tells the paths of contacts that are not in the folder and yet exist: a checkout of a
    part of a repository leaves them out. It is asked only where one is missed.
    """

    def __init__(
        self,
        folder: Path,
        database: Path | None,
        elsewhere: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self.folder = folder
        self.elsewhere = elsewhere
        self.settings = Settings()
        self.today = date.min
        self.folders: tuple[Path, ...] = ()
        self.change = Change()
        self.db = _open(database)
        self.db.create_function("fold", 1, fold, deterministic=True)
        self.db.create_function("digits", 1, _digits, deterministic=True)
        self.db.create_function("elsewhere", 0, lambda: "\n".join(self.elsewhere()))

    @property
    def in_memory(self) -> bool:
        """True where the cache cannot be used: closed, this book is forgotten."""
        return not self.db.execute("PRAGMA database_list").fetchone()[2]

    def close(self) -> None:
        """Let go of the database."""
        self.db.close()

    def refresh(
        self,
        day: Callable[[Settings], date],
        now: int,
        given_up: frozenset[str] | None = None,
    ) -> Change:
        """Bring the book up to date with the folder.

        `day` tells which day it is by the settings; `now` is in nanoseconds since 1970; `given_up`:
        see `look.Look`. What is asked afterwards sees one state of the folder, whatever other
        processes do. Raises FolderUnreadable.
        """
        self.leave()
        version = version_of(self.db)
        at = look(self.folder, now, given_up, version)
        self.folders = (self.folder, *(self.folder / path for path in at.seen.folders))
        self.db.execute("BEGIN")
        facts = facts_of(self.db)
        settings = held_settings(facts, at)
        if settings is not None:
            self.settings = settings
            self.today = day(settings)
            if follows(facts, at) and holds_on(self.db, facts, self.today):
                self.change = Change()
                return self.change
        self.leave()
        self.change = self._bring(at, settings, day)
        return self.change

    def _bring(
        self, at: Look, settings: Settings | None, day: Callable[[Settings], date]
    ) -> Change:
        """Read what changed, and begin to read a book in which all holds on this day."""
        from plaintextcrm.book.refresh import bring, renew_settings

        self.settings, change = (settings, False) if settings else renew_settings(self.db, at)
        self.today = day(self.settings)
        for _attempt in range(ATTEMPTS):
            self.leave()
            found = bring(self.db, at, self.settings, self.today)
            self.db.execute("BEGIN")
            # else another process asked for another day meanwhile
            if holds_on(self.db, facts_of(self.db), self.today):
                break
        return found._replace(settings=change)

    def leave(self) -> None:
        """End the transaction in which answers were read."""
        if self.db.in_transaction:
            self.db.execute("COMMIT")


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _open(database: Path | None) -> sqlite3.Connection:
    """The database, with its tables; in memory where the file cannot be used."""
    if database is not None:
        with suppress(OSError):
            return _open_file(database)
    return _prepared(sqlite3.connect(":memory:", isolation_level=None))


def _open_file(database: Path) -> sqlite3.Connection:
    """Raises OSError where the file cannot be made or written."""
    make_private(database.parent)
    try:
        return _connected(database)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise OSError(str(error)) from error
    discard(database)
    try:
        return _connected(database)
    except sqlite3.DatabaseError as again:
        raise OSError(str(again)) from again


def _connected(database: Path) -> sqlite3.Connection:
    os.close(os.open(database, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    db = sqlite3.connect(database, timeout=PATIENCE, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        return _prepared(db)
    except BaseException:
        db.close()
        raise


def _prepared(db: sqlite3.Connection) -> sqlite3.Connection:
    """The database with the tables of this version; those of another one are dropped."""
    if _version(db) == VERSION:
        return db
    db.execute("BEGIN IMMEDIATE")
    if _version(db) != VERSION:  # another process may have been quicker
        _make_tables(db)
        db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("COMMIT")
    return db


def _make_tables(db: sqlite3.Connection) -> None:
    from plaintextcrm.book.layout import create_tables

    # A virtual table drops its own shadow tables: it goes first.
    names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY sql NOT LIKE"
                       " 'CREATE VIRTUAL%'").fetchall()  # fmt: skip
    for (name,) in names:
        quoted = name.replace('"', '""')
        db.execute(f'DROP TABLE IF EXISTS "{quoted}"')
    for statement in (*create_tables(), *TABLES.split(";")):
        db.execute(statement)


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def is_damage(error: sqlite3.Error) -> bool:
    """True for an error that a new database mends; the others come from the disk or from waiting."""
    name = str(getattr(error, "sqlite_errorname", ""))
    return not name.startswith(
        ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY",
         "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_NOMEM")
    )  # fmt: skip


def discard(database: Path) -> None:
    """Delete a database and its side files: it is only a cache."""
    for ending in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            Path(f"{database}{ending}").unlink()
