"""The real `plaintextcrm serve` in a process of its own, and those who ask it."""

import hashlib
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

from tests.watch.watcher import LIMIT, Watcher


@dataclass(frozen=True)
class Reply:
    """What came back; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_whole(self) -> bool:
        """True for a body that its tag belongs to."""
        return self.headers["etag"] == f'"{hashlib.sha256(self.body).hexdigest()}"'


def get(url: str, method: str = "GET", **headers: str) -> Reply:
    """Ask for a URL as any program does; underscores in names of headers stand for hyphens."""
    parts = urlsplit(url)
    assert parts.hostname
    connection = HTTPConnection(parts.hostname, parts.port, timeout=LIMIT)
    try:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, parts.path, headers=more)
        return reply_of(connection.getresponse())
    finally:
        connection.close()


def reply_of(response: HTTPResponse) -> Reply:
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Reply(response.status, headers, response.read())


class Serving(Watcher):
    """A running `serve` of an address book, at a port that was free."""

    verb = "serve"

    @property
    def port(self) -> int:
        found = re.search(r"http://127\.0\.0\.1:(\d+); Ctrl-C", self.text)
        assert found, self.text
        return int(found[1])

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT)

    def say(self, *pieces: bytes) -> bytes:
        """Send bytes as they are, each piece when the one before is sent; all that came back until
        the server closed the connection.
        """
        with self.connect() as connection:
            for piece in pieces:
                try:
                    connection.sendall(piece)
                except OSError:  # it has heard enough
                    break
            return everything(connection)


def everything(connection: socket.socket) -> bytes:
    """All that comes until the other end closes; fails if it does not."""
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except ConnectionResetError:
        pass
    return found
