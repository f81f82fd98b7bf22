"""Reading one file as it is, whole, and nothing that is not a file."""

import os
import stat
from pathlib import Path

from plaintextcrm.store.folder import signature

LIMIT = (1 << 20) + 1  # one byte more than the reader takes, so that it can tell
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
        while size < LIMIT and (piece := os.read(descriptor, LIMIT - size)):
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
