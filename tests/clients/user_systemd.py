"""A systemd of one user, the real one, in a corner of its own: on machines without one, too."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .programs import MissingProgram

SYSTEMD = Path("/lib/systemd/systemd")
PATIENCE = 60.0  # seconds
STEP = 0.1
NEEDED = ("systemctl", "systemd-analyze", "unshare")
# A mount and a cgroup namespace, so that nothing outside is touched; systemd looks at that folder to
# know whether the machine runs systemd.
_CORNER = f"""\
mount -t cgroup2 none /sys/fs/cgroup
mount -t tmpfs none /run
mkdir -p /run/systemd/system
exec {SYSTEMD} --user
"""


@contextmanager
def user_systemd(home: Path) -> Iterator[dict[str, str]]:
    """Runs while the block does; the environment in which its person works."""
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing or not SYSTEMD.exists():
        raise MissingProgram(f"{', '.join(missing) or SYSTEMD} is not installed")
    environment = _environment(home)
    root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    with (home / "systemd.log").open("wb") as log:
        process = subprocess.Popen(
            ["unshare", *root, "--mount", "--cgroup", "sh", "-ec", _CORNER],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        waited(lambda: _answers(environment) or process.poll() is not None)
        assert process.poll() is None, (home / "systemd.log").read_text("utf-8")
        yield environment
    finally:
        process.terminate()  # systemd(1): it stops all services first
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(home: Path) -> dict[str, str]:
    """What a login sets, all below one folder."""
    places = {
        "HOME": home,
        "XDG_RUNTIME_DIR": home / "run",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_CACHE_HOME": home / "cache of %h $HOME",
        "XDG_DATA_HOME": home / "data",
    }
    for place in places.values():
        place.mkdir(mode=0o700, exist_ok=True)
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, **kept, **{name: str(place) for name, place in places.items()}}


def _answers(environment: dict[str, str]) -> bool:
    asked = ["systemctl", "--user", "show", "--property=Version"]
    done = subprocess.run(asked, env=environment, capture_output=True, check=False)
    return done.returncode == 0


def waited(what: Callable[[], object]) -> None:
    """Wait until something is so, as long as a service takes that is started again."""
    begin = time.monotonic()
    while not what():
        assert time.monotonic() - begin < PATIENCE, "still not so"
        time.sleep(STEP)
