"""Bringing files from one text to another, also those that come or go."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from plaintextcrm.model.errors import NotWritten
from plaintextcrm.store.read import at_rest, read_file
from plaintextcrm.store.write import Changed, create, create_all, remove, replace

MANY = 20  # new files: more are made all together


@dataclass(frozen=True, slots=True)
class Version:
    """One file of a change: its text before and after; None where it was not there.

    Bytes that are not UTF-8 stand in the text as lone surrogates.
    """

    path: str
    before: str | None
    after: str | None

    def reversed(self) -> "Version":
        """The way back."""
        return Version(self.path, self.after, self.before)


def text_of(data: bytes) -> str:
    """The bytes of a file as a Version has them."""
    return data.decode("utf-8", "surrogateescape")


def bytes_of(text: str) -> bytes:
    """The bytes of a Version's text."""
    return text.encode("utf-8", "surrogateescape")


def read_settled(file: Path) -> bytes:
    """A file's bytes. Raises Changed where a program is about to write it, or OSError."""
    try:
        data, _signature = read_file(file)
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:  # some editors move the file away and make a new one
        raise Changed(str(file)) from error
    try:
        if not at_rest(descriptor):
            raise Changed(str(file))
    finally:
        os.close(descriptor)
    return data


def holds(book: Path, version: Version, text: str | None) -> bool:
    """True where the file holds just this text; None: where it is not there."""
    try:
        return read_file(book / version.path)[0] == (None if text is None else bytes_of(text))
    except FileNotFoundError:
        return text is None
    except OSError:
        return False


def change(book: Path, versions: Sequence[Version]) -> None:
    """Bring each file from `before` to `after`: first those that come, last those that go.

    Raises Changed where one is not as it was before, and NotWritten; then some may be changed.
    """
    gone = next((version.path for version in versions if version.after is None), None)
    new = [version for version in versions if version.before is None]
    if len(new) > MANY and gone is None:
        _create_all(book, new)
        versions = [version for version in versions if version.before is not None]
    for version in sorted(versions, key=_turn):
        file = book / version.path
        if version.after is None:
            _remove(book, version)
        elif version.before is None:
            _create(file, bytes_of(version.after), book / gone if gone else None)
        else:
            replace(file, bytes_of(version.after), was=bytes_of(version.before))


def _turn(version: Version) -> int:
    return 0 if version.before is None else 2 if version.after is None else 1


def _create_all(book: Path, versions: Sequence[Version]) -> None:
    """Many files that come with one command."""
    files = {book / version.path: bytes_of(version.after or "") for version in versions}
    for folder in dict.fromkeys(file.parent for file in files):
        _make_folder(folder)
    create_all(files)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritten(str(folder), error.strerror or str(error)) from error


def _create(file: Path, data: bytes, like: Path | None) -> None:
    """A file that is moved keeps its mode: `like` is where it was."""
    _make_folder(file.parent)
    create(file, data, like)


def _remove(book: Path, version: Version) -> None:
    assert version.before is not None
    remove(book / version.path, bytes_of(version.before))
