"""What tells whether two contacts may be one: names, ways to reach them, numbers, companies."""

from typing import NamedTuple

from plaintextcrm.book.book import Book
from plaintextcrm.text.fold import key_of


class Person(NamedTuple):
    """A contact as far as it could be somebody's twin. `phones` are as they are dialled, `company` is
    the organization's name, `born` may lack its year, `numbers` are those of registers.
    `others` are the keys of contacts that it names in `related`: they are somebody else.
    """

    file: int
    id: str
    key: str
    path: str
    name: str
    kind: str
    company: str
    born: str = ""
    numbers: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()


def people(book: Book) -> list[Person]:
    """Everybody, by path."""
    emails = _listed(book, "SELECT file, key FROM marks WHERE kind = 'email'")
    phones = _listed(book, "SELECT file, number FROM phones WHERE number LIKE '+%'")
    others = _listed(book, "SELECT file, contact FROM related")
    rows = book.db.execute(
        "SELECT c.file, c.id, c.key, path, c.name, c.kind, CASE c.organization WHEN '' THEN '' ELSE"
        " coalesce((SELECT name FROM contacts o WHERE o.key = c.organization_key), c.organization)"
        " END, coalesce(c.birthday, ''), c.company_id, c.vat_id"
        " FROM contacts c JOIN files USING (file) ORDER BY path"
    )
    return [
        Person._make((
            *row[:8],
            tuple(filter(None, row[8:])),
            tuple(dict.fromkeys(emails.get(row[0], ()))),
            tuple(dict.fromkeys(phones.get(row[0], ()))),
            frozenset(map(key_of, others.get(row[0], ()))),
        ))
        for row in rows
    ]  # fmt: skip


def _listed(book: Book, sql: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for file, value in book.db.execute(sql):
        found.setdefault(file, []).append(value)
    return found
