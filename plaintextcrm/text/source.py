"""A file's text, and the problems found in it."""

import re
from functools import cached_property
from typing import Any

from plaintextcrm.model.pattern import pattern
from plaintextcrm.model.problem import Place, Problem

MAX_BYTES = 1 << 20
MAX_SOURCE = 400  # characters of a line that are kept with a problem
BOM = "\ufeff"

_PRIVATE = pattern(r"\bvis\w*[^\w:]*:\W*priv", re.IGNORECASE)  # misspelt, too


class Text:
    """A file's text, and the problems found in it so far."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.problems: list[Problem] = []
        self._lines: list[str] | None = None

    def report(self, code: str, place: Place, message: str, hint: str = "") -> None:
        """Keep a problem, with the line it stands on.

        A private contact's lines and values are not repeated: problems end in logs and CI.
        """
        hidden = self.private or place.column > MAX_SOURCE
        line = "" if hidden else self.line(place.line)
        self.problems.append(Problem(self.path, place, code, message, hint, line))

    @cached_property
    def private(self) -> bool:
        """True for a contact that is, or is meant to be, private; also where it is not YAML."""
        return bool(_PRIVATE.search(self.text))

    def quote(self, text: str, instead: str = "this value") -> str:
        """A text of the file in a message."""
        return instead if self.private else f"`{shown(text)}`"

    def report_slip(self, error: Any) -> None:
        """Keep an error of PyYAML (`yaml.MarkedYAMLError`), in the words of somebody who writes contacts."""
        from plaintextcrm.text.syntax import diagnose  # only where something is wrong

        slip = diagnose(self.text, error)
        self.report("syntax", slip.place, slip.message, slip.hint)

    def line(self, number: int) -> str:
        """The line with that number, counted from 1 by newlines; empty behind the end."""
        if self._lines is None:
            self._lines = self.text.split("\n")
        line = self._lines[number - 1] if number <= len(self._lines) else ""
        return line[:MAX_SOURCE].rstrip("\r")

    def at(self, index: int, length: int = 1) -> Place:
        """The place of `length` characters from an index into the text."""
        line = self.text.count("\n", 0, index) + 1
        column = index - (self.text.rfind("\n", 0, index) + 1) + 1
        return Place(line, column, line, column + length)


def decode(data: bytes, path: str) -> tuple[str, Problem | None]:
    """The text of a file without its byte-order mark, or why it is none."""
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data):,} bytes; a contact may have {MAX_BYTES:,}"
        return "", Problem(path, Place(), "too-large", message, "is this a contact at all?")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", _not_utf8(path, Place(), "the file is UTF-16")
    try:
        return data.decode("utf-8").removeprefix(BOM), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        begin = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[begin : error.start].decode("utf-8").removeprefix(BOM)) + 1
        shown = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return "", _not_utf8(path, Place(line, column, line, column + 1), shown)


def _not_utf8(path: str, place: Place, message: str) -> Problem:
    return Problem(path, place, "not-utf8", message, "save the file as UTF-8 in your editor")


def shown(text: str, limit: int = 60) -> str:
    """A text of the file in a message: one line, not too long."""
    words = " ".join(text.split())
    return words if len(words) <= limit else words[: limit - 1] + "…"
