"""All other files call a contact by another id: after `rename`, and after `merge`."""

from collections.abc import Iterable
from typing import NamedTuple

from plaintextcrm.cli.change import Edit, Planned, Scene, read, spliced
from plaintextcrm.cli.session import Session
from plaintextcrm.model.errors import ChangeRefused
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.edit import Change, Remove, Set
from plaintextcrm.text.fold import key_of
from plaintextcrm.text.ground import Path
from plaintextcrm.text.nodes import Mapping, Node, Scalar, Sequence, plain
from plaintextcrm.text.reader import read as read_text
from plaintextcrm.text.references import references


class Repoint(NamedTuple):
    """The id that goes, and the one that comes in its place."""

    old: str
    new: str


def repointed(session: Session, scene: Scene, ids: Repoint, paths: Iterable[str]) -> Planned:
    """The plan for these files, which may refer to the contact. Raises ChangeRefused for one that is
    broken and may, too.
    """

    def changes(data: bytes) -> list[Change]:
        return _changes(data, ids, scene.settings)

    edits = [Edit(path, changes) for path in paths if _may_refer(session, path, ids.old)]
    return spliced(session, scene, edits)


def _may_refer(session: Session, path: str, contact: str) -> bool:
    """False for a broken file that does not even hold the id; one that does must be mended first."""
    data = read(session, path)
    found = read_text(data, path)
    if found.root is not None and not found.problems:
        return True
    if key_of(contact) not in key_of(data.decode(errors="replace")):
        return False
    problem = found.problems[0]
    where = f"{path}:{problem.place.line}:{problem.place.column}"
    raise ChangeRefused(
        f"{where}: mend the file first, as it may refer to {contact}: {problem.message}."
        f" See `plaintextcrm check {path}`."
    )


def _changes(data: bytes, ids: Repoint, settings: Settings) -> list[Change]:
    """The new id at every reference; what would then stand twice in one list goes."""
    root = read_text(data, "").root
    if root is None:
        return []
    sets: list[Change] = []
    doubles: list[Path] = []
    for path in references(root, ids.old, settings):
        double = _double(root, path, ids)
        if double is None:
            sets.append(Set(path, ids.new))
        else:
            doubles.append(double)
    return [*sets, *(Remove(path) for path in reversed(doubles))]


def _double(root: Mapping, path: Path, ids: Repoint) -> Path | None:
    """The entry that is there already under the new id: of a list of names, or a whole relation."""
    for length in (len(path), len(path) - 1):
        if length < 1 or not isinstance(path[length - 1], int):
            continue
        place = path[:length]
        entries = _at(root, place[:-1])
        if isinstance(entries, Sequence):
            said = [_said(item, ids) for item in entries.items]
            number = int(place[-1])
            if said[number] in said[:number] + said[number + 1 :] and not _is_first(
                entries, said, number, ids
            ):
                return place
    return None


def _is_first(entries: Sequence, said: list[object], number: int, ids: Repoint) -> bool:
    """True for the entry that stays: the one that has the new id already, else the first."""
    same = [at for at, value in enumerate(said) if value == said[number]]
    there = [at for at in same if _says(entries.items[at], ids.new)]
    return number == (there or same)[0]


def _says(node: Node, contact: str) -> bool:
    if isinstance(node, Mapping):
        return any(key.text == "contact" and _says(value, contact) for key, value in node.pairs)
    return isinstance(node, Scalar) and key_of(node.text) == key_of(contact)


def _said(node: Node, ids: Repoint) -> object:
    """What an entry says, with the one id for the other."""
    value = plain(node)
    if isinstance(value, dict):
        contact = value.get("contact", "")
        return {**value, "contact": _called(contact, ids)} if "contact" in value else value
    return _called(value, ids)


def _called(value: object, ids: Repoint) -> object:
    if not isinstance(value, str):
        return value
    return key_of(ids.new) if key_of(value) == key_of(ids.old) else key_of(value)


def _at(root: Mapping, path: Path) -> Node | None:
    node: Node | None = root
    for step in path:
        if isinstance(node, Mapping):
            node = next((value for key, value in node.pairs if key.text == step), None)
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
    return node
