"""Where cases are timed: it sees to it that each begins in the state that it needs."""

import re
import shutil
import time
from pathlib import Path

from benchmarks.cases import PCRM, UNIT, WORD, Case, State
from benchmarks.people import TODAY
from benchmarks.running import Failed, Launcher, Place, Run
from benchmarks.watch import Watching, early_uid, saved_in_all_ways, unfolded

# A file touched less than two seconds ago may change again without a new time stamp, so the next
# command reads it again. Who measures what a command takes when nothing changed must wait.
SETTLES = 2.2  # seconds


class Stage:
    """A folder with contacts, the feed that is made of it, and the processes that work on them."""

    def __init__(self, folder: Path, feed: Path, place: Place) -> None:
        self._folder = folder
        self._place = place
        self._cold = place.work / "cold"
        environment = {**place.environment, "XDG_CACHE_HOME": str(self._cold)}
        self._launcher = Launcher(place, "warm")
        self._launcher_cold = Launcher(Place(place.work, environment), "cold")
        self._watching: Watching | None = None
        self._edited, self._text = _with_room(folder)
        self._feed = feed
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
            self._touched = True  # it works a little longer
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
        if not self._touched and not self._edits_begun:
            return
        book = (*PCRM, "-C", str(self._folder))
        if self._watching:
            self._watching.until_idle()
            self._launcher.run((*book, "list", WORD))
            self._watching.until_idle()
        else:
            time.sleep(SETTLES)
            self._launcher.run((*book, "list", WORD))
            self._launcher.run((*book, "export", "ics", "-o", str(self._feed)))
            if self._edits and f"edit {self._edits}." not in unfolded(self._feed.read_bytes()):
                raise Failed("an edit is not in the feed: what comes after one is measured wrong")
        self._touched = self._edits_begun = False

    def _edit(self) -> None:
        """One contact has another event today.

        The edit before need not be settled: it was one of the same file.
        """
        if self._touched:
            self._settle()
        self._edits_begun = True
        self._edits += 1
        follow_up = f"follow_ups:\n  - {{date: {TODAY}, note: edit {self._edits}.}}\n"
        self._edited.write_text(self._text + follow_up, "utf-8")


def _with_room(folder: Path) -> tuple[Path, str]:
    """A contact to which `follow_ups` can be added, and its text, so that the feed has them."""
    for path in sorted((folder / "contacts").glob("*.yaml")):
        text = path.read_text("utf-8")
        if "\nfollow_ups:" not in text and "\ndied:" not in text:
            kept = re.sub(r"^uid: .*\n?", "", text, flags=re.MULTILINE).rstrip("\n")
            return path, f"{kept}\nuid: {early_uid('edited')}\n"
    raise Failed("every contact has follow-ups; generate more contacts")
