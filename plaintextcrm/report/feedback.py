"""`report feedback`: what they say, by time and by what it was about; and who did not answer yet."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from statistics import fmean
from typing import NamedTuple

from plaintextcrm.report.asking import ALIVE, Question
from plaintextcrm.report.values import DAY, LABEL, NUMBER, Chart, Column, Report, Table

_ANSWERS = """
SELECT c.id, c.name, b.date, b.about, b.score, b.note FROM feedback b JOIN contacts c USING (file)
WHERE c.file IN {chosen} AND b.score IS NOT NULL AND {within} ORDER BY b.date DESC, c.sort, c.id, b.n
"""
_WAITING = f"""
SELECT b.date, c.id, c.name, b.about, c.owner FROM feedback b JOIN contacts c USING (file)
WHERE c.file IN {{chosen}} AND {ALIVE} AND b.score IS NULL AND b.done IS NULL AND b.date <= :today
ORDER BY b.date, c.sort, c.id, b.n
"""


class Answer(NamedTuple):
    """An answer to the question how it was; `score` is 1 to 5."""

    contact: str
    name: str
    date: str
    about: str
    score: float
    note: str


def feedback(question: Question) -> Report:
    """The scores of a span, of all times unless it is given; who has not answered, of all times."""
    sql = _ANSWERS.replace("{within}", question.span.holds("b.date"))
    answers = [Answer._make(row) for row in question.rows(sql)]
    by_month = _scores(answers, "months", "By month", "Month", lambda one: one.date[:7])
    by_about = _scores(answers, "about", "By what it was about", "About", lambda one: one.about)
    tables = (by_month, by_about, _answers(answers), _waiting(question))
    return Report("feedback", f"What they say, {question.span}", tables)


_NOTHING = "No answer with a score is written down."


def _scores(
    answers: list[Answer], name: str, title: str, head: str, key: Callable[[Answer], str]
) -> Table:
    """How many answered, their mean score and the lowest, for each month or each subject."""
    groups: dict[str, list[float]] = defaultdict(list)
    for answer in answers:
        groups[key(answer)].append(answer.score)
    order = sorted(groups, key=lambda one: (not one, one.casefold()))
    rows = [
        (one or None, len(groups[one]), round(fmean(groups[one]), 2), min(groups[one]))
        for one in order
    ]
    columns = (
        Column(head.lower(), head, LABEL),
        Column("answers", "Answers", NUMBER),
        Column("mean", "Mean", NUMBER),
        Column("lowest", "Lowest", NUMBER),
    )
    chart = Chart("line" if name == "months" else "bars", head.lower(), ("mean",))
    return Table(name, title, columns, rows, _NOTHING, chart)


def _answers(answers: list[Answer]) -> Table:
    rows = [
        (one.date, one.contact, one.name, one.about or None, one.score, one.note or None)
        for one in answers
    ]
    columns = (
        Column("date", "Asked", DAY),
        Column("contact", "Contact"),
        Column("name", "Name"),
        Column("about", "About"),
        Column("score", "Score", NUMBER),
        Column("note", "Note"),
    )
    return Table("answers", "Answers", columns, rows, _NOTHING)


def _waiting(question: Question) -> Table:
    rows = [
        (
            day,
            (question.today - date.fromisoformat(day)).days,
            contact,
            name,
            about or None,
            owner or None,
        )
        for day, contact, name, about, owner in question.rows(_WAITING)
    ]
    columns = (
        Column("date", "Asked", DAY),
        Column("days", "Days ago", NUMBER),
        Column("contact", "Contact"),
        Column("name", "Name"),
        Column("about", "About"),
        Column("owner", "Owner"),
    )
    return Table("waiting", "Not answered yet", columns, rows, "Nobody owes an answer.")
