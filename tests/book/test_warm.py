"""Where nothing changed, no file is opened, nothing is parsed, and nothing heavy is imported."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from benchmarks.people import generate
from tests.book.rows import TODAY as DAY
from tests.conftest import TODAY, AddressBook

# Runs a command, then tells on stderr which files of the book it opened and what it imported.
WATCHED = """
import json, os, sys
opened = []
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        path = os.path.abspath(os.fsdecode(arguments[0]))
        if path.startswith(book + os.sep):
            opened.append(os.path.relpath(path, book))
book = sys.argv[1]
sys.addaudithook(hook)
from plaintextcrm.cli.main import run
code = run(["-C", book, *sys.argv[2:]])
print(json.dumps({"code": code, "opened": opened, "modules": sorted(sys.modules)}), file=sys.stderr)
"""
HEAVY = (
    "yaml", "icalendar", "watchdog", "rapidfuzz", "anyascii", "multiprocessing", "concurrent",
    "asyncio", "http", "email", "ssl", "ctypes", "pydantic", "dateutil", "hypothesis", "logging",
    "plaintextcrm.text.reader", "plaintextcrm.text.parse", "plaintextcrm.book.parsing",
    "plaintextcrm.book.checks", "plaintextcrm.model.reminders",
)  # fmt: skip


class Watched:
    """What a command did: its exit code, the files of the book that it opened, its imports."""

    def __init__(self, book: AddressBook, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, "-c", WATCHED, str(book.folder.resolve()), *arguments],
            capture_output=True,
            text=True,
            check=True,
            env=dict(os.environ),  # readline adds COLUMNS behind Python's back
        )
        seen = json.loads(done.stderr.splitlines()[-1])
        self.code: int = seen["code"]
        self.out = done.stdout
        self.opened = sorted(path for path in seen["opened"] if (book.folder / path).is_file())
        self.heavy = [name for name in HEAVY if name in seen["modules"]]


@pytest.fixture
def warm(book: AddressBook) -> AddressBook:
    """An address book at rest: its files are old, and the cache knows them."""
    (book.folder / "contacts").rmdir()
    generate(book.folder, 30)
    book.write("contacts/broken.yaml", "name: [Broken\n")
    rest(book)
    return book


def rest(book: AddressBook, today: date = DAY) -> None:
    """As if the files had been written long ago, and the book asked since.

    Nobody can set the time at which an inode changed: the book is asked as some seconds later.
    """
    from plaintextcrm.cli.session import Session
    from plaintextcrm.store.cache import cache_name
    from tests.book.rows import opened

    cache = Path(os.environ["XDG_CACHE_HOME"]) / "plaintextcrm"
    database = cache / f"{cache_name(book.folder.resolve())}.sqlite3"
    assert database == Session(str(book.folder), None, "auto").database()
    opened(book.folder, database, today, later=10).close()


@pytest.mark.parametrize(
    "command",
    [
        ("list",), ("list", "tag:vip"), ("list", "--format", "json"), ("agenda",),
        ("agenda", "--format", "json"), ("check", "--format", "json"), ("check",),
        ("check", "contacts"),
    ],
)  # fmt: skip
def test_a_warm_command_opens_no_file_and_imports_nothing_heavy(
    command: tuple[str, ...], warm: AddressBook
) -> None:
    done = Watched(warm, "--today", TODAY, *command)
    assert (done.code, done.opened, done.heavy) == (1, [], [])
    assert done.out
    again = warm.run(*command)
    assert again.out == done.out


def test_a_mail_program_that_asks_for_addresses_waits_no_longer(warm: AddressBook) -> None:
    done = Watched(warm, "--today", TODAY, "addresses", "example")
    assert (done.code, done.opened, done.heavy) == (0, [], [])
    assert len(done.out.splitlines()) > 10


def test_every_answer_is_found_in_its_room() -> None:
    """In a process of its own: which room is imported first does not matter."""
    script = """
import sys
from plaintextcrm.book import answers
named = [name for names in answers._ROOMS.values() for name in names]
assert len(named) == len(set(named)) and not set(named) & set(answers._ROOMS)
for room in reversed(answers._ROOMS):
    __import__(f"{answers.__name__}.{room}")
for room, names in answers._ROOMS.items():
    module = sys.modules[f"{answers.__name__}.{room}"]
    assert all(getattr(answers, name) is getattr(module, name) for name in names)
    public = {name for name, value in vars(module).items() if callable(value)
              and getattr(value, "__module__", "") == module.__name__ and name[0] != "_"}
    assert public <= set(names), public - set(names)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_show_parses_the_text_that_the_book_has_and_opens_no_file(warm: AddressBook) -> None:
    someone = warm.run("list", "--format", "ids").out.split()[0]
    done = Watched(warm, "--today", TODAY, "show", someone)
    assert (done.code, done.opened) == (0, [])
    assert "plaintextcrm.text.parse" not in done.heavy


def test_only_the_file_that_changed_is_opened(warm: AddressBook) -> None:
    path = json.loads(warm.run("list", "--format", "json").out)[7]["path"]
    file = warm.folder / path
    file.write_bytes(file.read_bytes() + b"# a comment\n")
    assert Watched(warm, "--today", TODAY, "list").opened == [path]
    rest(warm)
    assert Watched(warm, "--today", TODAY, "list").opened == []


def test_a_touched_file_is_read_and_not_parsed(warm: AddressBook) -> None:
    path = json.loads(warm.run("list", "--format", "json").out)[7]["path"]
    (warm.folder / path).touch()
    done = Watched(warm, "--today", TODAY, "list")
    assert done.opened == [path]


def test_the_next_day_opens_broken_files_only(warm: AddressBook) -> None:
    """What depends on the day comes from the texts in the book."""
    done = Watched(warm, "--today", "2026-11-23", "agenda")
    assert (done.code, done.opened) == (1, ["contacts/broken.yaml"])
    rest(warm, date(2026, 11, 23))
    assert Watched(warm, "--today", "2026-11-23", "agenda").opened == []


def test_changed_settings_open_every_file_once(warm: AddressBook) -> None:
    warm.write("plaintextcrm.yaml", "timezone: Europe/Prague\ncurrency: CZK\nlead: 5 weeks\n")
    opened = Watched(warm, "--today", TODAY, "list").opened
    assert len(opened) == len(set(opened)) == 32
    rest(warm)
    assert Watched(warm, "--today", TODAY, "list").opened == []
