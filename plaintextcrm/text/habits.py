"""How this file is written: new lists look like those that are there, first or last as their dates run."""

from dataclasses import dataclass

from plaintextcrm.text.ground import Ground
from plaintextcrm.text.nodes import Mapping, Scalar, Sequence
from plaintextcrm.text.render import NEAR, Layout, Plain, Sample

_DAYS = ("date", "year")


@dataclass(frozen=True, slots=True)
class Habits:
    """`entries` are some of the file's own, the nearest first. `words` and `lists` say whether a new
    list of texts, and one of entries with fields, is written in brackets.
    """

    layout: Layout
    entries: Sample
    words: bool
    lists: bool

    def in_brackets(self, value: Plain) -> bool:
        """True where a new value is written within brackets or braces."""
        if not isinstance(value, list) or not value:
            return True
        return self.lists if any(isinstance(item, dict) for item in value) else self.words


def habits_of(ground: Ground) -> Habits:
    """The habits of a file; where it has none, entries with fields get lines, and words brackets."""
    layout: Layout | None = None
    entries: list[Mapping] = []
    words = lists = None
    for column, node in ground.lists():
        mappings = [item for item in node.items[-NEAR:] if isinstance(item, Mapping)]
        if not node.flow and (layout is None or (mappings and not entries)):
            layout = layout_of(node, column)
        if mappings:
            lists = node.flow if lists is None else lists
            entries += reversed(mappings)
        elif words is None:
            words = node.flow
    return Habits(layout or Layout(), tuple(entries[:NEAR]), words is not False, bool(lists))


def layout_of(node: Sequence, column: int) -> Layout:
    """How a block list is indented below the field in that column."""
    gaps = (
        item.start.column - node.start.column
        for item in node.items
        if not (isinstance(item, Scalar) and item.blank)
    )
    return Layout(max(node.start.column - column, 0), max(next(gaps, 2), 2))


def newest_first(ground: Ground, node: Sequence) -> bool:
    """True where a list's dates run backwards; where they do not tell, as those of the other lists."""
    turn = _turn(node)
    if turn == 0 and any(isinstance(item, Mapping) for item in node.items):
        turns = {_turn(other) for _column, other in ground.lists()}
        return 1 in turns and -1 not in turns
    return turn > 0


def _turn(node: Sequence) -> int:
    """1: the newest is the first; -1: it is the last; 0: it cannot be told."""
    days = [
        value.text
        for item in node.items
        if isinstance(item, Mapping)
        for key, value in item.pairs
        if key.text in _DAYS and isinstance(value, Scalar)
    ]
    first, last = (days[0], days[-1]) if days else ("", "")
    return (first > last) - (first < last)
