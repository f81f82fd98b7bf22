"""Running one command as a process of its own, and what it took."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

LAUNCHER = Path(__file__).with_name("launcher.py")
UNITS_OF_PEAK = 1024 * 1024 if sys.platform == "darwin" else 1024  # in one megabyte


class Failed(Exception):
    """A measured command ended as it should not; its time would mean nothing."""


class Run(NamedTuple):
    """What one run took: seconds, seconds of CPU, and the peak of its largest process in MB."""

    seconds: float
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where commands run: the folder of the measuring, and what the environment says there."""

    work: Path
    environment: Mapping[str, str]


class Launcher:
    """A running `launcher.py`. Commands get the place's environment."""

    def __init__(self, place: Place, name: str) -> None:
        answer = place.work / f"{name}.answer"
        self._errors = place.work / f"{name}.errors"
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(LAUNCHER), str(answer), str(self._errors)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=place.environment,
            encoding="utf-8",
        )

    def __enter__(self) -> "Launcher":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def run(self, command: Sequence[str], answers: bool = False) -> Run:
        """Run a command to its end; `answers` where it has something to say. Raises Failed."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write("\0".join(command).replace("\n", "\x1e") + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().split()
        if not answer or answer[3] != "0":
            code = f"exit code {answer[3]}" if answer else "it cannot be started"
            said = self._errors.read_text("utf-8", "replace") if self._errors.exists() else ""
            raise Failed(f"{' '.join(command)}: {code}\n{said}")
        if answers and answer[4] == "0":
            raise Failed(f"{' '.join(command)}: no answer\n{self._errors.read_text('utf-8')}")
        return Run(float(answer[0]), float(answer[1]), int(answer[2]) / UNITS_OF_PEAK)
