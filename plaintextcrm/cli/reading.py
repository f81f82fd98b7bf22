"""A report as a person reads it in a terminal."""

from collections.abc import Callable, Sequence

from plaintextcrm.cli.output import (
    NARROWEST,
    UNBOUNDED,
    coloured,
    on_terminal,
    one_line,
    say,
    say_lines,
    say_table,
    style,
    tell,
    terminal_width,
    width_of,
    wrapped,
)
from plaintextcrm.cli.session import Session
from plaintextcrm.report.pictures.plots import Plot, plots
from plaintextcrm.report.plain import indent, shown, told
from plaintextcrm.report.values import (
    DAY,
    LABEL,
    MONEY,
    NUMBER,
    PARTS,
    SHARE,
    SUMS,
    TEXT,
    Cell,
    Column,
    Report,
    Table,
)

MANY = 30  # rows that a person reads at once
RIGHT = (NUMBER, MONEY, SHARE, SUMS)
GAP = 2
NARROW, WIDE, WIDEST = 8, 24, 40  # columns of a bar: beside a number, and below a table
BEST = 10  # bars below a table that leaves no room beside it
PAPER = 80  # columns of a picture that is not for a terminal
ALL_WEEKS = 5_000
MOST = "Most"

Cells = list[list[str]]
Rows = Sequence[tuple[Cell, ...]]


def say_report(
    report: Report, session: Session, limit: int | None, pictures: bool | None = None
) -> None:
    """Show a report: each table below its title, with a picture where it has one.

    `limit` is how many rows of each table are shown, None for as many as one reads; 0 for all.
    `pictures` says whether to draw; None: in a terminal.
    """
    styled = style(session.color)
    drawn = on_terminal() if pictures is None else pictures
    empty = [table for table in report.tables if not table.rows]
    for number, table in enumerate(table for table in report.tables if table.rows):
        if number:
            say()
        say(styled(one_line(table.title), bold=True))
        found = plots(table) if drawn else []
        if found and found[0].form == "calendar":
            _say_calendar(found[0], limit, coloured(session.color))
        else:
            _say_table(table, styled, MANY if limit is None else limit, found)
    for remark in report.remarks:
        tell(remark)
    for nothing in dict.fromkeys(table.nothing for table in empty):
        tell(nothing)


def _say_table(table: Table, styled: Callable[..., str], most: int, found: Sequence[Plot]) -> None:
    """A table, bars beside it where there is room, else below it; lines and long reasons below it."""
    rows = table.rows[:most] if most else table.rows
    places = told(table, rows)
    columns, texts = _cells(table, rows, places)
    reasons = [place for place in places if table.columns[place].form == PARTS]
    others = [place for place in places if place not in reasons]
    long = reasons if others and _need(columns, texts) > terminal_width() else []
    if long:  # a reason that is cut tells nothing
        columns, texts = _cells(table, rows, others)
    many = _fitting(columns, texts)
    left = [column.head for column in columns[many:]]
    columns, texts = columns[:many], [line[:many] for line in texts]
    barred = [plot for plot in found if plot.form == "bars"]
    width = _room_for_bars(columns, texts, barred)
    beside = _with_bars(columns, texts, barred, width) if width >= NARROW else (columns, texts)
    _say_rows(*beside, styled)
    if left:
        tell(f"Left out, as the terminal is narrow: {', '.join(left)}.")
    for place in long:
        _say_reasons(table, rows, place)
    if len(rows) < len(table.rows):
        tell(f"… and {len(table.rows) - len(rows)} more: --limit 0 shows all.")
    for plot in found:
        if plot.form == "line":
            _say_lines(plot, styled)
        elif width < NARROW:
            _say_bars(plot, min(len(rows), BEST), styled)


def _cells(table: Table, rows: Rows, places: Sequence[int]) -> tuple[list[Column], Cells]:
    """These columns of a table, and the texts of their cells; rows of a tree have branches."""
    columns = [table.columns[place] for place in places]
    texts = [[shown(table.columns[place], row[place]) for place in places] for row in rows]
    for row, line in zip(rows, texts, strict=True):
        line[:1] = [f"{_branch(indent(table, row))}{text}" for text in line[:1]]
    return columns, texts


def _fitting(columns: Sequence[Column], texts: Cells) -> int:
    """How many columns fit, the first ones: only texts are cut, as half a number tells nothing."""
    need = 0
    for number, column in enumerate(columns):
        widest = max(width_of(cell) for cell in (column.head, *(line[number] for line in texts)))
        need += min(widest, NARROWEST) if column.form in (TEXT, LABEL) else widest
        if need > terminal_width() and number:
            return number
        need += GAP
    return len(columns)


