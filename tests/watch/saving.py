"""How programs save a file: each replaces `old` by `new` in it, as its users see it happen.

`python -m benchmarks.watch` measures with the same list.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pexpect

LIMIT = 60  # seconds; longer than this is a hang
Save = Callable[[Path, str, str], None]


class MissingProgram(Exception):
    """A program that a pattern needs is not installed."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to save. `program` is empty where Python, or what every machine has, does it."""

    name: str
    save: Save
    program: str = ""

    def __call__(self, path: Path, old: str, new: str) -> None:
        """Replace `old` by `new` in the file. Raises MissingProgram."""
        if self.program and not shutil.which(self.program):
            raise MissingProgram(self.program)
        self.save(path, old, new)


def _changed(path: Path, old: str, new: str) -> bytes:
    text = path.read_text("utf-8")
    assert old in text
    return text.replace(old, new).encode()


def in_place(path: Path, old: str, new: str) -> None:
    path.write_bytes(_changed(path, old, new))


def renamed_into_place(path: Path, old: str, new: str) -> None:
    """VS Code's atomic save, and that of many others."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(_changed(path, old, new))
    temporary.replace(path)


def renamed_from_elsewhere(path: Path, old: str, new: str) -> None:
    temporary = _elsewhere(path) / path.name
    temporary.write_bytes(_changed(path, old, new))
    temporary.replace(path)


def moved_away_and_made_anew(path: Path, old: str, new: str) -> None:
    """vim with `backupdir`, emacs with `backup-directory-alist`."""
    data = _changed(path, old, new)
    path.replace(_elsewhere(path) / f"{path.name}~")
    path.write_bytes(data)


def deleted_and_made_anew(path: Path, old: str, new: str) -> None:
    data = _changed(path, old, new)
    path.unlink()
    path.write_bytes(data)


def truncated_then_written(path: Path, old: str, new: str) -> None:
    """A shell's `>` of a slow command: empty first, then all of it."""
    data = _changed(path, old, new)
    with path.open("wb", buffering=0) as file:
        file.write(data[: len(data) // 2])
        file.write(data[len(data) // 2 :])


def sed(path: Path, old: str, new: str) -> None:
    suffix = [""] if sys.platform == "darwin" else []
    subprocess.run(["sed", "-i", *suffix, "-e", f"s/{old}/{new}/", path], check=True)


def vim(*settings: str) -> Save:
    def save(path: Path, old: str, new: str) -> None:
        commands = [f"set {setting}" for setting in settings] + [f"%s/{old}/{new}/", "wq"]
        words = [word for command in commands for word in ("-c", command)]
        subprocess.run(["vim", "-es", "-u", "NONE", "-i", "NONE", *words, path], check=True)

    return save


def vim_by_hand(path: Path, old: str, new: str) -> None:
    """With a terminal, its swap file and its defaults."""
    editor = pexpect.spawn("vim", ["-i", "NONE", "-u", "DEFAULTS", str(path)], timeout=LIMIT)
    editor.send(f":%s/{old}/{new}/\r:wq\r")
    editor.expect(pexpect.EOF)
    editor.close()


def vim_backup_elsewhere(path: Path, old: str, new: str) -> None:
    vim("backup", f"backupdir={_elsewhere(path)}")(path, old, new)


def nano(path: Path, old: str, new: str) -> None:
    environment = {**os.environ, "TERM": "xterm"}
    command = ["--ignorercfiles", str(path)]
    editor = pexpect.spawn("nano", command, env=environment, timeout=LIMIT, encoding="utf-8")
    editor.expect("Exit")  # its line of help: the file is open
    editor.send(f"\x1c{old}\r{new}\ra")  # replace all
    editor.expect("eplaced")
    editor.send("\x13\x18")  # save, exit
    editor.expect(pexpect.EOF)
    editor.close()


def emacs(path: Path, old: str, new: str) -> None:
    lisp = (
        f'(progn (find-file "{path}") (while (search-forward "{old}" nil t)'
        f' (replace-match "{new}" t)) (save-buffer))'
    )
    subprocess.run(["emacs", "--batch", "-q", "--eval", lisp], check=True, capture_output=True)


def rsync(*options: str) -> Save:
    def save(path: Path, old: str, new: str) -> None:
        source = _elsewhere(path) / path.name
        source.write_bytes(_changed(path, old, new))
        subprocess.run(["rsync", "-a", "--ignore-times", *options, source, path], check=True)

    return save


def _elsewhere(path: Path) -> Path:
    """A folder on the same disk that nobody watches."""
    book = next(folder.parent for folder in path.parents if folder.name == "contacts")
    folder = book.with_name(f"{book.name}-elsewhere")
    folder.mkdir(exist_ok=True)
    return folder


EVERYWHERE = [
    Pattern("in-place", in_place),
    Pattern("renamed-into-place", renamed_into_place),
    Pattern("renamed-from-elsewhere", renamed_from_elsewhere),
    Pattern("moved-away-and-made-anew", moved_away_and_made_anew),
    Pattern("deleted-and-made-anew", deleted_and_made_anew),
    Pattern("truncated-then-written", truncated_then_written),
    Pattern("sed", sed),
]
EDITORS = [
    Pattern("vim", vim(), "vim"),
    Pattern("vim-by-hand", vim_by_hand, "vim"),
    Pattern("vim-backupcopy-yes", vim("backupcopy=yes"), "vim"),
    Pattern("vim-backupcopy-no", vim("backupcopy=no"), "vim"),
    Pattern("vim-backup-elsewhere", vim_backup_elsewhere, "vim"),
    Pattern("nano", nano, "nano"),
    Pattern("emacs", emacs, "emacs"),
    Pattern("rsync", rsync(), "rsync"),
    Pattern("rsync-in-place", rsync("--inplace"), "rsync"),
]
