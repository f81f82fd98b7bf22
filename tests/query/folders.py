"""Generated address books, and questions to ask of them, both of the same few words."""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hypothesis import strategies as st

from plaintextcrm.model.dates import parse_duration, parse_partial
from tests.query.naive import (
    CHOICES,
    ENTRIES,
    LISTS,
    OWN,
    SHORT,
    SIGNS,
    TEXTS,
    YEARLY,
    All,
    Amount,
    AnyText,
    Clock,
    Days,
    Either,
    Group,
    Has,
    Is,
    Missing,
    Not,
    Term,
    Tree,
    Value,
    Word,
    Words,
    YearDays,
    YesNo,
    form_of,
)

TODAY = date(2026, 11, 22)  # a Sunday
IDS = ("eva", "jan", "acme", "zofia-łęcka", "ota.k", "x_1", "bob", "Ida")
PLACES = ("", "", "", "brno/", "a/b/")
TEXT = (
    "Malá", "mala", "Łódź", "Øre Đuro", "Straße", "new e-shop", "e-shop", "C++", "50 % off", "a_b",
    "web", "Web shop", "😀 ok", "čaj  dva", "ab-cd b c", "b-c", "R&D; dept", "it's \"so\"", "100",
    "https://x.cz/a?b=c", "eva@acme.cz", "NO", "-x", "@cold", "or", "Nguyễn Ánh", "Привет", "東京",
    "{} %s", "a,b;c", "[x]", "'; DROP TABLE contacts; --", "ACME", "eva", "2026-11-20", "x:y", "++",
)  # fmt: skip
LONG = (*TEXT, "first line\nsecond Łódź\n\nthird", "web\nshop", "ends with new\ne-shop\n", "-\n+")
SOUGHT = (
    "mal", "MALÁ", "lodz", "ore d", "duro", "strasse", "new e-sh", "e-shop", "shop", "c++", "c+",
    "50 %", "% off", "a_b", "b c", "b-c", "b-", "cd", "web", "web sh", "we", "ok", "caj dva",
    "r&d", "d; dept", "it's", "100", "10", "https://x.cz/a", "x.cz", "eva@acme", "@acme.cz", "no",
    "nguyen", "anh", "privet", "{}", "%s", "a,b", "[x]", "drop", "'; drop", "acme", "eva", "line s",
    "second lodz third", "new e-shop", "%", "+", "😀", "zofia-l", "lecka", "2026", "2026-11-2", "czk",
    "+420601000111", "(0601) 000 111", "601 000 111", "00420 601-000-111", "+48601000111",
    "x:y", "y", "601", "601 000", "+420", "420601", "6 weeks", "ota.k", "x_1", "none", "zzz", "—", "",
)  # fmt: skip
TYPES = ("home", "work", "Práce")
PEOPLE = ("jana", "Petr", "jana n")
DAYS = (
    "2025-02-28", "2025-06-01", "2025-12-31", "2026-01-01", "2026-03-31", "2026-10-15",
    "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-30", "2026-12-01", "2027-02-15",
)  # fmt: skip
VAGUE = ("2026", "2027", "2026-11", "2026-12", "2026-Q4", "2027-Q1", "2025-Q2")
YEARLY_DAYS = ("--12-24", "--02-29", "--11-22", "--01-01", "1986-12-24", "2000-02-29", "1990-11-30")
MONEY = (
    "0", "5", "100 CZK", "100 EUR", "250.50 EUR", "120000 CZK", "80000", "100000", "-20 EUR", "3 pln",
)  # fmt: skip
DURATIONS = ("1 week", "6 weeks", "3m", "90d", "1 year", "P3M", "1 year 6 months", "10 days")
SHORT_DURATIONS = (*DURATIONS, "2 hours", "30 min")
TIMES = ("0:05", "08:00", "9:30", "12:00", "14:30", "23:59")
PHONES = (
    "+420 601 000 111", "601000111", "(0601) 000-111", "(02) 555-12", "00420 777 1", "12",
    "call reception", "601 000 111 ext. 5", "420 601 000 111", "00420601000111", "+48 601 000 111",
)  # fmt: skip
CHANNELS = ("call", "email", "meeting", "fair")
STAGES = ("lead", "offer", "won", "lost")
CHOICE_WORDS = {
    "kind": ("individual", "organization", "group"),
    "status": ("lead", "prospect", "client", "dormant", "lost", "do-not-contact", "partner"),
    "visibility": ("public", "private"),
    "interactions.channel": (*CHANNELS, "letter"),
    "interactions.direction": ("in", "out"),
    "milestones.repeat": ("yearly",),
    "deals.stage": (*STAGES, "negotiation"),
    "class": ("A", "B", "C"),
}
SETTINGS = """\
me: jana
channels: [fair]
statuses: [partner]
fields:
  {club: text, seats: number, renewal: date, budget: money, hobbies: list, vip: yes-no, page: url,
   mentor: contact}
"""


