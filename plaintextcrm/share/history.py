"""Who changed which field of a contact when: from git's log, following renames."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from plaintextcrm.share import repository as around
from plaintextcrm.share.commit import blobs
from plaintextcrm.share.differences import Difference, differences, fields_in
from plaintextcrm.share.git import exactly
from plaintextcrm.share.repository import Repository
from plaintextcrm.store.read import read_file
from plaintextcrm.text.merge.identity import another

# Between the commits of the log; no name of a file and no title of a commit holds it.
_FORM = "%x01%H%x00%aI%x00%aN%x00%s%x00"
_NOTHING = "0" * 40


@dataclass(frozen=True, slots=True)
class Version:
    """One commit that touched the contact; without a commit: what is not committed yet.

    `path` is where the file was then, `former` what it was called before; `found` is None where a
    version cannot be read.
    """

    commit: str
    when: datetime | None
    who: str
    title: str
    path: str
    former: str
    what: str
    found: tuple[Difference, ...] | None


@dataclass(frozen=True, slots=True)
class _Step:
    commit: str
    when: str
    who: str
    title: str
    olds: tuple[str, ...]
    new: str
    path: str
    former: str


def history(repository: Repository, path: str) -> list[Version]:
    """All versions of a contact's file (its path in the book), the newest first."""
    inside = repository.path(path)
    steps = list(_steps(repository, inside))
    steps = [*_merged(repository, inside, steps), *steps]
    names = list(dict.fromkeys(name for step in steps for name in (*step.olds, step.new)))
    real = [name for name in names if name.strip("0")]
    texts = dict(zip(real, blobs(repository.git, real), strict=True))
    steps = list(_of_one_contact(steps, texts))
    versions = [_version(repository, step, texts) for step in steps if _tells(step, texts)]
    last = texts.get(steps[0].new) if steps else None
    return [*_not_committed(repository, path, last, known=bool(steps)), *versions]


def _steps(repository: Repository, inside: str) -> Iterator[_Step]:
    if not around.head(repository):
        return
    words = ("log", "--follow", "--raw", "-z", "-M40", "--no-abbrev", "--no-show-signature",
             "--no-ext-diff", "--no-textconv", "-c", f"--format={_FORM}", "--",
             *exactly([inside]))  # fmt: skip
    for record in repository.git.demand(*words).text.split("\1")[1:]:
        commit, when, who, title, rest = record.split("\0", 4)
        fields = [field for field in rest.strip("\n").split("\0") if field]
        if fields and fields[0].lstrip("\n").startswith(":"):
            yield _step((commit, when, who, title), fields)


def _merged(repository: Repository, inside: str, steps: Sequence[_Step]) -> Iterator[_Step]:
    """The merge that brought two names of the contact together, which git does not tell by itself."""
    here = repository.git.ask("rev-parse", "--quiet", "--verify", "--end-of-options",
                              f"HEAD:{inside}")  # fmt: skip
    if here.code or not steps or here.line == steps[0].new:
        return
    words = ("log", "-1", "--no-show-signature", f"--format={_FORM}", "--", *exactly([inside]))
    for record in repository.git.demand(*words).text.split("\1")[1:]:
        commit, when, who, title, _rest = record.split("\0", 4)
        yield _Step(commit, when, who, title, (steps[0].new,), here.line, inside, "")


def _of_one_contact(steps: Sequence[_Step], texts: dict[str, bytes | None]) -> Iterator[_Step]:
    """The steps back to where the contact came: git may take one that went for what it was before."""
    for step in steps:
        olds = [fields_in(texts.get(old), step.former) for old in step.olds]
        new = fields_in(texts.get(step.new), step.path)
        if step.former and new and any(old and another(old, new) for old in olds):
            yield replace(step, olds=(_NOTHING,), former="")
            return
        yield step


def _step(head: tuple[str, str, str, str], fields: Sequence[str]) -> _Step:
    """`:100644 100644 OLD NEW R90`, then the old and the new path; a merge has one OLD per parent."""
    raw = fields[0].lstrip("\n")
    parents = len(raw) - len(raw.lstrip(":"))
    words = raw.lstrip(":").split(" ")
    signs, status = words[parents + 1 : -1], words[-1]
    paths = fields[1:3] if status[:1] in "RC" and parents == 1 else fields[1:2]
    former = paths[0] if len(paths) > 1 else ""
    return _Step(
        *head, olds=tuple(signs[:parents]), new=signs[parents], path=paths[-1], former=former
    )


def _tells(step: _Step, texts: dict[str, bytes | None]) -> bool:
    """False for a merge that only put together what both sides had."""
    if len(step.olds) < 2:
        return True
    new = texts.get(step.new)
    return _in_all([_between(texts.get(old), new, step.path) for old in step.olds]) != ()


def _version(repository: Repository, step: _Step, texts: dict[str, bytes | None]) -> Version:
    new = texts.get(step.new)
    olds = [texts.get(old) for old in step.olds]
    what = "removed" if new is None else "made" if olds == [None] else "changed"
    found = _in_all([_between(old, new, step.path) for old in olds]) if new is not None else ()
    return Version(
        commit=step.commit,
        when=datetime.fromisoformat(step.when),
        who=step.who,
        title=step.title,
        path=step.path.removeprefix(repository.prefix),
        former=step.former.removeprefix(repository.prefix),
        what=what,
        found=found,
    )


def _between(old: bytes | None, new: bytes | None, path: str) -> tuple[Difference, ...] | None:
    before = {} if old is None else fields_in(old, path)
    after = {} if new is None else fields_in(new, path)
    if before is None or after is None:
        return None
    return tuple(differences(before, after))


def _in_all(found: Sequence[tuple[Difference, ...] | None]) -> tuple[Difference, ...] | None:
    """Of a merge: what neither side had; of other commits what changed."""
    if any(one is None for one in found):
        return None
    sides = [one for one in found if one is not None]
    new = [{(one.field, str(one.new)) for one in side} for side in sides]
    return tuple(one for one in sides[0] if all((one.field, str(one.new)) in side for side in new))


def _not_committed(
    repository: Repository, path: str, last: bytes | None, *, known: bool
) -> Iterator[Version]:
    try:
        now = read_file(repository.book / path)[0]
    except OSError:
        return
    if last is None or _unix(now) != _unix(last):
        what = "changed" if known and last is not None else "made"
        found = _between(last, now, path)
        yield Version("", None, "", "", path, "", what, found)


def _unix(text: bytes) -> bytes:
    """The text with the line ends that git keeps, where it makes others in the folder (core.autocrlf)."""
    return text.replace(b"\r\n", b"\n")
