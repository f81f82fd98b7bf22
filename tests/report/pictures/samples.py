"""Tables to draw, small enough to be reckoned by hand."""

import io
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from plaintextcrm.cli.reading import say_report
from plaintextcrm.cli.session import Session
from plaintextcrm.model.dates import Money
from plaintextcrm.report.pictures.page import page
from plaintextcrm.report.pictures.svg import draw
from plaintextcrm.report.values import (
    DAY,
    DEPTH,
    LABEL,
    MONEY,
    NUMBER,
    PARTS,
    SHARE,
    SUMS,
    Chart,
    Column,
    Part,
    Report,
    Table,
)

NASTY = 'x</td><script>alert("1")</script>&\x1b[31m\u202e'


def money(amount: str, currency: str = "CZK") -> Money:
    return Money(Decimal(amount), currency)


TURNOVER = Table(
    "turnover",
    "Turnover of 2025",
    (
        Column("name", "Name"),
        Column("turnover", "Turnover", MONEY),
        Column("share", "Share", SHARE),
    ),
    [
        ("Acme", money("8000"), 0.8),
        ("Eva", money("60", "EUR"), 1.0),
        ("Jan", money("2000"), 0.2),
    ],
    "No turnover.",
    Chart("bars", "name", ("turnover",)),
)
MONTHS = Table(
    "months",
    "By month",
    (
        Column("month", "Month", LABEL),
        Column("talks", "Talks", NUMBER),
        Column("won", "Won", NUMBER),
    ),
    [("2025-11", 2, 0), ("2025-12", 4, 1), ("2026-02", 1, 0), (None, 9, 9)],
    "Nothing happened.",
    Chart("line", "month", ("talks", "won")),
)
DAYS = Table(
    "days",
    "Day by day",
    (Column("day", "Day", DAY), Column("talks", "Talks", NUMBER)),
    [("2026-06-29", 1), ("2026-07-01", 3), ("2026-07-11", 1), ("2026-07-12", 2)],
    "No talk.",
    Chart("calendar", "day", ("talks",)),
)
TREE = Table(
    "tree",
    "Who introduced whom",
    (
        Column("depth", "", DEPTH),
        Column("name", "Name"),
        Column("why", "Why", PARTS),
        Column("brought", "Brought", SUMS),
        Column("empty", "Empty"),
    ),
    [
        (0, "Acme", (Part("silence", 1.5, "no talk <b>"), Part("class", 0, "A client")), (), None),
        (1, NASTY, (), (money("1500"), money("2.50", "EUR")), None),
    ],
    "Nobody.",
)
EMPTY = TURNOVER._replace(name="empty", title="Nothing there", rows=[])
REPORT = Report("sample", "A report", (TURNOVER, MONTHS, DAYS, TREE, EMPTY), ("A remark & more.",))
GOLDEN = Path(__file__).with_name("golden")
NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)


def drawn() -> dict[str, str]:
    """All samples as files: their names, and what is drawn."""
    found = {f"{table.name}.svg": draw(table) for table in (TURNOVER, MONTHS, DAYS)}
    return {**found, "page.html": page(REPORT, NOW)}


def said(table: Table, columns: int, limit: int | None) -> str:
    """What is said of a table with its picture, in so many columns, and what beside it."""
    session = cast(Session, SimpleNamespace(color="never"))
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out), pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        say_report(Report("any", "Any", (table,)), session, limit, pictures=True)
    return out.getvalue()


if __name__ == "__main__":  # python -m tests.report.pictures.samples
    for name, text in drawn().items():
        (GOLDEN / name).write_text(text, "utf-8")
