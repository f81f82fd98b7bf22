"""A file's bytes → its cards, as phones and services really write them.

Any encoding, any line ends, lines folded in every wrong way, cards without an end: what is there is
read, and what is no card is told.
"""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from plaintextcrm.exchange.incoming import Refused, Source
from plaintextcrm.exchange.vcard.line import Property, decoded, parse

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EDGE = re.compile(r"\s*(BEGIN|END)\s*:\s*VCARD\s*", re.IGNORECASE)
_LONGEST_EDGE = 40  # letters, with blanks
_AGENT = re.compile(r"(?:\w+\.)?AGENT[^:]*:\s*$", re.IGNORECASE)
_HEAD = re.compile(r"[A-Za-z0-9_.-]+[;:]")
_CHARSET = re.compile(rb";CHARSET=\"?([\w-]+)", re.IGNORECASE)
_PRINTED = re.compile(r"[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE[;:]", re.IGNORECASE)
_BINARY = re.compile(
    r"[^:]*;(?:ENCODING=)?(?:B|BASE64)[;:]|[^:]*:data:[^,]*;base64,", re.IGNORECASE
)
# Where text that is not UTF-8 is in Windows' central European character set.
_CENTRAL = ("CZ", "SK", "PL", "HU", "SI", "HR", "RO")


class Card(NamedTuple):
    """One card: the line it begins on, its properties, and lines that are none, with their numbers."""

    line: int
    properties: tuple[Property, ...]
    odd: tuple[tuple[int, str], ...]


def cards(source: Source, country: str = "") -> Iterator[Card | Refused]:
    """The cards of a file, in their order, and where text stands that is in no card."""
    spare = "cp1250" if country.upper() in _CENTRAL else "cp1252"
    inside: _Open | None = None
    stray, found = 0, False
    for number, line in _lines(source.data, spare):
        edge = _edge(line)
        if inside and inside.nests(edge):
            continue
        if inside and edge:
            yield inside.card()  # also where it had no end
            inside = None
        if edge == "BEGIN":
            inside, stray, found = _Open(number, spare), 0, True
        elif inside:
            inside.add(line, number)
        elif line.strip() and not edge and not stray:
            stray = number
            yield Refused(source.path, number, "this is in no card; a card begins with BEGIN:VCARD")
    if inside:
        yield inside.card()
    elif not found and not stray:
        yield Refused(source.path, 1, "there is no card in it; a card begins with BEGIN:VCARD")


def _edge(line: str) -> str:
    """`BEGIN` or `END` where a card does, else empty."""
    edge = _EDGE.fullmatch(line) if ":" in line and len(line) < _LONGEST_EDGE else None
    return edge[1].upper() if edge else ""


@dataclass
class _Open:
    """A card that is being read: the lines of the property at hand, and those before."""

    line: int
    spare: str
    done: list[tuple[int, str]] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    start: int = 0
    printed: bool = False
    binary: bool = False
    depth: int = 0

    def nests(self, edge: str) -> bool:
        """True where a card begins or ends within, as the value of AGENT: it is kept as it is."""
        if edge == "BEGIN" and (self.depth or (self.pieces and _AGENT.match(self.pieces[0]))):
            return self._grow("BEGIN:VCARD", 1)
        return edge == "END" and self.depth > 0 and self._grow("END:VCARD", -1)

    def _grow(self, line: str, step: int) -> bool:
        self.pieces.append(f"{line}\\n")
        self.depth += step
        return True

    def add(self, line: str, number: int) -> None:
        """One more line of the file."""
        if self.depth:
            text = line.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
            self.pieces.append(f"{text}\\n")
        elif self.printed and self.pieces[-1].endswith("="):
            self.pieces[-1] = self.pieces[-1][:-1]
            self.pieces.append(line)
        elif line[:1] in " \t" and self.pieces:
            self.pieces.append(line.strip() if self.binary else line[1:])
        elif _HEAD.match(line):
            self._close()
            self.pieces, self.start = [line], number
            self.printed = _PRINTED.match(line) is not None
            self.binary = _BINARY.match(line) is not None
        elif line.strip():
            self._go_on(line, number)

    def _go_on(self, line: str, number: int) -> None:
        """A line that is no property and is not indented: some programs break lines so."""
        if not self.pieces:
            self.pieces, self.start = [line], number
        elif self.binary:
            self.pieces.append(line.strip())
        else:
            self.pieces.append(f"\\n{line}")

    def _close(self) -> None:
        if self.pieces:
            self.done.append((self.start, "".join(self.pieces)))
        self.pieces = []

    def card(self) -> Card:
        """All that was read of it."""
        self._close()
        read = [(one, parse(one[1], one[0], self.spare)) for one in self.done]
        return Card(
            self.line,
            tuple(found for _one, found in read if found),
            tuple(one for one, found in read if not found),
        )


def _lines(data: bytes, spare: str) -> Iterator[tuple[int, str]]:
    """The lines of a file with their numbers, in whatever encoding it is; one that is not UTF-8 is read
    by itself.
    """
    coding = next((coding for mark, coding in _MARKS if data.startswith(mark)), "") or _wide(data)
    if coding:
        data = data.decode(coding, "replace").encode("utf-8", "replace")
    data = data.removeprefix(codecs.BOM_UTF8)
    held: list[bytes] = []
    start = 0
    for number, line in enumerate(_split(data), 1):
        if held and line[:1] in (b" ", b"\t"):
            held.append(line[1:])  # some break lines in the middle of a letter
            continue
        if held:
            yield start, _decoded(b"".join(held), spare)
            held = []
        try:
            yield number, line.decode()
        except UnicodeError:
            held, start = [line], number
    if held:
        yield start, _decoded(b"".join(held), spare)


def _split(data: bytes) -> Iterator[bytes]:
    """The lines one by one, without their ends: a phone's file may have a hundred megabytes."""
    for line in io.BytesIO(data):
        bare = line.rstrip(b"\r\n")
        if b"\r" in bare:
            yield from bare.split(b"\r")
        else:
            yield bare


def _decoded(line: bytes, spare: str) -> str:
    charset = _CHARSET.search(line)
    return decoded(line, charset[1].decode() if charset else "", spare)


def _wide(data: bytes) -> str:
    """UTF-16 without its mark: every other byte of what begins each card is nothing."""
    head = data[:40]
    if head[1::2].count(0) == len(head[1::2]) > 0:
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) == len(head[::2]) > 0 else ""
