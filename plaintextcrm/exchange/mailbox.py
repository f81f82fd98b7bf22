"""Where e-mails lie: a message, an mbox, a Maildir, or folders of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from plaintextcrm.exchange.letters import heads

_ENDINGS = (".eml", ".mbox")  # of files in other folders
_INSIDE = ("cur", "new")  # of a Maildir; what is in tmp is not there yet


class Head(NamedTuple):
    """The head of a message, and where it lies in words."""

    where: str
    data: bytes


class Unreadable(NamedTuple):
    """A file that cannot be read, and why."""

    where: str
    why: str


def mail_in(path: Path) -> Iterator[Head | Unreadable]:
    """Every message of a file, a Maildir, or a folder of Maildirs, in the order of names."""
    if path.is_dir():
        yield from _of_folder(path)
    else:
        yield from _of_file(path)


def _of_folder(folder: Path) -> Iterator[Head | Unreadable]:
    try:
        boxes = [folder / name for name in _INSIDE if (folder / name).is_dir()]
        files = sorted(path for box in boxes for path in box.iterdir() if path.name[0] != ".")
        inside = sorted(folder.iterdir())
    except OSError as error:
        yield Unreadable(f"{folder}", error.strerror or str(error))
        return
    if not boxes:
        files = [path for path in inside if path.suffix in _ENDINGS]
    for path in files:
        if path.is_file():
            yield from _of_file(path)
    for inner in inside:
        if inner.is_dir() and not inner.is_symlink() and inner.name not in (*_INSIDE, "tmp"):
            yield from _of_folder(inner)


def _of_file(path: Path) -> Iterator[Head | Unreadable]:
    try:
        with path.open("rb") as stream:
            for number, data in enumerate(heads(stream), 1):
                yield Head(f"{path}" if number == 1 else f"{path}, message {number}", data)
    except OSError as error:
        yield Unreadable(f"{path}", error.strerror or str(error))
