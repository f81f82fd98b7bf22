"""What `serve` and `feed-url` share: where addresses are kept, and the URL that others see."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from plaintextcrm.cli.output import tell
from plaintextcrm.model.errors import NotWritten
from plaintextcrm.web.addresses import addresses_file


def base_of(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    """A URL of the command line; a wrong one is a usage error."""
    if given is None:
        return None
    example = "Write https://calendar.example.com."
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError as error:
        raise click.BadParameter(f"{error}. {example}") from None
    plain = given.isascii() and given.isprintable() and " " not in given
    if not plain or parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise click.BadParameter(f"this is not the URL of a web server. {example}")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise click.BadParameter(f"it has more than host, port and path. {example}")
    return given.rstrip("/")


base_option: Callable[[Any], Any] = click.option(
    "--base",
    metavar="URL",
    envvar="PLAINTEXTCRM_BASE_URL",
    callback=base_of,
    help="The URL under which a web server hands this one on: https://calendar.example.com.",
)


def addresses_outside(book: Path) -> Path:
    """The file of addresses, which lies in no address book. Raises NotWritten where it would."""
    file = addresses_file()
    if file.resolve().is_relative_to(book):
        raise NotWritten(
            str(file),
            "secret addresses must not lie in an address book; set XDG_DATA_HOME to another folder",
        )
    if any((folder / ".git").exists() for folder in file.parents):
        tell(f"Careful: {file} lies in a git repository. Tell git to ignore it: it holds secrets.")
    return file
