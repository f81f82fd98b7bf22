"""People as other programs wrote them, before they are contacts here."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

# What a contact file says in YAML: every scalar is text.
Plain: TypeAlias = "str | Sequence[Plain] | Mapping[str, Plain]"


class Incoming(NamedTuple):
    """One person out of a file: where its card or row begins (lines from 1), and what it says.

    `fields` has the names of the field table (`text/fields.py`), and `x_…` for what has no field.
    A relation to another card stands as that card's name or uid, until the arrival knows its id.
    """

    path: str
    line: int
    fields: Mapping[str, Plain]


class Refused(NamedTuple):
    """A card or row that could not be read: where it begins, and what to do about it."""

    path: str
    line: int
    message: str
