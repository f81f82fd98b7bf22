"""The server: a thread that answers, on uvicorn, with what the site holds at that moment."""

import asyncio
import logging
import resource
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import Any, cast

import uvicorn

from plaintextcrm.model.errors import NotServed
from plaintextcrm.web.answer import Answer, Request, Site, answer
from plaintextcrm.web.connection import Connection
from plaintextcrm.web.crowd import IDLE_TIME, MOST, Crowd

BACKLOG = 1024
PIECE = 65_536  # bytes that are handed over at a time: who reads slowly costs no more than a few
SPARE_FILES = 100  # open files beside the connections
GRACE = 3  # seconds for answers that are under way at the end
TURN = 0.0005  # seconds after which a thread lets another one go on; Python's own is ten times that

Send = Callable[[dict[str, Any]], Awaitable[None]]

# What the libraries log may quote a request, and an address is a secret.
for _name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections, which wait until there is a server. Raises NotServed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _name, address = found[0]
        listening = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise NotServed(host, port, getattr(error, "strerror", "") or str(error)) from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listening.close()
        raise NotServed(host, port, getattr(error, "strerror", "") or str(error)) from error
    return listening


class Server:
    """Answers on a listening socket. `site` tells what there is, for each request anew; `fault` is
    called, in the server's thread, with the name of what went wrong in our own code, and whether
    that was the end of the server.
    """

    def __init__(
        self, listening: socket.socket, site: Callable[[], Site], fault: Callable[[str, bool], None]
    ) -> None:
        self._listening = listening
        self._site = site
        self._fault = fault
        self._crowd = Crowd(_room())
        self._uvicorn = uvicorn.Server(self._config())
        self._thread = Thread(target=self._run, name="server", daemon=True)

    @property
    def is_started(self) -> bool:
        """True from `start` on."""
        return self._thread.ident is not None

    def start(self) -> None:
        """Begin to answer."""
        sys.setswitchinterval(TURN)
        self._thread.start()

    def close(self) -> None:
        """Finish the answers that are under way, and end."""
        self._uvicorn.should_exit = True
        if self.is_started:
            self._thread.join()
        self._listening.close()

    def _run(self) -> None:
        try:
            self._uvicorn.run(sockets=[self._listening])
        except BaseException as error:  # the thread ends here, and nobody else would say so
            self._fault(type(error).__name__, True)

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            self._answer,
            http=cast("type[asyncio.Protocol]", partial(Connection, self._crowd)),
            loop="asyncio",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=int(IDLE_TIME),
            timeout_graceful_shutdown=GRACE,
            callback_notify=self._tidy,
            timeout_notify=1,
        )

    async def _tidy(self) -> None:
        self._crowd.tidy(asyncio.get_running_loop().time())

    async def _answer(self, scope: dict[str, Any], _receive: object, send: Send) -> None:
        try:
            request = Request(scope["method"], scope["path"], tuple(scope["headers"]))
            found = answer(request, self._site(), time.time())
        except Exception as error:  # our own bug: the others are answered all the same
            self._fault(type(error).__name__, False)
            raise
        await _send(found, send)


async def _send(found: Answer, send: Send) -> None:
    """Hand over an answer in pieces; each waits until enough of those before it was taken."""
    headers = list(found.headers)
    await send({"type": "http.response.start", "status": found.status, "headers": headers})
    for start in range(0, len(found.body) or 1, PIECE):
        end = start + PIECE
        piece = found.body[start:end]
        more = end < len(found.body)
        await send({"type": "http.response.body", "body": piece, "more_body": more})


def _room() -> int:
    """How many connections we may have: as many files as the system lets us open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        best = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (best, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MOST if soft == resource.RLIM_INFINITY else max(min(MOST, soft - SPARE_FILES), 10)
