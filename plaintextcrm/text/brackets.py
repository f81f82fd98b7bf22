"""Putting a piece into brackets or braces, and taking one out; comments and commas stay right."""

import re
from collections.abc import Iterator

from plaintextcrm.text.ground import Ground, Splice
from plaintextcrm.text.nodes import Mapping, Scalar, Sequence

Span = tuple[int, int]


def put(ground: Ground, parent: Mapping | Sequence, number: int, piece: str) -> Iterator[Splice]:
    """Put the piece at that number: on a line of its own where each neighbour has one."""
    spans = _spans(parent)
    if not spans:
        inside = parent.start.index + 1
        blank = not ground.text[inside : parent.end.index - 1].strip(" ")
        yield Splice(inside, parent.end.index - 1 if blank else inside, piece)
        return
    beside = [spans[0], *spans[max(number - 1, 0) : number + 1]]
    if all(ground.begins_line(start) for start, _end in beside):
        yield from _put_line(ground, parent, spans, number, piece)
    if ground.text[parent.start.index] not in "[{":  # a lone `name: value` in a list
        start, end = spans[0][0], spans[-1][1]
        yield Splice(start, end, f"{{{ground.text[start:end]}, {piece}}}")
    elif number:
        at = spans[number - 1][1]
        yield Splice(at, at, f", {piece}")
    else:
        at = spans[0][0]
        yield Splice(at, at, f"{piece}, ")


def _put_line(
    ground: Ground, parent: Mapping | Sequence, spans: list[Span], number: int, piece: str
) -> Iterator[Splice]:
    near = spans[max(number - 1, 0)]
    margin = ground.text[ground.line_start(near[0]) : near[0]]
    if not number:
        at = ground.above(near[0])
        yield Splice(at, at, f"{margin}{piece},{ground.newline}")
        return
    end = ground.line_end(near[1])
    following = spans[number][0] if number < len(spans) else parent.end.index - 1
    comma = ground.sign(",", near[1], following)
    if comma is not None and comma < end <= following:
        yield Splice(end, end, f"{margin}{piece},{ground.newline}")
    elif comma is None and end <= following:
        rest = ground.text[near[1] : end]
        yield Splice(near[1], end, f",{rest}{margin}{piece}{ground.newline}")


def take(ground: Ground, parent: Mapping | Sequence, number: int) -> Splice:
    """Take the piece with that number out, and one of the commas beside it."""
    spans = _spans(parent)
    start = spans[number][0]
    end = _own_end(ground, parent, number)
    inner = ground.comments(start, end)
    if number + 1 < len(spans):
        until = spans[number + 1][0]
        return _cut(ground, start, until, inner, ground.text[end:until])
    if number:
        since = spans[number - 1][1]
        return _cut(ground, since, end, inner, ground.text[since:start])
    comma = ground.sign(",", end, parent.end.index)
    until = end if comma is None else comma + 1
    return _cut(ground, start, until, inner, ground.text[end:until])


def _own_end(ground: Ground, parent: Mapping | Sequence, number: int) -> int:
    """The index behind a piece; YAML has an empty value stand where the next sign does."""
    if isinstance(parent, Sequence):
        return parent.items[number].end.index
    key, value = parent.pairs[number]
    if not (isinstance(value, Scalar) and value.blank):
        return value.end.index
    colon = ground.sign(":", key.end.index, value.start.index)
    return key.end.index if colon is None else colon + 1


def _cut(ground: Ground, start: int, end: int, inner: list[str], gap: str) -> Splice:
    """A cut that leaves the comments: those within the piece, and the ones of a gap beside it."""
    margin = " " * (start - ground.line_start(start))
    kept = "".join(f" {comment}{ground.newline}{margin}" for comment in inner)
    if "#" in gap:
        kept += re.sub(r"(?m)^([^#,]*),", r"\1", gap, count=1)
    if ground.begins_line(start):
        kept = kept.lstrip(" ")
    if ground.text[end:].lstrip(" ").startswith(("\n", "\r\n")):
        kept = kept.rstrip()
    return Splice(start, end, kept)


def _spans(parent: Mapping | Sequence) -> list[Span]:
    if isinstance(parent, Mapping):
        return [
            (key.start.index, max(key.end.index, value.end.index)) for key, value in parent.pairs
        ]
    return [(item.start.index, item.end.index) for item in parent.items]
