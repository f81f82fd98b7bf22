"""One file in the making: who writes about whom, and on what day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from benchmarks.people.hand import Hand, Item, new_hand
from benchmarks.people.roster import Contact, Roster
from benchmarks.people.words import Dice, Words

STATUSES = (
    *("client",) * 8, *("prospect", "lead", "dormant") * 3, "lost", "lost", "do-not-contact", "",
)  # fmt: skip
US = ("jana", "petr")


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
