"""Name days: the calendar of a country as text → who has which day, and whose day it is.

Diminutives are not guessed, and names of two languages that sound alike are two names (Zofia,
Žofie). Capitals do not matter; diacritics only where leaving them out makes a name of another day.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from plaintextcrm.model.contact import Contact
from plaintextcrm.model.dates import YearlyDay, parse_yearly
from plaintextcrm.model.settings import NamedDays, Settings
from plaintextcrm.text.callings import is_title
from plaintextcrm.text.countries import country_code
from plaintextcrm.text.fold import fold, key_of
from plaintextcrm.text.types import Parsed
from plaintextcrm.text.values import FLAG

# The day of each name in small letters.
Calendar: TypeAlias = Mapping[str, YearlyDay]
# The calendar of a country (its two letters), with the days that the settings add.
Calendars: TypeAlias = Callable[[str, NamedDays], Calendar]

NOBODY = "-"
MAIN = "*"
AND = "et"  # between two titles
# The country of a language that is not called like it.
_LANGUAGES = {"CS": "CZ"}
_INITIAL = re.compile(r"\w\.")


def _parse_whose(text: str, settings: Settings) -> str:
    try:
        return "yes" if FLAG.parse(text, settings) else "no"
    except ValueError:
        return text


# A word of one's own, where yes and no mean something; see `Settings.namedays`.
WHOSE = Parsed(
    "text", "bad-choice", "`yes`, `no`, `cadence`, a tag, a class or a status", _parse_whose,
    {"type": ["string", "number", "boolean"]},
)  # fmt: skip


def parse_calendar(text: str) -> Iterator[tuple[YearlyDay, tuple[str, ...]]]:
    """Lines such as `06-29 Petr*, Pavel`: each day with its names, a main one with its mark.

    `-` is a day of nobody; what stands behind `#` is a comment. Raises ValueError on another line.
    """
    for line in text.splitlines():
        said = line.partition("#")[0].strip()
        if said:
            day, _blank, names = said.partition(" ")
            found = tuple(name.strip() for name in names.split(","))
            yield parse_yearly(f"--{day}"), () if found == (NOBODY,) else found


def calendar_of(days: Iterable[tuple[YearlyDay, tuple[str, ...]]], own: NamedDays) -> Calendar:
    """Whose day is when: of a name with several days the marked one, else the first; `own` ones win."""
    found: dict[str, YearlyDay] = {}
    for day, names in days:
        for name in names:
            key = key_of(name.removesuffix(MAIN))
            if name.endswith(MAIN) or key not in found:
                found[key] = day
    found |= {key_of(name): parse_yearly(day) for day, names in own for name in names}
    return {**_plain(found), **found}


def _plain(days: Calendar) -> Calendar:
    """The names without diacritics, but for those that then are names of several days."""
    plain: dict[str, set[YearlyDay]] = {}
    for name, day in days.items():
        plain.setdefault(fold(name), set()).add(day)
    return {name: found.pop() for name, found in plain.items() if len(found) == 1}


def nameday_of(contact: Contact, settings: Settings, calendars: Calendars) -> YearlyDay | None:
    """The day of a person's given name in the calendar of their language or country, if there is one."""
    if contact.kind != "individual" or contact.nameday or settings.namedays == ("no",):
        return None
    name = given_name(contact)
    for code in _places(contact, settings) if name else ():
        if calendar := calendars(code, _own_days(settings, code)):
            return calendar.get(key_of(name))
    return None


def _own_days(settings: Settings, code: str) -> NamedDays:
    tables = [days for name, days in settings.nameday_calendars if _code(name) == code]
    return tuple(day for days in tables for day in days)


def _places(contact: Contact, settings: Settings) -> Iterator[str]:
    """Where to look for a calendar: the first country of these that has one counts.

    The settings' country is for those of whom the file tells neither language nor country.
    """
    country = next((place.country for place in contact.addresses if place.country), "")
    if contact.language:
        yield from map(_code, contact.language.split("-"))
    if country:
        yield _code(country)
    elif not contact.language and settings.country:
        yield _code(settings.country)


def _code(text: str) -> str:
    """The two letters of a country by its name, its letters or its language."""
    code = country_code(text)
    return _LANGUAGES.get(code, code)


def given_name(contact: Contact) -> str:
    """The first given name; without the field, the first word of the name that is no title.

    Empty behind an initial: what follows is no given name.
    """
    for word in (contact.given_name or contact.name).split():
        bare = word.strip(",;")
        if _INITIAL.fullmatch(bare):
            return ""
        if not bare.endswith(".") and not is_title(bare) and bare != AND:
            return bare
    return ""
