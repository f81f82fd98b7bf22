"""A report as a person reads it in a terminal."""

from collections.abc import Callable

from plaintextcrm.cli.output import one_line, say, say_table, style, tell
from plaintextcrm.cli.session import Session
from plaintextcrm.report.plain import indent, words
from plaintextcrm.report.values import (
    DEPTH,
    LABEL,
    MONEY,
    NUMBER,
    SHARE,
    SUMS,
    TEXT,
    UNSAID,
    Cell,
    Column,
    Report,
    Table,
)

MANY = 30  # rows that a person reads at once
RIGHT = (NUMBER, MONEY, SHARE, SUMS)


def say_report(report: Report, session: Session, limit: int | None) -> None:
    """Show a report: each table below its title, with a picture where it has one.

    `limit` is how many rows of each table are shown, None for as many as one reads; 0 for all.
    """
    styled = style(session.color)
    most = MANY if limit is None else limit
    empty = [table for table in report.tables if not table.rows]
    for number, table in enumerate(table for table in report.tables if table.rows):
        if number:
            say()
        _say_table(table, styled, most)
    for remark in report.remarks:
        tell(remark)
    for nothing in dict.fromkeys(table.nothing for table in empty):
        tell(nothing)


def _say_table(table: Table, styled: Callable[..., str], most: int) -> None:
    say(styled(table.title, bold=True))
    rows = table.rows[:most] if most else table.rows
    shown = [
        index
        for index, column in enumerate(table.columns)
        if column.form != DEPTH and any(row[index] not in (None, ()) for row in rows)
    ]
    columns = [table.columns[index] for index in shown]
    texts = [[_text(columns[n], row[index]) for n, index in enumerate(shown)] for row in rows]
    for row, line in zip(rows, texts, strict=True):
        line[0] = f"{_branch(indent(table, row))}{line[0]}"
    heads = [column.head for column in columns]
    give = [column.form in (TEXT, LABEL) for column in columns]
    right = [column.form in RIGHT for column in columns]
    say_table(heads, texts, styled, give, right)
    if len(rows) < len(table.rows):
        tell(f"… and {len(table.rows) - len(rows)} more: --limit 0 shows all.")


def _branch(depth: int) -> str:
    """What stands before a row of a tree; the table takes blanks away."""
    return f"└{'─' * (2 * depth - 1)} " if depth else ""


def _text(column: Column, cell: Cell) -> str:
    """A cell as people read it."""
    if column.form == LABEL and cell is None:
        return UNSAID
    if column.form == SHARE and isinstance(cell, int | float):
        return f"{cell:.1%}".replace("%", " %")
    if column.form == NUMBER and isinstance(cell, int | float):
        return f"{cell:,.10g}".replace(",", " ")
    return one_line(words(cell))
