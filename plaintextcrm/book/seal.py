"""The seal on the cache: what its file looked like when one of us wrote into it last.

SQLite does not notice a byte that is wrong inside a text, and to read the whole file takes longer
than any answer. So whoever of us writes into it notes its size, time and number in a small file
beside it, and whoever opens it compares them: what somebody else wrote is damage. (What goes bad
on the disk itself, without a write, changes none of these, and is not seen.)

Two locks keep our own processes apart. `door` is held while one opens, closes or discards the file:
who closes it last moves the write-ahead log into it. The seal itself is held by the one that writes.
"""

import fcntl
import os
import sqlite3
import struct
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import NamedTuple

PATIENCE = 30.0  # seconds to wait for another process that is filling the book
SIDE_FILES = ("-wal", "-shm", "-journal")
_FILE = struct.Struct("<3Q")  # number, size, time
_NOTHING = bytes(_FILE.size)
_WHOLE, _BEGUN = b"s", b"w"


class Damaged(sqlite3.DatabaseError):
    """Somebody else wrote into the cache."""


class Busy(sqlite3.OperationalError):
    """Another process has held the cache for too long."""

    sqlite_errorname = "SQLITE_BUSY"


class Cache(sqlite3.Connection):
    """A connection to the book's database; in memory it has no seal."""

    seal: "Seal | None" = None

    def close(self) -> None:
        """Let go of the database; a second time does nothing."""
        seal, self.seal = self.seal, None
        if seal is None:
            super().close()
            return
        try:
            with suppress(OSError, Busy), seal.closing():
                super().close()
        finally:
            super().close()
            seal.let_go()


class Seal:
    """The seal of one database and its locks, as one connection holds them. Raises OSError."""

    def __init__(self, database: Path) -> None:
        self.database = str(database)
        self._door = _file(f"{database}-door")
        self._seal = _file(f"{database}-seal")
        self._writing = False
        self._number = 0

    def let_go(self) -> None:
        """Close the files of the locks."""
        for descriptor in (self._door, self._seal):
            with suppress(OSError):
                os.close(descriptor)

    @contextmanager
    def opening(self) -> Iterator[None]:
        """The time in which the file is opened: a damaged one is gone before, and it is sealed after."""
        with _held(self._door), self._unless_others_write() as alone:
            if alone and not self._sound():
                discard(Path(self.database))
            os.close(os.open(self.database, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            self._number = Path(self.database).stat().st_ino
            yield
            if alone:
                self._press(_WHOLE)

    @contextmanager
    def closing(self) -> Iterator[None]:
        """The time in which the connection is closed.

        While another one writes, it is connected, and not ours is the last.
        """
        with _held(self._door), self._unless_others_write() as alone:
            whole = alone and self._sound()
            yield
            if whole:
                self._press(_WHOLE)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """The time in which this connection writes, and no other. Raises Damaged or Busy."""
        if self._writing:
            yield
            return
        with _held(self._seal):
            if self._is_ours(self._facts()) and not self._sound():
                raise Damaged("somebody else wrote into it")
            self._press(_BEGUN)
            self._writing = True
            try:
                yield
            finally:
                self._writing = False
                self._press(_WHOLE)

    @contextmanager
    def _unless_others_write(self) -> Iterator[bool]:
        """False while another process writes."""
        try:
            fcntl.flock(self._seal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        self._writing = True
        try:
            yield True
        finally:
            self._writing = False
            fcntl.flock(self._seal, fcntl.LOCK_UN)

    def _sound(self) -> bool:
        """True for a file that is as one of us left it.

        One who was killed while he wrote left a log that SQLite tests, frame by frame. What it takes
        from that is whole as long as nothing of this log was moved into the file yet.
        """
        held, facts = self._read(), self._facts()
        return held.facts == facts or (held.state == _BEGUN and held.base == facts[: _FILE.size])

    def _facts(self) -> bytes:
        return _look(self.database) + _look(f"{self.database}-wal")

    def _is_ours(self, facts: bytes) -> bool:
        """False where another process has put a new file in the place of the one that we hold."""
        return facts[:8] == self._number.to_bytes(8, "little")

    def _read(self) -> "_Held":
        data = os.pread(self._seal, 1 + 3 * _FILE.size, 0)
        return _Held(data[:1], data[1 : 1 + 2 * _FILE.size], data[1 + 2 * _FILE.size :])

    def _press(self, state: bytes) -> None:
        """Note how the file looks now. What cannot be noted is found damaged next time."""
        facts, held = self._facts(), self._read()
        file, log = facts[: _FILE.size], facts[_FILE.size :]
        new = _Held(state, facts, file if log == _NOTHING else held.base)
        if self._is_ours(facts) and new != held:
            with suppress(OSError):
                os.pwrite(self._seal, b"".join(new), 0)


class _Held(NamedTuple):
    """What a seal says: whether somebody began to write, how the file and its log looked, and how
    the file looked when the log was empty.
    """

    state: bytes
    facts: bytes
    base: bytes


def discard(database: Path) -> None:
    """Delete a database and its side files: it is only a cache. The door is held."""
    for ending in (*SIDE_FILES, ""):
        with suppress(OSError):
            Path(f"{database}{ending}").unlink()


def forget(database: Path) -> None:
    """Delete a database that is found to be damaged, while nobody opens it."""
    with suppress(OSError, Busy):
        door = _file(f"{database}-door")
        try:
            with _held(door):
                discard(database)
        finally:
            os.close(door)


def _file(path: str) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def _look(path: str) -> bytes:
    """What changes when somebody writes into a file; one that is empty is as good as none."""
    try:
        status = Path(path).stat()
    except OSError:
        return _NOTHING
    if not status.st_size and path.endswith("-wal"):
        return _NOTHING
    return _FILE.pack(status.st_ino, status.st_size, status.st_mtime_ns & (2**64 - 1))


@contextmanager
def _held(descriptor: int) -> Iterator[None]:
    """Hold a lock. A process that was forked meanwhile shares it: it is let go of by name."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Busy("another process holds it") from None
            time.sleep(0.005)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def sealed(db: sqlite3.Connection) -> AbstractContextManager[None]:
    """The time in which a connection writes; see `Seal.writing`."""
    seal = db.seal if isinstance(db, Cache) else None
    return seal.writing() if seal else nullcontext()
