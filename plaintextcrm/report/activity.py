"""`report activity`: talks, new contacts and deals, week by week; and the pipeline as it stands."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from plaintextcrm.report.asking import Question
from plaintextcrm.report.money import sums
from plaintextcrm.report.months import weeks, weeks_back
from plaintextcrm.report.values import DAY, LABEL, NUMBER, SUMS, Cell, Chart, Column, Report, Table

WEEKS = 26
_TALKS = """
SELECT date, count(*) FROM interactions
WHERE file IN {chosen} AND date <= :today AND {within} GROUP BY date ORDER BY date
"""
# New is who was talked with for the first time.
_NEW = """
SELECT first, count(*) FROM (SELECT min(date) AS first FROM interactions WHERE file IN {chosen}
  AND date <= :today GROUP BY file) WHERE {within} GROUP BY first
"""
_CLOSED = """
SELECT closed, count(*) FROM deals WHERE file IN {chosen} AND closed <= :today AND {within}
AND stage IN (SELECT value FROM json_each(:stages)) GROUP BY closed
"""
_PIPELINE = """
SELECT stage, value, value_currency FROM deals WHERE file IN {chosen} AND closed IS NULL AND done IS NULL
"""


def activity(question: Question) -> Report:
    """The weeks of a span, the last 26 unless it is given; the pipeline of today."""
    question = question.within(weeks_back(question.today, WEEKS))
    talks = _counted(question, _TALKS, "date")
    tables = (_weeks(question, talks), _days(talks), _pipeline(question))
    return Report("activity", f"What happened, {question.span}", tables)


def _counted(question: Question, sql: str, cell: str, **values: object) -> dict[date, int]:
    """How many there are on each day."""
    rows = question.rows(sql.replace("{within}", question.span.holds(cell)), **values)
    return {date.fromisoformat(day): count for day, count in rows}


def _weeks(question: Question, talks: dict[date, int]) -> Table:
    settings = question.book.settings
    named = {
        means: json.dumps([one.name for one in settings.stages if one.means == means])
        for means in ("won", "lost")
    }
    counts = [
        _by_week(found)
        for found in (
            talks,
            _counted(question, _NEW, "first"),
            _counted(question, _CLOSED, "closed", stages=named["won"]),
            _counted(question, _CLOSED, "closed", stages=named["lost"]),
        )
    ]
    rows: list[tuple[Cell, ...]] = [
        (monday.isoformat(), *(count[monday] for count in counts))
        for monday in _mondays(counts, question.span.last or question.today)
    ]
    columns = (
        Column("week", "Week of", DAY),
        Column("talks", "Talks", NUMBER),
        Column("new", "New contacts", NUMBER),
        Column("won", "Deals won", NUMBER),
        Column("lost", "Deals lost", NUMBER),
    )
    nothing = f"Nothing happened, {question.span}."
    return Table(
        "weeks",
        "Week by week",
        columns,
        rows,
        nothing,
        Chart("line", "week", ("talks", "new", "won", "lost")),
    )


def _by_week(days: dict[date, int]) -> Counter[date]:
    found: Counter[date] = Counter()
    for day, count in days.items():
        found[day - timedelta(days=day.weekday())] += count
    return found


def _mondays(counts: Iterable[Counter[date]], last: date) -> list[date]:
    """The weeks from the first in which something happened: those without anything tell, too."""
    known = {monday for count in counts for monday in count}
    return weeks(min(known), last) if known else []


def _days(talks: dict[date, int]) -> Table:
    rows = [(day.isoformat(), count) for day, count in talks.items()]
    columns = (Column("day", "Day", DAY), Column("talks", "Talks", NUMBER))
    chart = Chart("calendar", "day", ("talks",))
    return Table("days", "Talks, day by day", columns, rows, "No talk is written down.", chart)


def _pipeline(question: Question) -> Table:
    """The open deals by stage, in the settings' order."""
    settings = question.book.settings
    order = [stage.name for stage in settings.stages if stage.means == "open"]
    deals: dict[str, list[tuple[float | None, str]]] = {stage: [] for stage in [*order, ""]}
    for stage, value, currency in question.rows(_PIPELINE):
        if stage in deals:
            deals[stage].append((value, currency or ""))
    rows: list[tuple[Cell, ...]] = [
        (
            stage or None,
            len(found),
            sums(((value, currency) for value, currency in found if value is not None), settings),
        )
        for stage, found in deals.items()
        if found
    ]
    columns = (
        Column("stage", "Stage", LABEL),
        Column("deals", "Deals", NUMBER),
        Column("value", "Value", SUMS),
    )
    chart = Chart("bars", "stage", ("deals",))
    return Table("pipeline", "The pipeline today", columns, rows, "No deal is open.", chart)
