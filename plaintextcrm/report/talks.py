"""Talks, as reports count them: who talks with a company's people talks with the company."""

from plaintextcrm.report.asking import Question

# `file` is the contact that a talk counts for. What lies in the future did not take place yet.
TALKS = """
(SELECT i.file, i.date, i.mood, i.n, 0 AS others FROM interactions i WHERE i.date <= :today
 UNION ALL
 SELECT o.file, i.date, i.mood, i.n, 1 FROM interactions i JOIN contacts p USING (file)
 JOIN contacts o ON o.key = p.organization_key AND o.kind = 'organization' AND o.file != p.file
 WHERE p.organization != '' AND i.date <= :today)
"""


def last_talks(question: Question) -> dict[int, str]:
    """The day of the last talk of each contact that was asked for, by its file."""
    sql = f"SELECT file, max(date) FROM {TALKS} WHERE file IN {{chosen}} GROUP BY file"
    return dict(question.rows(sql))
