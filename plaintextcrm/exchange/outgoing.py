"""What every writer takes: contacts as their files say, and the names of those they refer to.

Private contacts are not here at all: neither in what goes out, nor in what is known of others.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, cast

from plaintextcrm.book import answers
from plaintextcrm.book.answers import ContactRow, Face
from plaintextcrm.book.book import Book
from plaintextcrm.text.fold import key_of
from plaintextcrm.text.nodes import plain
from plaintextcrm.text.reader import read
from plaintextcrm.text.render import Plain


class Outgoing(NamedTuple):
    """One contact that goes out: its id, file, and uid (derived, where the file gives none), and the
    fields that are not empty, as text, lists and mappings in the order of the file.
    """

    id: str
    path: str
    uid: str
    fields: Mapping[str, Plain]


class Others:
    """The contacts that files may refer to: everybody who is not private."""

    def __init__(self, book: Book) -> None:
        rows = answers.contacts(book)
        self._by_key = {
            key_of(row.id): Face(row.id, row.path, row.name, row.kind, row.uid)
            for row in rows
            if not row.private
        }
        self._private = {key_of(row.id) for row in rows if row.private}

    def called(self, word: str) -> Face | None:
        """The contact with this id."""
        return self._by_key.get(key_of(word))

    def hides(self, word: str) -> bool:
        """True for the id of somebody private: it must not go out either."""
        return key_of(word) in self._private


def outgoing(book: Book, rows: Iterable[ContactRow]) -> Iterator[Outgoing]:
    """These contacts, in their order; of a file that is broken, its last good version."""
    for row in rows:
        if row.private:
            continue
        root = read(answers.text_of(book, row.path).encode(), row.path).root
        found = cast(dict[str, Plain], plain(root)) if root else {}
        fields = {name: value for name, value in found.items() if value}
        yield Outgoing(row.id, row.path, row.uid, fields)
