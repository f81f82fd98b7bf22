"""What the system is asked to run, whichever system it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from plaintextcrm.model.errors import NotRunnable
from plaintextcrm.store.cache import cache_name
from plaintextcrm.text.fold import fold

AGAIN = 10  # seconds after which a command that failed is started again
_LONGEST = 40  # characters of a folder's name
_UNSPEAKABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")

# Commands of the system, one after the other. What counts is whether the last one went well.
Commands = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A command that is to run always: its name, what it is for, its words, the first of which is a
    program's absolute path, and variables that it needs. `online`: it listens to the network.
    Raises NotRunnable.
    """

    name: str
    title: str
    words: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    online: bool = False

    def __post_init__(self) -> None:
        for word in (self.title, *self.words, *self.variables.values()):
            if _UNSPEAKABLE.search(word):
                raise NotRunnable(word)


class Manager(Protocol):
    """A system's way to run services: systemd, launchd."""

    def place(self, name: str) -> Path:
        """The file of the service of this name."""

    def traces(self, name: str) -> tuple[Path, ...]:
        """All files that are to be removed with it, that one among them."""

    def render(self, service: Service) -> bytes:
        """What stands in its file."""

    def why_not(self) -> str:
        """Why it cannot be used here; empty where it can."""

    def starting(self, name: str, changed: bool) -> Commands:
        """What starts it, now and whenever the person logs in; `changed`: its file was another one."""

    def stopping(self, name: str) -> Commands:
        """What stops it for good, while its file is still there."""

    def settling(self) -> Commands:
        """What is to be run when its file is gone."""

    def state(self, name: str) -> str:
        """`running`, `stopped`, `failed`, or `unknown` where the system does not say."""


def name_of(command: str, book: Path) -> str:
    """`plaintextcrm-watch-my-clients-3f2a9c01`: for people, and yet no other folder has it."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(book.name)).strip("-")[:_LONGEST].rstrip("-")
    parts = ("plaintextcrm", command, plain, cache_name(book)[:8])
    return "-".join(part for part in parts if part)
