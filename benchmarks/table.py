"""The measured cases as a table in Markdown, each beside its target."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks import targets
from benchmarks.cases import Case, State
from benchmarks.running import Run
from benchmarks.targets import Target, verdict, wanted

READING = "Python: read all files with CSafeLoader"
HEAD = """\
| | seconds | CPU | units | MB | target | |
|---|--:|--:|--:|--:|--:|---|"""


@dataclass(frozen=True, slots=True)
class Measured:
    """All of one table. `saves`: seconds from a save to the feed that has it."""

    count: int
    cases: Sequence[Case]
    units: Sequence[Run]
    saves: Sequence[float]

    @property
    def unit(self) -> float:
        """The median of the unit, in seconds."""
        return statistics.median(run.seconds for run in self.units)

    @property
    def reading(self) -> float:
        """The median of reading all files with PyYAML, in seconds."""
        return next(seconds_of(case) for case in self.cases if case.name == READING)


def seconds_of(case: Case) -> float:
    """The median of its runs."""
    return statistics.median(run.seconds for run in case.runs)


def share(values: Iterable[float], part: float) -> float:
    """The smallest value that so large a part of all values do not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(len(ordered) * part) - 1]


def table(measured: Measured) -> str:
    """The whole table."""
    return "\n".join((HEAD, *_rows(measured)))


def _rows(measured: Measured) -> Iterable[str]:
    yield _row('unit: `python -c "import click, sqlite3"`', measured.units, measured)
    for case in measured.cases:
        yield _row(case.name, case.runs, measured, case.target)
    yield from _saves(measured)
    yield from _memory(measured)


def _row(name: str, runs: Sequence[Run], measured: Measured, target: Target | None = None) -> str:
    seconds = statistics.median(run.seconds for run in runs)
    units = seconds / measured.unit
    figure = units
    if target and target.of == "reading":
        figure = seconds / measured.reading
    elif target and target.of == "s":
        figure = seconds
    cpu = statistics.median(run.cpu for run in runs)
    peak = max(run.peak for run in runs)
    cells = (f"{seconds:.3f}", f"{cpu:.3f}", f"{units:.2f}", f"{peak:.0f}")
    return _line(name, cells, target, measured.count, figure)


def _saves(measured: Measured) -> Iterable[str]:
    """From a save to the feed: only the last ones have a target."""
    if measured.saves:
        for name, part, target in (
            ("a save until the feed has it, median", 0.5, None),
            ("a save until the feed has it, 95 of 100", 0.95, targets.SAVED),
        ):
            seconds = share(measured.saves, part)
            cells = (f"{seconds:.3f}", "", "", "")
            yield _line(name, cells, target, measured.count, seconds)


def _memory(measured: Measured) -> Iterable[str]:
    """The peak of memory of the largest process: while nothing changed, and of the first run.

    Reports and `twins`, whose targets are seconds, hold all contacts together: their rows tell theirs.
    """
    for name, state, target in (
        ("memory, nothing changed", State.SETTLED, targets.MEMORY_WARM),
        ("memory, first `check`", State.COLD, targets.MEMORY_COLD),
    ):
        own = [
            case
            for case in measured.cases
            if case.target and case.target.of != "s" and case.state is state
        ]
        peak = max(run.peak for case in own for run in case.runs)
        yield _line(name, ("", "", "", f"{peak:.0f}"), target, measured.count, peak)


def _line(name: str, cells: Sequence[str], target: Target | None, count: int, figure: float) -> str:
    told = (name, *cells, wanted(target, count), verdict(name, target, count, figure))
    return f"| {' | '.join(told)} |"
