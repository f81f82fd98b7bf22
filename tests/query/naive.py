"""What a query means, read off all contacts in memory: slow, simple, and without the book.

A question is a small tree that knows how to print itself as a query. `People` answers it from the
contacts as `text/parse.py` gives them and from the texts of their files, in plain Python.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import yaml

from plaintextcrm.model.agenda import OCCASIONS, day_alone
from plaintextcrm.model.contact import Cadence, Contact, Milestone, Reach
from plaintextcrm.model.dates import Duration, Money, PartialDate, YearlyDay
from plaintextcrm.model.reminders import Reminder, last_contact, reminders
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fold import fold, key_of

SIGNS = ("<", "<=", ">", ">=")


# --- values of a question -------------------------------------------------------------------------


@dataclass(frozen=True)
class Words:
    """A text to be looked for."""

    text: str


@dataclass(frozen=True)
class Days:
    """The days that a value covers; None where a range is open."""

    text: str
    first: date | None
    last: date | None


@dataclass(frozen=True)
class YearDays:
    """Days of any year, as (month, day)."""

    text: str
    first: tuple[int, int] | None
    last: tuple[int, int] | None


@dataclass(frozen=True)
class Amount:
    """Money, a number or a length of days, or a range of them; `currency` where one is named."""

    text: str
    low: float | None
    high: float | None
    currency: str = ""


@dataclass(frozen=True)
class Clock:
    """A time of day or a range of them, as HH:MM."""

    text: str
    low: str | None
    high: str | None


@dataclass(frozen=True)
class YesNo:
    text: str
    yes: bool


Value = Words | Days | YearDays | Amount | Clock | YesNo


# --- the tree of a question -----------------------------------------------------------------------


@dataclass(frozen=True)
class Word:
    """A bare word or phrase."""

    text: str
    bare: bool


@dataclass(frozen=True)
class Term:
    field: str
    sign: str
    value: Value
    called: str = ""  # what the query calls the field


@dataclass(frozen=True)
class Missing:
    field: str
    called: str = ""


@dataclass(frozen=True)
class Has:
    field: str
    called: str = ""


@dataclass(frozen=True)
class Is:
    state: str


@dataclass(frozen=True)
class AnyText:
    text: str


@dataclass(frozen=True)
class Group:
    """Of one and the same entry."""

    table: str
    inner: "Tree"


@dataclass(frozen=True)
class Not:
    inner: "Tree"
    dash: bool = True


@dataclass(frozen=True)
class All:
    parts: tuple["Tree", ...]
    said: bool = False


@dataclass(frozen=True)
class Either:
    parts: tuple["Tree", ...]


Tree = Word | Term | Missing | Has | Is | AnyText | Group | Not | All | Either


def printed(tree: Tree) -> str:  # noqa: C901 - one case for each kind of tree
    """The tree as a query."""
    match tree:
        case Word(text, bare):
            return text if bare else f'"{text}"'
        case Term(field, sign, value, called):
            return f"{called or field}{sign}{_printed_value(value)}"
        case Missing(field, called):
            return f"{called or field}:"
        case Has(field, called):
            return f"has:{called or field}"
        case Is(state):
            return f"is:{state}"
        case AnyText(text):
            return f'any:"{text}"'
        case Group(table, inner):
            return f"{table}:({printed(inner)})"
        case Not(inner, dash):
            return f"-{_closed(inner)}" if dash else f"not {_closed(inner)}"
        case All(parts, said):
            return (" and " if said else " ").join(_closed(part) for part in parts)
        case Either(parts):
            return " or ".join(_closed(part) for part in parts)


def _closed(tree: Tree) -> str:
    return f"({printed(tree)})" if isinstance(tree, (All, Either)) else printed(tree)


def _printed_value(value: Value) -> str:
    plain = re.fullmatch(r'[^\s()"]+', value.text)
    return value.text if plain and not isinstance(value, Words) else f'"{value.text}"'


# --- the fields -----------------------------------------------------------------------------------

TEXTS = (
    "name", "given_name", "family_name", "additional_name", "prefix", "suffix", "salutation",
    "pronouns", "language", "timezone", "department", "title", "role", "company_id",
    "vat_id", "notes", "photo", "source", "introduced_by", "owner",
)  # fmt: skip
CHOICES = ("kind", "status", "visibility")
LISTS = ("tags", "nicknames")
YEARLY = ("birthday", "nameday", "anniversary", "died")
# The fields of entries by the form of their values.
ENTRIES: dict[str, dict[str, str]] = {
    "emails": {"value": "text", "type": "text", "preferred": "flag"},
    "phones": {"value": "phone", "type": "text", "preferred": "flag"},
    "urls": {"value": "text", "type": "text", "preferred": "flag"},
    "profiles": {"service": "text", "user": "text", "value": "text"},
    "addresses": dict.fromkeys(
        ("street", "locality", "region", "postcode", "country", "type"), "text"
    ),
    "related": {"contact": "text", "type": "text", "note": "text"},
    "cadence": {
        "every": "duration", "channels": "list", "since": "day", "paused_until": "day",
    },
    "interactions": {
        "date": "day", "time": "time", "channel": "choice", "direction": "choice", "note": "text",
        "by": "text", "with": "list", "mood": "text", "id": "text",
    },
    "follow_ups": {
        "date": "day", "time": "time", "note": "text", "owner": "text", "remind": "duration",
        "done": "day", "id": "text",
    },
    "promises": {
        "date": "day", "by": "text", "note": "text", "made": "day", "done": "day", "id": "text",
    },
    "needs": {
        "date": "span", "note": "text", "because": "text", "lead": "duration", "done": "day",
        "id": "text",
    },
    "milestones": {
        "date": "span", "note": "text", "repeat": "choice", "done": "day", "id": "text",
    },
    "deals": {
        "name": "text", "stage": "choice", "value": "money", "date": "span", "closed": "day",
        "reason": "text", "competitor": "text", "win_back": "span", "note": "text", "done": "day",
        "id": "text",
    },
    "revenue": {"year": "number", "amount": "money", "note": "text"},
    "referrals": {
        "date": "day", "note": "text", "to": "list", "done": "day", "id": "text",
    },
    "feedback": {
        "date": "day", "about": "text", "score": "number", "note": "text", "done": "day",
        "id": "text",
    },
}  # fmt: skip
SHORT = {"emails": "value", "phones": "value", "urls": "value", "cadence": "every"}
OWN = {
    "club": "text", "seats": "number", "renewal": "span", "budget": "money", "hobbies": "text",
    "vip": "flag", "page": "text", "mentor": "text", "x_any": "text", "x_Shoe": "text",
}  # fmt: skip
DERIVED = {
    "id": "text", "path": "text", "last": "day", "next": "day", "overdue": "duration",
    "class": "choice", "turnover": "money",
}  # fmt: skip


def form_of(field: str) -> str:
    """Which values a field is asked for."""
    head, dot, rest = field.partition(".")
    if dot:
        return ENTRIES[head][rest]
    if field in SHORT:
        return ENTRIES[field][SHORT[field]]
    forms = {
        **dict.fromkeys(TEXTS, "text"), **dict.fromkeys(CHOICES, "choice"),
        **dict.fromkeys(LISTS, "list"), **dict.fromkeys(YEARLY, "yearly"), **OWN, **DERIVED,
        "organization": "text", "founded": "span",
    }  # fmt: skip
    return forms.get(field, "entries")


# --- answering ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class File:
    """A contact with the text it was made from (the last good one), and whether it is broken now.

    A broken text that says so makes a contact private, too.
    """

    contact: Contact
    text: str
    broken: bool = False
    hidden: bool = False

    @property
    def private(self) -> bool:
        return self.hidden or self.contact.private


class People:
    """All contacts of a folder."""

    def __init__(self, files: list[File], settings: Settings, today: date) -> None:
        self.files = files
        self.settings = settings
        self.today = today

    def found(self, tree: Tree) -> set[str]:
        """The paths of those that a question finds."""
        return {file.contact.path for file in self.files if self._holds(tree, file, None)}

    def _holds(  # noqa: C901 - one case for each kind of tree
        self, tree: Tree, file: File, entry: tuple[str, Any] | None
    ) -> bool:
        match tree:
            case Not(inner):
                return not self._holds(inner, file, entry)
            case All(parts):
                return all(self._holds(part, file, entry) for part in parts)
            case Either(parts):
                return any(self._holds(part, file, entry) for part in parts)
            case Group(table, inner):
                return any(self._holds(inner, file, (table, one)) for one in listed(file, table))
            case Is(state):
                return self._is(state, file)
            case AnyText(text):
                return any(fold(text) in value for value in self._values(file))
            case Word(text):
                if not text.strip():
                    return True
                if entry:
                    return entry_says(*entry, text)
                if any(says(value, text) for value in self._values(file)):
                    return True
                return is_whole(text) and any(
                    dials(text, self._country)
                    == dials(phone.value, country_of(file, self.settings))
                    and dials(text, self._country).startswith("+")
                    for phone in file.contact.phones
                )
            case Has(field):
                return bool(self._of(field, file, entry))
            case Missing(field):
                return self._misses(field, file, entry)
            case Term(field, _sign, Words("")):
                return self._misses(field, file, entry)
            case Term(field, sign, value):
                if form_of(field) == "entries" and entry is None:
                    assert isinstance(value, Words)
                    return any(entry_says(field, one, value.text) for one in listed(file, field))
                return any(
                    self._compares(held, sign.strip(), value, country_of(file, self.settings))
                    for held in self._of(field, file, entry)
                )

    def ordered(self, paths: set[str], field: str, descending: bool) -> list[str]:
        """These contacts by a field, those without it last; equal ones by name, id and path."""
        keys = {file.contact.path: self._sort_key(file, field, descending) for file in self.files}
        names = {
            file.contact.path: (fold(file.contact.name), file.contact.id, file.contact.path)
            for file in self.files
        }
        by_name = sorted(paths, key=names.__getitem__)
        there = [path for path in by_name if keys[path] is not None]
        there.sort(key=keys.__getitem__, reverse=descending)
        if descending:  # Python keeps equal ones in their order, also when it sorts backwards
            assert [keys[path] for path in there] == sorted(
                (keys[path] for path in there), reverse=True
            )
        return there + [path for path in by_name if keys[path] is None]

    def _sort_key(self, file: File, field: str, descending: bool) -> Any:
        if field == "turnover":
            sums = self._turnover(file)
            return float(sum(sums.values())) if sums else None
        if field == "organization":
            shown = [*self._organization(file.contact), file.contact.organization]
            return fold(shown[0]) or None
        head, dot, rest = field.partition(".")
        if form_of(field) == "list":
            held = listed(file, head) if dot else [file.contact]
            keys: list[Any] = [
                "\x1f".join(map(fold, values))
                for one in held
                if (values := values_of(one, rest or head))
            ]
        else:
            keys = [_sortable(value, form_of(field)) for value in self._of(field, file, None)]
        keys = [key for key in keys if key is not None]
        return (max if descending else min)(keys, default=None)

    def _misses(self, field: str, file: File, entry: tuple[str, Any] | None) -> bool:
        """Of entries: there is one that lacks it."""
        head, dot, rest = field.partition(".")
        if entry or not dot:
            return not self._of(field, file, entry)
        return any(not values_of(one, rest) for one in listed(file, head))

    def _of(self, field: str, file: File, entry: tuple[str, Any] | None) -> list[Any]:
        """The values that a field has; none where nothing is written."""
        if entry:
            return values_of(entry[1], field)
        head, dot, rest = field.partition(".")
        if dot:
            return [value for one in listed(file, head) for value in values_of(one, rest)]
        if field in SHORT:
            field = f"{field}.{SHORT[field]}"
            return self._of(field, file, None)
        if field in DERIVED:
            return self._derived(field, file)
        if field in OWN:
            return list(leaves(file.contact.more.get(field)))
        found = values_of(file.contact, field)
        if field == "organization":
            found += self._organization(file.contact)
        return found

    def _organization(self, contact: Contact) -> list[str]:
        """The name behind an id; of two files with one id the first counts."""
        key = key_of(contact.organization)
        same = [file.contact for file in self.files if key and key_of(file.contact.id) == key]
        same.sort(key=lambda one: one.path)
        return [same[0].name] if same else []

    def _values(self, file: File) -> Iterator[str]:
        """The folded values that bare words are looked for in."""
        contact = file.contact
        numbers = [re.sub(r"[^0-9+]", "", phone.value) for phone in contact.phones]
        yield from (fold(value) for value in (contact.id, contact.name, *numbers))
        yield from (number[-9:] for number in numbers)
        country = country_of(file, self.settings)
        for phone in contact.phones:
            yield from (dials(phone.value, country), from_inside(phone.value, country))
        for scalar in scalars(yaml.load(file.text, Loader=yaml.CBaseLoader)):
            yield fold(" ".join(scalar.split()) if "\n" in scalar else scalar)

    # --- what is derived

    @cached_property
    def classes(self) -> dict[str, str]:
        """A to those who begin below 80 % of the last full year's turnover, B below 95 %, else C."""
        found: dict[str, str] = {}
        sums = {
            (currency, file.contact.path): total
            for file in self.files
            for currency, total in self._turnover(file).items()
            if total > 0
        }
        ids = {file.contact.path: file.contact.id for file in self.files}
        for currency in {currency for currency, _path in sums}:
            rows = [(total, path) for (other, path), total in sums.items() if other == currency]
            rows.sort(key=lambda row: (-row[0], ids[row[1]], row[1]))
            before, whole = Decimal(0), sum(total for total, _path in rows)
            for total, path in rows:
                share = before / whole
                letter = "A" if share < Decimal("0.8") else "B" if share < Decimal("0.95") else "C"
                found[path] = min(letter, found.get(path, letter))
                before += total
        return found

    def _turnover(self, file: File) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = {}
        for year in file.contact.revenue:
            if year.year == self.today.year - 1:
                held = sums.get(year.amount.currency, Decimal(0))
                sums[year.amount.currency] = held + year.amount.amount
        return sums

    def _reminders(self, file: File) -> tuple[Reminder, ...]:
        letter = self.classes.get(file.contact.path, "")
        return reminders(file.contact, self.settings, self.today, letter)

    def _shown(self, file: File) -> list[date | None]:
        """The days of what is to be done and stands on some day."""
        overdue = self.settings.overdue
        return [
            one.due
            for one in self._reminders(file)
            if one.kind not in OCCASIONS
            and one.yearly is None
            and day_alone(one.due, one.kind, one.yields_to, overdue, self.today) is not None
        ]

    def _late(self, file: File) -> list[date]:
        return [due for due in self._shown(file) if due is not None and due < self.today]

    def _derived(self, field: str, file: File) -> list[Any]:
        contact = file.contact
        if field == "last":
            day = last_contact(contact, self.today)
            return [day] if day else []
        if field == "next":
            rows = [
                row for row in self._reminders(file) if row.kind in ("keep-in-touch", "follow-up")
            ]
            return [min(row.due or self.today for row in rows)] if rows else []
        if field == "overdue":
            late = self._late(file)
            return [float((self.today - min(late)).days)] if late else []
        if field == "class":
            return [letter] if (letter := self.classes.get(contact.path)) else []
        if field == "turnover":
            return [Money(total, currency) for currency, total in self._turnover(file).items()]
        return [str(getattr(contact, field))]

    def _is(self, state: str, file: File) -> bool:
        contact, today = file.contact, self.today
        states: dict[str, Callable[[], bool]] = {
            "overdue": lambda: bool(self._late(file)),
            "due": lambda: any(due is None or due <= today for due in self._shown(file)),
            "private": lambda: file.private,
            "public": lambda: not file.private,
            "broken": lambda: file.broken,
            "person": lambda: contact.kind == "individual",
            "company": lambda: contact.kind == "organization",
        }
        known = states.get(state)
        return known() if known else state in (contact.kind, contact.status)

    # --- comparing

    @property
    def _country(self) -> str:
        return self.settings.country.upper()

    def _same_number(self, held: str, sign: str, text: str, country: str) -> bool:
        """A number is the same however it is written; a part of it may be asked for, too."""
        if len(re.sub(r"\D", "", text)) < 3 or not re.fullmatch(r"[\d\s()+./-]*", text):
            return False
        number, wanted = dials(held, country), re.sub(r"\D", "", text)
        digits = re.sub(r"\D", "", number)
        return number == dials(text, self._country) or (
            digits == wanted if sign == "=" else wanted in digits
        )

    def _compares(self, held: Any, sign: str, value: Value, country: str) -> bool:
        match value:
            case Words(text):
                if isinstance(held, Phone) and self._same_number(held, sign, text, country):
                    return True
                return _text_compares(held, sign, text)
            case Days():
                return _days_compare(held, sign, value)
            case YearDays():
                return _year_days_compare(held, sign, value)
            case Amount():
                return self._amount_compares(held, sign, value)
            case Clock(_text, low, high):
                clock = held.strftime("%H:%M")
                return _within(clock, clock, sign, low, high)
            case YesNo(_text, yes):
                return bool(held) is yes

    def _amount_compares(self, held: Any, sign: str, value: Amount) -> bool:
        if isinstance(held, Money):
            wanted = value.currency or self.settings.currency
            if wanted and held.currency != wanted:
                return False
            number = float(held.amount)
        elif isinstance(held, Duration):
            number = held.rough_days
        elif held == "none":
            return False
        else:
            number = float(held)
        return _within(number, number, sign, value.low, value.high)


