"""What runs for an address book right now: each `watch` and `serve` says so in the user's cache."""

import json
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from plaintextcrm.store.presence import Sign, presences, present


@dataclass(frozen=True, slots=True)
class Run:
    """A running command: which, its process, since when, where `serve` answers, and where the feeds
    go that it writes, if not into the address book: all into one `file`, or into a `folder`, there
    perhaps `only` some.
    """

    command: str
    pid: int
    since: str
    address: str = ""
    file: str = ""
    folder: str = ""
    only: tuple[str, ...] = ()


class Seen(NamedTuple):
    """A run, and whether its process is still there; one that is not ended without a word."""

    run: Run
    alive: bool


def shown(folder: Path, run: Run) -> AbstractContextManager[Sign]:
    """Let others see this run, in the folder for those of its address book, while the block runs."""
    data = json.dumps(asdict(run), ensure_ascii=True).encode()
    return present(folder, f"{run.command}-{run.pid}", data)


def runs(folder: Path) -> list[Seen]:
    """The runs of one address book."""
    found = []
    for presence in presences(folder):
        run = _run_of(presence.data)
        if run:
            found.append(Seen(run, presence.alive))
    return found


def _run_of(data: bytes) -> Run | None:
    """What somebody wrote; None for what is not ours, or of another version."""
    try:
        plain = json.loads(data)
        run = Run(**{**plain, "only": tuple(plain["only"])})
    except (ValueError, TypeError, KeyError):
        return None
    texts = (run.command, run.since, run.address, run.file, run.folder, *run.only)
    return run if all(isinstance(text, str) for text in texts) else None
