"""Make address books of any size to measure with: the same arguments, the same bytes.

The words come from `words/*.toml`, one file per language.
"""

from __future__ import annotations

import argparse
import random
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
Pairs = list[tuple[str, str]]

TODAY = date(2026, 11, 22)
SHELF_SIZE = 180  # contacts in one folder
SHORTEST, LONGEST = 1120, 2680  # characters of a file; letters with diacritics take two bytes

SETTINGS = """\
# The address book of a made-up studio, written by benchmarks/people.py.
timezone: Europe/Prague
currency: CZK
country: CZ
me: jana
people: [jana, petr]

# How often we want to be in touch: by tag, status or class.
cadences:
  vip: 4 weeks
  partner: 3 months
  client: 2 months
  prospect: 6 weeks
  dormant: 1 year
  A: 1 month
  B: 3 months
  C: 6 months

lost_reasons: [price, timing, competitor, no budget, no answer]
lead: 2 weeks
overdue: roll
"""

SHELVES = (
    "klienti", "brno", "praha", "dodavatele", "konference", "slovensko", "polska", "partneri",
    "skoly", "gastro", "obce", "vinari", "ostrava", "reklama", "stavby", "neziskovky", "knihovny",
    "lekari", "architekti", "media", "doporuceni", "veletrh-2024", "veletrh-2025", "sousede",
    "remesla", "hotely", "doprava", "kultura", "sport", "archiv",
)  # fmt: skip
CHANNELS = (
    *("call", "email") * 3, *("meeting", "message") * 2, "video", "event", "social", "letter",
)  # fmt: skip
STATUSES = (
    *("client",) * 8, *("prospect", "lead", "dormant") * 3, "lost", "lost", "do-not-contact", "",
)  # fmt: skip
CADENCES = (
    "6 weeks", "3 months", "90 days", "1 year", "2 months", "6 months", "4 weeks", "6w", "3m",
    "90d", "1y", "P3M", "P6W", "10 weeks", "45 days",
)  # fmt: skip
TIMES = ("08:30", "09:00", "10:15", "11:00", "13:30", "14:30", "15:45", "16:00")
TIMES_AT_CLOCK_CHANGE = ("01:30", "02:00", "02:30", "03:00", *TIMES)
CLOCK_CHANGES = (date(2027, 3, 28), date(2026, 10, 25))
FREE_MAIL = ("posta.example", "mail.example", "schranka.example", "poczta.example")
LOST_REASONS = (*("price", "competitor") * 2, "timing", "no budget", "no answer")
COFFEES = ("espresso", "latte", "☕☕", "bez kofeinu")
US = ("jana", "petr")


class Dice:
    """All chance of one run; it repeats, for it comes from one seed."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self.roll = rng.random
        self.bits = rng.getrandbits

    def chance(self, share: float) -> bool:
        return self.roll() < share

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self.roll() * len(items))]

    def number(self, low: int, high: int) -> int:
        """A whole number; both ends may come."""
        return low + int(self.roll() * (high - low + 1))

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return [item for _, _, item in sorted((self.roll(), i, x) for i, x in enumerate(items))]

    def digits(self, mask: str) -> str:
        """The mask with each `#` a digit, and each `%` one from 2 to 8."""
        if "%" in mask:
            mask = mask.replace("%", str(self.number(2, 8)))
        while "#" in mask:
            mask = mask.replace("#", str(self.number(0, 9)), 1)
        return mask

    def uuid(self) -> str:
        text = f"{self.bits(128):032x}"
        variant = "89ab"[int(text[16], 16) % 4]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What one language gives: names, places and pieces of sentences. `{}` takes a topic."""

    code: str
    country: str
    zone: str
    money: str
    phones: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    prefixes: tuple[str, ...]
    towns: tuple[str, ...]
    streets: tuple[str, ...]
    firms: tuple[str, ...]
    brands: tuple[str, ...]
    forms: tuple[str, ...]
    jobs: tuple[str, ...]
    departments: tuple[str, ...]
    topics: tuple[str, ...]
    talks: tuple[str, ...]
    ends: tuple[str, ...]
    shorts: tuple[str, ...]
    tasks: tuple[str, ...]
    promises: tuple[str, ...]
    needs: tuple[str, ...]
    reasons: tuple[str, ...]
    facts: tuple[str, ...]
    company_facts: tuple[str, ...]
    anniversaries: tuple[str, ...]
    milestones: tuple[str, ...]
    tags: tuple[str, ...]
    sources: tuple[str, ...]
    rivals: tuple[str, ...]
    comments: tuple[str, ...]
    asides: tuple[str, ...]


