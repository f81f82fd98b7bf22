"""`check`: every problem, with its place and what to write instead."""

import os
from collections.abc import Callable
from pathlib import Path

import click

from plaintextcrm.book import answers
from plaintextcrm.book.answers import Counts
from plaintextcrm.book.book import Book
from plaintextcrm.cli.output import safe, say, say_json, style, tell, unbroken, width_of
from plaintextcrm.cli.session import Session, session
from plaintextcrm.model.errors import CrmError
from plaintextcrm.model.problem import Problem

TAB = 4
NOT_WRITTEN = 3
TURNS = 12  # a minute for another --fix: it may have thousands of files to write


@click.command(epilog="Example: plaintextcrm check contacts/acme")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--fix", is_flag=True, help="Mend what is safe: add a missing uid.")
@click.option(
    "--staged", is_flag=True, help="What git is about to commit, not what is on the disk."
)
@click.option(
    "--care/--no-care",
    default=None,
    help="Also whom nobody takes care of; `care: yes` in the settings does so always.",
)
@session
def command(
    session: Session,
    paths: tuple[str, ...],
    form: str,
    strict: bool,
    fix: bool,
    staged: bool,
    care: bool | None,
) -> None:
    """Tell every problem of the contacts and settings, or of these files and folders.

    With --care also: contacts without a next date or a way to reach them, top clients who are
    silent, late promises, owners who are gone.

    Exit code 0: no errors; 1: errors, or warnings with --strict; 3: --fix could not write.
    docs/problems.md explains each problem.
    """
    if staged:
        if paths or fix:
            raise click.UsageError("--staged looks at all that is staged, and changes nothing.")
        click.get_current_context().exit(_check_staged(session, form, strict))
    book = _book(session, paths)
    places = [_below(book, path) for path in paths]
    written = not fix or _fix(session, places)

    def answer(book: Book) -> tuple[list[Problem], Counts]:
        found = answers.problems(book, places)
        if care or (care is None and book.settings.care):
            found = _with_care(book, found, places)
        return found, answers.counts(book)

    found, counts = session.ask(answer)
    _FACES[form](found, session)
    errors = sum(problem.severity == "error" for problem in found)
    if form == "text":
        _tell_sum(errors, len(found) - errors, found, counts)
    if not written:
        click.get_current_context().exit(NOT_WRITTEN)
    click.get_current_context().exit(1 if errors or (strict and found) else 0)


def _with_care(book: Book, found: list[Problem], places: list[str]) -> list[Problem]:
    """The problems, and beside them whom nobody takes care of."""
    from plaintextcrm.report.asking import Question
    from plaintextcrm.report.care import care

    more = [one for one in care(Question(book)) if not places or answers.within(one.path, places)]
    gone = {(one.path, one.place.line) for one in more if one.code == "owner-gone"}
    kept = [  # an owner who is gone is not told of twice
        one
        for one in found
        if one.code != "unknown-person" or (one.path, one.place.line) not in gone
    ]
    return sorted([*kept, *more], key=lambda problem: (problem.path, problem.place, problem.code))


def _check_staged(session: Session, form: str, strict: bool) -> int:
    """Check the staged texts; the exit code."""
    from plaintextcrm.share.staged import check, repository_of

    repository = repository_of(session.folder, os.environ)
    found = check(
        repository,
        session.today,
        lambda key: session.ask(lambda book: answers.referring(book, key)),
    )
    _FACES[form](list(found.problems), session)
    errors = sum(problem.severity == "error" for problem in found.problems)
    if form == "text":
        warnings = len(found.problems) - errors
        told = f"{_number(errors, 'error')} and {_number(warnings, 'warning')}"
        tell(f"{_number(found.files, 'staged file')}, {told if found.problems else 'no problems'}.")
    return 1 if errors or (strict and found.problems) else 0


def _book(session: Session, paths: tuple[str, ...]) -> Path:
    """The address book; where none is here, the one that the first path lies in. Raises BookNotFound."""
    from plaintextcrm.model.errors import BookNotFound
    from plaintextcrm.store.folder import find_book

    try:
        return session.folder
    except BookNotFound:
        if session.named or not paths:
            raise
        session.named = str(find_book(Path(paths[0]).absolute().parent, None, {}))
        return session.folder


def _below(book: Path, path: str) -> str:
    """A path of the command line as the book has it: of the current folder, else of the book."""
    full = Path(os.path.abspath(path))  # noqa: PTH100 - a link is named, not what it leads to
    inside = Path(os.path.normpath(book / path))
    for whole in (full, full.parent.resolve() / full.name, inside) if path else ():
        if whole.is_relative_to(book) and (whole.exists() or whole.is_symlink()):
            return whole.relative_to(book).as_posix()
    raise click.UsageError(f"{path}: there is no such file or folder in the address book {book}")


