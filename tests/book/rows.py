"""All that a book answers, to compare two of them."""

import time
from datetime import date
from pathlib import Path
from typing import Any

from plaintextcrm.book import answers
from plaintextcrm.book.answers.reminders import standings
from plaintextcrm.book.book import Book
from plaintextcrm.query import where

TODAY = date(2026, 11, 22)


def opened(
    folder: Path, database: Path | None = None, today: date = TODAY, later: float = 0
) -> Book:
    """A book that is up to date with the folder, asked so many seconds later than now."""
    book = Book(folder.resolve(), database)
    book.refresh(lambda settings: today, time.time_ns() + int(later * 1e9))
    return book


def told(
    folder: Path, database: Path | None = None, today: date = TODAY, later: float = 0
) -> dict[str, Any]:
    """Every answer of an up-to-date book; without a database, one built anew."""
    book = opened(folder, database, today, later)
    try:
        return answers_of(book)
    finally:
        book.close()


def _briefs(book: Book) -> list[object]:
    """Every reminder as feeds have it, with its day and what to know before a talk."""
    days = {line.key: day for line, day in answers.outlines(book, answers.EVERYONE)}
    rows = answers.reminder_rows(book, list(days))
    return [(rows[key]._replace(key=0), day) for key, day in days.items()]


def answers_of(book: Book) -> dict[str, Any]:
    """Every answer of a book as plain values, without the numbers it gives to rows."""
    marks = book.db.execute(
        "SELECT path, kind, key, text, line, column FROM marks JOIN files USING (file) ORDER BY 1, 5, 6"
    )
    return {
        "settings": book.settings,
        "contacts": answers.contacts(book),
        "texts": [answers.text_of(book, row.path) for row in answers.contacts(book)],
        "agenda": [
            (item.row._replace(key=0), item.date, item.overdue)
            for item in answers.agenda(book, answers.EVERYONE, 366)
        ],
        "briefs": _briefs(book),
        "standings": sorted(
            (item.row.uid, item.date, item.overdue)
            for item in standings(book, answers.EVERYONE, date.max)
        ),
        "problems": answers.problems(book),
        "counts": answers.counts(book),
        "without uid": answers.without_uid(book),
        "marks": marks.fetchall(),
        "asked": {
            query: [row.path for row in answers.contacts(book, where(book, query))]
            for query in QUESTIONS
        },
        "tables": tables_of(book),
    }


QUESTIONS = (
    "eva", "hi", "late or visit", '"a web"', "org:acme", "is:overdue", "is:due", "class:A", "-has:revenue",
    "sort:-next", "sort:class", "tag:vip last>2026", "promises.done:", "turnover>50", "overdue>1",
)  # fmt: skip
_NOT_ROWS = ("meta", "memos", "files", "catalog", "problems")


def tables_of(book: Book) -> dict[str, list[str]]:
    """Every row of every table, with the file's path for its number; the full text is checked, too."""
    book.db.execute("SAVEPOINT looking")
    book.db.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    book.db.execute("ROLLBACK TO looking")
    book.db.execute("RELEASE looking")
    paths = dict(book.db.execute("SELECT file, path FROM files").fetchall())
    names = book.db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%'"
    ).fetchall()
    found = {
        name: sorted(repr((paths[file], *rest)) for file, *rest in _rows(book, name))
        for (name,) in names
        if name not in _NOT_ROWS
    }
    found["search"] = sorted(
        repr((paths[row[0]], *row[1:]))
        for row in book.db.execute("SELECT rowid, name, words FROM search")
    )
    found["files"] = sorted(
        repr((path, digest, errors))
        for path, digest, errors in book.db.execute("SELECT path, digest, errors FROM files")
    )
    for name in ("catalog", "problems"):
        found[name] = sorted(map(repr, book.db.execute(f"SELECT * FROM {name}")))
    return found


def _rows(book: Book, table: str) -> list[tuple[Any, ...]]:
    """The rows of a table that begin with the file's number, without numbers that are its own."""
    info = book.db.execute("SELECT name FROM pragma_table_info(?)", (table,))
    columns = [name for (name,) in info if not (table == "reminders" and name == "reminder")]
    assert columns[0] == "file", table
    listed = ", ".join(f'"{name}"' for name in columns)
    return book.db.execute(f'SELECT {listed} FROM "{table}"').fetchall()
