"""`export jsonl`: contacts whole, one on each line."""

import click

from plaintextcrm.cli.export_json import export
from plaintextcrm.cli.exporting import contacts_options
from plaintextcrm.cli.session import Session, session
from plaintextcrm.cli.spoken import SPOKEN, Spoken
from plaintextcrm.exchange.people import as_jsonl


@click.command(
    cls=Spoken,
    context_settings=SPOKEN,
    epilog="Example: plaintextcrm export jsonl tag:client | head -n 3",
)
@contacts_options
@session
def command(session: Session, query: tuple[str, ...], output: str | None) -> None:
    """Write contacts as JSON, one on each line, all or those that QUERY finds.

    Each is as in `plaintextcrm export json`. Private ones are never in it.
    """
    export(session, query, output, as_jsonl)
