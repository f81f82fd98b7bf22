"""S16: a folder that came from somebody else runs nothing of its own until it is trusted."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.share.conftest import ACME, Clone, Team


def _script(clone: Clone, name: str) -> Path:
    """A program that tells that it ran."""
    file = clone.folder.parent / name
    file.write_text(f"#!/bin/sh\ntouch {clone.folder.parent}/pwned\nexit 1\n")
    file.chmod(0o755)
    return file


def _hook(clone: Clone) -> None:
    for name in ("pre-commit", "post-checkout", "post-merge", "pre-push", "reference-transaction"):
        hook = clone.folder / f".git/hooks/{name}"
        hook.write_text(_script(clone, "evil").read_text())
        hook.chmod(0o755)


def _setting(name: str) -> Callable[[Clone], None]:
    def put(clone: Clone) -> None:
        clone.git("config", name, str(_script(clone, "evil")))

    return put


def _filter(clone: Clone) -> None:
    clone.write("./.gitattributes", "*.yaml filter=evil diff=evil merge=evil\n")
    for name in (
        "filter.evil.clean",
        "filter.evil.smudge",
        "diff.evil.textconv",
        "merge.evil.driver",
    ):
        clone.git("config", name, str(_script(clone, "evil")))


def _address(clone: Clone) -> None:
    clone.git("config", "protocol.ext.allow", "always")
    clone.git("config", "remote.origin.url", f"ext::{_script(clone, 'evil')} %S x")


def _elsewhere(clone: Clone) -> None:
    """Git is to work on the files of somebody's home folder."""
    (clone.folder.parent / "home").mkdir()
    clone.git("config", "core.worktree", str(clone.folder.parent / "home"))


def _another_address(clone: Clone) -> None:
    clone.git("config", f"url.ext::{_script(clone, 'evil')} .insteadOf", str(clone.folder.parent))


def _remote_hook(clone: Clone) -> None:
    hook = clone.folder.parent / "team.git/hooks/pre-receive"
    hook.write_text(_script(clone, "evil").read_text())
    hook.chmod(0o755)


def _included(clone: Clone) -> None:
    file = clone.folder / "more.gitconfig"
    file.write_text(
        f"[core]\n\tsshCommand = {_script(clone, 'evil')}\n\tfsmonitor = {_script(clone, 'evil')}\n"
    )
    clone.git("config", "include.path", str(file))


TRAPS = {
    "hooks": _hook,
    "core.fsmonitor": _setting("core.fsmonitor"),
    "core.sshCommand": _setting("core.sshCommand"),
    "core.hooksPath": _setting("core.hooksPath"),
    "credential.helper": _setting("credential.helper"),
    "gpg.program": _setting("gpg.program"),
    "remote.origin.uploadpack": _setting("remote.origin.uploadpack"),
    "remote.origin.receivepack": _setting("remote.origin.receivepack"),
    "core.alternateRefsCommand": _setting("core.alternateRefsCommand"),
    "gc.recentObjectsHook": _setting("gc.recentObjectsHook"),
    "core.worktree": _elsewhere,
    "url.insteadOf": _another_address,
    "filter": _filter,
    "ext": _address,
    "remote hook": _remote_hook,
    "included": _included,
}


@pytest.mark.parametrize("trap", TRAPS)
def test_s16_nothing_of_a_strangers_folder_runs(team: Team, trap: str) -> None:
    jana = team.first(acme=ACME)
    jana.write("plaintextcrm.yaml", "autosync: true\n")
    jana.sync()
    TRAPS[trap](jana)
    pwned = team.folder / "pwned"
    pwned.unlink(missing_ok=True)
    assert jana.run("log", "acme", "call", "Hello").code == 0
    answer = jana.run("sync")
    assert answer.code == 3, answer
    assert "the repository's own settings decide what git does here" in answer.err
    assert "plaintextcrm sync --trust" in answer.err or trap == "core.worktree"
    for words in (["sync", "--dry-run"], ["sync", "--abort"], ["doctor"], ["doctor", "--fix"],
                  ["history", "acme"], ["check", "--staged"], ["resolve", "acme", "mine"],
                  ["check"], ["list"]):  # fmt: skip
        jana.run(*words)
    assert not pwned.exists()
    assert "Hello" in jana.read("acme.yaml")


def test_s16_trust_is_asked_once_and_again_when_more_would_run(team: Team) -> None:
    jana = team.first(acme=ACME)
    mark = team.folder / "ran"
    hook = jana.folder / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
    hook.chmod(0o755)
    assert jana.run("sync").code == 3
    assert "the hook pre-commit" in jana.run("sync").err
    assert not mark.exists()
    assert jana.run("sync", "--trust").code == 0
    assert mark.exists()
    assert jana.run("sync").code == 0
    hook.write_text("#!/bin/sh\n# another text\n")
    assert jana.run("sync").code == 3
    jana.git("config", "core.sshCommand", "ssh -v")
    assert "core.sshcommand = ssh -v" in jana.run("sync").err


def test_s16_what_the_program_itself_installs_needs_no_word(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.run("init", str(jana.folder), "--hooks")
    assert (jana.folder / ".git/hooks/pre-commit").exists()
    jana.sync()
    petr = team.clone("petr")
    petr.run("doctor", "--fix")
    petr.sync()


def test_s16_a_python_file_in_the_folder_is_not_imported(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.sync()
    petr = team.clone("petr")
    petr.run("set", "acme", "status", "client")
    petr.sync()
    for name in ("plaintextcrm", "click", "yaml"):
        folder = jana.folder / name
        folder.mkdir()
        (folder / "__init__.py").write_text(f"open({str(team.folder / 'pwned')!r}, 'w')\n")
    jana.run("set", "acme", "title", "Boss")
    jana.sync()
    assert "status: client" in jana.read("acme.yaml")
    assert not (team.folder / "pwned").exists()
