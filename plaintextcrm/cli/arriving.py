"""What all kinds of `import` share: their options, the one way into the book, and what is told of it."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.change import How, Planned, make, say_diff, share, writes
from plaintextcrm.cli.change import read as read_contact
from plaintextcrm.cli.new import folder_below
from plaintextcrm.cli.output import one_line, say, tell, to_json
from plaintextcrm.cli.schema import modeline
from plaintextcrm.cli.session import Session
from plaintextcrm.exchange.arrival import CHANGED, NEW, SAME, TWIN, Arrival, Scene, arrive
from plaintextcrm.exchange.incoming import Incoming, Refused, Source
from plaintextcrm.model.errors import ChangeRefused, CrmError, SourceUnreadable
from plaintextcrm.model.settings import Settings
from plaintextcrm.store.change import Version, text_of
from plaintextcrm.store.picture import keep_pictures, load_picture

Read = Callable[[Source, Settings], Iterator[Incoming | Refused]]
T = TypeVar("T")
LISTED = 20  # lines of each kind; more are counted
_STEP = 1 << 16  # bytes of a file, or so, from one look of the progress bar to the next


class Wish(NamedTuple):
    """What the options of all kinds ask for."""

    how: How
    files: tuple[str, ...]
    folder: str


def arrives(function: Callable[..., None]) -> Callable[..., Any]:
    """A kind of `import`: it is given the session and the Wish, then its own values."""

    @click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path())
    @click.option(
        "--to",
        "folder",
        metavar="FOLDER",
        default="",
        help="New contacts go into this folder below contacts/; made where it is missing.",
    )
    @writes
    @wraps(function)
    def command(
        session: Session, how: How, files: tuple[str, ...], folder: str, **values: Any
    ) -> None:
        function(session, Wish(how, files, folder_below(folder)), **values)

    return command


def take_in(session: Session, wish: Wish, kind: str, read: Read, endings: Iterable[str]) -> None:
    """Read the files, and bring who is in them into the book, in one change that `undo` takes back.

    A folder stands for its files with one of the `endings`. The exit code is 1 where something could
    not be read, or was not taken over.
    """
    settings = session.ask(lambda book: book.settings)
    found = [one for file in _files(wish.files, endings) for one in _read(file, settings, read)]
    people = [one for one in found if isinstance(one, Incoming)]
    refused = [one for one in found if isinstance(one, Refused)]
    done: list[Arrival | Refused] = []

    def plan() -> Planned:
        scene = session.ask(lambda book: _scene(session, book, wish.folder))
        done[:] = _shown(arrive(people, scene), "Comparing", len(people))
        if not wish.how.dry_run:
            keep_pictures(session.folder, _pictures(done))
        return Planned(_versions(done), [])

    what = f"import {kind} {' '.join(wish.files)}"
    planned = plan() if wish.how.dry_run else make(session, what, plan)
    refused += [one for one in done if isinstance(one, Refused)]
    arrivals = [one for one in done if isinstance(one, Arrival)]
    _Report(wish.how, arrivals, refused).say()
    if not wish.how.dry_run and planned.versions:
        with suppress(CrmError, OSError):  # who asks next need not wait for what is new
            session.ask(lambda book: None)
        share(session, [version.path for version in planned.versions])
    click.get_current_context().exit(1 if refused else 0)


def _files(named: Iterable[str], endings: Iterable[str]) -> Iterator[Source]:
    """The files, those of folders by name; `-` is stdin. Raises SourceUnreadable."""
    for name in named:
        if name == "-":
            yield Source("stdin", sys.stdin.buffer.read())
            continue
        path = Path(name)
        inside = sorted(_below(path, tuple(endings))) if path.is_dir() else [path]
        for file in inside:
            try:
                yield Source(str(file), file.read_bytes())
            except OSError as error:
                raise SourceUnreadable(str(file), error.strerror or str(error)) from error


def _below(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.name.lower().endswith(endings) and not hidden and path.is_file():
            yield path


def _read(source: Source, settings: Settings, read: Read) -> list[Incoming | Refused]:
    """All that stands in one file."""
    lines = source.data.count(b"\n") + 1
    found = []
    at = 0
    with progress(
        f"Reading {one_line(source.path)}", lines if len(source.data) > _STEP else 0
    ) as go:
        for one in read(source, settings):
            found.append(one)
            go(max(one.line - at, 0))
            at = max(one.line, at)
    return found


def _shown(values: Iterable[T], label: str, length: int) -> Iterator[T]:
    """The values, while a bar shows how far they are."""
    with progress(label, length if length > LISTED else 0) as go:
        for value in values:
            yield value
            go(1)


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal's stderr while long work goes on; nothing where it is short (0)."""
    if not length or not sys.stderr or not sys.stderr.isatty():
        yield lambda steps: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


