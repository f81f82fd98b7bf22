"""Reminders, each on the day on which it stands."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from plaintextcrm.book.answers.cards import EVERYONE, Where
from plaintextcrm.book.book import Book
from plaintextcrm.model.agenda import OCCASIONS, Waiting, day_alone, days, next_time


class ReminderRow(NamedTuple):
    """A reminder with what is needed of its contact; see `model.reminders.Reminder`."""

    key: int
    kind: str
    due: date | None
    month: int | None
    day: int | None
    year: int | None
    uid: str
    note: str
    action: str
    time: str
    owner: str
    remind: str
    line: int
    contact: str
    name: str
    organization: str
    private: bool
    path: str
    yields_to: date | None
    brief: str


class Outline(NamedTuple):
    """As much of a reminder as says when it is, and which one; see `ReminderRow`.

    Days are ISO texts: there are tens of thousands, of which most are only compared.
    """

    key: int
    kind: str
    due: str | None
    month: int | None
    day: int | None
    uid: str
    path: str
    yields_to: str | None


class Standing(NamedTuple):
    """A reminder on the day on which it is shown."""

    row: ReminderRow
    date: date
    overdue: bool


# A private organization's name is not told with a contact that is not private. Where two files
# have the organization's id, the first one counts.
_REMINDERS = """
SELECT r.reminder, r.kind, r.due, r.month, r.day, r.year, r.uid, r.note, r.action, r.time, r.owner,
  r.remind, r.line, c.id, c.name,
  CASE WHEN o.private AND NOT c.private THEN '' ELSE coalesce(o.name, c.organization) END,
  c.private, f.path, r.yields_to, {brief}
FROM reminders r JOIN contacts c USING (file) JOIN files f USING (file)
LEFT JOIN contacts o ON o.file = (SELECT file FROM contacts same JOIN files place USING (file)
  WHERE same.key = c.organization_key AND c.organization != '' ORDER BY place.path LIMIT 1)
WHERE ({days}) AND ({where}) ORDER BY r.reminder
"""

_OUTLINES = """
SELECT {what}
FROM reminders r JOIN contacts c USING (file) JOIN files f USING (file)
LEFT JOIN contacts o ON o.file = (SELECT file FROM contacts same JOIN files place USING (file)
  WHERE same.key = c.organization_key AND c.organization != '' ORDER BY place.path LIMIT 1)
WHERE ({days}) AND ({where}) {order}
"""
_OUTLINE = "r.reminder, r.kind, r.due, r.month, r.day, r.uid, f.path, r.yields_to"

_WAITING = """
SELECT reminder, r.kind, due, yields_to, coalesce(nullif(r.owner, ''), :me),
  CASE WHEN class = '' THEN 'Z' ELSE class END || id || ' ' || r.uid
FROM reminders r JOIN contacts USING (file) WHERE month IS NULL AND (due IS NULL OR due <= :last)
"""

_TO_DO = f"r.month IS NULL AND r.kind NOT IN {OCCASIONS}"
# A reminder `r` that is past and still to be done. A keep-in-touch gives way to a follow-up; see
# `model.agenda.gives_way`. Crowded days are left out: it is due, whichever day it slides to.
LATE = (
    f"{_TO_DO} AND r.due < :today AND (r.yields_to IS NULL OR r.yields_to >"
    " CASE :overdue WHEN 'keep' THEN r.due ELSE :today END)"
)
DUE = (
    f"({LATE} OR {_TO_DO} AND (r.due IS NULL OR r.due = :today)"
    " AND (r.yields_to IS NULL OR r.yields_to > :today))"
)


def agenda(book: Book, where: Where, ahead: int) -> list[Standing]:
    """What is late, due today, and due in the next `ahead` days, by day, lateness and time."""
    last = _later(book.today, ahead)
    shown = [*_dated(book, where, last), *_occasions(book, where, last)]
    return sorted(shown, key=_agenda_order)


def _agenda_order(item: Standing) -> tuple[object, ...]:
    """By day; within it what is late first, the oldest on top, then by the time of day."""
    row = item.row
    late = row.due if item.overdue and row.due else date.max
    return item.date, late, row.time or "~", row.kind, row.path, row.key


def _later(day: date, ahead: int) -> date:
    return day + timedelta(days=min(ahead, (date.max - day).days))


def _dated(book: Book, where: Where, last: date) -> Iterator[Standing]:
    for standing in standings(book, where, last):
        past = standing.date < book.today and standing.row.kind in OCCASIONS
        if standing.date <= last and not past:
            yield standing


def standings(book: Book, where: Where, last: date) -> Iterator[Standing]:
    """Every reminder with a day of its own up to `last`, on the day on which it stands."""
    placed = _days_of(book, last)
    near = "r.month IS NULL AND (r.due IS NULL OR r.due <= :last)"
    for row in _reminders(book, where, near, {"last": last.isoformat()}):
        day = placed(row)
        if day is not None:
            late = row.due is not None and row.due < book.today and row.kind not in OCCASIONS
            yield Standing(row, day, late)


def outlines(
    book: Book, where: Where, ahead: int | None = None
) -> Iterator[tuple[Outline, str | None]]:
    """Every reminder, and the day on which it stands; those that come back every year have none, and
    a keep-in-touch that gives way is left out. `ahead`: those whose own day is past, or in the next
    days.
    """
    overdue, today = book.settings.overdue, book.today.isoformat()
    spread = _spread(book, date.max)
    near = "1" if ahead is None else _near(book.today, ahead)
    order = "ORDER BY f.path, r.reminder"
    sql = _OUTLINES.format(what=_OUTLINE, where=where.sql, days=near, order=order)
    for outline in map(Outline._make, book.db.execute(sql, where.values)):
        if outline.month:
            yield outline, None
        elif spread is not None:
            if day := spread.get(outline.key):
                yield outline, day.isoformat()
        elif alone := day_alone(outline.due, outline.kind, outline.yields_to, overdue, today):
            yield outline, alone


def farther(book: Book, where: Where, ahead: int) -> int:
    """How many reminders `outlines` leaves out with `ahead`, where days have no limit."""
    stays = "r.month IS NOT NULL OR r.yields_to IS NULL OR r.yields_to > r.due"
    days = f"({_near(book.today, ahead)}) IS NOT TRUE AND ({stays})"
    # To count rows that are chosen first is quicker: SQLite sees that it can do without organizations.
    rows = _OUTLINES.format(what="r.uid", where=where.sql, days=days, order="LIMIT -1")
    [(number,)] = book.db.execute(f"SELECT count(*) FROM ({rows})", where.values)
    return int(number)


def event_uids(book: Book, where: Where) -> Iterator[str]:
    """The UID of every reminder."""
    sql = _OUTLINES.format(what="r.uid", where=where.sql, days="1", order="")
    return (uid for (uid,) in book.db.execute(sql, where.values))


def _near(today: date, ahead: int) -> str:
    """The condition for what is past, due now, or due in the next days; nothing of it is a person's."""
    last = _later(today, ahead)
    return (
        f"r.month IS NULL AND (r.due IS NULL OR r.due <= '{last.isoformat()}')"
        f" OR {_comes_back(today, last)}"
    )


