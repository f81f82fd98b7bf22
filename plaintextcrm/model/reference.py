"""What a word may stand for a contact by: a short name that does not shift, or a whole phone number.

The short names are told by calendar events. They are the beginnings of the two halves of an event's
UID: nothing can be read from them, and they stay when a date moves or a person is renamed. Numbers
that `show` prints shift with every change, and a calendar may show them a day later.
"""

import re

CONTACT_LENGTH = 8
ENTRY_LENGTH = 6
WHOLE_NUMBER = 7  # digits of a phone number that is not a part of one
_CONTACT = re.compile(f"[0-9a-f]{{{CONTACT_LENGTH},16}}")
_ENTRY = re.compile(f"[0-9a-f]{{{ENTRY_LENGTH},16}}")


def of_contact(uid: str) -> str:
    """The short name of the contact of an event."""
    return uid[:CONTACT_LENGTH]


def of_entry(uid: str) -> str:
    """The short name of the entry of an event, among those of its contact."""
    return uid.partition("-")[2][:ENTRY_LENGTH]


def may_be_contact(word: str) -> bool:
    """True for a word that looks like a contact's short name."""
    return _CONTACT.fullmatch(word) is not None


def may_be_number(word: str) -> bool:
    """True for a word with the digits of a whole phone number; `text/phone.py` knows more, but costs
    an import that most words do not need.
    """
    return sum(map(str.isdigit, word)) >= WHOLE_NUMBER


def is_entry(word: str, uid: str) -> bool:
    """True where the word is the short name of this event's entry, or more of it."""
    return _ENTRY.fullmatch(word) is not None and uid.partition("-")[2].startswith(word)
