"""A field or an entry that was not there: the splices that may put it in, the best first."""

from collections.abc import Iterator

from plaintextcrm.text import brackets
from plaintextcrm.text.fields import names_at, takes_one
from plaintextcrm.text.ground import Ground, Misfit, Path, Splice, is_block_text
from plaintextcrm.text.habits import Habits, habits_of, layout_of, newest_first
from plaintextcrm.text.nodes import Mapping, Node, Scalar, Sequence, place_of
from plaintextcrm.text.render import (
    NEAR,
    Plain,
    flow,
    flow_pair,
    item_lines,
    list_lines,
    name,
    pair_lines,
)
from plaintextcrm.text.replacement import put_list, replace


def add(
    ground: Ground, path: Path, value: Plain, written: tuple[str, ...] = ()
) -> Iterator[Splice]:
    """Add the field at the path; a mapping around it is made where there is none.

    `written` are lines without an indent, as somebody wrote the same elsewhere: they come first.
    """
    parent, field = ground.node(path[:-1]), path[-1]
    if not isinstance(field, str):
        raise Misfit(ground.nearest(path), f"there is no entry {field + 1} here", "count again")
    if parent is None:
        yield from add(ground, path[:-1], {field: value})
    elif isinstance(parent, Scalar) and parent.blank:
        yield from replace(ground, path[:-1], parent, {field: value})
    elif not isinstance(parent, Mapping):
        raise Misfit(
            place_of(parent), f"there are no fields here, so `{field}` cannot be one of them"
        )
    else:
        if written and not ground.in_flow((*path, "")):
            lines = _indented(written, parent.start.column)
            yield from _add_to(ground, parent, path, value, lines)
        yield from _add_to(ground, parent, path, value)


def _add_to(
    ground: Ground, parent: Mapping, path: Path, value: Plain, lines: list[str] | None = None
) -> Iterator[Splice]:
    field = str(path[-1])
    number = _number(parent, path)
    like = (parent, *habits_of(ground).entries)
    if ground.in_flow((*path, "")):
        yield from brackets.put(ground, parent, number, flow_pair(field, value, like))
        return
    column = parent.start.column
    lines = lines or _field_lines(ground, parent, path, value)
    if number:
        for end in ground.ends_of(parent.pairs[number - 1][1]):
            yield from ground.insert_lines(ground.past_comments(end, column), lines)
        return
    first = ground.begin(parent, 0)
    if ground.begins_line(first):
        yield from ground.insert_lines(ground.above(first), lines)
    else:  # behind the dash of an entry
        body = ground.newline.join(lines).lstrip(" ")
        yield Splice(first, first, body + ground.newline + " " * column)


def _number(parent: Mapping, path: Path) -> int:
    """The place of a new field among the others, by the field table's order: behind the one that
    is the next before it there; at the end if the table does not have it.
    """
    order = names_at(path)
    if path[-1] not in order:
        return len(parent.pairs)
    ranks = {field: rank for rank, field in enumerate(order)}
    own = ranks[str(path[-1])]
    earlier = [
        (ranks[key.text], number + 1)
        for number, (key, _value) in enumerate(parent.pairs)
        if ranks.get(key.text, own) < own
    ]
    return max(earlier, default=(0, 0))[1]


def _field_lines(ground: Ground, parent: Mapping, path: Path, value: Plain) -> list[str]:
    """The lines of a new field; a list is written as the file writes its others."""
    field, habits, column = str(path[-1]), habits_of(ground), parent.start.column
    like = (parent, *habits.entries)
    if len(path) == 1 and isinstance(value, list) and not habits.in_brackets(value):
        head = f"{' ' * column}{name(field, like)}:"
        dash = column + habits.layout.dash
        return [head, *list_lines(value, dash, habits.layout, habits.entries)]
    return pair_lines(field, value, column, habits.layout, like)


def append(ground: Ground, path: Path, value: Plain) -> Iterator[Splice]:
    """One more entry of the list at the path; the list is made where there is none."""
    node = ground.node(path)
    if node is None:
        yield from add(ground, path, [value])
    elif isinstance(node, Scalar):
        if node.text and (is_block_text(node) or not takes_one(path)):
            raise Misfit(place_of(node), "there is a text here, not a list")
        yield from replace(ground, path, node, [node.text, value] if node.text else [value])
    elif isinstance(node, Mapping):
        raise Misfit(place_of(node), "there are fields here, not a list")
    elif node.flow:
        yield from _append_in_brackets(ground, path, node, value)
    else:
        number = 0 if newest_first(ground, node) else len(node.items)
        yield from _insert_lines(ground, node, number, value)


def insert(
    ground: Ground, path: Path, number: int, value: Plain, written: tuple[str, ...] = ()
) -> Iterator[Splice]:
    """One more entry of a list that has some, in front of the one with that number, or behind them
    all; `written` as in `add`.
    """
    node = ground.node(path)
    if not isinstance(node, Sequence) or not 0 <= number <= len(node.items):
        raise Misfit(ground.nearest(path), f"there is no entry {number + 1} here", "count again")
    if node.flow:
        like = (*_nearest(node, number), *habits_of(ground).entries)
        yield from brackets.put(ground, node, number, flow(value, like))
        return
    if written:
        lines = _indented(written, node.start.column)
        yield from _insert_lines(ground, node, number, value, lines)
    yield from _insert_lines(ground, node, number, value)


def _indented(written: tuple[str, ...], column: int) -> list[str]:
    return [f"{' ' * column}{line}" if line else "" for line in written]


def _append_in_brackets(
    ground: Ground, path: Path, node: Sequence, value: Plain
) -> Iterator[Splice]:
    number = 0 if newest_first(ground, node) else len(node.items)
    habits = habits_of(ground)
    if not node.items and not ground.in_flow(path) and not habits.in_brackets([value]):
        start, end = ground.value_start(path), node.end.index
        if start is not None and not ground.comments(node.start.index, end):
            yield from put_list(ground, path, start, end, [value])
    like = (*_nearest(node, number), *habits.entries)
    yield from brackets.put(ground, node, number, flow(value, like))


def _insert_lines(
    ground: Ground, node: Sequence, number: int, value: Plain, lines: list[str] | None = None
) -> Iterator[Splice]:
    column = node.start.column
    like = _like(_nearest(node, number), value, habits_of(ground))
    lines = lines or item_lines(value, column, layout_of(node, column), like)
    if number:
        for end in ground.ends_of(node.items[number - 1]):
            yield from ground.insert_lines(ground.past_comments(end, column), lines)
    elif ground.begins_line(node.start.index):
        yield from ground.insert_lines(ground.above(node.start.index), lines)
    else:  # a list that is itself an entry begins behind a dash
        at = node.start.index
        body = ground.newline.join(lines).lstrip(" ")
        yield Splice(at, at, body + ground.newline + " " * column)


def _like(near: tuple[Node, ...], value: Plain, habits: Habits) -> tuple[Node, ...]:
    """What a new entry takes after: the nearest of its list, or else the entries of other lists."""
    if isinstance(value, dict) and not any(isinstance(item, Mapping) for item in near):
        return habits.entries
    return near


def _nearest(node: Sequence, number: int) -> tuple[Node, ...]:
    """The entries beside that number, the nearest first."""
    above = node.items[max(number - NEAR, 0) : number]
    return (*reversed(above), *node.items[number : number + NEAR])[:NEAR]
