"""The git repository around an address book: where it is, on which branch, and with whom it is shared."""

from dataclasses import dataclass, replace
from pathlib import Path

from plaintextcrm.share.git import Git
from plaintextcrm.share.trouble import (
    FilesElsewhere,
    NoBranch,
    NoRepository,
    NotYours,
    UnderWay,
    WhichRemote,
)

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_EMPTY_TREES = {
    40: EMPTY_TREE,
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
# What git leaves in its folder while something is not finished: what it is, and how to go on.
_HALF_DONE = {
    "MERGE_HEAD": ("A merge", "plaintextcrm sync --continue", "plaintextcrm sync --abort"),
    "rebase-merge": ("A rebase", "git rebase --continue", "git rebase --abort"),
    "rebase-apply": ("A rebase", "git rebase --continue", "git rebase --abort"),
    "CHERRY_PICK_HEAD": ("A cherry-pick", "git cherry-pick --continue", "git cherry-pick --abort"),
    "REVERT_HEAD": ("A revert", "git revert --continue", "git revert --abort"),
    "BISECT_LOG": ("A bisect", "git bisect good", "git bisect reset"),
}


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository. `prefix` leads from its top to the address book: empty, or `crm/`."""

    git: Git
    book: Path
    top: Path
    folder: Path
    prefix: str

    def path(self, inside: str) -> str:
        """A path of the book, from the top of the repository."""
        return f"{self.prefix}{inside}"

    def set(self, *settings: str) -> "Repository":
        """The same with more settings for git."""
        git = replace(self.git, settings=(*self.git.settings, *settings))
        return replace(self, git=git)


def find(book: Path) -> Repository:
    """The repository around the book; runs nothing of it.

    Raises NoRepository, NotYours, FilesElsewhere or GitMissing.
    """
    git = Git(book)
    found = git.ask("rev-parse", "--show-toplevel")
    if found.code:
        if "dubious ownership" in found.err:
            raise NotYours(str(book))
        raise NoRepository(str(book))
    if not book.resolve().is_relative_to(Path(found.line).resolve()):
        raise FilesElsewhere(str(book), found.line)
    folder = git.demand("rev-parse", "--absolute-git-dir").line
    prefix = git.demand("rev-parse", "--show-prefix").line
    return Repository(Git(Path(found.line)), book, Path(found.line), Path(folder), prefix)


def common_folder(repository: Repository) -> Path:
    """Where the settings and hooks lie, which all worktrees share."""
    named = repository.git.demand("rev-parse", "--git-common-dir").line
    return (repository.top / named).resolve()


def half_done(repository: Repository) -> tuple[str, str] | None:
    """What is under way in the repository, and how to go on; None where all is quiet."""
    found = _under_way(repository)
    if found is None:
        return None
    what, on, back = found
    return what, f"Finish it with `{on}`, or take it back with `{back}`."


def next_command(repository: Repository) -> str:
    """How to go on when all conflicts are settled: what is under way goes on, else all is shared."""
    found = _under_way(repository)
    return found[1] if found else "plaintextcrm sync"


def _under_way(repository: Repository) -> tuple[str, str, str] | None:
    return next((words for name, words in _HALF_DONE.items() if (repository.folder / name).exists()),
                None)  # fmt: skip


def demand_quiet(repository: Repository) -> None:
    """Raises UnderWay while a merge, a rebase or the like is not finished."""
    if found := half_done(repository):
        raise UnderWay(*found)


def head(repository: Repository) -> str:
    """The commit that is checked out; empty before the first one."""
    found = repository.git.ask("rev-parse", "--quiet", "--verify", "HEAD^{commit}")
    return found.line if found.code == 0 else ""


def tree_of(repository: Repository, commit: str) -> str:
    """The commit, or for an empty one what git calls a tree without files."""
    if commit:
        return commit
    form = repository.git.demand("rev-parse", "--show-object-format").line
    return _EMPTY_TREES[64 if form == "sha256" else 40]


def branch(repository: Repository) -> str:
    """The branch that is checked out, also one without a commit yet. Raises NoBranch."""
    found = repository.git.ask("symbolic-ref", "--quiet", "HEAD")
    if found.code:
        raise NoBranch
    return found.line.removeprefix("refs/heads/")


@dataclass(frozen=True, slots=True)
class Partner:
    """With whom a branch is shared: `remote` by its name, `branch` as it is called there, and
    `tracking`, the ref that says what we last saw of it; `known` is False before the first push.
    """

    remote: str
    branch: str
    tracking: str
    known: bool


def partner(repository: Repository, name: str) -> Partner | None:
    """With whom the branch of this name is shared; None where there is no remote.

    Raises WhichRemote where there are several and nothing says which one.
    """
    form = "%(refname)%00%(upstream:remotename)%00%(upstream:remoteref)%00%(upstream)%00"
    lines = repository.git.demand("for-each-ref", f"--format={form}", f"refs/heads/{name}").line
    for line in lines.split("\0\n"):
        ref, remote, there, tracking = (*line.removesuffix("\0").split("\0"), "", "", "", "")[:4]
        if ref == f"refs/heads/{name}" and remote and there and tracking:
            return Partner(remote, there.removeprefix("refs/heads/"), tracking, known=True)
    remote = _remote(repository, name)
    if not remote:
        return None
    return Partner(remote, name, f"refs/remotes/{remote}/{name}", known=False)


def _remote(repository: Repository, name: str) -> str:
    """The remote that a branch without an upstream belongs to."""
    names = remotes(repository)
    said = repository.git.ask("config", "--get", f"branch.{name}.remote").line
    if said in names:
        return said
    if len(names) < 2:
        return names[0] if names else ""
    if "origin" in names:
        return "origin"
    raise WhichRemote(name, names)


def remotes(repository: Repository) -> list[str]:
    """The names of all remotes."""
    found = repository.git.ask("config", "--name-only", "-z", "--get-regexp", r"^remote\..*\.url$")
    names = (part.removeprefix("remote.").removesuffix(".url") for part in found.names)
    return list(dict.fromkeys(names))


def identity(repository: Repository) -> tuple[str, str]:
    """The name and the e-mail address with which the person commits; empty where nobody told git:
    it then makes them up from the machine's name.
    """
    words = ("-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT")
    found = repository.git.ask(*words)
    if found.code == 0:
        name, _, rest = found.line.partition(" <")
        return name, rest.partition(">")[0]
    said = repository.git.ask(
        "config", "-z", "--get-regexp", r"^(user|author)\.(name|email)$"
    ).names
    known = dict(part.partition("\n")[::2] for part in said)
    return known.get("user.name", ""), known.get("user.email", "")
