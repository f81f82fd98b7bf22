"""What `serve` stands: `python benchmarks/serve.py`, or `--soak MINUTES`.

Its answers per second and how long they take, beside a small server of the standard library with
the same bytes in the same run; good requests among 500 slow clients; from a save to the served
feed. The soak asks 50 times a second while a contact changes each second and a checkout runs every
ten, and ends with 1 if an answer was wrong, or memory grew.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median

from benchmarks.load import Result, load, slow_clients, trickle
from benchmarks.people import generate
from benchmarks.watch import git, text
from plaintextcrm.web.body import is_calendar
from tests.web.serving import Serving, get

COMMAND = [sys.executable, "-c", "from plaintextcrm.cli.main import main; main()"]
CONNECTIONS = 32
SLOW = 500
RATE = 50  # requests per second in the soak
CHECKOUT = 10  # seconds between two
MEGABYTE = 1_000_000
WARM = 15.0  # seconds until memory is counted: caches and buffers have their size then

# About as much as it takes to hand out one feed with the standard library.
PLAIN = """
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
BODY = open(sys.argv[1], 'rb').read()
class Answer(BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm, wbufsize = 'HTTP/1.1', True, -1
    def do_GET(self):
        has = 'If-None-Match' in self.headers
        self.send_response_only(304 if has else 200)
        for name, value in (('Content-Type', 'text/calendar; charset=utf-8'), ('ETag', '"x"')):
            self.send_header(name, value)
        if not has:
            self.send_header('Content-Length', str(len(BODY)))
        self.end_headers()
        if not has:
            self.wfile.write(BODY)
class Server(ThreadingHTTPServer):
    request_queue_size = 1024
server = Server(('127.0.0.1', 0), Answer)
print(server.server_port, flush=True)
server.serve_forever()
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A running server with an address book, and the path of its feed."""

    server: Serving
    path: str

    @property
    def url(self) -> str:
        return self.server.base + self.path

    def ask(self, *headers: str) -> bytes:
        lines = [f"GET {self.path} HTTP/1.1", f"Host: 127.0.0.1:{self.server.port}", *headers]
        return "".join(f"{line}\r\n" for line in (*lines, "")).encode()

    def memory(self) -> int:
        """Bytes that it has in memory."""
        pages = Path(f"/proc/{self.server.group}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def threads(self) -> int:
        return len(os.listdir(f"/proc/{self.server.group}/task"))


@contextmanager
def serving(place: Path, contacts: int) -> Iterator[Place]:
    """A server on so many generated contacts."""
    os.environ |= {"XDG_CACHE_HOME": f"{place}/cache", "XDG_DATA_HOME": f"{place}/data"}
    book = place / f"book-{contacts}"
    generate(book, contacts)
    words = [*COMMAND, "-C", str(book), "feed-url", "follow-ups"]
    settings = book / "plaintextcrm.yaml"
    kept = settings.read_text("utf-8").partition("feeds:")[0]
    settings.write_text(f"{kept}feeds: [{{name: follow-ups}}]\n", "utf-8")
    made = subprocess.run(words, capture_output=True, text=True, check=True)
    path = made.stdout.splitlines()[0].removeprefix("http://127.0.0.1:8642")
    with Serving(COMMAND, book, place / f"log-{contacts}", "--port=0") as server:
        yield Place(server, path)


@contextmanager
def standard_library(feed: Path) -> Iterator[int]:
    """The port of a server of the standard library with the same bytes."""
    words = [sys.executable, "-c", PLAIN, str(feed)]
    quiet = subprocess.DEVNULL  # it tells each connection that was closed
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=quiet, text=True) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def row(name: str, result: Result) -> str:
    statuses = " ".join(f"{count}×{status}" for status, count in result.statuses.items())
    times = [result.percentile(part) for part in (50, 99, 100)]
    return (
        f"{name:34}{result.rate:8.0f}" + "".join(f"{time:8.1f}" for time in times) + f"  {statuses}"
    )


def measure_load(place: Place, seconds: float) -> None:
    """Full answers and 304s, ours and the standard library's in turn."""
    whole = get(place.url)
    tag = f"If-None-Match: {whole.headers['etag']}"
    packed = get(place.url, Accept_Encoding="gzip")
    sizes = f"{len(whole.body) // 1000} kB, {len(packed.body) // 1000} kB packed"
    print(f"{CONNECTIONS} connections, {sizes:24}    /s   p50 ms  p99 ms   worst")
    with standard_library(place.server.folder / "follow-ups.ics") as port:
        for name, headers in (("200", []), ("304", [tag]), ("200 gzip", ["Accept-Encoding: gzip"])):
            request = place.ask(*headers)
            ours = load(place.server.port, request, CONNECTIONS, seconds)
            print(row(f"{name}, serve", ours), flush=True)
            if name != "200 gzip":
                theirs = load(port, request, CONNECTIONS, seconds)
                print(row(f"{name}, standard library", theirs), flush=True)


def measure_slow(place: Place) -> None:
    """Good requests among slow clients."""
    times = []
    with slow_clients(place.server.port, SLOW) as clients:
        for _ in range(30):
            trickle(clients)
            begin = time.perf_counter()
            assert get(place.url).is_whole
            times.append(time.perf_counter() - begin)
        threads = place.threads()
    worst = max(times) * 1000
    print(f"{SLOW} slow clients: a good request {median(times) * 1000:.0f} ms, worst {worst:.0f} ms; "
          f"{threads} threads, {place.memory() // MEGABYTE} MB")  # fmt: skip


def measure_saves(place: Place, rounds: int) -> None:
    """From a save to the served feed; how many feeds a burst of saves makes."""
    contact = place.server.folder / "contacts" / "zuzana-bench.yaml"
    contact.write_text(text("zuzana-bench", "save-0."), "utf-8")
    until_served(place, b"save-0.")
    times = []
    for number in range(1, rounds + 1):
        contact.write_text(text("zuzana-bench", f"save-{number}."), "utf-8")
        begin = time.perf_counter()
        until_served(place, b"save-%d." % number)
        times.append(time.perf_counter() - begin)
    times.sort()
    print(f"save to served feed, {len(get(place.url).body) // 1000} kB: median "
          f"{median(times) * 1000:.0f} ms, p95 {times[len(times) * 95 // 100] * 1000:.0f} ms, "
          f"worst {times[-1] * 1000:.0f} ms")  # fmt: skip
    feed = place.server.folder / "follow-ups.ics"
    inodes = {feed.stat().st_ino}
    for number in range(100):
        contact.write_text(text("zuzana-bench", f"burst-{number}."), "utf-8")
        inodes.add(feed.stat().st_ino)
    while b"burst-99." not in get(place.url).body:
        inodes.add(feed.stat().st_ino)
    inodes.add(feed.stat().st_ino)
    print(f"a burst of 100 saves: {len(inodes) - 1} rewrites")


def until_served(place: Place, part: bytes) -> None:
    """Ask, as an app with the last feed does, until the feed holds a text."""
    tag = ""
    end = time.perf_counter() + 60
    while time.perf_counter() < end:
        reply = get(place.url, If_None_Match=tag)
        if part in reply.body:
            return
        tag = reply.headers["etag"]
        time.sleep(0.005)
    raise TimeoutError(f"{part!r} is not served")


# --- the soak -----------------------------------------------------------------------------------


@dataclass(slots=True)
class Soak:
    """What was seen. `wrong` are answers that no app should get."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    saved: dict[int, float] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)
    memory: list[tuple[float, int]] = field(default_factory=list)

    def note(self, status: int, tag: str, body: bytes) -> None:
        self.statuses[status] += 1
        if status == 200:
            if tag != f'"{hashlib.sha256(body).hexdigest()}"' or not is_calendar(body):
                self.wrong.append(f"a body of {len(body)} bytes that is not that of its tag")
        elif status != 304:
            self.wrong.append(f"status {status}")


def ask_steadily(place: Place, seen: Soak) -> None:
    """So many requests a second on one connection that is kept; every other one with the last tag."""
    connection = HTTPConnection("127.0.0.1", place.server.port, timeout=10)
    tag, number, begin = "", 0, time.monotonic()
    while not seen.ended.wait(max(begin + number / RATE - time.monotonic(), 0)):
        number += 1
        asked = time.monotonic()
        try:
            connection.request(
                "GET", place.path, headers={"If-None-Match": tag} if number % 2 else {}
            )
            reply = connection.getresponse()
            body = reply.read()
        except (OSError, HTTPException) as error:
            seen.wrong.append(type(error).__name__)
            connection.close()
            continue
        seen.times.append(time.monotonic() - asked)
        tag = reply.getheader("ETag", "")
        seen.note(reply.status, tag, body)
        for count in [count for count in seen.saved if b"soak-%d." % count in body]:
            seen.delays.append(time.monotonic() - seen.saved.pop(count))
    connection.close()


def change_steadily(place: Place, seen: Soak, minutes: float) -> None:
    """A contact changes each second; every ten seconds another branch is checked out."""
    folder = place.server.folder
    contact = folder / "contacts" / "soak.yaml"
    git(folder, "init", "--quiet")
    (folder / ".gitignore").write_text("*.ics\ncontacts/soak.yaml\n", "utf-8")
    some = sorted((folder / "contacts").rglob("*.yaml"))[::10]
    for branch in ("one", "two"):
        git(folder, "checkout", "--quiet", "-B", branch)
        for path in some:
            path.write_bytes(f"# {branch}\n".encode() + path.read_bytes())
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", f"--message={branch}")
    begin = time.monotonic()
    for second in range(int(minutes * 60)):
        time.sleep(max(begin + second - time.monotonic(), 0))
        if second % CHECKOUT == 0:
            git(folder, "checkout", "--quiet", ("one", "two")[second // CHECKOUT % 2])
        contact.write_text(text("zuzana-bench", f"soak-{second}."), "utf-8")
        seen.saved = {second: time.monotonic()}  # one that was overtaken is never seen
        if second >= WARM:
            seen.memory.append((time.monotonic(), place.memory()))


def soak(place: Place, minutes: float) -> int:
    """Run it; the exit code."""
    seen = Soak()
    asking = threading.Thread(target=ask_steadily, args=(place, seen))
    asking.start()
    try:
        change_steadily(place, seen, minutes)
    finally:
        seen.ended.set()
        asking.join()
    return report(seen)


def report(seen: Soak) -> int:
    times, delays = sorted(seen.times), sorted(seen.delays)
    sizes = [size for _moment, size in seen.memory]
    early, late = median(sizes[: len(sizes) // 4 or 1]), median(sizes[-(len(sizes) // 4 or 1) :])
    growth = (late - early) / MEGABYTE
    print(f"{len(times)} answers, {dict(seen.statuses)}, {len(seen.wrong)} wrong: {seen.wrong[:5]}")
    print(f"an answer: p99 {times[len(times) * 99 // 100] * 1000:.0f} ms, "
          f"worst {times[-1] * 1000:.0f} ms")  # fmt: skip
    print(f"{len(delays)} changes served: p95 {delays[len(delays) * 95 // 100]:.2f} s, "
          f"worst {delays[-1]:.2f} s")  # fmt: skip
    print(
        f"memory {early / MEGABYTE:.0f} MB, then {growth:+.1f} MB; at most {max(sizes) / MEGABYTE:.0f} MB"
    )
    return 1 if seen.wrong or growth > 10 else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what `serve` stands.")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="only the soak, so long")
    parser.add_argument("--seconds", type=float, default=5, metavar="N", help="for each load")
    parser.add_argument("--rounds", type=int, default=40, metavar="N", help="saves")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.soak:
            with serving(Path(folder), 500) as place:
                return soak(place, given.soak)
        with serving(Path(folder), 75) as place:
            measure_load(place, given.seconds)
            measure_slow(place)
        with serving(Path(folder), 2000) as place:
            measure_saves(place, given.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
