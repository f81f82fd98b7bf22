"""A query on its way into SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, NoReturn

from plaintextcrm.book.catalog import Column
from plaintextcrm.model.errors import BadQuery
from plaintextcrm.model.settings import Settings

MOST_CONDITIONS = 200  # SQLite takes expressions that are a thousand deep


class Terms(NamedTuple):
    """What the words of a query may mean: the fields there are, what the settings say, the day."""

    catalog: Mapping[str, Column]
    settings: Settings
    today: date


class Spot(NamedTuple):
    """A value as it was typed, and the columns of its term and of itself, from 1."""

    text: str
    column: int
    value_column: int
    quoted: bool = False

    @property
    def shown(self) -> str:
        """The text as a message has it."""
        from plaintextcrm.text.source import shown

        return repr(shown(self.text))


@dataclass(slots=True)
class Compiling:
    """What is gathered while a query is compiled.

    What users wrote goes into `values`, never into the SQL. `entry` is the list of entries whose
    fields the names are, inside parentheses behind it. `ranked` are the words that a found contact
    should be good at, as the full text takes them; `sought` the same as they were typed. `outer` is
    the query that is asked, and its column, while a saved one in it is compiled.
    """

    query: str
    terms: Terms
    values: dict[str, object] = field(default_factory=dict)
    ranked: list[str] = field(default_factory=list)
    sought: list[str] = field(default_factory=list)
    entry: str = ""
    conditions: int = 0
    outer: tuple[str, int] | None = None

    def value(self, value: object) -> str:
        """The parameter that stands for a value."""
        name = f"q{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def refuse(self, column: int, what: str) -> NoReturn:
        """Raise BadQuery at a column."""
        raise BadQuery(self.query, column, what)

    def count(self, column: int) -> None:
        """One more condition. Raises BadQuery where there are too many."""
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            what = f"A query may have {MOST_CONDITIONS} conditions. Divide it."
            raise BadQuery(*(self.outer or (self.query, column)), what)
