"""From one state of the data to another: the changes that make it so, one after the other."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import TypeAlias

from plaintextcrm.text.edit import Change, Insert, Remove, Set
from plaintextcrm.text.ground import Path
from plaintextcrm.text.merge.pairing import Pairs, pair
from plaintextcrm.text.render import Plain

# How somebody wrote the field, or the entry of the list, with this value at a path: its lines.
Written: TypeAlias = Callable[[Path, Plain], tuple[str, ...]]


def as_rendered(path: Path, value: Plain) -> tuple[str, ...]:
    """Nobody wrote it anywhere."""
    return ()


def changes(
    now: dict[str, Plain], goal: dict[str, Plain], written: Written = as_rendered
) -> Iterator[Change]:
    """The changes; each path is that of the data after all changes before it."""
    return _fields(now, goal, (), written)


def _fields(
    now: dict[str, Plain], goal: dict[str, Plain], path: Path, written: Written
) -> Iterator[Change]:
    if not goal:
        yield Set(path, {})
        return
    for name, value in goal.items():
        if name not in now:
            yield Set((*path, name), value, written((*path, name), value))
        elif now[name] != value:
            yield from _value(now[name], value, (*path, name), written)
    yield from (Remove((*path, name)) for name in now if name not in goal)


def _value(now: Plain, goal: Plain, path: Path, written: Written) -> Iterator[Change]:
    if isinstance(now, dict) and isinstance(goal, dict):
        yield from _fields(now, goal, path, written)
    elif isinstance(now, list) and isinstance(goal, list):
        yield from _entries(now, goal, path, written)
    else:
        yield Set(path, goal)


def _entries(now: list[Plain], goal: list[Plain], path: Path, written: Written) -> Iterator[Change]:
    kept = _in_order(pair(now, goal, str(path[-1])))
    if not kept:
        yield Set(path, goal)
        return
    yield from (
        Remove((*path, number)) for number in range(len(now) - 1, -1, -1) if number not in kept
    )
    for at, number in enumerate(sorted(kept)):
        if now[number] != goal[kept[number]]:
            yield from _value(now[number], goal[kept[number]], (*path, at), written)
    there = set(kept.values())
    for number, value in enumerate(goal):
        if number not in there:
            yield Insert(path, number, value, written((*path, number), value))


def _in_order(pairs: Pairs) -> Pairs:
    """The most pairs that stand in the same order in both: the others are taken out and put in."""
    ends: list[int] = []  # the smallest last partner of a run of each length
    last: list[int] = []  # and whose partner it is
    before: dict[int, int | None] = {}
    for number in sorted(pairs):
        length = bisect_left(ends, pairs[number])
        before[number] = last[length - 1] if length else None
        ends[length : length + 1] = [pairs[number]]
        last[length : length + 1] = [number]
    kept: Pairs = {}
    at = last[-1] if last else None
    while at is not None:
        kept[at] = pairs[at]
        at = before[at]
    return kept
