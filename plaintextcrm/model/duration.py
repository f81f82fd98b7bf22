"""Spans of time in calendar months, days and minutes; how people say them is in `model/dates.py`."""

from datetime import date, timedelta
from typing import NamedTuple

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Duration(NamedTuple):
    """A span of calendar months, days and minutes; months are kept apart, for they differ in length."""

    months: int = 0
    days: int = 0
    minutes: int = 0

    @property
    def rough_days(self) -> float:
        """Its usual length in days, to compare two of them."""
        return self.months * 30.44 + self.days + self.minutes / 1440

    def after(self, day: date) -> date:
        """The day this long after `day`; the end of the calendar (9999-12-31) where there is none."""
        return moved(day, self.months, self.days)

    def before(self, day: date) -> date:
        """The day this long before `day`; the calendar's first day where there is none."""
        return moved(day, -self.months, -self.days)

    def __str__(self) -> str:
        parts = ((self.months, "month"), (self.days, "day"), (self.minutes, "minute"))
        words = [f"{number} {unit}{'s' * (number != 1)}" for number, unit in parts if number]
        return " ".join(words) or "0 days"


def days_in(year: int, month: int) -> int:
    """The number of days of a month."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap and month == 2 else _LENGTHS[month - 1]


def moved(day: date, months: int, days: int) -> date:
    """`day` moved; a day that its new month lacks becomes the month's last one."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if year < 1:
        return date.min
    if year > 9999:
        return date.max
    day = date(year, month, min(day.day, days_in(year, month)))
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
