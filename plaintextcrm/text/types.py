"""The kinds of values a field can have: how each is read from a node, and its JSON Schema.

A type reads a node and gives a value, or reports a problem and gives None. A blank value (nothing
behind the colon) never comes here: it means that the field is not set.
"""

import re
import uuid
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, NamedTuple, Protocol, TypeAlias

from plaintextcrm.model import dates
from plaintextcrm.model.contact import Cadence
from plaintextcrm.model.dates import PartialDate, YearlyDay
from plaintextcrm.model.problem import Place
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.nodes import Mapping, Node, Scalar, Sequence, place_of, plain
from plaintextcrm.text.reader import UNSEEN_VALUE, Text, shown
from plaintextcrm.text.suggest import did_you_mean

Schema: TypeAlias = dict[str, Any]


class Mark(NamedTuple):
    """A value that other files matter for: `kind` is `uid`, `email`, `contact` or `mention`."""

    kind: str
    text: str
    place: Place


class Reading:
    """One file being read: its settings and day, and what was found so far."""

    def __init__(self, source: Text, settings: Settings, today: date, private: bool) -> None:
        self.source = source
        self.settings = settings
        self.today = today
        self.private = private
        self.marks: list[Mark] = []

    def report(self, code: str, node: Node, message: str, hint: str = "") -> None:
        """Keep a problem at a node."""
        self.source.report(code, place_of(node), message, hint)

    def quote(self, text: str) -> str:
        """A value in a message; of a private contact it is not repeated."""
        return "this value" if self.private else f"`{shown(text)}`"

    def mark(self, kind: str, text: str, node: Node) -> None:
        """Remember a value that other files matter for."""
        self.marks.append(Mark(kind, text, place_of(node)))


class Type(Protocol):
    """A kind of value. `words` names it for people."""

    @property
    def words(self) -> str: ...
    def read(self, node: Node, at: Reading) -> Any: ...
    def schema(self, settings: Settings) -> Schema: ...


def _shape(node: Node) -> str:
    return {Scalar: "a text", Sequence: "a list", Mapping: "a mapping"}[type(node)]


class TextType:
    """The base of all types that are written as one text."""

    words: str

    def read(self, node: Node, at: Reading) -> Any:
        """The value of a text node."""
        if not isinstance(node, Scalar):
            at.report("wrong-shape", node, f"{_shape(node)}, where {self.words} belongs")
            return None
        if node.style == '"' and (found := UNSEEN_VALUE.search(node.text)):
            message = f"an escape that stands for U+{ord(found[0]):04X}, which cannot be seen"
            at.report("control-character", node, message, "delete it")
            return None
        return self.value(node.text.strip(), node, at)

    def value(self, text: str, node: Scalar, at: Reading) -> Any:
        """The value of a text without blanks around it."""
        return text

    def schema(self, settings: Settings) -> Schema:
        """YAML calls some texts numbers, truth values or nothing: to a text field all are text."""
        return {"type": ["string", "number", "boolean", "null"]}


class AnyText(TextType):
    """Any text."""

    words = "text"


class LongText(TextType):
    """A text of several lines; its line ends are kept."""

    words = "text"

    def value(self, text: str, node: Scalar, at: Reading) -> Any:
        return node.text.strip("\n")


@dataclass(frozen=True, slots=True, eq=False)
class Parsed(TextType):
    """A text with a form of its own. `parse` raises ValueError with a sentence for the person."""

    words: str
    code: str
    example: str
    parse: Callable[[str, Settings], Any]
    form: Schema
    hint: Callable[[str], str | None] = lambda text: None

    def value(self, text: str, node: Scalar, at: Reading) -> Any:
        try:
            return self.parse(text, at.settings)
        except ValueError as error:
            hint = self.hint(text) or _unset(text) or f"write {self.words}, such as {self.example}"
            at.report(self.code, node, f"{error}: {at.quote(text)}", hint)
            return None

    def schema(self, settings: Settings) -> Schema:
        return self.form


def _unset(text: str) -> str | None:
    return "leave it empty" if text.lower() in ("~", "null", "none", "-", "?") else None


