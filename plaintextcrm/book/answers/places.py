"""The lines of a contact's file in which the words of a query stand."""

import re
from collections.abc import Iterable, Iterator, Sequence
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
    names = {name.start("name") for name in _NAME.finditer(plain)}
    values = [span for span in found if span[0] not in names]
    return tuple(_lines(text, plain, sorted({*(values or found)})))


def _spans(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Where the words stand in a plain text: whole ones, but for the last, which may go on."""
    parts = re.findall(r"[^\W_]+", words)
    if not parts:
        return
    pattern = rf"(?<![^\W_]){_BETWEEN.join(map(re.escape, parts))}"
    signs = not words.replace(" ", "").isalnum()
    core = words[words.index(parts[0]) : words.rindex(parts[-1]) + len(parts[-1])]
    for found in re.finditer(pattern, text):
        if not signs or " ".join(found[0].split()) == core:
            yield found.span()
    yield from _number_spans(text, "".join(parts))


def _number_spans(text: str, digits: str) -> Iterator[tuple[int, int]]:
    """A number, however its digits are grouped."""
    if digits.isdecimal() and len(digits) >= _FEWEST_DIGITS:
        for found in re.finditer(r"[ ()/.-]*".join(digits), text):
            yield found.span()


def _lines(text: str, plain: str, spans: Iterable[tuple[int, int]]) -> Iterator[Match]:
    """The lines in which the spans of the plain text begin, as they are written."""
    written, folded = text.split("\n"), plain.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in folded)]
    inside: dict[int, list[tuple[int, int]]] = {}
    number = 0
    for start, end in spans:
        while starts[number + 1] <= start:
            number += 1
        begin = starts[number]
        inside.setdefault(number, []).append((start - begin, min(end - begin, len(folded[number]))))
    for number, found in inside.items():
        line = written[number].rstrip("\r")
        yield Match(number + 1, line, tuple(_written(line, found)))


def _written(line: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans of a plain line in the line as it is written: a letter may become two, or none."""
    ends = list(accumulate(len(fold(letter)) for letter in line))
    reached = 0
    for start, end in spans:
        first = sum(1 for at in ends if at <= start)
        last = sum(1 for at in ends if at < end) + 1
        first, last = max(first, reached), min(last, len(line))
        if first < last:
            reached = last
            yield first, last
