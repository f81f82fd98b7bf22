"""Floor 5: asking the book. Words of a person → a condition in SQL with parameters.

`lexer` makes tokens of them, `parser` expressions of the tokens (`expressions`), and each of these makes
its SQL, with what a name stands for from `names` and what a value means from `conditions`.
"""

from plaintextcrm.book import answers
from plaintextcrm.book.answers import EVERYONE, Where
from plaintextcrm.book.book import Book
from plaintextcrm.query.compiling import Compiling, Terms

__all__ = ["Terms", "compile_query", "terms_of", "where"]


def terms_of(book: Book) -> Terms:
    """What the words of a query mean in this book, today."""
    return Terms(answers.catalog(book), book.settings, book.today)


def where(book: Book, query: str) -> Where:
    """The condition that a query stands for in this book. Raises BadQuery."""
    return compile_query(query, terms_of(book)) if query.strip() else EVERYONE


def compile_query(query: str, terms: Terms) -> Where:
    """The condition that a query stands for; an empty one finds everyone. Raises BadQuery."""
    from plaintextcrm.query.parser import parse

    parsed = parse(query, dict(terms.settings.queries))
    at = Compiling(query, terms)
    sql = parsed.condition.sql(at)
    order = parsed.order.sql(at) if parsed.order else ""
    at.values |= {
        "today": terms.today.isoformat(),
        "last_year": terms.today.year - 1,
        "overdue": terms.settings.overdue,
    }
    return Where(sql, at.values, order, " OR ".join(at.ranked), tuple(at.sought))
