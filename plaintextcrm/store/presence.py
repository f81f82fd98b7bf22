"""A file that says that a process is there. It holds a lock on it as long as it lives, so that nobody
takes a dead process for a running one, nor another one that got its number.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from plaintextcrm.store.cache import make_private

_ENDING = ".json"
_LIMIT = 65_536  # bytes; ours are shorter


class Presence(NamedTuple):
    """What a process wrote about itself, and whether it is still there."""

    data: bytes
    alive: bool


class Sign:
    """The file of this process. It is only news for others: where it cannot be written, work goes on."""

    def __init__(self, file: Path, data: bytes) -> None:
        self._file = file
        self._data = data
        self._descriptor = -1

    def keep(self) -> None:
        """Put it there, or put it back where somebody cleared the cache."""
        with suppress(OSError):
            if self._descriptor < 0 or not self._stands():
                self._put()

    def take_away(self) -> None:
        """Remove it."""
        if self._descriptor >= 0:
            with suppress(OSError):
                if self._stands():
                    self._file.unlink()
            os.close(self._descriptor)
            self._descriptor = -1

    def _stands(self) -> bool:
        try:
            return os.path.samestat(self._file.lstat(), os.fstat(self._descriptor))
        except FileNotFoundError:
            return False

    def _put(self) -> None:
        """Whoever sees the file sees it locked, and whole."""
        make_private(self._file.parent)
        begun = self._file.with_suffix(".tmp")
        with suppress(FileNotFoundError):
            begun.unlink()
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        descriptor = os.open(begun, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.write(descriptor, self._data)
            os.replace(begun, self._file)
        except BaseException:
            os.close(descriptor)
            raise
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = descriptor


@contextmanager
def present(folder: Path, name: str, data: bytes) -> Iterator[Sign]:
    """Show others, while the block runs, that this process is there; those that died are forgotten."""
    sign = Sign(folder / f"{name}{_ENDING}", data)
    forget_dead(folder)
    sign.keep()
    try:
        yield sign
    finally:
        sign.take_away()


def presences(folder: Path) -> list[Presence]:
    """Who said in this folder to be there, by name. None where it cannot be read."""
    return [found for file in _files(folder) if (found := _look(file))]


def forget_dead(folder: Path) -> None:
    """Remove what processes left that ended without a word."""
    for file in _files(folder):
        with suppress(OSError):
            _look(file, remove=True)


def _files(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(folder / name for name in os.listdir(folder) if name.endswith(_ENDING))
    return []


def _look(file: Path, remove: bool = False) -> Presence | None:
    """What the file says; None where it is gone. `remove`: if nobody holds it."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        alive = _is_held(descriptor)
        if not alive and not os.path.samestat(file.lstat(), os.fstat(descriptor)):
            return None  # it just went, as it should
        if remove and not alive:
            file.unlink()
        return Presence(os.read(descriptor, _LIMIT), alive)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _is_held(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
