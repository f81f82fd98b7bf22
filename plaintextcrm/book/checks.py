"""What is wrong between files: twins, references to nobody. A plain list of checks, in order."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache

from plaintextcrm.book.rows import problem_row
from plaintextcrm.model.problem import Place, Problem
from plaintextcrm.store.folder import Sweep
from plaintextcrm.text.fold import fold, key_of
from plaintextcrm.text.parse import contact_id
from plaintextcrm.text.source import Text, shown
from plaintextcrm.text.suggest import suggest

NAMED = 3  # files in a message; more are counted
_ID_HINT = "a contact's id is its file name without .yaml"
_LIKE_AN_ID = re.compile(r"[a-z0-9]+([-_.][a-z0-9]+)+")


def check_folder(sweep: Sweep) -> Iterator[Problem]:
    """What a look at the folder shows without opening a file."""
    for path, what in sorted(sweep.odd.items()):
        yield Problem(
            path, Place(), "not-a-file", f"{what} is not read", "put the file itself here"
        )
    for path, why in sorted(sweep.closed.items()):
        hint = "the last good versions are used until it can be read"
        yield Problem(path, Place(), "unreadable", f"cannot be read: {why}", hint)
    for path, original in sorted(sweep.copies.items()):
        message = f"a sync tool's copy of {original}, which is not read"
        hint = f"move what is right into {original}, then delete this file"
        yield Problem(path, Place(), "conflict-copy", message, hint)


def check_book(db: sqlite3.Connection) -> Iterator[Problem]:
    """All problems between the contacts of the book."""
    for check in _CHECKS:
        for problem in check(db):
            yield replace(problem, source=_source(db, problem))


def _source(db: sqlite3.Connection, problem: Problem) -> str:
    """The line of the problem; of a private contact it is not repeated."""
    if problem.place == Place():
        return ""
    text, private = db.execute(
        "SELECT text, private FROM texts JOIN contacts USING (file) JOIN files USING (file)"
        " WHERE path = ?",
        (problem.path,),
    ).fetchone()
    return "" if private else Text(problem.path, text).line(problem.place.line)


def write_problems(db: sqlite3.Connection, origin: str, problems: Iterable[Problem]) -> None:
    """Replace the problems of one origin (`folder` or `book`)."""
    db.execute("DELETE FROM problems WHERE origin = ?", (origin,))
    rows = [problem_row(problem, origin) for problem in problems]
    db.executemany("INSERT INTO problems VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows)


def _duplicate_ids(db: sqlite3.Connection) -> Iterator[Problem]:
    rows = db.execute(
        "SELECT key, path FROM contacts JOIN files USING (file) WHERE key IN"
        " (SELECT key FROM contacts GROUP BY key HAVING count(*) > 1) ORDER BY key, path"
    ).fetchall()
    twins = _paths(rows)
    for key, path in rows:
        message = f"{_others(twins[key], path)} the same name"
        yield Problem(path, Place(), "duplicate-id", message, "rename one of the files")


def _duplicate_uids(db: sqlite3.Connection) -> Iterator[Problem]:
    rows = db.execute(
        "SELECT contacts.uid, path, line, column, end_line, end_column FROM contacts"
        " JOIN files USING (file) LEFT JOIN marks ON marks.file = contacts.file AND"
        " marks.kind = 'uid' WHERE uid IN (SELECT uid FROM contacts GROUP BY uid"
        " HAVING count(*) > 1 AND max(own_uid))"  # without any line it is the name that is the same
        " ORDER BY contacts.uid, path"
    ).fetchall()
    twins = _paths(row[:2] for row in rows)
    for uid, path, *place in rows:
        message = f"{_others(twins[uid], path)} the same `uid`"
        hint = "delete the line in the newer file and run `plaintextcrm check --fix`"
        yield Problem(path, Place(*place) if place[0] else Place(), "duplicate-uid", message, hint)


def _same_emails(db: sqlite3.Connection) -> Iterator[Problem]:
    rows = db.execute(
        "SELECT key, path, line, column, end_line, end_column FROM marks"
        " JOIN files USING (file) WHERE kind = 'email' AND key IN (SELECT key FROM marks WHERE"
        " kind = 'email' GROUP BY key HAVING count(DISTINCT file) > 1) ORDER BY key, path, line"
    ).fetchall()
    twins = _paths(row[:2] for row in rows)
    for key, path, *place in rows:
        message = f"{_others(twins[key], path)} the same e-mail address"
        yield Problem(path, Place(*place), "same-email", message, "one person in two files?")


def _paths(rows: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The files that have each key, in order, each once."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for key, path in rows:
        found[key][path] = None
    return {key: list(paths) for key, paths in found.items()}


def _others(paths: list[str], path: str) -> str:
    """The files but one, with their verb: `a.yaml has`, `a.yaml and b.yaml have`."""
    others = [other for other in paths[: NAMED + 1] if other != path][:NAMED]
    more = len(paths) - 1 - len(others)
    if more:
        return f"{', '.join(others)} and {more} more have"
    return f"{' and '.join(others)} {'has' if len(others) == 1 else 'have'}"


def _unknown_contacts(db: sqlite3.Connection) -> Iterator[Problem]:
    rows = db.execute(
        "SELECT path, marks.kind, text, private, line, column, end_line, end_column FROM marks"
        " JOIN files USING (file) JOIN contacts AS owner USING (file)"
        " WHERE marks.kind IN ('contact', 'mention')"
        " AND NOT EXISTS (SELECT 1 FROM contacts WHERE contacts.key = marks.key)"
        " ORDER BY path, line, column"
    ).fetchall()
    if not rows:
        return
    ids = [contact_id(path) for (path,) in db.execute("SELECT path FROM files")]
    there = {key_of(known) for known in ids}  # also a file too broken to make a contact
    near_to = cache(lambda key: suggest(key, ids))
    for path, kind, text, private, *place in rows:
        if key_of(text) in there:
            continue
        message = "there is no such contact" if private else f"there is no contact `{shown(text)}`"
        near = near_to(fold(text)) if kind == "contact" or _LIKE_AN_ID.fullmatch(text) else []
        hint = f"did you mean `{near[0]}`?" if near else _ID_HINT
        if kind == "contact":
            yield Problem(path, Place(*place), "unknown-contact", message, hint)
        elif near:
            yield Problem(path, Place(*place), "mentioned-contact", message, hint)


_CHECKS: tuple[Callable[[sqlite3.Connection], Iterator[Problem]], ...] = (
    _duplicate_ids,
    _duplicate_uids,
    _same_emails,
    _unknown_contacts,
)
