"""The cache may be deleted, damaged, foreign or impossible: the answers are right, and no error."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from benchmarks.people import generate
from plaintextcrm.book.schema import VERSION
from tests.book.rows import told
from tests.conftest import COMMAND, TODAY, AddressBook, Answer


@pytest.fixture(scope="module")
def hundred(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An address book of 100 contacts; nothing in it is written to."""
    folder = tmp_path_factory.mktemp("hundred") / "book"
    generate(folder, 100)
    return folder


@pytest.fixture
def people(hundred: Path, capsys: pytest.CaptureFixture[str]) -> AddressBook:
    return AddressBook(hundred, capsys)


def cache() -> Path:
    """The folder of the caches of this test."""
    return Path(os.environ["XDG_CACHE_HOME"]) / "plaintextcrm"


def database() -> Path:
    (found,) = cache().glob("*.sqlite3")
    return found


def all_answers(book: AddressBook) -> list[Answer]:
    return [
        book.run("list", "--format", "json"),
        book.run("agenda", "--format", "json"),
        book.run("check", "--format", "json"),
    ]


def fold_away_wal() -> None:
    """Put all that was written into the one file."""
    db = sqlite3.connect(database())
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def test_a_deleted_cache_is_made_again(people: AddressBook) -> None:
    before = all_answers(people)
    assert [answer.err for answer in before] == [""] * 3
    shutil.rmtree(cache())
    assert all_answers(people) == before
    database().unlink()  # its side files stay
    assert all_answers(people) == before
    assert database().exists()


