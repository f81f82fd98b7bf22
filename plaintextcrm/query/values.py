"""Values of queries: days, months and years; how long; days that come back every year.

How people write dates is imported where a query has one: most have none.
"""

import re
from datetime import date
from typing import NamedTuple


class Span(NamedTuple):
    """First and last day as ISO dates; None where it is open. Times of day are compared alike."""

    first: str | None
    last: str | None


class MonthDays(NamedTuple):
    """First and last day within any year, as MM-DD; None where it is open."""

    first: str | None
    last: str | None


def span_of(text: str, today: date) -> Span:
    """The days of `2026-12-01`, `2026-12`, `2026-Q4`, `2026`, `friday`, `-3m`. Raises ValueError."""
    from plaintextcrm.model.dates import parse_partial, parse_when

    if re.match(r"[0-9]{4}", text):
        found = parse_partial(text)
        return Span(found.first.isoformat(), found.last.isoformat())
    day = parse_when(text, today).isoformat()
    return Span(day, day)


def month_days(low: str, high: str) -> MonthDays:
    """`--12-24` and `--12`, from one to the other. Raises ValueError."""
    first = _month_day(low, "01") if low else None
    return MonthDays(first, _month_day(high, "31") if high else None)


def _month_day(text: str, day: str) -> str:
    if month := re.fullmatch(r"--(0[1-9]|1[0-2])", text):
        return f"{month[1]}-{day}"
    from plaintextcrm.model.dates import parse_yearly

    return str(parse_yearly(text))[-5:]


def days_of(text: str) -> float:
    """A number of days, or a duration, as its usual length in days. Raises ValueError."""
    if re.fullmatch(r"[0-9]{1,6}", text):
        return float(text)
    from plaintextcrm.model.dates import parse_duration

    return parse_duration(text).rough_days
