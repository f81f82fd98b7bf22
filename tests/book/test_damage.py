"""Bytes of the cache that somebody else changed: never a wrong answer, never a traceback.

Commands run in this process: what they cannot answer would end with 70 and a line about a log file.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.people import generate
from plaintextcrm.book.book import Book
from plaintextcrm.book.seal import Busy, Damaged, Seal
from plaintextcrm.book.tables import set_meta, writing
from tests.book.rows import told
from tests.book.test_truth import wait_for_the_file_clock
from tests.conftest import COMMAND, TODAY, AddressBook, Answer

HEAVY = bool(os.environ.get("PLAINTEXTCRM_HEAVY"))
DAMAGES = 1500 if HEAVY else 240
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("list", "--format", "json"),
    ("list", "web", "or", "shop", "--format", "ids"),
    ("list", "interactions.channel:call", "--sort=-last", "--format", "ids"),
    ("agenda", "--format", "json"),
    ("check", "--format", "json"),
    ("export", "ics", "-o", "-"),
    ("find", "shop"),
    ("show", "ivo"),
    ("log", "ivo", "call", "A note that is not written", "--dry-run"),
)


@pytest.fixture(scope="module")
def fifteen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An address book of 15 contacts with one that is broken."""
    folder = tmp_path_factory.mktemp("fifteen") / "book"
    generate(folder, 15)
    (folder / "contacts" / "broken.yaml").write_text("name: [Broken\n")
    (folder / "contacts" / "ivo.yaml").write_text("name: Ivo\nnotes: a shop\n")
    return folder


@pytest.fixture
def people(fifteen: Path, capsys: pytest.CaptureFixture[str]) -> AddressBook:
    return AddressBook(fifteen, capsys)


def cache() -> Path:
    return Path(os.environ["XDG_CACHE_HOME"]) / "plaintextcrm"


def database() -> Path:
    (found,) = cache().glob("*.sqlite3")
    return found


def mark(people: AddressBook) -> None:
    """Write a note into the cache, by which it is known again."""
    book = Book(people.folder.resolve(), database())
    with writing(book.db):
        set_meta(book.db, "note", "the same")
    book.close()


def is_kept() -> bool:
    """False when the cache was made anew since it was marked."""
    db = sqlite3.connect(f"{database().as_uri()}?mode=ro", uri=True)
    try:
        return bool(db.execute("SELECT 1 FROM meta WHERE key = 'note'").fetchall())
    finally:
        db.close()


def answers(book: AddressBook) -> dict[tuple[str, ...], Answer]:
    return {command: book.run(*command) for command in COMMANDS}


def flip(file: Path, chance: random.Random) -> None:
    """Another value in one to twenty bytes."""
    with file.open("r+b") as opened:
        size = file.stat().st_size
        for _byte in range(chance.randint(1, 20)):
            place = chance.randrange(size)
            opened.seek(place)
            old = opened.read(1)
            opened.seek(place)
            opened.write(bytes([old[0] ^ (1 << chance.randrange(8))]))


def change_a_letter(file: Path, chance: random.Random) -> None:
    """Letters of texts: what SQLite does not notice."""
    data = file.read_bytes()
    places = [n for n in range(len(data)) if 97 <= data[n] <= 121]
    with file.open("r+b") as opened:
        for place in chance.sample(places, min(5, len(places))):
            opened.seek(place)
            opened.write(bytes([data[place] + 1]))


def cut(file: Path, chance: random.Random) -> None:
    os.truncate(file, chance.randrange(file.stat().st_size))


