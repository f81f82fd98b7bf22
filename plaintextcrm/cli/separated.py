"""Rows as CSV or TSV, of which no cell runs in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence

from plaintextcrm.cli.output import one_line
from plaintextcrm.exchange.formulas import guarded

DELIMITERS = {"csv": ",", "tsv": "\t"}


def separated(rows: Iterable[Sequence[object]], form: str) -> str:
    """The rows as text of this form, without the last newline; nothing is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=DELIMITERS[form], lineterminator="\n")
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return text.getvalue().removesuffix("\n")


def _cell(value: object) -> object:
    return guarded(one_line(value)) if isinstance(value, str) else value
