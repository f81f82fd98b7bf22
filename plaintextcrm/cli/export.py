"""`export`: what the address book holds, for other programs. Each form is a module of its own."""

from importlib import import_module

import click

FORMS = {  # form → what it is for; its module is `cli/export_FORM.py`, imported when it is used
    "ics": "the calendar feeds",
    "vcard": "cards for phones and address books",
    "csv": "a table for spreadsheets, with a column for each field",
    "json": "whole contacts as a list, with all entries",
    "jsonl": "whole contacts, one on each line",
}


class Forms(click.Group):
    """The forms, each imported only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All of them."""
        return list(FORMS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command that writes this form."""
        if cmd_name not in FORMS:
            return None
        form: click.Command = import_module(f"plaintextcrm.cli.export_{cmd_name}").command
        return form

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of forms, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(FORMS.items()))


@click.group(cls=Forms, epilog="Example: plaintextcrm export ics")
def command() -> None:
    """Write what the address book holds in a form for other programs."""
