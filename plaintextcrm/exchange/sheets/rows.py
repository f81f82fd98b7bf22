"""The cells of one record → what they say of a person."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import zip_longest
from typing import NamedTuple

from plaintextcrm.exchange.incoming import Plain
from plaintextcrm.exchange.sheets.days import Order, day_of, is_no_day
from plaintextcrm.exchange.sheets.spots import Fields, Layout, Spot
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fields import contact_fields, fields_of
from plaintextcrm.text.fold import fold
from plaintextcrm.text.types import Field, ListOf
from plaintextcrm.text.values import DATE, PARTIAL, PARTIAL_OR_YEARLY, YEARLY

KEPT = "x_csv"  # what has no field, by the column's name
_DAYS = (DATE, PARTIAL, PARTIAL_OR_YEARLY, YEARLY)
_GOES_ON = {"street": ", ", "note": "\n", "notes": "\n"}  # what two columns may say together
_WORD = re.compile(r"\w+")


class Column(NamedTuple):
    """A column: its name, where its cells go, and which number comes first in its days."""

    name: str
    spot: Spot
    order: Order = Order.UNKNOWN


class _Cell(NamedTuple):
    column: Column
    text: str


class Reader:
    """Makes people of rows with these columns. `unclear` counts the days that could be two, by column."""

    def __init__(self, columns: tuple[Column, ...], layout: Layout, settings: Settings) -> None:
        self.columns = columns
        self.layout = layout
        self.settings = settings
        self.unclear: Counter[str] = Counter()

    def fields(self, cells: Iterable[str]) -> dict[str, Plain]:
        """What the row says."""
        fields: Fields = {}
        rest: dict[str, Plain] = {}
        echoes: list[_Cell] = []
        groups: dict[tuple[str, str], list[_Cell]] = defaultdict(list)
        for column, raw in zip(self.columns, cells, strict=True):
            spot, text = column.spot, raw.strip()
            if not text or text in spot.nothing:
                continue
            cell = _Cell(column, text)
            if spot.part:
                groups[spot.field, spot.group].append(cell)
            elif spot.echo:
                echoes.append(cell)
            else:
                self._put(cell, fields, rest)
        for (field, _group), held in groups.items():
            self._put_entries(field, held, fields, rest)
        self.layout.finish(fields, rest)
        fields["name"] = fields.get("name") or _called(fields)
        rest |= {cell.column.name: cell.text for cell in echoes if not _said(cell.text, fields)}
        if rest:
            fields[KEPT] = rest
        return {name: _shortened(value) for name, value in fields.items()}

    def _put(self, cell: _Cell, fields: Fields, rest: dict[str, Plain]) -> None:
        """A cell that is a value of its own."""
        name = cell.column.spot.field
        if not name:
            rest[cell.column.name] = cell.text
            return
        known = contact_fields(self.settings).get(name)
        if known and isinstance(known.type, ListOf):
            fields.setdefault(name, []).extend(filter(None, _split(cell)))
            return
        held, value = fields.get(name), self._value(cell, known)
        if value is None:
            rest[cell.column.name] = cell.text
        elif not held:
            fields[name] = value
        elif name in _GOES_ON:
            fields[name] = f"{held}{_GOES_ON[name]}{value}"
        elif held != value:
            rest[cell.column.name] = cell.text

    def _value(self, cell: _Cell, field: Field | None) -> str | None:
        """The cell as its field has it; None for a day that could be another one."""
        if field is None or field.type not in _DAYS:
            return cell.text
        if is_no_day(cell.text):
            return ""
        day = day_of(cell.text, cell.column.order)
        if day is None and field.type in (PARTIAL, PARTIAL_OR_YEARLY) and _vague(cell.text):
            return cell.text
        if day is None:
            self.unclear[cell.column.name] += 1
        return day

    def _put_entries(
        self, field: str, held: list[_Cell], fields: Fields, rest: dict[str, Plain]
    ) -> None:
        """Columns that make one entry together, or several, where their cells have several values."""
        if field == KEPT:
            rest |= _own(held, rest)
            return
        parts: dict[str, list[str]] = {}
        for cell in held:
            if not self._put_part(field, cell, parts):
                rest[cell.column.name] = cell.text
        whole = [cell for cell in held if cell.column.spot.echo]
        entries = list(_entries(field, parts, held[0].column.spot.kind))
        if whole and not entries:
            entries = [{"street": ", ".join(whole[0].text.splitlines()), **_typed(parts)}]
        elif whole and not _said(whole[0].text, {field: entries}):
            rest[whole[0].column.name] = whole[0].text
        if entries:
            fields.setdefault(field, []).extend(entries)
        else:
            rest |= {cell.column.name: cell.text for cell in held}

    def _put_part(self, field: str, cell: _Cell, parts: dict[str, list[str]]) -> bool:
        """The values of one cell; False where they cannot be taken."""
        spot = cell.column.spot
        if spot.echo:
            return True
        known = _parts_of(field).get(spot.part)
        texts = (cell._replace(text=text) for text in _split(cell))
        values = [self._value(one, known) for one in texts]
        if any(value is None for value in values):
            return False
        return _add(parts, spot.part, [value or "" for value in values])


def _add(parts: dict[str, list[str]], part: str, values: list[str]) -> bool:
    """Put the values with those of the same part; False where they would replace others."""
    before = parts.get(part)
    if not before:
        parts[part] = values
    elif part in _GOES_ON:
        pairs = zip_longest(before, values, fillvalue="")
        parts[part] = [_GOES_ON[part].join(filter(None, pair)) for pair in pairs]
    else:
        return before == values
    return True


@cache
def _parts_of(field: str) -> dict[str, Field]:
    known = contact_fields(Settings()).get(field)
    return {part.name: part for part in fields_of(known.type)} if known else {}


def _entries(field: str, parts: dict[str, list[str]], kind: str) -> Iterator[dict[str, str]]:
    """The entries that the values make: the first of each part, the second of each, and so on.

    A type that stands once is that of all. What has only a type, or lacks what an entry must have, is
    none.
    """
    known = _parts_of(field)
    needed = {part.name for part in known.values() if part.required}
    for number in range(max((len(values) for values in parts.values()), default=0)):
        entry = {
            part: values[min(number, len(values) - 1) if part == "type" else number]
            for part, values in parts.items()
            if part == "type" or number < len(values)
        }
        entry = {part: text for part, text in entry.items() if text}
        if set(entry) - {"type"} and needed <= set(entry):
            whole = ({"type": kind} if kind else {}) | entry
            yield {part: whole[part] for part in known if part in whole}


def _typed(parts: dict[str, list[str]]) -> dict[str, str]:
    return {"type": parts["type"][0]} if parts.get("type") else {}


def _own(held: list[_Cell], taken: Mapping[str, Plain]) -> dict[str, Plain]:
    """A field of the person's own in that program: its label is its name, unless that is taken."""
    texts = {cell.column.spot.part: cell for cell in held}
    if len(texts) < 2 or texts["type"].text in taken:
        return {cell.column.name: cell.text for cell in held}
    return {texts["type"].text: texts["value"].text}


