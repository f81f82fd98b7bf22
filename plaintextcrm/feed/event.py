"""What one event says: a reminder of the book in words that are safe in a calendar."""

import hashlib
import json
import re
from dataclasses import astuple, dataclass
from datetime import date

from plaintextcrm.book.answers import ReminderRow
from plaintextcrm.model.titles import title, who

# Line ends of any kind become newlines; what cannot be seen goes. vdirsyncer splits lines at all
# of the former, and one NUL emptied GNOME's calendar.
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TRAILING = re.compile(r"[ \t]+(?=\n|\Z)")

FIRST_YEAR = 2000  # a leap year: yearly events begin here, or in the year that started them
TALK_LENGTH = 120
PROMISES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Event:
    """One event, in plain clean text. `yearly` where it comes back each year from `day` on.

    `time` is `HH:MM` in the zone `zone` (both empty: all day; no zone: wherever you are).
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

    def key(self) -> bytes:
        """A digest of all that the event is made from."""
        return hashlib.blake2b(repr(astuple(self)).encode(), digest_size=16).digest()


def clean(text: str) -> str:
    """The text without control characters, odd line ends and blanks at its ends."""
    return _TRAILING.sub("", _UNSEEN.sub("", _BREAKS.sub("\n", text))).strip()


def event_of(row: ReminderRow, day: date, zone: str, detailed: bool) -> Event:
    """The event of a reminder that stands on `day`."""
    person = who(row.name, row.organization)
    since = f" ({row.year})" if row.month and row.year and row.year > 1 else ""
    return Event(
        uid=row.uid,
        day=day,
        summary=clean(" ".join((title(row.kind, person, row.note, row.action) + since).split())),
        description=clean(_description(row, person, detailed)),
        category=row.kind,
        url=_url(json.loads(row.brief)),
        time=row.time,
        zone=zone if row.time else "",
        yearly=row.month is not None,
        remind=row.remind,
    )


def first_day(row: ReminderRow) -> date:
    """The day on which a yearly event begins: its own year, or 2000 where that is later or unknown.

    Before 1970 calendar apps disagree, and nobody looks back; 2000 has a 29 February.
    """
    year = max(row.year or FIRST_YEAR, FIRST_YEAR)
    try:
        return date(year, row.month or 1, row.day or 1)
    except ValueError:
        return date(FIRST_YEAR, 2, 29)


def _description(row: ReminderRow, person: str, detailed: bool) -> str:
    """Whom it is about, how to reach them, what was said last and what is promised, and the file."""
    brief = json.loads(row.brief)
    lines = [person, *(value for value in (brief["phone"], brief["email"]) if value)]
    if detailed:
        if len(row.note) > TALK_LENGTH or "\n" in row.note:
            lines = [row.note, "", *lines]
        lines += [_promise(*promise) for promise in brief["promises"][:PROMISES_SHOWN]]
        lines += [_talk(*talk) for talk in brief["talks"]]
    return "\n".join((*lines, row.path))


def _promise(day: str, theirs: bool, note: str) -> str:
    return f"{'They promised' if theirs else 'We promised'} for {day}: {_short(note)}"


def _talk(day: str, channel: str, note: str) -> str:
    return f"{day} {channel}: {_short(note)}" if channel else f"{day}: {_short(note)}"


def _short(text: str) -> str:
    return text if len(text) <= TALK_LENGTH else f"{text[: TALK_LENGTH - 1]}…"


def _url(brief: dict[str, str]) -> str:
    """What a tap opens: a call, or a mail."""
    number = re.sub(r"[^\d+]", "", brief["phone"])
    if re.fullmatch(r"\+?\d{3,15}", number):
        return f"tel:{number}"
    if re.fullmatch(r"[!-9;-~]+@[!-~]+", brief["email"]):
        return f"mailto:{brief['email']}"
    return ""
