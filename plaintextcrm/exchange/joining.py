"""Two contact files become one: all entries of both, and for each field in which they differ a word of
the person's. Pure, from texts to a text; our words are A (the one that stays) and B.

The data of both makes a goal; the text of A is brought there by splices, with the lines of B as they
were written (`text/merge`). What of B's comments has no place in that stands at the end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from plaintextcrm.exchange.doubles import joined_lists
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fields import contact_fields, takes_one
from plaintextcrm.text.fold import key_of
from plaintextcrm.text.ground import Ground
from plaintextcrm.text.habits import newest_first
from plaintextcrm.text.merge.carry import become, fields, ground_of
from plaintextcrm.text.merge.changes import as_rendered
from plaintextcrm.text.merge.order import Item, weave
from plaintextcrm.text.merge.pieces import pieces
from plaintextcrm.text.merge.proof import doubled_comments, lost_comments
from plaintextcrm.text.merge.values import Unmerged
from plaintextcrm.text.nodes import Sequence as List
from plaintextcrm.text.references import promised_by, references
from plaintextcrm.text.render import Plain
from plaintextcrm.text.source import BOM
from plaintextcrm.text.types import ListOf
from plaintextcrm.text.values import LONG_TEXT

A, B, BOTH = "A", "B", "both"
_USUAL = {"kind": "individual"}  # what a file means that does not say it
_MODELINE = "# yaml-language-server:"
_BETWEEN = "\n\n"  # two notes


class Side(NamedTuple):
    """One of the two: its id, its file's path, and the text there."""

    id: str
    path: str
    data: bytes


class Difference(NamedTuple):
    """A field that says one thing in A and another in B; `both` where it may say both."""

    field: str
    a: Plain
    b: Plain
    both: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """The text of the one that stays; `dropped` says what could not come along, and why."""

    data: bytes
    dropped: tuple[str, ...]


class Undecided(Exception):
    """Nobody said which side to take of these."""

    def __init__(self, differences: Sequence[Difference]) -> None:
        super().__init__(", ".join(one.field for one in differences))
        self.differences = tuple(differences)


def differences(a: Side, b: Side, settings: Settings) -> list[Difference]:
    """The fields in which the two say different things. Raises Unmerged for a text that is not sound."""
    return _Pair(a, b, settings).differences()


def join(a: Side, b: Side, settings: Settings, take: Mapping[str, str]) -> Joined:
    """A with all of B; `take` says of each difference which side. Raises Undecided or Unmerged."""
    return _Pair(a, b, settings).joined(take)


