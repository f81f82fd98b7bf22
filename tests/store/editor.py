"""An editor that has a contact open and saves it again and again, in the ways that editors do."""

import os
import random
import time
from pathlib import Path

from tests.store.faults import marks

LIMIT = 60.0  # seconds until the last save must be seen again, or it is lost


class Editor:
    """`saved` counts the saves, each leaves its number in the text; `had` tells of each save which
    edits were in it; `lost` are those that were gone when the editor looked again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.saved = 0
        self.had: dict[int, frozenset[int]] = {}
        self.lost: list[int] = []
        self._chance = random.Random(7)
        self._ways = (self._renamed, self._in_place, self._over)

    def save(self) -> None:
        """Load the text, change it, and save it if the file is still the same; else load it again."""
        while True:
            old = self._load()
            number = b"notes: save %d\n"
            new = old.replace(number % self.saved, number % (self.saved + 1))
            for _moment in range(self._chance.randrange(250)):
                self.path.read_bytes()
            if self._chance.choice(self._ways)(old, new):
                self.saved += 1
                self.had[self.saved] = marks(new).edits
                return

    def _load(self) -> bytes:
        """The text with our last save. For a moment an older one may be seen, while a command notices
        that it came too late.
        """
        limit = time.monotonic() + LIMIT
        while True:
            text = self.path.read_bytes()
            found = marks(text)
            if found.save == self.saved:
                return text
            if found.save >= 0 and time.monotonic() > limit:
                self.lost.append(self.saved)
                self.saved = found.save
                return text

    def _renamed(self, old: bytes, new: bytes) -> bool:
        temporary = self.path.with_name(".eva.yaml.new")
        temporary.write_bytes(new)
        if self.path.read_bytes() != old:
            return False
        temporary.replace(self.path)
        return True

    def _in_place(self, old: bytes, new: bytes) -> bool:
        """Emptied, then written in two pieces."""
        if self.path.read_bytes() != old:
            return False
        with self.path.open("wb", buffering=0) as file:
            file.write(new[: len(new) // 2])
            file.write(new[len(new) // 2 :])
        return True

    def _over(self, old: bytes, new: bytes) -> bool:
        """Looked at and written through the same descriptor."""
        with self.path.open("r+b", buffering=0) as file:
            if file.read() != old:
                return False
            file.seek(0)
            file.write(new)
            os.ftruncate(file.fileno(), len(new))
        return True
