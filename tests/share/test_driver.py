"""The merge driver in real repositories: how git is told of it, and what is left where it fails."""

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from plaintextcrm.cli.main import run
from plaintextcrm.share.command import own_words
from plaintextcrm.share.driver import LINES, Installed, driver_command, install, installed
from tests.conftest import PROJECT
from tests.share.repositories import PROGRAM, Repository, Said, make, make_merging

PATH = "contacts/eva.yaml"
BASE = b"name: Eva\nstatus: lead\ncadence: 6 weeks\ninteractions:\n- date: 2026-03-02\n  note: A\n"
OURS = BASE + b"- date: 2026-05-12\n  note: Ours\n"
THEIRS = BASE + b"- date: 2026-05-14\n  note: Theirs\n"
BOTH = OURS + b"- date: 2026-05-14\n  note: Theirs\n"


def diverged(repository: Repository, ours: bytes = OURS, theirs: bytes = THEIRS) -> Repository:
    """Two branches with a change of each, `main` checked out and `other` to be merged."""
    repository.commit({PATH: BASE})
    repository.do("switch", "-q", "-c", "other")
    repository.commit({PATH: theirs})
    repository.do("switch", "-q", "main")
    repository.commit({PATH: ours})
    return repository


def merge(repository: Repository, **environment: str) -> Said:
    return repository.git("merge", "--no-edit", "other", **environment)


def set_driver(repository: Repository, command: str) -> None:
    repository.do("config", "merge.plaintextcrm.driver", command)


# ── installing ───────────────────────────────────────────────────────────────


def test_a_new_book_merges_by_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    assert run(["init", str(tmp_path / "book")]) == 0
    repository = Repository(tmp_path / "book")
    repository.do("branch", "-m", "main")
    diverged(repository)
    assert merge(repository).code == 0
    assert repository.read(PATH) == BOTH
    assert repository.do("status", "--porcelain") == ""


@pytest.mark.parametrize(
    "name", ["plain", "with blanks", "it's", 'say "hi"', "100%A %O", "$HOME `x` \\n", "-C", "ěšč;#"]
)
def test_s17_s18_any_path_of_the_program(tmp_path: Path, name: str) -> None:
    """The program is found by its absolute path, whatever stands in it, and no shell reads it."""
    program = tmp_path / name / "pcrm it"
    program.parent.mkdir()
    words = shlex.join(PROGRAM)
    program.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    program.chmod(0o755)
    repository = make(tmp_path / 'the book\'s "own" $(folder)')
    install(repository.folder, [str(program)])
    diverged(repository)
    assert merge(repository).code == 0
    assert repository.read(PATH) == BOTH


@pytest.mark.parametrize("name", ["-x.yaml", "it's $(x) & `y`.yaml", "--help.yaml", "ě %A %P.yaml"])
def test_s17_any_name_of_a_contact(tmp_path: Path, name: str) -> None:
    repository = make_merging(tmp_path / "book")
    path = f"contacts/{name}"
    repository.commit({path: BASE})
    repository.do("switch", "-q", "-c", "other")
    repository.commit({path: THEIRS.replace(b"6 weeks", b"1 year")})
    repository.do("switch", "-q", "main")
    repository.commit({path: OURS.replace(b"6 weeks", b"3 months")})
    said = merge(repository)
    assert said.code == 1
    assert f"{path}: cadence: yours 3 months, theirs 1 year" in said.err
    assert b"<<<<<<< cadence: yours\ncadence: 3 months\n" in repository.read(path)


def test_installing_twice_changes_nothing(tmp_path: Path) -> None:
    book = make(tmp_path / "book").folder
    assert installed(book, PROGRAM) == Installed(command=False, lines=False)
    assert install(book, PROGRAM) == Installed(command=False, lines=False)
    config, attributes = ((book / path).read_bytes() for path in (".git/config", ".gitattributes"))
    assert install(book, PROGRAM) == Installed(command=True, lines=True)
    assert (book / ".git/config").read_bytes() == config
    assert (book / ".gitattributes").read_bytes() == attributes
    assert installed(book, PROGRAM).complete
    assert not installed(book, ["/elsewhere/python"]).complete


def test_lines_of_ones_own_stay(tmp_path: Path) -> None:
    book = make(tmp_path / "book").folder
    (book / ".gitattributes").write_bytes(f"*.jpg binary\r\n{LINES[0]}".encode())
    install(book, PROGRAM)
    assert (book / ".gitattributes").read_bytes() == "\r\n".join(
        ["*.jpg binary", *LINES, ""]
    ).encode()


