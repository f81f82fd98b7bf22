"""Words and `field:value` pairs, side by side: all must be true. Case and diacritics do not matter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plaintextcrm.book.answers import Where
from plaintextcrm.model.errors import BadQuery
from plaintextcrm.text.fold import fold
from plaintextcrm.text.suggest import did_you_mean

# Each field's condition for `:` (contains) and `=` (equals); {} is the parameter.
FIELDS = {
    "tag": ("instr(c.tag_keys, {})", "instr(c.tag_keys, char(10) || {} || char(10))"),
    "status": ("instr(fold(c.status), {})", "fold(c.status) = {}"),
    "owner": ("instr(fold(c.owner), {})", "fold(c.owner) = {}"),
    "org": (
        "(instr(fold(c.organization), {0}) OR instr(coalesce(o.sort, ''), {0}))",
        "(fold(c.organization) = {0} OR o.sort = {0})",
    ),
}
_TERM = re.compile(
    r'(?:(?P<field>[A-Za-z_.]+)(?P<sign>[:=]))?(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+))'
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or what a field holds; `column` counts from 1 in the query."""

    field: str
    sign: str
    value: str
    column: int

    def condition(self, name: str) -> str:
        """The SQL that is true where the contact has it; the value goes into parameter `name`."""
        if not self.field:
            return f"instr(c.words, :{name})"
        contains, equals = FIELDS[self.field]
        return (contains if self.sign == ":" else equals).format(f":{name}")


def compile_query(query: str) -> Where:
    """The condition that a query stands for; an empty one finds everyone. Raises BadQuery."""
    terms = list(_terms(query))
    conditions = [term.condition(f"q{n}") for n, term in enumerate(terms)]
    values = {f"q{n}": fold(term.value) for n, term in enumerate(terms)}
    return Where(" AND ".join(conditions) or "1", values)


def _terms(query: str) -> Iterator[Term]:
    at = 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        found = _TERM.match(query, at)
        if not found:
            raise BadQuery(query, at + 1, "A quote is opened here and never closed.")
        term = Term(
            found["field"] or "",
            found["sign"] or "",
            found["quoted"] or found["plain"] or "",
            at + 1,
        )
        if term.field and term.field not in FIELDS:
            raise BadQuery(query, term.column, _unknown(term.field))
        yield term
        at = found.end()


def _unknown(field: str) -> str:
    hint = did_you_mean(field, FIELDS)
    known = ", ".join(f"`{name}:`" for name in FIELDS)
    words = f"There is no field `{field}:` to ask for; there are {known}."
    return (
        f"{words} {hint[0].upper()}{hint[1:]}"
        if hint
        else f"{words} Put text with a colon in quotes."
    )
