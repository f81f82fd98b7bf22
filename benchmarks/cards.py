"""What moving in and out takes: `python -m benchmarks.cards --count 10000`.

Everybody of a made-up address book goes out as vCards, comes into an empty one, and comes again. The
second time must change no byte. Seconds, seconds of CPU, and the memory of the largest process.
"""

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cases import PCRM
from benchmarks.people import TODAY, generate
from benchmarks.running import Launcher, Place, Run


def measure(count: int, work: Path) -> list[tuple[str, Run]]:
    """What each step took."""
    generate(work / "from", count, 1, TODAY)
    (work / "to" / "contacts").mkdir(parents=True)
    environment = {
        **os.environ,
        "XDG_CACHE_HOME": str(work / "cache"),
        "PLAINTEXTCRM_TODAY": TODAY.isoformat(),
    }
    cards = str(work / "all.vcf")
    with Launcher(Place(work, environment), "cards") as launcher:

        def run(folder: str, *words: str) -> Run:
            return launcher.run([*PCRM, "-C", str(work / folder), *words])

        run("from", "list")  # the book has seen all files
        steps = [("export vcard", run("from", "export", "vcard", "-o", cards))]
        steps.append(("import vcard", run("to", "import", "vcard", cards)))
        before = _texts(work / "to")
        steps.append(("import vcard, again", run("to", "import", "vcard", cards)))
    if _texts(work / "to") != before:
        raise SystemExit("the second import changed something")
    return steps


def _texts(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in (folder / "contacts").rglob("*.yaml")}


def table(steps: Sequence[tuple[str, Run]]) -> str:
    """The steps as lines of a table."""
    rows = [
        f"| {name} | {run.seconds:.1f} s | {run.cpu:.1f} s | {run.peak:.0f} MB |"
        for name, run in steps
    ]
    return "\n".join(["| | time | CPU | memory |", "|---|---|---|---|", *rows])


def main() -> None:
    parser = argparse.ArgumentParser(description="Time vCards, out and in.")
    parser.add_argument("--count", type=int, default=10_000, metavar="COUNT")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(table(measure(given.count, Path(folder))))


if __name__ == "__main__":
    main()
