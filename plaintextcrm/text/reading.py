"""One file being read: what its types ask of it, and where they leave what they find."""

from datetime import date
from typing import NamedTuple

from plaintextcrm.model.problem import Place
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.nodes import Node, place_of
from plaintextcrm.text.source import Text


class Mark(NamedTuple):
    """A value that other files matter for: `kind` is `uid`, `email`, `contact` or `mention`."""

    kind: str
    text: str
    place: Place


class Reading:
    """One file being read: its settings and day, and what was found so far."""

    def __init__(self, source: Text, settings: Settings, today: date) -> None:
        self.source = source
        self.settings = settings
        self.today = today
        self.marks: list[Mark] = []

    def report(self, code: str, node: Node, message: str, hint: str = "") -> None:
        """Keep a problem at a node."""
        self.source.report(code, place_of(node), message, hint)

    def quote(self, text: str) -> str:
        """A value in a message; of a private contact it is not repeated."""
        return self.source.quote(text)

    def hint(self, told: str | None, usual: str) -> str:
        """A hint that was told from a value, or the usual one; of a private contact always that."""
        return usual if self.source.private or not told else told

    def mark(self, kind: str, text: str, node: Node) -> None:
        """Remember a value that other files matter for."""
        self.marks.append(Mark(kind, text, place_of(node)))
