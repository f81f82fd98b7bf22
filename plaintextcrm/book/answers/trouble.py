"""What is wrong, and what is known of files that are broken."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

from plaintextcrm.book.book import Book
from plaintextcrm.book.tables import meta
from plaintextcrm.model.problem import Place, Problem
from plaintextcrm.store.read import read_file


def stamp(book: Book) -> bytes:
    """What stands for the folder as it was seen: the same stamp, the same files. Empty where one may
    have changed since without a new time stamp, or is missing.
    """
    value = meta(book.db, "stamp")
    return value if isinstance(value, bytes) else b""


def problems(book: Book, paths: Sequence[str] = ()) -> list[Problem]:
    """All problems, or those of these files and folders, by path and place."""
    rows = book.db.execute(
        "SELECT path, line, column, end_line, end_column, code, message, hint, source"
        " FROM problems ORDER BY path, line, column, code"
    )
    found = (Problem(row[0], Place(*row[1:5]), *row[5:]) for row in rows)
    return [problem for problem in found if not paths or within(problem.path, paths)]


def within(path: str, places: Iterable[str]) -> bool:
    """True for a path that is one of the places, or lies in one; `.` is the whole address book."""
    return any(path == place or path.startswith(f"{place}/") or place == "." for place in places)


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


def settings_known(book: Book) -> bool:
    """False where the settings are broken and the book never saw them without an error."""
    return meta(book.db, "settings_sound") != 0


def closed_folders(book: Book) -> list[str]:
    """The folders that cannot be looked into now."""
    sql = "SELECT path FROM problems WHERE origin = 'folder' AND code = 'unreadable'"
    return [path for (path,) in book.db.execute(sql)]
