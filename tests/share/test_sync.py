"""`sync`, step by step, with real repositories."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import COMMAND, AddressBook
from tests.share.conftest import ACME, EVA, Clone, Team


def test_a_first_push_to_an_empty_folder_and_a_colleague_who_joins(team: Team) -> None:
    jana = team.first(acme=ACME)
    said = jana.sync().out
    assert said == (
        "Check: 1 contact, no errors\nCommit: Add ACME\nPull: nothing new\n"
        "Push: 1 commit to origin/master\n"
    )
    petr = team.clone("petr")
    assert petr.read("acme.yaml") == ACME
    assert petr.run("log", "acme", "call", "Wants a shop").code == 0
    assert petr.run("done", "acme", "1").code == 0
    assert "Commit: Log a call with ACME; 1 follow-up done\n" in petr.sync().out
    assert "Pull: 1 commit from origin/master, merged" in jana.sync().out
    assert "Wants a shop" in jana.read("acme.yaml")
    assert "Commit: nothing has changed\n" in jana.sync().out


def test_both_log_a_talk_and_one_changes_a_field(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.sync()
    petr = team.clone("petr")
    jana.run("log", "acme", "call", "By Jana")
    petr.run("log", "acme", "email", "By Petr")
    petr.run("set", "acme", "status", "client")
    petr.sync()
    jana.sync()
    petr.sync()
    text = jana.read("acme.yaml")
    assert text == petr.read("acme.yaml")
    assert text.count("By Jana") == text.count("By Petr") == 1
    assert "status: client" in text
    assert "# as they asked" in text


def test_f25_what_is_merged_by_another_driver_waits(team: Team) -> None:
    """`merge=union` keeps the lines of both, whatever they mean."""
    jana = team.first(acme=ACME)
    jana.write("./.gitattributes", "*.yaml merge=union\n")
    jana.git("add", ".")
    jana.git("commit", "-qm", "attributes")
    jana.sync()
    petr = team.clone("petr")
    petr.run("set", "acme", "cadence", "6 weeks")
    petr.sync()
    jana.run("set", "acme", "cadence", "1 year")
    answer = jana.run("sync")
    assert answer.code == 3
    assert "git is told to merge contacts by 'union' here" in answer.err
    jana.run("doctor", "--fix")
    answer = jana.run("sync")
    assert answer.code == 1
    assert "cadence: yours 1 year, theirs 6 weeks" in answer.err


def test_without_a_repository_and_without_a_remote(book: AddressBook, team: Team) -> None:
    book.write("eva.yaml", EVA)
    answer = book.run("sync")
    assert answer.code == 3
    assert "is in no git repository. Make one with `plaintextcrm init`" in answer.err
    jana = team.first(eva=EVA)
    jana.git("remote", "remove", "origin")
    answer = jana.run("sync")
    assert answer.code == 0
    assert "Commit: Add Eva Malá" in answer.out
    assert "git remote add origin URL" in answer.out


def _typed(clone: Clone, answer: str) -> str:
    """What `sync` says on a terminal at which somebody types that."""
    keyboard, terminal = os.openpty()
    try:
        os.write(keyboard, f"{answer}\n".encode())
        done = subprocess.run([*COMMAND, "-C", str(clone.folder), "sync"], stdin=terminal,
                              capture_output=True, text=True, check=False)  # fmt: skip
    finally:
        os.close(keyboard)
        os.close(terminal)
    return done.stdout + done.stderr


def test_on_a_fresh_clone_the_driver_is_offered_once(team: Team) -> None:
    jana = team.first(acme=ACME)
    said = _typed(jana, "n")
    assert "does not merge by field here yet. Install what it needs?" in said
    assert "Push: 1 commit" in said
    said = _typed(jana, "y")
    assert "merge by field" not in said
    assert "Push: nothing to send" in said
    assert "missing  driver" in jana.run("doctor").out
    petr = team.clone("petr")
    _typed(petr, "y")
    assert "missing  driver" not in petr.run("doctor").out
    assert (petr.folder / ".gitattributes").exists()


def test_no_push_leaves_commits_here(team: Team) -> None:
    jana = team.first(acme=ACME)
    assert "Push: left out; 1 commit of yours waits" in jana.sync("--no-push").out
    assert team.clone("petr").run("list", "--format", "ids").out == ""
    jana.sync()
    assert team.clone("pavel").read("acme.yaml") == ACME


def _state(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        digest.update(str(path).encode() + (path.read_bytes() if path.is_file() else b""))
    return digest.hexdigest()


def test_dry_run_changes_nothing_at_all(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.sync()
    jana.write("eva.yaml", EVA)
    before = _state(team.folder)
    answer = jana.sync("--dry-run")
    assert "Would commit: Add Eva Malá (contacts/eva.yaml)" in answer.out
    assert "Would pull from origin/master" in answer.out
    assert "Would push 1 commit\n" in answer.out
    assert _state(team.folder) == before


def test_f28_only_contacts_and_settings_whatever_is_staged_or_changed(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.write("notes/diary.txt", "mine\n")
    jana.write("contacts/photo.jpg", "not a contact")
    jana.sync()
    assert jana.committed() == {"contacts/acme.yaml"}
    jana.write("notes/diary.txt", "staged\n")
    jana.git("add", "notes/diary.txt")
    jana.write("notes/diary.txt", "and changed since\n")
    jana.write("plaintextcrm.yaml", "currency: CZK\n")
    jana.run("log", "acme", "call", "Hello")
    answer = jana.sync()
    assert jana.committed() == {"contacts/acme.yaml", "plaintextcrm.yaml"}
    assert "Left alone, as it is not the address book's: notes/diary.txt" in answer.err
    assert jana.git("diff", "--cached", "--name-only") == "notes/diary.txt\n"
    assert jana.git("show", ":notes/diary.txt") == "staged\n"


def test_a_book_below_the_top_of_a_repository(team: Team) -> None:
    outer = team.first("work")
    (outer.folder / "contacts").rmdir()
    inner = Clone(outer.folder / "my crm", outer._capsys)
    inner.write("eva.yaml", EVA)
    outer.write("other/contacts/x.yaml", "name: X\n")
    assert inner.run("sync").code == 0
    assert inner.git("show", "--name-only", "-z", "--format=", "HEAD").strip("\0\n") == (
        "my crm/contacts/eva.yaml"
    )
    petr = team.clone("petr")
    petr.write("my crm/contacts/eva.yaml", EVA + "status: client\n")
    petr.git("commit", "-qam", "by hand")
    petr.git("push", "-q")
    inner.run("log", "eva", "call", "Hello")
    assert inner.run("sync").code == 0
    assert "status: client" in (inner.folder / "contacts/eva.yaml").read_text()


def test_a_staged_file_in_the_way_of_a_merge_is_named(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.write("./notes.txt", "one\n")
    jana.git("add", ".")
    jana.git("commit", "-qm", "notes")
    jana.sync()
    petr = team.clone("petr")
    petr.write("./notes.txt", "of Petr\n")
    petr.git("commit", "-qam", "notes")
    petr.git("push", "-q")
    jana.write("./notes.txt", "of Jana\n")
    jana.run("log", "acme", "call", "Hello")
    answer = jana.run("sync")
    assert answer.code == 3
    assert "notes.txt" in answer.err
    assert "git cannot merge" in answer.err
    assert (jana.folder / "notes.txt").read_text() == "of Jana\n"
    assert jana.message().startswith("Log a call with ACME")


def test_a_file_with_errors_waits_and_the_others_go(team: Team) -> None:
    jana = team.first(acme=ACME, eva=EVA)
    jana.sync()
    jana.write("eva.yaml", EVA + "birthday: soon\n")
    jana.run("log", "acme", "call", "Hello")
    answer = jana.run("sync")
    assert answer.code == 1
    assert "contacts/eva.yaml:4:11: error[bad-date]" in answer.err
    assert "Check: not committed, as long as it has errors: contacts/eva.yaml" in answer.out
    assert jana.committed() == {"contacts/acme.yaml"}
    assert "Push: 1 commit" in answer.out
    assert team.clone("petr").read("eva.yaml") == EVA


def test_f26_errors_that_a_pull_brings_stop_the_push(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.sync()
    petr = team.clone("petr")
    petr.write("acme.yaml", ACME + "birthday: soon\n")
    petr.git("commit", "-qam", "unchecked", "--no-verify")
    petr.git("push", "-q")
    jana.write("eva.yaml", EVA)
    answer = jana.run("sync")
    assert answer.code == 1
    assert "error[bad-date]" in answer.err
    assert "Not pushed: what would be shared has an error." in answer.err
    assert jana.git("log", "--oneline", "origin/master..").count("\n") == 2
    jana.write("acme.yaml", ACME)
    jana.sync()
    assert petr.run("sync").code == 0
    assert petr.read("acme.yaml") == ACME


def test_f25_twins_of_a_merge_made_elsewhere_are_found(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.sync()
    petr = team.clone("petr")
    petr.write("acme.yaml", ACME + "status: client\n")  # what a host's merge button makes
    petr.git("commit", "-qam", "merged on the host")
    petr.git("push", "-q")
    answer = jana.run("sync")
    assert answer.code == 1
    assert "error[duplicate-key]" in answer.err


def test_offline_it_commits_and_says_that_it_waits(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.sync()
    away = team.remote.rename(team.folder / "unplugged")
    jana.run("log", "acme", "call", "Hello")
    answer = jana.run("sync")
    assert answer.code == 3
    assert "Commit: Log a call with ACME\n" in answer.out
    assert "origin cannot be reached" in answer.err
    assert "waits: the next `plaintextcrm sync` sends it" in answer.err
    away.rename(team.remote)
    assert "Push: 1 commit to origin/master" in jana.sync().out


def test_a_rejected_push_is_pulled_and_tried_again(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.sync()
    petr = team.clone("petr")
    petr.run("log", "acme", "email", "In between")
    petr.sync("--no-push")
    hook = jana.folder / ".git/hooks/pre-push"
    hook.write_text(
        f"#!/bin/sh\n[ -e done ] || {{ touch done; unset GIT_DIR; git -C {petr.folder} push -q; }}\n"
    )
    hook.chmod(0o755)
    jana.run("log", "acme", "call", "Hello")
    answer = jana.run("sync", "--trust")
    assert answer.code == 0, answer
    assert "somebody else was quicker; pulling again" in answer.out
    petr.sync()
    assert petr.read("acme.yaml") == jana.read("acme.yaml")
    assert "In between" in jana.read("acme.yaml")


def test_a_hook_that_stops_the_push_or_the_merge_is_named(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.sync()
    petr = team.clone("petr")
    hooks = jana.folder / ".git/hooks"
    (hooks / "pre-push").write_text("#!/bin/sh\necho not on Fridays >&2\nexit 1\n")
    (hooks / "pre-push").chmod(0o755)
    jana.run("log", "acme", "call", "Hello")
    answer = jana.run("sync", "--trust")
    assert answer.code == 3
    assert "A hook of this repository stopped the push (not on Fridays)." in answer.err
    petr.run("log", "acme", "email", "In between")
    petr.sync()
    (hooks / "pre-push").rename(hooks / "pre-merge-commit")
    answer = jana.run("sync", "--trust")
    assert answer.code == 3
    assert "A hook of this repository stopped the merge (not on Fridays)." in answer.err
    (hooks / "pre-merge-commit").unlink()
    assert "Push: 2 commits" in jana.sync("--continue").out


def test_a_remote_that_somebody_works_in_is_explained(team: Team) -> None:
    jana = team.first(acme=ACME)
    shutil.rmtree(team.remote)
    other = team.first("petr")
    other.git("remote", "remove", "origin")
    other.git("commit", "-q", "--allow-empty", "-m", "x")
    jana.git("remote", "set-url", "origin", str(other.folder))
    jana.git("pull", "-q", "origin", "master")
    answer = jana.run("sync")
    assert answer.code == 3
    assert "share by a bare one" in answer.err


def test_two_histories_without_a_common_beginning_are_not_mixed(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.sync()
    petr = team.first("petr", eva=EVA)
    for _again in range(2):
        answer = petr.run("sync")
        assert answer.code == 3
        assert "nothing in common with yours" in answer.err
    petr.git("branch", "-m", "main")
    answer = petr.run("sync")
    assert answer.code == 3
    assert "(yours is called main)" in answer.err


def test_several_remotes_and_none_chosen(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.git("remote", "rename", "origin", "home")
    jana.git("remote", "add", "work", str(team.remote))
    answer = jana.run("sync")
    assert answer.code == 3
    assert "git config branch.master.remote home" in answer.err
    jana.git("config", "branch.master.remote", "work")
    assert "to work/master" in jana.sync().out


def test_f34_most_contacts_gone_are_not_committed(team: Team) -> None:
    jana = team.first(**{f"c{n}": f"name: Contact {n}\n" for n in range(8)})
    jana.sync()
    for n in range(7):
        (jana.folder / f"contacts/c{n}.yaml").unlink()
    answer = jana.run("sync")
    assert answer.code == 1
    assert "7 of 8 contact files are gone" in answer.err
    assert jana.git("ls-files", "contacts").count("\n") == 8
    assert "Commit: Remove 7 contacts" in jana.sync("--accept-missing").out


def test_f29_a_detached_head_and_a_rebase_are_explained_and_touch_nothing(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.sync()
    jana.git("checkout", "-q", "--detach")
    jana.run("log", "acme", "call", "Hello")
    answer = jana.run("sync")
    assert answer.code == 3
    assert "git switch main" in answer.err
    jana.git("checkout", "-q", "master")
    (jana.folder / ".git/rebase-merge").mkdir()
    answer = jana.run("sync")
    assert answer.code == 3
    assert "A rebase is under way" in answer.err
    assert "git rebase --continue" in answer.err
    assert jana.git("log", "--oneline").count("\n") == 1


def test_f29_an_index_lock_is_waited_for_and_named(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.sync()
    jana.run("log", "acme", "call", "Hello")
    lock = jana.folder / ".git/index.lock"
    lock.touch()
    answer = jana.run("sync")
    assert answer.code == 3
    assert "index.lock is there: another git is at work" in answer.err
    lock.unlink()
    assert "Commit: Log a call with ACME\n" in jana.sync().out


def test_s14_messages_of_private_contacts_name_no_value(team: Team) -> None:
    secret = "name: Zdeněk Tajný\nvisibility: private\nstatus: lead\n"
    jana = team.first(zt=secret)
    jana.sync()
    jana.run("log", "zt", "letter", "Blackmail", "--next", "+1w")
    jana.run("set", "zt", "status", "client")
    jana.sync()
    log = jana.git("log", "--format=%B")
    for word in ("Tajn", "Zden", "letter", "Blackmail", "client", "lead"):
        assert word not in log
    assert "Log a talk with a private contact" in log
    assert "status" in log


@pytest.mark.parametrize("name", ["-rf", "--upload-pack=touch pwned", "--exec=touch pwned"])
def test_s17_names_that_look_like_options(team: Team, name: str) -> None:
    jana = team.first(acme=ACME)
    jana.write(f"{name.replace('=', '')}.yaml", "name: Odd\n")
    jana.git("remote", "remove", "origin")
    config = jana.folder / ".git/config"
    config.write_text(config.read_text() + f'[remote "{name}"]\n\turl = {team.remote}\n'
                      f'\tfetch = +refs/heads/*:refs/remotes/odd/*\n[branch "master"]\n'
                      f"\tremote = {name}\n\tmerge = refs/heads/master\n")  # fmt: skip
    answer = jana.run("sync")
    assert answer.code in (0, 3)
    assert "Commit: Add Odd and ACME" in answer.out
    assert not list(team.folder.rglob("pwned"))
    assert jana.folder.is_dir()
    assert jana.git("status", "--porcelain") == ""


def test_s17_a_branch_and_an_address_that_look_like_options(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.sync()
    jana.git("update-ref", "refs/heads/--upload-pack=x", "HEAD")
    (jana.folder / ".git/HEAD").write_text("ref: refs/heads/--upload-pack=x\n")
    jana.write("eva.yaml", EVA)
    answer = jana.run("sync")
    assert answer.code == 0, answer
    assert "to origin/--upload-pack=x" in answer.out
    jana.git("config", "remote.origin.url", "--upload-pack=touch pwned")
    answer = jana.run("sync")
    assert answer.code == 3
    assert not list(team.folder.rglob("pwned"))


def test_s18_shell_signs_in_names_are_text(team: Team) -> None:
    jana = team.first()
    name = "a$(touch pwned)`touch pwned`;touch pwned"
    jana.write(f"{name}.yaml", "name: Odd\n")
    jana.sync()
    petr = team.clone("petr")
    petr.run("log", name, "call", "By Petr")
    petr.sync()
    jana.run("log", name, "email", "By Jana")
    jana.sync()
    text = jana.read(f"{name}.yaml")
    assert "By Petr" in text
    assert "By Jana" in text
    assert not list(team.folder.rglob("pwned"))


def test_globs_in_names_mean_just_that_file(team: Team) -> None:
    jana = team.first(**{"[a-z]*": "name: Odd\n", "eva": EVA})
    jana.write("plaintextcrm.yaml", "autosync: true\n")
    jana.run("log", "contacts/[a-z]*.yaml", "call", "Hello")
    assert jana.committed() == {"contacts/[a-z]*.yaml"}


@pytest.mark.parametrize("staged", [False, True])
def test_f28_hundreds_of_files_and_what_else_is_staged(team: Team, staged: bool) -> None:
    jana = team.first(**{f"c{n}": f"name: Contact {n}\n" for n in range(520)})
    jana.write("./diary.txt", "mine\n")
    if staged:
        jana.git("add", "diary.txt")
    assert "Commit: Add 520 contacts" in jana.sync().out
    assert len(jana.committed()) == 520
    for n in range(520):
        jana.write(f"c{n}.yaml", f"name: Changed {n}\n")
    (jana.folder / "contacts/c7.yaml").unlink()
    jana.sync()
    assert len(jana.committed()) == 520
    assert "contacts/c7.yaml" not in jana.git("ls-files")
    assert jana.git("status", "--porcelain") == ("A  diary.txt\n" if staged else "?? diary.txt\n")
