"""What a report is: tables with named columns, and how each may be drawn."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from plaintextcrm.model.dates import Money


class Part(NamedTuple):
    """Why a score is what it is: what kind of reason, how much it adds, and the reason in words."""

    kind: str
    points: float
    words: str


Cell: TypeAlias = str | int | float | Money | tuple[Money, ...] | tuple[Part, ...] | None

# What the cells of a column hold. `share` is a number from 0 to 1; `depth` counts from 0 how far
# the row is indented in a tree, and is not shown itself; `label` is a text that names the row and
# may be missing: the row then stands for those of whom it is not said. `sums` holds an amount for
# each currency.
TEXT, LABEL, NUMBER, MONEY, SUMS = "text", "label", "number", "money", "sums"
SHARE, DAY, PARTS, DEPTH = "share", "day", "parts", "depth"

UNSAID = "not said"  # how a missing label reads


class Column(NamedTuple):
    """A column: its name for programs, its heading for people, and what its cells hold."""

    name: str
    head: str
    form: str = TEXT


class Chart(NamedTuple):
    """How a table is drawn: `bars` beside each other, a `line` through time, or a `calendar` of days.

    `label` is the column that names each row, `values` those that are drawn; amounts are only drawn
    beside those of their own currency.
    """

    form: str
    label: str
    values: tuple[str, ...]


class Table(NamedTuple):
    """Rows of cells, as many as there are columns. `nothing` is said where there are no rows."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    nothing: str
    chart: Chart | None = None

    def column(self, name: str) -> list[Cell]:
        """All cells of one column. Raises KeyError where there is none of this name."""
        for index, column in enumerate(self.columns):
            if column.name == name:
                return [row[index] for row in self.rows]
        raise KeyError(name)

    def objects(self) -> list[Mapping[str, Cell]]:
        """The rows by the columns' names."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


class Report(NamedTuple):
    """All that one question is answered with. `remarks` are sentences to read beside the tables."""

    name: str
    title: str
    tables: tuple[Table, ...]
    remarks: tuple[str, ...] = ()
