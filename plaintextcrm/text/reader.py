"""The one reader of YAML: bytes of a file → nodes that keep text and place, or problems.

It walks PyYAML's events with its own limits and never lets PyYAML build values: no input runs
code, crashes, hangs or fills the memory, and every scalar stays the text that was written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from plaintextcrm.model.problem import Place, Problem
from plaintextcrm.text.nodes import Mapping, Mark, Node, Scalar, Sequence, place_of, scalars

MAX_BYTES = 1 << 20
MAX_DEPTH = 12
MAX_NODES = 60_000
MAX_MARKS = 20  # of one kind that are reported, in a file that is not read further
MAX_SOURCE = 400  # characters of a line that are kept with a problem

_WITHIN_WORDS = re.compile(r"[^\s,\[\]{}:?-](?: *\?)+|-\?(?: *\?)*")
_PRIVATE_USE = range(0xE000, 0xF900)


class PureLoader(yaml.SafeLoader):
    """PyYAML's own parser, made to take `{note: Is it you?}` as libyaml does.

    It ends a word in brackets or braces at a `?`; so another character stands in for it.
    """

    def __init__(self, text: str) -> None:
        self._stand_in = next(chr(code) for code in _PRIVATE_USE if chr(code) not in text)
        super().__init__(_WITHIN_WORDS.sub(self._stand, text))

    def _stand(self, found: re.Match[str]) -> str:
        return found[0].replace("?", self._stand_in)

    def get_event(self) -> Any:
        """The next event, with the text as it was written."""
        event = super().get_event()  # type: ignore[no-untyped-call]
        if event.__class__ is ScalarEvent:
            event.value = event.value.replace(self._stand_in, "?")
        return event


# libyaml where PyYAML was built with it; the same verdicts without.
LOADER: Any = getattr(yaml, "CSafeLoader", PureLoader)

BOM = "\ufeff"
# All that YAML 1.1 calls unprintable (§5.1), the line breaks that editors do not count
# (NEL, U+2028, U+2029), and a carriage return without its newline.
UNSEEN = re.compile(
    "[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\r(?!\n)"
)
# The same in a value, where an escape such as "\e" or "\0" can bring it in.
UNSEEN_VALUE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_COMMENT = re.compile(r"(?:^| )#")
_DIRECTIVE = re.compile("^%", re.MULTILINE)
_DOUBTFUL = re.compile(r"\t|[|>][-+0-9]*#|:[]},\[{]")
_DOUBTFUL_LINE = re.compile(r"\n *(?=\?)")
_BLOCK_TEXT = re.compile(r"^(?! *\t).+", re.MULTILINE)
_PRIVATE = re.compile(r"\bvis\w*[^\w:]*:\W*priv", re.IGNORECASE)  # misspelt, too
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?=[ \r\n]|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """What was read: `text` without a byte-order mark, its fields where there are any, its problems."""

    text: str
    root: Mapping | None
    problems: tuple[Problem, ...]


class _Stop(Exception):
    """The walk cannot go on; the problem is already reported."""


class Text:
    """A file's text, and the problems found in it so far."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.problems: list[Problem] = []
        self._lines: list[str] | None = None

    def report(self, code: str, place: Place, message: str, hint: str = "") -> None:
        """Keep a problem, with the line it stands on.

        A private contact's lines and values are not repeated: problems end in logs and CI.
        """
        hidden = self.private or place.column > MAX_SOURCE
        line = "" if hidden else self.line(place.line)
        self.problems.append(Problem(self.path, place, code, message, hint, line))

    @cached_property
    def private(self) -> bool:
        """True for a contact that is, or is meant to be, private; also where it is not YAML."""
        return bool(_PRIVATE.search(self.text))

    def quote(self, text: str, instead: str = "this value") -> str:
        """A text of the file in a message."""
        return instead if self.private else f"`{shown(text)}`"

    def report_slip(self, error: yaml.MarkedYAMLError) -> None:
        """Keep an error of the YAML parser, in the words of somebody who writes contacts."""
        from plaintextcrm.text.syntax import diagnose  # only where something is wrong

        slip = diagnose(self.text, error)
        self.report("syntax", slip.place, slip.message, slip.hint)

    def line(self, number: int) -> str:
        """The line with that number, counted from 1 by newlines; empty behind the end."""
        if self._lines is None:
            self._lines = self.text.split("\n")
        line = self._lines[number - 1] if number <= len(self._lines) else ""
        return line[:MAX_SOURCE].rstrip("\r")

    def at(self, index: int, length: int = 1) -> Place:
        """The place of `length` characters from an index into the text."""
        line = self.text.count("\n", 0, index) + 1
        column = index - (self.text.rfind("\n", 0, index) + 1) + 1
        return Place(line, column, line, column + length)


