"""All that a book answers, to compare two of them."""

import time
from datetime import date
from pathlib import Path
from typing import Any

from plaintextcrm.book import answers
from plaintextcrm.book.answers.reminders import standings
from plaintextcrm.book.book import Book

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
    }
