"""Replacing a file whole: a reader sees the old text or the new one, and a crash leaves one of them.

And no other program's save is lost, though none of them knows of our lock. The new text and the
old file change names in one step; then the old file, which nobody can reach any more, is looked at:
if it is not what the new text was made from, or a program has it open to write, both change back.
Where the system cannot do that (see `store/rename.py`), the file is compared as late as possible,
and a save between that look and the rename, some twenty microseconds, is lost.
"""

import errno
import os
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from plaintextcrm.model.errors import NotConfirmed, NotWritten
from plaintextcrm.store.read import at_rest, read_file
from plaintextcrm.store.rename import exchange, rename_to_free

ATTEMPTS = 5
PAUSE = 0.01  # seconds before the second attempt, and twice as long before each further one
PRIVATE_MODE = 0o600  # contacts and feeds are nobody else's business, whatever the umask
_TEMPORARY = re.compile(r"\.plaintextcrm-(\d+)-[0-9a-f]{16}\.tmp")
_LOOK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_MAKE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


class Changed(Exception):
    """The file is not what it was when the new text was made from it."""


def attempts() -> Iterator[None]:
    """Five turns at a file that others change too, with a growing pause to let them finish."""
    for attempt in range(ATTEMPTS):
        time.sleep(PAUSE * (1 << attempt) if attempt else 0)
        yield


def rewrite(path: Path, make: Callable[[bytes], bytes]) -> tuple[bytes, bytes]:
    """Replace a file's bytes by what `make` makes of them; both. Nothing is written for equal ones.

    When an editor saves meanwhile, `make` is asked again with the new text, up to five times.
    What `make` raises leaves the file alone. Raises NotWritten.
    """
    why = "another program keeps changing it"
    for _attempt in attempts():
        try:
            data = settled(path)
            new = make(data)
            if new != data:
                replace(path, new, was=data)
            return data, new
        except Changed:
            continue
        except FileNotFoundError as error:  # some editors move the file away and make a new one
            why = error.strerror or str(error)
        except OSError as error:
            raise NotWritten(str(path), error.strerror or str(error)) from error
    raise NotWritten(str(path), why)


def settled(path: Path) -> bytes:
    """The bytes of a file that nobody is about to write. Raises Changed, or OSError."""
    data, _signature = read_file(path)
    if not _holds(path, data):
        raise Changed(str(path))
    return data


def replace(path: Path, data: bytes, *, was: bytes | None = None) -> None:
    """Put `data` where `path` is, atomically and durably; the file's mode is kept.

    With `was`, only while the file still holds these bytes. Raises Changed, NotWritten (then the
    file is as it was), or NotConfirmed.
    """
    _put(path, (data,), partial(_take_place, path=path, data=data, was=was))


def replace_by_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """The same with what comes piece by piece and is never in memory whole: for large files that no
    other program writes. Raises NotWritten, NotConfirmed, or what the pieces raise.
    """
    _put(path, pieces, partial(_take_over, path=path))


def create(path: Path, data: bytes, like: Path | None = None) -> None:
    """Make a new file, whole or not at all, with the mode of another one, or closed to others.

    Raises Changed where there is one already, or NotWritten.
    """
    _put(path, (data,), partial(_take_free_place, path=path), like)


def create_all(files: Mapping[Path, bytes]) -> None:
    """Make many new files, each whole or not at all: the disk is asked to keep them all together, which
    takes a fraction of the time. Where one fails, those before it may be there.

    Raises Changed where there is one already, or NotWritten.
    """
    temporary = {path: _temporary(path) for path in files}
    folders = dict.fromkeys(path.parent for path in files)
    at = next(iter(files), Path())
    try:
        for folder in folders:
            _sweep_left_over(folder)
        for at, data in files.items():
            _fill(temporary[at], data)
        for at in files:
            _settle(temporary[at])
        for at in files:
            rename_to_free(temporary[at], at)
        for folder in folders:
            with _Folder(folder) as opened:
                opened.sync()
    except FileExistsError:
        raise Changed(str(at)) from None
    except OSError as error:
        raise NotWritten(str(at), error.strerror or str(error)) from error
    finally:
        for one in temporary.values():
            with suppress(OSError):
                one.unlink()


def _fill(temporary: Path, data: bytes) -> None:
    """Write a new file of our own; it may not have reached the disk."""
    descriptor = os.open(temporary, _MAKE, PRIVATE_MODE)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    finally:
        os.close(descriptor)


def _settle(file: Path) -> None:
    """A file that was written is on the disk. Raises OSError."""
    descriptor = os.open(file, _LOOK)
    try:
        _sync(descriptor)
    finally:
        _close(descriptor)


def remove(path: Path, was: bytes) -> None:
    """Remove a file that still holds these bytes. Raises Changed, or NotWritten."""
    try:
        with _Folder(path.parent) as folder:
            aside = _temporary(path)
            rename_to_free(path, aside)  # out of reach; then nobody can save it any more
            try:
                if not _holds(aside, was):
                    raise Changed(str(path))
                folder.sync()
            except BaseException:
                rename_to_free(aside, path)
                raise
            aside.unlink()
    except FileNotFoundError:
        raise Changed(str(path)) from None
    except OSError as error:
        raise NotWritten(str(path), error.strerror or str(error)) from error


