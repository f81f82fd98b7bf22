"""`edit`: a contact in the person's own editor, and checked afterwards."""

import sys
import tempfile
from pathlib import Path

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.adding import contact_argument
from plaintextcrm.cli.change import (
    How,
    Planned,
    Work,
    path_called,
    read,
    say_diff,
    say_done,
    share,
    writes,
)
from plaintextcrm.cli.check import text_of as lines_of
from plaintextcrm.cli.editor import open_file
from plaintextcrm.cli.output import tell
from plaintextcrm.cli.session import Session
from plaintextcrm.model.errors import ContactNotFound
from plaintextcrm.model.problem import Problem
from plaintextcrm.store.change import Version, text_of
from plaintextcrm.store.journal import Journal
from plaintextcrm.store.lock import locked
from plaintextcrm.store.read import read_file
from plaintextcrm.text.parse import contact_id


@click.command(epilog="Example: plaintextcrm edit mala")
@contact_argument
@writes
def command(session: Session, how: How, contact: str) -> None:
    """Open the file of CONTACT in your editor (VISUAL, else EDITOR), and check it afterwards.

    Where it then has an error, it can be opened again at its line. Exit code 1: it still has one.
    """
    path = session.ask(lambda book: _path(book, contact))
    before = read(session, path)
    if how.dry_run:
        _try(path, before)
        return
    try:
        errors = _edit(session, path)
    finally:
        changed = _keep(session, path, before)
    done = f"Edited {path}" if changed else f"{path} is as it was"
    say_done(session, how, _work(path, done), changed=True)
    share(session, [path] if changed else [])
    click.get_current_context().exit(1 if errors else 0)


def _work(path: str, done: str) -> Work:
    return Work(f"edit {contact_id(path)}", done, [path], lambda: Planned([], []))


def _path(book: Book, word: str) -> str:
    """The contact's file; also one that is too broken for the book to know more than its name."""
    try:
        return answers.find_contact(book, word).path
    except ContactNotFound:
        path = path_called(book, word)
        if not path:
            raise
        return path


def _edit(session: Session, path: str) -> list[Problem]:
    """Open the file as often as the person wants; the errors that are left."""
    line = 0
    while True:
        open_file(session.folder / path, line)
        problems = session.ask(lambda book: answers.problems(book, [path]))
        errors = [problem for problem in problems if problem.severity == "error"]
        for problem in problems:
            tell("\n".join(lines_of(problem)))
        line = errors[0].place.line if errors else 0
        if not errors or not sys.stdin.isatty():
            return errors
        if not click.confirm(f"Open it again at line {line}?", default=True, err=True):
            return errors


def _keep(session: Session, path: str, before: bytes) -> bool:
    """Write what the editor changed into the journal; True if it changed something."""
    after = None
    if (session.folder / path).exists():
        after, _signature = read_file(session.folder / path)
    if after == before:
        return False
    version = Version(path, text_of(before), None if after is None else text_of(after))
    with locked(session.lock("edit"), f"edit {contact_id(path)}"):
        journal = Journal(session.journal())
        journal.finish(journal.begin(f"edit {contact_id(path)}", [version], session.now))
    if after is None:
        tell(f"{path} is gone. `plaintextcrm undo` brings it back.")
    return True


def _try(path: str, before: bytes) -> None:
    """The same with a copy, of which only the difference is shown."""
    with tempfile.TemporaryDirectory(prefix="plaintextcrm-") as folder:
        copy = Path(folder) / Path(path).name
        copy.write_bytes(before)
        open_file(copy)
        say_diff(Version(path, text_of(before), text_of(copy.read_bytes())))
