"""An address book of a whole studio and feeds of every sort, full of what is hard on calendar programs.

540 made-up contacts, those of `hard.py`, and 10,000 texts of any Unicode characters in another
hundred. The same seed gives the same texts.
"""

import random
import re
from pathlib import Path

from benchmarks.people import generate

from . import hard

TEXTS = 10_000
PERSONS = 100  # who bear the texts
BEARERS = ("f0", "f1", "f2", "f3", "f4")  # the owners: one feed cannot hold so many texts
PEOPLE = 540

SETTINGS = """\
timezone: Europe/Prague
people: [jana, petr, hard, f0, f1, f2, f3, f4]
feeds:
  - {name: jana, owner: jana}
  - {name: petr, owner: petr, language: pl, alarm: 1 day, link: command}
  - {name: hard, owner: hard, language: cs, todo: yes}
  - {name: days, kinds: [birthday, nameday, anniversary], language: sk}
  - {name: public, owner: petr, anonymous: yes}
  - {name: own, owner: hard, summary: "$kind[ ($year)] – $name[: $note]", description: $command}
  - {name: f0, owner: f0}
  - {name: f1, owner: f1, language: cs}
  - {name: f2, owner: f2, summary: "$note · $who $note", description: "$note {0} %s $$note $title"}
  - {name: f3, owner: f3, summary: $title, description: $title}
  - {name: f4, owner: f4, language: pl, todo: yes}
"""
FEEDS = ("jana", "petr", "hard", "days", "public", "own", *BEARERS)
TASKS = ("hard-todo", "f4-todo")

NAME = "Žák 🎲"
# What has a meaning in iCalendar, in YAML, in templates or in a terminal.
SHARP = (
    "BEGIN:VEVENT", "END:VCALENDAR", "\\n", "\\", ";", ",", ":", '"', "\r\n", "\n ", "\t", "{0}",
    "{name.__class__}", "%s", "%(x)s", "$note", "${who}", "$$", "[", "]", "`id`", "$(id)",
)  # fmt: skip
# What a contact file may not hold, in whatever spelling: `check` says so.
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
RANGES = (
    (0x20, 0x7E), (0xA1, 0x17F), (0x300, 0x36F), (0x370, 0x52F), (0x590, 0x6FF), (0x900, 0x97F),
    (0x2000, 0x206F), (0x2190, 0x27BF), (0x3040, 0x30FF), (0x4E00, 0x9FFF), (0xE000, 0xE0FF),
    (0xFE00, 0xFE0F), (0xFF00, 0xFFEF), (0x1F300, 0x1FAFF), (0x0, 0x9F), (0xE0000, 0xE007F),
    (0x0, 0x10FFFF),
)  # fmt: skip


def write(folder: Path) -> None:
    """Write the address book."""
    generate(folder, PEOPLE)
    hard.write(folder, "owner: hard\n")
    (folder / "plaintextcrm.yaml").write_text(SETTINGS, encoding="utf-8")
    for number, notes in enumerate(notes_of_persons()):
        lines = [f"name: {NAME} {number}", f"owner: {BEARERS[number % 5]}", "follow_ups:"]
        for place, note in enumerate(notes):
            day = f"20{27 + place % 3}-{place % 12 + 1:02}-{number % 28 + 1:02}"
            lines.append(f"  - {{date: {day}, id: n{place}, note: {quoted(note)}}}")
        text = "\n".join(lines) + "\n"
        (folder / f"contacts/fuzz-{number}.yaml").write_text(text, encoding="utf-8")


def notes_of_persons() -> list[list[str]]:
    """The texts, those of each person together."""
    dice = random.Random(20261122)
    each = TEXTS // PERSONS
    return [[_text(dice) for _note in range(each)] for _person in range(PERSONS)]


def _text(dice: random.Random) -> str:
    """Words of one script each, with something sharp between."""
    words = []
    for _word in range(dice.randint(1, 3)):
        first, last = dice.choice(RANGES)
        words.append("".join(chr(dice.randint(first, last)) for _sign in range(dice.randint(1, 7))))
        if dice.random() < 0.3:
            words.append(dice.choice(SHARP))
    return _REFUSED.sub("", dice.choice(("", " ")).join(words))


def quoted(text: str) -> str:
    """The text as YAML in double quotes, so that no editor and no reader changes it on the way."""
    signs = (
        f"\\U{ord(sign):08x}" if sign in '"\\' or not sign.isalnum() else sign for sign in text
    )
    return f'"{"".join(signs)}"'
