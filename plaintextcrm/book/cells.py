"""A contact → the cells of its row and of the rows of its entries, as `book/layout.py` lays them out."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

from plaintextcrm.book.catalog import OWN
from plaintextcrm.book.layout import CELLS, form_of, own_columns, tables
from plaintextcrm.model.contact import Cadence, Contact, Milestone
from plaintextcrm.model.dates import Money, PartialDate
from plaintextcrm.text.types import Field

Cells: TypeAlias = tuple[Any, ...]

# How a value becomes cells; texts and choices are what they are.
_MAKE: dict[str, Callable[[Any], Cells]] = {
    "list": lambda value: (json.dumps(value, ensure_ascii=False),),
    "date": lambda value: (value.isoformat(),),
    "span": lambda value: _span(value),
    "yearly": lambda value: (str(value),),
    "time": lambda value: (f"{value.hour:02}:{value.minute:02}",),
    "money": lambda value: (float(value.amount), value.currency),
    "number": lambda value: (float(value),),
    "duration": lambda value: _duration(value),
    "flag": lambda value: (value,),
}


class _Reader(NamedTuple):
    """How rows of one kind are made: all values of an entry at once; then those that are no text are
    replaced by their cells, the last one first, as some have more than one.
    """

    values: Callable[[Any], Cells]
    makers: tuple[tuple[int, Callable[[Any], Cells], Cells], ...]

    def row(self, entry: Any) -> list[Any]:
        """The cells of an entry."""
        cells = list(self.values(entry))
        for at, make, blank in self.makers:
            value = cells[at]
            cells[at : at + 1] = blank if value is None or value == () else make(value)
        return cells


def contact_cells(contact: Contact) -> list[Any]:
    """The cells of a contact's own fields, in the order of `layout.own_columns`."""
    return _contact_reader().row(contact)


def entry_rows(contact: Contact) -> dict[str, tuple[Cells, ...]]:
    """The rows of all lists of entries by table, without the file's number."""
    found = {}
    for (name, reader), entries in zip(_readers(), _lists()(contact), strict=True):
        if entries:
            listed = (entries,) if isinstance(entries, Cadence) else entries
            found[name] = tuple(
                (n, getattr(entry, "line", None), *reader.row(entry))
                for n, entry in enumerate(listed)
            )
    if contact.more:
        found[OWN] = tuple(_own_rows(contact.more))
    return found


@cache
def _contact_reader() -> _Reader:
    return _reader(own_columns())


@cache
def _readers() -> tuple[tuple[str, _Reader], ...]:
    return tuple(
        (table.name, _reader(table.fields, _OTHERWISE.get(table.name))) for table in tables()
    )


@cache
def _lists() -> Callable[[Any], Cells]:
    return attrgetter(*(table.name for table in tables()))


def _reader(fields: tuple[Field, ...], values: Callable[[Any], Cells] | None = None) -> _Reader:
    makers = []
    for at, field in enumerate(fields):
        form = form_of(field.type)
        if make := _MAKE.get(form):
            blank = ("[]",) if form == "list" else (None,) * len(CELLS[form])
            makers.append((at, make, blank))
    by_name = attrgetter(*(field.target for field in fields))
    return _Reader(values or by_name, tuple(reversed(makers)))


# Two kinds of entries keep some values in another way than the file does; in the field table's order.
_OTHERWISE: dict[str, Callable[[Any], Cells]] = {
    "milestones": lambda entry: _milestone(entry),
    "cadence": lambda entry: (
        "none" if entry.every is None else entry.every, entry.channels, entry.since, entry.paused_until
    ),
}  # fmt: skip


def _milestone(entry: Milestone) -> Cells:
    repeat = "yearly" if entry.yearly else ""
    return entry.date or entry.yearly, entry.note, repeat, entry.done, entry.id


def _duration(value: Any) -> Cells:
    return (value, None) if isinstance(value, str) else (str(value), value.rough_days)


def _span(value: Any) -> Cells:
    """A vague date, or a day that comes back every year: its first year's day, where it is known."""
    if isinstance(value, PartialDate):
        return value.text, value.first.isoformat(), value.last.isoformat()
    day = value.on(value.year).isoformat() if value.year else None
    return str(value), day, day


def _own_rows(more: Mapping[str, object]) -> Iterator[Cells]:
    for name, value in more.items():
        for n, leaf in enumerate(_leaves(value)):
            yield (n, name, *_own_cells(leaf))


def _leaves(value: object) -> Iterator[object]:
    """The single values in lists and mappings of one's own."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None and value != "":
        yield value


def _own_cells(value: Any) -> Cells:
    """`text`, `number`, `currency`, `first`, `last` of the table `own`."""
    if isinstance(value, PartialDate):
        return (value.text, None, None, value.first.isoformat(), value.last.isoformat())
    if isinstance(value, str):
        return (value, None, None, None, None)
    if isinstance(value, Money):
        return (str(value), float(value.amount), value.currency, None, None)
    return (str(value), float(value), None, None, None)
