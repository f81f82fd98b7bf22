"""Bringing the book up to date with the folder: only what changed is read and parsed."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from typing import NamedTuple, TypeAlias

from plaintextcrm.book.catalog import put_catalog
from plaintextcrm.book.look import (
    Change,
    Facts,
    Look,
    broken,
    facts_of,
    held_settings,
    holds_on,
    look,
    settings_missing,
    version_of,
)
from plaintextcrm.book.tables import (
    ByClass,
    Rows,
    Writer,
    forget_file,
    meta,
    put_class,
    put_file,
    put_problems,
    set_meta,
    writing,
)
from plaintextcrm.model.problem import Problem
from plaintextcrm.model.settings import CheckQuery, Settings, dump_settings, load_settings
from plaintextcrm.store.folder import SETTINGS

FEW = 100  # files: of so many, what they mean for others is compared


def renew_settings(
    db: sqlite3.Connection, at: Look, check_query: CheckQuery | None = None
) -> tuple[Settings, bool]:
    """The settings as the folder has them, and whether they changed; broken ones leave the last good.

    `check_query`: see `text.parse.parse_settings`.
    """
    with writing(db):
        facts = facts_of(db)
        settings = held_settings(facts, at)  # another process may have been quicker
        return (settings, False) if settings else _renew_settings(db, at, facts, check_query)


def _renew_settings(
    db: sqlite3.Connection, at: Look, facts: Facts, check_query: CheckQuery | None
) -> tuple[Settings, bool]:
    from plaintextcrm.book.parsing import unreadable
    from plaintextcrm.book.rows import problem_row
    from plaintextcrm.store.read import read_file
    from plaintextcrm.text.parse import parse_settings

    held = str(facts["settings"]) if facts.get("settings") else None
    settings, mark = Settings(), b"none"
    problems: tuple[Problem, ...] = ()
    if SETTINGS in at.seen.files:
        try:
            data, signature = read_file(at.folder / SETTINGS)
        except OSError as error:
            mark, problems = b"", (unreadable(SETTINGS, error),)
        else:
            mark = at.settled(signature)
            settings, problems = parse_settings(data, SETTINGS, check_query)
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
    set_meta(db, "seen", b"")
    return settings, held is not None


def bring(db: sqlite3.Connection, at: Look, settings: Settings, today: date) -> tuple[Change, Look]:
    """Bring the book up to date with the folder, in one transaction: what changed, by which look.

    Where another process wrote since we looked, the folder is looked at again: that one may have
    waited for less time, and seen more.
    """
    with writing(db):
        if at.version != version_of(db):
            at = look(at.folder, at.now, at.given_up)
        change, stirred, by_class = _follow(db, at, settings, today)
        if stirred or not holds_on(db, facts_of(db), today):
            _settle(db, settings, today, by_class)
            _check_book(db)
        _check_folder(db, at)
        _remember(db, b"" if change.missing else at.seen.stamp())
    return change, at


def _remember(db: sqlite3.Connection, stamp: bytes) -> None:
    """Note which folder the book shows; see `look.shows`. Who could not read a file is no witness."""
    unsure = "SELECT 1 FROM files WHERE signature = x''"
    unread = "SELECT 1 FROM problems WHERE problems.path = files.path AND code = 'unreadable'"
    unsettled = db.execute(f"{unsure} LIMIT 1").fetchone()
    missed = unsettled and db.execute(f"{unsure} AND EXISTS ({unread}) LIMIT 1").fetchone()
    set_meta(db, "stamp", b"" if unsettled else stamp)
    set_meta(db, "seen", b"" if missed else stamp)


def _follow(
    db: sqlite3.Connection, at: Look, settings: Settings, today: date
) -> tuple[Change, bool, "_ByClass"]:
    """Read what is new or changed, forget what is gone. Also: may that change what holds of others,
    and what would the classes make of what was read?
    """
    facts = facts_of(db)
    again = broken(db) if facts.get("day") != today.isoformat() else set()
    known = dict(db.execute("SELECT path, signature FROM files").fetchall())
    differ = {path for path, _mark in at.seen.files.items() - known.items()}
    fresh = sorted((differ | again & at.seen.files.keys()) - {SETTINGS})
    found = _read(db, at, settings, today, fresh, again) if fresh else _Found([], [], {}, False)
    set_meta(db, "day", today.isoformat())
    gone = sorted(path for path in known.keys() - at.seen.files.keys() if not at.seen.hides(path))
    missing = [path for path in gone if at.awaits(path)]
    removed = [path for path in gone if not at.awaits(path)]
    if settings_missing(facts, at):
        missing.append(SETTINGS)
    for path, held in _held(db, removed).items():
        forget_file(db, held.file, path)
    change = Change(
        tuple(found.added), tuple(found.changed), tuple(removed), missing=tuple(missing)
    )
    return change, found.stirred or bool(removed), found.by_class


_ByClass: TypeAlias = Mapping[int, Mapping[str, ByClass]]  # of files, by their numbers


class _Found(NamedTuple):
    """What was read: new files, changed ones, what each class would make of them, and whether they
    may change what holds of others.
    """

    added: list[str]
    changed: list[str]
    by_class: dict[int, Mapping[str, ByClass]]
    stirred: bool


def _read(
    db: sqlite3.Connection,
    at: Look,
    settings: Settings,
    today: date,
    fresh: Sequence[str],
    again: Iterable[str],
) -> _Found:
    """Read these files, those `again` even if they are what they were."""
    from plaintextcrm.book.parsing import Task, parse_files

    held = _held(db, fresh)
    digests = {path: held[path].digest for path in held.keys() - again}
    classes = {path: row.letter for path, row in held.items() if row.letter}
    meant = {path: _meaning(db, path) for path in fresh} if len(fresh) <= FEW else {}
    added, changed, by_class, stirred = [], [], {}, False
    writer, new = Writer(db), _new_numbers(db)
    for found in parse_files(Task(at.folder, settings, today, digests, classes), fresh):
        errors = found.rows.errors if found.rows else None
        mark = at.settled(found.signature)
        if found.path in held:
            file = held[found.path].file
            put_file(db, file, mark, found.digest, errors)
        else:
            file = next(new)
            writer.put_new_file((file, found.path, mark, found.digest, errors))
        if found.rows is None:
            continue
        if writer.put_rows(file, found.rows, found.path not in held) and found.rows.by_class:
            by_class[file] = found.rows.by_class
        _hide(writer, file, found.rows)
        if found.path not in held:
            added.append(found.path)
        elif found.digest != held[found.path].digest:  # else it is broken as before
            changed.append(found.path)
        before = meant.get(found.path)
        if before is not None:
            writer.flush()
        stirred = stirred or before is None or _meaning(db, found.path) != before
    writer.flush()
    return _Found(added, changed, by_class, stirred)


def _new_numbers(db: sqlite3.Connection) -> Iterator[int]:
    [(last,)] = db.execute("SELECT max(file) FROM files")
    return count((last or 0) + 1)


class _Held(NamedTuple):
    """What the book has of a file."""

    file: int
    digest: bytes
    letter: str | None


def _held(db: sqlite3.Connection, paths: Sequence[str]) -> dict[str, _Held]:
    """What the book has of those of these files that it knows."""
    sql = "SELECT path, file, digest, class FROM files LEFT JOIN contacts USING (file)"
    if len(paths) <= FEW:
        rows = [row for path in paths for row in db.execute(f"{sql} WHERE path = ?", (path,))]
    else:
        wanted = set(paths)
        rows = [row for row in db.execute(sql) if row[0] in wanted]
    return {row[0]: _Held._make(row[1:]) for row in rows}


def _meaning(db: sqlite3.Connection, path: str) -> object:
    """What a file says that matters for others: while it is the same, so is all that holds of them.

    None where that is not enough: a new file, and one with a problem that shows its place in the text.
    """
    row = db.execute(
        "SELECT file, uid, own_uid FROM files"
        " LEFT JOIN contacts USING (file) WHERE path = ?1 AND NOT EXISTS"
        " (SELECT 1 FROM problems WHERE problems.path = ?1 AND origin = 'book')",
        (path,),
    ).fetchone()
    if row is None:
        return None
    marks = db.execute("SELECT kind, key FROM marks WHERE file = ?", row[:1]).fetchall()
    revenue = db.execute(
        "SELECT year, amount, amount_currency FROM revenue WHERE file = ?", row[:1]
    ).fetchall()
    return row, sorted(marks), sorted(revenue)


def _hide(writer: Writer, file: int, rows: Rows) -> None:
    """A broken text that says it is private hides the last good version, too."""
    from plaintextcrm.text.source import Text

    if not rows.good and Text(rows.path, rows.text).private:
        writer.flush()
        writer.db.execute("UPDATE contacts SET private = 1 WHERE file = ?", (file,))


def _settle(db: sqlite3.Connection, settings: Settings, today: date, by_class: _ByClass) -> None:
    """What depends on the day and on all contacts together: which rows are made anew."""
    from plaintextcrm.book.classes import changed_classes

    renewed = changed_classes(db, today.year - 1, settings)
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
        if file in by_class and file in renewed:
            put_class(db, file, by_class[file][renewed[file]])
        else:
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
        rows = rows._replace(contact=(good, *rows.contact[1:]))
    writer = Writer(db)
    writer.put_contact(file, rows)
    writer.flush()
    if private and errors:
        db.execute("UPDATE contacts SET private = 1 WHERE file = ?", (file,))
    if not (good and errors):  # else the file's problems are those of a newer, broken text
        put_problems(db, path, rows.problems)


def _check_book(db: sqlite3.Connection) -> None:
    """What is wrong between files."""
    from plaintextcrm.book.checks import check_book, write_problems

    write_problems(db, "book", check_book(db))


def _check_folder(db: sqlite3.Connection, at: Look) -> None:
    """What a look at the folder shows; most show nothing."""
    told = db.execute("SELECT 1 FROM problems WHERE origin = 'folder' LIMIT 1").fetchone()
    if told or at.seen.odd or at.seen.closed or at.seen.copies:
        from plaintextcrm.book.checks import check_folder, write_problems

        write_problems(db, "folder", check_folder(at.seen))
