"""What the program promises about its speed, and whether what was measured keeps it.

A target holds from 10,000 contacts on, and a wider one from 100,000. Whether it is met is computed
from the measured figure; the reasons below are only told where it is not.
"""

from dataclasses import dataclass
from typing import Literal

SMALL, LARGE = 10_000, 100_000

# What a figure is counted in: the unit (a Python with Click and SQLite, in the same loop), reading
# all files with PyYAML in the same loop, seconds, or megabytes.
Measure = Literal["unit", "reading", "s", "MB"]


@dataclass(frozen=True, slots=True)
class Target:
    """The most that a figure may be, at 10,000 contacts and at 100,000 (None: nothing is promised)."""

    small: float
    large: float | None
    of: Measure = "unit"

    def most(self, count: int) -> float | None:
        """The most for so many contacts; None where nothing is promised."""
        if count >= LARGE:
            return self.large
        return self.small if count >= SMALL else None


HELP = Target(1.2, 1.2)
WARM = Target(2.0, 8)
WATCHED = Target(1.5, 2)
EDITED = Target(3, 12)
EXPORT = Target(2.6, 12)
EXPORT_EDITED = Target(3.5, 15)
COLD = Target(0.55, 0.55, "reading")
LOG = Target(0.4, 1.2, "s")
REPORT = Target(0.5, None, "s")
TWINS = Target(2, None, "s")
SAVED = Target(0.5, 2, "s")
MEMORY_WARM = Target(40, 120, "MB")
MEMORY_COLD = Target(60, 250, "MB")

# Why a target is missed, by the row's name; only what has been looked into.
_COLD = (
    "strict parsing, with every check, takes as long as the reading that is compared; rows for queries,"
    " full text and inserts as long again; two cores halve that"
)
_IMPORTS = "imports beyond click and sqlite3 take what the look at the files leaves"
_LANGUAGE = "the language of queries is imported, and every contact's tags are compared"
_READ_AGAIN = "what parses the one file is imported: most of the time"
REASONS: dict[str, str] = {
    "`check`, first time": _COLD,
    "`check`": _IMPORTS,
    "`list WORD`": "the language of queries is imported, too",
    "`list tag:vip`": f"{_LANGUAGE}; a thousand lines are printed",
    "`agenda owner:petr tag:obec`": _LANGUAGE,
    "`find WORDS`": "the texts of a sixth of all contacts are looked through for the lines that match",
    "`list WORD` after one edit": _READ_AGAIN,
    "`check` after one edit": _READ_AGAIN,
    "`agenda`": "most of these people are overdue, so the answer has thousands of lines",
    "`agenda` while `watch` runs": "the answer has thousands of lines, as above",
    "`export ics`": "the feed that is there is read and compared",
    "`export ics` after one edit": (
        "what parses a file and what renders an event are imported; all that is late or near is looked"
        " at anew, to choose what fits below 1 MB"
    ),
    "a save until the feed has it, 95 of 100": (
        "all that is late or near is looked at anew, as after each edit"
    ),
    "memory, nothing changed": "`agenda` holds all of its answer at once",
}
NOT_LOOKED_INTO = "why is not looked into yet"


def wanted(target: Target | None, count: int) -> str:
    """A target as a table tells it; empty where nothing is promised."""
    most = target.most(count) if target else None
    return "" if target is None or most is None else f"≤ {most:g}{_counted_in(target.of)}"


def _counted_in(measure: Measure) -> str:
    return {"unit": "", "reading": " of reading", "s": " s", "MB": " MB"}[measure]


def verdict(name: str, target: Target | None, count: int, figure: float) -> str:
    """What a row says about its target: met, or missed and why; empty where there is none.

    The figure is judged as it is, not as it is rounded for the table.
    """
    most = target.most(count) if target else None
    if target is None or most is None:
        return ""
    told = f"{figure:.4g}{_counted_in(target.of)}"
    if figure <= most:
        return f"met: {told}"
    why = REASONS.get(name) or REASONS.get(name.removesuffix(" while `watch` runs"))
    return f"missed: {told}; {why or NOT_LOOKED_INTO}"