def _within(first: Any, last: Any, sign: str, low: Any, high: Any) -> bool:
    """How [first, last] stands to [low, high]."""
    match sign:
        case "<":
            return bool(last < low)
        case "<=":
            return bool(last <= high)
        case ">":
            return bool(first > high)
        case ">=":
            return bool(first >= low)
        case _:
            return (low is None or last >= low) and (high is None or first <= high)


def _text_compares(held: Any, sign: str, text: str) -> bool:
    if isinstance(held, Duration):
        return False  # only `none` is a text among durations
    digits = re.sub(r"\D", "", text)
    if isinstance(held, Phone) and len(digits) >= 3 and re.fullmatch(r"[\d\s()+./-]*", text):
        number = re.sub(r"\D", "", held)
        return number == digits if sign == "=" else digits in number
    return fold(held) == fold(text) if sign == "=" else fold(text) in fold(held)


def _days_compare(held: Any, sign: str, value: Days) -> bool:
    if isinstance(held, YearlyDay):
        if held.year is None:
            return False
        first = last = held.on(held.year)
    elif isinstance(held, PartialDate):
        first, last = held.first, held.last
    else:
        first = last = held
    return _within(first, last, sign, value.first, value.last)


def _year_days_compare(held: Any, sign: str, value: YearDays) -> bool:
    if isinstance(held, PartialDate):
        if held.first != held.last:
            return False
        held = held.first
    day = (held.month, held.day)
    return _within(day, day, sign, value.first, value.last)


