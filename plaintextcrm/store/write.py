"""Replacing a file whole: a reader sees the old text or the new one, and a crash leaves one of them."""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from plaintextcrm.model.errors import NotWritten

_TEMPORARY = re.compile(r"\.plaintextcrm-(\d+)-[0-9a-f]{16}\.tmp")
PRIVATE_MODE = 0o600  # contacts and feeds are nobody else's business, whatever the umask


class Changed(Exception):
    """The file is not what it was when the new text was made from it."""


def replace(path: Path, data: bytes, *, was: bytes | None = None) -> None:
    """Put `data` where `path` is, atomically and durably; the file's mode is kept.

    With `was`, only while the file still holds these bytes. Raises Changed, or NotWritten.
    """
    try:
        _sweep_left_over(path.parent)
        temporary = path.parent / f".plaintextcrm-{os.getpid()}-{secrets.token_hex(8)}.tmp"
        try:
            _write(temporary, data, _mode(path))
            if was is not None and _bytes(path) != was:
                raise Changed(str(path))
            os.replace(temporary, path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise NotWritten(str(path), error.strerror or str(error)) from error


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return PRIVATE_MODE


def _write(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep_left_over(folder: Path) -> None:
    """Remove the temporary files of our own processes that are no more."""
    for name in os.listdir(folder):
        found = _TEMPORARY.fullmatch(name)
        if found and not _alive(int(found[1])):
            with suppress(OSError):
                (folder / name).unlink()


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
