"""How git is to call this program: by an absolute path, and by nothing that lies in the repository.

Git runs its drivers and hooks in the repository. An empty or relative part of PYTHONPATH (as `export
PYTHONPATH=$PYTHONPATH:/mine` makes one) would mean a folder of it there, before Python's own modules. So
Python is told to forget the variable; the folders of it that the program itself needs are named again.
"""

import os
import shlex
import sys
from pathlib import Path

_NEEDED = ("plaintextcrm", "click", "yaml", "icalendar", "watchdog")
_HOME = str(Path(__file__).parents[2])


def own_words() -> list[str]:
    """The program as a list of words. `-E`, `-P`: nothing is imported from the folder it runs in."""
    folders = _needed(os.environ.get("PYTHONPATH", ""))
    if not folders:
        return [sys.executable, "-E", "-P", "-m", "plaintextcrm"]
    start = f"import sys; sys.path[:0] = {folders}; from plaintextcrm.cli.main import main; main()"
    return [sys.executable, "-E", "-P", "-c", start]


def own_command() -> str:
    """The same for a shell, as git's settings and hooks have it."""
    return shlex.join(own_words())


def _needed(path: str) -> list[str]:
    """The folders of a PYTHONPATH that have this program, or what it imports."""
    found = []
    for part in filter(None, path.split(os.pathsep)):
        folder = os.path.abspath(part)  # noqa: PTH100 - a link is named, not what it leads to
        if folder == _HOME or (part == folder and _has_some(folder)):
            found.append(folder)
    return found


def _has_some(folder: str) -> bool:
    return any(Path(folder, name).exists() for name in _NEEDED)