def load_words(code: str) -> Words:
    path = Path(__file__).with_name("words") / f"{code}.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    frozen: dict[str, Any] = {
        key: tuple(v) if isinstance(v, list) else v for key, v in table.items()
    }
    if unknown := frozen.keys() - {item.name for item in fields(Words)}:
        raise ValueError(f"{path}: unknown: {', '.join(sorted(unknown))}")
    return Words(code=code, **frozen)


# --- who there is -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One line of the roster: enough for others to refer to it."""

    index: int
    id: str
    name: str
    words: Words
    is_firm: bool
    given: str = ""
    family: str = ""
    called: str = ""
    nameday: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody in the book, and the organizations of each language in the same order."""

    contacts: list[Contact] = field(default_factory=list)
    firms: dict[str, list[Contact]] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)

    def free_id(self, name: str) -> str:
        """The name's slug; with the next number when it is taken."""
        base = slug(name)
        number = self.taken.get(base, 0) + 1
        while number > 1 and f"{base}-{number}" in self.taken:
            number += 1
        self.taken[base] = number
        if number == 1:
            return base
        self.taken[f"{base}-{number}"] = 1
        return f"{base}-{number}"

    def add(self, contact: Contact) -> None:
        self.contacts.append(contact)
        if contact.is_firm:
            self.firms.setdefault(contact.words.code, []).append(contact)


LETTERS = str.maketrans({"ł": "l", "Ł": "L", "'": None, "’": None})
NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")


def slug(name: str) -> str:
    """The name in ASCII, as one would name a file."""
    plain = unicodedata.normalize("NFKD", name.translate(LETTERS)).encode("ascii", "ignore")
    return NOT_IN_SLUG.sub("-", plain.decode().lower()).strip("-")


def call_the_roll(dice: Dice, count: int) -> Roster:
    czech, slovak, polish, english = (load_words(code) for code in ("cs", "sk", "pl", "en"))
    languages = (czech,) * 11 + (slovak,) * 3 + (polish,) * 4 + (english,) * 2
    roster = Roster()
    for index in range(count):
        make = firm if dice.chance(1 / 6) else person
        roster.add(make(dice, roster, index, dice.pick(languages)))
    return roster


def firm(dice: Dice, roster: Roster, index: int, words: Words) -> Contact:
    brand = dice.pick(words.brands)
    if dice.chance(0.4):
        brand = dice.pick(words.surnames).split(" ")[0]
    parts = [dice.pick(words.firms), brand]
    if words.code == "en":
        parts.reverse()
    name = " ".join(parts)
    full = f"{name} {dice.pick(words.forms)}".rstrip()
    return Contact(
        index=index, id=roster.free_id(name), name=full, words=words, is_firm=True, called=brand
    )


def person(dice: Dice, roster: Roster, index: int, words: Words) -> Contact:
    sex = dice.number(0, 1)
    given, called, *days = dice.pick((words.men, words.women)[sex]).split(" ")
    family = dice.pick(words.surnames).split(" ")[sex]
    name = f"{given} {family}"
    return Contact(
        index=index,
        id=roster.free_id(name),
        name=name,
        words=words,
        is_firm=False,
        given=given,
        family=family,
        called=called,
        nameday=days[0] if days else "",
    )


# --- how somebody writes YAML -------------------------------------------------------------------


class Entry(NamedTuple):
    """One mapping of a list, and a comment behind it."""

    pairs: Pairs
    aside: str = ""


Item = str | Entry

NOT_FIRST = "?:,[]{}#&*!|>'\"%@`=<~ "
IN_FLOW = re.compile(r"[,\[\]{}]")