def _sortable(value: Any, form: str) -> Any:
    """What a value is sorted by."""
    if isinstance(value, YearlyDay):
        if form == "yearly":
            return (value.month, value.day)
        return value.on(value.year) if value.year else None
    if isinstance(value, Money):
        return float(value.amount)
    if isinstance(value, Duration):
        return value.rough_days
    if isinstance(value, PartialDate):
        return value.first
    if form == "duration" and value == "none":
        return None
    if isinstance(value, str):
        return fold(value) or None
    return float(value) if form == "number" else value


# --- phone numbers --------------------------------------------------------------------------------

COUNTRIES = {"česko": "CZ", "pl": "PL", "": ""}


def country_of(file: File, settings: Settings) -> str:
    """Of the first address with one, or the settings."""
    named = [one.country for one in file.contact.addresses if one.country]
    return COUNTRIES.get(named[0].lower(), "") if named else settings.country.upper()


def dials(text: str, country: str) -> str:
    """What somebody in that country dials, by the rules of the few countries of these tests."""
    written = re.match(r"(?:tel:)?[\s\d()+./-]*", text)
    digits = re.sub(r"\D", "", written[0]) if written else ""
    if text.strip().startswith("+"):
        return "+" + digits
    if digits.startswith("00") and len(digits) > 8:
        return "+" + digits[2:]
    for calling, lengths in {"CZ": (("420", (9,)),), "PL": (("48", (7, 9, 10)),)}.get(country, ()):
        for bare in (digits, digits.removeprefix("0"), digits.removeprefix(calling)):
            if len(bare) in lengths:
                return f"+{calling}{bare}"
    return digits