@dataclass(frozen=True, slots=True, eq=False)
class Choice(TextType):
    """One word of a few, which the settings may add to."""

    words: str
    options: Callable[[Settings], tuple[str, ...]]

    def value(self, text: str, node: Scalar, at: Reading) -> str | None:
        options = self.options(at.settings)
        if text in options:
            return text
        hint = did_you_mean(text, options) or f"write one of: {', '.join(options)}"
        at.report("bad-choice", node, f"{at.quote(text)} is no {self.words}", hint)
        return None

    def schema(self, settings: Settings) -> Schema:
        return {"enum": [*self.options(settings), None]}


@dataclass(frozen=True, slots=True, eq=False)
class Marked(TextType):
    """A text that other files matter for; see `Mark`."""

    kind: str
    words: str

    def value(self, text: str, node: Scalar, at: Reading) -> str:
        at.mark(self.kind, text, node)
        return text


class Person(TextType):
    """One of the settings' `people`; others are allowed, with a warning where there are any."""

    words = "a name from the settings' `people`"

    def value(self, text: str, node: Scalar, at: Reading) -> str:
        people = at.settings.people
        if people and text not in (*people, at.settings.me):
            hint = did_you_mean(text, people) or "add it to `people` in plaintextcrm.yaml"
            at.report("unknown-person", node, f"{at.quote(text)} is not among `people`", hint)
        return text


class Reason(TextType):
    """Why a deal was lost; with a warning where the settings list reasons and this is none of them."""

    words = "text"

    def value(self, text: str, node: Scalar, at: Reading) -> str:
        known = at.settings.lost_reasons
        if known and text not in known:
            hint = did_you_mean(text, known) or f"write one of: {', '.join(known)}"
            at.report("unknown-reason", node, f"{at.quote(text)} is not in `lost_reasons`", hint)
        return text


@dataclass(frozen=True, slots=True, eq=False)
class ListOf:
    """A list of values of one type. `lone` allows one value without a list."""

    item: Type
    lone: bool = False

    @property
    def words(self) -> str:
        """The item's words, as a list."""
        return f"list of {self.item.words}"

    def read(self, node: Node, at: Reading) -> tuple[Any, ...] | None:
        """The values that could be read; a list with nothing in it is empty."""
        if isinstance(node, Sequence):
            items = (self.item.read(item, at) for item in node.items if not _blank(item))
            return tuple(item for item in items if item is not None)
        if self.lone:
            value = self.item.read(node, at)
            return None if value is None else (value,)
        hint = "begin the line below with `- `"
        if isinstance(node, Scalar) and "\n" not in node.text:
            hint = "write it in brackets: `[…]`" if at.private else f"write `[{shown(node.text)}]`"
        at.report("wrong-shape", node, f"{_shape(node)}, where a list belongs", hint)
        return None

    def schema(self, settings: Settings) -> Schema:
        item = self.item.schema(settings)
        form = {"type": ["array", "null"], "items": {"anyOf": [item, {"type": "null"}]}}
        return {"anyOf": [form, item]} if self.lone else form


def _blank(node: Node) -> bool:
    return isinstance(node, Scalar) and node.blank


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One line of the field table. `vcard` is the property of RFC 6350 it maps to, empty for none."""

    name: str
    type: Type
    meaning: str
    vcard: str = ""
    required: bool = False
    attribute: str = ""

    @property
    def target(self) -> str:
        """What the field is called in the value: its own name, but for Python's words."""
        return self.attribute or self.name


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """A mapping of named fields. `make` builds the value from them and the line it begins on."""

    words: str
    fields: tuple[Field, ...]
    make: Callable[..., Any]
    short: Type | None = None  # the type of a lone text, where one may stand for the mapping

    def read(self, node: Node, at: Reading) -> Any:
        """The value, or None where a required field is missing or wrong."""
        if isinstance(node, Scalar) and self.short is not None:
            value = self.short.read(node, at)
            return None if value is None else self.make(value)
        if not isinstance(node, Mapping):
            names = ", ".join(f"{field.name}: …" for field in self.fields[:2])
            message = f"{_shape(node)}, where {self.words} belongs"
            at.report("wrong-shape", node, message, f"write `{{{names}}}`")
            return None
        values = read_fields(node, by_name(self.fields), at, self.words)
        missing = [field for field in self.fields if field.required and field.target not in values]
        if not missing:
            return self.make(**values, line=node.start.line + 1)
        for field in missing:
            if not any(key.text == field.name and not _blank(value) for key, value in node.pairs):
                message = f"{self.words} without `{field.name}`"
                at.report("missing-field", node, message, f"add `{field.name}: …`: {field.meaning}")
        return None

    def schema(self, settings: Settings) -> Schema:
        form: Schema = object_schema(self.fields, settings)
        return {"anyOf": [self.short.schema(settings), form]} if self.short else form


