"""Merging two changes of one file: the table in tests/merges, and what it cannot show."""

import pytest

from plaintextcrm.text.merge import Unmerged, merge, parts, settle, tell_conflict, whole
from plaintextcrm.text.nodes import plain
from plaintextcrm.text.reader import read
from tests.merges import NAMES, load

PATH = "contacts/eva.yaml"


def merged(base: str, ours: str, theirs: str) -> str:
    """The text of a merge without conflicts."""
    found = merge(base.encode(), ours.encode(), theirs.encode(), PATH)
    assert found.conflicts == ()
    assert found.marked == found.data
    return found.data.decode()


# ── the table ────────────────────────────────────────────────────────────────


def test_there_are_enough_cases() -> None:
    assert len(NAMES) >= 25
    for fault in ("f19", "f20", "f22", "f23", "settings"):
        assert any(name.startswith(f"{fault}-") for name in NAMES), fault


@pytest.mark.parametrize("name", NAMES)
def test_f19_f20_f22_f23_the_table(name: str) -> None:
    case = load(name)
    found = merge(case.base, case.ours, case.theirs, case.path)
    told = [tell_conflict(conflict, hidden=found.private) for conflict in found.conflicts]
    assert tuple(told) == case.said
    assert found.marked == case.after
    assert found.uncarried == ()


@pytest.mark.parametrize("name", NAMES)
def test_the_halves_of_the_parts_are_both_sides(name: str) -> None:
    case = load(name)
    found = merge(case.base, case.ours, case.theirs, case.path)
    assert found.marked is not None
    upper = settle(found.marked.decode(), lambda part: part.upper)
    assert upper.encode() == found.data
    for text in (upper, settle(found.marked.decode(), lambda part: part.lower)):
        document = read(text.encode(), case.path)
        assert document.root is not None
        assert document.problems == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_merge_again_changes_nothing(name: str) -> None:
    """What is merged holds all of theirs: merging them in once more gives the same."""
    case = load(name)
    found = merge(case.base, case.ours, case.theirs, case.path)
    again = merge(case.theirs, found.data, case.theirs, case.path)
    assert again.data == found.data
    if not found.conflicts:
        assert merge(case.base, found.data, case.theirs, case.path).data == found.data
        assert merge(case.ours, found.data, case.ours, case.path).data == found.data


@pytest.mark.parametrize("name", NAMES)
def test_the_other_way_round_the_data_is_the_same(name: str) -> None:
    case = load(name)
    here = merge(case.base, case.ours, case.theirs, case.path)
    there = merge(case.base, case.theirs, case.ours, case.path)
    assert len(here.conflicts) == len(there.conflicts)
    if not here.conflicts:
        one, other = (read(found.data, PATH).root for found in (here, there))
        assert one is not None
        assert other is not None
        assert unordered(plain(one)) == unordered(plain(other))


def unordered(value: object) -> object:
    """The value with its lists in some order of their own: two that were added may stand either way."""
    if isinstance(value, dict):
        return {name: unordered(item) for name, item in value.items()}
    if isinstance(value, list):
        return sorted((unordered(item) for item in value), key=repr)
    return value


# ── one side only ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["name: Eva\n", "", "\0\xff", "name: [\n", "<<<<<<< x\n"])
def test_what_only_one_side_changed_is_theirs_byte_for_byte(text: str) -> None:
    base, other = b"name: Old\n", text.encode("latin-1")
    assert merge(base, base, other, PATH).data == other
    assert merge(base, other, base, PATH).data == other
    assert merge(base, other, other, PATH).data == other


def test_a_new_form_of_theirs_comes_where_we_changed_nothing() -> None:
    base = "name: Eva\ntags: [a, b]\n\nstatus: lead\ncadence: 6 weeks\n"
    theirs = "name: Eva\ntags:\n  - a  # first\n  - b\n\nstatus: lead\ncadence: 6 weeks\n"
    ours = base.replace("6 weeks", "3 months")
    assert merged(base, ours, theirs) == theirs.replace("6 weeks", "3 months")


# ── what cannot be merged ────────────────────────────────────────────────────


@pytest.mark.parametrize("side", ["base", "ours", "theirs"])
def test_a_side_with_errors_is_left_to_git(side: str) -> None:
    texts = {"base": "name: Eva\n", "ours": "name: Eva M\n", "theirs": "name: Eva\ntags: [a]\n"}
    texts[side] = "name: Eva\nname: Eva\n"
    with pytest.raises(Unmerged) as raised:
        merge(texts["base"].encode(), texts["ours"].encode(), texts["theirs"].encode(), PATH)
    assert raised.value.side == side
    assert raised.value.problem is not None
    assert raised.value.problem.code == "duplicate-key"


