"""`sync`: share the address book by git: commit, pull, merge by field, check, push."""

import sys

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.check import text_of
from plaintextcrm.cli.output import one_line, safe, say, tell
from plaintextcrm.cli.session import Session, session
from plaintextcrm.model.errors import CrmError
from plaintextcrm.model.problem import Problem
from plaintextcrm.share import conflicts, doctor, pull
from plaintextcrm.share import repository as around
from plaintextcrm.share.commit import Changes, changes, commit, demand_there, pieces
from plaintextcrm.share.message import message
from plaintextcrm.share.repository import Partner, Repository
from plaintextcrm.share.trouble import (
    ErrorsLeft,
    NotPushed,
    NotTrusted,
    SettledWrongly,
    StillInConflict,
)
from plaintextcrm.share.trust import open_repository
from plaintextcrm.share.unmerged import Open, unmerged
from plaintextcrm.store.lock import locked

TURNS = 3  # pulls, where others push at the same time
NAMED = 5  # files in a line, and errors that are shown; more are counted


@click.command(epilog="Example: plaintextcrm sync --no-push")
@click.option("--no-push", is_flag=True, help="Pull only: nothing leaves this machine.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--continue", "go_on", is_flag=True, help="Go on when all conflicts are settled.")
@click.option("--abort", is_flag=True, help="Take back a merge that has conflicts.")
@click.option("--accept-missing", is_flag=True, help="Commit even if most contacts are gone.")
@click.option("--trust", is_flag=True, help="Let this repository's own settings and hooks run.")
@session
def command(
    session: Session,
    no_push: bool,
    dry_run: bool,
    go_on: bool,
    abort: bool,
    accept_missing: bool,
    trust: bool,
) -> None:
    """Share the address book: commit, pull, merge by field, check, push.

    Only contacts and settings are committed, whatever else is staged or changed. What two people
    changed in different ways is shown field by field: `plaintextcrm resolve` settles it, nothing is
    guessed. Exit code 1: something must be settled or mended first; 3: git or the network failed.
    """
    if sum((go_on, abort, dry_run)) > 1:
        raise click.UsageError("--continue, --abort and --dry-run: one at a time.")
    repository = opened(session, trust=trust)
    with locked(session.lock("sync"), "sync"):
        if abort:
            with locked(session.lock("edit"), "sync"):
                conflicts.abort(repository)
            say("Took the merge back: all is as it was before the pull.")
            return
        sync = _Sync(session, repository, push=not no_push)
        if dry_run:
            sync.preview()
            return
        if go_on:
            sync.go_on()
        else:
            sync.run(accept_missing=accept_missing)
    click.get_current_context().exit(1 if sync.errors else 0)


def opened(session: Session, *, trust: bool) -> Repository:
    """The repository around the book; on a terminal the person is asked whether to trust it."""
    try:
        return open_repository(session.folder, trust=trust)
    except NotTrusted as error:
        if not (sys.stdin and sys.stdin.isatty()):
            raise
        tell(str(error).partition("\nNothing was done.")[0])
        if not click.confirm("Do you trust whoever wrote that?", default=False, err=True):
            raise
        return open_repository(session.folder, trust=True)


