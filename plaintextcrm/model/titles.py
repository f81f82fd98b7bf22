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
    words, years = LANGUAGES[language], _years_on(kind, year, day)
    return (words.turns if kind == "birthday" else words.years)(years) if years else ""


def what_it_is(kind: str, year: int | None, day: date, language: str = "en") -> str:
    """The same where it stands alone, without the kind before it: `25th anniversary`."""
    years = _years_on(kind, year, day)
    if kind == "anniversary" and years:
        return LANGUAGES[language].nth(years)
    return count_of_years(kind, year, day, language)


def title_on(
    day: date,
    kind: str,
    person: str,
    note: str = "",
    action: str = "",
    year: int | None = None,
    language: str = "en",
) -> str:
    """The title with what it will be on that day: `25th anniversary of Eva Malá`, `ACME: 20 years`."""
    plain = title(kind, person, note, action, language)
    count = what_it_is(kind, year, day, language)
    if not count:
        return plain
    if kind == "anniversary":
        words = LANGUAGES[language]
        return f"{count}{plain.removeprefix(words.kinds[kind])}"
    if kind == "milestone" and action == FOUNDED:
        return f"{person}: {count}"
    return f"{plain}, {count}"


def _years_on(kind: str, year: int | None, day: date) -> int:
    return 0 if year is None or kind == "nameday" else max(day.year - year, 0)
