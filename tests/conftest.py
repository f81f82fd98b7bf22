"""What every test gets: a home that nobody may touch, an address book, and the command."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from plaintextcrm.cli.main import run

TODAY = "2026-11-22"  # a Sunday
PROJECT = Path(__file__).parents[1]

# Tests that run in the background have Ctrl-C switched off, and so would the commands they start.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# How long an example takes says something of the machine only, which may be busy. In CI the examples
# are the same in each run: what fails there fails for everybody; new ones are tried at home.
settings.register_profile(
    "patient",
    settings(),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
    database=None if os.environ.get("CI") else settings().database,
)
if not os.access(Path.cwd(), os.W_OK):  # then nothing can be remembered for the next run
    settings.register_profile("patient", settings.get_profile("patient"), database=None)
settings.load_profile("patient")

# What people set for themselves, and what a hook or a CI job sets: no test goes by it.
_THEIRS = (
    "GIT_", "LC_", "LANGUAGE", "PLAINTEXTCRM_BOOK", "PLAINTEXTCRM_TODAY", "PLAINTEXTCRM_BASE_URL",
    "NO_COLOR", "COLUMNS", "LINES", "TZ", "VISUAL", "EDITOR", "PAGER", "BASH_ENV", "INPUTRC",
    "PYTHONIOENCODING",
)  # fmt: skip
for _name in [*os.environ]:
    if _name.startswith(_THEIRS):
        del os.environ[_name]
os.environ.update(LANG="C.UTF-8", NO_PROXY="127.0.0.1,localhost", no_proxy="127.0.0.1,localhost")


@pytest.fixture(autouse=True)
def _own_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """No test reaches the home folder of who runs it: one that touches its own stand-in fails."""
    home = tmp_path_factory.mktemp("home")
    cache = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    yield
    assert not list(home.iterdir()), "a test wrote into the home folder"


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


class AddressBook:
    """A folder with contacts in which commands are run."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file; `eva.yaml` means `contacts/eva.yaml`, the settings are `plaintextcrm.yaml`."""
        inside = path if "/" in path or path == "plaintextcrm.yaml" else f"contacts/{path}"
        file = self.folder / inside
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def run(self, *arguments: str, today: str = TODAY) -> Answer:
        """Run a command of plaintextcrm in this process, as on that day."""
        self._capsys.readouterr()
        code = run(["-C", str(self.folder), "--today", today, *arguments])
        out, err = self._capsys.readouterr()
        return Answer(code, out, err)

    def process(self, *arguments: str, today: str = TODAY, **environment: str) -> Answer:
        """Run a command in a process of its own, with more environment."""
        done = subprocess.run(
            [*COMMAND, "-C", str(self.folder), "--today", today, *arguments],
            capture_output=True,
            text=True,
            env={**os.environ, **environment},
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)


COMMAND = [sys.executable, "-c", "from plaintextcrm.cli.main import main; main()"]


@pytest.fixture
def book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AddressBook:
    """An address book without contacts yet."""
    folder = tmp_path / "book"
    (folder / "contacts").mkdir(parents=True)
    return AddressBook(folder, capsys)
