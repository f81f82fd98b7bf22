"""`campaign`: whom to tell about an event or an offer, and whom better not."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from plaintextcrm.model.duration import Duration
from plaintextcrm.report.asking import Question

# The ways to write to somebody, the usual one first; each with what it needs.
CHANNELS = ("email", "message", "letter")
_PEOPLE = """
SELECT c.id, c.name, f.path, c.given_name, c.family_name, c.prefix, c.suffix, c.salutation, c.language,
  CASE WHEN o.private THEN '' ELSE coalesce(o.name, c.organization) END, c.owner, c.email, c.phone,
  (SELECT group_concat(part, ', ') FROM (SELECT a.street AS part FROM addresses a WHERE a.file = c.file AND
     a.n = 0 AND a.street != '' UNION ALL SELECT trim(a.postcode || ' ' || a.locality) FROM addresses a
     WHERE a.file = c.file AND a.n = 0 UNION ALL SELECT a.country FROM addresses a WHERE a.file = c.file
     AND a.n = 0 AND a.country != '')),
  c.status = 'do-not-contact', c.died IS NOT NULL, c.private,
  (SELECT max(i.date) FROM interactions i WHERE i.file = c.file AND i.date <= :today)
FROM contacts c JOIN files f USING (file)
LEFT JOIN contacts o ON o.file = (SELECT file FROM contacts same JOIN files place USING (file)
  WHERE same.key = c.organization_key AND c.organization != '' ORDER BY place.path LIMIT 1)
WHERE c.file IN {chosen} ORDER BY c.sort, c.id
"""
_PATHS = "SELECT f.path FROM files f WHERE f.file IN {chosen}"


class Person(NamedTuple):
    """Somebody to write to: by which channel, and where that leads."""

    contact: str
    name: str
    path: str
    salutation: str
    given_name: str
    family_name: str
    prefix: str
    suffix: str
    language: str
    channel: str
    address: str
    organization: str
    owner: str


class LeftOut(NamedTuple):
    """Somebody who is not written to, and why."""

    contact: str
    name: str
    why: str


class Campaign(NamedTuple):
    """Whom to write to, and who was found but is left out."""

    people: tuple[Person, ...]
    left_out: tuple[LeftOut, ...]


def campaign(
    question: Question,
    consent: Question | None,
    quiet: Duration,
    channels: Sequence[str] = CHANNELS,
) -> Campaign:
    """Hold everybody who was asked for against what forbids to write to them.

    `consent` finds who agreed; None: it does not matter. `quiet`: who was talked with so lately is
    left in peace. `channels` are tried in this order.
    """
    agreed = {path for (path,) in consent.rows(_PATHS)} if consent else None
    since = quiet.before(question.today)
    people: list[Person] = []
    left_out: list[LeftOut] = []
    for row in question.rows(_PEOPLE):
        found = _Found._make(row)
        why = _why_not(found, agreed, since)
        ways = {"email": found.email, "message": found.phone, "letter": found.postal}
        way = next((one for one in channels if ways[one]), "")
        if why or not way:
            left_out.append(LeftOut(found.contact, found.name, why or f"no {_spell(channels)}"))
        else:
            people.append(_person(found, way, ways))
    return Campaign(tuple(people), tuple(left_out))


class _Found(NamedTuple):
    contact: str
    name: str
    path: str
    given_name: str
    family_name: str
    prefix: str
    suffix: str
    salutation: str
    language: str
    organization: str
    owner: str
    email: str
    phone: str
    postal: str | None
    silenced: bool
    died: bool
    private: bool
    last: str | None


def _why_not(found: _Found, agreed: set[str] | None, since: date) -> str:
    if found.silenced:
        return "do-not-contact"
    if found.died:
        return "died"
    if found.private:
        return "private"
    if agreed is not None and found.path not in agreed:
        return "no consent"
    if found.last and date.fromisoformat(found.last) > since:
        return f"talked with on {found.last}"
    return ""


_NEEDS = {"email": "e-mail address", "message": "phone number", "letter": "postal address"}


def _spell(channels: Sequence[str]) -> str:
    return " or ".join(_NEEDS[channel] for channel in channels)


def _person(found: _Found, way: str, ways: Mapping[str, str | None]) -> Person:
    return Person(
        found.contact, found.name, found.path, found.salutation or found.given_name,
        found.given_name, found.family_name, found.prefix, found.suffix, found.language, way,
        ways[way] or "", found.organization, found.owner,
    )  # fmt: skip
