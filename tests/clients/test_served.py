"""The same over the project's own URL: real calendar programs subscribe to a running `serve`.

Each fetches the feed from the real process, by itself where it can; what it sees is compared with
the file that `serve` wrote, of which `test_clients.py` knows that it is what the contacts say.
"""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import COMMAND
from tests.web.serving import Serving

from . import crowd, hard
from .readers import READERS, Reader
from .test_clients import END, START, expected, needs_programs

pytestmark = pytest.mark.clients

PROGRAM = [*COMMAND, "--today", hard.TODAY]
NAMES = ("jana", "hard", "days", "own", "f0")


@dataclass(frozen=True)
class Subscribed:
    """A feed's file in the book, and the URL under which it is served."""

    file: Path
    url: str


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Subscribed]]:
    """The feeds of a whole studio, served."""
    work: Path = tmp_path_factory.mktemp("served")
    book = work / "book"
    crowd.write(book)
    with pytest.MonkeyPatch.context() as environment:
        for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            environment.setenv(name, str(work / name.lower()))
        # Ten thousand texts take their time; then the server begins with what is there. Twice, as
        # files that were written a moment ago are looked at once more.
        for _ in range(2):
            subprocess.run([*PROGRAM, "-C", str(book), "export", "ics"], check=True)
        with Serving(PROGRAM, book, work / "log", "--port=0") as server:
            yield {
                name: Subscribed(book / f"{name}.ics", address(book, name, server.base))
                for name in NAMES
            }


def address(book: Path, name: str, base: str) -> str:
    """The URL of a feed, made by the command."""
    words = [*PROGRAM, "-C", str(book), "feed-url", name, "--base", base]
    made = subprocess.run(words, check=True, capture_output=True, text=True)
    return made.stdout.splitlines()[0]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("reader", READERS, ids=[reader.name for reader in READERS])
def test_subscribed(
    reader: Reader, name: str, feeds: dict[str, Subscribed], tmp_path: Path
) -> None:
    feed = feeds[name]
    with needs_programs():
        count = reader.count(feed.url, tmp_path)
        seen = reader.occurrences(feed.url, START, END, tmp_path)
    assert count == feed.file.read_bytes().count(b"\r\nBEGIN:VEVENT\r\n") > 0
    assert seen == expected(feed.file, reader) != []
