"""Clashes of data as conflicts for people: in words, with the places in both texts."""

from collections.abc import Sequence
from dataclasses import replace

from plaintextcrm.model.problem import Place
from plaintextcrm.text.ground import Ground, Path
from plaintextcrm.text.merge.threeway import Clash
from plaintextcrm.text.merge.values import Conflict, Value
from plaintextcrm.text.merge.words import distinct, field_words
from plaintextcrm.text.nodes import place_of
from plaintextcrm.text.render import Plain


def conflicts_of(
    clashes: Sequence[Clash], goal: dict[str, Plain], ours: Ground, theirs: Ground
) -> tuple[Conflict, ...]:
    """A conflict for each clash; no two are called the same."""
    found = [_conflict(clash, goal, ours, theirs) for clash in clashes]
    words = distinct([conflict.field for conflict in found])
    return tuple(
        replace(conflict, field=field) for conflict, field in zip(found, words, strict=True)
    )


def _conflict(clash: Clash, goal: dict[str, Plain], ours: Ground, theirs: Ground) -> Conflict:
    own = clash.theirs if clash.ours is None else clash.ours
    return Conflict(
        path=clash.path,
        field=field_words(clash.path, goal, own, order=clash.order),
        base=clash.base,
        ours=clash.ours,
        theirs=clash.theirs,
        our_place=_place(ours, clash.our_path),
        their_place=_place(theirs, clash.their_path),
        entry=_entry(goal, clash),
        order=clash.order,
    )


def _entry(goal: dict[str, Plain], clash: Clash) -> Value:
    """The entry around the field, as the merged data has it."""
    at: Value = goal
    for number, step in enumerate(clash.path):
        if isinstance(at, list) and isinstance(step, int):
            inner = number + 1 < len(clash.path)
            return at[step] if inner or clash.ours is not None else None
        at = at.get(str(step)) if isinstance(at, dict) else None
    return None


def _place(ground: Ground, path: Path | None) -> Place | None:
    node = None if path is None else ground.node(path)
    return None if node is None else place_of(node)
