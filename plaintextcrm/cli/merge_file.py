"""`merge-file`: what git calls to merge a contact or the settings (a merge driver; `init` sets it up).

First git's own text with its markers stands in the file, so that whatever ends us leaves a conflict
that is seen; only a merge that is proved takes its place.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import click

from plaintextcrm.cli.output import tell
from plaintextcrm.model.errors import GitFailed
from plaintextcrm.share.marked import SIZE, ByLine, is_marked, merge_lines, relabelled, replaying
from plaintextcrm.store.write import replace
from plaintextcrm.text.merge import SIDES, Merged, Unmerged, merge, tell_conflict, whole

CONFLICT = 1


@dataclass(frozen=True, slots=True)
class Files:
    """The three files of git, and what the file is called in the address book. `marked`: what is in
    our file already is git's own text, and our version comes on standard input.
    """

    base: Path
    ours: Path
    theirs: Path
    name: str
    marked: bool = False


_path = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(
    epilog="Example: plaintextcrm merge-file %O %A %B %P (as git calls it)",
    short_help="merge two versions of a file, for git",
)
@click.option("--marker-size", default=SIZE, help="How long git wants its conflict markers.")
@click.option(
    "--stdin", is_flag=True, help="Our text comes on standard input; OURS is to be written."
)
@click.argument("base", type=_path)
@click.argument("ours", type=_path)
@click.argument("theirs", type=_path)
@click.argument("name", required=False)
@click.pass_context
def command(
    ctx: click.Context,
    marker_size: int,
    stdin: bool,
    base: Path,
    ours: Path,
    theirs: Path,
    name: str | None,
) -> None:
    """Merge what THEIRS changed since BASE into OURS, field by field, as git's merge driver.

    Ends with 0 when all of both sides is in OURS, and with 1 when a field is in conflict: then OURS
    has markers around it. NAME is the path of the file, for the words.
    """
    files = Files(base, ours, theirs, name or str(ours), stdin)
    sides = SIDES[::-1] if replaying(Path()) else SIDES
    ctx.exit(_merge(files, sides, marker_size))


def _merge(files: Files, sides: tuple[str, str], size: int) -> int:
    """Merge, and tell what is left to do; the exit code."""
    base, theirs = files.base.read_bytes(), files.theirs.read_bytes()
    ours = sys.stdin.buffer.read() if files.marked else files.ours.read_bytes()
    lines = _by_line(files, sides, size, whole(ours, theirs, sides), ours)
    try:
        merged = merge(base, ours, theirs, files.name, sides)
    except Unmerged as error:
        return _left_to_git(files, error, lines, whole(ours, theirs, sides))
    if not merged.conflicts:
        replace(files.ours, merged.data)
        return 0
    if merged.marked is not None and size in (SIZE, SIZE + 1):  # one more: both renamed the file
        replace(files.ours, merged.marked)
    elif lines.clean:
        replace(files.ours, whole(ours, theirs, sides))
    _tell(files, merged, sides)
    return CONFLICT


def _by_line(files: Files, sides: tuple[str, str], size: int, both: bytes, ours: bytes) -> ByLine:
    """Git's own text, which stands in our file from now on."""
    text = files.ours.read_bytes()
    if files.marked and text != ours:
        lines = ByLine(relabelled(text, sides), clean=not is_marked(text))
    else:  # also where git left our file as it was: it has all of theirs already, or git failed
        try:
            lines = merge_lines(files.base, files.ours, files.theirs, sides, size)
        except GitFailed:  # git does not take these bytes for a text
            lines = ByLine(both, clean=False)
    if lines.text != text:
        replace(files.ours, lines.text)
    return lines


def _left_to_git(files: Files, error: Unmerged, lines: ByLine, marked: bytes) -> int:
    """What git makes line by line stands. Where a side is not sound, it is taken at git's word."""
    which = {"base": "the version before", "ours": "the one side", "theirs": "the other side"}
    where = f"{which[error.side]} has errors ({error})" if error.side else str(error)
    tell(f"{files.name}: {'' if error.apart else 'not merged by field: '}{where}")
    if lines.clean and error.side:
        return 0
    if lines.clean or error.apart:
        replace(files.ours, marked)
    return CONFLICT


def _tell(files: Files, merged: Merged, sides: tuple[str, str]) -> None:
    for conflict in merged.conflicts:
        tell(f"{files.name}: {tell_conflict(conflict, *sides, hidden=merged.private)}")
