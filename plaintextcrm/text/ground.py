"""A text that is to be changed: its nodes, and where their lines, dashes, colons and comments are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from plaintextcrm.model.problem import Place
from plaintextcrm.text.nodes import Mapping, Node, Scalar, Sequence, last_leaf, place_of, scalars

Path: TypeAlias = tuple[str | int, ...]


class Splice(NamedTuple):
    """The characters from `start` to `end` give way to `text`."""

    start: int
    end: int
    text: str


class Misfit(Exception):
    """There is no way to make the change; `place` is where it should have been."""

    def __init__(self, place: Place, why: str, hint: str = "edit the file yourself") -> None:
        super().__init__(f"{why}; {hint}")
        self.place = place


@dataclass(frozen=True, slots=True)
class Ground:
    """A sound text and its fields. All positions are indexes into the text."""

    text: str
    root: Mapping
    newline: str

    # ── nodes ────────────────────────────────────────────────────────────────

    def node(self, path: Path) -> Node | None:
        """What stands at the path."""
        node: Node | None = self.root
        for step in path:
            if isinstance(node, Mapping) and isinstance(step, str):
                node = next((value for key, value in node.pairs if key.text == step), None)
            elif isinstance(node, Sequence) and isinstance(step, int):
                node = node.items[step] if 0 <= step < len(node.items) else None
            else:
                return None
        return node

    def parent(self, path: Path) -> tuple[Mapping | Sequence, int]:
        """The list or mapping that holds what stands at the path, and its number there."""
        parent, step = self.node(path[:-1]), path[-1]
        if isinstance(parent, Mapping):
            names = [key.text for key, _value in parent.pairs]
            return parent, names.index(str(step))
        assert isinstance(parent, Sequence) and isinstance(step, int)
        return parent, step

    def in_flow(self, path: Path) -> bool:
        """True where what stands at the path is within brackets or braces."""
        above = (self.node(path[:length]) for length in range(len(path)))
        return any(not isinstance(node, Scalar | None) and node.flow for node in above)

    def nearest(self, path: Path) -> Place:
        """The place of what stands at the path, or of the next thing above it that is there."""
        for length in range(len(path), 0, -1):
            if (node := self.node(path[:length])) is not None:
                return place_of(node)
        return Place()

    def lists(self, node: Node | None = None, column: int = 0) -> Iterator[tuple[int, Sequence]]:
        """Every list of the text with entries, and the column of the field it belongs to."""
        node = node or self.root
        if isinstance(node, Sequence):
            if node.items:
                yield column, node
            for item in node.items:
                yield from self.lists(item, node.start.column)
        elif isinstance(node, Mapping):
            for _key, value in node.pairs:
                if not isinstance(value, Scalar):
                    yield from self.lists(value, node.start.column)

    # ── lines ────────────────────────────────────────────────────────────────

    def line_start(self, index: int) -> int:
        """Where the line begins that holds `index`."""
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """The index behind the line that holds `index`, its newline included."""
        end = self.text.find("\n", index)
        return len(self.text) if end < 0 else end + 1

    def begins_line(self, index: int) -> bool:
        """True where nothing but blanks stands before `index` on its line."""
        return not self.text[self.line_start(index) : index].strip(" ")

    def ends_of(self, node: Node) -> list[int]:
        """Where the line behind a block node begins; behind a block of text also past empty lines."""
        leaf = last_leaf(node)
        start, end = leaf.start.index, leaf.end.index
        if not is_block_text(leaf):
            return [self.line_end(end)]
        content = self.text[start:end].rstrip(" \r\n")
        return list(dict.fromkeys([self.line_end(start + len(content)), end]))

    def past_comments(self, at: int, column: int) -> int:
        """From the start of a line past comments right of `column`: they belong to what is above."""
        look = at
        while look < len(self.text):
            end = self.line_end(look)
            line = self.text[look:end]
            bare = line.strip()
            if bare and not (bare.startswith("#") and len(line) - len(line.lstrip(" ")) > column):
                break
            look = end
            at = end if bare else at
        return at

    def above(self, index: int) -> int:
        """The start of the line that holds `index`, or of the comment lines right above it."""
        start = self.line_start(index)
        while start:
            before = self.line_start(start - 1)
            if not self.text[before:start].lstrip(" ").startswith("#"):
                break
            start = before
        return start

    def insert_lines(self, at: int, lines: list[str]) -> Iterator[Splice]:
        """Whole new lines at the start of a line, or at the end of a text without a last newline."""
        body = self.newline.join(lines)
        if not at or self.text[at - 1] == "\n":
            yield Splice(at, at, body + self.newline)
            return
        leaf = last_leaf(self.root)
        for tail in (body, body + self.newline):
            yield Splice(at, at, self.newline + tail)
            if is_block_text(leaf):  # it would get a newline at its end, unless its head says no
                start = leaf.start.index
                kept = re.sub(r"^([|>]\d?)[+-]?(\d?)", r"\1\2-", self.text[start:at])
                yield Splice(start, at, kept + self.newline + tail)

    # ── signs between the nodes ──────────────────────────────────────────────

    def sign(self, sign: str, start: int, end: int) -> int | None:
        """The index of a colon, dash or comma between two texts, outside of comments."""
        gap = re.sub(r"#[^\n]*", lambda comment: " " * len(comment[0]), self.text[start:end])
        found = gap.find(sign)
        return None if found < 0 else start + found

    def begin(self, parent: Mapping | Sequence, number: int) -> int:
        """Where a field begins with its name (or its `?`), or an entry of a block list with its dash."""
        if isinstance(parent, Mapping):
            sign, start = "?", parent.pairs[number][0].start.index
            before: Node = parent.pairs[number - 1][1]
        else:
            sign, start = "-", parent.items[number].start.index
            before = parent.items[number - 1]
        if parent.flow:
            return start
        since = last_leaf(before).end.index if number else parent.start.index
        found = self.sign(sign, since, start)
        return start if found is None else found

    def value_start(self, path: Path) -> int | None:
        """The index right behind the colon of a field, or the dash of an entry."""
        parent, number = self.parent(path)
        if isinstance(parent, Sequence):
            return (
                parent.items[number].start.index if parent.flow else self.begin(parent, number) + 1
            )
        key, value = parent.pairs[number]
        colon = self.sign(":", key.end.index, value.start.index)
        return None if colon is None else colon + 1

    def comments(self, start: int, end: int) -> list[str]:
        """The comments that begin between two indexes, each with its `#`."""
        found: list[str] = []
        at = start
        for text in scalars(self.root):
            if text.end.index <= start:
                continue
            if text.start.index >= end:
                break
            found += _comments_in(self.text[at : max(at, text.start.index)])
            if is_block_text(text):
                found += _comments_in(self.text[text.start.index : text.end.index].split("\n")[0])
            at = max(at, text.end.index)
        return found + _comments_in(self.text[at : max(at, end)])


def _comments_in(gap: str) -> list[str]:
    return [comment.rstrip() for comment in re.findall(r"#[^\n]*", gap)]


def is_block_text(node: Node) -> bool:
    """True for a text written with `|` or `>`."""
    return isinstance(node, Scalar) and node.style in ("|", ">")
