"""A person's folder of services, and a system that may know them."""

from pathlib import Path

import pytest

# Says which commands came, and refuses to say more: what a real systemd makes of them is tried in
# tests/clients/test_service.py.
DUMB = """\
#!/bin/sh
echo "$@" >> "{log}"
[ "$2" != show ]
"""


@pytest.fixture
def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where units go."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "systemd" / "user"


@pytest.fixture
def asked(tmp_path: Path, units: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file in which stands what `systemctl` was asked on a system that starts what it is told to."""
    program = tmp_path / "programs" / "systemctl"
    program.parent.mkdir()
    log = tmp_path / "asked"
    log.touch()
    program.write_text(DUMB.format(log=log), "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return log
