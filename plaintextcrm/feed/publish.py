"""Putting a feed where calendar apps find it: never torn, never emptied by accident."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from plaintextcrm.book import answers
from plaintextcrm.book.answers import Where
from plaintextcrm.book.book import Book
from plaintextcrm.feed.build import Feed, build
from plaintextcrm.model.errors import ContactsMissing, NotWritten
from plaintextcrm.model.settings import FeedSettings
from plaintextcrm.store.lock import locked
from plaintextcrm.store.write import replace

Compile = Callable[[str], Where]


@dataclass(frozen=True, slots=True)
class Published:
    """What became of one feed: where it lies, what it holds, and whether a byte of it changed."""

    path: Path
    feed: Feed
    changed: bool


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

    Raises ContactsMissing when most contacts of the last feed have no file any more, and NotWritten.
    """
    with locked(lock, f"writing {target.name}"):
        previous = _previous(target)
        feed = build(book, of_owner(where, settings.owner), settings.title, previous, now)
        if not accept_missing:
            _guard(book, str(target), feed)
        data = feed.text.encode()
        changed = previous is None or data != previous.encode()
        if changed:
            replace(target, data)
    return Published(target, feed, changed)


def of_owner(where: Where, owner: str) -> Where:
    """The condition, for what one person looks after; an empty owner is everyone."""
    if not owner:
        return where
    return Where(f"({where.sql}) AND c.owner = :feed_owner", {**where.values, "feed_owner": owner})


def target_of(book: Path, settings: FeedSettings) -> Path:
    """Where a feed of the settings lies. Raises NotWritten for one that a link leads elsewhere."""
    target = book / settings.path
    if os.path.realpath(target.parent) != str(
        target.parent.resolve()
    ) or not target.parent.resolve().is_relative_to(book):
        raise NotWritten(str(target), "a link leads out of the address book")
    if target.is_symlink():
        raise NotWritten(str(target), "it is a link")
    return target


def _previous(target: Path) -> str | None:
    """The text of the feed that is there; None where there is none. Raises NotWritten for other files."""
    try:
        data = target.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotWritten(str(target), error.strerror or str(error)) from error
    if data and not data.lstrip().startswith(b"BEGIN:VCALENDAR"):
        raise NotWritten(str(target), "there is a file of this name that is not a calendar")
    return data.decode(errors="replace") if data else None


def _guard(book: Book, path: str, feed: Feed) -> None:
    """A folder that is suddenly empty does not empty the calendar."""
    before = {uid.partition("-")[0] for uid in feed.before}
    gone = before - {uid.partition("-")[0] for uid in feed.uids}
    if len(gone) * 2 > len(before):
        gone -= answers.heads(book)
    if len(gone) * 2 > len(before):
        raise ContactsMissing(path, len(gone), len(before))