def test_a_line_that_wins_over_ours_is_seen_and_ours_is_put_last(tmp_path: Path) -> None:
    book = make(tmp_path / "book").folder
    install(book, PROGRAM)
    attributes = book / ".gitattributes"
    attributes.write_text(attributes.read_text() + "*.yaml merge=union\n")
    assert not installed(book, PROGRAM).lines
    install(book, PROGRAM)
    assert installed(book, PROGRAM).complete
    assert attributes.read_text() == "\n".join(["*.yaml merge=union", *LINES, ""])


def test_a_linked_gitattributes_is_not_written_through(tmp_path: Path) -> None:
    book = make(tmp_path / "book").folder
    (tmp_path / "elsewhere").write_bytes(b"mine\n")
    (book / ".gitattributes").symlink_to(tmp_path / "elsewhere")
    assert run(["init", str(book)]) == 3
    assert (tmp_path / "elsewhere").read_bytes() == b"mine\n"


def test_all_files_of_the_book_are_named(tmp_path: Path) -> None:
    repository = make_merging(tmp_path / "book")
    paths = ["contacts/a.yaml", "contacts/b/c/d.yml", "plaintextcrm.yaml", "x/a.yaml", "notes.yaml"]
    said = repository.do("check-attr", "merge", "--", *paths).splitlines()
    assert [line.endswith("merge: plaintextcrm") for line in said] == [True] * 3 + [False] * 2


def test_s16_python_takes_nothing_from_the_repository(tmp_path: Path) -> None:
    """A repository with modules called like ours, or like those that we use."""
    repository = make_merging(tmp_path / "book")
    trap = (
        b"import pathlib; pathlib.Path(__file__).with_name('sprung').touch(); raise SystemExit(0)\n"
    )
    repository.write({"plaintextcrm/__init__.py": trap, "yaml.py": trap, "click.py": trap})
    diverged(repository)
    assert merge(repository).code == 0
    assert repository.read(PATH) == BOTH
    assert not list(repository.folder.rglob("sprung"))


@pytest.mark.parametrize("parts", ["", ".", "sub", "{project}:", ":{project}:.", "/nowhere"])
def test_s16_nor_by_an_empty_part_of_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: str
) -> None:
    """PYTHONPATH with parts that mean the repository, in which git runs the driver; or none of it."""
    path = f":{parts}".format(project=PROJECT)
    monkeypatch.setenv("PYTHONPATH", path)
    repository = make(tmp_path / "book")
    (repository.folder / "contacts").mkdir()
    install(repository.folder, own_words())
    trap = b"import pathlib; pathlib.Path('/'.join(__file__.split('/')[:-1]), 'sprung').touch()\n"
    traps = {f"{folder}{name}.py": trap for folder in ("", "sub/")
             for name in ("plaintextcrm", "click", "sitecustomize", "json")}  # fmt: skip
    repository.write(traps)
    diverged(repository)
    said = merge(repository, PYTHONPATH=path)
    assert said.code == 0, said
    assert repository.read(PATH) == BOTH
    assert not list(repository.folder.rglob("sprung"))


def test_s16_nothing_of_the_folders_own_settings_runs(tmp_path: Path) -> None:
    """`init` in a folder from somebody else: its monitor, hooks and pager do not run."""
    repository = make(tmp_path / "book")
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {shlex.quote(str(tmp_path / 'sprung'))}\n")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "diff.external"):
        repository.do("config", name, str(trap))
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "pre-commit", "post-checkout", "reference-transaction"):
        (hooks / name).symlink_to(trap)
    repository.do("config", "core.hooksPath", str(hooks))
    assert run(["init", str(repository.folder)]) == 0
    assert installed(repository.folder, own_words()).complete
    assert not (tmp_path / "sprung").exists()


# ── a driver that fails ──────────────────────────────────────────────────────

MARKS = (b"<<<<<<< ", b"=======\n", b">>>>>>> ")
ENDS = {
    "missing": "/nowhere/pcrm",
    "not a program": "/etc/passwd",
    "exit 2": "sh -c 'exit 2' x",
    "exit 70": "sh -c 'exit 70' x",
    "exit 129": "sh -c 'exit 129' x",
    "exit 255": "sh -c 'exit 255' x",
    "killed": "sh -c 'kill -9 $$' x",
    "ended": "sh -c 'kill -15 $$' x",
    "segmentation fault": "sh -c 'kill -11 $$' x",
    "conflict without a mark": "sh -c 'exit 1' x",
}


def seen(repository: Repository, said: Said) -> str:
    """What a person sees of a merge that failed: marks, a refusal, a conflict with the text of both."""
    data = repository.read(PATH)
    if said.code and PATH in repository.unmerged() and all(mark in data for mark in MARKS):
        return "marks"
    if said.code and not (repository.folder / ".git/MERGE_HEAD").exists() and data == OURS:
        return "refusal"
    if said.code and PATH in repository.unmerged() and data == BOTH:
        return "all of both"
    return f"{said} {data!r}"


