"""`feed-url`: the secret addresses of feeds; make, show and revoke them."""

import io
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import click

from plaintextcrm.book import answers
from plaintextcrm.cli.addressing import addresses_outside, base_option
from plaintextcrm.cli.output import on_terminal, one_line, say, say_json, tell
from plaintextcrm.cli.serve import LOOPBACK, PORT
from plaintextcrm.cli.session import Session, session
from plaintextcrm.store.cache import cache_folder
from plaintextcrm.store.folder import SETTINGS
from plaintextcrm.store.lock import locked
from plaintextcrm.web.addresses import Address, change, load, new_address
from plaintextcrm.web.hosts import is_loopback, is_number

Make = Callable[[tuple[Address, ...]], tuple[Address, ...]]

_HOW_TO = """\
Subscribe with this address (do not import it: that copies the feed once and never again):
  Google       in a browser: Other calendars, +, From URL; asks every 8 to 24 hours
  Apple        Mac: File, New Calendar Subscription; iPhone: scan the code, or
               Calendars, Add Calendar, Add Subscription Calendar
  Outlook      on the web: Add calendar, Subscribe from web; asks every 3 hours
  Thunderbird  New Calendar, On the Network; asks every 30 minutes
  GNOME        Calendar: Manage Calendars, Add Calendar, the address; asks every hour
  Android      subscribed in Google, or with the app ICSx5, which takes the webcal address
Whoever knows the address can read this feed. To take it back: {revoke}"""
_HERE_ONLY = """\
This address works on this machine alone, for Thunderbird, GNOME and Apple Calendar on it. For
other devices, put a web server with https before `plaintextcrm serve`, and name it with --base."""


@click.command(
    short_help="make, show and revoke the address of a feed",
    epilog="Example: plaintextcrm feed-url follow-ups --for jana --base https://calendar.example.com",
)
@click.argument("feed", required=False)
@click.option("--for", "person", metavar="PERSON", default="", help="Who gets the address.")
@click.option("--revoke", is_flag=True, help="Take the address back: it is answered no more.")
@base_option
@click.option("--qr/--no-qr", default=None, help="A code to scan; by default on a terminal.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@session
def command(
    session: Session,
    feed: str | None,
    person: str,
    revoke: bool,
    base: str | None,
    qr: bool | None,
    form: str,
) -> None:
    """Show the secret address of FEED for calendar apps; without FEED, list all that were made.

    An address is made when it is asked for the first time, one for each feed and person, so that
    one person's can be revoked and the others stay. `serve` must run to answer it. The addresses
    are kept outside the address book, in a file that only you can read.
    """
    shown = base or f"http://{LOOPBACK}:{PORT}"
    face = _Face(shown, form == "json", qr)
    if feed is None:
        if revoke or person:
            raise click.UsageError("Name the feed: `plaintextcrm feed-url FEED`.")
        face.show_all(_load(session))
        return
    person = one_line(person)
    if revoke:
        _revoke(session, feed, person)
    else:
        face.show(_made(session, feed, person))


def _load(session: Session) -> list[Address]:
    """The addresses of this book."""
    found = load(addresses_outside(session.folder))
    mine = [address for address in found if address.book == str(session.folder)]
    return sorted(mine, key=lambda address: (address.feed, address.person))


def _made(session: Session, feed: str, person: str) -> Address:
    """The address of this feed for this person, made if there is none."""
    settings, problems = session.ask(lambda book: (book.settings, answers.problems(book)))
    names = list(dict.fromkeys(one.name for one in settings.all_feeds))
    if feed not in names:
        broken = any(one.path == SETTINGS and one.severity == "error" for one in problems)
        why = " The settings have an error: `plaintextcrm check` tells which." if broken else ""
        raise click.UsageError(f"There is no feed {feed!r}. There are: {', '.join(names)}.{why}")
    wanted = new_address(session.folder, feed, person, session.today(settings).isoformat())

    def with_it(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
        return addresses if any(map(_same(wanted), addresses)) else (*addresses, wanted)

    _change(session, with_it)
    return next(filter(_same(wanted), _load(session)))


def _revoke(session: Session, feed: str, person: str) -> None:
    gone = new_address(session.folder, feed, person, "")
    before = len(_load(session))

    def without(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
        return tuple(address for address in addresses if not _same(gone)(address))

    _change(session, without)
    if len(_load(session)) == before:
        whose = f" for {person}" if person else ""
        raise click.UsageError(
            f"There is no address of {feed!r}{whose}. See `plaintextcrm feed-url`."
        )
    tell(f"{feed}: the address is revoked. Who still asks for it is answered as if it never was.")


def _same(one: Address) -> Callable[[Address], bool]:
    key = (one.book, one.feed, one.person)
    return lambda other: (other.book, other.feed, other.person) == key


def _change(session: Session, make: Make) -> None:
    file = addresses_outside(session.folder)
    with locked(cache_folder() / "feed-urls.lock", "changing the addresses of feeds"):
        change(file, make)


@dataclass(frozen=True, slots=True)
class _Face:
    """How addresses are shown."""

    base: str
    as_json: bool
    with_code: bool | None

    def show_all(self, addresses: Iterable[Address]) -> None:
        """Two lines for each: on one, a narrow terminal would cut the address."""
        rows = [self._row(address) for address in addresses]
        if self.as_json:
            say_json(rows)
            return
        for row in rows:
            whose = f", for {one_line(row['person'])}" if row["person"] else ""
            say(f"{one_line(row['feed'])}{whose}, made on {one_line(row['made'])}")
            say(f"  {one_line(row['url'])}")
        if not rows:
            tell("No feed has an address yet: `plaintextcrm feed-url FEED` makes one.")

    def show(self, address: Address) -> None:
        """One address, and what to do with it."""
        row = self._row(address)
        if self.as_json:
            say_json(row)
            return
        say(one_line(row["url"]))
        say(one_line(row["webcal"]))
        only_here = self._only_here()
        wanted = on_terminal() and not only_here if self.with_code is None else self.with_code
        if wanted:
            say()
            say(_code(row["webcal"]))
        tell("")
        if only_here:
            tell(_HERE_ONLY)
            tell("")
        whose = ["--for", address.person] if address.person else []
        revoke = shlex.join(["plaintextcrm", "feed-url", address.feed, *whose, "--revoke"])
        tell(_HOW_TO.format(revoke=revoke))

    def _row(self, address: Address) -> dict[str, str]:
        url = self.base + address.quoted
        return {
            "feed": address.feed,
            "person": address.person,
            "made": address.made,
            "url": url,
            "webcal": f"webcal:{url.partition(':')[2]}",
        }

    def _only_here(self) -> bool:
        host = urlsplit(self.base).hostname or ""
        number = is_number(f"[{host}]" if ":" in host else host)
        return host == "localhost" or (number and is_loopback(host))


def _code(url: str) -> str:
    """The URL as a code for a phone's camera, in half blocks."""
    from segno import make_qr

    drawn = io.StringIO()
    make_qr(url).terminal(drawn, compact=True)
    return drawn.getvalue().rstrip("\n")
