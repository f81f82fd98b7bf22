"""What the commands that add one entry to a list share."""

import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import click
from click.shell_completion import CompletionItem

from plaintextcrm.cli.change import How, Scene, Work, always, carry_out, spliced
from plaintextcrm.cli.completion import complete_contact
from plaintextcrm.cli.output import one_line
from plaintextcrm.cli.session import Session
from plaintextcrm.text.edit import Append
from plaintextcrm.text.render import Plain

Complete: TypeAlias = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def contact_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """The CONTACT of most commands."""
    return click.argument("contact", shell_complete=complete_contact)(function)


def words_argument(
    metavar: str, *, required: bool = True, complete: Complete | None = None
) -> Callable[..., Any]:
    """Words that need no quotes."""
    return click.argument(
        "words", nargs=-1, metavar=metavar, required=required, shell_complete=complete
    )


def told(note: str, what: str) -> str:
    """The note, which must say something."""
    if not note.strip():
        raise click.UsageError(f"Say what {what} is about: a few words behind the date.")
    return note.strip()


def filled(values: "dict[str, Plain | None]") -> dict[str, Plain]:
    """The values that are given, in this order."""
    return {name: value for name, value in values.items() if value}


def add_entry(
    session: Session, how: How, scene: Scene, field: str, values: dict[str, Plain], done: str
) -> None:
    """Add an entry to a list of the scene's contact, and say so; `done` may hold `{name}`."""
    row = scene.row
    edits = [always(row.path, Append((field,), values))]
    work = Work(
        what=f"{click.get_current_context().info_name} {row.id}",
        done=done.format(name=one_line(row.name)),
        paths=[row.path],
        plan=lambda: spliced(session, scene, edits),
    )
    carry_out(session, how, work)


def joined(words: Sequence[str]) -> str:
    """Words of the command line as one text."""
    return " ".join(words).strip()


def stdin_text() -> str:
    """All of stdin, as UTF-8 whatever the locale says. Raises a usage error for other bytes."""
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise click.UsageError(
            f"stdin is not UTF-8: {error.reason} at byte {error.start}."
        ) from None
