"""How long the commands take, as whole processes, beside floors run in the same loop.

`python benchmarks/bench.py [COUNT …] [--rounds N]`: a table for folders of so many generated
contacts (1,000 and 10,000 unless given). The unit is `python -c "import click, sqlite3"` in the
same loop, so that a busy machine changes both. Times are medians; memory is the peak of the
process and its children beyond that of a bare Python.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

PYTHON = sys.executable
PCRM = [PYTHON, "-c", "from plaintextcrm.cli.main import main; main()"]
UNIT = [PYTHON, "-c", "import click, sqlite3"]
READ_ALL = """
import sys, yaml
from pathlib import Path
for path in Path(sys.argv[1]).rglob('*.yaml'):
    yaml.load(path.read_bytes(), Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader))
"""


@dataclass
class Case:
    """A command to time, what to do before each run, and its floor by PERF's name."""

    name: str
    command: list[str]
    before: Callable[[], None] = lambda: None
    rounds: int = 0
    seconds: list[float] = field(default_factory=list)
    peak: int = 0  # KiB

    def run(self, environment: dict[str, str]) -> None:
        """Run once and keep time and memory."""
        self.before()
        begin = perf_counter()
        process = subprocess.Popen(
            self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
        )
        _pid, _status, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        self.seconds.append(perf_counter() - begin)
        scale = 1024 if sys.platform == "darwin" else 1
        self.peak = max(self.peak, usage.ru_maxrss // scale)


def cases(folder: Path, cache: Path) -> Iterator[Case]:
    """The floors, then our commands, in the order in which a loop runs them."""
    book = ["-C", str(folder)]
    edited = sorted((folder / "contacts").rglob("*.yaml"))[7]

    def forget() -> None:
        shutil.rmtree(cache, ignore_errors=True)

    def edit() -> None:
        with edited.open("a", encoding="utf-8") as file:
            file.write("# one more line\n")

    def call() -> None:
        with edited.open("a", encoding="utf-8") as file:
            file.write(f"x_{perf_counter():.0f}_{os.urandom(3).hex()}: x\n")

    feed = str(cache.parent / "feed.ics")
    yield Case("bare Python", [PYTHON, "-c", "pass"])
    yield Case('python -c "import click, sqlite3"', UNIT)
    if shutil.which("git"):
        yield Case("git status", ["git", "-C", str(folder), "status", "--short"])
    if shutil.which("rg"):
        yield Case("ripgrep over the folder", ["rg", "-c", "needle", str(folder)])
    yield Case("read all files + CSafeLoader", [PYTHON, "-c", READ_ALL, str(folder)], rounds=2)
    yield Case("check, first time", [*PCRM, *book, "check"], forget, rounds=2)
    yield Case("--help", [*PCRM, "--help"])
    yield Case("check, nothing changed", [*PCRM, *book, "check"])
    yield Case("list (a word)", [*PCRM, *book, "list", "e-shop"])
    yield Case("list (everyone)", [*PCRM, *book, "list"])
    yield Case("agenda", [*PCRM, *book, "agenda"])
    yield Case("agenda of one owner, today", [*PCRM, *book, "agenda", "owner:petr", "--days", "0"])
    yield Case("list after one edit", [*PCRM, *book, "list", "e-shop"], edit)
    yield Case("export ics, first time", [*PCRM, *book, "export", "ics", "-o", feed], rounds=1)
    yield Case("export ics, nothing changed", [*PCRM, *book, "export", "ics", "-o", feed])
    yield Case("export ics after one edit", [*PCRM, *book, "export", "ics", "-o", feed], call)


def measure(count: int, rounds: int) -> list[Case]:
    """Time all cases on a fresh folder of so many contacts, interleaved."""
    with tempfile.TemporaryDirectory() as work:
        folder, cache = Path(work, "book"), Path(work, "cache")
        # In a process of its own: a child's peak of memory counts from what its parent has.
        people = Path(__file__).with_name("people.py")
        subprocess.run([PYTHON, str(people), str(folder), str(count)], check=True)
        environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "HOME": work}
        environment["PYTHONPATH"] = str(Path(__file__).parents[1])
        if shutil.which("git"):
            for words in (["init", "-q"], ["add", "-A"]):
                subprocess.run(["git", "-C", str(folder), *words], check=True, env=environment)
        listed = list(cases(folder, cache))
        for turn in range(rounds):
            for case in listed:
                if turn < (case.rounds or rounds):
                    case.run(environment)
        return listed


def table(count: int, listed: list[Case]) -> str:
    """The measured cases as a Markdown table."""
    bare = listed[0].peak
    unit = statistics.median(listed[1].seconds)
    lines = [
        f"## {count:,} contacts",
        "",
        "| command | median s | units | MB beyond Python |",
        "|---|---|---|---|",
    ]
    for case in listed:
        seconds = statistics.median(case.seconds)
        memory = (case.peak - bare) / 1024
        lines.append(f"| {case.name} | {seconds:.3f} | {seconds / unit:.2f} | {memory:.0f} |")
    reading = next(case for case in listed if case.name.startswith("read all"))
    first = next(case for case in listed if case.name == "check, first time")
    ratio = statistics.median(first.seconds) / statistics.median(reading.seconds)
    lines += ["", f"First check against reading + CSafeLoader alone: {ratio:.2f}"]
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time plaintextcrm beside floors.")
    parser.add_argument("counts", nargs="*", type=int, default=[1_000, 10_000])
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    for count in options.counts:
        print(table(count, measure(count, options.rounds)), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
