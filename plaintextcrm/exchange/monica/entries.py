"""What happened with a contact of Monica, as entries of a contact file."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from plaintextcrm.exchange.incoming import Plain
from plaintextcrm.exchange.monica.tree import Item, text, values

Entry: TypeAlias = "dict[str, Plain]"
_YEARLY = ("year", "1")


class Account(NamedTuple):
    """What entries refer to: activities and who took part, and the names of types, by uuid; and the day
    of the export.
    """

    activities: Mapping[str, Item]
    guests: Mapping[str, list[str]]
    names: Mapping[str, str]
    today: str


def interactions(contact: Item, account: Account) -> list[Entry]:
    """Calls, conversations and activities, the newest first."""
    found = [
        *map(_call, contact.items("call")),
        *map(_conversation, contact.items("conversation")),
        *_activities(contact, account),
    ]
    return sorted(found, key=lambda entry: str(entry["date"]), reverse=True)


def _call(item: Item) -> Entry:
    moods = [text(one.get("name")) for one in _mappings(item.get("emotions"))]
    return {
        "date": item.day("called_at") or item.made,
        "channel": "call",
        "direction": "in" if item.get("contact_called") in (True, 1, "1") else "out",
        "note": item.text("content"),
        "mood": ", ".join(filter(None, moods)),
    }


def _conversation(item: Item) -> Entry:
    lines = []
    for message in map(Item, values(item.get("messages"))):
        who = "me" if message.get("written_by_me") in (True, 1, "1") else "them"
        lines.append(f"{who}: {message.text('content')}")
    return {
        "date": item.day("happened_at") or item.made,
        "channel": "message",
        "note": "\n".join(lines),
    }


def _activities(contact: Item, account: Account) -> Iterator[Entry]:
    for uuid in contact.uuids("activity"):
        if item := account.activities.get(uuid):
            kind = account.names.get(item.text("type"), "").replace("_", " ")
            told = (item.text("summary"), item.text("description"), kind and f"({kind})")
            yield {
                "date": item.day("happened_at") or item.made,
                "channel": "meeting",
                "note": "\n".join(filter(None, told)),
                "with": [one for one in account.guests.get(uuid, ()) if one != contact.uuid],
            }


def follow_ups(contact: Item, account: Account) -> list[Entry]:
    """Tasks, and reminders of one day. Monica's tasks have no day: it is the one they were made on."""
    found: list[Entry] = []
    for item in contact.items("task"):
        done = item.get("completed") in (True, 1, "1")
        entry: Entry = {"date": item.made, "note": _about(item, "title", "description")}
        found.append(entry | ({"done": item.day("completed_at") or item.made} if done else {}))
    for item in contact.items("reminder"):
        if item.text("frequency_type") == "one_time":
            day = item.day("initial_date")
            past = item.get("inactive") in (True, 1, "1") or day < account.today
            note = _about(item, "title", "description")
            entry = {"date": day, "note": note}
            found.append(entry | ({"done": day} if past else {}))
    return found


def milestones(contact: Item, account: Account) -> list[Entry]:
    """Life events, the day one met, and reminders that come back every year.

    The reminders that Monica itself makes of birthdays cannot be deleted there: a birthday has its own
    here.
    """
    met = Item(contact.get("first_met_date"))
    found: list[Entry] = [{"date": day, "note": "First met"} for day in [met.day("date")] if day]
    for item in contact.items("life_event"):
        kind = account.names.get(item.text("type"), "").replace("_", " ")
        note = ": ".join(filter(None, (item.text("name") or kind, item.text("note"))))
        found.append({"date": item.day("happened_at"), "note": note})
    for item in contact.items("reminder"):
        if _returns(item) and item.get("delible") is not False:
            note = _about(item, "title", "description")
            found.append({"date": item.day("initial_date"), "note": note, "repeat": "yearly"})
    return found


def _returns(item: Item) -> bool:
    return (item.text("frequency_type"), item.text("frequency_number") or "1") == _YEARLY


def promises(contact: Item, account: Account) -> list[Entry]:
    """Debts: what one is to pay the other, from the day on which it was written down."""
    found = []
    for item in contact.items("debt"):
        mine = item.get("in_debt") in (True, "yes")
        amount = " ".join(filter(None, (item.text("amount"), item.text("currency"))))
        about = ": ".join(filter(None, (f"Pay {amount}", item.text("reason"))))
        entry: Entry = {"date": item.made, "made": item.made, "note": about}
        entry |= {} if mine else {"by": "them"}
        found.append(entry | ({"done": item.made} if item.text("status") == "complete" else {}))
    return found


def left(contact: Item, account: Account) -> dict[str, Plain]:
    """What has no field here: gifts, pets, and reminders that come back more often than every year."""
    reminders = [
        item
        for item in contact.items("reminder")
        if item.text("frequency_type") != "one_time" and not _returns(item)
    ]
    found: dict[str, Plain] = {
        "gifts": [_whole(item) for item in contact.items("gift")],
        "pets": [_whole(item) for item in contact.items("pet")],
        "reminders": [_whole(item) for item in reminders],
    }
    return {name: value for name, value in found.items() if value}


def _whole(item: Item) -> Entry:
    return dict(Item({"properties": item.properties}).others())


def _about(item: Item, *names: str) -> str:
    return "\n".join(filter(None, map(item.text, names)))


def _mappings(given: object) -> Iterator[Mapping[str, object]]:
    return (one for one in values(given) if isinstance(one, Mapping))


ENTRIES: dict[str, Callable[[Item, Account], list[Entry]]] = {
    "interactions": interactions,
    "follow_ups": follow_ups,
    "promises": promises,
    "milestones": milestones,
}
