"""How commands change contacts, one way for all: splice, prove, write all files or none, say so."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, NamedTuple

import click

from plaintextcrm.book import answers
from plaintextcrm.book.answers import ContactRow
from plaintextcrm.book.book import Book
from plaintextcrm.cli.output import one_line, say, tell, to_json
from plaintextcrm.cli.session import Session, session
from plaintextcrm.model.errors import ChangeRefused, ContactNotFound, CrmError, NotConfirmed
from plaintextcrm.model.problem import Problem
from plaintextcrm.model.settings import Settings
from plaintextcrm.store.change import Version, bytes_of, change, read_settled, text_of
from plaintextcrm.store.journal import Journal
from plaintextcrm.store.lock import locked
from plaintextcrm.store.write import ATTEMPTS, PAUSE, Changed
from plaintextcrm.text.edit import Change, Refused, edit
from plaintextcrm.text.fold import key_of
from plaintextcrm.text.parse import contact_id, parse_contact

MANY = 3  # contacts: more have a line each
LISTED = 20  # and more than so many are counted


class How(NamedTuple):
    """The options that all commands that write have."""

    dry_run: bool
    form: str


def writes(function: Callable[..., None]) -> Callable[..., Any]:
    """A command that changes contacts: it is given the session and its `How`, then its own values."""

    @click.option("--dry-run", is_flag=True, help="Show the change as a diff, and write nothing.")
    @click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
    @session
    @wraps(function)
    def command(session: Session, /, dry_run: bool, form: str, **values: Any) -> None:
        function(session, How(dry_run, form), **values)

    return command


class Scene(NamedTuple):
    """What a change starts from: the contacts it is about, the settings and the day."""

    rows: tuple[ContactRow, ...]
    settings: Settings
    today: date

    @property
    def row(self) -> ContactRow:
        """The one contact of most commands."""
        return self.rows[0]


def find(session: Session, *words: str) -> Scene:
    """The contacts that the words find, one each. Asks the book once."""
    return session.ask(lambda book: scene_of(book, words))


def scene_of(book: Book, words: Iterable[str]) -> Scene:
    """The same, within a question to the book."""
    rows = {row.path: row for row in (_find(book, word) for word in words)}
    return Scene(tuple(rows.values()), book.settings, book.today)


def _find(book: Book, word: str) -> ContactRow:
    """The contact; where only a file too broken to be one is called so, what is wrong with it."""
    try:
        return answers.find_contact(book, word)
    except ContactNotFound:
        path = path_called(book, word)
        for problem in answers.problems(book, [path]) if path else ():
            where = f"{path}:{problem.place.line}:{problem.place.column}"
            raise ChangeRefused(
                f"{where}: {problem.message}; mend this first. See `plaintextcrm check {path}`."
            ) from None
        raise


def path_called(book: Book, word: str) -> str:
    """The file with this id or path, whatever is in it; empty where there is none."""
    called = key_of(word)
    known = answers.paths(book)
    return next((path for path in known if path == word or key_of(contact_id(path)) == called), "")


@dataclass(frozen=True, slots=True)
class Edit:
    """Changes to one contact's file. They are made from its text, for it may change meanwhile."""

    path: str
    changes: Callable[[bytes], Sequence[Change]]


def always(path: str, *changes: Change) -> Edit:
    """Changes that do not depend on the text."""
    return Edit(path, lambda data: changes)


class Planned(NamedTuple):
    """Files with their texts before and after, and what is to be said of them."""

    versions: list[Version]
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class Work:
    """A command's change. `what` names it in the journal, `done` says it to the person; `paths` are
    the files of the contacts it is about. `plan` may be called again when a file changed meanwhile.
    """

    what: str
    done: str
    paths: Sequence[str]
    plan: Callable[[], Planned]