def _split(cell: _Cell) -> list[str]:
    several = cell.column.spot.split
    texts = cell.text.split(several) if several else [cell.text]
    return [text.strip() for text in texts]


def _shortened(value: Plain) -> Plain:
    """A list in which entries that say nothing but a value are just that."""
    if not isinstance(value, list):
        return value
    return [
        item["value"] if isinstance(item, dict) and set(item) == {"value"} else item
        for item in value
    ]


def _vague(text: str) -> bool:
    return re.fullmatch(r"[0-9]{4}(-[0-9]{2}|-[Qq][1-4])?", text) is not None


def _said(text: str, fields: Fields) -> bool:
    """True where each word of it stands in the fields already, or is the first letter of one."""
    said = set(_WORD.findall(fold(_all(fields))))
    letters = {word[0] for word in said}
    return all(word in said or word in letters for word in _WORD.findall(fold(text)))


def _called(fields: Fields) -> str:
    """The name that the parts make, without titles: so one finds people by it."""
    parts = ("given_name", "additional_name", "family_name")
    return " ".join(fields[part] for part in parts if fields.get(part))


def _all(value: object) -> str:
    """Every text in it."""
    if isinstance(value, dict):
        return " ".join(map(_all, value.values()))
    return " ".join(map(_all, value)) if isinstance(value, list) else str(value)
