"""What must hold of every merge, found by counting, so that a fault in the merging cannot hide.

It knows nothing of entries and how they were paired: every line of text that a side added is there, and
not too often, and so is every comment.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from plaintextcrm.text.ground import Ground
from plaintextcrm.text.merge.threeway import Clash, Three
from plaintextcrm.text.merge.values import Unmerged, Value
from plaintextcrm.text.render import Plain

_Texts: TypeAlias = "Counter[tuple[str, str]]"  # each with the field it stands in


def demand(three: Three, goal: dict[str, Plain], clashes: Sequence[Clash]) -> None:
    """Raise Unmerged unless the merged data has what each side added, and nothing that neither has."""
    apart = {clash.path[0] for clash in clashes if clash.path}
    base, ours, theirs, merged = (
        Counter(_texts(_without(value, apart), ""))
        for value in (three.base, three.ours, three.theirs, goal)
    )
    for text in {*base, *ours, *theirs, *merged}:
        before, mine, other = base[text], ours[text], theirs[text]
        least, most = _bounds(before, mine, other)
        if not least <= merged[text] <= most:
            raise Unmerged("the changes of both sides cannot be told apart")


def _bounds(before: int, ours: int, theirs: int) -> tuple[int, int]:
    """How often something is there at least and at most. Of what was there before nothing sure can
    be said: a side may have taken it out here and put it in there.
    """
    return 0 if before else max(ours, theirs), ours + theirs


def _without(value: Value, names: set[str | int]) -> Value:
    if not isinstance(value, dict):
        return value
    return {name: item for name, item in value.items() if name not in names}


def _texts(value: Value, field: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield from ((field, line) for line in value.split("\n") if line)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, field)
    elif value is not None:
        for name, item in value.items():
            yield from _texts(item, name)


def lost_comments(base: Ground | None, side: Ground, other: Ground, merged: Ground) -> list[str]:
    """The comments of one side that are not in the merged text, though the other did not take them out."""
    before, held = _comments(base), _comments(side)
    elsewhere, there = _comments(other), _comments(merged)
    lost = []
    for comment, count in held.items():
        taken_out = max(before[comment] - elsewhere[comment], 0)
        lost += [comment] * (count - taken_out - there[comment])
    return lost


def doubled_comments(base: Ground | None, ours: Ground, theirs: Ground, merged: Ground) -> bool:
    """True where a comment stands more often than both sides put it there."""
    before, mine, other = _comments(base), _comments(ours), _comments(theirs)
    return any(
        count > max(mine[comment], other[comment], mine[comment] + other[comment] - before[comment])
        for comment, count in _comments(merged).items()
    )


def _comments(ground: Ground | None) -> Counter[str]:
    return Counter(ground.comments(0, len(ground.text)) if ground else ())
