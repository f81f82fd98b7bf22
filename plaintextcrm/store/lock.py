"""One writer at a time: a lock on a file of its own, never on the data."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from plaintextcrm.model.errors import Locked, NoLock
from plaintextcrm.store.cache import make_private

PATIENCE = 5.0  # seconds


@contextmanager
def locked(path: Path, doing: str, times: int = 1) -> Iterator[None]:
    """Hold the lock file at `path` while the block runs; `doing` tells others what we are at.

    The kernel lets go of it when a process dies. Raises Locked after five seconds, or so many `times`
    that where others hold it for longer; or NoLock.
    """
    try:
        descriptor = _open(path)
    except OSError as error:
        raise NoLock(str(path), error.strerror or str(error)) from error
    try:
        _wait(descriptor, path, PATIENCE * times)
        with suppress(OSError):  # on a full disk the lock holds without a name
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{doing}, process {os.getpid()}".encode(errors="replace"), 0)
        yield
    finally:
        with suppress(OSError):  # the lock is gone all the same
            os.close(descriptor)


def _open(path: Path) -> int:
    """The lock file; where its folder cannot be used, one of that name among the temporary files."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        make_private(path.parent)
        return os.open(path, flags, 0o600)
    except OSError:
        spare = Path(tempfile.gettempdir()) / f"plaintextcrm-{os.getuid()}-{path.name}"
        return os.open(spare, flags, 0o600)


def _wait(descriptor: int, path: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                holder = os.pread(descriptor, 200, 0).decode(errors="replace")
                raise Locked(holder or "unknown") from None
            time.sleep(0.005)
        except OSError as error:
            raise NoLock(str(path), error.strerror or str(error)) from error
