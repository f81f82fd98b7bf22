"""The secret addresses of feeds: who was given which. Whoever knows one may read that feed.

They lie in one file of the user's, for all address books, outside of them and closed to others. In
plain text, as keys for ssh do: so an address can be shown again, and who can read this file can
read the contacts as well.
"""

import hashlib
import json
import os
import secrets
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from hmac import compare_digest
from pathlib import Path
from urllib.parse import quote

from platformdirs import user_data_path

from plaintextcrm.model.errors import FileUnreadable, NotWritten
from plaintextcrm.store.cache import make_private
from plaintextcrm.store.folder import signature
from plaintextcrm.store.read import read_file
from plaintextcrm.store.write import rewrite

SECRET_BYTES = 24  # 192 bits
_OPEN_TO_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Address:
    """One address: of the feed of this name in the book at this path, given to `person` on a day."""

    book: str
    feed: str
    person: str
    made: str
    token: str

    @property
    def path(self) -> str:
        """The path of its URL, not yet quoted."""
        return f"/feeds/{self.token}/{self.feed}.ics"

    @property
    def quoted(self) -> str:
        """The same as it stands in a URL."""
        return f"/feeds/{self.token}/{quote(self.feed, safe='')}.ics"


@dataclass(frozen=True, slots=True)
class Grant:
    """An address as the server knows it: the digest of its path, and the feed that it opens."""

    digest: bytes
    feed: str


def grants_of(addresses: Iterable[Address], book: Path) -> tuple[Grant, ...]:
    """What the addresses of one book open."""
    return tuple(
        Grant(_digest(address.path), address.feed)
        for address in addresses
        if address.book == str(book)
    )


def granted(path: str, grants: Iterable[Grant]) -> str | None:
    """The feed that this path opens, or None.

    All are compared to the end, so that the time it takes tells nothing about any of them.
    """
    asked, found = _digest(path), None
    for grant in grants:
        if compare_digest(asked, grant.digest):
            found = grant.feed
    return found


def _digest(path: str) -> bytes:
    return hashlib.sha256(path.encode(errors="replace")).digest()


def addresses_file() -> Path:
    """Where they lie; the file may not exist."""
    return Path(user_data_path("plaintextcrm")) / "feed-urls.json"


def load(file: Path) -> tuple[Address, ...]:
    """All addresses; none where there is no file. Raises FileUnreadable."""
    try:
        return _parse(read_file(file)[0])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise FileUnreadable(str(file), getattr(error, "strerror", "") or str(error)) from error


def _parse(data: bytes) -> tuple[Address, ...]:
    try:
        rows = json.loads(data or b"[]")
        if not isinstance(rows, list):
            raise TypeError
        found = tuple(Address(**row) for row in rows)
        if not all(isinstance(text, str) for row in rows for text in row.values()):
            raise TypeError
    except (TypeError, ValueError) as error:
        raise ValueError("it is not a list of addresses") from error
    return found


def new_address(book: Path, feed: str, person: str, made: str) -> Address:
    """An address that nobody can guess."""
    return Address(str(book), feed, person, made, secrets.token_urlsafe(SECRET_BYTES))


def change(file: Path, make: Callable[[tuple[Address, ...]], tuple[Address, ...]]) -> None:
    """Replace the addresses by what `make` makes of them. The lock for them must be held.

    Raises NotWritten, and FileUnreadable where the file holds something else.
    """
    try:
        make_private(file.parent)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        os.close(descriptor)
        shut(file)
    except OSError as error:
        raise NotWritten(str(file), error.strerror or str(error)) from error

    def remade(data: bytes) -> bytes:
        try:
            rows = [asdict(address) for address in make(_parse(data))]
        except ValueError as error:
            raise FileUnreadable(str(file), str(error)) from error
        return f"{json.dumps(rows, indent=2)}\n".encode()

    rewrite(file, remade)


def shut(file: Path) -> None:
    """Close the file to others, should somebody have opened it. Raises OSError."""
    if file.stat().st_mode & _OPEN_TO_OTHERS:
        file.chmod(stat.S_IRUSR | stat.S_IWUSR)


class Register:
    """The grants of one book as the file has them right now: what is revoked ends with the next
    request. A file that cannot be read leaves what was known; `trouble` says why.
    """

    def __init__(self, file: Path, book: Path) -> None:
        self._file = file
        self._book = book
        self._mark: bytes | None = b""
        self._grants: tuple[Grant, ...] = ()
        self.trouble = ""

    def grants(self) -> tuple[Grant, ...]:
        """What is granted; costs one look at the file unless it changed."""
        try:
            mark = signature(self._file.stat())
        except FileNotFoundError:
            mark = None
        except OSError as error:
            self.trouble = f"{self._file}: {error.strerror}"
            return self._grants
        if mark != self._mark:
            self._read()
            self._mark = mark
        return self._grants

    def _read(self) -> None:
        try:
            with suppress(OSError):  # not there, or not ours
                shut(self._file)
            self._grants = grants_of(load(self._file), self._book)
            self.trouble = ""
        except FileUnreadable as error:
            self.trouble = str(error)
