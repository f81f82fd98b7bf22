"""What is wrong with a question in SQL, said for people: where, what, and what to write."""

import re
import sqlite3
from collections.abc import Iterable

from plaintextcrm.book.sql import FUNCTIONS, Asking
from plaintextcrm.model.errors import BadQuery, BadSql, CrmError
from plaintextcrm.text.suggest import suggest

MOST_PLACES = 50  # that a misplaced word is looked for at
READS = "`sql` reads and never writes: ask with SELECT, of the views that `plaintextcrm sql` lists."
_KEYWORDS = (
    "SELECT", "FROM", "WHERE", "GROUP", "ORDER", "BY", "HAVING", "LIMIT", "JOIN", "LEFT", "USING",
    "AND", "OR", "NOT", "NULL", "DISTINCT", "BETWEEN", "LIKE", "UNION", "CASE", "WHEN", "THEN",
    "ELSE", "END", "DESC", "WITH",
)  # fmt: skip
_NEAR = re.compile(r'near "(?P<word>.+)": syntax error', re.DOTALL)
_TOKEN = re.compile(r'unrecognized token: "(?P<word>.+)"', re.DOTALL)
_MISSING = re.compile(r"no such (?P<what>table|column|function): (?P<name>.+)", re.DOTALL)
_FORBIDDEN = re.compile(r"not authorized|prohibited|authorization denied|cannot modify")


def slip(asking: Asking, query: str, error: Exception) -> CrmError:
    """The error as a person should read it."""
    text = str(error)
    if "one statement" in text:
        return BadSql("One question at a time: write a single SELECT.")
    if "number of bindings" in text:
        return BadSql("There is nothing to put in for `?`: write the value itself.")
    if text == "incomplete input":
        return BadQuery(query, len(query.rstrip()) + 1, "The question is not finished.")
    if found := _NEAR.fullmatch(text):
        return _misplaced(asking, query, found["word"], text)
    if found := _TOKEN.fullmatch(text):
        what = "This is no SQL. Is a quote never closed?"
        return BadQuery(query, query.find(found["word"]) + 1, what)
    if found := _MISSING.match(text):
        return _missing(asking, query, found["what"], found["name"])
    if _FORBIDDEN.search(text):
        return BadSql(READS)
    return BadSql(f"{text[:1].upper()}{text[1:]}.")


def _misplaced(asking: Asking, query: str, word: str, text: str) -> CrmError:
    what = f"`{word}` cannot stand here."
    columns = {column.name for view in asking.views for column in view.columns}
    if word.casefold() in columns:
        what += f' It is a word of SQL, too: for the column, write "{word}" in double quotes.'
    elif near := suggest(word, _KEYWORDS):
        what += f" Did you mean `{near[0]}`?"
    return BadQuery(query, _place(asking.db, query, word, text) + 1, what)


def _place(db: sqlite3.Connection, query: str, word: str, text: str) -> int:
    """Where the word stands that cannot be there: up to it, and no sooner, the error is the same."""
    explained = "" if query.lstrip()[:7].casefold() == "explain" else "EXPLAIN "
    at = query.find(word)
    for _place in range(MOST_PLACES):
        try:
            db.execute(explained + query[: at + len(word)])
        except sqlite3.Error as error:
            if str(error) == text:
                return at
        following = query.find(word, at + 1)
        if following < 0:
            break
        at = following
    return at


def _missing(asking: Asking, query: str, what: str, name: str) -> CrmError:
    """A view, a column or a function that does not exist."""
    called = name.rpartition(".")[2]
    if what == "function":
        sentence = f"There is no function `{name}`.{_near(called, FUNCTIONS)}"
    elif what == "table":
        known = [view.name for view in asking.views]
        hint = _near(called, known) or f" There are {', '.join(known)}."
        sentence = f"There is no view `{name}`.{hint}"
    else:
        sentence = f"There is no column `{name}` here.{_near_column(asking, query, called)}"
    found = re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", query, re.IGNORECASE)
    return BadQuery(query, found.start() + 1, sentence) if found else BadSql(sentence)


def _near_column(asking: Asking, query: str, called: str) -> str:
    words = set(re.findall(r"\w+", query.casefold()))
    asked = [view for view in asking.views if view.name in words]
    having = [
        view.name
        for view in asking.views
        if any(column.name == called.casefold() for column in view.columns)
    ]
    if having:
        return f" It is a column of {', '.join(having)}."
    columns = [column.name for view in asked or asking.views for column in view.columns]
    hint = _near(called, dict.fromkeys(columns))
    if hint or not asked:
        return hint or " `plaintextcrm sql` lists them all."
    return f" There are {', '.join(dict.fromkeys(columns))}."


def _near(word: str, known: Iterable[str]) -> str:
    near = suggest(word, known)
    return f" Did you mean `{near[0]}`?" if near else ""
