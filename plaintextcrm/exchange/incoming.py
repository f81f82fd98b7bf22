"""People as other programs wrote them, before they are contacts here.

A reader is a module with `read(source, settings)`, which gives an Incoming or a Refused for each card
or row of one file, in the file's order. It never raises for what stands in the file, and it decides
nothing about the book: `arrival.py` does.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

# What a contact file says in YAML: every scalar is text.
Plain: TypeAlias = "str | Sequence[Plain] | Mapping[str, Plain]"


class Source(NamedTuple):
    """One file to read: what the person calls it, and its bytes."""

    path: str
    data: bytes


class Incoming(NamedTuple):
    """One person out of a file: where its card or row begins (lines from 1), and what it says.

    `fields` has the names of the field table (`text/fields.py`), and `x_…` for what has no field.
    Empty ones may be there: they are left out. `name` is wanted; where there is none, an address
    stands for it. A `uid` that is no UUID becomes one, always the same; one that is missing is made
    from all that is said. A relation (`organization`, `introduced_by`, `related`, `with`) stands as
    that card's name or uid, until the arrival knows its id. A `photo` may be a `data:` address.
    `id` is what a new contact's file should be called, where it is not after its name.
    """

    path: str
    line: int
    fields: Mapping[str, Plain]
    id: str = ""


class Refused(NamedTuple):
    """A card or row that could not be read: where it begins, and what to do about it."""

    path: str
    line: int
    message: str
