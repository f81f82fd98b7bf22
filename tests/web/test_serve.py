"""`serve` as people and their calendar apps meet it: the real process, real files, real sockets."""

import gzip
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from tests.conftest import COMMAND, AddressBook
from tests.watch.watcher import LIMIT, until

from .conftest import Serve, path_of
from .serving import Serving, get

EVA = "name: Eva Malá\ncadence: none\nfollow_ups:\n  - {{date: 2026-12-01, note: {}}}\n"


@pytest.fixture
def eva(book: AddressBook) -> Path:
    return book.write("eva.yaml", EVA.format("oldnote"))


@pytest.fixture
def url(book: AddressBook, eva: Path, serve: Serve) -> str:
    """The feed's address on a running server."""
    return serve().base + path_of(book)


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
    shutil.rmtree(os.environ["XDG_CACHE_HOME"])
    path = "/" + url.split("/", 3)[3]
    with Serving(COMMAND, book.folder, book.folder.parent / "again", "--port=0") as again:
        assert get(again.base + path, If_None_Match=before.headers["etag"]).status == 304
        later = get(again.base + path)
        assert later.body == before.body
        assert later.headers["last-modified"] == before.headers["last-modified"]


def test_head(url: str) -> None:
    head, whole = get(url, "HEAD"), get(url)
    assert (head.status, head.body) == (200, b"")
    without_date = [{**reply.headers, "date": ""} for reply in (head, whole)]
    assert without_date[0] == without_date[1]


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


# --- S10 to S14: who may ask --------------------------------------------------------------------


def test_s10_a_page_elsewhere_is_not_answered(url: str) -> None:
    port = url.split(":")[2].split("/")[0]
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.2:{port}"):
        reply = get(url, Host=host)
        assert reply.status == 421 and b"VCALENDAR" not in reply.body
    assert get(url, Host=f"localhost:{port}").status == 200


def test_s10_the_name_of_the_web_server_before_it(
    book: AddressBook, eva: Path, serve: Serve
) -> None:
    server = serve("--base", "https://cal.example.com/crm/")
    url = server.base + path_of(book)
    assert get(url, Host="cal.example.com").status == 200
    assert get(url, Host="example.com").status == 421


def test_s11_a_form_elsewhere_changes_nothing(url: str) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        reply = get(url, method, Origin="https://evil.example")
        assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")
        assert not [name for name in reply.headers if name.startswith("access-control")]


def test_s12_only_this_machine_can_ask(book: AddressBook, eva: Path, serve: Serve) -> None:
    server = serve()
    assert get(server.base + path_of(book)).status == 200
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.port), timeout=LIMIT)
    assert "Careful" not in server.text


def test_s12_a_wider_address_is_told(book: AddressBook, eva: Path, serve: Serve) -> None:
    server = serve("--host=0.0.0.0")
    assert "Careful: whoever reaches 0.0.0.0" in server.text
    found = re.search(r"http://0\.0\.0\.0:(\d+)", server.text)
    assert found
    url = f"http://127.0.0.2:{found[1]}{path_of(book)}"
    assert get(url).status == 200
    assert get(url, Host=f"evil.example:{found[1]}").status == 421


def test_s13_revoked_with_the_next_request(book: AddressBook, eva: Path, serve: Serve) -> None:
    server = serve()
    assert "No feed has an address yet" in server.text
    janas, petrs = path_of(book, "follow-ups", "--for=jana"), path_of(book, "follow-ups")
    assert get(server.base + janas).status == get(server.base + petrs).status == 200
    assert book.run("feed-url", "follow-ups", "--for=jana", "--revoke").code == 0
    gone, never = get(server.base + janas), get(server.base + "/feeds/x/y.ics")
    assert gone.status == 404
    assert {**gone.headers, "date": ""} == {**never.headers, "date": ""}
    assert gone.body == never.body
    assert get(server.base + petrs).status == 200
    renewed = path_of(book, "follow-ups", "--for=jana")
    assert renewed != janas
    assert get(server.base + renewed).status == 200


def test_s13_the_secret_is_in_no_log(book: AddressBook, eva: Path, serve: Serve) -> None:
    """Whatever is asked, and whatever goes wrong."""
    server = serve()
    path = path_of(book)
    secret = path.split("/")[2]
    get(server.base + path)
    get(server.base + path, Host="evil.example")
    get(server.base + path, "POST")
    get(server.base + path + "x")
    host = b"Host: localhost:%d\r\n" % server.port
    for lie in (b"\0", b" HTTP/9.9\r\n", b" HTTP/1.1\r\nX: \0\r\n\r\n", b"\xff HTTP/1.1\r\n\r\n"):
        server.say(b"GET %s%s" % (path.encode(), lie + b"\r\n" + host))
    eva.write_text("name: [", "utf-8")
    (book.folder / "follow-ups.ics").unlink()
    server.until_line("syntax")
    server.send(signal.SIGINT)
    until(lambda: not server.is_running())
    places = [server.text.encode()]
    for place in (Path(os.environ["XDG_CACHE_HOME"]), book.folder):
        places += [file.read_bytes() for file in place.rglob("*") if file.is_file()]
    assert len(places) > 3
    assert not [text for text in places if secret.encode() in text]


def test_s13_addresses_that_cannot_be_read_are_kept(
    book: AddressBook, eva: Path, serve: Serve
) -> None:
    server = serve()
    url = server.base + path_of(book)
    assert get(url).status == 200
    file = Path(os.environ["XDG_DATA_HOME"]) / "plaintextcrm" / "feed-urls.json"
    good = file.read_text("utf-8")
    file.write_text("[{", "utf-8")
    assert get(url).status == 200
    eva.write_text(EVA.format("newnote"), "utf-8")
    server.until(lambda: "feed-urls.json: cannot be used" in server.text)
    file.write_text(good.replace("follow-ups", "other"), "utf-8")
    assert get(url).status == 404
    file.write_text(good, "utf-8")
    assert get(url).status == 200
    file.unlink()
    assert get(url).status == 404


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
        assert idle.recv(65536).startswith(b"HTTP/1.1 404")
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

    def ask() -> None:
        while not seen:
            try:
                seen.append(get(f"http://127.0.0.1:{port}{path}").status)
            except ConnectionRefusedError:
                continue

    thread = threading.Thread(target=ask)
    thread.start()
    with Serving(COMMAND, book.folder, tmp_path / "log", f"--port={port}"):
        thread.join(LIMIT)
    assert seen == [200]


def test_s22_what_it_writes_is_closed_to_others(book: AddressBook, eva: Path) -> None:
    """Under umask 000, in folders that are not there yet."""
    data, cache = book.folder.with_name("data"), book.folder.with_name("cache")
    homes = {**os.environ, "XDG_DATA_HOME": str(data), "XDG_CACHE_HOME": str(cache)}
    for arguments in (["feed-url", "follow-ups"], ["watch", "--once"]):
        words = [*COMMAND, "-C", str(book.folder), *arguments]
        subprocess.run(words, env=homes, umask=0, check=True, capture_output=True)
    made = [*data.rglob("*"), *cache.rglob("*"), data, cache, book.folder / "follow-ups.ics"]
    assert [path for path in made if path.name == "feed-urls.json"]
    for path in made:
        allowed = 0o700 if path.is_dir() else 0o600
        assert path.stat().st_mode & 0o777 & ~allowed == 0, path
