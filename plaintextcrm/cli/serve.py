"""`serve`: the feeds over HTTP, from memory, kept true by the watcher in the same process."""

import os
import signal
import socket
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.addressing import addresses_outside, base_option
from plaintextcrm.cli.output import tell
from plaintextcrm.cli.place import Place
from plaintextcrm.cli.service import Wish, arrange, service_options
from plaintextcrm.cli.session import Session, session
from plaintextcrm.cli.watch import keep_true
from plaintextcrm.feed.publish import target_of
from plaintextcrm.model.errors import CrmError
from plaintextcrm.model.settings import FeedSettings
from plaintextcrm.store.folder import signature
from plaintextcrm.store.read import read_file
from plaintextcrm.watch.loop import Trouble
from plaintextcrm.web.addresses import Register
from plaintextcrm.web.answer import Site
from plaintextcrm.web.body import Body, body_of, is_calendar
from plaintextcrm.web.hosts import hosts_of, is_loopback

LOOPBACK = "127.0.0.1"
PORT = 8642
OUR_BUG = 70


@click.command(epilog="Example: plaintextcrm serve --base https://calendar.example.com")
@click.option("--host", default=LOOPBACK, show_default=True, help="The address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="The port; 0 takes a free one.",
)
@base_option
@service_options
@session
def command(session: Session, host: str, port: int, base: str | None, wish: Wish) -> None:
    """Hand the feeds out over HTTP, and keep them true while contact files change.

    Each feed has secret addresses, which `feed-url` makes and revokes; nothing else is answered.
    Only this machine can ask, unless --host says otherwise: then everybody who reaches that
    address can, and what is sent is not encrypted. Better leave it, put a web server with https
    before it, and name the URL under which that one is known with --base. Ctrl-C ends it. With
    --install the system starts it whenever you log in.
    """
    if wish.is_there:
        _arrange(session, wish, host, port, base)
        return
    from plaintextcrm.web.server import Server, listen

    register = Register(addresses_outside(session.folder), session.folder)
    listening = listen(host, port)
    address, number = listening.getsockname()[:2]
    if not is_loopback(address):
        tell(
            f"Careful: whoever reaches {address}, port {number}, can ask for the feeds, and what is "
            "sent is not encrypted. Put a web server with https before it."
        )
    bases = [urlsplit(base).netloc] if base else []
    serving = _Serving(session, register, Site(hosts_of(address, number, bases)))
    server = Server(listening, serving.site, serving.fault)
    serving.begin = server.start
    where = f"http://{_url_host(listening)}:{number}"
    greeting = f"Serving the feeds of {session.folder} at {where}; Ctrl-C ends it."
    try:
        if not register.grants():
            tell("No feed has an address yet: `plaintextcrm feed-url` makes one.")
        code = keep_true(session, Place(), greeting, serving.after, where)
    finally:
        server.close()
    click.get_current_context().exit(serving.code or code)


def _arrange(session: Session, wish: Wish, host: str, port: int, base: str | None) -> None:
    if port == 0:
        raise click.UsageError("A service needs a port that stays, so that its addresses do.")
    options = [f"--host={host}", f"--port={port}", *([f"--base={base}"] if base else [])]
    arrange(session, wish, "serve", options)


def _url_host(listening: socket.socket) -> str:
    address = listening.getsockname()[0]
    return f"[{address}]" if ":" in address else str(address)


class _Serving:
    """What is handed out right now. The watcher's thread replaces it, the server's reads it."""

    def __init__(self, session: Session, register: Register, site: Site) -> None:
        self._session = session
        self._register = register
        self._hosts = site.hosts
        self._bodies: Mapping[str, Body | None] = site.bodies
        self._marks: dict[str, tuple[str, bytes]] = {}
        self._begun = False
        self.begin: Callable[[], object] = bool
        self.code = 0

    def site(self) -> Site:
        """What there is for a request."""
        return Site(self._hosts, self._register.grants(), self._bodies)

    def fault(self, name: str, ended: bool) -> None:
        """A bug of ours, told by the server's thread; if it ended the server, all ends."""
        tell(f"Error: a fault of plaintextcrm itself ({name}). Please report it.")
        if ended:
            self.code = OUR_BUG
            os.kill(os.getpid(), signal.SIGTERM)

    def after(self, book: Book | None) -> list[Trouble]:
        """Take the feeds into memory as they were just written; begin to answer after the first."""
        troubles = self._take(book) if book else []
        if not self._begun:
            self._begun = True
            self.begin()
        self._register.grants()
        if self._register.trouble:
            troubles.append(Trouble("feed addresses", self._register.trouble))
        return troubles

    def _take(self, book: Book) -> list[Trouble]:
        bodies: dict[str, Body | None] = {}
        troubles = []
        for feed in self._feeds(book):
            if feed.name in bodies:
                continue
            try:
                bodies[feed.name] = self._read(book, feed)
            except (CrmError, OSError, ValueError) as error:
                bodies[feed.name] = self._bodies.get(feed.name)
                troubles.append(Trouble(f"{feed.path}, served", f"{feed.path}: kept: {error}"))
        self._bodies = MappingProxyType(bodies)
        return troubles

    def _feeds(self, book: Book) -> list[FeedSettings]:
        """The feeds of the settings. Where nobody knows these, also those that somebody asks for:
        they keep their last good text.
        """
        feeds = list(book.settings.all_feeds)
        if not answers.settings_known(book):
            names = dict.fromkeys([*self._bodies, *(one.feed for one in self._register.grants())])
            feeds += [FeedSettings(name=name, path=f"{name}.ics") for name in names]
        return feeds

    def _read(self, book: Book, feed: FeedSettings) -> Body:
        """The feed's body; the one that we have, where its file is the same.

        Raises NotWritten, OSError, or ValueError for what is not a whole calendar.
        """
        target = target_of(book.folder, feed)
        found = target.lstat()
        held, mark = self._bodies.get(feed.name), (str(target), signature(found))
        if held and self._marks.get(feed.name) == mark:
            return held
        data, seen = read_file(target)
        if held and held.plain.data == data:
            self._marks[feed.name] = (str(target), seen)
            return held
        if not is_calendar(data):
            raise ValueError("it is not a whole calendar")
        body = body_of(data, found.st_mtime, held)
        self._marks[feed.name] = (str(target), seen)
        return body
