"""The columns of Google Contacts: numbered groups of a label and values, in two generations of names."""

import re

from plaintextcrm.exchange.sheets.spots import (
    NOWHERE,
    Fields,
    Layout,
    Rest,
    Spot,
    as_company,
    key,
    kind_of,
)

_SEVERAL = ":::"  # between values of one cell, with blanks around
_NUMBERED = re.compile(r"(.+) (\d+) - (.+)")
_SIGN = re.compile(r"(e-mail|phone) 1 - (value|label|type)")
_PLAIN = {
    "name": Spot("name"),
    "first name": Spot("given_name"),
    "given name": Spot("given_name"),
    "middle name": Spot("additional_name"),
    "additional name": Spot("additional_name"),
    "last name": Spot("family_name"),
    "family name": Spot("family_name"),
    "name prefix": Spot("prefix"),
    "name suffix": Spot("suffix"),
    "nickname": Spot("nicknames"),
    "short name": Spot("nicknames"),
    "file as": Spot(echo=True),
    "initials": Spot(echo=True),
    "organization name": Spot("organization"),
    "organization title": Spot("title"),
    "organization department": Spot("department"),
    "birthday": Spot("birthday"),
    "notes": Spot("notes"),
    "photo": Spot("photo"),
    "language": Spot("language"),
    "labels": Spot("tags", split=_SEVERAL),
    "group membership": Spot("tags", split=_SEVERAL),
}
_LABELS = ("label", "type")
# The name of a group, and what each of its columns is.
_GROUPS: dict[str, dict[str, tuple[str, str]]] = {
    "e-mail": {"label": ("emails", "type"), "value": ("emails", "value")},
    "phone": {"label": ("phones", "type"), "value": ("phones", "value")},
    "website": {"label": ("urls", "type"), "value": ("urls", "value")},
    "im": {"service": ("profiles", "service"), "value": ("profiles", "user")},
    "event": {"label": ("milestones", "note"), "value": ("milestones", "date")},
    "relation": {"label": ("related", "type"), "value": ("related", "contact")},
    "custom field": {"label": ("x_csv", "type"), "value": ("x_csv", "value")},
    "address": {
        "label": ("addresses", "type"),
        "street": ("addresses", "street"),
        "extended address": ("addresses", "street"),
        "city": ("addresses", "locality"),
        "region": ("addresses", "region"),
        "postal code": ("addresses", "postcode"),
        "country": ("addresses", "country"),
        "formatted": ("addresses", "formatted"),
    },
}
_ORGANIZATION = {"name": "organization", "title": "title", "department": "department"}


def google(header: tuple[str, ...]) -> Layout | None:
    """The layout, where the header is one of Google's."""
    if not any(_SIGN.fullmatch(key(name)) for name in header):
        return None
    return Layout("Google Contacts", tuple(map(_spot, header)), _finish)


def _spot(name: str) -> Spot:
    found = _NUMBERED.fullmatch(key(name))
    if not found:
        return _PLAIN.get(key(name), NOWHERE)
    group, number, part = found.groups()
    if group == "organization":
        return Spot(_ORGANIZATION.get(part, "")) if number == "1" else NOWHERE
    group = "custom field" if group == "user defined field" else group
    parts = _GROUPS.get(group, {})
    field, part = parts.get("label" if part in _LABELS else part, ("", ""))
    if not field:
        return NOWHERE
    return Spot(field, part, f"{group} {number}", split=_SEVERAL, echo=part == "formatted")


def _finish(fields: Fields, rest: Rest) -> None:
    for name in ("emails", "phones", "urls", "addresses"):
        for number, entry in enumerate(fields.get(name, ())):
            _label(entry, first=not number)
    tags = fields.get("tags", ())
    fields["tags"] = [_tag(tag) for tag in tags if key(tag).replace(" ", "") != "*mycontacts"]
    _events(fields)
    as_company(fields, rest)


def _label(entry: object, *, first: bool) -> None:
    """A star marks the address to use first; of several in one cell it is the first."""
    if not isinstance(entry, dict) or "type" not in entry:
        return
    label = entry.pop("type")
    if kind := kind_of(label.removeprefix("*").strip()):
        entry["type"] = kind
    if first and label.startswith("*") and "value" in entry:
        entry["preferred"] = "yes"


def _tag(label: str) -> str:
    """Google's own groups have a star, people's none."""
    return label.removeprefix("* ").strip()


def _events(fields: Fields) -> None:
    """Days that come back every year; one of them has a field of its own."""
    kept = []
    for entry in fields.get("milestones", ()):
        if key(entry.get("note", "")) == "anniversary" and not fields.get("anniversary"):
            fields["anniversary"] = entry["date"]
        else:
            again = {} if entry["date"].startswith("--") else {"repeat": "yearly"}
            kept.append(entry | again)
    fields["milestones"] = kept
