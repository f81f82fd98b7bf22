"""What one event says: a reminder of the book in words that are safe in a calendar."""

import hashlib
import json
import re
from datetime import date
from typing import Any, NamedTuple

from plaintextcrm.book.answers import ReminderRow
from plaintextcrm.model.titles import title, who

# Line ends of any kind become newlines; what cannot be seen goes. vdirsyncer splits lines at all
# of the former, and one NUL emptied GNOME's calendar.
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TRAILING = re.compile(r"[ \t]+(?=\n|\Z)")

FIRST_YEAR = 2000  # a leap year: yearly events begin here, or in the year that started them
TITLE_LENGTH = 200  # characters; one endless note must not push everybody else out of the feed
NOTE_LENGTH = 2000
VALUE_LENGTH = 120
PROMISES_SHOWN = 3

_NUMBER = re.compile(r"[+(]?[0-9](?!.*\(0\))[0-9 ().-]*")  # who is to dial the 0 of +44 (0) 20?
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)


class Event(NamedTuple):
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
        return hashlib.blake2b(repr(self).encode(), digest_size=16).digest()


def clean(text: str) -> str:
    """The text without control characters, odd line ends and blanks at its ends."""
    return _TRAILING.sub("", _UNSEEN.sub("", _BREAKS.sub("\n", text))).strip()


def event_of(row: ReminderRow, day: date, zone: str, detailed: bool) -> Event:
    """The event of a reminder that stands on `day`; a `detailed` one says all that is known."""
    person = _one_line(who(row.name, row.organization))
    since = f" ({row.year})" if row.month and row.year and row.kind != "nameday" else ""
    brief = json.loads(row.brief) if detailed else None
    words = _one_line(title(row.kind, person, row.note, row.action))
    return Event(
        uid=row.uid,
        day=day,
        summary=clean(cut(words, TITLE_LENGTH) + since),
        description=clean(_details(row, person, brief) if brief else _short(row, person)),
        category=row.kind,
        url=_url(brief) if brief else "",
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


def cut(text: str, length: int) -> str:
    """The text, shortened to so many characters where it is longer."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _short(row: ReminderRow, person: str) -> str:
    return f"{cut(person, TITLE_LENGTH)}\n{row.path}"


def _details(row: ReminderRow, person: str, brief: dict[str, Any]) -> str:
    """What to know before a talk: a long note whole, whom it is about and how to reach them, what is
    promised, what was said last, and the file. A blank line between them.
    """
    note = cut(row.note, NOTE_LENGTH) if _too_long_for_a_title(row.note) else ""
    reach = [
        cut(_one_line(value), VALUE_LENGTH) for value in (brief["phone"], brief["email"]) if value
    ]
    promises = [_promise(*it) for it in brief["promises"] if not _is_this(row, *it)]
    talks = [_talk(*talk) for talk in brief["talks"]]
    about = [cut(person, TITLE_LENGTH), *reach]
    groups = ([note], about, promises[:PROMISES_SHOWN], talks, [row.path])
    return "\n\n".join("\n".join(group) for group in groups if any(group))


def _too_long_for_a_title(note: str) -> bool:
    return len(note) > VALUE_LENGTH or "\n" in note.strip()


def _is_this(row: ReminderRow, day: str, theirs: bool, note: str) -> bool:
    """True for the promise that the event itself is about."""
    return row.kind == "promise" and note == _one_line(row.note)


def _promise(day: str, theirs: bool, note: str) -> str:
    head = "They promised" if theirs else "We promised"
    return f"{head} for {day}: {cut(note, VALUE_LENGTH)}"


def _talk(day: str, channel: str, note: str) -> str:
    words = f"{day} {channel}" if channel else day
    return f"{words}: {cut(note, VALUE_LENGTH)}" if note else words


def _url(brief: dict[str, str]) -> str:
    """What a tap opens: a call, or a mail."""
    phone, email = brief["phone"], brief["email"]
    if _NUMBER.fullmatch(phone) and 3 <= sum(map(str.isdigit, phone)) <= 15:
        return f"tel:{re.sub('[^0-9+]', '', phone)}"
    if _ADDRESS.fullmatch(email) and len(email) <= 254:
        return f"mailto:{email}"
    return ""
