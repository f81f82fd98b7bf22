"""How answers look: tables that fit the terminal, JSON, and text that cannot play tricks on it."""

import os
import sys
from collections.abc import Callable, Sequence
from itertools import accumulate, takewhile
from typing import Any

import click

from plaintextcrm.model.pattern import pattern

# Control characters, and the marks that turn the direction of text (Unicode TR9): a file must not
# move the cursor, nor make a line read otherwise than it is.
_TRICKS = pattern(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_GAP = "  "
UNBOUNDED = 10_000  # columns, where there is no terminal
SCREENFUL = 50  # lines
NARROWEST = 6


def safe(text: str) -> str:
    r"""The text with what a terminal would obey written out, as `\x1b`."""
    if text.isprintable():  # nothing of the kind is
        return text
    return _TRICKS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def unbroken(text: str) -> str:
    r"""Safe text on one line, its blanks kept; a line break in a file's name is shown as `\n`."""
    return safe(text.replace("\n", "\\n"))


def one_line(text: str) -> str:
    """Safe text on one line."""
    return safe(" ".join(text.split()))


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
    """A line that is not part of the answer."""
    click.echo(safe(text), err=True)


def style(color: str) -> Callable[..., str]:
    """How to colour a text: click's way, or not at all (NO_COLOR, no terminal, --color never)."""
    on = color == "always" or (color == "auto" and on_terminal() and not os.environ.get("NO_COLOR"))
    if on:
        click.get_current_context().color = True
        return click.style
    return lambda text, **looks: text


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
    return _TRICKS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def width_of(text: str) -> int:
    """How many columns a terminal needs for the text."""
    if text.isascii() or max(text) < "\u0300":  # where combining and wide characters begin
        return len(text)
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def cut(text: str, width: int) -> str:
    """The text in at most so many columns; an ellipsis shows that some is missing."""
    if 2 * len(text) <= width or width_of(text) <= width:  # no character needs more than two
        return text
    room = width - 1
    ends = accumulate(width_of(character) for character in text)
    text = text[: sum(1 for _end in takewhile(lambda end: end <= room, ends))]
    while width_of(text) > room:  # a sign that makes the one before it wider
        text = text[:-1]
    return f"{text.rstrip()}…"


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
) -> None:
    """A table in the terminal's width: what does not fit is cut, the widest column first.

    `give` tells which columns are cut before any other; half a date is of no use.
    """
    table = [_clean(column) for column in zip(heads, *rows, strict=True)]
    needs = [_widths_of(column) for column in table]
    room = terminal_width() - len(_GAP) * (len(heads) - 1)
    widths = _fitted(_fitted(list(map(max, needs)), room, give), room, [True] * len(heads))
    padded = [_padded(*column) for column in zip(table, needs, widths, strict=True)]
    first, *lines = [_GAP.join(row).rstrip() for row in zip(*padded, strict=True)]
    say_lines([styled(first, bold=True), *lines])


def _clean(column: Sequence[str]) -> Sequence[str]:
    """The cells, each as safe text on one line. A column where all are is told by one look."""
    whole = "|".join(("", *column, ""))
    if whole.isprintable() and not any(blank in whole for blank in ("  ", "| ", " |")):
        return column
    return [one_line(cell) for cell in column]


def _widths_of(column: Sequence[str]) -> list[int]:
    """How many columns of a terminal each cell needs."""
    return list(map(len if "".join(column).isascii() else width_of, column))


def _padded(column: Sequence[str], needs: Sequence[int], width: int) -> list[str]:
    """The cells, of which each needs so many columns, all as wide as that: cut or filled up."""
    shown = []
    for cell, need in zip(column, needs, strict=True):
        fit = cell if need <= width else cut(cell, width)
        shown.append(fit + " " * (width - (need if fit is cell else width_of(fit))))
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
