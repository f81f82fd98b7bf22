"""Merging two changes of one file, field by field: pure, from texts to a text.

For those who build on it (the driver, `sync`, `resolve`):

- `merge(base, ours, theirs, path)` gives a `Merged`: its `data` is our text, byte for byte, with all
  that only their side changed; `conflicts` are what both changed in different ways (`Conflict`: the
  field in words, the three values, their places, the entry around it); `marked` is what a person is
  to see in the file: markers around just those fields (None: take what `git merge-file` makes).
  It raises `Unmerged` where a side is not sound: then there is only git's own text.
- `tell_conflict(conflict)` is one line: `cadence: yours 3 months, theirs 6 weeks`; with `hidden`
  (`Merged.private`) it names no values, because words end in logs.
- `parts(text)` are the parts between markers that are left in a file, also git's own (they have no
  `field`); `settle(text, choose)` puts one of the sides there: that is how `resolve` works.
- `two_contacts(base, ours, theirs, path)` is true where git took one contact for another one.
- An empty `base` is a file that both sides added.

How: the three sides become data; `threeway` merges it, fields by name and lists by entry (`pairing`
knows which entry is which, `order` where it stands); `carry` brings our text to that data, at first
by whole lines of theirs (`hunks`), so that their comments come along, then by splices (`changes`,
`pieces`); what comes out is read again and must hold every change of both sides (`proof`).
"""

from plaintextcrm.text.ground import Ground, Path
from plaintextcrm.text.habits import newest_first
from plaintextcrm.text.merge.carry import Sides, carry, fields
from plaintextcrm.text.merge.conflicts import conflicts_of
from plaintextcrm.text.merge.identity import apart, tell_apart
from plaintextcrm.text.merge.markers import SIDES, Part, mark, parts, settle, whole
from plaintextcrm.text.merge.pieces import pieces
from plaintextcrm.text.merge.proof import demand, lost_comments
from plaintextcrm.text.merge.threeway import NewestFirst, Three, merge_data
from plaintextcrm.text.merge.values import Conflict, Merged, Unmerged
from plaintextcrm.text.merge.words import tell_conflict
from plaintextcrm.text.nodes import Sequence
from plaintextcrm.text.reader import read
from plaintextcrm.text.source import BOM, Text

__all__ = [
    "SIDES",
    "Conflict",
    "Merged",
    "Part",
    "Unmerged",
    "merge",
    "parts",
    "settle",
    "tell_conflict",
    "two_contacts",
    "whole",
]


def merge(
    base: bytes, ours: bytes, theirs: bytes, path: str, sides: tuple[str, str] = SIDES
) -> Merged:
    """Merge three versions of the file; `sides` are the two sides' names in markers."""
    if theirs in (base, ours):
        return Merged(ours, ours)
    if ours == base:
        return Merged(theirs, theirs)
    old = _ground(base, path, "base") if base.strip() else None
    mine, other = _ground(ours, path, "ours"), _ground(theirs, path, "theirs")
    three = Three(fields(old), fields(mine), fields(other))
    private = any(Text(path, ground.text).private for ground in (mine, other))
    if apart(*(fields(ground) for ground in (old, mine, other))):
        names = None if private else (fields(mine).get("name"), fields(other).get("name"))
        raise Unmerged(tell_apart(names, sides), apart=True)
    goal, clashes = merge_data(three, _newest_first(mine, other))
    if not isinstance(goal, dict) or not goal:
        raise Unmerged("nothing would be left of the file")
    demand(three, goal, clashes)
    text = carry(Sides(old, mine, other), goal, path)
    new = _ground(text.encode(), path, "")
    if lost_comments(old, mine, other, new):
        raise Unmerged("a comment of yours would be lost")
    conflicts = conflicts_of(clashes, goal, mine, other)
    try:
        marked = mark(text, goal, conflicts, pieces(other, new), sides) if conflicts else text
    except Unmerged:
        marked = None
    start = BOM if ours.startswith(BOM.encode()) else ""
    return Merged(
        data=(start + text).encode(),
        marked=None if marked is None else (start + marked).encode(),
        conflicts=conflicts,
        uncarried=tuple(lost_comments(old, other, mine, new)),
        private=private,
    )


def two_contacts(base: bytes, ours: bytes, theirs: bytes, path: str) -> bool:
    """True where the versions are surely of two contacts, because git thinks that one was renamed."""
    try:
        return apart(*(fields(_ground(data, path, "")) for data in (base, ours, theirs)))
    except Unmerged:
        return False


def _ground(data: bytes, path: str, side: str) -> Ground:
    document = read(data, path)
    if document.root is None or document.problems:
        problem = document.problems[0]
        raise Unmerged(problem.message, side, problem)
    return Ground(document.text, document.root, "\r\n" if "\r\n" in document.text else "\n")


def _newest_first(ours: Ground, theirs: Ground) -> NewestFirst:
    """How a list runs: the side tells that has more entries of it."""

    def asked(path: Path) -> bool:
        nodes = [(ground.node(path), ground) for ground in (ours, theirs)]
        lists = [(node, ground) for node, ground in nodes if isinstance(node, Sequence)]
        lists.sort(key=lambda one: -len(one[0].items))
        return any(newest_first(ground, node) for node, ground in lists[:1])

    return asked