def _fix(session: Session, places: list[str]) -> bool:
    """Add a uid to every sound contact without one; False where one could not be written.

    What cannot be done safely is told.
    """
    from plaintextcrm.book.rows import uid_of_id
    from plaintextcrm.store.lock import locked

    def missing(book: Book) -> tuple[list[tuple[str, str]], set[str]]:
        wanted = answers.without_uid(book, places)
        return wanted, answers.taken_uids(book)

    wanted, taken = session.ask(missing)
    written: list[str] = []
    failed = False
    with locked(session.lock("edit"), "check --fix", TURNS):
        for path, contact_id in wanted:
            uid = uid_of_id(contact_id)
            if uid in taken:  # another file was renamed from this name
                import uuid

                uid = str(uuid.uuid4())
            taken.add(uid)
            added = _add_uid(session.folder / path, path, uid)
            failed |= added is None
            written += [path] if added else []
    if written:
        from plaintextcrm.cli.change import share

        share(session, written)
    return not failed


def _add_uid(file: Path, path: str, uid: str) -> bool | None:
    """Write the uid; False where that is not safe, None where it could not be written."""
    from plaintextcrm.store.write import rewrite
    from plaintextcrm.text.edit import Refused, Set, edit

    try:
        rewrite(file, lambda data: edit(data, path, Set(("uid",), uid)))
    except Refused as refusal:
        tell(f"{refusal}")
        return False
    except CrmError as error:
        tell(str(error))
        return None
    tell(f"{path}: added `uid`")
    return True


def _say_text(found: list[Problem], session: Session) -> None:
    styled = style(session.color)
    for problem in found:
        for line in text_of(problem, styled):
            say(line)


def text_of(problem: Problem, styled: Callable[..., str] = lambda text, **looks: text) -> list[str]:
    """The problem as a compiler would say it: place, message, the line with a caret, the hint."""
    place = problem.place
    color = "red" if problem.severity == "error" else "yellow"
    head = styled(f"{problem.severity}[{problem.code}]", fg=color, bold=True)
    where = f"{unbroken(problem.path)}:{place.line}:{place.column}"
    lines = [f"{where}: {head}: {unbroken(problem.message)}"]
    margin = " " * len(str(place.line))
    if problem.source.strip():
        source, caret = _underlined(problem)
        lines += [f" {place.line} | {source}", f" {margin} | {styled(caret, fg=color)}"]
    if problem.hint:
        lines.append(f" {margin} = {unbroken(problem.hint)}")
    return lines


def _underlined(problem: Problem) -> tuple[str, str]:
    """The source line as a terminal shows it, and the carets below the place."""
    place, source = problem.place, problem.source
    before = _shown(source[: place.column - 1])
    end = place.end_column if place.end_line == place.line else len(source) + 1
    marked = _shown(source[place.column - 1 : max(end, place.column + 1) - 1])
    return _shown(source), " " * width_of(before) + "^" * max(width_of(marked), 1)


def _shown(text: str) -> str:
    return safe(text.replace("\t", " " * TAB))


def _say_json(found: list[Problem], session: Session) -> None:
    say_json([plain(problem) for problem in found])


def plain(problem: Problem) -> dict[str, object]:
    """The problem as documented for programs (docs/json.md)."""
    place = problem.place
    return {
        "path": problem.path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }


def _say_github(found: list[Problem], session: Session) -> None:
    """Annotations of GitHub's workflow commands: they appear beside the line in a pull request.

    GitHub counts paths from the folder that it checked out, of which the address book may be a part.
    """
    top = Path(os.environ.get("GITHUB_WORKSPACE") or session.folder).resolve()
    inside = session.folder.is_relative_to(top)
    above = session.folder.relative_to(top) if inside else Path()
    for problem in found:
        place = problem.place
        values = {
            "file": (above / problem.path).as_posix(),
            "line": place.line,
            "col": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
            "title": problem.code,
        }
        listed = ",".join(f"{name}={_property(str(value))}" for name, value in values.items())
        hint = f" ({problem.hint})" if problem.hint else ""
        say(f"::{problem.severity} {listed}::{_escaped(safe(problem.message + hint))}")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(safe(text)).replace(":", "%3A").replace(",", "%2C")


def _tell_sum(errors: int, warnings: int, found: list[Problem], counts: Counts) -> None:
    contacts = _number(counts.contacts, "contact")
    if not found:
        tell(f"{contacts}, no problems.")
    else:
        parts = [
            _number(count, word)
            for count, word in ((errors, "error"), (warnings, "warning"))
            if count
        ]
        files = _number(len({problem.path for problem in found}), "file")
        tell(f"{contacts}, {' and '.join(parts)} in {files}.")
    if counts.without_uid:
        some = _number(counts.without_uid, "contact")
        have = "has" if counts.without_uid == 1 else "have"
        tell(f"{some} {have} no `uid`, which keeps calendar events when a file is renamed:"
             " `plaintextcrm check --fix` adds it.")  # fmt: skip


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"


_FACES = {"text": _say_text, "json": _say_json, "github": _say_github}
