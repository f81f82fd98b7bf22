"""What the reader makes of a YAML text: scalars, lists and mappings that know their place."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol, TypeAlias

from plaintextcrm.model.problem import Place


class Mark(Protocol):
    """A point in a text as PyYAML gives it: all three count characters from 0."""

    @property
    def index(self) -> int: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Scalar(NamedTuple):
    """A text as the person wrote it. `style` is None for plain, else the quote or `|`, `>`."""

    text: str
    start: Mark
    end: Mark
    style: str | None = None

    @property
    def blank(self) -> bool:
        """True for a field with nothing behind its colon."""
        return not self.text and not self.style


class Sequence(NamedTuple):
    """A list; `flow` where it is written with brackets."""

    items: "tuple[Node, ...]"
    start: Mark
    end: Mark
    flow: bool


class Mapping(NamedTuple):
    """Fields and their values in the order of the file; no field stands twice."""

    pairs: "tuple[tuple[Scalar, Node], ...]"
    start: Mark
    end: Mark
    flow: bool


Node: TypeAlias = Scalar | Sequence | Mapping


def blank(node: Node) -> bool:
    """True for a field with nothing behind its colon."""
    return node.__class__ is Scalar and not node.text and not node.style


def place_of(node: Node) -> Place:
    """Where the node stands. A block list or mapping ends where its last value does."""
    end = node.end if node.__class__ is Scalar else last_leaf(node).end
    return Place(node.start.line + 1, node.start.column + 1, end.line + 1, end.column + 1)


def last_leaf(node: Node) -> Node:
    """YAML lets a block end at the start of the next one, past comments: its last value counts."""
    while not isinstance(node, Scalar) and not node.flow:
        if isinstance(node, Sequence) and node.items:
            node = node.items[-1]
        elif isinstance(node, Mapping) and node.pairs:
            node = node.pairs[-1][1]
        else:
            break
    return node


def scalars(node: Node) -> Iterator[Scalar]:
    """Every text in the node, names of fields included, in the order of the file."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item)
    else:
        for key, value in node.pairs:
            yield key
            yield from scalars(value)


def plain(node: Node) -> object:
    """The node as plain text, lists and dictionaries."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.pairs}