# --- address books --------------------------------------------------------------------------------


@dataclass
class Folder:
    """Texts by path; `broken` come in the place of good ones later, `fresh` were never good."""

    settings: str
    texts: dict[str, str] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)


def _some(*pools: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from([word for pool in pools for word in pool])


_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": _some(TEXT),
    "long": _some(LONG),
    "day": _some(DAYS),
    "span": _some(DAYS, VAGUE),
    "yearly": _some(YEARLY_DAYS),
    "money": _some(MONEY),
    "duration": _some(DURATIONS),
    "time": _some(TIMES),
    "phone": _some(PHONES),
    "flag": _some(("yes", "no")),
    "list": st.lists(_some(TEXT), max_size=3),
}
_SPECIAL: dict[str, st.SearchStrategy[Any]] = {
    "notes": _some(LONG),
    "language": _some(("cs", "en-GB", "pl")),
    "timezone": _some(("Europe/Prague", "UTC")),
    "photo": _some(("photos/eva.jpg", "https://x.cz/a")),
    "owner": _some(PEOPLE),
    "introduced_by": _some(IDS),
    "addresses.country": _some(("Česko", "PL", "Łódź")),
    "organization": _some(IDS, IDS, IDS, TEXT),
    "founded": _some(DAYS, VAGUE),
    "emails.value": _some(("eva@acme.cz", "Jan.Novak@x-y.example")),
    "urls.value": _some(("https://x.cz/a?b=c", "http://Łódź.example/web")),
    "profiles.value": _some(("https://x.cz/a?b=c",)),
    "emails.type": _some(TYPES), "phones.type": _some(TYPES), "urls.type": _some(TYPES),
    "related.contact": _some(IDS),
    "cadence.channels": st.lists(_some(CHANNELS), max_size=2),
    "follow_ups.owner": _some(PEOPLE),
    "follow_ups.remind": _some(SHORT_DURATIONS),
    "promises.by": _some(("", "them", *PEOPLE)),
    "revenue.year": _some(("2024", "2025", "2025", "2026")),
    "feedback.score": _some(("1", "3", "4.5", "5")),
    "interactions.by": _some(PEOPLE),
    "milestones.date": _some(DAYS, VAGUE, YEARLY_DAYS),
    "seats": _some(("0", "5", "12.5", "100")),
    "page": _some(("https://x.cz/a?b=c",)),
    "mentor": _some(IDS),
    "hobbies": st.lists(_some(TEXT), max_size=3),
    "x_any": st.recursive(
        _some(LONG), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(
            _some(("a", "b", "web")), inner, max_size=2), max_leaves=4,
    ),
    "x_Shoe": _some(TEXT),
}  # fmt: skip
_REQUIRED = {
    "emails": "value", "phones": "value", "urls": "value", "related": "contact", "cadence": "every",
    "revenue": "year amount", **dict.fromkeys(
        ("interactions", "follow_ups", "promises", "needs", "milestones", "feedback"), "date"),
}  # fmt: skip


