"""Fields → properties: one function for each that is more than a text."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol, TypeAlias

from plaintextcrm.exchange.likeness import value_of
from plaintextcrm.exchange.outgoing import Outgoing
from plaintextcrm.exchange.picture import kind_of, taken_apart
from plaintextcrm.exchange.vcard.lexicon import (
    ADDRESS,
    IN_3,
    KINDS_OUT,
    NAME,
    OUR_FIELD,
    OUR_FORM,
    fields_of_property,
    own_property,
    types_out,
)
from plaintextcrm.exchange.vcard.line import Params, escaped
from plaintextcrm.model.dates import parse_yearly
from plaintextcrm.text.fields import CONTACT_FIELDS
from plaintextcrm.text.render import Plain

_TRUE = ("yes", "true", "on")
_LEAP = "1604"  # the year in which Apple puts days without one
_KNOWN = frozenset(field.name for field in CONTACT_FIELDS)
_OF_CARDS = ("x_vcard", "x_related")


class Line(NamedTuple):
    """A property: its name, its value as it is written, its parameters, and a label of its own."""

    name: str
    value: str
    params: Params = ()
    label: str = ""


class Known(Protocol):
    """What a card may tell of others."""

    def name(self, word: str) -> str:
        """What the contact with this id is called; another text as it is."""

    def uid(self, word: str) -> str:
        """The uid of the contact with this id, where that one goes out, too; else empty."""

    def picture(self, path: str) -> bytes | None:
        """The bytes of a picture in the book."""


Writer: TypeAlias = Callable[[str, Outgoing, str, Known], Iterator[Line]]


def text(name: str, person: Outgoing, version: str, known: Known) -> Iterator[Line]:
    """A property that is one text."""
    (field,) = fields_of_property(name)
    if told := _text(person, field):
        yield Line(_named(name, version), _plain(told, version))


def _plain(text: str, version: str) -> str:
    """A value that is not divided: vCard 3.0 wants its semicolons escaped, and Thunderbird shows the
    backslash of those that 4.0 may escape.
    """
    return escaped(text, ",;" if version == "3.0" else ",")


def _text(person: Outgoing, field: str) -> str:
    value = person.fields.get(field, "")
    return value.strip() if isinstance(value, str) else ""


def _entries(person: Outgoing, field: str) -> list[Plain]:
    value = person.fields.get(field, [])
    return [entry for entry in (value if isinstance(value, list) else [value]) if entry]


def _named(name: str, version: str) -> str:
    return IN_3.get(name, name) if version == "3.0" else name


def _uid(name: str, person: Outgoing, version: str, known: Known) -> Iterator[Line]:
    yield Line(name, f"urn:uuid:{person.uid}" if version == "4.0" else person.uid)


def _kind(name: str, person: Outgoing, version: str, known: Known) -> Iterator[Line]:
    told = KINDS_OUT.get(_text(person, "kind"), "individual")
    if told != "individual":
        yield Line(_named(name, version), told)
    if told == "org" and version == "3.0":
        yield Line("X-ABShowAs", "COMPANY")
    if told == "group" and version == "3.0":
        yield Line("X-ADDRESSBOOKSERVER-KIND", "group")


def _name(name: str, person: Outgoing, version: str, known: Known) -> Iterator[Line]:
    """N; vCard 3.0 wants the parts, even where there are none."""
    told = [_text(person, field) for field in NAME]
    if any(told) or version == "3.0":
        yield Line(name, ";".join(map(escaped, told)))


def _list(name: str, person: Outgoing, version: str, known: Known) -> Iterator[Line]:
    (field,) = fields_of_property(name)
    told = [entry for entry in _entries(person, field) if isinstance(entry, str)]
    if told:
        yield Line(name, ",".join(_plain(one, version) for one in told))


def _organization(name: str, person: Outgoing, version: str, known: Known) -> Iterator[Line]:
    """Programs show an organization by ORG, so its own card has it, too."""
    told = known.name(_text(person, "organization"))
    if not told and _text(person, "kind") == "organization":
        told = _text(person, "name")
    units = [unit for unit in (_text(person, "department"),) if unit]
    if told or units:
        yield Line(name, ";".join(map(escaped, [told, *units])))


def _reach(name: str, person: Outgoing, version: str, known: Known) -> Iterator[Line]:
    (field,) = fields_of_property(name)
    for entry in _entries(person, field):
        details = entry if isinstance(entry, dict) else {}
        kind = str(details.get("type", ""))
        first = str(details.get("preferred", "")).lower() in _TRUE
        types = types_out(kind, name) if kind else []
        given = [*(["INTERNET"] if name == "EMAIL" and version == "3.0" else []), *(types or [])]
        params = _preferred(given, first, version)
        value = value_of(entry)
        value = _address(value) if name == "URL" else _plain(value, version)
        yield Line(name, value, params, "" if types is not None else kind)


def _preferred(types: list[str], first: bool, version: str) -> Params:
    """The types, and that this is the one to use first, as each version says it."""
    if version == "3.0" and first:
        types = [*types, "PREF"]
    found: Params = (("TYPE", tuple(types)),) if types else ()
    return (*found, ("PREF", ("1",))) if version == "4.0" and first else found


def _address(url: str) -> str:
    """A web address is no text: only what would end the line is escaped, and what readers unescape."""
    return url.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\n")


def _postal(name: str, person: Outgoing, version: str, known: Known) -> Iterator[Line]:
    for entry in _entries(person, "addresses"):
        if not isinstance(entry, dict):
            continue
        parts = [escaped(str(entry.get(part, ""))) for part in ADDRESS]
        kind = str(entry.get("type", ""))
        types = types_out(kind, name) if kind else []
        label = "" if types is not None else kind
        yield Line(name, ";".join(parts), _preferred(types or [], False, version), label)


def _profile(name: str, person: Outgoing, version: str, known: Known) -> Iterator[Line]:
    """An account; RFC 9554 has words for it, and Apple had some before."""
    service_is, user_is = ("TYPE", "X-USER") if version == "3.0" else ("SERVICE-TYPE", "USERNAME")
    for entry in _entries(person, "profiles"):
        details = entry if isinstance(entry, dict) else {}
        service, user, value = (
            str(details.get("service", "")), str(details.get("user", "")), value_of(entry),
        )  # fmt: skip
        params: Params = ((service_is, (service,)),) if service else ()
        if value:
            params = (*params, (user_is, (user,))) if user else params
            yield Line(_named(name, version), _address(value), params)
        else:
            params = (*params, ("VALUE", ("text",)))
            yield Line(_named(name, version), _plain(user, version), params)


def _day(name: str, person: Outgoing, version: str, known: Known) -> Iterator[Line]:
    (field,) = fields_of_property(name)
    told = _text(person, field)
    if not told:
        return
    day = parse_yearly(told)
    if version == "4.0":
        year = f"{day.year:04}" if day.year else "--"
        yield Line(name, f"{year}{day.month:02}{day.day:02}")
    elif day.year:
        yield Line(_named(name, version), str(day))
    else:
        omitted: Params = (("X-APPLE-OMIT-YEAR", (_LEAP,)),)
        yield Line(_named(name, version), f"{_LEAP}{str(day)[1:]}", omitted)


def _zone(name: str, person: Outgoing, version: str, known: Known) -> Iterator[Line]:
    """Where they are; vCard 3.0 expects hours from Greenwich unless it is told."""
    if told := _text(person, "timezone"):
        yield Line(name, _plain(told, version), (("VALUE", ("text",)),) if version == "3.0" else ())


def _photo(name: str, person: Outgoing, version: str, known: Known) -> Iterator[Line]:
    """The picture itself, or where it is on the web."""
    told = _text(person, "photo")
    data = taken_apart(told)
    if told and data is None and "://" not in told:
        data = known.picture(told)
    if data:
        kind, code = kind_of(data), base64.b64encode(data).decode()
        if not kind:
            return
        if version == "4.0":
            yield Line(name, f"data:{kind};base64,{code}")
        else:
            letters = kind.removeprefix("image/").upper()
            yield Line(name, code, (("ENCODING", ("b",)), ("TYPE", (letters,))))
    elif "://" in told:
        yield Line(name, _address(told), (("VALUE", ("uri",)),))


def _related(name: str, person: Outgoing, version: str, known: Known) -> Iterator[Line]:
    """Other contacts: by uid where they go out too, else by name."""
    entries = [(entry, True) for entry in _entries(person, "related")]
    entries += [(entry, False) for entry in _entries(person, "x_related")]
    for entry, is_contact in entries:
        if not isinstance(entry, dict):
            continue
        word, kind = str(entry.get("contact", "")), str(entry.get("type", ""))
        note: Params = (("X-NOTE", (str(entry["note"]),)),) if entry.get("note") else ()
        uid = known.uid(word) if is_contact else ""
        called = known.name(word) if is_contact else word
        if version == "3.0":
            params: Params = (*((("X-UID", (uid,)),) if uid else ()), *note)
            yield Line(_named(name, version), _plain(called, version), params, kind)
            continue
        types: Params = (("TYPE", (kind,)),) if kind else ()
        if uid:
            yield Line(name, f"urn:uuid:{uid}", (*types, *note))
        else:
            yield Line(name, _plain(called, version), (*types, ("VALUE", ("text",)), *note))


def nothing(name: str, person: Outgoing, version: str, known: Known) -> Iterator[Line]:
    """What is private never goes out, so a card need not say that it is public."""
    return iter(())


def own(person: Outgoing) -> Iterator[Line]:
    """Fields that vCard has no property for: your own."""
    for field, value in person.fields.items():
        if field in _KNOWN or field in _OF_CARDS or not value:
            continue
        told: Params = ((OUR_FIELD, (field,)),) if field.startswith("x_") else ()
        if isinstance(value, str):
            yield Line(own_property(field), escaped(value), told)
        else:
            text = json.dumps(value, ensure_ascii=False)
            told = ((OUR_FIELD, (field,)), (OUR_FORM, ("json",)))
            yield Line(own_property(field), escaped(text), told)


WRITERS: dict[str, Writer] = {
    "UID": _uid,
    "KIND": _kind,
    "N": _name,
    "NICKNAME": _list,
    "CATEGORIES": _list,
    "ORG": _organization,
    "EMAIL": _reach,
    "TEL": _reach,
    "URL": _reach,
    "SOCIALPROFILE": _profile,
    "ADR": _postal,
    "BDAY": _day,
    "ANNIVERSARY": _day,
    "DEATHDATE": _day,
    "TZ": _zone,
    "PHOTO": _photo,
    "RELATED": _related,
    "CLASS": nothing,
}
