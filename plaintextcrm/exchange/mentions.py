"""Where a contact names others, by the field table, and changing these names."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from plaintextcrm.exchange.outgoing import Others, Outgoing
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fields import contact_fields
from plaintextcrm.text.render import Plain
from plaintextcrm.text.types import ListOf, Marked, Structure, Type

Change: TypeAlias = Callable[
    [str], str
]  # an id or a text → what stands there instead; empty: nothing
_KINDS = ("contact", "mention")


def renamed(fields: Mapping[str, Plain], change: Change, settings: Settings) -> dict[str, Plain]:
    """The fields with other names in them. An entry that would be nothing without its name is left out."""
    known = contact_fields(settings)
    found = {
        name: _changed(value, known[name].type, change) if name in known else value
        for name, value in fields.items()
    }
    return {name: value for name, value in found.items() if value}


def discreet(people: Iterable[Outgoing], others: Others, settings: Settings) -> Iterator[Outgoing]:
    """The same without a word of who is private."""
    for person in people:
        fields = renamed(person.fields, lambda word: "" if others.hides(word) else word, settings)
        yield person._replace(fields=fields)


def _changed(value: Plain, type_: Type, change: Change) -> Plain:
    if isinstance(value, list):
        item = type_.item if isinstance(type_, ListOf) else type_
        return [one for one in (_changed(entry, item, change) for entry in value) if one]
    if isinstance(type_, ListOf):  # one value without its list
        return _changed(value, type_.item, change)
    if isinstance(type_, Marked) and type_.kind in _KINDS and isinstance(value, str):
        return change(value)
    if isinstance(type_, Structure) and isinstance(value, dict):
        return _entry(value, type_, change)
    return value


def _entry(value: dict[str, Plain], type_: Structure, change: Change) -> Plain:
    pairs = (
        (name, _changed(one, type_.known[name].type, change) if name in type_.known else one)
        for name, one in value.items()
    )
    entry = {name: one for name, one in pairs if one or not value[name]}
    needed = {field.name for field in type_.fields if field.required}
    return entry if needed & set(value) <= set(entry) else {}
