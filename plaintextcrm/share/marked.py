"""The text that git itself makes of three versions: line by line, with its markers."""

import re
from dataclasses import dataclass
from pathlib import Path

from plaintextcrm.model.errors import GitFailed
from plaintextcrm.share.git import Git

SIZE = 7  # characters of a marker
_TOO_MANY = 127  # conflicts, which the exit code counts; above it stands for a failure


@dataclass(frozen=True, slots=True)
class ByLine:
    """The text, and whether it has no markers."""

    text: bytes
    clean: bool


def merge_lines(
    base: Path, ours: Path, theirs: Path, sides: tuple[str, str], size: int = SIZE
) -> ByLine:
    """What git makes of three files. Raises NoGit, or GitFailed."""
    words = ["merge-file", "-p", "-q", f"--marker-size={size}"]
    words += ["-L", sides[0], "-L", "before", "-L", sides[1], "--"]
    files = [str(path.absolute()) for path in (ours, base, theirs)]
    answer = Git(Path()).ask(*words, *files)
    if not 0 <= answer.code <= _TOO_MANY:
        raise GitFailed(str(ours), words, answer.err)
    return ByLine(answer.out, answer.code == 0)


def is_marked(text: bytes) -> bool:
    """True where git has left markers, of any length, in a text."""
    return re.search(rb"^<{7,} ", text, re.MULTILINE) is not None


def relabelled(text: bytes, sides: tuple[str, str]) -> bytes:
    """Git's marks with these names of the sides, for those that the marks have."""
    for sign, side in zip((b"<", b">"), sides, strict=True):
        text = re.sub(rb"^(%b{7,}) \S+$" % sign, rb"\1 " + side.encode(), text, flags=re.MULTILINE)
    return text


def replaying(folder: Path) -> bool:
    """True while a rebase puts a person's own commits upon others': there "theirs" are their own."""
    paths = ("--git-path", "rebase-merge", "--git-path", "rebase-apply")
    found = Git(folder).ask("rev-parse", *paths)
    return any((folder / path).is_dir() for path in found.text.splitlines())
