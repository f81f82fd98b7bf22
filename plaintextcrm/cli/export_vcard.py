"""`export vcard`: contacts as cards, for phones and address books."""

from pathlib import Path

import click

from plaintextcrm.book.book import Book
from plaintextcrm.cli.exporting import chosen, contacts_options, put
from plaintextcrm.cli.session import Session, session, tell_problems
from plaintextcrm.cli.spoken import SPOKEN, Spoken
from plaintextcrm.exchange.mentions import discreet
from plaintextcrm.exchange.outgoing import Others, outgoing
from plaintextcrm.exchange.vcard.writing import Sheet, as_cards
from plaintextcrm.store.picture import load_picture


@click.command(
    cls=Spoken,
    context_settings=SPOKEN,
    epilog="Example: plaintextcrm export vcard tag:client -o clients.vcf",
)
@contacts_options
@click.option(
    "--version",
    type=click.Choice(["4.0", "3.0"]),
    default="4.0",
    help="3.0 for older programs and iPhones; 4.0 unless given.",
)
@session
def command(session: Session, query: tuple[str, ...], output: str | None, version: str) -> None:
    """Write contacts as vCards, all or those that QUERY finds, each with its picture.

    docs/exchange.md tells which fields a card carries. Private contacts are never in it.
    """

    def answer(book: Book) -> int:
        found = chosen(book, query)
        others = Others(book)
        people = discreet(outgoing(book, found.rows), others, book.settings)
        going = frozenset(row.id for row in found.rows)
        sheet = Sheet(version, others, going, lambda path: load_picture(book.folder, Path(path)))
        put(book.folder, output, as_cards(people, sheet), found)
        return tell_problems(book)

    click.get_current_context().exit(session.ask(answer))
