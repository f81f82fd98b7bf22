"""`report top`: who carries the turnover of a year, and who of them has not heard of us."""

import json

from plaintextcrm.book.answers.cards import NEXT, Where
from plaintextcrm.book.classes import Standing, ranking
from plaintextcrm.report.asking import Question
from plaintextcrm.report.money import apart, money
from plaintextcrm.report.silent import silences
from plaintextcrm.report.talks import Talks, talks
from plaintextcrm.report.values import DAY, MONEY, SHARE, Cell, Chart, Column, Report, Table

_PEOPLE = f"SELECT c.file, c.id, c.name, c.owner, {NEXT} FROM contacts c WHERE c.file IN {{chosen}}"
_COLUMNS = (
    Column("contact", "Contact"),
    Column("name", "Name"),
    Column("class", "Class"),
    Column("turnover", "Turnover", MONEY),
    Column("share", "Share", SHARE),
    Column("running_share", "Running", SHARE),
    Column("last", "Last talk", DAY),
    Column("next", "Next", DAY),
    Column("owner", "Owner"),
)


def top(question: Question, year: int | None = None) -> Report:
    """Everybody with turnover in `year`, the last full one unless given, the largest first.

    Shares are of all turnover in the currency, also where only some contacts are asked for.
    """
    year = year or question.today.year - 1
    people = {row[0]: row[1:] for row in question.rows(_PEOPLE)}
    spoken = talks(question)
    standings = [
        standing
        for standing in ranking(question.book.db, year, question.book.settings)
        if standing.file in people
    ]
    nothing = f"No turnover is written down for {year}."
    rows = [
        _row(standing, people[standing.file], spoken.get(standing.file)) for standing in standings
    ]
    carry = Table("turnover", f"Turnover of {year}", _COLUMNS, rows, nothing,
                  Chart("bars", "name", ("turnover",)))  # fmt: skip
    letters = {standing.file: standing.letter for standing in reversed(standings)}
    remarks = apart((standing.currency for standing in standings), question.book.settings)
    tables = (carry, _quiet(question, letters))
    return Report("top", f"Who carries the turnover of {year}", tables, remarks)


def _row(
    standing: Standing, person: tuple[str, str, str, str | None], spoken: Talks | None
) -> tuple[Cell, ...]:
    contact, name, owner, next_ = person
    last = spoken.days[-1].isoformat() if spoken else None
    return (
        contact, name, standing.letter, money(standing.amount, standing.currency), standing.share,
        standing.before + standing.share, last, next_, owner or None,
    )  # fmt: skip


def _quiet(question: Question, letters: dict[int, str]) -> Table:
    """Those of class A and B who are silent for longer than they use to be."""
    top = [file for file, letter in letters.items() if letter in ("A", "B")]
    only = Where("c.file IN (SELECT value FROM json_each(:top))", {"top": json.dumps(top)})
    rows = [
        (silence.contact, silence.name, letters[silence.file], silence.last, silence.days,
         silence.usual, silence.owner or None)
        for silence in silences(question._replace(where=only))
        if silence.drift > 0
    ]  # fmt: skip
    columns = (
        Column("contact", "Contact"),
        Column("name", "Name"),
        Column("class", "Class"),
        Column("last", "Last talk", DAY),
        Column("days", "Days ago", "number"),
        Column("usual", "Usually", "number"),
        Column("owner", "Owner"),
    )
    nothing = "Nobody of class A or B is silent for longer than usual."
    return Table("silent", "Silent among class A and B", columns, rows, nothing)
