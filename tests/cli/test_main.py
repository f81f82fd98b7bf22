"""The command itself: help, exit codes, where the address book is, and what becomes of errors."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from wcwidth import wcswidth

import plaintextcrm
from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.main import COMMANDS, cli, run
from tests.conftest import COMMAND, PROJECT, TODAY, AddressBook


def every_command(group: click.Group = cli, above: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """The words of each command, those of groups too."""
    yield list(above)
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command
        if isinstance(command, click.Group):
            yield from every_command(command, (*above, name))
        else:
            yield [*above, name]


@pytest.mark.parametrize("words", list(every_command()), ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_has_an_example_and_fits(
    words: list[str], option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*words, option]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert f"Example: plaintextcrm {'' if not words else ' '.join(words)}" in out
    assert max(map(wcswidth, out.splitlines())) <= 80
    assert not re.search(r"\w\.\.\.$", out, re.MULTILINE), "a sentence is cut"


def test_help_names_every_command(book: AddressBook) -> None:
    out = book.run("--help").out
    for name, what in COMMANDS.items():
        assert f"  {name}" in out
        assert what in out


def test_without_a_command(book: AddressBook) -> None:
    answer = book.run()
    assert answer.code == 2
    assert "Usage:" in answer.err + answer.out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"plaintextcrm, version {plaintextcrm.__version__}\n"


@pytest.mark.parametrize("program", ["plaintextcrm", "pcrm"])
def test_both_programs_are_installed(program: str, tmp_path: Path) -> None:
    command = [str(Path(sys.executable).parent / program), "list"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: No address book in {tmp_path} or above it")
    done = subprocess.run([command[0], "-h"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"Usage: {program} [OPTIONS] COMMAND")


@pytest.mark.parametrize(
    ("typed", "meant"), [("lst", "list"), ("agneda", "agenda"), ("chekc", "check")]
)
def test_a_misspelt_command(book: AddressBook, typed: str, meant: str) -> None:
    answer = book.run(typed)
    assert (answer.code, answer.out) == (2, "")
    assert f"There is no command '{typed}'. Did you mean `{meant}`?" in answer.err


def test_a_command_like_no_other(book: AddressBook) -> None:
    answer = book.run("qqqqqq")
    assert answer.code == 2
    assert answer.err.endswith("Error: There is no command 'qqqqqq'.\n")


def test_an_unknown_option(book: AddressBook) -> None:
    answer = book.run("list", "--colums", "id")
    assert (answer.code, answer.out) == (2, "")
    assert "There is no option --colums. Did you mean `--columns`?" in answer.err


def test_the_book_is_found(
    book: AddressBook, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book.write("contacts/work/eva.yaml", "name: Eva\n")
    other = book.folder.parent / "other"
    (other / "contacts").mkdir(parents=True)
    (other / "contacts" / "adam.yaml").write_text("name: Adam\n")

    def listed(*arguments: str) -> str:
        assert run([*arguments, "list", "--format", "ids"]) == 0
        return capsys.readouterr().out

    monkeypatch.chdir(book.folder / "contacts" / "work")
    assert listed() == "eva\n"
    monkeypatch.setenv("PLAINTEXTCRM_BOOK", str(other))
    assert listed() == "adam\n"
    assert listed("-C", str(book.folder)) == "eva\n"
    assert listed("-C", "../..") == "eva\n"
    monkeypatch.setenv("PLAINTEXTCRM_BOOK", "nowhere")
    assert run(["list"]) == 2
    assert "nowhere: no `contacts` folder and no `plaintextcrm.yaml`" in capsys.readouterr().err
    monkeypatch.delenv("PLAINTEXTCRM_BOOK")
    monkeypatch.chdir(book.folder.parent)
    assert run(["list"]) == 2
    assert "name one with `-C FOLDER`" in capsys.readouterr().err


def test_today(book: AddressBook, monkeypatch: pytest.MonkeyPatch) -> None:
    book.write("eva.yaml", "name: Eva\nfollow_ups: [{date: 2026-12-01, note: Ring}]\n")
    monkeypatch.setenv("PLAINTEXTCRM_TODAY", "2026-12-01")
    done = subprocess.run(
        [*COMMAND, "-C", str(book.folder), "agenda"], capture_output=True, text=True, check=True
    )
    assert "Today, Tue 2026-12-01" in done.stdout
    assert "Tue 2026-12-01\n  Follow" in book.run("agenda", today="2026-11-29").out
    assert "Overdue\n  2026-12-01  Follow" in book.run("agenda", today="2026-12-02").out


@pytest.mark.parametrize("wrong", ["soon", "2026-02-30", "2026", "", "0000-01-01"])
def test_a_wrong_day(book: AddressBook, wrong: str) -> None:
    book.write("eva.yaml", "name: Eva\n")
    answer = book.run("agenda", today=wrong)
    if not wrong:
        assert answer.code == 0  # an empty variable is none
        return
    assert (answer.code, answer.out) == (2, "")
    assert "Write 2026-12-01, today, tomorrow, friday, +2w, -3d or 'in 3 months'." in answer.err


@pytest.mark.parametrize("day", ["tomorrow", "friday", "+2w", "-3d", "in 3 months", TODAY])
def test_days_in_words(book: AddressBook, day: str) -> None:
    book.write("eva.yaml", "name: Eva\n")
    assert book.run("agenda", today=day).code == 0


def test_exit_codes(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\n")
    assert book.run("list").code == 0
    assert book.run("show", "nobody").code == 2
    assert book.run("list", "nothing:x").code == 2
    (book.folder / "taken").mkdir()
    answer = book.run("export", "ics", "-o", str(book.folder / "taken"))
    assert (answer.code, answer.out) == (3, "")
    assert answer.err.startswith(f"Error: {book.folder / 'taken'}: not written: ")
    book.write("bad.yaml", "nam: Eva\n")
    for command in ("list", "agenda", "check", "export ics"):
        assert book.run(*command.split()).code == 1, command


def test_exit_130_on_ctrl_c(book: AddressBook) -> None:
    process = subprocess.Popen(
        [*COMMAND, "-C", str(book.folder), "watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    lines = [process.stdout.readline(), process.stdout.readline()]
    assert lines[0].startswith("Watching ")
    os.killpg(process.pid, signal.SIGINT)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err


def test_our_own_bug_is_one_line_and_a_log(
    book: AddressBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug is not at hand, so one is made; the log has no word of a contact."""

    book.write("eva.yaml", "name: Eva Malá\n")

    def broken(opened: Book, *anything: object) -> None:
        raise ZeroDivisionError(opened.db.execute("SELECT name FROM contacts").fetchone()[0])

    monkeypatch.setattr(answers, "contacts", broken)
    answer = book.run("list")
    assert (answer.code, answer.out) == (70, "")
    (line,) = answer.err.splitlines()
    assert line.startswith("Error: a fault of plaintextcrm itself. Please report it with ")
    log = Path(line.rpartition(" ")[2])
    text, mode = log.read_text(), log.stat().st_mode & 0o777
    log.unlink()
    assert "ZeroDivisionError" in text
    assert "answers.contacts" in text
    assert "Malá" not in text
    assert mode == 0o600


def test_a_warm_list_loads_only_what_it_needs() -> None:
    """The shipped contacts are asked: files of this very moment would be read again."""
    assert run(["-C", str(PROJECT), "--today", TODAY, "list"]) == 0
    script = (
        "import sys; from plaintextcrm.cli.main import run;"
        f"run(['-C', {str(PROJECT)!r}, '--today', {TODAY!r}, *sys.argv[1:]]);"
        "print(*sys.modules)"
    )
    heavy = {"icalendar", "watchdog", "yaml", "rapidfuzz", "multiprocessing", "subprocess"}
    for command in ("list", "agenda"):
        done = subprocess.run(
            [sys.executable, "-c", script, command], capture_output=True, text=True, check=True
        )
        assert heavy & set(done.stdout.splitlines()[-1].split()) == set()
