"""A socket in the cache folder at which other commands ask; one process at a time serves it."""

import fcntl
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from plaintextcrm.store.cache import make_private
from plaintextcrm.store.witness import address

WAITING = 64  # questions


class Door:
    """Gives `answer()` to whoever comes, in a thread of its own; an empty one is silence.

    A lock says whose the door is: what is left of a process that was killed is no obstacle.
    """

    def __init__(self, path: Path, answer: Callable[[], bytes]) -> None:
        self._path = path
        self._answer = answer
        self._lock = -1
        self._listening: socket.socket | None = None
        self._serving: threading.Thread | None = None
        self._mark = (0, 0)

    def open(self) -> None:
        """See to it that the door is open, unless it is another's. Raises OSError."""
        if self._serving and self._serving.is_alive() and _mark(self._path) == self._mark:
            return
        self.close()  # somebody deleted the cache
        make_private(self._path.parent)
        try:
            self._take()
        except OSError as error:
            self.close()
            if not isinstance(error, BlockingIOError):
                raise

    def _take(self) -> None:
        """Raises BlockingIOError where another process has it, or another OSError."""
        lock = f"{self._path}.lock"
        self._lock = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._path.unlink(missing_ok=True)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with address(self._path) as name:
                listening.bind(name)
            self._path.chmod(0o600)
            self._mark = _mark(self._path)
            listening.listen(WAITING)
        except OSError:
            listening.close()
            raise
        self._listening = listening
        self._serving = threading.Thread(target=self._serve, args=(listening,), daemon=True)
        self._serving.start()

    def _serve(self, listening: socket.socket) -> None:
        with listening:
            while True:
                try:
                    asked, _ = listening.accept()
                except OSError:  # closed; or no more files may be open, then the next look helps
                    return
                # Who asked may have left: we were stopped.
                with asked, suppress(OSError):
                    if answer := self._answer():
                        asked.send(answer, socket.MSG_DONTWAIT)

    def close(self) -> None:
        """Serve no more."""
        if self._listening:
            if _mark(self._path) == self._mark:
                with suppress(OSError):
                    self._path.unlink()
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)  # ends the waiting in `accept`
            self._listening = None
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _mark(path: Path) -> tuple[int, int]:
    try:
        found = path.lstat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino
