"""Bringing in what others shared, by field, and giving what is ours."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from plaintextcrm.share import repository as around
from plaintextcrm.share.command import own_words
from plaintextcrm.share.commit import blobs, durable
from plaintextcrm.share.conflicts import abort
from plaintextcrm.share.differences import fields_in
from plaintextcrm.share.driver import LINES, NAME, driver_command, other_driver
from plaintextcrm.share.git import Answer
from plaintextcrm.share.moves import follow
from plaintextcrm.share.repository import Partner, Repository
from plaintextcrm.share.trouble import (
    InTheWay,
    NotMerged,
    NotPushed,
    StoppedByHook,
    Unreachable,
    Unrelated,
)
from plaintextcrm.share.unmerged import unmerged
from plaintextcrm.store.cache import config_folder
from plaintextcrm.text.merge.identity import another

_ALIKE, _SAME = 50, 100  # percent of a file; some gits cannot be told to follow no rename at all
_LATE = ("[rejected]", "cannot lock ref", "failed to update ref", "fetch first")


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull brought: so many commits; `conflicts`: the merge waits for the person."""

    commits: int
    conflicts: bool = False


def fetch(repository: Repository, partner: Partner) -> None:
    """Ask the remote what is new. Raises Unreachable."""
    quick = repository.set("gc.auto=0", "maintenance.auto=false")
    answer = quick.git.ask("fetch", "--quiet", "--", partner.remote)
    if answer.code:
        raise Unreachable(partner.remote, answer.err)


def theirs(repository: Repository, partner: Partner) -> str:
    """The newest commit of theirs that is known here; empty where there is none."""
    words = (
        "rev-parse",
        "--quiet",
        "--verify",
        "--end-of-options",
        f"{partner.tracking}^{{commit}}",
    )
    found = repository.git.ask(*words)
    return found.line if found.code == 0 else ""


def count(repository: Repository, old: str, new: str) -> int:
    """How many commits `new` has that `old` has not; either may be empty."""
    if not new:
        return 0
    span = f"{old}..{new}" if old else new
    return int(repository.git.demand("rev-list", "--count", "--end-of-options", span, "--").line)


def waiting(repository: Repository, partner: Partner) -> int:
    """How many commits of ours they have not seen, as far as is known here."""
    return count(repository, theirs(repository, partner), around.head(repository))


def pull(repository: Repository, partner: Partner) -> Pulled:
    """Merge what was fetched. Raises InTheWay, Unrelated, NotMerged, StoppedByHook or GitBusy."""
    new, own = theirs(repository, partner), around.head(repository)
    commits = count(repository, own, new)
    if not commits:
        _demand_related(repository, partner, own, new)
        return Pulled(0)
    if own and repository.git.ask("merge-base", own, new).code:
        raise Unrelated(partner.remote, partner.branch)
    title = f"Merge {commits} commit{'s' * (commits != 1)} of {partner.remote}/{partner.branch}"
    conflicts = _merge_unmixed(repository, own, new, title)
    if conflicts:
        follow(repository, own, new)
        conflicts = bool(unmerged(repository))
        if not conflicts:
            durable(repository).git.insist("commit", "--quiet", "--no-edit", "--cleanup=strip")
    return Pulled(commits, conflicts)


def _merge_unmixed(repository: Repository, own: str, new: str, title: str) -> bool:
    """Merge a commit; True if there are conflicts.

    Git takes a file for a renamed one where half of it is alike. Where it so takes a contact that came
    for one that went, it is asked again to be stricter; at last only files alike to the byte count.
    """
    alike = _ALIKE
    while True:
        conflicts = _merge(repository, new, title, alike)
        found = [one for one in unmerged(repository) if one.mixed] if conflicts else []
        mixed = {path for one in found for path in (one.path, *(one.names or ()))}
        if not mixed or alike == _SAME:
            return conflicts
        alike = min(_SAME, _likeness(repository, own, new, mixed, alike) + 1)
        abort(repository)


def _likeness(repository: Repository, own: str, new: str, paths: set[str], alike: int) -> int:
    """How much alike (in percent) two contacts of these paths are that git took for one."""
    base = repository.git.demand("merge-base", own, new).line
    found = []
    for side in (own, new):
        how = ("-r", "-z", f"-M{alike}%", "--diff-filter=R", "--name-status")
        rows = repository.git.demand("diff-tree", *how, base, side).names
        for score, old, path in zip(rows[::3], rows[1::3], rows[2::3], strict=True):
            if path in paths:
                before, after = blobs(repository.git, [f"{base}:{old}", f"{side}:{path}"])
                if another(fields_in(before, old) or {}, fields_in(after, path) or {}):
                    found.append(int(score[1:]))
    return max(found, default=_SAME)


