"""Tokens → an expression.

query := any                      any  := all ("or" all)*
all   := one (["and"] one)*       one  := ("not" | "-") one | "(" any ")" | piece
piece := word | "phrase" | @saved | field sign value | list:( any )
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from plaintextcrm.model.errors import BadQuery
from plaintextcrm.query.compiling import Spot
from plaintextcrm.query.expressions import (
    All,
    Any,
    Everyone,
    Expression,
    Not,
    OneEntry,
    Order,
    Saved,
    Term,
    Word,
)
from plaintextcrm.query.lexer import Token, tokens

DEEPEST = 40  # parentheses, `not` and saved queries within each other
MOST_NAMED = 20  # saved queries, in a message
_END = Token("", 0)


class Parsed(NamedTuple):
    """A condition, in which order its contacts come (None: no `sort:` was given), and how many
    parentheses stand within each other.
    """

    condition: Expression
    order: Order | None
    depth: int


def parse(query: str, saved: Mapping[str, str]) -> Parsed:
    """The meaning of a query. `saved` are the settings' `queries`. Raises BadQuery."""
    return _Parser(query, saved, (), {}, 0).parsed()


class _Parser:
    """One pass over the tokens.

    `within`: the saved queries that this one stands in, `depth`: how far in, with parentheses;
    `known`: the saved queries that were read, each once; `outer`: the query that is asked, and the
    column at which this one stands in it.
    """

    def __init__(
        self,
        query: str,
        saved: Mapping[str, str],
        within: tuple[str, ...],
        known: dict[str, Parsed],
        depth: int,
        outer: tuple[str, int] | None = None,
    ) -> None:
        self.query = query
        self.saved = saved
        self.within = within
        self.known = known
        self.outer = outer
        self.tokens = list(tokens(query))
        self.at = 0
        self.depth = self.begun = self.deepest = depth
        self.order: Order | None = None
        self.saved_order: Order | None = None

    def parsed(self) -> Parsed:
        """The whole query; an empty one finds everyone."""
        condition = self.parse()
        return Parsed(condition, self.order or self.saved_order, self.deepest - self.begun)

    @property
    def token(self) -> Token:
        """The token that comes next; one of no kind at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else _END

    def take(self) -> Token:
        """Go on to the next token."""
        token = self.token
        self.at += 1
        return token

    def refuse(self, column: int, what: str) -> BadQuery:
        """The error at a column."""
        return BadQuery(self.query, column, what)

    def parse(self) -> Expression:
        """The whole query; an empty one finds everyone."""
        if not self.tokens:
            return Everyone()
        found = self.any_of()
        if self.token.kind == ")":
            raise self.refuse(self.token.column, "This parenthesis was never opened.")
        return found

    def any_of(self) -> Expression:
        """One or several, joined by `or`."""
        parts = [self.all_of()]
        while self.token.kind == "or":
            self.take()
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def all_of(self) -> Expression:
        """One or several, side by side."""
        parts: list[Expression] = []
        sorts = 0
        while self.token.kind not in ("", ")", "or"):
            if parts and self.token.kind == "and":
                self.take()
            if self.sorts():
                sorts += 1
            else:
                parts.append(self.one())
        if not parts:
            if sorts:
                return Everyone()
            raise self.nothing()
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def nothing(self) -> BadQuery:
        """The error where a condition is missing."""
        column = self.token.column or len(self.query.rstrip()) + 1
        what = "A condition is missing here: a word, `field:value`, or something in parentheses."
        return self.refuse(column, what)

    def sorts(self) -> bool:
        """True where `sort:` stands here; it belongs to the whole query."""
        token = self.token
        if (
            token.kind != "term"
            or token.text != "sort"
            or token.sign != ":"
            or self.depth > self.begun
        ):
            return False
        self.take()
        if self.order is not None:
            raise self.refuse(token.column, "There is a `sort:` already.")
        name = token.value.removeprefix("-")
        if not name:
            raise self.refuse(token.column, "Write `sort:last`, or `sort:-last`: largest first.")
        spot = Spot(token.value, token.column, token.value_column)
        self.order = Order(name, token.value.startswith("-"), spot, self.query)
        return True

    def one(self) -> Expression:
        """One condition, or several in parentheses."""
        token = self.token
        if token.kind in ("", ")", "or", "and"):
            raise self.nothing()
        self.take()
        if token.kind == "not":
            return Not(self.deeper(token, self.one))
        if token.kind == "(":
            return self.parenthesis(token)
        if token.kind == "group":
            return OneEntry(token.text, token.column, self.parenthesis(token))
        if token.kind == "saved":
            return self.saved_query(token)
        if token.kind == "term":
            spot = Spot(token.value, token.column, token.value_column, token.quoted)
            return Term(token.text, token.sign, spot)
        return Word(token.text, token.column)

    def deeper(self, token: Token, inner: Callable[[], Expression]) -> Expression:
        """What stands one step further in."""
        self.reach(token, 1)
        self.depth += 1
        found = inner()
        self.depth -= 1
        return found

    def reach(self, token: Token, further: int) -> None:
        """Raise BadQuery where it goes too many steps further in."""
        self.deepest = max(self.deepest, self.depth + further)
        if self.deepest > DEEPEST:
            what = "Too many parentheses and saved queries within each other."
            raise self.refuse_whole(token, what)

    def refuse_whole(self, token: Token, what: str) -> BadQuery:
        """The error of a query that is wrong together with the saved ones in it, where it is asked."""
        return BadQuery(*(self.outer or (self.query, token.column)), what)

    def parenthesis(self, opened: Token) -> Expression:
        """What stands up to the closing parenthesis."""
        found = self.deeper(opened, self.any_of)
        if self.token.kind != ")":
            column = opened.value_column or opened.column
            raise self.refuse(column, "This parenthesis is never closed.")
        self.take()
        return found

    def saved_query(self, token: Token) -> Expression:
        """The expression of a saved query. Its `sort:` counts unless this query has its own."""
        text = self.saved.get(token.text)
        if text is None:
            raise self.refuse(token.column, _no_saved(token.text, self.saved))
        if token.text in self.within:
            circle = " → ".join(f"@{name}" for name in (*self.within, token.text))
            raise self.refuse_whole(token, f"A saved query cannot use itself: {circle}.")
        self.reach(token, 1)
        inner = self.known.get(token.text)
        if inner is None:
            within = (*self.within, token.text)
            outer = self.outer or (self.query, token.column)
            inner = _Parser(text, self.saved, within, self.known, self.depth + 1, outer).parsed()
            self.known[token.text] = inner
        self.reach(token, 1 + inner.depth)
        self.saved_order = self.saved_order or inner.order
        return Saved(token.text, token.column, text, inner.condition)


def _no_saved(name: str, saved: Mapping[str, str]) -> str:
    from plaintextcrm.text.source import shown
    from plaintextcrm.text.suggest import suggest

    what = f"There is no saved query `@{shown(name)}`."
    if near := suggest(name, saved):
        return f"{what} Did you mean `@{near[0]}`?"
    known = ", ".join(f"`@{name}`" for name in [*saved][:MOST_NAMED])
    return f"{what} " + (
        f"There are {known}." if known else "Put it under `queries` in plaintextcrm.yaml."
    )
