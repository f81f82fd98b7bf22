"""What a colleague must know who takes contacts over: one document, as Markdown or HTML."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from plaintextcrm.share.differences import Fields
from plaintextcrm.text import document
from plaintextcrm.text.document import Block, listed
from plaintextcrm.text.render import Plain

TALKS = 3
_OPEN = (("promises", "Promises"), ("follow_ups", "Follow-ups"), ("needs", "Needs"))
_CARD = ("status", "organization", "title", "role", "salutation", "cadence", "tags")


@dataclass(frozen=True, slots=True)
class Client:
    """A contact that is handed over. `fields` are the file's; `last`, `next`: ISO days, or empty."""

    id: str
    name: str
    path: str
    last: str
    next: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Handover:
    """From whom to whom, on which day, and which contacts."""

    old: str
    new: str
    day: date
    clients: tuple[Client, ...]


def blocks(handover: Handover) -> Iterator[Block]:
    """The document, part by part."""
    yield Block("title", f"Handover from {handover.old} to {handover.new}")
    number = len(handover.clients)
    yield Block("text", f"{number} contact{'s' * (number != 1)}, {handover.day.isoformat()}.")
    for client in handover.clients:
        yield from _client(client)


def _client(client: Client) -> Iterator[Block]:
    yield Block("name", f"{client.name} ({client.id})")
    card = [f"{name}: {told}" for name in _CARD if (told := _told(client.fields.get(name)))]
    days = f"last talk {client.last}" if client.last else "no talk yet"
    yield Block("text", "; ".join([*card, days, *([f"next {client.next}"] if client.next else [])]))
    yield from listed("Reach", [*_reach(client.fields)])
    for field, heading in _OPEN:
        entries = [one for one in _entries(client.fields, field) if not one.get("done")]
        yield from listed(heading, [_open(field, one) for one in entries])
    talks = _newest_first(_entries(client.fields, "interactions"))
    yield from listed("Last talks", [_talk(one) for one in talks[:TALKS]])
    deals = [one for one in _entries(client.fields, "deals") if not one.get("closed")]
    yield from listed("Open deals", [_deal(one) for one in deals])
    if notes := _told(client.fields.get("notes")):
        yield Block("head", "To know")
        yield Block("text", notes)


def _entries(fields: Fields, name: str) -> list[Fields]:
    held = fields.get(name)
    return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []


def _newest_first(talks: list[Fields]) -> list[Fields]:
    """The talks, of one day in the order of the file, whichever way it runs."""
    upwards = len(talks) > 1 and _day(talks[0]) <= _day(talks[-1])
    return sorted(talks[::-1] if upwards else talks, key=_day, reverse=True)


def _reach(fields: Fields) -> Iterator[str]:
    for name in ("phones", "emails"):
        held = fields.get(name)
        for one in held if isinstance(held, list) else [held] if held else []:
            value = one.get("value") if isinstance(one, dict) else one
            kind = one.get("type") if isinstance(one, dict) else ""
            yield _told(value) + (f" ({_told(kind)})" if kind else "")


def _day(entry: Fields) -> str:
    return _told(entry.get("date"))


def _open(field: str, entry: Fields) -> str:
    """`2026-12-01: Two references (their promise)`."""
    by = _told(entry.get("by"))
    whose = f" (promised by {by})" if field == "promises" and by else ""
    because = _told(entry.get("because"))
    why = f" (because {because})" if because else ""
    return ": ".join(filter(None, (_day(entry), _told(entry.get("note"))))) + whose + why


def _talk(entry: Fields) -> str:
    head = ", ".join(filter(None, (_day(entry), *(_told(entry.get(k)) for k in ("channel", "by")))))
    mood = _told(entry.get("mood"))
    note = _told(entry.get("note"))
    return head + (f": {note}" if note else "") + (f" (mood {mood})" if mood else "")


def _deal(entry: Fields) -> str:
    return ", ".join(
        filter(None, (_told(entry.get(k)) for k in ("name", "stage", "value", "date", "note")))
    )


def _told(value: "Plain | None") -> str:
    """A value on one line."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_told, value)))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_told(one)}" for name, one in value.items() if one)
    return " ".join((value or "").split())


def markdown(handover: Handover) -> str:
    """The document as Markdown."""
    return document.markdown(blocks(handover))


def html(handover: Handover) -> str:
    """The same as one HTML page."""
    return document.html(blocks(handover))