def is_plain(text: str) -> bool:
    """Whether YAML takes the text without quotes, outside of brackets.

    Plain tests of strings: this is asked eighty times for each contact.
    """
    if text[:1] in NOT_FIRST or text[-1:] in ": " or text[2:3] == ":":
        return False
    return ": " not in text and " #" not in text and text[:2] != "- "


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """The habits of one writer of YAML; they hold for a whole file."""

    quote: str  # "'" or '"'
    quotes_all: bool  # also where YAML would not ask for it
    longest_flow: int  # entries with so many keys go on one line: {date: …, note: …}
    flow_lists: bool  # tags: [a, b]
    indent: str  # before the dash of a list
    folds: bool  # long notes of entries on several lines
    notes: str  # ">", ">-", "|", '"' or "" for plain
    blanks: bool  # an empty line between sections
    comments: float  # share of sections with a comment

    def scalar(self, text: str, in_flow: bool = False) -> str:
        """The text as YAML, quoted when it must be or when the writer likes it."""
        plain = is_plain(text) and not (in_flow and IN_FLOW.search(text))
        if plain and not (self.quotes_all and " " in text):
            return text
        if text[2:3] == ":" or self.quote == '"':
            return double_quoted(text)
        return "'" + text.replace("'", "''") + "'"

    def line(self, key: str, text: str) -> str:
        return f"{key}: {self.scalar(text)}\n"

    def flow(self, entry: Entry) -> str:
        """One mapping in braces, on two lines when it is long."""
        parts = [f"{key}: {self.scalar(text, True)}" for key, text in entry.pairs]
        whole = ", ".join(parts)
        if len(whole) > 100 and self.folds:
            whole = f"{', '.join(parts[:-1])},\n{self.indent}    {parts[-1]}"
        return "{" + whole + "}"

    def block(self, entry: Entry) -> str:
        """One mapping with a line for each key; the comment stands on the first line."""
        lines = [self.pair(key, text) for key, text in entry.pairs]
        lines[0] += entry.aside
        return f"\n{self.indent}  ".join(lines)

    def pair(self, key: str, text: str) -> str:
        if key == "note" and self.folds and len(text) > 72:
            start = f"\n{self.indent}    "
            return f"{key}: >-{start}{start.join(wrap(text, 70))}"
        return f"{key}: {self.scalar(text)}"

    def item(self, item: Item) -> str:
        if isinstance(item, str):
            return f"{self.indent}- {self.scalar(item)}\n"
        if len(item.pairs) <= self.longest_flow:
            return f"{self.indent}- {self.flow(item)}{item.aside}\n"
        return f"{self.indent}- {self.block(item)}\n"

    def listing(self, key: str, items: Sequence[Item]) -> str:
        """A whole list under its key; nothing when it is empty."""
        if not items:
            return ""
        texts = [item for item in items if isinstance(item, str)]
        if self.flow_lists and len(texts) == len(items):
            return f"{key}: [{', '.join(self.scalar(text, True) for text in texts)}]\n"
        return f"{key}:\n{''.join([self.item(item) for item in items])}"

    def long_text(self, key: str, sentences: Sequence[str]) -> str:
        text = " ".join(sentences)
        if self.notes == "|":
            return f"{key}: |\n  " + "\n  ".join(sentences) + "\n"
        if self.notes == '"':
            return f"{key}: {double_quoted(text)}\n"
        if self.notes or not is_plain(text):
            return f"{key}: {self.notes or '>'}\n  " + "\n  ".join(wrap(text, 88)) + "\n"
        return f"{key}: " + "\n  ".join(wrap(text, 80)) + "\n"


