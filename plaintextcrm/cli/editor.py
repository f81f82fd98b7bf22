"""The person's own editor: for a note, or for a whole file."""

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from plaintextcrm.cli.output import tell
from plaintextcrm.model.errors import ChangeRefused, NotWritten

_USUAL = ("sensible-editor", "nano", "vim", "vi")
# How editors are told on which line to begin; the others take `+3 file`.
_GOTO = {"code": "--goto", "codium": "--goto", "code-insiders": "--goto"}
_COLON = ("subl", "zed", "hx", "helix")
_WAIT = {"code": "--wait", "codium": "--wait", "code-insiders": "--wait", "subl": "--wait",
         "zed": "--wait", "gedit": "--wait"}  # fmt: skip


def open_file(file: Path, line: int = 0) -> None:
    """Let the person edit a file, from this line on. Raises NotWritten where no editor can be run."""
    if ended := _run(file, line):
        raise ChangeRefused(f"{ended}; look at {file.name}.")


def _run(file: Path, line: int = 0) -> str:
    """Wait for the editor; how it ended, where that was not well."""
    words = _editor()
    name = Path(words[0]).name
    if name in _WAIT and _WAIT[name] not in words:
        words.append(_WAIT[name])
    if line and name in _GOTO:
        words += [_GOTO[name], f"{file}:{line}"]
    elif line and name in _COLON:
        words.append(f"{file}:{line}")
    else:
        words += [f"+{line}", str(file)] if line else [str(file)]
    try:
        code = subprocess.run(words, check=False).returncode
    except OSError as error:
        why = f"the editor {words[0]!r} cannot be run: {error.strerror}; set VISUAL or EDITOR"
        raise NotWritten(file.name, why) from error
    return f"The editor {words[0]!r} ended with {code}" if code else ""


def _editor() -> list[str]:
    from shutil import which

    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if named and named.strip():
        try:
            return shlex.split(named)
        except ValueError as error:
            raise click.UsageError(f"VISUAL or EDITOR is {named!r}: {error}.") from None
    found = next((name for name in _USUAL if which(name)), None)
    if found is None or not sys.stdin.isatty():
        raise click.UsageError("There is no editor here: set VISUAL or EDITOR.")
    return [found]


def ask_note(question: str) -> str:
    """A note from the person's editor; the lines that begin with # do not count.

    Raises ChangeRefused for an empty one.
    """
    with tempfile.TemporaryDirectory(prefix="plaintextcrm-") as folder:
        file = Path(folder) / "note.txt"
        file.write_text(f"\n# {question}\n# Lines that begin with # are left out.\n", "utf-8")
        ended = _run(file)
        note = _note_in(file)
    if ended:
        with kept(note):
            raise ChangeRefused(f"{ended}: nothing was written.")
    if not note:
        raise ChangeRefused("Nothing was written: the note is empty.")
    return note


def _note_in(file: Path) -> str:
    lines = file.read_text("utf-8", "replace").splitlines() if file.exists() else []
    return "\n".join(line.rstrip() for line in lines if not line.startswith("#")).strip()


@contextmanager
def kept(note: str) -> Iterator[None]:
    """Where the block fails, what was written in the editor is kept in a file, and it is said where."""
    try:
        yield
    except BaseException:
        if note:
            with tempfile.NamedTemporaryFile(
                "w", prefix="plaintextcrm-note-", suffix=".txt", delete=False, encoding="utf-8"
            ) as file:
                file.write(f"{note}\n")
            tell(f"Your note is kept in {file.name}")
        raise
