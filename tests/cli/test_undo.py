"""`undo`: the last change taken back by its saved originals; and commands that were killed half way."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import COMMAND, TODAY, AddressBook

EVA = "name: Eva\norganization: acme\n"
ACME = "name: ACME\n"
JAN = "name: Jan\norganization: acme  # since May\n"


@pytest.fixture
def people(book: AddressBook) -> AddressBook:
    """Two people and their firm."""
    for name, text in (("eva", EVA), ("acme", ACME), ("jan", JAN)):
        book.write(f"{name}.yaml", text)
    return book


def texts(book: AddressBook) -> dict[str, str]:
    return {path.name: path.read_bytes().decode() for path in (book.folder / "contacts").iterdir()}


@pytest.mark.parametrize(
    "command",
    [
        ["log", "eva", "acme", "jan", "call", "x", "--next", "+1w"],
        ["rename", "acme", "kovo"],
        ["new", "Zoe"],
        ["archive", "jan"],
        ["set", "eva", "organization", ""],
        ["tag", "acme", "+a"],
    ],
    ids=lambda command: command[0],
)
def test_every_change_can_be_undone_and_brought_back(
    people: AddressBook, command: list[str]
) -> None:
    before = texts(people)
    assert people.run(*command).code == 0
    after = texts(people)
    assert after != before
    for wanted in (before, after, before):
        assert people.run("undo").code == 0
        assert texts(people) == wanted


def test_older_changes_by_their_number(people: AddressBook) -> None:
    people.run("tag", "eva", "+a")
    people.run("tag", "jan", "+b")
    listed = people.run("undo", "--list", "--format", "json").out.splitlines()
    assert [json.loads(line)["what"] for line in listed] == ["tag jan +b", "tag eva +a"]
    answer = people.run("undo", "1")
    assert (answer.code, answer.err) == (0, "Took back: tag eva +a. Next: no date\n")
    assert texts(people)["eva.yaml"] == EVA
    assert texts(people)["jan.yaml"] != JAN


def test_a_file_that_changed_since_stops_all(people: AddressBook) -> None:
    people.run("log", "eva", "jan", "call", "x")
    people.write("jan.yaml", JAN)
    before = texts(people)
    answer = people.run("undo")
    assert answer.code == 1
    assert answer.err.startswith("Error: contacts/jan.yaml changed since `log eva jan call`")
    assert texts(people) == before


def test_a_new_file_that_is_undone_can_be_brought_back(people: AddressBook) -> None:
    people.run("new", "Zoe", "--email", "zoe@example.com")
    text = texts(people)["zoe.yaml"]
    people.run("undo")
    assert "zoe.yaml" not in texts(people)
    people.run("undo")
    assert texts(people)["zoe.yaml"] == text


def test_a_file_that_stands_in_the_way(people: AddressBook) -> None:
    people.run("new", "Zoe")
    people.run("undo")
    people.write("zoe.yaml", "name: Another Zoe\n")
    answer = people.run("undo")
    assert (answer.code, "contacts/zoe.yaml changed since" in answer.err) == (1, True)
    assert texts(people)["zoe.yaml"] == "name: Another Zoe\n"


def test_nothing_to_undo(people: AddressBook) -> None:
    assert people.run("undo").code == 1
    assert people.run("undo", "5").code == 1
    assert people.run("undo", "--list").err == "No command changed anything so far.\n"


def test_the_mode_of_a_renamed_file_stays(people: AddressBook) -> None:
    file = people.folder / "contacts" / "acme.yaml"
    file.chmod(0o644)
    people.run("rename", "acme", "kovo")
    assert (people.folder / "contacts" / "kovo.yaml").stat().st_mode & 0o777 == 0o644
    people.run("undo")
    assert file.stat().st_mode & 0o777 == 0o644


def test_what_changes_nothing_is_no_change(people: AddressBook) -> None:
    file = people.folder / "contacts" / "eva.yaml"
    before = file.stat().st_mtime_ns
    answer = people.run("set", "eva", "organization", "acme")
    assert (answer.code, "it is so already" in answer.err) == (0, True)
    assert file.stat().st_mtime_ns == before
    assert people.run("undo").code == 1


# Kills itself at the n-th file that is opened or renamed once the lock is held: a real kill -9.
KILLED = """
import os, signal, sys
from plaintextcrm.cli.main import run
left, seen = int(sys.argv[1]), [False]
def watch(event, values):
    global left
    if event not in ("open", "os.rename", "os.remove", "os.chmod", "ctypes.call_function"):
        return
    seen[0] = seen[0] or "edit.lock" in str(values[0])
    if seen[0]:
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
sys.exit(run(sys.argv[2:]))
"""


def killed(book: AddressBook, step: int, *words: str) -> int:
    command = [
        COMMAND[0],
        "-c",
        KILLED,
        str(step),
        "-C",
        str(book.folder),
        "--today",
        TODAY,
        *words,
    ]
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.mark.parametrize(
    "words", [["log", "eva", "acme", "jan", "call", "x"], ["rename", "acme", "kovo"]]
)
def test_f01_a_kill_at_any_step_leaves_all_or_nothing(
    people: AddressBook, words: list[str], tmp_path: Path
) -> None:
    people.run("list")
    before = texts(people)
    halves, step, code = 0, 0, -9
    while code:
        step += 1
        assert step < 400
        code = killed(people, step, *words)
        assert code in (0, -9)
        first = visible(people)
        answer = people.run("tag", "eva", "+later")  # the next command works, and mends
        assert answer.code == 0, answer.err
        halves += "was stopped half way" in answer.err
        assert people.run("undo").code == 0
        done = visible(people)
        if done != before:
            assert people.run("undo", str(number_of(people, words))).code == 0
        assert visible(people) == before, (step, first, done)
    assert step > 5
    assert halves > 0


def visible(book: AddressBook) -> dict[str, str]:
    return {name: text for name, text in texts(book).items() if not name.startswith(".")}


def number_of(book: AddressBook, words: list[str]) -> int:
    """The newest change of this command in the list: it is whole, so it can be undone."""
    lines = book.run("undo", "--list", "--format", "json").out.splitlines()
    records = [json.loads(line) for line in lines]
    return int(next(one["number"] for one in records if one["what"].startswith(words[0])))
