"""Whoever subscribes sees what was written: every real reader gives the same events and days.

Run by `make test-clients`. The programs come from `install.sh`. Where one is missing its tests
are skipped; with CI=true they fail, so that nobody takes a skipped test for a passed one.
"""

import calendar
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import icalendar
import pytest

from tests.conftest import COMMAND, PROJECT

from . import crowd, hard
from .programs import MissingProgram, Occurrence
from .readers import READERS, Reader, as_text, fetched

pytestmark = pytest.mark.clients

# Four years, begun in mid-year so that birthdays fall on both sides, with the leap day of 2028.
START = date(2026, 6, 15)
END = date(2030, 6, 15)

EVERY_YEAR = {"FREQ": ["YEARLY"]}
LAST_OF_FEBRUARY = {"FREQ": ["YEARLY"], "BYMONTH": [2], "BYMONTHDAY": [-1]}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An address book of over 500 contacts, and its feeds of every sort."""
    work: Path = tmp_path_factory.mktemp("crowd")
    crowd.write(work / "book")
    exported(work)
    return work / "book"


@pytest.fixture(scope="module", params=["sample", "shipped", "hard", *crowd.FEEDS])
def feed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, studio: Path
) -> Path:
    """The feeds that are given to every reader: one by hand, the demo's, one that is hard, and those
    of a studio.
    """
    if request.param == "sample":
        return Path(__file__).parent / "sample.ics"
    if request.param in crowd.FEEDS:
        return studio / f"{request.param}.ics"
    work: Path = tmp_path_factory.mktemp(request.param)
    if request.param == "hard":
        hard.write(work / "book")
    else:
        shutil.copytree(PROJECT / "contacts", work / "book" / "contacts")
        shutil.copy(PROJECT / "plaintextcrm.yaml", work / "book")
    return exported(work)


def exported(work: Path) -> Path:
    """The feed that the real command makes of the address book in this folder."""
    environment = {**os.environ, "HOME": str(work), "XDG_CACHE_HOME": str(work / "cache")}
    subprocess.run(
        [*COMMAND, "-C", str(work / "book"), "--today", hard.TODAY, "export", "ics"],
        env=environment,
        check=True,
    )
    return work / "book" / "follow-ups.ics"


@pytest.fixture(params=READERS, ids=[reader.name for reader in READERS])
def reader(request: pytest.FixtureRequest) -> Reader:
    """Each real program in turn."""
    chosen: Reader = request.param
    return chosen


@contextmanager
def needs_programs() -> Iterator[None]:
    """Skip the test when a program is missing, and fail it where all must be there."""
    try:
        yield
    except MissingProgram as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


def test_same_count(reader: Reader, feed: Path, tmp_path: Path) -> None:
    with needs_programs():
        count = reader.count(feed, tmp_path)
    assert count == feed.read_bytes().count(b"\r\nBEGIN:VEVENT\r\n") > 0


def test_same_days_over_four_years(reader: Reader, feed: Path, tmp_path: Path) -> None:
    with needs_programs():
        seen = reader.occurrences(feed, START, END, tmp_path)
    assert seen == expected(feed, reader) != []


@pytest.mark.parametrize("feed", ["hard"], indirect=True)
def test_days_are_those_of_the_files(reader: Reader, feed: Path, tmp_path: Path) -> None:
    with needs_programs():
        seen = reader.occurrences(feed, START, END, tmp_path)
        count = reader.count(feed, tmp_path)
    assert [start for start, _title, _uid in seen] == [start for start, _name in hard.days()]
    for start, name in hard.days():
        assert any(row[0] == start and name in row[1] for row in seen), (start, name)
    assert count == hard.COUNT


@pytest.mark.parametrize("name", crowd.TASKS)
def test_tasks_arrive_whole(studio: Path, name: str, tmp_path: Path) -> None:
    feed = studio / f"{name}.ics"
    with needs_programs():
        stored = fetched(feed, tmp_path)
    tasks = icalendar.Calendar.from_ical(feed.read_bytes()).todos
    seen = [icalendar.Calendar.from_ical(text).todos for text in stored]
    assert sorted(_task(task) for (task,) in seen) == sorted(map(_task, tasks)) != []


def _task(task: icalendar.Todo) -> tuple[str, str, str]:
    return str(task["SUMMARY"]), str(task["DESCRIPTION"]), str(task["DUE"].to_ical())


@pytest.mark.parametrize("name", crowd.TASKS)
def test_no_reader_takes_tasks_for_events_or_complains(
    reader: Reader, studio: Path, name: str, tmp_path: Path
) -> None:
    with needs_programs():
        assert reader.count(studio / f"{name}.ics", tmp_path) == 0


def expected(feed: Path, reader: Reader) -> list[Occurrence]:
    """The same by hand: each yearly event put into each year, with no rule engine to trust."""
    rows = [
        (as_text(start), reader.reads(str(event["SUMMARY"])), str(event["UID"]))
        for event in icalendar.Calendar.from_ical(feed.read_bytes()).events
        for start in starts(event)
    ]
    return sorted(row for row in rows if START.isoformat() <= row[0] < END.isoformat())


def starts(event: icalendar.Event) -> list[date]:
    """When the event starts: once, or in each year of the window that it had begun by."""
    if not event.rrules:
        return [event.start]
    (rule,) = event.rrules
    years = range(max(event.start.year, START.year), END.year + 1)
    return [in_year(event.start, year, dict(rule)) for year in years]


def in_year(first: date, year: int, rule: dict[str, object]) -> date:
    """The day of a yearly event; only the two rules that our feeds use are known."""
    if rule == EVERY_YEAR:
        return first.replace(year=year)
    if rule == LAST_OF_FEBRUARY:
        return first.replace(year=year, month=2, day=calendar.monthrange(year, 2)[1])
    raise ValueError(f"no feed of ours repeats by {rule}")
