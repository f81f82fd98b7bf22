"""Reading one file as it is, whole, and nothing that is not a file."""

import fcntl
import os
import signal
import stat
import sys
from pathlib import Path

from plaintextcrm.store.folder import signature

LIMIT = (1 << 20) + 1  # one byte more than the reader takes, so that it can tell
PAGE = 4096  # bytes
ATTEMPTS = 5


class NotAFile(OSError):
    """A link, a pipe, a device or a folder where a file should be."""


def read_file(path: Path) -> tuple[bytes, bytes]:
    """The first MiB (and a byte) of a regular file, and its signature at that moment.

    A file that is written while we read is read again: a short read looks like a whole contact.
    Raises NotAFile, FileNotFoundError or another OSError.
    """
    for _attempt in range(ATTEMPTS):
        data, before, after = _read_once(path)
        if before == after:
            break
    return data, after


def _read_once(path: Path) -> tuple[bytes, bytes, bytes]:
    descriptor = _open(path)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotAFile(f"{path} is not a regular file")
        pieces, size = [], 0
        usual = max(status.st_size, PAGE) + 1  # a buffer for the most would cost more than the file
        while size < LIMIT and (piece := os.read(descriptor, min(usual, LIMIT - size))):
            pieces.append(piece)
            size += len(piece)
        return b"".join(pieces), signature(status), signature(os.fstat(descriptor))
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    """Open without following a link and without waiting for a pipe's other end."""
    try:
        return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        if path.is_symlink():
            raise NotAFile(f"{path} is a link") from None
        raise


def at_rest(descriptor: int) -> bool:
    """False while a program has this file open to write. Elsewhere than on Linux nobody can tell.

    A lease is given for files that nobody writes only; we hold it for no longer than to learn that.
    """
    if sys.platform == "linux":
        try:
            # Who opens the file just then makes the kernel signal us: with one that is ignored.
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except BlockingIOError:
            return False
        except OSError:  # a file of another owner, or a disk without leases
            return True
    return True
