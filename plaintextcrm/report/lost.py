"""`report lost`: why deals were lost, to whom, what they were worth, and what came back."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from plaintextcrm.model.dates import Money
from plaintextcrm.report.asking import Question
from plaintextcrm.report.money import apart, money, sums
from plaintextcrm.report.values import (
    DAY,
    LABEL,
    MONEY,
    NUMBER,
    SUMS,
    Cell,
    Chart,
    Column,
    Report,
    Table,
)

# When a deal without `closed` was lost nobody knows: it is left out where a span is asked for.
_LOST = """
SELECT c.file, c.id, c.name, c.owner, c.source, d.name, d.note, d.stage, d.value, d.value_currency,
  d.closed, d.reason, d.competitor, d.win_back, d.win_back_first,
  (SELECT min(w.closed) FROM deals w WHERE w.file = d.file AND w.closed > d.closed
   AND w.stage IN (SELECT value FROM json_each(:won)))
FROM deals d JOIN contacts c USING (file)
WHERE d.stage IN (SELECT value FROM json_each(:lost)) AND c.file IN {chosen} AND {within}
ORDER BY d.closed IS NULL, d.closed DESC, c.sort, c.id, d.n
"""


class Lost(NamedTuple):
    """A lost deal. `back` is the day on which the same contact bought after all."""

    file: int
    contact: str
    name: str
    owner: str
    source: str
    deal: str
    note: str
    stage: str
    value: float | None
    currency: str | None
    closed: str | None
    reason: str
    competitor: str
    win_back: str | None
    win_back_first: str | None
    back: str | None

    @property
    def month(self) -> str:
        """The month of the loss, empty where nobody wrote it down."""
        return (self.closed or "")[:7]


# What the losses are grouped by: name, title, heading.
_GROUPS: tuple[tuple[str, str, str, Callable[[Lost], str]], ...] = (
    ("reasons", "By reason", "Reason", lambda deal: deal.reason),
    ("competitors", "By competitor", "Competitor", lambda deal: deal.competitor),
    ("stages", "By stage", "Stage", lambda deal: deal.stage),
    ("sources", "By source", "Source", lambda deal: deal.source),
    ("owners", "By owner", "Owner", lambda deal: deal.owner),
    ("months", "By month", "Month", lambda deal: deal.month),
)
_NOTHING = "No deal was lost, or none is written down."


def lost(question: Question) -> Report:
    """The lost deals of a span, of all times unless it is given."""
    found = losses(question)
    groups = tuple(_group(question, found, *group) for group in _GROUPS)
    tables = (_sums(question, found), *groups, _deals(found))
    currencies = (deal.currency or "" for deal in found if deal.value is not None)
    remarks = apart(currencies, question.book.settings)
    return Report("lost", f"Lost deals, {question.span}", tables, remarks)


def losses(question: Question) -> list[Lost]:
    """The lost deals, the latest first; those of which nobody knows when stand last."""
    import json

    stages = question.book.settings.stages
    named = {
        means: json.dumps([stage.name for stage in stages if stage.means == means])
        for means in ("won", "lost")
    }
    sql = _LOST.replace("{within}", question.span.holds("d.closed"))
    return [Lost._make(row) for row in question.rows(sql, **named)]


def _sums(question: Question, found: list[Lost]) -> Table:
    """How many there are of each kind, and their value."""
    kinds: tuple[tuple[str, Callable[[Lost], bool]], ...] = (
        ("lost", lambda deal: True),
        ("with a win-back date", lambda deal: bool(deal.win_back)),
        ("without a win-back date", lambda deal: not deal.win_back and not deal.back),
        ("bought later", lambda deal: bool(deal.back)),
        ("without a reason", lambda deal: not deal.reason),
    )
    rows: list[tuple[Cell, ...]] = []
    for words, holds in kinds:
        those = [deal for deal in found if holds(deal)]
        rows += [(words, len(those), _values(question, those))] if found else []
    columns = (Column("what", "Deals"), Column("deals", "Number", NUMBER), _VALUES)
    return Table("sums", "In short", columns, rows, _NOTHING)


_VALUES = Column("value", "Value", SUMS)


def _values(question: Question, deals: Iterable[Lost]) -> tuple[Money, ...]:
    """The value of deals in each currency."""
    amounts = ((deal.value, deal.currency or "") for deal in deals if deal.value is not None)
    return sums(amounts, question.book.settings)


def _group(
    question: Question,
    found: list[Lost],
    name: str,
    title: str,
    head: str,
    key: Callable[[Lost], str],
) -> Table:
    groups: dict[str, list[Lost]] = defaultdict(list)
    for deal in found:
        groups[key(deal)].append(deal)
    by_time = name == "months"
    order = sorted(groups, key=lambda one: (0 if by_time else -len(groups[one]), not one, one))
    rows = [(one or None, len(groups[one]), _values(question, groups[one])) for one in order]
    columns = (Column(head.lower(), head, LABEL), Column("deals", "Deals", NUMBER), _VALUES)
    chart = Chart("line" if by_time else "bars", head.lower(), ("deals",))
    return Table(name, title, columns, rows, _NOTHING, chart)


def _deals(found: list[Lost]) -> Table:
    rows = [
        (deal.contact, deal.name, deal.deal or deal.note or None,
         None if deal.value is None else money(deal.value, deal.currency or ""),
         deal.closed, deal.reason or None, deal.competitor or None, deal.win_back, deal.back)
        for deal in found
    ]  # fmt: skip
    columns = (
        Column("contact", "Contact"),
        Column("name", "Name"),
        Column("deal", "Deal"),
        Column("value", "Value", MONEY),
        Column("closed", "Lost", DAY),
        Column("reason", "Reason"),
        Column("competitor", "Competitor"),
        Column("win_back", "Win back", DAY),
        Column("back", "Bought again", DAY),
    )
    return Table("deals", "Deals", columns, rows, _NOTHING)
