"""One feed from the book and the previous feed: the same files and the same day, the same bytes."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from plaintextcrm.book import answers
from plaintextcrm.book.answers import Outline, Where
from plaintextcrm.book.book import Book
from plaintextcrm.feed.event import (
    FIRST_YEAR,
    MADE_BY,
    Event,
    Wanted,
    clean,
    event_of,
    uid_of,
)
from plaintextcrm.feed.memory import LONGEST_LINE, Remembered, remember, restamp, stamp_text
from plaintextcrm.feed.words import TITLE_LENGTH, cut, one_line
from plaintextcrm.model.agenda import OCCASIONS, next_time
from plaintextcrm.model.languages import LANGUAGES
from plaintextcrm.model.reminders import KINDS
from plaintextcrm.model.settings import FeedSettings
from plaintextcrm.store.digest import digest_of

# Google is reported to drop events of a larger feed.
MAX_BYTES = 1_000_000
AT_ONCE = 500  # events whose texts are asked for together
FAR_PAST = 366  # days
LATEST = 14  # days: the agenda's
MOST = 5000  # events that a feed can have: none is smaller than 200 bytes
# Usual bytes of an event that tells all, and of one that names only the contact and its file.
DETAILED, BRIEF = 850, 450
# How far a feed should reach and how far its events tell all, in days: the first plan that fits.
PLANS = ((10_000_000, 10_000_000), (92, 31), (92, 7), (92, 0), (31, 7), (31, 0))

_IN_ORDER = itemgetter(slice(4))  # of what is due
_NOBODY = "0000000000000000"  # the head of the event that stands where there is none


class Feed(NamedTuple):
    """A feed's text and what it holds. `left_out`: far events that do not fit into a feed.

    `heads` and `before`: what the UIDs of each contact's events begin with, now (some may be left out
    where all of `before` are among the others) and in the previous feed. `kept`: files whose events
    were taken from the previous feed. `made` and `keys`: texts for the book to remember, and the keys
    of all texts that are still in use.
    """

    text: str
    events: int
    left_out: int
    heads: frozenset[str]
    before: frozenset[str]
    kept: tuple[str, ...]
    made: dict[bytes, str]
    keys: frozenset[bytes]


class _Due(NamedTuple):
    """A reminder on its day, `coming`. `far`: how many days today is from it. What is `late` stands on
    today, and is as far as it is late, LATEST at most: a feed that cannot hold all of it has what is
    due next, too. Of those as far come first the ones (`after` is False) that a person dated.
    """

    far: int
    after: bool
    late: int
    uid: str
    coming: str
    outline: Outline


class _Kept(NamedTuple):
    """What the previous feed has of files that are broken now: paths, UID heads, event texts."""

    paths: tuple[str, ...] = ()
    heads: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()


def build(
    book: Book,
    where: Where,
    feed: FeedSettings,
    previous: str | None,
    now: datetime,
    kept_before: Collection[str] | None = None,
) -> Feed:
    """Build a feed of what `where`, its query, finds; private contacts are in none.

    `previous` is the text of the feed it replaces, None for the first one; `now` is aware.
    `kept_before` is what the feed before had as `kept`, None where the book did not see it made.
    """
    known = remember(previous or "", component(feed))
    kept = _kept(book, _tellable(known, previous or "", feed), kept_before)
    wanted = within(where, feed)
    due, farther = _due(book, wanted, kept.heads)
    texts = _Texts(book, feed)
    stamp = stamp_text(_birth(book.today) if previous is None else now.astimezone(UTC))
    blocks = (restamp(text, known.get(uid), stamp) for uid, text in texts.of(due))
    head = texts.head(_title(feed), _product(feed))
    body = _fitting(chain(kept.texts, blocks), MAX_BYTES - len(head.encode()) - 100)
    before = {head_of(uid) for uid in known} - {_NOBODY}
    heads = {head_of(item.uid) for item in due} | kept.heads
    if farther and not before <= heads:
        heads |= {head_of(uid) for uid in answers.event_uids(book, wanted)}
    whole = body or [_nothing(feed, known, stamp)]
    return Feed(
        _checked(f"{head}{''.join(whole)}END:VCALENDAR\r\n", component(feed), len(whole)),
        len(body),
        len(due) + farther + len(kept.texts) - len(body),
        frozenset(heads),
        frozenset(before),
        kept.paths,
        texts.made,
        frozenset(texts.keys),
    )


def within(where: Where, feed: FeedSettings) -> Where:
    """The condition, for the reminders that belong into this feed."""
    wanted = feed.kinds or KINDS
    kinds = [kind for kind in wanted if not (feed.tasks and kind in OCCASIONS)]
    values = {f"feed_kind_{number}": kind for number, kind in enumerate(kinds)}
    listed = ",".join(f":{name}" for name in values)
    owner = "(:feed_owner = '' OR r.owner = :feed_owner)"
    return Where(
        f"({where.sql}) AND NOT c.private AND r.kind IN ({listed}) AND {owner}",
        {**where.values, **values, "feed_owner": feed.owner},
    )


def component(feed: FeedSettings) -> str:
    """What the feed is made of, as iCalendar calls it."""
    return "VTODO" if feed.tasks else "VEVENT"


def _product(feed: FeedSettings) -> str:
    """What the feed says it is: `follow-ups//EN`, `anonymous tasks//CS`."""
    what = f"{'anonymous ' * feed.anonymous}{'tasks' if feed.tasks else 'follow-ups'}"
    return f"{what}//{feed.language.upper()}"


def _title(feed: FeedSettings) -> str:
    title = cut(clean(one_line(feed.title)), TITLE_LENGTH)
    return f"{title} ({LANGUAGES[feed.language].tasks})" if feed.tasks else title


def _nothing(feed: FeedSettings, known: dict[str, Remembered], stamp: str) -> str:
    """What stands in a feed without events: RFC 5545 §3.6 wants at least one component, and some apps
    keep old events without one.
    """
    from plaintextcrm.feed.render import render

    nothing = Event(
        uid=uid_of(f"{_NOBODY}-{_NOBODY}@plaintextcrm", feed),
        day=date(FIRST_YEAR, 1, 1),
        summary=LANGUAGES[feed.language].nothing,
        description="",
        category="follow-up",
        task=feed.tasks,
        closed=feed.tasks,
    )
    return restamp(render([nothing])[0], known.get(nothing.uid), stamp)


def head_of(uid: str) -> str:
    """What the UIDs of all events of a contact begin with."""
    return uid.partition("-")[0]


def _birth(today: date) -> datetime:
    """When this day began, in the first place on Earth where it did: the stamp of a first feed.

    It depends on the day alone, and is not in the future anywhere.
    """
    if today == date.min:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(today, time(), UTC) - timedelta(hours=14)


def _due(book: Book, where: Where, kept: Collection[str]) -> tuple[list[_Due], int]:
    """Reminders, the nearest first, and how many farther ones there are.

    A feed has no room for more than MOST: where there are as many in the next days, those behind are
    only counted. (With a limit to each day's work, or with events to leave out, all must be known.)
    """
    if book.settings.max_per_day is None and not kept and not answers.have_twins(book):
        near = _listed(book, answers.outlines(book, where, LATEST))
        if len(near) > MOST and near[MOST].far <= LATEST:  # days long past come behind
            return near, answers.farther(book, where, LATEST)
    due = _listed(book, answers.outlines(book, where))
    return [item for item in due if head_of(item.uid) not in kept] if kept else due, 0


def _listed(book: Book, outlines: Iterable[tuple[Outline, str | None]]) -> list[_Due]:
    today = book.today
    later = today + timedelta(days=min(366, (date.max - today).days))
    away = cache(lambda day: (date.fromisoformat(day) - today).days)
    again = cache(lambda month, day: (next_time(month, day, today, later) or date.max).isoformat())
    dated = []
    for outline, day in outlines:
        coming = day or again(outline.month, outline.day)
        if away(coming) > -FAR_PAST:
            # A day that was worth a word is not late, but past.
            is_late = outline.due and outline.kind not in OCCASIONS
            late = max(0, -away(outline.due)) if is_late else 0
            far = min(late, LATEST) or abs(away(coming))
            after = outline.kind == "keep-in-touch"
            dated.append(_Due(far, after, late, outline.uid, coming, outline))
    return sorted(_unique(dated), key=_IN_ORDER)


def _unique(dated: Iterable[_Due]) -> Iterator[_Due]:
    """The reminders, no two with one UID: calendars would lose one of them.

    Somebody copied a file and its `uid` with it: until that is mended, the copy goes by its path.
    """
    owners: dict[str, str] = {}
    for item in dated:
        if owners.setdefault(item.uid, item.outline.path) == item.outline.path:
            yield item
        else:
            yield _of_copy(item)


def _of_copy(item: _Due) -> _Due:
    head = digest_of(item.outline.path.encode(), 8).hex()
    return item._replace(uid=f"{head}-{item.uid.partition('-')[2]}")


def _detailed(days: list[int]) -> int:
    """How many of the nearest events tell all; `days` are sorted."""
    for reach, detail in PLANS:
        inside, detailed = bisect_right(days, reach), bisect_right(days, detail)
        if detailed * DETAILED + (inside - detailed) * BRIEF <= MAX_BYTES:
            return detailed
    return 0


class _Texts:
    """The texts of events; icalendar renders only what the book does not remember."""

    def __init__(self, book: Book, feed: FeedSettings) -> None:
        self._book = book
        self._feed = feed
        self.made: dict[bytes, str] = {}
        self.keys: set[bytes] = set()

    def of(self, due: list[_Due]) -> Iterator[tuple[str, str]]:
        """UID and text of each event, without stamps, the nearest first; made as they are taken."""
        detailed = _detailed([item.far for item in due])
        for start in range(0, len(due), AT_ONCE):
            yield from self._some(due[start : start + AT_ONCE], detailed - start)

    def _some(self, due: list[_Due], detailed: int) -> Iterator[tuple[str, str]]:
        rows = answers.reminder_rows(self._book, [item.outline.key for item in due])
        zone = self._book.settings.timezone
        wanted = [
            Wanted(
                rows[item.outline.key]._replace(uid=item.uid),
                date.fromisoformat(item.coming),
                self._feed,
                zone,
                n < detailed,
            )
            for n, item in enumerate(due)
        ]
        keys = [one.key() for one in wanted]
        texts = answers.memos(self._book, keys)
        missing = {key: one for key, one in zip(keys, wanted, strict=True) if key not in texts}
        if missing:
            from plaintextcrm.feed.render import render

            made = dict(zip(missing, render(map(event_of, missing.values())), strict=True))
            self.made |= made
            texts |= made
        self.keys.update(keys)
        for key, one in zip(keys, wanted, strict=True):
            yield uid_of(one.row.uid, self._feed), texts[key]

    def head(self, title: str, product: str) -> str:
        """The calendar's own lines, up to its first event."""
        made_from = f"{MADE_BY} head {product} {title}"
        key = digest_of(made_from.encode())
        self.keys.add(key)
        if held := answers.memos(self._book, [key]):
            return held[key]
        from plaintextcrm.feed.render import render_head

        self.made[key] = render_head(title, product)
        return self.made[key]


def _tellable(
    known: dict[str, Remembered], previous: str, feed: FeedSettings
) -> dict[str, Remembered]:
    """The events that may stay as they were: of the kinds that the feed has now, and in an anonymous
    feed none from the time when it was not.
    """
    head = previous.partition("\nBEGIN:")[0]
    if feed.anonymous and f"//{_product(feed).partition('//')[0]}//" not in head:
        return {}
    kinds = feed.kinds or KINDS
    return {uid: event for uid, event in known.items() if event.kind() in kinds}


def _kept(book: Book, known: dict[str, Remembered], before: Collection[str] | None) -> _Kept:
    """The previous feed's events of files that are broken now, and of which the book, a cache that
    may be new, has no good version.
    """
    if not known:
        return _Kept()
    files = answers.broken_files(book)
    heads = {file.head: file.path for file in files if not file.private}
    broken = {path: head for head, path in heads.items()}
    closed = [f"{folder}/" for folder in answers.closed_folders(book)]
    found: dict[str, list[str]] = {}
    for uid, event in known.items() if broken or closed else ():
        path = heads.get(head_of(uid)) or event.path()
        unread = path in broken or any(map(path.startswith, closed))
        if unread and (before is None or path in before) and event.sound():
            found.setdefault(path, []).append(uid)
    uids = [uid for path in found for uid in found[path]]
    return _Kept(
        tuple(sorted(found)),
        frozenset(map(head_of, uids)) | {broken[path] for path in found if path in broken},
        tuple(known[uid].text() for uid in uids),
    )


def _fitting(blocks: Iterable[str], room: int) -> list[str]:
    """The first events that fit, in the order of their UIDs."""
    fitting = []
    for block in blocks:
        room -= len(block.encode())
        if room < 0:
            break
        fitting.append(block)
    return sorted(fitting, key=_uid_line)


def _uid_line(block: str) -> str:
    start = block.find("\r\nUID:") + 2
    return block[start : block.find("\r", start)]


def _checked(text: str, component: str, events: int) -> str:
    """The text, if it is a whole calendar of so many events in lines of 75 octets."""
    lines = text.encode().split(b"\r\n")
    sound = (
        lines[0] == b"BEGIN:VCALENDAR"
        and lines[-2:] == [b"END:VCALENDAR", b""]
        and lines.count(b"BEGIN:" + component.encode()) == events
        and lines.count(b"END:" + component.encode()) == events
        and max(map(len, lines)) <= LONGEST_LINE
        and text.count("\n") == len(lines) - 1
    )
    if not sound:
        raise ValueError("the feed is not a calendar")
    return text
