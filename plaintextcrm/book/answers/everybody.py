"""Who is in the book, as far as it tells whether somebody who arrives is one of them."""

from typing import NamedTuple

from plaintextcrm.book.book import Book

_BREAK = "\x1f"  # no value of a file holds it
_REACHES = "coalesce((SELECT group_concat(value, char(31)) FROM {0} r WHERE r.file = c.file), '')"
_FACES = f"""
SELECT c.id, f.path, c.name, c.kind, c.uid,
  {_REACHES.format("emails")}, {_REACHES.format("phones")}
FROM contacts c JOIN files f USING (file) ORDER BY f.path
"""


class Face(NamedTuple):
    """A contact by what others know it by; `uid` is derived where the file gives none."""

    id: str
    path: str
    name: str
    kind: str = "individual"
    uid: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


def faces(book: Book) -> list[Face]:
    """Everybody, by path."""
    rows = book.db.execute(_FACES)
    return [Face._make((*row[:5], _apart(row[5]), _apart(row[6]))) for row in rows]


def _apart(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(_BREAK)) if joined else ()
