"""The lines of a contact's file in which the words of a query stand."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from plaintextcrm.book.book import Book
from plaintextcrm.text.fold import fold

# The name of a field is none of its words; a text that reads like one is found all the same where
# nothing else is.
_NAME = re.compile(r"(?:^|[-{,])[ \t]*[\"']?(?P<name>[\w-]+)[\"']?[ \t]*:(?=\s|$)", re.MULTILINE)
_BETWEEN = r"[\W_]+"  # two words, for the full text
_FEWEST_DIGITS = 5  # of a number that is looked for without its blanks


class Match(NamedTuple):
    """A line that has some of the words; `spans` are where, from and to, from 0."""

    line: int
    text: str
    spans: tuple[tuple[int, int], ...]


def matches(book: Book, path: str, sought: Sequence[str]) -> tuple[Match, ...]:
    """The lines of the last good text of a file in which one of these words or phrases begins.

    `sought`: see `Where`.
    """
    if not sought:
        return ()
    sql = "SELECT text FROM texts JOIN files USING (file) WHERE path = ?"
    text = str(book.db.execute(sql, (path,)).fetchone()[0])
    plain = fold(text)
    found = [span for words in sought for span in _spans(plain, words)]
    values = [span for span in found if not _is_name(plain, span[0])]
    return tuple(_lines(text, plain, sorted({*(values or found)})))


def _is_name(plain: str, at: int) -> bool:
    """True where the name of a field begins."""
    begin, end = plain.rfind("\n", 0, at) + 1, plain.find("\n", at)
    names = _NAME.finditer(plain, begin, len(plain) if end < 0 else end)
    return any(name.start("name") == at for name in names)


class _Sought(NamedTuple):
    """Words to look for: what they look like in a plain text; how they do where `core`, their signs,
    counts; their letters and digits.
    """

    pattern: re.Pattern[str]
    core: str
    letters: str


@cache  # the same few words are looked for in thousands of files
def _sought(words: str) -> _Sought | None:
    parts = re.findall(r"[^\W_]+", words)
    if not parts:
        return None
    # A word begins here. The test stands behind the first letter, which is found sooner alone.
    first = parts[0][0]
    begun = rf"{first}(?<![^\W_]{first}){_BETWEEN.join([parts[0][1:], *parts[1:]])}"
    signs = not words.replace(" ", "").isalnum()
    core = words[words.index(parts[0]) : words.rindex(parts[-1]) + len(parts[-1])]
    return _Sought(re.compile(begun), core if signs else "", "".join(parts))


def _spans(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Where the words stand in a plain text: whole ones, but for the last, which may go on."""
    sought = _sought(words)
    if sought is None:
        return
    for found in sought.pattern.finditer(text):
        if not sought.core or " ".join(found[0].split()) == sought.core:
            yield found.span()
    yield from _number_spans(text, sought.letters)


def _number_spans(text: str, digits: str) -> Iterator[tuple[int, int]]:
    """A number, however its digits are grouped."""
    if digits.isdecimal() and len(digits) >= _FEWEST_DIGITS:
        for found in re.finditer(r"[ ()/.-]*".join(digits), text):
            yield found.span()


def _lines(text: str, plain: str, spans: Iterable[tuple[int, int]]) -> Iterator[Match]:
    """The lines in which the spans of the plain text begin, as they are written."""
    inside: dict[int, list[tuple[int, int]]] = {}
    number = begin = 0
    for start, end in spans:
        number += plain.count("\n", begin, start)
        begin = plain.rfind("\n", 0, start) + 1
        length = len(plain[begin:end].partition("\n")[0])  # it may go on in the next line
        inside.setdefault(number, []).append((start - begin, length))
    written = text.split("\n") if inside else []
    for number, found in inside.items():
        line = written[number].rstrip("\r")
        yield Match(number + 1, line, tuple(_written(line, found)))


def _written(line: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans of a plain line in the line as it is written: a letter may become two, or none."""
    ends = list(accumulate(map(_length, line)))
    reached = 0
    for start, end in spans:
        first = max(bisect_right(ends, start), reached)
        last = min(bisect_left(ends, end) + 1, len(line))
        if first < last:
            reached = last
            yield first, last


@cache
def _length(letter: str) -> int:
    """How many letters it becomes in plain text."""
    return len(fold(letter))
