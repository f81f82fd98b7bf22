"""The words of a reminder: what to do, with whom, about what."""

from datetime import date

VERBS = {
    "call": "Call",
    "email": "Write to",
    "message": "Send a message to",
    "meeting": "Meet",
    "video": "Have a video call with",
    "letter": "Send a letter to",
}


def who(name: str, organization: str) -> str:
    """`Eva Malá (ACME)`."""
    return f"{name} ({organization})" if organization and organization != name else name


def title(kind: str, person: str, note: str = "", action: str = "") -> str:
    """One line: what to do with `person` (see `who`)."""
    return _about(_head(kind, person, action), note)


def _head(kind: str, person: str, action: str) -> str:
    if kind == "promise" and action == "theirs":
        return f"{person} promised"
    heads = {
        "follow-up": f"Follow up with {person}",
        "keep-in-touch": f"{VERBS.get(action, 'Keep in touch with')} {person}",
        "promise": f"Promised to {person}",
        "need": f"{person} may need",
        "deal": f"Deal with {person}",
        "win-back": f"Win back {person}",
        "feedback": f"Ask {person} for feedback",
        "birthday": f"Birthday of {person}",
        "nameday": f"Name day of {person}",
        "anniversary": f"Anniversary of {person}",
    }
    return heads.get(kind, person)


def _about(head: str, note: str) -> str:
    words = " ".join(note.split())
    return f"{head}: {words}" if words else head


def count_of_years(kind: str, year: int | None, day: date) -> str:
    """`turns 40`, `20 years`; empty where the first year is not known, or is this one."""
    if year is None or day.year <= year or kind == "nameday":
        return ""
    years = day.year - year
    if kind == "birthday":
        return f"turns {years}"
    return f"{years} year{'s' * (years != 1)}"
