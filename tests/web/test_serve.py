"""`serve` as people and their calendar apps meet it: the real process, real files, real sockets."""

import gzip
import os
import shutil
import signal
import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import COMMAND, AddressBook
from tests.watch.watcher import clear, until

from .conftest import EVA, Serve, path_of
from .serving import Serving, get


def until_served(url: str, part: str) -> None:
    until(lambda: part.encode() in get(url).body, lambda: get(url))


# --- the feed -----------------------------------------------------------------------------------


def test_serves_the_file_byte_for_byte(book: AddressBook, url: str) -> None:
    plain, packed = get(url), get(url, Accept_Encoding="gzip")
    data = (book.folder / "follow-ups.ics").read_bytes()
    assert plain.is_whole and packed.is_whole
    assert plain.body == gzip.decompress(packed.body) == data
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert "server" not in plain.headers
    assert get(url, Accept_Encoding="").body == data


def test_follows_a_save(url: str, eva: Path) -> None:
    before = get(url)
    assert b"oldnote" in before.body
    eva.write_text(EVA.format("newnote"), "utf-8")
    until_served(url, "newnote")
    after = get(url, If_None_Match=before.headers["etag"])
    assert (after.status, after.is_whole) == (200, True)
    assert get(url, If_Modified_Since=before.headers["last-modified"]).status == 200
    assert get(url, If_None_Match=after.headers["etag"]).status == 304
    # In the second of the change, an app that goes by moments is told an earlier one, to be safe.
    until(lambda: get(url, If_Modified_Since=get(url).headers["last-modified"]).status == 304)


def test_f37_nothing_changed_nothing_sent(url: str, eva: Path, book: AddressBook) -> None:
    """A file that is saved as it was, a restart, and a cache that is gone change no tag."""
    before = get(url)
    eva.write_bytes(eva.read_bytes())
    book.write("jan.yaml", "name: Jan\n")
    assert get(url, If_None_Match=before.headers["etag"]).status == 304
    clear(Path(os.environ["XDG_CACHE_HOME"]))
    path = "/" + url.split("/", 3)[3]
    with Serving(COMMAND, book.folder, book.folder.parent / "again", "--port=0") as again:
        assert get(again.base + path, If_None_Match=before.headers["etag"]).status == 304
        later = get(again.base + path)
        assert later.body == before.body
        assert later.headers["last-modified"] == get(url).headers["last-modified"]


def test_head(url: str) -> None:
    head, whole = get(url, "HEAD"), get(url)
    assert (head.status, head.body) == (200, b"")
    moments = {"date": "", "last-modified": ""}  # a second may begin between the two
    assert {**head.headers, **moments} == {**whole.headers, **moments}
    assert head.headers.keys() == whole.headers.keys()


def test_several_feeds(book: AddressBook, eva: Path, serve: Serve) -> None:
    feeds = "- {name: 'Eva & co. č', path: eva.ics, query: eva}\n  - {name: jana, owner: jana}"
    book.write("plaintextcrm.yaml", f"people: [jana]\nfeeds:\n  {feeds}\n")
    server = serve()
    mine, hers = path_of(book, "Eva & co. č"), path_of(book, "jana")
    assert b"oldnote" in get(server.base + mine).body
    assert b"oldnote" not in get(server.base + hers).body
    crossed = hers.replace("jana.ics", mine.rpartition("/")[2])
    assert get(server.base + crossed).status == 404
    feed = "  - {name: new, title: New one}\n"
    book.write("plaintextcrm.yaml", f"people: [jana]\nfeeds:\n{feed}")
    server.until(lambda: get(server.base + mine).status == 404)
    assert b"New one" in get(server.base + path_of(book, "new")).body


def test_s14_private_contacts_are_in_no_answer(book: AddressBook, url: str) -> None:
    book.write("tajny.yaml", f"visibility: private\n{EVA.format('secretnote')}")
    book.write("eva.yaml", EVA.format("newnote"))
    until_served(url, "newnote")
    assert b"secretnote" not in get(url).body


# --- trouble that passes ------------------------------------------------------------------------


def test_a_broken_contact_changes_nothing_else(book: AddressBook, url: str, eva: Path) -> None:
    book.write("jan.yaml", EVA.format("jansnote"))
    until_served(url, "jansnote")
    book.write("jan.yaml", "name: [Jan\n")
    eva.write_text(EVA.format("newnote"), "utf-8")
    until_served(url, "newnote")
    assert b"jansnote" in get(url).body


def test_f34_an_empty_folder_keeps_the_last_feed(
    book: AddressBook, eva: Path, serve: Serve
) -> None:
    server = serve()
    url = server.base + path_of(book)
    before = get(url)
    eva.unlink()
    server.until_line("kept as it was")
    assert get(url).body == before.body
    assert get(url, If_None_Match=before.headers["etag"]).status == 304


def test_f34_begun_on_an_empty_folder(book: AddressBook, eva: Path, serve: Serve) -> None:
    assert book.run("export", "ics").code == 0
    eva.unlink()
    reply = get(serve().base + path_of(book))
    assert reply.is_whole and b"oldnote" in reply.body


def test_settings_that_nobody_can_read(
    book: AddressBook, eva: Path, serve: Serve, tmp_path: Path
) -> None:
    """While they are broken the last feeds stay, also over a restart without a cache."""
    good = "feeds: [{name: jana, query: eva}, {name: petr}]\n"
    settings = book.write("plaintextcrm.yaml", good)
    paths = [path_of(book, name) for name in ("jana", "petr")]
    first = serve()
    before = [get(first.base + path).body for path in paths]
    settings.write_text("feeds: [{", "utf-8")
    eva.write_text(EVA.format("newnote"), "utf-8")
    first.until_line("plaintextcrm.yaml")
    assert [get(first.base + path).status for path in paths] == [200, 200]
    assert first.end(signal.SIGTERM) == 0
    shutil.rmtree(os.environ["XDG_CACHE_HOME"])
    again = serve()
    bodies = [get(again.base + path).body for path in paths]
    assert [len(body) > 0 and body.count(b"UID:") for body in bodies] == [1, 1]
    assert all(b"oldnote" in body for body in before)
    settings.write_text(good, "utf-8")
    again.until(lambda: all(b"newnote" in get(again.base + path).body for path in paths))


