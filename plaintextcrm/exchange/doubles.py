"""Two lists of one field become one: which entries are the same, and what they say together.

Nothing is lost: of two entries that are one only the words of both stay, and where they contradict
each other both entries do.
"""

from collections.abc import Callable
from typing import NamedTuple

from plaintextcrm.model.contact import Address
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fold import fold, key_of
from plaintextcrm.text.merge.pairing import frozen
from plaintextcrm.text.phone import country_of, read_phone
from plaintextcrm.text.render import Plain

Entry = tuple[int | None, int | None, Plain]  # its numbers in A and B, and what it says


class Lists(NamedTuple):
    """The entries of both lists, and what is worth a word."""

    entries: list[Entry]
    told: list[str]


def joined_lists(
    name: str, a: list[Plain], b: list[Plain], contact: dict[str, Plain], settings: Settings
) -> Lists:
    """The entries of both, each once; `contact` is the one that they are entries of."""
    key = _keys(name, contact, settings)
    entries: list[Entry] = [(number, None, value) for number, value in enumerate(a)]
    for number, value in enumerate(b):
        place = _double(entries, value, key, once=key is not frozen)
        if place is None:
            entries.append((None, number, value))
        else:
            own, other, held = entries[place]
            entries[place] = (own, number if other is None else other, _together(held, value))
    return Lists(entries, _told(name, [value for _a, _b, value in entries]))


Key = Callable[[Plain], object]


def _keys(name: str, contact: dict[str, Plain], settings: Settings) -> Key:
    """What makes two entries of the list the same."""
    if name == "phones":
        country = _country(contact, settings)
        return lambda value: read_phone(_value(value), country).number or _value(value)
    if name in ("emails", "urls"):
        return lambda value: key_of(_value(value)).rstrip("/")
    if name in ("tags", "nicknames"):
        return lambda value: key_of(value) if isinstance(value, str) else frozen(value)
    if name == "addresses":
        return _address
    return frozen


def _country(contact: dict[str, Plain], settings: Settings) -> str:
    held = contact.get("addresses")
    named = [
        Address(country=str(one.get("country", "")))
        for one in (held if isinstance(held, list) else ())
        if isinstance(one, dict)
    ]
    return country_of(named, settings)


def _value(entry: Plain) -> str:
    held = entry.get("value", "") if isinstance(entry, dict) else entry
    return held.strip() if isinstance(held, str) else ""


def _address(entry: Plain) -> object:
    """Street, town and postcode without blanks and case."""
    if not isinstance(entry, dict):
        return frozen(entry)
    parts = (fold(str(entry.get(part, ""))) for part in ("street", "locality", "postcode"))
    found = tuple("".join(part.split()) for part in parts)
    return found if any(found) else frozen(entry)


def _double(entries: list[Entry], value: Plain, key: Key, *, once: bool) -> int | None:
    """The entry that says the same: of A, and not found before; or any one, where the same twice
    makes no sense.
    """
    wanted = key(value)
    for place, (own, other, held) in enumerate(entries):
        free = once or (own is not None and other is None)
        if free and key(held) == wanted and _agree(held, value):
            return place
    return None


def _parts(entry: Plain) -> dict[str, Plain] | None:
    """The fields of an entry; a lone text is its value."""
    if isinstance(entry, dict):
        return entry
    return {"value": entry} if isinstance(entry, str) else None


_SPELT = ("value", "street", "locality", "postcode")  # of which the writing of A counts


def _agree(a: Plain, b: Plain) -> bool:
    one, other = _parts(a), _parts(b)
    if one is None or other is None:
        return a == b
    return all(
        one[name] == other[name] or name in _SPELT or not one[name] or not other[name]
        for name in one.keys() & other.keys()
    )


def _together(a: Plain, b: Plain) -> Plain:
    """What both say; just as A has it where B says no more."""
    one, other = _parts(a), _parts(b)
    if one is None or other is None:
        return a
    more = {name: value for name, value in other.items() if value and not one.get(name)}
    return {**one, **more} if more else a


def _told(name: str, entries: list[Plain]) -> list[str]:
    if name != "revenue":
        return []
    years = [str(one.get("year")) for one in entries if isinstance(one, dict)]
    twice = sorted({year for year in years if years.count(year) > 1})
    return [f"revenue of {year} stands twice now, and counts twice" for year in twice]
