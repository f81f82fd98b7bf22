"""Real calendar programs, each asked what it sees in a feed.

Our own tests read the feed with the library that wrote it, so both could share a mistake. Here
the feed goes to the programs people subscribe with; each expands the yearly events by its own
rules, and `test_clients.py` compares the answers. `install.sh` puts the programs in place.

A reader gives the occurrences that start in [start, end), sorted, as (start, summary, uid). The
start is text: `2026-12-24` for an all-day event, `2026-12-24T18:30` in UTC for a timed one.
"""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from urllib.request import ProxyHandler, build_opener

import icalendar

HERE = Path(__file__).parent
LONGEST_RUN = 120  # seconds; a reader that hangs on a feed is a finding, not a reason to wait
ANY_DAY = date(2000, 1, 1)  # counting needs no window

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


@dataclass(frozen=True, slots=True)
class Reader:
    """One calendar program: the occurrences it expands, and the events it counts. `reads` is what it
    makes of a title, where that is not what stands there by RFC 5545.
    """

    name: str
    occurrences: Callable[[Source, date, date, Path], list[Occurrence]]
    count: Callable[[Source, Path], int]
    reads: Callable[[str], str] = str


def as_text(start: date) -> str:
    """A day or a moment in the form all readers share."""
    if isinstance(start, datetime):
        return start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    return start.isoformat()


# Running programs