def _value(name: str, form: str) -> st.SearchStrategy[Any]:
    if name in CHOICE_WORDS:
        return _some(CHOICE_WORDS[name])
    if name.endswith(".note"):
        return _some(LONG)
    if name.endswith(".id"):
        return _some(("one", "two"))
    return _SPECIAL[name] if name in _SPECIAL else _VALUES[form]


def _entry(table: str) -> st.SearchStrategy[Any]:
    fields = {name: _value(f"{table}.{name}", form) for name, form in ENTRIES[table].items()}
    needed = _REQUIRED.get(table, "").split()
    whole = st.fixed_dictionaries(
        {name: fields[name] for name in needed},
        optional={name: value for name, value in fields.items() if name not in needed},
    )
    if table in SHORT:
        return whole | fields[SHORT[table]]
    return whole


def _list(table: str) -> st.SearchStrategy[Any]:
    if table == "cadence":
        return _entry(table) | st.just("none")
    return st.lists(_entry(table), max_size=3)


_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    **{name: _value(name, "text") for name in (*TEXTS, "organization", *CHOICES) if name != "name"},
    **{name: _value(name, "list") for name in LISTS},
    **{name: _value(name, "yearly") for name in YEARLY},
    "founded": _value("founded", "span"),
    **{name: _list(name) for name in ENTRIES},
    **{name: _value(name, form) for name, form in OWN.items()},
}
# These tell more than others, so they come more often.
_USUAL = (
    "tags", "notes", "organization", "status", "owner", "interactions", "follow_ups", "promises",
    "deals", "revenue", "cadence", "phones", "emails", "visibility",
)  # fmt: skip
_NAMES = _some(tuple(_FIELDS), _USUAL, _USUAL)


@st.composite
def contacts(draw: st.DrawFn, fields: st.SearchStrategy[str] = _NAMES) -> str:
    """The text of a contact with some of these fields, its values in JSON, which is YAML, too."""
    names = draw(st.lists(fields, max_size=9, unique=True))
    lines = [f"name: {_json(draw(_some(TEXT)))}"]
    lines += [f"{name}: {_json(draw(_FIELDS[name]))}" for name in names]
    return "\n".join(lines) + "\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


BROKEN = ("folow_ups: []\n", "a: [\n", "birthday: soon\n", "visibility: private\nbirthday: x\n")


@st.composite
def folders(
    draw: st.DrawFn, fields: st.SearchStrategy[str] = _NAMES, more_settings: tuple[str, ...] = ("",)
) -> Folder:
    """Up to eight contacts, of which some break later; two may have one id."""
    money = draw(_some(("", "currency: CZK\n", "currency: EUR\n")))
    cadences = draw(
        _some(("", "cadences: {A: 1 week, B: 3 weeks, web: 2 weeks, client: 1 year}\n"))
    )
    overdue = draw(_some(("", "overdue: keep\n")))
    country = draw(_some(("", "country: CZ\n", "country: CZ\n", "country: pl\n")))
    folder = Folder(SETTINGS + money + cadences + overdue + country + draw(_some(more_settings)))
    paths = st.builds(lambda place, name: f"{place}{name}.yaml", _some(PLACES), _some(IDS))
    for path in draw(st.lists(paths, min_size=1, max_size=8, unique=True)):
        folder.texts[path] = draw(contacts(fields))
    for path in draw(st.lists(_some(tuple(folder.texts)), max_size=2, unique=True)):
        folder.broken[path] = folder.texts[path] + draw(_some(BROKEN))
    return folder


# --- questions ------------------------------------------------------------------------------------

