"""One writer at a time: a lock on a file of its own, never on the data."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plaintextcrm.model.errors import Locked

PATIENCE = 5.0  # seconds


@contextmanager
def locked(path: Path, doing: str) -> Iterator[None]:
    """Hold the lock file at `path` while the block runs; `doing` tells others what we are at.

    The kernel lets go of it when a process dies. Raises Locked after five seconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _wait(descriptor)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{doing}, process {os.getpid()}".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                holder = os.pread(descriptor, 200, 0).decode(errors="replace")
                raise Locked(holder or "unknown") from None
            time.sleep(0.02)
