"""Laws of every merge, in twenty hands: no entry, no change of a side and no comment of ours is lost.

Each entry of the first version has a number in its note, so that what must become of it is known
without asking the merge which entry is which. Both sides then change the file by the edit engine and
as people do in an editor: comments, empty lines, other line ends, lines that change places.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintextcrm.text.edit import Append, Change, Refused, Remove, Set, edit
from plaintextcrm.text.merge import Merged, Unmerged, merge, settle
from plaintextcrm.text.nodes import plain
from plaintextcrm.text.reader import read
from plaintextcrm.text.render import Plain
from tests.text.hands import ANY, DAY, TEXT, Written, files

PATH = "contacts/eva.yaml"
EXAMPLES = 1500
LISTS = ("interactions", "follow_ups")
FIELDS = ("title", "status", "owner", "notes", "cadence", "x_new")
GONE = None


@dataclass(frozen=True)
class Side:
    """What one person made of the file."""

    file: bytes
    data: dict[str, Any]
    said: tuple[str, ...]


@dataclass
class Person:
    """Somebody who changes the file, step by step; what cannot be done is left."""

    name: str
    draw: st.DrawFn
    file: bytes
    said: list[str] = field(default_factory=list)

    @property
    def data(self) -> dict[str, Any]:
        found = data_of(self.file)
        assert found is not None
        return found

    def put(self, file: bytes, what: str) -> None:
        if file != self.file and data_of(file) is not None:
            self.file = file
            self.said.append(what)

    def change(self, change: Change) -> None:
        with suppress(Refused):
            self.put(edit(self.file, PATH, change), str(change))

    def entry(self) -> tuple[str, int] | None:
        found = [
            (name, number)
            for name in LISTS
            for number in range(len(self.data.get(name) or []))
        ]  # fmt: skip
        return self.draw(st.sampled_from(found)) if found else None

    def step(self) -> None:
        kinds = [
            self.add, self.add, self.add, self.set_field, self.set_field, self.unset, self.close,
            self.close, self.snooze, self.reword, self.drop, self.tag, self.untag, self.comment,
            self.comment, self.behind, self.air, self.line_ends, self.swap,
        ]  # fmt: skip
        self.draw(st.sampled_from(kinds))()

    def add(self) -> None:
        more = {"channel": "call"} if self.draw(st.booleans()) else {}
        note = f"{self.name}{len(self.said)}{self.draw(st.sampled_from(['', ': x', ' # x', 'ě']))}"
        value: Plain = {"date": self.draw(DAY), **more, "note": f"New {note}"}
        self.change(Append((self.draw(st.sampled_from(LISTS)),), value))

    def set_field(self) -> None:
        self.change(Set((self.draw(st.sampled_from(FIELDS)),), self.draw(ANY)))

    def unset(self) -> None:
        there = [name for name in FIELDS if name in self.data]
        if there:
            self.change(Remove((self.draw(st.sampled_from(there)),)))

    def close(self) -> None:
        self._in_entry("done")

    def snooze(self) -> None:
        self._in_entry("date")

    def _in_entry(self, name: str) -> None:
        if found := self.entry():
            self.change(Set((*found, name), self.draw(DAY)))

    def reword(self) -> None:
        if found := self.entry():
            note = self.data[found[0]][found[1]]["note"]
            self.change(Set((*found, "note"), f"{note} and {self.name}"))

    def drop(self) -> None:
        if found := self.entry():
            self.change(Remove(found))

    def tag(self) -> None:
        self.change(Append(("tags",), self.draw(TEXT)))

    def untag(self) -> None:
        if tags := self.data.get("tags"):
            number = self.draw(st.integers(0, len(tags) - 1))
            self.change(Remove(("tags", number)))

    def _edit_lines(self, what: str, edited: list[str]) -> None:
        """As in an editor; only if the data stays what it was."""
        file = "\n".join(edited).encode()
        if data_of(file) == self.data:
            self.put(file, what)

    def comment(self) -> None:
        lines = self.file.decode().split("\n")
        at = self.draw(st.integers(0, len(lines)))
        line = lines[at] if at < len(lines) else ""
        indent = line[: len(line) - len(line.lstrip(" "))]
        end = "\r" if "\r" in lines[0] else ""
        new = f"{indent}# {self.name} {len(self.said)}.{end}"
        self._edit_lines(new, [*lines[:at], new, *lines[at:]])

    def behind(self) -> None:
        lines = self.file.decode().split("\n")
        at = self.draw(st.integers(0, len(lines) - 1))
        if lines[at].strip() and "#" not in lines[at]:
            bare = lines[at].removesuffix("\r")
            new = f"{bare}  # {self.name} {len(self.said)}.{lines[at][len(bare) :]}"
            self._edit_lines(new, [*lines[:at], new, *lines[at + 1 :]])

    def air(self) -> None:
        lines = self.file.decode().split("\n")
        at = self.draw(st.integers(0, len(lines)))
        self._edit_lines("air", [*lines[:at], "\r" if "\r" in lines[0] else "", *lines[at:]])

    def line_ends(self) -> None:
        text = self.file.decode()
        other = text.replace("\r\n", "\n") if "\r" in text else text.replace("\n", "\r\n")
        self._edit_lines("line ends", other.split("\n"))

    def swap(self) -> None:
        lines = self.file.decode().split("\n")
        if len(lines) > 1:
            at = self.draw(st.integers(0, len(lines) - 2))
            swapped = [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]
            self._edit_lines("swap", swapped)


def data_of(file: bytes) -> dict[str, Any] | None:
    document = read(file, PATH)
    if document.root is None or document.problems:
        return None
    data = plain(document.root)
    assert isinstance(data, dict)
    return data


def comments_of(file: bytes, known: set[str]) -> Counter[str]:
    text = file.decode()
    return Counter({comment: text.count(comment) for comment in known if comment in text})


@st.composite
def merges(draw: st.DrawFn) -> tuple[Written, Side, Side, Side]:
    """A file, and what two people made of it; each entry of the file has a number."""
    written = draw(files())
    file, number = bytes(written.file), 0
    for name in LISTS:
        for at in range(len(written.data.get(name) or [])):
            number += 1
            try:
                file = edit(file, PATH, Set((name, at, "note"), f"Talk{number}."))
            except Refused:
                file = edit(file, PATH, Remove((name,)))
                break
    base = Person("base", draw, file)
    sides = []
    for name in ("ours", "theirs"):
        person = Person(name, draw, file)
        for _step in range(draw(st.integers(1, 7))):
            person.step()
        sides.append(Side(person.file, person.data, tuple(person.said)))
    return written, Side(base.file, base.data, ()), sides[0], sides[1]


# ── what must become of it ───────────────────────────────────────────────────


def expected(base: Any, ours: Any, theirs: Any) -> tuple[bool, Any]:
    """Whether it is certain, and the value; blank is not set."""
    base, ours, theirs = (value or None for value in (base, ours, theirs))
    if ours == theirs or theirs == base:
        return True, ours
    if ours == base:
        return True, theirs
    return False, ours


def numbered(data: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The entries by the beginning of their notes: `Talk1`, `New ours3`."""
    found = {}
    for name in LISTS:
        for entry in data.get(name) or []:
            note = entry["note"]
            key = note.partition(".")[0] if note.startswith("Talk") else note.partition(" and ")[0]
            again = " again" if f"{name} {key}" in found else ""
            found[f"{name} {key}{again}"] = entry
    return found


