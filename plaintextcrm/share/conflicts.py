"""What a merge left open: told field by field, and settled as the person says. Nothing is guessed."""

from collections.abc import Sequence

from plaintextcrm.share import repository as around
from plaintextcrm.share.commit import durable, listed
from plaintextcrm.share.differences import differences, fields_in, tell
from plaintextcrm.share.git import all_of, exactly
from plaintextcrm.share.repository import Repository
from plaintextcrm.share.trouble import NothingUnderWay, NotOfTheMerge, StillInConflict
from plaintextcrm.share.unmerged import Open, take_name, unmerged
from plaintextcrm.store.folder import CONTACTS, SETTINGS
from plaintextcrm.store.read import read_file
from plaintextcrm.store.write import replace
from plaintextcrm.text.fold import fold
from plaintextcrm.text.merge import (
    SIDES,
    Part,
    Unmerged,
    merge,
    parts,
    settle,
    tell_conflict,
)

MINE, THEIRS = "mine", "theirs"
FILE = "file"  # the field, so to speak, that both changed who renamed a contact
_LISTED = 4  # fields of a file that one side removed


def _inside(repository: Repository, path: str) -> str:
    """The path in the book; empty for a file that is not the address book's."""
    inside = path.removeprefix(repository.prefix) if path.startswith(repository.prefix) else ""
    return inside if inside == SETTINGS or inside.startswith(f"{CONTACTS}/") else ""


def is_open(repository: Repository, one: Open) -> bool:
    """True while there is something to settle in the file as it is now."""
    if one.names or not _inside(repository, one.path):
        return True
    now = _text(repository, one.path)
    if one.whole or not now:
        return one.whole
    return bool(parts(now)) or "\n=======" in now


def _text(repository: Repository, path: str) -> str:
    try:
        return read_file(repository.top / path)[0].decode("utf-8", "surrogateescape")
    except OSError:
        return ""


def lines(repository: Repository, one: Open) -> list[str]:
    """What is open in a file: `acme cadence: yours 3 months, theirs 6 weeks`."""
    inside = _inside(repository, one.path)
    if not inside:
        return [f"{one.path}: not the address book's; settle it with git, then `git add` it"]
    if one.whole:
        return [_tell_whole(inside, one)]
    if one.names:
        ours, theirs = (path.removeprefix(repository.prefix) for path in one.names)
        told = [
            f"{FILE}: yours {ours}, theirs {theirs}",
            *(line for _field, line in _by_field(one)),
        ]
        return [f"{inside}: {line}" for line in told]
    left = {part.field for part in parts(_text(repository, one.path))}
    found = _by_field(one)
    told = [line for field, line in found if any(field in words for words in left)]
    if told:
        return [f"{inside}: {line}" for line in told]
    numbers = ", ".join(str(part.line) for part in parts(_text(repository, one.path)))
    return [f"{inside}: lines marked from line {numbers or '?'} on; open it in your editor"]


def _by_field(one: Open) -> list[tuple[str, str]]:
    assert one.ours is not None
    assert one.theirs is not None
    try:
        merged = merge(one.base or b"", one.ours, one.theirs, one.path)
    except Unmerged as error:
        return [("", str(error))] if error.apart else []
    return [
        (conflict.field, tell_conflict(conflict, hidden=merged.private))
        for conflict in merged.conflicts
    ]


def _tell_whole(inside: str, one: Open) -> str:
    gone, kept = ("you", "they") if one.ours is None else ("they", "you")
    now = one.theirs if one.ours is None else one.ours
    old, new = fields_in(one.base, inside), fields_in(now, inside)
    told = [] if old is None or new is None else list(differences(old, new))
    said = [found.field if one.private else tell(found) for found in told[:_LISTED]]
    what = f" ({'; '.join(dict.fromkeys(said))})" if said else ""
    return f"{inside}: {gone} removed the file, {kept} changed it{what}"


# ── settling ─────────────────────────────────────────────────────────────────


class NoSuchField(Exception):
    """No part of the file is called so; `known` are those there are."""

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__()
        self.known = tuple(known)


