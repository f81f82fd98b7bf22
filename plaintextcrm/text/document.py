"""A document for people, part by part, and its two forms: Markdown and HTML."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from plaintextcrm.text.html import page


class Block(NamedTuple):
    """A part of a document: `kind` is `title`, `name`, `head`, `line` (of a list) or `text`."""

    kind: str
    text: str


def listed(heading: str, lines: Sequence[str]) -> Iterator[Block]:
    """A heading and the lines below it; nothing where there are none."""
    if lines:
        yield Block("head", heading)
        yield from (Block("line", line) for line in lines)


_MARKS = {"title": "# ", "name": "## ", "head": "### ", "line": "- ", "text": ""}
_SPECIAL = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#|~"})
_TAGS = {"title": "h1", "name": "h2", "head": "h3", "line": "li", "text": "p"}


def markdown(blocks: Iterable[Block]) -> str:
    """The document as Markdown; what people wrote is text in it, whatever signs it has."""
    lines: list[str] = []
    before = ""
    for block in blocks:
        if lines and not (block.kind == before == "line"):
            lines.append("")
        lines.append(_MARKS[block.kind] + block.text.translate(_SPECIAL))
        before = block.kind
    return "\n".join(lines) + "\n"


def html(blocks: Iterable[Block]) -> str:
    """The same as one HTML page, without scripts and nothing from elsewhere; the title comes first."""
    parts = list(blocks)
    lines: list[str] = []
    listing = False
    for block in parts:
        if listing != (block.kind == "line"):
            lines.append("</ul>" if listing else "<ul>")
            listing = not listing
        tag = _TAGS[block.kind]
        lines.append(f"<{tag}>{escape(block.text)}</{tag}>")
    return page(parts[0].text, "\n".join([*lines, *(["</ul>"] if listing else [])]))
