"""How soon a saved contact is in the feed: `python -m benchmarks.watch`, for each way of saving.

The times are those of the files: from the last touch of the contact to the feed that holds it.
"""

import argparse
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from statistics import median
from types import TracebackType
from uuid import NAMESPACE_DNS, uuid5

from benchmarks.cases import PCRM
from benchmarks.people import TODAY, generate
from benchmarks.running import Failed, Place
from plaintextcrm.book.rows import uid_head
from tests.watch.saving import EDITORS, EVERYWHERE, MissingProgram, Pattern

CONTACT = f"name: Zuzana Bench\ncadence: none\nfollow_ups:\n  - date: {TODAY}\n    note: {{}}\nuid: {{}}\n"
BURST = 1000
STATUS_LINE = re.compile(r"^\d\d:\d\d:\d\d  ", re.MULTILINE)
PATIENCE = 300.0  # seconds; longer than this is a hang
QUIET = 4.0  # seconds without work; more than pass between a change and the last look after it
STEP = 0.005  # seconds between two looks


def unfolded(feed: bytes) -> str:
    """A feed's text, each of its lines in one piece."""
    return feed.decode().replace("\r\n ", "")


class Watching:
    """A running `watch` of an address book, which has looked at all of it and listens."""

    def __init__(self, folder: Path, place: Place) -> None:
        self.folder = folder
        self._feed = place.work / "watched.ics"
        self._log = place.work / "watch.log"
        self._mark = (0, 0)
        self._text = ""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*PCRM, "-C", str(folder), "watch", "-o", str(self._feed)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=place.environment,
            )

    def __enter__(self) -> "Watching":
        try:
            self._until(lambda: STATUS_LINE.search(self._log.read_text("utf-8")))
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()

    def until_feed(self, part: str) -> None:
        """Wait until the feed holds a text."""
        self._until(lambda: part in self._read())

    def until_idle(self) -> None:
        """Wait until it has nothing to do: it looks again some seconds after each change."""
        worked, since = -1, 0.0

        def idle() -> bool:
            nonlocal worked, since
            if worked != (now := self._ticks()):
                worked, since = now, time.monotonic()
            return time.monotonic() - since > QUIET

        self._until(idle)

    def _ticks(self) -> int:
        """How much it has worked so far; always the same where the system does not say so."""
        stat = Path(f"/proc/{self._process.pid}/stat")
        if not stat.exists():
            return 0
        fields = stat.read_text("utf-8").rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def since(self, contact: Path) -> float:
        """Seconds from the contact's last touch to the feed's, by the disk's clock."""
        return (self._feed.stat().st_ctime_ns - contact.stat().st_ctime_ns) / 1e9

    def _read(self) -> str:
        """The feed, unfolded; read only when it is new, so as not to keep the watcher from work."""
        try:
            with self._feed.open("rb") as file:
                status = os.fstat(file.fileno())
                if self._mark != (status.st_ino, status.st_mtime_ns):
                    self._text = unfolded(file.read())
                    self._mark = (status.st_ino, status.st_mtime_ns)
        except FileNotFoundError:
            return ""
        return self._text

    def _until(self, what: Callable[[], object]) -> None:
        """Wait until something is true. Raises Failed."""
        begin = time.monotonic()
        while not what():
            if self._process.poll() is not None or time.monotonic() - begin > PATIENCE:
                raise Failed(f"`watch` did not do its work:\n{self._log.read_text('utf-8')}")
            time.sleep(STEP)


def text(name: str, note: str) -> str:
    """A contact's text with a follow-up that is due today, and that the feed has."""
    return CONTACT.format(note, early_uid(name))


def early_uid(name: str) -> str:
    """A `uid` whose events stand at the beginning of their day.

    A feed has room for some thousand events, so that of a large address book it holds but the first
    ones of today.
    """
    candidates = (str(uuid5(NAMESPACE_DNS, f"{name}-{number}")) for number in count())
    return next(uid for uid in candidates if uid_head(uid).startswith("00"))


def saved(watching: Watching, save: Pattern, number: int) -> float:
    """Save a contact in that way; seconds until the feed has it. Raises MissingProgram.

    `number` is another one each time.
    """
    contact = watching.folder / "contacts" / f"{save.name}.yaml"
    old, new = f"{save.name}-{number}-old.", f"{save.name}-{number}-new."
    contact.write_text(text(save.name, old), "utf-8")
    watching.until_feed(old)
    save(contact, old, new)
    watching.until_feed(new)
    return watching.since(contact)


def saved_in_all_ways(watching: Watching, number: int) -> Iterator[float]:
    """The same for each way of saving that every machine has; editors save in one of them."""
    for save in EVERYWHERE:
        yield saved(watching, save, number)


def checked_out(watching: Watching, rounds: int) -> Iterator[float]:
    """Another branch, on which one contact differs."""
    contact = watching.folder / "contacts" / "branch.yaml"
    git(watching.folder, "init", "--quiet")
    for branch in ("one", "two"):
        git(watching.folder, "checkout", "--quiet", "-B", branch)
        contact.write_text(text("branch", f"branch-{branch}."), "utf-8")
        git(watching.folder, "add", contact)
        git(watching.folder, "commit", "--quiet", f"--message={branch}")
    watching.until_feed("branch-two.")
    for number in range(rounds):
        branch = ("one", "two")[number % 2]
        git(watching.folder, "checkout", "--quiet", branch)
        watching.until_feed(f"branch-{branch}.")
        yield watching.since(contact)


def git(folder: Path, *arguments: str | Path) -> None:
    """Run git there."""
    identity = ("-c", "user.name=Jana", "-c", "user.email=jana@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True)


def burst(watching: Watching, rounds: int) -> Iterator[float]:
    """A thousand files change at once; the seconds until the last is in the feed."""
    paths = sorted((watching.folder / "contacts").rglob("*.yaml"))[:BURST]
    last = watching.folder / "contacts" / "last.yaml"
    for number in range(rounds):
        for path in paths:
            path.write_bytes(b"# touched\n" + path.read_bytes())
        last.write_text(text("burst", f"burst-{number}."), "utf-8")
        watching.until_feed(f"burst-{number}.")
        yield watching.since(last)


def row(name: str, times: list[float]) -> str:
    """One line of the table, in milliseconds."""
    return f"{name:28}{median(times) * 1000:8.0f}{max(times) * 1000:8.0f}"


def main() -> None:
    """Measure each way of saving, a checkout of git, and many files at once."""
    parser = argparse.ArgumentParser(description="Measure from a save to the feed.")
    parser.add_argument("--contacts", type=int, default=1000, metavar="N")
    parser.add_argument("--rounds", type=int, default=10, metavar="N")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        new = {"XDG_CACHE_HOME": f"{work}/cache", "PLAINTEXTCRM_TODAY": TODAY.isoformat()}
        book = Path(work) / "book"
        generate(book, given.contacts)
        print(f"{given.contacts} contacts, milliseconds{'':6}{'median':>8}{'worst':>8}")
        with Watching(book, Place(Path(work), {**os.environ, **new})) as watching:
            for save in (*EVERYWHERE, *EDITORS):
                try:
                    times = [saved(watching, save, number) for number in range(given.rounds)]
                    print(row(save.name, times), flush=True)
                except MissingProgram as missing:
                    print(f"{save.name:28} {missing} is not installed")
            print(row("git checkout", list(checked_out(watching, given.rounds))), flush=True)
            rounds = max(given.rounds // 3, 1)
            print(row(f"burst of {BURST} files", list(burst(watching, rounds))))


if __name__ == "__main__":
    main()