def _merge(repository: Repository, new: str, title: str, alike: int) -> bool:
    """Merge a commit; True if there are conflicts.

    Whatever is set for merges by hand, renamed files are followed, no strategy keeps one side only, and
    no older decision is taken again unseen.
    """
    with by_field(repository) as able:
        asked = able.set(
            "merge.renames=true",
            "merge.directoryRenames=false",
            "rerere.enabled=false",
            f"branch.{around.branch(repository)}.mergeOptions=",
        )
        words = (
            "--ff",
            "--commit",
            "--no-squash",
            "--quiet",
            "--no-stat",
            "--no-autostash",
            f"--strategy-option=find-renames={alike}%",
        )
        answer = durable(asked).git.ask("merge", *words, f"--message={title}", new)
    if answer.code == 0:
        return False
    if not (repository.folder / "MERGE_HEAD").exists():
        raise _why_not(answer)
    if not unmerged(repository):
        then = "`plaintextcrm sync --continue` goes on; `plaintextcrm sync --abort` takes the merge back."
        raise StoppedByHook("the merge", answer.err, then)
    return True


def _demand_related(repository: Repository, partner: Partner, own: str, new: str) -> None:
    """A first push must not put a second, unrelated history beside the one that is there."""
    if new or not own:
        return
    pattern = f"refs/remotes/{partner.remote}/"
    form = "--format=%(objectname) %(refname:strip=3)"
    refs = repository.git.demand("for-each-ref", form, pattern).line.splitlines()
    known = [line.partition(" ")[::2] for line in refs if not line.endswith(" HEAD")]
    if known and all(repository.git.ask("merge-base", own, one).code for one, _name in known):
        raise Unrelated(partner.remote, known[0][1], partner.branch)


def _why_not(answer: Answer) -> Exception:
    said = answer.err + "\n" + answer.text
    files = [line.strip() for line in said.splitlines() if line.startswith("\t")]
    if "untracked working tree files" in said:
        return NotMerged(f"{', '.join(files[:5])}: a file of this name came, and yours is not "
                         "committed. Move yours away, then sync again.")  # fmt: skip
    if "would be overwritten" in said:
        if not files:  # `error: Your local changes to … : a b`
            files = [said.partition("by merge:")[2].strip().splitlines()[0].strip()]
        return InTheWay(files, staged="Your local changes" in said and not answer.text)
    return NotMerged(f"git says: {answer.err.splitlines()[-1] if answer.err else answer.text}")


@contextmanager
def by_field(repository: Repository) -> Iterator[Repository]:
    """The repository, in which git merges contacts and settings with our driver.

    Whatever is installed: the driver is named on the command line, and so are the files for it where
    no attributes do that.
    """
    driver = driver_command(own_words())
    able = repository.set(f"merge.{NAME}.driver={driver}")
    if not other_driver(repository.git, repository.prefix):
        yield able
        return
    with tempfile.TemporaryDirectory(prefix="plaintextcrm-") as folder:
        file = Path(folder, "attributes")
        file.write_bytes(_own_attributes(repository) + _lines(repository.prefix))
        able = able.set(f"core.attributesFile={file}")
        if other := other_driver(able.git, repository.prefix):
            raise NotMerged(f"git is told to merge contacts by {other!r} here (in .gitattributes), which "
                            "may lose what somebody wrote. `plaintextcrm doctor --fix` mends that; "
                            "then sync again.")  # fmt: skip
        yield able


def _own_attributes(repository: Repository) -> bytes:
    """The person's own attributes, which ours would otherwise take the place of."""
    named = repository.git.ask("config", "--type=path", "--get", "core.attributesFile").line
    file = Path(named) if named else config_folder().parent / "git" / "attributes"
    try:
        return file.read_bytes() + b"\n"
    except OSError:
        return b""


def _lines(prefix: str) -> bytes:
    quoted = prefix.replace("\\", "\\\\").replace('"', '\\"')
    lines = (line.partition(" ")[::2] for line in LINES)
    return os.fsencode("".join(f'"{quoted}{path}" {rest}\n' for path, rest in lines))


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push gave: so many commits; `late`: somebody else was quicker, so pull again."""

    commits: int
    late: bool = False


def push(repository: Repository, partner: Partner, branch: str) -> Pushed:
    """Give them what is ours. Raises Unreachable, NotPushed or StoppedByHook."""
    commits = waiting(repository, partner)
    own = around.head(repository)
    if not own or (not commits and theirs(repository, partner)):
        return Pushed(0)
    first = () if partner.known else ("--set-upstream",)
    span = f"refs/heads/{branch}:refs/heads/{partner.branch}"
    answer = repository.git.ask("push", "--porcelain", *first, "--", partner.remote, span)
    if answer.code == 0:
        return Pushed(commits)
    said = f"{answer.text}\n{answer.err}"
    if "[remote rejected]" not in said and any(sign in said for sign in _LATE):
        return Pushed(0, late=True)
    if any(sign in said for sign in _LATE[1:3]):
        return Pushed(0, late=True)
    if "rejected]" in said:
        raise NotPushed(partner.remote, said)
    if "failed to push some refs" in said:
        raise StoppedByHook("the push", answer.err, "The next `plaintextcrm sync` tries again.")
    raise Unreachable(partner.remote, answer.err)
