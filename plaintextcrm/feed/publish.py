"""Putting a feed where calendar apps find it: never torn, never emptied by accident."""

import json
import os
import stat
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from plaintextcrm.book import answers
from plaintextcrm.book.answers import Where
from plaintextcrm.book.book import Book
from plaintextcrm.feed.build import Feed, build, component, head_of
from plaintextcrm.feed.event import MADE_BY
from plaintextcrm.feed.memory import remember
from plaintextcrm.model.errors import ContactsElsewhere, ContactsMissing, NotWritten, SettingsBroken
from plaintextcrm.model.settings import FeedSettings
from plaintextcrm.store.digest import digest_of
from plaintextcrm.store.folder import CONTACTS, SETTINGS
from plaintextcrm.store.lock import locked
from plaintextcrm.store.write import replace

# Others are waited for for a minute: a feed of a hundred thousand contacts is not made in five seconds.
TURNS = 12
# What our feeds begin with: no other file is ever overwritten, nor another program's calendar.
_OURS = b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//plaintextcrm//"


class Size(NamedTuple):
    """How many events a feed has; `left_out`: far ones that do not fit."""

    events: int
    left_out: int


class Published(NamedTuple):
    """What became of one feed: where it lies, what it holds, and whether a byte of it changed."""

    path: Path
    feed: Size
    changed: bool


class _Note(NamedTuple):
    """What the book's cache knows of a feed that it saw written: what it was made from (see
    `_origin`), its size, and the files whose events it kept of the one before.
    """

    origin: str
    events: int
    left_out: int
    kept: list[str]


def publish(
    book: Book,
    settings: FeedSettings,
    target: Path,
    lock: Path,
    now: datetime,
    where: Where,
    *,
    accept_missing: bool = False,
) -> Published:
    """Build one feed and replace its file if a byte of it changed. `where` is its query, compiled.

    Raises ContactsMissing when most contacts of the last feed have no file any more, SettingsBroken
    when nobody knows what the feed should be, and NotWritten.
    """
    with locked(lock, f"writing {target.name}", TURNS):
        previous = _previous(target)
        held = _recall(book, target)
        if held and _is_made(book, settings, held, previous):
            return Published(target, Size(held.events, held.left_out), changed=False)
        feed = _built(book, settings, target, previous, held, now, where)
        if not accept_missing:
            _guard(book, settings, str(target), feed, previous)
        data = feed.text.encode()
        if data != previous:
            replace(target, data)
        _remember(book, settings, target, data, feed)
    return Published(target, Size(feed.events, feed.left_out), data != previous)


def is_current(
    book: Book, settings: FeedSettings, target: Path, now: datetime, where: Where
) -> bool:
    """True if `publish` would change nothing; nothing is written. Raises what it would raise."""
    previous = _previous(target)
    held = _recall(book, target)
    if held and _is_made(book, settings, held, previous):
        return True
    feed = _built(book, settings, target, previous, held, now, where)
    _guard(book, settings, str(target), feed, previous)
    return feed.text.encode() == previous


def _is_made(book: Book, settings: FeedSettings, held: _Note, previous: bytes | None) -> bool:
    """True for a feed of which the book remembers that it was made from what is there now."""
    made = previous is not None and _origin(book, settings, previous)
    return bool(held.origin) and held.origin == made


def _built(
    book: Book,
    settings: FeedSettings,
    target: Path,
    previous: bytes | None,
    held: _Note | None,
    now: datetime,
    where: Where,
) -> Feed:
    if previous and not held and not answers.settings_known(book):
        raise SettingsBroken(str(target))
    old = None if previous is None else previous.decode(errors="replace")
    return build(book, where, settings, old, now, held.kept if held else None)


