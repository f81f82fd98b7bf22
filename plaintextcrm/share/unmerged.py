"""The files in conflict, as git's index has them; a contact that both sides renamed is one of them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeAlias

from plaintextcrm.share.commit import blobs, durable, listed
from plaintextcrm.share.differences import fields_in
from plaintextcrm.share.git import all_of
from plaintextcrm.share.marked import replaying
from plaintextcrm.share.repository import Repository
from plaintextcrm.text.merge import two_contacts
from plaintextcrm.text.source import Text

# What git calls the commit that it merges into ours, whatever is under way.
_THEIR_HEADS = ("MERGE_HEAD", "REBASE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "stash@{0}")
# Per path the blobs of its stages: 1 is the version before, 2 what git calls ours, 3 theirs.
_Stages: TypeAlias = dict[str, dict[int, str]]


@dataclass(frozen=True, slots=True)
class Open:
    """A file in conflict, by its path from the top, in its three versions; None: it was not there.

    `ours` is the person's own version, also in a rebase. `names`: both sides renamed the file, and
    these are its new paths, the person's own one first.
    """

    path: str
    base: bytes | None
    ours: bytes | None
    theirs: bytes | None
    names: tuple[str, str] | None = None

    @property
    def whole(self) -> bool:
        """True where one side removed the file, so that it is to be had or not to be had."""
        return self.ours is None or self.theirs is None

    @property
    def mixed(self) -> bool:
        """True where git took a contact that came for another one that went."""
        if self.base is None or self.ours is None or self.theirs is None:
            return False
        return two_contacts(self.base, self.ours, self.theirs, self.path)

    @property
    def private(self) -> bool:
        """True where a version is, or is meant to be, private."""
        known = (self.base, self.ours, self.theirs)
        texts = (data.decode(errors="replace") for data in known if data)
        return any(Text(self.path, text).private for text in texts)

    def swapped(self) -> "Open":
        """The same, seen from the other side."""
        names = self.names and (self.names[1], self.names[0])
        return replace(self, ours=self.theirs, theirs=self.ours, names=names)


def unmerged(repository: Repository) -> list[Open]:
    """The files in conflict that are not settled."""
    stages: _Stages = {}
    for row in repository.git.demand("ls-files", "-u", "-z").names:
        head, _, path = row.partition("\t")
        _mode, sign, stage = head.split(" ")
        stages.setdefault(path, {})[int(stage)] = sign
    signs = list(dict.fromkeys(sign for found in stages.values() for sign in found.values()))
    texts = dict(zip(signs, blobs(repository.git, signs), strict=True))
    renamed = list(_renamed_by_both(repository, stages, texts))
    taken = {path for one in renamed for path in (one.path, *(one.names or ()))}
    found = []
    for path, known in stages.items():
        if path not in taken:
            base, ours, theirs = (texts.get(known.get(stage, "")) for stage in (1, 2, 3))
            found.append(Open(path, base, ours, theirs))
    found = sorted([*renamed, *found], key=lambda one: one.path)
    return [one.swapped() for one in found] if found and replaying(repository.top) else found


def _renamed_by_both(
    repository: Repository, stages: _Stages, texts: dict[str, bytes | None]
) -> Iterator[Open]:
    """Git has three paths for such a file: the old one, and the two new ones with one merged text."""
    only = {stage: [path for path, known in stages.items() if [*known] == [stage]]
            for stage in (1, 2, 3)}  # fmt: skip
    for ours in only[2]:
        sign = stages[ours][2]
        theirs = next((path for path in only[3] if stages[path][3] == sign), "")
        if not theirs:
            continue
        sides = (_version(repository, ("HEAD",), ours), _version(repository, _THEIR_HEADS, theirs))
        uids = {_uid(side or texts.get(sign), ours) for side in sides} - {None}
        olds = [path for path in only[1] if _uid(texts.get(stages[path][1]), path) in uids]
        olds = olds or only[1][:1] * (len(only[1]) == 1)
        if len(olds) == 1:
            merged = texts.get(sign)
            yield Open(olds[0], texts.get(stages[olds[0]][1]), sides[0] or merged, sides[1] or merged,
                       (ours, theirs))  # fmt: skip


def _uid(data: bytes | None, path: str) -> object:
    return (fields_in(data, path) or {}).get("uid")


def _version(repository: Repository, heads: tuple[str, ...], path: str) -> bytes | None:
    """The file in the first of these commits that has it."""
    return next(filter(None, blobs(repository.git, [f"{head}:{path}" for head in heads])), None)


def take_name(repository: Repository, one: Open, name: str) -> Open:
    """Let a file that both renamed be called `name`, one of the two: what is left is a usual conflict."""
    assert one.names is not None
    other = next(path for path in one.names if path != name)
    versions = (one.base, one.theirs, one.ours) if replaying(repository.top) else (
        one.base, one.ours, one.theirs)  # fmt: skip
    put_stages(repository, (one.path, *one.names), name, versions)
    with suppress(OSError):
        if (repository.top / other).read_bytes() == (repository.top / name).read_bytes():
            (repository.top / other).unlink()
    return replace(one, path=name, names=None)


def put_stages(
    repository: Repository, gone: tuple[str, ...], path: str, versions: tuple[bytes | None, ...]
) -> None:
    """Let git's index have these three versions of a file in conflict, and nothing of the `gone` ones."""
    git = repository.git
    signs = [git.demand("hash-object", "-w", "--stdin", data=data or b"").line for data in versions]
    rows = [f"0 {'0' * len(signs[0])}\t{name}" for name in gone]
    rows += [f"100644 {sign} {number}\t{path}" for number, sign in enumerate(signs, 1)]
    text = "".join(f"{row}\0" for row in rows)
    git.insist("update-index", "-z", "--index-info", data=text.encode("utf-8", "surrogateescape"))


def stage(repository: Repository, paths: Sequence[str]) -> None:
    """Tell git that these files are settled."""
    durable(repository).git.insist("add", *all_of(), data=listed(paths))
