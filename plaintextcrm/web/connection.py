"""One connection: uvicorn's protocol, and what it does not watch over: sizes, times and lies."""

from asyncio import AbstractEventLoop, BaseTransport, Transport
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from plaintextcrm.web.crowd import ANSWER_TIME, HEAD_TIME, IDLE_TIME, Crowd

LONGEST_HEAD = 16_384  # bytes
MOST_HEADERS = 100
MOST_AHEAD = 16  # requests sent before their answers were taken


class Unacceptable(Exception):
    """A request that is not worth an answer of its own; the parser turns it into a 400."""


class Connection(HttpToolsProtocol):
    """Only what asyncio and the parser call is overridden, so that little of uvicorn must stay."""

    def __init__(
        self,
        crowd: Crowd,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._crowd = crowd
        self._wire: Transport | None = None
        self._asked = self._answered = 0
        self._begun = False  # a head is on its way
        self._said_all = False
        self._fed = self._size = self._count = 0
        self.deadline = self.loop.time() + HEAD_TIME

    @property
    def is_busy(self) -> bool:
        """True while an answer is under way."""
        return self._asked > self._answered

    def drop(self) -> None:
        """End it at once."""
        if self._wire:
            self._wire.abort()

    def connection_made(self, transport: BaseTransport) -> None:
        self._wire = cast("Transport", transport)
        super().connection_made(self._wire)
        self._crowd.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._wire is None or self._wire.is_closing():
            return
        if not self._begun and not self.is_busy:
            self._begun = True
            self.deadline = self.loop.time() + HEAD_TIME
        self._fed += len(data)
        super().data_received(data)
        if self._fed > LONGEST_HEAD:  # of a head that does not end, the parser tells nothing
            self.send_400_response("Too long.")

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio wants to be told
        """Who has said all may still listen: True keeps the connection for the answers."""
        self._said_all = True
        return self.is_busy

    def on_message_begin(self) -> None:
        self._size = self._count = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._measure(len(url))
        super().on_url(url)
        if not self.url.startswith(b"/"):  # we are no proxy, and go by one name only
            raise Unacceptable

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count += 1
        self._measure(len(name) + len(value))
        super().on_header(name, value)

    def _measure(self, more: int) -> None:
        self._size += more
        if self._size > LONGEST_HEAD or self._count > MOST_HEADERS:
            raise Unacceptable

    def on_headers_complete(self) -> None:
        if self._asked - self._answered >= MOST_AHEAD:
            raise Unacceptable
        self._begun = False
        self._fed = 0
        self._asked += 1
        self.deadline = self.loop.time() + ANSWER_TIME
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        self._answered += 1
        unread = self._wire is not None and self._wire.get_write_buffer_size() > 0
        self.deadline = self.loop.time() + (ANSWER_TIME if unread else IDLE_TIME)
        super().on_response_complete()
        if self._said_all and not self.is_busy and self._wire is not None:
            self._wire.close()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read; but never in the midst of an answer, which it would spoil."""
        if self.is_busy:
            self.drop()
        elif self._wire is not None and not self._wire.is_closing():
            super().send_400_response(msg)
