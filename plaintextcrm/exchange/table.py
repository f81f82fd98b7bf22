"""Contacts as CSV: a column for each field, so that `import csv` gives back the same contacts."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from plaintextcrm.exchange.cells import Cells
from plaintextcrm.exchange.outgoing import Outgoing
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fields import contact_fields

ID = "id"


def columns_of(own: Iterable[str], settings: Settings) -> tuple[str, ...]:
    """The id, every field of the table, and those of the people's `own`."""
    known = (ID, *contact_fields(settings))
    return (*known, *(name for name in own if name not in known))


def as_csv(
    people: Iterable[Outgoing], columns: Sequence[str], settings: Settings, *, excel: bool
) -> Iterator[bytes]:
    """The header, then a row for each; `excel`: as Excel opens it on a double click in Europe."""
    cells = Cells(settings)
    yield (b"\xef\xbb\xbf" if excel else b"") + _row(columns, excel=excel)
    for person in people:
        fields = {ID: person.id, "uid": person.uid, **person.fields}
        row = [cells.cell(name, fields[name]) if name in fields else "" for name in columns]
        yield _row(row, excel=excel)


def _row(cells: Sequence[str], *, excel: bool) -> bytes:
    text = io.StringIO(newline="")
    delimiter, end = (";", "\r\n") if excel else (",", "\n")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerow(cells)
    return text.getvalue().encode()
