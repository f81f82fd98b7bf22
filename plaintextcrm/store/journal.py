"""What commands changed, with the texts before and after: so that it can be undone.

A record is written before the files are: what a killed command left half done is taken back by the
next one. A file of which the record ends with `.begun` may not have reached all of its files.
"""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from plaintextcrm.model.errors import CrmError
from plaintextcrm.store.cache import make_private
from plaintextcrm.store.change import Version, change, holds
from plaintextcrm.store.write import Changed, replace

KEPT = 200  # changes; older ones can no longer be undone
_DONE, _BEGUN = ".json", ".begun"


@dataclass(frozen=True, slots=True)
class Record:
    """One command's change. `number` counts from 1 and orders the records; `what` is what was typed."""

    number: int
    when: str
    what: str
    files: tuple[Version, ...]


class Journal:
    """The records of one address book, a file each, in a folder of the user's cache.

    All that writes wants the lock of the address book to be held.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, what: str, files: Sequence[Version], when: datetime) -> Record:
        """Keep what is about to be done. Raises NotWritten; then nothing may be done."""
        self._prepare()
        last = max((_number(path) for path in self._folder.iterdir()), default=0)
        record = Record(last + 1, when.isoformat(timespec="seconds"), what, tuple(files))
        text = json.dumps(asdict(record))  # ASCII: broken bytes of a file survive as surrogates
        replace(self._path(record, _BEGUN), text.encode())
        return record

    def finish(self, record: Record) -> None:
        """All files are changed. What fails from here on is no loss: `recover` sees that they are."""
        with suppress(OSError):
            os.replace(self._path(record, _BEGUN), self._path(record, _DONE))
            for old in self._names(_DONE)[:-KEPT]:
                old.unlink()

    def take_back(self, record: Record, book: Path) -> bool:
        """Bring the files that were changed back to what they were; False where that failed."""
        done = [version for version in record.files if holds(book, version, version.after)]
        with suppress(CrmError, OSError, Changed):
            for version in reversed(done):
                if not holds(book, version, version.before):
                    change(book, [version.reversed()])
            self._path(record, _BEGUN).unlink()
            return True
        return False

    def recover(self, book: Path) -> list[Record]:
        """See to commands that were killed: what is whole counts, the others are taken back, and told."""
        taken = []
        for path in self._names(_BEGUN):
            record = _load(path)
            if record is None:
                path.unlink(missing_ok=True)
            elif all(holds(book, version, version.after) for version in record.files):
                self.finish(record)
            elif any(holds(book, version, version.after) for version in record.files):
                if self.take_back(record, book):
                    taken.append(record)
            else:
                path.unlink(missing_ok=True)
        return taken

    def records(self) -> list[Record]:
        """All changes that can be read, the newest first."""
        found = (_load(path) for path in reversed(self._names(_DONE)))
        return [record for record in found if record is not None]

    def _prepare(self) -> None:
        """Raises NotWritten where there can be no journal."""
        from plaintextcrm.model.errors import NotWritten

        try:
            make_private(self._folder)
        except OSError as error:
            raise NotWritten(str(self._folder), error.strerror or str(error)) from error

    def _path(self, record: Record, ending: str) -> Path:
        return self._folder / f"{record.number:08}{ending}"

    def _names(self, ending: str) -> list[Path]:
        return sorted(self._folder.glob(f"*{ending}"))


def _number(path: Path) -> int:
    return int(path.stem) if path.stem.isdigit() else 0


def _load(path: Path) -> Record | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        plain = json.loads(path.read_bytes())
        files = tuple(Version(**version) for version in plain.pop("files"))
        return Record(**plain, files=files)
    return None
