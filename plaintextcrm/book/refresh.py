"""Keeping the book true to the folder: one stat per file, and only what changed is parsed."""

import sqlite3
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from plaintextcrm.book.catalog import put_catalog
from plaintextcrm.book.tables import (
    Rows,
    Writer,
    forget_file,
    meta,
    put_file,
    put_problems,
    set_meta,
    writing,
)
from plaintextcrm.model.problem import Problem
from plaintextcrm.model.settings import Settings, dump_settings, load_settings
from plaintextcrm.store.folder import SETTINGS, Sweep, sweep, touched_at

# A file touched this shortly before we look may change again without a new time stamp: it is
# read again next time. FAT counts in steps of two seconds.
JUST_NOW = 2_000_000_000  # nanoseconds


@dataclass(frozen=True, slots=True)
class Change:
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


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the folder. `now`: nanoseconds since 1970.

    With `given_up`, a file that is gone is only forgotten when it is among these: the others may
    come back in a moment. None: whatever is gone is forgotten.
    """

    folder: Path
    seen: Sweep
    now: int
    given_up: frozenset[str] | None = None

    def awaits(self, path: str) -> bool:
        """True for a file that is gone and may come back in a moment."""
        return self.given_up is not None and path not in self.given_up

    def settled(self, signature: bytes) -> bytes:
        """The signature to remember; none for a file that was touched just now, or has none."""
        return signature if signature and touched_at(signature) <= self.now - JUST_NOW else b""


def look(folder: Path, now: int, given_up: frozenset[str] | None = None) -> Look:
    """Look at every file of the address book once; see `Look`."""
    return Look(folder, sweep(folder), now, given_up)


def read_settings(db: sqlite3.Connection, at: Look) -> tuple[Settings, bool]:
    """The settings, and whether they changed; while their file is broken, the last good ones."""
    mark = at.seen.files.get(SETTINGS, b"none")
    held = meta(db, "settings")
    if held and (
        mark == meta(db, "settings_mark") or at.seen.hides(SETTINGS) or settings_missing(db, at)
    ):
        return load_settings(str(held)), False
    with writing(db):
        return _renew_settings(db, at, str(held) if held else None)


def settings_missing(db: sqlite3.Connection, at: Look) -> bool:
    """True while there are no settings, and those that were may come back in a moment."""
    gone = SETTINGS not in at.seen.files and meta(db, "settings_mark") != b"none"
    return gone and at.awaits(SETTINGS)


def _renew_settings(db: sqlite3.Connection, at: Look, held: str | None) -> tuple[Settings, bool]:
    from plaintextcrm.book.parsing import unreadable
    from plaintextcrm.book.rows import problem_row
    from plaintextcrm.store.read import read_file
    from plaintextcrm.text.parse import parse_settings

    settings, mark = Settings(), b"none"
    problems: tuple[Problem, ...] = ()
    if SETTINGS in at.seen.files:
        try:
            data, signature = read_file(at.folder / SETTINGS)
        except OSError as error:
            mark, problems = b"", (unreadable(SETTINGS, error),)
        else:
            mark = at.settled(signature)
            settings, problems = parse_settings(data, SETTINGS)
        if any(problem.severity == "error" for problem in problems):
            settings = load_settings(held) if held else settings
            set_meta(db, "settings_sound", bool(held) and meta(db, "settings_sound") != 0)
        else:
            set_meta(db, "settings_sound", True)
    put_problems(db, SETTINGS, [problem_row(problem, "file") for problem in problems])
    set_meta(db, "settings_mark", mark)
    dumped = dump_settings(settings)
    if dumped == held:
        return settings, False
    set_meta(db, "settings", dumped)
    put_catalog(db, settings)
    # Settings decide what values mean: every file is read anew, and what is held of a file that is
    # broken now is made anew from its last good text.
    db.execute("UPDATE files SET signature = x'', digest = x''")
    db.execute("UPDATE contacts SET holds_until = ''")
    set_meta(db, "stamp", b"")
    return settings, held is not None


def follows(db: sqlite3.Connection, at: Look) -> bool:
    """True where the book shows just this folder."""
    return meta(db, "stamp") == at.seen.stamp()


def holds_on(db: sqlite3.Connection, today: date) -> bool:
    """True where all rows of the book hold on this day; see `model.reminders.holds`.

    How long the problems of a broken file hold is not known: they are those of their day.
    """
    if meta(db, "class_year") != today.year - 1:
        return False
    if meta(db, "day") != today.isoformat() and _broken(db):
        return False
    first, until = db.execute("SELECT max(holds_from), min(holds_until) FROM contacts").fetchone()
    return first is None or bool(first <= today.isoformat() < until)


def _broken(db: sqlite3.Connection) -> set[str]:
    return {path for (path,) in db.execute("SELECT path FROM files WHERE errors > 0")}


def bring(db: sqlite3.Connection, at: Look, settings: Settings, today: date) -> Change:
    """Bring the book up to date with the folder, in one transaction.

    The folder is looked at again, now that nobody else writes: another process may have waited for
    less time, and seen more.
    """
    with writing(db):
        at = look(at.folder, at.now, at.given_up)
        change = _follow(db, at, settings, today)
        _settle(db, settings, today)
        _check(db, at)
        unsettled = db.execute("SELECT 1 FROM files WHERE signature = x'' LIMIT 1").fetchone()
        set_meta(db, "stamp", b"" if unsettled or change.missing else at.seen.stamp())
    return change


def _follow(db: sqlite3.Connection, at: Look, settings: Settings, today: date) -> Change:
    """Read what is new or changed, forget what is gone."""
    from plaintextcrm.book.parsing import Task, parse_files

    known = {
        path: (file, mark, digest)
        for file, path, mark, digest, _errors in db.execute("SELECT * FROM files")
    }
    again = _broken(db) if meta(db, "day") != today.isoformat() else set()
    fresh = sorted(
        path
        for path, mark in at.seen.files.items()
        if path != SETTINGS and (path not in known or known[path][1] != mark or path in again)
    )
    digests = {path: known[path][2] for path in fresh if path in known and path not in again}
    classes = _classes(db) if fresh else {}
    added: list[str] = []
    changed: list[str] = []
    writer = Writer(db)
    for found in parse_files(Task(at.folder, settings, today, digests, classes), fresh):
        errors = found.rows.errors if found.rows else None
        file = put_file(db, found.path, at.settled(found.signature), found.digest, errors)
        if found.rows is not None:
            writer.put_rows(file, found.rows, found.path not in known)
            _hide(writer, file, found.rows)
            if found.path not in known:
                added.append(found.path)
            elif found.digest != known[found.path][2]:  # else it is broken as before
                changed.append(found.path)
    writer.flush()
    set_meta(db, "day", today.isoformat())
    gone = sorted(path for path in known if path not in at.seen.files and not at.seen.hides(path))
    missing = [path for path in gone if at.awaits(path)]
    removed = [path for path in gone if not at.awaits(path)]
    if settings_missing(db, at):
        missing.append(SETTINGS)
    for path in removed:
        forget_file(db, known[path][0], path)
    return Change(tuple(added), tuple(changed), tuple(removed), missing=tuple(missing))


def _hide(writer: Writer, file: int, rows: Rows) -> None:
    """A broken text that says it is private hides the last good version, too."""
    from plaintextcrm.text.reader import Text

    if not rows.good and Text(rows.path, rows.text).private:
        writer.flush()
        writer.db.execute("UPDATE contacts SET private = 1 WHERE file = ?", (file,))


def _classes(db: sqlite3.Connection) -> dict[str, str]:
    rows = db.execute("SELECT path, class FROM contacts JOIN files USING (file) WHERE class != ''")
    return dict(rows.fetchall())


def _settle(db: sqlite3.Connection, settings: Settings, today: date) -> None:
    """What depends on the day and on all contacts together: which rows are made anew."""
    from plaintextcrm.book.classes import changed_classes

    renewed = changed_classes(db, today.year - 1)
    db.executemany(
        "UPDATE contacts SET class = ? WHERE file = ?",
        [(letter, file) for file, letter in renewed.items()],
    )
    set_meta(db, "class_year", today.year - 1)
    stale = db.execute(
        "SELECT file FROM contacts WHERE holds_from > ?1 OR holds_until <= ?1", (today.isoformat(),)
    ).fetchall()
    wanting = (
        db.execute("SELECT file FROM contacts WHERE wants_class").fetchall() if renewed else []
    )
    for file in {file for (file,) in stale} | {file for (file,) in wanting} & set(renewed):
        _remake(db, file, settings, today)


def _remake(db: sqlite3.Connection, file: int, settings: Settings, today: date) -> None:
    """Make a contact's rows again from its last good text."""
    from plaintextcrm.book.rows import rows_of

    path, text, letter, good, errors, private = db.execute(
        "SELECT path, text, class, good, errors, private FROM files JOIN texts USING (file)"
        " JOIN contacts USING (file) WHERE file = ?",
        (file,),
    ).fetchone()
    rows = rows_of(text.encode(), path, settings, today, letter)
    if good and not rows.good and errors:  # other settings came meanwhile: still the best there is
        rows = replace(rows, contact=(good, *rows.contact[1:]))
    writer = Writer(db)
    writer.put_contact(file, rows)
    writer.flush()
    if private and errors:
        db.execute("UPDATE contacts SET private = 1 WHERE file = ?", (file,))
    if not (good and errors):  # else the file's problems are those of a newer, broken text
        put_problems(db, path, rows.problems)


def _check(db: sqlite3.Connection, at: Look) -> None:
    """What is wrong between files."""
    from plaintextcrm.book.checks import check_book, check_folder, write_problems

    write_problems(db, "folder", check_folder(at.seen))
    write_problems(db, "book", check_book(db))