def double_quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most the width; textwrap does more and takes ten times as long."""
    lines = []
    while len(text) > width and (cut := text.rfind(" ", 1, width + 1)) > 0:
        lines.append(text[:cut])
        text = text[cut + 1 :]
    return [*lines, text]


def new_hand(dice: Dice) -> Hand:
    return Hand(
        quote=dice.pick(('"', '"', "'")),
        quotes_all=dice.chance(0.2),
        longest_flow=dice.pick((0, 0, 3, 4, 4, 9)),
        flow_lists=dice.chance(0.7),
        indent=dice.pick(("  ", "  ", "")),
        folds=dice.chance(0.35),
        notes=dice.pick((">", ">-", "|", "|", '"', "")),
        blanks=dice.chance(0.5),
        comments=dice.pick((0.0, 0.1, 0.2, 0.3)),
    )


# --- what is said about somebody ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One file in the making: who it is about, who writes it, and what day it is."""

    dice: Dice
    hand: Hand
    roster: Roster
    contact: Contact
    today: date
    status: str
    employer: Contact | None

    @property
    def words(self) -> Words:
        return self.contact.words

    def on(self, offset: int) -> date:
        """The day so many days from today, within the calendar."""
        ordinal = self.today.toordinal() + offset
        return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))

    def day(self, offset: int) -> str:
        return self.on(offset).isoformat()

    def past(self, offset: int) -> str:
        """A day from the one with this offset up to today."""
        return self.day(self.dice.number(offset, 0))

    def vague_day(self, offset: int) -> str:
        """The day, or only its month, quarter or year."""
        day = self.on(offset)
        form = self.dice.number(0, 9)
        if form < 4:
            return day.isoformat()
        if form < 7:
            return f"{day.year:04}-{day.month:02}"
        return f"{day.year:04}" if form == 9 else f"{day.year:04}-Q{(day.month + 2) // 3}"

    def fill(self, template: str) -> str:
        """The template with a topic and a number where it wants them."""
        if "{}" in template:
            template = template.replace("{}", self.dice.pick(self.words.topics))
        if "{n}" in template:
            template = template.replace("{n}", str(self.dice.number(2, 30)))
        return template

    def one_of(self, templates: Sequence[str]) -> str:
        return self.fill(self.dice.pick(templates))

    def talk(self) -> str:
        dice, words = self.dice, self.words
        if dice.chance(0.12):
            return self.one_of(words.shorts)
        text = self.one_of(words.talks)
        for _ in range(dice.pick((0, 1, 1, 1, 2))):
            text += dice.pick((", ", ", ", "; ", " – ")) + self.one_of(words.ends)
        return text + "." if dice.chance(0.3) else text

    def money(self, amount: int) -> str:
        if self.words.code == "cs" and self.dice.chance(0.3):
            return str(amount)
        return f"{amount} {self.words.money}"

    def amount(self, scale: int) -> int:
        """Many small sums and a few very large ones."""
        factor = min(float((1 - self.dice.roll()) ** -0.8), 60.0)
        return round(scale * factor / 100 + 1) * 100

    def somebody(self) -> str:
        """The id of another contact, near this one in the roster; empty if there is none."""
        contacts, index = self.roster.contacts, self.contact.index
        low, high = max(0, index - 300), min(len(contacts) - 1, index + 300)
        other = self.dice.number(low, high)
        if other == index:
            other = low if index != low else high
        return contacts[other].id if other != index else ""

    def aside(self, share: float = 0.06) -> str:
        if self.hand.comments and self.dice.chance(share):
            return f"  # {self.dice.pick(self.words.asides)}"
        return ""

    def heading(self) -> str:
        """What stands above a section: perhaps an empty line, perhaps a comment."""
        blank = "\n" if self.hand.blanks else ""
        if self.dice.chance(self.hand.comments):
            return f"{blank}# {self.dice.pick(self.words.comments)}\n"
        return blank

    def line(self, key: str, text: str) -> str:
        """One `key: text` with perhaps a comment behind it; nothing without a text."""
        if not text:
            return ""
        return self.hand.line(key, text)[:-1] + self.aside() + "\n"

    def section(self, key: str, items: Sequence[Item]) -> str:
        return self.heading() + self.hand.listing(key, items) if items else ""


def turn_page(dice: Dice, roster: Roster, contact: Contact, today: date) -> Page:
    return Page(
        dice=dice,
        hand=new_hand(dice),
        roster=roster,
        contact=contact,
        today=today,
        status=dice.pick(STATUSES),
        employer=employer(dice, roster, contact),
    )


def employer(dice: Dice, roster: Roster, contact: Contact) -> Contact | None:
    """An organization of the same language, near the person in the roster."""
    firms = roster.firms.get(contact.words.code)
    if contact.is_firm or not firms or not dice.chance(0.7):
        return None
    middle = contact.index * len(firms) // len(roster.contacts)
    return firms[min(max(middle + dice.number(-4, 4), 0), len(firms) - 1)]


def identity(page: Page) -> str:
    contact = page.contact
    first = f"# {page.dice.pick(page.words.comments)}\n" if page.hand.comments > 0.2 else ""
    return "".join(
        (
            first,
            page.line("name", contact.name),
            page.line("kind", "organization" if contact.is_firm else individual(page)),
            name_parts(page),
            page.line("language", page.words.code if page.dice.chance(0.4) else ""),
            page.line("timezone", page.words.zone if page.dice.chance(0.1) else ""),
        )
    )


def individual(page: Page) -> str:
    return "individual" if page.dice.chance(0.1) else ""


def name_parts(page: Page) -> str:
    contact, dice = page.contact, page.dice
    if contact.is_firm:
        return page.hand.listing("nicknames", [contact.called]) if dice.chance(0.2) else ""
    text = ""
    if dice.chance(0.6):
        text = page.line("given_name", contact.given) + page.line("family_name", contact.family)
    if dice.chance(0.15):
        text += page.line("prefix", dice.pick(page.words.prefixes))
    if dice.chance(0.1):
        text += page.hand.listing("nicknames", [contact.given[:3]])
    return text + page.line("salutation", contact.called if dice.chance(0.5) else "")


