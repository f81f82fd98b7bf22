"""How a query may go on: for the shell that completes it."""

import re
from collections.abc import Iterator

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.query import Terms, terms_of
from plaintextcrm.query.compiling import Compiling
from plaintextcrm.query.conditions import states
from plaintextcrm.query.names import ALIASES, DERIVED, SPECIAL
from plaintextcrm.text.fold import fold

MOST = 200
_BEGUN = re.compile(
    r"(?P<head>-?)(?:(?P<field>[^\W\d][\w.-]*)(?P<sign><=|>=|<|>|=|:))?(?P<typed>.*)", re.S
)
_DAYS = ("today", "-1m", "-3m", "-6m", "-1y")


def offers(book: Book, begun: str) -> list[tuple[str, str]]:
    """Words that the one that was begun may become, each with a word about it."""
    terms = terms_of(book)
    found = _BEGUN.match(begun)
    assert found  # every part may be empty
    head, field, sign, typed = found["head"], found["field"], found["sign"], found["typed"]
    if field is None:
        given = [(f"{head}{name}", about) for name, about in _beginnings(terms)]
        return _fitting(given, f"{head}{typed}")
    words = [(f"{head}{field}{sign}{value}", "") for value in _values(book, terms, field)]
    return _fitting(words, f"{head}{field}{sign}{typed}")


def _fitting(words: list[tuple[str, str]], typed: str) -> list[tuple[str, str]]:
    begun = fold(typed)
    return [(word, about) for word, about in words if fold(word).startswith(begun)][:MOST]


def _beginnings(terms: Terms) -> Iterator[tuple[str, str]]:
    short = {full: alias for alias, full in ALIASES.items()}
    for name, column in terms.catalog.items():
        head, dot, _rest = name.partition(".")
        if not dot:
            yield f"{short.get(head, head)}:", column.meaning
    for name, source in DERIVED.items():
        yield f"{name}:", source.meaning
    for name in SPECIAL:
        yield f"{name}:", ""
    for name, query in terms.settings.queries:
        yield f"@{name}", query
    for name, column in terms.catalog.items():
        if "." in name:
            yield f"{name}:", column.meaning


def _values(book: Book, terms: Terms, field: str) -> list[str]:
    head, dot, rest = field.partition(".")
    name = ALIASES.get(head, head) + dot + rest
    if name == "is":
        return states(Compiling("", terms))
    if name in ("has", "sort"):
        return [word.rstrip(":") for word, _about in _beginnings(terms) if word[-1] == ":"]
    source = DERIVED.get(name) or terms.catalog.get(name)
    if source is None:
        return []
    if source.options:
        return list(source.options)
    if source.form in ("date", "span"):
        return list(_DAYS)
    return answers.values(book, name)
