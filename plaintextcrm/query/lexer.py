"""A query's text → tokens, each with its column."""

from collections.abc import Iterator
from typing import NamedTuple

from plaintextcrm.model.errors import BadQuery
from plaintextcrm.model.pattern import pattern

# A comparison may stand between blanks; a colon ties its two sides together.
_FIELD = pattern(r"([^\W\d][\w.-]*)(?:\s+(<=|>=|<|>|=)\s+|(<=|>=|<|>|=|:)(?!//))")
_VALUE = pattern(r'[^\s()"]*')
_WORD = pattern(r'[^\s()"]+')
_SAVED = pattern(r"@([^\W\d][\w-]*)(?=[\s)]|$)")
_WORDS = {"or": "or", "and": "and", "not": "not"}


class Token(NamedTuple):
    """A piece of a query.

    `kind` is `(`, `)`, `or`, `and`, `not`, `saved` (`@name`), `word`, `term` (field, sign, value) or
    `group` (a field whose conditions follow in parentheses). `column` counts from 1.
    """

    kind: str
    column: int
    text: str = ""
    sign: str = ""
    value: str = ""
    quoted: bool = False
    value_column: int = 0


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query. Raises BadQuery for a quote that is never closed."""
    _refuse_strange(query)
    at = 0
    while at < len(query):
        letter = query[at]
        if letter.isspace():
            at += 1
        elif letter in "()":
            yield Token(letter, at + 1)
            at += 1
        elif letter == "-" and query[at + 1 : at + 2].strip():
            yield Token("not", at + 1)
            at += 1
        else:
            token, at = _piece(query, at)
            yield token


def _refuse_strange(query: str) -> None:
    """Raise BadQuery for what no file can hold: NUL, and bytes that were no text."""
    if query.isascii() and "\0" not in query:
        return
    for at, letter in enumerate(query):
        if letter == "\0" or "\ud800" <= letter <= "\udfff":
            shown = f"{query[:at]}\ufffd{query[at + 1 :]}".encode(errors="replace").decode()
            raise BadQuery(shown.replace("\0", "\ufffd"), at + 1, "This is no text in UTF-8.")


def _piece(query: str, at: int) -> tuple[Token, int]:
    """The word, saved query or term that begins here, and where it ends."""
    if query[at] == '"':
        text, end = _quoted(query, at)
        return Token("word", at + 1, text, quoted=True), end
    if saved := _SAVED.match(query, at):
        return Token("saved", at + 1, saved[1]), saved.end()
    if field := _FIELD.match(query, at):
        return _term(query, at, field[1], field[2] or field[3], field.end())
    word = _WORD.match(query, at)
    assert word  # neither blank, nor parenthesis, nor quote
    kind = _WORDS.get(word[0].lower(), "word")
    return Token(kind, at + 1, word[0]), word.end()


def _term(query: str, at: int, name: str, sign: str, start: int) -> tuple[Token, int]:
    if query[start : start + 1] == "(" and sign == ":":
        return Token("group", at + 1, name, value_column=start + 1), start + 1
    if query[start : start + 1] == '"':
        text, end = _quoted(query, start)
        return Token("term", at + 1, name, sign, text, True, start + 1), end
    value = _VALUE.match(query, start)
    assert value  # it may be empty
    return Token("term", at + 1, name, sign, value[0], False, start + 1), value.end()


def _quoted(query: str, at: int) -> tuple[str, int]:
    end = query.find('"', at + 1)
    if end < 0:
        raise BadQuery(query, at + 1, "A quote is opened here and never closed.")
    return query[at + 1 : end], end + 1
