"""Evolution's data server, without a window: it subscribes to the feed's URL as Evolution and the
calendar of GNOME do, for both only show what it keeps.

It runs on a message bus of its own, with settings and caches below the test's folder, and is asked
by `ask_evolution.py`. It ends with its bus.
"""

from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlsplit

from .programs import (
    HERE,
    MissingProgram,
    Occurrence,
    ReaderFailed,
    Source,
    environment,
    own_folder,
    parse_answer,
    path_of,
    run,
    served,
)

# Where Debian puts them: the data server is started by the bus, and only the system's Python has
# Debian's bindings.
DATA_SERVER = Path("/usr/libexec/evolution-calendar-factory")
PYTHON = "/usr/bin/python3"

# A subscription, as Evolution writes it down.
SUBSCRIPTION = """\
[Data Source]
DisplayName=Feed
Enabled=true
Parent=webcal-stub

[Calendar]
BackendName=webcal

[Authentication]
Host={host}
Port={port}

[Security]
Method=none

[WebDAV Backend]
ResourcePath={path}
"""

# The loopback can be reached without a network.
SETTINGS = """\
[org/gnome/evolution-data-server]
network-monitor-gio-name='always-online'
"""


def ask_evolution(feed: Source, start: date, end: date, work: Path) -> tuple[int, list[Occurrence]]:
    """The number of events, and what happens in [start, end), of a subscription made just now."""
    home = Path(mkdtemp(prefix="evolution-", dir=work))
    bus = _bus(home)
    with served(feed) as url:
        _write_settings(home, url)
        script = [PYTHON, "-I", str(HERE / "ask_evolution.py")]
        return parse_answer(run([*bus, *script, start.isoformat(), end.isoformat()], home))


def _bus(home: Path) -> list[str]:
    """What goes before a command to run it on a bus of its own, where all that is needed is there."""
    bus = path_of("dbus-run-session")
    if not DATA_SERVER.exists():
        raise MissingProgram("evolution-data-server")
    try:
        run([PYTHON, "-I", "-c", "import gi; gi.require_version('ECal', '2.0')"], home)
    except ReaderFailed as error:
        raise MissingProgram("gir1.2-ecal-2.0") from error
    # Settings from a file: nothing of the person's own is read or written.
    return [path_of("env"), "GSETTINGS_BACKEND=keyfile", bus, "--"]


def _write_settings(home: Path, url: str) -> None:
    parts, config = urlsplit(url), Path(environment(home)["XDG_CONFIG_HOME"])
    subscription = SUBSCRIPTION.format(host=parts.hostname, port=parts.port, path=parts.path)
    sources = own_folder(config, "evolution/sources")
    (sources / "feed.source").write_text(subscription, encoding="utf-8")
    settings = own_folder(config, "glib-2.0/settings")
    (settings / "keyfile").write_text(SETTINGS, encoding="utf-8")
