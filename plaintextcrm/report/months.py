"""Spans of time that reports look at, cut into months and weeks."""

from collections.abc import Iterable
from datetime import date, timedelta

from plaintextcrm.model.duration import Duration
from plaintextcrm.report.asking import Span

MOST_MONTHS = 1200  # a misspelt year does not make a table of ten thousand rows


def a_year_back(today: date) -> Span:
    """The last twelve months: this one and the eleven before."""
    begin = Duration(months=11).before(today.replace(day=1))
    return Span(begin, today)


def weeks_back(today: date, count: int) -> Span:
    """The last weeks, each from Monday to Sunday, with the present one."""
    monday = today - timedelta(days=today.weekday())
    return Span(monday - timedelta(weeks=count - 1), today)


def months(known: Iterable[str]) -> list[str]:
    """All months (`2026-11`) from the first to the last of those known; none is left out between."""
    listed = sorted(known)
    if not listed:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (listed[0], listed[-1]))
    if last - first >= MOST_MONTHS:
        return listed
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]


def weeks(first: date, last: date) -> list[date]:
    """The Mondays of all weeks from one day to another."""
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(weeks=n) for n in range((last - monday).days // 7 + 1)]
