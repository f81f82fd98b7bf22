"""`watch`: keep the feeds true while files change, and when midnight passes."""

import os
import signal
import time
from collections.abc import Callable
from datetime import date
from types import FrameType
from typing import TYPE_CHECKING, NamedTuple

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.book.look import Change
from plaintextcrm.cli.export_ics import publish_all, publish_one, tell_errors
from plaintextcrm.cli.output import one_line, safe, say
from plaintextcrm.cli.place import Place, options_of, place_of, place_options
from plaintextcrm.cli.service import Wish, arrange, service_options
from plaintextcrm.cli.session import Session, session, tell_problems
from plaintextcrm.feed.publish import Published
from plaintextcrm.model.errors import CrmError
from plaintextcrm.service.running import Run, shown
from plaintextcrm.store.folder import CONTACTS, SETTINGS, is_book
from plaintextcrm.watch.loop import Loop, Outcome, Trouble

if TYPE_CHECKING:
    from plaintextcrm.watch.changes import Changes
    from plaintextcrm.watch.witness import Witness

NAMED = 3  # files in a line; more are counted
TROUBLES = 10  # errors that are told, a line each; more are counted


@click.command(epilog="Example: plaintextcrm watch -o ~/public/follow-ups.ics")
@place_options
@click.option("--once", is_flag=True, help="Bring the feeds up to date and end.")
@service_options
@session
def command(
    session: Session,
    output: str | None,
    publish: str | None,
    only: tuple[str, ...],
    once: bool,
    wish: Wish,
) -> None:
    """Keep the calendar feeds true while contact files change, and when midnight passes.

    A line is printed for each change. A file that breaks keeps its last good reminders in the feed.
    Ctrl-C ends it. With --install the system starts it whenever you log in.
    """
    if output == "-":
        raise click.UsageError("A feed is kept in a file. For stdout: `export ics -o -`.")
    place = place_of(output, publish, only)
    place.check(session.folder)
    if wish.is_there:
        if once:
            raise click.UsageError("A service goes on: --once does not.")
        session.ask(place.check_names)
        arrange(session, wish, "watch", options_of(place))
        code = 0
    elif once:
        code = _once(session, place)
    else:
        greeting = f"Watching {session.folder}; Ctrl-C ends it."
        code = keep_true(session, place, greeting, lambda _book: [])
    click.get_current_context().exit(code)


def _once(session: Session, place: Place) -> int:
    def bring(book: Book) -> int:
        code = publish_all(session, book, place)
        tell_errors(book)
        return max(code, tell_problems(book))

    return session.ask(bring)


# Called after each look with the book as it is then, None where it could not be asked; troubles.
After = Callable[[Book | None], list[Trouble]]


def keep_true(
    session: Session, place: Place, greeting: str, after: After, address: str = ""
) -> int:
    """Keep the feeds true until a signal ends it; the exit code. `address`: where they are served."""
    from plaintextcrm.watch.changes import Changes
    from plaintextcrm.watch.witness import Witness

    if place.only:
        session.ask(place.check_names)  # wrong from the start: that ends the command
    changes = Changes(session.folder, (SETTINGS, CONTACTS))
    moment = session.now.astimezone().isoformat(timespec="seconds")
    name = "serve" if address else "watch"
    run = Run(name, os.getpid(), moment, address, place.file, place.folder, place.only)
    with shown(session.running(), run) as sign:

        def seen(book: Book | None) -> list[Trouble]:
            sign.keep()
            return after(book)

        witness = Witness(session.folder, session.witness(), changes.stir)
        looking = _Looking(session, place, seen, witness)
        ending = _Ending(changes, looking)
        signal.signal(signal.SIGTERM, ending.signalled)
        signal.signal(signal.SIGINT, ending.signalled)
        say(safe(greeting))
        changes.start()
        try:
            Loop(changes, looking.look, _line, time.monotonic, lambda: session.now).run()
        finally:
            witness.close()
            changes.close()
    return ending.code


def _line(text: str) -> None:
    say(f"{time.strftime('%H:%M:%S')}  {one_line(text)}")


class _Ending:
    """How a signal ends the command: a look is finished first, unless the person insists or it is
    the first one, which may be long.
    """

    def __init__(self, changes: "Changes", looking: "_Looking") -> None:
        self._changes = changes
        self._looking = looking
        self.code = 0

    def signalled(self, number: int, frame: FrameType | None) -> None:
        """The handler."""
        at_once = self._changes.stopped or self._looking.is_first
        self._changes.stop()
        if number == signal.SIGINT:
            self.code = 130
            if at_once:
                raise KeyboardInterrupt


