"""The kind of value that a feed's templates are: any text whose `$names` exist."""

import re

from plaintextcrm.model.problem import Place
from plaintextcrm.model.template import NAMES, UnknownName, parse_template
from plaintextcrm.text.nodes import Scalar, place_of
from plaintextcrm.text.suggest import did_you_mean
from plaintextcrm.text.types import LongText, Reading


class Template(LongText):
    """A template of a feed's texts; see `model/template.py`."""

    words = "text with `$names`"

    def value(self, text: str, node: Scalar, at: Reading) -> str | None:
        template = node.text.strip("\n")
        try:
            parse_template(template)
        except UnknownName as error:
            hint = did_you_mean(error.name, NAMES) or f"write one of: {', '.join(NAMES)}"
            at.source.report("bad-template", _place(error.written, node, at), str(error), hint)
            return None
        return template


def _place(words: str, node: Scalar, at: Reading) -> Place:
    """Where the words stand in a text; the whole text where they are written in another way."""
    written = at.source.text[node.start.index : node.end.index]
    found = re.search(rf"(?<!\$)(?:\$\$)*({re.escape(words)})(?!\w)", written)
    if not found:
        return place_of(node)
    before = written[: found.start(1)]
    line = node.start.line + 1 + before.count("\n")
    column = len(before) - before.rfind("\n") + (0 if "\n" in before else node.start.column)
    return Place(line, column, line, column + len(words))


TEMPLATE = Template()