@pytest.mark.parametrize("end", [end for end in ENDS if end != "conflict without a mark"])
def test_f24_a_driver_that_ends_badly_leaves_marks(tmp_path: Path, end: str) -> None:
    repository = diverged(make_merging(tmp_path / "book"))
    program = shlex.split(ENDS[end])
    set_driver(repository, driver_command(program))
    assert seen(repository, merge(repository)) == "marks"
    text = repository.read(PATH)
    assert b"note: Ours" in text
    assert b"note: Theirs" in text


def test_f24_the_settings_name_no_command(tmp_path: Path) -> None:
    """Half of the settings are gone: git refuses."""
    repository = diverged(make_merging(tmp_path / "book"))
    repository.do("config", "--unset", "merge.plaintextcrm.driver")
    assert seen(repository, merge(repository)) == "refusal"


def test_f24_a_clone_without_the_driver_has_gits_own_marks(tmp_path: Path) -> None:
    diverged(make_merging(tmp_path / "book"))
    subprocess.run(["git", "clone", "-q", "book", "clone"], cwd=tmp_path, check=True)
    clone = Repository(tmp_path / "clone")
    said = clone.git("merge", "--no-edit", "origin/other")
    assert seen(clone, said) == "marks"


@pytest.mark.parametrize("whom", ["program", "shell"])
def test_f24_killed_at_any_moment(tmp_path: Path, whom: str) -> None:
    """Marks or a refusal, or the whole merge: never plain ours. The moments are those of calls to the
    system that change a file, and the start.
    """
    kill = {"program": "os.getpid()", "shell": "os.getppid()"}[whom]
    seen_all = set()
    for moment in range(60):
        program = tmp_path / "dies.py"
        program.write_text(DIES.format(moment=moment, whom=kill))
        repository = make_merging(tmp_path / f"book{moment}")
        set_driver(repository, driver_command([sys.executable, "-P", str(program)]))
        diverged(repository)
        said = merge(repository)
        if said.code == 0:
            assert repository.read(PATH) == BOTH
            break
        seen_all.add(seen(repository, said))
        left = {path.name for path in repository.folder.glob("contacts/*")}
        assert left == {"eva.yaml"}
    else:
        pytest.fail("it was killed 60 times and never came to its end")
    assert moment >= 8
    assert seen_all <= {"marks", "refusal", "all of both"}
    assert "marks" in seen_all


DIES = """\
import os, signal, sys
left = {moment}

def count(event, arguments):
    global left
    wanted = event in ("os.rename", "os.remove", "subprocess.Popen", "os.listdir") or (
        event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        and "__pycache__" not in str(arguments[0])
    ) or (event == "open" and ".merge_file" in str(arguments[0]))
    if wanted:
        left -= 1
        if left < 0:
            os.kill({whom}, signal.SIGKILL)
            os._exit(1)

sys.addaudithook(count)
sys.argv[0] = "plaintextcrm"
from plaintextcrm.cli.main import main
main()
"""


def test_f24_our_own_fault_leaves_marks(tmp_path: Path) -> None:
    repository = diverged(make_merging(tmp_path / "book"))
    program = tmp_path / "faulty.py"
    program.write_text(
        "import plaintextcrm.text.merge as m\n"
        "def fail(*a): raise RuntimeError('x')\n"
        "m.merge = fail\n"
        "from plaintextcrm.cli.main import main\nmain()\n"
    )
    set_driver(repository, driver_command([sys.executable, "-P", str(program)]))
    said = merge(repository, TMPDIR=str(tmp_path))
    assert seen(repository, said) == "marks"
    assert "a fault of plaintextcrm itself" in said.err
    assert "Traceback" not in said.err


