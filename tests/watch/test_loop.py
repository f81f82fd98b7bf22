"""When the loop looks, and what it says, by a clock of our own: hours pass in no time."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintextcrm.watch.loop import (
    AFTERWARDS,
    AGAIN,
    FULL_LOOK,
    PATIENCE,
    Loop,
    Outcome,
    Trouble,
    seconds_to_midnight,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PRAGUE = "Europe/Prague"  # one hour ahead of UTC on that day
ALL_WELL = Outcome(folders=(Path("book"),), zone=PRAGUE)
BROKEN = Trouble("contacts/eva.yaml", "contacts/eva.yaml:3:1: error[x]: it is wrong")


class World:
    """A clock, and a folder in which things happen at set times. It is the loop's `News`, too."""

    def __init__(self, begin: datetime = NOON, lasts: float = 10.0) -> None:
        self.begin = begin
        self.time = 0.0
        self.lasts = lasts
        self.news: list[float] = []
        self.complete = True
        self.followed: list[tuple[Path, ...]] = []
        self.looks: list[float] = []
        self.given_up: list[frozenset[str]] = []
        self.said: list[str] = []

    @property
    def stopped(self) -> bool:
        return self.time >= self.lasts

    def follow(self, folders: Iterable[Path]) -> bool:
        before = set(self.followed[-1]) if self.followed else set()
        self.followed.append(tuple(folders))
        return bool(set(self.followed[-1]) - before)

    def wait(self, longest: float) -> bool:
        assert longest > 0
        coming = min((moment for moment in self.news if moment > self.time), default=self.lasts)
        self.time, earlier = min(self.time + longest, coming), self.time
        return coming <= earlier + longest

    def now(self) -> datetime:
        return self.begin + timedelta(seconds=self.time)

    def run(self, outcome: Callable[["World"], Outcome]) -> "World":
        """Run the loop; `outcome` says what a look leads to."""

        def look(given_up: frozenset[str]) -> Outcome:
            self.looks.append(self.time)
            self.given_up.append(given_up)
            return outcome(self)

        Loop(self, look, self.said.append, lambda: self.time, self.now).run()
        return self


def between(times: Iterable[float]) -> list[float]:
    """The pauses between the looks, without those at the beginning, when the folder is new."""
    settled = [moment for moment in times if moment > 1]
    return [round(later - earlier, 6) for earlier, later in pairwise(settled)]


def test_nothing_happens() -> None:
    world = World(lasts=600).run(lambda world: ALL_WELL)
    assert world.said == []
    assert between(world.looks) == [FULL_LOOK] * 8


def test_new_folder_is_looked_at_again_at_once() -> None:
    """What happened in it before it was watched is seen; and that does not keep us busy."""
    folders = [Path("book")]

    def grows(world: World) -> Outcome:
        folders.append(Path(f"book/{len(folders)}"))
        return replace(ALL_WELL, folders=tuple(folders))

    assert World(lasts=5).run(lambda world: ALL_WELL).looks[1] < 0.1
    assert len(World(lasts=60).run(grows).looks) < 130


def test_midnight_passes() -> None:
    """23:59:30 in Prague: the next look is at midnight, not a minute later."""
    world = World(datetime(2026, 11, 22, 22, 59, 30, tzinfo=UTC), lasts=60)
    days: list[tuple[float, date]] = []

    def look(world: World) -> Outcome:
        days.append((world.time, world.now().astimezone(ZoneInfo(PRAGUE)).date()))
        return ALL_WELL

    world.run(look)
    before, after = date(2026, 11, 22), date(2026, 11, 23)
    assert [day for _time, day in days] == [before, before, after]
    assert days[-1][0] == 30.0


def test_midnight_of_other_settings() -> None:
    world = World(datetime(2026, 11, 22, 14, 59, 40, tzinfo=UTC), lasts=30)
    world.run(lambda world: replace(ALL_WELL, zone="Asia/Tokyo"))
    assert world.looks[-1] == 20.0


def test_change_is_looked_after() -> None:
    """What got lost in a full queue is seen soon after the burst."""
    world = World(lasts=30)
    world.news = [10.0]
    world.run(lambda world: replace(ALL_WELL, news="changed" if world.time == 10.0 else ""))
    assert world.said == ["changed"]
    assert [moment for moment in world.looks if moment > 1] == [10.0, 10.0 + AFTERWARDS]


def test_missing_file_is_given_up_after_a_while() -> None:
    world = World(lasts=10)
    world.news = [5.0]

    def look(world: World) -> Outcome:
        gone = world.time >= 5.0 and "eva" not in world.given_up[-1]
        return replace(ALL_WELL, missing=frozenset({"eva"} if gone else ()))

    world.run(look)
    given_up = [moment for moment, gone in zip(world.looks, world.given_up, strict=True) if gone]
    assert given_up == [5.0 + PATIENCE]


def test_missing_file_that_comes_back_is_missing_anew_when_it_goes_again() -> None:
    world = World(lasts=6)
    world.news = [2.0, 3.0, 4.5]

    def look(world: World) -> Outcome:
        gone = 2.0 <= world.time < 3.0 or world.time >= 4.5
        return replace(ALL_WELL, missing=frozenset({"eva"} if gone else ()))

    assert not any(world.run(look).given_up)


