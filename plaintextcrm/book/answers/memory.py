"""Texts and notes that the book keeps for others: it is a cache of theirs, too."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress

from plaintextcrm.book.book import Book
from plaintextcrm.book.tables import meta

MANY_VALUES = 900  # in one question: older SQLite takes 999

SPARE_MEMOS = 1000  # several feeds share the table: what one does not need another may


def memos(book: Book, keys: Iterable[bytes]) -> dict[bytes, str]:
    """The remembered texts of these keys."""
    wanted = list(keys)
    found: dict[bytes, str] = {}
    for start in range(0, len(wanted), MANY_VALUES):
        part = wanted[start : start + MANY_VALUES]
        marks = ",".join("?" * len(part))
        found |= book.db.execute(f"SELECT key, text FROM memos WHERE key IN ({marks})", part)
    return found | {key: book.memos[key] for key in wanted if key in book.memos}


def note(book: Book, name: str) -> str:
    """What was noted under a name in this book's cache; empty where nothing was."""
    return str(meta(book.db, f"note {name}") or "")


def remember(
    book: Book, texts: Mapping[bytes, str], keep: Iterable[bytes], notes: Mapping[str, str]
) -> None:
    """Remember new texts and notes; texts are cleared of all but `keep` when most of them are stale.

    What is asked afterwards sees the folder as before. What cannot be remembered is made again.
    """
    from plaintextcrm.book.tables import set_meta, writing

    if not texts and all(note(book, name) == text for name, text in notes.items()):
        return
    if not book.in_memory:
        book.memos |= texts
    with suppress(sqlite3.Error, OSError), book.beside() as db, writing(db):
        for name, text in notes.items():
            set_meta(db, f"note {name}", text)
        if texts:
            _clear_memos(db, {*keep})
            db.executemany("INSERT OR REPLACE INTO memos VALUES (?, ?)", texts.items())


def _clear_memos(db: sqlite3.Connection, kept: set[bytes]) -> None:
    known = [key for (key,) in db.execute("SELECT key FROM memos")]
    if len(known) > SPARE_MEMOS + 3 * len(kept):
        stale = [(key,) for key in known if key not in kept]
        db.executemany("DELETE FROM memos WHERE key = ?", stale)
