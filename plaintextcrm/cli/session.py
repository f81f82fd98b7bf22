"""What every command needs: the address book, the day, and somebody who asks the book safely."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book, is_damage
from plaintextcrm.book.seal import forget
from plaintextcrm.cli.output import tell
from plaintextcrm.model.errors import CrmError
from plaintextcrm.model.settings import Fault, Settings
from plaintextcrm.store.cache import cache_folder, cache_name
from plaintextcrm.store.folder import find_book
from plaintextcrm.store.witness import told_stamp

T = TypeVar("T")
# What reading a damaged cache may raise beside SQLite's own errors.
_STRANGE_VALUES = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)


class Session:
    """The global options, and what follows from them."""

    def __init__(self, folder: str | None, today: str | None, color: str) -> None:
        self.named = folder
        self._today = today
        self.color = color
        self._memory: Book | None = None
        self.autosync = False  # as the settings said when the book was asked last

    def close(self) -> None:
        """Let go of what was kept from one question to the next."""
        if self._memory:
            self._memory.close()
            self._memory = None

    @cached_property
    def folder(self) -> Path:
        """The address book. Raises BookNotFound."""
        return find_book(Path.cwd(), self.named, os.environ)

    @property
    def now(self) -> datetime:
        """The moment it is."""
        return datetime.now(UTC)

    def today(self, settings: Settings) -> date:
        """The day it is in the settings' time zone, or the one the person named."""
        if self._today and (day := _iso_day(self._today)):
            return day
        if settings.timezone:
            from zoneinfo import ZoneInfo

            today = self.now.astimezone(ZoneInfo(settings.timezone)).date()
        else:
            today = self.now.astimezone().date()
        return parse_day(self._today, today) if self._today else today

    def database(self) -> Path:
        """Where this book's cache lies."""
        return cache_folder() / f"{cache_name(self.folder)}.sqlite3"

    def lock(self, name: str) -> Path:
        """A lock file that all commands on this book share."""
        return cache_folder() / f"{cache_name(self.folder)}-{name}.lock"

    def journal(self) -> Path:
        """The folder with what commands changed in this book, beside its cache."""
        return cache_folder() / f"{cache_name(self.folder)}-journal"

    def witness(self) -> Path:
        """The socket at which a running `watch` of this book tells what it sees."""
        return cache_folder() / f"{cache_name(self.folder)}.socket"

    def running(self) -> Path:
        """The folder in which commands that run for long say so."""
        return cache_folder() / f"{cache_name(self.folder)}-running"

    def ask(self, question: Callable[[Book], T], given_up: frozenset[str] | None = None) -> T:
        """The answer of an up-to-date book; `given_up`: see `book.look.Look`; who gives it wants to look.

        A cache that is damaged is made anew; one that cannot be used is replaced by memory.
        """
        database = self.database()
        for _attempt in range(2):
            try:
                return self._answer(question, database, given_up)
            except sqlite3.DatabaseError as error:
                if is_damage(error):
                    forget(database)
                else:
                    break
            except _STRANGE_VALUES:
                # SQLite does not notice wrong bytes in a value. If the fault is not in the cache but
                # ours, it comes again, and this time it is not caught.
                forget(database)
                break
        return self._answer(question, None, given_up)

    def elsewhere(self) -> list[str]:
        """The contacts that a sparse checkout leaves out; see `book.Book`."""
        try:
            return _absent(self.folder) if _may_be_a_part(self.folder) else []
        except CrmError:  # no repository, or no git
            return []

    def _answer(
        self, question: Callable[[Book], T], database: Path | None, given_up: frozenset[str] | None
    ) -> T:
        book = self._memory or Book(self.folder, database, _fault_of, self.elsewhere)
        if book.in_memory:  # `watch` asks again: it must not be filled anew each time
            self._memory = book
        try:
            told = self._told if given_up is None else None
            book.refresh(self.today, time.time_ns(), given_up, told)
            self.autosync = book.settings.autosync
            return question(book)
        finally:
            if not book.in_memory:
                book.close()

    def _told(self) -> bytes:
        return told_stamp(self.folder, self.witness())


def _fault_of(query: str, settings: Settings) -> Fault | None:
    """What is wrong with a query of the settings; asked only when they are new."""
    from plaintextcrm.query.checking import fault_of

    return fault_of(query, settings)


def _may_be_a_part(folder: Path) -> bool:
    """False where no git leaves files out of the folder: nearly always, so git need not be asked."""
    found = next((git for git in (above / ".git" for above in (folder, *folder.parents))
                  if git.exists()), None)  # fmt: skip
    return found is not None and (found.is_file() or (found / "info" / "sparse-checkout").exists())


def _absent(folder: Path) -> list[str]:
    from plaintextcrm.share.parts import absent
    from plaintextcrm.share.repository import find

    return absent(find(folder))


def _iso_day(text: str) -> date | None:
    """The day that `2026-12-01` says: to know it, nobody needs a time zone or all that reads dates."""
    with suppress(ValueError):
        return date.fromisoformat(text) if text[4:5] == text[7:8] == "-" else None
    return None


def parse_day(text: str, today: date) -> date:
    """A DATE of the command line; a wrong one is a usage error that says what can be written."""
    from plaintextcrm.model.dates import parse_when

    try:
        return parse_when(text, today)
    except ValueError as error:
        example = "2026-12-01, today, tomorrow, friday, +2w, -3d or 'in 3 months'"
        raise click.UsageError(f"{text!r}: {error}. Write {example}.") from None


def tell_problems(book: Book) -> int:
    """Tell whoever looks that files have errors; the exit code that says so."""
    counts = answers.wrong(book)
    if counts.errors:
        files = "1 file has" if counts.broken == 1 else f"{counts.broken} files have"
        tell(f"{files} errors{_held(counts)}. See `plaintextcrm check`.")
    return 1 if counts.errors else 0


def _held(counts: answers.Wrong) -> str:
    """What is used instead of a broken file, where the book knows something better."""
    if not counts.held:
        return ""
    if counts.held < counts.broken:
        return f"; of {counts.held} of them the last good version is used"
    return f"; {'its last good version is' if counts.broken == 1 else 'their last good versions are'} used"


session = click.make_pass_decorator(Session)
