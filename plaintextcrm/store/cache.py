"""Where the program keeps what it can make again: one folder per user, one name per address book."""

import hashlib
import os
from pathlib import Path

from platformdirs import user_cache_path


def cache_folder() -> Path:
    """The user's cache folder for this program, closed to others; it may not exist, or not be made."""
    return Path(user_cache_path("plaintextcrm"))


def make_private(folder: Path) -> None:
    """Make a folder and those above it, where they are missing, closed to others. Raises OSError."""
    if not folder.is_dir():
        if folder.parent != folder:
            make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def cache_name(book: Path) -> str:
    """A file name that belongs to this address book alone."""
    return hashlib.sha256(os.fsencode(book)).hexdigest()[:24]
