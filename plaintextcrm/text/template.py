"""The kind of value that a feed's templates are: any text whose `$names` exist."""

import re

from plaintextcrm.model.problem import Place
from plaintextcrm.model.template import NAMES, unknown_names
from plaintextcrm.text.nodes import Scalar, place_of
from plaintextcrm.text.reading import Reading
from plaintextcrm.text.suggest import did_you_mean
from plaintextcrm.text.types import TextType


class Template(TextType):
    """A template of a feed's texts; see `model/template.py`."""

    words = "text with `$names`"

    def value(self, text: str, node: Scalar, at: Reading) -> str | None:
        template = node.text.strip("\n")
        unknown = list(unknown_names(template))
        begin = node.start.index
        for name, written in unknown:
            found = _find(written, at.source.text, begin, node.end.index)
            begin = found.end(1) if found else begin
            place = _place(found, node, at.source.text) if found else place_of(node)
            hint = did_you_mean(name, NAMES) or f"write one of: {', '.join(NAMES)}"
            message = f"{written} is no value of a feed's texts"
            at.source.report("bad-template", place, message, hint)
        return None if unknown else template


def _find(words: str, text: str, begin: int, end: int) -> re.Match[str] | None:
    """The words in a stretch of the file, unless they are written in another way there."""
    pattern = re.compile(rf"(?<!\$)(?:\$\$)*({re.escape(words)})(?!\w)")
    return pattern.search(text, begin, end)


def _place(found: re.Match[str], node: Scalar, text: str) -> Place:
    words = found[1]
    before = text[node.start.index : found.start(1)]
    line = node.start.line + 1 + before.count("\n")
    column = len(before) - before.rfind("\n") + (0 if "\n" in before else node.start.column)
    return Place(line, column, line, column + len(words))


TEMPLATE = Template()