def from_inside(text: str, country: str) -> str:
    """The same without the country's code."""
    number = dials(text, country)
    return re.sub(r"^\+(420|48)|^\+", "", number)


def is_whole(text: str) -> bool:
    return len(re.sub(r"\D", "", text)) >= 7 and bool(re.fullmatch(r"[\d\s()+./-]*", text))


# --- values of contacts ---------------------------------------------------------------------------


class Phone(str):
    """A way to reach somebody: asked for digits, it is compared by its digits."""

    __slots__ = ()


def listed(file: File, table: str) -> list[Any]:
    """The entries of a list; a cadence is a list of one."""
    held = getattr(file.contact, table)
    if isinstance(held, Cadence):
        return [held]
    return list(held or ())


def values_of(entry: Any, field: str) -> list[Any]:
    """What a field of a contact or an entry says, as a list."""
    if isinstance(entry, Cadence) and field == "every":
        return ["none" if entry.every is None else entry.every]
    if isinstance(entry, Milestone) and field == "repeat":
        return ["yearly"] if entry.yearly else []
    if isinstance(entry, Milestone) and field == "date":
        return [entry.date or entry.yearly]
    held = getattr(entry, "with_" if field == "with" else field)
    if held is None or held == "":
        return []
    if type(held) is tuple:  # not one of the named ones, which are values
        return list(held)
    if isinstance(entry, Reach) and field == "value":
        return [Phone(held)]
    return [held]