def test_f24_ctrl_c_is_a_refusal_or_marks(tmp_path: Path) -> None:
    """The terminal's signal reaches git, the shell and the program."""
    repository = diverged(make_merging(tmp_path / "book"))
    started = tmp_path / "started"
    os.mkfifo(started)
    set_driver(
        repository,
        driver_command(["sh", "-c", f"echo x >{shlex.quote(str(started))}; sleep 60", "x"]),
    )
    git = subprocess.Popen(
        ["git", "-c", "user.name=J", "-c", "user.email=j@example.com", "merge", "other"],
        cwd=repository.folder,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    assert started.read_text() == "x\n"
    os.killpg(git.pid, signal.SIGINT)
    assert git.wait(60) != 0
    data = repository.read(PATH)
    assert data == OURS or all(mark in data for mark in MARKS)
    assert not (repository.folder / ".git/MERGE_HEAD").exists() or PATH in repository.unmerged()


# ── what else happens to files ───────────────────────────────────────────────


def test_f21_renamed_here_changed_there(tmp_path: Path) -> None:
    repository = make_merging(tmp_path / "book")
    repository.commit({PATH: BASE})
    repository.do("switch", "-q", "-c", "other")
    repository.commit({PATH: THEIRS})
    repository.do("switch", "-q", "main")
    repository.do("mv", PATH, "contacts/eva-mala.yaml")
    repository.commit({"contacts/eva-mala.yaml": OURS})
    assert merge(repository).code == 0
    assert repository.read("contacts/eva-mala.yaml") == BOTH
    assert not (repository.folder / PATH).exists()


def test_f22_deleted_here_changed_there(tmp_path: Path) -> None:
    repository = make_merging(tmp_path / "book")
    repository.commit({PATH: BASE})
    repository.do("switch", "-q", "-c", "other")
    repository.commit({PATH: THEIRS})
    repository.do("switch", "-q", "main")
    repository.do("rm", "-q", PATH)
    repository.commit({})
    said = merge(repository)
    assert said.code == 1
    assert repository.unmerged() == {PATH}
    assert repository.read(PATH) == THEIRS


def test_f13_bytes_that_are_no_text(tmp_path: Path) -> None:
    repository = diverged(make_merging(tmp_path / "book"), ours=b"name: \0\n" * 4)
    said = merge(repository)
    assert said.code == 1
    assert repository.unmerged() == {PATH}
    assert all(mark in repository.read(PATH) for mark in MARKS)
    assert b"Theirs" in repository.read(PATH)


def test_a_side_with_errors_is_merged_by_line(tmp_path: Path) -> None:
    broken = OURS.replace(b"status: lead", b"status: [lead")
    repository = diverged(make_merging(tmp_path / "book"), ours=broken)
    said = merge(repository)
    assert seen(repository, said) == "marks"
    assert f"{PATH}: not merged by field: the one side has errors" in said.err
    assert b"<<<<<<< yours\n" in repository.read(PATH)
    assert b">>>>>>> theirs\n" in repository.read(PATH)


@pytest.mark.parametrize("style", ["merge", "zdiff3"])
def test_a_side_with_errors_that_has_all_of_the_other_needs_nobody(
    tmp_path: Path, style: str
) -> None:
    """Git merges it by line, and what comes out is our text as it was."""
    broken = OURS.replace(b"cadence: 6 weeks", b"cadence: 1 year") + b"birthday: [soon\n"
    theirs = BASE.replace(b"cadence: 6 weeks", b"cadence: 1 year")
    repository = diverged(make_merging(tmp_path / "book"), ours=broken, theirs=theirs)
    repository.do("config", "merge.conflictStyle", style)
    assert merge(repository).code == 0
    assert repository.read(PATH) == broken


def test_in_a_rebase_what_is_ones_own_is_yours(tmp_path: Path) -> None:
    """Also where git's own marks are left, as one side has errors."""
    broken = OURS.replace(b"status: lead", b"status: [lead")
    repository = diverged(make_merging(tmp_path / "book"), ours=broken)
    repository.do("switch", "-q", "other")
    assert repository.git("rebase", "main").code == 1
    upper, _, lower = repository.read(PATH).partition(b"=======\n")
    assert b"<<<<<<< theirs\n- date: 2026-05-12\n" in upper
    assert b"note: Theirs\n>>>>>>> yours\n" in lower


def test_f25_a_merge_made_elsewhere_is_seen_by_check(tmp_path: Path) -> None:
    """A host that does not know the driver, or one that takes both sides, leaves what `check` tells."""
    repository = diverged(make_merging(tmp_path / "book"))
    set_driver(repository, "git merge-file %A %O %B")
    assert merge(repository).code == 1
    folder = str(repository.folder)
    assert run(["-C", folder, "check"]) == 1
    repository.do("merge", "--abort")
    both = BASE.replace(b"lead", b"client\nstatus: lost")
    repository.commit({PATH: both})
    assert run(["-C", folder, "check"]) == 1


def test_a_history_that_crosses_is_merged(tmp_path: Path) -> None:
    """Both sides merged each other before: git makes a base of two, and asks the driver for that, too."""
    repository = diverged(make_merging(tmp_path / "book"))
    repository.do("branch", "first")
    assert merge(repository).code == 0
    repository.do("switch", "-q", "other")
    repository.do("merge", "-q", "--no-edit", "first")
    repository.commit({PATH: repository.read(PATH).replace(b"lead", b"client")})
    repository.do("switch", "-q", "main")
    repository.commit({PATH: repository.read(PATH).replace(b"6 weeks", b"1 year")})
    assert merge(repository).code == 0
    text = repository.read(PATH)
    assert text == BOTH.replace(b"lead", b"client").replace(b"6 weeks", b"1 year")
