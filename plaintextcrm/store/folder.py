"""The folder of an address book: where it is, and what lies in it right now."""

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from struct import Struct

from plaintextcrm.model.errors import BookNotFound, FolderUnreadable
from plaintextcrm.model.pattern import pattern
from plaintextcrm.store.digest import digest_of

SETTINGS = "plaintextcrm.yaml"
CONTACTS = "contacts"

_ODD = {stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder with the name of a file"}
_SIGNATURE = Struct("<qqqQ")
_OURS = (".yaml", ".yml")
_PLAIN = re.compile(r"[A-Za-z0-9-]+\.ya?ml")
_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# Dropbox, Nextcloud, Syncthing, Google Drive and git's merge tools, in this order.
_CONFLICT_COPY = pattern(
    r"(?i)^(?P<stem>.+?)(?: \([^()]*conflict[^()]*\)|\.sync-conflict-[\w-]+| \(\d+\)"
    r"|_(?:BACKUP|BASE|LOCAL|REMOTE)_\d+)\.ya?ml\Z"
)


class Sweep:
    """What one look at the folder saw. Paths lie below the book, with `/`.

    `files`: each contact file's signature. `odd`: links and the like that are not read, and why.
    `copies`: conflict copies of sync tools and the file they stand for. `closed`: folders that
    could not be looked into, and why. `folders`: those that were. `elsewhere`: True where something
    may change by another name, far from here: a file with two names, or what a link leads to.
    """

    __slots__ = ("_stamp", "closed", "copies", "elsewhere", "files", "folders", "odd")

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.odd: dict[str, str] = {}
        self.copies: dict[str, str] = {}
        self.closed: dict[str, str] = {}
        self.folders: list[str] = []
        self.elsewhere = False
        self._stamp = b""

    def stamp(self) -> bytes:
        """A digest of all that was seen: the same stamp, the same folder."""
        if not self._stamp:
            seen = (
                repr((len(self.files), self.odd, self.copies, self.closed)).encode(),
                "\0".join(self.files).encode(),  # no path has a NUL in it
                *self.files.values(),  # all of one length
            )
            self._stamp = digest_of(b"\0".join(seen))
        return self._stamp

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
    return name.endswith(_OURS) and not _is_dropping(name)


def is_conflict_copy(name: str) -> bool:
    """True for a name that sync tools give to their second copy of a file."""
    return bool(_CONFLICT_COPY.match(name))


def may_be_folder(name: str) -> bool:
    """True for the name of a folder that `sweep` would look into."""
    return not _is_dropping(name)


def _is_dropping(name: str) -> bool:
    """True for what is hidden, and for what editors leave behind: `x~`, `#x#`, vim's 4913."""
    if name.startswith("#") and name.endswith("#") and len(name) > 1:
        return True
    return name.startswith(".") or name.endswith("~") or name == "4913"


def signature(found: os.stat_result) -> bytes:
    """What changes when a file does: times of content and inode, size, inode number."""
    return _SIGNATURE.pack(found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


def touched_at(mark: bytes) -> int:
    """The newest time in a signature, in nanoseconds since 1970."""
    modified, changed, _size, _inode = _SIGNATURE.unpack(mark)
    return int(max(modified, changed))


def sweep(book: Path) -> Sweep:
    """Look at every contact file: one stat each, nothing is opened."""
    found = sweep_settings(book)
    contacts = str(book / CONTACTS)
    if _is_folder(contacts):
        waiting = [(contacts, CONTACTS)]
        while waiting:
            _look(*waiting.pop(), found, waiting)
        if CONTACTS in found.closed:
            raise FolderUnreadable(contacts, found.closed[CONTACTS])
    return found


def _is_folder(path: str) -> bool:
    """False where there is none. Raises FolderUnreadable where nobody can tell."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116 - it leads to a string
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise FolderUnreadable(path, error.strerror or str(error)) from error


def sweep_settings(book: Path) -> Sweep:
    """Look at the settings alone."""
    found = Sweep()
    with suppress(FileNotFoundError):
        _see_status((book / SETTINGS).lstat, SETTINGS, found)
    return found


def _look(folder: str, path: str, found: Sweep, waiting: list[tuple[str, str]]) -> None:
    """Look into one folder; those in it wait for their turn."""
    found.folders.append(path)
    try:
        descriptor = os.open(folder, _OPEN)
        try:
            with os.scandir(descriptor) as entries:
                for entry in _unusual(entries, path, found.files):
                    _see(entry, folder, path, found, waiting)
        finally:
            os.close(descriptor)
    except OSError as error:
        found.closed[path] = error.strerror or str(error)


def _unusual(
    entries: "Iterator[os.DirEntry[str]]", path: str, files: dict[str, bytes]
) -> "Iterator[os.DirEntry[str]]":
    """Keep the signatures of plain files with plain names, and give all else.

    This is where a command spends its time: ten thousand turns. So one test decides which names
    are beyond doubt; those of hidden files and of the tools' copies fail it, and many a good one.
    """
    plain, pack, prefix = _PLAIN.fullmatch, _SIGNATURE.pack, f"{path}/"
    for entry in entries:
        name = entry.name
        if plain(name):
            try:
                found = entry.stat(follow_symlinks=False)
            except OSError:
                pass  # it is asked again
            else:
                if stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
                    files[prefix + name] = pack(
                        found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
                    )
                    continue
        yield entry


def _see(
    entry: "os.DirEntry[str]",
    folder: str,
    path: str,
    found: Sweep,
    waiting: list[tuple[str, str]],
) -> None:
    name, within = entry.name, f"{path}/{entry.name}"
    if _is_dropping(name):
        return
    found.elsewhere = found.elsewhere or entry.is_symlink()
    if not _speakable(name):
        if name.endswith(_OURS) or entry.is_dir():
            shown = name.encode(errors="surrogateescape").decode(errors="replace")
            found.odd[f"{path}/{shown}"] = "a name that is not UTF-8"
    elif name.endswith(_OURS):
        _see_file(entry, folder, within, found)
    elif entry.is_dir(follow_symlinks=False):
        waiting.append((f"{folder}/{name}", within))
    elif entry.is_symlink() and entry.is_dir():
        found.odd[within] = "a link to a folder"


def _speakable(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _see_file(entry: "os.DirEntry[str]", folder: str, path: str, found: Sweep) -> None:
    original = _original(entry.name, folder)
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
        found.elsewhere = found.elsewhere or status.st_nlink != 1
    else:
        found.odd[path] = _ODD.get(stat.S_IFMT(status.st_mode), "a pipe, a socket or a device")


def _original(name: str, folder: str) -> str:
    """The name of the file that a conflict copy stands for; empty for other files."""
    match = _CONFLICT_COPY.match(name)
    if not match:
        return ""
    original: str = match["stem"] + name[name.rindex(".") :]
    numbered = name[len(match["stem"])] == " " and "conflict" not in name.lower()
    if numbered and not os.path.exists(f"{folder}/{original}"):
        return ""  # "Acme (2).yaml" alone is just a name
    return original
