"""`watch --install`, `serve --install`: the files that let a system start them."""

import os
import plistlib
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintextcrm.model.errors import NotRunnable
from plaintextcrm.service.launchd import Launchd
from plaintextcrm.service.systemd import Systemd
from plaintextcrm.service.unit import Service, name_of
from tests.conftest import AddressBook

WATCH = re.compile(r"plaintextcrm-watch-book-[0-9a-f]{8}")
ODD = ("/opt/p q/plaintextcrm", "-C", "/home/ž/100% \"k$t\" \\n 'x' ;", "watch", "--publish=/a b")


def unit_of(*words: str) -> str:
    return Systemd().render(Service("n", "watch of /b", words)).decode()


def exec_of(*words: str) -> str:
    [line] = re.findall("^ExecStart=(.+)$", unit_of(*words), re.MULTILINE)
    return str(line)


def install(book: AddressBook, *options: str) -> str:
    """The only service of this book, after the command."""
    answer = book.run("watch", "--install", *options)
    assert answer.code == 0, answer.err
    return answer.err


def test_the_unit_that_is_shown_is_the_one_that_is_written(
    book: AddressBook, units: Path, asked: Path
) -> None:
    shown = book.run("watch", "--install", "--dry-run")
    assert (shown.code, shown.err) == (0, "")
    assert not units.exists()
    told = install(book)
    [unit] = units.iterdir()
    assert unit.read_text("utf-8") == shown.out
    assert WATCH.fullmatch(unit.stem)
    assert unit.stat().st_mode & 0o777 == 0o600
    assert told.replace(unit.stem, "NAME").splitlines()[-5:] == [
        f"{unit.parent}/NAME.service: written",
        "Start it, now and whenever you log in:",
        "  systemctl --user daemon-reload",
        "  systemctl --user enable --now NAME.service",
        "It ends when you log out, unless `loginctl enable-linger` was run once.",
    ]
    assert asked.read_text() == ""
    assert f"{unit}: unchanged\n" in install(book)


def test_the_unit_runs_this_program_with_the_same_options_and_folders(
    book: AddressBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Prague")
    monkeypatch.chdir(tmp_path)
    shown = book.run("watch", "--install", "--dry-run", "-o", "my feed.ics").out
    [line] = re.findall("^ExecStart=(.+)$", shown, re.MULTILINE)
    program, rest = line.split(" ", 1)
    assert os.access(program, os.X_OK)
    assert Path(program).name == "plaintextcrm"
    assert rest == f'-C {book.folder} watch "--output={tmp_path}/my feed.ics"'
    variables = re.findall("^Environment=(.+)$", shown, re.MULTILINE)
    names = ("XDG_CACHE_HOME", "XDG_DATA_HOME", "TZ")
    assert variables == [f"{name}={os.environ[name]}" for name in names]
    serve = book.run(
        "serve", "--install", "--dry-run", "--port=9000", "--base=https://c.example"
    ).out
    assert (
        f"-C {book.folder} serve --host=127.0.0.1 --port=9000 --base=https://c.example\n" in serve
    )


def test_now_starts_it_and_once_more_takes_up_what_changed(
    book: AddressBook, units: Path, asked: Path
) -> None:
    assert "started" in install(book, "--now")
    [unit] = units.iterdir()
    assert asked.read_text().splitlines() == [
        "--user daemon-reload",
        f"--user enable --now {unit.name}",
    ]
    asked.write_text("")
    install(book, "--now", "--output", "all.ics")
    assert asked.read_text().splitlines() == [
        "--user daemon-reload",
        f"--user enable {unit.name}",
        f"--user restart {unit.name}",
    ]


def test_uninstall(book: AddressBook, units: Path, asked: Path) -> None:
    install(book)
    [unit] = units.iterdir()
    link = units / "default.target.wants" / unit.name
    link.parent.mkdir()
    link.symlink_to(unit)  # a systemd that does not answer leaves it
    assert f"rm {unit}" in book.run("watch", "--uninstall", "--dry-run").err
    assert unit.exists()
    answer = book.run("watch", "--uninstall")
    assert (answer.code, answer.err) == (0, f"{unit}: removed\n")
    assert not unit.exists() and not link.is_symlink()
    assert asked.read_text().splitlines() == [
        f"--user disable --now {unit.name}",
        "--user daemon-reload",
    ]
    again = book.run("watch", "--uninstall")
    assert again.code == 0
    assert "not there" in again.err


def test_without_systemd_it_says_so_and_writes_nothing(
    book: AddressBook, units: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    answer = book.run("watch", "--install")
    assert answer.code == 3
    assert answer.err.startswith("Error: This system has no systemd, so there can be no service. ")
    assert f"`@reboot {Path(sys.executable).parent}" in answer.err
    assert not units.exists()


def test_what_systemd_refuses_is_told(
    book: AddressBook, units: Path, asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = asked.parent / "programs" / "systemctl"
    program.write_text("#!/bin/sh\necho Failed to connect to bus >&2\nexit 1\n", "utf-8")
    answer = book.run("watch", "--install", "--now")
    assert answer.code == 3
    assert "failed: Failed to connect to bus. The service's file is written" in answer.err
    gone = book.run("watch", "--uninstall")
    assert gone.code == 0
    assert "Careful: it may still run" in gone.err
    assert list(units.glob("*.service")) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("watch", "--now"), "--now goes with --install"),
        (("watch", "--once", "--dry-run"), "--dry-run goes with --install"),
        (("watch", "--once", "--install"), "--once does not"),
        (("watch", "--install", "--uninstall"), "name one"),
        (("serve", "--install", "--port=0"), "a port that stays"),
        (("watch", "--install", "--publish=d", "--feed=x"), "There is no feed 'x'"),
        (("watch", "--install", "-o", "-"), "kept in a file"),
    ],
)
def test_wrong_usage(book: AddressBook, units: Path, words: tuple[str, ...], said: str) -> None:
    answer = book.run(*words)
    assert answer.code == 2
    assert said in answer.err
    assert not units.exists()


