"""One writer at a time, and what the others are told."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from plaintextcrm.model.errors import Locked, NoLock
from plaintextcrm.store import lock
from plaintextcrm.store.lock import locked

HOLD = """
import sys
from pathlib import Path
from plaintextcrm.store.lock import locked
with locked(Path(sys.argv[1]), "writing a test"):
    print("held", flush=True)
    sys.stdin.read()
"""
COUNT = """
import sys
from pathlib import Path
from plaintextcrm.store.lock import locked
file = Path(sys.argv[2])
for _round in range(50):
    with locked(Path(sys.argv[1]), "counting"):
        file.write_text(str(int(file.read_text()) + 1))
"""


@contextmanager
def held(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the lock."""
    holding = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holding:
        assert holding.stdout
        assert holding.stdout.readline() == b"held\n"
        yield holding
        holding.kill()


def test_f06_writers_wait_for_each_other(tmp_path: Path) -> None:
    """Eight processes count in one file, 50 each: without the lock most of them are lost."""
    file = tmp_path / "count"
    file.write_text("0")
    command = [sys.executable, "-c", COUNT, str(tmp_path / "lock"), str(file)]
    writers = [subprocess.Popen(command) for _ in range(8)]
    for writer in writers:
        with writer:
            pass
    assert [writer.returncode for writer in writers] == [0] * 8
    assert file.read_text() == "400"


def test_f09_who_holds_the_lock_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.1)
    with held(tmp_path / "lock") as holding:
        with pytest.raises(Locked) as told, locked(tmp_path / "lock", "waiting"):
            raise AssertionError("two hold the lock")
        assert str(told.value) == (
            f"Another command is writing (writing a test, process {holding.pid}). "
            "Try again when it is done."
        )


def test_f09_a_killed_holder_lets_go(tmp_path: Path) -> None:
    with held(tmp_path / "lock"):
        pass
    with locked(tmp_path / "lock", "next"):
        assert (tmp_path / "lock").read_text() == f"next, process {os.getpid()}"


def test_f09_we_wait_five_seconds_and_no_longer(tmp_path: Path) -> None:
    assert lock.PATIENCE == 5
    with held(tmp_path / "lock"):
        start = time.monotonic()
        with pytest.raises(Locked), locked(tmp_path / "lock", "waiting"):
            raise AssertionError("two hold the lock")
        assert 5 <= time.monotonic() - start < 60  # a hang limit, not a speed


def test_long_work_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.1)
    with held(tmp_path / "lock") as holding:
        timer = threading.Timer(0.5, holding.kill)
        timer.start()
        with locked(tmp_path / "lock", "waiting", times=600):
            pass
        timer.join()


def test_a_failing_block_lets_go(tmp_path: Path) -> None:
    with pytest.raises(ValueError), locked(tmp_path / "lock", "failing"):
        int("not a number")
    with held(tmp_path / "lock"):
        pass


def test_s22_lock_files_are_closed_to_others(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with locked(tmp_path / "new" / "deep" / "lock", "looking"):
            pass
    finally:
        os.umask(before)
    made = tmp_path / "new"
    modes = [path.stat().st_mode & 0o777 for path in (made, made / "deep", made / "deep" / "lock")]
    assert modes == [0o700, 0o700, 0o600]


def test_where_the_folder_cannot_be_used_the_lock_lies_among_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    spare = tmp_path / "tmp"
    spare.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(spare))
    with locked(tmp_path / "file" / "name.lock", "writing"):
        assert os.listdir(spare) == [f"plaintextcrm-{os.getuid()}-name.lock"]


def test_a_link_in_place_of_a_lock_is_not_written_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Temporary folders are everybody's: another user must not choose what we cut to nothing."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    treasure = tmp_path / "treasure"
    treasure.write_text("keep")
    (tmp_path / "lock").symlink_to(treasure)
    with pytest.raises(NoLock), locked(tmp_path / "lock", "writing"):
        raise AssertionError("the link was followed")
    assert treasure.read_text() == "keep"
