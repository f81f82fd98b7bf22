"""`export`: the calendar feed."""

from pathlib import Path

import click

from plaintextcrm.book.answers import EVERYONE
from plaintextcrm.book.book import Book
from plaintextcrm.cli.output import say, tell
from plaintextcrm.cli.session import Session, session, tell_problems
from plaintextcrm.feed.build import build
from plaintextcrm.feed.publish import Published, publish, target_of
from plaintextcrm.model.settings import FeedSettings
from plaintextcrm.query import compile_query


@click.group()
def command() -> None:
    """Write what the address book holds in a form for other programs."""


@command.command(epilog="Example: plaintextcrm export ics -o ~/public/follow-ups.ics")
@click.option("-o", "--output", metavar="FILE", help="Everything into this file; - is stdout.")
@click.option(
    "--accept-missing",
    is_flag=True,
    help="Write the feed even if most contacts of the last one are gone.",
)
@session
def ics(session: Session, output: str | None, accept_missing: bool) -> None:
    """Write the iCalendar feeds that the settings name; follow-ups.ics where they name none.

    The feed that is there is the memory: an event that did not change keeps its time stamps. A file
    in which no byte changes is not touched. Private contacts are in no feed.
    """

    def answer(book: Book) -> int:
        if output == "-":
            say(build(book, EVERYONE, "Follow-ups", None, session.now).text.removesuffix("\n"))
        else:
            for done in publish_all(session, book, output, accept_missing):
                tell(told(done))
        return tell_problems(book)

    click.get_current_context().exit(session.ask(answer))


def publish_all(
    session: Session, book: Book, output: str | None, accept_missing: bool = False
) -> list[Published]:
    """Publish the feeds of the settings, or one with everything into the file `output`."""
    feeds = [FeedSettings()] if output else list(book.settings.feeds)
    done = []
    for feed in feeds:
        target = Path(output).expanduser().resolve() if output else target_of(book.folder, feed)
        where = compile_query(feed.query)
        lock = session.lock("feeds")
        done.append(
            publish(book, feed, target, lock, session.now, where, accept_missing=accept_missing)
        )
    return done


def told(done: Published) -> str:
    """One line about a feed: where, how many events, what does not fit."""
    feed = done.feed
    events = f"{feed.events} event{'s' * (feed.events != 1)}"
    far = f", {feed.left_out} far ones left out to stay below 1 MB" if feed.left_out else ""
    return f"{done.path}: {events}{far}{'' if done.changed else ', unchanged'}"