def resolve(repository: Repository, one: Open, field: str, side: str) -> None:
    """Settle a field, or with an empty one all of the file. Raises NoSuchField, Changed or GitFailed."""
    if one.whole:
        if field:
            raise NoSuchField(())
        _put(repository, one, one.ours if side == MINE else one.theirs)
        return
    if one.names:
        if field and fold(field) != FILE:
            raise NoSuchField([FILE])
        one = take_name(repository, one, one.names[side == THEIRS])
        if field and is_open(repository, one):
            return
        field = ""
    data = read_file(repository.top / one.path)[0]
    text = data.decode("utf-8", "surrogateescape")
    chosen = _chosen(parts(text), field)

    def choose(part: Part) -> str | None:
        if part not in chosen:
            return None
        upper = (side == MINE) != (part.sides[0] == SIDES[1])  # a rebase marks them the other way
        return part.upper if upper else part.lower

    new = settle(text, choose)
    replace(repository.top / one.path, new.encode("utf-8", "surrogateescape"), was=data)
    if not is_open(repository, one):
        stage(repository, [one.path])


def _chosen(known: list[Part], field: str) -> list[Part]:
    """The parts with that field: by its whole name, else the only one that has these words."""
    if not field:
        return known
    exact = [part for part in known if fold(field) in _names(part)]
    found = exact or [part for part in known if fold(field) in fold(part.field)]
    if len(found) != 1:
        raise NoSuchField([part.field or f"line {part.line}" for part in found or known])
    return found


def _names(part: Part) -> list[str]:
    return [fold(part.field), *(fold(name) for name in part.field.split(", "))]


def _put(repository: Repository, one: Open, data: bytes | None) -> None:
    file = repository.top / one.path
    if data is None:
        repository.git.insist("rm", "--quiet", "--force", "--", *exactly([one.path]))
        return
    replace(file, data)
    stage(repository, [one.path])


def stage(repository: Repository, paths: Sequence[str]) -> None:
    """Tell git that these files are settled."""
    durable(repository).git.insist("add", *all_of(), data=listed(paths))


def demand_merge(repository: Repository) -> None:
    """Raises NothingUnderWay, or UnderWay where it is something else than a merge."""
    if not (repository.folder / "MERGE_HEAD").exists():
        around.demand_quiet(repository)
        raise NothingUnderWay


def settled(repository: Repository) -> list[str]:
    """The files of the book (their paths in it) that were in conflict. Raises StillInConflict."""
    found = unmerged(repository)
    left = [line for one in found if is_open(repository, one) for line in lines(repository, one)]
    if left:
        raise StillInConflict(left)
    were = repository.git.demand("ls-files", "--resolve-undo", "-z").names
    paths = [row.partition("\t")[2] for row in were] + [one.path for one in found]
    return sorted({inside for path in paths if (inside := _inside(repository, path))})


def finish(repository: Repository) -> None:
    """Commit the merge that is under way, with what was in conflict as it is in the files now.

    Raises StillInConflict or NotOfTheMerge.
    """
    paths = [repository.path(inside) for inside in settled(repository)]
    strange = strangers(repository)
    if strange:
        raise NotOfTheMerge(strange)
    stage(repository, [path for path in paths if (repository.top / path).exists()])
    durable(repository).git.insist("commit", "--quiet", "--no-edit", "--cleanup=strip")


def strangers(repository: Repository) -> list[str]:
    """Staged files that the merge has nothing to do with."""
    other = repository.git.demand("rev-parse", "--verify", "MERGE_HEAD").line
    base = repository.git.ask("merge-base", "HEAD", other).line
    root = around.tree_of(repository, base)
    words = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", root)
    of_merge = set(repository.git.demand(*words, other).names)
    renamed = repository.git.demand("diff-tree", "-r", "-z", "-M", "--diff-filter=R", "--name-status",
                                    root, "HEAD").names  # fmt: skip
    of_merge |= {
        new for old, new in zip(renamed[1::3], renamed[2::3], strict=True) if old in of_merge
    }
    staged = repository.git.demand(
        "diff-index", "--cached", "-z", "--name-only", "--no-renames", "HEAD"
    )
    return [path for path in staged.names if path not in of_merge]


def abort(repository: Repository) -> None:
    """Take the merge back. Raises NothingUnderWay, UnderWay, GitBusy or GitFailed."""
    demand_merge(repository)
    repository.git.insist("merge", "--abort")
