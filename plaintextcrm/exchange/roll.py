"""Who is here already: found by uid, then by what is surely the same person, else who looks alike."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from plaintextcrm.book.answers import Face
from plaintextcrm.exchange.likeness import phone_key, value_of
from plaintextcrm.model.reference import may_be_number
from plaintextcrm.text.fold import fold, key_of
from plaintextcrm.text.render import Plain

_MOST_ALIKE = 3  # that are named


class Roll:
    """The faces of everybody, also of those who came in with this import."""

    def __init__(self, faces: Iterable[Face]) -> None:
        self._by_uid: dict[str, Face] = {}
        self._by_name: dict[str, list[Face]] = defaultdict(list)
        self._by_reach: dict[str, list[Face]] = defaultdict(list)
        self._by_both: dict[tuple[str, str], list[Face]] = defaultdict(list)
        self._by_id: dict[str, Face] = {}
        for face in faces:
            self.add(face)

    def add(self, face: Face) -> None:
        """From now on, this one is here."""
        if face.uid:
            self._by_uid.setdefault(face.uid, face)
        self._by_id.setdefault(key_of(face.id), face)
        name = fold(face.name)
        self._by_name[name].append(face)
        for reach in reaches(face.emails, face.phones):
            self._by_reach[reach].append(face)
            self._by_both[name, reach].append(face)

    def of_uid(self, uid: str) -> Face | None:
        """The one with this uid."""
        return self._by_uid.get(uid)

    def surely(self, face: Face, claimed: Collection[str]) -> Face | None:
        """The only one with the same name and an address or number of theirs, not `claimed` yet."""
        name = fold(face.name)
        found = {
            other.path: other
            for reach in reaches(face.emails, face.phones)
            for other in self._by_both.get((name, reach), ())
            if other.path not in claimed
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def alike(self, face: Face) -> tuple[Face, ...]:
        """Those with the same name, or the same address or number: twins, perhaps."""
        groups = [self._by_name.get(fold(face.name), [])]
        groups += [self._by_reach.get(reach, []) for reach in reaches(face.emails, face.phones)]
        found = {other.path: other for group in groups for other in group[:_MOST_ALIKE]}
        return tuple(found.values())[:_MOST_ALIKE]

    def named(self, word: str, *, organizations: bool = False) -> Face | None:
        """The only one with this uid, id or name; `organizations`: a person's name does not count."""
        uid = word.removeprefix("urn:uuid:").lower()
        found = self._by_uid.get(uid) or self._by_id.get(key_of(word))
        if found or not word:
            return found
        called = self._by_name.get(fold(word), [])
        if organizations:
            called = [face for face in called if face.kind == "organization"]
        return called[0] if len(called) == 1 else None


def reaches(emails: Iterable[str], phones: Iterable[str]) -> list[str]:
    """What tells a person: their addresses and numbers, in one form."""
    numbers = [phone_key(phone) for phone in phones if may_be_number(phone)]
    return [*map(key_of, emails), *numbers]


def face_of(contact_id: str, path: str, fields: Mapping[str, Plain]) -> Face:
    """The face of somebody who arrives."""
    emails, phones = (_values(fields.get(name)) for name in ("emails", "phones"))
    kind, uid = str(fields.get("kind", "individual")), str(fields.get("uid", ""))
    return Face(contact_id, path, str(fields["name"]), kind, uid, emails, phones)


def _values(items: "Plain | None") -> tuple[str, ...]:
    return tuple(filter(None, map(value_of, items))) if isinstance(items, list) else ()
