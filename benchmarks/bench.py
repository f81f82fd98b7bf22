"""How long the commands take, as whole processes, beside floors and peers run in the same loop.

`python -m benchmarks.bench`, or `make bench`: a table for folders of so many generated contacts.
Before each run of a command runs the unit, a Python with the two libraries that every command
needs, so that a busy machine slows both. A round runs every command once; all figures are medians
over the rounds.
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks import cases, peers
from benchmarks.cases import PYTHON, Case
from benchmarks.people import TODAY
from benchmarks.running import Failed, Place, Run
from benchmarks.stage import Stage
from benchmarks.table import Measured, table
from benchmarks.targets import LARGE, SMALL

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "docs" / "speed.md"
BUSY = 0.7  # processes that were at work before; medians and ratios bear a little


def measure(count: int, rounds: int, work: Path, with_peers: bool) -> str:
    """The section about so many contacts, measured in a folder of its own."""
    load = os.getloadavg()[0]
    folder, feed = work / "book", work / "feed.ics"
    place = Place(work, _environment(work))
    # In a process of its own, so that its memory is not ours while we measure.
    generate = [PYTHON, "-m", "benchmarks.people", str(folder), str(count)]
    subprocess.run(generate, check=True, cwd=PROJECT)
    if shutil.which("git"):
        for words in (["init", "--quiet"], ["add", "--all"]):
            subprocess.run(["git", *words], cwd=folder, check=True, env=place.environment)
    listed, notes = [*cases.floors(folder)], [*cases.missing()]
    if with_peers:
        others, told = _peers(folder, place)
        listed, notes = [*listed, *others], [*notes, *told]
    listed += cases.ours(folder, feed, place)
    with closing(Stage(folder, feed, place)) as stage:
        units, saves = _rounds(stage, listed, rounds)
    measured = Measured(count, listed, units, saves)
    return "\n\n".join((f"## {count:,} contacts", _about(rounds, load), *notes, table(measured)))


def _rounds(stage: Stage, listed: list[Case], rounds: int) -> tuple[list[Run], list[float]]:
    """Run every case once a round; the runs of the unit between them, and the saves."""
    units: list[Run] = []
    saves: list[float] = []
    for turn in range(rounds):
        for case in listed:
            if turn == 0 or not case.once:
                units.append(stage.unit())
                case.runs.append(stage.time(case))
                slow = case.peer and case.runs[-1].seconds > peers.SLOW
                case.once = case.once or slow
        saves += stage.saves()
        print(f"round {turn + 1} of {rounds}", file=sys.stderr, flush=True)
    return units, saves


def _environment(work: Path) -> dict[str, str]:
    """Nothing is read from, or left in, the home folder of who measures.

    Nor do settings of Python count: without its compiled files every command takes twice as long.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "PLAINTEXTCRM", "XDG"))
    }
    return {
        **kept,
        "HOME": str(work),
        "XDG_CACHE_HOME": str(work / "cache"),
        "XDG_CONFIG_HOME": str(work / "config"),
        "XDG_DATA_HOME": str(work / "data"),
        "XDG_STATE_HOME": str(work / "state"),
        "PYTHONPATH": str(PROJECT),
        "PLAINTEXTCRM_TODAY": TODAY.isoformat(),
        "COLUMNS": "100",
    }


def _peers(folder: Path, place: Place) -> tuple[list[Case], list[str]]:
    """The cases of all peers that can be installed, and a line about which they are."""
    kept = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    cache = Path(kept, "plaintextcrm-benchmark")
    everybody = peers.people(folder)
    listed: list[Case] = []
    versions, notes = [], []
    for peer in peers.PEERS:
        if trouble := peers.install(cache, peer):
            notes.append(trouble)
        else:
            versions.append(peers.version(cache, peer))
            listed += peers.cases(cache, peer, everybody, place)
    return listed, [*notes, f"Peers: {', '.join(versions)}."] if versions else notes


def _about(rounds: int, load: float) -> str:
    """What was measured on: it explains half of every figure."""
    python, system = platform.python_version(), platform.system()
    machine = (
        f"Python {python}, {system}, {os.cpu_count()} cores, {rounds} round{'s' * (rounds != 1)}"
    )
    if load > BUSY:
        return (
            f"{machine}. The machine was busy (a load of {load:.1f}): measure again when it is not."
        )
    return f"{machine}, a load of {load:.1f} before."


def write(page: Path, count: int, section: str) -> None:
    """Put a section into the page, in place of the last one about so many contacts."""
    begin, end = f"<!-- {count} -->", f"<!-- end of {count} -->"
    text = page.read_text("utf-8")
    made = f"{begin}\n{section}\n{end}"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    new, found = pattern.subn(lambda _: made, text)
    page.write_text(new if found else f"{text.rstrip()}\n\n{made}\n", "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time plaintextcrm beside floors and peers.")
    counts = [1_000, SMALL]
    parser.add_argument("--counts", nargs="+", type=int, default=counts, metavar="N")
    parser.add_argument("--rounds", type=int, metavar="N", help="7; 3 from 100,000 contacts on")
    parser.add_argument(
        "--peers",
        action=argparse.BooleanOptionalAction,
        help="other programs, too; without a word, below 100,000 contacts",
    )
    parser.add_argument("--write", action="store_true", help="put the tables into docs/speed.md")
    parser.add_argument("--work", type=Path, metavar="FOLDER", help="work in here, not in /tmp")
    return parser.parse_args()


def _sections(given: argparse.Namespace) -> Iterator[tuple[int, str]]:
    """One section for each number of contacts."""
    for count in given.counts:
        large = count >= LARGE
        with_peers = not large if given.peers is None else given.peers
        with tempfile.TemporaryDirectory(dir=given.work) as work:
            rounds = given.rounds or (3 if large else 7)
            yield count, measure(count, rounds, Path(work), with_peers)


def main() -> None:
    """Measure and print."""
    given = _arguments()
    try:
        for count, section in _sections(given):
            print(section, end="\n\n", flush=True)
            if given.write:
                write(PAGE, count, section)
    except Failed as failed:
        sys.exit(f"bench: {failed}")


if __name__ == "__main__":
    main()
