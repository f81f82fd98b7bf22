"""What a feed has no room for is only counted: the same feed as if each of it had been looked at."""

import time
from datetime import date, datetime
from pathlib import Path

import pytest

from benchmarks.people import TODAY, generate
from plaintextcrm.book.answers import EVERYONE
from plaintextcrm.book.book import Book
from plaintextcrm.feed import build
from plaintextcrm.feed.build import Feed
from plaintextcrm.feed.event import Event
from plaintextcrm.feed.memory import stamped
from plaintextcrm.feed.render import render
from plaintextcrm.model.settings import FeedSettings

NOW = datetime.fromisoformat("2026-11-22T10:00:00+00:00")
ROLL = "overdue: roll\n"  # as the settings of these people say
FEEDS = [
    FeedSettings(),
    FeedSettings(tasks=True),
    FeedSettings(anonymous=True, kinds=("birthday",)),
]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    generate(folder, 60)
    return folder


def made(folder: Path, feed: FeedSettings, rule: str = ROLL, previous: str | None = None) -> Feed:
    settings = (folder / "plaintextcrm.yaml").read_text("utf-8")
    (folder / "plaintextcrm.yaml").write_text(settings.replace(ROLL, rule), "utf-8")
    book = Book(folder, None)
    try:
        book.refresh(lambda settings: TODAY, time.time_ns())
        return build.build(book, EVERYONE, feed, previous, NOW)
    finally:
        book.close()
        (folder / "plaintextcrm.yaml").write_text(settings, "utf-8")


@pytest.mark.parametrize("feed", FEEDS, ids=["events", "tasks", "birthdays"])
@pytest.mark.parametrize("rule", [ROLL, "overdue: keep\n", f"{ROLL}max_per_day: 3\n"])
def test_what_is_far_is_counted(
    people: Path, monkeypatch: pytest.MonkeyPatch, feed: FeedSettings, rule: str
) -> None:
    monkeypatch.setattr(build, "MAX_BYTES", 4000)
    monkeypatch.setattr(build, "MOST", 1_000_000)
    whole = made(people, feed, rule)
    monkeypatch.setattr(build, "MOST", 4000 // 200)
    near = made(people, feed, rule)
    assert (near.text, near.events, near.left_out) == (whole.text, whole.events, whole.left_out)
    assert near.left_out > 10
    # The feed before had room for events that are far now: nobody takes their contacts for lost.
    monkeypatch.setattr(build, "MAX_BYTES", 1_000_000)
    monkeypatch.setattr(build, "MOST", 1_000_000)
    before = made(people, feed, rule).text
    monkeypatch.setattr(build, "MOST", 4000 // 200)
    assert (again := made(people, feed, rule, before)).before == again.heads


def test_no_event_is_so_small_that_more_than_the_most_fit() -> None:
    day = date(2026, 11, 22)
    for task in (False, True):
        event = Event(
            f"{'0' * 16}-{'0' * 16}@plaintextcrm", day, "A", "contacts/a.yaml", "need", task=task
        )
        text = stamped(render([event])[0], "20261122T000000Z", "20261122T000000Z", 0)
        assert len(text) * build.MOST > build.MAX_BYTES
