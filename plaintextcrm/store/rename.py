"""Renaming that loses nothing: two files change names in one step, or a name is taken only if free.

A plain rename throws away whatever lies at its target, also what an editor saved a moment ago. Linux
and macOS can do better, and Python does not offer it; where they cannot, callers are told.
"""

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeAlias

# Neither the system nor the kind of disk (NFS, FAT) can do it; EPERM: a sandbox does not let us.
_CANNOT = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM}
SystemCall: TypeAlias = Callable[[bytes, bytes, int], int]
_HERE = -100  # AT_FDCWD: paths are of the current folder
_EXCHANGE, _FREE = (2, 4) if sys.platform == "darwin" else (2, 1)


def exchange(one: Path, other: Path) -> bool:
    """Each file gets the name of the other, in one step; False where this cannot be had.

    Raises FileNotFoundError where one of them is gone, or another OSError.
    """
    return _renamed(one, other, _EXCHANGE)


def rename_to_free(path: Path, free: Path) -> None:
    """Rename a file, and never over another one. Raises FileExistsError, or another OSError."""
    if not _renamed(path, free, _FREE):
        os.link(path, free)
        path.unlink()


def _renamed(path: Path, target: Path, how: int) -> bool:
    call = system_call()
    if call is None:
        return False
    code = call(os.fsencode(path), os.fsencode(target), how)
    if code == 0:
        return True
    if code in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), str(target))


@cache
def system_call() -> SystemCall | None:
    """The system's function, as one that gives an error number; None where there is none."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            swap = library.renamex_np
            return lambda one, two, how: ctypes.get_errno() if swap(one, two, how) else 0
        rename = library.renameat2
        return lambda one, two, how: (
            ctypes.get_errno() if rename(_HERE, one, _HERE, two, how) else 0
        )
    return None
