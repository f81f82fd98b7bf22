"""Classes A, B, C: who carries the turnover of the last full year."""

import sqlite3
from collections import defaultdict

CLASSES = ("A", "B", "C")
A_SHARE, B_SHARE = 0.80, 0.95


def classes(db: sqlite3.Connection, year: int) -> dict[int, str]:
    """The class of each file's contact by its share of the turnover of `year`; others have none.

    Largest first, those who begin below 80 % of the sum are A, below 95 % B, the rest C.
    Currencies stand apart: a contact has the best of its classes.
    """
    turnover = defaultdict(list)
    for file, amount, currency in db.execute(
        "SELECT file, sum(amount) AS turnover, amount_currency FROM revenue JOIN contacts USING (file)"
        " JOIN files USING (file)"
        " WHERE year = ? GROUP BY file, amount_currency HAVING turnover > 0"
        " ORDER BY turnover DESC, id, path",
        (year,),
    ):
        turnover[currency].append((file, amount))
    found: dict[int, str] = {}
    for rows in turnover.values():
        total = sum(amount for _file, amount in rows)
        running = 0.0
        for file, amount in rows:
            share = round(running / total, 9)  # sums of cents are not exact
            letter = "A" if share < A_SHARE else "B" if share < B_SHARE else "C"
            found[file] = min(found.get(file, letter), letter)
            running += amount
    return found


def changed_classes(db: sqlite3.Connection, year: int) -> dict[int, str]:
    """The files whose class is no longer the one in the book, with their new class (or none)."""
    now = classes(db, year)
    held = dict(db.execute("SELECT file, class FROM contacts WHERE class != ''"))
    files = set(now) | set(held)
    return {file: now.get(file, "") for file in files if now.get(file, "") != held.get(file, "")}
