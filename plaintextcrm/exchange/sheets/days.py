"""Days as spreadsheets write them: only what can mean one day is taken for it."""

from collections.abc import Iterable
from enum import Enum
from re import Match

from plaintextcrm.model.dates import parse_date, parse_yearly
from plaintextcrm.model.pattern import pattern

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENDINGS = "uary|ruary|ch|il|e|y|ust|t|tember|ober|ember"
_NAME = rf"({'|'.join(_MONTHS)})(?:{_ENDINGS})?\.?"
_TIME = r"(?:[T ]+[0-9]{1,2}:[0-9]{2}.*)?"  # an hour behind the day does not matter

_YEAR_FIRST = pattern(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}")
_DOTS = pattern(rf"([0-9]{{1,2}})\. ?([0-9]{{1,2}})\. ?([0-9]{{4}}){_TIME}")
_EITHER = pattern(rf"([0-9]{{1,2}})([/-])([0-9]{{1,2}})\2([0-9]{{4}}){_TIME}")
_DAY_NAME = pattern(rf"([0-9]{{1,2}})(?:st|nd|rd|th)?[ -]{_NAME},?[ -]([0-9]{{4}}){_TIME}")
_NAME_DAY = pattern(rf"{_NAME} ([0-9]{{1,2}})(?:st|nd|rd|th)?,? ([0-9]{{4}}){_TIME}")
_NONE = pattern(r"0{1,4}[/.-]0{1,2}[/.-]0{1,4}")


class Order(Enum):
    """Which number comes first in a column of `12/24/1986`."""

    UNKNOWN = 0
    DAY = 1
    MONTH = 2


def order_of(cells: Iterable[str]) -> Order:
    """The order that the cells of a column prove; one says the month is 24, none says the other way."""
    proved = set()
    for cell in cells:
        if found := _EITHER.fullmatch(cell.strip()):
            first, second = int(found[1]), int(found[3])
            if first > 12 or second > 12:
                proved.add(Order.DAY if first > 12 else Order.MONTH)
    return proved.pop() if len(proved) == 1 else Order.UNKNOWN


def is_no_day(text: str) -> bool:
    """True for `0/0/00`, with which Outlook says that there is none."""
    return _NONE.fullmatch(text) is not None


def day_of(text: str, order: Order) -> str | None:
    """The day as contact files write it, `1986-12-24` or `--12-24`; None where it could be another one."""
    words = text.strip()
    try:
        return str(parse_yearly(words)) if words.startswith("--") else _written(words, order)
    except ValueError:
        return None


def _written(words: str, order: Order) -> str | None:
    if found := _YEAR_FIRST.fullmatch(words):
        return _day(found[1], found[3], found[4])
    if found := _DOTS.fullmatch(words):
        return _day(found[3], found[2], found[1])
    if found := _EITHER.fullmatch(words):
        return _slashes(found, order)
    lower = words.lower()
    if found := _DAY_NAME.fullmatch(lower):
        return _day(found[3], str(_MONTHS.index(found[2]) + 1), found[1])
    if found := _NAME_DAY.fullmatch(lower):
        return _day(found[3], str(_MONTHS.index(found[1]) + 1), found[2])
    return None


def _slashes(found: Match[str], order: Order) -> str | None:
    first, second, year = found[1], found[3], found[4]
    if order is Order.UNKNOWN and first != second:
        return None
    return _day(year, second, first) if order is Order.DAY else _day(year, first, second)


def _day(year: str, month: str, day: str) -> str:
    """Raises ValueError where there is no such day."""
    return parse_date(f"{int(year):04}-{int(month):02}-{int(day):02}").isoformat()
