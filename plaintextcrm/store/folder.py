"""The folder of an address book: where it is, and what lies in it right now."""

import hashlib
import os
import re
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from struct import Struct

from plaintextcrm.model.errors import BookNotFound, FolderUnreadable

SETTINGS = "plaintextcrm.yaml"
CONTACTS = "contacts"

_ODD = {stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder with the name of a file"}
_SIGNATURE = Struct("<qqqQ")
_OURS = re.compile(r"\.ya?ml\Z")
_NOT_OURS = re.compile(r"^\.|^#.*#\Z|~\Z|^4913\Z", re.DOTALL)
# Dropbox, Nextcloud, Syncthing, Google Drive and git's merge tools, in this order.
_CONFLICT_COPY = re.compile(
    r"(?i)^(?P<stem>.+?)(?: \([^()]*conflict[^()]*\)|\.sync-conflict-[\w-]+| \(\d+\)"
    r"|_(?:BACKUP|BASE|LOCAL|REMOTE)_\d+)\.ya?ml\Z"
)


@dataclass(slots=True)
class Sweep:
    """What one look at the folder saw. Paths lie below the book, with `/`.

    `files`: each contact file's signature. `odd`: links and the like that are not read, and why.
    `copies`: conflict copies of sync tools and the file they stand for. `closed`: folders that
    could not be looked into, and why. `folders`: those that were.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    odd: dict[str, str] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)

    def stamp(self) -> bytes:
        """A digest of all that was seen: the same stamp, the same folder."""
        digest = hashlib.blake2b(digest_size=16)
        for path, mark in self.files.items():
            digest.update(b"%b\0%b" % (path.encode(), mark))
        digest.update(repr((self.odd, self.copies, self.closed)).encode())
        return digest.digest()

    def hides(self, path: str) -> bool:
        """True for a path where something stands that cannot be read now: its file is not gone."""
        return path in self.odd or any(
            path == folder or path.startswith(f"{folder}/") for folder in self.closed
        )


def find_book(start: Path, named: str | None, environ: Mapping[str, str]) -> Path:
    """The address book: the one `named`, or of PLAINTEXTCRM_BOOK, or the first one upwards of `start`."""
    given = named or environ.get("PLAINTEXTCRM_BOOK")
    if given:
        folder = (start / _expanded(given)).resolve()
        if not is_book(folder):
            raise BookNotFound(str(folder), named=True)
        return folder
    here = start.resolve()
    for folder in (here, *here.parents):
        if is_book(folder):
            return folder
    raise BookNotFound(str(here))


def _expanded(given: str) -> Path:
    with suppress(RuntimeError):  # `~` and a name that no user has
        return Path(given).expanduser()
    return Path(given)


def is_book(folder: Path) -> bool:
    """True for a folder that holds settings or contacts."""
    return (folder / SETTINGS).is_file() or (folder / CONTACTS).is_dir()


def may_be_contact(name: str) -> bool:
    """True for the name of a file that `sweep` would look at."""
    return bool(_OURS.search(name)) and not _NOT_OURS.search(name)


def is_conflict_copy(name: str) -> bool:
    """True for a name that sync tools give to their second copy of a file."""
    return bool(_CONFLICT_COPY.match(name))


def may_be_folder(name: str) -> bool:
    """True for the name of a folder that `sweep` would look into."""
    return not _NOT_OURS.search(name)


def signature(found: os.stat_result) -> bytes:
    """What changes when a file does: times of content and inode, size, inode number."""
    return _SIGNATURE.pack(found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


def touched_at(mark: bytes) -> int:
    """The newest time in a signature, in nanoseconds since 1970."""
    modified, changed, _size, _inode = _SIGNATURE.unpack(mark)
    return int(max(modified, changed))


def sweep(book: Path) -> Sweep:
    """Look at every contact file: one stat each, nothing is opened."""
    found = Sweep()
    with suppress(FileNotFoundError):
        _see_status((book / SETTINGS).lstat, SETTINGS, found)
    contacts = book / CONTACTS
    if contacts.is_dir():
        _look(str(contacts), CONTACTS, found)
        if CONTACTS in found.closed:
            raise FolderUnreadable(str(contacts), found.closed[CONTACTS])
    return found


def _look(folder: str, path: str, found: Sweep) -> None:
    found.folders.append(path)
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if _NOT_OURS.search(entry.name):
                    continue
                if _speakable(entry.name):
                    _see(entry, f"{path}/{entry.name}", found)
                elif _OURS.search(entry.name) or entry.is_dir():
                    shown = entry.name.encode(errors="surrogateescape").decode(errors="replace")
                    found.odd[f"{path}/{shown}"] = "a name that is not UTF-8"
    except OSError as error:
        found.closed[path] = error.strerror or str(error)


def _speakable(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _see(entry: "os.DirEntry[str]", path: str, found: Sweep) -> None:
    if _OURS.search(entry.name):
        _see_file(entry, path, found)
    elif entry.is_dir(follow_symlinks=False):
        _look(entry.path, path, found)
    elif entry.is_symlink() and entry.is_dir():
        found.odd[path] = "a link to a folder"


def _see_file(entry: "os.DirEntry[str]", path: str, found: Sweep) -> None:
    original = _original(entry)
    if original and entry.is_file(follow_symlinks=False):
        found.copies[path] = original
        return
    with suppress(FileNotFoundError):  # gone between the listing and the look
        _see_status(partial(entry.stat, follow_symlinks=False), path, found)


def _see_status(ask: Callable[[], os.stat_result], path: str, found: Sweep) -> None:
    """Keep a file's signature, or why it is not read. Raises FileNotFoundError."""
    try:
        status = ask()
    except FileNotFoundError:
        raise
    except OSError as error:
        found.closed[path] = error.strerror or str(error)
        return
    if stat.S_ISREG(status.st_mode):
        found.files[path] = signature(status)
    else:
        found.odd[path] = _ODD.get(stat.S_IFMT(status.st_mode), "a pipe, a socket or a device")


def _original(entry: "os.DirEntry[str]") -> str:
    """The name of the file that a conflict copy stands for; empty for other files."""
    match = _CONFLICT_COPY.match(entry.name)
    if not match:
        return ""
    name = match["stem"] + entry.name[entry.name.rindex(".") :]
    numbered = entry.name[len(match["stem"])] == " " and "conflict" not in entry.name.lower()
    if numbered and not os.path.exists(os.path.join(os.path.dirname(entry.path), name)):
        return ""  # "Acme (2).yaml" alone is just a name
    return name
