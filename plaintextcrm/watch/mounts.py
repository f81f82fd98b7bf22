"""Which file systems lie under the folders: on some, others change files and this kernel never knows."""

import os
import re
import select
from pathlib import Path

_TABLE = "/proc/self/mountinfo"
# Disks of this machine alone. Not those of other machines (NFS, SMB, 9p, virtiofs of a virtual
# machine), nor programs that play a disk (FUSE), nor what is not known here.
_OWN = frozenset(
    [
        "ext2",
        "ext3",
        "ext4",
        "xfs",
        "btrfs",
        "f2fs",
        "bcachefs",
        "zfs",
        "jfs",
        "reiserfs",
        "tmpfs",
        "overlay",
        "vfat",
        "exfat",
        "ntfs3",
        "hfsplus",
    ]
)
_ESCAPE = re.compile(rb"\\([0-7]{3})")


class Mounts:
    """The table of what is mounted, and whether it changed. Raises OSError."""

    def __init__(self) -> None:
        self._table = os.open(_TABLE, os.O_RDONLY | os.O_CLOEXEC)
        self._poll = select.poll()
        self._poll.register(self._table, select.POLLPRI)

    def close(self) -> None:
        """Ask no more."""
        os.close(self._table)

    def changed(self) -> bool:
        """True where something was mounted or unmounted since the last question."""
        return bool(self._poll.poll(0))

    def all_noted(self, book: Path, contacts: Path) -> bool:
        """True where whatever happens to the files of an address book is noted by this kernel."""
        real = os.path.realpath(contacts)
        below = real.rstrip("/") + "/"
        mounted = _mounted(Path(_TABLE).read_bytes())
        if any(point != real and point.startswith(below) for point in mounted):
            return False  # a file may be mounted, too: who writes it elsewhere is not seen here
        return all(_under(path, mounted) in _OWN for path in (os.path.realpath(book), real))


def _mounted(table: bytes) -> dict[str, str]:
    """What kind of file system each mount is; of several at one place the last one shows."""
    found = {}
    for line in table.splitlines():
        fields, _, rest = line.partition(b" - ")
        point = _ESCAPE.sub(lambda code: bytes([int(code[1], 8)]), fields.split(b" ")[4])
        found[os.fsdecode(point)] = rest.split(b" ")[0].decode()
    return found


def _under(path: str, mounted: dict[str, str]) -> str:
    """The kind of file system on which a path lies."""
    while path not in mounted and path != "/":
        path = os.path.dirname(path)
    return mounted.get(path, "")
