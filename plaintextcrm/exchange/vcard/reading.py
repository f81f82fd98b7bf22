"""Cards → people who arrive: each property becomes its field, and what has none is kept in `x_vcard`."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

from plaintextcrm.exchange.incoming import Incoming, Plain, Refused, Source
from plaintextcrm.exchange.likeness import value_of
from plaintextcrm.exchange.vcard import values
from plaintextcrm.exchange.vcard.cards import Card, cards
from plaintextcrm.exchange.vcard.lexicon import (
    ALONE,
    LABEL,
    ODD,
    OF_THE_CARD,
    OUR_FIELD,
    day_in,
    fields_of_property,
    own_properties,
    property_of,
)
from plaintextcrm.exchange.vcard.line import Property
from plaintextcrm.model.settings import Settings
from plaintextcrm.store.picture import LARGEST
from plaintextcrm.text.render import Plain as Given
from plaintextcrm.text.values import LANGUAGE, TIMEZONE, URL, YEARLY

_KEPT = "x_vcard"
_LARGEST = 1 << 16  # letters of a property that is kept as it is
_LARGEST_PHOTO = LARGEST * 4 // 3  # the same in base64
_OWN = re.compile(r"x_[\w-]{1,60}")
_LABELLED = (
    "EMAIL", "TEL", "URL", "ADR", "SOCIALPROFILE", "X-ABDATE", "RELATED", "X-ABRELATEDNAMES",
)  # fmt: skip
_UUID = re.compile(r"(?:urn:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def read(source: Source, settings: Settings) -> Iterator[Incoming | Refused]:
    """Everybody in a file of cards; what cannot be taken over is told."""
    own = own_properties(settings)
    for card in cards(source, settings.country):
        if isinstance(card, Refused):
            yield card
        else:
            person = _Person(own)
            person.read(card)
            yield Incoming(source.path, card.line, person.fields)
            for one in person.large:
                size = len(one.value) >> 10
                what = f"{one.name} of {size} kB is too large, and was left out"
                yield Refused(source.path, one.line, what)


@dataclass
class _Person:
    """One card being read: its fields so far, what is kept as it is, and what is too large for that."""

    own: dict[str, str]
    fields: dict[str, Plain] = field(default_factory=dict)
    large: list[Property] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    kept: list[tuple[int, str]] = field(default_factory=list)
    groups: set[str] = field(default_factory=set)  # of what is kept
    told: set[str] = field(default_factory=set)  # groups of which a field has the label

    def read(self, card: Card) -> None:
        """All properties; labels first, for they may stand behind what they belong to."""
        for one in card.properties:
            if one.name == LABEL and one.group:
                self.labels.setdefault(one.group.lower(), one.text.strip())
        for one in sorted(card.properties, key=_rank):
            if not (one.name == LABEL and one.group):
                self._take(one)
        self.kept += [
            (one.line, one.whole)
            for one in card.properties
            if one.name == LABEL and one.group and not self._is_told(one)
        ]
        self.kept += card.odd
        if self.fields.get("kind") and self.fields.get("organization") == self.fields.get("name"):
            del self.fields["organization"]  # some programs want it there, too
        if self.kept:
            self.fields[_KEPT] = [line for _number, line in sorted(self.kept)]

    def _is_told(self, one: Property) -> bool:
        """True for a label that says nothing, or of which an entry's `type` says all."""
        group, text = one.group.lower(), one.text.strip()
        said = group in self.told and group not in self.groups and text == self.labels[group]
        return said or not text

    def _take(self, one: Property) -> None:
        name = property_of(one.name)
        if name in OF_THE_CARD:
            return
        if name == ODD:
            self.kept.append((one.line, one.text))
        elif not (self._ours(one) or self._by_table(name, one)):
            self._keep(one)

    def _ours(self, one: Property) -> bool:
        """A field that vCard does not know: one of ours, or one that the settings declare."""
        told = one.param(OUR_FIELD) or self.own.get(one.name, "")
        fits = told in self.own.values() or _OWN.fullmatch(told)
        if not fits or told in self.fields or told == _KEPT:
            return False
        self.fields[told] = values.of_our_field(one)
        return True

    def _by_table(self, name: str, one: Property) -> bool:
        """What the field table knows, by the name of the property."""
        label = self.labels.get(one.group.lower(), "") if one.group else ""
        if take := _SPECIAL.get(name):
            done = take(self, one, label)
            if done and label and name in _LABELLED:
                self.told.add(one.group.lower())
            return done
        names = fields_of_property(name)
        return bool(names) and self._one(names[0], one.text)

    def _keep(self, one: Property) -> None:
        if len(one.whole) > _LARGEST:
            self.large.append(one)
            return
        self.kept.append((one.line, one.whole))
        if one.group:
            self.groups.add(one.group.lower())

    def _one(self, name: str, value: str) -> bool:
        """A field with one value: the first counts, and another one is kept as it is."""
        if not value.strip():
            return True
        if name in self.fields:
            return self.fields[name] == value.strip()
        self.fields[name] = value.strip()
        return True

    def _more(self, name: str, items: list[Plain]) -> bool:
        """A field with a list."""
        held = cast(list[Plain], self.fields.setdefault(name, []))
        held.extend(items)
        return True

    # ── properties with a form of their own ──────────────────────────────────

    def name_parts(self, one: Property, label: str) -> bool:
        """N: family name, given name, middle names, prefixes, suffixes."""
        found = values.name_in(one)
        if found.keys() & self.fields.keys():
            return False
        self.fields |= found
        return True

    def uid(self, one: Property, label: str) -> bool:
        """A uid that is no UUID is kept beside the one that is made of it."""
        fits = _UUID.fullmatch(one.text.strip()) is not None
        return self._one("uid", one.text) and (fits or not one.text.strip())

    def organization(self, one: Property, label: str) -> bool:
        """ORG: the organization, then its parts."""
        found = values.organization_in(one)
        if found.keys() & self.fields.keys():
            return False
        self.fields |= found
        return True

    def reach(self, one: Property, label: str) -> bool:
        """EMAIL, TEL and URL; what cannot be a web address is kept as it is."""
        entry = values.reach_in(one, label)
        if one.name == "URL" and entry and not values.fits(URL, value_of(cast(Given, entry))):
            return False
        (name,) = fields_of_property(one.name)
        return self._more(name, [entry] if entry else [])

    def address(self, one: Property, label: str) -> bool:
        """ADR."""
        entry = values.address_in(one, label)
        return self._more("addresses", [entry] if entry else [])

    def profile(self, one: Property, label: str) -> bool:
        """SOCIALPROFILE, and Apple's own one."""
        entry = values.profile_in(one, label)
        return self._more("profiles", [entry] if entry else [])

    def listed(self, one: Property, label: str) -> bool:
        """NICKNAME and CATEGORIES."""
        (name,) = fields_of_property(one.name)
        return self._more(name, cast(list[Plain], values.list_in(one)))

    def notes(self, one: Property, label: str) -> bool:
        """All notes together."""
        held = str(self.fields.get("notes", ""))
        self.fields["notes"] = f"{held}\n\n{one.text.strip()}".strip()
        return True

    def day(self, one: Property, label: str) -> bool:
        """BDAY, ANNIVERSARY, DEATHDATE."""
        (name,) = fields_of_property(property_of(one.name))
        return self._day(name, values.day_of(one))

    def _day(self, name: str, day: str) -> bool:
        """A field with a day; `circa 1800` is kept as it is."""
        return not day or (values.fits(YEARLY, day) and self._one(name, day))

    def labelled_day(self, one: Property, label: str) -> bool:
        """Apple's day with a label; only a wedding day has a field."""
        return label.lower() in values.WEDDING and self._day("anniversary", values.day_of(one))

    def kind(self, one: Property, label: str) -> bool:
        """A person, an organization or a group; others, such as rooms, have no field."""
        found = values.kind_in(one)
        return bool(found) and self._one("kind", found)

    def shown_as(self, one: Property, label: str) -> bool:
        """How Apple says that a card is an organization's."""
        if one.text.strip().upper() != "COMPANY":
            return False
        self.fields["kind"] = "organization"
        return True

    def visibility(self, one: Property, label: str) -> bool:
        """Whatever is not said to be public is private."""
        if one.text.strip().upper() not in ("PUBLIC", ""):
            self.fields["visibility"] = "private"
        return True

    def photo(self, one: Property, label: str) -> bool:
        """A web address, or the picture itself as a `data:` address."""
        found = values.photo_in(one)
        if len(found) > _LARGEST_PHOTO:
            self.large.append(one)
            return True
        return bool(found) and self._one("photo", found)

    def relation(self, one: Property, label: str) -> bool:
        """RELATED, and Apple's names of others."""
        entry = values.relation_in(one, label)
        return self._more("related", [entry] if entry else [])

    def zone(self, one: Property, label: str) -> bool:
        """A time zone by its name; hours from Greenwich have no field."""
        found = one.text.strip()
        return not found or (values.fits(TIMEZONE, found) and self._one("timezone", found))

    def language(self, one: Property, label: str) -> bool:
        """The first language."""
        found = one.text.strip()
        return not found or (values.fits(LANGUAGE, found) and self._one("language", found))

    def android(self, one: Property, label: str) -> bool:
        """Android's own: a nickname, a wedding day; the rest is kept."""
        kind, *rest = values.android_in(one)
        if kind == "nickname" and rest:
            return self._more("nicknames", [rest[0]])
        if kind == "contact_event" and rest[1:2] == ["1"]:
            return self._day("anniversary", day_in(rest[0], ""))
        return False


def _rank(one: Property) -> tuple[int, int]:
    """In the card's order; of what there can be one only, the preferred one first."""
    return (values.preference(one) if one.name in ALONE else 0, one.line)


_SPECIAL: dict[str, Callable[[_Person, Property, str], bool]] = {
    "N": _Person.name_parts,
    "UID": _Person.uid,
    "ORG": _Person.organization,
    "EMAIL": _Person.reach,
    "TEL": _Person.reach,
    "URL": _Person.reach,
    "ADR": _Person.address,
    "SOCIALPROFILE": _Person.profile,
    "NICKNAME": _Person.listed,
    "CATEGORIES": _Person.listed,
    "NOTE": _Person.notes,
    "BDAY": _Person.day,
    "ANNIVERSARY": _Person.day,
    "DEATHDATE": _Person.day,
    "X-ABDATE": _Person.labelled_day,
    "KIND": _Person.kind,
    "X-ABSHOWAS": _Person.shown_as,
    "CLASS": _Person.visibility,
    "PHOTO": _Person.photo,
    "RELATED": _Person.relation,
    "X-ABRELATEDNAMES": _Person.relation,
    "TZ": _Person.zone,
    "LANG": _Person.language,
    "X-ANDROID-CUSTOM": _Person.android,
}
