"""Contact files in many hands: the same data, written as people write it."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from plaintextcrm.text.nodes import plain
from plaintextcrm.text.reader import read

BARE = ["Eva", "Call Jan", "a-b", "2026-12-01", "yes", "x#y", "Łódź", "+420 1"]
AWKWARD = ["Call: x", "# hash", "- dash", "it's", 'say "hi"', "[a]", "{b}", "a, b", "", "a:", "*b",
           "&c", "!d", "? e", "null", "100%", "@x", "`y", "|", ">", "a #b", "x]", "e:[f"]  # fmt: skip
LONG = [
    "two\nlines",
    "two\nlines\n",
    "a\n\nb",
    "  deep\nline\n",
    "a: b\n# no comment\n- c\n",
    "x\n",
]
TEXT = st.sampled_from(BARE + AWKWARD)
ANY = st.sampled_from(BARE + AWKWARD + LONG)
DAY = st.builds("2026-{:02}-{:02}".format, st.integers(1, 12), st.integers(1, 28))
ENTRY = st.fixed_dictionaries(
    {"date": DAY},
    optional={"note": ANY, "channel": st.sampled_from(["call", "email"]), "done": DAY},
)
DATA = st.fixed_dictionaries(
    {"name": st.sampled_from(["Eva", "O'Hara", "東京 商事"])},
    optional={
        "status": st.sampled_from(["lead", "client", ""]),
        "title": ANY,
        "notes": ANY,
        "tags": st.lists(TEXT, max_size=3, unique=True),
        "emails": st.lists(
            st.sampled_from(["eva@x.cz", {"value": "e@y.cz", "type": "work"}]), max_size=2
        ),
        "cadence": st.sampled_from(["6 weeks", {"every": "3 m", "since": "2026-01-01"}]),
        "interactions": st.lists(ENTRY, max_size=3),
        "follow_ups": st.lists(ENTRY, max_size=2),
        "x_own": st.sampled_from(["", {"b": ["1", {"c": "d"}]}, [["a", "b"], ["c"]]]),
    },
)


@dataclass(frozen=True)
class Hand:
    """How somebody writes."""

    margin: int = 0
    dash: int = 2
    gap: int = 2
    step: int = 2
    quote: str = ""
    block: str = ""
    words: str = "brackets"
    entries: str = "lines"
    whole: str = ""
    comments: str = ""
    air: bool = False
    marks: bool = False


HANDS = {
    "as most do": Hand(),
    "lists in lines": Hand(words="lines"),
    "lists not indented": Hand(dash=0, words="lines", comments="behind"),
    "four spaces": Hand(dash=4, step=4, words="lines", comments="between"),
    "wide dashes": Hand(gap=4, words="lines", comments="both"),
    "all indented": Hand(margin=2, words="lines", comments="both"),
    "single quotes": Hand(quote="'", words="lines"),
    "double quotes": Hand(quote='"', comments="behind"),
    "entries in braces": Hand(entries="braces", comments="both"),
    "lists in brackets": Hand(entries="brackets", comments="behind"),
    "all in braces": Hand(whole="line"),
    "all in braces, by lines": Hand(whole="lines", comments="behind"),
    "JSON": Hand(whole="lines", quote='"'),
    "literal blocks": Hand(block="|", comments="both", words="lines"),
    "kept blocks": Hand(block="|+", comments="between"),
    "stripped blocks": Hand(block="|-", dash=0),
    "folded blocks": Hand(block=">", comments="both", words="lines"),
    "blocks with a number": Hand(block="|2", air=True),
    "with air": Hand(air=True, words="lines", comments="between"),
    "document marks": Hand(marks=True, comments="both"),
}


@dataclass
class Pen:
    """Writes data in a hand; each comment has a number of its own."""

    hand: Hand
    draw: st.DrawFn
    comments: list[str] = field(default_factory=list)

    def maybe(self) -> bool:
        return self.draw(st.booleans())

    def comment(self) -> str:
        self.comments.append(f"# k{len(self.comments)}.")
        return self.comments[-1]

    def behind(self) -> str:
        wanted = self.hand.comments in ("behind", "both") and self.maybe()
        return f"  {self.comment()}" if wanted else ""

    def between(self, indent: int) -> list[str]:
        lines = []
        if self.hand.air and self.maybe():
            lines.append("")
        if self.hand.comments in ("between", "both") and self.maybe():
            lines.append(" " * indent + self.comment())
        return lines

    def inline(self, value: Any) -> str:
        """A value on one line."""
        if isinstance(value, list):
            return "[" + ", ".join(self.inline(item) for item in value) + "]"
        if isinstance(value, dict):
            pairs = (f"{self.key(k)}: {self.inline(v)}" for k, v in value.items())
            return "{" + ", ".join(pairs) + "}"
        assert isinstance(value, str)
        if "\n" in value or self.hand.quote == '"' or "\\" in value:
            escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            return f'"{escaped}"'
        bare = value in BARE or (value and re.fullmatch(r"\w[\w@. +-]*\w", value))
        return value if bare and not self.hand.quote else "'" + value.replace("'", "''") + "'"

    def key(self, name: str) -> str:
        return f'"{name}"' if self.hand.quote == '"' and self.hand.whole else name

    def pair(self, name: str, value: Any, indent: int) -> list[str]:
        """The lines of a field."""
        head = " " * indent + name + ":"
        if value == "" and indent == self.hand.margin:
            return [head + self.behind()]
        if isinstance(value, str):
            return self.text(head, value, indent)
        form = self.hand.words
        if isinstance(value, dict) or any(isinstance(item, dict) for item in value):
            form = self.hand.entries
        if not value or form == "brackets" or (form == "braces" and isinstance(value, dict)):
            return [f"{head} {self.inline(value)}{self.behind()}"]
        lines = [head + self.behind()]
        if isinstance(value, dict):
            return lines + self.mapping(value, indent + self.hand.step)
        return lines + self.items(value, indent + self.hand.dash)

    def text(self, head: str, value: str, indent: int) -> list[str]:
        chomp = "+" if value.endswith("\n\n") else "" if value.endswith("\n") else "-"
        block = self.hand.block
        if not block or "\n" not in value or value.startswith(" "):
            return [f"{head} {self.inline(value)}{self.behind()}"]
        if block == "|+" and value.endswith("\n"):
            chomp = "+"
        body = value.removesuffix("\n")
        if block == ">":
            body = re.sub("\n+", "\\g<0>\n", body)
        number, pad = ("2", 2) if block == "|2" else ("", self.hand.step)
        lines = [" " * (indent + pad) + line if line else "" for line in body.split("\n")]
        return [f"{head} {block[0]}{number}{chomp}{self.behind()}", *lines]

    def mapping(self, value: dict[str, Any], indent: int) -> list[str]:
        lines: list[str] = []
        for name, item in value.items():
            lines += self.between(indent) if lines else []
            lines += self.pair(name, item, indent)
        return lines

    def items(self, values: list[Any], dash: int) -> list[str]:
        lines: list[str] = []
        for value in values:
            lines += self.between(dash)
            lines += self.item(value, dash)
        return lines + (self.between(dash) if dash > self.hand.margin else [])

    def item(self, value: Any, dash: int) -> list[str]:
        inner = dash + self.hand.gap
        head = " " * dash + "-" + " " * (self.hand.gap - 1)
        if isinstance(value, dict) and value and self.hand.entries == "lines":
            first, *rest = self.mapping(value, inner)
        elif isinstance(value, list) and value and self.hand.words == "lines":
            first, *rest = self.items_bare(value, inner)
        else:
            first, rest = self.inline(value) + self.behind(), []
        return [head + first.lstrip(" "), *rest]

    def items_bare(self, values: list[Any], dash: int) -> list[str]:
        return [line for value in values for line in self.item(value, dash)]

    def file(self, data: dict[str, Any]) -> list[str]:
        if self.hand.whole == "line":
            return [self.inline(data)]
        if self.hand.whole == "lines":
            pairs = [f"  {self.key(k)}: {self.inline(v)}" for k, v in data.items()]
            ends = [","] * (len(pairs) - 1) + ["," if self.maybe() else ""]
            lines = [pair + end + self.behind() for pair, end in zip(pairs, ends, strict=True)]
            return ["{", *lines, "}"]
        lines = self.between(self.hand.margin) + self.mapping(data, self.hand.margin)
        lines += self.between(self.hand.margin)
        return ["---", *lines, "..."] if self.hand.marks else lines


@dataclass(frozen=True)
class Written:
    """A file, the data in it, and its comments."""

    style: str
    file: bytes
    data: dict[str, Any]
    comments: tuple[str, ...]


@st.composite
def files(draw: st.DrawFn) -> Written:
    """A contact in one of the hands; with either line ends, with or without a BOM and a last newline."""
    style = draw(st.sampled_from(sorted(HANDS)))
    hand = replace(HANDS[style], air=HANDS[style].air or draw(st.integers(0, 9)) == 0)
    pairs = draw(st.permutations(sorted(draw(DATA).items())))
    pen = Pen(hand, draw)
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    last = draw(st.sampled_from([newline, newline, ""]))
    text = newline.join(pen.file(dict(pairs))) + last
    bom = draw(st.sampled_from(["", "", "\ufeff"]))
    file = (bom + text).encode()
    document = read(file, "eva.yaml")
    assert document.root, text
    assert not document.problems, text
    data = plain(document.root)  # a text at the end has no newline where the file has none
    assert isinstance(data, dict)
    return Written(style, file, data, tuple(pen.comments))
