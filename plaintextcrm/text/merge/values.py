"""What a merge gives: a text, and what two people changed in different ways."""

from dataclasses import dataclass
from typing import TypeAlias

from plaintextcrm.model.problem import Place, Problem
from plaintextcrm.text.ground import Path
from plaintextcrm.text.render import Plain

Value: TypeAlias = "Plain | None"  # None: it is not there


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field, or an entry, that both sides changed, and not in the same way.

    `path` is where it stands in the merged data, or, for what our side removed, where it would.
    `field` says it in words, such as `cadence` or `note of the interaction of 2026-05-12`; `entry`
    is the entry around it, as our side has it. `order`: only the order of the entries is at issue.
    """

    path: Path
    field: str
    base: Value
    ours: Value
    theirs: Value
    our_place: Place | None = None
    their_place: Place | None = None
    entry: Value = None
    order: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of three versions of a file.

    `data` is our text with all that only their side changed; what is in conflict stands there as
    ours. `marked` is the same with conflict markers around the fields in conflict, and is `data`
    where there are none; None: the markers cannot stand just there, so take what git makes.
    `uncarried` are comments of theirs for which there was no sure place.
    """

    data: bytes
    marked: bytes | None
    conflicts: tuple[Conflict, ...] = ()
    uncarried: tuple[str, ...] = ()
    private: bool = False


class Unmerged(Exception):
    """The fields cannot be merged. `side` is `base`, `ours` or `theirs` where a text is at fault;
    `apart`: the two texts are of two contacts, so not even lines of them may be mixed.
    """

    def __init__(
        self, why: str, side: str = "", problem: Problem | None = None, *, apart: bool = False
    ) -> None:
        super().__init__(why)
        self.side = side
        self.problem = problem
        self.apart = apart
