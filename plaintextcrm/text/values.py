"""The kinds of values by name: dates, durations, money, web addresses, people, contacts.

Each is a type of `text/types.py` with its form in words, in Python and in JSON Schema.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from plaintextcrm.model import dates
from plaintextcrm.model.contact import Cadence
from plaintextcrm.model.dates import PartialDate, YearlyDay
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.nodes import Mapping, Node, Scalar
from plaintextcrm.text.reading import Reading
from plaintextcrm.text.suggest import did_you_mean
from plaintextcrm.text.types import (
    AnyText,
    Anything,
    Email,
    LongText,
    Marked,
    Parsed,
    Person,
    Reason,
    Schema,
    Structure,
)


def _spelt(word: str) -> str:
    """A pattern for the word in small or capital letters."""
    return "".join(f"[{letter}{letter.upper()}]" for letter in word)


def _unit(letter: str, rest: str) -> str:
    """A pattern for `w`, `week` or `weeks`."""
    return f"{_spelt(letter)}({_spelt(rest)}[sS]?)?"


def _spans(units: tuple[str, ...], iso: str) -> Schema:
    """The form of a duration: numbers with units, not all of them nothing, or ISO 8601."""
    parts = rf"(\d{{1,4}}\s*({'|'.join(units)})\s*){{1,6}}"
    return {"type": "string", "pattern": rf"^(?=.*[1-9])\s*({parts}|[Pp](?=.){iso}\s*)$"}


_YEAR = r"(?!0000)\d{4}"
_MONTH = "(0[1-9]|1[0-2])"
_DAY = "(0[1-9]|[12][0-9]|3[01])"
_MONTH_AND_DAY = f"(?!02-3|(0[469]|11)-31){_MONTH}-{_DAY}"
YEARLY_DAY = rf"--(?!02-?3|(0[469]|11)-?31){_MONTH}-?{_DAY}"
_DATE_FORM: Schema = {"type": "string", "format": "date", "pattern": f"^{_YEAR}-{_MONTH_AND_DAY}$"}
_YEARLY_FORM: Schema = {"type": "string", "pattern": f"^{YEARLY_DAY}$"}
_PARTIAL_FORM: Schema = {"type": "string", "pattern": f"^{_YEAR}(-{_MONTH}|-[Qq][1-4])?$"}
_LONG_YEAR_FORM: Schema = {"type": "integer", "minimum": 1000, "maximum": 9999}
_YEAR_FORM: Schema = {
    "type": ["integer", "string"],
    "minimum": 1,
    "maximum": 9999,
    "pattern": r"^\s*0*[1-9]\d{0,3}\s*$",
}
_LONG_UNITS = (_unit("d", "ay"), _unit("w", "eek"), _unit("m", "onth"), _unit("y", "ear"))
_SHORT_UNITS = (_unit("h", "our"), "[mM][iI][nN]([uU][tT][eE][sS]?)?")
_ISO_DAYS = r"(\d{1,4}[Yy])?(\d{1,4}[Mm])?(\d{1,4}[Ww])?(\d{1,5}[Dd])?"
_ISO_TIME = r"([Tt](?=.)(\d{1,4}[Hh])?(\d{1,5}[Mm])?)?"
_DURATION_FORM = _spans(_LONG_UNITS, _ISO_DAYS)
_SHORT_DURATION_FORM = _spans((*_LONG_UNITS, *_SHORT_UNITS), _ISO_DAYS + _ISO_TIME)


def _any(*forms: Schema) -> Schema:
    return {"anyOf": list(forms)}


def _plain_hint(text: str) -> str | None:
    return dates.date_hint(text)


def _partial_hint(text: str) -> str | None:
    if found := re.fullmatch(r"(0?[1-9]|1[0-2])\s*[./]\s*(\d{4})", text):
        return f"write `{found[2]}-{int(found[1]):02}`"
    if found := re.fullmatch(r"[Qq]([1-4])[ /]?(\d{4})", text):
        return f"write `{found[2]}-Q{found[1]}`"
    if found := re.fullmatch(r"(\d{4})[ /]?[Qq]([1-4])", text):
        return f"write `{found[1]}-Q{found[2]}`"
    return dates.date_hint(text)


def _yearly_hint(text: str) -> str | None:
    return dates.date_hint(text, yearly=True)


DATE = Parsed(
    "a date", "bad-date", "`2026-12-01`",
    lambda text, settings: dates.parse_date(text), _DATE_FORM, _plain_hint,
)  # fmt: skip
PARTIAL = Parsed(
    "a date", "bad-date", "`2026-12-01`, `2027-03`, `2027-Q1` or `2027`",
    lambda text, settings: dates.parse_partial(text),
    _any(_DATE_FORM, _PARTIAL_FORM, _LONG_YEAR_FORM), _partial_hint,
)  # fmt: skip
YEARLY = Parsed(
    "a date", "bad-date", "`1986-12-24`, or `--12-24` without the year",
    lambda text, settings: dates.parse_yearly(text), _any(_DATE_FORM, _YEARLY_FORM), _yearly_hint,
)  # fmt: skip


def _parse_day(text: str, settings: Settings) -> PartialDate | YearlyDay:
    return dates.parse_yearly(text) if text.startswith("--") else dates.parse_partial(text)


PARTIAL_OR_YEARLY = Parsed(
    "a date", "bad-date", "`2026-12-01`, `2027-03`, `2027`, or `--12-24` for every year",
    _parse_day, _any(_DATE_FORM, _PARTIAL_FORM, _LONG_YEAR_FORM, _YEARLY_FORM), _yearly_hint,
)  # fmt: skip
TIME = Parsed(
    "a time of day", "bad-time", "`14:30`",
    lambda text, settings: dates.parse_time(text),
    {"type": "string", "pattern": r"^([01]?\d|2[0-3]):[0-5]\d$"},
    lambda text: _time_hint(text),
)  # fmt: skip


def _time_hint(text: str) -> str | None:
    found = re.fullmatch(r"(\d{1,2})(?:[.:](\d{2}))?(?::\d{2})?\s*([ap]m|h)?", text.lower())
    if not found:
        return None
    hour, minute = int(found[1]), found[2] or "00"
    if found[3] in ("am", "pm") and hour <= 12:
        hour = hour % 12 + 12 * (found[3] == "pm")
    return f"write `{hour:02}:{minute}`" if hour < 24 and int(minute) < 60 else None


DURATION = Parsed(
    "a duration", "bad-duration", "`6 weeks`, `3m` or `P3M`",
    lambda text, settings: dates.parse_whole_days(text), _DURATION_FORM,
    lambda text: _duration_hint(text),
)  # fmt: skip
_OFTEN = {
    "daily": "1 day", "weekly": "1 week", "fortnightly": "2 weeks", "monthly": "1 month",
    "quarterly": "3 months", "yearly": "1 year", "annually": "1 year",
}  # fmt: skip


def _duration_hint(text: str) -> str | None:
    words = text.lower().removeprefix("every ").strip()
    span = _OFTEN.get(words, words)
    span = f"1 {span}" if span in ("day", "week", "month", "year") else span
    try:
        dates.parse_whole_days(span)
    except ValueError:
        return None
    return f"write `{span}`"


SHORT_DURATION = Parsed(
    "a duration", "bad-duration", "`30 min` or `1 day`",
    lambda text, settings: dates.parse_duration(text), _SHORT_DURATION_FORM,
)  # fmt: skip
MONEY = Parsed(
    "an amount of money", "bad-money", "`120000 CZK`",
    lambda text, settings: dates.parse_money(text, settings.currency),
    {"type": ["string", "number"], "pattern": r"^\s*[+-]?\d[\d \u00a0\u202f_,.']*(\s*[A-Za-z]{3})?\s*$"},
)  # fmt: skip


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise ValueError("this is not a number") from None
    if not number.is_finite():
        raise ValueError("this is not a number")
    return number


def _positive(text: str) -> float:
    number = _decimal(text)
    if not 0 < number < 10**9:
        raise ValueError("not a number above 0")
    return float(number)


def _between(low: int, high: int, text: str) -> Decimal:
    number = _decimal(text)
    if not low <= number <= high:
        raise ValueError(f"not between {low} and {high}")
    return number


def _whole(low: int, high: int, text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError("this is not a whole number")
    return int(_between(low, high, text))


NUMBER = Parsed(
    "a number", "bad-number", "`12`", lambda text, settings: _decimal(text),
    {"type": ["number", "string"], "pattern": r"^\s*[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?\s*$"},
)  # fmt: skip
_UNSIGNED: Schema = {
    "type": ["number", "string"], "pattern": r"^\s*\+?(\d+[.,]?\d*|[.,]\d+)\s*$",
}  # fmt: skip
RATE = Parsed(
    "a number above 0", "bad-number", "`25.10`", lambda text, settings: _positive(text),
    _UNSIGNED | {"exclusiveMinimum": 0},
)  # fmt: skip
WEIGHT = Parsed(
    "a number from 0 to 100", "bad-number", "`2`",
    lambda text, settings: float(_between(0, 100, text)),
    _UNSIGNED | {"minimum": 0, "maximum": 100},
)  # fmt: skip
SCORE = Parsed(
    "a score from 1 to 5", "bad-number", "`4`",
    lambda text, settings: _between(1, 5, text),
    {"type": ["number", "string"], "minimum": 1, "maximum": 5,
     "pattern": r"^\s*(5([.,]0*)?|[1-4]([.,]\d*)?)\s*$"},
)  # fmt: skip
YEAR = Parsed(
    "a year", "bad-number", "`2026`",
    lambda text, settings: _whole(1, 9999, text), _YEAR_FORM,
)  # fmt: skip
COUNT = Parsed(
    "a whole number", "bad-number", "`5`",
    lambda text, settings: _whole(1, 1000, text),
    {"type": ["integer", "string"], "minimum": 1, "maximum": 1000,
     "pattern": r"^\s*0*([1-9]\d{0,2}|1000)\s*$"},
)  # fmt: skip


def _parse_uuid(text: str, settings: Settings) -> str:
    if not re.fullmatch(r"(?:urn:uuid:)?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", text):
        raise ValueError("this is not a UUID")
    return text[-36:].lower()


class _Uid(Parsed):
    """A contact's own UUID, unique over all files."""

    def value(self, text: str, node: Scalar, at: Reading) -> Any:
        found = Parsed.value(self, text, node, at)
        if found is not None:
            at.mark("uid", found, node)
        return found


