"""Changing a file's text by splicing: one value changes, and no other byte.

A change is found on the nodes of the text, made as one splice of characters, and proved: the new
text is parsed again and must hold the old data with exactly this change. Else it is refused.
"""

from collections.abc import Sequence as Seq
from dataclasses import dataclass
from typing import Any, TypeAlias

from plaintextcrm.model.problem import Place
from plaintextcrm.text.fields import names_at
from plaintextcrm.text.nodes import Mapping, Node, Scalar, Sequence, last_leaf, place_of, plain
from plaintextcrm.text.reader import BOM, read
from plaintextcrm.text.render import Layout, Plain, child, flow, item_lines, lines_of, scalar

Path: TypeAlias = tuple[str | int, ...]


class Refused(Exception):
    """The change cannot be made safely; the text is as it was."""

    def __init__(self, path: str, place: Place, why: str) -> None:
        super().__init__(f"{path}:{place.line}:{place.column}: {why}")


@dataclass(frozen=True, slots=True)
class Set:
    """The field at `path` gets this value; it is added where it is missing."""

    path: Path
    value: Plain


@dataclass(frozen=True, slots=True)
class Append:
    """The list at `path` gets one more entry, first or last as its dates run; or it is made."""

    path: Path
    value: Plain


@dataclass(frozen=True, slots=True)
class Remove:
    """The field or entry at `path` goes."""

    path: Path


Change: TypeAlias = Set | Append | Remove


def edit(data: bytes, path: str, *changes: Change) -> bytes:
    """The file's bytes after these changes, one after the other. Raises Refused."""
    for change in changes:
        data = _Text(data, path).changed(change)
    return data


