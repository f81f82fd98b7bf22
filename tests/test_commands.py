"""Each folder below tests/commands is one change: files before and after, the commands, what they said.

`before/` is an address book, `command.txt` what is typed in it, line by line; `after/` is what the
book is then, byte for byte (left out where nothing changes), `said.txt` what the terminal shows. A
new uid stands as `NEW-UID`. An exit code that is not 0 is said as `[exit 1]`.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from plaintextcrm.cli.main import COMMANDS
from tests.conftest import PROJECT, TODAY

HERE = Path(__file__).parent / "commands"
CASES = sorted(path.parent.name for path in HERE.glob("*/command.txt"))
CHANGES = (
    "archive", "deal", "done", "edit", "feedback", "follow-up", "log", "milestone", "need", "new",
    "promise", "rename", "set", "snooze", "tag", "undo",
)  # fmt: skip
UID = re.compile(
    rb"^uid: (?P<uid>[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f-]{17})", re.MULTILINE
)
LIMIT = 60  # seconds


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder; what is new and random is made even."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return {name: UID.sub(b"uid: NEW-UID", data) for name, data in found.items()}


def type_in(folder: Path, line: str) -> str:
    """What the terminal shows for one line."""
    python = Path(sys.executable)
    environment = {
        **os.environ,
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT),
        "PLAINTEXTCRM_TODAY": TODAY,
        "COLUMNS": "80",
        "TZ": "Europe/Prague",
        "LC_ALL": "C",
    }
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=LIMIT,
        check=False,
    )
    code = f"[exit {done.returncode}]\n" if done.returncode else ""
    return done.stdout.decode() + code


@pytest.mark.parametrize("case", CASES)
def test_files_and_words(case: str, tmp_path: Path) -> None:
    before, after = HERE / case / "before", HERE / case / "after"
    book = tmp_path / "book"
    shutil.copytree(before, book)
    (book / "contacts").mkdir(exist_ok=True)
    lines = (HERE / case / "command.txt").read_text("utf-8").splitlines()
    said = "".join(type_in(book, line) for line in lines)
    assert said == (HERE / case / "said.txt").read_text("utf-8")
    assert files(book) == files(after if after.is_dir() else before)


def test_each_command_has_a_case() -> None:
    typed = " \n".join((HERE / case / "command.txt").read_text("utf-8") for case in CASES)
    typed = typed.replace("\n", " \n")
    assert [name for name in CHANGES if f"plaintextcrm {name} " not in typed] == []
    assert set(CHANGES) <= set(COMMANDS)
