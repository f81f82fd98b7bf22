"""Pictures made of characters: bars, lines of blocks, and a calendar of shades.

No text of a user is in them: labels stand in the table beside which they are shown.
"""

import io
from collections.abc import Sequence
from datetime import date, timedelta

from plaintextcrm.report.pictures.plots import (
    LEVELS,
    WEEK,
    WEEKDAYS,
    Number,
    Plot,
    days_of,
    last_weeks,
    levels,
    month_beginning,
)

SHADES = "·░▒▓█"
COLOURS = ("bright_black", "color(34)", "color(34)", "color(40)", "color(40)")
WEEKS = 53  # a year
BLANK = "\u2800"  # before a bar that does not begin at the left: tables take common blanks away
_MARGIN = 4


def bars(values: Sequence[Number], width: int) -> list[str]:
    """A bar for each number, all on one scale that begins at the least of them or at zero."""
    from rich.bar import Bar
    from rich.console import Console

    known = [value for value in values if value is not None]
    least, most = min([0.0, *known]), max([0.0, *known])
    size = most - least
    console = Console(file=io.StringIO(), width=width, color_system=None)
    drawn = []
    for value in values:
        ends = sorted((0.0, value or 0.0))
        bar = Bar(size or 1, ends[0] - least, ends[1] - least, width=width)
        text = "".join(part.text for part in console.render(bar)).rstrip()
        drawn.append(text.replace(" ", BLANK))
    return drawn


def line(values: Sequence[Number]) -> str:
    """A block for each number, higher for more; a dot where there is none."""
    from sparklines import sparklines

    known = [value for value in values if value is not None]
    if not any(known):
        return "".join("·" if value is None else "▁" for value in values)
    least = min(0.0, *known)
    raised = [None if value is None else value - least for value in values]
    return "".join(sparklines(raised, minimum=0)).replace(" ", "·")


def calendar(plot: Plot, width: int, coloured: bool, most: int = WEEKS) -> list[str]:
    """Weekdays below each other, weeks beside each other; more than one block where width is short.

    Only the last `most` weeks are drawn.
    """
    days = days_of(plot)
    shades = levels(days)
    weeks = last_weeks(days, most)
    wide = 2 if _MARGIN + 2 * len(weeks) <= width else 1
    room = max((width - _MARGIN) // wide, 4)
    blocks = -(-len(weeks) // room)
    each = -(-len(weeks) // max(blocks, 1))  # of equal length, as far as it goes
    lines: list[str] = []
    for start in range(0, len(weeks), each or 1):
        lines += _block(weeks[start : start + each], shades, wide, coloured)
    return [*lines, _legend(plot, days, coloured)] if lines else []


def _block(weeks: Sequence[date], shades: dict[date, int], wide: int, coloured: bool) -> list[str]:
    """Some weeks as lines, the months above them."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=0)
    grid.add_column(width=_MARGIN)
    first, last = min(shades), max(shades)
    for weekday in range(WEEK):
        row = Text()
        for monday in weeks:
            day = monday + timedelta(days=weekday)
            level = shades.get(day, 0)
            mark = SHADES[level] if first <= day <= last else " "
            row.append(mark * wide if level else mark.ljust(wide), COLOURS[level])
        grid.add_row(WEEKDAYS[weekday], row)
    return [_months(weeks, wide), *_lines(grid, _MARGIN + wide * len(weeks), coloured)]


def _months(weeks: Sequence[date], wide: int) -> str:
    """The names of the months above the weeks in which they begin."""
    text = " " * _MARGIN
    for number, monday in enumerate(weeks):
        name = month_beginning(monday)
        at = _MARGIN + number * wide
        if name and len(text) <= at and at + len(name) <= _MARGIN + wide * len(weeks):
            text = f"{text.ljust(at)}{name} "
    return text.rstrip()


def _legend(plot: Plot, days: dict[date, float], coloured: bool) -> str:
    """What the shades mean."""
    from rich.text import Text

    text = Text(" " * _MARGIN + "less ")
    for level in range(1, LEVELS + 1):
        text.append(SHADES[level], COLOURS[level])
    text.append(f" more, up to {plot.said(max(days.values()))} a day")
    return _lines(text, len(text.plain), coloured)[0]


def _lines(picture: object, width: int, coloured: bool) -> list[str]:
    """What the terminal is given for it."""
    from rich.console import Console

    console = Console(
        file=io.StringIO(), width=width, force_terminal=coloured, no_color=not coloured,
        color_system="auto" if coloured else None, legacy_windows=False,
    )  # fmt: skip
    with console.capture() as captured:
        console.print(picture, soft_wrap=True, end="\n")
    return [one.rstrip() for one in captured.get().splitlines()]
