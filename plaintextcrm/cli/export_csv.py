"""`export csv`: contacts as a table with a column for each field."""

from collections.abc import Sequence

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.exporting import chosen, contacts_options, put
from plaintextcrm.cli.session import Session, session, tell_problems
from plaintextcrm.cli.spoken import SPOKEN, Spoken
from plaintextcrm.exchange.mentions import discreet
from plaintextcrm.exchange.outgoing import Others, outgoing
from plaintextcrm.exchange.table import as_csv, columns_of


@click.command(
    cls=Spoken,
    context_settings=SPOKEN,
    epilog="Example: plaintextcrm export csv tag:client --columns name,emails,phones -o clients.csv",
)
@contacts_options
@click.option("--columns", metavar="A,B,…", help="Which fields, in which order; all without it.")
@click.option("--excel", is_flag=True, help="As Excel opens it: semicolons, and a mark for UTF-8.")
@session
def command(
    session: Session,
    query: tuple[str, ...],
    output: str | None,
    columns: str | None,
    excel: bool,
) -> None:
    """Write contacts as CSV, all or those that QUERY finds: a column for each field of their files.

    A list stands as in the file, without its brackets: `vip, partner`. No cell runs as a formula: a
    mark stands before one that would. `plaintextcrm import csv` gives back the same contacts.
    Private contacts are never in it.
    """

    def answer(book: Book) -> int:
        found = chosen(book, query)
        names = _columns(columns, columns_of(answers.own_fields(book), book.settings))
        people = discreet(outgoing(book, found.rows), Others(book), book.settings)
        put(book.folder, output, as_csv(people, names, book.settings, excel=excel), found)
        return tell_problems(book)

    click.get_current_context().exit(session.ask(answer))


def _columns(told: str | None, known: Sequence[str]) -> Sequence[str]:
    """The columns that were asked for; a wrong one is a usage error."""
    if not told:
        return known
    names = [name.strip() for name in told.split(",")]
    for name in names:
        if name not in known:
            from plaintextcrm.text.suggest import did_you_mean

            hint = did_you_mean(name, known) or f"there are {', '.join(known)}"
            raise click.UsageError(f"There is no column {name!r}: {hint}")
    return names
