"""Dates as people write them: whole, vague, yearly; durations; money.

Every `parse_…` here takes the text of one value and returns a value, or raises `ValueError`
with a sentence for the person who wrote it.
"""

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import lru_cache

from plaintextcrm.model.duration import Duration as Duration
from plaintextcrm.model.duration import days_in, moved
from plaintextcrm.model.pattern import pattern

# In values only the digits 0 to 9: `\d` would take those of every script. Hints may see them all.
_DAY = pattern(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MONTH = pattern(r"([0-9]{4})-([0-9]{2})")
_QUARTER = pattern(r"([0-9]{4})-[Qq]([1-4])")
_YEAR = pattern(r"[0-9]{4}")
_YEARLY = pattern(r"--([0-9]{2})-?([0-9]{2})")
_TIME = pattern(r"([0-9]{1,2}):([0-9]{2})")
_ONE_PART = r"([0-9]{1,4})\s*([a-z]+)\s*"
_PART = pattern(_ONE_PART)
_PARTS = pattern(rf"(?:{_ONE_PART}){{1,6}}")
_ISO = pattern(
    r"P(?=.)(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?"
    r"(?:T(?=.)(?:([0-9]{1,4})H)?(?:([0-9]{1,5})M)?)?"
)
# One class of characters up to the currency: two that overlap would cost the square of the length.
_MONEY = pattern(r"([+-]?[0-9][0-9\s_,.']*)([A-Za-z]{3})?")
_GROUPED = pattern(r"[+-]?[1-9][0-9]{0,2}(?:([,.])[0-9]{3})(?:\1[0-9]{3})*")
_MOST_DIGITS = 18
_OTHER_ORDER = pattern(r"(\d{1,2})\s*[./]\s*(\d{1,2})\s*[./]\s*(\d{4})")
_NO_YEAR = pattern(r"-{0,2}(\d{1,2})\s*([./-])\s*(\d{1,2})\.?")
_LOOSE = pattern(r"(\d{4})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})")

_UNITS = {  # word → (months, days, minutes)
    **dict.fromkeys(("d", "day", "days"), (0, 1, 0)),
    **dict.fromkeys(("w", "week", "weeks"), (0, 7, 0)),
    **dict.fromkeys(("m", "month", "months"), (1, 0, 0)),
    **dict.fromkeys(("y", "year", "years"), (12, 0, 0)),
    **dict.fromkeys(("h", "hour", "hours"), (0, 0, 60)),
    **dict.fromkeys(("min", "minute", "minutes"), (0, 0, 1)),
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, month, quarter or year: the days from `first` to `last`, and the text that says so."""

    first: date
    last: date
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class YearlyDay:
    """A day that comes back every year; `year` is the first one where it is known."""

    month: int
    day: int
    year: int | None = None

    def on(self, year: int) -> date:
        """The day in that year; 29 February is kept on the 28th where there is none."""
        return date(year, self.month, min(self.day, days_in(year, self.month)))

    def __str__(self) -> str:
        head = "-" if self.year is None else f"{self.year:04}"
        return f"{head}-{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217 letters)."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        whole = self.amount == self.amount.to_integral_value()
        number = f"{self.amount:,.0f}" if whole else f"{self.amount:,f}"
        return f"{number.replace(',', ' ')} {self.currency}".strip()


def parse_date(text: str) -> date:
    """`2026-12-01` → that day."""
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            return date.fromisoformat(text)
        except ValueError:
            found = _DAY.fullmatch(text)
            if found:
                return _day(*map(int, found.groups()))  # tells which part of it cannot be
    raise ValueError("this is not a date")


def parse_partial(text: str) -> PartialDate:
    """`2026-12-01`, `2027-03`, `2027-Q1` or `2027` → the days it covers."""
    if _DAY.fullmatch(text):
        day = parse_date(text)
        return PartialDate(day, day, text)
    if found := _MONTH.fullmatch(text):
        year, month = map(int, found.groups())
        return _span(year, month, month, text)
    if found := _QUARTER.fullmatch(text):
        year, quarter = map(int, found.groups())
        return _span(year, quarter * 3 - 2, quarter * 3, text)
    if _YEAR.fullmatch(text):
        return _span(int(text), 1, 12, text)
    raise ValueError("this is not a date")


def parse_yearly(text: str) -> YearlyDay:
    """`1986-12-24`, or `--12-24` where the year is not known (RFC 6350 §4.3.1)."""
    if found := _YEARLY.fullmatch(text):
        month, number = map(int, found.groups())
        _check_day(2000, month, number, said="")  # a leap year: --02-29 is a day
        return YearlyDay(month, number)
    day = parse_date(text)
    return YearlyDay(day.month, day.day, day.year)


def parse_time(text: str) -> time:
    """`14:30` → that time of day."""
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError("this is not a time of day")
    hour, minute = map(int, found.groups())
    if hour > 23 or minute > 59:
        raise ValueError("there is no such time of day")
    return time(hour, minute)


@lru_cache  # a book has a handful of them, again and again
def parse_duration(text: str) -> Duration:
    """`6 weeks`, `3m`, `1 year 6 months` or ISO 8601 `P3M` → a span of at least one minute."""
    if found := _ISO.fullmatch(text.upper()):
        years, months, weeks, days, hours, minutes = (int(part or 0) for part in found.groups())
        span = Duration(years * 12 + months, weeks * 7 + days, hours * 60 + minutes)
    else:
        span = _sum_of_parts(text.strip().lower())
    if span == Duration():
        raise ValueError("a duration of nothing")
    return span


def _sum_of_parts(words: str) -> Duration:
    """`1 year 6 months`, in small letters → their sum."""
    parts = _PART.findall(words) if _PARTS.fullmatch(words) else []
    if not parts or any(unit not in _UNITS for _number, unit in parts):
        raise ValueError("this is not a duration")
    sizes = [[int(number) * size for size in _UNITS[unit]] for number, unit in parts]
    return Duration(*map(sum, zip(*sizes, strict=True)))


def parse_whole_days(text: str) -> Duration:
    """A duration as `parse_duration` takes it, without hours and minutes."""
    span = parse_duration(text)
    if span.minutes:
        raise ValueError("a span of whole days is wanted here")
    return span


def parse_money(text: str, currency: str) -> Money:
    """`120000 CZK`, `1 200.50 EUR`, `80000` (in `currency`) → an amount."""
    found = _MONEY.fullmatch(text.strip())
    if not found:
        raise ValueError("this is not an amount of money")
    return Money(_amount(found[1]), (found[2] or currency).upper())


def parse_when(text: str, today: date) -> date:
    """A date as one says it at the command line, counted from `today`.

    `2026-12-01`, `today`, `tomorrow`, `yesterday`, `friday` (the next one), `+2w`, `-3d`,
    `in 3 months`, `3 months ago`.
    """
    words = " ".join(text.lower().split())
    named = {"today": 0, "tomorrow": 1, "yesterday": -1}
    if words in named:
        return moved(today, 0, named[words])
    if words in _WEEKDAYS:
        ahead = (_WEEKDAYS.index(words) - today.weekday() - 1) % 7 + 1
        return moved(today, 0, ahead)
    if words.startswith(("+", "in ")):
        return parse_whole_days(words.removeprefix("+").removeprefix("in ")).after(today)
    if words.startswith("-"):
        return parse_whole_days(words.removeprefix("-")).before(today)
    if words.endswith(" ago"):
        return parse_whole_days(words.removesuffix(" ago")).before(today)
    return parse_date(words)


def date_hint(text: str, *, yearly: bool = False) -> str | None:
    """What to write instead of `text`, where it can be told what was meant; else None."""
    words = text.strip()
    if found := _LOOSE.match(words):
        year, month, day = map(int, found.groups())
        return _written(year, month, day)
    if found := _OTHER_ORDER.fullmatch(words):
        first, second, year = map(int, found.groups())
        if first > 12 or "." in words:
            return _written(year, second, first)
        return _written(year, first, second) if second > 12 else None
    if yearly and (found := _NO_YEAR.fullmatch(words)):
        first, second = int(found[1]), int(found[3])
        month, day = (second, first) if found[2] == "." or first > 12 else (first, second)
        return f"write `--{month:02}-{day:02}`" if _exists(2000, month, day) else None
    return None


def _written(year: int, month: int, day: int) -> str | None:
    return f"write `{year:04}-{month:02}-{day:02}`" if _exists(year, month, day) else None


def _exists(year: int, month: int, day: int) -> bool:
    return year >= 1 and 1 <= month <= 12 and 1 <= day <= days_in(year, month)


def _day(year: int, month: int, day: int) -> date:
    """A date, or a sentence that tells which part of it cannot be."""
    if year < 1:
        raise ValueError("there is no year 0")
    _check_day(year, month, day, said=f" {year}")
    return date(year, month, day)


def _check_day(year: int, month: int, day: int, said: str) -> None:
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month:02}")
    if day < 1:
        raise ValueError("there is no day 00")
    last = days_in(year, month)
    if day > last:
        from calendar import month_name

        raise ValueError(f"{month_name[month]}{said} has {last} days")


def _span(year: int, first: int, last: int, text: str) -> PartialDate:
    _day(year, first, 1)
    return PartialDate(date(year, first, 1), date(year, last, days_in(year, last)), text)


def _amount(digits: str) -> Decimal:
    """The number in `1 200.50`, `1.200,50`, `1'200`, `0.125`: the last mark is the decimal one, but
    where all marks are alike and part groups of three digits (`1.200`).
    """
    if digits.isascii() and digits.strip().isdigit() and len(digits) <= _MOST_DIGITS:
        return Decimal(digits)
    plain = re.sub(r"[\s_']", "", digits)
    if len(plain) > _MOST_DIGITS:
        raise ValueError("an amount with too many digits")
    if _GROUPED.fullmatch(plain):
        return Decimal(re.sub("[,.]", "", plain))
    decimal = max(",", ".", key=plain.rfind)
    whole, _mark, rest = plain.rpartition(decimal) if decimal in plain else (plain, "", "")
    if re.search("[,.]", whole):
        found = _GROUPED.fullmatch(whole)
        if not found or found[1] == decimal:
            raise ValueError("this is not an amount of money")
    return Decimal(f"{re.sub('[,.]', '', whole)}.{rest}")