@cache
def by_name(fields: tuple[Field, ...]) -> dict[str, Field]:
    """The fields by their names."""
    return {field.name: field for field in fields}


def read_fields(node: Mapping, known: dict[str, Field], at: Reading, words: str) -> dict[str, Any]:
    """The values of a mapping's known fields by target; unknown fields are reported."""
    values = {}
    for key, value in node.pairs:
        field = known.get(key.text)
        if field is None:
            report_unknown(key, known, at, words)
        elif not _blank(value) and (found := field.type.read(value, at)) is not None:
            values[field.target] = found
    return values


def report_unknown(key: Scalar, known: dict[str, Field], at: Reading, words: str) -> None:
    """A field that does not exist, often a misspelt one."""
    if key.text.startswith("\0") or key.text == "<<":
        return  # the reader has reported it
    hint = did_you_mean(key.text, known) or "fields of your own begin with `x_`"
    at.report("unknown-field", key, f"{words} has no field `{shown(key.text)}`", hint)


def object_schema(fields: tuple[Field, ...], settings: Settings) -> Schema:
    """The JSON Schema of a mapping with these fields and no others."""
    properties = {}
    for field in fields:
        form = field.type.schema(settings)
        properties[field.name] = {"description": field.meaning, **_blankable(form, field.required)}
    form = {"type": "object", "properties": properties, "additionalProperties": False}
    required = [field.name for field in fields if field.required]
    return form | ({"required": required} if required else {})


def _blankable(form: Schema, required: bool) -> Schema:
    """The form of a field that may be left empty, unless it is required."""
    kinds = form.get("type")
    if required or "enum" in form or (isinstance(kinds, list) and "null" in kinds):
        return form
    return {"anyOf": [form, {"type": "null"}]}


@dataclass(frozen=True, slots=True, eq=False)
class MappingOf:
    """A mapping from names that the person chooses to values of one type, as pairs."""

    value: Type
    words: str

    def read(self, node: Node, at: Reading) -> tuple[tuple[str, Any], ...] | None:
        """The pairs that could be read, in the order of the file."""
        if not isinstance(node, Mapping):
            at.report("wrong-shape", node, f"{_shape(node)}, where {self.words} belongs")
            return None
        pairs = ((key.text, self.value.read(value, at)) for key, value in node.pairs)
        return tuple((name, value) for name, value in pairs if value is not None)

    def schema(self, settings: Settings) -> Schema:
        return {"type": "object", "additionalProperties": self.value.schema(settings)}


class Anything:
    """Text, lists and mappings as they stand: what the program does not know, it keeps."""

    words = "anything"

    def read(self, node: Node, at: Reading) -> object:
        return plain(node)

    def schema(self, settings: Settings) -> Schema:
        return {}


_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_YEARLY = r"--(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])"
_DATE_FORM: Schema = {"type": "string", "format": "date", "pattern": f"^{_DATE}$"}
_YEARLY_FORM: Schema = {"type": "string", "pattern": f"^{_YEARLY}$"}
_PARTIAL_FORM: Schema = {"type": "string", "pattern": r"^\d{4}(-(0[1-9]|1[0-2])|-[Qq][1-4])?$"}
_YEAR_FORM: Schema = {"type": "integer", "minimum": 1, "maximum": 9999}
_DURATION_FORM: Schema = {
    "type": "string",
    "pattern": r"^\s*(\d{1,4}\s*([Dd](ays?)?|[Ww](eeks?)?|[Mm](onths?)?|[Yy](ears?)?"
    r"|[Hh](ours?)?|[Mm]in(utes?)?)|[Pp](?=.)(\d+[Yy])?(\d+[Mm])?(\d+[Ww])?(\d+[Dd])?"
    r"([Tt](?=.)(\d+[Hh])?(\d+[Mm])?)?)\s*$",
}


def _any(*forms: Schema) -> Schema:
    return {"anyOf": list(forms)}


def _plain_hint(text: str) -> str | None:
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
    _any(_DATE_FORM, _PARTIAL_FORM, _YEAR_FORM), _plain_hint,
)  # fmt: skip
YEARLY = Parsed(
    "a date", "bad-date", "`1986-12-24`, or `--12-24` without the year",
    lambda text, settings: dates.parse_yearly(text), _any(_DATE_FORM, _YEARLY_FORM), _yearly_hint,
)  # fmt: skip


