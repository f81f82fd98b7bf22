"""The QUERY of commands: words of the command line → a condition."""

import re
from collections.abc import Sequence

from plaintextcrm.book.answers import Where
from plaintextcrm.book.book import Book
from plaintextcrm.model.pattern import pattern
from plaintextcrm.query import where

# A word of the command line that holds blanks and more than one condition is a query in itself.
_SEVERAL = pattern(
    r"^-?[\w.-]+[:=<>].*\s(?:or|and|not|-\S+)(?:\s|$)|[()]|@\w|\s[\w.-]+[:=<>]\S|\s[<>=]+\s",
    re.IGNORECASE,
)
_FIELD = pattern(r"-?[^\W\d][\w.-]*(?:[<>]=?|[:=])(?=\S)")
# (0601) 000-111: a phone number, and not words in parentheses.
_DIALLED = pattern(r"[(+]{0,2}\d[\d\s()./-]{5,}\d")
# `tag:vip`, `last<-3m`, `@cold`: no id, name or e-mail address looks like that.
_QUERY = re.compile(r"(?:^|[\s(-])(?:@[^\W\d]|[^\W\d][\w.-]*(?:[:=]|\s*[<>]=?))")


def asked(book: Book, words: Sequence[str], sort: str = "") -> Where:
    """The condition of a QUERY; `sort` is a field to sort by, as behind `sort:`. Raises BadQuery."""
    query = joined(words)
    return where(book, f"{query} sort:{sort}".strip() if sort else query)


def joined(words: Sequence[str]) -> str:
    """The arguments as one query: text that the shell freed of its quotes gets them back.

    `"new e-shop"` is a phrase, `'tag:new shop'` a field and its value; `'tag:vip or tag:new'` is a
    query, however the shell was told.
    """
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    if _DIALLED.fullmatch(word):
        return f'"{word}"'
    if '"' in word or not any(letter.isspace() for letter in word) or _SEVERAL.search(word):
        return word
    field = _FIELD.match(word)
    return f'{field[0]}"{word[field.end() :]}"' if field else f'"{word}"'


def is_query(word: str) -> bool:
    """True for a word that stands for everyone it finds."""
    return bool(_QUERY.search(word))
