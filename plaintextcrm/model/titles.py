"""The words of a reminder: what to do, with whom, about what. Each in a language of `languages.py`."""

from datetime import date

from plaintextcrm.model.languages import LANGUAGES, put


def who(name: str, organization: str) -> str:
    """`Eva Malá (ACME)`."""
    return f"{name} ({organization})" if organization and organization != name else name


def title(kind: str, person: str, note: str = "", action: str = "", language: str = "en") -> str:
    """One line: what to do with `person` (see `who`)."""
    head = LANGUAGES[language].head(kind, action, person)
    words = " ".join(about(kind, note, action, language).split())
    return f"{head}: {words}" if words else head


def about(kind: str, note: str, action: str = "", language: str = "en") -> str:
    """What a reminder is about: its note, and what its `action` adds for some kinds."""
    words = LANGUAGES[language]
    if kind == "win-back" and action:
        return f"{note} {put(words.lost_to, action)}".strip()
    if kind == "milestone" and action == FOUNDED:
        return words.founded
    return note


FOUNDED = "founded"  # the action of the day on which an organization began


def count_of_years(kind: str, year: int | None, day: date, language: str = "en") -> str:
    """`turns 40`, `20 years`; empty where the first year is not known, or is this one."""
    if year is None or day.year <= year or kind == "nameday":
        return ""
    words = LANGUAGES[language]
    return (words.turns if kind == "birthday" else words.years)(day.year - year)
