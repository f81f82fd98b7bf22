"""`import csv`: what a spreadsheet or an export of another program holds."""

from collections.abc import Iterator, Sequence

import click

from plaintextcrm.cli.arriving import Read
from plaintextcrm.cli.output import tell
from plaintextcrm.exchange.incoming import Incoming, Refused, Source
from plaintextcrm.exchange.sheets.encoding import named_encoding
from plaintextcrm.exchange.sheets.mapping import read_map
from plaintextcrm.exchange.sheets.sheet import Options, read_sheet
from plaintextcrm.model.settings import Settings


def sheets(maps: Sequence[str], encoding: str | None) -> Read:
    """The function that reads CSV as the options say, and tells what each file is."""
    named = named_encoding(encoding) if encoding else None
    if encoding and named is None:
        raise click.UsageError(
            f"--encoding {encoding}: nobody knows it; try windows-1250 or UTF-8."
        )

    def read(source: Source, settings: Settings) -> Iterator[Incoming | Refused]:
        options = Options(read_map(maps, settings), named)
        sheet = read_sheet(source, settings, options)
        if sheet.said:
            tell(f"{source.path}: {sheet.said}.")
        for note in sheet.notes:
            tell(f"{note}.")
        yield from sheet.people

    return read
