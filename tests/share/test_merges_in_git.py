"""The table in tests/merges by git itself: `git merge`, `git rebase`, `git stash pop`.

Each way runs once, with an address book for each case, all in one repository.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.merges import NAMES, Case, load, load_all
from tests.share.repositories import Repository, Said, make_merging


@dataclass(frozen=True)
class Done:
    """A merge of all cases. `swapped`: what git calls theirs are the person's own changes."""

    repository: Repository
    said: Said
    swapped: bool = False


def _files(side: Callable[[Case], bytes]) -> dict[str, bytes]:
    return {f"{case.name}/{case.path}": side(case) for case in load_all()}


def _begun(folder: Path) -> Repository:
    """All cases as they were before, on `main`; ours on `ours`, which is checked out, and theirs."""
    repository = make_merging(folder, *NAMES)
    repository.commit(_files(lambda case: case.base))
    for name, side in (("theirs", lambda case: case.theirs), ("ours", lambda case: case.ours)):
        repository.do("switch", "-q", "-c", name, "main")
        repository.commit(_files(side))
    return repository


def _merge(folder: Path) -> Done:
    repository = _begun(folder)
    return Done(repository, repository.git("merge", "--no-edit", "theirs"))


def _rebase(folder: Path) -> Done:
    """The person stands on the branch that is put upon the other one."""
    repository = _begun(folder)
    repository.do("switch", "-q", "theirs")
    return Done(repository, repository.git("rebase", "ours"), swapped=True)


def _stash_pop(folder: Path) -> Done:
    repository = _begun(folder)
    repository.do("reset", "-q", "--soft", "main")
    repository.do("checkout", "-q", "theirs", "--", ".")
    repository.do("stash", "push", "-q")
    repository.do("switch", "-q", "--discard-changes", "-C", "ours", "ours@{1}")
    return Done(repository, repository.git("stash", "pop"))


WAYS = {"merge": _merge, "rebase": _rebase, "stash pop": _stash_pop}


@pytest.fixture(scope="module", params=WAYS)
def done(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Done:
    """All cases merged in one way."""
    folder = tmp_path_factory.mktemp("merges") / "repository"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        patch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
        return WAYS[request.param](folder)


def _swapped(text: str) -> str:
    """The same with the other names of the sides."""
    return text.replace("yours", "\0").replace("theirs", "yours").replace("\0", "theirs")


@pytest.mark.parametrize("name", NAMES)
def test_f19_f20_f21_f22_f23_in_git(done: Done, name: str) -> None:
    case = load(name)
    path = f"{name}/{case.path}"
    after, said = case.after.decode(), "\n".join(case.said)
    if done.swapped:
        after, said = _swapped(after), _swapped(said)
    assert done.repository.read(path).decode() == after
    assert (path in done.repository.unmerged()) == bool(case.said)
    told = [line for line in done.said.err.splitlines() if line.startswith(f"{path}: ")]
    assert told == [f"{path}: {line}" for line in said.splitlines()]


def test_there_is_a_conflict_where_one_must_be_and_nowhere_else(done: Done) -> None:
    assert done.said.code == 1
    conflicts = [case for case in load_all() if case.said]
    assert len(done.repository.unmerged()) == len(conflicts)
    assert 5 <= len(conflicts) < len(NAMES) / 2


def test_what_git_alone_makes_of_the_table(tmp_path: Path) -> None:
    """The measure: without the driver, most of what is no conflict is one."""
    repository = _begun(tmp_path / "repository")
    repository.do("config", "--remove-section", "merge.plaintextcrm")
    repository.git("merge", "--no-edit", "theirs")
    smooth = {f"{case.name}/{case.path}" for case in load_all() if not case.said}
    assert len(repository.unmerged() & smooth) > len(smooth) / 3
