"""S10 to S14, S22: who may ask `serve`, and what stays secret; the real process over real sockets."""

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.conftest import COMMAND, AddressBook
from tests.watch.watcher import LIMIT, until

from .conftest import EVA, Serve, path_of
from .serving import get


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
