"""People who arrive, held against the book: who is new, who is here already and gets what is missing.

Nothing here writes: an Arrival is a file's text before and after, and what to tell of it. A contact is
the one of a card by its uid, or surely, by its name and an address or number; who only looks like
somebody comes in beside them, and is told: `twins`. One contact is that of one card of each file only,
unless they have the same uid, so that two people who share an address stay two; files with one card
each, in one folder, are as one file.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import NamedTuple, cast

from plaintextcrm.book.answers import Face
from plaintextcrm.exchange.filling import Proposal, filling
from plaintextcrm.exchange.fitting import fitting
from plaintextcrm.exchange.incoming import Incoming, Refused
from plaintextcrm.exchange.picture import Picture, pictured
from plaintextcrm.exchange.relations import related
from plaintextcrm.exchange.roll import Roll, face_of
from plaintextcrm.exchange.tidy import ordered, tidy
from plaintextcrm.model.problem import Place
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.edit import Append, Change, Set, edit
from plaintextcrm.text.edit import Refused as EditRefused
from plaintextcrm.text.naming import Ids
from plaintextcrm.text.nodes import plain
from plaintextcrm.text.page import page
from plaintextcrm.text.parse import contact_id, parse_contact, parse_document
from plaintextcrm.text.reader import Document, read
from plaintextcrm.text.render import Plain

NEW, TWIN, CHANGED, SAME = "new", "twin", "changed", "same"


class Arrival(NamedTuple):
    """What becomes of one card: the file it goes to, with its bytes before and after.

    `what` is `new`, `twin` (new, and looks like those in `alike`), `changed` or `same`. `proposals`
    are fields that differ, and stay as they are. `picture` is a file to write before: path and bytes.
    """

    incoming: Incoming
    what: str
    face: Face
    before: bytes | None
    after: bytes
    proposals: tuple[Proposal, ...] = ()
    alike: tuple[Face, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What arrivals are held against: everybody's faces, all paths, and a file's bytes by its path.

    New files go into `folder` (a path in the book) and begin with `head`, a line of comment or none.
    `picture` gives the bytes of a picture that is there, by its path; None where there is none.
    """

    faces: Sequence[Face]
    paths: Sequence[str]
    text_of: Callable[[str], bytes]
    settings: Settings
    today: date
    folder: str
    head: str
    picture: Callable[[str], bytes | None] = lambda path: None


def arrive(people: Iterable[Incoming], scene: Scene) -> Iterator[Arrival | Refused]:
    """What becomes of each, in their order."""
    return _Import(scene).arrivals(people)


class _Guest(NamedTuple):
    """Somebody who arrives, whom they turned out to be, and whom they look like."""

    incoming: Incoming
    fields: dict[str, Plain]
    face: Face
    is_new: bool
    alike: tuple[Face, ...]


