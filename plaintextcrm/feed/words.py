"""What an event says: the values of its templates, in the feed's language.

Of an anonymous feed all that a person wrote is left out here, before any template sees it.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from unicodedata import normalize

from plaintextcrm.book.answers import ReminderRow
from plaintextcrm.model import reference
from plaintextcrm.model.languages import LANGUAGES, Language, put
from plaintextcrm.model.settings import CHANNELS, FeedSettings
from plaintextcrm.model.template import fill
from plaintextcrm.model.titles import about, title, what_it_is, who

TITLE_LENGTH = 200  # characters; one endless note must not push everybody else out of the feed
NOTE_LENGTH = 2000
VALUE_LENGTH = 120
PROMISES_SHOWN = 3
LONGEST = 6000  # characters of a description, which a template may fill more than once

SUMMARY = "$title[ ($year)]"
DESCRIPTION = """\
$whole_note

$who
$phone
$email
$years

$promises

$talks

$command"""

_PLAIN = re.compile(
    r"[\w@+][\w@+.-]*"
)  # such a word needs no quotes in a terminal, and is no option
_NO_OWN_WORDS = ("win-back",)  # kinds whose `action` a person wrote


class Brief(NamedTuple):
    """What to know before a talk, as `book/rows.py` has it."""

    talks: Sequence[tuple[str, str, str]]
    promises: Sequence[tuple[str, bool, str]]
    phone: str
    email: str


NO_BRIEF = Brief((), (), "", "")


class Told(NamedTuple):
    """A reminder to tell of. `coming` is its next day; `detailed`: with all that is known."""

    row: ReminderRow
    coming: date
    detailed: bool


def texts_of(told: Told, brief: Brief, feed: FeedSettings) -> tuple[str, str]:
    """The title and the description. The latter ends with the file, unless that would tell who it is:
    two events never look alike, and a broken file is known by it.
    """
    values = _anonymous(told.row, feed) if feed.anonymous else _values(told, brief, feed)
    summary = one_line(fill(feed.summary or SUMMARY, values)) or values["title"]
    description = cut(fill(feed.description or DESCRIPTION, values), LONGEST)
    if feed.anonymous:
        mark = "" if values["command"] in description else values["command"]
        return cut(summary, TITLE_LENGTH + 20), "\n".join(filter(None, (description, mark)))
    path = told.row.path if not told.detailed or feed.description else f"\n{told.row.path}"
    return cut(summary, TITLE_LENGTH + 20), "\n".join(filter(None, (description, path)))


def one_line(text: str) -> str:
    """The text with single blanks between its words."""
    return " ".join(text.split())


def cut(text: str, length: int) -> str:
    """The text, shortened to so many characters where it is longer."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _values(told: Told, brief: Brief, feed: FeedSettings) -> dict[str, str]:
    row, words = told.row, LANGUAGES[feed.language]
    person = one_line(who(row.name, row.organization))
    years = what_it_is(row.kind, row.year, told.coming, feed.language) if row.month else ""
    note = about(row.kind, row.note, row.action, feed.language)
    promises = [_promise(words, *it) for it in brief.promises if not _is_this(row, *it)]
    return {
        "title": cut(title(row.kind, person, row.note, row.action, feed.language), TITLE_LENGTH),
        "who": cut(person, TITLE_LENGTH),
        "name": cut(one_line(row.name), TITLE_LENGTH),
        "organization": cut(one_line(row.organization), TITLE_LENGTH),
        "kind": words.kinds[row.kind],
        "note": cut(one_line(note), VALUE_LENGTH),
        "whole_note": _whole(note) if told.detailed else "",
        "year": str(row.year) if row.month and row.year and row.kind != "nameday" else "",
        "years": f"{told.coming.isoformat()}: {years}" if years and told.detailed else "",
        "phone": cut(one_line(brief.phone), VALUE_LENGTH),
        "email": cut(one_line(brief.email), VALUE_LENGTH),
        "promises": "\n".join(promises[:PROMISES_SHOWN]),
        "talks": "\n".join(_talk(words, *talk) for talk in brief.talks),
        "command": _command(row, words, anonymous=False),
    }


def _anonymous(row: ReminderRow, feed: FeedSettings) -> dict[str, str]:
    """Initials, what kind of reminder it is, and a command that only who has the files can use."""
    words = LANGUAGES[feed.language]
    person = initials(row.name)
    action = "" if row.kind in _NO_OWN_WORDS else row.action
    return {
        "title": title(row.kind, person, "", action, feed.language),
        "who": person,
        "name": person,
        "organization": "",
        "kind": words.kinds[row.kind],
        "note": "",
        "whole_note": "",
        "year": "",
        "years": "",
        "phone": "",
        "email": "",
        "promises": "",
        "talks": "",
        "command": _command(row, words, anonymous=True),
    }


def initials(name: str) -> str:
    """`E. M.`: the first letter of each word, of the first three."""
    words = (normalize("NFC", word) for word in name.split())
    letters = (next((sign for sign in word if sign.isalpha()), "") for word in words)
    found = [f"{letter.upper()}." for letter in letters if letter]
    return " ".join(found[:3]) or "…"


def command_of(row: ReminderRow, anonymous: bool) -> tuple[str, ...]:
    """What closes the reminder, as words behind `pcrm`; `show` for what comes back every year.

    The contact is named by its id where that is plain, the entry by its short name: numbers shift,
    and words of a person have no place in a command that is copied to a terminal.
    """
    plain = not anonymous and _PLAIN.fullmatch(row.contact)
    contact = row.contact if plain else reference.of_contact(row.uid)
    if row.kind == "keep-in-touch":
        own = not anonymous and _PLAIN.fullmatch(row.action)
        return "log", contact, row.action if own or row.action in CHANNELS else "call"
    if row.month:
        return "show", contact
    return "done", contact, reference.of_entry(row.uid)


def _command(row: ReminderRow, words: Language, *, anonymous: bool) -> str:
    command = command_of(row, anonymous)
    label = {"done": words.done, "log": words.afterwards, "show": words.more}[command[0]]
    return f"{label}: pcrm {' '.join(command)}"


def _whole(note: str) -> str:
    """A note that is too long for a title, as it was written."""
    return cut(note, NOTE_LENGTH) if len(note) > VALUE_LENGTH or "\n" in note.strip() else ""


def _is_this(row: ReminderRow, day: str, theirs: bool, note: str) -> bool:
    """True for the promise that the event itself is about."""
    return row.kind == "promise" and note == one_line(row.note)


def _promise(words: Language, day: str, theirs: bool, note: str) -> str:
    head = put(words.they_promised if theirs else words.we_promised, day)
    return f"{head}: {cut(note, VALUE_LENGTH)}"


def _talk(words: Language, day: str, channel: str, note: str) -> str:
    spoken = f"{day} {words.channels.get(channel, channel)}" if channel else day
    return f"{spoken}: {cut(note, VALUE_LENGTH)}" if note else spoken
