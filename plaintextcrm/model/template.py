"""A person's own words for what an event says: text in which `$name` stands for a value.

There is nothing in it but names of this list: no attribute, no format, no code. A value is put in
as it is, and `$` in it means nothing.

- `$name` or `${name}` is a value, `$$` a dollar.
- `[…]` is left out where a value in it is empty; without a value in it, brackets are only brackets.
- A line is left out where it has values and all are empty, and blank lines do not pile up.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

# The names, and what each stands for.
NAMES = {
    "title": "what to do with whom, about what: the usual title",
    "who": "the name, and the organization in brackets",
    "name": "the name",
    "organization": "the organization",
    "kind": "what kind of reminder it is",
    "note": "what it is about",
    "whole_note": "the same, where it is too long for a title",
    "year": "the year in which it began, of a birthday the year of birth",
    "years": "how many years it will be the next time, and when that is",
    "phone": "the phone number",
    "email": "the e-mail address",
    "promises": "what is promised, a line each",
    "talks": "the last talks, a line each",
    "command": "the command that closes it",
}

_TOKEN = re.compile(r"\$\$|\$\{([^}$\n]*)\}?|\$([A-Za-z_]\w*)|[][$]|[^][$]+", re.ASCII)


class UnknownName(ValueError):
    """A template names what does not exist."""


class Piece(NamedTuple):
    """Text as it is, or the name of a value."""

    text: str
    is_name: bool = False


class Part(NamedTuple):
    """Some pieces, and the names among them; in brackets they may be left out."""

    pieces: tuple[Piece, ...]
    names: tuple[str, ...]
    brackets: bool

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with its values."""
        if self.brackets and not all(values[name] for name in self.names):
            return ""
        return "".join([values[text] if is_name else text for text, is_name in self.pieces])


class Line(NamedTuple):
    """A line, and all names in it."""

    parts: tuple[Part, ...]
    names: tuple[str, ...]


def unknown_names(text: str) -> Iterator[tuple[str, str]]:
    """What does not exist of all that a template names: the name, and how it stands there."""
    for found in _TOKEN.finditer(text):
        name = _name(found)
        broken = found[0].count("{") != found[0].count("}")
        if name is not None and (name not in NAMES or broken):
            yield name.strip(), found[0].strip()


@cache
def parse_template(text: str) -> tuple[Line, ...]:
    """The lines of a template. Raises UnknownName."""
    for _name, written in unknown_names(text):
        raise UnknownName(written)
    return tuple(_line(line) for line in text.split("\n"))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The template `text` with `values`, which has all names."""
    filled: list[str] = []
    for parts, names in parse_template(text):
        if names and not any(values[name] for name in names):
            continue
        words = "".join([part.fill(values) for part in parts])
        if words or (filled and filled[-1]):
            filled.append(words)
    return "\n".join(filled).strip("\n")


def _line(text: str) -> Line:
    parts: list[Part] = []
    pieces: list[Piece] = []
    inside = False
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token == ("]" if inside else "["):
            parts.append(_part(pieces, inside))
            pieces, inside = [], not inside
        else:
            pieces.append(_piece(found))
    if inside:  # a bracket that nothing closes is only a bracket
        pieces = [*parts.pop().pieces, Piece("["), *pieces]
    parts.append(_part(pieces, brackets=False))
    return Line(tuple(parts), tuple(name for part in parts for name in part.names))


def _part(pieces: list[Piece], brackets: bool) -> Part:
    names = tuple(piece.text for piece in pieces if piece.is_name)
    if brackets and not names:
        return Part((Piece("["), *pieces, Piece("]")), names, brackets=False)
    return Part(tuple(pieces), names, brackets)


def _piece(found: re.Match[str]) -> Piece:
    if found[0] == "$$":
        return Piece("$")
    name = _name(found)
    return Piece(found[0]) if name is None else Piece(name, is_name=True)


def _name(found: re.Match[str]) -> str | None:
    return found[2] if found[1] is None else found[1]