@dataclass
class _Import:
    """One import under way: who is here by now, and what their files will say."""

    scene: Scene
    claimed: dict[str, set[str]] = field(default_factory=dict)  # by the cards of each file
    texts: dict[str, bytes] = field(default_factory=dict)

    def arrivals(self, people: Iterable[Incoming]) -> Iterator[Arrival | Refused]:
        """All are recognised before the first is written: a card may name one that comes later."""
        roll = Roll(self.scene.faces)
        guests = self._recognised(people, roll)
        for guest in guests:
            if isinstance(guest, Refused):
                yield guest
            else:
                yield self._written(guest, roll)

    def _recognised(self, people: Iterable[Incoming], roll: Roll) -> list[_Guest | Refused]:
        tidied = [(incoming, tidy(incoming, self.scene.settings)) for incoming in people]
        numbers = Counter(incoming.path for incoming, _fields in tidied)
        groups = {path: path if number > 1 else _folder(path) for path, number in numbers.items()}
        for incoming, fields in tidied:
            claimed = self.claimed.setdefault(groups[incoming.path], set())
            if found := roll.of_uid(str(fields.get("uid", ""))):
                claimed.add(found.path)
        ids = Ids(map(contact_id, self.scene.paths))
        return [
            self._guest(incoming, fields, roll, ids, self.claimed[groups[incoming.path]])
            for incoming, fields in tidied
        ]

    def _guest(
        self,
        incoming: Incoming,
        fields: dict[str, Plain],
        roll: Roll,
        ids: Ids,
        claimed: set[str],
    ) -> _Guest | Refused:
        if not fields.get("name"):
            what = "nothing in it tells whom it is about; give it a name"
            return Refused(incoming.path, incoming.line, what)
        face = face_of("", "", fields)
        found = roll.of_uid(face.uid) or roll.surely(face, claimed)
        if found:
            claimed.add(found.path)
            return _Guest(incoming, fields, found, is_new=False, alike=())
        alike = roll.alike(face)
        name = ids.new(incoming.id or face.name)
        face = face._replace(id=name, path=f"{self.scene.folder}/{name}.yaml")
        claimed.add(face.path)
        roll.add(face)
        return _Guest(incoming, fields, face, is_new=True, alike=alike)

    def _written(self, guest: _Guest, roll: Roll) -> Arrival | Refused:
        fields = ordered(related(guest.fields, roll, guest.face), self.scene.settings)
        first = guest.is_new and guest.face.path not in self.texts
        try:
            done = self._new(guest, fields) if first else self._changed(guest, fields)
        except EditRefused as why:
            return Refused(guest.incoming.path, guest.incoming.line, f"not taken over: {why}")
        self.texts[guest.face.path] = done.after
        return done

    def _new(self, guest: _Guest, fields: dict[str, Plain]) -> Arrival:
        """The new file; a value that its field cannot hold is kept in one that can."""
        path, scene = guest.face.path, self.scene
        fields, picture = pictured(fields, guest.face.id, scene.picture)
        data, document = _page(path, scene.head, fields)
        if not parse_document(document, path, scene.settings, scene.today).good:
            data, _document = _page(path, scene.head, fitting(fields, scene.settings, scene.today))
        what = TWIN if guest.alike else NEW
        return Arrival(guest.incoming, what, guest.face, None, data, (), guest.alike, picture)

    def _changed(self, guest: _Guest, fields: dict[str, Plain]) -> Arrival:
        """The file of somebody who is here, with what it lacked."""
        path = guest.face.path
        before = self.texts.get(path) or self.scene.text_of(path)
        root = read(before, path).root
        here = cast(dict[str, Plain], plain(root)) if root else {}
        if here.get("photo") and str(fields.get("photo", "")).startswith("data:"):
            del fields["photo"]  # theirs is another picture, or the same
        fields, picture = pictured(fields, guest.face.id, self.scene.picture)
        found = filling(here, fields)
        if found.changes and not self._fits(found.changes):
            found = filling(here, fitting(fields, self.scene.settings, self.scene.today))
        after = edit(before, path, *found.changes) if found.changes else before
        what = CHANGED if after != before else SAME
        return Arrival(
            guest.incoming, what, guest.face, before, after, found.proposals, (), picture
        )

    def _fits(self, changes: Sequence[Change]) -> bool:
        """True where the new values bring no error."""
        fields: dict[str, Plain] = {"name": "?"}
        for one in changes:
            if isinstance(one, Append):
                held = fields.setdefault(str(one.path[0]), [])
                cast(list[Plain], held).append(one.value)
            elif isinstance(one, Set):
                fields[str(one.path[0])] = one.value
        text = page(fields).encode()
        return parse_contact(text, "", self.scene.settings, self.scene.today).good


def _folder(path: str) -> str:
    return f"{PurePath(path).parent}/"


def _page(path: str, head: str, fields: dict[str, Plain]) -> tuple[bytes, Document]:
    """The bytes of a new file that says just this, as they are read back. Raises EditRefused."""
    data = f"{head}{page(fields)}".encode()
    document = read(data, path)
    if document.problems or document.root is None or plain(document.root) != fields:
        found = document.problems[0] if document.problems else None
        why = found.message if found else "it cannot be written as YAML"
        raise EditRefused(path, found.place if found else Place(1, 1, 1, 1), why)
    return data, document
