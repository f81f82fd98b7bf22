"""Changing a file's text by splicing: the change, and no other byte."""

from plaintextcrm.model.problem import Place
from plaintextcrm.text.nodes import Mapping, Node, Scalar, Sequence, place_of, plain
from plaintextcrm.text.reader import BOM, read


class Refused(Exception):
    """The change cannot be made safely; the text is as it was."""

    def __init__(self, path: str, place: Place, why: str) -> None:
        super().__init__(f"{path}:{place.line}:{place.column}: {why}")


def add_field(data: bytes, path: str, name: str, value: str, after: str) -> bytes:
    """The file's bytes with a new field behind the field `after`; both are written plain.

    Parsed again, it must hold the old data and the new field, nothing else. Raises Refused.
    """
    root = read(data, path).root
    found = root and next((node for key, node in root.pairs if key.text == after), None)
    if root is None or found is None:
        raise Refused(path, Place(), f"there is no `{after}` to put `{name}` behind")
    if held := next((key for key, _value in root.pairs if key.text == name), None):
        raise Refused(path, place_of(held), f"`{name}` is here already")
    text = data.decode("utf-8")
    body = text.removeprefix(BOM)
    at, line = (
        _flow_line(found, name, value) if root.flow else _block_line(body, root, found, name, value)
    )
    new = (text[: len(text) - len(body)] + body[:at] + line + body[at:]).encode()
    _demand(root, new, path, name, value, place_of(found))
    return new


def _flow_line(found: Node, name: str, value: str) -> tuple[int, str]:
    return found.end.index, f", {name}: {value}"


def _block_line(body: str, root: Mapping, found: Node, name: str, value: str) -> tuple[int, str]:
    """Where the new line goes, and the line with its line end."""
    newline = "\r\n" if "\r\n" in body else "\n"
    line = f"{' ' * root.pairs[0][0].start.column}{name}: {value}"
    leaf = _last_leaf(found)
    if leaf.end.column == 0 and leaf.end.index > leaf.start.index:
        return leaf.end.index, line + newline  # a block of text ends where the next line begins
    end = body.find("\n", leaf.end.index)
    return (len(body), newline + line) if end < 0 else (end + 1, line + newline)


def _last_leaf(node: Node) -> Node:
    """YAML ends a list at the next field, past comments: what counts is its last value."""
    while not isinstance(node, Scalar) and not node.flow:
        children = node.items if isinstance(node, Sequence) else [value for _, value in node.pairs]
        if not children:
            break
        node = children[-1]
    return node


def _demand(root: Mapping, new: bytes, path: str, name: str, value: str, place: Place) -> None:
    again = read(new, path)
    old = plain(root)
    assert isinstance(old, dict)
    if again.problems or again.root is None or plain(again.root) != {**old, name: value}:
        raise Refused(path, place, f"`{name}` cannot be added here without changing other lines")
