"""One CSV file: what it is, and the people in it."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from plaintextcrm.exchange.cells import Cells
from plaintextcrm.exchange.incoming import Incoming, Plain, Refused, Source
from plaintextcrm.exchange.people import by_uid
from plaintextcrm.exchange.sheets.days import Order, order_of
from plaintextcrm.exchange.sheets.encoding import Encoding, decode, find_encoding
from plaintextcrm.exchange.sheets.google import google
from plaintextcrm.exchange.sheets.mapping import NAMING, applied, likely_map
from plaintextcrm.exchange.sheets.outlook import outlook
from plaintextcrm.exchange.sheets.own import ID, own
from plaintextcrm.exchange.sheets.records import DELIMITERS, Broken, Lines, Record, filled
from plaintextcrm.exchange.sheets.rows import Column, Reader
from plaintextcrm.exchange.sheets.services import hubspot, linkedin
from plaintextcrm.exchange.sheets.spots import NOWHERE, Layout, Spot
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.source import shown

_KNOWN = (linkedin, google, hubspot, outlook)
_PREAMBLE = 20  # records in which the header is looked for: some programs put notes before it
_LISTED = 40  # columns that are named to the person
# Excel leaves out the delimiters of empty cells at the end of rows, of sixteen rows at once. As many rows
# of one length are meant to be so; a single short one is a slip.
_ALIKE = 8


class Options(NamedTuple):
    """What the person says of the files: columns by `--map`, and the encoding where it was told."""

    spots: Mapping[str, Spot] = {}
    encoding: Encoding | None = None


class Sheet(NamedTuple):
    """A file that was looked at: what it is (`said`), and who is in it."""

    said: str
    people: tuple[Incoming | Refused, ...]
    notes: tuple[str, ...] = ()


class _Header(NamedTuple):
    """The names of the columns, the line they stand on, and where they go (None: nobody knows)."""

    line: int
    names: tuple[str, ...]
    layout: Layout | None


def read_sheet(source: Source, settings: Settings, options: Options) -> Sheet:
    """What stands in the file. Raises BadMap for a `--map` that does not fit it."""
    encoding = options.encoding or find_encoding(source.data, settings.country)
    if encoding is None:
        what = (
            "which encoding this is cannot be told; save it as UTF-8, or name it: "
            "--encoding windows-1250"
        )
        return _refused(source, 1, what)
    lines = Lines(decode(source.data, encoding.codec))
    delimiter = lines.delimiter()
    records = list(lines.records(delimiter))
    header = _header(records, settings)
    if header is None:
        return _refused(source, 1, "there is nothing in it; is it the right file?")
    spots = applied(options.spots, header.names)
    if what := _unusable(header, spots):
        return _refused(source, header.line, what)
    rows = [record for record in records if record.line > header.line]
    said = f"{_called(header)}, {DELIMITERS[delimiter]}, {encoding.called}, {_count(rows)}"
    return _Rows(source, settings, header, spots).sheet(rows, said)


def _id(fields: dict[str, Plain]) -> str:
    """The id of our own export; it is no field."""
    return str(fields.pop(ID, ""))


def _refused(source: Source, line: int, what: str) -> Sheet:
    return Sheet("", (Refused(source.path, line, what),))


def _called(header: _Header) -> str:
    return header.layout.called if header.layout else "CSV"


def _count(rows: Sequence[Record | Broken]) -> str:
    number = sum(1 for row in rows if isinstance(row, Broken) or filled(row.cells))
    return _number(number, "row")


def _number(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def _header(records: Sequence[Record | Broken], settings: Settings) -> _Header | None:
    """The first record that some program writes as its header; else the first that is not empty."""
    first = None
    for record in records[:_PREAMBLE]:
        if isinstance(record, Broken) or not filled(record.cells):
            continue
        names = tuple(_clean(name) for name in record.cells)
        for layout in (partial(own, settings=settings), *_KNOWN):
            if found := layout(names):
                return _Header(record.line, names, found)
        first = first or _Header(record.line, names, None)
    return first


def _clean(name: str) -> str:
    """A column's name on one line, as it can be the name of a field."""
    words = " ".join(name.replace("\ufeff", "").split())
    return "".join(letter for letter in words if letter.isprintable())


