"""`watch` as a witness: it tells other commands what a look at the folder would show them.

It is sure where nothing happened in the folders since its own last look began, all of which were
being watched before. Then every file is as it was, even one that had been touched a moment before.
"""

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from plaintextcrm.store.witness import heading
from plaintextcrm.watch.door import Door

if TYPE_CHECKING:
    from plaintextcrm.watch.trace import Covered, Trace


class Witness:
    """Around each look: `begin`, then `vouch` for what it found. `stir` asks for another look.

    On systems that do not note changes before they are done, it is never sure.
    """

    def __init__(self, book: Path, socket: Path, stir: Callable[[], None]) -> None:
        self._trace = _trace(book)
        self._door = Door(socket, self._answer)
        self._stir = stir
        self._lock = Lock()  # questions come in a thread of their own
        self._folders: frozenset[Path] = frozenset()
        self._covered: Covered | None = None
        self._answers = b""
        self._news = True  # since the last look began
        self._stirred = False

    def begin(self) -> None:
        """A look begins: what happens from now on counts, and what was until now it will see."""
        if self._trace is None:
            return
        with self._lock:
            self._look_up()
            self._news = self._stirred = False
            self._covered = self._cover(self._trace)
            if self._covered is None:
                self._answers = b""
        with suppress(OSError):
            self._door.open()

    def _cover(self, trace: "Trace") -> "Covered | None":
        try:
            return trace.cover(self._folders)
        except OSError:  # a folder is gone, or the system allows no more watches
            trace.leave()
            return None

    def vouch(self, stamp: bytes, folders: Iterable[Path]) -> None:
        """The look has shown this, see `Book.stamp`, in these folders."""
        with self._lock:
            self._folders = frozenset(folders)
            self._look_up()
            self._answers = b""
            covered = self._covered
            if stamp and covered and self._folders <= covered.folders and not self._news:
                with suppress(OSError):
                    self._answers = heading(*covered.places) + stamp

    def close(self) -> None:
        """Tell nobody any more."""
        self._door.close()
        with self._lock:
            self._answers = b""
            if self._trace:
                self._trace.close()
            self._trace = None

    def _answer(self) -> bytes:
        with self._lock:
            self._look_up()
            if self._news and not self._stirred:
                self._stirred = True
                self._stir()
            return self._answers

    def _look_up(self) -> None:
        """Take note of what happened."""
        try:
            news = self._trace is None or self._trace.has_news()
        except OSError:
            news = True
        if news:
            self._news, self._answers = True, b""


def _trace(book: Path) -> "Trace | None":
    """The kernel's notes, where it makes such."""
    if sys.platform == "linux":
        with suppress(ImportError, OSError):
            from plaintextcrm.watch.trace import Trace

            return Trace(book)
    return None
