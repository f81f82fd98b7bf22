"""How somebody writes YAML: quotes, brackets, indentation, and where long lines end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.people.words import Dice

Pairs = list[tuple[str, str]]


class Entry(NamedTuple):
    """One mapping of a list, and a comment behind it."""

    pairs: Pairs
    aside: str = ""


Item = str | Entry

NOT_FIRST = "?:,[]{}#&*!|>'\"%@`=<~ "
IN_FLOW = re.compile(r"[,\[\]{}]")


def is_plain(text: str) -> bool:
    """Whether YAML takes the text without quotes, outside of brackets.

    Plain tests of strings: this is asked eighty times for each contact.
    """
    if text[:1] in NOT_FIRST or text[-1:] in ": " or text[2:3] == ":":
        return False
    return ": " not in text and " #" not in text and text[:2] != "- "


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """The habits of one writer of YAML; they hold for a whole file."""

    quote: str  # "'" or '"'
    quotes_all: bool  # also where YAML would not ask for it
    longest_flow: int  # entries with so many keys go on one line: {date: …, note: …}
    flow_lists: bool  # tags: [a, b]
    indent: str  # before the dash of a list
    folds: bool  # long notes of entries on several lines
    notes: str  # ">", ">-", "|", '"' or "" for plain
    blanks: bool  # an empty line between sections
    comments: float  # share of sections with a comment

    def scalar(self, text: str, in_flow: bool = False) -> str:
        """The text as YAML, quoted when it must be or when the writer likes it."""
        plain = is_plain(text) and not (in_flow and IN_FLOW.search(text))
        if plain and not (self.quotes_all and " " in text):
            return text
        if text[2:3] == ":" or self.quote == '"':
            return double_quoted(text)
        return "'" + text.replace("'", "''") + "'"

    def line(self, key: str, text: str) -> str:
        return f"{key}: {self.scalar(text)}\n"

    def flow(self, entry: Entry) -> str:
        """One mapping in braces, on two lines when it is long."""
        parts = [f"{key}: {self.scalar(text, True)}" for key, text in entry.pairs]
        whole = ", ".join(parts)
        if len(whole) > 100 and self.folds:
            whole = f"{', '.join(parts[:-1])},\n{self.indent}    {parts[-1]}"
        return "{" + whole + "}"

    def block(self, entry: Entry) -> str:
        """One mapping with a line for each key; the comment stands on the first line."""
        lines = [self.pair(key, text) for key, text in entry.pairs]
        lines[0] += entry.aside
        return f"\n{self.indent}  ".join(lines)

    def pair(self, key: str, text: str) -> str:
        if key == "note" and self.folds and len(text) > 72:
            start = f"\n{self.indent}    "
            return f"{key}: >-{start}{start.join(wrap(text, 70))}"
        return f"{key}: {self.scalar(text)}"

    def item(self, item: Item) -> str:
        if isinstance(item, str):
            return f"{self.indent}- {self.scalar(item)}\n"
        if len(item.pairs) <= self.longest_flow:
            return f"{self.indent}- {self.flow(item)}{item.aside}\n"
        return f"{self.indent}- {self.block(item)}\n"

    def listing(self, key: str, items: Sequence[Item]) -> str:
        """A whole list under its key; nothing when it is empty."""
        if not items:
            return ""
        texts = [item for item in items if isinstance(item, str)]
        if self.flow_lists and len(texts) == len(items):
            return f"{key}: [{', '.join(self.scalar(text, True) for text in texts)}]\n"
        return f"{key}:\n{''.join([self.item(item) for item in items])}"

    def long_text(self, key: str, sentences: Sequence[str]) -> str:
        text = " ".join(sentences)
        if self.notes == "|":
            return f"{key}: |\n  " + "\n  ".join(sentences) + "\n"
        if self.notes == '"':
            return f"{key}: {double_quoted(text)}\n"
        if self.notes or not is_plain(text):
            return f"{key}: {self.notes or '>'}\n  " + "\n  ".join(wrap(text, 88)) + "\n"
        return f"{key}: " + "\n  ".join(wrap(text, 80)) + "\n"


def double_quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most the width; textwrap does more and takes ten times as long."""
    lines = []
    while len(text) > width and (cut := text.rfind(" ", 1, width + 1)) > 0:
        lines.append(text[:cut])
        text = text[cut + 1 :]
    return [*lines, text]


def new_hand(dice: Dice) -> Hand:
    return Hand(
        quote=dice.pick(('"', '"', "'")),
        quotes_all=dice.chance(0.2),
        longest_flow=dice.pick((0, 0, 3, 4, 4, 9)),
        flow_lists=dice.chance(0.7),
        indent=dice.pick(("  ", "  ", "")),
        folds=dice.chance(0.35),
        notes=dice.pick((">", ">-", "|", "|", '"', "")),
        blanks=dice.chance(0.5),
        comments=dice.pick((0.0, 0.1, 0.2, 0.3)),
    )
