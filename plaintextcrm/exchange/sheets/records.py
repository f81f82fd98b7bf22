"""Text → records: which delimiter it has, and its cells line by line, whatever is wrong in between."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
LONGEST = 500_000  # letters of a record: a contact is smaller
_LOOKED_AT = 50  # records from which the delimiter is told
_ATTEMPTS = 1_000  # quotes that are never closed, before the file is given up


class Record(NamedTuple):
    """The cells of one record, and the line it begins on, from 1."""

    line: int
    cells: list[str]


class Broken(NamedTuple):
    """A line at which no record can be read, and what to do about it."""

    line: int
    message: str


class Lines:
    """The lines of a text, to be read on from any of them."""

    def __init__(self, text: str) -> None:
        # A spreadsheet may say its delimiter in a first line of its own.
        self.told = text[4:5] if text[:4].lower() == "sep=" and text[5:6] in ("\r", "\n") else ""
        self.all = io.StringIO(text, newline="").readlines()
        self.first = 1 if self.told else 0

    def delimiter(self) -> str:
        """The one that splits the first records best: into most cells, as many in each."""
        if self.told in DELIMITERS:
            return self.told
        return max(DELIMITERS, key=self._agreement)

    def _agreement(self, delimiter: str) -> tuple[float, int]:
        widths: Counter[int] = Counter()
        for record in self.records(delimiter):
            if isinstance(record, Record) and any(record.cells):
                widths[len(record.cells)] += 1
            if widths.total() >= _LOOKED_AT:
                break
        looked_at = widths.total()
        widths.pop(1, None)
        if not widths:
            return 0, 0
        width, agreeing = widths.most_common(1)[0]
        return agreeing * agreeing / looked_at, width

    def records(self, delimiter: str) -> Iterator[Record | Broken]:
        """Every record, in order. One that cannot be read ends with its first line: the next begins
        another.
        """
        at, broken = self.first, 0
        while at < len(self.all):
            reader = csv.reader(self._from(at), delimiter=delimiter, strict=True)
            begin = at
            try:
                for cells in reader:
                    yield _checked(Record(begin + 1, cells))
                    begin = at + reader.line_num
                return
            except csv.Error as error:
                yield Broken(begin + 1, _why(str(error)))
            broken += 1
            if broken == _ATTEMPTS:
                yield Broken(begin + 1, f"{_ATTEMPTS} lines like this: the rest is not read")
                return
            at = begin + 1

    def _from(self, at: int) -> Iterator[str]:
        """The lines from there on."""
        for number in range(at, len(self.all)):
            yield self.all[number]


def _checked(record: Record) -> Record | Broken:
    if sum(map(len, record.cells)) > LONGEST:
        return Broken(record.line, f"over {LONGEST:,} letters: is this a contact at all?")
    return record


def _why(error: str) -> str:
    """What the module says, in the words of somebody who has a spreadsheet."""
    if "expected after" in error:
        return 'a text goes on behind its closing quote; write "" for a quote within a text'
    if "unexpected end" in error:
        return "a quote that is opened here is never closed; close it, or delete it"
    if "field larger" in error:
        return "a text with too many letters, or a quote that is opened here is never closed"
    return f"this line is not CSV ({error})"


def filled(cells: Sequence[str]) -> bool:
    """True where a cell has anything in it."""
    return any(cell.strip() for cell in cells)
