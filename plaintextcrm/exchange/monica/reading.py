"""An export of Monica → people."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from plaintextcrm.exchange.incoming import Incoming, Plain, Refused, Source
from plaintextcrm.exchange.monica.entries import ENTRIES, Account, left
from plaintextcrm.exchange.monica.tree import Item, Json, text, values
from plaintextcrm.model.settings import Settings

_UUID = re.compile(r'"uuid":\s*"([^"]+)"')
_NOT_OURS = (
    "this is no JSON export of Monica 4; make one there under Settings, Export data, Export to JSON"
)
# What only Monica itself has a use for.
_MACHINE = (
    "avatar", "is_partial", "number_of_views", "last_consulted_at", "vcard",
    "distant_etag", "stay_in_touch_trigger_date", "deceased_reminder", "first_met_reminder",
)  # fmt: skip


def read(source: Source, settings: Settings) -> Iterator[Incoming | Refused]:
    """Everybody in the account."""
    try:
        root = json.loads(source.data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        yield Refused(source.path, line, f"this is not JSON: {error}")
        return
    account = Item(root.get("account") if isinstance(root, dict) else None)
    contacts = list(account.items("contact"))
    if not contacts:
        yield Refused(source.path, 1, _NOT_OURS)
        return
    yield from _People(source, account, contacts, text(root.get("export_date"))[:10]).all()
    if entries := values(account.get("journal_entries")):
        what = f"the journal belongs to no contact, and is left out (entries: {len(entries)})"
        yield Refused(source.path, 1, what)


class _People:
    """The contacts of one account, and what they refer to."""

    def __init__(self, source: Source, account: Item, contacts: list[Item], today: str) -> None:
        self.source = source
        self.contacts = contacts
        held = account.get("instance")
        instance = held if isinstance(held, dict) else {}
        named = partial(_by_uuid, instance)
        self.kinds = {item.uuid: item for item in named("contact_field_types")}
        self.genders = {item.uuid: item.text("name") for item in named("genders")}
        self.photos = {item.uuid: item.text("dataUrl") for item in account.items("photo")}
        self.files = {
            item.uuid: item.text("original_filename") for item in account.items("document")
        }
        guests: dict[str, list[str]] = defaultdict(list)
        for contact in contacts:
            for uuid in contact.uuids("activity"):
                guests[uuid].append(contact.uuid)
        types = [*named("activity_types"), *named("life_event_types")]
        names = {item.uuid: item.text("name") or item.text("translation_key") for item in types}
        activities = {item.uuid: item for item in account.items("activity")}
        self.account = Account(activities, guests, names, today)
        self.relations: dict[str, list[Plain]] = defaultdict(list)
        for item in account.items("relationship"):
            other = {"contact": item.text("contact_is"), "type": item.text("type")}
            self.relations[item.text("of_contact")].append(other)

    def all(self) -> Iterator[Incoming]:
        """Everybody, with the line on which their uuid stands."""
        lines = _lines(self.source.data)
        for contact in self.contacts:
            fields = self._fields(contact)
            yield Incoming(self.source.path, lines.get(contact.uuid, 1), fields)

    def _fields(self, contact: Item) -> dict[str, Plain]:
        names = ("first_name", "middle_name", "last_name")
        first, middle, last = map(contact.text, names)
        fields: dict[str, Plain] = {
            "name": " ".join(filter(None, (first, middle, last))) or contact.text("nickname"),
            "uid": contact.uuid,
            "given_name": first,
            "additional_name": middle,
            "family_name": last,
            "nicknames": [contact.text("nickname")],
            "organization": contact.text("company"),
            "title": contact.text("job"),
            "tags": [text(tag) for tag in values(contact.get("tags"))],
            "notes": _notes(contact),
            "photo": self._photo(contact),
            "introduced_by": contact.text("first_met_through"),
            "related": self.relations.get(contact.uuid, []),
            "addresses": [_address(item) for item in contact.items("address")],
            **self._reaches(contact),
            **{name: entries(contact, self.account) for name, entries in ENTRIES.items()},
        }
        if (days := contact.text("stay_in_touch_frequency")) not in ("", "0"):
            fields["cadence"] = f"{days} days"
        rest = self._days(contact, fields)
        rest |= left(contact, self.account)
        if gender := contact.text("gender"):
            rest["gender"] = self.genders.get(gender, gender)
        rest["documents"] = [self.files.get(uuid, uuid) for uuid in contact.uuids("document")]
        fields["x_monica"] = rest | _without(contact.others(), _MACHINE)
        return fields

    def _days(self, contact: Item, fields: dict[str, Plain]) -> dict[str, Plain]:
        """Birth and death; what is only a guess of an age has no field."""
        rest: dict[str, Plain] = {}
        for name, field in (("birthdate", "birthday"), ("deceased_date", "died")):
            item = Item(contact.get(name))
            day = item.day("date")
            if item.get("is_age_based") in (True, 1, "1"):
                rest[f"{name} by age"] = day[:4]
            elif item.get("is_year_unknown") in (True, 1, "1") and day:
                fields[field] = f"--{day[5:]}"
            else:
                fields[field] = day
        if contact.get("is_dead") in (True, 1, "1") and not fields["died"]:
            rest["is_dead"] = "yes"
            fields["cadence"] = "none"
        if contact.get("is_active") in (False, 0, "0"):
            rest["archived"] = "yes"
        return rest

    def _photo(self, contact: Item) -> str:
        avatar = contact.get("avatar")
        uuid = text(avatar.get("avatar_photo")) if isinstance(avatar, dict) else ""
        return self.photos.get(uuid, "")

    def _reaches(self, contact: Item) -> dict[str, Plain]:
        """E-mail addresses, phone numbers, and accounts at services."""
        found: dict[str, list[Plain]] = {"emails": [], "phones": [], "profiles": []}
        for item in contact.items("contact_field"):
            kind = self.kinds.get(item.text("type"), Item(None))
            value, told = item.text("data"), kind.text("type") or kind.text("protocol")
            if told in ("email", "mailto:") or (not told and "@" in value):
                found["emails"].append(value)
            elif told in ("phone", "tel:"):
                found["phones"].append(value)
            else:
                part = "value" if "://" in value else "user"
                found["profiles"].append({"service": kind.text("name"), part: value})
        return dict(found)


def _by_uuid(instance: dict[str, Json], name: str) -> list[Item]:
    return [Item(one) for one in values(instance.get(name))]


def _notes(contact: Item) -> str:
    """What is said of somebody, then the notes, each with its day."""
    notes = [f"{item.made}: {item.text('body')}" for item in contact.items("note")]
    return "\n".join(filter(None, (contact.text("description"), *notes)))


def _address(item: Item) -> dict[str, Plain]:
    parts = {
        "street": "street", "locality": "city", "region": "province", "postcode": "postal_code",
        "country": "country", "type": "name",
    }  # fmt: skip
    return {part: item.text(name) for part, name in parts.items()}


def _without(found: dict[str, Plain], names: tuple[str, ...]) -> dict[str, Plain]:
    return {name: value for name, value in found.items() if name not in names}


def _lines(data: bytes) -> dict[str, int]:
    """The line on which each uuid stands first."""
    found: dict[str, int] = {}
    for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
        if '"uuid"' in line:
            for uuid in _UUID.findall(line):
                found.setdefault(uuid, number)
    return found
