"""The previous feed is the memory: which events it had, when each last changed, how often."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EVENT = re.compile(r"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)
_UID = re.compile(r"^UID:(.+)\r$", re.MULTILINE)
_STAMP = re.compile(r"^(?:DTSTAMP|LAST-MODIFIED|SEQUENCE):([0-9TZ]+)\r\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Remembered:
    """An event of the previous feed. `content` is its text without its three stamps."""

    content: str
    stamp: str
    modified: str
    sequence: int

    def text(self) -> str:
        """The event as it stood in the feed."""
        return stamped(self.content, self.stamp, self.modified, self.sequence)


def remember(feed: str) -> dict[str, Remembered]:
    """The events of a feed by UID. What is cut off or is not ours is left out."""
    found = {}
    for match in _EVENT.finditer(feed):
        block = match[0]
        uid = _UID.search(block)
        stamps = _STAMP.findall(block)
        if uid and len(stamps) == 3 and stamps[2].isdigit() and _moment(stamps[1]):
            content = _STAMP.sub("", block)
            found[uid[1]] = Remembered(content, stamps[0], stamps[1], int(stamps[2]))
    return found


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


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _next_second(text: str) -> str:
    moment = _moment(text)
    return f"{moment + timedelta(seconds=1):%Y%m%dT%H%M%SZ}" if moment else text
