"""CONTACT words of commands that change several contacts at once: names, and queries."""

from collections.abc import Sequence

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.asking import asked, is_query
from plaintextcrm.cli.change import Scene, scene_of
from plaintextcrm.model.errors import NobodyFound


def everyone(book: Book, words: Sequence[str]) -> Scene:
    """The contacts that the words name, and those that all of its queries find together, as `list`
    would. Raises BadQuery, NobodyFound, ContactNotFound or SeveralContacts.
    """
    scene = scene_of(book, [word for word in words if not is_query(word)])
    queries = [word for word in words if is_query(word)]
    if not queries:
        return scene
    found = answers.contacts(book, asked(book, queries))
    if not found:
        raise NobodyFound(" ".join(queries))
    rows = {row.path: row for row in (*scene.rows, *found)}
    return scene._replace(rows=tuple(rows.values()))
