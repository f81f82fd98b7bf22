"""`report promises`: what is open and late, by whom and to whom; what was kept, and when."""

from collections import Counter, defaultdict
from datetime import date
from typing import NamedTuple

from plaintextcrm.model.reminders import is_them
from plaintextcrm.model.settings import Settings
from plaintextcrm.report.asking import Question, Span
from plaintextcrm.report.months import a_year_back, months
from plaintextcrm.report.values import (
    DAY,
    LABEL,
    NUMBER,
    SHARE,
    Cell,
    Chart,
    Column,
    Report,
    Table,
)

THEM = "them"
US = "us"  # nobody is named, nobody looks after the contact, and the settings do not say `me`
_PROMISES = """
SELECT c.id, c.name, c.given_name, c.owner, p.by, p.date, p.done, p.note
FROM promises p JOIN contacts c USING (file) WHERE c.file IN {chosen} ORDER BY p.date, c.sort, c.id, p.n
"""
_NOTHING = "No promise is written down."


class Promised(NamedTuple):
    """A promise. `by` is a person of ours, `them`, or whoever else is named."""

    contact: str
    name: str
    by: str
    to: str
    due: date
    done: date | None
    note: str

    @property
    def on_time(self) -> bool:
        """True for one that was kept on its day or before."""
        return self.done is not None and self.done <= self.due


def promises(question: Question) -> Report:
    """Open promises of all times; kept ones of a span, the last twelve months unless it is given."""
    question = question.within(a_year_back(question.today))
    found = promised(question)
    kept = [one for one in found if one.done and question.span.holds_day(one.done)]
    still = [one for one in found if one.done is None]
    tables = (_open(question, still), _people(question, still, kept), _months(question.span, kept))
    return Report("promises", f"Promises, kept ones: {question.span}", tables)


def promised(question: Question) -> list[Promised]:
    """All promises, the oldest first."""
    settings = question.book.settings
    return [
        Promised(
            contact, name, *_sides(by, owner, (contact, name, given), settings),
            date.fromisoformat(due), date.fromisoformat(done) if done else None, note,
        )
        for contact, name, given, owner, by, due, done, note in question.rows(_PROMISES)
    ]  # fmt: skip


def _sides(by: str, owner: str, names: tuple[str, ...], settings: Settings) -> tuple[str, str]:
    """Who promised, and to whom."""
    ours = owner or settings.me or US
    if is_them(by, names, settings):
        return THEM, ours
    return by or ours, THEM


def _open(question: Question, still: list[Promised]) -> Table:
    rows = [
        (one.due.isoformat(), max((question.today - one.due).days, 0), one.contact, one.name,
         one.by, one.to, one.note)
        for one in still
    ]  # fmt: skip
    columns = (
        Column("due", "Due", DAY),
        Column("days_late", "Days late", NUMBER),
        Column("contact", "Contact"),
        Column("name", "Name"),
        Column("by", "By"),
        Column("to", "To"),
        Column("note", "What"),
    )
    return Table("open", "Open promises", columns, rows, "No promise is open.")


def _people(question: Question, still: list[Promised], kept: list[Promised]) -> Table:
    """For each person: what is open, what is late, and how much was kept on time."""
    people = sorted({one.by for one in (*still, *kept)}, key=lambda by: (by == THEM, by.casefold()))
    rows: list[tuple[Cell, ...]] = []
    for person in people:
        mine = [one for one in still if one.by == person]
        done = [one for one in kept if one.by == person]
        on_time = sum(one.on_time for one in done)
        rows.append((
            person, len(mine), sum(one.due < question.today for one in mine), on_time,
            len(done) - on_time, on_time / len(done) if done else None,
        ))  # fmt: skip
    columns = (
        Column("person", "Person", LABEL),
        Column("open", "Open", NUMBER),
        Column("late", "Late", NUMBER),
        Column("kept_on_time", "Kept on time", NUMBER),
        Column("kept_late", "Kept late", NUMBER),
        Column("share_on_time", "On time", SHARE),
    )
    chart = Chart("bars", "person", ("kept_on_time", "kept_late", "late"))
    return Table("people", "By person", columns, rows, _NOTHING, chart)


def _months(span: Span, kept: list[Promised]) -> Table:
    """What was kept in each month, by each person."""
    counts: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
    for one in kept:
        assert one.done
        counts[f"{one.done:%Y-%m}"][one.by, one.on_time] += 1
    people = sorted({by for counter in counts.values() for by, _on_time in counter})
    rows = [
        (month, person, counts[month][person, True], counts[month][person, False])
        for month in months(counts)
        for person in people
        if any(counts[month][person, on_time] for on_time in (True, False))
    ]
    columns = (
        Column("month", "Month", LABEL),
        Column("person", "Person"),
        Column("kept_on_time", "Kept on time", NUMBER),
        Column("kept_late", "Kept late", NUMBER),
    )
    return Table("months", "Kept, by month", columns, rows, f"No promise was kept, {span}.")
