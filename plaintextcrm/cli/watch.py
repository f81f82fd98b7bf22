"""`watch`: keep the feeds true while files change, and when midnight passes."""

import signal
import time
from collections.abc import Callable
from types import FrameType

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.book.refresh import Change
from plaintextcrm.cli.export import publish_all, told
from plaintextcrm.cli.output import say, tell
from plaintextcrm.cli.session import Session, session, tell_problems
from plaintextcrm.feed.publish import Published
from plaintextcrm.model.errors import CrmError
from plaintextcrm.model.problem import Problem
from plaintextcrm.store.folder import CONTACTS, SETTINGS
from plaintextcrm.watch.loop import Loop, Outcome

NAMED = 3  # files in a line; more are counted
TROUBLES = 10  # errors that are told, a line each


@click.command(epilog="Example: plaintextcrm watch -o ~/public/follow-ups.ics")
@click.option("-o", "--output", metavar="FILE", help="One feed with everything into this file.")
@click.option("--once", is_flag=True, help="Bring the feeds up to date and end.")
@session
def command(session: Session, output: str | None, once: bool) -> None:
    """Keep the calendar feeds true while contact files change, and when midnight passes.

    A line is printed for each change. A file that breaks keeps its last good reminders in the feed.
    Ctrl-C ends it.
    """
    if once:

        def bring(book: Book) -> int:
            for done in publish_all(session, book, output):
                tell(told(done))
            return tell_problems(book)

        click.get_current_context().exit(session.ask(bring))
    _watch(session, output)


def _watch(session: Session, output: str | None) -> None:
    from plaintextcrm.watch.changes import Changes

    changes = Changes(session.folder, (SETTINGS, CONTACTS))
    _stop_on_terminate(changes.stop)
    looking = _Looking(session, output)
    say(f"Watching {session.folder}; Ctrl-C ends it.")
    changes.start()
    try:
        Loop(changes, looking.look, _line, time.monotonic, lambda: session.now).run()
    finally:
        changes.close()


def _stop_on_terminate(stop: Callable[[], None]) -> None:
    def terminated(number: int, frame: FrameType | None) -> None:
        stop()

    signal.signal(signal.SIGTERM, terminated)


def _line(text: str) -> None:
    say(f"{time.strftime('%H:%M:%S')}  {text}")


class _Looking:
    """Looks at the address book for the loop: brings the feeds up to date, and tells what changed."""

    def __init__(self, session: Session, output: str | None) -> None:
        self._session = session
        self._output = output
        self._first = True

    def look(self, given_up: frozenset[str]) -> Outcome:
        """One look; trouble that may pass is an outcome, not an end."""
        begin = time.perf_counter()
        try:
            return self._session.ask(lambda book: self._outcome(book, begin), given_up)
        except (CrmError, OSError) as error:
            return Outcome(troubles=(str(error),))

    def _outcome(self, book: Book, begin: float) -> Outcome:
        troubles = [_trouble(problem) for problem in _errors(book)[:TROUBLES]]
        done: list[Published] = []
        try:
            done = publish_all(self._session, book, self._output)
        except (CrmError, OSError) as error:
            troubles.insert(0, str(error))
        news = ""
        if self._first or book.change or any(feed.changed for feed in done):
            self._first = False
            took = f"{(time.perf_counter() - begin) * 1000:.0f} ms"
            news = f"{_what(book.change)}: {'; '.join(map(_feed, done)) or 'feed kept'} ({took})"
        return Outcome(
            news,
            tuple(troubles),
            frozenset(book.change.missing),
            book.folders,
            book.settings.timezone,
        )


def _errors(book: Book) -> list[Problem]:
    return [problem for problem in answers.problems(book) if problem.severity == "error"]


def _trouble(problem: Problem) -> str:
    place = problem.place
    return f"{problem.path}:{place.line}:{place.column}: error[{problem.code}]: {problem.message}"


def _feed(done: Published) -> str:
    events = f"{done.feed.events} event{'s' * (done.feed.events != 1)}"
    return f"{done.path.name} {events}{'' if done.changed else ', unchanged'}"


def _what(change: Change) -> str:
    """`contacts/eva.yaml changed`; many files are counted."""
    parts = []
    for paths, word in (
        (change.added, "new"),
        (change.changed, "changed"),
        (change.removed, "gone"),
    ):
        if paths:
            parts.append(
                f"{', '.join(paths) if len(paths) <= NAMED else f'{len(paths)} files'} {word}"
            )
    if change.settings:
        parts.append("settings changed")
    return "; ".join(parts) or "up to date"
