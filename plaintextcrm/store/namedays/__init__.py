"""The name day calendars that come with the program: one readable file for each country, beside this one.

Each begins with its sources. A calendar is read once, when the first contact asks for it.
"""

from functools import cache, lru_cache
from pathlib import Path

from plaintextcrm.model.settings import NamedDays
from plaintextcrm.text.namedays import Calendar, calendar_of, parse_calendar

# The countries, and the language of each one's file.
FILES = {"CZ": "cs.txt", "SK": "sk.txt", "PL": "pl.txt"}
HERE = Path(__file__).parent


@lru_cache(maxsize=16)
def calendar(country: str, own: NamedDays = ()) -> Calendar:
    """Whose name day is when in a country (its two letters); empty where nobody knows."""
    days = parse_calendar(text_of(country)) if country in FILES else ()
    return calendar_of(days, own)


@cache
def text_of(country: str) -> str:
    """The calendar of a country as its file has it."""
    return (HERE / FILES[country]).read_text("utf-8")
