"""What the commands that add one entry to a list share."""

import re
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
# What only an option looks like: `--next`, not `-3d`, `- a note` or `--12-24`.
_OPTION = re.compile(r"--[A-Za-z][\w-]*(=.*)?", re.DOTALL)


class _Spoken(click.Command):
    """A command of which the words may begin with a dash: `-3d`, `-5 degrees`, `-hot`.

    Only `-h` alone asks for help. An unknown `--option` is refused: it would end in the note, and
    what it asked for would be lost in silence.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = args[: args.index("--")] if "--" in args else args
        if "-h" in own:
            return super().parse_args(ctx, ["--help"])
        if not ctx.resilient_parsing:  # the shell asks what may come
            self._refuse_unknown(ctx, own)
        return super().parse_args(ctx, args)

    def _refuse_unknown(self, ctx: click.Context, args: Sequence[str]) -> None:
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        takes = {name: not (one.is_flag or one.count) for one in options for name in one.opts}
        rest = iter(args)
        for word in rest:
            name = word.partition("=")[0]
            if name not in takes and _OPTION.fullmatch(word):
                from plaintextcrm.text.suggest import did_you_mean

                hint = did_you_mean(name, takes)
                hint = f" {hint[0].upper()}{hint[1:]}" if hint else ""
                ctx.fail(
                    f"There is no option {name}.{hint} A note that begins so goes behind `--`."
                )
            if takes.get(word):
                next(rest, None)  # the option's value, whatever it looks like


def spoken_command(epilog: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command whose words need no quotes and may begin with a dash."""
    settings = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
    return click.command(cls=_Spoken, context_settings=settings, epilog=epilog)


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