def test_nothing_is_left_where_each_side_removed_the_other_half() -> None:
    with pytest.raises(Unmerged):
        merge(b"name: Eva\nstatus: lead\n", b"name: Eva\n", b"status: lead\n", PATH)


# ── conflicts as data ────────────────────────────────────────────────────────


def test_a_conflict_knows_its_places_and_its_entry() -> None:
    base = "name: Eva\nfollow_ups:\n- date: 2026-05-01\n  note: Send it\n"
    ours = base.replace("05-01", "05-08")
    theirs = f"# x\n{base}".replace("05-01", "05-15")
    (conflict,) = merge(base.encode(), ours.encode(), theirs.encode(), PATH).conflicts
    assert conflict.path == ("follow_ups", 0, "date")
    assert (conflict.base, conflict.ours, conflict.theirs) == (
        "2026-05-01", "2026-05-08", "2026-05-15",
    )  # fmt: skip
    assert conflict.our_place is not None
    assert conflict.their_place is not None
    assert (conflict.our_place.line, conflict.our_place.column) == (3, 9)
    assert (conflict.their_place.line, conflict.their_place.column) == (4, 9)
    assert conflict.entry == {"date": "2026-05-08", "note": "Send it"}


def test_two_conflicts_of_one_name_are_told_apart() -> None:
    base = "name: Eva\nfollow_ups:\n- date: 2026-05-01\n  note: A\n- date: 2026-06-01\n  note: A\n"
    ours = base.replace("05-01", "05-08").replace("06-01", "06-08")
    theirs = base.replace("05-01", "05-15").replace("06-01", "06-15")
    found = merge(base.encode(), ours.encode(), theirs.encode(), PATH)
    assert [conflict.field for conflict in found.conflicts] == [
        "date of the follow-up (A)",
        "date of the follow-up (A), number 2",
    ]


def test_conflicts_on_one_line_are_one_part() -> None:
    base = b"{name: Eva, status: lead, cadence: 6 weeks}\n"
    ours = base.replace(b"lead", b"client").replace(b"6 weeks", b"1 year")
    theirs = base.replace(b"lead", b"lost").replace(b"6 weeks", b"none")
    found = merge(base, ours, theirs, PATH)
    assert found.marked is not None
    (part,) = parts(found.marked.decode())
    assert part.field == "status, cadence"
    assert part.upper == ours.decode()
    assert part.lower == theirs.decode()


# ── parts that are left ──────────────────────────────────────────────────────

GITS = """\
name: Eva
<<<<<<< HEAD
status: lead
||||||| 1234567
status: prospect
=======
status: client
>>>>>>> main
tags: [a]
<<<<<<< cadence: yours
cadence: 1 year
=======
>>>>>>> cadence: theirs
"""


def test_parts_are_found_those_of_git_too() -> None:
    one, other = parts(GITS)
    assert (one.field, one.upper, one.lower) == ("", "status: lead\n", "status: client\n")
    assert (one.sides, one.line) == (("HEAD", "main"), 2)
    assert (other.field, other.upper, other.lower) == ("cadence", "cadence: 1 year\n", "")
    assert (other.sides, other.line) == (("yours", "theirs"), 10)


def test_parts_are_settled_one_by_one() -> None:
    text = settle(GITS, lambda part: part.upper if part.field == "cadence" else None)
    assert text == GITS.partition("<<<<<<< cadence")[0] + "cadence: 1 year\n"
    assert settle(text, lambda part: part.lower) == (
        "name: Eva\nstatus: client\ntags: [a]\ncadence: 1 year\n"
    )


def test_marks_without_an_end_are_left_alone() -> None:
    broken = GITS.replace(">>>>>>> main\n", "")
    (part,) = parts(broken)
    assert part.field == "cadence"
    assert settle(broken, lambda part: None) == broken


def test_both_texts_whole() -> None:
    text = whole(b"name: Eva", b"name: Jan\n").decode()
    assert text == "<<<<<<< yours\nname: Eva\n=======\nname: Jan\n>>>>>>> theirs\n"
    (part,) = parts(text)
    assert (part.upper, part.lower, part.sides) == (
        "name: Eva\n", "name: Jan\n", ("yours", "theirs"),
    )  # fmt: skip


# ── much ─────────────────────────────────────────────────────────────────────


def talks(first: int, count: int) -> str:
    """Entries of as many days, each with a comment."""
    numbers = range(first, first + count)
    return "".join(
        f"  - date: 20{10 + number // 300:02}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"
        f"  # {number}\n    note: Talk {number}\n"
        for number in numbers
    )


def test_hundreds_of_entries_of_both_sides() -> None:
    base = "name: Eva\ninteractions:\n" + talks(0, 800)
    text = merged(base, base + talks(800, 300), base + talks(1100, 300))
    for number in range(1400):
        assert text.count(f"note: Talk {number}\n") == 1
        assert text.count(f"# {number}\n") == 1
