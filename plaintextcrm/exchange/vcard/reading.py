"""Cards → people who arrive."""

from collections.abc import Iterator

from plaintextcrm.exchange.incoming import Incoming, Refused, Source
from plaintextcrm.model.settings import Settings


def read(source: Source, settings: Settings) -> Iterator[Incoming | Refused]:
    """Each card of a file."""
    lines = source.data.decode(errors="replace").splitlines()
    for number, line in enumerate(lines, 1):
        if line.startswith("FN:"):
            yield Incoming(source.path, number, {"name": line[3:]})
