"""A bounded load on a web server: so many connections, each asks again when its answer is whole."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

BUFFER = 1 << 20


@dataclass(slots=True)
class Result:
    """How long each answer took, in seconds, and how many there were of each status."""

    seconds: float
    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.times) / self.seconds

    def percentile(self, part: int) -> float:
        """So many percent of the answers took no longer; in milliseconds."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) * part // 100, len(ordered) - 1)] * 1000


class Asker:
    """One connection that asks one thing again and again."""

    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request
        self._begun = 0.0
        self._left = -1

    def ask(self) -> None:
        self._begun, self._left = time.perf_counter(), -1
        self.socket.sendall(self._request)

    def take(self, buffer: bytearray, result: Result) -> None:
        """Read what there is; note the answer and ask again when it is whole."""
        count = self.socket.recv_into(buffer)
        if not count:
            raise ConnectionError("the server closed a connection that it had promised to keep")
        if self._left < 0:
            count = self._head(buffer, count, result)
        self._left -= count
        if self._left <= 0:
            result.times.append(time.perf_counter() - self._begun)
            self.ask()

    def _head(self, buffer: bytearray, count: int, result: Result) -> int:
        """Read the head of an answer; how much of the body came with it."""
        end = buffer.find(b"\r\n\r\n", 0, count) + 4
        if end < 4:
            raise ConnectionError("the head of an answer came in pieces")
        head = bytes(buffer[:end]).lower()
        status = int(head[9:12])
        result.statuses[status] += 1
        length = head.partition(b"content-length:")[2].partition(b"\r")[0]
        self._left = 0 if status == 304 else int(length)
        return count - end


def load(port: int, request: bytes, connections: int, seconds: float) -> Result:
    """Ask on so many connections at once for so long. Raises ConnectionError."""
    result, buffer = Result(seconds), bytearray(BUFFER)
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        for _ in range(connections):
            asker = Asker(port, request)
            stack.enter_context(asker.socket)
            selector.register(asker.socket, selectors.EVENT_READ, asker)
            asker.ask()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            for key, _events in selector.select(1):
                key.data.take(buffer, result)
    return result


@contextmanager
def slow_clients(port: int, count: int) -> Iterator[list[socket.socket]]:
    """So many connections that have begun a request, and do not end it."""
    with ExitStack() as stack:
        clients = []
        for _ in range(count):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(b"GET /feeds/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            clients.append(client)
        yield clients


def trickle(clients: list[socket.socket]) -> None:
    """One more byte from each that is still connected."""
    for client in clients:
        try:
            client.send(b"a")
        except OSError:
            client.close()
