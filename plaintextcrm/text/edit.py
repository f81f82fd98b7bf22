"""Changing a file's text by splicing: one value changes, and no other byte.

A change is found on the nodes of the text (`ground`), made as one splice of characters (`addition`,
`replacement`, `removal`) and proved: the new text is read again and must hold the old data with
exactly this change. The first splice that does is taken; if none does, the change is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from plaintextcrm.model.problem import Place
from plaintextcrm.text.addition import add, append
from plaintextcrm.text.ground import Ground, Misfit, Path, Splice
from plaintextcrm.text.habits import newest_first
from plaintextcrm.text.nodes import Sequence, plain
from plaintextcrm.text.reader import Document, read
from plaintextcrm.text.refused import UNSEEN, UNSEEN_VALUE
from plaintextcrm.text.removal import emptied, remove
from plaintextcrm.text.render import Plain
from plaintextcrm.text.replacement import replace
from plaintextcrm.text.source import BOM


class Refused(Exception):
    """The change cannot be made safely; the text is as it was."""

    def __init__(self, path: str, place: Place, why: str) -> None:
        super().__init__(f"{path}:{place.line}:{place.column}: {why}")


@dataclass(frozen=True, slots=True)
class Set:
    """The field or entry at `path` gets this value; a field that is missing is added."""

    path: Path
    value: Plain


@dataclass(frozen=True, slots=True)
class Append:
    """The list at `path` gets one more entry, first or last as its dates run; or it is made."""

    path: Path
    value: Plain


@dataclass(frozen=True, slots=True)
class Remove:
    """The field or entry at `path` goes; with the last line of a block also the field it belongs to."""

    path: Path


Change: TypeAlias = Set | Append | Remove


def edit(data: bytes, path: str, *changes: Change) -> bytes:
    """The file's bytes after these changes, one after the other. Raises Refused."""
    for change in changes:
        data = _changed(data, path, change)
    return data


def _changed(data: bytes, path: str, change: Change) -> bytes:
    """The new bytes, proved."""
    document = read(data, path)
    if document.root is None or document.problems:
        problem = document.problems[0]
        raise Refused(path, problem.place, f"{problem.message}; mend this first")
    ground = Ground(document.text, document.root, "\r\n" if "\r\n" in document.text else "\n")
    mark = BOM if data.startswith(BOM.encode()) else ""
    try:
        return _prove(ground, mark, path, change)
    except Misfit as misfit:
        raise Refused(path, misfit.place, str(misfit)) from misfit


def _prove(ground: Ground, mark: str, path: str, change: Change) -> bytes:
    """The text with the first splice that makes the change and no other."""
    if not isinstance(change, Remove):
        _demand_seen(ground, change)
    splices = list(_splices(ground, change))  # says by itself what does not fit
    wanted = _wanted(ground, change)
    if wanted == plain(ground.root):
        return (mark + ground.text).encode()
    again: Document | None = None
    for splice in splices:
        new = mark + ground.text[: splice.start] + splice.text + ground.text[splice.end :]
        again = read(new.encode(), path)
        if not again.problems and again.root and plain(again.root) == wanted:
            return new.encode()
    outgrown = again is not None and again.problems and again.problems[0].code in _LIMITS
    why = (
        again.problems[0].message if again and outgrown else "this cannot be changed by itself here"
    )
    raise Misfit(ground.nearest(change.path), why)


_LIMITS = ("too-large", "too-many", "too-deep")


def _splices(ground: Ground, change: Change) -> Iterator[Splice]:
    if isinstance(change, Remove):
        return remove(ground, change.path)
    if isinstance(change, Append):
        return append(ground, change.path, change.value)
    node = ground.node(change.path)
    if node is None:
        return add(ground, change.path, change.value)
    return replace(ground, change.path, node, change.value)


def _demand_seen(ground: Ground, change: Set | Append) -> None:
    """Refuse values with characters that no file may hold."""
    for text in _texts(change.value):
        found = UNSEEN.search(text.replace(BOM, "")) or UNSEEN_VALUE.search(text)
        if found:
            why = f"the new value holds a character that cannot be seen (U+{ord(found[0]):04X})"
            raise Misfit(ground.nearest(change.path), why, "leave it out")


def _texts(value: Plain) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    else:
        yield from value
        for item in value.values():
            yield from _texts(item)


def _wanted(ground: Ground, change: Change) -> object:
    """The old data with exactly this change."""
    data: Any = plain(ground.root)
    path = emptied(ground, change.path) if isinstance(change, Remove) else change.path
    at = data
    for step in path[:-1]:
        if isinstance(step, str) and not at.get(step):
            at[step] = {}  # a mapping that is made for its first field
        at = at[step]
    if isinstance(change, Remove):
        del at[path[-1]]
    else:
        at[path[-1]] = change.value if isinstance(change, Set) else _longer(ground, change)
    return data


def _longer(ground: Ground, change: Append) -> list[Any]:
    """The list at the path with one more entry."""
    node = ground.node(change.path)
    held = plain(node) if node else []
    entries = held if isinstance(held, list) else [held] if held else []
    if isinstance(node, Sequence) and newest_first(ground, node):
        return [change.value, *entries]
    return [*entries, change.value]
