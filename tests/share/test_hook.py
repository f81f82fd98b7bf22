"""The pre-commit hook: what is staged is checked, whatever the files hold by now."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from plaintextcrm.cli.main import run
from tests.conftest import PROJECT
from tests.share.conftest import ACME, EVA, Clone, Team


def _commit(clone: Clone, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["git", "commit", "-m", "by hand", *words],
        cwd=clone.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def jana(team: Team) -> Clone:
    clone = team.first(acme=ACME)
    clone.sync()
    answer = clone.run("init", str(clone.folder), "--hooks")
    assert "pre-commit hook: checks what is staged" in answer.err
    assert "pre-commit hook: is there" in clone.run("init", str(clone.folder), "--hooks").err
    return clone


def test_f27_the_staged_text_counts_not_the_file(jana: Clone) -> None:
    jana.write("eva.yaml", EVA + "birthday: soon\n")
    jana.git("add", "contacts/eva.yaml")
    jana.write("eva.yaml", EVA)  # mended on the disk, and not staged
    done = _commit(jana)
    assert done.returncode == 1
    assert "contacts/eva.yaml:4:11: error[bad-date]" in done.stdout + done.stderr
    jana.git("add", "contacts/eva.yaml")
    jana.write("eva.yaml", "name: [broken\n")  # broken on the disk, and not staged
    assert _commit(jana).returncode == 0
    assert jana.git("show", "HEAD:contacts/eva.yaml") == EVA


def test_f27_a_commit_of_named_files_is_checked_in_its_own_index(jana: Clone) -> None:
    jana.write("eva.yaml", EVA)
    jana.git("add", "contacts/eva.yaml")
    jana.write("eva.yaml", EVA + "birthday: soon\n")
    assert _commit(jana, "contacts/eva.yaml").returncode == 1
    jana.write("eva.yaml", EVA)
    assert _commit(jana, "contacts/eva.yaml").returncode == 0


def test_f27_names_and_settings_are_the_staged_ones(jana: Clone) -> None:
    jana.write("eva.yaml", EVA + "organization: acme\nintroduced_by: new-one\nstatus: gold\n")
    jana.git("add", "contacts/eva.yaml")
    jana.write("new-one.yaml", "name: New\n")
    jana.write("plaintextcrm.yaml", "statuses: [gold]\n")
    answer = jana.run("check", "--staged")
    assert answer.code == 1
    assert "error[unknown-contact]: there is no contact `new-one`" in answer.out
    assert "error[bad-choice]" in answer.out
    jana.git("add", "contacts/new-one.yaml", "plaintextcrm.yaml")
    assert jana.run("check", "--staged").code == 0
    assert _commit(jana).returncode == 0
    jana.git("rm", "-q", "--cached", "contacts/new-one.yaml")
    answer = jana.run("check", "--staged")
    assert answer.code == 1
    assert "contacts/eva.yaml:5:16: error[unknown-contact]" in answer.out


def test_two_files_of_one_name_and_the_format_for_github(jana: Clone) -> None:
    jana.write("contacts/more/ACME.yaml", "name: Twin\n")
    jana.git("add", "contacts")
    answer = jana.run("check", "--staged", "--format", "github")
    assert answer.code == 1
    assert "::error file=contacts/more/ACME.yaml" in answer.out
    assert "title=duplicate-id" in answer.out


def test_files_that_are_no_contacts_do_not_matter(jana: Clone) -> None:
    jana.write("./notes.yaml", "a: [b\n")
    jana.git("add", "notes.yaml")
    assert _commit(jana).returncode == 0


def test_f26_a_hook_that_was_skipped_is_made_up_for(jana: Clone, team: Team) -> None:
    jana.write("acme.yaml", ACME + "birthday: soon\n")
    assert _commit(jana, "-a", "--no-verify").returncode == 0
    answer = jana.run("sync")
    assert answer.code == 1
    assert "Not pushed: what would be shared has an error" in answer.err
    assert "birthday" not in team.clone("petr").read("acme.yaml")


def test_a_hook_of_somebody_else_stays_and_chaining_is_told(team: Team) -> None:
    jana = team.first(acme=ACME)
    hook = jana.folder / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho mine\n")
    hook.chmod(0o755)
    answer = jana.run("init", str(jana.folder), "--hooks")
    assert answer.code == 0
    assert "is there and not ours, so it was left as it is" in answer.err
    assert "check --staged || exit 1" in answer.err
    assert hook.read_text() == "#!/bin/sh\necho mine\n"


def test_hooks_of_all_repositories_are_left_alone(team: Team, tmp_path: Path) -> None:
    jana = team.first(acme=ACME)
    (tmp_path / "hooks").mkdir()
    jana.git("config", "core.hooksPath", str(tmp_path / "hooks"))
    answer = jana.run("init", str(jana.folder), "--hooks")
    assert "serves all your repositories" in answer.err
    assert not list((tmp_path / "hooks").iterdir())


def test_hooks_that_all_share_are_left_alone_and_a_line_in_them_is_seen(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.git("config", "core.hooksPath", ".hooks")
    said = jana.run("init", str(jana.folder), "--hooks").err
    assert "serves everybody who has this repository" in said
    line = "plaintextcrm -C ./ check --staged || exit 1"
    assert line in said
    assert not (jana.folder / ".hooks").exists()
    hook = jana.write("./.hooks/pre-commit", "#!/bin/sh\n")
    hook.chmod(0o755)
    assert "does it run `plaintextcrm check --staged`?" in jana.run("doctor").out
    hook.write_text(f"#!/bin/sh\n{line}\n")
    assert "pre-commit checks contacts, too" in jana.run("doctor").out


def test_a_line_for_another_hook_names_a_book_below_the_top(team: Team) -> None:
    outer = team.first()
    (outer.folder / "contacts").rmdir()
    hook = outer.folder / ".git/hooks/pre-commit"
    inner = Clone(outer.folder / "my crm", outer._capsys)
    inner.write("eva.yaml", EVA + "birthday: soon\n")
    hook.write_text("#!/bin/sh\n")
    hook.chmod(0o755)
    said = inner.run("init", str(inner.folder), "--hooks").err
    hook.write_text(f"#!/bin/sh\n{said.partition('add this line to it: ')[2].splitlines()[0]}\n")
    outer.git("add", ".")
    done = _commit(outer)
    assert done.returncode == 1
    assert "contacts/eva.yaml:4:11: error[bad-date]" in done.stdout + done.stderr


def test_a_program_that_moved_away_is_told(jana: Clone) -> None:
    hook = jana.folder / ".git/hooks/pre-commit"
    lines = hook.read_text().splitlines()
    lines[3] = "[ -x /nowhere/python ] || {"
    hook.write_text("\n".join(lines) + "\n")
    jana.write("eva.yaml", EVA)
    jana.git("add", "contacts/eva.yaml")
    done = _commit(jana)
    assert done.returncode == 1
    assert "plaintextcrm init --hooks" in done.stderr
    assert os.access(hook, os.X_OK)


def test_doctor_finds_what_is_missing_and_mends_it(jana: Clone, team: Team) -> None:
    assert jana.run("doctor").code == 0
    petr = team.clone("petr")
    answer = petr.run("doctor")
    assert answer.code == 1
    for name in ("driver", "attributes", "hook"):
        assert f"missing  {name}" in answer.out
    answer = petr.run("doctor", "--fix")
    assert answer.code == 0
    assert "missing" not in answer.out
    assert (petr.folder / ".git/hooks/pre-commit").exists()


def test_doctor_names_who_and_where(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    jana = team.first(acme=ACME)
    jana.git("remote", "remove", "origin")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    answer = jana.run("doctor")
    assert "missing  identity" in answer.out
    assert "git config --global user.name" in answer.out
    assert "missing  remote" in answer.out
    (jana.folder / ".git").rename(team.folder / "gone")
    answer = jana.run("doctor")
    assert answer.code == 1
    assert "missing  repository" in answer.out


def _framework_hook() -> dict[str, str]:
    """What `.pre-commit-hooks.yaml` says of the one hook."""
    text = (PROJECT / ".pre-commit-hooks.yaml").read_text("utf-8")
    lines = (line.lstrip("- ").partition(": ") for line in text.splitlines() if ": " in line)
    return {name: value for name, _, value in lines}


def test_what_the_framework_is_told_runs_on_just_our_files(jana: Clone) -> None:
    hook = _framework_hook()
    ours = re.compile(hook["files"])
    names = ["contacts/acme.yaml", "crm/contacts/more/eva.yml", "plaintextcrm.yaml", "notes.yaml"]
    assert [name for name in names if ours.search(name)] == names[:3]
    program, *words = hook["entry"].split()
    assert program == "plaintextcrm"
    jana.write("acme.yaml", ACME + "birthday: soon\n")
    jana.write("eva.yaml", EVA)
    assert jana.run(*words, "contacts/eva.yaml").code == 0
    assert jana.run(*words, "contacts/eva.yaml", "contacts/acme.yaml").code == 1


def test_the_framework_names_files_of_a_book_below_the_top(
    jana: Clone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It runs at the top of the repository, where no address book is."""
    jana.write("eva.yaml", EVA)
    jana.write("acme.yaml", ACME + "birthday: soon\n")
    monkeypatch.chdir(jana.folder.parent)
    _program, *words = _framework_hook()["entry"].split()
    for contact, code in (("eva", 0), ("acme", 1)):
        assert run([*words, f"{jana.folder.name}/contacts/{contact}.yaml"]) == code
    assert "contacts/acme.yaml:8:11: error[bad-date]" in capsys.readouterr().out


@pytest.mark.clients
def test_the_real_framework_installs_and_runs_it(
    jana: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "framework"))
    monkeypatch.setenv("HOME", str(tmp_path))  # what it asks of other languages is written there
    monkeypatch.delenv("PYTHONPATH")
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    jana.write(
        "./.pre-commit-config.yaml",
        f"repos:\n  - repo: file://{PROJECT}\n    rev: {commit.stdout.strip()}\n"
        "    hooks: [{id: plaintextcrm-check}]\n",
    )

    def run() -> "subprocess.CompletedProcess[str]":
        jana.git("add", ".")
        words = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
        return subprocess.run(words, cwd=jana.folder, capture_output=True, text=True, check=False)

    assert run().returncode == 0
    jana.write("eva.yaml", EVA + "birthday: soon\n")
    done = run()
    assert done.returncode == 1
    assert "contacts/eva.yaml:4:11: error[bad-date]" in done.stdout
