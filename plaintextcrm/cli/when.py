"""Dates and money as arguments: said as people say them, written as the files want them."""

from datetime import date

import click

from plaintextcrm.cli.session import parse_day
from plaintextcrm.model.dates import parse_partial


def day_text(text: str, today: date) -> str:
    """`friday` → `2026-11-27`."""
    return parse_day(text, today).isoformat()


def vague_text(text: str, today: date) -> str:
    """A date that may be vague: `2027-03`, `2027-Q1`, `2027` stay; `friday`, `+2w` become a day."""
    try:
        return parse_partial(text).text
    except ValueError:
        return day_text(text, today)


class Sentence(click.ParamType[str]):
    """Words of a note: given in one argument or several."""