def carry_out(session: Session, how: How, work: Work) -> None:
    """Make the change and say so, or show it only. Raises ChangeRefused, NotWritten or Locked."""
    if how.dry_run:
        planned = _settled(work.plan)
        for version in planned.versions:
            say_diff(version)
    else:
        planned = make(session, work.what, work.plan)
        say_done(session, how, work, changed=bool(planned.versions))
        share(session, [version.path for version in planned.versions])
    for warning in planned.warnings:
        tell(f"Warning: {warning}")


def share(session: Session, paths: list[str]) -> None:
    """Commit what was changed, where the settings want that."""
    if paths and session.autosync:
        from plaintextcrm.cli.sync import after_writing

        after_writing(session, paths)


def make(session: Session, what: str, plan: Callable[[], Planned]) -> Planned:
    """Change all files of the plan, or none. Raises ChangeRefused, NotWritten or Locked."""
    journal = Journal(session.journal())
    with locked(session.lock("edit"), what):
        for record in journal.recover(session.folder):
            tell(f"`{record.what}` was stopped half way; what it had changed was taken back.")

        def attempt() -> Planned:
            planned = plan()
            if planned.versions:
                _write(session, journal, what, planned)
            return planned

        return _settled(attempt)


def _settled(attempt: Callable[[], Planned]) -> Planned:
    """What comes of an attempt that no other program disturbs."""
    for number in range(ATTEMPTS):
        time.sleep(PAUSE * (1 << number) if number else 0)
        with suppress(Changed):
            return attempt()
    raise ChangeRefused(
        "The file is gone, or another program keeps changing it. Nothing was changed; try again."
    )


def _write(session: Session, journal: Journal, what: str, planned: Planned) -> None:
    """Change the files; where that fails, none is changed. Raises Changed, too."""
    record = journal.begin(what, planned.versions, session.now)
    try:
        change(session.folder, planned.versions)
    except NotConfirmed:
        journal.finish(record)
        raise
    except BaseException:
        journal.take_back(record, session.folder)
        raise
    journal.finish(record)


def spliced(session: Session, scene: Scene, edits: Iterable[Edit]) -> Planned:
    """The plan of these edits: each file as it is now and as it will be; unchanged ones are left out."""
    planned = Planned([], [])
    for item in edits:
        data = read(session, item.path)
        try:
            new = edit(data, item.path, *item.changes(data))
        except Refused as refusal:
            raise ChangeRefused(_refusal(scene, item.path, data, refusal)) from refusal
        if new != data:
            planned.warnings.extend(demand_sound(scene, item.path, data, new))
            planned.versions.append(Version(item.path, text_of(data), text_of(new)))
    return planned


def read(session: Session, path: str) -> bytes:
    """A contact's file as it is now. Raises ChangeRefused, or Changed while it is written."""
    try:
        return read_settled(session.folder / path)
    except OSError as error:
        why = error.strerror or "it is not a file of its own"
        raise ChangeRefused(f"{path}: cannot be read: {why}. Nothing was changed.") from error


def _refusal(scene: Scene, path: str, data: bytes, refusal: Refused) -> str:
    """Why not; where the file is broken, also where it is told what to write instead."""
    problems = parse_contact(data, path, scene.settings, scene.today).problems
    if any(problem.severity == "error" for problem in problems):
        return f"{refusal}. See `plaintextcrm check {path}`."
    return f"{refusal}."


def demand_sound(scene: Scene, path: str, old: bytes | None, new: bytes) -> list[str]:
    """Refuse a text that brings an error into the file; the warnings that it brings."""
    known: Counter[tuple[str, str]] = Counter()
    if old is not None:
        known.update(map(_words, parse_contact(old, path, scene.settings, scene.today).problems))
    fresh = []
    for problem in parse_contact(new, path, scene.settings, scene.today).problems:
        known[_words(problem)] -= 1
        if known[_words(problem)] < 0:
            fresh.append(problem)
    for problem in fresh:
        if problem.severity == "error":
            where = path if old is None else f"{path}:{_line(problem, old)}"
            raise ChangeRefused(f"{where}: {_told(problem)}. Nothing was changed.")
    return [f"{path}: {_told(problem)}." for problem in fresh]