def test_a_feed_among_the_contacts_is_refused_at_once(book: AddressBook, units: Path) -> None:
    for option in ("--output", "--publish"):
        answer = book.run("watch", "--install", option, str(book.folder / "contacts"))
        assert answer.code == 3
        assert "a feed lies outside `contacts`" in answer.err


def test_paths_are_quoted_as_systemd_wants_them() -> None:
    assert exec_of("/bin/p", "-C", "/home/eva/my-clients", "watch") == (
        "/bin/p -C /home/eva/my-clients watch"
    )
    assert exec_of(*ODD) == (
        '"/opt/p q/plaintextcrm" -C "/home/ž/100%% \\"k$$t\\" \\\\n \'x\' ;" watch "--publish=/a b"'
    )
    # systemd takes no such program: https://github.com/systemd/systemd, string_is_safe()
    assert exec_of("/o'p/p", "watch").startswith('/bin/sh -c "exec \\"$$0\\" \\"$$@\\"" "/o\'p/p" ')


@given(st.lists(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1), min_size=1))
def test_every_word_comes_back_from_the_plist_and_none_breaks_the_unit(words: list[str]) -> None:
    words = ["/bin/p", *words]
    text = unit_of(*words)
    assert text.count("\nExecStart=") == 1
    assert [line for line in text.split("\n") if line.endswith("\\")] == []
    service = Service("n", "t", tuple(words))
    assert plistlib.loads(Launchd().render(service))["ProgramArguments"] == words


def test_the_agent_of_launchd(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service("plaintextcrm-watch-b-1", "watch of /b", ODD, {"TZ": "Europe/Prague"})
    agent = plistlib.loads(Launchd().render(service))
    home = Path.home()
    assert agent == {
        "Label": service.name,
        "ProgramArguments": list(ODD),
        "EnvironmentVariables": {"TZ": "Europe/Prague"},
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 10,
        "ProcessType": "Background",
        "Umask": 0o077,
        "StandardOutPath": f"{home}/Library/Logs/{service.name}.log",
        "StandardErrorPath": f"{home}/Library/Logs/{service.name}.log",
    }
    file = home / "Library" / "LaunchAgents" / f"{service.name}.plist"
    assert Launchd().place(service.name) == file
    assert Launchd().starting(service.name, changed=True)[-1][-1] == str(file)


@pytest.mark.parametrize(
    "word", ["a\nb", "a\x00", "\x1b[1m", b"\xff".decode(errors="surrogateescape")]
)
def test_words_that_no_file_of_a_service_can_hold(word: str) -> None:
    with pytest.raises(NotRunnable):
        Service("n", "t", ("/bin/p", word))


def test_a_folder_that_is_not_utf8(
    tmp_path: Path, units: Path, asked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / os.fsdecode(b"\xff")
    (folder / "contacts").mkdir(parents=True)
    other = AddressBook(folder, capsys)
    answer = other.run("watch", "--install")
    assert answer.code == 2
    assert "cannot hold control characters, nor bytes that are not UTF-8" in answer.err
    assert not units.exists()


def test_names_are_for_people_and_each_books_own(tmp_path: Path) -> None:
    one, other = (name_of("watch", tmp_path / word / "Můj Łódź 100%") for word in "ab")
    assert re.fullmatch("plaintextcrm-watch-muj-lodz-100-[0-9a-f]{8}", one)
    assert one != other
    assert re.fullmatch("plaintextcrm-serve-[0-9a-f]{8}", name_of("serve", Path("/")))
    assert len(name_of("watch", Path("/") / ("x" * 200))) < 100
