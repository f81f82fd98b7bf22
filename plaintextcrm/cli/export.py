"""`export`: the calendar feed."""

from pathlib import Path

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.asking import joined
from plaintextcrm.cli.completion import complete_query
from plaintextcrm.cli.output import tell
from plaintextcrm.cli.session import Session, session, tell_problems
from plaintextcrm.cli.spoken import SPOKEN, Spoken
from plaintextcrm.feed.build import build
from plaintextcrm.feed.publish import Published, publish, target_named, target_of
from plaintextcrm.model.errors import CrmError
from plaintextcrm.model.settings import FeedSettings
from plaintextcrm.query import where

NAMED = 10  # errors of files that are told, a line each


@click.group(epilog="Example: plaintextcrm export ics")
def command() -> None:
    """Write what the address book holds in a form for other programs."""


@command.command(
    cls=Spoken,
    context_settings=SPOKEN,
    short_help="write the calendar feeds",
    epilog="Example: plaintextcrm export ics tag:poland -o ~/public/polska.ics",
)
@click.argument("query", nargs=-1, metavar="[QUERY…]", shell_complete=complete_query)
@click.option("-o", "--output", metavar="FILE", help="Everything into this file; - is stdout.")
@click.option(
    "--accept-missing",
    is_flag=True,
    help="Write the feed even if most contacts of the last one are gone.",
)
@session
def ics(session: Session, query: tuple[str, ...], output: str | None, accept_missing: bool) -> None:
    """Write the iCalendar feeds that the settings name; follow-ups.ics where they name none.

    The feed that is there is the memory: an event that did not change keeps its time stamps. A file
    in which no byte changes is not touched. Private contacts are in no feed.

    With -o, QUERY may say which contacts: it takes the words of `plaintextcrm list`.
    """
    if query and not output:
        raise click.UsageError("A query needs a file of its own: add -o FILE.")
    words = joined(query)

    def answer(book: Book) -> int:
        if output == "-":
            feed = FeedSettings(query=words)
            text = build(book, where(book, words), feed, None, session.now).text
            click.echo(text.encode(), nl=False)  # UTF-8, whatever the terminal's encoding
            code = 0
        else:
            code = publish_all(session, book, output, accept_missing, words)
        tell_errors(book)
        return max(code, tell_problems(book))

    click.get_current_context().exit(session.ask(answer))


def publish_all(
    session: Session,
    book: Book,
    output: str | None,
    accept_missing: bool = False,
    query: str = "",
) -> int:
    """Publish each feed; one that cannot be written does not stop the others. The exit code.

    `query` is that of the one feed that `output` names.
    """
    code = 0
    for feed in feeds_of(book, output, query):
        try:
            tell(told(publish_one(session, book, feed, output, accept_missing)))
        except CrmError as error:
            tell(f"Error: {error}")
            code = max(code, error.exit_code)
    return code


def tell_errors(book: Book) -> None:
    """The first errors by name: who reads a log of the night wants to know which file it was."""
    errors = [problem for problem in answers.problems(book) if problem.severity == "error"]
    for problem in errors[:NAMED]:
        place = f"{problem.path}:{problem.place.line}:{problem.place.column}"
        tell(f"{place}: error[{problem.code}]: {problem.message}")


def feeds_of(book: Book, output: str | None, query: str = "") -> tuple[FeedSettings, ...]:
    """The feeds of the settings, or one with all that `query` finds where `output` names its file."""
    return (FeedSettings(query=query),) if output else book.settings.all_feeds


def target_path(book: Book, feed: FeedSettings, output: str | None) -> Path:
    """Where the feed lies. Raises NotWritten for a place where it must not."""
    return target_named(book.folder, output) if output else target_of(book.folder, feed)


def publish_one(
    session: Session,
    book: Book,
    feed: FeedSettings,
    output: str | None,
    accept_missing: bool = False,
) -> Published:
    """Publish one feed; see `feed.publish`."""
    target = target_path(book, feed, output)
    lock = session.lock("feeds")
    asked = where(book, feed.query)
    return publish(book, feed, target, lock, session.now, asked, accept_missing=accept_missing)


def told(done: Published) -> str:
    """One line about a feed: where, how many events, what does not fit."""
    feed = done.feed
    events = f"{feed.events} event{'s' * (feed.events != 1)}"
    far = f", {feed.left_out} far ones left out to stay below 1 MB" if feed.left_out else ""
    here = Path.cwd()
    path = done.path.relative_to(here) if done.path.is_relative_to(here) else done.path
    return f"{path}: {events}{far}{'' if done.changed else ', unchanged'}"
