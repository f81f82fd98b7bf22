"""Where the entries of two versions of a list stand in the one that is made of both."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from plaintextcrm.text.render import Plain

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Item(NamedTuple):
    """An entry of the merged list, with its number in each version that has it."""

    ours: int | None
    theirs: int | None
    value: Plain

    def number(self, theirs: bool) -> int | None:
        """Its number on the one side or the other."""
        return self.theirs if theirs else self.ours


class Woven(NamedTuple):
    """The numbers of the items in their turn.

    `their_turns` is the other possible one, where both sides put them into another order.
    """

    turns: list[int]
    their_turns: list[int]


def weave(
    items: Sequence[Item], common: Sequence[tuple[int, int, int]], newest_first: bool
) -> Woven:
    """Bring the items into our order, or into theirs where only they changed it.

    `common` are the numbers in base, ours and theirs of the entries that all three have. An entry
    that only the other side has stands by its day where the list runs by days, else in front of
    what it stands in front of there, so that two that were put at one end both are there.
    """
    by_base = sorted(common)
    ours = [o for _b, o, _t in by_base]
    theirs = [t for _b, _o, t in by_base]
    we_moved, they_moved = ours != sorted(ours), theirs != sorted(theirs)
    turns = _turns(items, newest_first, they_lead=they_moved and not we_moved)
    if we_moved and they_moved and _ranks(ours) != _ranks(theirs):
        return Woven(turns, _turns(items, newest_first, they_lead=True))
    return Woven(turns, [])


def _turns(items: Sequence[Item], newest_first: bool, *, they_lead: bool) -> list[int]:
    """The items of one side as they stand there, and those of the other in between."""
    first, other = _in_turn(items, they_lead), _in_turn(items, not they_lead)
    there = set(first)
    more = [number for number in other if number not in there]
    gaps = _by_day(items, first, more, newest_first)
    return _insert(first, _by_neighbour(first, other) if gaps is None else gaps)


def _in_turn(items: Sequence[Item], theirs: bool) -> list[int]:
    """The items of one side, as they stand there."""
    held = ((item.number(theirs), number) for number, item in enumerate(items))
    return [number for _place, number in sorted(pair for pair in held if pair[0] is not None)]


def _ranks(numbers: list[int]) -> list[int]:
    ranks = {number: rank for rank, number in enumerate(sorted(numbers))}
    return [ranks[number] for number in numbers]


def _insert(first: list[int], gaps: list[tuple[int, int]]) -> list[int]:
    """The first ones, with each of the others in its gap: `(place among the first ones, number)`."""
    turns: list[int] = []
    at = 0
    for gap, number in gaps:
        turns += first[at:gap]
        turns.append(number)
        at = gap
    return turns + first[at:]


def _by_neighbour(first: list[int], other: list[int]) -> list[tuple[int, int]]:
    place = {number: place for place, number in enumerate(first)}
    following = len(first)
    gaps: list[tuple[int, int]] = []
    for number in reversed(other):
        if number in place:
            following = place[number]
        else:
            gaps.append((following, number))
    gaps.reverse()
    return sorted(gaps, key=lambda gap: gap[0])


def _by_day(
    items: Sequence[Item], first: list[int], more: list[int], newest_first: bool
) -> list[tuple[int, int]] | None:
    """The gaps by day; None where the list does not run by days."""
    days = [_day(items[number].value) for number in first]
    new = [(_day(items[number].value), number) for number in more]
    upwards = days[::-1] if newest_first else days
    if "" in days or "" in (day for day, _number in new) or upwards != sorted(upwards):
        return None
    new.sort(key=lambda one: one[0], reverse=newest_first)
    if newest_first:
        return [(len(days) - bisect_right(upwards, day), number) for day, number in new]
    return [(bisect_right(upwards, day), number) for day, number in new]


def _day(value: Plain) -> str:
    """The day and time of an entry, to compare; empty where it has no full one."""
    day = value.get("date") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(day, str) or not _DAY.fullmatch(day):
        return ""
    time = value.get("time")
    return f"{day} {time if isinstance(time, str) else ''}"
