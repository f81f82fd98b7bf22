"""How soon a saved contact is in the feed: `python benchmarks/watch.py`, for each way of saving.

The times are those of the files: from the last touch of the contact to the feed that holds it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.people import generate
from tests.watch.saving import EDITORS, EVERYWHERE, MissingProgram, Pattern
from tests.watch.watcher import Watcher

COMMAND = [sys.executable, "-c", "from plaintextcrm.cli.main import main; main()"]
CONTACT = "name: Zuzana Bench\ncadence: none\nfollow_ups:\n  - date: 2026-11-23\n    note: {}\n"
BURST = 1000


def seconds_between(contact: Path, feed: Path) -> float:
    """From the contact's last touch to the feed's, by the disk's clock."""
    return (feed.stat().st_ctime_ns - contact.stat().st_ctime_ns) / 1e9


def measure(watcher: Watcher, save: Pattern, rounds: int) -> Iterator[float]:
    """Save a contact again and again; the seconds each took. Raises MissingProgram."""
    contact = watcher.folder / "contacts" / f"{save.name}.yaml"
    contact.write_text(CONTACT.format(f"{save.name}-0."), "utf-8")
    watcher.until_feed(f"{save.name}-0.")
    for number in range(rounds):
        new = f"{save.name}-{number + 1}."
        save(contact, f"{save.name}-{number}.", new)
        watcher.until_feed(new)
        yield seconds_between(contact, watcher.folder / "follow-ups.ics")


def measure_checkout(watcher: Watcher, rounds: int) -> Iterator[float]:
    """Another branch, on which one contact differs."""
    contact = watcher.folder / "contacts" / "branch.yaml"
    git(watcher.folder, "init", "--quiet")
    for branch in ("one", "two"):
        git(watcher.folder, "checkout", "--quiet", "-B", branch)
        contact.write_text(CONTACT.format(f"branch-{branch}."), "utf-8")
        git(watcher.folder, "add", contact)
        git(watcher.folder, "commit", "--quiet", f"--message={branch}")
    watcher.until_feed("branch-two.")
    for number in range(rounds):
        branch = ("one", "two")[number % 2]
        git(watcher.folder, "checkout", "--quiet", branch)
        watcher.until_feed(f"branch-{branch}.")
        yield seconds_between(contact, watcher.folder / "follow-ups.ics")


def git(folder: Path, *arguments: str | Path) -> None:
    identity = ("-c", "user.name=Jana", "-c", "user.email=jana@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True)


def measure_burst(watcher: Watcher, rounds: int) -> Iterator[float]:
    """A thousand files change at once; the seconds until the last is in the feed."""
    paths = sorted((watcher.folder / "contacts").rglob("*.yaml"))[:BURST]
    last = watcher.folder / "contacts" / "last.yaml"
    for number in range(rounds):
        for path in paths:
            path.write_bytes(b"# touched\n" + path.read_bytes())
        last.write_text(CONTACT.format(f"burst-{number}."), "utf-8")
        watcher.until_feed(f"burst-{number}.")
        yield seconds_between(last, watcher.folder / "follow-ups.ics")


def row(name: str, times: list[float]) -> str:
    """One line of the table, in milliseconds."""
    return f"{name:28}{median(times) * 1000:8.0f}{max(times) * 1000:8.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure from a save to the feed.")
    parser.add_argument("--contacts", type=int, default=1000, metavar="N")
    parser.add_argument("--rounds", type=int, default=10, metavar="N")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["XDG_CACHE_HOME"] = f"{place}/cache"
        book = Path(place) / "book"
        generate(book, given.contacts)
        print(f"{given.contacts} contacts, milliseconds{'':6}{'median':>8}{'worst':>8}")
        with Watcher(COMMAND, book, Path(place) / "log") as watcher:
            for save in (*EVERYWHERE, *EDITORS):
                try:
                    print(row(save.name, list(measure(watcher, save, given.rounds))), flush=True)
                except MissingProgram as missing:
                    print(f"{save.name:28} {missing} is not installed")
            print(row("git checkout", list(measure_checkout(watcher, given.rounds))), flush=True)
            rounds = max(given.rounds // 3, 1)
            print(row(f"burst of {BURST} files", list(measure_burst(watcher, rounds))))


if __name__ == "__main__":
    main()
