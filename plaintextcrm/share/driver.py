"""The merge driver: how git is told to merge contacts with us, and what becomes of it if we are gone.

Git leaves plain "ours", without a mark, where a driver is missing or ends badly. So the command in its
configuration is a line of shell: at first git itself marks the text, and our own version, which was
opened before, goes to the program; whatever becomes of that, the marks are there.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from plaintextcrm.share.git import Git
from plaintextcrm.store.write import create, rewrite

NAME = "plaintextcrm"
ATTRIBUTES = ".gitattributes"
LINES = (
    f"contacts/**/*.yaml merge={NAME}",
    f"contacts/**/*.yml merge={NAME}",
    f"plaintextcrm.yaml merge={NAME}",
)
_SAMPLES = ("contacts/x.yaml", "contacts/x.yml", "plaintextcrm.yaml")
_TITLE = "contacts and settings, field by field"


@dataclass(frozen=True, slots=True)
class Installed:
    """What git knows of the driver in one repository: its command, and the lines that call it."""

    command: bool
    lines: bool

    @property
    def complete(self) -> bool:
        """True where merges are made by field."""
        return self.command and self.lines


def driver_command(program: Sequence[str]) -> str:
    """The line of shell for git's configuration. `program` is an absolute path and its arguments."""
    words = " ".join(shlex.quote(word) for word in program).replace("%", "%%")
    marks = "git merge-file -p -q --marker-size=%L -L ours -L before -L theirs %A %O %B >%A.marks"
    take = "if test $? -lt 128; then mv -f %A.marks %A; else rm -f %A.marks; fi"
    ours = f"{words} merge-file --stdin --marker-size %L %O %A %B %P"
    return f"{{ {marks}; {take}; {ours}; }} <%A || exit 1"


def installed(book: Path, program: Sequence[str]) -> Installed:
    """What is there already."""
    found = Git(book).ask("config", "--local", "-z", "--get-all", f"merge.{NAME}.driver")
    lines = not _missing(_attributes(book)) and other_driver(Git(book)) == ""
    return Installed(found.names == [driver_command(program)], lines)


def other_driver(git: Git, prefix: str = "") -> str:
    """By what else than our driver git merges contacts or settings; `prefix` leads to the address book."""
    found = git.demand("check-attr", "-z", "merge", "--", *(f"{prefix}{path}" for path in _SAMPLES))
    return next((value for value in found.names[2::3] if value != NAME), "")


def install(book: Path, program: Sequence[str]) -> Installed:
    """Make git merge this book's files by field; what was there before. The book is in a repository.

    Raises GitFailed, or NotWritten.
    """
    before = installed(book, program)
    if not before.command:
        for name, value in (("name", _TITLE), ("driver", driver_command(program))):
            Git(book).demand("config", "--local", "--replace-all", f"merge.{NAME}.{name}", value)
    if not before.lines:
        _write_attributes(book / ATTRIBUTES)
    return before


def _attributes(book: Path) -> bytes:
    try:
        return (book / ATTRIBUTES).read_bytes()
    except OSError:
        return b""


def _missing(data: bytes) -> list[bytes]:
    there = {b" ".join(line.split()) for line in data.splitlines()}
    return [line.encode() for line in LINES if line.encode() not in there]


def _with_lines(data: bytes) -> bytes:
    """Our lines at the end: what stands later wins."""
    end = b"\r\n" if b"\r\n" in data else b"\n"
    ours = [line.encode() for line in LINES]
    kept = [line for line in data.splitlines() if b" ".join(line.split()) not in ours]
    return b"".join(line + end for line in (*kept, *ours))


def _write_attributes(path: Path) -> None:
    if path.exists() or path.is_symlink():
        rewrite(path, _with_lines)
    else:
        create(path, _with_lines(b""))
