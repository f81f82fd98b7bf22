"""Each folder here is one merge: `base.yaml`, `ours.yaml`, `theirs.yaml`, and what becomes of them.

That is `expected.yaml`, or `conflict.txt`: what is said, an empty line, and the file as it is left. An
empty base is a file that both sides added; a name that begins with `settings-` is one of the settings.
"""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
NAMES = sorted(path.parent.name for path in HERE.glob("*/base.yaml"))


@dataclass(frozen=True)
class Case:
    """One merge. `said` is empty where there is no conflict."""

    name: str
    base: bytes
    ours: bytes
    theirs: bytes
    said: tuple[str, ...]
    after: bytes

    @property
    def path(self) -> str:
        """Where the file stands in an address book."""
        settings = self.name.startswith("settings-")
        return "plaintextcrm.yaml" if settings else "contacts/eva-mala.yaml"


def load(name: str) -> Case:
    """The case in the folder of that name."""
    folder = HERE / name
    base, ours, theirs = (
        (folder / f"{side}.yaml").read_bytes() for side in ("base", "ours", "theirs")
    )
    if (folder / "expected.yaml").exists():
        return Case(name, base, ours, theirs, (), (folder / "expected.yaml").read_bytes())
    said, _, after = (folder / "conflict.txt").read_bytes().partition(b"\n\n")
    return Case(name, base, ours, theirs, tuple(said.decode().splitlines()), after)


def load_all() -> list[Case]:
    """All cases."""
    return [load(name) for name in NAMES]
