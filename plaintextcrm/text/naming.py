"""What a new contact's file is called: plain small letters of the name."""

import re
from collections.abc import Iterable

from plaintextcrm.text.fold import fold, key_of

LONGEST = 80  # letters of a file's name


def slug(name: str) -> str:
    """`Łódź Design` → `lodz-design`."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")
    return plain[:LONGEST].rstrip("-") or "contact"


class Ids:
    """The ids that are taken, and free ones made from names: with a number where one is taken."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {key_of(one) for one in taken}
        self._last: dict[str, int] = {}

    def new(self, name: str) -> str:
        """A free id for somebody of this name; from now on it is taken."""
        wanted = slug(name)
        free, number = wanted, self._last.get(wanted, 1)
        while free in self._taken:
            number += 1
            free = f"{wanted}-{number}"
        self._taken.add(free)
        self._last[wanted] = number
        return free
