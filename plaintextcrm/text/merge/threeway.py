"""Three versions of the data become one: fields by name, lists by entry, the rest by value.

What only one side changed applies, equal changes are one, and the rest is a clash: there the merged
data has what ours has, and nothing is guessed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from plaintextcrm.text.fields import takes_one
from plaintextcrm.text.ground import Path
from plaintextcrm.text.merge.hunks import merge_lines
from plaintextcrm.text.merge.order import Item, Woven, weave
from plaintextcrm.text.merge.pairing import Pairs, pair, pair_by_place, pair_same
from plaintextcrm.text.merge.values import Value
from plaintextcrm.text.render import Plain

# Whether the newest entry of the list at a path is the first one.
NewestFirst: TypeAlias = Callable[[Path], bool]


@dataclass(frozen=True, slots=True)
class Clash:
    """Both sides changed what stands at the path, or the order of a list there.

    `path` is that in the merged data; the two sides' own ones are None where they removed it.
    """

    path: Path
    our_path: Path | None
    their_path: Path | None
    base: Value
    ours: Value
    theirs: Value
    order: bool = False

    def below(self, at: str | int, ours: str | int | None, theirs: str | int | None) -> "Clash":
        """The same, seen from one level above."""
        our_path = None if ours is None or self.our_path is None else (ours, *self.our_path)
        their_path = (
            None if theirs is None or self.their_path is None else (theirs, *self.their_path)
        )
        return replace(self, path=(at, *self.path), our_path=our_path, their_path=their_path)


Result: TypeAlias = tuple[Value, list[Clash]]


@dataclass(frozen=True, slots=True)
class Three:
    """A value in its three versions, and the names of the fields it stands in."""

    base: Value
    ours: Value
    theirs: Value
    names: tuple[str | int, ...] = ()


def merge_data(three: Three, newest_first: NewestFirst) -> Result:
    """The merged value, and the clashes by their paths below it."""
    base, ours, theirs = three.base, three.ours, three.theirs
    if _same(ours, theirs) or _same(base, theirs):
        return ours, []
    if _same(base, ours):
        return theirs, []
    lists = _as_lists(three)
    if lists:
        return _merge_lists(three, lists, newest_first)
    if isinstance(ours, dict) and isinstance(theirs, dict) and (base or {}).__class__ is dict:
        return _merge_fields(three, ours, theirs, newest_first)
    if isinstance(base, str) and isinstance(ours, str) and isinstance(theirs, str):
        both = merge_lines(base, ours, theirs)
        if both is not None:
            return both, []
    return _merge_whole(three)


def _merge_whole(three: Three) -> Result:
    """One value: what only one side changed, else a clash."""
    base, ours, theirs = three.base, three.ours, three.theirs
    if base in (ours, theirs) or ours == theirs:
        return (theirs if base == ours else ours), []
    our_path = None if ours is None else ()
    their_path = None if theirs is None else ()
    return ours, [Clash((), our_path, their_path, base, ours, theirs)]


def _same(one: Value, other: Value) -> bool:
    """Equal, or both not set: a field without a value says no more than no field."""
    return one == other or (not one and not other)


def _merge_fields(
    three: Three,
    ours: dict[str, Plain],
    theirs: dict[str, Plain],
    newest_first: NewestFirst,
) -> Result:
    base = three.base if isinstance(three.base, dict) else {}
    merged: dict[str, Plain] = {}
    clashes: list[Clash] = []
    for name in [*ours, *(name for name in theirs if name not in ours)]:
        inner = Three(base.get(name), ours.get(name), theirs.get(name), (*three.names, name))
        value, found = merge_data(inner, newest_first)
        clashes += [clash.below(name, name, name) for clash in found]
        if value is not None:
            merged[name] = value
    return merged, clashes


# ── lists ────────────────────────────────────────────────────────────────────

Lists: TypeAlias = tuple[list[Plain], list[Plain], list[Plain]]
Numbers: TypeAlias = tuple[int | None, int | None, int | None]


def _as_lists(three: Three) -> Lists | None:
    """The three versions as lists of entries; None where they are not to be merged as such."""
    if not isinstance(three.ours, list) and not isinstance(three.theirs, list):
        return None
    found = [_as_list(value, three.names) for value in (three.base, three.ours, three.theirs)]
    base, ours, theirs = found
    if base is None or ours is None or theirs is None:
        return None
    return base, ours, theirs


def _as_list(value: Value, names: tuple[str | int, ...]) -> list[Plain] | None:
    if not value:
        return []
    if isinstance(value, str) and takes_one(names):
        return [value]
    if isinstance(value, list) and not any(isinstance(entry, list) for entry in value):
        return value
    return None


def _merge_lists(three: Three, lists: Lists, newest_first: NewestFirst) -> Result:
    base, ours, theirs = lists
    name = str(three.names[-1]) if three.names else ""
    pairs, unsure = _paired(lists, name)
    gone = [base[b] for b, o, t in pairs if b is not None and (o is None or t is None)]
    slots: list[_Slot] = []
    clashes: list[Clash]
    for b, o, t in pairs:
        inner = Three(_entry(base, b), _entry(ours, o), _entry(theirs, t), (*three.names, 0))
        if b is None and (o is None or t is None):
            value, clashes = (inner.theirs if o is None else inner.ours), []
            if isinstance(value, str) and value in gone:
                continue  # it stood twice, and the other side took it out
        elif b in unsure or o is None or t is None:
            value, clashes = _merge_whole(inner)
        else:
            value, clashes = merge_data(inner, newest_first)
        slots.append(_Slot(o, t, value, tuple(clashes)))
    kept = [slot for slot in slots if slot.value is not None or slot.clashes]
    woven = weave(
        [Item(slot.ours, slot.theirs, slot.value or "") for slot in kept],
        [(b, o, t) for b, o, t in pairs if b is not None and o is not None and t is not None],
        newest_first(three.names),
    )
    return _put_together(three, kept, woven)


def _entry(entries: list[Plain], number: int | None) -> Value:
    return None if number is None else entries[number]


@dataclass(frozen=True, slots=True)
class _Slot:
    ours: int | None
    theirs: int | None
    value: Value
    clashes: tuple[Clash, ...]


def _put_together(three: Three, slots: list[_Slot], woven: Woven) -> Result:
    merged: list[Plain] = []
    clashes: list[Clash] = []
    for number in woven.turns:
        slot = slots[number]
        at = len(merged)
        clashes += [clash.below(at, slot.ours, slot.theirs) for clash in slot.clashes]
        if slot.value is not None:
            merged.append(slot.value)
    if woven.their_turns:
        turned = [slots[number].value for number in woven.their_turns]
        theirs: Value = [value for value in turned if value is not None]
        clashes.append(Clash((), (), (), three.base, merged, theirs, order=True))
    if not merged:
        return (three.ours if not three.ours else three.theirs if not three.theirs else []), clashes
    if len(merged) == 1 and merged[0] in (three.ours, three.theirs):
        return merged[0], clashes  # one text that stands for a list
    return merged, clashes


def _paired(lists: Lists, name: str) -> tuple[list[Numbers], set[int]]:
    """Each entry once, with its number in the three versions; and of which of the base it is not sure
    that they were changed, as they may have been taken out for others.
    """
    base, ours, theirs = lists
    to_ours, to_theirs = pair(base, ours, name), pair(base, theirs, name)
    maybe_ours = pair_by_place(base, ours, to_ours)
    maybe_theirs = pair_by_place(base, theirs, to_theirs)
    to_ours |= maybe_ours
    to_theirs |= maybe_theirs
    found: list[Numbers] = [
        (number, to_ours.get(number), to_theirs.get(number)) for number in range(len(base))
    ]
    new_ours = _others(ours, to_ours)
    new_theirs = _others(theirs, to_theirs)
    both = pair_same([ours[o] for o in new_ours], [theirs[t] for t in new_theirs], name)
    found += [
        (None, o, new_theirs[both[number]] if number in both else None)
        for number, o in enumerate(new_ours)
    ]
    taken = set(both.values())
    found += [(None, None, t) for number, t in enumerate(new_theirs) if number not in taken]
    return found, {*maybe_ours, *maybe_theirs}


def _others(entries: list[Plain], pairs: Pairs) -> list[int]:
    taken = set(pairs.values())
    return [number for number in range(len(entries)) if number not in taken]
