"""Values of properties → values of fields."""

import json
import re

from plaintextcrm.exchange.incoming import Plain
from plaintextcrm.exchange.picture import code_in, data_address
from plaintextcrm.exchange.vcard.lexicon import (
    ADDRESS,
    KINDS,
    NAME,
    OUR_FORM,
    day_in,
    type_of,
    undecorated,
)
from plaintextcrm.exchange.vcard.line import Property, parts, texts, unescaped
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.types import Parsed
from plaintextcrm.text.values import URL

DEEPEST = 10  # levels of a value; a contact file has twelve

WEDDING = ("_$!<anniversary>!$_", "anniversary")


def fits(type_: Parsed, text: str) -> bool:
    """True for a text that a field of this type can hold."""
    try:
        type_.parse(text, Settings())
    except ValueError:
        return False
    return True


def preference(one: Property) -> int:
    """1 is preferred most; 101 for what says nothing of it."""
    told = one.param("PREF")
    if told.isdecimal():
        return min(int(told), 101)
    return 1 if any(word.lower() == "pref" for word in types(one)) else 101


def types(one: Property) -> list[str]:
    """The words of TYPE, also where several stand within quotes."""
    return [word.strip() for given in one.all_of("TYPE") for word in given.split(",")]


def name_in(one: Property) -> dict[str, Plain]:
    """The parts of N that say something."""
    told = [" ".join(texts(parts(part, ","))) for part in parts(one.value, ";")]
    return {field: text for field, text in zip(NAME, told, strict=False) if text}


def organization_in(one: Property) -> dict[str, Plain]:
    """The organization, and the department within."""
    first, *units = [unescaped(part).strip() for part in parts(one.value, ";")]
    found = {"organization": first, "department": ", ".join(filter(None, units))}
    return {field: text for field, text in found.items() if text}


def reach_in(one: Property, label: str) -> Plain:
    """An address or number, with what kind it is."""
    text = one.text.strip()
    lower = text.lower()
    for scheme, name in (("tel:", "TEL"), ("mailto:", "EMAIL")):
        text = text[len(scheme) :] if one.name == name and lower.startswith(scheme) else text
    entry = {"value": text, "type": type_of(types(one), label)}
    if preference(one) == 1:
        entry["preferred"] = "yes"
    return _short(entry) if text else ""


def _short(entry: dict[str, str]) -> Plain:
    """An entry with a value alone is just that."""
    found = {name: text for name, text in entry.items() if text}
    return found["value"] if found.keys() == {"value"} else found


def address_in(one: Property, label: str) -> Plain:
    """A postal address; a box and what else there is stands before the street."""
    told = [" ".join(texts(parts(part, ","))) if name != "street" else ", ".join(texts(parts(part, ",")))
            for name, part in zip(ADDRESS, parts(one.value, ";"), strict=False)]  # fmt: skip
    found = {name: ", ".join(text.splitlines()) for name, text in zip(ADDRESS, told, strict=False)}
    before = [found.pop(name, "") for name in ("box", "more", "street")]
    entry = {"street": ", ".join(filter(None, before)), **found}
    entry = {name: text for name, text in entry.items() if text}
    kind = type_of(types(one), label)
    return {**entry, "type": kind} if entry and kind else entry


def profile_in(one: Property, label: str) -> Plain:
    """An account: a web address, or a name at a service."""
    text = one.text.strip()
    service = one.param("SERVICE-TYPE") or one.param("X-SERVICE-TYPE")
    if not service and one.name == "X-SOCIALPROFILE":
        service = next((word for word in types(one) if word.lower() != "pref"), "")
    user = one.param("USERNAME") or one.param("X-USER") or one.param("X-USERID")
    if text.lower().startswith("x-apple:"):
        user, text = user or text[len("x-apple:") :], ""
    if one.param("VALUE").lower() == "text" or not fits(URL, text):
        user, text = user or text, ""
    entry = {"service": service or undecorated(label), "user": user, "value": text}
    return _short(entry) if text or user else ""


def list_in(one: Property) -> list[str]:
    """The texts of a list."""
    return texts(parts(one.value, ","))


def day_of(one: Property) -> str:
    """A day, with its year or without."""
    return day_in(one.text, one.param("X-APPLE-OMIT-YEAR"))


def kind_in(one: Property) -> str:
    """The kind as contacts say it; empty for one they do not know."""
    return KINDS.get(one.text.strip().lower(), "")


def relation_in(one: Property, label: str) -> Plain:
    """Another contact, by uid or name, and what the two are to each other."""
    text = one.param("X-UID") or one.text.strip()
    told = ", ".join(word for word in one.all_of("TYPE") if word.lower() != "pref")
    kind = undecorated(label) or told
    entry = {"contact": text, "type": kind, "note": one.param("X-NOTE")}
    return {name: told for name, told in entry.items() if told} if text else ""


def photo_in(one: Property) -> str:
    """A web address, or a `data:` address with the picture; empty for what is neither."""
    text = one.value.strip()
    if one.encoding:
        return data_address(text)
    text = unescaped(text)
    if code := code_in(text):
        return data_address(code)
    return text if re.match(r"(?i)https?:", text) else ""


def android_in(one: Property) -> list[str]:
    """The kind and the values of a line of Android's own."""
    kind, *rest = [unescaped(part).strip() for part in parts(one.value, ";")]
    return [kind.rpartition("/")[2], *rest]


def of_our_field(one: Property) -> Plain:
    """The value of a field that vCard has no property for."""
    if one.param(OUR_FORM).lower() == "json":
        try:
            return _plain(json.loads(one.text), DEEPEST)
        except (ValueError, RecursionError):
            return one.text
    return one.text


def _plain(value: object, deepest: int) -> Plain:
    """Raises ValueError for what no contact file may hold."""
    if not deepest:
        raise ValueError("too deep")
    if isinstance(value, dict):
        return {str(key): _plain(inner, deepest - 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, deepest - 1) for inner in value]
    return str(value)