def read(data: bytes, path: str, loader: Any = LOADER) -> Document:
    """Read the bytes of one file. Never raises; what is wrong is in the problems."""
    text, problem = decode(data, path)
    if problem:
        return Document(text, None, (problem,))
    source = Text(path, text)
    if not _refused(source):
        root = _walk(source, loader)
        return Document(text, root, tuple(source.problems))
    return Document(text, None, tuple(source.problems))


def decode(data: bytes, path: str) -> tuple[str, Problem | None]:
    """The text of a file without its byte-order mark, or why it is none."""
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data):,} bytes; a contact may have {MAX_BYTES:,}"
        return "", Problem(path, Place(), "too-large", message, "is this a contact at all?")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", _not_utf8(path, Place(), "the file is UTF-16")
    try:
        return data.decode("utf-8").removeprefix(BOM), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        begin = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[begin : error.start].decode("utf-8").removeprefix(BOM)) + 1
        shown = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return "", _not_utf8(path, Place(line, column, line, column + 1), shown)


def _not_utf8(path: str, place: Place, message: str) -> Problem:
    return Problem(path, place, "not-utf8", message, "save the file as UTF-8 in your editor")


def _refused(source: Text) -> bool:
    """Report what must not reach the YAML parser; True where there is any of it."""
    text = source.text
    if found := UNSEEN.search(text):
        more = sum(1 for _ in UNSEEN.finditer(text)) - 1
        again = f" (and {more:,} more in this file)" if more else ""
        message = f"character U+{ord(found[0]):04X} cannot be seen{again}"
        source.report(
            "control-character", source.at(found.start()), message, _unseen_hint(found[0])
        )
    if "<<<<<<<" in text or "=======" in text or ">>>>>>>" in text:
        for mark in islice(_CONFLICT.finditer(text), MAX_MARKS):
            source.report(
                "conflict-marker",
                source.at(mark.start(), 7),
                "a merge was not finished here",
                "keep the lines that are right, delete the others and the lines of marks",
            )
    if text.startswith("%") or "\n%" in text:
        for mark in islice(_DIRECTIVE.finditer(text), MAX_MARKS):
            message = "directives are not used in contact files"
            source.report("directive", source.at(mark.start()), message, "delete the line with `%`")
    return bool(source.problems)


def _unseen_hint(character: str) -> str:
    if character == "\r":
        return "save the file with Unix or Windows line ends"
    if character == "\0":
        return "the file may be damaged; restore it from git or a backup"
    return "delete it"


class _Frame(NamedTuple):
    """A list or mapping that is still open; `key` is in the last place of `waiting` in a mapping."""

    start: Any
    items: list[Node]
    pairs: list[tuple[Scalar, Node]]
    seen: dict[str, Scalar]
    waiting: list[Scalar]
    mapping: bool


def _walk(source: Text, loader: Any) -> Mapping | None:
    """The fields of the text's one document; None where the text is not YAML or has no fields."""
    try:
        root = _build(source, _events(source.text, loader))
    except _Stop:
        return None
    except yaml.MarkedYAMLError as error:
        source.report_slip(error)
        return None
    except (yaml.YAMLError, ValueError, IndexError, RecursionError) as error:
        # PyYAML lets a few of its own slips through on texts that are far from YAML.
        source.report("syntax", Place(), f"this is not YAML ({type(error).__name__})")
        return None
    if root is None or (isinstance(root, Scalar) and root.blank):
        if not source.problems:
            hint = "write `name: …` in its first line"
            source.report("not-a-mapping", Place(), "the file holds no fields", hint)
        return None
    if _DOUBTFUL.search(source.text) or _DOUBTFUL_LINE.search(source.text):
        _report_doubtful(source, root)
        if any(problem.code == "syntax" for problem in source.problems):
            return None
    if not isinstance(root, Mapping):
        hint = "write `field: value` lines, `name: …` first"
        source.report("not-a-mapping", place_of(root), "there are no fields here", hint)
        return None
    return root


def _events(text: str, loader: Any) -> Iterator[Any]:
    """PyYAML's events of a text, one at a time: what comes after a stop is never read."""
    parser = loader(text)
    try:
        yield from iter(parser.get_event, None)
    finally:
        parser.dispose()


