"""How a query may go on: for the shell that completes it."""

import re
from collections.abc import Iterator

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.query import Terms, terms_of
from plaintextcrm.query.compiling import Compiling
from plaintextcrm.query.conditions import states
from plaintextcrm.query.names import ALIASES, DERIVED
from plaintextcrm.text.fold import fold

MOST = 200
_BEGUN = re.compile(
    r"(?P<head>-?)(?:(?P<field>[^\W\d][\w.-]*)(?P<sign><=|>=|<|>|=|:))?(?P<typed>.*)", re.S
)
# Before anything is typed: what is asked every day. There are some two hundred names.
_EVERYDAY = (
    "tag", "status", "owner", "org", "last", "next", "class", "turnover", "deals", "has", "is", "sort",
)  # fmt: skip
_SPECIAL = {
    "has": "what is written down: has:phone",
    "is": "overdue, due, private, broken, person, company, a status",
    "any": "a text, also within words",
    "sort": "the order: sort:last, sort:-turnover",
}
_SHORT = {"tags": "tag", "organization": "org"}
_VALUES = {
    "date": ("today", "-1m", "-3m", "-6m", "-1y"),
    "span": ("today", "+1m", "+3m", "+6m", "+1y"),
    "flag": ("yes", "no"),
}


def offers(book: Book, begun: str) -> list[tuple[str, str]]:
    """Words that the one that was begun may become, each with a word about it."""
    terms = terms_of(book)
    found = _BEGUN.match(begun)
    assert found  # every part may be empty
    head, field, sign, typed = found["head"], found["field"], found["sign"], found["typed"]
    if field is not None:
        values = _behind(book, terms, field, typed)
        return _fitting([(f"{head}{field}{sign}{value}", about) for value, about in values], begun)
    names = _inside(terms, typed) if "." in typed else _names(terms, typed)
    return _fitting([(f"{head}{name}", about) for name, about in names], begun)


def _fitting(words: list[tuple[str, str]], typed: str) -> list[tuple[str, str]]:
    begun = fold(typed)
    return [(word, about) for word, about in words if fold(word).startswith(begun)][:MOST]


def _names(terms: Terms, typed: str) -> Iterator[tuple[str, str]]:
    """Fields and saved queries; all of them once a letter is typed."""
    known = _known(terms)
    for full, short in _SHORT.items():
        if fold(short).startswith(fold(typed)):
            known[short] = known.pop(full)
    for name in known if typed else _EVERYDAY:
        yield f"{name}:", known[name]
    for name, query in terms.settings.queries:
        yield f"@{name}", query


def _known(terms: Terms) -> dict[str, str]:
    """Every name without a dot, and what it means."""
    fields = {name: column.meaning for name, column in terms.catalog.items() if "." not in name}
    derived = {name: source.meaning for name, source in DERIVED.items()}
    return {**fields, **derived, **_SPECIAL}


def _inside(terms: Terms, typed: str) -> Iterator[tuple[str, str]]:
    """`deals.` or `deal.`: the fields of an entry."""
    head = typed.partition(".")[0]
    table = f"{_full(head)}."
    for name, column in terms.catalog.items():
        if name.startswith(table):
            yield f"{head}.{name.removeprefix(table)}:", column.meaning


def _full(field: str) -> str:
    head, dot, rest = field.casefold().replace("-", "_").partition(".")
    return ALIASES.get(head, head) + dot + rest


def _behind(book: Book, terms: Terms, field: str, typed: str) -> Iterator[tuple[str, str]]:
    """The values that make sense behind a field."""
    name = _full(field)
    if name in ("has", "sort"):
        down = "-" if name == "sort" and typed.startswith("-") else ""
        wanted = typed.removeprefix("-")
        names = _inside(terms, wanted) if "." in wanted else _known(terms).items()
        yield from (
            (f"{down}{one.rstrip(':')}", about) for one, about in names if one not in _SPECIAL
        )
        return
    yield from ((value, "") for value in _values(book, terms, name))


def _values(book: Book, terms: Terms, name: str) -> tuple[str, ...]:
    if name == "is":
        return tuple(states(Compiling("", terms)))
    source = DERIVED.get(name) or terms.catalog.get(name)
    if source is None:
        return ()
    return (
        tuple(filter(None, source.options))
        or _VALUES.get(source.form)
        or tuple(answers.values(book, name))
    )
