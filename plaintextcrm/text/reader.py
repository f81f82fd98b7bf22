"""The one reader of YAML: bytes of a file → nodes that keep text and place, or problems.

It walks PyYAML's events with its own limits and never lets PyYAML build values: no input runs
code, crashes, hangs or fills the memory, and every scalar stays the text that was written.
"""

from collections.abc import Callable
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, NoReturn, TypeAlias

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
from plaintextcrm.text.doubtful import may_be_doubtful, report_doubtful
from plaintextcrm.text.loader import LOADER
from plaintextcrm.text.nodes import Mapping, Mark, Node, Scalar, Sequence, place_of
from plaintextcrm.text.refused import UNSEEN_VALUE, refused
from plaintextcrm.text.source import Text, decode

MAX_DEPTH = 12
MAX_NODES = 60_000

_text_of = itemgetter(Scalar._fields.index("text"))
_new = tuple.__new__  # of a named tuple, twice as fast as its own


class Document(NamedTuple):
    """What was read: `text` without a byte-order mark, its fields where there are any, its problems."""

    text: str
    root: Mapping | None
    problems: tuple[Problem, ...]


class _Stop(Exception):
    """The walk cannot go on; the problem is already reported."""


def read(data: bytes, path: str, loader: Any = LOADER) -> Document:
    """Read the bytes of one file. Never raises; what is wrong is in the problems."""
    text, problem = decode(data, path)
    if problem:
        return Document(text, None, (problem,))
    source = Text(path, text)
    root = None if refused(source) else _walk(source, loader)
    return Document(text, root, tuple(source.problems))


def _walk(source: Text, loader: Any) -> Mapping | None:
    """The fields of the text's one document; None where the text is not YAML or has no fields."""
    read, root = _document(source, loader)
    if not read:
        return None
    if root is None or (isinstance(root, Scalar) and root.blank):
        if not source.problems:
            hint = "write `name: …` in its first line"
            source.report("not-a-mapping", Place(), "the file holds no fields", hint)
        return None
    if may_be_doubtful(source.text):
        report_doubtful(source, root)
        if any(problem.code == "syntax" for problem in source.problems):
            return None
    if not isinstance(root, Mapping):
        hint = "write `field: value` lines, `name: …` first"
        source.report("not-a-mapping", place_of(root), "there are no fields here", hint)
        return None
    return root


# A list or mapping that is still open: its first event, and what stands in it so far; in a mapping
# names and values in turn. The outermost one is the text itself, without an event.
_Open: TypeAlias = tuple[Any, list[Node]]
_Pairs: TypeAlias = tuple[tuple[Scalar, Node], ...]


def _document(source: Text, loader: Any) -> tuple[bool, Node | None]:
    """Whether the text is YAML that may be read on, and its one document."""
    stack: list[_Open] = [(None, [])]
    parser = loader(source.text)
    try:
        _follow(source, parser.get_event, stack)
        return True, next(iter(stack[0][1]), None)
    except _Stop:
        pass
    except yaml.MarkedYAMLError as error:
        source.report_slip(error)
    except (yaml.YAMLError, ValueError, IndexError, RecursionError) as error:
        # PyYAML lets a few of its own slips through on texts that are far from YAML.
        source.report("syntax", Place(), f"this is not YAML ({type(error).__name__})")
    finally:
        parser.dispose()
        for start, items in stack[1:]:
            if start.__class__ is MappingStartEvent:
                names: list[Any] = items[::2]
                _check_names(source, tuple((name, name) for name in names))
        source.problems.sort(key=attrgetter("place"))
    return False, None


def _follow(source: Text, get_event: Callable[[], Any], stack: list[_Open]) -> None:  # noqa: C901
    """Follow the events to the end of the first document. One loop, one case an event.

    A file has hundreds of events, so nothing is asked of one that can be asked of the whole text
    or of a whole mapping, and little is called.
    """
    marked = "&" in source.text or "!" in source.text
    items, count = stack[-1][1], 0
    for event in iter(get_event, None):
        kind = event.__class__
        node: Node
        if kind is ScalarEvent:
            style = event.style or None
            node = _new(Scalar, (event.value, event.start_mark, event.end_mark, style))
            if marked and (event.anchor or event.tag):
                _report_marks(source, event)
            if style == '"' and (found := UNSEEN_VALUE.search(event.value)):
                node = _seen(source, node, found[0])
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            node = _closed(source, *stack.pop(), event.end_mark, kind is MappingEndEvent)
            start, items = stack[-1]
            if start.__class__ is MappingStartEvent and not len(items) & 1:
                node = _no_name(source, node)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if marked and (event.anchor or event.tag):
                _report_marks(source, event)
            items = []
            stack.append((event, items))
            if len(stack) > MAX_DEPTH + 1:
                _stop(source, "too-deep", event.start_mark)
            continue
        elif kind is AliasEvent:
            _report_alias(source, event)
            node = Scalar("", event.start_mark, event.end_mark)
        else:
            if kind is DocumentStartEvent and items:
                _stop(source, "several-documents", event.start_mark)
            continue
        count += 1
        if count > MAX_NODES:
            _stop(source, "too-many", node.start)
        items.append(node)


def _closed(source: Text, start: Any, items: list[Any], end: Mark, mapping: bool) -> Node:
    if not mapping:
        return _new(Sequence, (tuple(items), start.start_mark, end, start.flow_style))
    names = items[::2]
    pairs = tuple(zip(names, items[1::2]))  # noqa: B905 - a mapping is closed behind a value
    texts = set(map(_text_of, names))
    if len(texts) < len(names) or "<<" in texts:
        pairs = _check_names(source, pairs)
    return _new(Mapping, (pairs, start.start_mark, end, start.flow_style))


def _no_name(source: Text, node: Node) -> Scalar:
    """A list or mapping where a field's name should be: a name that nothing else has."""
    message = "a list or mapping stands where a field's name should be"
    source.report("key-not-text", place_of(node), message, "put a text with braces in quotes")
    return Scalar(f"\0{node.start.index}", node.start, node.end)


def _check_names(source: Text, pairs: _Pairs) -> _Pairs:
    """The pairs whose name stands for the first time; others and merge keys are reported."""
    first: dict[str, tuple[Scalar, Node]] = {}
    for name, value in pairs:
        if name.text == "<<" and name.style is None:
            message = "merge keys are not used in contact files"
            source.report("merge-key", place_of(name), message, "write the fields out")
        elif name.text in first:
            line = first[name.text][0].start.line + 1
            source.report(
                "duplicate-key",
                place_of(name),
                f"{source.quote(name.text, 'a field')} stands here for the second time,"
                f" first in line {line}",
                "put both values under one of them",
            )
        first.setdefault(name.text, (name, value))
    return tuple(first.values())


_STOPS = {
    "too-deep": (f"values nested over {MAX_DEPTH} levels", "put a text with brackets in quotes", 1),
    "too-many": (f"over {MAX_NODES:,} values in one file", "is this a contact at all?", 1),
    "several-documents": (
        "a second document begins here; one file is one contact",
        "move what follows into a file of its own, or delete the line `---`",
        3,
    ),
}


def _stop(source: Text, code: str, mark: Mark) -> NoReturn:
    """Report what ends the walk, and end it."""
    message, hint, length = _STOPS[code]
    source.report(code, _point(mark, length), message, hint)
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
