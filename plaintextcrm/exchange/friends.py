"""The friends.md of the program `friends`: people, and a diary of what one did with them.

A line of the diary names people in **bold** and places in _italics_; a word behind an @ is a tag. Who is
named there and in no list of friends becomes a contact, too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from plaintextcrm.exchange.incoming import Incoming, Plain, Refused, Source
from plaintextcrm.exchange.sheets.days import Order, day_of
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fold import key_of

_HEADER = re.compile(r"#{1,6}\s*(\w+)\s*:?\s*")
_TAG = re.compile(r"(?<!\w)@(\w+(?:[:-]\w+)*)")
_FRIEND = re.compile(
    r"(?P<name>[^(\[@]*[^(\[@\s])"
    r"(?:\s+\(a\.k\.a\. (?P<nicknames>.+)\))?"
    r"(?:\s+\[(?P<place>[^\]]+)\])?"
    r"(?P<tags>(?:\s+@\S+)*)"
)
_ENTRY = re.compile(r"(\d{4}-\d{2}-\d{2}): (.+)")
_NAMED = re.compile(r"\*\*([^*]+)\*\*")
_PLACE = re.compile(r"(?<!\w)_([^_]+)_(?!\w)")
_AGAIN = " a.k.a. "


class _Line(NamedTuple):
    """A line of a list, without its dash, and in which section it stands."""

    number: int
    section: str
    text: str


@dataclass
class _Friend:
    """Somebody, and what the diary says of them."""

    line: int
    name: str
    fields: dict[str, Plain] = field(default_factory=dict)
    talks: list[Mapping[str, Plain]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(source: Source, settings: Settings) -> Iterator[Incoming | Refused]:
    """Everybody in the file, in its order, and the lines that nobody can read."""
    text = source.data.decode("utf-8-sig", "replace")
    people: dict[str, _Friend] = {}
    found: list[Incoming | Refused] = []
    for line in sorted(_lines(text), key=lambda line: line.section != "friends"):
        if why := _take(line, people):
            found.append(Refused(source.path, line.number, why))
    found += [_incoming(source, friend) for friend in people.values()]
    yield from sorted(found, key=lambda one: one.line)


def _lines(text: str) -> Iterator[_Line]:
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.fullmatch(line.strip()):
            section = header[1].lower()
        elif line.strip():
            yield _Line(number, section, line.strip().removeprefix("- ").strip())


def _take(line: _Line, people: dict[str, _Friend]) -> str:
    """Take in one line; why not, where it cannot be."""
    if line.section == "friends":
        return _take_friend(line, people)
    if line.section in ("activities", "notes"):
        return _take_entry(line, people)
    if line.section == "locations":
        return ""  # what they are called stands in the diary
    return "no section that is known: Activities, Notes, Friends or Locations"


def _take_friend(line: _Line, people: dict[str, _Friend]) -> str:
    found = _FRIEND.fullmatch(line.text)
    if not found:
        return "this is no friend; write `- Name (a.k.a. Nickname) [Town] @tag`"
    if key_of(found["name"]) in people:
        return f"a second friend called `{found['name']}`; give each a name of their own"
    nicknames = (found["nicknames"] or "").split(_AGAIN)
    place = [{"locality": found["place"]}] if found["place"] else []
    people[key_of(found["name"])] = _Friend(
        line.number,
        found["name"],
        {"nicknames": nicknames, "addresses": place, "tags": _TAG.findall(found["tags"])},
    )
    return ""


def _take_entry(line: _Line, people: dict[str, _Friend]) -> str:
    found = _ENTRY.fullmatch(line.text)
    if not found or day_of(found[1], Order.UNKNOWN) is None:
        return "a line of the diary begins with its day: `- 2026-10-01: Lunch with **Eva**.`"
    day, text = found.groups()
    named = (name.strip() for name in _NAMED.findall(text))
    names = list({key_of(name): name for name in named if name}.values())
    if not names:
        return "nobody is named in bold, so no contact can have this: write **Name**"
    said = _PLACE.sub(r"\1", _NAMED.sub(r"\1", text))
    for name in names:
        friend = people.setdefault(key_of(name), _Friend(line.number, name))
        if line.section == "notes":
            friend.notes.append(f"{day}: {said}")
            continue
        others = [other for other in names if other != name]
        friend.talks.append({"date": day, "note": said, "with": others})
    return ""


def _incoming(source: Source, friend: _Friend) -> Incoming:
    """The name is what tells a friend there: with it they are the same when the diary grows."""
    fields: dict[str, Plain] = {
        "name": friend.name,
        "uid": f"friends {key_of(friend.name)}",
        **friend.fields,
        "notes": "\n".join(friend.notes),
        "interactions": friend.talks,
    }
    return Incoming(source.path, friend.line, fields)
