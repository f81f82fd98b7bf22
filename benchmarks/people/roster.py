"""Who is in the book: names and ids, before anything is said about anybody."""

import re
import unicodedata
from dataclasses import dataclass, field

from benchmarks.people.words import Dice, Words, load_words


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
