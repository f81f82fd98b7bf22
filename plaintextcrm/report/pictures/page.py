"""A report as one HTML page: all tables, those with a chart drawn; see `text/html.py` for its limits."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

from plaintextcrm.model.dates import Money
from plaintextcrm.report.pictures.colours import STYLE as PICTURES
from plaintextcrm.report.pictures.plots import plots
from plaintextcrm.report.pictures.svg import figure, markup, name_of
from plaintextcrm.report.plain import indent, shown
from plaintextcrm.report.values import (
    DAY,
    DEPTH,
    MONEY,
    NUMBER,
    SHARE,
    SUMS,
    Cell,
    Column,
    Part,
    Report,
    Table,
)
from plaintextcrm.text import html
from plaintextcrm.text.shown import one_line

DEEPEST = 8  # what is deeper in a tree is indented as far as this
_INDENTS = "".join(
    f".in-{depth} {{ padding-left: {0.6 + 1.4 * depth:.1f}rem; }}\n"
    for depth in range(1, DEEPEST + 1)
)
STYLE = f"""\
{PICTURES}\
.table {{ overflow-x: auto; }}
figure {{ margin: 1rem 0; }}
table {{ border-collapse: collapse; font-size: .9rem; }}
th, td {{ padding: .3rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }}
th {{ text-align: start; vertical-align: bottom; }}
.number {{ text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }}
.day {{ white-space: nowrap; }}
td ul {{ margin: 0; padding-left: 1.1rem; min-width: 12rem; }}
.points {{ opacity: .7; }}
{_INDENTS}\
@media print {{ tr, figure {{ break-inside: avoid; }} h2 {{ break-after: avoid; }} }}
"""


def page(report: Report, now: datetime) -> str:
    """The whole report, as it was at `now`."""
    title = one_line(report.title)
    when = f'<time datetime="{now:%Y-%m-%dT%H:%M}">{now:%Y-%m-%d %H:%M}</time>'
    lines = [f"<h1>{escape(title)}</h1>", f"<p>As of {when}.</p>"]
    lines += [f"<p>{escape(one_line(remark))}</p>" for remark in report.remarks]
    for table in report.tables:
        lines += _section(table)
    return html.page(title, "\n".join(lines), STYLE)


def _section(table: Table) -> Iterator[str]:
    name = f"{name_of(table)}-table"
    yield "<section>"
    yield f'<h2 id="{name}">{escape(one_line(table.title))}</h2>'
    if not table.rows:
        yield f"<p>{escape(one_line(table.nothing))}</p>"
    else:
        if plots(table):
            yield f"<figure>{markup(figure(table))}</figure>"
        yield f'<div class="table"><table aria-labelledby="{name}">'
        yield from _rows(table)
        yield "</table></div>"
    yield "</section>"


def _rows(table: Table) -> Iterator[str]:
    seen = [
        (place, column)
        for place, column in enumerate(table.columns)
        if column.form != DEPTH and any(row[place] not in (None, ()) for row in table.rows)
    ]
    heads = [
        f'<th scope="col"{_class(_look(column))}>{escape(one_line(column.head))}</th>'
        for _place, column in seen
    ]
    yield f"<thead><tr>{''.join(heads)}</tr></thead>"
    yield "<tbody>"
    for row in table.rows:
        depth = min(indent(table, row), DEEPEST)
        deep = [f"in-{depth}"] if depth > 0 else []
        cells = [
            f'<td dir="auto"{_class([*_look(column), *(deep if number == 0 else [])])}>'
            f"{_cell(column, row[place])}</td>"
            for number, (place, column) in enumerate(seen)
        ]
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody>"


def _look(column: Column) -> list[str]:
    if column.form in (NUMBER, MONEY, SUMS, SHARE):
        return ["number"]
    return ["day"] if column.form == DAY else []


def _class(names: Sequence[str]) -> str:
    return f' class="{" ".join(names)}"' if names else ""


def _cell(column: Column, cell: Cell) -> str:
    """A cell as HTML: reasons as a list, amounts below each other."""
    if not isinstance(cell, tuple):
        return escape(shown(column, cell))
    reasons = [
        f"<li>{escape(one_line(one.words))}{_points(one)}</li>"
        for one in cell
        if isinstance(one, Part)
    ]
    if reasons:
        return f"<ul>{''.join(reasons)}</ul>"
    return "<br>".join(escape(one_line(str(one))) for one in cell if isinstance(one, Money))


def _points(part: Part) -> str:
    """How much a reason adds; nothing where it adds nothing by itself."""
    return f' <span class="points">+{part.points:g}</span>' if part.points else ""
