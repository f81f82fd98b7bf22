"""What arrives, made fit for a contact file: no empty fields, no unseen letters, a uid, a name."""

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from functools import cache

from plaintextcrm.exchange.incoming import Incoming
from plaintextcrm.exchange.incoming import Plain as Given
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fields import contact_fields
from plaintextcrm.text.refused import UNSEEN, UNSEEN_VALUE
from plaintextcrm.text.render import Plain
from plaintextcrm.text.source import BOM
from plaintextcrm.text.types import ListOf

_UUID = re.compile(r"(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
# The name space of uids that are made from those of other programs, and from what a card says.
_SPACE = uuid.UUID("6d0a6b5e-5f0c-5d57-9b1f-0f7f3a0c2b61")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_USUAL = {"kind": "individual", "visibility": "public"}  # what a file means that does not say it


def tidy(incoming: Incoming, settings: Settings) -> dict[str, Plain]:
    """The fields in the order of the field table; without a `name` where nothing tells one."""
    fields = {}
    for key, given in incoming.fields.items():
        value = _clean(given)
        if isinstance(value, list) and not key.startswith("x_"):
            value = _once(value)
        if value and _USUAL.get(key) != value:
            fields[key] = value
    for key in fields.keys() & _lists(settings):
        fields[key] = fields[key] if isinstance(fields[key], list) else [fields[key]]
    if not fields.get("name") and (name := _called(fields)):
        fields["name"] = name
    if fields.get("name"):
        fields["name"] = " ".join(str(fields["name"]).split())
        fields["uid"] = uid_of(fields)
    return ordered(fields, settings)


def uid_of(fields: Mapping[str, Plain]) -> str:
    """The uid: the card's own, or one made of it, or of all that the card says; always the same."""
    given = str(fields.get("uid", ""))
    if found := _UUID.fullmatch(given):
        return found[1].lower()
    told = given or json.dumps(fields, sort_keys=True)
    return str(uuid.uuid5(_SPACE, told))


def ordered(fields: Mapping[str, Plain], settings: Settings) -> dict[str, Plain]:
    """The same, in the order in which a person writes a file."""
    known = {name: fields[name] for name in _order(settings) if name in fields}
    return known | dict(fields)


@cache
def _order(settings: Settings) -> tuple[str, ...]:
    return tuple(contact_fields(settings))


@cache
def _lists(settings: Settings) -> frozenset[str]:
    known = contact_fields(settings).values()
    return frozenset(one.name for one in known if isinstance(one.type, ListOf))


def _clean(given: Given) -> Plain:
    """Texts without blanks around them and without what nobody sees; what is empty is left out."""
    if isinstance(given, str):
        return _seen(given)
    if isinstance(given, Mapping):
        pairs = ((key, _clean(value)) for key, value in given.items())
        return {key: value for key, value in pairs if value}
    return [value for value in map(_clean, given) if value]


def _once(values: Iterable[Plain]) -> list[Plain]:
    found: list[Plain] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def _seen(text: str) -> str:
    """The text as a file may hold it."""
    if text.isprintable():
        return text.strip()
    text = _BREAKS.sub("\n", text).replace(BOM, "")
    text = UNSEEN_VALUE.sub("", UNSEEN.sub("", text))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def _called(fields: Mapping[str, Plain]) -> str:
    """What to call somebody whose card has no name."""
    parts = ("prefix", "given_name", "additional_name", "family_name", "suffix")
    told = " ".join(str(fields[part]) for part in parts if part in fields)
    if told:
        return told
    for key in ("nicknames", "organization", "emails", "phones", "urls", "profiles"):
        value = fields.get(key)
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, dict):
            first = first.get("value") or first.get("user")
        if isinstance(first, str) and first:
            return first
    return ""
