"""F38: who reads while the feed is replaced, and while the writer is killed, sees whole feeds only."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPException
from itertools import pairwise
from pathlib import Path

import pytest

from plaintextcrm.watch.changes import SAVED
from plaintextcrm.web.body import is_calendar
from tests.conftest import COMMAND, AddressBook
from tests.watch.watcher import until

from .conftest import Serve, path_of
from .serving import Reply, Serving, get

READERS = 8
REWRITES = 200
KILLS = 50
MANY = 40  # contacts that never change
PERSON = "name: {0}\ncadence: none\nfollow_ups:\n  - {{date: 2026-12-01, note: {1}}}\n"


@pytest.fixture
def eva(book: AddressBook) -> Path:
    """One contact to save again and again, among others."""
    for number in range(MANY):
        book.write(f"p{number}.yaml", PERSON.format(f"Person {number}", "x" * 200))
    return book.write("eva.yaml", PERSON.format("Eva", "note-0."))


class Readers:
    """Threads that read again and again, and keep what was wrong."""

    def __init__(self, read: Callable[[], bytes | None]) -> None:
        self._read = read
        self._ended = threading.Event()
        self.whole = 0
        self.wrong: list[bytes] = []
        self.texts: set[bytes] = set()
        self._threads = [threading.Thread(target=self._go) for _ in range(READERS)]

    def _go(self) -> None:
        while not self._ended.is_set():
            body = self._read()
            self._ended.wait(0.02 if body is None else 0.005)  # leave the processor to the server
            if body is None:
                continue
            if is_calendar(body) and body.count(b"\r\nBEGIN:VEVENT\r\n") == MANY + 1:
                self.whole += 1
                self.texts.add(body)
            else:
                self.wrong.append(body)

    def __enter__(self) -> "Readers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()


def served(url: str) -> bytes | None:
    """A body as it came; None where there was no whole answer, and the reader could tell."""
    try:
        reply = get(url)
    except (OSError, HTTPException):
        return None
    return as_told(reply)


def as_told(reply: Reply) -> bytes:
    return reply.body if reply.status == 200 and reply.is_whole else b"%d" % reply.status


def save(eva: Path, number: int) -> None:
    """As many editors save: whole, by a rename."""
    temporary = eva.with_name(".eva.tmp")
    temporary.write_text(PERSON.format("Eva", f"note-{number}."), "utf-8")
    temporary.replace(eva)


def test_f38_readers_against_rewrites(book: AddressBook, eva: Path, serve: Serve) -> None:
    """Each save waits until it is served, so each is a rewrite."""
    server = serve()
    url = server.base + path_of(book)
    server.until(lambda: get(url).body.count(b"BEGIN:VEVENT") == MANY + 1)
    with Readers(lambda: served(url)) as readers:
        for number in range(1, REWRITES + 1):
            save(eva, number)
            until(lambda: b"note-%d." % number in get(url).body)  # noqa: B023
    assert readers.wrong == []
    assert len(readers.texts) > REWRITES // 4
    assert readers.whole > REWRITES


@contextmanager
def free_port() -> Iterator[int]:
    with socket.socket() as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind(("127.0.0.1", 0))
        yield place.getsockname()[1]


def test_f38_readers_against_kills(book: AddressBook, eva: Path, tmp_path: Path) -> None:
    """The writer is killed at any moment of its work, and begins anew; both the readers of the file
    and those of the server are there all the time.
    """
    path = path_of(book)
    assert book.run("export", "ics").code == 0
    with free_port() as port:
        pass
    url, file = f"http://127.0.0.1:{port}{path}", book.folder / "follow-ups.ics"
    with ExitStack() as stack:
        over_http = stack.enter_context(Readers(lambda: served(url)))
        over_disk = stack.enter_context(Readers(file.read_bytes))
        for number in range(1, KILLS + 1):
            log = tmp_path / f"log-{number}"
            with Serving(COMMAND, book.folder, log, f"--port={port}") as server:
                until(lambda: over_http.whole + len(over_http.wrong) >= number)  # noqa: B023
                save(eva, number)
                time.sleep(0.3 * number / KILLS)  # the moment of the kill, not a wait for anything
                os.killpg(server.group, signal.SIGKILL)
                until(lambda: not server.is_running())
    assert over_http.wrong == over_disk.wrong == []
    assert over_http.whole >= KILLS
    assert over_disk.whole > KILLS
    assert book.run("check").code == 0
    with Serving(COMMAND, book.folder, tmp_path / "last", f"--port={port}") as server:
        assert b"note-%d." % KILLS in get(url).body
        assert [path.name for path in book.folder.glob(".plaintextcrm*.tmp")] == []


def test_f32_a_burst_is_few_rewrites(book: AddressBook, eva: Path, serve: Serve) -> None:
    """A hundred saves at once: who polls all the time gets three new feeds at most, and one more for
    each time that the saves themselves made a pause.
    """
    server = serve()
    url = server.base + path_of(book)
    seen = [get(url).headers["etag"]]
    saved = [time.monotonic()]
    for number in range(1, 101):
        save(eva, number)
        saved.append(time.monotonic())
    pauses = sum(later - earlier > SAVED / 2 for earlier, later in pairwise(saved))
    while b"note-100." not in (reply := get(url)).body:
        seen.append(reply.headers["etag"])
    seen.append(reply.headers["etag"])
    assert len(set(seen)) - 1 <= 3 + pauses


def test_f36_its_own_output_is_no_news(book: AddressBook, eva: Path, serve: Serve) -> None:
    """What it writes into the book, and who reads the feed and the contacts, makes no work."""
    server = serve()
    url = server.base + path_of(book)
    before, written = get(url), (book.folder / "follow-ups.ics").stat()
    for _ in range(20):
        assert get(url).body == before.body
        assert eva.read_bytes()
    save(eva, 1)
    server.until_line("eva.yaml changed")
    until(lambda: b"note-1." in get(url).body)
    save(eva, 2)
    until(lambda: b"note-2." in get(url).body)
    server.until_lines(3)
    assert [line.partition(";")[0] for line in server.lines] == [
        f"{MANY + 1} contacts", "contacts/eva.yaml changed", "contacts/eva.yaml changed",
    ]  # fmt: skip
    assert (book.folder / "follow-ups.ics").stat().st_mtime_ns > written.st_mtime_ns
