"""Which way to run services this system has."""

from plaintextcrm.service.launchd import Launchd
from plaintextcrm.service.systemd import Systemd
from plaintextcrm.service.unit import Manager


def manager_of(platform: str) -> Manager:
    """The manager of a platform, as Python names it; systemd's form where it is not known."""
    return Launchd() if platform == "darwin" else Systemd()
