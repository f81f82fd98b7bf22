"""What changed from one text to another, line by line, and how it stands on a third text.

Lines that stand once in both texts hold the comparison together. What is made of it is only ever a
proposal: the data of the new text decides (`text/merge/carry.py`).
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Hunk(NamedTuple):
    """The lines from `start` to `end` give way to `lines`."""

    start: int
    end: int
    lines: tuple[str, ...]


def compare(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """The hunks that make `new` of `old`, from top to bottom."""
    found: list[Hunk] = []
    i = j = 0
    for old_at, new_at in [*_matches(old, new), (len(old), len(new))]:
        if old_at > i or new_at > j:
            found += _divided(i, old[i:old_at], new[j:new_at])
        i, j = old_at + 1, new_at + 1
    return found


def _divided(start: int, old: Sequence[str], new: Sequence[str]) -> Iterator[Hunk]:
    """A hunk for each line that only got another comment, and for what is in between."""
    i = j = 0
    pairs = _matches([_bare(line) for line in old], [_bare(line) for line in new])
    for old_at, new_at in [*pairs, (len(old), len(new))]:
        if old_at > i or new_at > j:
            yield Hunk(start + i, start + old_at, tuple(new[j:new_at]))
        if old_at < len(old):
            yield Hunk(start + old_at, start + old_at + 1, (new[new_at],))
        i, j = old_at + 1, new_at + 1


def _bare(line: str) -> str:
    """A line without what may be a comment."""
    return line.partition(" #")[0].rstrip()


def apply(text: Sequence[str], hunks: Sequence[Hunk]) -> list[str]:
    """The lines after these hunks, which do not overlap."""
    new: list[str] = []
    at = 0
    for hunk in sorted(hunks, key=lambda hunk: (hunk.start, hunk.end)):
        new += text[at : hunk.start]
        new += hunk.lines
        at = hunk.end
    return [*new, *text[at:]]


def moved(theirs: Hunk, ours: Sequence[Hunk]) -> list[Hunk]:
    """Where their hunk may go in our text, the likeliest first; none where we changed these lines."""
    if theirs in ours or any(_overlap(theirs, own) for own in ours):
        return []
    shifts = [_shift(ours, theirs.start)]
    if theirs.start == theirs.end and any(own.start == own.end == theirs.start for own in ours):
        others = [own for own in ours if own.start < theirs.start]
        shifts.append(_shift(others, theirs.start))  # both put lines here: in front of ours
    return [Hunk(theirs.start + by, theirs.end + by, theirs.lines) for by in shifts]


def merge_lines(base: str, ours: str, theirs: str) -> str | None:
    """A text of several lines with the changes of both sides; None where these touch each other."""
    old = base.split("\n")
    if len(base.rstrip("\n").split("\n")) < 2:
        return None
    mine, other = (compare(old, text.split("\n")) for text in (ours, theirs))
    if any(a.start <= b.end and b.start <= a.end for a in mine for b in other if a != b):
        return None
    return "\n".join(apply(old, [*mine, *(hunk for hunk in other if hunk not in mine)]))


def _shift(ours: Sequence[Hunk], start: int) -> int:
    return sum(len(own.lines) - (own.end - own.start) for own in ours if own.end <= start)


def _overlap(one: Hunk, other: Hunk) -> bool:
    if one.start == one.end or other.start == other.end:
        return one.start < other.end and other.start < one.end
    return max(one.start, other.start) < min(one.end, other.end)


def _matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The lines that are the same in both, in order."""
    found: list[tuple[int, int]] = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        i, i_end, j, j_end = waiting.pop()
        while i < i_end and j < j_end and old[i] == new[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        while i < i_end and j < j_end and old[i_end - 1] == new[j_end - 1]:
            i_end, j_end = i_end - 1, j_end - 1
            found.append((i_end, j_end))
        anchors = _anchors(old, new, (i, i_end, j, j_end))
        found += anchors
        for (a, b), (c, d) in zip(
            [(i - 1, j - 1), *anchors], [*anchors, (i_end, j_end)], strict=True
        ):
            if anchors:
                waiting.append((a + 1, c, b + 1, d))
    return sorted(found)


def _anchors(
    old: Sequence[str], new: Sequence[str], part: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """Lines that stand once in both parts: the longest run of them in the same order."""
    i, i_end, j, j_end = part
    counts, other = Counter(old[i:i_end]), Counter(new[j:j_end])
    places = {line: at for at, line in enumerate(new[j:j_end], j) if other[line] == 1}
    shared = [
        (at, places[line])
        for at, line in enumerate(old[i:i_end], i)
        if counts[line] == 1 and line in places
    ]
    ends: list[int] = []
    chains: list[int] = []
    before: list[int] = []
    for number, (_at, place) in enumerate(shared):
        length = bisect_left(ends, place)
        before.append(chains[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        chains[length : length + 1] = [number]
    run: list[tuple[int, int]] = []
    at = chains[-1] if chains else -1
    while at >= 0:
        run.append(shared[at])
        at = before[at]
    return run[::-1]
