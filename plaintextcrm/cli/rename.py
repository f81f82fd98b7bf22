"""`rename`: another id for a contact, in its file's name and in all files that refer to it."""

import re
from pathlib import PurePosixPath
from typing import NamedTuple

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.adding import contact_argument
from plaintextcrm.cli.change import (
    Edit,
    How,
    Planned,
    Scene,
    Work,
    carry_out,
    read,
    scene_of,
    spliced,
    writes,
)
from plaintextcrm.cli.output import tell
from plaintextcrm.cli.repointing import Repoint, repointed
from plaintextcrm.cli.session import Session
from plaintextcrm.model.errors import ChangeRefused
from plaintextcrm.store.change import Version, text_of
from plaintextcrm.store.folder import is_conflict_copy, may_be_contact
from plaintextcrm.text.edit import Change, Set
from plaintextcrm.text.fold import key_of
from plaintextcrm.text.nodes import Scalar
from plaintextcrm.text.parse import contact_id
from plaintextcrm.text.reader import read as read_text
from plaintextcrm.text.references import promised_by, references


class Move(NamedTuple):
    """What is renamed, and the files that may say so."""

    scene: Scene
    old: str
    new: str
    target: str
    uid: str
    others: list[str]


@click.command(epilog="Example: plaintextcrm rename mala eva-novotna")
@contact_argument
@click.argument("new_id", metavar="NEW-ID")
@writes
def command(session: Session, how: How, contact: str, new_id: str) -> None:
    """Give CONTACT the id NEW-ID: its file, and every reference to it in other files.

    Its calendar events stay: a contact without `uid` gets the one that its events had.
    """
    elsewhere = session.elsewhere()
    move = session.ask(lambda book: _move(book, contact, new_id, elsewhere))
    counted = _plan(session, move).versions[2:]
    files = f" and in {len(counted)} other file{'s' * (len(counted) != 1)}" if counted else ""
    work = Work(
        what=f"rename {move.old} {move.new}",
        done=f"Renamed {move.old} to {move.new}, in {move.target}{files}",
        paths=[move.target],
        plan=lambda: _plan(session, move),
    )
    carry_out(session, how, work)
    if elsewhere:
        tell(
            f"Contacts of the repository that are not checked out here ({len(elsewhere)}) may still refer"
            f" to {move.old}: whoever has them all sees it by `plaintextcrm check`."
        )


def _move(book: Book, contact: str, new_id: str, elsewhere: list[str]) -> Move:
    scene = scene_of(book, [contact])
    row = scene.row
    new = re.sub(r"\.ya?ml\Z", "", new_id)
    source = PurePosixPath(row.path)
    name = f"{new}{source.suffix}"
    if "/" in new or not new.strip() or not may_be_contact(name) or is_conflict_copy(name):
        raise click.UsageError(f"{new_id!r} cannot be an id: write a file's name without .yaml.")
    if contact_id(name) == row.id:
        raise click.UsageError(f"{row.id} is called so already.")
    for path in (*answers.paths(book), *elsewhere):
        if key_of(contact_id(path)) == key_of(new) and path != row.path:
            raise ChangeRefused(f"{path} has this id already. Take another one.")
    others = [path for path in answers.referring(book, row.id) if path != row.path]
    uid = row.uid
    if uid != answers.own_uid(book, row.path) and uid in answers.taken_uids(book):
        import uuid

        uid = str(uuid.uuid4())  # another file was renamed from this name
    return Move(scene, row.id, new, str(source.with_name(name)), uid, others)


def _plan(session: Session, move: Move) -> Planned:
    """The contact's file first: as it goes, and as it comes; then those that refer to it."""
    row = move.scene.row
    own = spliced(session, move.scene, [Edit(row.path, lambda data: _changes(move, data))])
    data = read(session, row.path)
    text = own.versions[0].after if own.versions else text_of(data)
    others = repointed(session, move.scene, Repoint(move.old, move.new), move.others)
    moved = [Version(row.path, text_of(data), None), Version(move.target, None, text)]
    return Planned([*moved, *others.versions], [*own.warnings, *others.warnings])


def _changes(move: Move, data: bytes) -> list[Change]:
    """Every reference in the contact's own file, its uid, and promises `by` its id."""
    root = read_text(data, "").root
    if root is None:
        return [Set(("uid",), move.uid)]  # which tells what is wrong
    settings = move.scene.settings
    paths = [*references(root, move.old, settings), *promised_by(root, move.old, settings)]
    changes: list[Change] = [Set(path, move.new) for path in paths]
    if not any(
        key.text == "uid" and not (isinstance(node, Scalar) and not node.text)
        for key, node in root.pairs
    ):
        changes.append(Set(("uid",), move.uid))
    return changes
