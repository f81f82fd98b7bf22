"""Contacts → cards, vCard 4.0 or 3.0: each field is its property by the field table.

Whatever stands in a contact, a card is just one card: values are escaped, lines that were kept from
other cards are read again before they go out, and no line is longer than 75 octets.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from icalendar.parser import Contentline

from plaintextcrm.exchange.outgoing import Others, Outgoing
from plaintextcrm.exchange.picture import is_base64
from plaintextcrm.exchange.vcard import properties
from plaintextcrm.exchange.vcard.lexicon import ALONE, LABEL, ODD, OF_THE_CARD
from plaintextcrm.exchange.vcard.line import escaped, parse, written
from plaintextcrm.exchange.vcard.properties import Line
from plaintextcrm.text.fields import CONTACT_FIELDS

_KEPT = "x_vcard"
_EDGES = ("BEGIN", "END", *OF_THE_CARD)
_FOLDED = 75  # octets
_SHORT = ("FN", "N", "ORG", "TITLE", "TEL", "EMAIL", "URL")


class Sheet(NamedTuple):
    """How cards are written: the version, the contacts that files refer to, the ids of those that go
    out together, and the bytes of a picture by its path in the book.
    """

    version: str
    others: Others
    going: frozenset[str]
    picture: Callable[[str], bytes | None]


def as_cards(people: Iterable[Outgoing], sheet: Sheet) -> Iterator[bytes]:
    """Each contact as a card."""
    for person in people:
        yield folded(card(person, sheet))


def card(person: Outgoing, sheet: Sheet) -> list[str]:
    """The lines of a card, not folded yet."""
    kept = _kept(person)
    others = {found.name for found in (parse(line, 0) for line in kept) if found}
    lines = [_before(line, others) for line in _lines(person, sheet)]
    lines = [line for line in lines if line.name != "UID" or "UID" not in others]
    return [
        "BEGIN:VCARD", f"VERSION:{sheet.version}", *_grouped(lines, kept), *kept, "END:VCARD"
    ]  # fmt: skip


def _before(line: Line, others: set[str]) -> Line:
    """The line; preferred to one of the kept ones that says another thing."""
    if line.name in others and line.name in ALONE:
        return line._replace(params=(*line.params, ("PREF", ("1",))))
    return line


def short_card(person: Outgoing, sheet: Sheet) -> str:
    """What a phone wants to know of somebody, for a code to scan: no labels, pictures and notes."""
    lines = [line for line in _lines(person, sheet) if line.name in _SHORT]
    bare = [written(line.name, "", line.params, line.value) for line in lines]
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{sheet.version}", *bare, "END:VCARD", ""])


def folded(lines: Iterable[str]) -> bytes:
    """The bytes of these lines, none longer than 75 octets and no letter cut."""
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _folded(line: str) -> bytes:
    if line.isascii() and len(line) < _FOLDED:
        return line.encode()
    return bytes(Contentline(line).to_ical())  # type: ignore[no-untyped-call]


def _lines(person: Outgoing, sheet: Sheet) -> Iterator[Line]:
    """The properties in the order of the field table, then what vCard knows no word for."""
    for name in dict.fromkeys(field.vcard for field in CONTACT_FIELDS if field.vcard):
        write = properties.WRITERS.get(name, properties.text)
        yield from write(name, person, sheet.version, _Known(sheet))
    yield from properties.own(person)


class _Known(properties.Known):
    """Other contacts and pictures, as this export knows them."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def name(self, word: str) -> str:
        face = self._sheet.others.called(word)
        return face.name if face else word

    def uid(self, word: str) -> str:
        face = self._sheet.others.called(word)
        return face.uid if face and face.id in self._sheet.going else ""

    def picture(self, path: str) -> bytes | None:
        return self._sheet.picture(path)


def _kept(person: Outgoing) -> list[str]:
    """Lines of other programs' cards, as they came; what is no property is told as one."""
    found = person.fields.get(_KEPT, [])
    lines = found if isinstance(found, list) else [found]
    return [_safe(line) for line in lines if isinstance(line, str)]


def _safe(line: str) -> str:
    flat = line.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")
    found = parse(flat, 0)
    broken = found and found.encoding and not is_base64(found.value)
    if found is None or broken or found.name in _EDGES or found.name == ODD:
        return f"{ODD}:{escaped(line)}"
    return flat


def _grouped(lines: Iterable[Line], kept: Iterable[str]) -> Iterator[str]:
    """The lines; what has a label of its own is in a group with it."""
    taken = {line.partition(".")[0].lower() for line in kept}
    number = 0
    for line in lines:
        if not line.label:
            yield written(line.name, "", line.params, line.value)
            continue
        number += 1
        while f"item{number}" in taken:
            number += 1
        yield written(line.name, f"item{number}", line.params, line.value)
        yield written(_LABEL, f"item{number}", (), escaped(line.label))


_LABEL = LABEL.replace("LABEL", "Label")  # as Apple writes it
