"""How somebody wrote a field or an entry: its lines with their comments, to be put into another text."""

import re

from plaintextcrm.text.ground import Ground, Path
from plaintextcrm.text.merge.changes import Written
from plaintextcrm.text.nodes import Mapping, Node, Sequence, plain
from plaintextcrm.text.render import Plain


def pieces(theirs: Ground, known: Ground) -> Written:
    """The lines of what stands in their text, without an indent; none where it has no lines of its
    own. Comments that are in the text `known` already are left out.
    """
    comments = set(known.comments(0, len(known.text)))

    def written(path: Path, value: Plain) -> tuple[str, ...]:
        names = path[:-1]
        parent = theirs.node(names)
        if not isinstance(parent, Mapping | Sequence) or parent.flow or theirs.in_flow(path):
            return ()
        number = _number(parent, path[-1], value)
        return () if number is None else _lines(theirs, parent, number, comments)

    return written


def _number(parent: Mapping | Sequence, step: str | int, value: Plain) -> int | None:
    """The number of the field with that name, or of the entry, that has this value."""
    held: list[tuple[str, Node]]
    if isinstance(parent, Mapping):
        held = [(key.text, node) for key, node in parent.pairs]
    else:
        held = [(str(step), node) for node in parent.items]
    found = (
        at for at, (name, node) in enumerate(held) if name == str(step) and plain(node) == value
    )
    return next(found, None)


def _lines(
    ground: Ground, parent: Mapping | Sequence, number: int, known: set[str]
) -> tuple[str, ...]:
    column = parent.start.column
    begin = ground.begin(parent, number)
    if not ground.begins_line(begin):
        return ()
    node = parent.pairs[number][1] if isinstance(parent, Mapping) else parent.items[number]
    start = max(ground.above(begin), _end_before(ground, parent, number))
    end = ground.past_comments(ground.ends_of(node)[0], column)
    lines = ground.text[start:end].removesuffix("\n").split("\n")
    bare = (_without(line.removesuffix("\r"), known) for line in lines)
    return tuple(_dedented(line, column) for line in bare if line is not None)


def _without(line: str, known: set[str]) -> str | None:
    """The line without the comment at its end if that is known; None where nothing else is there."""
    for sign in re.finditer("(?:^| )#", line):
        if line[sign.end() - 1 :].rstrip() in known:
            return line[: sign.start()].rstrip() or None
    return line


def _end_before(ground: Ground, parent: Mapping | Sequence, number: int) -> int:
    """Where what stands in front of it ends, with the comments that belong to that."""
    if not number:
        return 0
    before = (
        parent.pairs[number - 1][1] if isinstance(parent, Mapping) else parent.items[number - 1]
    )
    return ground.past_comments(ground.ends_of(before)[0], parent.start.column)


def _dedented(line: str, column: int) -> str:
    return line[column:] if not line[:column].strip() else line.lstrip(" ")
