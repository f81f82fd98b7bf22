"""News from the folder. An event only says "look again": what changed, the book finds out."""

import threading
import time
from collections.abc import Iterable
from pathlib import Path

from watchdog.events import (
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
from watchdog.observers.api import ObservedWatch

# Reading a file emits `opened` and `closed_no_write`: our own reading is no news.
_NEWS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileClosedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
]
QUIET = 0.3  # seconds without news after which a burst is over
LONGEST = 2.0  # seconds after which a steady stream is looked at all the same


class Changes(FileSystemEventHandler):
    """Watches folders, each by itself, so that hidden ones and `.git` stay out.

    `names` are the files that matter in the address book's own folder; whatever else lies there,
    our own feeds among it, is no news.
    """

    def __init__(self, book: Path, names: Iterable[str]) -> None:
        self._book = str(book)
        self._names = frozenset(names)
        self._news = threading.Event()
        self._stop = threading.Event()
        self._watches: dict[str, ObservedWatch] = {}
        self._observer = Observer()
        self.complete = True

    def start(self) -> None:
        """Begin to listen; `follow` says where."""
        self._observer.start()

    def close(self) -> None:
        """Listen no more."""
        self._observer.stop()
        self._observer.join()

    def stop(self) -> None:
        """End `wait` for good; safe in a signal handler."""
        self._stop.set()
        self._news.set()

    @property
    def stopped(self) -> bool:
        """True after `stop`."""
        return self._stop.is_set()

    def follow(self, folders: Iterable[Path]) -> bool:
        """Watch just these folders; True if there are new ones, in which much may have happened.

        `complete` is False where one could not be watched.
        """
        wanted = {str(folder) for folder in folders}
        for gone in set(self._watches) - wanted:
            self._forget(gone)
        before = len(self._watches)
        watched = [self._watch(folder) for folder in sorted(wanted)]
        self.complete = all(watched)
        return len(self._watches) > before

    def _watch(self, folder: str) -> bool:
        if folder in self._watches:
            return True
        try:
            self._watches[folder] = self._observer.schedule(self, folder, event_filter=_NEWS)
        except OSError:  # gone again, or the system's limit of watches is reached
            return False
        return True

    def _forget(self, folder: str) -> None:
        try:
            self._observer.unschedule(self._watches.pop(folder))
        except (KeyError, OSError):
            return  # the system has dropped it with the folder

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by watchdog in a thread of its own."""
        paths = [Path(str(path)) for path in (event.src_path, event.dest_path) if path]
        if any(self._matters(path) for path in paths):
            if isinstance(event, DirDeletedEvent | DirMovedEvent):
                self._watches.pop(str(event.src_path), None)
            self._news.set()

    def _matters(self, path: Path) -> bool:
        if str(path.parent) == self._book:
            return path.name in self._names
        return not path.name.startswith(".")

    def wait(self, longest: float) -> bool:
        """Wait for news, at most so many seconds; True if there is some, and a burst of it is over."""
        if not self._news.wait(longest):
            return False
        deadline = time.monotonic() + LONGEST
        while not self.stopped and time.monotonic() < deadline:
            self._news.clear()
            if not self._news.wait(QUIET):
                break
        self._news.clear()
        return not self.stopped
