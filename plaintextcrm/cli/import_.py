"""`import`: people out of the files of other programs."""

from collections.abc import Iterator
from importlib import import_module
from typing import cast

import click

from plaintextcrm.cli.arriving import Read, Wish, arrives, take_in
from plaintextcrm.cli.session import Session
from plaintextcrm.exchange.incoming import Incoming, Refused, Source
from plaintextcrm.model.settings import Settings

READERS = {  # kind → the module whose `read` knows it; imported when it is used
    "vcard": "plaintextcrm.exchange.vcard.reading",
    "friends": "plaintextcrm.exchange.friends",
    "monica": "plaintextcrm.exchange.monica.reading",
    "json": "plaintextcrm.exchange.people",
}
_CARDS = (".vcf", ".vcard")


@click.group(epilog="Example: plaintextcrm import vcard phone.vcf --dry-run")
def command() -> None:
    """Take in people from the files of other programs.

    Who is new gets a file; who is here already gets what their file lacks, and no word that stands
    there is overwritten. The same file again changes nothing.
    """


def reader(kind: str) -> Read:
    """The function that reads files of this kind."""
    return cast(Read, import_module(READERS[kind]).read)


@command.command(
    short_help="vCards: of phones, Google, Apple, Outlook, Nextcloud, Thunderbird",
    epilog="Example: plaintextcrm import vcard contacts.vcf --dry-run",
)
@arrives
def vcard(session: Session, wish: Wish) -> None:
    """Take in the cards of FILE…, vCard 2.1, 3.0 or 4.0; a folder stands for its .vcf files."""
    take_in(session, wish, "vcard", reader("vcard"), _CARDS)


@command.command(
    short_help="the folder of khard, or another with one .vcf file per person",
    epilog="Example: plaintextcrm import khard ~/.contacts",
)
@arrives
def khard(session: Session, wish: Wish) -> None:
    """Take in the .vcf files of khard's folder: the same as `import vcard` of a folder."""
    take_in(session, wish, "khard", reader("vcard"), _CARDS)


@command.command(
    short_help="CSV: of Google, Outlook, LinkedIn, HubSpot, or any other with --map",
    epilog='Example: plaintextcrm import csv clients.csv --map "Firma=organization,Mobil=phones"',
)
@click.option(
    "--map",
    "maps",
    metavar="COLUMN=FIELD,…",
    multiple=True,
    help="Which field a column is: `Firma=organization`, `Mobil=phones:mobile`, "
    "`Ulice=addresses.street`, `Hovor=interactions.date`. May be given several times.",
)
@click.option(
    "--encoding", metavar="NAME", help="Where it is not told rightly: windows-1250, UTF-8."
)
@arrives
def csv(session: Session, wish: Wish, maps: tuple[str, ...], encoding: str | None) -> None:
    """Take in the rows of FILE…: what a spreadsheet or another program exports.

    The columns of Google Contacts, Outlook, LinkedIn, HubSpot and of `plaintextcrm export csv` are
    known by their names; --map tells what other columns are. What has no field is kept in `x_csv`.
    Delimiter and encoding are found out, and told.
    """
    from plaintextcrm.cli.import_csv import sheets

    take_in(session, wish, "csv", sheets(maps, encoding), (".csv", ".tsv"))


@command.command(
    short_help="the diary of the program friends",
    epilog="Example: plaintextcrm import friends ~/friends.md",
)
@arrives
def friends(session: Session, wish: Wish) -> None:
    """Take in the friends of FILE…, a friends.md: what one did with them becomes interactions."""
    take_in(session, wish, "friends", reader("friends"), (".md",))


@command.command(
    short_help="the exports of Monica, JSON and vCard",
    epilog="Example: plaintextcrm import monica monica.json --dry-run",
)
@arrives
def monica(session: Session, wish: Wish) -> None:
    """Take in the contacts of FILE…, a JSON export of Monica 4, with all that happened with them.

    What has no field is kept in `x_monica`. Monica's vCards are read, too; they tell of the person only.
    """
    take_in(session, wish, "monica", _of_monica, (".json", ".vcf"))


def _of_monica(source: Source, settings: Settings) -> Iterator[Incoming | Refused]:
    """Either of Monica's exports."""
    is_card = source.data.lstrip()[:11].upper() == b"BEGIN:VCARD"
    return reader("vcard" if is_card else "monica")(source, settings)


@command.command(
    short_help="JSON, as `plaintextcrm export json` writes it",
    epilog="Example: plaintextcrm import json everybody.json",
)
@arrives
def json(session: Session, wish: Wish) -> None:
    """Take in the contacts of FILE…, as `plaintextcrm export json` or `jsonl` writes them."""
    take_in(session, wish, "json", reader("json"), (".json", ".jsonl"))
