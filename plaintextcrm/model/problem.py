"""Bad data as a value: what is wrong, where, and what to write instead."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Place(NamedTuple):
    """A stretch of a file's text. Lines and columns count from 1, columns in characters.

    The end column is the one behind the last character.
    """

    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


class Code(NamedTuple):
    """A kind of problem: how bad it is, and what it means."""

    severity: Severity
    meaning: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one file. `source` is the whole line at `place`, empty where it is not shown."""

    path: str
    place: Place
    code: str
    message: str
    hint: str = ""
    source: str = ""

    @property
    def severity(self) -> Severity:
        """`error`: the file's last good version is used; `warning`: worth a look."""
        return CODES[self.code].severity


def _error(meaning: str) -> Code:
    return Code("error", meaning)


def _warning(meaning: str) -> Code:
    return Code("warning", meaning)


# Stable names: scripts and CI rely on them. Each has a sample below tests/problems/.
CODES: dict[str, Code] = {
    # the file itself
    "not-a-file": _error("A link, a device or a pipe stands where a contact file should be."),
    "unreadable": _error("The file or folder could not be read."),
    "too-large": _error("The file is over 1 MiB, far more than one contact's text."),
    "not-utf8": _error("The file is not UTF-8 text."),
    "control-character": _error("A character that cannot be seen and has no place in text."),
    "conflict-marker": _error("A merge by git was not finished in this file."),
    # YAML
    "syntax": _error("The text is not YAML."),
    "not-a-mapping": _error("The file does not hold `field: value` lines."),
    "too-deep": _error("Values nested over 12 levels."),
    "too-many": _error("Over 60,000 values in one file."),
    "duplicate-key": _error("The same field stands twice; one of the two would be lost."),
    "key-not-text": _error("A list or mapping stands where a field's name should be."),
    "anchor": _error("A YAML anchor (`&name`): values are written out in contact files."),
    "alias": _error("A YAML alias (`*name`): values are written out in contact files."),
    "merge-key": _error("A YAML merge key (`<<`): fields are written out in contact files."),
    "tag": _error("A YAML tag (`!name`): the field says what a value means."),
    "directive": _error("A YAML directive (`%…`) has no use here."),
    "several-documents": _error("A second YAML document (`---`): one file is one contact."),
    # fields
    "missing-name": _error("A contact without a `name`."),
    "missing-field": _error("An entry lacks what makes it useful, such as its `date`."),
    "unknown-field": _error("A field that does not exist, often a misspelt one."),
    "wrong-shape": _error("A text where a list belongs, a list where a text belongs, and so on."),
    "bad-date": _error("Not a date, or one that is not in the calendar."),
    "bad-time": _error("Not a time of day."),
    "bad-duration": _error("Not a duration."),
    "bad-money": _error("Not an amount of money."),
    "bad-number": _error("Not a number, or one out of its range."),
    "bad-choice": _error("A word that is not one of those this field knows."),
    "bad-uuid": _error("Not a UUID."),
    "bad-language": _error("Not a language tag (BCP 47)."),
    "bad-timezone": _error("Not a time zone of the IANA list."),
    "bad-url": _error("Not a web address."),
    "bad-path": _error("A path that leads out of the address book, or where it must not."),
    "bad-template": _error("A template of a feed with a `$name` that stands for nothing."),
    "bad-query": _error("A query of the settings that cannot be asked."),
    # across files
    "duplicate-id": _error("Two files have the same name, so commands cannot tell them apart."),
    "duplicate-uid": _error("Two contacts have the same `uid`, so calendars mix them up."),
    "unknown-contact": _error("A reference to a contact that does not exist."),
    "conflict-copy": _error("A sync tool left a second copy of this file, which is not read."),
    # worth a look
    "mentioned-contact": _warning("A text that looks like a misspelt contact's id."),
    "same-email": _warning("Two contacts share an e-mail address."),
    "impossible-email": _warning("An e-mail address that no mail can reach."),
    "impossible-phone": _warning("A phone number with too many or too few digits for its country."),
    "unknown-person": _warning("A name that is not among the settings' `people`."),
    "unknown-reason": _warning("A reason that is not among the settings' `lost_reasons`."),
    "future-interaction": _warning("An interaction in the future does not count as contact."),
    "time-without-zone": _warning("A time of day, but the settings name no `timezone`."),
    "lost-without-reason": _warning("A lost deal of which nobody wrote down why."),
    "lost-without-win-back": _warning("A lost deal, and no day on which to try again."),
    # whom nobody takes care of: `check --care`, or `care: yes` in the settings
    "no-next-date": _warning("Nothing will remind you of this contact."),
    "silent-client": _warning("A client of class A is silent for longer than usual."),
    "late-promise": _warning("A promise of yours is late."),
    "owner-gone": _warning("Who looks after the contact is not among the settings' `people`."),
    "no-channel": _warning("No e-mail address, phone number or other way to reach the contact."),
}