def leaves(value: object) -> Iterator[Any]:
    """The values of a field of one's own, however deep."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from leaves(inner)
    elif value not in (None, ""):
        yield value if not isinstance(value, Decimal) else float(value)


def scalars(value: object) -> Iterator[str]:
    """The values of a file as they are written."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from scalars(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from scalars(inner)
    elif isinstance(value, str):
        yield value


def entry_says(table: str, entry: Any, text: str) -> bool:
    """A text stands in one of the texts of an entry."""
    return any(
        fold(text) in fold(value)
        for field, form in ENTRIES[table].items()
        if form in ("text", "choice", "list", "phone")
        for value in values_of(entry, field)
    )


def says(value: str, text: str) -> bool:
    """The words stand side by side in the value, and the last one may go on.

    With signs, the text stands there as it is, at the beginning of a word if it begins with one.
    """
    wanted = " ".join(fold(text).split())
    words = runs(wanted)
    if not words:
        return wanted in value
    if wanted.replace(" ", "").isalnum():
        held = runs(value)
        return any(
            held[at : at + len(words) - 1] == words[:-1]
            and held[at + len(words) - 1].startswith(words[-1])
            for at in range(len(held) - len(words) + 1)
        )
    return any(
        not wanted[0].isalnum() or at == 0 or not value[at - 1].isalnum()
        for at in range(len(value))
        if value.startswith(wanted, at)
    )


def runs(text: str) -> list[str]:
    """The runs of letters and digits."""
    return "".join(letter if letter.isalnum() else " " for letter in text).split()


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
