"""What a query means: small frozen pieces, each of which makes its own SQL."""

from typing import NamedTuple, Protocol

from plaintextcrm.model.reference import may_be_number
from plaintextcrm.query.compiling import Compiling, Spot
from plaintextcrm.query.conditions import (
    condition,
    dialled,
    entry_contains,
    find_short,
    missing,
    present,
    state,
)
from plaintextcrm.query.names import find, sort_key
from plaintextcrm.text.fold import fold


class Expression(Protocol):
    """A piece of a query."""

    def sql(self, at: Compiling) -> str:
        """A condition on the contact `c`: true or false, never NULL. Raises BadQuery."""
        ...


class Everyone(NamedTuple):
    """An empty query."""

    def sql(self, at: Compiling) -> str:
        """Always true."""
        return "1"


class Word(NamedTuple):
    """Words that stand side by side somewhere in the contact; the last one may go on."""

    text: str
    column: int

    def sql(self, at: Compiling) -> str:
        """Found by the full text; within an entry, the text stands in one of its fields."""
        at.count(self.column)
        words = " ".join(fold(self.text).split())
        if not words:
            return "1"
        if at.entry:
            return entry_contains(at, at.entry, Spot(self.text, self.column, self.column, True))
        if not any(letter.isalnum() for letter in words):
            return _anywhere(at, words)
        quoted = '"{}" *'.format(words.replace('"', '""'))
        at.ranked.append(quoted)
        at.sought.append(words)
        match = f"search MATCH {at.value(quoted)}"
        if not words.replace(" ", "").isalnum():  # to the full text, signs are blanks
            value = at.value(words)
            match += f" AND (stands_in({value}, words) OR stands_in({value}, name))"
        found = f"c.file IN (SELECT rowid FROM search WHERE {match})"
        return f"({found} OR {number})" if (number := _number(at, self.text)) else found


def _number(at: Compiling, text: str) -> str:
    """Somebody with the phone number that the text says; empty where it says none with its country."""
    if not may_be_number(text):
        return ""
    from plaintextcrm.text.phone import looks_dialled

    if not looks_dialled(text):
        return ""
    phone = dialled(at, text)
    if phone.fault or not phone.number.startswith("+"):
        return ""
    at.sought.append(phone.national)
    return f"c.file IN (SELECT file FROM phones WHERE number = {at.value(phone.number)})"


def _anywhere(at: Compiling, text: str) -> str:
    """The text stands somewhere in one of the values, within a word too."""
    value = at.value(text)
    found = f"instr(words, {value}) OR instr(name, {value})"
    return f"c.file IN (SELECT rowid FROM search WHERE {found})"


class Term(NamedTuple):
    """A field, a sign and a value: `tag:client`, `last<-3m`, `has:phone`, `is:overdue`, `any:shop`."""

    name: str
    sign: str
    spot: Spot

    def sql(self, at: Compiling) -> str:
        """The condition by the form of the field."""
        at.count(self.spot.column)
        if self.name in ("has", "is", "any", "sort") and not at.entry:
            return self._special(at)
        source = find(at, self.name, self.spot.column)
        if not self.spot.text:
            if self.sign not in (":", "="):
                what = f"A value is missing behind `{self.name}{self.sign}`."
                at.refuse(self.spot.value_column, what)
            return missing(at, source)
        return condition(at, source, self.sign, self.spot)

    def _special(self, at: Compiling) -> str:
        if self.name == "sort":
            at.refuse(self.spot.column, "`sort:` stands beside the conditions, not within them.")
        if self.sign != ":":
            at.refuse(self.spot.column, f"Write `{self.name}:…`.")
        if not self.spot.text:
            examples = {"has": "has:phone", "is": "is:overdue", "any": "any:shop"}
            at.refuse(self.spot.column, f"Write `{examples[self.name]}` or the like.")
        if self.name == "has":
            return present(at, find(at, self.spot.text, self.spot.value_column))
        if self.name == "is":
            return state(at, self.spot)
        return _anywhere(at, fold(self.spot.text))


class OneEntry(NamedTuple):
    """Conditions that one and the same entry fulfils: `deals:(stage:lost value>100000)`."""

    name: str
    column: int
    inner: Expression

    def sql(self, at: Compiling) -> str:
        """One EXISTS around all of them."""
        at.count(self.column)
        source = find(at, self.name, self.column)
        if at.entry or not source.is_list:
            at.refuse(self.column, f"`{self.name}` is no list of entries: write `{self.name}:…`.")
        at.entry = source.table
        inner = self.inner.sql(at)
        at.entry = ""
        return source.frame.replace("{}", inner)


class Not(NamedTuple):
    """What must not be."""

    inner: Expression

    def sql(self, at: Compiling) -> str:
        """The contrary; its words are nothing to be good at."""
        ranked, sought = len(at.ranked), len(at.sought)
        inner = self.inner.sql(at)
        del at.ranked[ranked:], at.sought[sought:]
        return f"({inner}) IS NOT TRUE"


class All(NamedTuple):
    """What must all be true."""

    parts: tuple[Expression, ...]

    def sql(self, at: Compiling) -> str:
        """Joined by AND."""
        return _joined(at, self.parts, "AND")


class Any(NamedTuple):
    """Of which one must be true."""

    parts: tuple[Expression, ...]

    def sql(self, at: Compiling) -> str:
        """Joined by OR."""
        return _joined(at, self.parts, "OR")


def _joined(at: Compiling, parts: tuple[Expression, ...], word: str) -> str:
    """The parts, the deepest first: SQLite's parser keeps in mind what stands before a parenthesis,
    and has room for a hundred pieces. So there are no more parentheses than must be.
    """
    made = [(part.sql(at), part) for part in parts]
    made.sort(key=lambda one: _depth(one[1]), reverse=True)
    binds = word == "OR"  # less than AND
    return f" {word} ".join(
        sql if binds and isinstance(part, All) else f"({sql})" for sql, part in made
    )


def _depth(part: Expression) -> int:
    """How many parts stand within each other."""
    inner = getattr(part, "inner", None)
    inside = getattr(part, "parts", () if inner is None else (inner,))
    return 1 + max(map(_depth, inside)) if inside else 0


class Saved(NamedTuple):
    """A saved query; what is wrong in it is told at the place where it is used."""

    name: str
    column: int
    text: str
    inner: Expression

    def sql(self, at: Compiling) -> str:
        """The condition of the saved query."""
        at.count(self.column)
        before = at.query, at.outer
        at.query, at.outer = self.text, at.outer or (at.query, self.column)
        try:
            return self.inner.sql(at)
        finally:
            at.query, at.outer = before


class Order(NamedTuple):
    """`sort:last`, `sort:-turnover`: the field, and whether the largest comes first."""

    name: str
    descending: bool
    spot: Spot
    query: str

    def sql(self, at: Compiling) -> str:
        """An ORDER BY; contacts without a value come last."""
        at.query = self.query
        source = find(at, self.name, self.spot.value_column)
        if source.is_list and source.cells:
            source = find_short(at, source)
        key = sort_key(source, self.descending)
        if not key:
            what = f"`{self.name}` is a list: name the field of it to sort by."
            at.refuse(self.spot.value_column, what)
        return f"{key} IS NULL, {key}{' DESC' if self.descending else ''}"
