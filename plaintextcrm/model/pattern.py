"""Regular expressions that are compiled when they are first used: most commands use few of them."""

import re
from typing import Any, AnyStr, cast


class _Later:
    """Stands for a compiled pattern, and becomes it bit by bit: a method that was used is its own."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, value)
        return value


def pattern(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, later."""
    return cast(re.Pattern[AnyStr], _Later(source, flags))
