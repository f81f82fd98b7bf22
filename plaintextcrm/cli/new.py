"""`new`: a new contact, in a file that is named after it."""

import os
import uuid
from collections.abc import Sequence
from pathlib import PurePosixPath

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.adding import filled, joined, words_argument
from plaintextcrm.cli.change import How, Planned, Scene, Work, carry_out, demand_sound, writes
from plaintextcrm.cli.completion import complete_contact
from plaintextcrm.cli.schema import modeline
from plaintextcrm.cli.session import Session
from plaintextcrm.store.change import Version
from plaintextcrm.store.folder import CONTACTS, may_be_folder
from plaintextcrm.text.edit import Set, edit
from plaintextcrm.text.fold import fold, key_of
from plaintextcrm.text.naming import Ids
from plaintextcrm.text.parse import contact_id
from plaintextcrm.text.render import Plain, scalar


@click.command(epilog="Example: plaintextcrm new Łódź Design --kind organization --tag partner")
@words_argument("NAME")
@click.option("--kind", help="individual (the usual), organization or group.")
@click.option("--org", "organization", shell_complete=complete_contact, help="A contact, or text.")
@click.option("--title", help="Job title.")
@click.option("--email", "emails", multiple=True, help="May be given several times.")
@click.option("--phone", "phones", multiple=True, help="May be given several times.")
@click.option("--tag", "tags", multiple=True, help="May be given several times.")
@click.option("--birthday", help="1986-12-24, or --12-24 without the year.")
@click.option("--status", help="lead, prospect, client, or one of the settings.")
@click.option("--owner", help="Who looks after the contact.")
@click.option("--source", help="Where the contact came from.")
@click.option("--introduced-by", shell_complete=complete_contact, help="A contact.")
@click.option("--cadence", help="How often to be in touch: 6 weeks, 3 months, none.")
@click.option("--notes", help="What is worth knowing.")
@click.option("--folder", default="", help="A folder below contacts/; made where it is missing.")
@writes
def command(
    session: Session, how: How, words: tuple[str, ...], folder: str, **given: "Plain | None"
) -> None:
    """Make a contact called NAME. The file is named after it: Łódź Design → lodz-design.yaml."""
    name = joined(words)
    if not name:
        raise click.UsageError("What is the contact called?")
    place = folder_below(folder)

    while not _make(session, how, place, name, given):
        pass  # somebody else made a file of this name just now: there is another number


class _Taken(Exception):
    """There is such a file already."""


def _make(
    session: Session, how: How, place: str, name: str, given: "dict[str, Plain | None]"
) -> bool:
    """Make the file; False where its name was taken meanwhile."""
    elsewhere = session.elsewhere()

    def answer(book: Book) -> "tuple[Scene, dict[str, Plain | None], str]":
        fields = dict(given)
        for field in ("organization", "introduced_by"):
            if word := fields.get(field):
                fields[field] = _id_of(book, str(word), strict=field == "introduced_by")
        known = [*answers.paths(book), *elsewhere]
        path = f"{place}/{Ids(map(contact_id, known)).new(name)}.yaml"
        return Scene((), book.settings, book.today), fields, path

    scene, fields, path = session.ask(answer)
    fields = {
        key: list(value) if isinstance(value, tuple) else value for key, value in fields.items()
    }
    text = _text(session, path, name, filled(fields))
    warnings = demand_sound(scene, path, None, text.encode())

    def plan() -> Planned:
        if os.path.lexists(session.folder / path):
            raise _Taken
        return Planned([Version(path, None, text)], warnings)

    try:
        carry_out(session, how, Work(f"new {contact_id(path)}", f"Made {path}", [path], plan))
    except _Taken:
        return False
    return True


def folder_below(given: str) -> str:
    """The folder of the new file, below the address book. Raises a usage error for one outside."""
    parts = PurePosixPath(given).parts
    parts = parts[1:] if parts[:1] == (CONTACTS,) else parts
    if any(part in ("..", "/") or not may_be_folder(part) for part in parts):
        raise click.UsageError(
            f"--folder {given}: name a folder below {CONTACTS}/, not a hidden one."
        )
    return "/".join((CONTACTS, *parts))


def _id_of(book: Book, word: str, *, strict: bool) -> str:
    """The id of the contact that the word names; else, unless `strict`, the word as it is."""
    if strict:
        return answers.find_contact(book, word).id
    where = answers.Where(
        "c.key = :key OR c.sort = :sort", {"key": key_of(word), "sort": fold(word)}
    )
    found = answers.contacts(book, where)
    return found[0].id if len(found) == 1 else word


def _text(session: Session, path: str, name: str, fields: dict[str, Plain]) -> str:
    """The new file, its fields in the order of the field table."""
    head = modeline(session.folder, session.folder / path)
    data = f"{head}\nname: {scalar(name)}\n".encode()
    changes: Sequence[Set] = [Set((field,), value) for field, value in fields.items()]
    return edit(data, path, Set(("uid",), str(uuid.uuid4())), *changes).decode()
