"""Classes A, B, C: who carries the turnover of a year."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from plaintextcrm.model.settings import Settings

CLASSES = ("A", "B", "C")
A_SHARE, B_SHARE = 0.80, 0.95


class Standing(NamedTuple):
    """A contact's place among those with turnover in a currency.

    `share` is its part of the whole; `before` the part of those who stand above. Both from 0 to 1.
    """

    file: int
    amount: float
    currency: str
    share: float
    before: float

    @property
    def letter(self) -> str:
        """Those who begin below 80 % of the sum are A, below 95 % B, the rest C."""
        begin = round(self.before, 9)  # sums of cents are not exact
        return "A" if begin < A_SHARE else "B" if begin < B_SHARE else "C"


def ranking(db: sqlite3.Connection, year: int, settings: Settings) -> Iterator[Standing]:
    """Everybody with turnover in `year`, the largest first, one currency behind the other.

    What the settings have a rate for is turned into their currency; the other currencies stand apart.
    """
    turnover: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for file, amount, currency in db.execute(
        "SELECT file, sum(amount), amount_currency FROM revenue JOIN contacts USING (file)"
        " JOIN files USING (file) WHERE year = ? GROUP BY file, amount_currency ORDER BY id, path",
        (year,),
    ):
        converted, into = settings.converted(amount, currency)
        turnover[into][file] += converted
    for currency in sorted(turnover, key=lambda one: (one != settings.currency.upper(), one)):
        rows = [(file, amount) for file, amount in turnover[currency].items() if amount > 0]
        total = sum(amount for _file, amount in rows)
        running = 0.0
        for file, amount in sorted(rows, key=lambda row: -row[1]):
            yield Standing(file, amount, currency, amount / total, running / total)
            running += amount


def classes(db: sqlite3.Connection, year: int, settings: Settings) -> dict[int, str]:
    """The class of each file's contact by its turnover of `year`; others have none.

    With turnover in several currencies, a contact has the best of its classes.
    """
    found: dict[int, str] = {}
    for standing in ranking(db, year, settings):
        found[standing.file] = min(found.get(standing.file, "C"), standing.letter)
    return found


def changed_classes(db: sqlite3.Connection, year: int, settings: Settings) -> dict[int, str]:
    """The files whose class is no longer the one in the book, with their new class (or none)."""
    now = classes(db, year, settings)
    held = dict(db.execute("SELECT file, class FROM contacts WHERE class != ''"))
    files = set(now) | set(held)
    return {file: now.get(file, "") for file in files if now.get(file, "") != held.get(file, "")}
