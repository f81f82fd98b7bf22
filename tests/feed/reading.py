"""Reading a feed back: as bytes, and with the icalendar package."""

import os
import re
import shutil
from pathlib import Path
from typing import Any

import icalendar

from tests.conftest import TODAY, AddressBook, Answer

EVE = """\
name: Eva Malá
uid: 5c950095-1d5a-4237-bf9d-9d9011d9b888
birthday: 1988-05-20
phones: [+420 601 000 111]
emails: [eva@mala.example]
interactions:
  - {date: 2026-10-14, channel: call, note: Budget goes to the board}
follow_ups:
  - {date: 2026-12-15, note: new e-shop}
promises:
  - {date: 2026-12-04, note: send two references}
"""
JAN = "name: Jan Novák\nuid: 0b3d4c51-9f3e-4f0c-8a52-0d8f3e0c9b11\nbirthday: --03-07\n"
ADA = "name: Ada Nowak\nuid: 1c3d4c51-9f3e-4f0c-8a52-0d8f3e0c9b12\nnameday: --12-24\n"
STAMPS = ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE")


class Read:
    """A feed as it lies on the disk."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        self.text = self.data.decode("utf-8")
        # What a property holds depends on its name: to the type checker it may be anything.
        self.calendar: Any = icalendar.Calendar.from_ical(self.data)
        self.events: list[Any] = list(self.calendar.events)
        found = re.findall(
            rb"^BEGIN:VEVENT\r\n.*?^END:VEVENT\r\n", self.data, re.DOTALL | re.MULTILINE
        )
        self.blocks = {
            re.findall(rb"^UID:(.*)\r$", block, re.M)[0].decode(): block for block in found
        }

    @property
    def summaries(self) -> list[str]:
        return sorted(str(event["SUMMARY"]) for event in self.events)

    @property
    def uids(self) -> list[str]:
        return [str(event["UID"]) for event in self.events]

    def event(self, words: str) -> Any:
        """The one event with these words in its summary."""
        (found,) = [event for event in self.events if words in str(event["SUMMARY"])]
        return found

    def stamps(self, words: str) -> tuple[str, str, int]:
        """DTSTAMP, LAST-MODIFIED and SEQUENCE of an event."""
        event = self.event(words)
        stamp, modified, sequence = (event[name] for name in STAMPS)
        return stamp.to_ical().decode(), modified.to_ical().decode(), int(sequence)

    def of(self, path: str) -> dict[str, bytes]:
        """The blocks of the events that one file made."""
        return {
            uid: self.blocks[uid]
            for event in self.events
            if str(event["DESCRIPTION"]).endswith(path) and (uid := str(event["UID"]))
        }


def feed_of(book: AddressBook, name: str = "follow-ups.ics") -> Read:
    """The feed that is there."""
    return Read(book.folder / name)


def export(book: AddressBook, *arguments: str, code: int = 0, today: str = TODAY) -> Answer:
    """Run `export ics` and expect its exit code."""
    answer = book.run("export", "ics", *arguments, today=today)
    assert answer.code == code, answer.err
    return answer


def exported(book: AddressBook, today: str = TODAY) -> Read:
    """The feed after a successful `export ics`."""
    export(book, today=today)
    return feed_of(book)


def forget() -> None:
    """Delete every cache."""
    shutil.rmtree(os.environ["XDG_CACHE_HOME"])
