"""A conflict in words: which field of which entry, and what each side has there."""

from collections import Counter
from collections.abc import Sequence

from plaintextcrm.text.fields import CONTACT_FIELDS, SETTINGS_FIELDS
from plaintextcrm.text.ground import Path
from plaintextcrm.text.merge.values import Conflict, Value
from plaintextcrm.text.render import Plain, flow
from plaintextcrm.text.source import shown
from plaintextcrm.text.types import ListOf, Structure

_TOLD = ("note", "name", "value", "contact", "about")
_TELLING = 40  # characters of an entry's text


def field_words(path: Path, data: Value, own: Value, *, order: bool = False) -> str:
    """The field or entry at a path of the data: `cadence`, `note of the interaction of 2026-05-12`.

    `own` is the value at its end, which the data may not have.
    """
    number = next((at for at, step in enumerate(path) if isinstance(step, int)), None)
    if number is None:
        words = ".".join(str(step) for step in path)
        return f"order of {words}" if order else words
    entry = own if number == len(path) - 1 else _at(data, path[: number + 1])
    rest = ".".join(_step(step) for step in path[number + 1 :])
    named = _entry_words(str(path[number - 1]), path[number], entry, rest)
    return f"{rest} of {named}" if rest else named


def _step(step: str | int) -> str:
    return str(step + 1) if isinstance(step, int) else step


def _at(data: Value, path: Path) -> Value:
    for step in path:
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def _entry_words(field: str, number: str | int, entry: Value, apart: str) -> str:
    """What an entry is called; not by the field that is in conflict."""
    kind = _kinds().get(field, f"entry of {field}")
    if isinstance(entry, str):
        return f"the {kind} {shown(entry, _TELLING)}"
    if not isinstance(entry, dict):
        return f"the {kind} with number {_step(number)}"
    told_by = {name: text for name, text in entry.items() if name != apart and text}
    day = told_by.get("date") or told_by.get("year")
    told = next((told_by[name] for name in _TOLD if name in told_by), "")
    words = f"the {kind} of {shown(day, _TELLING)}" if isinstance(day, str) else f"the {kind}"
    if isinstance(told, str) and told:
        words += f" ({shown(told, _TELLING)})"
    return words


def _kinds() -> dict[str, str]:
    found = {}
    for field in (*CONTACT_FIELDS, *SETTINGS_FIELDS):
        if isinstance(field.type, ListOf) and isinstance(field.type.item, Structure):
            found[field.name] = field.type.item.words.partition(" ")[2]
    return found


def tell_conflict(
    conflict: Conflict, ours: str = "yours", theirs: str = "theirs", *, hidden: bool = False
) -> str:
    """One line: `cadence: yours 3 months, theirs 6 weeks`. `hidden`: the field's name and no value,
    for what is private.
    """
    if hidden:
        names = ".".join(str(step) for step in conflict.path if isinstance(step, str))
        return f"{names}: {ours} and {theirs} differ"
    mine, other = (_side(conflict, value) for value in (conflict.ours, conflict.theirs))
    return f"{conflict.field}: {ours} {mine}, {theirs} {other}"


def _side(conflict: Conflict, value: Value) -> str:
    if value is None:
        return "removed" if conflict.base is not None else "without"
    if conflict.order and isinstance(value, list):
        return ", ".join(_short(entry) for entry in value[:6])
    if value == "":
        return "empty"
    return shown(value if isinstance(value, str) else flow(value), 120)


def _short(entry: Plain) -> str:
    return shown(entry if isinstance(entry, str) else flow(entry), _TELLING)


def distinct(fields: Sequence[str]) -> list[str]:
    """The words for some fields, each once: further ones are counted."""
    seen: Counter[str] = Counter()
    words = []
    for field in fields:
        seen[field] += 1
        words.append(field if seen[field] == 1 else f"{field}, number {seen[field]}")
    return words