def work(page: Page) -> str:
    if page.contact.is_firm:
        return company_numbers(page)
    dice, words = page.dice, page.words
    if page.employer:
        place = page.employer.id
    else:
        place = f"{dice.pick(words.firms)} {dice.pick(words.surnames).split(' ')[0]}"
        if dice.chance(0.6):
            return page.line("title", dice.pick(words.jobs))
    department = page.line("department", dice.pick(words.departments) if dice.chance(0.25) else "")
    return page.line("organization", place) + department + page.line("title", dice.pick(words.jobs))


def company_numbers(page: Page) -> str:
    dice, code = page.dice, page.words.code
    if not dice.chance(0.8):
        return ""
    number = dice.digits({"pl": "0000######", "en": "0#######"}.get(code, "#######"))
    if code in ("cs", "sk"):
        number += check_digit(number)
    vat = f"CZ{number}" if code == "cs" and dice.chance(0.7) else ""
    return page.line("company_id", number) + page.line("vat_id", vat)


def check_digit(digits: str) -> str:
    """The eighth digit of a Czech or Slovak company number."""
    total = sum((8 - place) * int(digit) for place, digit in enumerate(digits))
    return str((11 - total % 11) % 10)


def reach(page: Page) -> str:
    hand, dice = page.hand, page.dice
    text = hand.listing("emails", emails(page)) if dice.chance(0.92) else ""
    if dice.chance(0.88):
        text += hand.listing("phones", phones(page))
    if dice.chance(0.7 if page.contact.is_firm else 0.1):
        text += hand.listing("urls", [f"https://www.{page.contact.id}.example"])
    if dice.chance(0.08):
        text += hand.listing("profiles", [profile(page)])
    if dice.chance(0.8 if page.contact.is_firm else 0.2):
        text += hand.listing("addresses", [address(page)])
    return text


def emails(page: Page) -> list[Item]:
    contact, dice = page.contact, page.dice
    if contact.is_firm:
        boxes = dice.pick((("info",), ("info", "faktury"), ("office",)))
        return [f"{box}@{contact.id}.example" for box in boxes]
    domain = f"{page.employer.id}.example" if page.employer else dice.pick(FREE_MAIL)
    first = f"{contact.id.replace('-', '.')}@{domain}"
    if dice.chance(0.75):
        return [first]
    second = f"{contact.id}@{dice.pick(FREE_MAIL)}"
    if dice.chance(0.4):
        return [first, second]
    preferred = Entry([("value", first), ("type", "work"), ("preferred", "true")], page.aside())
    return [preferred, Entry([("value", second), ("type", "home")])]


def phones(page: Page) -> list[Item]:
    dice = page.dice
    number = dice.digits(dice.pick(page.words.phones))
    if dice.chance(0.7):
        return [number]
    first = Entry([("value", number), ("type", dice.pick(("mobile", "work")))], page.aside(0.15))
    if dice.chance(0.5):
        return [first]
    return [first, Entry([("value", dice.digits(dice.pick(page.words.phones))), ("type", "home")])]


def profile(page: Page) -> Item:
    if page.dice.chance(0.5):
        return f"https://social.example/@{page.contact.id}"
    return Entry([("service", "Mastodon"), ("user", page.contact.id.replace("-", "_"))])


def address(page: Page) -> Item:
    dice, words = page.dice, page.words
    postcode, town = dice.pick(words.towns).split("|")
    number, street = dice.number(1, 180), dice.pick(words.streets)
    road = f"{number} {street}" if words.code == "en" else f"{street} {number}"
    pairs = [("street", road), ("locality", town), ("postcode", postcode)]
    if dice.chance(0.7):
        pairs.append(("country", words.country))
    return Entry(pairs, page.aside())


def special_days(page: Page) -> str:
    contact, dice = page.contact, page.dice
    if contact.is_firm:
        return page.line("founded", page.day(-dice.number(300, 12000)) if dice.chance(0.5) else "")
    text = page.line("birthday", birthday(page)) if dice.chance(0.6) else ""
    if contact.nameday and dice.chance(0.4):
        text += page.line("nameday", f"--{contact.nameday}")
    if dice.chance(0.06):
        text += page.line("anniversary", page.day(-dice.number(200, 12000)))
    return text + page.line("died", page.past(-1500) if dice.chance(0.003) else "")


