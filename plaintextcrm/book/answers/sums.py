"""How much there is, and how much of it is wrong."""

from typing import NamedTuple

from plaintextcrm.book.book import Book


class Counts(NamedTuple):
    """How much there is, and how much of it is wrong.

    `broken` files have errors; of `held` of them an older, good version is used.
    """

    contacts: int
    errors: int
    warnings: int
    broken: int
    held: int
    without_uid: int


def counts(book: Book) -> Counts:
    """Count."""
    row = book.db.execute(
        "SELECT (SELECT count(*) FROM contacts),"
        " (SELECT count(*) FROM problems WHERE severity = 'error'),"
        " (SELECT count(*) FROM problems WHERE severity = 'warning'),"
        " (SELECT count(DISTINCT path) FROM problems WHERE severity = 'error'),"
        " (SELECT count(*) FROM files JOIN contacts USING (file) WHERE errors > 0 AND good),"
        " (SELECT count(*) FROM contacts WHERE NOT own_uid)"
    ).fetchone()
    return Counts(*row)
