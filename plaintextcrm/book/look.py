"""Does the book still show its folder? All that a command asks first, and all that most ever ask."""

import sqlite3
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from plaintextcrm.model.settings import Settings, load_settings
from plaintextcrm.store.folder import SETTINGS, Sweep, sweep, touched_at

# A file touched this shortly before we look may change again without a new time stamp: it is
# read again next time. FAT counts in steps of two seconds.
JUST_NOW = 2_000_000_000  # nanoseconds

Facts = Mapping[str, object]


class Change(NamedTuple):
    """What a refresh found: paths of contact files, and whether the settings changed.

    `missing` are files that are gone and were kept all the same; see `Look.given_up`.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    settings: bool = False
    missing: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.settings)


class Look(NamedTuple):
    """One look at the folder. `now`: nanoseconds since 1970.

    With `given_up`, a file that is gone is only forgotten when it is among these: the others may
    come back in a moment. None: whatever is gone is forgotten. `version` is which commits of other
    processes the book showed before the look; None: nobody asked.
    """

    folder: Path
    seen: Sweep
    now: int
    given_up: frozenset[str] | None = None
    version: int | None = None

    def awaits(self, path: str) -> bool:
        """True for a file that is gone and may come back in a moment."""
        return self.given_up is not None and path not in self.given_up

    def settled(self, signature: bytes) -> bytes:
        """The signature to remember; none for a file that was touched just now, or has none."""
        return signature if signature and touched_at(signature) <= self.now - JUST_NOW else b""


def look(
    folder: Path, now: int, given_up: frozenset[str] | None = None, version: int | None = None
) -> Look:
    """Look at every file of the address book once; see `Look`."""
    return Look(folder, sweep(folder), now, given_up, version)


def version_of(db: sqlite3.Connection) -> int:
    """A number that changes when another process writes into the book."""
    return int(db.execute("PRAGMA data_version").fetchone()[0])


def facts_of(db: sqlite3.Connection) -> Facts:
    """What is known of the whole book, in one question."""
    keys = "'settings', 'settings_mark', 'stamp', 'seen', 'day', 'class_year'"
    return dict(db.execute(f"SELECT key, value FROM meta WHERE key IN ({keys})").fetchall())


def held_settings(facts: Facts, at: Look) -> Settings | None:
    """The settings that the book has, where they are those of the folder or the last good ones."""
    mark = at.seen.files.get(SETTINGS, b"none")
    held = facts.get("settings")
    if held and (
        mark == facts.get("settings_mark") or at.seen.hides(SETTINGS) or settings_missing(facts, at)
    ):
        return load_settings(str(held))
    return None


def settings_missing(facts: Facts, at: Look) -> bool:
    """True while there are no settings, and those that were may come back in a moment."""
    gone = SETTINGS not in at.seen.files and facts.get("settings_mark") != b"none"
    return gone and at.awaits(SETTINGS)


def follows(facts: Facts, at: Look) -> bool:
    """True where the book shows just this folder."""
    return facts.get("stamp") == at.seen.stamp()


def shows(facts: Facts, stamp: bytes) -> bool:
    """True where the book shows the folder of this stamp, and somebody saw that nothing happened since.

    What was touched just now may change again under the same stamp. Who sees that it did not may
    believe `seen`; others only `stamp`.
    """
    return bool(stamp) and stamp in (facts.get("stamp"), facts.get("seen"))


def holds_on(db: sqlite3.Connection, facts: Facts, today: date) -> bool:
    """True where all rows of the book hold on this day; see `model.reminders.holds`.

    How long the problems of a broken file hold is not known: they are those of their day.
    """
    day = today.isoformat()
    if facts.get("class_year") != today.year - 1:
        return False
    if facts.get("day") != day and broken(db):
        return False
    first, until = db.execute(  # two questions: an index answers each at once
        "SELECT (SELECT max(holds_from) FROM contacts), (SELECT min(holds_until) FROM contacts)"
    ).fetchone()
    return first is None or bool(first <= day < until)


def broken(db: sqlite3.Connection) -> set[str]:
    """The files that have errors."""
    return {path for (path,) in db.execute("SELECT path FROM files WHERE errors > 0")}
