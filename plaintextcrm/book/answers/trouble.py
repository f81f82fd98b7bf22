"""What is wrong, and where."""

from collections.abc import Iterable, Sequence

from plaintextcrm.book.book import Book
from plaintextcrm.model.problem import Place, Problem


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


def have_twins(book: Book) -> bool:
    """True where two contacts have one id or `uid`, and so their reminders one UID."""
    sql = "SELECT 1 FROM problems WHERE code IN ('duplicate-id', 'duplicate-uid') LIMIT 1"
    return book.db.execute(sql).fetchone() is not None


def closed_folders(book: Book) -> list[str]:
    """The folders that cannot be looked into now."""
    sql = "SELECT path FROM problems WHERE origin = 'folder' AND code = 'unreadable'"
    return [path for (path,) in book.db.execute(sql)]
