"""The queries that settings hold: each is read by who knows the language, and faults get their place."""

from collections.abc import Iterator

from plaintextcrm.model.pattern import pattern
from plaintextcrm.model.problem import Place
from plaintextcrm.model.settings import CheckQuery, Settings
from plaintextcrm.text.nodes import Mapping, Scalar, Sequence, place_of
from plaintextcrm.text.source import Text, shown

_NAME = pattern(r"[^\W\d][\w-]*")  # as the language has them behind an @


def check_queries(root: Mapping, settings: Settings, source: Text, check: CheckQuery) -> None:
    """Report every query of the settings file that cannot be asked."""
    for name in _names(root):
        if not _NAME.fullmatch(name.text):
            message = f"no query can be asked as @{shown(name.text)}"
            hint = "begin with a letter; letters, digits, `-` and `_` may follow"
            source.report("bad-query", place_of(name), message, hint)
    for node in _queries(root):
        fault = check(node.text.strip(), settings) if node.text.strip() else None
        if fault:
            place = _place(node, fault.column, source.text)
            source.report("bad-query", place, fault.message, fault.hint)


def _names(root: Mapping) -> Iterator[Scalar]:
    for key, value in root.pairs:
        if key.text == "queries" and isinstance(value, Mapping):
            yield from (name for name, _query in value.pairs)


def _queries(root: Mapping) -> Iterator[Scalar]:
    for key, value in root.pairs:
        if key.text == "queries" and isinstance(value, Mapping):
            yield from (query for _name, query in value.pairs if isinstance(query, Scalar))
        elif key.text == "consent" and isinstance(value, Scalar):
            yield value
        elif key.text == "feeds" and isinstance(value, Sequence):
            for feed in value.items:
                pairs = feed.pairs if isinstance(feed, Mapping) else ()
                yield from (
                    query
                    for name, query in pairs
                    if name.text == "query" and isinstance(query, Scalar)
                )


def _place(node: Scalar, column: int, text: str) -> Place:
    """The place in the file of a column of the query; that of the whole query, where it is written
    in another way than it reads.
    """
    written = text[node.start.index : node.end.index]
    begin = written.find(node.text.strip())
    if begin < 0 or "\n" in written.strip():
        return place_of(node)
    line = node.start.line + 1
    at = node.start.column + begin + column
    return Place(line, at, line, at + 1)
