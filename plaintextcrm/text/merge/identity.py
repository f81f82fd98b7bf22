"""Is it still the same contact? Git takes a new file for a renamed one where the two are alike enough.

Contacts look alike. Whoever removes one and adds another in one commit may have git bring what you
changed of the first one into the file of the second: then the two texts must not be mixed.
"""

from typing import TypeAlias

from plaintextcrm.text.merge.values import Value
from plaintextcrm.text.render import Plain
from plaintextcrm.text.source import shown

Fields: TypeAlias = "dict[str, Plain]"

_REACH = ("emails", "phones")


def another(old: Fields, new: Fields) -> bool:
    """True where the new fields are surely of another contact: another `uid`; without one another
    name, and no address or number in common.
    """
    before, after = old.get("uid"), new.get("uid")
    if before and after:
        return before != after
    known = [_reach(fields) for fields in (old, new)]
    return all(known) and old.get("name") != new.get("name") and not known[0] & known[1]


def apart(base: Fields, ours: Fields, theirs: Fields) -> bool:
    """True where one side has another contact than there was, and the other side still has that one."""
    return another(base, ours) != another(base, theirs)


def tell_apart(names: "tuple[Value, Value] | None", sides: tuple[str, str]) -> str:
    """The same in words; without names where they are private."""
    if names is None:
        return "two contacts are in one file"
    ours, theirs = (shown(name if isinstance(name, str) else "?", 40) for name in names)
    return f"two contacts are in one file: {sides[0]} is {ours}, {sides[1]} {theirs}"


def _reach(fields: Fields) -> set[str]:
    """All e-mail addresses and phone numbers."""
    found = set()
    for name in _REACH:
        held = fields.get(name)
        for one in held if isinstance(held, list) else [held]:
            value = one.get("value") if isinstance(one, dict) else one
            if isinstance(value, str) and value:
                found.add(value)
    return found