class _Pair:
    """Two sides, as data that names both by the id that stays."""

    def __init__(self, a: Side, b: Side, settings: Settings) -> None:
        self.settings = settings
        self.stays = a
        self.texts = _sound(a), _sound(b)
        self.dropped: list[str] = []
        self.a = self._renamed(self.texts[0], b.id, a.id, own=())
        self.b = self._renamed(self.texts[1], b.id, a.id, own=(b.id,))
        if not self.b.get("kind"):
            self.b["kind"] = _USUAL["kind"] if self.a.get("kind") else ""

    def differences(self) -> list[Difference]:
        known = contact_fields(self.settings)
        return [
            Difference(name, a, b, bool(known.get(name) and known[name].type is LONG_TEXT))
            for name, b in self.b.items()
            if (a := self.a.get(name) or _USUAL.get(name, ""))
            and b
            and name != "uid"
            and _said(a) != _said(b)
            and self._lists(name, a, b) is None
        ]

    def joined(self, take: Mapping[str, str]) -> Joined:
        open_ = [one for one in self.differences() if one.field not in take]
        if open_:
            raise Undecided(open_)
        goal = self._goal(take)
        ground_a, ground_b = self.texts
        text = become(ground_a.text, goal, pieces(ground_b, ground_a), self.stays.path)
        new = ground_of(text)
        if new and doubled_comments(None, ground_a, ground_b, new):  # of entries that are the same
            text = become(ground_a.text, goal, as_rendered, self.stays.path)
        text = self._with_comments(text)
        mark = BOM if self.stays.data.startswith(BOM.encode()) else ""
        return Joined((mark + text).encode(), tuple(self.dropped))

    def _goal(self, take: Mapping[str, str]) -> dict[str, Plain]:
        goal = dict(self.a)
        for name, b in self.b.items():
            a = goal.get(name) or ""
            if not b or name == "uid":
                continue
            lists = self._lists(name, a, b) if a else None
            if lists is not None:
                goal[name] = self._woven(name, *lists)
            elif take.get(name) == BOTH:
                goal[name] = f"{str(a).rstrip()}{_BETWEEN}{b}"
            elif take.get(name) == B or (not a and name not in _USUAL):
                goal[name] = b
        return goal

    # ── lists ────────────────────────────────────────────────────────────────

    def _lists(self, name: str, a: Plain, b: Plain) -> tuple[list[Plain], list[Plain]] | None:
        """Both as lists; None where the field is none."""
        field = contact_fields(self.settings).get(name)
        if field is not None and not isinstance(field.type, ListOf):
            return None
        lone = field is not None and takes_one((name,))
        one, other = (_as_list(value, lone=lone) for value in (a, b))
        return None if one is None or other is None else (one, other)

    def _woven(self, name: str, a: list[Plain], b: list[Plain]) -> list[Plain]:
        """The entries of both, each once, by their days where the list runs by days."""
        found = joined_lists(name, a, b, self.a, self.settings)
        self.dropped += found.told
        nodes = [(ground, ground.node((name,))) for ground in self.texts]
        lists = [(ground, node) for ground, node in nodes if isinstance(node, List)]
        lists.sort(key=lambda one: -len(one[1].items))  # the longer one tells how it runs
        newest = any(newest_first(ground, node) for ground, node in lists[:1])
        items = [Item(*one) for one in found.entries]
        return [items[number].value for number in weave(items, [], newest).turns]

    # ── who names whom ───────────────────────────────────────────────────────

    def _renamed(
        self, ground: Ground, old: str, new: str, own: tuple[str, ...]
    ) -> dict[str, Plain]:
        """The data of a text, in which B is called A; what then names itself goes."""
        data = fields(ground)
        paths = references(ground.root, old, self.settings)
        paths += [path for name in own for path in promised_by(ground.root, name, self.settings)]
        for path in paths:
            _put(data, path, new)
        if any(key_of(str(data.get(name, ""))) == key_of(new) for name in ("introduced_by",)):
            self.dropped.append("one was introduced by the other: `introduced_by` is left out")
            del data["introduced_by"]
        related = data.get("related")
        if isinstance(related, list):
            kept = [one for one in related if not _names(one, new)]
            if len(kept) < len(related):
                self.dropped.append("what they were to each other: `related` of one to the other")
            data["related"] = kept
            if not kept:
                del data["related"]
        for name, part in (("interactions", "with"), ("referrals", "to")):
            held = data.get(name)
            for entry in held if isinstance(held, list) else []:
                if isinstance(entry, dict):
                    _without(entry, part, new)
        return data

    # ── comments ─────────────────────────────────────────────────────────────

    def _with_comments(self, text: str) -> str:
        """The text, with B's comments that did not come along at its end. Raises Unmerged where one
        of A is lost.
        """
        ground_a, ground_b = self.texts
        new = ground_of(text)
        if new is None or lost_comments(None, ground_a, ground_a, new):
            raise Unmerged("a comment would be lost")
        lost = [
            line
            for line in lost_comments(None, ground_b, ground_b, new)
            if not line.startswith(_MODELINE)
        ]
        if not lost:
            return text
        end = "" if text.endswith("\n") else new.newline
        with_them = text + end + "".join(line + new.newline for line in lost)
        again = ground_of(with_them)
        if again is None or fields(again) != fields(new):
            raise Unmerged("a comment has no place at the end of this file")
        return with_them


def _sound(side: Side) -> Ground:
    ground = ground_of(side.data.decode("utf-8", "replace").removeprefix(BOM))
    if ground is None:
        raise Unmerged(f"{side.path} has errors; see `plaintextcrm check {side.path}`")
    return ground


def _said(value: Plain) -> Plain:
    return " ".join(value.split()) if isinstance(value, str) else value


def _as_list(value: Plain, *, lone: bool) -> list[Plain] | None:
    if isinstance(value, list):
        return value
    return [value] if lone and isinstance(value, str) else None


def _put(data: dict[str, Plain], path: Sequence[str | int], text: str) -> None:
    at: Plain = data
    for step in path[:-1]:
        at = at[step]  # type: ignore[index]
    at[path[-1]] = text  # type: ignore[index]


def _names(entry: Plain, contact: str) -> bool:
    return isinstance(entry, dict) and key_of(str(entry.get("contact", ""))) == key_of(contact)


def _without(entry: dict[str, Plain], part: str, contact: str) -> None:
    """Take the contact out of a list of names."""
    held = entry.get(part)
    names = held if isinstance(held, list) else [held] if held else []
    kept = [name for name in names if key_of(str(name)) != key_of(contact)]
    if len(kept) == len(names):
        return
    if kept:
        entry[part] = kept
    else:
        del entry[part]