def _parse_day(text: str, settings: Settings) -> PartialDate | YearlyDay:
    return dates.parse_yearly(text) if text.startswith("--") else dates.parse_partial(text)


PARTIAL_OR_YEARLY = Parsed(
    "a date", "bad-date", "`2026-12-01`, `2027-03`, `2027`, or `--12-24` for every year",
    _parse_day, _any(_DATE_FORM, _PARTIAL_FORM, _YEAR_FORM, _YEARLY_FORM), _yearly_hint,
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
    hour, minute = int(found[1]) + 12 * (found[3] == "pm" and int(found[1]) < 12), found[2] or "00"
    return f"write `{hour:02}:{minute}`" if hour < 24 and int(minute) < 60 else None


def _whole_days(text: str, settings: Settings) -> dates.Duration:
    span = dates.parse_duration(text)
    if span.minutes:
        raise ValueError("a span of whole days is wanted here")
    return span


DURATION = Parsed(
    "a duration", "bad-duration", "`6 weeks`, `3m` or `P3M`", _whole_days, _DURATION_FORM
)
SHORT_DURATION = Parsed(
    "a duration", "bad-duration", "`30 min` or `1 day`",
    lambda text, settings: dates.parse_duration(text), _DURATION_FORM,
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
SCORE = Parsed(
    "a score from 1 to 5", "bad-number", "`4`",
    lambda text, settings: _between(1, 5, text), {"type": "number", "minimum": 1, "maximum": 5},
)  # fmt: skip
YEAR = Parsed(
    "a year", "bad-number", "`2026`",
    lambda text, settings: _whole(1, 9999, text), _YEAR_FORM,
)  # fmt: skip
COUNT = Parsed(
    "a whole number", "bad-number", "`5`",
    lambda text, settings: _whole(1, 1000, text), {"type": "integer", "minimum": 1, "maximum": 1000},
)  # fmt: skip


def _parse_uuid(text: str, settings: Settings) -> str:
    if not re.fullmatch(r"(?:urn:uuid:)?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", text):
        raise ValueError("this is not a UUID")
    return str(uuid.UUID(text))


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
    return frozenset(zoneinfo.available_timezones())


def _parse_timezone(text: str, settings: Settings) -> str:
    if text not in _zones():
        raise ValueError("there is no such time zone")
    return text


TIMEZONE = Parsed(
    "a time zone", "bad-timezone", "`Europe/Prague`", _parse_timezone, {"type": "string"},
    lambda text: did_you_mean(text, _zones()),
)  # fmt: skip


def _parse_url(text: str, settings: Settings) -> str:
    if re.search(r"\s", text) or not re.fullmatch(
        r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?\S+\.\S+|[a-z]+:\S+", text
    ):
        raise ValueError("this is not a web address")
    return text


URL = Parsed(
    "a web address", "bad-url", "`https://example.com`", _parse_url,
    {"type": "string", "pattern": r"^\s*\S+\s*$"},
)  # fmt: skip


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
    {"type": "string", "not": {"pattern": r"^[/~\\]|(^|/)\.\.(/|$)"}},
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
    {"type": "string", "pattern": r"^(?!contacts/|[/~.])(?!.*/\.).*\.ics$"},
)  # fmt: skip


def _parse_flag(text: str, settings: Settings) -> bool:
    words = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
    if text.lower() not in words:
        raise ValueError("this is neither yes nor no")
    return words[text.lower()]


FLAG = Parsed(
    "yes or no", "bad-choice", "`yes`", _parse_flag,
    {"enum": [True, False, "yes", "no", "Yes", "No", "on", "off", "true", "false"]},
)  # fmt: skip
TEXT = AnyText()
LONG_TEXT = LongText()
EMAIL = Marked("email", "an e-mail address")
CONTACT = Marked("contact", "a contact's id")
MENTION = Marked("mention", "a contact's id, or text")
PERSON = Person()
REASON = Reason()
ANYTHING = Anything()


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
        every = DURATION.read(node, at)
        return every and Cadence(every)

    def schema(self, settings: Settings) -> Schema:
        return {"anyOf": [{"const": "none"}, _DURATION_FORM, self.details.schema(settings)]}
