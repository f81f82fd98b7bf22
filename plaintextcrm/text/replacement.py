"""A value gives way to another one: the splices that may do it, the best first."""

from collections.abc import Iterator

from plaintextcrm.text.ground import Ground, Path, Splice, is_block_text
from plaintextcrm.text.habits import habits_of, layout_of
from plaintextcrm.text.nodes import Mapping, Node, Scalar, Sequence
from plaintextcrm.text.render import (
    Layout,
    Plain,
    Quotes,
    flow,
    item_lines,
    list_lines,
    literal,
    mapping_lines,
    scalar,
)


def replace(ground: Ground, path: Path, node: Node, value: Plain) -> Iterator[Splice]:
    """Write the value where the node stands, in the node's style."""
    if isinstance(node, Scalar) and node.blank:
        yield from _fill(ground, path, node, value)
    elif isinstance(node, Scalar) and is_block_text(node):
        yield from _replace_block_text(ground, path, node, value)
    elif ground.in_flow(path) or isinstance(node, Scalar) or node.flow:
        yield from _replace_in_line(ground, path, node, value)
    else:
        yield from _replace_lines(ground, path, node, value)


def _fill(ground: Ground, path: Path, node: Scalar, value: Plain) -> Iterator[Splice]:
    """Behind a colon or a dash with nothing behind it."""
    at = ground.value_start(path)
    in_flow = ground.in_flow(path)
    if at is None:
        parent, number = ground.parent(path)
        assert isinstance(parent, Mapping)
        end = parent.pairs[number][0].end.index
        yield Splice(end, end, f": {flow(value)}")
        return
    if not in_flow:
        if not habits_of(ground).in_brackets(value):
            yield from put_list(ground, path, at, at, value)
        yield from _write_block_text(ground, path, at, at, value)
    yield Splice(at, at, f" {_in_line(value, None, in_flow)}")


def _in_line(value: Plain, style: str | None, in_flow: bool) -> str:
    quotes = Quotes(style, always=True) if style else Quotes()
    return scalar(value, quotes, in_flow=in_flow) if isinstance(value, str) else flow(value)


def put_list(ground: Ground, path: Path, start: int, end: int, value: Plain) -> Iterator[Splice]:
    """A list in lines instead of a blank or `[]` from `start` to `end`, below the rest of that line."""
    habits = habits_of(ground)
    parent, _number = ground.parent(path)
    if not isinstance(parent, Mapping) or not isinstance(value, list):
        return
    column = parent.start.column
    lines = list_lines(value, column + habits.layout.dash, habits.layout, habits.entries)
    until = ground.line_end(end)
    rest = ground.text[end:until]
    body = ground.newline.join(lines)
    if rest.endswith("\n"):
        yield Splice(start, until, rest.rstrip() + ground.newline + body + ground.newline)
    else:
        yield Splice(start, until, rest.rstrip() + ground.newline + body)


def _write_block_text(
    ground: Ground,
    path: Path,
    start: int,
    end: int,
    value: Plain,
    comment: str = "",
    margin: int | None = None,
) -> Iterator[Splice]:
    """A text of several lines behind `|`; what stands on the line from `end` on stays behind it."""
    if not isinstance(value, str):
        return
    parent, number = ground.parent(path)
    gap = 2
    if margin is not None:
        gap = max(margin - parent.start.column, 1)
    elif isinstance(parent, Sequence):
        gap = max(parent.items[number].start.column - parent.start.column, 2)
    until = ground.line_end(end)
    rest = ground.text[end:until].rstrip("\r\n")
    note = comment or (rest if rest.strip() else "")
    block = literal(value, parent.start.column, gap, note)
    if not block or (rest.strip() and not rest.lstrip(" ").startswith("#")):
        return
    newline = (
        ground.newline if ground.text[end:until].endswith("\n") or value.endswith("\n") else ""
    )
    blank = "" if ground.text[start - 1 : start] == " " else " "
    yield Splice(start, until, blank + ground.newline.join(block) + newline)


def _replace_block_text(ground: Ground, path: Path, node: Scalar, value: Plain) -> Iterator[Splice]:
    """A text behind `|` or `>`: its lines go, the comment behind its head stays."""
    start = node.start.index
    head = ground.text[start : ground.line_end(start)]
    comment = head[head.index("#") :].rstrip() if "#" in head else ""
    behind = f" {comment}" if comment else ""
    lines = ground.text[start : node.end.index].split("\n")[1:]
    margin = min(
        (len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=None
    )
    for end in ground.ends_of(node):
        stop = len(ground.text[:end].removesuffix("\n").removesuffix("\r"))
        yield from _write_block_text(ground, path, start, stop, value, behind, margin)
        yield Splice(start, stop, _in_line(value, None, in_flow=False) + behind)


def _replace_in_line(ground: Ground, path: Path, node: Node, value: Plain) -> Iterator[Splice]:
    """A text, or something in brackets: from its first to its last character."""
    start, end = node.start.index, node.end.index
    in_flow = ground.in_flow(path)
    style = node.style if isinstance(node, Scalar) else None
    if not in_flow and style is None:
        yield from _write_block_text(ground, path, start, end, value)
    comments = [] if isinstance(node, Scalar) else ground.comments(start, end)
    piece = _in_line(value, style, in_flow) if isinstance(value, str) else flow(value, (node,))
    margin = " " * (len(ground.text[ground.line_start(start) : start]) or 2)
    if in_flow:
        piece += "".join(f" {comment}{ground.newline}{margin}" for comment in comments)
    else:
        piece += f"{ground.newline}{margin}".join(f" {comment}" for comment in comments)
    yield Splice(start, end, piece)


def _replace_lines(
    ground: Ground, path: Path, node: Mapping | Sequence, value: Plain
) -> Iterator[Splice]:
    """A list or mapping in lines: comments between its lines stay below the new ones."""
    parent, number = ground.parent(path)
    column = node.start.column
    deep = column if column > parent.start.column else parent.start.column + 2
    for end in ground.ends_of(node):
        if isinstance(parent, Sequence):
            start = ground.begin(parent, number)
            layout = layout_of(parent, parent.start.column)
            lines = item_lines(value, parent.start.column, layout, (node,))
            lines[0] = lines[0].lstrip(" ")
            comments = ground.comments(start, end)
        else:
            start = ground.value_start(path) or node.start.index
            rest, comments = _first_line(ground, start, end)
            lines = [rest, *_lines_like(node, value)]
            if len(lines) == 1:
                lines = [f" {flow(value)}{rest}"]
        lines += [f"{' ' * deep}{comment}" for comment in comments]
        last = ground.newline if ground.text[end - 1] == "\n" else ""
        yield Splice(start, end, ground.newline.join(lines) + last)


def _first_line(ground: Ground, start: int, end: int) -> tuple[str, list[str]]:
    """What stands behind a colon on its line, a comment at most; and the comments below."""
    line = ground.text[start : ground.line_end(start)]
    return line.rstrip(), ground.comments(start + len(line), end)


def _lines_like(node: Mapping | Sequence, value: Plain) -> list[str]:
    """The value in lines where the node was one of the same shape; none where it was not."""
    column = node.start.column
    if isinstance(node, Sequence) and isinstance(value, list):
        return list_lines(value, column, layout_of(node, column), node.items)
    if isinstance(node, Mapping) and isinstance(value, dict) and value:
        return mapping_lines(value, column, Layout(), (node,))
    return []
