"""What one event is: a reminder of the book in words that are safe in a calendar."""

import json
import re
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from plaintextcrm import __version__
from plaintextcrm.book.answers import ReminderRow
from plaintextcrm.feed.words import NO_BRIEF, Brief, Told, command_of, texts_of
from plaintextcrm.model.languages import VERSION
from plaintextcrm.model.settings import FeedSettings
from plaintextcrm.store.digest import digest_of

# Line ends of any kind become newlines; what cannot be seen goes. vdirsyncer splits lines at all
# of the former, and one NUL emptied GNOME's calendar.
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TRAILING = re.compile(r"[ \t]+(?=\n|\Z)")

FIRST_YEAR = 2000  # a leap year: yearly events begin here, or in the year that started them
# What is remembered of a rendered event counts for this program's texts only.
MADE_BY = f"{__version__} {VERSION} 2"

_NUMBER = re.compile(r"[+(]?[0-9](?!.*\(0\))[0-9 ().-]*")  # who is to dial the 0 of +44 (0) 20?
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)


class Event(NamedTuple):
    """One event, in plain clean text. `yearly` where it comes back each year from `day` on.

    `time` is `HH:MM` in the zone `zone` (both empty: all day; no zone: wherever you are). A `task`
    is due then, instead of taking place.
    """

    uid: str
    day: date
    summary: str
    description: str
    category: str
    url: str = ""
    time: str = ""
    zone: str = ""
    yearly: bool = False
    remind: str = ""
    task: bool = False
    closed: bool = False


class Wanted(NamedTuple):
    """All that an event is made from: a reminder that stands on `coming`, of a yearly one its next
    time; a `detailed` one says all that is known.
    """

    row: ReminderRow
    coming: date
    feed: FeedSettings
    zone: str
    detailed: bool

    def key(self) -> bytes:
        """A digest of it; lines and the book's own numbers are in no event."""
        row = self.row._replace(key=0, line=0, brief=self.row.brief if self.detailed else "")
        # Plain tuples: named ones take twice as long to be told, and there are thousands.
        made_from = (MADE_BY, row[:], self.coming, self.feed[:], self.zone, self.detailed)
        return digest_of(repr(made_from).encode())


def clean(text: str) -> str:
    """The text without control characters, odd line ends and blanks at its ends."""
    return _TRAILING.sub("", _UNSEEN.sub("", _BREAKS.sub("\n", text))).strip()


def event_of(wanted: Wanted) -> Event:
    """The event that is wanted."""
    row, coming, feed, zone, detailed = wanted
    told = Told(row, coming, detailed and not feed.anonymous)
    brief = Brief(**json.loads(row.brief)) if told.detailed else NO_BRIEF
    summary, description = texts_of(told, brief, feed)
    return Event(
        uid=uid_of(row.uid, feed),
        day=_first_day(row, feed) if row.month else coming,
        summary=clean(summary),
        description=clean(description),
        category=row.kind,
        url=_link(told, brief, feed),
        time=row.time,
        zone=zone if row.time else "",
        yearly=row.month is not None,
        remind=row.remind or str(feed.alarm or ""),
        task=feed.tasks,
    )


def uid_of(uid: str, feed: FeedSettings) -> str:
    """A task is another thing than the event of the same reminder."""
    return uid.replace("@", "@todo.") if feed.tasks else uid


def _first_day(row: ReminderRow, feed: FeedSettings) -> date:
    """The day on which a yearly event begins: its own year, or 2000 where that is later or unknown.

    Before 1970 calendar apps disagree, and nobody looks back; 2000 has a 29 February. An anonymous
    feed does not tell the year.
    """
    year = FIRST_YEAR if feed.anonymous else max(row.year or FIRST_YEAR, FIRST_YEAR)
    try:
        return date(year, row.month or 1, row.day or 1)
    except ValueError:
        return date(FIRST_YEAR, 2, 29)


def _link(told: Told, brief: Brief, feed: FeedSettings) -> str:
    """What a tap opens: a call or a mail where one is known, else the command that closes it, as an
    address that begins with `pcrm:`. Unless it is asked for, far events do without: many must fit.
    """
    command = command_of(told.row, feed.anonymous)
    if feed.link == "call":
        reach = _reach(brief)
        if reach or not told.detailed or command[0] == "show":
            return reach
    return f"pcrm:{'/'.join(quote(word, safe='') for word in command)}"


def _reach(brief: Brief) -> str:
    if _NUMBER.fullmatch(brief.phone) and 3 <= sum(map(str.isdigit, brief.phone)) <= 15:
        return f"tel:{re.sub('[^0-9+]', '', brief.phone)}"
    if _ADDRESS.fullmatch(brief.email) and len(brief.email) <= 254:
        return f"mailto:{brief.email}"
    return ""