class _Text:
    """One text, its nodes, and one change to it."""

    def __init__(self, data: bytes, path: str) -> None:
        document = read(data, path)
        if document.root is None or document.problems:
            problem = document.problems[0]
            raise Refused(path, problem.place, f"mend the file first: {problem.message}")
        self.path = path
        self.root = document.root
        self.text = document.text
        self.mark = BOM if data.startswith(BOM.encode()) else ""
        self.newline = "\r\n" if "\r\n" in self.text else "\n"

    def changed(self, change: Change) -> bytes:
        """The new bytes, proved."""
        start, end, piece = self._splice(change)
        new = (self.mark + self.text[:start] + piece + self.text[end:]).encode()
        again = read(new, self.path)
        if again.problems or again.root is None or plain(again.root) != self.wanted(change):
            at = self.text.count("\n", 0, start) + 1
            raise self._refused(Place(at, 1, at, 1), "this cannot be changed here without other lines")
        return new

    def _refused(self, place: Place, why: str) -> Refused:
        return Refused(self.path, place, f"{why}; edit the file yourself")

    def _splice(self, change: Change) -> tuple[int, int, str]:
        if isinstance(change, Set):
            return self._set(change)
        if isinstance(change, Append):
            return self._append(change)
        return self._remove(change)

    # ── finding ──────────────────────────────────────────────────────────────

    def _node(self, path: Path) -> Node | None:
        node: Node | None = self.root
        for step in path:
            if isinstance(node, Mapping) and isinstance(step, str):
                node = next((value for key, value in node.pairs if key.text == step), None)
            elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            else:
                return None
        return node

    def _line_end(self, index: int) -> int:
        """The index behind the line that holds `index`, its newline included."""
        end = self.text.find("\n", index)
        return len(self.text) if end < 0 else end + 1

    def _behind(self, node: Node) -> int:
        """Where the line behind a block node begins. A block of text ends there by itself."""
        leaf = last_leaf(node)
        if leaf.end.column == 0 and leaf.end.index > leaf.start.index:
            return leaf.end.index
        return self._line_end(leaf.end.index)

    def _lines(self, at: int, lines: list[str]) -> tuple[int, int, str]:
        """Whole new lines at the beginning of a line, or at the end of a text without a last newline."""
        body = self.newline.join(lines)
        if at and self.text[at - 1] != "\n":
            return at, at, self.newline + body
        return at, at, body + self.newline

    # ── set ──────────────────────────────────────────────────────────────────

    def _set(self, change: Set) -> tuple[int, int, str]:
        node = self._node(change.path)
        if node is None:
            return self._add(change.path, change.value)
        if not isinstance(node, Scalar):
            return self._replace_block(node, change.value)
        if node.blank:
            return self._fill(node, change.value)
        in_flow = self._in_flow(change.path)
        if node.style and node.style in "|>":
            return self._replace_text(node, change.value)
        piece = (
            scalar(change.value, node.style, in_flow=in_flow)
            if isinstance(change.value, str)
            else flow(change.value)
        )
        return node.start.index, node.end.index, piece

    def _in_flow(self, path: Path) -> bool:
        nodes = (self._node(path[:n]) for n in range(len(path)))
        return any(not isinstance(node, Scalar) and node is not None and node.flow for node in nodes)

    def _fill(self, node: Scalar, value: Plain) -> tuple[int, int, str]:
        at = node.start.index
        return at, at, f" {flow(value)}"

    def _replace_text(self, node: Scalar, value: Plain) -> tuple[int, int, str]:
        """A literal or folded block gets new lines, with the indent of the old ones."""
        start, end = node.start.index, node.end.index
        block = self.text[start:end]
        lines = [line for line in block.split("\n")[1:] if line.strip()]
        indent = min((len(line) - len(line.lstrip(" ")) for line in lines), default=2)
        tail = self.newline if block.endswith("\n") else ""
        if not isinstance(value, str):
            return start, end, flow(value) + tail
        if "\n" not in value:
            return start, end, scalar(value) + tail
        pad = " " * indent
        body = [(pad + line) if line else "" for line in value.removesuffix("\n").split("\n")]
        head = "|" if value.endswith("\n") else "|-"
        return start, end, self.newline.join([head, *body]) + tail

    def _replace_block(self, node: Node, value: Plain) -> tuple[int, int, str]:
        """A whole list or mapping gives way to a value in brackets, unless a comment would go with it."""
        leaf = last_leaf(node)
        if node.flow:
            return node.start.index, node.end.index, flow(value)
        if "#" in self.text[node.start.index : leaf.end.index]:
            raise self._refused(place_of(node), "there are comments between these lines")
        begin = self.text.rfind(":", 0, node.start.index) + 1
        return begin, leaf.end.index, f" {flow(value)}"

    # ── add a field ──────────────────────────────────────────────────────────

    def _add(self, path: Path, value: Plain) -> tuple[int, int, str]:
        parent = self._node(path[:-1])
        name = path[-1]
        if not isinstance(parent, Mapping) or not isinstance(name, str):
            raise self._refused(Place(), f"there is nothing at {'.'.join(map(str, path))}")
        after = self._predecessor(parent, path)
        if parent.flow:
            return self._add_in_flow(parent, after, name, value)
        column = parent.pairs[0][0].start.column if parent.pairs else 0
        lines = self._field_lines(name, value, column)
        if after is None:
            first = parent.pairs[0][0].start.index
            if len(path) > 1:  # behind the dash of an entry: there is no line before its first field
                return first, first, lines[0].lstrip(" ") + self.newline + " " * column
            return self._lines(self.text.rfind("\n", 0, first) + 1, lines)
        return self._lines(self._past_comments(self._behind(after), column), lines)

    def _predecessor(self, parent: Mapping, path: Path) -> Node | None:
        """The value of the field behind which a new one belongs, by the field table's order."""
        order = names_at(path)
        name = path[-1]
        if name not in order:
            return parent.pairs[-1][1] if parent.pairs else None
        earlier = order[: order.index(str(name))]
        found = [node for key, node in parent.pairs if key.text in earlier]
        return found[-1] if found else None

    def _past_comments(self, at: int, column: int) -> int:
        """Past comment lines that are indented below the field before."""
        while True:
            end = self._line_end(at)
            line = self.text[at:end]
            bare = line.lstrip(" ")
            if not (bare.startswith("#") and len(line) - len(bare) > column) or end == at:
                return at
            at = end

    def _add_in_flow(
        self, parent: Mapping, after: Node | None, name: str, value: Plain
    ) -> tuple[int, int, str]:
        pair = f"{name}: {flow(value)}"
        if after is not None:
            return after.end.index, after.end.index, f", {pair}"
        at = parent.start.index + 1
        return at, at, f"{pair}, " if parent.pairs else pair

    def _field_lines(self, name: str, value: Plain, column: int) -> list[str]:
        layout = self._layout()
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            lines = [f"{' ' * column}{name}:"]
            for item in value:
                lines += item_lines(item, column + layout.dash, layout, self._any_entry())
            return lines
        return lines_of({name: value}, column, layout)

    def _layout(self) -> Layout:
        """How the lists of this file are indented."""
        for key, node in self.root.pairs:
            if isinstance(node, Sequence) and node.items and not node.flow:
                dash = node.start.column - key.start.column
                gap = node.items[0].start.column - node.start.column
                return Layout(max(dash, 0), max(gap, 2), self.newline)
        return Layout(newline=self.newline)

    def _any_entry(self) -> Mapping | None:
        """An entry of any list, as a neighbour for the first one of another."""
        for _key, node in self.root.pairs:
            if isinstance(node, Sequence) and node.items and isinstance(node.items[-1], Mapping):
                return node.items[-1]
        return None

    # ── append ───────────────────────────────────────────────────────────────

    def _append(self, change: Append) -> tuple[int, int, str]:
        node = self._node(change.path)
        if node is None:
            return self._add(change.path, [change.value])
        if isinstance(node, Scalar) and node.blank:
            return self._fill_list(node, change)
        if not isinstance(node, Sequence):
            raise self._refused(place_of(node), "there is no list here")
        if node.flow:
            return self._append_in_flow(node, change.value)
        first = _newest_first(node)
        like = node.items[0] if first else node.items[-1]
        layout = Layout(0, max(like.start.column - node.start.column, 2), self.newline)
        lines = item_lines(change.value, node.start.column, layout, like)
        if first:
            return self._lines(self.text.rfind("\n", 0, node.start.index) + 1, lines)
        return self._lines(self._behind(node), lines)

    def _fill_list(self, node: Scalar, change: Append) -> tuple[int, int, str]:
        if self._in_flow(change.path):
            return node.start.index, node.start.index, f" {flow([change.value])}"
        parent = self._node(change.path[:-1])
        assert isinstance(parent, Mapping)
        layout = self._layout()
        column = parent.pairs[0][0].start.column + layout.dash
        lines = item_lines(change.value, column, layout, self._any_entry())
        return self._lines(self._line_end(node.start.index), lines)

    def _append_in_flow(self, node: Sequence, value: Plain) -> tuple[int, int, str]:
        if not node.items:
            inside = node.start.index + 1
            return inside, node.end.index - 1, flow(value)
        if _newest_first(node):
            at = node.items[0].start.index
            return at, at, f"{flow(value, node.items[0])}, "
        at = node.items[-1].end.index
        return at, at, f", {flow(value, node.items[-1])}"

    # ── remove ───────────────────────────────────────────────────────────────

    def _remove(self, change: Remove) -> tuple[int, int, str]:
        parent = self._node(change.path[:-1])
        node = self._node(change.path)
        if node is None or not isinstance(parent, Mapping | Sequence):
            raise self._refused(Place(), f"there is nothing at {'.'.join(map(str, change.path))}")
        if isinstance(parent, Mapping):
            spans = [(key, value) for key, value in parent.pairs]
            number = next(n for n, (_key, value) in enumerate(spans) if value is node)
        else:
            spans = [(item, item) for item in parent.items]
            number = next(n for n, (item, _item) in enumerate(spans) if item is node)
        if parent.flow:
            return self._remove_in_flow(spans, number)
        if len(spans) == 1:
            if len(change.path) == 1:
                raise self._refused(place_of(node), "a contact needs a field")
            return self._remove(Remove(change.path[:-1]))
        begin = self.text.rfind("\n", 0, spans[number][0].start.index) + 1
        if isinstance(parent, Mapping) and self.text[begin : spans[number][0].start.index].strip():
            after = spans[1][0].start.index  # the first field stands behind a dash
            return spans[0][0].start.index, after, ""
        return begin, self._behind(node), ""

    def _remove_in_flow(
        self, spans: Seq[tuple[Node, Node]], number: int
    ) -> tuple[int, int, str]:
        if number + 1 < len(spans):
            return spans[number][0].start.index, spans[number + 1][0].start.index, ""
        if number:
            return spans[number - 1][1].end.index, spans[number][1].end.index, ""
        return spans[0][0].start.index, spans[0][1].end.index, ""

    # ── prove ────────────────────────────────────────────────────────────────

    def wanted(self, change: Change) -> object:
        """The old data with exactly this change."""
        data: Any = plain(self.root)
        at = data
        for step in change.path[:-1]:
            at = at[step]
        last: Any = change.path[-1]
        if isinstance(change, Set):
            at[last] = change.value
        elif isinstance(change, Remove):
            _drop(data, change.path)
        else:
            node = self._node(change.path)
            held = at.get(last) or []
            first = isinstance(node, Sequence) and _newest_first(node)
            at[last] = [change.value, *held] if first else [*held, change.value]
        return data


def _drop(data: Any, path: Path) -> None:
    """Take out what is at the path; a list or mapping that is empty then goes too, if it is in block."""
    at = data
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]


def _newest_first(node: Sequence) -> bool:
    """True where the dates of the list run backwards."""
    days = [child(item, "date") for item in node.items]
    texts = [day.text for day in days if isinstance(day, Scalar)]
    return len(texts) > 1 and texts[0] > texts[-1]
