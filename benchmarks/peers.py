"""Programs that one would take instead: each gets the same people, and the question nearest to ours.

They are installed into folders of their own below the benchmark's cache, with pip.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from benchmarks.cases import WORD, Case
from benchmarks.people import TODAY
from benchmarks.running import Place

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
DAYS = 7  # what is due in so many days
SEARCHED = ("name", "notes", "interactions", "deals", "needs", "follow_ups", "promises")
SLOW = 5.0  # seconds; what takes longer is timed once


@dataclass(frozen=True, slots=True)
class Person:
    """One generated contact: the text of its file, and what the text says."""

    id: str
    text: str
    values: dict[str, Any]


Write = Callable[[list[Person], Path], None]
Ask = Callable[[Place], tuple[str, ...]]


class Peer(NamedTuple):
    """A program: its package, what it is asked in words, the files it wants, and how it is asked.

    `configure` takes the folder with those files and gives its configuration.
    """

    package: str
    question: str
    write: Write
    settings: str  # the file's path in the folder for configuration
    configure: Callable[[Path], str]
    ask: Ask


def folder_for(cache: Path, peer: Peer) -> Path:
    """Where a peer is installed."""
    return cache / peer.package


def install(cache: Path, peer: Peer) -> str:
    """Install a peer unless it is there. What went wrong, in a line; empty when all is well."""
    venv = folder_for(cache, peer)
    if (venv / "installed").exists():
        return ""
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--retries", "1"]
    for command in ([sys.executable, "-m", "venv", "--clear", str(venv)], [*pip, peer.package]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            why = errors[-1] if errors else "no network?"
            return f"{peer.package} is not measured, for it cannot be installed: {why}"
    (venv / "installed").touch()
    return ""


def version(cache: Path, peer: Peer) -> str:
    """The name and version of an installed peer."""
    ask = f"import importlib.metadata as m; print(m.version('{peer.package}'))"
    python = folder_for(cache, peer) / "bin" / "python"
    asked = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True)
    return f"{peer.package} {asked.stdout.strip()}"


def people(folder: Path) -> list[Person]:
    """All contacts of the folder."""
    found = []
    for path in sorted((folder / "contacts").rglob("*.yaml")):
        text = path.read_text("utf-8")
        found.append(Person(path.stem, text, yaml.load(text, Loader=LOADER)))  # noqa: S506 only texts
    return found


def cases(cache: Path, peer: Peer, everybody: list[Person], place: Place) -> Iterator[Case]:
    """Give a peer the people; its first run, which fills its cache, and the runs after it."""
    files = place.work / "peers" / peer.package
    files.mkdir(parents=True)
    peer.write(everybody, files)
    settings = Path(place.environment["XDG_CONFIG_HOME"], peer.settings)
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(peer.configure(files), "utf-8")
    program, *words = peer.ask(place)
    command = (str(folder_for(cache, peer) / "bin" / program), *words)
    yield Case(f"{peer.question}, first time", command, once=True, answers=True, peer=True)
    yield Case(peer.question, command, answers=True, peer=True)


# --- the same people, as each wants them --------------------------------------------------------


def _escaped(text: str) -> str:
    """A text of vCard and iCalendar."""
    for plain, written in (("\\", "\\\\"), ("\n", "\\n"), (",", "\\,"), (";", "\\;")):
        text = text.replace(plain, written)
    return text


def _values(person: Person, key: str) -> Iterator[str]:
    """The values of `emails` and the like, which may be mappings."""
    for item in person.values.get(key, ()):
        yield item["value"] if isinstance(item, dict) else item


def _vcard(person: Person) -> str:
    """A vCard; what it has no property for is in its note."""
    values = person.values
    name = values["name"]
    family = values.get("family_name", name.split()[-1])
    given = values.get("given_name", name.split()[0])
    talks = [f"{talk['date']} {talk['channel']}: {talk['note']}" for talk in values["interactions"]]
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"UID:{person.id}", f"FN:{_escaped(name)}"]
    lines.append(f"N:{_escaped(family)};{_escaped(given)};;;")
    lines += [f"EMAIL:{_escaped(text)}" for text in _values(person, "emails")]
    lines += [f"TEL:{_escaped(text)}" for text in _values(person, "phones")]
    if "organization" in values:
        lines.append(f"ORG:{_escaped(values['organization'])}")
    if values.get("tags"):
        lines.append(f"CATEGORIES:{','.join(map(_escaped, values['tags']))}")
    lines.append(f"NOTE:{_escaped(chr(10).join([values.get('notes', ''), *talks]))}")
    return "\r\n".join((*lines, "END:VCARD", ""))


def _write_vcards(everybody: list[Person], folder: Path) -> None:
    for person in everybody:
        (folder / f"{person.id}.vcf").write_bytes(_vcard(person).encode())


def _write_documents(everybody: list[Person], folder: Path) -> None:
    """The same YAML, a folder for each, with the two keys that papis cannot do without."""
    for number, person in enumerate(everybody):
        place = folder / person.id
        place.mkdir()
        newline = "" if person.text.endswith("\n") else "\n"
        added = f"{newline}title: {person.id}\npapis_id: {number:032x}\n"
        (place / "info.yaml").write_text(person.text + added, "utf-8")


def _write_tasks(everybody: list[Person], folder: Path) -> None:
    _write_calendar(everybody, folder, "VTODO", "DUE")


def _write_events(everybody: list[Person], folder: Path) -> None:
    _write_calendar(everybody, folder, "VEVENT", "DTSTART")


def _write_calendar(everybody: list[Person], folder: Path, kind: str, date: str) -> None:
    """The follow-ups, a file for each."""
    inside = folder / "people"
    inside.mkdir()
    for person in everybody:
        for number, due in enumerate(person.values.get("follow_ups", ())):
            lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//plaintextcrm//benchmark//EN"]
            lines += [f"BEGIN:{kind}", f"UID:{person.id}-{number}", "DTSTAMP:20261122T000000Z"]
            lines.append(f"{date};VALUE=DATE:{due['date'].replace('-', '')}")
            lines.append(f"SUMMARY:{_escaped(person.values['name'] + ': ' + due['note'])}")
            if kind == "VTODO" and "done" in due:
                lines.append("STATUS:COMPLETED")
                lines.append(f"COMPLETED:{due['done'].replace('-', '')}T120000Z")
            text = "\r\n".join((*lines, f"END:{kind}", "END:VCALENDAR", ""))
            (inside / f"{person.id}-{number}.ics").write_bytes(text.encode())


def _hours_left(place: Place) -> str:
    """Hours from now to the last of the days asked about, which todoman counts from now."""
    end = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC) + timedelta(days=DAYS)
    return f"--due={round((end - datetime.now(UTC)).total_seconds() / 3600)}"


PEERS = (
    Peer(
        "khard",
        "khard list WORD",
        _write_vcards,
        "khard/khard.conf",
        lambda files: f"[addressbooks]\n[[people]]\npath = {files}\n",
        lambda place: ("khard", "list", WORD),
    ),
    Peer(
        "papis",
        "papis list WORD",
        _write_documents,
        "papis/config",
        lambda files: (
            "[settings]\ndefault-library = people\ndatabase-backend = sqlite\n"
            f"sqlite-schema-fields-extend = {list(SEARCHED)}\n\n[people]\ndir = {files}\n"
        ),
        lambda place: ("papis", "list", "--all", f'"{WORD}"'),
    ),
    Peer(
        "todoman",
        f"todoman: due in {DAYS} days",
        _write_tasks,
        "todoman/config.py",
        lambda files: f'path = "{files}/*"\ndate_format = "%Y-%m-%d"\ntime_format = "%H:%M"\n',
        lambda place: ("todo", "list", _hours_left(place)),
    ),
    Peer(
        "khal",
        f"khal list, {DAYS} days",
        _write_events,
        "khal/config",
        lambda files: (
            f"[calendars]\n[[people]]\npath = {files}/people\n[sqlite]\npath = {files}/khal.db\n"
            "[locale]\nlocal_timezone = Europe/Prague\ndefault_timezone = Europe/Prague\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        ),
        lambda place: ("khal", "list", TODAY.isoformat(), f"{DAYS}d"),
    ),
)
