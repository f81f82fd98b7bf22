"""The previous feed is the memory: which events it had, when each last changed, how often."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

# With the line end before them: text of a contact may end a folded line with the same words.
_BEGIN = "\r\nBEGIN:*\r\n"
_END = "\r\nEND:*\r\n"
_UID = re.compile(r"^UID:([!-~]+)\r$", re.MULTILINE)
_STAMP = re.compile(r"^(?:DTSTAMP|LAST-MODIFIED|SEQUENCE):([0-9TZ]+)\r\n", re.MULTILINE)
_MOMENT = re.compile(
    r"\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3])[0-5]\d[0-5]\dZ"
)
_SEQUENCE = re.compile(r"\d{1,9}")  # RFC 5545 §3.3.8: an integer is below 2^31
_PATH = re.compile(r"^DESCRIPTION:(?:.*\\n)?(.*)\r$", re.MULTILINE)
_CATEGORY = re.compile(r"^CATEGORIES:(.*)\r$", re.MULTILINE)
_PROPERTY = re.compile(r"^[A-Z-]+", re.MULTILINE)
_ESCAPED = re.compile(r"\\(.)")
_NOT_OURS = re.compile(r"[\x00-\x1f\x7f]|^(?![A-Z][A-Z-]*[:;]| )")
LONGEST_LINE = 75  # octets, without the line end (RFC 5545 §3.1)


class Remembered(NamedTuple):
    """An event of the previous feed. `content` is its text without its three stamps."""

    content: str
    stamp: str
    modified: str
    sequence: int

    def text(self) -> str:
        """The event as it stood in the feed."""
        return stamped(self.content, self.stamp, self.modified, self.sequence)

    def sound(self) -> bool:
        """True where its lines are such as we write, so that they can be written again; two halves
        of torn events have a property twice.
        """
        lines = self.content.removesuffix("\r\n").split("\r\n")
        longest = max(len(line.encode()) for line in lines)
        names = _PROPERTY.findall(self.content.partition("BEGIN:VALARM\r\n")[0])
        once = len(set(names)) == len(names)
        return once and longest <= LONGEST_LINE and not any(map(_NOT_OURS.search, lines))

    def path(self) -> str:
        """The contact's file: the description ends with it."""
        found = _PATH.search(self.content.replace("\r\n ", ""))
        return _ESCAPED.sub(r"\1", found[1]) if found else ""

    def kind(self) -> str:
        """The kind of reminder it was made from."""
        found = _CATEGORY.search(self.content)
        return found[1] if found else ""


def remember(feed: str, component: str = "VEVENT") -> dict[str, Remembered]:
    """The events (or tasks: `component`) of a feed by UID. What is cut off or is not ours is left out.

    A feed that went through git may have lost its carriage returns.
    """
    found = {}
    for block in _blocks(feed.replace("\r\n", "\n").replace("\n", "\r\n"), component):
        uid = _UID.search(block)
        stamps = _STAMP.findall(block)
        if uid and len(stamps) == 3 and _sound(stamps):
            content = _STAMP.sub("", block)
            found[uid[1]] = Remembered(content, stamps[0], stamps[1], int(stamps[2]))
    return found


def _blocks(feed: str, component: str) -> Iterator[str]:
    """The text of each whole event; a torn one lacks its end."""
    first, last = _BEGIN.replace("*", component), _END.replace("*", component)
    for piece in feed.split(first)[1:]:
        body, end, _rest = f"{piece}\r\n".partition(last)
        if end:
            yield f"{first}{body}{last}".removeprefix("\r\n")


def _sound(stamps: list[str]) -> bool:
    forms = (_MOMENT, _MOMENT, _SEQUENCE)
    return all(form.fullmatch(stamp) for form, stamp in zip(forms, stamps, strict=True))


def stamped(content: str, stamp: str, modified: str, sequence: int) -> str:
    """An event's text with its three stamps behind the UID."""
    lines = f"DTSTAMP:{stamp}\r\nLAST-MODIFIED:{modified}\r\nSEQUENCE:{sequence}\r\n"
    return _UID.sub(
        lambda found: f"{found[0]}\n{lines}".removesuffix("\r\n") + "\r", content, count=1
    )


def restamp(content: str, before: Remembered | None, now: str) -> str:
    """The event with the stamps it must have now: they change when, and only when, its content does."""
    if before is None:
        return stamped(content, now, now, 0)
    if before.content == content:
        return before.text()
    newer = max(now, _next_second(before.modified), _next_second(before.stamp))
    return stamped(content, newer, newer, before.sequence + 1)


def stamp_text(moment: datetime) -> str:
    """A moment in UTC as iCalendar writes it; years have four digits, also early ones."""
    return f"{moment.year:04}{moment:%m%dT%H%M%S}Z"


def _next_second(text: str) -> str:
    try:
        moment = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return stamp_text(moment + timedelta(seconds=1))
    except (ValueError, OverflowError):
        return ""  # a day that is none, or the last second that there is
