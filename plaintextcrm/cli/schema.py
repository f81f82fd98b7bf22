"""`schema`: the JSON Schema of the files, for editors and other programs."""

import json
from pathlib import Path

import click

from plaintextcrm.cli.output import say
from plaintextcrm.cli.session import Session, session
from plaintextcrm.model.errors import BookNotFound
from plaintextcrm.model.settings import Settings


@click.command(epilog="Example: plaintextcrm schema > contact.schema.json")
@click.option("--settings", "of_settings", is_flag=True, help="Of plaintextcrm.yaml instead.")
@click.option("--export", "of_export", is_flag=True, help="Of what `export json` writes instead.")
@session
def command(session: Session, of_settings: bool, of_export: bool) -> None:
    """Print the JSON Schema of contact files: with the statuses, channels and fields of this
    address book's settings, or the plain one outside of an address book.
    """
    from plaintextcrm.text.schema import contact_schema, export_schema, settings_schema

    if of_settings and of_export:
        raise click.UsageError("--settings and --export are two schemas: ask for one of them.")
    if of_settings:
        say(schema_text(settings_schema()))
    else:
        say(schema_text((export_schema if of_export else contact_schema)(_settings(session))))


def _settings(session: Session) -> Settings:
    try:
        return session.ask(lambda book: book.settings)
    except BookNotFound:
        return Settings()


def schema_text(schema: dict[str, object]) -> str:
    """The schema as it is printed and written."""
    return json.dumps(schema, ensure_ascii=False, indent=2)


def modeline(folder: Path, file: Path) -> str:
    """The first line of a contact file, which tells editors where the schema is."""
    import os

    path = os.path.relpath(folder / SCHEMA, file.parent).replace(os.sep, "/")
    return f"# yaml-language-server: $schema={path}"


SCHEMA = Path(".plaintextcrm", "contact.schema.json")
SETTINGS_SCHEMA = Path(".plaintextcrm", "settings.schema.json")
