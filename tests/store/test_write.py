"""Replacing files whole, also when the process dies in the middle; and what is left behind."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from plaintextcrm.model.errors import NotWritten
from plaintextcrm.store.write import Changed, replace

OLD = b"name: Eva\n" * 20_000
NEW = b"name: Jan\n" * 30_000
FOR_EVER = """
import sys
from pathlib import Path
from plaintextcrm.store.write import replace
path, old, new = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), Path(sys.argv[3]).read_bytes()
print("ready", flush=True)
while True:
    replace(path, new)
    replace(path, old)
"""


def left_over(folder: Path) -> list[str]:
    return sorted(name for name in os.listdir(folder) if name.startswith(".plaintextcrm-"))


def test_f01_kill_at_any_moment_leaves_one_whole_version(tmp_path: Path) -> None:
    """60 processes that write without end are killed at moments that chance gives."""
    (tmp_path / "old").write_bytes(OLD)
    (tmp_path / "new").write_bytes(NEW)
    folder = tmp_path / "book"
    folder.mkdir()
    file = folder / "eva.yaml"
    file.write_bytes(OLD)
    chance = random.Random(1)
    reads = torn = 0
    for _round in range(60):
        reads += _read_until_killed(file, tmp_path, chance.randint(1, 60))
        torn += file.read_bytes() not in (OLD, NEW)
    assert (torn, reads > 600) == (0, True)
    replace(file, OLD)
    assert left_over(folder) == []
    assert os.listdir(folder) == ["eva.yaml"]


def _read_until_killed(file: Path, place: Path, reads: int) -> int:
    """Let a process write while we read so many times, then kill it in the middle of its work."""
    writing = subprocess.Popen(
        [sys.executable, "-c", FOR_EVER, str(file), str(place / "old"), str(place / "new")],
        stdout=subprocess.PIPE,
    )
    with writing:
        assert writing.stdout
        assert writing.stdout.readline() == b"ready\n"
        for _read in range(reads):
            assert file.read_bytes() in (OLD, NEW)
        writing.send_signal(signal.SIGKILL)
    assert writing.returncode == -signal.SIGKILL
    return reads


def test_f05_left_over_temporary_files_are_swept_and_those_of_living_processes_are_not(
    tmp_path: Path,
) -> None:
    with subprocess.Popen(["true"]) as gone:
        pass
    ours = f".plaintextcrm-{os.getpid()}-0123456789abcdef.tmp"
    dead = f".plaintextcrm-{gone.pid}-0123456789abcdef.tmp"
    strange = f".plaintextcrm-{gone.pid}-note.tmp"
    for name in (ours, dead, strange):
        (tmp_path / name).touch()
    replace(tmp_path / "eva.yaml", b"name: Eva\n")
    assert sorted(os.listdir(tmp_path)) == sorted([ours, strange, "eva.yaml"])


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664, 0o400])
def test_the_mode_of_a_file_is_kept(mode: int, tmp_path: Path) -> None:
    file = tmp_path / "eva.yaml"
    file.write_bytes(b"old")
    file.chmod(mode)
    replace(file, b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", mode)


def test_s22_a_new_file_is_closed_to_others_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        replace(tmp_path / "feed.ics", b"BEGIN:VCALENDAR")
    finally:
        os.umask(before)
    assert (tmp_path / "feed.ics").stat().st_mode & 0o777 == 0o600


def test_a_file_that_changed_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "eva.yaml"
    file.write_bytes(b"what somebody saved just now")
    with pytest.raises(Changed):
        replace(file, b"new", was=b"what we read")
    assert file.read_bytes() == b"what somebody saved just now"
    assert left_over(tmp_path) == []
    replace(file, b"new", was=b"what somebody saved just now")
    assert file.read_bytes() == b"new"


def test_a_file_that_is_gone_meanwhile_is_not_brought_back(tmp_path: Path) -> None:
    with pytest.raises(Changed):
        replace(tmp_path / "eva.yaml", b"new", was=b"what we read")
    assert os.listdir(tmp_path) == []


def test_a_folder_in_the_way_is_said_and_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "eva.yaml").mkdir()
    with pytest.raises(NotWritten, match=r"eva\.yaml: not written: "):
        replace(tmp_path / "eva.yaml", b"new")
    assert os.listdir(tmp_path) == ["eva.yaml"]


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="No such file or directory"):
        replace(tmp_path / "gone" / "eva.yaml", b"new")


FULL = """
import resource, sys
from pathlib import Path
from plaintextcrm.model.errors import NotWritten
from plaintextcrm.store.write import replace
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    replace(Path(sys.argv[1]), b"x" * 10000)
except NotWritten as error:
    print(error)
"""


def test_f03_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: the write stops in the middle."""
    file = tmp_path / "eva.yaml"
    file.write_bytes(b"name: Eva\n")
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(file)], capture_output=True, text=True, check=True
    )
    assert done.stdout == (
        f"{file}: not written: File too large. What was there before is unchanged.\n"
    )
    assert (file.read_bytes(), os.listdir(tmp_path)) == (b"name: Eva\n", ["eva.yaml"])
