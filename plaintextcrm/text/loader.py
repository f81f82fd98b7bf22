"""The parser of YAML events: libyaml where PyYAML was built with it, else PyYAML's own."""

import re
from typing import Any

import yaml
from yaml.events import ScalarEvent

from plaintextcrm.model.pattern import pattern

_WITHIN_WORDS = pattern(r"[^\s,\[\]{}:?-](?: *\?)+|-\?(?: *\?)*")
_PRIVATE_USE = range(0xE000, 0xF900)


class PureLoader(yaml.SafeLoader):
    """PyYAML's own parser, made to take `{note: Is it you?}` as libyaml does.

    It ends a word in brackets or braces at a `?`; so another character stands in for it.
    """

    def __init__(self, text: str) -> None:
        self._stand_in = next(chr(code) for code in _PRIVATE_USE if chr(code) not in text)
        super().__init__(_WITHIN_WORDS.sub(self._stand, text))

    def _stand(self, found: re.Match[str]) -> str:
        return found[0].replace("?", self._stand_in)

    def get_event(self) -> Any:
        """The next event, with the text as it was written."""
        event = super().get_event()  # type: ignore[no-untyped-call]
        if event.__class__ is ScalarEvent:
            event.value = event.value.replace(self._stand_in, "?")
        return event


# libyaml where PyYAML was built with it; the same verdicts without.
LOADER: Any = getattr(yaml, "CSafeLoader", PureLoader)
