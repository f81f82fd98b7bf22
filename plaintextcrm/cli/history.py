"""`history`: who changed which field of a contact when, from git."""

from collections.abc import Callable, Iterator

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.change import path_called
from plaintextcrm.cli.completion import complete_contact
from plaintextcrm.cli.output import one_line, say, say_json, style, tell, wrapped
from plaintextcrm.cli.session import Session, session
from plaintextcrm.cli.sync import opened
from plaintextcrm.model.errors import ContactNotFound
from plaintextcrm.share.differences import Difference
from plaintextcrm.share.differences import tell as tell_difference
from plaintextcrm.share.history import Version, history

_INDENT = 2
_UNTOLD = ("uid",)


@click.command(epilog="Example: plaintextcrm history acme --field cadence")
@click.argument("contact", shell_complete=complete_contact)
@click.option("--field", default="", help="Only changes of this field: owner, interactions.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@session
def command(session: Session, contact: str, field: str, form: str) -> None:
    """Show who changed which field of CONTACT when, the newest first; renamed files are followed.

    It comes from git: commits of plain git count, and what is not committed yet comes first.
    """
    path = session.ask(lambda book: _path(book, contact))
    repository = opened(session, trust=False)
    versions = [one for one in history(repository, path) if not field or _is_about(one, field)]
    if form == "json":
        say_json([_plain(one, field) for one in versions])
        return
    styled = style(session.color)
    for one in versions:
        _say(one, field, styled)
    if not versions:
        tell(f"Nothing changed {one_line(field)} so far." if field else "git has no version of it.")


def _path(book: Book, word: str) -> str:
    try:
        return answers.find_contact(book, word).path
    except ContactNotFound:
        path = path_called(book, word)
        if not path:
            raise
        return path


def _is_about(version: Version, field: str) -> bool:
    return any(one.field == field for one in version.found or ())


def _told(version: Version, field: str) -> Iterator[Difference]:
    for one in version.found or ():
        if (not field or one.field == field) and one.field not in _UNTOLD:
            yield one


def _say(version: Version, field: str, styled: Callable[..., str]) -> None:
    when = f"{version.when:%Y-%m-%d %H:%M}" if version.when else "not committed yet"
    who = f"  {one_line(version.who)}" if version.who else ""
    say(styled(f"{when}{who}", bold=True))
    for line in _lines(version, field):
        say(f"{' ' * _INDENT}{wrapped(one_line(line), _INDENT + 2)}")


def _lines(version: Version, field: str) -> Iterator[str]:
    if version.former:
        yield f"renamed from {version.former} to {version.path}"
    if version.what == "removed":
        yield f"removed {version.path}"
        return
    if version.what == "made" and not version.former:
        yield f"made {version.path}"
    if version.found is None:
        yield "it had errors then or before: what changed cannot be told"
        return
    told = list(_told(version, field))
    for one in told:
        yield tell_difference(one)
    if not told and not version.former and version.what == "changed":
        yield "a comment, or only how it is written"


def _plain(version: Version, field: str) -> dict[str, object]:
    """The version as documented for programs (docs/json.md)."""
    return {
        "commit": version.commit or None,
        "when": version.when.isoformat() if version.when else None,
        "who": version.who,
        "title": version.title,
        "path": version.path,
        "former": version.former or None,
        "what": version.what,
        "changes": [
            {"field": one.field, "what": one.what, "old": one.old, "new": one.new}
            for one in _told(version, field)
        ],
    }