class _Sync:
    """The steps, each said in a line. `errors`: files that were not committed, as they have some."""

    def __init__(self, session: Session, repository: Repository, *, push: bool) -> None:
        self._session = session
        self._repository = repository
        self._push = push
        self.errors: list[str] = []

    def run(self, *, accept_missing: bool) -> None:
        """All of it, from the commit on."""
        repository = self._repository
        around.demand_quiet(repository)
        if found := unmerged(repository):  # as `git stash pop` leaves it
            raise StillInConflict(_open(repository, found), merging=False)
        branch = around.branch(repository)
        self._commit(accept_missing=accept_missing)
        self._share(branch)

    def go_on(self) -> None:
        """What is left after a merge with conflicts."""
        conflicts.demand_merge(self._repository)
        branch = around.branch(self._repository)
        with locked(self._session.lock("edit"), "sync"):
            self._demand_settled()
            conflicts.finish(self._repository)
        say("Merge: finished")
        self._share(branch)

    def _demand_settled(self) -> None:
        """Raises StillInConflict, or SettledWrongly: an editor may have left what is no contact."""
        settled = conflicts.settled(self._repository)
        problems = [one for one in self._session.ask(_errors) if one.path in settled]
        if problems:
            _show(problems)
            raise SettledWrongly(len(problems))

    def _commit(self, *, accept_missing: bool) -> None:
        with locked(self._session.lock("edit"), "sync"):
            found = changes(self._repository)
            if not accept_missing:
                demand_there(self._repository, found)
            ready = self._sound(found)
            text = commit(self._repository, ready) if ready else ""
        if text:
            say(f"Commit: {one_line(text.splitlines()[0])}")
        else:
            say("Commit: nothing has changed" if not found.ours else "Commit: nothing to commit")
        _tell_others(found)

    def _sound(self, found: Changes) -> list[str]:
        """The changed files without errors; the others are told, and wait until they are mended."""
        problems = self._session.ask(_errors)
        if not problems:
            say(f"Check: {self._session.ask(_counted)}, no errors")
        broken = {problem.path for problem in problems}
        self.errors = [path for path in found.ours if path in broken]
        if self.errors:
            _show([problem for problem in problems if problem.path in self.errors])
            say(f"Check: not committed, as long as it has errors: {_listed(self.errors)}")
        elif problems:
            say(f"Check: {_number(len(problems), 'error')} in {_listed(sorted(broken))}")
        return [path for path in found.ours if path not in broken]

    def _share(self, branch: str) -> None:
        partner = around.partner(self._repository, branch)
        if partner is None:
            say(
                "Pull, push: no remote. Name one with `git remote add origin URL`; a folder will do."
            )
            return
        _offer_driver(self._repository)
        for _turn in range(TURNS):
            came = self._pull(partner)
            self._check(aloud=bool(came))
            if not self._push:
                waiting = pull.waiting(self._repository, partner)
                wait = "waits" if waiting == 1 else "wait"
                say(f"Push: left out; {_number(waiting, 'commit')} of yours {wait}")
                return
            pushed = pull.push(self._repository, partner, branch)
            if not pushed.late:
                sent = f"{_number(pushed.commits, 'commit')} to {_named(partner)}"
                say(f"Push: {sent if pushed.commits else 'nothing to send'}")
                return
            say("Push: somebody else was quicker; pulling again")
        raise NotPushed(partner.remote, "[rejected] (others keep pushing; try again in a moment)")

    def _pull(self, partner: Partner) -> int:
        """How many commits came."""
        pull.fetch(self._repository, partner)
        with locked(self._session.lock("edit"), "sync"):
            pulled = pull.pull(self._repository, partner)
        if pulled.conflicts:
            say(f"Pull: {_number(pulled.commits, 'commit')} from {_named(partner)}, with conflicts")
            found = unmerged(self._repository)
            raise StillInConflict(_open(self._repository, found))
        got = f"{_number(pulled.commits, 'commit')} from {_named(partner)}, merged"
        say(f"Pull: {got if pulled.commits else 'nothing new'}")
        return pulled.commits

    def _check(self, *, aloud: bool) -> None:
        """Raises ErrorsLeft where what would be shared has errors."""
        problems = [one for one in self._session.ask(_errors) if one.path not in self.errors]
        if problems:
            _show(problems)
            raise ErrorsLeft(len(problems))
        if aloud:
            say(f"Check: {self._session.ask(_counted)}, no errors")

    def preview(self) -> None:
        """What `run` would do, as far as is known without the network."""
        repository = self._repository
        around.demand_quiet(repository)
        branch = around.branch(repository)
        found = changes(repository)
        demand_there(repository, found)
        ready = self._sound(found)
        work = [one for one in pieces(repository, ready) if one.before != one.after]
        text = message(work).splitlines()[0] if work else ""
        say(
            f"Would commit: {one_line(text)} ({_listed(ready)})"
            if work
            else "Would commit: nothing"
        )
        _tell_others(found)
        partner = around.partner(repository, branch)
        if partner is None:
            say("Would not pull or push: there is no remote.")
            return
        say(f"Would pull from {_named(partner)}")
        ahead = pull.waiting(repository, partner) + bool(work)
        say(f"Would push {_number(ahead, 'commit')}" if self._push else "Would not push: --no-push")


def _open(repository: Repository, found: list[Open]) -> list[str]:
    return [line for one in found for line in conflicts.lines(repository, one)]


def _offer_driver(repository: Repository) -> None:
    """On a fresh clone, plain `git pull` does not merge by field yet; `sync` does in any case."""
    if not doctor.missing_driver(repository) or doctor.is_declined(repository):
        return
    if sys.stdin and sys.stdin.isatty():
        ask = "A plain `git pull` does not merge by field here yet. Install what it needs?"
        if click.confirm(ask, default=True, err=True):
            doctor.mend_driver(repository)
        else:
            doctor.decline(repository)
            tell("You are not asked again: `plaintextcrm doctor --fix` does it whenever you like.")
        return
    tell(
        "A plain `git pull` does not merge by field here: `plaintextcrm doctor --fix` changes that."
    )


def _errors(book: Book) -> list[Problem]:
    return [problem for problem in answers.problems(book) if problem.severity == "error"]


def _counted(book: Book) -> str:
    return _number(answers.counts(book).contacts, "contact")


def _show(problems: list[Problem]) -> None:
    for problem in problems[:NAMED]:
        tell("\n".join(text_of(problem)))
    if len(problems) > NAMED:
        tell(f"and {len(problems) - NAMED} more: `plaintextcrm check` shows them all")


def _tell_others(found: Changes) -> None:
    if found.others:
        tell(f"Left alone, as it is not the address book's: {_listed(found.others)}")


def _named(partner: Partner) -> str:
    return one_line(f"{partner.remote}/{partner.branch}")


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"


def _listed(paths: "list[str] | tuple[str, ...]") -> str:
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    return safe(", ".join(one_line(path) for path in paths[:NAMED])) + more


def after_writing(session: Session, paths: list[str]) -> None:
    """Commit what a command changed. Whatever goes wrong is told; the change itself is made."""
    try:
        repository = open_repository(session.folder)
        around.demand_quiet(repository)
        around.branch(repository)
        broken = {problem.path for problem in session.ask(_errors)} & set(paths)
        text = commit(repository, [path for path in paths if path not in broken])
    except (CrmError, OSError) as error:
        tell(f"Not committed: {error} The change itself is made; `plaintextcrm sync` commits it.")
        return
    if broken:
        tell(f"Not committed, as long as it has errors: {_listed(sorted(broken))}")
    if text:
        tell(f"Committed: {one_line(text.splitlines()[0])}")
