"""One feed from the book and the previous feed: the same files and the same day, the same bytes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from plaintextcrm.book import answers
from plaintextcrm.book.answers import Where
from plaintextcrm.book.book import Book
from plaintextcrm.feed.event import Event, event_of, first_day
from plaintextcrm.feed.memory import Remembered, remember, restamp

# Google is reported to drop events of a larger feed.
MAX_BYTES = 1_000_000
# In a small feed every event tells all; in a larger one those of the next three months do.
SMALL = 800
DETAILED = timedelta(days=92)
FAR_PAST = timedelta(days=366)

# RFC 5545 §3.6 wants at least one component, and some apps keep old events without one.
_NOTHING = Event(
    uid="0000000000000000-0000000000000000@plaintextcrm",
    day=date(2000, 1, 1),
    summary="No follow-ups",
    description="",
    category="follow-up",
)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's text and what it holds. `left_out`: far events that do not fit into a feed."""

    text: str
    events: int
    left_out: int
    uids: frozenset[str]
    before: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Dated:
    """An event, and the day that decides what is near."""

    near: date
    event: Event


def build(book: Book, where: Where, title: str, previous: str | None, now: datetime) -> Feed:
    """Build a feed of what `where` finds; private contacts are in none.

    `previous` is the text of the feed it replaces, None for the first one; `now` is aware.
    """
    known = remember(previous or "")
    dated = _events(book, Where(f"({where.sql}) AND NOT c.private", where.values))
    texts = _texts(book, [item.event for item in dated])
    stamp = f"{_birth(book.today) if previous is None else now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    blocks = {
        item.event.uid: restamp(text, known.get(item.event.uid), stamp)
        for item, text in zip(dated, texts, strict=True)
    }
    kept = _kept(book, known, blocks)
    blocks |= {uid: known[uid].text() for uid in kept}
    body, left_out = _fitting([*blocks.values()])
    events = len(body)
    if not body:
        body = [restamp(_render(book, [_NOTHING])[0], known.get(_NOTHING.uid), stamp)]
    text = _checked(f"{_head(title)}{''.join(body)}END:VCALENDAR\r\n", len(body))
    before = frozenset(known) - {_NOTHING.uid}
    return Feed(text, events, left_out, frozenset(blocks), before)


def _birth(today: date) -> datetime:
    """When this day began, in the first place on Earth where it did: the stamp of a first feed.

    It depends on the day alone, and is not in the future anywhere.
    """
    if today == date.min:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(today, time(), UTC) - timedelta(hours=14)


def _events(book: Book, where: Where) -> list[_Dated]:
    """All events, the nearest first."""
    zone = book.settings.timezone
    shown = [
        (standing.row, standing.date, standing.date)
        for standing in answers.standings(book, where, date.max)
        if standing.date > book.today - FAR_PAST
    ]
    shown += [
        (row, first_day(row), _coming(row.month, row.day, book.today))
        for row in answers.yearly(book, where)
    ]
    small = len(shown) <= SMALL
    soon = book.today + DETAILED
    dated = [
        _Dated(near, event_of(row, day, zone, small or near <= soon)) for row, day, near in shown
    ]
    return sorted(_unique(dated), key=lambda item: (item.near, item.event.uid))


def _coming(month: int | None, day: int | None, today: date) -> date:
    """The next time of a yearly day."""
    from plaintextcrm.model.agenda import next_time

    later = today + timedelta(days=min(366, (date.max - today).days))
    return next_time(month or 1, day or 1, today, later) or date.max


def _unique(dated: Iterable[_Dated]) -> Iterator[_Dated]:
    """The events without a second one of the same UID, which calendars would mix up: two files with
    one `uid`, which `check` reports.
    """
    seen: set[str] = set()
    for item in dated:
        if item.event.uid not in seen:
            seen.add(item.event.uid)
            yield item


def _texts(book: Book, events: list[Event]) -> list[str]:
    """The events' texts; icalendar renders only what the book does not remember."""
    keys = [event.key() for event in events]
    texts = answers.memos(book, keys)
    missing = {key: event for key, event in zip(keys, events, strict=True) if key not in texts}
    if missing:
        texts |= dict(zip(missing, _render(book, list(missing.values())), strict=True))
        answers.remember(book, {key: texts[key] for key in missing}, keys)
    return [texts[key] for key in keys]


def _render(book: Book, events: list[Event]) -> list[str]:
    from plaintextcrm.feed.render import render

    return render(events)


def _head(title: str) -> str:
    from plaintextcrm.feed.render import render_head

    return render_head(title)


def _kept(book: Book, known: dict[str, Remembered], blocks: dict[str, str]) -> list[str]:
    """UIDs of events of the previous feed whose file is broken now and of which the book, a cache
    that may be new, has no good version.
    """
    heads = set(answers.heads_at_risk(book))
    return [uid for uid in known if uid not in blocks and uid.partition("-")[0] in heads]


def _fitting(blocks: list[str]) -> tuple[list[str], int]:
    """The nearest events that fit into a feed, in the order of their UIDs, and how many do not."""
    room = MAX_BYTES - 1000
    fitting = []
    for block in blocks:
        room -= len(block.encode())
        if room < 0:
            break
        fitting.append(block)
    return sorted(fitting, key=_uid_line), len(blocks) - len(fitting)


def _uid_line(block: str) -> str:
    found = re.search(r"^UID:.*$", block, re.MULTILINE)
    return found[0] if found else ""


def _checked(text: str, events: int) -> str:
    """The text, if it is a whole calendar of so many events in lines of 75 octets (RFC 5545 §3.1)."""
    lines = text.encode().split(b"\r\n")
    sound = (
        lines[0] == b"BEGIN:VCALENDAR"
        and lines[-2:] == [b"END:VCALENDAR", b""]
        and lines.count(b"BEGIN:VEVENT") == lines.count(b"END:VEVENT") == events
        and max(map(len, lines)) <= 75
        and text.count("\n") == len(lines) - 1
    )
    if not sound:
        raise ValueError("the feed is not a calendar")
    return text
