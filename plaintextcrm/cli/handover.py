"""`handover`: what a colleague must know who takes contacts over, and then they are theirs."""

from collections.abc import Sequence
from pathlib import Path

import click

from plaintextcrm.book import answers
from plaintextcrm.book.answers import ContactRow, Where
from plaintextcrm.book.book import Book
from plaintextcrm.cli.asking import asked
from plaintextcrm.cli.change import Edit, Scene, Work, make, share, spliced
from plaintextcrm.cli.completion import complete_query
from plaintextcrm.cli.output import safe, say, tell, to_json
from plaintextcrm.cli.session import Session, session
from plaintextcrm.cli.writer import person
from plaintextcrm.model.errors import NotWritten
from plaintextcrm.share.differences import fields_in
from plaintextcrm.share.handover import Client, Handover, html, markdown
from plaintextcrm.store.folder import CONTACTS
from plaintextcrm.store.write import replace
from plaintextcrm.text.edit import Change, Set
from plaintextcrm.text.nodes import Mapping, Scalar
from plaintextcrm.text.nodes import Sequence as List
from plaintextcrm.text.reader import read

FORMS = {"md": markdown, "html": html}


@click.command(epilog="Example: plaintextcrm handover jana petr tag:client -o handover.md")
@click.argument("old", metavar="FROM")
@click.argument("new", metavar="TO")
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    metavar="FILE",
    help="The document goes there instead of stdout.",
)
@click.option("--private", is_flag=True, help="Private contacts, too; else they stay as they are.")
@click.option("--dry-run", is_flag=True, help="Only the document: nobody is reassigned.")
@click.option("--format", "form", type=click.Choice(["md", "html", "json"]), default="md")
@session
def command(
    session: Session,
    old: str,
    new: str,
    query: tuple[str, ...],
    output: str | None,
    private: bool,
    dry_run: bool,
    form: str,
) -> None:
    """Hand contacts of FROM over to TO: all, or those that QUERY finds.

    A document tells of each contact what is promised, to do and needed, the last three talks, and
    what to know. Then `owner` becomes TO: of the contact, and of its open follow-ups that were
    FROM's. `plaintextcrm undo` takes that back in one step.
    """

    def answer(book: Book) -> tuple[Handover, Scene, int]:
        return _handover(book, session, old, new, query, private=private)

    handover, scene, hidden = session.ask(answer)
    _put(_text(handover, form), output)
    if hidden:
        contacts = "1 private contact" if hidden == 1 else f"{hidden} private contacts"
        tell(f"{contacts} left out: --private hands them over, too.")
    number = f"{len(scene.rows)} contact{'s' * (len(scene.rows) != 1)}"
    if dry_run or not scene.rows:
        tell(f"{number} would go from {handover.old} to {handover.new}.")
        return
    work = _work(session, scene, handover)
    planned = make(session, work.what, work.plan)
    tell(f"{work.done}. `plaintextcrm undo` takes that back.")
    share(session, [version.path for version in planned.versions])


def _handover(
    book: Book, session: Session, old: str, new: str, query: Sequence[str], *, private: bool
) -> tuple[Handover, Scene, int]:
    """The document, what is to be changed, and how many private contacts stay."""
    giver, taker = _giver(book, session, old), person(session, book.settings, new)
    if giver == taker:
        raise click.UsageError(f"{taker} has them already.")
    where = asked(book, query)
    of_giver = Where(
        f"({where.sql}) AND c.owner = :giver", {**where.values, "giver": giver}, where.order
    )
    rows = answers.contacts(book, of_giver)
    kept = tuple(row for row in rows if private or not row.private)
    clients = tuple(_client(book, row) for row in kept)
    scene = Scene(kept, book.settings, book.today)
    return Handover(giver, taker, book.today, clients), scene, len(rows) - len(kept)


def _giver(book: Book, session: Session, name: str) -> str:
    """Who hands over: also somebody who is not among `people` any more."""
    known = answers.values(book, "owner")
    return name if name in known else person(session, book.settings, name)


def _client(book: Book, row: ContactRow) -> Client:
    fields = fields_in(answers.text_of(book, row.path).encode(), row.path) or {}
    return Client(row.id, row.name, row.path, row.last or "", row.next or "", fields)


def _work(session: Session, scene: Scene, handover: Handover) -> Work:
    def changes(data: bytes) -> list[Change]:
        return _reassigned(data, handover)

    edits = [Edit(row.path, changes) for row in scene.rows]
    number = f"{len(scene.rows)} contact{'s' * (len(scene.rows) != 1)}"
    return Work(
        what=f"handover {handover.old} {handover.new} ({number})",
        done=f"Handed {number} over from {handover.old} to {handover.new}",
        paths=[row.path for row in scene.rows],
        plan=lambda: spliced(session, scene, edits),
    )


def _reassigned(data: bytes, handover: Handover) -> list[Change]:
    """The owner of the contact, and of its open follow-ups that were theirs."""
    changes: list[Change] = [Set(("owner",), handover.new)]
    root = read(data, "").root
    held = (
        next((value for key, value in root.pairs if key.text == "follow_ups"), None)
        if root
        else None
    )
    for number, entry in enumerate(held.items if isinstance(held, List) else ()):
        fields = {
            key.text: value.text
            for key, value in (entry.pairs if isinstance(entry, Mapping) else ())
            if isinstance(value, Scalar)
        }
        if fields.get("owner") == handover.old and not fields.get("done"):
            changes.append(Set(("follow_ups", number, "owner"), handover.new))
    return changes


def _text(handover: Handover, form: str) -> str:
    if form != "json":
        return FORMS[form](handover)
    return to_json([_plain(client, handover) for client in handover.clients], indent=2) + "\n"


def _plain(client: Client, handover: Handover) -> dict[str, object]:
    """A contact of the handover as documented for programs (docs/json.md)."""
    return {
        "id": client.id,
        "name": client.name,
        "path": client.path,
        "from": handover.old,
        "to": handover.new,
        "last": client.last or None,
        "next": client.next or None,
        "fields": client.fields,
    }


def _put(text: str, output: str | None) -> None:
    if output is None or output == "-":
        say(safe(text.removesuffix("\n")))
        return
    target = Path(output).expanduser()
    if CONTACTS in target.parts and target.suffix in (".yaml", ".yml"):
        raise NotWritten(output, "this is a contact's place")
    replace(target, text.encode())
    tell(f"{output}: written")
