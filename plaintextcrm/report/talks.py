"""Talks, as reports count them: who talks with a company's people talks with the company."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from plaintextcrm.report.asking import Question

# Of each contact the days of its talks, and the mood of the last one: a column beside `max` comes from
# the row that has the largest. What lies in the future did not take place yet. CROSS JOIN keeps
# SQLite to the order in which there is an index for each step, and the plus from going through all
# chosen ones at each.
_COLUMNS = "group_concat(i.date, ' '), i.mood, max(i.date || printf('%06d', i.n))"
_OWN = f"""
SELECT i.file, {_COLUMNS} FROM interactions i
WHERE i.date <= :today AND i.file IN {{chosen}} GROUP BY i.file
"""
_OF_PEOPLE = f"""
SELECT o.file, {_COLUMNS} FROM contacts p CROSS JOIN contacts o ON o.key = p.organization_key
CROSS JOIN interactions i ON i.file = p.file
WHERE o.kind = 'organization' AND +o.file IN {{chosen}} AND p.organization != '' AND p.file != o.file
AND i.date <= :today GROUP BY o.file
"""


class Talks(NamedTuple):
    """The days with talks, the oldest first, and how the last one was."""

    days: tuple[date, ...]
    mood: str

    def with_more(self, others: "Talks") -> "Talks":
        """These and others; of two last talks on one day, how this one was counts."""
        mood = others.mood if others.days[-1] > self.days[-1] else self.mood
        return Talks(tuple(sorted({*self.days, *others.days})), mood)


def talks(question: Question) -> dict[int, Talks]:
    """The talks of each contact that was asked for and has any, by its file."""
    found = dict(_rows(question, _OWN))
    for file, others in _rows(question, _OF_PEOPLE):
        found[file] = found[file].with_more(others) if file in found else others
    return found


def _rows(question: Question, sql: str) -> Iterator[tuple[int, Talks]]:
    for file, days, mood, _last in question.rows(sql):
        yield file, Talks(tuple(map(date.fromisoformat, sorted(set(days.split())))), mood)
