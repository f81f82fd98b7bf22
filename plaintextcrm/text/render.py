"""Values → YAML text, in the style of what stands around them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from plaintextcrm.text.nodes import Mapping, Node, Scalar, Sequence, plain
from plaintextcrm.text.reader import read
from plaintextcrm.text.source import BOM

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"

# Neighbours of a new value, the nearest first: it takes after them.
Sample: TypeAlias = tuple[Node, ...]
NEAR = 20  # of them are looked at, in a list of thousands

_BARE_NAME = re.compile(r"[A-Za-z_][\w-]*")
# Nothing in it means anything to YAML, wherever it stands: the reader need not be asked.
_HARMLESS = re.compile(
    r"[A-Za-z0-9+(\u00c0-\u017f](?:[A-Za-z0-9+()/.@_\u00c0-\u017f-]| (?! ))*(?<! )"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the new lines of a list look: where the dash stands below its field, and how far its text
    from the dash.
    """

    dash: int = 2
    gap: int = 2


# ── one text ─────────────────────────────────────────────────────────────────


class Quotes(NamedTuple):
    """Which ones, and whether around every text or only where there must be some."""

    mark: str = "'"
    always: bool = False


def scalar(text: str, quotes: Quotes | None = None, *, in_flow: bool = False) -> str:
    """The text on one line as YAML."""
    mark, always = quotes or Quotes()
    if not _on_one_line(text):
        return _double(text)
    if not always and (_HARMLESS.fullmatch(text) or _bare_is_safe(text, in_flow)):
        return text
    return _single(text) if mark == "'" else _double(text)


def literal(text: str, parent: int, gap: int = 2, behind: str = "") -> list[str] | None:
    """The text as a block: `|` (and what stands `behind` it), then its lines, `gap` columns right of
    those of the parent; None if it needs quotes.
    """
    if "\n" not in text or not text.strip() or text.endswith("\n\n") or BOM in text:
        return None
    lines = text.removesuffix("\n").split("\n")
    if any(re.match(" *\t", line) for line in lines):
        return None
    first = next(line for line in lines if line)
    if "\r" in text or gap > 9:
        return None
    indicator = str(gap) if first.startswith(" ") else ""
    head = f"|{indicator}{'' if text.endswith(chr(10)) else '-'}"
    return [head + behind, *(" " * (parent + gap) + line if line else "" for line in lines)]


def _on_one_line(text: str) -> bool:
    return not any(letter in text for letter in "\n\r\t" + BOM)


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _double(text: str) -> str:
    for letter, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(letter, escape)
    return f'"{text.replace(BOM, chr(92) + "uFEFF")}"'


@lru_cache(maxsize=256)
def _bare_is_safe(text: str, in_flow: bool) -> bool:
    """True where the reader takes the bare text for just this text: the reader itself is asked."""
    if not text or text != text.strip():
        return False
    lines = (
        f"a: {{b: {text}, c: d}}\ne: [{text}, f]\n"
        if in_flow
        else f"a: {text}\ne:\n- {text}\n- f\n"
    )
    document = read(lines.encode("utf-8", "replace"), "")
    if document.root is None or document.problems:
        return False
    inside = {"b": text, "c": "d"} if in_flow else text
    return plain(document.root) == {"a": inside, "e": [text, "f"]}


# ── in brackets ──────────────────────────────────────────────────────────────


def flow(value: Plain, like: Sample = ()) -> str:
    """The value within brackets and braces, or a text that may stand within them."""
    if isinstance(value, str):
        return scalar(value, quotes(like), in_flow=True)
    if isinstance(value, list):
        items = items_of(like)
        return "[" + ", ".join(flow(item, items) for item in value) + "]"
    return "{" + ", ".join(flow_pair(key, item, like) for key, item in value.items()) + "}"


def flow_pair(key: str, value: Plain, like: Sample) -> str:
    """A field and its value as they stand within braces; `like` are other mappings."""
    return f"{name(key, like)}: {flow(value, child(like, key))}"


# ── in lines ─────────────────────────────────────────────────────────────────


