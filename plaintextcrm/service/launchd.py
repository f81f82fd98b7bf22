"""Services of one person on macOS: an agent of launchd."""

import os
import plistlib
import re
import subprocess
from pathlib import Path

from plaintextcrm.service.unit import AGAIN, Commands, Service

PATIENCE = 20  # seconds for an answer of launchd
_EXIT = re.compile(r"^\s*last exit code = (\d+)", re.MULTILINE)


class Launchd:
    """Writes and asks for agents."""

    def place(self, name: str) -> Path:
        """`~/Library/LaunchAgents/NAME.plist`."""
        return Path.home() / "Library" / "LaunchAgents" / f"{name}.plist"

    def traces(self, name: str) -> tuple[Path, ...]:
        return (self.place(name),)

    def render(self, service: Service) -> bytes:
        """The agent. What it prints goes into a file, as launchd keeps none."""
        log = str(Path.home() / "Library" / "Logs" / f"{service.name}.log")
        agent = {
            "Label": service.name,
            "ProgramArguments": list(service.words),
            "EnvironmentVariables": dict(service.variables),
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": AGAIN,
            "ProcessType": "Background",
            "Umask": 0o077,
            "StandardOutPath": log,
            "StandardErrorPath": log,
        }
        return plistlib.dumps(agent, sort_keys=False)

    def why_not(self) -> str:
        return ""

    def starting(self, name: str, changed: bool) -> Commands:
        target = f"{_domain()}/{name}"
        load = ("launchctl", "bootstrap", _domain(), str(self.place(name)))
        enable = ("launchctl", "enable", target)
        # An agent that is loaded keeps its old form.
        return (("launchctl", "bootout", target), enable, load) if changed else (enable, load)

    def stopping(self, name: str) -> Commands:
        return (("launchctl", "bootout", f"{_domain()}/{name}"),)

    def settling(self) -> Commands:
        return ()

    def state(self, name: str) -> str:
        """What launchd prints about it; nothing where it is not loaded."""
        try:
            done = subprocess.run(
                ["launchctl", "print", f"{_domain()}/{name}"],
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
                errors="replace",
            )
        except (OSError, subprocess.SubprocessError):
            return "unknown"
        if done.returncode:
            return "stopped"
        ended = _EXIT.search(done.stdout)
        if re.search(r"^\s*state = running", done.stdout, re.MULTILINE):
            return "running"
        return "failed" if ended and ended[1] != "0" else "stopped"


def _domain() -> str:
    return f"gui/{os.getuid()}"
