"""Real calendar programs, each asked what it sees in a feed.

Our own tests read the feed with the library that wrote it, so both could share a mistake. Here
the feed goes to the programs people subscribe with; each expands the yearly events by its own
rules, and `test_clients.py` compares the answers. `install.sh` puts the programs in place.

A reader gives the occurrences that start in [start, end), sorted, as (start, summary, uid). The
start is text: `2026-12-24` for an all-day event, `2026-12-24T18:30` in UTC for a timed one.
"""

import importlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import icalendar

from .evolution import ask_evolution
from .programs import (
    HERE,
    MissingProgram,
    Occurrence,
    ReaderFailed,
    Source,
    as_file,
    own_folder,
    parse_answer,
    path_of,
    run,
    served,
)

ANY_DAY = date(2000, 1, 1)  # counting needs no window


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


def _synchronize(feed: Source, home: Path) -> Path:
    """The folder into which vdirsyncer wrote the feed, one file per event."""
    vdirsyncer, config = path_of("vdirsyncer"), home / "vdirsyncer.conf"
    items = own_folder(home, "items")
    with served(feed) as url:
        config.write_text(
            VDIRSYNCER_CONFIG.format(
                status=json.dumps(str(home / "status")),
                url=json.dumps(url),
                items=json.dumps(str(items)),
            )
        )
        for step in ("discover", "sync"):
            run([vdirsyncer, "-c", str(config), step], home)
    return items


def fetched(feed: Source, work: Path) -> list[str]:
    """What vdirsyncer stored of a feed: a calendar for each event or task."""
    items = _synchronize(feed, own_folder(work, "fetched"))
    return [item.read_text(encoding="utf-8") for item in items.glob("*.ics")]


def _ask_khal(arguments: list[str], items: Path, home: Path) -> list[str]:
    """The lines khal prints about the events in `items`."""
    config = home / "khal.conf"
    config.write_text(KHAL_CONFIG.format(items=items, cache=home / "khal.db"))
    return run([path_of("khal"), "-c", str(config), *arguments], home).splitlines()


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
    ours = {content: uid for uid, content in _contents(as_file(feed, items.parent))}
    stored = [pair for item in items.glob("*.ics") for pair in _contents(item)]
    return {uid: ours.get(content, uid) for uid, content in stored}


def khal(feed: Source, start: date, end: date, work: Path) -> list[Occurrence]:
    """What khal lists after vdirsyncer has fetched the feed.

    khal repeats an event on each day it lasts, also those that began before `start`, and takes
    `end` into its list; hence the set and the comparison.
    """
    home = own_folder(work, "khal")
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
    home = own_folder(work, "khal")
    return len(set(_ask_khal(["search", "--format={uid}", ""], _synchronize(feed, home), home)))


# ical.js


def _ask_node(
    script: str, package: str, feed: Source, days: tuple[date, date], work: Path
) -> tuple[int, list[Occurrence]]:
    """The answer of a script that reads the feed, or fetches it, with a package for Node.js."""
    node = path_of("node")
    if not (HERE / "node_modules" / package).exists():
        raise MissingProgram(package)
    window = [day.isoformat() for day in days]
    return parse_answer(run([node, str(HERE / script), str(feed), *window], work))


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
    gcc, pkg_config, program = path_of("gcc"), path_of("pkg-config"), home / "expand"
    try:
        flags = run([pkg_config, "--cflags", "--libs", "libical"], home).split()
    except ReaderFailed as error:
        raise MissingProgram("libical-dev") from error
    run([gcc, "-Wall", str(HERE / "expand.c"), "-o", str(program), *flags], home)
    return program


def _ask_libical(feed: Source, start: date, end: date, work: Path) -> tuple[int, list[Occurrence]]:
    home = own_folder(work, "libical")
    program = _compile_libical(home)
    days = [day.isoformat().replace("-", "") for day in (start, end)]
    return parse_answer(run([str(program), str(as_file(feed, home)), *days], home))


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
    calendar = icalendar.Calendar.from_ical(as_file(feed, work).read_bytes())
    events = _expander().of(calendar).between(start, end)
    rows = [(as_text(event.start), str(event["SUMMARY"]), str(event["UID"])) for event in events]
    return sorted(row for row in rows if start.isoformat() <= row[0] < end.isoformat())


def count_recurring(feed: Source, work: Path) -> int:
    """The events the Python library finds."""
    return len(icalendar.Calendar.from_ical(as_file(feed, work).read_bytes()).events)


# Evolution


def evolution(feed: Source, start: date, end: date, work: Path) -> list[Occurrence]:
    """What Evolution and the calendar of GNOME show, once their data server has fetched the feed."""
    return ask_evolution(feed, start, end, work)[1]


def count_evolution(feed: Source, work: Path) -> int:
    """The events that the data server keeps."""
    return ask_evolution(feed, ANY_DAY, ANY_DAY, work)[0]


READERS = (
    Reader("vdirsyncer and khal", khal, count_khal),
    Reader("ical.js", ical_js, count_ical_js),
    Reader("node-ical", node_ical, count_node_ical, as_node_ical_reads),
    Reader("libical", libical, count_libical),
    Reader("evolution", evolution, count_evolution),
    Reader("recurring-ical-events", recurring, count_recurring),
)
