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


class Wrong(NamedTuple):
    """The same of errors alone."""

    errors: int
    broken: int
    held: int


def wrong(book: Book) -> Wrong:
    """Count errors, without looking at the contacts."""
    row = book.db.execute(
        "SELECT (SELECT count(*) FROM problems WHERE severity = 'error'),"
        " (SELECT count(DISTINCT path) FROM problems WHERE severity = 'error'),"
        " (SELECT count(*) FROM files JOIN contacts USING (file) WHERE errors > 0 AND good)"
    ).fetchone()
    return Wrong(*row)


def counts(book: Book) -> Counts:
    """Count."""
    contacts, warnings, without_uid = book.db.execute(
        "SELECT (SELECT count(*) FROM contacts),"
        " (SELECT count(*) FROM problems WHERE severity = 'warning'),"
        " (SELECT count(*) FROM contacts WHERE own_uid = 0)"
    ).fetchone()
    errors, broken, held = wrong(book)
    return Counts(contacts, errors, warnings, broken, held, without_uid)
