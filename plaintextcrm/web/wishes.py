"""What a request wishes: a packed answer, or none at all where it has the feed already."""

import re
from datetime import UTC
from email.utils import parsedate_to_datetime

from plaintextcrm.web.body import Body

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_WEIGHT = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def wants_packed(accepted: str) -> bool:
    """True where gzip is asked for by name, and not liked less than the plain text."""
    weights = {}
    for wish in accepted.split(","):
        name, _semicolon, parameter = wish.partition(";")
        weights[name.strip().lower()] = _weight(parameter.strip())
    gzip = max(weights.get("gzip", 0.0), weights.get("x-gzip", 0.0))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


def _weight(parameter: str) -> float:
    """From 0 to 1; what is not a weight is none."""
    if not parameter:
        return 1.0
    found = _WEIGHT.fullmatch(parameter)
    return float(found[1]) if found else 0.0


def has_it(tags: str | None, since: str, body: Body) -> bool:
    """True for who has this very feed: by its tags (None where none are told), else by its moment."""
    if tags is not None:
        return tags.strip() == "*" or not set(body.tags).isdisjoint(_TAG.findall(tags))
    seconds = _seconds(since)
    return seconds is not None and seconds >= body.changed


def _seconds(moment: str) -> float | None:
    """Seconds since 1970; None for what is not a moment."""
    if not moment:
        return None
    try:
        found = parsedate_to_datetime(moment)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, LookupError, OverflowError):
        return None
