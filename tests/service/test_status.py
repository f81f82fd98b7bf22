"""`status`: what runs, when feeds were written, what is wrong; 0 where nothing is."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from plaintextcrm.cli import status as patient
from plaintextcrm.service.running import Run, runs, shown
from tests.conftest import COMMAND, AddressBook
from tests.watch.watcher import LIMIT, Watcher, until
from tests.web.serving import Serving

EVA = "name: Eva Malá\nfollow_ups:\n  - {{date: 2026-12-01, note: {}}}\n"


@pytest.fixture(autouse=True)
def _no_services(units: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's own services are looked at; a watcher on a busy machine is waited for."""
    monkeypatch.setattr(patient, "PATIENCE", LIMIT)


@pytest.fixture
def eva(book: AddressBook) -> Path:
    return book.write("eva.yaml", EVA.format("first"))


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def running(stack: ExitStack, kind: type[Watcher], book: AddressBook, *words: str) -> Watcher:
    """A command that runs until the test ends."""
    log = book.folder.parent / f"{kind.verb}-{len(list(book.folder.parent.iterdir()))}.log"
    return stack.enter_context(kind(COMMAND, book.folder, log, *words))


def status(book: AddressBook) -> dict[str, Any]:
    answer = book.run("status", "--format", "json")
    found: dict[str, Any] = json.loads(answer.out)
    assert answer.code == (1 if found["wrong"] else 0)
    return found


def states(book: AddressBook) -> list[Path]:
    """The files in which commands say that they run."""
    cache = Path(os.environ["XDG_CACHE_HOME"])
    return sorted(cache.glob("plaintextcrm/*-running/*"))


def test_never_written_then_up_to_date_then_not(book: AddressBook, eva: Path) -> None:
    [line] = status(book)["wrong"]
    assert line.startswith(f"{book.folder}/follow-ups.ics: never written. ")
    book.run("export", "ics")
    assert status(book)["feeds"][0]["current"] is True
    text = book.run("status").out.splitlines()
    assert text[0] == str(book.folder)
    assert text[1] == "nothing runs: feeds stay as they are until you write them"
    assert text[2].endswith(", up to date")
    before = (book.folder / "follow-ups.ics").read_bytes()
    book.write("eva.yaml", EVA.format("second"))
    [line] = status(book)["wrong"]
    assert "not up to date" in line
    assert (book.folder / "follow-ups.ics").read_bytes() == before
    assert book.run("status", today="2026-11-23").code == 1  # what was for yesterday


def test_the_time_of_writing_is_the_files(book: AddressBook, eva: Path) -> None:
    book.run("export", "ics")
    feed = book.folder / "follow-ups.ics"
    os.utime(feed, (1_800_000_000, 1_800_000_000))
    written = datetime.fromisoformat(status(book)["feeds"][0]["written"])
    assert written.timestamp() == 1_800_000_000


def test_watch_is_seen_while_it_runs(book: AddressBook, eva: Path, stack: ExitStack) -> None:
    watcher = running(stack, Watcher, book)
    watcher.until_feed("first")
    found = status(book)
    [run] = found["running"]
    assert (run["command"], run["pid"], run["address"]) == ("watch", watcher.group, "")
    assert datetime.fromisoformat(run["since"]).tzinfo
    assert found["wrong"] == []
    [file] = states(book)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    watcher.end(signal.SIGTERM)
    assert (status(book)["running"], states(book)) == ([], [])


def test_who_asks_just_after_a_save_is_told_what_comes_of_it(
    book: AddressBook, eva: Path, stack: ExitStack
) -> None:
    watcher = running(stack, Watcher, book)
    watcher.until_feed("first")
    for number in range(5):
        book.write("eva.yaml", EVA.format(f"note{number}"))
        assert status(book)["feeds"][0]["current"] is True
        assert f"note{number}" in watcher.feed()


def test_serve_says_its_address(book: AddressBook, eva: Path, stack: ExitStack) -> None:
    server = running(stack, Serving, book, "--port=0")
    assert isinstance(server, Serving)
    [run] = status(book)["running"]
    assert (run["command"], run["pid"], run["address"]) == ("serve", server.group, server.base)
    assert f"serve runs at {server.base}, process {server.group}, since" in book.run("status").out


def test_several_at_once_and_where_they_write(
    book: AddressBook, eva: Path, stack: ExitStack, tmp_path: Path
) -> None:
    (tmp_path / "site").mkdir()
    running(stack, Watcher, book).until_feed("first")
    site = tmp_path / "site" / "follow-ups.ics"
    running(stack, Watcher, book, "--publish", str(site.parent)).until(site.exists)
    all_ = tmp_path / "all.ics"
    running(stack, Watcher, book, "-o", str(all_)).until(all_.exists)
    found = status(book)
    assert len(found["running"]) == 3
    assert {feed["path"] for feed in found["feeds"]} == {
        str(book.folder / "follow-ups.ics"),
        str(site),
        str(all_),
    }
    assert found["wrong"] == []