UID = _Uid(
    "a UUID", "bad-uuid", "`2f1c6a52-0c3e-4a59-9d0e-6f5b8f6f6a10`", _parse_uuid,
    {"type": "string", "pattern": "^(urn:uuid:)?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"},
    lambda text: "delete the line and run `plaintextcrm check --fix`, which writes a new one",
)  # fmt: skip


def _parse_language(text: str, settings: Settings) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise ValueError("this is not a language tag")
    return text


LANGUAGE = Parsed(
    "a language tag", "bad-language", "`cs`, `sk`, `pl` or `en-GB`", _parse_language,
    {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"},
)  # fmt: skip


@cache
def _zones() -> frozenset[str]:
    from zoneinfo import available_timezones

    return frozenset(available_timezones())


def _parse_timezone(text: str, settings: Settings) -> str:
    if text not in _zones():
        raise ValueError("there is no such time zone")
    return text


TIMEZONE = Parsed(
    "a time zone", "bad-timezone", "`Europe/Prague`", _parse_timezone, {"type": "string"},
    lambda text: did_you_mean(text, sorted(_zones())),
)  # fmt: skip


def _parse_url(text: str, settings: Settings) -> str:
    if re.search(r"\s", text) or not re.fullmatch(
        r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?\S+\.\S+|[a-z]+:\S+", text
    ):
        raise ValueError("this is not a web address")
    return text


URL = Parsed(
    "a web address", "bad-url", "`https://example.com`", _parse_url,
    {"type": "string", "pattern": r"^\s*(([A-Za-z][A-Za-z0-9+.-]*:)?\S+\.\S+|[a-z]+:\S+)\s*$"},
)  # fmt: skip


_INNER = r"(?![/~\\]|[A-Za-z]:|[a-z]+://|(.*[/\\])?\.\.([/\\]|\s*$))"


def _parse_photo(text: str, settings: Settings) -> str:
    if re.match(r"(?i)(https?|data):", text):
        return text
    inner_path(text)
    return text


def inner_path(text: str) -> str:
    """A path below the address book, with `/`. Raises ValueError for one that leads out of it."""
    if text.startswith(("/", "~", "\\")) or re.match(r"[A-Za-z]:|[a-z]+://", text):
        raise ValueError("a path in the address book is wanted here")
    if ".." in re.split(r"[/\\]", text):
        raise ValueError("this path leads out of the address book")
    return text


PHOTO = Parsed(
    "a path in the address book or a web address", "bad-path", "`photos/eva.jpg`", _parse_photo,
    {"type": "string", "pattern": rf"^\s*([hH][tT][tT][pP][sS]?:|[dD][aA][tT][aA]:|{_INNER}.*$)"},
)  # fmt: skip


def _parse_feed_path(text: str, settings: Settings) -> str:
    inner_path(text)
    parts = text.split("/")
    if not text.endswith(".ics") or text == ".ics":
        raise ValueError("a feed's path ends in `.ics`")
    if parts[0] == "contacts" or any(part.startswith(".") for part in parts):
        raise ValueError("a feed lies outside `contacts` and hidden folders")
    return text


FEED_PATH = Parsed(
    "a path in the address book", "bad-path", "`follow-ups.ics`", _parse_feed_path,
    {"type": "string", "pattern": rf"^{_INNER}(?!contacts/|\.|.*/\.).*[^/]\.ics$"},
)  # fmt: skip


def _parse_flag(text: str, settings: Settings) -> bool:
    words = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
    if text.lower() not in words:
        raise ValueError("this is neither yes nor no")
    return words[text.lower()]


FLAG = Parsed(
    "yes or no", "bad-choice", "`yes`", _parse_flag,
    {"enum": [True, False, *(form(word) for word in ("yes", "no", "on", "off", "true", "false")
                             for form in (str.lower, str.capitalize, str.upper))]},
    lambda text: "write `yes` or `no`",
)  # fmt: skip
TEXT = AnyText()
LONG_TEXT = LongText()
EMAIL = Email("email", "an e-mail address")
CONTACT = Marked("contact", "a contact's id")
MENTION = Marked("mention", "a contact's id, or text")
PERSON = Person()
REASON = Reason()
ANYTHING = Anything()


_NEVER = ("none", "never", "no", "off", "null", "~", "-", "0")
_NONE = "write `none` for no reminders"


@dataclass(frozen=True, slots=True, eq=False)
class CadenceType:
    """`6 weeks`, `none`, or a mapping with `every`."""

    words: str
    details: Structure

    def read(self, node: Node, at: Reading) -> Any:
        """A Cadence."""
        if isinstance(node, Mapping):
            return self.details.read(node, at)
        if isinstance(node, Scalar) and node.text.strip() == "none":
            return Cadence(None)
        if isinstance(node, Scalar) and node.text.strip().lower() in _NEVER:
            at.report("bad-duration", node, f"this is no cadence: {at.quote(node.text)}", _NONE)
            return None
        every = DURATION.read(node, at)
        return every and Cadence(every)

    def schema(self, settings: Settings) -> Schema:
        return {"anyOf": [{"const": "none"}, _DURATION_FORM, self.details.schema(settings)]}
