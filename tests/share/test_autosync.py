"""`autosync: true`: each command that writes commits what it changed, and nothing else."""

from tests.share.conftest import ACME, EVA, Team

ON = "autosync: true\npeople: [jana, petr]\n"


def test_one_commit_for_each_command_with_its_files_only(team: Team) -> None:
    jana = team.first(acme=ACME, eva=EVA)
    jana.write("plaintextcrm.yaml", ON)
    jana.sync()
    jana.write("eva.yaml", EVA + "status: client\n")  # by hand, and not committed
    jana.write("notes.txt/x", "mine")
    jana.git("add", "notes.txt")
    assert "Committed: Log a call with ACME" in jana.run("log", "acme", "call", "Hello").err
    assert jana.committed() == {"contacts/acme.yaml"}
    jana.run("set", "acme", "status", "client")
    assert jana.message() == "Change status of ACME"
    jana.run("new", "Nová")
    assert jana.message() == "Add Nová"
    jana.run("rename", "nova", "novakova")
    assert jana.message() == "Rename nova to novakova"
    jana.run("undo")
    assert jana.git("diff", "--cached", "--name-only") == "notes.txt/x\n"
    assert jana.git("diff", "--name-only") == "contacts/eva.yaml\n"
    assert jana.git("log", "--oneline", "origin/master..").count("\n") == 5


def test_without_the_setting_nothing_is_committed(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.sync()
    jana.run("log", "acme", "call", "Hello")
    assert jana.git("log", "--oneline").count("\n") == 1


def test_f29_a_commit_that_must_wait_leaves_the_edit(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.write("plaintextcrm.yaml", ON)
    jana.sync()
    (jana.folder / ".git/index.lock").touch()
    answer = jana.run("log", "acme", "call", "Locked")
    assert answer.code == 0
    assert "Not committed: " in answer.err
    assert "index.lock" in answer.err
    (jana.folder / ".git/index.lock").unlink()
    (jana.folder / ".git/MERGE_HEAD").write_text(jana.git("rev-parse", "HEAD"))
    answer = jana.run("log", "acme", "call", "While merging")
    assert answer.code == 0
    assert "A merge is under way" in answer.err
    (jana.folder / ".git/MERGE_HEAD").unlink()
    text = jana.read("acme.yaml")
    assert "Locked" in text
    assert "While merging" in text
    assert "Commit: Log 2 talks with ACME" in jana.sync().out


def test_in_no_repository_the_edit_stands_and_it_is_told(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.write("plaintextcrm.yaml", ON)
    (jana.folder / ".git").rename(team.folder / "gone")
    answer = jana.run("log", "acme", "call", "Hello")
    assert answer.code == 0
    assert "is in no git repository" in answer.err
    assert "Hello" in jana.read("acme.yaml")


def test_by_is_whom_git_knows(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.write("plaintextcrm.yaml", "people: [jana, petr]\n")
    jana.run("log", "acme", "call", "Hello")
    assert "by: jana" in jana.read("acme.yaml")
    jana.write("plaintextcrm.yaml", "people: [jana, petr]\nme: petr\n")
    jana.run("promise", "acme", "+1w", "References")
    assert "by: petr" in jana.read("acme.yaml")
    jana.write("plaintextcrm.yaml", "people: [pavel, petr]\n")
    jana.run("log", "acme", "email", "Nobody knows who")
    assert jana.read("acme.yaml").count("by: ") == 2


def test_a_file_with_errors_is_not_committed(team: Team) -> None:
    jana = team.first(acme=ACME, eva=EVA)
    jana.write("plaintextcrm.yaml", ON)
    jana.sync()
    jana.write("eva.yaml", EVA + "birthday: soon\n")
    answer = jana.run("log", "eva", "call", "Hello")
    assert answer.code == 0
    assert "Not committed, as long as it has errors: contacts/eva.yaml" in answer.err
    jana.write("eva.yaml", jana.read("eva.yaml").replace("soon", "--12-24"))
    assert "Commit: Log a call with Eva Malá; change birthday of Eva Malá" in jana.sync().out


def test_check_fix_commits_only_what_it_mended(team: Team) -> None:
    jana = team.first(acme=ACME, x="name: X\n", y="{name: Y}\n")
    jana.write("plaintextcrm.yaml", ON)
    jana.sync()
    jana.write("y.yaml", "--- {name: Y, status: lead}\n")  # no place for another field is sure
    jana.run("check", "--fix")
    assert "contacts/x.yaml" in jana.committed()
    assert ("contacts/y.yaml" in jana.committed()) == ("uid" in jana.read("y.yaml"))
