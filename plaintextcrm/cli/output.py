"""How answers look: tables that fit the terminal, JSON; the text in them is `text/shown.py`'s."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import click

from plaintextcrm.text.shown import TRICKS
from plaintextcrm.text.shown import cut as cut
from plaintextcrm.text.shown import one_line as one_line
from plaintextcrm.text.shown import safe as safe
from plaintextcrm.text.shown import unbroken as unbroken
from plaintextcrm.text.shown import width_of as width_of

_GAP = "  "
UNBOUNDED = 10_000  # columns, where there is no terminal
SCREENFUL = 50  # lines
NARROWEST = 6


def say(text: str = "") -> None:
    """A line of an answer; it may have colours, and must be safe."""
    _echo(text)


def say_bytes(data: bytes) -> None:
    """A piece of an answer that is a file: UTF-8, whatever the terminal's encoding."""
    _echo(data, nl=False)


def _echo(text: str | bytes, *, nl: bool = True) -> None:
    try:
        click.echo(text, nl=nl)
    except BrokenPipeError:  # `| head` has seen enough: that is no trouble
        _close_output()
        raise click.exceptions.Exit(0) from None


def say_lines(lines: Sequence[str]) -> None:
    """Many lines of an answer, a screenful at a time: quicker than one by one."""
    for start in range(0, len(lines), SCREENFUL):
        say("\n".join(lines[start : start + SCREENFUL]))


def _close_output() -> None:
    """The reader of our output is gone: say nothing more, also not at the end of the process."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(text: str) -> None:
    """A line that is not part of the answer; on a full disk it is left out."""
    with suppress(OSError):
        click.echo(safe(text), err=True)


def style(color: str) -> Callable[..., str]:
    """How to colour a text: click's way, or not at all."""
    if coloured(color):
        click.get_current_context().color = True
        return click.style
    return lambda text, **looks: text


def coloured(color: str) -> bool:
    """Are there colours? Not with NO_COLOR, without a terminal, with `--color never`."""
    return color == "always" or (
        color == "auto" and on_terminal() and not os.environ.get("NO_COLOR")
    )


def on_terminal() -> bool:
    """Also asked where there is no stdout at all: `>&-`."""
    return bool(sys.stdout and sys.stdout.isatty())


def say_json(value: Any) -> None:
    """An answer for programs; tricks of the text are escaped."""
    say(to_json(value, indent=2))


def to_json(value: Any, indent: int | None = None) -> str:
    """JSON in which no character plays tricks on a terminal."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return TRICKS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def wrapped(text: str, indent: int) -> str:
    """One line of text broken at blanks to fit the terminal; further lines are indented."""
    room = max(terminal_width() - indent, 16)
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and width_of(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return f"\n{' ' * indent}".join(lines)


def terminal_width() -> int:
    """The columns of the terminal; as many as a line wants where there is none."""
    if on_terminal() or os.environ.get("COLUMNS"):
        import shutil

        return shutil.get_terminal_size().columns
    return UNBOUNDED


def say_table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    styled: Callable[..., str],
    give: Sequence[bool],
    above: Sequence[int] = (),
    right: Sequence[bool] = (),
) -> list[int]:
    """A table in the terminal's width: what does not fit is cut, the widest column first.

    `give` tells which columns are cut before any other; half a date is of no use. With the widths of
    a table `above`, which it gives, the rows go on below that one and have no head. `right` tells
    which columns stand at the right, as numbers do.
    """
    table = [_clean(column) for column in zip(heads, *rows, strict=True)]
    needs = [_widths_of(column) for column in table]
    wanted = list(map(max, map(max, needs), above or [0] * len(heads)))
    room = terminal_width() - len(_GAP) * (len(heads) - 1)
    widths = _fitted(_fitted(wanted, room, give), room, [True] * len(heads))
    sides = right or [False] * len(heads)
    padded = [_padded(*column) for column in zip(table, needs, widths, sides, strict=True)]
    first, *lines = [_GAP.join(row).rstrip() for row in zip(*padded, strict=True)]
    say_lines(lines if above else [styled(first, bold=True), *lines])
    return widths


def _clean(column: Sequence[str]) -> Sequence[str]:
    """The cells, each as safe text on one line. A column where all are is told by one look."""
    whole = "|".join(("", *column, ""))
    if whole.isprintable() and not any(blank in whole for blank in ("  ", "| ", " |")):
        return column
    return [one_line(cell) for cell in column]


def _widths_of(column: Sequence[str]) -> list[int]:
    """How many columns of a terminal each cell needs."""
    return list(map(len if "".join(column).isascii() else width_of, column))


def _padded(column: Sequence[str], needs: Sequence[int], width: int, right: bool) -> list[str]:
    """The cells, of which each needs so many columns, all as wide as that: cut or filled up."""
    shown = []
    for cell, need in zip(column, needs, strict=True):
        fit = cell if need <= width else cut(cell, width)
        blanks = " " * (width - (need if fit is cell else width_of(fit)))
        shown.append(blanks + fit if right else fit + blanks)
    return shown


def _fitted(widths: list[int], room: int, give: Sequence[bool]) -> list[int]:
    """The widths, the widest of those that `give` made narrower until all fit."""
    widths = [min(width, max(room, NARROWEST)) for width in widths]
    while sum(widths) > room:
        wide = [(widths[n], -n) for n in range(len(widths)) if give[n] and widths[n] > NARROWEST]
        if not wide:
            break
        widths[-max(wide)[1]] -= 1
    return widths
