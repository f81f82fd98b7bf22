"""An entry of a list as a person names it: by words of its name, in the text as it is now."""

from dataclasses import dataclass

from plaintextcrm.cli.output import one_line
from plaintextcrm.model.errors import WhichEntry
from plaintextcrm.text.fold import fold
from plaintextcrm.text.nodes import Mapping, Scalar, Sequence
from plaintextcrm.text.reader import read


@dataclass(frozen=True, slots=True)
class Entries:
    """A list whose entries have a name. One with a value in a field of `closed` is not open."""

    field: str
    noun: str
    words: tuple[str, ...]
    closed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One of them: its place in the list, its name, and its fields as text."""

    index: int
    words: str
    fields: dict[str, str]
    open: bool


def choose(
    entries: Entries, path: str, data: bytes, words: str, *, new: bool = False
) -> Entry | None:
    """The entry that the words name, an open one first; without words the only open one.

    None: there is none, or a new one is wanted. Raises WhichEntry where there are several.
    """
    if new:
        return None
    known = _entries(entries, path, data)
    alike = [entry for entry in known if fold(entry.words) == fold(words)] if words else []
    found = alike or [entry for entry in known if fold(words) in fold(entry.words)]
    found = [entry for entry in found if entry.open] or (found if words else [])
    if len(found) <= 1:
        return found[0] if found else None
    listed = [one_line(entry.words) for entry in found]
    raise WhichEntry(f"Which {entries.noun}? Name one by its own words:", listed)


def _entries(entries: Entries, path: str, data: bytes) -> list[Entry]:
    root = read(data, path).root
    pairs = root.pairs if root else ()
    held = next((node for key, node in pairs if key.text == entries.field), None)
    items = held.items if isinstance(held, Sequence) else ()
    return [
        _entry(entries, index, item)
        for index, item in enumerate(items)
        if isinstance(item, Mapping)
    ]


def _entry(entries: Entries, index: int, item: Mapping) -> Entry:
    fields = {key.text: node.text for key, node in item.pairs if isinstance(node, Scalar)}
    words = next((fields[word] for word in entries.words if fields.get(word)), "")
    return Entry(index, words, fields, not any(fields.get(word) for word in entries.closed))