def birthday(page: Page) -> str:
    """A birthday with or without a year, now and then 29 February."""
    dice = page.dice
    year = dice.number(1938, 2005)
    if dice.chance(0.03):
        return "--02-29" if dice.chance(0.3) else f"{year // 4 * 4}-02-29"
    month_and_day = f"{dice.number(1, 12):02}-{dice.number(1, 28):02}"
    return f"--{month_and_day}" if dice.chance(0.15) else f"{year}-{month_and_day}"


def care(page: Page) -> str:
    dice, words = page.dice, page.words
    return "".join(
        (
            page.line("status", page.status),
            page.line("owner", dice.pick(US) if dice.chance(0.85) else ""),
            page.hand.listing("tags", tags(page)),
            page.line("source", dice.pick(words.sources) if dice.chance(0.3) else ""),
            page.line("introduced_by", introducer(page)),
            page.line("visibility", "private" if dice.chance(1 / 50) else ""),
            cadence(page) if dice.chance(0.85) else "",
            page.line("x_coffee", dice.pick(COFFEES) if dice.chance(0.04) else ""),
        )
    )


def tags(page: Page) -> list[Item]:
    count = page.dice.pick((0, 1, 1, 2, 2, 3, 4))
    return list(dict.fromkeys(page.dice.pick(page.words.tags) for _ in range(count)))


def introducer(page: Page) -> str:
    """Somebody from earlier in the roster, so that no circle arises."""
    index = page.contact.index
    if not index or not page.dice.chance(0.2):
        return ""
    return page.roster.contacts[page.dice.number(max(0, index - 400), index - 1)].id


def cadence(page: Page) -> str:
    dice = page.dice
    every = dice.pick(CADENCES)
    if dice.chance(0.85):
        return page.line("cadence", "none" if dice.chance(0.03) else every)
    pairs = [("every", every)]
    if dice.chance(0.6):
        pairs.append(("channels", dice.pick(("[call, meeting]", "[meeting]", "[call, video]"))))
    if dice.chance(0.4):
        pairs.append(("since", page.past(-700)))
    if dice.chance(0.2):
        pairs.append(("paused_until", page.day(dice.number(-30, 200))))
    if page.hand.longest_flow:
        return "cadence: {" + ", ".join(f"{key}: {text}" for key, text in pairs) + "}\n"
    return "cadence:\n" + "".join(f"  {key}: {text}\n" for key, text in pairs)


def notes(page: Page, size: int) -> str:
    """Some sentences about the contact; more of them when the file is short so far."""
    words = page.words
    known = page.dice.shuffled(words.company_facts if page.contact.is_firm else words.facts)
    wanted = page.dice.pick((0, 1, 2, 2, 3, 4))
    sentences: list[str] = []
    while len(sentences) < wanted or size < SHORTEST:
        fact = page.fill(known.pop()) if known else page.talk().rstrip(".") + "."
        size += len(fact)
        sentences.append(fact)
    return page.heading() + page.hand.long_text("notes", sentences) if sentences else ""


# --- lists of entries ---------------------------------------------------------------------------


def interactions(page: Page) -> list[Item]:
    """Talks with ever older dates; some people write the newest first, some last."""
    dice = page.dice
    count = 3 + int(13 * dice.roll() ** 1.3)
    pace = dice.number(5, 60)
    offset = -dice.number(0, 3 * pace)
    entries = []
    for _ in range(count):
        entries.append(interaction(page, offset))
        offset -= dice.number(1, 2 * pace)
    return entries if dice.chance(0.6) else entries[::-1]


def interaction(page: Page, offset: int) -> Item:
    dice = page.dice
    pairs = [("date", page.day(offset))]
    if dice.chance(0.08):
        pairs.append(("time", dice.pick(TIMES)))
    pairs.append(("channel", dice.pick(CHANNELS)))
    if dice.chance(0.12):
        pairs.append(("direction", dice.pick(("in", "out"))))
    if dice.chance(0.15):
        pairs.append(("by", dice.pick(US)))
    if dice.chance(0.05) and (other := page.somebody()):
        pairs.append(("with", other))
    if dice.chance(0.1):
        pairs.append(("mood", dice.pick(("good", "good", "neutral", "bad"))))
    pairs.append(("note", page.talk()))
    return Entry(pairs, page.aside(0.04))


def follow_ups(page: Page) -> list[Item]:
    return [follow_up(page) for _ in range(page.dice.pick((1, 1, 1, 2, 2, 3)))]


