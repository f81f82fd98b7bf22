"""Reports for programs: plain lists and mappings for JSON, rows of cells for CSV."""

from collections.abc import Sequence
from typing import TypeAlias

from plaintextcrm.model.dates import Money
from plaintextcrm.report.values import (
    DEPTH,
    LABEL,
    MONEY,
    NUMBER,
    SHARE,
    UNSAID,
    Cell,
    Column,
    Part,
    Report,
    Table,
)
from plaintextcrm.text.shown import one_line

Plain: TypeAlias = "str | int | float | list[Plain] | dict[str, Plain] | None"


def plain_report(report: Report) -> dict[str, Plain]:
    """The report as documented in docs/json.md."""
    tables: dict[str, Plain] = {table.name: plain_rows(table) for table in report.tables}
    remarks: list[Plain] = list(report.remarks)
    return {"report": report.name, "title": report.title, "tables": tables, "remarks": remarks}


def plain_rows(table: Table) -> list[Plain]:
    """The rows of a table, each by the names of its columns."""
    return [{name: plain_cell(cell) for name, cell in row.items()} for row in table.objects()]


def plain_cell(cell: Cell | Part) -> Plain:
    """A cell as JSON has it: an amount by number and currency, a reason by kind, points and words."""
    if isinstance(cell, Money):
        return {"amount": _number(cell), "currency": cell.currency or None}
    if isinstance(cell, Part):
        return {"kind": cell.kind, "points": cell.points, "words": cell.words}
    if isinstance(cell, tuple):
        return [plain_cell(one) for one in cell]
    return round(cell, 6) if isinstance(cell, float) else cell


def cells(table: Table) -> list[list[object]]:
    """The table as rows of single cells, its heading first; an amount has its currency beside it."""
    heads: list[object] = []
    for column in table.columns:
        heads += [column.name, f"{column.name}_currency"] if column.form == MONEY else [column.name]
    rows = []
    for row in table.rows:
        found: list[object] = []
        for column, cell in zip(table.columns, row, strict=True):
            if column.form == MONEY:
                found += [_number(cell), cell.currency] if isinstance(cell, Money) else [None, None]
            else:
                found.append(words(cell) if isinstance(cell, tuple) else plain_cell(cell))
        rows.append(found)
    return [heads, *rows]


def words(cell: Cell) -> str:
    """A cell as people read it; nothing where there is nothing."""
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        if all(isinstance(one, Money) for one in cell):
            return " + ".join(map(str, cell))
        return "; ".join(one.words if isinstance(one, Part) else str(one) for one in cell)
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def shown(column: Column, cell: Cell) -> str:
    """A cell as a person is shown it below its heading: safe, on one line."""
    if column.form == LABEL and cell is None:
        return UNSAID
    if column.form == SHARE and isinstance(cell, int | float):
        return f"{cell:.1%}".replace("%", " %")
    if column.form == NUMBER and isinstance(cell, int | float):
        return f"{cell:,.10g}".replace(",", " ")
    return one_line(words(cell))


def told(table: Table, rows: Sequence[tuple[Cell, ...]]) -> list[int]:
    """The places of the columns to show: an empty one tells nothing, but who names the row does."""
    found = [
        place
        for place, column in enumerate(table.columns)
        if column.form == LABEL
        or (column.form != DEPTH and any(row[place] not in (None, ()) for row in rows))
    ]
    return found or [0]


def indent(table: Table, row: tuple[Cell, ...]) -> int:
    """How far a row of a tree is indented; 0 in other tables."""
    for column, cell in zip(table.columns, row, strict=True):
        if column.form == DEPTH and isinstance(cell, int):
            return cell
    return 0


def _number(amount: Money) -> float:
    whole = amount.amount == amount.amount.to_integral_value()
    return int(amount.amount) if whole else float(amount.amount)
