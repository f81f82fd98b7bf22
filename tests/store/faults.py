"""What the fault tests do to a command: stop it, or let a call fail, at any step of its work.

Run as a program (`python -m tests.store.faults WHAT BOOK …`), for the test process itself must live
on. Commands run in children of it, made by fork: they need no time to start.
"""

import errno
import fcntl
import json
import os
import random
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from plaintextcrm.model.errors import ChangeRefused, CrmError
from plaintextcrm.store import lock, rename
from plaintextcrm.store.lock import locked
from plaintextcrm.store.write import rewrite
from plaintextcrm.text.edit import Append, Refused, edit
from tests.conftest import PROJECT

EVA = """# who
name: 'Eva Malá'
notes: save 0
x_shoe: 38 # wide
interactions:
  - {date: 2026-01-01, note: old}
"""
CALLS = [
    (os, name)
    for name in (
        "open", "read", "write", "fsync", "stat", "fstat", "replace", "rename", "unlink", "link",
        "listdir", "fchmod", "fchown", "close", "ftruncate", "pwrite", "mkdir", "kill",
    )
] + [(fcntl, "flock"), (fcntl, "fcntl")]  # fmt: skip


def eva(book: Path) -> Path:
    return book / "contacts" / "eva.yaml"


def append(book: Path, note: str) -> tuple[bytes, bytes]:
    """What a command does that logs a talk: the texts before and after."""
    new = Append(("interactions",), {"date": "2026-11-22", "note": note})
    with locked(book.parent / "edit.lock", f"log eva {note}"):
        return rewrite(eva(book), lambda data: edit(data, "contacts/eva.yaml", new))


def command(book: Path, note: str) -> int:
    """The same with an exit code, and the error on stderr."""
    try:
        append(book, note)
    except CrmError as error:
        os.write(2, f"Error: {error}\n".encode())
        return error.exit_code
    except Refused as refusal:
        os.write(2, f"Error: {refusal}\n".encode())
        return ChangeRefused.exit_code
    return 0


def real(book: Path, note: str) -> int:
    """The real command, with its cache and its journal."""
    from plaintextcrm.cli.main import run

    return run(["-C", str(book), "--today", "2026-11-22", "log", "eva", "call", note])


