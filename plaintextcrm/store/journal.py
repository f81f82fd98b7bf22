"""What commands changed, with the texts before and after, so that it can be undone."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from plaintextcrm.store.cache import make_private
from plaintextcrm.store.write import replace

KEPT = 200  # changes; older ones can no longer be undone


@dataclass(frozen=True, slots=True)
class Version:
    """One file of a change: its text before and after; None where it was not there."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """One command's change. `name` orders the records; `undone` is set once it was taken back."""

    name: str
    when: str
    what: str
    files: tuple[Version, ...]
    undone: bool = False


class Journal:
    """The records of one address book, a file each, in a folder of the user's cache."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, what: str, files: Sequence[Version], when: datetime) -> Record:
        """Keep a new record. Raises NotWritten."""
        make_private(self._folder)
        record = Record(f"{when:%Y%m%dT%H%M%S%f}", when.isoformat(), what, tuple(files))
        self._put(record)
        for old in self._names()[:-KEPT]:
            with suppress(OSError):
                old.unlink()
        return record

    def mark_undone(self, record: Record) -> None:
        """Remember that a record was taken back."""
        self._put(Record(record.name, record.when, record.what, record.files, undone=True))

    def records(self) -> list[Record]:
        """All records that can be read, the newest first."""
        found = []
        for path in reversed(self._names()):
            with suppress(OSError, ValueError, KeyError, TypeError):
                plain = json.loads(path.read_text("utf-8"))
                files = tuple(Version(**version) for version in plain.pop("files"))
                found.append(Record(**plain, files=files))
        return found

    def _put(self, record: Record) -> None:
        text = json.dumps(asdict(record), ensure_ascii=False)
        replace(self._folder / f"{record.name}.json", text.encode())

    def _names(self) -> list[Path]:
        return sorted(self._folder.glob("*.json"))
