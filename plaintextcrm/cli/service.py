"""`--install` of `watch` and `serve`: the system starts them by itself."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import click

from plaintextcrm.cli.output import safe, say, tell, unbroken
from plaintextcrm.cli.session import Session
from plaintextcrm.model.errors import NoService, NotStarted, NotWritten
from plaintextcrm.service.managers import manager_of
from plaintextcrm.service.unit import Commands, Manager, Service, name_of
from plaintextcrm.store.cache import make_private
from plaintextcrm.store.presence import forget_dead
from plaintextcrm.store.write import replace

PATIENCE = 120  # seconds for a command of the system
PROGRAMS = ("plaintextcrm", "pcrm")
# What decides where the program keeps its own files, and when a day begins.
_VARIABLES = ("XDG_CACHE_HOME", "XDG_DATA_HOME", "TZ")


class Wish(NamedTuple):
    """What a person wants of the service: nothing, or to install or remove it."""

    install: bool
    uninstall: bool
    now: bool
    dry_run: bool

    @property
    def is_there(self) -> bool:
        """False where the command itself is to run. Raises UsageError for what fits not together."""
        if self.install and self.uninstall:
            raise click.UsageError("--install and --uninstall: name one.")
        if not self.install and self.now:
            raise click.UsageError("--now goes with --install.")
        if not (self.install or self.uninstall) and self.dry_run:
            raise click.UsageError("--dry-run goes with --install and --uninstall.")
        return self.install or self.uninstall


def service_options(function: Callable[..., None]) -> Callable[..., None]:
    """A command that can run as a service: it is given its `Wish` as `wish`."""

    @click.option("--install", is_flag=True, help="Let the system run this with these options.")
    @click.option("--uninstall", is_flag=True, help="Stop that, and remove it.")
    @click.option("--now", is_flag=True, help="With --install: start it, too.")
    @click.option("--dry-run", is_flag=True, help="With --install: show the file it would write.")
    @wraps(function)
    def command(
        *given: Any, install: bool, uninstall: bool, now: bool, dry_run: bool, **values: Any
    ) -> None:
        function(*given, wish=Wish(install, uninstall, now, dry_run), **values)

    return command


def arrange(session: Session, wish: Wish, verb: str, options: Sequence[str]) -> None:
    """Install or remove the service that runs this command for this address book."""
    manager = manager_of(sys.platform)
    name = name_of(verb, session.folder)
    if wish.uninstall:
        _remove(session, manager, name, wish.dry_run)
        return
    service = _service(session, name, verb, options)
    if wish.dry_run:
        say(safe(manager.render(service).decode()).rstrip("\n"))
        return
    if why := manager.why_not():
        raise NoService(why, shlex.join(service.words))
    if os.geteuid() == 0:
        tell("Careful: you are root, so it will run as root. Better be yourself.")
    _install(manager, service, wish.now)


def _service(session: Session, name: str, verb: str, options: Sequence[str]) -> Service:
    variables = {word: os.environ[word] for word in _VARIABLES if os.environ.get(word)}
    return Service(
        name,
        f"{verb} of {session.folder}",
        (_program(), "-C", str(session.folder), verb, *options),
        variables,
        online=verb == "serve",
    )


def _program() -> str:
    """The file of this program: the one that was called, or the one beside this Python."""
    called = Path(sys.argv[0])
    beside = (Path(sys.executable).parent / name for name in PROGRAMS)
    mine = [called] if called.name in PROGRAMS else []
    for file in (*mine, *beside):
        if os.access(file, os.X_OK) and file.is_file():
            return str(file.absolute())
    raise NotWritten("the service", "the file of the command plaintextcrm is not to be found")


def _install(manager: Manager, service: Service, now: bool) -> None:
    file, data = manager.place(service.name), manager.render(service)
    before = _text_of(file)
    if before != data:
        try:
            make_private(file.parent)
        except OSError as error:
            raise NotWritten(str(file), error.strerror or str(error)) from error
        replace(file, data)
    tell(f"{file}: {'unchanged' if before == data else 'written'}")
    commands = manager.starting(service.name, before is not None)
    if now:
        _run(commands)
        tell(f"{service.name}: started. `plaintextcrm status` says how it is.")
    else:
        tell("Start it, now and whenever you log in:")
        _tell(commands)
    if sys.platform == "linux":
        tell("It ends when you log out, unless `loginctl enable-linger` was run once.")


def _remove(session: Session, manager: Manager, name: str, dry_run: bool) -> None:
    """Stop it as well as the system lets us, and remove its file."""
    file = manager.place(name)
    if _text_of(file) is None:
        tell(f"{file}: not there. Nothing is installed for {session.folder}.")
        return
    if dry_run:
        _tell((*manager.stopping(name), ("rm", str(file)), *manager.settling()))
        return
    try:
        _run(manager.stopping(name))
    except NotStarted as error:
        tell(f"Careful: it may still run: {error}")
    for trace in manager.traces(name):
        trace.unlink(missing_ok=True)
    with suppress(NotStarted):  # a system that is not there needs not be told
        _run(manager.settling())
    forget_dead(session.running())
    tell(f"{file}: removed")


def _text_of(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _tell(commands: Commands) -> None:
    for command in commands:
        tell(f"  {unbroken(shlex.join(command))}")


def _run(commands: Commands) -> None:
    """Run them all. Raises NotStarted if the last one fails."""
    for command in commands:
        why = _failure(command)
    if commands and why:
        raise NotStarted(shlex.join(command), why)


def _failure(command: Sequence[str]) -> str:
    """Why a command failed; empty where it did not."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    words = (done.stderr or done.stdout).split() or [f"it ended with {done.returncode}"]
    return " ".join(words) if done.returncode else ""
