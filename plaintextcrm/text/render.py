"""Values → YAML text, in the style of what stands around them."""

from dataclasses import dataclass
from typing import TypeAlias

from plaintextcrm.text.nodes import Mapping, Scalar, Sequence, plain
from plaintextcrm.text.reader import read

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"


@dataclass(frozen=True, slots=True)
class Layout:
    """How new lines look: where a list's dash stands below its field, how far its text from the dash,
    how long lines end."""

    dash: int = 2
    gap: int = 2
    newline: str = "\n"


def scalar(text: str, style: str | None = None, *, in_flow: bool = False) -> str:
    """The text on one line as YAML; quoted with `style` (`'` or `"`), or only where it must be."""
    if style == '"':
        return _double(text)
    if style == "'" and _on_one_line(text):
        return _single(text)
    if _plain_is_safe(text, in_flow):
        return text
    return _single(text) if _on_one_line(text) else _double(text)


def _on_one_line(text: str) -> bool:
    return not any(letter in text for letter in "\n\r\t")


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _double(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r") + '"'


def _plain_is_safe(text: str, in_flow: bool) -> bool:
    """True where the reader takes the bare text for just this text: the reader itself is asked."""
    if not text or not _on_one_line(text) or text != text.strip():
        return False
    line = f"a: {{b: {text}, c: d}}\n" if in_flow else f"a: {text}\nb: c\n"
    document = read(line.encode("utf-8", "replace"), "")
    if document.root is None or document.problems:
        return False
    wanted = {"a": {"b": text, "c": "d"}} if in_flow else {"a": text, "b": "c"}
    return plain(document.root) == wanted


def flow(value: Plain, like: object = None) -> str:
    """The value within brackets and braces, or a scalar; quoted like a neighbour."""
    if isinstance(value, str):
        return scalar(value, _style(like), in_flow=True)
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    parts = (f"{scalar(key, in_flow=True)}: {flow(item, child(like, key))}" for key, item in value.items())
    return "{" + ", ".join(parts) + "}"


def lines_of(value: Plain, indent: int, layout: Layout, like: object = None) -> list[str]:
    """The lines of a mapping in block style, each with its indent; values as their neighbours are."""
    assert isinstance(value, dict)
    lines: list[str] = []
    for key, item in value.items():
        lines += _pair(scalar(key), item, indent, layout, child(like, key))
    return lines


def _pair(key: str, item: Plain, indent: int, layout: Layout, like: object) -> list[str]:
    head = " " * indent + key + ":"
    if isinstance(item, str):
        if "\n" in item and not _style(like):
            return [f"{head} {_block_head(item)}", *_block_lines(item, indent + 2)]
        return [f"{head} {scalar(item, _style(like))}"]
    return [f"{head} {flow(item, like)}"]


def _block_head(text: str) -> str:
    return "|" if text.endswith("\n") else "|-"


def _block_lines(text: str, indent: int) -> list[str]:
    return [(" " * indent + line) if line else "" for line in text.removesuffix("\n").split("\n")]


def item_lines(value: Plain, dash: int, layout: Layout, like: object = None) -> list[str]:
    """The lines of one entry of a block list whose dash stands in column `dash` (from 0)."""
    head = " " * dash + "-" + " " * (layout.gap - 1)
    if isinstance(value, dict) and not (isinstance(like, Mapping) and like.flow):
        lines = lines_of(value, dash + layout.gap, layout, like)
        return [head + lines[0].lstrip(" "), *lines[1:]]
    if isinstance(value, str):
        return [head + scalar(value, _style(like))]
    return [head + flow(value, like)]


def child(like: object, key: str) -> object:
    """The neighbour's value of the same field, or None."""
    if isinstance(like, Mapping):
        return next((node for name, node in like.pairs if name.text == key), None)
    return None


def _style(like: object) -> str | None:
    """The quotes of a neighbour."""
    style = like.style if isinstance(like, Scalar) else None
    return style if style in ("'", '"') else None
