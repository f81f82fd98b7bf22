"""News from the folder. An event only says "look again": what changed, the book finds out."""

import logging
import os
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

from watchdog.events import (
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from plaintextcrm.store.folder import may_be_contact, may_be_folder

# Reading a file emits `opened` and `closed_no_write`: our own reading is no news.
_NEWS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileClosedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileAttribEvent,
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
]
_CLOSES = sys.platform == "linux"  # other systems do not tell when a file is closed
SAVED = 0.05  # seconds without news after which a burst is over, when every file is whole
QUIET = 0.3  # the same, when a file was only begun, or has just gone
HEARSAY = (
    1.0  # the same, when somebody else saw something; the library holds its news back for 0.5 s
)
LONGEST = 2.0  # seconds after which a file that is not closed, or a steady stream, is looked at

# What the library logs would reach the terminal; events that it loses, the loop makes good.
logging.getLogger("watchdog").addHandler(logging.NullHandler())


@dataclass(slots=True)
class Burst:
    """News that belong together. A save is several events: the file is worth a look when its writer
    has closed it, or moved it into place; until then we wait for more.
    """

    begun: float
    _pending: dict[str, float] = field(default_factory=dict)

    def note(self, event: FileSystemEvent | None) -> None:
        """Take one more event into account; None for one that is only known to have been."""
        self._pending.pop("", None)
        if event is None:
            if not self._pending:
                self._pending[""] = HEARSAY
            return
        old, new = str(event.src_path), str(event.dest_path)
        if isinstance(event, FileClosedEvent):
            self._pending.pop(old, None)
        elif isinstance(event, FileModifiedEvent):
            self._pending[old] = LONGEST if _CLOSES else QUIET
        elif isinstance(event, FileMovedEvent):
            self._pending.pop(new, None)
            if may_be_contact(Path(old).name):
                self._pending[old] = QUIET  # an editor's backup: the file itself comes next
        elif not isinstance(event, FileAttribEvent):
            self._pending[old] = QUIET

    def pause(self, now: float) -> float:
        """Seconds without further news after which it is over."""
        wanted = max(self._pending.values(), default=SAVED)
        return min(wanted, self.begun + LONGEST - now)

    def is_too_long(self, now: float) -> bool:
        """True for a stream that does not end."""
        return now >= self.begun + LONGEST


class Changes(FileSystemEventHandler):
    """Watches folders, each by itself, so that hidden ones and `.git` stay out.

    `names` are the files that matter in the address book's own folder; whatever else lies there,
    our own feeds among it, is no news.
    """

    def __init__(self, book: Path, names: Iterable[str]) -> None:
        self._book = str(book)
        self._names = frozenset(names)
        # A simple queue may be used in a signal handler; an Event or a Condition may not.
        self._news: SimpleQueue[FileSystemEvent | None] = SimpleQueue()
        self._watches: dict[str, _Watched] = {}
        self._lost: set[str] = set()
        self._observer = _observer()
        self.stopped = False
        self.complete = True

    def start(self) -> None:
        """Begin to listen; `follow` says where."""
        if self._observer:
            self._observer.start()

    def close(self) -> None:
        """Listen no more."""
        if self._observer:
            self._observer.stop()
            self._observer.join()

    def stop(self) -> None:
        """End `wait` for good; safe in a signal handler."""
        self.stopped = True
        self._news.put(None)

    def stir(self) -> None:
        """Something happened: `wait` ends soon, even if its own news of that gets lost."""
        self._news.put(None)

    def follow(self, folders: Iterable[Path]) -> bool:
        """Watch just these folders; True if there are new ones, in which much may have happened.

        `complete` is False where the system does not let us watch one that is there.
        """
        wanted = {str(folder) for folder in folders}
        while self._lost:
            self._forget(self._lost.pop())
        for path, watched in list(self._watches.items()):
            if path not in wanted or watched.place != _place(path):
                self._forget(path)
        before = len(self._watches)
        # A folder that cannot be read would be watched in vain, and nobody would say so.
        readable = [path for path in sorted(wanted) if os.access(path, os.R_OK)]
        for path in readable:
            self._watch(path)
        self.complete = all(path in self._watches or not _place(path) for path in readable)
        return len(self._watches) > before

    def _watch(self, path: str) -> None:
        place = _place(path)
        if self._observer and place and path not in self._watches:
            with suppress(OSError):  # gone again, or the system's limit of watches is reached
                watch = self._observer.schedule(self, path, event_filter=_NEWS)
                self._watches[path] = _Watched(watch, place)

    def _forget(self, path: str) -> None:
        watched = self._watches.pop(path, None)
        if watched and self._observer:
            self._observer.unschedule(watched.watch)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by watchdog in a thread of its own."""
        if isinstance(event, DirDeletedEvent | DirMovedEvent):
            self._lost.add(str(event.src_path))  # a folder of this name will be another one
        paths = [str(path) for path in (event.src_path, event.dest_path) if path]
        if any(self._matters(path, event.is_directory) for path in paths):
            self._news.put(event)

    def _matters(self, path: str, is_folder: bool) -> bool:
        folder, name = os.path.split(path)
        if path == self._book:
            return True
        if folder == self._book:
            return name in self._names
        return may_be_folder(name) if is_folder else may_be_contact(name)

    def wait(self, longest: float) -> bool:
        """Wait for news, at most so many seconds; True if there is some, and a burst of it is over."""
        burst = None
        pause = longest
        while not self.stopped:
            try:
                event = self._news.get(timeout=pause)
            except Empty:
                return burst is not None
            now = time.monotonic()
            burst = burst or Burst(now)
            burst.note(event)
            if burst.is_too_long(now):
                return True
            pause = burst.pause(now)
        return False


@dataclass(frozen=True, slots=True)
class _Watched:
    """A watch, and which folder it is on: one of the same name may take its place."""

    watch: ObservedWatch
    place: tuple[int, int]


def _observer() -> BaseObserver | None:
    """What listens; None where the system allows no more of them."""
    try:
        return Observer()
    except OSError:
        return None


def _place(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
