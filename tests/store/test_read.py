"""Reading one file: whole, once it is at rest, and only if it is a file."""

import os
import socket
import threading
from pathlib import Path

import pytest

from plaintextcrm.store.folder import signature
from plaintextcrm.store.read import LIMIT, NotAFile, read_file


def test_the_bytes_and_the_signature_of_that_moment(tmp_path: Path) -> None:
    file = tmp_path / "eva.yaml"
    file.write_bytes(b"\xef\xbb\xbfname: Eva\r\n")
    assert read_file(file) == (b"\xef\xbb\xbfname: Eva\r\n", signature(file.stat()))


def test_f16_no_more_than_a_mebibyte_and_a_byte_is_read(tmp_path: Path) -> None:
    file = tmp_path / "big.yaml"
    with file.open("wb") as sparse:
        sparse.truncate(1 << 33)  # eight gibibytes that take no room
    assert len(read_file(file)[0]) == LIMIT == (1 << 20) + 1


def test_s04_what_is_no_file_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "dangling").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        for name in ("link", "zero", "dangling", "pipe", "folder"):
            with pytest.raises(NotAFile):
                read_file(tmp_path / name)
        with pytest.raises(OSError):
            read_file(tmp_path / "socket")
    with pytest.raises(NotAFile):
        read_file(Path("/dev/zero"))
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "gone")


def test_f31_a_file_that_grows_under_our_eyes_is_read_again(tmp_path: Path) -> None:
    """A writer adds lines without pause; what is read is as long as the signature says."""
    file = tmp_path / "eva.yaml"
    file.write_bytes(b"")
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with file.open("wb") as growing:
                for _line in range(300):
                    growing.write(b"notes: abcdefgh\n")
                    growing.flush()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _round in range(60):
            data, _mark = read_file(file)
            assert data == b"notes: abcdefgh\n" * (len(data) // 16)
    finally:
        stop.set()
        writer.join()
    data, mark = read_file(file)
    assert (len(data), mark) == (file.stat().st_size, signature(file.stat()))
