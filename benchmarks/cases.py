"""The commands that are timed: floors first, then ours, in the order in which a round runs them."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from benchmarks import targets
from benchmarks.running import Place, Run
from benchmarks.targets import Target

PYTHON = sys.executable
PCRM = (PYTHON, "-c", "from plaintextcrm.cli.main import main; main()")
UNIT = (PYTHON, "-c", "import click, sqlite3")
WORD = "Novák"  # one in a hundred files has it

LOOK = """
import os, sys
def look(folder):
    with os.scandir(folder) as entries:
        for entry in entries:
            look(entry.path) if entry.is_dir() else entry.stat()
look(sys.argv[1])
"""
READ = """
import os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(folder, name), 'rb') as file:
            file.read()
"""
LOAD = """
import os, sys, yaml
loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(folder, name), 'rb') as file:
            yaml.load(file.read(), Loader=loader)
"""


class State(Enum):
    """How things are when a command begins."""

    ANY = "any"
    COLD = "cold"  # there is no book
    SETTLED = "settled"  # the book has seen all files, and none was touched just now
    EDITED = "edited"  # the same, and then one file was edited


@dataclass(slots=True)
class Case:
    """A command to time, the state it needs, and the runs so far.

    `watched`: while `watch` runs. `writes`: files are other ones afterwards. `answers`: a run that
    says nothing has failed. `once`: it is run in the first round only.
    """

    name: str
    command: tuple[str, ...]
    state: State = State.ANY
    target: Target | None = None
    watched: bool = False
    writes: bool = False
    answers: bool = False
    once: bool = False
    peer: bool = False
    runs: list[Run] = field(default_factory=list)


def floors(folder: Path) -> Iterator[Case]:
    """What no program in Python can be faster than, and what others do with the same files."""
    contacts = str(folder / "contacts")
    yield Case("bare Python", (PYTHON, "-c", "pass"))
    if shutil.which("git"):
        yield Case("git status", ("git", "-C", str(folder), "status", "--short"), State.SETTLED)
    if shutil.which("rg"):
        yield Case(
            "ripgrep of a word", ("rg", "--ignore-case", "--count", WORD, contacts), answers=True
        )
    yield Case("Python: scandir and stat of all files", (PYTHON, "-c", LOOK, contacts))
    yield Case("Python: read all files", (PYTHON, "-c", READ, contacts))
    yield Case("Python: read all files with CSafeLoader", (PYTHON, "-c", LOAD, contacts))


def missing() -> Iterator[str]:
    """What would be a row, and is not installed."""
    for program, name, page in (
        ("git", "git", "https://git-scm.com"),
        ("rg", "ripgrep", "https://github.com/BurntSushi/ripgrep#installation"),
    ):
        if not shutil.which(program):
            yield f"{name} is not installed: `apt install {name}`, or {page}."


def ours(folder: Path, feed: Path, place: Place) -> list[Case]:
    """The commands of this program."""
    book = (*PCRM, "-C", str(folder))
    with_find = _has_command("find", place)
    return [
        Case("`check`, first time", (*book, "check"), State.COLD, targets.COLD),
        Case("`--help`", (*PCRM, "--help"), State.ANY, targets.HELP),
        *_questions(book, with_find, "", targets.WARM),
        *_exports(book, feed),
        *_after_an_edit(book, ""),
        Case(
            "`log` of one talk",
            (*book, "log", _somebody(folder), "call", "Wants a new e-shop"),
            State.SETTLED,
            targets.LOG,
            writes=True,
        ),
        *_insights(book),
        *_questions(book, with_find, " while `watch` runs", targets.WATCHED),
        *_after_an_edit(book, " while `watch` runs"),
    ]


def _questions(book: tuple[str, ...], with_find: bool, when: str, target: Target) -> Iterator[Case]:
    """What is asked while nothing changes."""
    asked = {
        "check": ("check",),
        "list WORD": ("list", WORD),
        "list tag:vip": ("list", "tag:vip"),
        "agenda": ("agenda",),
        "agenda owner:petr tag:obec": ("agenda", "owner:petr", "tag:obec"),
        "find WORDS": ("find", "nový", "e-shop"),
    }
    if not with_find:
        del asked["find WORDS"]
    for words, command in asked.items():
        case = Case(f"`{words}`{when}", (*book, *command), State.SETTLED, target)
        case.watched, case.answers = bool(when), words != "check"
        yield case


def _insights(book: tuple[str, ...]) -> Iterator[Case]:
    """What looks at all contacts together. The first two of the reports take longest."""
    for words in ("report silent", "report top", "report activity", "report lost", "check --care"):
        yield Case(f"`{words}`", (*book, *words.split()), State.SETTLED, targets.REPORT)
    yield Case("`twins`", (*book, "twins"), State.SETTLED, targets.TWINS)


def _exports(book: tuple[str, ...], feed: Path) -> Iterator[Case]:
    command = (*book, "export", "ics", "-o", str(feed))
    yield Case("`export ics`", command, State.SETTLED, targets.EXPORT)
    name = "`export ics` after one edit"
    yield Case(name, command, State.EDITED, targets.EXPORT_EDITED)


def _after_an_edit(book: tuple[str, ...], when: str) -> Iterator[Case]:
    for words in ("list WORD", "check"):
        command = (*book, *words.replace("WORD", WORD).split())
        name = f"`{words}` after one edit{when}"
        yield Case(name, command, State.EDITED, targets.EDITED, watched=bool(when))


def _has_command(name: str, place: Place) -> bool:
    """Whether the program knows a command of this name."""
    asked = subprocess.run(
        [*PCRM, name, "--help"], capture_output=True, env=place.environment, check=False
    )
    return asked.returncode == 0


def _somebody(folder: Path) -> str:
    """The id of a contact, the same each time."""
    return max(path.stem for path in (folder / "contacts").glob("*.yaml"))
