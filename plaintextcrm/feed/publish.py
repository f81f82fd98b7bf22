"""Putting a feed where calendar apps find it: never torn, never emptied by accident."""

import hashlib
import json
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from plaintextcrm.book import answers
from plaintextcrm.book.answers import Where
from plaintextcrm.book.book import Book
from plaintextcrm.feed.build import Feed, build
from plaintextcrm.feed.event import MADE_BY
from plaintextcrm.model.errors import ContactsMissing, NotWritten, SettingsBroken
from plaintextcrm.model.settings import FeedSettings
from plaintextcrm.store.folder import CONTACTS, SETTINGS
from plaintextcrm.store.lock import locked
from plaintextcrm.store.write import replace

# What our feeds begin with: no other file is ever overwritten, nor another program's calendar.
_OURS = b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//plaintextcrm//"


class Size(NamedTuple):
    """How many events a feed has; `left_out`: far ones that do not fit."""

    events: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Published:
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
    with locked(lock, f"writing {target.name}"):
        previous = _previous(target)
        held = _recall(book, target)
        if held and held.origin and previous and held.origin == _origin(book, settings, previous):
            return Published(target, Size(held.events, held.left_out), changed=False)
        if previous and not held and not answers.settings_known(book):
            raise SettingsBroken(str(target))
        old = None if previous is None else previous.decode(errors="replace")
        feed = build(book, where, settings, old, now, held.kept if held else None)
        if not accept_missing:
            _guard(book, str(target), feed)
        data = feed.text.encode()
        if data != previous:
            replace(target, data)
        _remember(book, settings, target, data, feed)
    return Published(target, Size(feed.events, feed.left_out), data != previous)


def target_of(book: Path, settings: FeedSettings) -> Path:
    """Where a feed of the settings lies. Raises NotWritten for one that a link leads elsewhere."""
    target = book / settings.path
    if target.parent.resolve() != target.parent:
        raise NotWritten(str(target), "a link leads to another folder")
    if target.is_symlink():
        raise NotWritten(str(target), "it is a link")
    return target


def target_named(book: Path, name: str) -> Path:
    """The file that a person named. Raises NotWritten for one among the contacts, or none at all."""
    try:
        target = Path(name).expanduser().resolve()
    except (OSError, RuntimeError) as error:
        raise NotWritten(name, str(error)) from error
    if target.is_relative_to((book / CONTACTS).resolve()) or target == book / SETTINGS:
        raise NotWritten(str(target), "a feed lies outside `contacts`")
    return target


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
    return hashlib.blake2b(made_from + data, digest_size=16).hexdigest()


def _recall(book: Book, target: Path) -> _Note | None:
    try:
        return _Note(*json.loads(answers.note(book, f"feed {target}")))
    except (ValueError, TypeError):
        return None


def _remember(book: Book, settings: FeedSettings, target: Path, data: bytes, feed: Feed) -> None:
    origin = _origin(book, settings, data)
    note = json.dumps((origin, feed.events, feed.left_out, feed.kept))
    answers.remember(book, feed.made, feed.keys, {f"feed {target}": note})


def _guard(book: Book, path: str, feed: Feed) -> None:
    """A folder that is suddenly empty does not empty the calendar."""
    gone = feed.before - feed.heads
    if len(gone) * 2 > len(feed.before):
        gone -= answers.heads(book)
    if len(gone) * 2 > len(feed.before):
        raise ContactsMissing(path, len(gone), len(feed.before))
