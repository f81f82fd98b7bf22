"""Conflict markers: around just the lines of the fields in conflict, and what people do with them.

Taking the upper half of every part gives our text, taking the lower ones gives theirs.
"""

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from plaintextcrm.text.ground import Path
from plaintextcrm.text.merge.carry import become
from plaintextcrm.text.merge.changes import Written
from plaintextcrm.text.merge.hunks import Hunk, apply
from plaintextcrm.text.merge.values import Conflict
from plaintextcrm.text.render import Plain
from plaintextcrm.text.source import BOM

OURS, BASE, MIDDLE, THEIRS = "<" * 7, "|" * 7, "=" * 7, ">" * 7
SIDES = ("yours", "theirs")
_MARKER = re.compile(r"[<>]{7}(?: (?:(?P<field>.+): )?(?P<side>.*?))?\r?\n?")


# ── marking ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Spot:
    """The lines of our text that give way to others if their side is taken, and the conflicts there."""

    hunk: Hunk
    conflicts: tuple[Conflict, ...]


def mark(
    text: str,
    data: dict[str, Plain],
    conflicts: Sequence[Conflict],
    written: Written,
    sides: tuple[str, str] = SIDES,
) -> str:
    """The text with markers around what is in conflict. Raises Unmerged where they cannot stand there."""
    lines = _split(text)
    spots: list[_Spot] = []
    for conflict in conflicts:
        spot = _spot(text, lines, data, (conflict,), written)
        while spots and (near := next((one for one in spots if _meet(one, spot)), None)):
            spots.remove(near)
            spot = _spot(text, lines, data, (*near.conflicts, *spot.conflicts), written)
        spots.append(spot)
    newline = "\r\n" if "\r\n" in text else "\n"
    hunks = [spot.hunk._replace(lines=_marked(spot, lines, sides, newline)) for spot in spots]
    return "".join(apply(lines, hunks))


def _split(text: str) -> list[str]:
    """The lines, each with its end."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _spot(
    text: str,
    lines: list[str],
    data: dict[str, Plain],
    conflicts: tuple[Conflict, ...],
    written: Written,
) -> _Spot:
    other = _split(become(text, with_theirs(data, conflicts), written, ""))
    top = 0
    while top < min(len(lines), len(other)) and lines[top] == other[top]:
        top += 1
    low = 0
    while low < min(len(lines), len(other)) - top and lines[-1 - low] == other[-1 - low]:
        low += 1
    return _Spot(Hunk(top, len(lines) - low, tuple(other[top : len(other) - low])), conflicts)


def _meet(one: _Spot, other: _Spot) -> bool:
    return one.hunk.start <= other.hunk.end and other.hunk.start <= one.hunk.end


def _marked(spot: _Spot, lines: list[str], sides: tuple[str, str], newline: str) -> tuple[str, ...]:
    fields = ", ".join(conflict.field for conflict in spot.conflicts)
    return (
        f"{OURS} {fields}: {sides[0]}{newline}",
        *_ended(lines[spot.hunk.start : spot.hunk.end], newline),
        f"{MIDDLE}{newline}",
        *_ended(spot.hunk.lines, newline),
        f"{THEIRS} {fields}: {sides[1]}{newline}",
    )


def _ended(lines: Sequence[str], newline: str) -> list[str]:
    return [line if line.endswith("\n") else line + newline for line in lines]


def whole(ours: bytes, theirs: bytes, sides: tuple[str, str] = SIDES) -> bytes:
    """Both texts whole, between markers: where nothing smaller is sure."""
    halves = [data if data.endswith(b"\n") or not data else data + b"\n" for data in (ours, theirs)]
    first, last = (f"{sign} {side}\n" for sign, side in zip((OURS, THEIRS), sides, strict=True))
    return b"".join([first.encode(), halves[0], f"{MIDDLE}\n".encode(), halves[1], last.encode()])


def with_theirs(data: dict[str, Plain], conflicts: Sequence[Conflict]) -> dict[str, Plain]:
    """The merged data with what their side has in these conflicts."""
    new: dict[str, Any] = copy.deepcopy(data)
    for conflict in sorted(conflicts, key=lambda one: _last_first(one.path)):
        _put(new, conflict)
    return new


def _last_first(path: Path) -> list[tuple[int, str]]:
    """Later entries first, so that the numbers of the others stay."""
    return [(-step, "") if isinstance(step, int) else (0, step) for step in path]


def _put(data: Any, conflict: Conflict) -> None:
    *above, last = conflict.path
    at = data
    for number, step in enumerate(above):
        if isinstance(step, str) and not at.get(step):
            following = conflict.path[number + 1]
            at[step] = [] if isinstance(following, int) else {}
        at = at[step]
    if conflict.theirs is None:
        del at[last]
        if not at and isinstance(at, list) and len(above) == 1:
            del data[above[0]]
    elif isinstance(last, int) and conflict.ours is None:
        at.insert(last, conflict.theirs)
    else:
        at[last] = conflict.theirs


# ── settling ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Part:
    """What stands between markers: `field` in words where they say it, `line` counted from 1.

    `sides` are the names of the upper and the lower half, as the markers have them: `yours`,
    `theirs`, and the other way round where a rebase made them; or whatever git wrote there.
    """

    field: str
    upper: str
    lower: str
    sides: tuple[str, str]
    line: int


# What is to stand for a part; None: it stays as it is.
Choice: TypeAlias = Callable[[Part], str | None]


def parts(text: str) -> list[Part]:
    """All parts of a text that are in conflict."""
    return [piece for piece, _marked in _pieces(text) if isinstance(piece, Part)]


def settle(text: str, choose: Choice) -> str:
    """The text with a choice for each part, markers gone where one was made."""
    new = [BOM] if text.startswith(BOM) else []
    for piece, marked in _pieces(text):
        chosen = choose(piece) if isinstance(piece, Part) else piece
        new.append(marked if chosen is None else chosen)
    return "".join(new)


def _pieces(text: str) -> Iterator[tuple[str | Part, str]]:
    """Lines as they are, and parts with their whole text. Markers without an end are lines."""
    lines = _split(text.removeprefix(BOM))
    at = 0
    while at < len(lines):
        end = _end(lines, at) if lines[at].startswith(OURS) else None
        if end is not None:
            yield _part(lines, at, end), "".join(lines[at:end])
            at = end
        else:
            yield lines[at], lines[at]
            at += 1


def _end(lines: list[str], start: int) -> int | None:
    for at in range(start + 1, len(lines)):
        if lines[at].startswith(OURS):
            return None
        if lines[at].startswith(THEIRS):
            return at + 1
    return None


def _part(lines: list[str], start: int, end: int) -> Part:
    halves: dict[str, list[str]] = {OURS: [], BASE: [], MIDDLE: []}
    half = OURS
    for line in lines[start + 1 : end - 1]:
        if (half, line[:7]) in ((OURS, BASE), (OURS, MIDDLE), (BASE, MIDDLE)):
            half = line[:7]
        else:
            halves[half].append(line)
    first, last = (_MARKER.fullmatch(lines[at]) for at in (start, end - 1))
    sides = tuple((found["side"] or "") if found else "" for found in (first, last))
    return Part(
        field=(first["field"] or "") if first and last and first["field"] == last["field"] else "",
        upper="".join(halves[OURS]),
        lower="".join(halves[MIDDLE]),
        sides=(sides[0], sides[1]),
        line=start + 1,
    )
