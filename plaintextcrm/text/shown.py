"""Text as people are shown it: it plays no tricks, stands on one line and is as wide as it may be."""

from itertools import accumulate, takewhile

from plaintextcrm.model.pattern import pattern

# Control characters, and the marks that turn the direction of text (Unicode TR9): a file must not
# move the cursor, nor make a line read otherwise than it is.
TRICKS = pattern(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def safe(text: str) -> str:
    r"""The text with what a terminal would obey written out, as `\x1b`."""
    if text.isprintable():  # nothing of the kind is
        return text
    return TRICKS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def unbroken(text: str) -> str:
    r"""Safe text on one line, its blanks kept; a line break in a file's name is shown as `\n`."""
    return safe(text.replace("\n", "\\n"))


def one_line(text: str) -> str:
    """Safe text on one line."""
    return safe(" ".join(text.split()))


def width_of(text: str) -> int:
    """How many columns a terminal needs for the text."""
    if text.isascii() or max(text) < "\u0300":  # where combining and wide characters begin
        return len(text)
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def cut(text: str, width: int) -> str:
    """The text in at most so many columns; an ellipsis shows that some is missing."""
    if 2 * len(text) <= width or width_of(text) <= width:  # no character needs more than two
        return text
    room = width - 1
    ends = accumulate(width_of(character) for character in text)
    text = text[: sum(1 for _end in takewhile(lambda end: end <= room, ends))]
    while width_of(text) > room:  # a sign that makes the one before it wider
        text = text[:-1]
    return f"{text.rstrip()}…"
