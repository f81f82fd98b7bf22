"""`serve` and `watch` as services of a real systemd: it reads the unit, starts it and keeps it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.web.serving import get

from .test_clients import needs_programs
from .user_systemd import user_systemd, waited

pytestmark = pytest.mark.clients

# Each of these means something in a unit, in a shell, or in both.
ODD = "My 100% \"kli$ent\" 'x' ${HOME} %h \\x41\\n ž; # "
EVA = "name: Eva Malá\nfollow_ups:\n  - {{date: 2031-12-01, note: {}}}\n"


@dataclass(frozen=True)
class Person:
    """Somebody at a machine with systemd, who has an address book."""

    environment: dict[str, str]
    book: Path
    program: Path

    def type(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.program), "-C", str(self.book), *words]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )

    def write(self, note: str) -> None:
        (self.book / "contacts" / "eva.yaml").write_text(EVA.format(note), "utf-8")

    def status(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.type("status", "--format", "json").stdout)
        return answer

    def state(self) -> str:
        return str(self.status()["services"][0]["state"])

    def units(self) -> list[Path]:
        return sorted(Path(self.environment["XDG_CONFIG_HOME"]).rglob("*.service"))


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    """The program and the address book lie where hardly anybody puts them."""
    with tempfile.TemporaryDirectory(prefix="p-") as home:  # the path of a socket must be short
        book, program = Path(home) / ODD / "Kniha %i", Path(home) / f"bin {ODD}" / "plaintextcrm"
        for folder in (book / "contacts", program.parent):
            folder.mkdir(parents=True)
        shutil.copy(Path(sys.executable).parent / "plaintextcrm", program)
        with needs_programs(), user_systemd(Path(home)) as environment:
            yield Person(environment, book, program)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def verify(person: Person, unit: Path) -> None:
    """systemd finds nothing to complain about."""
    asked = ["systemd-analyze", "--user", "verify", str(unit)]
    done = subprocess.run(
        asked, env=person.environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_serve_is_started_kept_and_removed(person: Person) -> None:
    person.write("first")
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    url = person.type("feed-url", "follow-ups", "--base", base).stdout.splitlines()[0]
    installed = person.type("serve", "--install", "--now", "--port", str(port))
    assert installed.returncode == 0, installed.stderr
    [unit] = [unit for unit in person.units() if not unit.is_symlink()]
    verify(person, unit)
    waited(lambda: person.state() == "running" and person.status()["running"])
    [run] = person.status()["running"]
    assert run["address"] == base
    waited(lambda: person.type("status").returncode == 0)
    assert b"first" in get(url).body

    person.write("second")
    waited(lambda: b"second" in get(url).body)
    waited(lambda: person.type("status").returncode == 0)

    os.kill(run["pid"], signal.SIGKILL)
    waited(lambda: [again["pid"] for again in person.status()["running"]] not in ([], [run["pid"]]))
    waited(lambda: person.type("status").returncode == 0)

    removed = person.type("serve", "--uninstall")
    assert "Careful" not in removed.stderr
    status = person.status()
    assert (status["running"], status["services"]) == ([], [])
    assert person.units() == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_watch_publishes_and_takes_up_new_options(person: Person, tmp_path: Path) -> None:
    person.write("first")
    places = [tmp_path / f"{number} {ODD}" for number in range(2)]
    for place in places:
        place.mkdir()
        done = person.type("watch", "--install", "--now", "--publish", str(place))
        assert done.returncode == 0, done.stderr
        waited((place / "follow-ups.ics").exists)
        waited(lambda: person.type("status").returncode == 0)
        [feed] = person.status()["feeds"]
        assert feed["path"] == str(place / "follow-ups.ics")
    [unit] = [unit for unit in person.units() if not unit.is_symlink()]
    verify(person, unit)
    assert "AF_INET" not in unit.read_text("utf-8")  # it needs no network, and gets none
    person.write("second")
    waited(lambda: b"second" in (places[1] / "follow-ups.ics").read_bytes())
    assert b"second" not in (places[0] / "follow-ups.ics").read_bytes()


def test_a_service_that_fails_is_told(person: Person) -> None:
    person.write("first")
    assert person.type("export", "ics").returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        person.type("serve", "--install", "--now", f"--port={port}")
        waited(lambda: person.state() == "failed")
        told = person.type("status")
    assert told.returncode == 1
    assert "failed. `journalctl --user -u plaintextcrm-serve-kniha-i-" in told.stdout
    person.type("serve", "--uninstall")
    assert person.type("status").returncode == 0


def test_one_that_was_stopped_is_told(person: Person) -> None:
    person.write("first")
    person.type("watch", "--install", "--now")
    waited(lambda: person.type("status").returncode == 0)
    [unit] = [unit for unit in person.units() if not unit.is_symlink()]
    subprocess.run(["systemctl", "--user", "stop", unit.name], env=person.environment, check=True)
    told = person.type("status")
    assert told.returncode == 1
    assert "installed, and does not run" in told.stdout


def test_two_books_of_one_name_have_a_service_each(person: Person) -> None:
    person.write("first")
    other = person.book.parent / "other" / person.book.name
    shutil.copytree(person.book, other)
    for book in (person.book, other):
        Person(person.environment, book, person.program).type("watch", "--install", "--now")
    assert len([unit for unit in person.units() if not unit.is_symlink()]) == 2
    waited((other / "follow-ups.ics").exists)
    waited((person.book / "follow-ups.ics").exists)
