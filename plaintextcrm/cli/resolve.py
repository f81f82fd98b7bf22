"""`resolve`: settle what two people changed in different ways, one field at a time."""

import click

from plaintextcrm.cli.output import one_line, say, tell
from plaintextcrm.cli.session import Session, session
from plaintextcrm.cli.sync import opened
from plaintextcrm.model.errors import ContactNotFound, SeveralContacts, WhichEntry
from plaintextcrm.share import conflicts
from plaintextcrm.share.conflicts import MINE, THEIRS, NoSuchField
from plaintextcrm.share.repository import Repository, next_command
from plaintextcrm.share.trouble import NothingInConflict
from plaintextcrm.share.unmerged import Open, unmerged
from plaintextcrm.store.folder import SETTINGS
from plaintextcrm.store.lock import locked
from plaintextcrm.text.fold import fold, key_of
from plaintextcrm.text.parse import contact_id


@click.command(
    epilog="Example: plaintextcrm resolve acme cadence mine",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("contact")
@click.argument("words", nargs=-1, required=True, metavar="[FIELD] mine|theirs")
@session
def command(session: Session, contact: str, words: tuple[str, ...]) -> None:
    """Take your side or theirs where a merge left a conflict: of one FIELD, or of the whole file.

    `plaintextcrm sync` names each field. CONTACT is its id or its file; the settings are called
    plaintextcrm.yaml. When all is settled, `plaintextcrm sync --continue` goes on. It settles what a
    rebase or `git stash pop` left, too.
    """
    *field, side = words
    if side not in (MINE, THEIRS):
        raise click.UsageError(f"Whose side? Write `{MINE}` or `{THEIRS}` last.")
    repository = opened(session, trust=False)
    with locked(session.lock("edit"), f"resolve {contact}"):
        found = unmerged(repository)
        if not found:
            raise NothingInConflict(next_command(repository))
        one = _find(repository, found, contact)
        try:
            conflicts.resolve(repository, one, " ".join(field), side)
        except NoSuchField as error:
            raise WhichEntry(_which(one, " ".join(field), error), error.known) from None
        found = unmerged(repository)
        left = [other for other in found if conflicts.is_open(repository, other)]
        conflicts.stage(repository, [other.path for other in found if other not in left])
    name = one_line(contact_id(one.path))
    say(f"{name}: took {'yours' if side == MINE else 'theirs'}{_of(' '.join(field))}")
    for other in left:
        for line in conflicts.lines(repository, other):
            tell(f"Left: {line}")
    if not left:
        tell(f"All is settled. Go on with `{next_command(repository)}`.")


def _of(field: str) -> str:
    return f" for {one_line(field)}" if field else ""


def _which(one: Open, field: str, error: NoSuchField) -> str:
    if one.whole:
        return f"One side removed {one.path}: `mine` or `theirs` is about the whole file."
    if one.names:
        return f"Both of you renamed {one.path}; settle at first what it is called:"
    if not error.known:
        return f"Nothing is in conflict in {one.path} any more."
    return f"Which field of {one.path}? {field!r} names none of these, or several:"


def _find(repository: Repository, found: list[Open], word: str) -> Open:
    """The file in conflict that the word names. Raises ContactNotFound or SeveralContacts."""
    inside = {path.removeprefix(repository.prefix): one
              for one in found for path in (one.path, *(one.names or ()))}  # fmt: skip
    exact = [
        one for path, one in inside.items()
        if path == word or (path != SETTINGS and key_of(contact_id(path)) == key_of(word))
    ]  # fmt: skip
    alike = exact or [one for path, one in inside.items() if fold(word) in fold(path)]
    alike = list(dict.fromkeys(alike))
    if len(alike) == 1:
        return alike[0]
    if alike:
        raise SeveralContacts(word, [one.path for one in alike])
    raise ContactNotFound(
        f"{word} among those in conflict", [contact_id(one.path) for one in found][:3]
    )
