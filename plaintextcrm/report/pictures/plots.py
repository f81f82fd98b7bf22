"""What of a table is drawn: numbers of one kind beside each other, each with its label."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil, isfinite
from typing import NamedTuple

from plaintextcrm.model.dates import Money
from plaintextcrm.report.months import months, weeks
from plaintextcrm.report.plain import shown
from plaintextcrm.report.values import MONEY, SHARE, SUMS, Cell, Chart, Column, Table
from plaintextcrm.text.shown import one_line

Number = float | None

LARGEST = 1e15  # what is larger no picture shows
DECIMALS = 6  # what is smaller neither
LEVELS = 4  # shades of a calendar, besides that of nothing
MOST_STEPS = 2_000  # of a line
WEEK = 7
WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "")  # as many names as there is room for
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Series(NamedTuple):
    """A column's numbers, one for each label of the plot; None where there is none."""

    name: str
    head: str
    values: tuple[Number, ...]


class Plot(NamedTuple):
    """Numbers that may stand beside each other, as those of two currencies may not.

    `unit` is the currency, `%`, or nothing. `rows` are the places of the labels in the table; a
    step of a line between two rows has None.
    """

    form: str
    unit: str
    labels: tuple[str, ...]
    rows: tuple[int | None, ...]
    series: tuple[Series, ...]

    @property
    def numbers(self) -> list[float]:
        """All that is drawn."""
        return [value for one in self.series for value in one.values if value is not None]

    def said(self, value: float) -> str:
        """A number of the plot in words."""
        if self.unit == "%":
            return f"{value:.1%}".replace("%", " %")
        return f"{value:,.10g} {self.unit}".replace(",", " ").strip()

    def first(self, most: int) -> "Plot":
        """Only so many labels, the first ones."""
        return self._part(slice(0, most))

    def last(self, most: int) -> "Plot":
        """Only so many labels, the last ones."""
        return self._part(slice(max(len(self.labels) - most, 0), None))

    def backwards(self) -> "Plot":
        """The last label first."""
        return self._part(slice(None, None, -1))

    def _part(self, part: slice) -> "Plot":
        series = tuple(one._replace(values=one.values[part]) for one in self.series)
        return self._replace(labels=self.labels[part], rows=self.rows[part], series=series)


def plots(table: Table) -> list[Plot]:
    """What the table's chart draws, a plot for each unit; nothing where no number is to be drawn."""
    if table.chart is None:
        return []
    found: dict[str, dict[str, list[Number]]] = {}
    names = [column.name for column in table.columns]
    for name in dict.fromkeys(table.chart.values):
        column = table.columns[names.index(name)]
        for unit, values in _by_unit(column, table.column(name)).items():
            found.setdefault(unit, {})[name] = values
    made = (_plot(table, table.chart, unit, drawn) for unit, drawn in found.items())
    return [plot for plot in made if plot.numbers]


def days_of(plot: Plot) -> dict[date, float]:
    """The days of a calendar with what each counts, from the first to the last."""
    found: dict[date, float] = {}
    for label, *values in zip(plot.labels, *(one.values for one in plot.series), strict=True):
        if day := _day(label):
            found[day] = found.get(day, 0) + sum(value or 0 for value in values)
    return dict(sorted(found.items()))


def levels(days: dict[date, float]) -> dict[date, int]:
    """How dark each day is, 1 to 4; as many days as one likes are 0, where nothing was.

    By order and not by size: one busy day does not make all others pale.
    """
    sizes = sorted({value for value in days.values() if value > 0})
    place = {size: ceil(LEVELS * n / len(sizes)) for n, size in enumerate(sizes, start=1)}
    return {day: place.get(value, 0) for day, value in days.items()}


def last_weeks(days: Iterable[date], most: int) -> list[date]:
    """The Mondays of the weeks from the first day to the last, at most so many, the last ones."""
    known = list(days)
    if not known:
        return []
    last = max(known)
    begin = max(min(known).toordinal(), last.toordinal() - most * WEEK)
    return weeks(date.fromordinal(begin), last)[-most:]


def month_beginning(monday: date) -> str:
    """The name of the month that begins in a week; nothing in other weeks."""
    sunday = monday.day + WEEK - 1
    length = monthrange(monday.year, monday.month)[1]
    if monday.day == 1 or sunday > length:
        return MONTHS[monday.month - 1 if monday.day == 1 else monday.month % 12]
    return ""


def _by_unit(column: Column, cells: Sequence[Cell]) -> dict[str, list[Number]]:
    """The numbers of a column, those of each currency apart."""
    if column.form not in (MONEY, SUMS):
        return {"%" if column.form == SHARE else "": [_number(cell) for cell in cells]}
    amounts = [_amounts(cell) for cell in cells]
    nothing = 0.0 if column.form == SUMS else None  # a sum of nothing is known
    units = dict.fromkeys(unit for found in amounts for unit in found)
    return {unit: [found.get(unit, nothing) for found in amounts] for unit in units}


def _amounts(cell: Cell) -> dict[str, Number]:
    found = cell if isinstance(cell, tuple) else (cell,)
    return {
        one_line(one.currency): _number(float(one.amount))
        for one in found
        if isinstance(one, Money)
    }


def _number(cell: Cell) -> Number:
    if not isinstance(cell, int | float) or not isfinite(cell) or abs(cell) > LARGEST:
        return None
    return round(float(cell), DECIMALS)


def _plot(table: Table, chart: Chart, unit: str, drawn: dict[str, list[Number]]) -> Plot:
    columns = {column.name: column for column in table.columns}
    column = columns[chart.label]
    cells = table.column(chart.label)
    rows = [
        row
        for row, values in enumerate(zip(*drawn.values(), strict=True))
        if any(value is not None for value in values)
        and (chart.form == "bars" or cells[row] is not None)
    ]
    labels = [shown(column, cells[row]) for row in rows]
    places: list[int | None] = list(rows)
    if chart.form == "line":
        labels, places = _without_gaps(labels, rows)
    series = tuple(
        Series(
            name,
            columns[name].head,
            tuple(None if place is None else values[place] for place in places),
        )
        for name, values in drawn.items()
    )
    known = tuple(one for one in series if any(value is not None for value in one.values))
    return Plot(chart.form, unit, tuple(labels), tuple(places), known)


def _without_gaps(labels: list[str], rows: list[int]) -> tuple[list[str], list[int | None]]:
    """The months or weeks of a line with those between them, of which the table has no row."""
    place = dict(zip(labels, rows, strict=True))
    steps = _steps(labels) if len(place) == len(labels) > 1 else labels
    if [step for step in steps if step in place] != labels:  # they do not follow each other in time
        return labels, list(rows)
    return steps, [place.get(step) for step in steps]


def _steps(labels: list[str]) -> list[str]:
    if all(map(_is_month, labels)):
        return months(labels)
    days = [_day(label) for label in labels]
    known = [day for day in days if day and day.weekday() == 0]
    if len(known) < len(labels) or (max(known) - min(known)).days > MOST_STEPS * WEEK:
        return labels
    return [day.isoformat() for day in weeks(min(known), max(known))]


def _is_month(label: str) -> bool:
    return _day(f"{label}-01") is not None


def _day(label: str) -> date | None:
    try:
        return date.fromisoformat(label) if len(label) == len("2026-01-01") else None
    except ValueError:
        return None
