"""S21, S23: slow, big and lying requests at the real server, byte by byte."""

import os
import re
import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.conftest import COMMAND, AddressBook
from tests.watch.watcher import LIMIT, until

from .conftest import path_of
from .serving import Serving, everything, get

SLOW = 500
MOST = 1000  # connections that the server keeps
HOST = b"Host: localhost:%d\r\n"


@pytest.fixture(scope="module", autouse=True)
def _many_files() -> Iterator[None]:
    """A thousand connections are open files of ours, too; many systems begin with fewer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST if hard == resource.RLIM_INFINITY else min(2 * MOST, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def server(book: AddressBook, tmp_path: Path) -> Iterator[Serving]:
    book.write("eva.yaml", "name: Eva Malá\nbirthday: 1986-12-24\n")
    with Serving(COMMAND, book.folder, tmp_path / "log", "--port=0") as serving:
        yield serving


@pytest.fixture
def url(book: AddressBook, server: Serving) -> str:
    return server.base + path_of(book)


def statuses(replies: bytes) -> list[int]:
    """The statuses of all answers; what is not an answer fails."""
    found = []
    while replies:
        head, end, rest = replies.partition(b"\r\n\r\n")
        line = re.match(rb"HTTP/1\.1 (\d{3}) ", head)
        assert line and end, replies
        length = re.search(rb"(?im)^content-length: (\d+)", head)
        size = int(length[1]) if length else 0
        assert len(rest) >= size, "a torn answer"
        found.append(int(line[1]))
        replies = rest[size:]
    return found


# --- requests that lie --------------------------------------------------------------------------

LIES = {
    "two hosts": (b"GET /x HTTP/1.1\r\n%sHost: evil.example\r\n\r\n", 400),
    "no host": (b"GET /x HTTP/1.1\r\n\r\n", 400),
    "host in the target": (b"GET http://evil.example/x HTTP/1.1\r\n%s\r\n", 400),
    "our host in the target": (b"GET http://localhost/x HTTP/1.1\r\n%s\r\n", 400),
    "no slash": (b"GET x HTTP/1.1\r\n%s\r\n", 400),
    "a star": (b"OPTIONS * HTTP/1.1\r\n%s\r\n", 400),
    "a tunnel": (b"CONNECT evil.example:80 HTTP/1.1\r\n%s\r\n", 400),
    "negative length": (b"GET /x HTTP/1.1\r\n%sContent-Length: -1\r\n\r\n", 400),
    "length with a sign": (b"GET /x HTTP/1.1\r\n%sContent-Length: +5\r\n\r\nhello", 400),
    "length in hex": (b"GET /x HTTP/1.1\r\n%sContent-Length: 0x5\r\n\r\nhello", 400),
    "endless length": (b"GET /x HTTP/1.1\r\n%sContent-Length: " + b"9" * 40 + b"\r\n\r\n", 400),
    "two lengths": (b"GET /x HTTP/1.1\r\n%sContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400),
    "a list of lengths": (b"GET /x HTTP/1.1\r\n%sContent-Length: 5, 5\r\n\r\nhello", 400),
    "length and chunks": (
        b"GET /x HTTP/1.1\r\n%sContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
    ),
    "chunks": (b"GET /x HTTP/1.1\r\n%sTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n", 400),
    "unknown encoding": (b"GET /x HTTP/1.1\r\n%sTransfer-Encoding: xchunked\r\n\r\n", 400),
    "a long body that never comes": (b"POST /x HTTP/1.1\r\n%sContent-Length: 999999999\r\n\r\n", 405),
    "waits for a word": (
        b"POST /x HTTP/1.1\r\n%sExpect: 100-continue\r\nContent-Length: 9\r\n\r\n", 405,
    ),
    "NUL in the path": (b"GET /x\0y HTTP/1.1\r\n%s\r\n", 400),
    "NUL in a header": (b"GET /x HTTP/1.1\r\n%sX-A: a\0b\r\n\r\n", 400),
    "bytes beyond ASCII": (b"GET /\xff\xfe HTTP/1.1\r\n%s\r\n", 400),
    "a blank in the target": (b"GET /x y HTTP/1.1\r\n%s\r\n", 400),
    "blank before the colon": (b"GET /x HTTP/1.1\r\n%sX-A : b\r\n\r\n", 400),
    "folded header": (b"GET /x HTTP/1.1\r\n%sX-A: b\r\n c\r\n\r\n", 400),
    "no name": (b"GET /x HTTP/1.1\r\n%s: b\r\n\r\n", 400),
    "lone CR": (b"GET /x HTTP/1.1\r\n%sX-A: b\rX-B: c\r\n\r\n", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "HTTP/0.9": (b"GET /x\r\n\r\n", 400),
    "another protocol": (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 50, 400),
    "unknown method": (b"BREW /x HTTP/1.1\r\n%s\r\n", 400),
    "long path": (b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n%s\r\n", 400),
    "long header": (b"GET /x HTTP/1.1\r\n%sX-A: " + b"x" * 20_000 + b"\r\n\r\n", 400),
    "many headers": (b"GET /x HTTP/1.1\r\n%s" + b"X-A: b\r\n" * 200 + b"\r\n", 400),
    "a head that does not end": (b"GET /x HTTP/1.1\r\n%sX-A: " + b"x" * 1_000_000, 400),
    "names that do not end": (b"GET /x HTTP/1.1\r\n%s" + b"X" * 1_000_000, 400),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_s21_lies_are_refused(lie: str, server: Serving, url: str) -> None:
    """One answer, then the end: what comes behind is never taken for a request."""
    text, status = LIES[lie]
    smuggled = b"GET /smuggled HTTP/1.1\r\n%s\r\n"
    host = HOST % server.port
    sent = text.replace(b"%s", host) + smuggled.replace(b"%s", host)
    # A reset may overtake the answer to what we did not read; but there is never a second one.
    assert statuses(server.say(sent)) in ([status], [])
    assert statuses(server.say(text.replace(b"%s", host))) in ([status], [])
    assert get(url).is_whole


def test_s21_lies_that_are_answered_by_name(server: Serving) -> None:
    """A short lie is read whole, so that its answer arrives."""
    for lie in ("two hosts", "no host", "negative length", "NUL in a header", "folded header"):
        text, status = LIES[lie]
        assert statuses(server.say(text.replace(b"%s", HOST % server.port))) == [status], lie


def test_s21_a_lie_behind_a_question_spoils_no_answer(server: Serving, url: str) -> None:
    """Bytes that are no request come while an answer is under way."""
    path = url.removeprefix(server.base).encode()
    question = b"GET %s HTTP/1.1\r\n%s\r\n" % (path, HOST % server.port)
    for lie in (b"\0\0\0\0\r\n\r\n", b"GET /x HTTP/1.1\r\nHost: a\0\r\n\r\n"):
        replies = server.say(question + lie)
        assert replies.count(b"HTTP/1.1 400") == 0 or statuses(replies) == [200, 400]


def test_s21_upgrades_are_ignored(server: Serving, url: str) -> None:
    path = url.removeprefix(server.base).encode()
    upgrade = b"Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\n"
    text = b"GET %s HTTP/1.1\r\n%s%s\r\n" % (path, HOST % server.port, upgrade)
    assert statuses(server.say(text)) == [200]


def test_s23_nothing_of_a_request_comes_back(server: Serving, url: str) -> None:
    """Neither in a header nor in a body, coded or bare."""
    path = url.removeprefix(server.base).encode()
    marks = (
        b"/x%0d%0aSet-Cookie:%20mark=1", b"/x%250d%250aSet-Cookie: mark", b"/mark<script>",
        path + b"?mark=1%0d%0aSet-Cookie:%20mark=1", path.replace(b".ics", b"%0d%0amark.ics"),
    )  # fmt: skip
    for target in marks:
        text = b"GET %s HTTP/1.1\r\n%sX-Mark: mark\r\nConnection: close\r\n\r\n"
        reply = server.say(text % (target.replace(b" ", b"%20"), HOST % server.port))
        assert statuses(reply) in ([200], [404])
        assert b"mark" not in reply.lower()
        assert b"set-cookie" not in reply.lower()


# --- several requests on one connection ---------------------------------------------------------


def test_s21_requests_ahead_are_answered_in_turn(server: Serving, url: str) -> None:
    path = url.removeprefix(server.base).encode()
    host = HOST % server.port
    questions = [b"GET %s HTTP/1.1\r\n%s\r\n" % (path, host), b"GET / HTTP/1.1\r\n%s\r\n" % host]
    last = b"HEAD %s HTTP/1.0\r\n%s\r\n" % (path, host)
    nothing = server.say(b"GET / HTTP/1.0\r\n%s\r\n" % host).partition(b"\r\n\r\n")[2]
    assert nothing
    with server.connect() as connection:
        connection.sendall(b"".join(questions * 4))
        connection.shutdown(socket.SHUT_WR)
        replies = b""
        while replies.count(b"HTTP/1.1") < 8 or not replies.endswith(nothing):
            piece = connection.recv(65536)
            assert piece
            replies += piece
    assert statuses(replies) == [200, 404] * 4
    reply = server.say(last)
    assert reply.startswith(b"HTTP/1.1 200 ") and b"VCALENDAR" not in reply


def test_s21_a_flood_of_requests_ahead(server: Serving, url: str) -> None:
    """Who asks a thousand times without listening is not waited for; no answer is torn by it."""
    path = url.removeprefix(server.base).encode()
    question = b"GET %s HTTP/1.1\r\n%s\r\n" % (path, HOST % server.port)
    with server.connect() as connection:
        try:
            for _ in range(100):
                connection.sendall(question * 1000)
        except OSError:
            pass
        else:
            pytest.fail("a hundred thousand questions were taken")
        replies = everything(connection)
    assert replies.count(b"END:VCALENDAR") <= 1000
    assert get(url).is_whole


# --- slow ones ----------------------------------------------------------------------------------


def test_s21_slow_clients_stop_nobody(server: Serving, url: str) -> None:
    """Five hundred who begin to ask and do not end; as many who ask and do not listen."""
    path = url.removeprefix(server.base).encode()
    half = b"GET %s HTTP/1.1\r\n%sX-Slow: " % (path, HOST % server.port)
    whole = b"GET %s HTTP/1.1\r\n%s\r\n" % (path, HOST % server.port)
    with ExitStack() as stack:
        slow = [stack.enter_context(server.connect()) for _ in range(SLOW)]
        for number, client in enumerate(slow):
            client.sendall(half if number % 2 else whole)
        for _round in range(3):
            for client in slow[1::2]:
                with suppress(OSError):  # where all this takes ten seconds, its time is over
                    client.sendall(b"a")
            assert get(url).is_whole
        assert threads(server) <= 64


def test_s21_slow_clients_must_go(server: Serving, url: str) -> None:
    """However they trickle: a head has ten seconds."""
    with server.connect() as silent, server.connect() as slow:
        slow.sendall(b"GET / HTTP/1.1\r\n%sX-Slow: " % (HOST % server.port))
        ended = threading.Event()

        def trickle() -> None:
            while not ended.wait(0.2):
                try:
                    slow.send(b"a")
                except OSError:
                    return

        thread = threading.Thread(target=trickle)
        thread.start()
        try:
            for client in (silent, slow):
                client.settimeout(3 * LIMIT)
                assert everything(client) == b""
        finally:
            ended.set()
            thread.join()
    assert get(url).is_whole


def test_s21_more_than_it_keeps(server: Serving, url: str) -> None:
    """Who comes when all places are taken gets that of the one who has waited for longest."""
    with ExitStack() as stack:
        first = stack.enter_context(server.connect())
        for _ in range(MOST):
            stack.enter_context(server.connect())
        assert get(url).is_whole
        assert everything(first) == b""


def threads(server: Serving) -> int:
    return len(os.listdir(f"/proc/{server.group}/task"))


def test_s21_who_does_not_listen_costs_little(book: AddressBook, tmp_path: Path) -> None:
    """A feed of nearly a megabyte, asked for on a hundred connections that do not read."""
    rows = "".join(
        f"  - {{date: 2027-01-{day % 28 + 1:02}, note: {day} {'long ' * 60}}}\n"
        for day in range(1200)
    )
    book.write("eva.yaml", f"name: Eva\nfollow_ups:\n{rows}")
    with Serving(COMMAND, book.folder, tmp_path / "log", "--port=0") as server:
        url = server.base + path_of(book)
        size = len(get(url).body)
        assert size > 600_000
        before = memory(server)
        path = url.removeprefix(server.base).encode()
        question = b"GET %s HTTP/1.1\r\n%s\r\n" % (path, HOST % server.port)
        with ExitStack() as stack:
            for _ in range(100):
                client = socket.socket()
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                stack.enter_context(client)
                client.connect(("127.0.0.1", server.port))
                client.sendall(question)
            assert get(url).is_whole
            until(lambda: get(url).is_whole)
            assert memory(server) - before < 100 * size // 4


def memory(server: Serving) -> int:
    """Bytes that the server has in memory."""
    pages = Path(f"/proc/{server.group}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