def clear_a_page(file: Path, chance: random.Random) -> None:
    with file.open("r+b") as opened:
        opened.seek(chance.randrange(max(1, file.stat().st_size // 4096)) * 4096)
        opened.write(bytes(4096))


def add_noise(file: Path, chance: random.Random) -> None:
    with file.open("ab") as opened:
        opened.write(chance.randbytes(chance.randint(1, 5000)))


HARMS = (flip, flip, change_a_letter, change_a_letter, cut, clear_a_page, add_noise)


def test_a_damaged_cache_is_never_believed(people: AddressBook, tmp_path: Path) -> None:
    """Hundreds of times: some harm, then one command, whose answer is that of a fresh cache."""
    right = answers(people)
    assert right == answers(people)
    assert {answer.code for answer in right.values()} <= {0, 1}
    chance = random.Random(20261122)
    for number in range(DAMAGES):
        harm, command = chance.choice(HARMS), chance.choice(COMMANDS)
        mark(people)
        wait_for_the_file_clock(tmp_path / "clock")
        harm(database(), chance)
        assert people.run(*command) == right[command], (number, harm.__name__, command)
        assert not is_kept(), (number, harm.__name__, "it was not made anew")
    assert answers(people) == right


@contextmanager
def a_log_left_behind(people: AddressBook) -> Iterator[Path]:
    """A cache whose write-ahead log was not moved into it, as if its process had been killed."""
    waiting = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(people.folder.resolve()), str(database())],
        stdout=subprocess.PIPE,
    )
    assert waiting.stdout
    assert waiting.stdout.readline() == b"written\n"
    waiting.send_signal(signal.SIGKILL)
    waiting.communicate()
    log = Path(f"{database()}-wal")
    assert log.stat().st_size > 0
    yield log


# Writes into the cache, one commit a line, and waits to be killed.
KILLED = """
import sys, time
from datetime import date
from pathlib import Path
from plaintextcrm.book.book import Book
from plaintextcrm.book.tables import set_meta, writing
book = Book(Path(sys.argv[1]), Path(sys.argv[2]))
book.refresh(lambda settings: date(2027, 3, 1), time.time_ns())
book.leave()
for number in range(3):
    with writing(book.db):
        set_meta(book.db, "note", str(number))
print("written", flush=True)
time.sleep(60)
"""


def test_a_log_that_a_kill_left_is_used(people: AddressBook) -> None:
    right = answers(people)
    mark(people)
    with a_log_left_behind(people):
        assert answers(people) == right
    assert is_kept()


@pytest.mark.parametrize("seed", range(30 if HEAVY else 10))
def test_a_damaged_log_is_never_believed(seed: int, people: AddressBook, tmp_path: Path) -> None:
    right = answers(people)
    chance = random.Random(seed)
    with a_log_left_behind(people) as log:
        wait_for_the_file_clock(tmp_path / "clock")
        chance.choice(HARMS)(log, chance)
        assert answers(people) == right


def test_f01_killed_in_the_middle_of_writing(people: AddressBook) -> None:
    """The cache is kept: what was not committed was never there."""
    right = answers(people)
    mark(people)
    halfway = (
        KILLED.replace(
            'print("written"',
            'book.db.execute("PRAGMA cache_size = 2"); book.db.execute("BEGIN IMMEDIATE")\n'
            "with book.db.seal.writing():\n"
            '    book.db.execute("UPDATE contacts SET name = id, sort = id")\n'
            '    print("written", flush=True); time.sleep(60)\n'
            'print("never"',
        )
        .replace("range(3)", "range(0)")
        .replace("2027, 3, 1", "2026, 11, 22")
    )
    waiting = subprocess.Popen(
        [sys.executable, "-c", halfway, str(people.folder.resolve()), str(database())],
        stdout=subprocess.PIPE,
    )
    assert waiting.stdout
    assert waiting.stdout.readline() == b"written\n"
    waiting.send_signal(signal.SIGKILL)
    waiting.communicate()
    assert answers(people) == right
    assert is_kept()


@pytest.mark.parametrize("harm", ["seal", "no seal", "door"])
def test_what_lies_beside_the_cache_may_be_lost(harm: str, people: AddressBook) -> None:
    right = answers(people)
    name = "door" if harm == "door" else "seal"
    beside = Path(f"{database()}-{name}")
    if harm == "seal":
        beside.write_bytes(b"\0" * 73)
    else:
        beside.unlink()
    assert answers(people) == right


def test_commands_in_turn_keep_the_cache(people: AddressBook) -> None:
    """Also those that write, ask for another day, or run while another one is connected."""
    answers(people)
    mark(people)
    other = Book(people.folder.resolve(), database())
    for today in (TODAY, "2027-03-01", "2026-11-23", TODAY):
        for command in COMMANDS:
            assert people.run(*command, today=today).code in (0, 1)
        with writing(other.db):
            set_meta(other.db, "note", today)
    other.close()
    answers(people)
    assert not Path(f"{database()}-wal").exists()
    assert is_kept()


def started(line: list[str]) -> "subprocess.Popen[str]":
    """A command in a process of its own. (What readline says of the terminal is not handed on.)"""
    return subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )


