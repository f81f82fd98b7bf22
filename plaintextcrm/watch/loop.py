"""Keep something true while files change: look, make it anew, say so; and again at midnight."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from plaintextcrm.watch.changes import Changes

FULL_LOOK = 60.0  # seconds; events get lost when a queue overflows or a folder is moved away
SOON = 1.0  # seconds between looks while something is wrong or cannot be watched
PATIENCE = 2.0  # seconds a missing or broken file may take to come back before it is told


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a look led to. `news` is what a line tells, empty where nothing changed; `troubles` are
    what is wrong now, a line each; `missing` are files that are gone and still shown; `folders` are
    those to watch; `zone` is the time zone whose midnight counts.
    """

    news: str = ""
    troubles: tuple[str, ...] = ()
    missing: frozenset[str] = frozenset()
    folders: tuple[Path, ...] = ()
    zone: str = ""


Look = Callable[[frozenset[str]], Outcome]  # takes the missing files that are given up


@dataclass(slots=True)
class _Since:
    """Since when things have been so, in seconds of a steady clock."""

    known: dict[str, float] = field(default_factory=dict)

    def note(self, things: Iterable[str], now: float) -> None:
        """Remember new things, forget those that are no more."""
        self.known = {thing: self.known.get(thing, now) for thing in things}

    def lasting(self, now: float) -> frozenset[str]:
        """What has been so for longer than our patience."""
        return frozenset(thing for thing, since in self.known.items() if now - since >= PATIENCE)


class Loop:
    """Calls `look` whenever there is reason to, and `say` for each line that is worth one.

    `steady` is a monotonic clock in seconds, `now` gives the moment. Ends when `changes` is stopped.
    """

    def __init__(
        self,
        changes: Changes,
        look: Look,
        say: Callable[[str], None],
        steady: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        self._changes = changes
        self._look = look
        self._say = say
        self._steady = steady
        self._now = now
        self._missing = _Since()
        self._troubles = _Since()
        self._told: frozenset[str] = frozenset()

    def run(self) -> None:
        """Go on until stopped."""
        while not self._changes.stopped:
            # A missing file may come back in a moment: an editor or git is at work.
            outcome = self._look(self._missing.lasting(self._steady()))
            self._tell(outcome)
            if not self._changes.follow(outcome.folders):  # else look at the new ones once more
                self._changes.wait(self._pause(outcome))

    def _tell(self, outcome: Outcome) -> None:
        now = self._steady()
        self._missing.note(outcome.missing, now)
        self._troubles.note(outcome.troubles, now)
        if outcome.news:
            self._say(outcome.news)
        lasting = self._troubles.lasting(now)
        for trouble in outcome.troubles:
            if trouble in lasting and trouble not in self._told:
                self._say(trouble)
        if self._told and not outcome.troubles:
            self._say("all is well again")
        self._told = lasting

    def _pause(self, outcome: Outcome) -> float:
        """Seconds until there is reason to look, news or not."""
        waiting = outcome.missing or set(self._troubles.known) - self._told
        pauses = [FULL_LOOK, seconds_to_midnight(self._now(), outcome.zone)]
        if waiting or not self._changes.complete:
            pauses.append(SOON)
        return min(pauses)


def seconds_to_midnight(now: datetime, zone: str) -> float:
    """Seconds until the next day begins in the zone (the system's, where it is empty)."""
    local = now.astimezone(ZoneInfo(zone) if zone else None)
    next_day = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return max((next_day.astimezone(UTC) - now).total_seconds(), 0.05)
