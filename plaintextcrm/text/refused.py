"""What must not reach the YAML parser: characters that cannot be seen, unfinished merges, directives."""

import re
from itertools import islice

from plaintextcrm.model.pattern import pattern
from plaintextcrm.text.source import Text

MAX_MARKS = 20  # of one kind that are reported, in a file that is not read further

# All that YAML 1.1 calls unprintable (§5.1), the line breaks that editors do not count
# (NEL, U+2028, U+2029), and a carriage return without its newline.
UNSEEN = pattern(
    "[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\r(?!\n)"
)
# The same in a value, where an escape such as "\e" or "\0" can bring it in.
UNSEEN_VALUE = pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_DIRECTIVE = pattern("^%", re.MULTILINE)
_CONFLICT = pattern(r"^(?:<{7}|={7}|>{7}|\|{7})(?=[ \r\n]|\Z)", re.MULTILINE)


def refused(source: Text) -> bool:
    """Report what must not reach the YAML parser; True where there is any of it."""
    text = source.text
    # What cannot be seen cannot be printed either: almost all files are through at once.
    if not text.replace("\n", "").isprintable() and (found := UNSEEN.search(text)):
        more = sum(1 for _ in UNSEEN.finditer(text)) - 1
        again = f" (and {more:,} more in this file)" if more else ""
        message = f"character U+{ord(found[0]):04X} cannot be seen{again}"
        source.report(
            "control-character", source.at(found.start()), message, _unseen_hint(found[0])
        )
    if any(sign in text and sign * 7 in text for sign in "<=>"):
        for mark in islice(_CONFLICT.finditer(text), MAX_MARKS):
            source.report(
                "conflict-marker",
                source.at(mark.start(), 7),
                "a merge was not finished here",
                "keep the lines that are right, delete the others and the lines of marks",
            )
    if "%" in text:
        for mark in islice(_DIRECTIVE.finditer(text), MAX_MARKS):
            message = "directives are not used in contact files"
            source.report("directive", source.at(mark.start()), message, "delete the line with `%`")
    return bool(source.problems)


def _unseen_hint(character: str) -> str:
    if character == "\r":
        return "save the file with Unix or Windows line ends"
    if character == "\0":
        return "the file may be damaged; restore it from git or a backup"
    return "delete it"
