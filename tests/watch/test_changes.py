"""What is news, and when a burst of it is over: real folders, the system's own events."""

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from watchdog.events import (
    DirCreatedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
)

from plaintextcrm.watch.changes import LONGEST, QUIET, SAVED, Burst, Changes

from .watcher import DROPPINGS

SHORT = 0.7  # seconds; longer than watchdog keeps back half a move
LIMIT = 60.0
EVA = "book/contacts/eva.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An address book with one contact."""
    (tmp_path / "contacts").mkdir()
    (tmp_path / "contacts/eva.yaml").write_text("name: Eva\n", "utf-8")
    return tmp_path


@pytest.fixture
def changes(folder: Path) -> Iterator[Changes]:
    """Its changes, from now on."""
    watching = Changes(folder, ("plaintextcrm.yaml", "contacts"))
    watching.start()
    assert watching.follow([folder, folder / "contacts"])
    while watching.wait(0 if sys.platform == "linux" else SHORT):
        pass  # other systems tell what happened before, too
    yield watching
    watching.close()


def test_f35_droppings_are_no_news(folder: Path, changes: Changes) -> None:
    for place in (folder, folder / "contacts"):
        for name in DROPPINGS:
            (place / name).write_bytes(b"name: Nobody\n")
            (place / name).unlink()
    assert not changes.wait(SHORT)


def test_f36_own_output_is_no_news(folder: Path, changes: Changes) -> None:
    for name in ("follow-ups.ics", "contacts/follow-ups.ics"):
        (folder / f"{name}.tmp").write_bytes(b"BEGIN:VCALENDAR\r\n")
        (folder / f"{name}.tmp").replace(folder / name)
    assert not changes.wait(SHORT)


def test_reading_is_no_news(folder: Path, changes: Changes) -> None:
    (folder / "contacts/eva.yaml").read_bytes()
    list((folder / "contacts").iterdir())
    assert not changes.wait(SHORT)


def test_settings_are_news_and_other_files_beside_them_are_not(
    folder: Path, changes: Changes
) -> None:
    (folder / "other.yaml").write_text("a: b\n", "utf-8")
    assert not changes.wait(SHORT)
    (folder / "plaintextcrm.yaml").write_text("currency: CZK\n", "utf-8")
    assert changes.wait(LIMIT)


@pytest.mark.parametrize("how", ["moved", "deleted"])
@pytest.mark.parametrize("which", ["contacts/acme", "contacts/acme/deep"])
def test_folder_of_the_same_name_is_watched_anew(
    how: str, which: str, folder: Path, changes: Changes
) -> None:
    """The folder itself is another one, or one above it; a deleted one's inode is soon used again."""
    contacts, acme, watched = folder / "contacts", folder / "contacts/acme", folder / which
    watched.mkdir(parents=True)
    assert changes.follow([folder, contacts, acme, watched])
    if how == "moved":
        acme.rename(folder / "old")
    else:
        shutil.rmtree(acme)
    watched.mkdir(parents=True)
    assert changes.wait(LIMIT)
    assert changes.follow([folder, contacts, acme, watched])
    while changes.wait(SHORT):
        pass
    (watched / "jan.yaml").write_text("name: Jan\n", "utf-8")
    assert changes.wait(LIMIT)


def test_folder_that_is_gone_is_no_reason_to_complain(folder: Path, changes: Changes) -> None:
    assert not changes.follow([folder, folder / "contacts", folder / "gone"])
    assert changes.complete


def test_stop_ends_a_wait(changes: Changes) -> None:
    threading.Timer(0.1, changes.stop).start()
    begin = time.monotonic()
    assert not changes.wait(LIMIT)
    assert time.monotonic() - begin < LIMIT
    assert not changes.wait(LIMIT)


def test_close_leaves_no_thread(folder: Path) -> None:
    before = set(threading.enumerate())
    watching = Changes(folder, ())
    watching.start()
    watching.follow([folder, folder / "contacts"])
    assert set(threading.enumerate()) > before
    watching.close()
    assert {thread for thread in threading.enumerate() if thread.is_alive()} <= before


def test_steady_stream_is_looked_at_all_the_same(folder: Path, changes: Changes) -> None:
    """A program that never stops writing: `wait` ends though there is no quiet."""
    going = threading.Event()

    def write() -> None:
        while not going.is_set():
            (folder / "contacts/eva.yaml").write_text("name: Eva\n", "utf-8")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        begin = time.monotonic()
        assert changes.wait(LIMIT)
        assert time.monotonic() - begin < LIMIT
    finally:
        going.set()
        writer.join()


# --- when a burst is over -----------------------------------------------------------------------


def created(path: str = EVA) -> FileSystemEvent:
    return FileCreatedEvent(path)


WRITTEN = LONGEST if sys.platform == "linux" else QUIET
BURSTS: list[tuple[str, list[FileSystemEvent], float]] = [
    ("begun", [created()], QUIET),
    ("open", [created(), FileModifiedEvent(EVA)], WRITTEN),
    ("closed", [created(), FileModifiedEvent(EVA), FileClosedEvent(EVA)], SAVED),
    ("one of two", [FileModifiedEvent(EVA), FileModifiedEvent("b.yaml"), FileClosedEvent(EVA)], WRITTEN),
    ("renamed into place", [FileMovedEvent("book/contacts/x.tmp", EVA)], SAVED),
    ("written, renamed", [FileModifiedEvent("a.yaml"), FileMovedEvent("a.yaml", EVA)], QUIET),
    ("moved to a backup", [FileMovedEvent(EVA, f"{EVA}~")], QUIET),
    ("backup, new", [FileMovedEvent(EVA, f"{EVA}~"), created(), FileClosedEvent(EVA)], SAVED),
    ("deleted", [FileDeletedEvent(EVA)], QUIET),
    ("attributes", [FileAttribEvent(EVA)], SAVED),
    ("closed, attributes", [FileClosedEvent(EVA), FileAttribEvent(EVA)], SAVED),
    ("folder", [DirCreatedEvent("book/contacts/acme")], QUIET),
]  # fmt: skip


@pytest.mark.parametrize(
    ("events", "pause"), [row[1:] for row in BURSTS], ids=[row[0] for row in BURSTS]
)
def test_f31_when_a_burst_is_over(events: list[FileSystemEvent], pause: float) -> None:
    burst = Burst(begun=100.0)
    for event in events:
        burst.note(event)
    assert burst.pause(100.0) == pause
    assert burst.pause(101.9) == pytest.approx(min(pause, 0.1))
    assert not burst.is_too_long(101.9)
    assert burst.is_too_long(102.0)
