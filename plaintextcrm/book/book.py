"""The book: open it, bring it up to date, and then ask it (`book/answers.py`)."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
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
    shows,
    version_of,
)
from plaintextcrm.book.schema import TABLES, VERSION
from plaintextcrm.book.seal import PATIENCE, Cache, Seal, forget, sealed
from plaintextcrm.model.settings import CheckQuery, Settings
from plaintextcrm.store.cache import make_private
from plaintextcrm.store.folder import sweep_settings
from plaintextcrm.text.fold import fold


class Book:
    """All contacts of one folder. `database` is where the cache lies; None keeps it in memory.

    `check_query` tells what is wrong with a query of the settings: the language is above this floor.
    `elsewhere` tells the paths of contacts that are not in the folder and yet exist: a checkout of a
    part of a repository leaves them out. It is asked only where one is missed.
    """

    def __init__(
        self,
        folder: Path,
        database: Path | None,
        check_query: CheckQuery | None = None,
        elsewhere: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self.folder = folder
        self.check_query = check_query
        self.elsewhere = elsewhere
        self.settings = Settings()
        self.today = date.min
        self.change = Change()
        self.database = database
        self.memos: dict[bytes, str] = {}  # new ones, which a look at the same moment does not see
        self.folders: tuple[Path, ...] = ()
        self._stamp = b""
        self.db = _open(database)
        self.db.create_function("fold", 1, fold, deterministic=True)
        self.db.create_function("digits", 1, _digits, deterministic=True)
        self.db.create_function("elsewhere", 0, lambda: "\n".join(self.elsewhere()))
        self.db.create_function("stands_in", 2, _stands_in, deterministic=True)

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
        told: Callable[[], bytes] | None = None,
    ) -> Change:
        """Bring the book up to date with the folder.

        `day` tells which day it is by the settings; `now` is in nanoseconds since 1970; `given_up`:
        see `look.Look`. `told` may know from somebody who watches the folder the stamp of what is in
        it now; then nobody looks. What is asked afterwards sees one state of the folder, whatever
        other processes do. Raises FolderUnreadable.
        """
        self.leave()
        self.change = Change()
        if told and self._believes(told(), day):
            return self.change
        version = version_of(self.db)
        at = look(self.folder, now, given_up, version)
        self._note(at)
        self.db.execute("BEGIN")
        facts = facts_of(self.db)
        settings = held_settings(facts, at)
        if settings is not None:
            self.settings = settings
            self.today = day(settings)
            if follows(facts, at) and holds_on(self.db, facts, self.today):
                return self.change
        self.leave()
        self.change = self._bring(at, settings, day)
        return self.change

    def _believes(self, stamp: bytes, day: Callable[[Settings], date]) -> bool:
        """Begin to read, where the book shows the folder of this stamp and all holds on this day."""
        if not stamp:
            return False
        self.db.execute("BEGIN")  # after we were told: what is read now is not older
        facts = facts_of(self.db)
        settings = None
        if shows(facts, stamp):
            settings = held_settings(facts, Look(self.folder, sweep_settings(self.folder), 0))
        if settings is not None:
            self.settings, self.today = settings, day(settings)
            if holds_on(self.db, facts, self.today):
                return True
        self.leave()
        return False

    def _bring(
        self, at: Look, settings: Settings | None, day: Callable[[Settings], date]
    ) -> Change:
        """Read what changed, and begin to read a book in which all holds on this day."""
        from plaintextcrm.book.refresh import bring, renew_settings

        held = (settings, False) if settings else renew_settings(self.db, at, self.check_query)
        self.settings, change = held
        self.today = day(self.settings)
        with sealed(self.db):  # else another process could ask for another day before we look
            found, at = bring(self.db, at, self.settings, self.today)
            self.db.execute("BEGIN")
            facts_of(self.db)
        self._note(at)
        return found._replace(settings=change)

    def _note(self, at: Look) -> None:
        self.folders = (self.folder, *(self.folder / path for path in at.seen.folders))
        self._stamp = b"" if at.seen.elsewhere else at.seen.stamp()

    @property
    def stamp(self) -> bytes:
        """What `refresh` may be told as long as nothing happens in the `folders` that the last look
        saw; empty where something may change in them from elsewhere.
        """
        return self._stamp if shows(facts_of(self.db), self._stamp) else b""

    @contextmanager
    def beside(self) -> Iterator[sqlite3.Connection]:
        """A connection to write with, while the book goes on to see what it sees.

        Other processes may have brought the cache to another day meanwhile.
        """
        if self.database is None or self.in_memory:
            self.leave()
            yield self.db
            self.db.execute("BEGIN")
            return
        with closing(_connected(self.database)) as db:
            yield db

    def leave(self) -> None:
        """End the transaction in which answers were read."""
        if self.db.in_transaction:
            self.db.execute("COMMIT")


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _stands_in(wanted: str, text: str) -> bool:
    """True where `wanted` stands in the text, at the beginning of a word if it begins with one."""
    at = text.find(wanted)
    while at > 0 and wanted[0].isalnum() and text[at - 1].isalnum():
        at = text.find(wanted, at + 1)
    return at >= 0


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
    forget(database)
    try:
        return _connected(database)
    except sqlite3.DatabaseError as again:
        raise OSError(str(again)) from again


def _connected(database: Path) -> sqlite3.Connection:
    seal = Seal(database)
    try:
        with seal.opening():
            return _sealed(database, seal)
    except BaseException:
        seal.let_go()
        raise


def _sealed(database: Path, seal: Seal) -> sqlite3.Connection:
    db = sqlite3.connect(database, timeout=PATIENCE, isolation_level=None, factory=Cache)
    try:
        db.seal = seal
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        return _prepared(db)
    except BaseException:
        db.seal = None
        db.close()
        raise


def _prepared(db: sqlite3.Connection) -> sqlite3.Connection:
    """The database with the tables of this version; those of another one are dropped."""
    if _version(db) != VERSION:
        from plaintextcrm.book.tables import writing

        with writing(db):
            if _version(db) != VERSION:  # another process may have been quicker
                _make_tables(db)
                db.execute(f"PRAGMA user_version = {VERSION}")
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
