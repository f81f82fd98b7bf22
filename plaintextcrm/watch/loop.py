"""Keep something true while files change: look, make it anew, say so; and again at midnight."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from math import inf
from pathlib import Path
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

FULL_LOOK = 60.0  # seconds; the moment of a change may be missed, the change must not
SOON = 1.0  # seconds between looks while each one finds new folders
AFTERWARDS = 3.0  # seconds after a change: events get lost when a queue overflows
AGAIN = 3.0  # seconds between looks while a look fails, or a folder cannot be watched
MOMENT = 0.05  # seconds; the shortest pause, so that no clock can keep us busy
PATIENCE = 2.0  # seconds a missing or broken file may take to come back before it is told


class Trouble(NamedTuple):
    """Something is wrong: `about` is what with, in a few words, `text` all there is to say."""

    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a look led to.

    `news` is what a line tells, empty where nothing changed; `troubles` are what is wrong now;
    `missing` are files that are gone and still shown; `folders` are those to watch, None where the
    look could not tell; `zone` is the time zone whose midnight counts; `failed` is True where no
    event will tell us that it can be done now.
    """

    news: str = ""
    troubles: tuple[Trouble, ...] = ()
    missing: frozenset[str] = frozenset()
    folders: tuple[Path, ...] | None = None
    zone: str = ""
    failed: bool = False


Look = Callable[[frozenset[str]], Outcome]  # takes the missing files that are given up


class News(Protocol):
    """What tells that something happened; see `watch.changes.Changes`."""

    @property
    def stopped(self) -> bool: ...

    @property
    def complete(self) -> bool: ...

    def follow(self, folders: Iterable[Path]) -> bool: ...

    def wait(self, longest: float) -> bool: ...


@dataclass(slots=True)
class _Since:
    """Since when things have been so, in seconds of a steady clock."""

    known: dict[str, float] = field(default_factory=dict)

    def note(self, things: Iterable[str], now: float) -> None:
        """Remember new things, forget those that are no more."""
        self.known = {thing: self.known.get(thing, now) for thing in things}

    def lasting(self, now: float) -> frozenset[str]:
        """What has been so for longer than our patience."""
        return frozenset(thing for thing, since in self.known.items() if now >= since + PATIENCE)

    def left(self, things: Iterable[str], now: float) -> float:
        """Seconds until the first of these has lasted that long; endless where there are none."""
        ends = [self.known[thing] + PATIENCE for thing in things]
        return max(min(ends, default=inf) - now, MOMENT)


class Loop:
    """Calls `look` whenever there is reason to, and `say` for each line that is worth one.

    `steady` is a monotonic clock in seconds, `now` gives the moment. Ends when `news` is stopped.
    """

    def __init__(
        self,
        news: News,
        look: Look,
        say: Callable[[str], None],
        steady: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        self._news = news
        self._look = look
        self._say = say
        self._steady = steady
        self._now = now
        self._folders: tuple[Path, ...] = ()
        self._missing = _Since()
        self._troubles = _Since()
        self._told: dict[str, Trouble] = {}

    def run(self) -> None:
        """Go on until stopped."""
        known = True
        while not self._news.stopped:
            # A missing file may come back in a moment: an editor or git is at work.
            outcome = self._look(self._missing.lasting(self._steady()))
            self._folders = self._folders if outcome.folders is None else outcome.folders
            fresh = self._news.follow(self._folders)
            self._tell(outcome)
            pause = self._pause(outcome)
            if fresh:  # something may have happened in it before
                pause = min(pause, MOMENT if known else SOON)
            known = not fresh
            self._news.wait(pause)

    def _tell(self, outcome: Outcome) -> None:
        now = self._steady()
        troubles = {trouble.text: trouble for trouble in self._troubles_of(outcome)}
        self._missing.note(outcome.missing, now)
        self._troubles.note(troubles, now)
        if outcome.news:
            self._say(outcome.news)
        wrong = {trouble.about for trouble in troubles.values()}
        for about in dict.fromkeys(trouble.about for trouble in self._told.values()):
            if about not in wrong:
                self._say(f"{about}: all right again")
        lasting = self._troubles.lasting(now)
        for text in troubles:
            if text in lasting and text not in self._told:
                self._say(text)
        self._told = {text: trouble for text, trouble in troubles.items() if text in lasting}

    def _troubles_of(self, outcome: Outcome) -> Iterable[Trouble]:
        yield from outcome.troubles
        if not self._news.complete:
            about = "watching"
            text = f"{about}: the system allows no more of it; looking every {AGAIN:.0f} s instead"
            yield Trouble(about, text)

    def _pause(self, outcome: Outcome) -> float:
        """Seconds until there is reason to look, news or not."""
        now = self._steady()
        pauses = [FULL_LOOK, seconds_to_midnight(self._now(), outcome.zone)]
        pauses.append(self._missing.left(outcome.missing, now))
        pauses.append(self._troubles.left(set(self._troubles.known) - set(self._told), now))
        if outcome.news:
            pauses.append(AFTERWARDS)
        if outcome.failed or not self._news.complete:
            pauses.append(AGAIN)
        return min(pauses)


def seconds_to_midnight(now: datetime, zone: str) -> float:
    """Seconds until the next day begins in the zone (the system's, where it is empty).

    Where the clock skips midnight, that is the moment of the change.
    """
    place = ZoneInfo(zone) if zone else None
    tomorrow = now.astimezone(place).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), place)
    begins = midnight.astimezone(UTC)
    if begins <= now:  # it came, and the clock was put back behind it
        begins = midnight.replace(fold=1).astimezone(UTC)
    return max((begins - now).total_seconds(), MOMENT)
