"""Which entry is which: two versions of one list, entry by entry."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from plaintextcrm.text.render import Plain

Pairs: TypeAlias = dict[int, int]  # number in the one version → number in the other

# Lists in which one field tells the entries apart, and no two have the same one.
_SOLE = {
    "revenue": "year",
    "deals": "name",
    "emails": "value",
    "phones": "value",
    "urls": "value",
    "profiles": "value",
    "stages": "name",
    "feeds": "name",
}
_WEIGHTS = {"note": 4.0, "name": 4.0, "value": 4.0, "contact": 4.0, "year": 4.0, "date": 3.0}
_ENOUGH = 0.4  # of the weight of two entries' fields are alike: it is one entry that was changed
_MANY = 40_000  # comparisons at most; above, only entries of the same day or note are compared


def pair(old: Sequence[Plain], new: Sequence[Plain], field: str) -> Pairs:
    """The entries of `old` that are in `new`, changed or not: equal ones, then those of the same
    identity, then those that are alike.
    """
    found = pair_same(old, new, field)
    rest_old = [number for number in range(len(old)) if number not in found]
    taken = set(found.values())
    rest_new = [number for number in range(len(new)) if number not in taken]
    if any(isinstance(old[number], list) for number in rest_old):
        return found
    near = _candidates(old, rest_old, new, rest_new)
    return {**found, **_likest(old, new, near, by_words=False)}


def pair_by_place(old: Sequence[Plain], new: Sequence[Plain], pairs: Pairs) -> Pairs:
    """Entries that `pair` did not find, and that may be the same: they stand between the same others
    and have some words in common. It may as well be that one went and another came.
    """
    gaps: dict[tuple[int, int], list[int]] = defaultdict(list)
    back = {j: i for i, j in pairs.items()}
    for gap, number in _gaps(len(new), {j: j for j in back}, len(new)):
        gaps[gap].append(number)
    near = [
        (number, other)
        for gap, number in _gaps(len(old), pairs, len(new))
        for other in gaps[gap][:20]
    ]
    return _likest(old, new, near, by_words=True)


def _gaps(count: int, pairs: Pairs, end: int) -> list[tuple[tuple[int, int], int]]:
    """The entries without a partner, each with the partners of those around it."""
    found = []
    above = -1
    waiting: list[int] = []
    for number in range(count + 1):
        if number == count or number in pairs:
            below = pairs.get(number, end)
            found += [((above, below), one) for one in waiting]
            above, waiting = below, []
        else:
            waiting.append(number)
    return found


def _likest(
    old: Sequence[Plain],
    new: Sequence[Plain],
    near: Iterable[tuple[int, int]],
    *,
    by_words: bool,
) -> Pairs:
    """Of these pairs those that are alike, the likest first, each entry once."""
    ranked = sorted(
        (-score, abs(i - j), i, j)
        for i, j in near
        if (score := _likeness(old[i], new[j], by_words=by_words)) > _ENOUGH
    )
    found: Pairs = {}
    taken = set()
    for _score, _far, i, j in ranked:
        if i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return found


def pair_same(old: Sequence[Plain], new: Sequence[Plain], field: str) -> Pairs:
    """The entries of `old` that are equal in `new`, or have the same identity there."""
    found: Pairs = {}
    for key in (frozen, lambda entry: identity(entry, field)):
        waiting: dict[object, list[int]] = defaultdict(list)
        taken = set(found.values())
        for number in range(len(new) - 1, -1, -1):
            if number not in taken and (name := key(new[number])) is not None:
                waiting[name].append(number)
        for number, entry in enumerate(old):
            name = key(entry) if number not in found else None
            if name is not None and waiting.get(name):
                found[number] = waiting[name].pop()
    return found


def frozen(value: Plain) -> object:
    """A value that is equal for equal data, and may be a key."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ("", *(frozen(item) for item in value))
    return frozenset((name, frozen(item)) for name, item in value.items())


def identity(entry: Plain, field: str) -> object:
    """What tells this entry from all others of the list; None where nothing does."""
    if isinstance(entry, dict) and (own := entry.get("id")):
        return ("id", frozen(own))
    name = _SOLE.get(field)
    if isinstance(entry, str) and name == "value":
        return ("value", entry)
    if isinstance(entry, dict) and name and (own := entry.get(name)):
        return (name, frozen(own))
    return None


def _candidates(
    old: Sequence[Plain], rest_old: list[int], new: Sequence[Plain], rest_new: list[int]
) -> Iterable[tuple[int, int]]:
    if len(rest_old) * len(rest_new) <= _MANY:
        return ((i, j) for i in rest_old for j in rest_new)
    near: dict[object, list[int]] = defaultdict(list)
    for number in rest_new:
        for sign in _signs(new[number]):
            near[sign].append(number)
    return {(i, j) for i in rest_old for sign in _signs(old[i]) for j in near[sign][:20]}


def _signs(entry: Plain) -> list[object]:
    fields = entry if isinstance(entry, dict) else {}
    return [(name, frozen(fields[name])) for name in ("date", "note") if fields.get(name)]


def _likeness(old: Plain, new: Plain, *, by_words: bool) -> float:
    """From 0 to 1: how much of two entries is the same; one more where they have one note. Texts are
    compared word by word on one day, or if asked to.
    """
    if not isinstance(old, dict) or not isinstance(new, dict):
        return 0
    if old.get("id") and new.get("id"):
        return 0  # two identities: the same ones are paired already
    same = total = 0.0
    by_words = by_words or ("date" in old and old.get("date") == new.get("date"))
    for name in {*old, *new}:
        weight = _WEIGHTS.get(name, 1.0)
        if name in old and name in new:
            total += weight
            same += weight * _alike(old[name], new[name], by_words=by_words)
        elif name != "id":
            total += 0.5
    same_note = old.get("note") and old.get("note") == new.get("note")
    return (same / total if total else 0) + (1 if same_note and same / total > _ENOUGH else 0)


def _alike(old: Plain, new: Plain, *, by_words: bool) -> float:
    if old == new:
        return 1
    if not by_words or not isinstance(old, str) or not isinstance(new, str):
        return 0
    before, after = set(re.findall(r"\w+", old.lower())), set(re.findall(r"\w+", new.lower()))
    return 2 * len(before & after) / (len(before) + len(after)) if before and after else 0