class _Made(NamedTuple):
    """What became of all feeds."""

    done: list[Published]
    failed: list[Trouble]


def _publish(session: Session, book: Book, place: Place) -> _Made:
    """Publish each feed; one that cannot be written does not stop the others."""
    missing = [Trouble("the feeds to publish", str(error)) for error in place.missing(book)]
    made = _Made([], missing)
    for feed in place.feeds(book):
        try:
            made.done.append(publish_one(session, book, feed, place))
        except (CrmError, OSError) as error:
            made.failed.append(Trouble(place.called(feed), str(error)))
    return made


class _Looking:
    """Looks at the address book for the loop: brings the feeds up to date, and tells what changed."""

    def __init__(self, session: Session, place: Place, after: After, witness: "Witness") -> None:
        self._session = session
        self._place = place
        self._after = after
        self._witness = witness
        self._today = date.min
        self.is_first = True

    def look(self, given_up: frozenset[str]) -> Outcome:
        """One look; trouble that may pass is an outcome, not an end."""
        begin = time.perf_counter()
        self._witness.begin()
        try:
            if not is_book(self._session.folder):
                return self._failed(f"{self._session.folder} is not there now; the feeds are kept")
            return self._session.ask(lambda book: self._outcome(book, begin), given_up)
        except (CrmError, OSError) as error:
            return self._failed(str(error))
        finally:
            self.is_first = False

    def _failed(self, why: str) -> Outcome:
        troubles = (Trouble("address book", why), *self._after(None))
        return Outcome(troubles=troubles, failed=True)

    def _outcome(self, book: Book, begin: float) -> Outcome:
        self._witness.vouch(book.stamp, book.folders)
        made = _publish(self._session, book, self._place)
        news = self._news(book, made, begin)
        self._today = book.today
        return Outcome(
            news,
            (*made.failed, *_troubles(book), *self._after(book)),
            frozenset(book.change.missing),
            book.folders,
            book.settings.timezone,
            bool(made.failed),
        )

    def _news(self, book: Book, made: _Made, begin: float) -> str:
        """The line about this look; empty where there is nothing to tell."""
        what = _what(book.change)
        is_first = self._today == date.min
        if is_first:
            what = [_counted(answers.counts(book).contacts, "contact")]
        elif self._today != book.today:
            what.append(f"{book.today} has begun")
        changed = any(feed.changed for feed in made.done)
        if not what and not changed:
            return ""
        feeds = [_feed(done, is_first) for done in made.done]
        feeds += [f"{trouble.about}: not written" for trouble in made.failed]
        broken = answers.counts(book).broken
        errors = f"; {_counted(broken, 'file')} with errors" if broken else ""
        took = _took(time.perf_counter() - begin)
        return f"{', '.join(what) or 'brought up to date'}; {'; '.join(feeds)}{errors} ({took})"


def _troubles(book: Book) -> list[Trouble]:
    """The errors of files, the first ones; how many more there are."""
    errors = [problem for problem in answers.problems(book) if problem.severity == "error"]
    found = []
    for problem in errors[:TROUBLES]:
        place = f"{problem.path}:{problem.place.line}:{problem.place.column}"
        hint = f" ({problem.hint})" if problem.hint else ""
        text = f"{place}: error[{problem.code}]: {problem.message}{hint}"
        found.append(Trouble(problem.path, text))
    if len(errors) > TROUBLES:
        more = _counted(len(errors) - TROUBLES, "more error")
        found.append(Trouble("other files", f"{more}: see `plaintextcrm check`"))
    return found


def _feed(done: Published, with_far: bool) -> str:
    """`follow-ups.ics: 12 events, written`."""
    far = f" ({done.feed.left_out} far ones left out)" if with_far and done.feed.left_out else ""
    state = "written" if done.changed else "unchanged"
    return f"{done.path.name}: {_counted(done.feed.events, 'event')}{far}, {state}"


def _what(change: Change) -> list[str]:
    """`contacts/eva.yaml changed`; many files are counted. With new settings, all are read anew."""
    parts = ["settings changed"] if change.settings else []
    for paths, word in (
        (change.added, "added"),
        (() if change.settings else change.changed, "changed"),
        (change.removed, "removed"),
    ):
        if paths:
            named = ", ".join(sorted(paths)) if len(paths) <= NAMED else f"{len(paths)} files"
            parts.append(f"{named} {word}")
    return parts


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"


def _took(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
