"""`report channels`: how we talk, by month; and whom we reach in one way only."""

from collections import Counter, defaultdict

from plaintextcrm.report.asking import ALIVE, Question
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

LEAST_TALKS = 2  # who was met once was met in one way, of course
_TALKS = """
SELECT substr(date, 1, 7), channel, count(*) FROM interactions
WHERE file IN {chosen} AND date <= :today AND {within} GROUP BY 1, 2
"""
_REACHED = """
SELECT channel, count(*), count(DISTINCT file) FROM interactions
WHERE file IN {chosen} AND date <= :today AND {within} GROUP BY 1 ORDER BY 2 DESC, 1 = '', 1
"""
_SINGLE = f"""
SELECT c.id, c.name, max(i.channel), count(*), max(i.date), c.owner
FROM interactions i JOIN contacts c USING (file)
WHERE c.file IN {{chosen}} AND {ALIVE} AND i.date <= :today AND i.channel != '' GROUP BY c.file
HAVING count(*) >= :least AND min(i.channel) = max(i.channel) ORDER BY 4 DESC, c.sort, c.id
"""


def channels(question: Question) -> Report:
    """Talks of a span, the last twelve months unless it is given; one way only: of all times."""
    question = question.within(a_year_back(question.today))
    tables = (_channels(question), _months(question), _single(question))
    return Report("channels", f"How we talk, {question.span}", tables)


def _channels(question: Question) -> Table:
    within = question.span.holds("date")
    found = list(question.rows(_REACHED.replace("{within}", within)))
    total = sum(talks for _channel, talks, _contacts in found)
    rows = [(channel or None, talks, talks / total, people) for channel, talks, people in found]
    columns = (
        Column("channel", "Channel", LABEL),
        Column("talks", "Talks", NUMBER),
        Column("share", "Share", SHARE),
        Column("contacts", "Contacts", NUMBER),
    )
    chart = Chart("bars", "channel", ("talks",))
    return Table("channels", "By channel", columns, rows, _nothing(question), chart)


def _months(question: Question) -> Table:
    """A row for each month, a column for each channel that was used."""
    within = question.span.holds("date")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for month, channel, talks in question.rows(_TALKS.replace("{within}", within)):
        counts[month][channel] = talks
    order = [*question.book.settings.all_channels, ""]
    used = sorted({one for counter in counts.values() for one in counter}, key=order.index)
    rows: list[tuple[Cell, ...]] = [
        (month, counts[month].total(), *(counts[month][channel] for channel in used))
        for month in months(counts)
    ]
    names = [channel or "not_said" for channel in used]
    columns = (
        Column("month", "Month", LABEL),
        Column("talks", "Talks", NUMBER),
        *(Column(name, name.replace("_", " ").capitalize(), NUMBER) for name in names),
    )
    return Table("months", "By month", columns, rows, _nothing(question),
                 Chart("line", "month", ("talks", *names)))  # fmt: skip


def _single(question: Question) -> Table:
    rows = [
        (contact, name, channel, talks, last, owner or None)
        for contact, name, channel, talks, last, owner in question.rows(_SINGLE, least=LEAST_TALKS)
    ]
    columns = (
        Column("contact", "Contact"),
        Column("name", "Name"),
        Column("channel", "Only by"),
        Column("talks", "Talks", NUMBER),
        Column("last", "Last", DAY),
        Column("owner", "Owner"),
    )
    nothing = "Everybody with two talks or more was reached in several ways."
    return Table("single", "Reached in one way only", columns, rows, nothing)


def _nothing(question: Question) -> str:
    return f"No talk is written down, {question.span}."