def follow_up(page: Page) -> Item:
    dice = page.dice
    offset = dice.number(-90, 120)
    times: tuple[str, ...] = TIMES if dice.chance(0.12) else ()
    if dice.chance(0.04):
        offset = (dice.pick(CLOCK_CHANGES) - page.today).days
        times = TIMES_AT_CLOCK_CHANGE
    pairs = [("date", page.day(offset))]
    if times:
        pairs.append(("time", dice.pick(times)))
    pairs.append(("note", page.one_of(page.words.tasks)))
    if dice.chance(0.15):
        pairs.append(("owner", dice.pick(US)))
    if dice.chance(0.05):
        pairs.append(("remind", dice.pick(("1 day", "2 days", "1 week"))))
    if offset <= 0 and dice.chance(0.75):
        pairs.append(("done", page.past(offset)))
    return Entry(pairs, page.aside())


def promises(page: Page) -> list[Item]:
    return [promise(page) for _ in range(page.dice.pick((1, 1, 2)))]


def promise(page: Page) -> Item:
    dice = page.dice
    made = -dice.number(5, 120)
    due = made + dice.number(4, 90)
    pairs = [("date", page.day(due)), ("note", page.one_of(page.words.promises))]
    if dice.chance(0.5):
        pairs.append(("by", dice.pick((*US, "them"))))
    if dice.chance(0.6):
        pairs.append(("made", page.day(made)))
    if dice.chance(0.7 if due < 0 else 0.15):
        pairs.append(("done", page.past(made)))
    return Entry(pairs, page.aside())


def needs(page: Page) -> list[Item]:
    return [need(page) for _ in range(page.dice.pick((1, 1, 1, 2)))]


def need(page: Page) -> Item:
    dice = page.dice
    offset = dice.number(-120, 700)
    pairs = [("date", page.vague_day(offset)), ("note", page.one_of(page.words.needs))]
    if dice.chance(0.6):
        pairs.append(("because", page.one_of(page.words.reasons)))
    if dice.chance(0.3):
        pairs.append(("lead", dice.pick(("2 weeks", "1 month", "6w", "10 days", "3m"))))
    if offset < -30 and dice.chance(0.6):
        pairs.append(("done", page.past(offset + 30)))
    return Entry(pairs, page.aside())


def milestones(page: Page) -> list[Item]:
    return [milestone(page) for _ in range(page.dice.pick((1, 1, 2)))]


def milestone(page: Page) -> Item:
    dice, words = page.dice, page.words
    offset = dice.number(-9000, 400)
    note = dice.pick(words.anniversaries if page.contact.is_firm else words.milestones)
    if dice.chance(0.6):
        pairs = [("date", page.day(offset)), ("note", note), ("repeat", "yearly")]
        return Entry(pairs, page.aside())
    return Entry([("date", page.vague_day(offset)), ("note", note)], page.aside())


def deals(page: Page) -> list[Item]:
    return [deal(page) for _ in range(page.dice.pick((1, 1, 2, 3)))]


def deal(page: Page) -> Item:
    """A deal: more often lost where the contact is."""
    dice = page.dice
    topic = dice.pick(page.words.topics)
    pairs = [("name", topic[0].upper() + topic[1:])]
    if dice.chance(0.8 if page.status == "lost" else 0.25):
        pairs += lost(page)
    elif dice.chance(0.5):
        pairs += [("stage", "won"), ("value", page.money(page.amount(9000)))]
        pairs.append(("closed", page.past(-900)))
    else:
        pairs += open_deal(page)
    if dice.chance(0.3):
        pairs.append(("note", page.one_of(page.words.ends)))
    return Entry(pairs, page.aside())


def open_deal(page: Page) -> Pairs:
    dice = page.dice
    return [
        ("stage", dice.pick(("lead", "offer", "negotiation"))),
        ("value", page.money(page.amount(12000))),
        ("date", page.vague_day(dice.number(-40, 240))),
    ]


def lost(page: Page) -> Pairs:
    dice = page.dice
    reason = dice.pick(LOST_REASONS)
    pairs = [("stage", "lost"), ("value", page.money(page.amount(10000)))]
    pairs += [("closed", page.past(-900)), ("reason", reason)]
    if reason == "competitor" or dice.chance(0.3):
        pairs.append(("competitor", dice.pick(page.words.rivals)))
    if dice.chance(0.6):
        pairs.append(("win_back", page.day(dice.number(-30, 500))))
    return pairs


