"""What the book can be asked. All of it is SQL with parameters; no contact is parsed.

The answers live in rooms of their own, each imported when one of its names is asked for first: a
command needs two or three of them, and importing all takes longer than asking.
"""

from importlib import import_module
from typing import TYPE_CHECKING

# ruff: noqa: F403 - the stars are for the type checker alone
if TYPE_CHECKING:
    from plaintextcrm.book.answers.cards import *
    from plaintextcrm.book.answers.doubles import *
    from plaintextcrm.book.answers.everybody import *
    from plaintextcrm.book.answers.health import *
    from plaintextcrm.book.answers.mail import *
    from plaintextcrm.book.answers.memory import *
    from plaintextcrm.book.answers.places import *
    from plaintextcrm.book.answers.reminders import *
    from plaintextcrm.book.answers.sums import *
    from plaintextcrm.book.answers.trouble import *

# No room is called as an answer is: importing it would put the room in the answer's place.
_ROOMS = {
    "cards": (
        "EVERYONE", "ContactRow", "Where", "catalog", "contacts", "find_contact", "ids", "near_ids",
        "own_fields", "own_uid", "paths", "referring", "taken_uids", "text_of", "values",
        "without_uid",
    ),
    "doubles": ("Person", "people"),
    "everybody": ("Face", "faces"),
    "health": ("BrokenFile", "broken_files", "heads", "settings_known", "stamp"),
    "mail": ("Holder", "Mailable", "holders", "mailable", "talk_ids"),
    "memory": ("memos", "note", "remember"),
    "places": ("Match", "matches"),
    "reminders": (
        "YEAR", "Outline", "ReminderRow", "Standing", "agenda", "event_uids", "farther",
        "next_contact", "open_reminders", "outlines", "reminder_rows", "standings",
    ),
    "sums": ("Counts", "Wrong", "counts", "wrong"),
    "trouble": ("closed_folders", "have_twins", "problems", "within"),
}  # fmt: skip


def __getattr__(name: str) -> object:
    for room, names in _ROOMS.items():
        if name in names:
            module = import_module(f"{__name__}.{room}")
            globals().update((known, getattr(module, known)) for known in names)
            return globals()[name]
    raise AttributeError(name)
