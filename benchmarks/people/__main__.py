"""The generator as a command."""

import argparse
from datetime import date
from pathlib import Path

from benchmarks.people import TODAY, generate


def main() -> None:
    parser = argparse.ArgumentParser(description="Write an address book to measure with.")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("count", type=int, metavar="COUNT")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--today", type=date.fromisoformat, default=TODAY, metavar="DATE")
    given = parser.parse_args()
    try:
        generate(given.folder, given.count, given.seed, given.today)
    except FileExistsError as error:
        parser.error(f"{error.filename} is there already")


if __name__ == "__main__":
    main()
