"""A report's question: which contacts, which days; and how it is put to the book."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from plaintextcrm.book.answers import EVERYONE, Where
from plaintextcrm.book.book import Book

# The contacts that were asked for, as the SQL of reports names them; and those among them who are
# to be cared for: everybody but the dead and those who want to be left alone.
CHOSEN = "{chosen}"
ALIVE = "c.died IS NULL AND c.status != 'do-not-contact'"
_CHOSEN = "(SELECT c.file FROM contacts c JOIN files f USING (file) WHERE {where})"


class Span(NamedTuple):
    """The days from `first` to `last`, both within it; None is no limit."""

    first: date | None = None
    last: date | None = None

    def holds(self, cell: str) -> str:
        """A condition in SQL on a day; the parameters come from `values`."""
        return f"({cell} >= :first OR :first IS NULL) AND ({cell} <= :last OR :last IS NULL)"

    def holds_day(self, day: date) -> bool:
        """True for a day within the span."""
        return (not self.first or self.first <= day) and (not self.last or day <= self.last)

    @property
    def values(self) -> dict[str, str | None]:
        """The days as the book has them."""
        return {
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
        }

    def __str__(self) -> str:
        if self.first and self.last:
            return f"{self.first} to {self.last}"
        if self.first:
            return f"since {self.first}"
        return f"up to {self.last}" if self.last else "all times"


class Question(NamedTuple):
    """Whom a report is about, and when."""

    book: Book
    where: Where = EVERYONE
    span: Span = Span()

    @property
    def today(self) -> date:
        """The day it is."""
        return self.book.today

    def rows(self, sql: str, **values: object) -> Iterator[Any]:
        """The rows of a SELECT in which `{chosen}` stands for the files of the contacts asked for."""
        chosen = _CHOSEN.format(where=self.where.sql)
        named = {**self.where.values, **self.span.values, "today": self.today.isoformat(), **values}
        return self.book.db.execute(sql.replace(CHOSEN, chosen), named)

    def within(self, default: Span) -> "Question":
        """The same question about a usual span, where it names none itself.

        One that says only when to end has no beginning, and one that says only when to begin ends as
        the usual one does.
        """
        if self.span == Span():
            return self._replace(span=default)
        return self if self.span.last else self._replace(span=Span(self.span.first, default.last))
