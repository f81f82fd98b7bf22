"""The files of an address book: the same arguments, the same bytes."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks.people.entries import LISTS, interactions
from benchmarks.people.page import Page, turn_page
from benchmarks.people.profile import LONGEST, care, identity, notes, reach, special_days, work
from benchmarks.people.roster import call_the_roll
from benchmarks.people.words import Dice

TODAY = date(2026, 11, 22)
SHELF_SIZE = 180  # contacts in one folder
SETTINGS = """\
# The address book of a made-up studio, written by benchmarks/people.
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
