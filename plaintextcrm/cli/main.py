"""The command `plaintextcrm` (`pcrm`): its options, its commands, and the one place for errors."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module

import click

from plaintextcrm import __version__
from plaintextcrm.cli.output import tell
from plaintextcrm.model.errors import CrmError

COMMANDS = {  # name → module below cli and what it does; a module is imported when it is used
    "addresses": "find e-mail addresses, for mutt, aerc and the like",
    "agenda": "who to call today, and in the next days",
    "archive": "keep a contact for a look once a year",
    "brief": "one page to read before a call",
    "campaign": "list whom to tell about an event or an offer",
    "check": "tell what is wrong in the files, and where",
    "deal": "write down a deal, or that it was won or lost",
    "doctor": "look what sharing by git lacks, and mend it",
    "done": "close an open entry",
    "edit": "open a contact in your editor, and check it",
    "export": "write contacts and calendar feeds for other programs",
    "feed-url": "make, show and revoke the address of a feed",
    "feedback": "ask how it was, or write down the answer",
    "find": "find contacts by words, with the lines that have them",
    "follow-up": "write down what to do, and when",
    "handover": "give contacts to a colleague, with all there is to know",
    "history": "tell who changed which field of a contact when",
    "help": "tell what a command takes, how to ask, how dates are said",
    "import": "take in people from vCards and other programs",
    "init": "make an address book",
    "list": "list contacts",
    "log": "write down a talk",
    "merge": "make one contact of two",
    "merge-file": "merge two versions of a file, for git",
    "milestone": "write down a day worth a word",
    "need": "write down what they may need, and when",
    "new": "make a new contact",
    "promise": "write down what was promised",
    "rename": "give a contact another id, and say so in all files",
    "report": "who slips away, who pays most, why deals were lost",
    "resolve": "settle what two people changed in different ways",
    "scrape": "write down e-mails as talks",
    "schema": "print the JSON Schema for editors",
    "serve": "hand the feeds out over HTTP, and keep them true",
    "set": "change a field of a contact",
    "show": "show one contact",
    "snooze": "move an open entry to another day",
    "sql": "ask in SQL what `list` cannot say",
    "sync": "share by git: commit, pull, merge by field, check, push",
    "status": "tell what runs, when feeds were written, and what is wrong",
    "tag": "add and remove tags",
    "twins": "list contacts that may be one and the same",
    "undo": "take back the last change",
    "vcf": "show a contact as a code that a phone scans",
    "watch": "keep the calendar feed true while files change",
}
_MODULES = {"import": "import_"}  # where Python has its own use for the word
OUR_BUG = 70


def is_text(words: Iterable[str]) -> bool:
    """False where a byte that is not UTF-8 is among the words; Python makes a surrogate of it."""
    return not any("\ud800" <= sign <= "\udfff" for word in words for sign in word)


def module_of(name: str) -> str:
    """The module of a command."""
    return f"plaintextcrm.cli.{_MODULES.get(name) or name.replace('-', '_')}"


class Commands(click.Group):
    """The commands, each imported only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands by name."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(module_of(cmd_name))
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A misspelt command is answered with the likeliest one.

        Here is also where bytes are refused that are no text.
        """
        if not (ctx.resilient_parsing or is_text(args)):
            import_module("plaintextcrm.cli.bytes").refuse(ctx, self, args)
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from plaintextcrm.text.suggest import did_you_mean

            hint = did_you_mean(args[0], COMMANDS)
            words = f" {hint[0].upper()}{hint[1:]}" if hint else ""
            ctx.fail(f"There is no command {args[0]!r}.{words}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: plaintextcrm -C my-clients agenda --days 7",
)
@click.option("-C", "folder", metavar="FOLDER", help="The address book to use.")
@click.option(
    "--today",
    metavar="DATE",
    envvar="PLAINTEXTCRM_TODAY",
    help="Act as if it were this day: 2026-12-01, tomorrow, +2w.",
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colours; auto: on a terminal only.",
)
@click.version_option(__version__, prog_name="plaintextcrm")
@click.pass_context
def cli(ctx: click.Context, folder: str | None, today: str | None, color: str) -> None:
    """A personal CRM in plain text: contacts as YAML files, follow-ups in your calendar."""
    from plaintextcrm.cli.session import Session  # the whole book: not for --help

    ctx.obj = Session(folder, today, color)
    ctx.call_on_close(ctx.obj.close)


def main() -> None:
    """Run the command of this process, and end it with its exit code; no traceback reaches a person."""
    code = run()
    _forget_unsaid()
    _leave_at_once(code)
    sys.exit(code)


def _forget_unsaid() -> None:
    """What a full disk did not take was told as an error: Python is not to try it once more."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _leave_at_once(code: int) -> None:
    """End the process here where nothing is left to do: Python taking itself apart is a quarter of
    what the shortest commands take.
    """
    threading, workers = sys.modules.get("threading"), "multiprocessing" in sys.modules
    if workers or (threading and threading.active_count() > 1):
        return
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except (OSError, ValueError):
        return  # Python has its own way to say so
    os._exit(code)


def run(arguments: list[str] | None = None) -> int:
    """Run a command, by default the one that the process was started with; its exit code."""
    try:
        if f"_{_name().upper()}_COMPLETE" in os.environ:
            import_module("plaintextcrm.cli.completion")  # knows how bash wants it
        return int(cli.main(arguments, prog_name=_name(), standalone_mode=False) or 0)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        _tell_usage(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except CrmError as error:
        tell(f"Error: {error}")
        return error.exit_code
    except OSError as error:
        what = error.strerror or str(error)
        tell(f"Error: {error.filename}: {what}" if error.filename else f"Error: {what}")
        return 3
    except Exception as error:  # our own bug, whatever it is
        return _tell_bug(error)


def _name() -> str:
    name = os.path.basename(sys.argv[0])  # noqa: PTH119 - pathlib is not for --help
    return name if name in ("pcrm", "plaintextcrm") else "plaintextcrm"


def _tell_usage(error: click.ClickException) -> None:
    """What click has to say; it may quote the name of a file."""
    import io

    text = io.StringIO()
    error.show(text)
    tell(text.getvalue().rstrip("\n"))


def _tell_bug(error: Exception) -> int:
    """One line for the person, and a log to attach for those who mend it."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="plaintextcrm-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        log.write(f"plaintextcrm {__version__}, Python {sys.version}\n")
        log.write("".join(traceback.format_tb(error.__traceback__)))
        log.write(f"{type(error).__name__}\n")
    tell(f"Error: a fault of plaintextcrm itself. Please report it with {log.name}")
    return OUR_BUG
