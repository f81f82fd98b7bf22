"""Asking a running `watch`, which sees whatever happens in the folder, instead of looking ourselves.

It answers at a socket in the user's cache folder, and only when it is sure: with the version of the
program, with the places that it watches, and with the stamp that a look at them would have. Where it
is not sure, it ends the conversation; where it is dead, nobody takes the question; where it is
stopped, we do not wait for long.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from struct import Struct

from plaintextcrm import __version__
from plaintextcrm.store.folder import CONTACTS

PATIENCE = 0.05  # seconds; about what a look at ten thousand files takes
_LONGEST = 4096  # bytes
_LONGEST_NAME = 107  # bytes that the system allows
_PEER = Struct("=iII")  # process, user, group


def told_stamp(book: Path, socket: Path) -> bytes:
    """What `Sweep.stamp` would be now; empty where nobody knows."""
    if sys.platform != "linux" or not os.path.lexists(socket):
        return b""
    try:
        head = heading(book.stat(), (book / CONTACTS).stat())
        answer = _ask(socket)
    except OSError:
        return b""
    return answer[len(head) :] if answer.startswith(head) else b""


def heading(*places: os.stat_result) -> bytes:
    """How an answer begins: the version, and which folders it is about.

    A folder may have been moved, or another one mounted over it; and processes need not see the
    same mounts. Raises OSError.
    """
    seen = (*places, os.stat("/proc/self/ns/mnt"))  # noqa: PTH116 - a link that only the system follows
    shown = " ".join(f"{place.st_dev}:{place.st_ino}" for place in seen)
    return f"plaintextcrm {__version__} {shown} ".encode()


def _ask(socket: Path) -> bytes:
    """The answer of whoever listens. Raises OSError."""
    import _socket as sockets  # `socket` itself makes many tables first: a tenth of a command

    asking = sockets.socket(sockets.AF_UNIX, sockets.SOCK_SEQPACKET)
    try:
        asking.settimeout(PATIENCE)
        with address(socket) as name:
            asking.connect(name)
        peer = asking.getsockopt(sockets.SOL_SOCKET, sockets.SO_PEERCRED, _PEER.size)
        _process, user, _group = _PEER.unpack(peer)
        return asking.recv(_LONGEST) if user == os.geteuid() else b""
    finally:
        asking.close()


@contextmanager
def address(socket: Path) -> Iterator[str]:
    """The name by which a socket is bound or called: a long one goes by its open folder.

    Raises OSError.
    """
    if len(os.fsencode(socket)) <= _LONGEST_NAME:
        yield str(socket)
        return
    folder = os.open(socket.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{socket.name}"
    finally:
        os.close(folder)