def test_processes_at_once_keep_the_cache(people: AddressBook) -> None:
    right = {command: people.process(*command) for command in COMMANDS}
    mark(people)
    for _round in range(3):
        running = []
        for number in range(8):
            day = ("2026-11-22", "2027-01-05", "2025-06-01")[number % 3]
            command = COMMANDS[number % len(COMMANDS)]
            line = [*COMMAND, "-C", str(people.folder), "--today", day, *command]
            running.append(
                (
                    day,
                    command,
                    started(line),
                )
            )
        for day, command, process in running:
            out, _err = process.communicate()
            assert process.returncode == right[command].code
            if day == TODAY:
                assert out == right[command].out
    assert is_kept()


def test_two_commands_while_one_makes_a_damaged_cache_anew(people: AddressBook) -> None:
    right = {command: people.process(*command) for command in COMMANDS}
    for seed in range(4):
        change_a_letter(database(), random.Random(seed))
        line = [*COMMAND, "-C", str(people.folder), "--today", TODAY]
        running = [
            (
                command,
                started([*line, *command]),
            )
            for command in COMMANDS
        ]
        for command, process in running:
            assert process.communicate()[0] == right[command].out
            assert process.returncode == right[command].code
    mark(people)
    answers(people)
    assert is_kept()


def test_a_foreign_write_below_an_open_book_is_noticed_when_it_writes(
    people: AddressBook, tmp_path: Path
) -> None:
    answers(people)
    mark(people)
    book = Book(people.folder.resolve(), database())
    wait_for_the_file_clock(tmp_path / "clock")
    flip(database(), random.Random(1))
    with pytest.raises(Damaged), writing(book.db):
        pass
    book.close()
    answers(people)
    assert not is_kept()


def test_a_new_cache_never_gets_the_log_of_the_old_one(people: AddressBook, tmp_path: Path) -> None:
    """One process holds the old file, its log and its index while another makes the cache anew."""
    right = answers(people)
    old = Book(people.folder.resolve(), database())
    old.refresh(lambda settings: old.today, time.time_ns())
    old.leave()
    with writing(old.db):
        old.db.execute("UPDATE contacts SET name = 'Nobody'")
    wait_for_the_file_clock(tmp_path / "clock")
    flip(database(), random.Random(1))
    assert answers(people) == right
    with writing(old.db):
        old.db.execute("UPDATE contacts SET name = 'Nobody at all'")
    mark(people)
    assert answers(people) == right
    old.close()
    assert answers(people) == right
    assert is_kept()
    assert told(people.folder, database()) == told(people.folder, None)


def test_a_stopped_process_at_the_door_stops_nobody_for_ever(
    people: AddressBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = answers(people)
    seal = Seal(database())
    monkeypatch.setattr("plaintextcrm.book.seal.PATIENCE", 0.2)
    with seal.opening():
        assert answers(people) == right  # from memory
        assert Book(people.folder.resolve(), database()).in_memory
        other = Seal(database())
        with pytest.raises(Busy), other.opening():
            pass
        other.let_go()
    seal.let_go()
    assert answers(people) == right


def test_a_reader_of_another_program_changes_nothing(people: AddressBook) -> None:
    right = answers(people)
    mark(people)
    db = sqlite3.connect(database())
    assert db.execute("SELECT count(*) FROM contacts").fetchone() == (16,)
    db.close()
    assert answers(people) == right
    assert is_kept()
