"""Pictures in the address book: files outside `contacts`, which contacts name by their path."""

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from plaintextcrm.model.errors import NotWritten
from plaintextcrm.store.write import create_all

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


def keep_pictures(book: Path, pictures: Mapping[str, bytes]) -> None:
    """Write these pictures, by their paths in the book; those that are there stay as they are.

    Raises NotWritten, also where a link leads their folder elsewhere, or Changed.
    """
    new = {book / path: data for path, data in pictures.items() if not (book / path).exists()}
    for folder in dict.fromkeys(file.parent for file in new):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if folder.resolve() != book.resolve() / folder.relative_to(book):
                raise NotWritten(str(folder), "a link leads to another folder")
        except OSError as error:
            raise NotWritten(str(folder), error.strerror or str(error)) from error
    create_all(new)
