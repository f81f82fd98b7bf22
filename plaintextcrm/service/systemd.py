"""Services of one person on Linux: a unit of systemd's user manager."""

import os
import re
import subprocess
from pathlib import Path
from shutil import which

from plaintextcrm.service.unit import AGAIN, Commands, Service

PATIENCE = 20  # seconds for an answer of systemd
_PLAIN = re.compile(r"[\w@/.:=+,-]+", re.ASCII)
_REFUSED = re.compile(r"""["'\\$]""")
_SHELL = ("/bin/sh", "-c", 'exec "$0" "$@"')
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "%": "%%"})
# What a user's own systemd can forbid everywhere. More (a file system to read only) needs namespaces,
# which some systems do not give to users: there, such a service would not start at all.
_LIMITS = """\
NoNewPrivileges=yes
RestrictAddressFamilies={families}
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
UMask=0077
"""


class Systemd:
    """Writes and asks for user units."""

    def place(self, name: str) -> Path:
        """`~/.config/systemd/user/NAME.service`."""
        given = os.environ.get("XDG_CONFIG_HOME", "")
        base = Path(given) if given.startswith("/") else Path.home() / ".config"
        return base / "systemd" / "user" / f"{name}.service"

    def traces(self, name: str) -> tuple[Path, ...]:
        """The unit, and the link of `enable`, which stays where systemd does not answer."""
        unit = self.place(name)
        return unit, unit.parent / "default.target.wants" / unit.name

    def render(self, service: Service) -> bytes:
        """The unit."""
        words = service.words
        if _REFUSED.search(words[0]):  # systemd takes no program with such a sign in its path
            words = (*_SHELL, *words)
        line = " ".join([_quoted(words[0]), *map(_argument, words[1:])])
        variables = [f"{name}={value}" for name, value in service.variables.items()]
        families = "AF_UNIX AF_INET AF_INET6 AF_NETLINK" if service.online else "AF_UNIX"
        text = (
            f"[Unit]\nDescription={service.title.replace('%', '%%')} (plaintextcrm)\n\n"
            f"[Service]\nExecStart={line}\n"
            + "".join(f"Environment={_quoted(variable)}\n" for variable in variables)
            + f"Restart=on-failure\nRestartSec={AGAIN}\n"
            + _LIMITS.format(families=families)
            + "\n[Install]\nWantedBy=default.target\n"
        )
        return text.encode()

    def why_not(self) -> str:
        """Not every Linux has systemd."""
        return "" if which("systemctl") else "This system has no systemd"

    def starting(self, name: str, changed: bool) -> Commands:
        unit = f"{name}.service"
        if changed:  # `enable --now` would leave what runs as it is
            return (*self.settling(), (*_ASK, "enable", unit), (*_ASK, "restart", unit))
        return (*self.settling(), (*_ASK, "enable", "--now", unit))

    def stopping(self, name: str) -> Commands:
        return ((*_ASK, "disable", "--now", f"{name}.service"),)

    def settling(self) -> Commands:
        return ((*_ASK, "daemon-reload"),)

    def state(self, name: str) -> str:
        """What systemd knows; a unit that is about to be started again has failed."""
        told = _told(name)
        active, detail = told.get("ActiveState", ""), told.get("SubState", "")
        if active == "failed" or detail == "auto-restart":
            return "failed"
        if active in ("active", "activating", "reloading"):
            return "running"
        return "stopped" if active else "unknown"


_ASK = ("systemctl", "--user")


def _quoted(word: str) -> str:
    """A word as systemd.syntax(7) wants it; `%` would begin a specifier."""
    return word if _PLAIN.fullmatch(word) else f'"{word.translate(_ESCAPED)}"'


def _argument(word: str) -> str:
    """A word behind the program, where `$` would begin a variable (systemd.service(5))."""
    return _quoted(word).replace("$", "$$")


def _told(name: str) -> dict[str, str]:
    """Properties of the unit; none where systemd does not answer."""
    command = [*_ASK, "show", "--property=ActiveState,SubState", f"{name}.service"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=True, errors="replace"
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
