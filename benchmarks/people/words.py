"""The chance of a run, and the words of a language, from `benchmarks/words/`."""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
FOLDER = Path(__file__).parents[1] / "words"


class Dice:
    """All chance of one run; it repeats, for it comes from one seed."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self.roll = rng.random
        self.bits = rng.getrandbits

    def chance(self, share: float) -> bool:
        return self.roll() < share

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self.roll() * len(items))]

    def number(self, low: int, high: int) -> int:
        """A whole number; both ends may come."""
        return low + int(self.roll() * (high - low + 1))

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return [item for _, _, item in sorted((self.roll(), i, x) for i, x in enumerate(items))]

    def digits(self, mask: str) -> str:
        """The mask with each `#` a digit, and each `%` one from 2 to 8."""
        if "%" in mask:
            mask = mask.replace("%", str(self.number(2, 8)))
        while "#" in mask:
            mask = mask.replace("#", str(self.number(0, 9)), 1)
        return mask

    def uuid(self) -> str:
        text = f"{self.bits(128):032x}"
        variant = "89ab"[int(text[16], 16) % 4]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What one language gives: names, places and pieces of sentences. `{}` takes a topic."""

    code: str
    country: str
    zone: str
    money: str
    phones: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    prefixes: tuple[str, ...]
    towns: tuple[str, ...]
    streets: tuple[str, ...]
    firms: tuple[str, ...]
    brands: tuple[str, ...]
    forms: tuple[str, ...]
    jobs: tuple[str, ...]
    departments: tuple[str, ...]
    topics: tuple[str, ...]
    talks: tuple[str, ...]
    ends: tuple[str, ...]
    shorts: tuple[str, ...]
    tasks: tuple[str, ...]
    promises: tuple[str, ...]
    needs: tuple[str, ...]
    reasons: tuple[str, ...]
    facts: tuple[str, ...]
    company_facts: tuple[str, ...]
    anniversaries: tuple[str, ...]
    milestones: tuple[str, ...]
    tags: tuple[str, ...]
    sources: tuple[str, ...]
    rivals: tuple[str, ...]
    comments: tuple[str, ...]
    asides: tuple[str, ...]


def load_words(code: str) -> Words:
    path = FOLDER / f"{code}.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    frozen: dict[str, Any] = {
        key: tuple(v) if isinstance(v, list) else v for key, v in table.items()
    }
    if unknown := frozen.keys() - {item.name for item in fields(Words)}:
        raise ValueError(f"{path}: unknown: {', '.join(sorted(unknown))}")
    return Words(code=code, **frozen)
