"""What git carries: `python -m benchmarks.git --counts 10000`, in a folder that all share on this disk.

Measured are the first push, a clone, a partial clone with a sparse checkout, and what people do each
day: a sync with nothing new, with one talk to send, and with 1,000 changed contacts to fetch and merge.
"""

import argparse
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.cases import PCRM
from benchmarks.people import TODAY, generate

MANY = 1000  # contacts that a colleague changed at once
BOTH = 100  # contacts that two people changed: git starts the merge driver for each


class Team:
    """A bare folder, and two people who share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.remote = folder / "team.git"
        self.jana, self.petr, self.part = (folder / name for name in ("jana", "petr", "part"))
        person = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "Bench"), ("EMAIL", "bench@example.com"))
        }
        self.environment = {
            **os.environ,
            **person,
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "PLAINTEXTCRM_TODAY": TODAY.isoformat(),
        }

    def run(self, words: Sequence[str], folder: Path | None = None) -> str:
        """What a program prints; it must succeed."""
        done = subprocess.run(
            list(words), cwd=folder or self.folder, env=self.environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"{' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def pcrm(self, folder: Path, *words: str) -> str:
        """A command of ours."""
        return self.run([*PCRM, "-C", str(folder), *words])


@contextmanager
def measured(label: str, rows: list[tuple[str, float, float]]) -> Iterator[None]:
    """Keep the time on the clock and that of the processors, with all processes that were started."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    yield
    spent, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    rows.append((label, spent, cpu))
    print(f"{label:45} {spent:8.2f} s {cpu:8.2f} s of processor", flush=True)


def change(folder: Path, count: int, field: str) -> None:
    """A field more in so many contacts."""
    for file in sorted((folder / "contacts").rglob("*.yaml"))[:count]:
        text = file.read_bytes()
        end = b"" if text.endswith(b"\n") else b"\n"
        file.write_bytes(text + end + f"x_{field}: yes\n".encode())


def steps(team: Team, count: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Each thing to measure; what is made ready for it stands between them."""
    generate(team.jana, count)
    team.run(["git", "init", "-q", "--bare", str(team.remote)])
    team.run(["git", "config", "uploadpack.allowFilter", "true"], team.remote)
    team.run(["git", "init", "-q", str(team.jana)])
    team.run(["git", "remote", "add", "origin", str(team.remote)], team.jana)
    team.pcrm(team.jana, "list", "--format", "ids")
    yield "first sync: commit and push all", lambda: team.pcrm(team.jana, "sync")
    url = f"file://{team.remote}"
    yield "git clone", lambda: team.run(["git", "clone", "-q", url, str(team.petr)])
    sparse = ["git", "clone", "-q", "--filter=blob:none", "--sparse", url, str(team.part)]
    yield "partial clone, sparse: the folders alone", lambda: team.run(sparse)
    team.pcrm(team.petr, "list", "--format", "ids")
    yield "sync, nothing new", lambda: team.pcrm(team.jana, "sync")
    some = team.pcrm(team.jana, "list", "--format", "ids").split()
    team.pcrm(team.jana, "log", some[-1], "call", "One talk")
    yield "sync, one talk to send", lambda: team.pcrm(team.jana, "sync")
    change(team.petr, MANY, "theirs")
    yield f"sync, {MANY} contacts to send", lambda: team.pcrm(team.petr, "sync")
    team.pcrm(team.jana, "log", some[-1], "call", "Another talk")
    yield f"sync, {MANY} contacts to fetch", lambda: team.pcrm(team.jana, "sync")
    change(team.jana, BOTH, "ours")
    team.pcrm(team.jana, "sync")
    change(team.petr, BOTH, "also")
    yield f"sync, {BOTH} contacts that both changed", lambda: team.pcrm(team.petr, "sync")
    yield "history of one contact", lambda: team.pcrm(team.jana, "history", some[-1])


def main() -> None:
    """Measure for each count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[10_000])
    parser.add_argument("--work", type=Path, default=None, help="where to work; a temporary folder")
    chosen = parser.parse_args()
    for count in chosen.counts:
        with tempfile.TemporaryDirectory(dir=chosen.work, prefix="git-bench-") as folder:
            rows: list[tuple[str, float, float]] = []
            print(f"{count:,} contacts")
            team = Team(Path(folder))
            for label, act in steps(team, count):
                with measured(label, rows):
                    act()


if __name__ == "__main__":
    main()