def quietly(book: Path, note: str) -> int:
    """The same; what it tells goes beside the book."""
    told = os.open(book.parent / "told", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(told, 2)
    os.close(told)
    return real(book, note)


# --- one step of a command --------------------------------------------------------------------------


def _use(call: rename.SystemCall | None) -> None:
    """From here on names are exchanged by this call, or not at all."""
    rename.system_call = lambda: call  # type: ignore[assignment]


class Steps:
    """Every call of the system that Python makes from here on is a step; `deed` happens at one."""

    def __init__(self, number: int, deed: Callable[..., None], *, swap: bool) -> None:
        self.number, self.deed, self.name = number, deed, ""
        for module, name in CALLS:
            setattr(module, name, self._wrapped(name, getattr(module, name)))
        call = rename.system_call()
        assert call
        counted = self._wrapped("renameat2", call)
        _use(self._as_system(counted) if swap else None)

    def _as_system(self, call: Callable[..., int]) -> Callable[..., int]:
        """An error of this call is a number."""

        def counted(*arguments: Any) -> int:
            try:
                return call(*arguments)
            except OSError as error:
                return error.errno or 0

        return counted

    def _wrapped(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self.number -= 1
            if self.number == 0:
                self.name = name
                self.deed(name, real, arguments)
            return real(*arguments, **named)

        return call


_kill, _getpid = os.kill, os.getpid


def die(name: str, real: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """The process is killed before the call, and a write is half done."""
    if name == "write":
        real(arguments[0], arguments[1][: len(arguments[1]) // 2])
    _kill(_getpid(), signal.SIGKILL)


def fail(name: str, real: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """The disk fails. A descriptor is closed all the same, as by the system."""
    if name == "close":
        real(*arguments)
    if name == "kill":  # asks the system about a process: no disk is in it
        return
    named = [arguments[0]] if arguments and isinstance(arguments[0], str | Path) else []
    raise OSError(errno.EIO, os.strerror(errno.EIO), *named)


@dataclass(frozen=True)
class Outcome:
    """How a command ended that was hit at a step."""

    step: str
    code: int
    error: str
    text: str
    left: list[str]
    text_after_next: str
    left_after_next: list[str]


def at_every_step(
    book: Path,
    deed: Callable[..., None],
    command: Callable[[Path, str], int],
    every: int,
    *,
    swap: bool,
) -> Iterator[Outcome]:
    """Hit a command at its first step, at its second … until one has fewer; then run another."""
    for number in range(1, 1000, every):
        eva(book).write_text(EVA)
        log = book.parent / "log"
        child = os.fork()
        if not child:
            error = os.open(log, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(error, 2)
            os.dup2(error, 1)
            steps = Steps(number, deed, swap=swap)
            code = command(book, "new")
            steps.number = 0
            os.write(2, f"\0{steps.name}".encode())
            os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        error_text, _, step = log.read_text().partition("\0")
        if code == 0 and not step:
            return
        text, left = eva(book).read_text(), left_over(book)
        assert in_child(partial(command, book, "next")) == 0
        yield Outcome(
            step or str(number),
            code,
            error_text,
            text,
            left,
            eva(book).read_text(),
            left_over(book),
        )


def in_child(work: Callable[[], int]) -> int:
    """The exit code of a process of its own."""
    child = os.fork()
    if not child:
        try:
            os._exit(work())
        finally:
            os._exit(70)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def left_over(book: Path) -> list[str]:
    return sorted(name for name in os.listdir(book / "contacts") if name != "eva.yaml")


def record(book: Path, swap: str) -> Iterator[list[str]]:
    """What a command does to the disk, in order: the call, and the names it is about."""
    seen: list[list[str]] = []
    names: dict[Any, Any] = {1: "stdout", 2: "stderr"}

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            paths = (names.get(one, one) for one in arguments if not isinstance(one, memoryview))
            seen.append([name, *(Path(os.fsdecode(path)).name for path in paths)])
            return real(*arguments, **named)

        return call

    def opening(path: Path, *more: int) -> int:
        descriptor = opened(path, *more)
        names[descriptor] = path
        return descriptor

    opened, os.open = os.open, opening  # type: ignore[assignment]
    call = rename.system_call()
    assert call
    exchanged = wrapped("exchange", lambda one, two: call(one, two, 2))
    _use((lambda one, two, how: exchanged(one, two)) if swap == "swap" else None)
    for name in ("write", "fsync", "replace", "unlink"):
        setattr(os, name, wrapped(name, getattr(os, name)))
    code = command(book, "new")
    yield from [*seen[:], [str(code)]]


# --- disks that are full, or may not be written -----------------------------------------------------


REMOUNT = 'mount -o remount,ro "$0" && mount -o remount,rw "$0"'


def private_disk(folder: Path, remount: bool = False) -> list[str]:
    """Words before a command that give it a disk of 256 KiB at that folder, which nobody else sees,
    and which it may make one to be read only; none where the system does not let us.
    """
    trial = ["sh", "-c", REMOUNT, str(folder)] if remount else ["true"]
    mount = 'mount -t tmpfs -o size=256k,mode=755 none "$0" && exec "$@"'
    for how in (["--mount"], ["--mount", "--map-root-user"]):
        words = ["unshare", *how, "sh", "-c", mount, str(folder)]
        try:
            if not subprocess.run([*words, *trial], capture_output=True, check=False).returncode:
                return words
        except FileNotFoundError:
            pass
    return []


def full(book: Path) -> Iterator[dict[str, Any]]:
    """On a disk of its own: edits while 0, 1, 2 … pages of it are free."""
    eva(book).parent.mkdir(parents=True)
    big = EVA + "x_much: " + "x" * 40_000 + "\n"
    filler = book.parent / "filler"
    for pages in range(16):
        eva(book).write_text(big)
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                file.truncate(max(file.tell() - 4096 * pages, 0))
        code, error = told(book, "new")
        text, left = eva(book).read_text(), left_over(book)
        filler.unlink()
        whole = in_child(lambda: command(book, "next")) == 0 and "next" in eva(book).read_text()
        yield {
            "pages": pages, "code": code, "error": error, "old": text == big,
            "new": len(text) == len(big) + len("  - {date: 2026-11-22, note: new}\n"),
            "left": left + left_over(book), "next": whole,
        }  # fmt: skip


def limited(book: Path) -> Iterator[dict[str, Any]]:
    """The same with a limit on the size of files, which every system has."""
    import resource

    for size in range(0, len(EVA.encode()) + 60, 7):
        eva(book).write_text(EVA)

        def work(size: int = size) -> int:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            return command(book, "new")

        code, error = told(book, "new", work)
        text, left = eva(book).read_text(), left_over(book)
        yield {
            "code": code, "error": error, "old": text == EVA,
            "new": text == EVA + "  - {date: 2026-11-22, note: new}\n",
            "left": left, "next": in_child(lambda: command(book, "next")) == 0,
        }  # fmt: skip


def read_only(book: Path) -> Iterator[dict[str, Any]]:
    """On a disk of its own, which becomes one that may not be written."""
    eva(book).parent.mkdir(parents=True)
    eva(book).write_text(EVA)
    for how in ("ro", "rw"):
        subprocess.run(["mount", "-o", f"remount,{how}", str(book.parent)], check=True)
        code, error = told(book, "new")
        yield {"code": code, "error": error, "old": eva(book).read_text() == EVA}


def forbidden(book: Path) -> Iterator[dict[str, Any]]:
    """In a folder that the command may not write."""

    def work() -> int:
        if not os.getuid():
            os.setgid(65534)
            os.setuid(65534)
        return command(book, "new")

    eva(book).parent.chmod(0o555)
    code, error = told(book, "new", work)
    yield {"code": code, "error": error, "old": eva(book).read_text() == EVA}
    eva(book).parent.chmod(0o755)
    code, error = told(book, "new")
    yield {"code": code, "error": error, "old": eva(book).read_text() == EVA}


def told(book: Path, note: str, work: Callable[[], int] | None = None) -> tuple[int, str]:
    """The exit code of a command in a process of its own, and what it says."""
    out, into = os.pipe()

    def with_error() -> int:
        os.dup2(into, 2)
        return work() if work else command(book, note)

    code = in_child(with_error)
    os.close(into)
    with os.fdopen(out) as error:
        return code, error.read()


# --- many moments, many writers ---------------------------------------------------------------------


def duration(book: Path) -> float:
    """Seconds that a command takes right now; its edit is taken back."""
    begin = time.monotonic()
    assert in_child(lambda: command(book, "next")) == 0
    took = time.monotonic() - begin
    eva(book).write_text(EVA)
    return took


def killed(book: Path, times: int) -> Iterator[dict[str, Any]]:
    """Kill a command at a moment that chance gives, so many times; each time another one follows.

    The moments lie in the time that a command takes, which is measured again and again.
    """
    chance = random.Random(1)
    for number in range(times):
        if number % 10 == 0:  # the file is made anew, too: or it would grow, and take longer
            lasts = min(duration(book) for _ in range(3))
        before = eva(book).read_text()
        ready, begin = os.pipe()
        child = os.fork()
        if not child:
            os.write(begin, b".")
            os._exit(command(book, f"edit {number}"))
        os.read(ready, 1)
        select.select([], [], [], chance.random() * lasts * 1.2)
        os.kill(child, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.close(ready)
        os.close(begin)
        text, left = eva(book).read_text(), left_over(book)
        whole = before + f"  - {{date: 2026-11-22, note: edit {number}}}\n"
        yield {"code": code, "old": text == before, "new": text == whole, "left": left}


def writers(book: Path, whole: str, count: int, appends: int) -> list[int]:
    """So many writers at once; the exit codes. Each edit is a process of its own; the `whole` command
    runs in its writer's again and again, for most of it is Python that starts.

    However slow the disk: how long a command waits for others is not what is looked at here.
    """
    lock.PATIENCE = 120.0
    started = []
    for writer in range(count):
        child = os.fork()
        if not child:
            notes = [f"talk {writer}-{number}" for number in range(appends)]
            if whole == "whole":
                codes = [quietly(book, note) for note in notes]
            else:
                codes = [in_child(partial(command, book, note)) for note in notes]
            os._exit(max(codes))
        started.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in started]


class Marks(NamedTuple):
    """Who has been at a text: the editor's last save, and our edits."""

    save: int
    edits: frozenset[int]


def marks(text: bytes) -> Marks:
    save = re.search(rb"^notes: save (\d+)$", text, re.MULTILINE)
    return Marks(
        int(save[1]) if save else -1,
        frozenset(int(n) for n in re.findall(rb"note: edit (\d+)\b", text)),
    )


def edits(book: Path, count: int) -> Iterator[dict[str, Any]]:
    """So many edits that say they are done; one that gave up, is tried again, as a person would."""
    for number in range(count):
        turns = 0
        while True:
            turns += 1
            try:
                before, after = append(book, f"edit {number}")
                break
            except CrmError:
                continue
        was, now = marks(before), marks(after)
        assert now == Marks(was.save, was.edits | {number})
        yield {"edit": number, "save": was.save, "had": sorted(was.edits), "turns": turns}


# --- from the test's side ---------------------------------------------------------------------------


def command_line(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "tests.store.faults", *map(str, arguments)]


def start(*arguments: object) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command_line(*arguments), cwd=PROJECT, stdin=pipe, stdout=pipe, text=True
    )


def ask(*arguments: object, before: Sequence[str] = ()) -> list[Any]:
    """What the program answers, line by line."""
    done = subprocess.run(
        [*before, *command_line(*arguments)], cwd=PROJECT, stdout=subprocess.PIPE, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def outcomes(book: Path, deed: str, *more: str, swap: bool) -> list[Outcome]:
    return [Outcome(**plain) for plain in ask(deed, book, "swap" if swap else "rename", *more)]


def main(what: str, folder: str, *more: str) -> int:
    book = Path(folder)
    if what == "command":
        return command(book, more[0])
    answers: Iterator[Any]
    if what == "hold":
        with locked(book.parent / "edit.lock", "log eva"):
            os.write(1, b"held\n")
            sys.stdin.read()
        return 0
    if what in ("die", "fail"):
        deed = {"die": die, "fail": fail}[what]
        doing = real if more[1:] else command
        every = int(more[1]) if more[1:] else 1
        found = at_every_step(book, deed, doing, every, swap=more[0] == "swap")
        answers = (asdict(outcome) for outcome in found)
    elif what == "writers":
        answers = iter(writers(book, more[0], *map(int, more[1:])))
    elif what == "record":
        answers = record(book, *more)
    elif not more:
        makers = {"full": full, "limited": limited, "read_only": read_only, "forbidden": forbidden}
        answers = makers[what](book)
    else:
        answers = {"killed": killed, "edits": edits}[what](book, int(more[0]))
    for answer in answers:
        os.write(1, json.dumps(answer).encode() + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
