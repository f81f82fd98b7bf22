"""A field or an entry goes; its comments stay: the splices that may do it, the best first."""

from collections.abc import Iterator

from plaintextcrm.text import brackets
from plaintextcrm.text.ground import Ground, Misfit, Path, Splice
from plaintextcrm.text.nodes import Mapping, Sequence


def emptied(ground: Ground, path: Path) -> Path:
    """The path of what goes: the only line of a block takes its field along."""
    if ground.node(path) is None:
        raise Misfit(ground.nearest(path), f"there is no `{dotted(path)}`", "look again")
    parent, _number = ground.parent(path)
    held = parent.pairs if isinstance(parent, Mapping) else parent.items
    if len(held) > 1 or (parent.flow and len(path) > 1):
        return path
    if len(path) == 1:
        raise Misfit(
            ground.nearest(path),
            "a contact needs a field",
            "add another first",
        )
    return emptied(ground, path[:-1])


def remove(ground: Ground, path: Path) -> Iterator[Splice]:
    """Take out what is at the path."""
    path = emptied(ground, path)
    parent, number = ground.parent(path)
    if ground.in_flow(path):
        yield brackets.take(ground, parent, number)
        return
    begin = ground.begin(parent, number)
    if ground.begins_line(begin):
        yield from _remove_lines(ground, parent, number, begin)
    else:  # behind the dash of an entry
        until = ground.begin(parent, 1)
        margin = " " * parent.start.column
        comments = ground.comments(begin, until)
        yield Splice(begin, until, "".join(f"{line}{ground.newline}{margin}" for line in comments))


def _remove_lines(
    ground: Ground, parent: Mapping | Sequence, number: int, begin: int
) -> Iterator[Splice]:
    """Whole lines go. Their comments stay, each on a line of its own."""
    text, column = ground.text, parent.start.column
    start = ground.line_start(begin)
    node = parent.pairs[number][1] if isinstance(parent, Mapping) else parent.items[number]
    for stop in ground.ends_of(node):
        end = ground.past_comments(stop, column)
        lines = [" " * column + comment for comment in ground.comments(start, end)]
        kept = ground.newline.join(lines)
        if text[:end].endswith("\n"):
            kept += ground.newline if lines else ""
            yield Splice(start, end, kept)
            blank = end
            while not text[blank : ground.line_end(blank)].strip() and blank < len(text):
                blank = ground.line_end(blank)
            yield Splice(start, blank, kept)  # empty lines that a text above would take in
        else:
            before = len(text[:start].removesuffix("\n").removesuffix("\r"))
            yield Splice(start if lines else before, end, kept)
            yield Splice(start, end, kept)


def dotted(path: Path) -> str:
    """A path as people write it: entries are counted from 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
