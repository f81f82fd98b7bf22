"""Where feeds go: into the address book, into one file, or into a folder that is published."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.feed.publish import folder_named, target_named, target_of
from plaintextcrm.model.errors import NoSuchFeed
from plaintextcrm.model.settings import FeedSettings


@dataclass(frozen=True, slots=True)
class Place:
    """Where the feeds go. Into `file` goes one with all that `query` finds; into `folder` those of the
    settings, or `only` some; without both those of the settings go into the address book.
    """

    file: str = ""
    folder: str = ""
    only: tuple[str, ...] = ()
    query: str = ""

    def feeds(self, book: Book) -> tuple[FeedSettings, ...]:
        """The feeds that go there; those of `only` that the settings name."""
        if self.file:
            return (FeedSettings(query=self.query),)
        known = book.settings.all_feeds
        return tuple(feed for feed in known if not self.only or feed.name in self.only)

    def missing(self, book: Book) -> list[NoSuchFeed]:
        """An error for each of `only` that the settings do not name. Who cannot read the settings does
        not know.
        """
        if not self.only or not answers.settings_known(book):
            return []
        known = list(dict.fromkeys(feed.name for feed in book.settings.all_feeds))
        return [NoSuchFeed(name, known) for name in self.only if name not in known]

    def check_names(self, book: Book) -> None:
        """Raise NoSuchFeed for the first that is missing."""
        for error in self.missing(book):
            raise error

    def target(self, book: Path, feed: FeedSettings) -> Path:
        """Where the feed lies. Raises NotWritten for a place where it must not."""
        if self.file:
            return target_named(book, self.file)
        return target_of(folder_named(book, self.folder) if self.folder else book, feed)

    def check(self, book: Path) -> None:
        """Raise NotWritten for a place where no feed may be; one that is not there may come."""
        if self.file:
            target_named(book, self.file)
        elif self.folder:
            folder_named(book, self.folder)

    def called(self, feed: FeedSettings) -> str:
        """The feed's file, for people who know the place."""
        return Path(self.file).name if self.file else feed.path


_OPTIONS = (
    click.option(
        "-o",
        "--output",
        type=click.Path(),
        metavar="FILE",
        help="One feed with everything into this file.",
    ),
    click.option(
        "--publish",
        type=click.Path(),
        metavar="DIR",
        help="The feeds of the settings into this folder instead.",
    ),
    click.option(
        "--feed", "only", metavar="NAME", multiple=True, help="With --publish: this feed alone."
    ),
)


def place_options(function: Callable[..., None]) -> Callable[..., None]:
    """Options that say where feeds go; the command makes a `Place` of them by `place_of`."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def place_of(output: str | None, publish: str | None, only: tuple[str, ...]) -> Place:
    """The place that the options say."""
    if output and publish:
        raise click.UsageError("--output writes one feed, --publish all of them: name one.")
    if only and not publish:
        raise click.UsageError("--feed says which feeds go into the folder of --publish DIR.")
    return Place(_absolute(output), _absolute(publish), tuple(dict.fromkeys(only)))


def options_of(place: Place) -> list[str]:
    """The options that say this place, wherever the command is started."""
    named = (("--output", place.file), ("--publish", place.folder))
    where = [f"{option}={path}" for option, path in named if path]
    return where + [f"--feed={name}" for name in place.only]


def _absolute(given: Any) -> str:
    """The path wherever the command is started; `-` is stdout."""
    if not given or given == "-":
        return given or ""
    try:
        return str(Path(given).expanduser().absolute())
    except RuntimeError:  # `~` and a name that no user has
        return str(Path(given).absolute())
