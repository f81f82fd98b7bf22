"""Pictures in the address book: files outside `contacts`, which contacts name by their path."""

import os
import stat
from contextlib import suppress
from pathlib import Path

LARGEST = 2 << 20  # bytes


def load_picture(book: Path, path: Path) -> bytes | None:
    """The bytes of a picture below the address book; None where there is none, it is too large, or its
    path leads out of the book.
    """
    file = book / path
    with suppress(OSError, ValueError):
        if not file.resolve().is_relative_to(book.resolve()):
            return None
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as opened:
            status = os.fstat(descriptor)
            if stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST:
                return opened.read(LARGEST + 1)
    return None