def revenue(page: Page) -> list[Item]:
    """The turnover of the last years, only for those who buy or bought."""
    if page.status not in ("client", "dormant"):
        return []
    scale = page.amount(8000)
    items: list[Item] = []
    for back in range(1, min(page.dice.number(2, 4), page.today.year)):
        amount = page.money(scale * page.dice.number(40, 160) // 10000 * 100)
        items.append(Entry([("year", f"{page.today.year - back:04}"), ("amount", amount)]))
    return items


def referrals(page: Page) -> list[Item]:
    pairs = [("date", page.past(-500)), ("note", page.one_of(page.words.talks))]
    if page.dice.chance(0.6) and (other := page.somebody()):
        pairs.append(("to", other))
    return [Entry(pairs, page.aside())]


def feedback(page: Page) -> list[Item]:
    dice = page.dice
    pairs = [("date", page.past(-400)), ("about", dice.pick(page.words.topics))]
    if dice.chance(0.7):
        pairs.append(("score", str(dice.pick((1, 2, 3, 4, 4, 5, 5, 5)))))
        pairs.append(("note", page.one_of(page.words.ends)))
    return [Entry(pairs, page.aside())]


def related(page: Page) -> list[Item]:
    other = page.somebody()
    if page.contact.is_firm or not other:
        return []
    kind = page.dice.pick(("friend", "colleague", "spouse", "sibling", "neighbor"))
    return [Entry([("contact", other), ("type", kind)], page.aside(0.2))]


LISTS: tuple[tuple[str, float, Callable[[Page], list[Item]]], ...] = (
    ("follow_ups", 0.6, follow_ups),
    ("promises", 0.35, promises),
    ("needs", 0.35, needs),
    ("milestones", 0.3, milestones),
    ("deals", 0.4, deals),
    ("revenue", 0.8, revenue),
    ("referrals", 0.08, referrals),
    ("feedback", 0.1, feedback),
    ("related", 0.08, related),
)


# --- the files ----------------------------------------------------------------------------------


def contact_text(page: Page) -> str:
    """The whole file, between one and three kilobytes."""
    dice = page.dice
    uid = f"uid: {dice.uuid()}\n" if dice.chance(0.9) else ""
    start = identity(page)
    middle = [work(page), reach(page), special_days(page), care(page)]
    talks = page.section("interactions", interactions(page))
    size = len(start) + len(uid) + len(talks) + sum(map(len, middle))
    lists = list(some_lists(page, size))
    about = notes(page, size + sum(map(len, lists)))
    start, end = (start + uid, "") if dice.chance(0.7) else (start, uid)
    tail = [about, *lists, talks] if dice.chance(0.7) else [talks, *lists, about]
    text = "".join((start, *middle, *tail, end))
    return text[:-1] if dice.chance(0.02) else text


def some_lists(page: Page, size: int) -> Iterator[str]:
    """The other lists of entries, in any order, as long as the file stays short enough."""
    for key, share, make in page.dice.shuffled(LISTS):
        if page.dice.chance(share):
            text = page.section(key, make(page))
            if size + len(text) <= LONGEST - 250:  # room for the notes
                size += len(text)
                yield text


def shelf(index: int) -> str:
    """The subfolder for the contact with this index; the first ones lie in `contacts` itself."""
    number = index // SHELF_SIZE - 1
    if number < 0:
        return ""
    round_, place = divmod(number, len(SHELVES))
    return f"{SHELVES[place]}/{round_ + 1:02}" if round_ else SHELVES[place]


def generate(folder: Path, count: int, seed: int = 1, today: date = TODAY) -> None:
    """Write an address book with so many contacts; `folder/contacts` must not exist yet."""
    contacts = folder / "contacts"
    contacts.mkdir(parents=True)
    (folder / "plaintextcrm.yaml").write_bytes(SETTINGS.encode())
    dice = Dice(seed)
    roster = call_the_roll(dice, count)
    place = contacts
    for contact in roster.contacts:
        if contact.index % SHELF_SIZE == 0:
            place = contacts / shelf(contact.index)
            place.mkdir(parents=True, exist_ok=True)
        text = contact_text(turn_page(dice, roster, contact, today))
        with (place / f"{contact.id}.yaml").open("wb", buffering=0) as file:
            file.write(text.encode())


def main() -> None:
    parser = argparse.ArgumentParser(description="Write an address book to measure with.")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("count", type=int, metavar="COUNT")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--today", type=date.fromisoformat, default=TODAY, metavar="DATE")
    given = parser.parse_args()
    try:
        generate(given.folder, given.count, given.seed, given.today)
    except FileExistsError as error:
        parser.error(f"{error.filename} is there already")


if __name__ == "__main__":
    main()