def _say_reasons(table: Table, rows: Rows, place: int) -> None:
    """The reasons of each row in lines of their own."""
    name = table.chart.label if table.chart else table.columns[0].name
    label = [column.name for column in table.columns].index(name)
    say()
    for row in rows:
        if row[place]:
            who = shown(table.columns[label], row[label])
            say(wrapped(f"{who}: {shown(table.columns[place], row[place])}", GAP))


def _say_rows(columns: Sequence[Column], texts: Cells, styled: Callable[..., str]) -> None:
    heads = [column.head for column in columns]
    give = [column.form in (TEXT, LABEL) for column in columns]
    right = [column.form in RIGHT for column in columns]
    say_table(heads, texts, styled, give, right=right)


def _branch(depth: int) -> str:
    """What stands before a row of a tree; the table takes blanks away."""
    return f"└{'─' * (2 * depth - 1)} " if depth else ""


def _room_for_bars(columns: Sequence[Column], texts: Cells, barred: Sequence[Plot]) -> int:
    """How long bars may be that stand in the table itself, one beside each column drawn."""
    names = {series.name for plot in barred for series in plot.series}
    if not names:
        return WIDE
    return min((terminal_width() - _need(columns, texts)) // len(names) - GAP, WIDE)


def _need(columns: Sequence[Column], texts: Cells) -> int:
    """How many columns of a terminal the table takes if nothing is cut."""
    cells = zip((column.head for column in columns), *texts, strict=True)
    return sum(max(map(width_of, column)) + GAP for column in cells) - GAP


def _with_bars(
    columns: Sequence[Column], texts: Cells, barred: Sequence[Plot], width: int
) -> tuple[list[Column], Cells]:
    """The table with bars behind the columns that are drawn."""
    drawn = _bars(barred, len(texts), width)
    heads: list[Column] = []
    cells: Cells = [[] for _row in texts]
    for index, column in enumerate(columns):
        heads.append(column)
        bars = drawn.get(column.name)
        heads += [Column("", "")] if bars else []
        for row, line in enumerate(texts):
            cells[row] += [line[index], bars[row]] if bars else [line[index]]
    return heads, cells


def _bars(barred: Sequence[Plot], count: int, width: int) -> dict[str, list[str]]:
    """The bars of each column by its name; each is measured by those of its own currency."""
    from plaintextcrm.report.pictures.terminal import bars

    found: dict[str, list[str]] = {}
    for plot in barred:
        part = plot.first(sum(1 for row in plot.rows if row is not None and row < count))
        drawn = iter(bars([value for one in part.series for value in one.values], width))
        for series in part.series:
            column = found.setdefault(series.name, [""] * count)
            for row in part.rows:
                bar = next(drawn)
                if row is not None:
                    column[row] = column[row] or bar
    return found


def _say_bars(plot: Plot, most: int, styled: Callable[..., str]) -> None:
    """Bars below a table: the first of its rows, for each column that is drawn."""
    from plaintextcrm.report.pictures.terminal import bars

    part = plot.first(most)
    for series in part.series:
        if len(part.labels) < 2 or not any(series.values):
            continue  # there is nothing to compare
        said = ["" if value is None else part.said(value) for value in series.values]
        width = _paper() - max(map(width_of, said)) - 2 * GAP
        width -= min(max(map(width_of, part.labels)), width // 2)
        drawn = bars(series.values, min(max(width, NARROW), WIDEST))
        say()
        rows = [list(row) for row in zip(part.labels, drawn, said, strict=True)]
        columns = [Column("", ""), Column("", series.head, DAY), Column("", "", NUMBER)]
        _say_rows(columns, rows, styled)


def _say_lines(plot: Plot, styled: Callable[..., str]) -> None:
    """A line for each column that is drawn, as much of the latest time as there is room for."""
    from plaintextcrm.report.pictures.terminal import line

    most = [max(value for value in one.values if value is not None) for one in plot.series]
    said = [plot.said(value) for value in most]
    heads = max(width_of(series.head) for series in plot.series)
    room = _paper() - heads - max(map(width_of, (*said, MOST))) - 2 * GAP
    part = plot.last(max(room, NARROW))
    if len(part.labels) > 1:
        rows = [
            [one.head, line(one.values), word] for one, word in zip(part.series, said, strict=True)
        ]
        columns = [
            Column("", ""),
            Column("", f"from {part.labels[0]}", DAY),
            Column("", MOST, NUMBER),
        ]
        say()
        _say_rows(columns, rows, styled)


def _say_calendar(plot: Plot, limit: int | None, coloured: bool) -> None:
    """A calendar in place of its many rows."""
    from plaintextcrm.report.pictures.terminal import WEEKS, calendar

    most = WEEKS if limit is None else limit or ALL_WEEKS
    say_lines(calendar(plot, _paper(), coloured, most))


def _paper() -> int:
    """The columns that a picture may take."""
    width = terminal_width()
    return PAPER if width == UNBOUNDED else width