def _line(problem: Problem, old: bytes) -> int:
    """The line of the old text where the new one has the problem; the last one for what comes behind."""
    return min(problem.place.line, len(old.splitlines()) or 1)


def _words(problem: Problem) -> tuple[str, str]:
    return problem.message, problem.hint


def _told(problem: Problem) -> str:
    return problem.message + (f" ({problem.hint})" if problem.hint else "")


def say_diff(version: Version) -> None:
    """The change as a unified diff."""
    from difflib import unified_diff

    old = "/dev/null" if version.before is None else f"a/{version.path}"
    new = "/dev/null" if version.after is None else f"b/{version.path}"
    for line in unified_diff(_lines(version.before), _lines(version.after), old, new):
        say(safe_line(line))
        if not line.endswith("\n") and line[:1] in " +-" and line[:3] not in ("---", "+++"):
            say("\\ No newline at end of file")


def _lines(text: str | None) -> list[str]:
    return bytes_of(text or "").decode(errors="replace").splitlines(keepends=True)


def safe_line(line: str) -> str:
    """A line of a file as a terminal may see it."""
    from plaintextcrm.cli.output import safe

    return safe(line.rstrip("\r\n"))


class Coming(NamedTuple):
    """A contact after the change, and what comes next."""

    path: str
    id: str
    name: str
    next: date | None
    kind: str
    today: date


def say_done(session: Session, how: How, work: Work, *, changed: bool) -> None:
    """What was done, and on which day each contact comes up next. Asks the book once."""
    coming: list[Coming] = []
    with suppress(CrmError, OSError):  # the change is made, whatever becomes of the question
        coming = session.ask(
            lambda book: [found for path in work.paths for found in _coming(book, path)]
        )
    done = work.done if changed else f"Nothing to change for {work.what!r}: it is so already"
    if how.form == "json":
        for one in coming or [Coming(path, "", "", None, "", date.min) for path in work.paths]:
            say(to_json(_plain(one, done, changed)))
        return
    done += "" if done.endswith((".", "?", "!", "…")) else "."
    if not coming:
        tell(done)
    elif len(coming) == 1:
        tell(f"{done} Next: {spoken(coming[0])}")
    elif len(coming) > MANY:
        tell(f"{done} Next:")
        for one in coming[:LISTED]:
            tell(f"  {one_line(one.name)}: {spoken(one)}")
        if len(coming) > LISTED:
            tell(f"  and {len(coming) - LISTED} more")
    else:
        tell(f"{done} Next: {'; '.join(f'{one_line(one.name)} {spoken(one)}' for one in coming)}")


def _coming(book: Book, path: str) -> list[Coming]:
    found = answers.next_contact(book, path)
    return [Coming(path, *found, book.today)] if found else []


def _plain(one: Coming, done: str, changed: bool) -> dict[str, object]:
    """The change as documented for programs (docs/json.md)."""
    return {
        "path": one.path,
        "id": one.id,
        "done": done,
        "next": one.next.isoformat() if one.next else None,
        "next_kind": one.kind,
        "changed": changed,
    }


def spoken(one: Coming) -> str:
    """`today (follow up)`, `3 Nov (keep in touch)`, `3 Nov 2027 (keep in touch)`, `no date`."""
    if one.next is None:
        return "no date"
    ahead = (one.next - one.today).days
    year = f" {one.next.year}" if one.next.year != one.today.year else ""
    day = {0: "today", 1: "tomorrow"}.get(
        ahead, f"{one.next.day} {_MONTHS[one.next.month - 1]}{year}"
    )
    late = ", overdue" if ahead < 0 else ""
    return f"{day} ({one.kind.replace('-', ' ')}{late})"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
