"""On which day a reminder stands: late ones roll to today, crowded days spread out.

Works on plain values, so that the book can ask it for ten thousand rows at once.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

OCCASIONS = ("birthday", "nameday", "anniversary", "milestone")
SATURDAY = 5

Day = TypeVar("Day", date, str)  # ISO texts compare as their days do


class Waiting(NamedTuple):
    """A reminder that waits for its day; `rank` orders those of one day, the lower the sooner."""

    key: int
    kind: str
    due: date | None
    yields_to: date | None
    owner: str
    rank: str


def stand(due: Day | None, kind: str, overdue: str, today: Day) -> Day:
    """The day on which a reminder is shown. `overdue` is the settings' `roll` or `keep`."""
    if due is None:
        return today
    if kind in OCCASIONS or overdue == "keep":
        return due
    return max(due, today)


def gives_way(waiting: Waiting, day: date, overdue: str, today: date) -> bool:
    """True where an open follow-up stands on or before the keep-in-touch's `day`."""
    return _yields(waiting.yields_to, day, overdue, today)


def _yields(to: Day | None, day: Day, overdue: str, today: Day) -> bool:
    return to is not None and stand(to, "follow-up", overdue, today) <= day


def day_alone(
    due: Day | None, kind: str, yields_to: Day | None, overdue: str, today: Day
) -> Day | None:
    """The day of one reminder where days have no limit; None for a keep-in-touch that gives way."""
    day = stand(due, kind, overdue, today)
    return None if _yields(yields_to, day, overdue, today) else day


def days(rows: Iterable[Waiting], overdue: str, limit: int, today: date) -> dict[int, date]:
    """The day of each reminder by its key; a keep-in-touch that gives way has none.

    No more than `limit` things to do stand on one day for one owner: a keep-in-touch too many
    slides to the next working day with room. What a person dated by hand never slides, and
    occasions (birthdays and the like) do not count. Without a limit, see `day_alone`.
    """
    shown = {row: stand(row.due, row.kind, overdue, today) for row in rows}
    shown |= _spread(shown, limit, overdue, today)
    return {row.key: day for row, day in shown.items() if not gives_way(row, day, overdue, today)}


def _spread(
    shown: dict[Waiting, date], limit: int, overdue: str, today: date
) -> dict[Waiting, date]:
    """New days for the keep-in-touch rows, in the order of their days.

    One that gives way, on its own day or on the one it slides to, takes no room.
    """
    load = Counter(
        (row.owner, day)
        for row, day in shown.items()
        if row.kind != "keep-in-touch" and row.kind not in OCCASIONS
    )
    free: dict[str, date] = {}  # per owner: every working day before it is full
    movable = sorted(
        (row for row in shown if row.kind == "keep-in-touch" and shown[row] >= today),
        key=lambda row: (shown[row], row.due or today, row.rank),
    )
    placed = {}
    for row in movable:
        day = shown[row]
        if load[row.owner, day] >= limit:
            day = max(day, free.get(row.owner, day))
            while day < date.max and (load[row.owner, day] >= limit or day.weekday() >= SATURDAY):
                day += timedelta(days=1)
            free[row.owner] = day
        if not gives_way(row, day, overdue, today):
            load[row.owner, day] += 1
        placed[row] = day
    return placed


def next_time(month: int, day: int, first: date, last: date) -> date | None:
    """The day of a yearly occasion within [first, last], or None; 29 February is kept on the 28th."""
    for year in range(first.year, last.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            found = date(year, month, 28)
        if first <= found <= last:
            return found
    return None