ALIASES = {
    "tags": "tag", "organization": "org", "emails": "email", "phones": "phone", "urls": "url",
    "profiles": "profile", "addresses": "address", "nicknames": "nickname", "notes": "note",
    "interactions": "talk", "follow_ups": "follow-up", "promises": "promise", "needs": "need",
    "milestones": "milestone", "deals": "deal", "referrals": "referral",
}  # fmt: skip
_ASKED = (
    *TEXTS, "organization", *CHOICES, *LISTS, *YEARLY, "founded", *ENTRIES, *OWN, "id", "path",
    *(f"{table}.{name}" for table, names in ENTRIES.items() for name in names),
    *("last", "next", "overdue", "class", "turnover") * 6,
)  # fmt: skip
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZáłŁó0123456789+.&%'[]{};,")
RELATIVE = {
    "today": date(2026, 11, 22), "yesterday": date(2026, 11, 21), "tomorrow": date(2026, 11, 23),
    "sunday": date(2026, 11, 29), "monday": date(2026, 11, 23), "-3m": date(2026, 8, 22),
    "+2w": date(2026, 12, 6), "-1y": date(2025, 11, 22), "-6m": date(2026, 5, 22),
    "+9d": date(2026, 12, 1), "in 3 months": date(2027, 2, 22), "6 weeks ago": date(2026, 10, 11),
}  # fmt: skip


@st.composite
def called(draw: st.DrawFn, name: str) -> str:
    """The field, by one of the names that may be written."""
    head, dot, rest = name.partition(".")
    if head in ALIASES and draw(st.booleans()):
        head = ALIASES[head]
    elif draw(st.integers(0, 9)) == 0 and not name.startswith("x_"):
        head = head.upper()
    return head + dot + rest


@st.composite
def days(draw: st.DrawFn) -> Days:
    """A day, month, quarter or year, or one counted from today."""
    text = draw(_some(DAYS, VAGUE, VAGUE, tuple(RELATIVE)))
    if text in RELATIVE:
        return Days(text, RELATIVE[text], RELATIVE[text])
    found = parse_partial(text)
    return Days(text, found.first, found.last)


_MONTH_DAYS: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "--12-24": ((12, 24), (12, 24)), "--12": ((12, 1), (12, 31)), "--02": ((2, 1), (2, 31)),
    "--02-29": ((2, 29), (2, 29)), "--11": ((11, 1), (11, 31)), "--06-01": ((6, 1), (6, 1)),
}  # fmt: skip


@st.composite
def year_days(draw: st.DrawFn) -> YearDays:
    text = draw(_some(tuple(_MONTH_DAYS)))
    return YearDays(text, *_MONTH_DAYS[text])


@st.composite
def amounts(draw: st.DrawFn, form: str) -> Amount:
    if form == "number":
        text = draw(
            _some(("0", "1", "3", "4.5", "4,5", "5", "12.5", "100", "2024", "2025", "2026"))
        )
        number = float(text.replace(",", "."))
        return Amount(text, number, number)
    if form == "duration":
        text = draw(
            _some(("0", "1", "2", "7", "42", "90", "6w", "3m", "1y", "P3M", "10d", "6 weeks"))
        )
        length = float(text) if text.isdigit() else parse_duration(text).rough_days
        return Amount(text, length, length)
    figure, currency = draw(
        st.tuples(
            _some(("0", "100", "250.50", "120000", "80000", "-20")), _some(("", "EUR", "czk"))
        )
    )
    return Amount(figure + currency, float(figure), float(figure), currency.upper())


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    text = draw(_some(TIMES))
    clock = text.rjust(5, "0")
    return Clock(text, clock, clock)


def _simple(form: str) -> st.SearchStrategy[Any]:
    if form in ("day", "span", "yearly"):
        return days() if form == "day" else days() | year_days()
    return clocks() if form == "time" else amounts(form)


def _is_unquoted(value: Value) -> bool:
    return not any(letter.isspace() for letter in value.text)


@st.composite
def ranges(draw: st.DrawFn, form: str) -> Value:
    """From one value to another, or open at one end; the smaller one comes first."""
    simple = _simple(form).filter(_is_unquoted)
    low = draw(simple)
    high = draw(simple.filter(lambda other: _fits(low, other)))
    low, high = sorted((low, high), key=_begin)
    ends = draw(_some(("both", "low", "high")))
    kind = type(low)
    begin: tuple[str, Any] = (low.text, _begin(low)) if ends != "high" else ("", None)
    end: tuple[str, Any] = (high.text, _end(high)) if ends != "low" else ("", None)
    more = {"currency": low.currency if ends != "high" else high.currency} if kind is Amount else {}
    if ends == "both" and begin[1] > end[1]:
        return low  # type: ignore[no-any-return]
    return kind(f"{begin[0]}..{end[0]}", begin[1], end[1], **more)  # type: ignore[no-any-return]