def target_of(folder: Path, settings: FeedSettings) -> Path:
    """Where a feed of the settings lies, below the address book or another folder without links in
    its path. Raises NotWritten for one that a link leads elsewhere.
    """
    target = folder / settings.path
    if target.parent.resolve() != target.parent:
        raise NotWritten(str(target), "a link leads to another folder")
    if target.is_symlink():
        raise NotWritten(str(target), "it is a link")
    return target


def target_named(book: Path, name: str) -> Path:
    """The file that a person named. Raises NotWritten for one among the contacts, or none at all."""
    target = folder_named(book, name)
    if target == book / SETTINGS:
        raise NotWritten(str(target), "a feed lies outside `contacts`")
    return target


def folder_named(book: Path, name: str) -> Path:
    """A place that a person named. Raises NotWritten for one among the contacts."""
    try:
        place = Path(name).expanduser().resolve()
    except (OSError, RuntimeError) as error:
        raise NotWritten(name, str(error)) from error
    if place.is_relative_to((book / CONTACTS).resolve()):
        raise NotWritten(str(place), "a feed lies outside `contacts`")
    return place


def open_as_folder(target: Path) -> None:
    """Let read a feed who may look into its folder. Raises NotWritten."""
    try:
        target.chmod(target.parent.stat().st_mode & 0o666 | stat.S_IRUSR | stat.S_IWUSR)
    except OSError as error:
        raise NotWritten(str(target), error.strerror or str(error)) from error


def _previous(target: Path) -> bytes | None:
    """The feed that is there; None where there is none. Raises NotWritten for other files."""
    try:
        if not stat.S_ISREG(target.stat().st_mode):
            raise NotWritten(str(target), "something that is not a file has this name")
        data = target.read_bytes()
    except FileNotFoundError:
        if not target.parent.is_dir():
            raise NotWritten(str(target), "there is no such folder") from None
        return None
    except OSError as error:
        raise NotWritten(str(target), error.strerror or str(error)) from error
    begin = data[:100].replace(b"\r", b"")
    if not (begin.startswith(_OURS) or _OURS.startswith(begin)):
        raise NotWritten(str(target), "there is a file of this name that is not a feed of ours")
    return data


def _origin(book: Book, settings: FeedSettings, data: bytes) -> str:
    """A digest of all that a feed is made from, and of the feed itself; empty where the folder may
    have changed since it was looked at.
    """
    stamp = answers.stamp(book)
    if not stamp:
        return ""
    made_from = repr((MADE_BY, stamp, book.today, settings)).encode()
    return digest_of(made_from + data).hex()


def _recall(book: Book, target: Path) -> _Note | None:
    try:
        return _Note(*json.loads(answers.note(book, _name(target))))
    except (ValueError, TypeError):
        return None


def _remember(book: Book, settings: FeedSettings, target: Path, data: bytes, feed: Feed) -> None:
    origin = _origin(book, settings, data)
    note = json.dumps((origin, feed.events, feed.left_out, feed.kept))
    answers.remember(book, feed.made, feed.keys, {_name(target): note})


def _name(target: Path) -> str:
    """Under which name a feed is noted; the cache takes no bytes that are not UTF-8."""
    return f"feed {os.fsencode(target).decode(errors='backslashreplace')}"


def _guard(
    book: Book, settings: FeedSettings, path: str, feed: Feed, previous: bytes | None
) -> None:
    """A folder that is suddenly empty does not empty the calendar, nor does a checkout of a part."""
    gone = feed.before - feed.heads
    if not gone:
        return
    elsewhere = set(book.elsewhere())
    if elsewhere:
        text = (previous or b"").decode(errors="replace")
        events = remember(text, component(settings)).items()
        missed = {head_of(uid) for uid, event in events if event.path() in elsewhere} & gone
        if missed:
            raise ContactsElsewhere(path, len(missed), len(feed.before))
    if len(gone) * 2 > len(feed.before):
        gone -= answers.heads(book)
    if len(gone) * 2 > len(feed.before):
        raise ContactsMissing(path, len(gone), len(feed.before))
