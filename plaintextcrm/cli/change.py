"""How commands change contacts: one way for all. Splice, prove, write, keep the original, say so."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import unified_diff
from pathlib import Path
from typing import Any

import click

from plaintextcrm.book import answers
from plaintextcrm.book.answers import EVERYONE, ContactRow, Where
from plaintextcrm.book.book import Book
from plaintextcrm.cli.output import safe, say, say_json, tell
from plaintextcrm.cli.session import Session
from plaintextcrm.model.settings import Settings
from plaintextcrm.model.errors import ChangeRefused
from plaintextcrm.store.journal import Journal, Version
from plaintextcrm.store.lock import locked
from plaintextcrm.store.read import read_file
from plaintextcrm.store.write import Changed, replace
from plaintextcrm.text.edit import Change, Refused, edit
from plaintextcrm.text.parse import parse_contact

ATTEMPTS = 5  # an editor may save while we splice: splice again on its new text


@dataclass(frozen=True, slots=True)
class Edit:
    """Changes to one contact's file."""

    path: str
    changes: tuple[Change, ...]


def dry_run_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option that all commands that write have."""
    text = "Show the change as a diff, and write nothing."
    return click.option("--dry-run", is_flag=True, help=text)(function)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a change starts from: the contacts it is about, the settings and the day."""

    rows: tuple[ContactRow, ...]
    settings: Settings
    today: date


def find(session: Session, words: Iterable[str]) -> Scene:
    """The contacts that the words find, one each."""

    def answer(book: Book) -> Scene:
        rows = tuple(answers.find_contact(book, word) for word in words)
        return Scene(rows, book.settings, book.today)

    return session.ask(answer)


def make(
    session: Session, scene: Scene, what: str, edits: Sequence[Edit], *, dry_run: bool
) -> bool:
    """Make these edits, all or none; True if they were written, False for a dry run.

    Raises ChangeRefused with the file, the line and what to do; then nothing was touched.
    """
    with locked(session.lock("edit"), what):
        versions = [_version(session, scene, item) for item in edits]
        if dry_run:
            for version in versions:
                say_diff(version)
            return False
        done = [
            _write(session, scene, item, version)
            for item, version in zip(edits, versions, strict=True)
        ]
        Journal(session.journal()).write(what, done, session.now)
    return True


def _version(session: Session, scene: Scene, item: Edit) -> Version:
    """The file's text before and after, checked."""
    try:
        data, _signature = read_file(session.folder / item.path)
        new = edit(data, item.path, *item.changes)
    except OSError as error:
        raise ChangeRefused(f"{item.path}: cannot be read: {error.strerror}") from error
    except Refused as refusal:
        raise ChangeRefused(str(refusal)) from refusal
    _demand_sound(scene, item.path, data, new)
    return Version(item.path, data.decode(), new.decode())


def _demand_sound(scene: Scene, path: str, old: bytes, new: bytes) -> None:
    """Refuse a change that brings an error into the file."""
    before, after = (
        parse_contact(data, path, scene.settings, scene.today).problems for data in (old, new)
    )
    known = {(problem.code, problem.message) for problem in before}
    for problem in after:
        if problem.severity == "error" and (problem.code, problem.message) not in known:
            hint = f" ({problem.hint})" if problem.hint else ""
            raise ChangeRefused(f"{path}: {problem.message}{hint}")


def _write(session: Session, scene: Scene, item: Edit, version: Version) -> Version:
    for _attempt in range(ATTEMPTS):
        assert version.before is not None
        assert version.after is not None
        try:
            replace(session.folder / item.path, version.after.encode(), was=version.before.encode())
            return version
        except Changed:
            version = _version(session, scene, item)
    raise ChangeRefused(f"{item.path}: somebody else keeps changing it; try again")


def say_diff(version: Version) -> None:
    """The change as a unified diff."""
    before = (version.before or "").splitlines(keepends=True)
    after = (version.after or "").splitlines(keepends=True)
    for line in unified_diff(before, after, f"a/{version.path}", f"b/{version.path}"):
        say(safe(line.rstrip("\r\n")))


def tell_done(session: Session, done: str, row: ContactRow) -> None:
    """One line: what was done, and the day on which the contact comes up next."""
    coming = session.ask(lambda book: next_of(book, row.path))
    tell(f"{done}. {coming}")


def next_of(book: Book, path: str) -> str:
    """`Next: 3 Nov (keep in touch)`."""
    only = Where("f.path = :path", {"path": path})
    coming = [
        item
        for item in answers.standings(book, only, date.max)
        if item.row.kind in ("keep-in-touch", "follow-up")
    ]
    if not coming:
        return "Next: no date"
    first = min(coming, key=lambda item: item.date)
    return f"Next: {spoken(first.date, book.today)} ({first.row.kind.replace('-', ' ')})"


def spoken(day: date, today: date) -> str:
    """`today`, `tomorrow`, `3 Nov`, `3 Nov 2027`."""
    ahead = (day - today).days
    if ahead in (0, 1):
        return ("today", "tomorrow")[ahead]
    return f"{day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")
