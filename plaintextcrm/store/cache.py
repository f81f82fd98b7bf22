"""Where the program keeps what it can make again: one folder per user, one name per address book."""

import os
import sys
from pathlib import Path

from plaintextcrm.store.digest import digest_of


def cache_folder() -> Path:
    """The user's cache folder for this program, closed to others; it may not exist, or not be made."""
    if sys.platform == "linux":  # in the usual case it is this simple, and the library takes long
        given, home = os.environ.get("XDG_CACHE_HOME", ""), os.environ.get("HOME", "")
        base = given if given.startswith("/") else home.startswith("/") and f"{home}/.cache"
        if base:
            return Path(base, "plaintextcrm")
    from platformdirs import user_cache_path

    return Path(user_cache_path("plaintextcrm"))


def make_private(folder: Path) -> None:
    """Make a folder and those above it, where they are missing, closed to others. Raises OSError."""
    if not folder.is_dir():
        if folder.parent != folder:
            make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def cache_name(book: Path) -> str:
    """A file name that belongs to this address book alone."""
    return digest_of(os.fsencode(book), 12).hex()