@dataclass
class Tally:
    """What the merges were like."""

    merges: int = 0
    smooth: int = 0
    conflicts: int = 0
    needless: list[str] = field(default_factory=list)
    unmerged: list[str] = field(default_factory=list)
    theirs: int = 0
    carried: int = 0


def test_f19_f20_f21_f22_no_merge_loses_anything() -> None:
    tally = Tally()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(merges())
    def law(case: tuple[Written, Side, Side, Side]) -> None:
        _written, base, ours, theirs = case
        told = "\n".join([f"{side.said}\n{side.file.decode()!r}" for side in (base, ours, theirs)])
        tally.merges += 1
        try:
            merged = merge(base.file, ours.file, theirs.file, PATH)
        except Unmerged as why:
            tally.unmerged.append(f"{why}\n{told}")
            return
        told += f"\n→ {merged.conflicts}\n{merged.data.decode()!r}"
        hold_data(base, ours, theirs, merged, tally, told)
        hold_comments((base, ours, theirs), merged, tally, told)

    law()
    assert tally.merges >= EXAMPLES
    assert tally.smooth > tally.merges / 3
    assert tally.conflicts > tally.merges / 50
    assert len(tally.unmerged) < tally.merges / 100, "\n\n".join(tally.unmerged[:3])
    assert len(tally.needless) < tally.merges / 50, "\n\n".join(tally.needless[:3])
    assert tally.carried > tally.theirs * 0.8, (tally.carried, tally.theirs)


