"""What libyaml and PyYAML judge differently: a file means the same on every machine."""

import re

from plaintextcrm.model.pattern import pattern
from plaintextcrm.model.problem import Place
from plaintextcrm.text.nodes import Node, scalars
from plaintextcrm.text.source import Text

_COMMENT = pattern(r"(?:^| )#")
_DOUBTFUL = pattern(r"\t|[|>][-+0-9]*#|:[]},\[{]")
_DOUBTFUL_LINE = pattern(r"\n *(?=\?)")
# Cheap signs of the two, which every file is searched for.
_TOUCHING = pattern(r"#(?<=[-+0-9|>]#)|:[]},\[{]")
_BLOCK_TEXT = pattern(r"^(?! *\t).+", re.MULTILINE)


def may_be_doubtful(text: str) -> bool:
    """False where `report_doubtful` would find nothing."""
    if "\t" in text or _TOUCHING.search(text):
        return True
    return "?" in text and _DOUBTFUL_LINE.search(text) is not None


def report_doubtful(source: Text, root: Node) -> None:
    """Report what libyaml and PyYAML judge differently: a file means the same on every machine.

    These are tabs between values or before a block's text, a comment that touches a block's
    `|` or `>`, a colon that touches a closing bracket, and a `?` that begins a further line.
    """
    from plaintextcrm.text.syntax import DOUBTFUL

    pieces, end = [], 0
    for node in scalars(root):
        if node.style:
            start, stop = node.start.index, node.end.index
            pieces += [source.text[end:start], _masked(source.text[start:stop], node.style)]
            end = stop
        elif node.start.line != node.end.line and (
            found := _DOUBTFUL_LINE.search(source.text, node.start.index, node.end.index)
        ):
            source.report("syntax", source.at(found.end()), *DOUBTFUL["?"])
    pieces.append(source.text[end:])
    for number, line in enumerate("".join(pieces).split("\n"), 1):
        code = _COMMENT.split(line, maxsplit=1)[0]
        if found := _DOUBTFUL.search(code):
            column = found.start() + 1
            message, hint = DOUBTFUL[found[0][0]]
            source.report("syntax", Place(number, column, number, column + 1), message, hint)


def _masked(scalar: str, style: str) -> str:
    """A quoted text or a block with all but its doubtful characters hidden."""
    if style in "|>":
        head, newline, body = scalar.partition("\n")
        return head + newline + _BLOCK_TEXT.sub(_hidden, body)
    return _hidden(re.match(r"(?s).*", scalar))


def _hidden(found: re.Match[str] | None) -> str:
    return re.sub(r"[^\n]", "x", found[0]) if found else ""
