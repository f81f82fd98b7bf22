"""What two versions of a contact differ in, entry by entry and field by field, and in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from plaintextcrm.text.fields import CONTACT_FIELDS, SETTINGS_FIELDS
from plaintextcrm.text.merge.pairing import pair
from plaintextcrm.text.merge.values import Value
from plaintextcrm.text.nodes import plain
from plaintextcrm.text.reader import read
from plaintextcrm.text.render import Plain, flow
from plaintextcrm.text.source import shown
from plaintextcrm.text.types import ListOf, Structure

Fields: TypeAlias = dict[str, Plain]
_LONG = 100  # characters of a value in words
_TOLD = ("note", "name", "about", "value", "contact", "amount", "url")
_CLOSED = ("done", "closed")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed: a field, or an entry of a list (`old` or `new` is then the entry).

    `what` is `added`, `removed`, `changed` or `done` (an entry that was closed).
    """

    field: str
    what: str
    old: Value
    new: Value

    @property
    def entry(self) -> Fields:
        """The entry that it is about, as it is now or was; empty where it is no mapping."""
        value = self.old if self.new is None else self.new
        return value if isinstance(value, dict) else {}


def fields_in(data: bytes | None, path: str) -> Fields | None:
    """The fields of a file; None where it is not there, or cannot be read."""
    if data is None:
        return None
    document = read(data, path)
    found = plain(document.root) if document.root is not None else {}
    return found if isinstance(found, dict) and not document.problems else None


def differences(old: Fields, new: Fields) -> Iterator[Difference]:
    """All that changed, in the order of the fields."""
    for name in [*new, *(name for name in old if name not in new)]:
        before, after = old.get(name), new.get(name)
        if (before or None) == (after or None):
            continue
        if _is_list(before) and _is_list(after) and has_entries(name):
            yield from _in_list(name, _entries(before), _entries(after))
        else:
            what = "added" if not before else "removed" if not after else "changed"
            yield Difference(name, what, before or None, after or None)


def has_entries(name: str) -> bool:
    """True for a list of which each entry is told by itself."""
    kind = next((field.type for field in CONTACT_FIELDS if field.name == name), None)
    return isinstance(kind, ListOf)


def _is_list(value: Value) -> bool:
    return not value or isinstance(value, list)


def _entries(value: Value) -> list[Plain]:
    return value if isinstance(value, list) else []


def _in_list(name: str, old: list[Plain], new: list[Plain]) -> Iterator[Difference]:
    pairs = pair(old, new, name)
    back = {after: before for before, after in pairs.items()}
    for number, entry in enumerate(new):
        if number not in back:
            yield Difference(name, "added", None, entry)
        elif old[back[number]] != entry:
            yield _changed_entry(name, old[back[number]], entry)
    for number, entry in enumerate(old):
        if number not in pairs:
            yield Difference(name, "removed", entry, None)


def _changed_entry(name: str, old: Plain, new: Plain) -> Difference:
    closed = (
        isinstance(old, dict)
        and isinstance(new, dict)
        and any(new.get(word) and not old.get(word) for word in _CLOSED)
    )
    return Difference(name, "done" if closed else "changed", old, new)


# ── in words ─────────────────────────────────────────────────────────────────


def noun(field: str) -> str:
    """What an entry of the list is called: `follow-up`, `interaction`."""
    known = (*CONTACT_FIELDS, *SETTINGS_FIELDS)
    kind = next((one.type for one in known if one.name == field), None)
    if isinstance(kind, ListOf) and isinstance(kind.item, Structure):
        return kind.item.words.removeprefix("a ").removeprefix("an ")
    return field[:-1] if field.endswith("s") else field


def tell(found: Difference) -> str:
    """`cadence: 3 months → 6 weeks`; `added an interaction: 2026-05-12, call: Wants a shop`."""
    if not has_entries(found.field):
        return _tell_field(found.field, found.old, found.new)
    name = noun(found.field)
    if found.what == "changed" and isinstance(found.old, dict) and isinstance(found.new, dict):
        inner = differences(found.old, found.new)
        rest = "; ".join(_tell_field(one.field, one.old, one.new) for one in inner)
        return f"changed {_a(name)} ({_entry(found.old)}): {rest}"
    verb = {"done": "closed", "added": "added", "removed": "removed"}.get(found.what, "changed")
    value = found.old if found.new is None else found.new
    return f"{verb} {_a(name)}: {_entry(value)}"


def _tell_field(name: str, old: Value, new: Value) -> str:
    if new is None:
        return f"{name}: removed ({_value(old)})"
    return f"{name}: {_value(new)}" if old is None else f"{name}: {_value(old)} → {_value(new)}"


def _a(name: str) -> str:
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"


def _value(value: Value) -> str:
    if value is None:
        return "nothing"
    return shown(value if isinstance(value, str) else flow(value), _LONG)


def _entry(value: Value) -> str:
    """`2026-05-12, call: Wants a shop`."""
    if not isinstance(value, dict):
        return _value(value)
    head = [value.get(name) for name in ("done", "closed", "date", "year") if value.get(name)][:1]
    head += [value[name] for name in ("channel", "stage", "by") if value.get(name)]
    told = [value[name] for name in _TOLD if value.get(name)][:1]
    texts = ", ".join(_value(part) for part in head), ", ".join(_value(part) for part in told)
    return ": ".join(text for text in texts if text) or _value(value)