def _put(
    path: Path,
    pieces: Iterable[bytes],
    take_place: Callable[[Path], None],
    like: Path | None = None,
) -> None:
    """Write a temporary file beside the path, and let it take its place; leave none behind."""
    try:
        _sweep_left_over(path.parent)
        temporary = _temporary(path)
        try:
            _write(temporary, pieces, like or path)
            take_place(temporary)
        finally:
            with suppress(OSError):
                temporary.unlink()
    except OSError as error:
        raise NotWritten(str(path), error.strerror or str(error)) from error


def _temporary(path: Path) -> Path:
    return path.parent / f".plaintextcrm-{os.getpid()}-{secrets.token_hex(8)}.tmp"


def _take_free_place(temporary: Path, path: Path) -> None:
    with _Folder(path.parent) as folder:
        try:
            rename_to_free(temporary, path)
        except FileExistsError:
            raise Changed(str(path)) from None
        try:
            folder.sync()
        except OSError:
            path.unlink()
            raise


def _take_over(temporary: Path, path: Path) -> None:
    with _Folder(path.parent) as folder:
        os.replace(temporary, path)
        folder.confirm(path)


def _take_place(temporary: Path, path: Path, data: bytes, was: bytes | None) -> None:
    with _Folder(path.parent) as folder:
        if was is not None and not _holds(path, was):
            raise Changed(str(path))
        ours = temporary.lstat().st_ino
        if not _exchanged(temporary, path, was):
            os.replace(temporary, path)
            folder.confirm(path)
            return
        try:
            if was is not None and not _holds(temporary, was):
                raise Changed(str(path))
            if temporary.is_dir():
                raise IsADirectoryError(errno.EISDIR, "Is a directory")
            folder.sync()
        except BaseException:
            _put_back(temporary, path, ours, data)
            raise


def _exchanged(temporary: Path, path: Path, was: bytes | None) -> bool:
    """True if both have changed names; False if a plain rename must do."""
    try:
        return exchange(temporary, path)
    except FileNotFoundError:
        if was is None:
            return False
        raise Changed(str(path)) from None


def _put_back(temporary: Path, path: Path, ours: int, data: bytes) -> None:
    """Undo an exchange; `ours` is the inode of our text. Where somebody saved in between, by a new
    file or into ours, theirs is newer than what we put back: then it stays at `path`.
    """
    expected = ours
    for _attempt in range(ATTEMPTS):
        put = temporary.lstat().st_ino
        try:
            exchange(temporary, path)
        except OSError:
            break
        found = temporary.lstat().st_ino
        if found == expected and (found != ours or _holds(temporary, data)):
            return
        expected = put
    os.replace(temporary, path)


def _holds(path: Path, data: bytes) -> bool:
    """True while the file has these bytes and no program has it open to write."""
    try:
        descriptor = os.open(path, _LOOK)
    except FileNotFoundError:
        return False
    try:
        return at_rest(descriptor) and _beginning(descriptor, len(data) + 1) == data
    finally:
        _close(descriptor)


def _close(descriptor: int) -> None:
    """Close what was only read: nothing of ours can fail with it."""
    with suppress(OSError):
        os.close(descriptor)


def _beginning(descriptor: int, size: int) -> bytes:
    pieces = []
    while size and (piece := os.read(descriptor, size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _write(temporary: Path, pieces: Iterable[bytes], like: Path) -> None:
    """Write a new file with the owner and the mode of another one, down to the disk."""
    descriptor = os.open(temporary, _MAKE, PRIVATE_MODE)
    try:
        _look_like(descriptor, like)
        for piece in pieces:
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        _sync(descriptor)
    finally:
        os.close(descriptor)


def _look_like(descriptor: int, like: Path) -> None:
    try:
        wanted = like.stat()
    except FileNotFoundError:
        return
    found = os.fstat(descriptor)
    if (wanted.st_uid, wanted.st_gid) != (found.st_uid, found.st_gid):
        with suppress(PermissionError):  # it was another's: then it becomes ours
            os.fchown(descriptor, wanted.st_uid, wanted.st_gid)
    os.fchmod(descriptor, wanted.st_mode & 0o777)


def _sync(descriptor: int) -> None:
    if sys.platform == "darwin":  # where fsync leaves the data in the disk's own memory
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


class _Folder:
    """A folder that is open before its names change: so only the last step can still fail."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> "_Folder":
        self._descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        return self

    def __exit__(self, *_error: object) -> None:
        _close(self._descriptor)

    def sync(self) -> None:
        """Names that changed are on the disk. Raises OSError."""
        try:
            _sync(self._descriptor)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network disks
                raise

    def confirm(self, path: Path) -> None:
        """The same for a file that cannot be put back. Raises NotConfirmed."""
        try:
            self.sync()
        except OSError as error:
            raise NotConfirmed(str(path), error.strerror or str(error)) from error


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
