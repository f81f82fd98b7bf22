"""A report as one HTML page: all tables, those with a chart drawn; see `text/html.py` for its limits."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

from plaintextcrm.model.dates import Money
from plaintextcrm.report.pictures.colours import STYLE as PICTURES
from plaintextcrm.report.pictures.plots import plots
from plaintextcrm.report.pictures.svg import figure, markup, name_of
from plaintextcrm.report.plain import indent, shown, told, words
from plaintextcrm.report.values import (
    DAY,
    MONEY,
    NUMBER,
    SHARE,
    SUMS,
    TEXT,
    Cell,
    Column,
    Part,
    Report,
    Table,
)
from plaintextcrm.text import html
from plaintextcrm.text.shown import one_line

_LOOKS = {NUMBER: "number", MONEY: "number", SUMS: "number", SHARE: "number", DAY: "day"}
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
        if found := plots(table):
            yield f"<figure>{markup(figure(table, found))}</figure>"
        yield f'<div class="table"><table aria-labelledby="{name}">'
        yield from _rows(table)
        yield "</table></div>"
    yield "</section>"


def _rows(table: Table) -> Iterator[str]:
    seen = [
        (table.columns[place], [row[place] for row in table.rows])
        for place in told(table, table.rows)
    ]
    heads = [
        f'<th scope="col"{_class(_LOOKS.get(column.form))}>{escape(one_line(column.head))}</th>'
        for column, _cells in seen
    ]
    yield f"<thead><tr>{''.join(heads)}</tr></thead>"
    yield "<tbody>"
    depths = [min(indent(table, row), DEEPEST) for row in table.rows]
    columns = [
        _column(column, cells, [] if number else depths)
        for number, (column, cells) in enumerate(seen)
    ]
    for row in zip(*columns, strict=True):
        yield f"<tr>{''.join(row)}</tr>"
    yield "</tbody>"


def _column(column: Column, cells: Sequence[Cell], depths: Sequence[int]) -> list[str]:
    """The cells of a column as HTML; `depths` tells how far each is indented, where any is."""
    if any(isinstance(cell, tuple) for cell in cells):
        texts = [_several(cell) for cell in cells]
    else:  # one look at all of them: there are tens of thousands
        texts = escape("\n".join(_shown(column, cells))).split("\n")
    look = _LOOKS.get(column.form)
    begin = f"<td{_class(look)}>" if look else '<td dir="auto">'
    if any(depths):
        begins = [f'<td dir="auto" class="in-{depth}">' if depth > 0 else begin for depth in depths]
        return [f"{before}{text}</td>" for before, text in zip(begins, texts, strict=True)]
    return [f"{begin}{text}</td>" for text in texts]


def _shown(column: Column, cells: Sequence[Cell]) -> list[str]:
    """Each cell on one line, safe; a column of plain texts is told by one look."""
    if column.form in (TEXT, DAY):
        texts = [cell if isinstance(cell, str) else words(cell) for cell in cells]
        whole = "|".join(("", *texts, ""))
        if whole.isprintable() and not any(blank in whole for blank in ("  ", "| ", " |")):
            return texts
    return [shown(column, cell) for cell in cells]


def _class(name: str | None) -> str:
    return f' class="{name}"' if name else ""


def _several(cell: Cell) -> str:
    """Reasons as a list, amounts below each other."""
    parts = cell if isinstance(cell, tuple) else ()
    reasons = [
        f"<li>{escape(one_line(one.words))}{_points(one)}</li>"
        for one in parts
        if isinstance(one, Part)
    ]
    if reasons:
        return f"<ul>{''.join(reasons)}</ul>"
    return "<br>".join(escape(one_line(str(one))) for one in parts if isinstance(one, Money))


def _points(part: Part) -> str:
    """How much a reason adds; nothing where it adds nothing by itself."""
    return f' <span class="points">+{part.points:g}</span>' if part.points else ""
