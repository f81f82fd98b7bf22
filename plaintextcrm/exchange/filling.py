"""What somebody who is here already gets from a card: empty fields are filled, nothing is overwritten."""

from collections.abc import Mapping
from typing import NamedTuple

from plaintextcrm.exchange.likeness import keys, same
from plaintextcrm.text.edit import Append, Change, Set
from plaintextcrm.text.render import Plain

_OWN = ("uid",)  # what a contact keeps, whatever arrives
_MEANT = {"kind": "individual", "visibility": "public"}  # where a file does not say it


class Proposal(NamedTuple):
    """A field in which file and card differ: what each says. Nothing was written."""

    field: str
    here: str
    there: str


class Filling(NamedTuple):
    """What a card brings to a contact: changes to make, and what only the person can decide."""

    changes: tuple[Change, ...] = ()
    proposals: tuple[Proposal, ...] = ()


def filling(here: Mapping[str, Plain], there: Mapping[str, Plain]) -> Filling:
    """What the card `there` brings to the contact that is `here`."""
    changes: list[Change] = []
    proposals: list[Proposal] = []
    for field, value in there.items():
        held = here.get(field)
        if field in _OWN or held == value:
            continue
        if not held:
            changes.append(Set((field,), value))
        elif isinstance(held, list) and isinstance(value, list):
            changes.extend(Append((field,), item) for item in _missing(field, held, value))
        elif not same(field, held, value):
            proposals.append(Proposal(field, shown(held), shown(value)))
    return Filling(tuple(changes), tuple(proposals))


def _missing(field: str, held: list[Plain], value: list[Plain]) -> list[Plain]:
    """The entries that are not there yet."""
    known = {key for item in held for key in keys(field, item)}
    found = []
    for item in value:
        told = keys(field, item)
        if known.isdisjoint(told):
            found.append(item)
        known |= told
    return found


def shown(value: Plain) -> str:
    """A value in a line for people."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    return ", ".join(f"{key}: {shown(item)}" for key, item in value.items())
