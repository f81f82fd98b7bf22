"""Where a contact's file names other contacts, by the field table."""

from collections.abc import Iterator

from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fields import contact_fields, fields_of
from plaintextcrm.text.fold import key_of
from plaintextcrm.text.nodes import Mapping, Node, Scalar, Sequence
from plaintextcrm.text.types import Field, ListOf, Marked, Structure, Type

Path = tuple[str | int, ...]
_KINDS = ("contact", "mention")


def references(root: Mapping, contact_id: str, settings: Settings) -> list[Path]:
    """The path of every value that names this contact."""
    found = _within(root, contact_fields(settings), ())
    return [path for path, text in found if key_of(text) == key_of(contact_id)]


def promised_by(root: Mapping, contact_id: str, settings: Settings) -> list[Path]:
    """The promises in a contact's own file that say by its id that they are theirs."""
    entries = next((node for key, node in root.pairs if key.text == "promises"), None)
    items = entries.items if isinstance(entries, Sequence) else ()
    return [
        ("promises", index, "by")
        for index, entry in enumerate(items)
        for key, node in (entry.pairs if isinstance(entry, Mapping) else ())
        if key.text == "by" and isinstance(node, Scalar) and not settings.is_ours(node.text)
        if key_of(node.text) == key_of(contact_id)
    ]


def _within(node: Mapping, known: dict[str, Field], path: Path) -> Iterator[tuple[Path, str]]:
    for key, value in node.pairs:
        if key.text in known:
            yield from _of(value, known[key.text].type, (*path, key.text))


def _of(node: Node, kind: Type, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(kind, ListOf) and isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from _of(item, kind.item, (*path, index))
    elif isinstance(kind, ListOf):
        yield from _of(node, kind.item, path)
    elif isinstance(kind, Marked) and kind.kind in _KINDS and isinstance(node, Scalar):
        yield path, node.text
    elif isinstance(kind, Structure) and isinstance(node, Mapping):
        yield from _within(node, {field.name: field for field in fields_of(kind)}, path)