def _scene(session: Session, book: Book, folder: str) -> Scene:
    """What the people are held against."""

    def text_of(path: str) -> bytes:
        try:
            return read_contact(session, path)
        except ChangeRefused:
            return b""  # it is told that nothing can be written there

    def picture(path: str) -> bytes | None:
        there = os.path.lexists(session.folder / path)
        return (load_picture(session.folder, Path(path)) or b"") if there else None

    head = modeline(session.folder, session.folder / folder / "x.yaml")
    return Scene(
        answers.faces(book), answers.paths(book), text_of, book.settings, book.today, folder,
        f"{head}\n", picture,
    )  # fmt: skip


def _pictures(done: Iterable[Arrival | Refused]) -> dict[str, bytes]:
    """The pictures that come with them."""
    pictures = (one.picture for one in done if isinstance(one, Arrival))
    return {one.path: one.data for one in pictures if one}


def _versions(done: Iterable[Arrival | Refused]) -> list[Version]:
    """The files before the first and after the last card that goes into them."""
    texts: dict[str, tuple[bytes | None, bytes]] = {}
    for one in done:
        if isinstance(one, Arrival):
            before = texts[one.face.path][0] if one.face.path in texts else one.before
            texts[one.face.path] = before, one.after
    return [
        Version(path, None if before is None else text_of(before), text_of(after))
        for path, (before, after) in texts.items()
        if before != after
    ]


class _Report(NamedTuple):
    """What is told at the end: who came, who got what, what differs, what could not be read."""

    how: How
    arrivals: list[Arrival]
    refused: list[Refused]

    def say(self) -> None:
        """The answer on stdout, what it means on stderr."""
        if self.how.form == "json":
            for one in self.arrivals:
                say(to_json(plain_arrival(one)))
            for refusal in self.refused:
                say(to_json(plain_refusal(refusal)))
        else:
            self._say_people()
            self._say_proposals()
        for refusal in self.refused:
            tell(f"{refusal.path}:{refusal.line}: {refusal.message.rstrip('.')}.")
        tell(self._sum())

    def _say_people(self) -> None:
        said: dict[str, int] = {}
        for one in self.arrivals:
            if one.what == SAME:
                continue
            said[one.what] = said.get(one.what, 0) + 1
            if self.how.dry_run or said[one.what] <= LISTED:
                self._say_one(one)
        more = sum(max(number - LISTED, 0) for number in said.values())
        if more and not self.how.dry_run:
            say(f"and {more} more")

    def _say_one(self, one: Arrival) -> None:
        if one.what == CHANGED and self.how.dry_run:
            before = text_of(one.before or b"")
            say_diff(Version(one.face.path, before, text_of(one.after)))
            return
        looks = ", ".join(f"{face.id} ({face.name})" for face in one.alike)
        twin = f", looks like {looks}" if looks else ""
        what = NEW if one.what == TWIN else one.what
        say(f"{what:8} {one_line(one.face.path)}  {one_line(one.face.name + twin)}")

    def _say_proposals(self) -> None:
        differing = [one for one in self.arrivals if one.proposals]
        for one in differing if self.how.dry_run else differing[:LISTED]:
            for field, here, there in one.proposals:
                origin = f"{one.incoming.path}:{one.incoming.line}"
                told = one_line(f"{field}: {here} | {origin}: {there}")
                say(f"differs  {one_line(one.face.path)}  {told}")
        if len(differing) > LISTED and not self.how.dry_run:
            say(f"and {len(differing) - LISTED} more that differ")

    def _sum(self) -> str:
        numbers = dict.fromkeys((NEW, TWIN, CHANGED, SAME), 0)
        for one in self.arrivals:
            numbers[one.what] += 1
        new = numbers[NEW] + numbers[TWIN]
        parts = [f"{new} new", f"{numbers[CHANGED]} changed", f"{numbers[SAME]} the same"]
        parts += [f"{len(self.refused)} refused"] if self.refused else []
        text = ", ".join(parts)
        text = f"Would be: {text}." if self.how.dry_run else f"{text}."
        if numbers[TWIN]:
            text += f" {numbers[TWIN]} of the new look like somebody who is here."
        differing = sum(bool(one.proposals) for one in self.arrivals)
        if differing:
            text += f" What differs in {differing} was left as it is: `plaintextcrm set` takes it."
        return text


def plain_arrival(one: Arrival) -> dict[str, object]:
    """What became of one card as documented for programs (docs/json.md)."""
    return {
        "what": one.what,
        "path": one.incoming.path,
        "line": one.incoming.line,
        "id": one.face.id,
        "file": one.face.path,
        "name": one.face.name,
        "looks_like": [face.id for face in one.alike],
        "differs": [proposal._asdict() for proposal in one.proposals],
        "message": "",
    }


def plain_refusal(one: Refused) -> dict[str, object]:
    """What could not be read, with the same keys."""
    return {
        "what": "refused",
        "path": one.path,
        "line": one.line,
        "id": "",
        "file": "",
        "name": "",
        "looks_like": [],
        "differs": [],
        "message": one.message,
    }