def test_trouble_is_told_once_when_it_lasts_and_when_it_is_over() -> None:
    world = World(lasts=300)
    world.news = [10.0, 100.0]
    world.run(lambda w: replace(ALL_WELL, troubles=(BROKEN,) if 10 <= w.time < 100 else ()))
    assert world.said == [BROKEN.text, "contacts/eva.yaml: all right again"]
    assert 10.0 + PATIENCE in world.looks


def test_trouble_of_a_moment_is_not_told() -> None:
    world = World(lasts=20)
    world.news = [10.0, 11.0]
    world.run(lambda w: replace(ALL_WELL, troubles=(BROKEN,) if 10 <= w.time < 11 else ()))
    assert world.said == []


def test_each_trouble_is_over_by_itself() -> None:
    other = Trouble("contacts/jan.yaml", "contacts/jan.yaml:1:1: error[x]: it is wrong, too")
    world = World(lasts=40)
    world.news = [10.0, 20.0, 30.0]

    def look(world: World) -> Outcome:
        troubles = (BROKEN, other) if 10 <= world.time < 20 else (other,)
        return replace(ALL_WELL, troubles=troubles if 10 <= world.time < 30 else ())

    over = [f"{trouble.about}: all right again" for trouble in (BROKEN, other)]
    assert world.run(look).said == [BROKEN.text, other.text, *over]


def test_failed_look_is_tried_again_soon_and_the_folders_stay_watched() -> None:
    failed = Outcome(troubles=(Trouble("address book", "not there"),), failed=True)
    world = World(lasts=200)
    world.news = [100.0]
    world.run(lambda world: failed if 100 <= world.time < 130 else ALL_WELL)
    assert world.said == ["not there", "address book: all right again"]
    assert {*world.followed} == {(Path("book"),)}
    while_failed = [moment for moment in world.looks if 100 <= moment < 130]
    assert max(between(while_failed)) <= AGAIN


def test_folders_that_cannot_be_watched_are_looked_at_often() -> None:
    world = World(lasts=60)
    world.complete = False
    world.run(lambda world: ALL_WELL)
    assert max(between(world.looks)) <= AGAIN
    assert world.said == [
        f"watching: the system allows no more of it; looking every {AGAIN:.0f} s instead"
    ]


# --- when the next day begins -------------------------------------------------------------------

ZONES = (
    "Europe/Prague", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
    # Here the clock changes at midnight, or did.
    "America/Havana", "America/Santiago", "America/Sao_Paulo", "America/Asuncion", "Asia/Beirut",
    "Asia/Tehran", "Africa/Cairo", "Asia/Gaza", "America/St_Johns", "Atlantic/Azores",
    "America/Scoresbysund",
    # Here a whole day was skipped.
    "Pacific/Apia", "Pacific/Kwajalein",
)  # fmt: skip
MILLISECOND = timedelta(milliseconds=1)


def day_at(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def check_midnight(now: datetime, zone: str) -> None:
    """The moment found is the first of a later day, and none of a later day lies before it."""
    begins = now + timedelta(seconds=seconds_to_midnight(now, zone))
    today = day_at(now, zone)
    assert day_at(begins + MILLISECOND, zone) > today
    assert day_at(begins - MILLISECOND, zone) <= today or begins - now < timedelta(seconds=0.06)
    assert begins - now <= timedelta(hours=26)


@given(st.sampled_from(ZONES), st.datetimes(datetime(1970, 1, 2), datetime(2037, 12, 30)))  # noqa: DTZ001
def test_midnight_is_the_first_moment_of_the_next_day(zone: str, moment: datetime) -> None:
    check_midnight(moment.replace(tzinfo=UTC), zone)


CLOCK_CHANGES = [
    (PRAGUE, "2026-03-29"), (PRAGUE, "2026-10-25"), ("America/Havana", "2026-03-08"),
    ("America/Havana", "2026-11-01"), ("America/Santiago", "2026-04-05"),
    ("America/Santiago", "2026-09-06"), ("Asia/Beirut", "2026-03-29"), ("Asia/Beirut", "2026-10-25"),
    ("Africa/Cairo", "2026-04-24"), ("America/Sao_Paulo", "2018-11-04"),
    ("America/Sao_Paulo", "2019-02-17"), ("America/St_Johns", "2010-11-07"),
    ("Pacific/Apia", "2011-12-30"), ("Pacific/Apia", "2011-12-31"),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "day"), CLOCK_CHANGES)
def test_midnight_on_the_days_of_a_clock_change(zone: str, day: str) -> None:
    """Every quarter of an hour from the day before to the day after."""
    begin = datetime.fromisoformat(f"{day}T00:00:00Z") - timedelta(days=1, hours=12)
    for quarter in range(4 * 72):
        check_midnight(begin + timedelta(minutes=15 * quarter), zone)


def test_midnight_that_is_skipped_is_the_moment_of_the_change() -> None:
    """In Havana, 8 March 2026 begins at one o'clock: 05:00 UTC."""
    now = datetime(2026, 3, 8, 4, tzinfo=UTC)
    assert seconds_to_midnight(now, "America/Havana") == 3600.0


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-07-01"])
def test_midnight_of_the_systems_zone(day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    with monkeypatch.context() as patch:
        patch.setenv("TZ", PRAGUE)
        time.tzset()
        for hour in range(24):
            now = datetime.fromisoformat(f"{day}T{hour:02}:00:00Z")
            assert seconds_to_midnight(now, "") == seconds_to_midnight(now, PRAGUE)
    time.tzset()
