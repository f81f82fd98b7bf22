"""What happened in the folders, as the kernel notes it before the call that did it returns.

So nothing comes late: who reads the notes now has all that was done until now. watchdog, which waits
for the second half of a move, tells the same later, on other systems too.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from inotify_simple import Event, INotify, flags  # type: ignore[import-untyped]

from plaintextcrm.store.folder import CONTACTS, SETTINGS, may_be_contact, may_be_folder
from plaintextcrm.watch.mounts import Mounts

# Writing through memory is noted when the file is closed; reading is not asked for.
_TEXT = flags.MODIFY | flags.ATTRIB | flags.CLOSE_WRITE
_NAMES = flags.CREATE | flags.DELETE | flags.MOVED_FROM | flags.MOVED_TO
_MASK = _TEXT | _NAMES | flags.DELETE_SELF | flags.MOVE_SELF | flags.ONLYDIR
_PATH = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC


class Covered(NamedTuple):
    """The folders that are watched: the two upper ones as they are, and the names of all."""

    places: tuple[os.stat_result, os.stat_result]
    folders: frozenset[Path]


class Trace:
    """The notes about one address book. Raises OSError where the system allows no more of them."""

    def __init__(self, book: Path) -> None:
        self._book = book
        self._contacts = book / CONTACTS
        self._notes = INotify()
        self._mounts = Mounts()
        self._watched: dict[int, Callable[[Event], bool]] = {}

    def close(self) -> None:
        """Note no more."""
        self._notes.close()
        self._mounts.close()

    def cover(self, folders: Iterable[Path]) -> Covered | None:
        """Note what happens in the address book and in just these of its folders.

        None where others may change something in them that is not noted here. Upper folders go
        first: a lower one that is replaced meanwhile is noted in them. Raises OSError.
        """
        book, contacts = self._upper(self._book), self._upper(self._contacts)
        watched: dict[int, Callable[[Event], bool]] = {book.watch: _matters_in_book}
        covered = {self._book, self._contacts}
        for folder in sorted({*folders} - covered):
            with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                watched[self._notes.add_watch(folder, _MASK)] = _matters
                covered.add(folder)
        watched[contacts.watch] = _matters
        for watch in self._watched.keys() - watched.keys():
            with suppress(OSError):  # the kernel has dropped it with its folder
                self._notes.rm_watch(watch)
        self._watched = watched
        if not self._mounts.all_noted(self._book, self._contacts):
            return None
        return Covered((book.place, contacts.place), frozenset(covered))

    def leave(self) -> None:
        """Give all watches back: others may need them."""
        for watch in self._watched:
            with suppress(OSError):
                self._notes.rm_watch(watch)
        self._watched = {}

    def _upper(self, folder: Path) -> "_Upper":
        """Watch a folder, and just the one that is described."""
        with _opened(folder) as descriptor:
            watch = self._notes.add_watch(f"/proc/self/fd/{descriptor}", _MASK)
            return _Upper(watch, os.fstat(descriptor))

    def has_news(self) -> bool:
        """True where something happened since the last question. Raises OSError."""
        events: Sequence[Event] = self._notes.read(timeout=0)
        moved = self._mounts.changed()
        return moved or any(self._is_news(event) for event in events)

    def _is_news(self, event: Event) -> bool:
        if event.mask & flags.Q_OVERFLOW:
            return True
        matters = self._watched.get(event.wd)  # else a folder that we left
        return matters is not None and (not event.name or matters(event))


class _Upper(NamedTuple):
    watch: int
    place: os.stat_result


def _matters_in_book(event: Event) -> bool:
    return event.name in (SETTINGS, CONTACTS)


def _matters(event: Event) -> bool:
    """Names count more than texts: any may be that of a link, of which a look tells."""
    if event.mask & (flags.ISDIR | _NAMES):
        return may_be_folder(event.name)
    return may_be_contact(event.name)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, _PATH)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
