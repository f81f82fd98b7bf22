"""Where cases are timed: it sees to it that each begins in the state that it needs."""

import shutil
import time
from pathlib import Path

from benchmarks.cases import PCRM, UNIT, WORD, Case, State
from benchmarks.running import Launcher, Place, Run
from benchmarks.watch import Watching, saved_in_all_ways

# A file touched less than two seconds ago may change again without a new time stamp, so the next
# command reads it again. Who measures what a command takes when nothing changed must wait.
SETTLES = 2.2  # seconds


class Stage:
    """A folder with contacts, and the processes that work on it."""

    def __init__(self, folder: Path, place: Place) -> None:
        self._folder = folder
        self._place = place
        self._cold = place.work / "cold"
        environment = {**place.environment, "XDG_CACHE_HOME": str(self._cold)}
        self._launcher = Launcher(place, "warm")
        self._launcher_cold = Launcher(Place(place.work, environment), "cold")
        self._watching: Watching | None = None
        self._edited = _without_needs(folder)
        self._text = self._edited.read_text("utf-8")
        self._edits = 0
        self._saves = 0
        self._edits_begun = False  # that one was touched since the book settled
        self._touched = True  # others were, or there is no book yet

    def close(self) -> None:
        """End all processes."""
        self.watch(False)
        for launcher in (self._launcher, self._launcher_cold):
            launcher.__exit__(None, None, None)

    def unit(self) -> Run:
        """Time the unit."""
        return self._launcher.run(UNIT)

    def time(self, case: Case) -> Run:
        """Bring about what the case needs, and run it."""
        self.watch(case.watched)
        if case.state is State.COLD:
            shutil.rmtree(self._cold, ignore_errors=True)
            return self._launcher_cold.run(case.command, case.answers)
        if case.state is State.EDITED:
            self._edit()
        elif case.state is State.SETTLED:
            self._settle()
        self._touched |= case.writes
        return self._launcher.run(case.command, case.answers)

    def watch(self, wanted: bool) -> None:
        """Start `watch`, or end it."""
        if wanted and not self._watching:
            self._watching = Watching(self._folder, self._place).__enter__()
        elif self._watching and not wanted:
            self._watching.__exit__()
            self._watching = None

    def saves(self) -> list[float]:
        """Seconds from a save to the feed that has it, for each way of saving."""
        self.watch(True)
        assert self._watching
        self._saves += 1
        self._touched = True
        return list(saved_in_all_ways(self._watching, self._saves))

    def _settle(self) -> None:
        """Wait until the last edit is no news, and let the book see that it is so."""
        if self._touched or self._edits_begun:
            time.sleep(SETTLES)
            book = (*PCRM, "-C", str(self._folder))
            self._launcher.run((*book, "list", WORD))
            self._launcher.run((*book, "export", "ics", "-o", str(self._place.work / "feed.ics")))
            self._touched = self._edits_begun = False

    def _edit(self) -> None:
        """One event of one contact is another one.

        The edit before need not be settled: it was one of the same file.
        """
        if self._touched:
            self._settle()
        self._edits_begun = True
        self._edits += 1
        need = f"needs:\n  - {{date: 2026-12-01, note: edit {self._edits}}}\n"
        self._edited.write_text(self._text + need, "utf-8")


def _without_needs(folder: Path) -> Path:
    """A contact's file to which `needs` can be added."""
    for path in sorted((folder / "contacts").glob("*.yaml")):
        text = path.read_text("utf-8")
        if "\nneeds:" not in text and text.endswith("\n"):
            return path
    raise FileNotFoundError("every contact has needs; generate more contacts")