def _program(name: str) -> str:
    """The path of a program; the folder of this Python comes first, as khal lives in its venv."""
    places = [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    found = shutil.which(name, path=os.pathsep.join(places))
    if found is None:
        raise MissingProgram(name)
    return found


def _environment(home: Path) -> dict[str, str]:
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


def _run(command: list[str], home: Path) -> str:
    """What the command printed; raises ReaderFailed with its complaint when it ends badly."""
    done = subprocess.run(
        command,
        env=_environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST_RUN,
        check=False,
    )
    if done.returncode != 0:
        raise ReaderFailed(command, done.stdout + done.stderr)
    return done.stdout


def _folder(work: Path, name: str) -> Path:
    """A folder of the reader's own below `work`."""
    folder = work / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _parse_answer(answer: str) -> tuple[int, list[Occurrence]]:
    """The JSON that `expand.mjs` and `expand.c` print."""
    found = json.loads(answer)
    return found["count"], sorted((start, title, uid) for start, title, uid in found["occurrences"])


def _file(feed: Source, work: Path) -> Path:
    """The feed as a file, for readers that leave it to others to fetch."""
    if isinstance(feed, Path):
        return feed
    file = work / "fetched.ics"
    with _OPENER.open(feed, timeout=LONGEST_RUN) as answer:
        file.write_bytes(answer.read())
    return file


# vdirsyncer and khal

VDIRSYNCER_CONFIG = """\
[general]
status_path = {status}

[pair feed]
a = "remote"
b = "local"
collections = null

[storage remote]
type = "http"
url = {url}

[storage local]
type = "filesystem"
path = {items}
fileext = ".ics"
"""

KHAL_CONFIG = """\
[calendars]
[[feed]]
path = {items}
readonly = True

[sqlite]
path = {cache}

[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M
longdatetimeformat = %Y-%m-%dT%H:%M
"""


@contextmanager
def _served(feed: Source) -> Iterator[str]:
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
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output for the test."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/feed.ics"
        server.shutdown()


def _synchronize(feed: Source, home: Path) -> Path:
    """The folder into which vdirsyncer wrote the feed, one file per event."""
    vdirsyncer, config = _program("vdirsyncer"), home / "vdirsyncer.conf"
    items = _folder(home, "items")
    with _served(feed) as url:
        config.write_text(
            VDIRSYNCER_CONFIG.format(
                status=json.dumps(str(home / "status")),
                url=json.dumps(url),
                items=json.dumps(str(items)),
            )
        )
        for step in ("discover", "sync"):
            _run([vdirsyncer, "-c", str(config), step], home)
    return items


def fetched(feed: Source, work: Path) -> list[str]:
    """What vdirsyncer stored of a feed: a calendar for each event or task."""
    items = _synchronize(feed, _folder(work, "fetched"))
    return [item.read_text(encoding="utf-8") for item in items.glob("*.ics")]


def _ask_khal(arguments: list[str], items: Path, home: Path) -> list[str]:
    """The lines khal prints about the events in `items`."""
    config = home / "khal.conf"
    config.write_text(KHAL_CONFIG.format(items=items, cache=home / "khal.db"))
    return _run([_program("khal"), "-c", str(config), *arguments], home).splitlines()


def _contents(calendar: Path) -> Iterator[tuple[str, str]]:
    """For each event its UID, and all its other lines as one text."""
    text = re.sub(r"\n[ \t]", "", calendar.read_text(encoding="utf-8"))
    for event in re.findall(r"^BEGIN:VEVENT\n(.*?)^END:VEVENT$", text, re.DOTALL | re.MULTILINE):
        (uid,) = re.findall(r"^UID:(.*)$", event, re.MULTILINE)
        yield uid, re.sub(r"^UID:.*\n", "", event, flags=re.MULTILINE)


def _own_uids(feed: Source, items: Path) -> dict[str, str]:
    """The feed's UID for each UID that khal sees.

    vdirsyncer gives every event of an HTTP feed a hash of its content as its UID, so the event is
    found again by its content. Events it merged, as they look alike, stay merged here.
    """
    ours = {content: uid for uid, content in _contents(_file(feed, items.parent))}
    stored = [pair for item in items.glob("*.ics") for pair in _contents(item)]
    return {uid: ours.get(content, uid) for uid, content in stored}


def khal(feed: Source, start: date, end: date, work: Path) -> list[Occurrence]:
    """What khal lists after vdirsyncer has fetched the feed.

    khal repeats an event on each day it lasts, also those that began before `start`, and takes
    `end` into its list; hence the set and the comparison.
    """
    home = _folder(work, "khal")
    items = _synchronize(feed, home)
    uids = _own_uids(feed, items)
    fields = ["--json=start-full", "--json=all-day", "--json=title", "--json=uid"]
    lines = _ask_khal(["list", *fields, start.isoformat(), end.isoformat()], items, home)
    rows = [row for line in lines for row in json.loads(line)]
    seen = {(_khal_start(row), row["title"], uids[row["uid"]]) for row in rows}
    return sorted(row for row in seen if start.isoformat() <= row[0] < end.isoformat())


def _khal_start(row: dict[str, str]) -> str:
    """khal gives midnight as the time of an all-day event."""
    start = row["start-full"]
    return start.removesuffix("T00:00") if row["all-day"] == "True" else start


def count_khal(feed: Source, work: Path) -> int:
    """The events khal finds; its search prints each once for every year it repeats."""
    home = _folder(work, "khal")
    return len(set(_ask_khal(["search", "--format={uid}", ""], _synchronize(feed, home), home)))


# ical.js


def _ask_node(
    script: str, package: str, feed: Source, days: tuple[date, date], work: Path
) -> tuple[int, list[Occurrence]]:
    """The answer of a script that reads the feed, or fetches it, with a package for Node.js."""
    node = _program("node")
    if not (HERE / "node_modules" / package).exists():
        raise MissingProgram(package)
    window = [day.isoformat() for day in days]
    return _parse_answer(_run([node, str(HERE / script), str(feed), *window], work))


def _ask_ical_js(feed: Source, start: date, end: date, work: Path) -> tuple[int, list[Occurrence]]:
    return _ask_node("expand.mjs", "ical.js", feed, (start, end), work)


def ical_js(feed: Source, start: date, end: date, work: Path) -> list[Occurrence]:
    """What Thunderbird's parser sees, through `expand.mjs`."""
    return _ask_ical_js(feed, start, end, work)[1]


def count_ical_js(feed: Source, work: Path) -> int:
    """The events Thunderbird's parser finds."""
    return _ask_ical_js(feed, ANY_DAY, ANY_DAY, work)[0]


# node-ical


def _ask_node_ical(
    feed: Source, start: date, end: date, work: Path
) -> tuple[int, list[Occurrence]]:
    return _ask_node("expand_node_ical.mjs", "node-ical", feed, (start, end), work)


def node_ical(feed: Source, start: date, end: date, work: Path) -> list[Occurrence]:
    """What Node-RED, MagicMirror and Homebridge see, through `expand_node_ical.mjs`."""
    return sorted(_ask_node_ical(feed, start, end, work)[1])


def as_node_ical_reads(title: str) -> str:
    """It takes an n behind an escaped backslash for a line break, and quotes around a text off."""
    broken = re.sub(r"\\[nN]", "\\\n", title)
    quoted = broken.startswith('"') and broken.endswith('"')
    return broken[1:-1] if quoted else broken


def count_node_ical(feed: Source, work: Path) -> int:
    """The events that node-ical finds."""
    return _ask_node_ical(feed, ANY_DAY, ANY_DAY, work)[0]


# libical


def _compile_libical(home: Path) -> Path:
    """`expand.c` as a program; compiled each time, as it takes less than a second."""
    gcc, pkg_config, program = _program("gcc"), _program("pkg-config"), home / "expand"
    try:
        flags = _run([pkg_config, "--cflags", "--libs", "libical"], home).split()
    except ReaderFailed as error:
        raise MissingProgram("libical-dev") from error
    _run([gcc, "-Wall", str(HERE / "expand.c"), "-o", str(program), *flags], home)
    return program


def _ask_libical(feed: Source, start: date, end: date, work: Path) -> tuple[int, list[Occurrence]]:
    home = _folder(work, "libical")
    program = _compile_libical(home)
    days = [day.isoformat().replace("-", "") for day in (start, end)]
    return _parse_answer(_run([str(program), str(_file(feed, home)), *days], home))


def libical(feed: Source, start: date, end: date, work: Path) -> list[Occurrence]:
    """What the parser of Evolution and GNOME sees, through `expand.c`."""
    return _ask_libical(feed, start, end, work)[1]


def count_libical(feed: Source, work: Path) -> int:
    """The events the parser of Evolution and GNOME finds."""
    return _ask_libical(feed, ANY_DAY, ANY_DAY, work)[0]


# icalendar and recurring-ical-events


def _expander() -> ModuleType:
    """recurring-ical-events; imported late, as only this rig's venv has it."""
    try:
        return importlib.import_module("recurring_ical_events")
    except ModuleNotFoundError as error:
        raise MissingProgram("recurring-ical-events") from error


def recurring(feed: Source, start: date, end: date, work: Path) -> list[Occurrence]:
    """What Home Assistant and others on Python see."""
    calendar = icalendar.Calendar.from_ical(_file(feed, work).read_bytes())
    events = _expander().of(calendar).between(start, end)
    rows = [(as_text(event.start), str(event["SUMMARY"]), str(event["UID"])) for event in events]
    return sorted(row for row in rows if start.isoformat() <= row[0] < end.isoformat())


def count_recurring(feed: Source, work: Path) -> int:
    """The events the Python library finds."""
    return len(icalendar.Calendar.from_ical(_file(feed, work).read_bytes()).events)


READERS = (
    Reader("vdirsyncer and khal", khal, count_khal),
    Reader("ical.js", ical_js, count_ical_js),
    Reader("node-ical", node_ical, count_node_ical, as_node_ical_reads),
    Reader("libical", libical, count_libical),
    Reader("recurring-ical-events", recurring, count_recurring),
)