def test_a_killed_one_is_told_until_it_is_started_again(
    book: AddressBook, eva: Path, stack: ExitStack
) -> None:
    watcher = running(stack, Watcher, book)
    watcher.until_feed("first")
    watcher.end(signal.SIGKILL)
    found = status(book)
    assert found["running"] == []
    assert [line.split(";")[0] for line in found["wrong"]] == [
        f"watch, process {watcher.group}, ended without a word"
    ]
    again = running(stack, Watcher, book)
    [run] = status(book)["running"]
    assert run["pid"] == again.group
    assert len(states(book)) == 1


def test_a_process_that_got_the_number_of_a_dead_one_is_not_taken_for_it(
    book: AddressBook, eva: Path, stack: ExitStack
) -> None:
    book.run("export", "ics")
    watcher = running(stack, Watcher, book)
    [file] = states(book)
    mine = file.read_text("utf-8").replace(f'"pid": {watcher.group}', f'"pid": {os.getpid()}')
    assert mine != file.read_text("utf-8")
    watcher.end(signal.SIGTERM)
    file.with_name(f"watch-{os.getpid()}.json").write_text(mine, "utf-8")
    found = status(book)
    assert found["running"] == []
    assert f"process {os.getpid()}, ended without a word" in found["wrong"][0]


def test_what_is_not_ours_is_not_believed(book: AddressBook, eva: Path, stack: ExitStack) -> None:
    book.run("export", "ics")
    watcher = running(stack, Watcher, book)
    [file] = states(book)
    for number, text in enumerate(["", "{", "[]", '{"command": 1}', '{"pid": 1, "only": 3}']):
        file.with_name(f"x{number}.json").write_text(text, "utf-8")
    file.with_name("link.json").symlink_to(file)
    os.mkfifo(file.with_name("pipe.json"))
    found = status(book)
    assert [run["pid"] for run in found["running"]] == [watcher.group]
    assert found["wrong"] == []


def test_after_the_cache_was_cleared_it_is_there_again(
    book: AddressBook, eva: Path, stack: ExitStack
) -> None:
    watcher = running(stack, Watcher, book)
    [file] = states(book)
    file.unlink()
    assert status(book)["running"] == []
    book.write("eva.yaml", EVA.format("second"))
    watcher.until_feed("second")
    watcher.until(lambda: status(book)["running"])
    assert states(book) == [file]


def test_broken_files_are_told(book: AddressBook, eva: Path) -> None:
    for number in range(12):
        book.write(f"broken{number:02}.yaml", "name: Jan\nbirthday: soon\n")
    book.run("export", "ics")
    wrong = status(book)["wrong"]
    assert wrong[0].startswith("contacts/broken00.yaml:2:11: error[bad-date]: ")
    assert wrong[-1] == "2 more errors: see `plaintextcrm check`"
    assert len(wrong) == 11


def test_a_feed_that_cannot_be_written_is_told(book: AddressBook, eva: Path) -> None:
    (book.folder / "follow-ups.ics").write_text("my notes", "utf-8")
    [line] = status(book)["wrong"]
    assert "not a feed of ours" in line


def test_a_feed_that_is_kept_is_told(book: AddressBook, eva: Path) -> None:
    book.run("export", "ics")
    eva.unlink()
    [line] = status(book)["wrong"]
    assert "1 of its 1 contacts have no file any more" in line


def test_a_service_of_which_the_system_says_nothing(
    book: AddressBook, eva: Path, asked: Path, units: Path, stack: ExitStack
) -> None:
    book.run("export", "ics")
    book.run("watch", "--install")
    [unit] = units.iterdir()
    found = status(book)
    assert found["services"] == [
        {"name": unit.stem, "command": "watch", "state": "unknown", "file": str(unit)}
    ]
    assert found["wrong"][0].startswith(f"{unit.stem}: installed, and does not run. ")
    running(stack, Watcher, book)
    assert status(book)["wrong"] == []


def test_a_cache_that_cannot_be_written_stops_nothing(
    book: AddressBook, eva: Path, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    watcher = running(stack, Watcher, book)
    watcher.until_feed("first")
    assert status(book)["running"] == []


def test_nobody_sees_half_a_sign(tmp_path: Path) -> None:
    """Whoever looks while others come and go sees them whole and alive, or not at all."""
    script = (
        "import os, sys; from pathlib import Path; from plaintextcrm.service.running import *\n"
        "while True:\n"
        "    with shown(Path(sys.argv[1]), Run('watch', os.getpid(), 'now', 'x' * 5000)): pass\n"
    )
    others = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) for _ in range(2)]
    try:
        seen: set[int] = set()

        def both_seen() -> bool:
            for one in runs(tmp_path):
                assert one.alive
                assert one.run.address == "x" * 5000
                seen.add(one.run.pid)
            return len(seen) == 2

        for _ in range(100):
            seen.clear()
            until(both_seen)
    finally:
        for other in others:
            other.kill()
            other.wait()


def test_who_comes_forgets_the_dead_and_leaves_the_living(tmp_path: Path) -> None:
    alive = Run("watch", 1, "now")
    with shown(tmp_path, alive):
        (tmp_path / "serve-2.json").write_text((tmp_path / "watch-1.json").read_text())
        assert [one.alive for one in runs(tmp_path)] == [False, True]
        with shown(tmp_path, Run("serve", 3, "now")):
            assert [one.run.pid for one in runs(tmp_path)] == [3, 1]
        assert [one.run for one in runs(tmp_path)] == [alive]
    assert runs(tmp_path) == []