def _fits(one: Any, other: Any) -> bool:
    same = getattr(one, "currency", "") == getattr(other, "currency", "")
    return type(one) is type(other) and same


def _begin(value: Any) -> Any:
    return value.first if isinstance(value, (Days, YearDays)) else value.low


def _end(value: Any) -> Any:
    return value.last if isinstance(value, (Days, YearDays)) else value.high


@st.composite
def comparisons(draw: st.DrawFn, name: str, form: str) -> tuple[str, Value]:
    """A sign and a value that a field of this form takes."""
    if form == "flag":
        yes = draw(st.booleans())
        return draw(_some((":", "="))), YesNo(draw(_some(_SAID[yes])), yes)
    if form == "choice":
        word = draw(_some(CHOICE_WORDS[name]))
        if draw(st.booleans()):
            return "=", Words(draw(_some((word, word.upper()))))
        return ":", Words(word[draw(st.integers(0, 2)) :] or word)
    if form in ("text", "list", "phone"):
        return draw(_some((":", ":", "="))), Words(draw(_some(SOUGHT, TEXT).filter(_can_be_quoted)))
    if draw(st.integers(0, 2)) == 0:
        value = draw(ranges(form))
        return draw(_some((":", "="))), value
    return draw(_some((":", "=", *SIGNS))), draw(_simple(form))


_SAID = {True: ("yes", "true", "YES"), False: ("no", "false")}


def _can_be_quoted(text: str) -> bool:
    return '"' not in text and "\n" not in text


@st.composite
def terms(draw: st.DrawFn, table: str = "") -> Tree:
    """One condition; within a group, on the fields of its entries."""
    name = draw(_some(tuple(ENTRIES[table]) if table else _ASKED))
    full = f"{table}.{name}" if table else name
    form = form_of(full)
    named = name if table else draw(called(name))
    what = draw(st.integers(0, 9))
    if what == 0:
        return Missing(name, named)
    if what == 1 and not table:
        return Has(name, named)
    if form == "entries":
        return Term(name, ":", Words(draw(_some(SOUGHT).filter(_can_be_quoted))), named)
    sign, value = draw(comparisons(full, form))
    if sign in SIGNS and draw(st.booleans()):
        sign = f" {sign} "
    return Term(name, sign, value, named)


_STATES = (
    "overdue", "due", "private", "public", "broken", "person", "company", "individual",
    "organization", "group", "client", "lost", "partner",
)  # fmt: skip
_SAID_WORDS = ("or", "and", "not")
_WORDS = (
    _some(SOUGHT, TEXT)
    .filter(_can_be_quoted)
    .map(
        lambda text: Word(
            text, bool(text) and set(text) <= _BARE and text.lower() not in _SAID_WORDS
        )
    )
)


def _joined(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Not, inner, st.booleans()), st.builds(All, several, st.booleans()),
        st.builds(Either, several),
    )  # fmt: skip


_GROUPS = st.sampled_from(list(ENTRIES)).flatmap(
    lambda table: st.builds(
        Group, st.just(table), st.recursive(terms(table) | _WORDS, _joined, max_leaves=3)
    )
)
QUESTIONS: st.SearchStrategy[Tree] = st.recursive(
    st.one_of(
        terms(), terms(), terms(), _WORDS, _WORDS, _GROUPS, st.builds(Is, _some(_STATES)),
        st.builds(AnyText, _some(SOUGHT).filter(_can_be_quoted).filter(bool)),
    ),
    _joined, max_leaves=5,
)  # fmt: skip


@st.composite
def orders(draw: st.DrawFn) -> tuple[str, bool]:
    """A field to sort by, and whether the largest comes first."""
    name = draw(_some(_ASKED).filter(lambda name: form_of(name) != "entries"))
    return name, draw(st.booleans())