def pair_lines(key: str, value: Plain, indent: int, layout: Layout, like: Sample) -> list[str]:
    """The lines of a field and its value in block style; `like` are other mappings."""
    head = " " * indent + name(key, like) + ":"
    sample = child(like, key)
    if isinstance(value, str):
        block = None if quotes(sample).always else literal(value, indent)
        first, *rest = block or [scalar(value, quotes(sample))]
        return [f"{head} {first}", *rest]
    if isinstance(value, list) and value and _in_lines(sample):
        return [head, *list_lines(value, indent + layout.dash, layout, items_of(sample))]
    return [f"{head} {flow(value, sample)}"]


def _in_lines(sample: Sample) -> bool:
    """True where the nearest neighbour is a list in block style."""
    lists = [node for node in sample if isinstance(node, Sequence) and node.items]
    return bool(lists) and not lists[0].flow


def list_lines(values: list[Plain], dash: int, layout: Layout, like: Sample) -> list[str]:
    """The lines of a list's entries; `like` are other entries."""
    return [line for value in values for line in item_lines(value, dash, layout, like)]


def item_lines(value: Plain, dash: int, layout: Layout, like: Sample = ()) -> list[str]:
    """The lines of one entry of a block list whose dash stands in column `dash` (from 0)."""
    head = " " * dash + "-" + " " * (layout.gap - 1)
    if isinstance(value, dict) and value and not _in_braces(like):
        lines = mapping_lines(value, dash + layout.gap, layout, like)
        return [head + lines[0].lstrip(" "), *lines[1:]]
    if isinstance(value, str):
        texts = tuple(node for node in like if isinstance(node, Scalar))
        block = None if quotes(texts).always else literal(value, dash, layout.gap)
        first, *rest = block or [scalar(value, quotes(texts))]
        return [head + first, *rest]
    return [head + flow(value, like)]


def mapping_lines(
    value: dict[str, Plain], indent: int, layout: Layout, like: Sample = ()
) -> list[str]:
    """The lines of fields and their values, each line with its indent."""
    pairs = (pair_lines(key, item, indent, layout, like) for key, item in value.items())
    return [line for lines in pairs for line in lines]


def _in_braces(like: Sample) -> bool:
    """True where the nearest entry that has fields is written as `{…}`."""
    return next((node.flow for node in like if isinstance(node, Mapping)), False)


# ── what neighbours look like ────────────────────────────────────────────────


def name(key: str, like: Sample) -> str:
    """A field's name, quoted where the names of the nearest neighbour are."""
    names = next((node.pairs for node in like if isinstance(node, Mapping) and node.pairs), ())
    styles = {key.style for key, _value in names}
    style = styles.pop() if len(styles) == 1 else None
    if style == "'":
        return _single(key)
    return key if style != '"' and _BARE_NAME.fullmatch(key) else _double(key)


def quotes(like: Sample) -> Quotes:
    """The quotes of the nearest text that tells: one without, or one that does not need them."""
    mark = None
    for node in like:
        if not isinstance(node, Scalar) or node.blank or node.style in ("|", ">"):
            continue
        if node.style is None or not _on_one_line(node.text):
            break
        mark = mark or node.style
        if _bare_is_safe(node.text, in_flow=False):
            return Quotes(node.style, always=True)
    return Quotes(mark or "'")


def items_of(like: Sample) -> Sample:
    """The entries of the neighbours that are lists."""
    return tuple(_items(like))[:NEAR]


def _items(like: Sample) -> Iterator[Node]:
    for node in like:
        if isinstance(node, Sequence):
            yield from node.items[:NEAR]


def child(like: Sample, key: str) -> Sample:
    """The neighbours' values of the same field.

    If none has it, the nearest one's values where it is a habit to put them in quotes.
    """
    mappings = [node for node in like if isinstance(node, Mapping)]
    same = tuple(value for node in mappings for name, value in node.pairs if name.text == key)
    if same or not mappings:
        return same
    pairs = mappings[0].pairs
    texts = tuple(node for _key, node in pairs if isinstance(node, Scalar) and not node.blank)
    styles = {node.style for node in texts}
    habit = len(texts) > 1 or any(key.style for key, _value in pairs)
    return texts if habit and len(styles) == 1 and styles <= {"'", '"'} else ()
