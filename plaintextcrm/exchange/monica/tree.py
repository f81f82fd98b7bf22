"""What stands in an export of Monica: items with a `uuid`, `properties`, and collections of others.

Nothing here trusts the file: what is not there, or of another kind, is empty.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from plaintextcrm.exchange.incoming import Plain

Json: TypeAlias = Any  # whatever the file holds

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"[T ](\d{2}:\d{2})")
_MACHINE = ("created_at", "updated_at", "uuid")


class Item:
    """One thing of the export. What was taken is not among `others`."""

    def __init__(self, value: Json) -> None:
        held = value if isinstance(value, Mapping) else {}
        inner = held.get("properties")
        self._held = held
        self.uuid = text(held.get("uuid"))
        self.properties: dict[str, Json] = dict(inner) if isinstance(inner, Mapping) else {}
        self._taken: set[str] = set()

    def get(self, name: str) -> Json:
        """A property as it is; from now on it is taken."""
        self._taken.add(name)
        return self.properties.get(name, self._held.get(name))

    def text(self, name: str) -> str:
        """A property as text."""
        return text(self.get(name))

    def day(self, name: str) -> str:
        """The day of a property; empty where it tells none."""
        found = _DAY.match(self.text(name))
        return found[0] if found else ""

    @property
    def made(self) -> str:
        """The day on which it was written down."""
        return self.day("created_at")

    def time(self, name: str) -> str:
        """The time of day; empty at midnight, which Monica writes where there is none."""
        found = _TIME.search(self.text(name))
        return found[1] if found and found[1] != "00:00" else ""

    def others(self) -> dict[str, Plain]:
        """What was not taken, and says anything."""
        rest = ((name, said(value)) for name, value in self.properties.items())
        return {
            name: value
            for name, value in rest
            if value and name not in self._taken and name not in _MACHINE
        }

    @cached_property
    def collections(self) -> dict[str, list[Json]]:
        """The values of its collections by their type."""
        found: dict[str, list[Json]] = {}
        for one in values(self._held.get("data")):
            if isinstance(one, Mapping):
                kind = text(one.get("type"))
                found.setdefault(kind, []).extend(values(one.get("values")))
        return found

    def items(self, kind: str) -> Iterator["Item"]:
        """The items of a collection."""
        return map(Item, self.collections.get(kind, []))

    def uuids(self, kind: str) -> Iterator[str]:
        """The uuids of a collection that holds no more than them."""
        for value in self.collections.get(kind, []):
            yield text(value.get("uuid") if isinstance(value, Mapping) else value)


def values(given: Json) -> list[Json]:
    """The values of a list; PHP writes one with gaps as a mapping of numbers."""
    if isinstance(given, Mapping):
        return list(given.values())
    return given if isinstance(given, list) else []


def text(given: Json) -> str:
    """A value as text; nothing where there is none."""
    if given is None or isinstance(given, (list, Mapping)):
        return ""
    if isinstance(given, bool):
        return "yes" if given else "no"
    return str(given).strip()


def said(given: Json) -> Plain:
    """A value as a contact file has it; empty ones, and what is not so, are left out."""
    if isinstance(given, Mapping):
        found = ((str(name), said(value)) for name, value in given.items())
        return {name: value for name, value in found if value}
    if isinstance(given, list):
        return [one for one in map(said, given) if one]
    return "" if given is False else text(given)
