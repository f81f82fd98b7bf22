"""What a feed must know before it believes the book: is it whole, and which files are not?"""

from contextlib import suppress
from typing import NamedTuple

from plaintextcrm.book.book import Book
from plaintextcrm.book.tables import meta
from plaintextcrm.store.read import read_file


def stamp(book: Book) -> bytes:
    """What stands for the folder as it was seen: the same stamp, the same files. Empty where one may
    have changed since without a new time stamp, or is missing.
    """
    value = meta(book.db, "stamp")
    return value if isinstance(value, bytes) else b""


def settings_known(book: Book) -> bool:
    """False where the settings are broken and the book never saw them without an error."""
    return meta(book.db, "settings_sound") != 0


class BrokenFile(NamedTuple):
    """A file with an error of which the book has no good version; `head`: see `heads`."""

    path: str
    head: str
    private: bool


def heads(book: Book) -> set[str]:
    """What the event UIDs of each contact begin with, of broken files too."""
    from plaintextcrm.book.rows import uid_head, uid_of_id

    known = {file.head for file in broken_files(book)}
    for uid, contact_id in book.db.execute("SELECT uid, id FROM contacts"):
        known |= {uid_head(uid), uid_head(uid_of_id(contact_id))}  # it had no uid before, perhaps
    return known


def broken_files(book: Book) -> list[BrokenFile]:
    """The files of which nothing good is known. Whose text cannot be read may be anybody's."""
    from plaintextcrm.book.rows import uid_head, uid_of_id
    from plaintextcrm.text.parse import contact_id, uid_in
    from plaintextcrm.text.source import Text

    found = []
    for (path,) in book.db.execute(
        "SELECT path FROM files LEFT JOIN contacts USING (file)"
        " WHERE errors > 0 AND coalesce(good, 0) = 0"
        " UNION SELECT path FROM problems WHERE origin = 'folder' AND code = 'not-a-file'"
        " AND path NOT IN (SELECT path FROM files JOIN contacts USING (file) WHERE good)"
    ):
        data = b""
        with suppress(OSError):
            data, _signature = read_file(book.folder / path)
        head = uid_head(uid_in(data) or uid_of_id(contact_id(path)))
        found.append(BrokenFile(path, head, Text(path, data.decode(errors="replace")).private))
    return found