@pytest.mark.parametrize("harm", ["removed", "torn", "emptied", "replaced"])
def test_the_file_may_be_harmed(harm: str, book: AddressBook, eva: Path, serve: Serve) -> None:
    """What is served lies in memory: a file that somebody spoils is made anew, not handed out."""
    server = serve()
    url = server.base + path_of(book)
    before = get(url).body
    file = book.folder / "follow-ups.ics"
    if harm == "removed":
        file.unlink()
    else:
        text = {"torn": before[:300], "emptied": b"", "replaced": b"<html>"}[harm]
        file.write_bytes(text)
    book.write("jan.yaml", EVA.format("jansnote"))
    server.until_line("jan.yaml added")
    reply = get(url)
    assert reply.status == 200 and reply.is_whole
    assert b"oldnote" in reply.body and reply.body.endswith(b"END:VCALENDAR\r\n")


def test_f33_the_whole_book_is_gone_for_a_while(book: AddressBook, eva: Path, serve: Serve) -> None:
    server = serve()
    url = server.base + path_of(book)
    before = get(url).body
    away = book.folder.with_name("away")
    book.folder.rename(away)
    (away / "contacts" / "eva.yaml").write_text(EVA.format("newnote"), "utf-8")
    server.until(lambda: "not there now" in server.text)
    assert get(url).body == before
    away.rename(book.folder)
    server.until_line("all right again")
    until_served(url, "newnote")


def test_a_feed_that_was_never_written(book: AddressBook, eva: Path, serve: Serve) -> None:
    (book.folder / "follow-ups.ics").mkdir()
    server = serve()
    url = server.base + path_of(book)
    reply = get(url)
    assert (reply.status, reply.headers["retry-after"]) == (503, "60")
    (book.folder / "follow-ups.ics").rmdir()
    eva.touch()
    server.until(lambda: get(url).status == 200)


# --- beginning and end --------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_ends_by_a_signal(
    number: signal.Signals, code: int, book: AddressBook, eva: Path, serve: Serve
) -> None:
    """Connections that are open, idle or slow do not keep it."""
    server = serve()
    get(server.base + path_of(book))
    with server.connect() as idle, server.connect() as slow:
        idle.sendall(b"GET / HTTP/1.1\r\nHost: localhost:%d\r\n\r\n" % server.port)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += (piece := idle.recv(65536))
            assert piece
        assert answer.startswith(b"HTTP/1.1 404")
        slow.sendall(b"GET / HTTP/1.1\r\n")
        assert server.end(number) == code
    assert "Error" not in server.text
    with pytest.raises(ConnectionRefusedError):
        server.connect()


def test_a_port_that_is_taken(book: AddressBook, eva: Path, serve: Serve) -> None:
    server = serve()
    answer = book.process("serve", f"--port={server.port}")
    assert answer.code == 3
    assert f"127.0.0.1, port {server.port}: cannot be listened to" in answer.err
    assert "--port" in answer.err
    assert not answer.out


@pytest.mark.parametrize("arguments", [["--host=nowhere.invalid"], ["--host=203.0.113.9"],
                                       ["--host=a\0b"], ["--host=" + "x" * 300]])  # fmt: skip
def test_a_place_that_is_not_ours(arguments: list[str], book: AddressBook, eva: Path) -> None:
    answer = book.run("serve", "--port=0", *arguments)
    assert answer.code == 3
    assert "cannot be listened to" in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    "base",
    ["cal.example.com", "ftp://x", "https://", "https://u:p@x", "https://x/?a", "https://x/#a",
     "https://x:99999", "https://x y", "https://x\n", "https://[::1", "https://ž.example", ""],
)  # fmt: skip
def test_a_base_that_is_none(base: str, book: AddressBook, eva: Path) -> None:
    for command in (["serve", "--port=0"], ["feed-url"]):
        answer = book.run(*command, "--base", base)
        assert answer.code == 2, answer
        assert "https://calendar.example.com" in answer.err


def test_takes_its_port_again_after_a_kill(book: AddressBook, eva: Path, tmp_path: Path) -> None:
    path = path_of(book)
    first = Serving(COMMAND, book.folder, tmp_path / "first", "--port=0")
    with first:
        port = first.port
        assert get(f"http://127.0.0.1:{port}{path}").status == 200
        os.killpg(first.group, signal.SIGKILL)
        until(lambda: not first.is_running())
    assert first.code == -signal.SIGKILL
    with Serving(COMMAND, book.folder, tmp_path / "second", f"--port={port}"):
        assert get(f"http://127.0.0.1:{port}{path}").is_whole


def test_asks_while_it_begins_are_answered(book: AddressBook, eva: Path, tmp_path: Path) -> None:
    """The port is taken first; who asks before the first look waits for its end."""
    path = path_of(book)
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
    seen: list[int] = []
    over = threading.Event()

    def ask() -> None:
        while not seen and not over.is_set():
            with suppress(ConnectionRefusedError):
                seen.append(get(f"http://127.0.0.1:{port}{path}").status)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        with Serving(COMMAND, book.folder, tmp_path / "log", f"--port={port}"):
            until(lambda: seen)
    finally:
        over.set()
        thread.join()
    assert seen == [200]