def _build(source: Text, events: Iterator[Any]) -> Node | None:  # noqa: C901 - one loop, one case an event
    """Follow the events to the end of the first document."""
    stack: list[_Frame] = []
    root: Node | None = None
    count = 0
    for event in events:
        kind = event.__class__
        node: Node
        if kind is ScalarEvent:
            node = Scalar(event.value, event.start_mark, event.end_mark, event.style or None)
            if event.anchor or event.tag:
                _report_marks(source, event)
            if event.style == '"' and (found := UNSEEN_VALUE.search(event.value)):
                node = _seen(source, node, found[0])
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if event.anchor or event.tag:
                _report_marks(source, event)
            stack.append(_Frame(event, [], [], {}, [], kind is MappingStartEvent))
            _check_depth(source, stack)
            continue
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            node = _close(stack.pop(), event)
        elif kind is AliasEvent:
            _report_alias(source, event)
            node = Scalar("", event.start_mark, event.end_mark)
        else:
            if kind is DocumentStartEvent:
                _check_document(source, event, root)
            continue
        count += 1
        if count > MAX_NODES:
            message = f"over {MAX_NODES:,} values in one file"
            source.report("too-many", _point(node.start), message, "is this a contact at all?")
            raise _Stop
        if stack:
            _deliver(source, stack[-1], node)
        else:
            root = node
    return root


def _report_doubtful(source: Text, root: Node) -> None:
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


def _close(frame: _Frame, end: Any) -> Node:
    start = frame.start
    if frame.mapping:
        return Mapping(tuple(frame.pairs), start.start_mark, end.end_mark, start.flow_style)
    return Sequence(tuple(frame.items), start.start_mark, end.end_mark, start.flow_style)


def _deliver(source: Text, frame: _Frame, node: Node) -> None:
    """Hand a finished node to the list or mapping it stands in."""
    if not frame.mapping:
        frame.items.append(node)
    elif frame.waiting:
        key = frame.waiting.pop()
        if frame.seen.setdefault(key.text, key) is key:
            frame.pairs.append((key, node))
    else:
        frame.waiting.append(_key(source, frame, node))


def _key(source: Text, frame: _Frame, node: Node) -> Scalar:
    """The node as a field's name; what cannot be one is reported."""
    if not isinstance(node, Scalar):
        message = "a list or mapping stands where a field's name should be"
        source.report("key-not-text", place_of(node), message, "put a text with braces in quotes")
        return Scalar(f"\0{node.start.index}", node.start, node.end)
    if node.text == "<<" and node.style is None:
        message = "merge keys are not used in contact files"
        source.report("merge-key", place_of(node), message, "write the fields out")
    elif node.text in frame.seen:
        first = frame.seen[node.text].start.line + 1
        source.report(
            "duplicate-key",
            place_of(node),
            f"{source.quote(node.text, 'a field')} stands here for the second time,"
            f" first in line {first}",
            "put both values under one of them",
        )
    return node


def _check_depth(source: Text, stack: list[_Frame]) -> None:
    if len(stack) > MAX_DEPTH:
        message = f"values nested over {MAX_DEPTH} levels"
        place = _point(stack[-1].start.start_mark)
        source.report("too-deep", place, message, "put a text with brackets in quotes")
        raise _Stop


def _check_document(source: Text, event: Any, root: Node | None) -> None:
    if root is not None:
        message = "a second document begins here; one file is one contact"
        hint = "move what follows into a file of its own, or delete the line `---`"
        source.report("several-documents", _point(event.start_mark, 3), message, hint)
        raise _Stop


def _report_marks(source: Text, event: Any) -> None:
    place = _point(event.start_mark)
    if event.anchor:
        hint = "write the value out; put a text that begins with & in quotes"
        source.report("anchor", place, "anchors (`&…`) are not used in contact files", hint)
    if event.tag:
        hint = "delete the tag; put a text that begins with ! in quotes"
        source.report("tag", place, "tags (`!…`) are not used in contact files", hint)


def _seen(source: Text, node: Scalar, character: str) -> Scalar:
    """A quoted text without the unseen characters that its escapes brought in."""
    message = f"an escape that stands for U+{ord(character):04X}, which cannot be seen"
    source.report("control-character", place_of(node), message, "delete it, or use single quotes")
    return node._replace(text=UNSEEN_VALUE.sub("", node.text))


def _report_alias(source: Text, event: Any) -> None:
    place = Place(
        event.start_mark.line + 1,
        event.start_mark.column + 1,
        event.end_mark.line + 1,
        event.end_mark.column + 1,
    )
    hint = "write the value out; put a text that begins with * in quotes"
    source.report("alias", place, "aliases (`*…`) are not used in contact files", hint)


def _point(mark: Mark, length: int = 1) -> Place:
    return Place(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 1 + length)


def shown(text: str, limit: int = 60) -> str:
    """A text of the file in a message: one line, not too long."""
    words = " ".join(text.split())
    return words if len(words) <= limit else words[: limit - 1] + "…"
