"""What both directions know of vCard's words: types of addresses, days, kinds, names of properties.

Which property a field is stands in the field table (`text/fields.py`), nowhere else.
"""

import re
from functools import cache

from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fields import CONTACT_FIELDS, contact_fields

# The order of the parts of a structured value, by the fields (N) or names within (ADR) they become.
NAME = ("family_name", "given_name", "additional_name", "prefix", "suffix")
ADDRESS = ("box", "more", "street", "locality", "region", "postcode", "country")

KINDS = {"individual": "individual", "org": "organization", "group": "group"}
KINDS_OUT = {ours: theirs for theirs, ours in KINDS.items()}

# Properties of programs that came before the standard's, or beside it.
SAME_AS = {
    "X-ANNIVERSARY": "ANNIVERSARY",
    "X-EVOLUTION-ANNIVERSARY": "ANNIVERSARY",
    "X-KADDRESSBOOK-X-ANNIVERSARY": "ANNIVERSARY",
    "X-MS-ANNIVERSARY": "ANNIVERSARY",
    "X-DEATHDATE": "DEATHDATE",
    "X-SOCIALPROFILE": "SOCIALPROFILE",
    "X-PRONOUNS": "PRONOUNS",
    "X-LANG": "LANG",
    "X-ADDRESSBOOKSERVER-KIND": "KIND",
    "X-KIND": "KIND",
}
# What vCard 3.0 has no word for, as it is written there: what most programs read, else X-.
IN_3 = {
    "ANNIVERSARY": "X-ANNIVERSARY",
    "DEATHDATE": "X-DEATHDATE",
    "SOCIALPROFILE": "X-SOCIALPROFILE",
    "PRONOUNS": "X-PRONOUNS",
    "LANG": "X-LANG",
    "KIND": "X-KIND",
    "RELATED": "X-ABRELATEDNAMES",
}
# Of these a contact has one: the preferred one, else the first.
ALONE = ("FN", "N", "ORG", "TITLE", "ROLE", "LANG", "TZ", "PHOTO", "PRONOUNS", "BDAY")
# Says nothing of the person: which program wrote the card, and when.
OF_THE_CARD = ("VERSION", "PRODID", "REV")

LABEL = "X-ABLABEL"
OUR_FIELD = "X-FIELD"  # the parameter that names a field of ours which vCard has no property for
OUR_FORM = "X-FORM"  # `json`: a list or a mapping
ODD = "X-ODD-LINE"  # a line of somebody's card that was no property

_WORDS = {
    "home": "home", "work": "work", "cell": "mobile", "fax": "fax", "pager": "pager",
    "video": "video", "text": "text", "textphone": "textphone",
}  # fmt: skip
_WORDS_OUT = {ours: theirs for theirs, ours in _WORDS.items()}
# Types that say nothing, as every number and address has them.
_NOISE = ("", "voice", "internet", "pref", "postal", "parcel", "dom", "intl", "x400", "url", "uri")
_OF_ANY = ("home", "work")
_DECORATED = re.compile(r"_\$!<(.*)>!\$_")


@cache
def fields_of_property(name: str) -> tuple[str, ...]:
    """The fields that the property becomes, by the field table."""
    return tuple(field.name for field in CONTACT_FIELDS if field.vcard == name)


def own_properties(settings: Settings) -> dict[str, str]:
    """The properties of the fields that the settings declare, and these fields."""
    known = contact_fields(settings).values()
    return {own_property(one.name): one.name for one in known if one.vcard.startswith("X-")}


def own_property(field: str) -> str:
    """The property of a field of one's own: `x_coffee` → `X-COFFEE`, `hourly_rate` → `X-HOURLY-RATE`."""
    plain = re.sub(r"[^A-Z0-9]+", "-", field.removeprefix("x_").upper()).strip("-")
    return f"X-{plain or 'FIELD'}"


def property_of(name: str) -> str:
    """The property of the standard that a program's own one stands for, or the same."""
    return SAME_AS.get(name, name)


def type_of(words: list[str], label: str) -> str:
    """What kind of address or number it is, from a card's types; the label that a person gave counts more."""
    if label:
        return undecorated(label)
    found = [_WORDS.get(word, word) for word in map(str.lower, words) if word not in _NOISE]
    found = [word.removeprefix("x-") if word.startswith("x-") else word for word in found]
    first = [word for word in found if word in _OF_ANY]
    return " ".join(dict.fromkeys([*first, *found]))


def types_out(text: str, name: str) -> list[str] | None:
    """The types that say this in a card; None where it needs a label."""
    words = text.split()
    known = _WORDS_OUT if name == "TEL" else dict(zip(_OF_ANY, _OF_ANY, strict=True))
    if not all(word in known for word in words) or type_of(words, "") != text:
        return None
    types = [known[word] for word in words]
    return types if type_of(types, "") == text else None


def undecorated(label: str) -> str:
    """Apple's own labels are marked: `_$!<HomePage>!$_`."""
    found = _DECORATED.fullmatch(label)
    return found[1].lower() if found else label


_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?Z?")
_YEARLY = re.compile(r"--(\d\d)-?(\d\d)(?:T.*)?")


def day_in(text: str, omitted_year: str) -> str:
    """`1986-12-24` or `--12-24` from a card's date; other texts as they are."""
    text = text.strip()
    if found := _DAY.fullmatch(text):
        year, month, day = found.groups()
        return f"--{month}-{day}" if year == omitted_year else f"{year}-{month}-{day}"
    if found := _YEARLY.fullmatch(text):
        return f"--{found[1]}-{found[2]}"
    return text
