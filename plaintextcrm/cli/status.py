"""`status`: what runs for the address book, when its feeds were written, and what is wrong."""

import os
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.output import one_line, say, say_json
from plaintextcrm.cli.place import Place
from plaintextcrm.cli.session import Session, session
from plaintextcrm.feed.publish import is_current
from plaintextcrm.model.errors import CrmError
from plaintextcrm.model.settings import FeedSettings
from plaintextcrm.query import where
from plaintextcrm.service.managers import manager_of
from plaintextcrm.service.running import Run, Seen, runs
from plaintextcrm.service.unit import name_of

PATIENCE = 3.0  # seconds in which a command that runs may still write what just changed
STEP = 0.1  # seconds between two looks
NAMED = 10  # errors of files that are told, a line each
VERBS = ("watch", "serve")


class _Installed(NamedTuple):
    """A service that is installed for this address book: its name, its command, its state."""

    name: str
    command: str
    state: str
    file: str


@dataclass(frozen=True, slots=True)
class _Feed:
    """A feed: its name, its file, when that was written, and whether it says what the contacts say.
    `why` it does not, and where `late` it may do so in a moment.
    """

    name: str
    path: str
    written: str | None
    current: bool
    why: str = ""
    late: bool = False


class _Status(NamedTuple):
    """All that there is to tell."""

    feeds: list[_Feed]
    wrong: list[str]


@click.command(epilog="Example: plaintextcrm status --format json")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@session
def command(session: Session, form: str) -> None:
    """Tell what runs for this address book, when each feed was written, and what is wrong.

    `watch` and `serve` are seen however they were started. A feed is up to date when it says what
    the contacts say today. Nothing is written. Ends with 1 when something is wrong.
    """
    seen = runs(session.running())
    services = _services(session)
    status = _settled(session, seen)
    wrong = [*_of_runs(seen), *_of_services(services, seen)]
    wrong += [feed.why for feed in status.feeds if feed.why]
    wrong += status.wrong
    if form == "json":
        say_json(_json(session, seen, services, status, wrong))
    else:
        _show(session, seen, services, status, wrong)
    click.get_current_context().exit(1 if wrong else 0)


def _services(session: Session) -> list[_Installed]:
    manager = manager_of(sys.platform)
    found = []
    for verb in VERBS:
        name = name_of(verb, session.folder)
        file = manager.place(name)
        if file.exists():
            found.append(_Installed(name, verb, manager.state(name), str(file)))
    return found


def _settled(session: Session, seen: Iterable[Seen]) -> _Status:
    """How the feeds are; where somebody is about to write them, in a moment."""
    busy = any(one.alive for one in seen)
    places = _places(seen)
    deadline = time.monotonic() + PATIENCE
    while True:
        status = session.ask(lambda book: _status(session, book, places))
        late = busy and any(feed.late for feed in status.feeds)
        if not late or time.monotonic() > deadline:
            return status
        time.sleep(STEP)


def _places(seen: Iterable[Seen]) -> list[Place]:
    """Where feeds are to be: in the address book, unless all that runs writes them elsewhere."""
    found = {Place(one.run.file, one.run.folder, one.run.only): None for one in seen if one.alive}
    return list(found) or [Place()]


def _status(session: Session, book: Book, places: Iterable[Place]) -> _Status:
    feeds: list[_Feed] = []
    wrong: list[str] = []
    for place in places:
        feeds += [_feed(session, book, place, feed) for feed in place.feeds(book)]
        wrong += map(str, place.missing(book))
    errors = [problem for problem in answers.problems(book) if problem.severity == "error"]
    broken = [
        f"{problem.path}:{problem.place.line}:{problem.place.column}: error[{problem.code}]: "
        f"{problem.message}"
        for problem in errors[:NAMED]
    ]
    if more := len(errors) - len(broken):
        broken.append(f"{more} more error{'s' * (more != 1)}: see `plaintextcrm check`")
    return _Status(feeds, wrong + broken)


