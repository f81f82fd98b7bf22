"""Bringing their lines into our text: whole lines first, as they wrote them, then value by value.

The merged data is known before, and each step is measured by it: lines of theirs are taken where they
bring our text nearer to it, or leave it as near; what is missing then is spliced in.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from plaintextcrm.text.edit import Change, Refused, Remove, Set, edit
from plaintextcrm.text.ground import Ground
from plaintextcrm.text.merge.changes import Written, changes
from plaintextcrm.text.merge.hunks import Hunk, apply, compare, moved
from plaintextcrm.text.merge.pieces import pieces
from plaintextcrm.text.merge.proof import doubled_comments, lost_comments
from plaintextcrm.text.merge.values import Unmerged
from plaintextcrm.text.nodes import plain
from plaintextcrm.text.reader import read
from plaintextcrm.text.render import Plain

_SINGLY = 60  # hunks at most that are tried one by one
_LINES = 4000  # of a text whose hunks are tried one by one
_REMOVAL = 1000  # values that may as well be put in
_CHANGES = 400  # at most that are spliced in one by one


class Sides(NamedTuple):
    """The three texts; base is None where there was no file."""

    base: Ground | None
    ours: Ground
    theirs: Ground


def carry(sides: Sides, goal: dict[str, Plain], path: str) -> str:
    """Our text with their lines, holding just the merged data `goal`. Raises Unmerged.

    A comment that they took out goes, but not where some of theirs could not be brought along: it may
    have been a new form of just this one.
    """
    text = _carried(sides, goal, path, may_drop=True)
    new = ground_of(text)
    base, ours, theirs = sides
    if new and lost_comments(base, theirs, ours, new) and lost_comments(None, ours, theirs, new):
        return _carried(sides, goal, path, may_drop=False)
    return text


def _carried(sides: Sides, goal: dict[str, Plain], path: str, *, may_drop: bool) -> str:
    text = _with_their_lines(sides, goal, may_drop=may_drop)
    new = ground_of(text)
    if new is None:
        raise Unmerged("the merged text cannot be read")
    return become(text, goal, pieces(sides.theirs, new), path)


def become(text: str, goal: dict[str, Plain], written: Written, path: str) -> str:
    """The text with the data `goal`, every change spliced in. Raises Unmerged."""
    data = data_of(text)
    if data is None:
        raise Unmerged("the merged text cannot be read")
    steps = list(islice(changes(data, goal, written), _CHANGES + 1))
    coarse = [*_coarse(data, goal)]
    for some in (steps, coarse) if len(steps) <= _CHANGES else (coarse,):
        try:
            new = edit(text.encode(), path, *some).decode()
        except (Refused, LookupError):
            continue
        if data_of(new) == goal:
            return new
    raise Unmerged("the changes of both sides cannot stand in one text here")


def ground_of(text: str) -> Ground | None:
    """The ground of a sound text."""
    document = read(text.encode(), "")
    if document.root is None or document.problems:
        return None
    return Ground(document.text, document.root, "\r\n" if "\r\n" in document.text else "\n")


def data_of(text: str) -> dict[str, Plain] | None:
    """The data of a sound text."""
    ground = ground_of(text)
    return None if ground is None else fields(ground)


def fields(ground: Ground | None) -> dict[str, Plain]:
    """The data of a text; nothing where there is none."""
    data = plain(ground.root) if ground else {}
    assert isinstance(data, dict)
    return data


def _coarse(data: dict[str, Plain], goal: dict[str, Plain]) -> Iterable[Change]:
    """The changes field by field, each as a whole."""
    yield from (Set((name,), value) for name, value in goal.items() if data.get(name) != value)
    yield from (Remove((name,)) for name in data if name not in goal)


# ── whole lines ──────────────────────────────────────────────────────────────


def _with_their_lines(sides: Sides, goal: dict[str, Plain], *, may_drop: bool) -> str:
    """Our text with as many of their lines as lead to the goal, or not away from it."""
    old, mine, other = (_lines(side.text if side else "") for side in sides)
    own = compare(old, mine)
    options = [option for hunk in compare(old, other) for option in _options(hunk, own)]
    joint = _Joint(sides, goal, may_drop)
    for turn in (0, -1):
        together = [found[turn] for found in options]
        if joint.effort(together) == 0:
            return joint.text(together)
    taken: list[Hunk] = []
    best = joint.effort([])
    if best is not None and len(options) <= _SINGLY and len(mine) <= _LINES:
        for found in options:
            tries = [(joint.effort([*taken, hunk]), hunk) for hunk in found]
            good = [(effort, hunk) for effort, hunk in tries if effort is not None]
            effort, hunk = min(good, default=(best + 1, found[0]), key=lambda one: one[0])
            if effort <= best:
                best = effort
                taken.append(hunk)
    return joint.text(taken)


def _options(theirs: Hunk, ours: Sequence[Hunk]) -> Iterator[list[Hunk]]:
    """The places for their lines, block by block where both sides put lines at the same place."""
    found = moved(theirs, ours)
    if len(found) < 2:
        yield from [found] if found else []
        return
    for block in _blocks(theirs.lines):
        yield [hunk._replace(lines=block) for hunk in found]


def _blocks(lines: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Lines that belong together: an entry or a field, with what is deeper, and what is above it."""
    block: list[str] = []
    head: list[str] = []
    depth = -1
    for line in lines:
        bare = line.lstrip(" ")
        if not bare or bare.startswith("#"):
            head.append(line)
            continue
        if depth < 0 or len(line) - len(bare) <= depth:
            if block:
                yield tuple(block)
                block = []
            depth = len(line) - len(bare)
        block += [*head, line]
        head = []
    yield (*block, *head)


def _lines(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n")]


class _Joint:
    """Our text with hunks of theirs, and how far its data is from the goal."""

    def __init__(self, sides: Sides, goal: dict[str, Plain], may_drop: bool) -> None:
        self._sides = sides
        self._lines = sides.ours.text.split("\n")
        self._end = sides.ours.newline.removesuffix("\n")
        self._goal = goal
        self._known = sides.base if may_drop else None  # what they may have taken out

    def text(self, hunks: Sequence[Hunk]) -> str:
        """Our lines stay as they are; theirs get our line ends."""
        last = len(self._lines)
        fitting = [
            hunk._replace(lines=_ended(hunk.lines, self._end, at_end=hunk.end == last))
            for hunk in hunks
        ]
        return "\n".join(apply(self._lines, fitting))

    def effort(self, hunks: Sequence[Hunk]) -> int | None:
        """How much is still to be changed; None where the text is not sound, or comments are lost or
        doubled.
        """
        new = ground_of(self.text(hunks))
        if new is None:
            return None
        base, ours, theirs = self._sides
        if lost_comments(self._known, ours, theirs, new):
            return None
        if doubled_comments(base, ours, theirs, new):
            return None
        return sum(_effort(change) for change in changes(fields(new), self._goal))


def _ended(lines: tuple[str, ...], end: str, *, at_end: bool) -> tuple[str, ...]:
    """The lines with our line ends; the end of a text has none."""
    ended = [line + end for line in lines]
    return (*ended[:-1], *lines[-1:]) if at_end else tuple(ended)


def _effort(change: Change) -> int:
    """What is put in counts by its size. To take something out is worse: it may be ours."""
    return _REMOVAL if isinstance(change, Remove) else 1 + _size(change.value)


def _size(value: Plain) -> int:
    if isinstance(value, str):
        return 1
    inner = value if isinstance(value, list) else value.values()
    return 1 + sum(_size(item) for item in inner)