def reminder_rows(book: Book, keys: Sequence[int]) -> dict[int, ReminderRow]:
    """The reminders with these keys, with what to know before a talk."""
    near = "r.reminder IN (SELECT value FROM json_each(:keys))"
    values = {"keys": json.dumps(keys)}
    return {row.key: row for row in _reminders(book, EVERYONE, near, values, brief=True)}


def _days_of(book: Book, last: date) -> Callable[[ReminderRow], date | None]:
    """The day of each reminder that is due up to `last`. With a limit, each depends on all."""
    overdue, today = book.settings.overdue, book.today
    spread = _spread(book, last)
    if spread is None:
        return lambda row: day_alone(row.due, row.kind, row.yields_to, overdue, today)
    return lambda row: spread.get(row.key)


def _spread(book: Book, last: date) -> dict[int, date] | None:
    """The days of all that is due up to `last`, where days have a limit."""
    overdue, limit, today = book.settings.overdue, book.settings.max_per_day, book.today
    if limit is None:
        return None
    values = {"last": last.isoformat(), "me": book.settings.me}
    rows = (
        Waiting(key, kind, _day(due), _day(yields_to), owner, rank)
        for key, kind, due, yields_to, owner, rank in book.db.execute(_WAITING, values)
    )
    return days(rows, overdue, limit, today)


YEAR = 366


def open_reminders(book: Book, path: str) -> list[Standing]:
    """All that is open with one contact, however far ahead; `show` and `done` number it from 1."""
    only = Where("f.path = :path", {"path": path})
    near = agenda(book, only, YEAR)
    known = {item.row.key for item in near}
    far = standings(book, only, date.max)
    return near + [item for item in far if item.row.key not in known and item.date > book.today]


def next_contact(book: Book, path: str) -> tuple[str, str, date | None, str] | None:
    """A contact's id and name, the day of the next contact and its kind; None: no such contact."""
    row = book.db.execute(
        "SELECT c.id, c.name, coalesce(r.due, :today), r.kind, r.file FROM contacts c"
        " JOIN files f USING (file) LEFT JOIN reminders r ON r.file = c.file"
        " AND r.kind IN ('follow-up', 'keep-in-touch') WHERE f.path = :path ORDER BY 3, 4",
        {"path": path, "today": book.today.isoformat()},
    ).fetchone()
    if row is None:
        return None
    return (row[0], row[1], _day(row[2]), row[3]) if row[3] else (row[0], row[1], None, "")


def _occasions(book: Book, where: Where, last: date) -> Iterator[Standing]:
    for row in _reminders(book, where, _comes_back(book.today, last), {}):
        first = max(book.today, date(row.year or 1, 1, 1))
        day = next_time(row.month or 1, row.day or 1, first, last)
        if day is not None:
            yield Standing(row, day, False)


def _comes_back(first: date, last: date) -> str:
    """The condition for what comes back every year in these days."""
    span = min((last - first).days, 366)
    window = [first + timedelta(days=n) for n in range(span + 1)]
    numbers = {day.month * 100 + day.day for day in window}
    if 228 in numbers:
        numbers.add(229)  # kept on the 28th where there is no 29th
    return f"r.month * 100 + r.day IN ({','.join(map(str, sorted(numbers)))})"


def _reminders(
    book: Book, where: Where, near: str, values: Mapping[str, object], *, brief: bool = False
) -> Iterator[ReminderRow]:
    told = "(SELECT t.brief FROM texts t WHERE t.file = c.file)" if brief else "''"
    sql = _REMINDERS.format(where=where.sql, days=near, brief=told)
    for row in book.db.execute(sql, {**where.values, **values}):
        yield ReminderRow._make((*row[:2], _day(row[2]), *row[3:-2], _day(row[-2]), row[-1]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
