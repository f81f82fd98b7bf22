"""Phone numbers: the same one however it is written, and one that nobody can have.

What a country's numbers look like comes from the `phonenumbers` library, once for each country; to
read a number is then a few steps on its digits, for a book has ten thousand of them.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from plaintextcrm.model.contact import Address
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.countries import country_code

if TYPE_CHECKING:
    from phonenumbers import PhoneMetadata

SHORTEST = 3  # digits of what is compared as a number
_LONGEST = 15  # digits with the country's (E.164)
_INNER = 6  # digits at most of a number that only works inside: 112, a company's extension
_WRITTEN = re.compile(r"(?:tel:)?\s*([+\d\s()./\-~*#\xa0\u2000-\u2015\u202f]*)", re.IGNORECASE)
_LOOKS = re.compile(r"\s*\+?[\d\s()+./\-\xa0\u2010-\u2015\u202f]*")
_ABROAD_TRUNK = re.compile(r"\(\s*0\s*\)")  # +420 (0) 601 …: for those who call from inside
# No voicemail and pagers: a number that long is a slip.
_KINDS = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "voip", "personal_number", "uan",
)  # fmt: skip


class Phone(NamedTuple):
    """A number as it is dialled: `number` from abroad (`+420601000111`) and `national` from inside,
    both only its digits where no country is known. `fault`: why nobody can have it, else empty.
    """

    number: str
    national: str
    fault: str = ""


class _Plan(NamedTuple):
    """The numbers of one country: its calling code, what is dialled before a number from inside,
    what before another country's code, and how many digits they have.
    """

    calling: str
    trunk: str
    abroad: str
    lengths: frozenset[int]


def country_of(addresses: Iterable[Address], settings: Settings) -> str:
    """The two letters of the country whose numbers need no `+`: that of the contact's first address
    with one, else the settings' one; empty where none is known.
    """
    for address in addresses:
        if address.country:
            return country_code(address.country)
    return country_code(settings.country) if settings.country else ""


def looks_dialled(text: str) -> bool:
    """True for what may be a number, or a part of one, and nothing else."""
    return bool(_LOOKS.fullmatch(text)) and len(_digits(text)) >= SHORTEST


@lru_cache(maxsize=4096)
def read_phone(text: str, country: str) -> Phone:
    """The number that a text says to somebody in that country."""
    found = _WRITTEN.match(text)
    written = found[1] if found else ""
    if written.lstrip(" (").startswith("+"):
        return _from_abroad(_digits(_ABROAD_TRUNK.sub("", written)))
    digits = _digits(written)
    plan = _plan(country) if country else None
    if len(digits) < SHORTEST and re.search(r"\d", text[len(written) :]):
        return Phone(digits, digits, "it does not begin with a number")
    for abroad in ("00", plan.abroad if plan else ""):
        if abroad and digits.startswith(abroad) and len(digits) > _INNER + len(abroad):
            return _from_abroad(digits.removeprefix(abroad))
    if not digits:
        return Phone("", "", "it has no digit")
    return _from_inside(digits, plan) if plan else _from_somewhere(digits)


def _digits(text: str) -> str:
    """The digits of any script, as 0 to 9."""
    if text.isascii():
        return "".join(filter(str.isdigit, text))
    from unicodedata import digit

    return "".join(str(digit(letter)) for letter in text if letter.isdecimal())


def _from_abroad(digits: str) -> Phone:
    for length in (1, 2, 3):
        plan = _plan_abroad(digits[:length]) if len(digits) > length else None
        if plan:
            national = _without_trunk(plan, digits[length:])
            return _told(plan, national)
    return Phone(f"+{digits}", digits, "no country has this code")


def _from_inside(digits: str, plan: _Plan) -> Phone:
    national = _without_trunk(plan, digits)
    if len(national) in plan.lengths:
        return _told(plan, national)
    rest = digits.removeprefix(plan.calling)
    if rest != digits and len(rest) in plan.lengths:  # 420 601 000 111
        return _told(plan, rest)
    if len(digits) <= _INNER:
        return Phone(digits, digits)
    return Phone(digits, digits, _told(plan, national).fault)


def _from_somewhere(digits: str) -> Phone:
    return Phone(digits, digits, _too_long(digits) if len(digits) > _LONGEST else "")


def _too_long(digits: str) -> str:
    return f"no number has {len(digits)} digits"


def _without_trunk(plan: _Plan, digits: str) -> str:
    """The number without what is dialled before it from inside; 0 was, and is, in many countries."""
    rest = digits.removeprefix(plan.trunk)
    if rest != digits and len(rest) in plan.lengths:
        return rest
    bare = digits.removeprefix("0")
    return bare if len(digits) not in plan.lengths and len(bare) in plan.lengths else digits


def _told(plan: _Plan, national: str) -> Phone:
    fault = ""
    if len(national) not in plan.lengths:
        fault = f"numbers of +{plan.calling} have {_counts(plan.lengths)} digits, this one {len(national)}"
    return Phone(f"+{plan.calling}{national}", national, fault)


def _counts(lengths: frozenset[int]) -> str:
    """`9`, `7, 9 or 10`, `4 to 13`."""
    first, *others = sorted(lengths)
    if len(others) > 2 and others[-1] - first == len(others):
        return f"{first} to {others[-1]}"
    *most, last = map(str, (first, *others))
    return f"{', '.join(most)} or {last}" if most else last


@cache
def _plan(country: str) -> _Plan | None:
    """The plan of a country; None for one that has none."""
    from phonenumbers import PhoneMetadata  # 16 ms, and only where there are numbers

    found = PhoneMetadata.metadata_for_region(country)
    return _of(found) if found else None


@cache
def _plan_abroad(calling: str) -> _Plan | None:
    """The plan behind a calling code; of several countries with one code, the main one's."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(calling)) if calling[:1] != "0" else None
    if not regions:
        return None
    found = PhoneMetadata.metadata_for_region_or_calling_code(int(calling), regions[0])
    return _of(found) if found else None


def _of(found: "PhoneMetadata") -> _Plan:
    kinds = (getattr(found, kind) for kind in _KINDS)
    lengths = {length for kind in kinds if kind for length in kind.possible_length or ()} - {-1}
    prefix = found.international_prefix or ""
    return _Plan(
        str(found.country_code),
        found.national_prefix or "",
        prefix if prefix.isdigit() else "",
        frozenset(lengths or range(SHORTEST, _LONGEST)),
    )


def spoken(number: str) -> str:
    """A number from abroad as people read it: `+420 601 000 111`."""
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse

    try:
        return format_number(parse(number), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return number