def _feed(session: Session, book: Book, place: Place, feed: FeedSettings) -> _Feed:
    """How one feed is."""
    path = feed.path
    written = None
    try:
        target = place.target(book.folder, feed)
        path = str(target)
        written = _written(target)
        if written is None:
            why = (
                f"{path}: never written. `plaintextcrm export ics` does, and `plaintextcrm watch`."
            )
            return _Feed(feed.name, path, None, False, why, late=True)
        if is_current(book, feed, target, session.now, where(book, feed.query)):
            return _Feed(feed.name, path, written, True)
    except (CrmError, OSError) as error:
        return _Feed(feed.name, path, written, False, str(error))
    why = f"{path}: not up to date. `plaintextcrm export ics` writes it, and `plaintextcrm watch`."
    return _Feed(feed.name, path, written, False, why, late=True)


def _written(target: Path) -> str | None:
    """When the file was written last; None where there is none."""
    try:
        moment = datetime.fromtimestamp(target.stat().st_mtime).astimezone()
    except FileNotFoundError:
        return None
    return moment.isoformat(timespec="seconds")


def _of_runs(seen: Iterable[Seen]) -> list[str]:
    return [
        f"{run.command}, process {run.pid}, ended without a word; it ran since {_clock(run.since)}. "
        "Start it again."
        for run, alive in seen
        if not alive
    ]


def _of_services(services: Iterable[_Installed], seen: Iterable[Seen]) -> list[str]:
    running = {one.run.command for one in seen if one.alive}
    found = []
    for service in services:
        if service.state == "failed":
            found.append(f"{service.name}: failed. {_log_of(service.name)} tells why.")
        elif service.state != "running" and service.command not in running:
            found.append(
                f"{service.name}: installed, and does not run. "
                f"`plaintextcrm {service.command} --install` says how to start it."
            )
    return found


def _log_of(name: str) -> str:
    if sys.platform == "darwin":
        return f"~/Library/Logs/{name}.log"
    return f"`journalctl --user -u {name}`"


def _clock(moment: str) -> str:
    """`2026-11-22 14:30`, of a moment as we write it."""
    return moment[:16].replace("T", " ")


def _json(
    session: Session,
    seen: Iterable[Seen],
    services: Iterable[_Installed],
    status: _Status,
    wrong: list[str],
) -> dict[str, Any]:
    feeds = [
        {"name": feed.name, "path": feed.path, "written": feed.written, "current": feed.current}
        for feed in status.feeds
    ]
    return {
        "folder": str(session.folder),
        "running": [asdict(run) for run, alive in seen if alive],
        "services": [service._asdict() for service in services],
        "feeds": feeds,
        "wrong": wrong,
    }


def _show(
    session: Session,
    seen: Iterable[Seen],
    services: Iterable[_Installed],
    status: _Status,
    wrong: list[str],
) -> None:
    say(one_line(f"{session.folder}"))
    for line in _running_lines([run for run, alive in seen if alive]):
        say(one_line(line))
    for service in services:
        say(one_line(f"service {service.name}: {service.state}"))
    for feed in status.feeds:
        if feed.written:
            state = "up to date" if feed.current else "not up to date"
            path = os.path.relpath(feed.path, session.folder)
            shown = feed.path if path.startswith("..") else path
            say(one_line(f"{shown}: written {_clock(feed.written)}, {state}"))
    for line in wrong:
        say(one_line(f"wrong: {line}"))


def _running_lines(running: Iterable[Run]) -> list[str]:
    lines = []
    for run in running:
        where = f" at {run.address}" if run.address else ""
        into = run.file or run.folder
        goal = f" into {into}" if into else ""
        since = f"since {_clock(run.since)}"
        lines.append(f"{run.command} runs{where}{goal}, process {run.pid}, {since}")
    return lines or ["nothing runs: feeds stay as they are until you write them"]
