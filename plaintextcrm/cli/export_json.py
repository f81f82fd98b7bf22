"""`export json` and `export jsonl`: contacts whole, with all entries."""

from collections.abc import Callable, Iterable, Iterator

import click

from plaintextcrm.book.book import Book
from plaintextcrm.cli.exporting import chosen, contacts_options, put
from plaintextcrm.cli.session import Session, session, tell_problems
from plaintextcrm.cli.spoken import SPOKEN, Spoken
from plaintextcrm.exchange.mentions import discreet
from plaintextcrm.exchange.outgoing import Others, Outgoing, outgoing
from plaintextcrm.exchange.people import as_json

Form = Callable[[Iterable[Outgoing]], Iterator[bytes]]


@click.command(
    cls=Spoken,
    context_settings=SPOKEN,
    epilog="Example: plaintextcrm export json status:client -o clients.json",
)
@contacts_options
@session
def command(session: Session, query: tuple[str, ...], output: str | None) -> None:
    """Write contacts as a list in JSON, all or those that QUERY finds, whole and with all entries.

    `plaintextcrm schema --export` prints the schema; `plaintextcrm import json` gives back the same
    contacts. Private ones are never in it.
    """
    export(session, query, output, as_json)


def export(session: Session, query: tuple[str, ...], output: str | None, form: Form) -> None:
    """Write the contacts in this form, and exit."""

    def answer(book: Book) -> int:
        found = chosen(book, query)
        people = discreet(outgoing(book, found.rows), Others(book), book.settings)
        put(book.folder, output, form(people), found)
        return tell_problems(book)

    click.get_current_context().exit(session.ask(answer))
