"""Running the calendar programs of this folder, each in a home of its own, and giving them the feed."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

HERE = Path(__file__).parent
LONGEST_RUN = 120  # seconds; a reader that hangs on a feed is a finding, not a reason to wait

_OPENER = build_opener(ProxyHandler({}))

Occurrence = tuple[str, str, str]
Source = Path | str  # a file, or the URL under which a feed is served


class MissingProgram(Exception):
    """A reader cannot be asked because a program or library is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not installed; tests/clients/install.sh installs it")


class ReaderFailed(Exception):
    """A program ended with an error: what it was asked, and what it said."""

    def __init__(self, command: list[str], said: str) -> None:
        super().__init__(f"{' '.join(command)}\n{said}")


def path_of(name: str) -> str:
    """The path of a program; the folder of this Python comes first, as khal lives in its venv."""
    places = [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    found = shutil.which(name, path=os.pathsep.join(places))
    if found is None:
        raise MissingProgram(name)
    return found


def environment(home: Path) -> dict[str, str]:
    """Ours, but with settings and caches below `home`, and no proxy before the loopback server."""
    folders = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    return {
        **os.environ,
        **{name: str(home / name.lower()) for name in folders},
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",  # node-ical gives all-day events as midnight here
        "COLUMNS": "200",
        "no_proxy": "127.0.0.1",
        "NO_PROXY": "127.0.0.1",
    }


def run(command: list[str], home: Path) -> str:
    """What the command printed; raises ReaderFailed with its complaint when it ends badly."""
    done = subprocess.run(
        command,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST_RUN,
        check=False,
    )
    if done.returncode != 0:
        raise ReaderFailed(command, done.stdout + done.stderr)
    return done.stdout


def own_folder(work: Path, name: str) -> Path:
    """A folder of the reader's own below `work`."""
    folder = work / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def parse_answer(answer: str) -> tuple[int, list[Occurrence]]:
    """The JSON that `expand.mjs` and `expand.c` print."""
    found = json.loads(answer)
    return found["count"], sorted((start, title, uid) for start, title, uid in found["occurrences"])


def as_file(feed: Source, work: Path) -> Path:
    """The feed as a file, for readers that leave it to others to fetch."""
    if isinstance(feed, Path):
        return feed
    file = work / "fetched.ics"
    with _OPENER.open(feed, timeout=LONGEST_RUN) as answer:
        file.write_bytes(answer.read())
    return file


@contextmanager
def served(feed: Source) -> Iterator[str]:
    """The address under which the feed can be fetched, as a subscriber does."""
    if isinstance(feed, str):
        yield feed
        return
    body = feed.read_bytes()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/calendar; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", f'"{sha256(body).hexdigest()}"')
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output for the test."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/feed.ics"
        server.shutdown()
