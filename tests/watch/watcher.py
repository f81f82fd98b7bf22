"""The real `plaintextcrm watch` in a process of its own, and what it does seen from outside."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

LIMIT = 60.0  # seconds; longer than this is a hang, however busy the machine
# What editors leave beside a file, for a moment or for good.
DROPPINGS = (
    ".eva.yaml.swp", ".eva.yaml.swx", "4913", "eva.yaml~", "#eva.yaml#", ".#eva.yaml", "sedA1b2C3",
    ".eva.yaml.Xy12Zz", "eva.yaml.tmp", "eva.yaml.bak", "eva.yaml.save", ".DS_Store", "notes.txt",
)  # fmt: skip
STEP = 0.005  # seconds between two looks of a test


def until(what: Callable[[], object], shown: Callable[[], object] = str) -> float:
    """Wait until something is true; the seconds it took. `shown` tells how it is, if it hangs."""
    begin = time.monotonic()
    while not what():
        assert time.monotonic() - begin < LIMIT, f"still not so:\n{shown()}"
        time.sleep(STEP)
    return time.monotonic() - begin


def clear(folder: Path) -> None:
    """Delete a folder in which somebody may be writing just now."""

    def gone() -> bool:
        shutil.rmtree(folder, ignore_errors=True)
        return not folder.exists()

    until(gone)


class Watcher:
    """A running `watch` of an address book. `log` is a file for what it prints."""

    verb = "watch"

    def __init__(self, command: list[str], folder: Path, log: Path, *arguments: str) -> None:
        self.folder = folder
        self._log = log
        self._feeds: dict[str, tuple[tuple[int, ...], str]] = {}
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                [*command, "-C", str(folder), self.verb, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PLAINTEXTCRM_TODAY": "2026-11-22"},
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        """Wait until it has looked for the first time, and listens."""
        try:
            self.until(lambda: self.lines)
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it, and see that it ended well."""
        if self._process.poll() is None:
            self.send(signal.SIGCONT)
            code = self.end(signal.SIGTERM)
            assert error or code == 0, self.text
        assert error or "Traceback" not in self.text, self.text

    @property
    def text(self) -> str:
        """All it printed."""
        return self._log.read_text("utf-8")

    @property
    def lines(self) -> list[str]:
        """Its status lines, without the time, and how long each thing took."""
        found = re.findall(r"^\d\d:\d\d:\d\d  (.+)$", self.text, re.MULTILINE)
        return [re.sub(r" \([\d.]+ m?s\)$", "", line) for line in found]

    def feed(self, path: str = "follow-ups.ics") -> str:
        """A feed's text, unfolded; empty where there is none. It is read only when it is new: who
        waits for a large feed must not keep the watcher from its work.
        """
        try:
            with (self.folder / path).open("rb") as file:
                status = os.fstat(file.fileno())
                mark = (status.st_ino, status.st_mtime_ns, status.st_size)
                if self._feeds.get(path, ((), ""))[0] != mark:
                    text = file.read().decode().replace("\r\n ", "")
                    self._feeds[path] = (mark, text)
                return self._feeds[path][1]
        except FileNotFoundError:
            return ""

    def until(self, what: Callable[[], object]) -> float:
        """See `until` above."""
        return until(what, lambda: f"{self.text}\n{self.feed()}")

    def until_line(self, part: str) -> None:
        """Wait for a status line."""
        self.until(lambda: any(part in line for line in self.lines))

    def until_lines(self, count: int) -> None:
        """Wait until it has printed so many status lines."""
        self.until(lambda: len(self.lines) >= count)

    def until_feed(self, part: str, path: str = "follow-ups.ics") -> float:
        """Wait until the feed holds a text; the seconds it took."""
        return self.until(lambda: part in self.feed(path))

    def send(self, number: signal.Signals) -> None:
        """Send a signal to it."""
        self._process.send_signal(number)

    def end(self, number: signal.Signals) -> int:
        """End it by a signal; its exit code."""
        self.send(number)
        try:
            return self._process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    @property
    def group(self) -> int:
        """Its process group, in which its helpers are, too."""
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Its exit code."""
        return self._process.returncode

    def has_helpers(self) -> bool:
        """True while a process of its group is there."""
        try:
            os.killpg(self.group, 0)
        except ProcessLookupError:
            return False
        return True

    def is_running(self) -> bool:
        """True until it ended."""
        return self._process.poll() is None