def _unusable(header: _Header, spots: Mapping[int, Spot]) -> str:
    """Why nothing can be taken from a file with this header; empty where something can."""
    again = [name for name, times in Counter(header.names).items() if name and times > 1]
    if again:
        return f"several columns are called `{shown(again[0])}`; give each a name of its own"
    if header.layout is None and not spots and _looks_like_a_row(header.names):
        return "there is no header; put a first line before it with the names of the columns"
    fields = {spot.field for spot in (*spots.values(), *_spots_of(header))}
    if not fields.isdisjoint(NAMING):
        return ""
    guess = likely_map(header.names) or f"{header.names[0] or 'Column'}=name"
    columns = ", ".join(f"`{shown(name)}`" for name in header.names[:_LISTED] if name)
    what = "no column of these tells a name" if spots else "these columns are not known"
    return f"{what}: {columns}. Say what they are, such as --map {_quoted(guess)}"


def _quoted(text: str) -> str:
    """The text as a shell takes it."""
    return "'" + text.replace("'", "'\\''") + "'"


def _spots_of(header: _Header) -> tuple[Spot, ...]:
    return header.layout.spots if header.layout else ()


def _looks_like_a_row(names: Sequence[str]) -> bool:
    """True where a cell is what no column is called: an address, a number, nothing but digits."""
    return any("@" in name or "://" in name or _digits(name) > 5 for name in names)


def _digits(text: str) -> int:
    return sum(letter.isdigit() for letter in text)


class _Rows:
    """The rows of one file, to be read."""

    def __init__(
        self, source: Source, settings: Settings, header: _Header, spots: Mapping[int, Spot]
    ) -> None:
        self.source = source
        self.settings = settings
        self.header = header
        self.layout = header.layout or Layout("CSV", (NOWHERE,) * len(header.names))
        self.spots = tuple(spots.get(number, spot) for number, spot in enumerate(self.layout.spots))
        self.own = self.layout.called == "plaintextcrm"

    def sheet(self, rows: Sequence[Record | Broken], said: str) -> Sheet:
        """Who is in them, and what to know about it."""
        reader = Reader(self._columns(rows), self.layout, self.settings)
        found = self._people(rows, reader)
        people = tuple(by_uid(found) if self.own else found)
        notes = [
            f"{self.source.path}: column `{name}`: {count:,} that may be two days, or none; kept in "
            "x_csv"
            for name, count in reader.unclear.items()
        ]
        return Sheet(said, people, tuple(notes))

    def _columns(self, rows: Sequence[Record | Broken]) -> tuple[Column, ...]:
        names = (name or f"column {n}" for n, name in enumerate(self.header.names, 1))
        return tuple(
            Column(name, spot, self._order(number, spot, rows))
            for number, (name, spot) in enumerate(zip(names, self.spots, strict=True))
        )

    def _order(self, number: int, spot: Spot, rows: Sequence[Record | Broken]) -> Order:
        """Which number comes first in the days of this column, where there may be any."""
        if not spot.field or self.own:
            return Order.UNKNOWN
        return order_of(
            row.cells[number] for row in rows if isinstance(row, Record) and number < len(row.cells)
        )

    def _people(
        self, rows: Sequence[Record | Broken], reader: Reader
    ) -> Iterator[Incoming | Refused]:
        cells = Cells(self.settings)
        widths = Counter(len(row.cells) for row in rows if isinstance(row, Record))
        width = len(self.spots)
        usual = {length for length, times in widths.items() if times >= _ALIKE}
        for row in rows:
            if isinstance(row, Broken):
                yield Refused(self.source.path, row.line, row.message)
            elif not filled(row.cells):
                continue
            elif why := self._why_not(row.cells, usual):
                yield Refused(self.source.path, row.line, why)
            else:
                whole = (row.cells + [""] * width)[:width]
                fields = self._own(whole, cells) if self.own else reader.fields(whole)
                yield Incoming(self.source.path, row.line, fields, _id(fields))

    def _own(self, texts: Sequence[str], cells: Cells) -> dict[str, Plain]:
        """A row of our own export."""
        return {
            spot.field: cells.value(spot.field, text)
            for spot, text in zip(self.spots, texts, strict=True)
            if text
        }

    def _why_not(self, cells: Sequence[str], usual: Container[int]) -> str:
        """Why a row is not read; empty where it is. Shorter ones of a `usual` length are."""
        width = len(self.header.names)
        named = max((n for n, name in enumerate(self.header.names, 1) if name), default=0)
        short = len(cells) < named and len(cells) not in usual
        if short or filled(cells[width:]):
            return (
                f"{_number(len(cells), 'cell')} where the header has {width}; put a text with a "
                "delimiter in quotes, and a delimiter for each cell without text"
            )
        for name, cell in zip(self.header.names, cells, strict=False):
            if "\0" in cell:
                return f"a NUL byte in column `{name}`: the file may be damaged; delete it"
            if any("\ud800" <= letter <= "\udfff" for letter in cell):
                return f"broken letters in column `{name}`: write them again, and save as UTF-8"
        return ""