@pytest.mark.parametrize("share", [0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_cache_is_made_again(share: float, people: AddressBook) -> None:
    before = all_answers(people)
    fold_away_wal()
    with database().open("r+b") as file:
        file.truncate(int(database().stat().st_size * share))
    assert all_answers(people) == before
    assert all_answers(people) == before


@pytest.mark.parametrize("seed", range(5))
def test_a_cache_with_pages_of_noise_is_made_again(seed: int, people: AddressBook) -> None:
    before = all_answers(people)
    fold_away_wal()
    chance = random.Random(seed)
    pages = database().stat().st_size // 4096
    with database().open("r+b") as file:
        for page in chance.sample(range(pages), max(1, pages // (2 + 3 * seed))):
            file.seek(page * 4096)
            file.write(chance.randbytes(4096))
    assert all_answers(people) == before
    assert all_answers(people) == before


@pytest.mark.parametrize("seed", range(5))
def test_a_cache_with_a_few_wrong_bytes_never_ends_in_a_fault(
    seed: int, people: AddressBook
) -> None:
    """A single byte in a name cannot be noticed; no crash, and right again without the cache."""
    before = all_answers(people)
    fold_away_wal()
    chance = random.Random(seed)
    size = database().stat().st_size
    with database().open("r+b") as file:
        for _byte in range(200):
            file.seek(chance.randrange(size))
            file.write(chance.randbytes(1))
    assert {answer.code for answer in all_answers(people)} <= {0, 1}
    shutil.rmtree(cache())
    assert all_answers(people) == before


@pytest.mark.parametrize("ending", ["-wal", "-shm"])
def test_noise_beside_the_cache(ending: str, people: AddressBook) -> None:
    before = all_answers(people)
    Path(f"{database()}{ending}").write_bytes(random.Random(1).randbytes(40_000))
    assert all_answers(people) == before


@pytest.mark.parametrize("content", [b"not a database", b"\0" * 100_000, b"SQLite format 3\0"])
def test_another_file_in_its_place(content: bytes, people: AddressBook) -> None:
    before = all_answers(people)
    shutil.move(database(), cache() / "old")
    (cache() / "old").with_name(_name(people)).write_bytes(content)
    assert all_answers(people) == before
    assert database().read_bytes().startswith(b"SQLite format 3\0")


def _name(book: AddressBook) -> str:
    from plaintextcrm.store.cache import cache_name

    return f"{cache_name(book.folder.resolve())}.sqlite3"


def test_the_tables_of_another_version_are_replaced(people: AddressBook) -> None:
    before = all_answers(people)
    db = sqlite3.connect(database())
    for (name,) in db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_%'"
    ).fetchall():
        db.execute(f'DROP TABLE "{name}"')
    db.execute("CREATE TABLE contacts (something)")
    db.execute('CREATE TABLE "with \'quotes""" (x)')
    db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.commit()
    db.close()
    assert all_answers(people) == before


def test_a_table_that_is_missing_is_made_again(people: AddressBook) -> None:
    before = all_answers(people)
    db = sqlite3.connect(database())
    db.execute("DROP TABLE reminders")
    db.commit()
    db.close()
    assert all_answers(people) == before


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal"])
def test_a_folder_in_its_place(ending: str, people: AddressBook) -> None:
    before = all_answers(people)
    for file in cache().iterdir():
        file.unlink()
    (cache() / f"{_name(people)}{ending}").mkdir()
    assert all_answers(people) == before


def test_s04_a_link_or_a_pipe_in_its_place_is_not_followed(
    people: AddressBook, tmp_path: Path
) -> None:
    before = all_answers(people)
    treasure = tmp_path / "treasure"
    treasure.write_text("keep")
    for make in (partial(os.symlink, treasure), os.mkfifo):
        for file in cache().iterdir():
            file.unlink()
        make(cache() / _name(people))
        assert people.process("list", "--format", "json").out == before[0].out
    assert treasure.read_text() == "keep"


@pytest.mark.parametrize("place", ["a file", "nowhere to be made", "a cache that is a file"])
def test_a_cache_folder_that_cannot_be_used(
    place: str, people: AddressBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = all_answers(people)
    (tmp_path / "file").touch()
    folder = {
        "a file": tmp_path / "file",
        "nowhere to be made": tmp_path / "file" / "below",
        "a cache that is a file": tmp_path,
    }[place]
    (tmp_path / "plaintextcrm").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert all_answers(people) == before
    feed = tmp_path / "feed.ics"
    answer = people.run("export", "ics", "-o", str(feed))
    assert answer.code == 0
    assert feed.read_bytes().startswith(b"BEGIN:VCALENDAR")


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
from plaintextcrm.cli.main import main
main()
"""


@pytest.mark.parametrize("size", [0, 4096, 20_000, 300_000])
def test_f03_a_full_disk_below_the_cache(size: int, people: AddressBook) -> None:
    """A limit on the size of files stands for the full disk, reached at several steps."""
    arguments = ["-C", str(people.folder), "--today", TODAY, "list", "--format", "json"]
    for _time in range(2):
        done = subprocess.run(
            [sys.executable, "-c", LIMITED, str(size), *arguments],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == people.run("list", "--format", "json").out
        shutil.rmtree(cache())


def test_s22_the_cache_is_closed_to_others_whatever_the_umask(
    people: AddressBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "new" / "cache"))
    feed = tmp_path / "feed.ics"
    before = os.umask(0)
    try:
        all_answers(people)
        people.run("export", "ics", "-o", str(feed))
        people.run("check", "--fix", str(people.folder / "plaintextcrm.yaml"))
        db = sqlite3.connect(database())
        db.execute("SELECT count(*) FROM files").fetchone()  # its side files exist while it is open
        found = {path: path.stat().st_mode & 0o777 for path in (tmp_path / "new").rglob("*")}
        db.close()
    finally:
        os.umask(before)
    assert {path.suffix for path in found} >= {".sqlite3", ".lock", ".sqlite3-wal"}
    assert {mode for path, mode in found.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in found.items() if not path.is_dir()} == {0o600}
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert feed.stat().st_mode & 0o777 == 0o600


# --- several processes at once --------------------------------------------------------------------


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An address book of 1,000 contacts; nothing in it is written to."""
    folder = tmp_path_factory.mktemp("thousand") / "book"
    generate(folder, 1000)
    return folder


@pytest.mark.parametrize("count", [2, 8])
def test_processes_at_once_on_a_cold_book(count: int, thousand: Path) -> None:
    command = [*COMMAND, "-C", str(thousand), "--today", TODAY, "list", "--format", "json"]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    said = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0] * count
    alone = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(said) == {(alone.stdout, "")}
    assert alone.stdout.count('"id": ') == 1000


def test_processes_of_different_days_at_once(hundred: Path) -> None:
    """Each gets the agenda of its own day, though they share one cache."""
    days = [f"2026-{month:02}-15" for month in (11, 12)] + ["2027-01-15", "2028-02-29"]
    commands = [
        [*COMMAND, "-C", str(hundred), "--today", day, "agenda", "--format", "json"] for day in days
    ]
    alone = {day: _alone(command) for day, command in zip(days, commands, strict=True)}
    assert len(set(alone.values())) == len(days)
    for _round in range(2):
        running = [
            (day, subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
            for day, command in zip(days, commands, strict=True)
        ]
        for day, process in running:
            assert process.communicate()[0] == alone[day]


def _alone(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_several_days_in_turn_on_one_cache(people: AddressBook) -> None:
    days = ["2026-11-22", "2026-11-23", "2027-02-28", "2026-11-22", "2024-02-29", "2026-11-22"]
    for day in days:
        warm = people.run("agenda", "--format", "json", today=day), people.run("list", today=day)
        shutil.move(cache(), cache().with_name("aside"))
        cold = people.run("agenda", "--format", "json", today=day), people.run("list", today=day)
        shutil.rmtree(cache())
        shutil.move(cache().with_name("aside"), cache())
        assert warm == cold


@pytest.mark.parametrize("seed", range(2))
def test_f01_killed_while_it_fills_the_book(seed: int, thousand: Path) -> None:
    """Killed when the cache has grown to a size that chance gives; its workers end with it."""
    command = [*COMMAND, "-C", str(thousand), "--today", TODAY, "list", "--format", "json"]
    size = random.Random(seed).randint(0, 500_000)
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as filling:
        for _look in _until_running(filling):
            if _size(cache()) >= size:
                break
        filling.send_signal(signal.SIGKILL)
        filling.communicate(timeout=60)  # ends when all of its workers are gone, too
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout.count('"id": ') == 1000
    assert told(thousand, database()) == told(thousand, None)


def _until_running(process: "subprocess.Popen[Any]") -> Iterator[None]:
    """As long as the process runs."""
    limit = time.monotonic() + 60
    while process.poll() is None:
        assert time.monotonic() < limit
        yield


def _size(folder: Path) -> int:
    """Of its files; one may go while we look."""
    size = 0
    for file in _files(folder):
        with suppress(FileNotFoundError):
            size += file.stat().st_size
    return size


def _files(folder: Path) -> Iterator[Path]:
    for file in folder.iterdir() if folder.exists() else ():
        if file.exists():
            yield file


def test_ctrl_c_while_it_fills_the_book_says_nothing_and_ends_with_130(thousand: Path) -> None:
    command = [*COMMAND, "-C", str(thousand), "--today", TODAY, "list", "--format", "json"]
    for _turn in range(20):  # on a busy machine we may come too late: then once more
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            text=True,
        ) as filling:
            for _look in _until_running(filling):
                if any(_files(cache())):
                    with suppress(ProcessLookupError):
                        os.killpg(
                            filling.pid, signal.SIGINT
                        )  # as a terminal does: to the workers too
                    break
            out, err = filling.communicate()
        if filling.returncode:
            break
        shutil.rmtree(cache())
    assert (filling.returncode, out, err) == (130, "", "\n")
