"""`export ics`: the calendar feeds."""

from dataclasses import replace
from pathlib import Path

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.asking import joined
from plaintextcrm.cli.completion import complete_query
from plaintextcrm.cli.output import tell
from plaintextcrm.cli.place import Place, place_of, place_options
from plaintextcrm.cli.session import Session, session, tell_problems
from plaintextcrm.cli.spoken import SPOKEN, Spoken
from plaintextcrm.feed.build import build
from plaintextcrm.feed.publish import Published, open_as_folder, publish
from plaintextcrm.model.errors import CrmError, SettingsBroken
from plaintextcrm.model.settings import FeedSettings
from plaintextcrm.query import where

NAMED = 10  # errors of files that are told, a line each


@click.command(
    cls=Spoken,
    context_settings=SPOKEN,
    epilog="Example: plaintextcrm export ics tag:poland -o ~/public/polska.ics",
)
@click.argument("query", nargs=-1, metavar="[QUERY…]", shell_complete=complete_query)
@place_options
@click.option(
    "--accept-missing",
    is_flag=True,
    help="Write the feed even if most contacts of the last one are gone.",
)
@session
def command(
    session: Session,
    query: tuple[str, ...],
    output: str | None,
    publish: str | None,
    only: tuple[str, ...],
    accept_missing: bool,
) -> None:
    """Write the iCalendar feeds that the settings name; follow-ups.ics where they name none.

    `-o -` writes to stdout. The feed that is there is the memory: an event that did not change keeps
    its time stamps. A file in which no byte changes is not touched. Private contacts are in no feed.

    With -o, QUERY may say which contacts: it takes the words of `plaintextcrm list`.
    """
    if query and not output:
        raise click.UsageError("A query needs a file of its own: add -o FILE.")
    place = replace(place_of(output, publish, only), query=joined(query))

    def answer(book: Book) -> int:
        if place.file == "-":
            (feed,) = place.feeds(book)
            text = build(book, where(book, feed.query), feed, None, session.now).text
            click.echo(text.encode(), nl=False)  # UTF-8, whatever the terminal's encoding
            code = 0
        else:
            code = publish_all(session, book, place, accept_missing)
        tell_errors(book)
        return max(code, tell_problems(book))

    click.get_current_context().exit(session.ask(answer))


def publish_all(session: Session, book: Book, place: Place, accept_missing: bool = False) -> int:
    """Publish each feed; one that cannot be written does not stop the others. The exit code."""
    place.check_names(book)
    code = 0
    for feed in place.feeds(book):
        try:
            tell(told(publish_one(session, book, feed, place, accept_missing)))
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


def publish_one(
    session: Session,
    book: Book,
    feed: FeedSettings,
    place: Place,
    accept_missing: bool = False,
) -> Published:
    """Publish one feed; see `feed.publish`. A new one in a folder that others read is for others.

    Nothing new goes there while nobody knows which feeds the settings name: there is one with
    everything where they name none. Raises SettingsBroken.
    """
    if place.folder and not answers.settings_known(book):
        raise SettingsBroken(place.folder)
    target = place.target(book.folder, feed)
    asked = where(book, feed.query)
    lock = session.lock("feeds")
    is_new = place.folder and not target.exists()
    done = publish(book, feed, target, lock, session.now, asked, accept_missing=accept_missing)
    if is_new:
        open_as_folder(target)
    return done


def told(done: Published) -> str:
    """One line about a feed: where, how many events, what does not fit."""
    feed = done.feed
    events = f"{feed.events} event{'s' * (feed.events != 1)}"
    far = f", {feed.left_out} far ones left out to stay below 1 MB" if feed.left_out else ""
    here = Path.cwd()
    path = done.path.relative_to(here) if done.path.is_relative_to(here) else done.path
    return f"{path}: {events}{far}{'' if done.changed else ', unchanged'}"
