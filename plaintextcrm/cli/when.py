"""Dates as arguments: said as people say them, written as the files want them."""

from collections.abc import Callable, Sequence
from datetime import date

import click

from plaintextcrm.cli.session import parse_day
from plaintextcrm.model.dates import parse_partial, parse_when, parse_yearly

LONGEST = 3  # words of a date: `in 3 months`

Reader = Callable[[str, date], str]  # a DATE of the command line → the text of the file


def day_text(text: str, today: date) -> str:
    """`friday` → `2026-11-27`. A wrong one is a usage error that says what can be written."""
    return parse_day(text, today).isoformat()


def vague_text(text: str, today: date) -> str:
    """A date that may be vague: `2027-03`, `2027-Q1`, `2027` stay; `friday`, `+2w` become a day."""
    return _kept(text) or day_text(text, today)


def yearly_text(text: str, today: date) -> str:
    """The same, and `--12-24` for every year."""
    try:
        return str(parse_yearly(text)) if text.startswith("--") else vague_text(text, today)
    except ValueError:
        return day_text(text, today)


def _kept(text: str) -> str:
    try:
        return parse_partial(text).text
    except ValueError:
        return ""


def split_front(words: Sequence[str], today: date, read: Reader) -> tuple[str, str]:
    """The date that the words begin with, as the file wants it, and the rest: `in 3 months call`."""
    for count in range(min(LONGEST, len(words)), 0, -1):
        said = " ".join(words[:count])
        if _is_date(said, today, read):
            return read(said, today), " ".join(words[count:])
    return read(words[0], today), ""  # which tells what is wrong with it


def split_back(words: Sequence[str], today: date, read: Reader) -> tuple[str, str]:
    """The words before a date at the end, and the date: `the offer in 3 months`."""
    for count in range(min(LONGEST, len(words)), 0, -1):
        said = " ".join(words[-count:])
        if _is_date(said, today, read):
            return " ".join(words[:-count]), read(said, today)
    return "", read(words[-1], today)


def _is_date(said: str, today: date, read: Reader) -> bool:
    try:
        parse_when(said, today)
    except ValueError:
        try:
            read(said, today)
        except click.UsageError:
            return False
    return True