def hold_data(
    base: Side, ours: Side, theirs: Side, merged: Merged, tally: Tally, told: str
) -> None:
    """Every change of one side is there; what both changed is a conflict, or both did the same."""
    data = data_of(merged.data)
    assert data is not None, told
    contested = {conflict.path[0] for conflict in merged.conflicts}
    certain = True
    for name in {*base.data, *ours.data, *theirs.data} - {*LISTS, "tags", "emails", "x_own"}:
        sure, value = expected(*(side.data.get(name) for side in (base, ours, theirs)))
        certain &= sure or both_are_texts_of_lines(base, name)
        if sure:
            assert (data.get(name) or None) == value, (name, told)
        elif not both_are_texts_of_lines(base, name):
            assert name in contested, (name, told)
    certain &= hold_entries(base, ours, theirs, merged, contested, told)
    before, mine, other, now = (
        set(side.get("tags") or []) for side in (base.data, ours.data, theirs.data, data)
    )
    if "tags" not in contested:
        assert (mine - before) | (other - before) <= now, told
        assert not (now - mine - other), told
        assert not now & ((before - mine) | (before - other)), told
    if not merged.conflicts:
        assert certain or "notes" in base.data or "title" in base.data, told
        tally.smooth += 1
    elif certain:
        tally.needless.append(told)
    else:
        tally.conflicts += 1


def lower_half(merged: Merged) -> dict[str, dict[str, str]]:
    """The entries with their side in each conflict."""
    assert merged.marked is not None
    text = settle(merged.marked.decode(), lambda part: part.lower)
    return numbered(data_of(text.encode()) or {})


def both_are_texts_of_lines(base: Side, name: str) -> bool:
    """Texts of several lines are merged by lines."""
    value = base.data.get(name)
    return isinstance(value, str) and "\n" in value.strip("\n")


def hold_entries(
    base: Side, ours: Side, theirs: Side, merged: Merged, contested: set[Any], told: str
) -> bool:
    """No entry is lost, none comes back, none stands twice. Whether all of them are certain."""
    before, mine, other = (numbered(side.data) for side in (base, ours, theirs))
    now, other_half = numbered(data_of(merged.data) or {}), lower_half(merged)
    certain = True
    for key in {*before, *mine, *other, *now}:
        name = key.partition(" ")[0]
        sides = [side.get(key) for side in (before, mine, other)]
        if key.endswith(
            " again"
        ):  # one that they changed through and through, in conflict with ours
            assert name in contested, (key, told)
            continue
        if sides[0] is not None and sides[1] is not None and sides[2] is not None:
            for part in {*sides[0], *sides[1], *sides[2]}:
                sure, value = expected(*((side or {}).get(part) for side in sides))
                certain &= sure
                if sure and name not in contested:
                    assert (now[key].get(part) or None) == value, (key, part, told)
                elif not sure:
                    assert name in contested, (key, part, told)
        else:
            sure, value = expected(*sides)
            certain &= sure or name not in contested
            if name not in contested:
                # One that was changed through and through is new, and kept where they took it out.
                kept = [value] if sure else [side for side in sides[1:] if side]
                assert now.get(key) in kept, (key, told)
            elif sure and value is not None:
                assert key in now or key in other_half, (key, told)
    return certain


def hold_comments(sides: tuple[Side, Side, Side], merged: Merged, tally: Tally, told: str) -> None:
    """Our comments are there, but for those that their side took out; and most of theirs."""
    known = {
        f"# {name} {number}." for name in ("ours", "theirs") for number in range(8)
    } | {f"# k{number}." for number in range(60)}  # fmt: skip
    base, ours, theirs = (comments_of(side.file, known) for side in sides)
    now = comments_of(merged.data, known)
    assert merged.marked is not None, told
    marked = settle(merged.marked.decode(), lambda part: part.upper).encode()
    assert marked.rstrip(b"\r\n") == merged.data.rstrip(b"\r\n"), told
    for comment in known:
        if ours[comment] and not (base[comment] and not theirs[comment]):
            assert now[comment] == 1, (comment, told)
        assert now[comment] <= 1, (comment, told)
        if theirs[comment] and not base[comment]:
            tally.theirs += 1
            tally.carried += now[comment]
            assert now[comment] or comment in " ".join(merged.uncarried), (comment, told)
