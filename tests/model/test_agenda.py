"""On which day a reminder stands: crowded days spread out over working days, in a fixed order."""

import json
import sys
from collections import Counter
from datetime import date, timedelta
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintextcrm.model.agenda import (
    OCCASIONS,
    Waiting,
    day_alone,
    days,
    gives_way,
    next_time,
    stand,
)
from tests.conftest import AddressBook
from tests.model.cases import DAY, agenda, busy, due, placed


def test_crowded_days_slide_over_the_weekend(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "max_per_day: 2\n")
    busy(book, **{name: due("2026-11-27") for name in "abcdefg"})  # a Friday
    assert placed(book) == [
        "2026-11-27 a", "2026-11-27 b", "2026-11-30 c", "2026-11-30 d", "2026-12-01 e",
        "2026-12-01 f", "2026-12-02 g",
    ]  # fmt: skip


def test_without_a_limit_all_stay(book: AddressBook) -> None:
    busy(book, **{name: due("2026-11-27") for name in "abc"})
    assert placed(book) == ["2026-11-27 a", "2026-11-27 b", "2026-11-27 c"]


def test_what_has_room_on_a_weekend_stays(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "max_per_day: 1\n")
    busy(book, a=due("2026-11-28"), b=due("2026-11-28"), c=due("2026-11-29"))
    assert placed(book) == ["2026-11-28 a", "2026-11-29 c", "2026-11-30 b"]


def test_each_owner_has_days_of_their_own(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "max_per_day: 1\npeople: [jana, petr]\n")
    day = due("2026-11-27")
    busy(book, a=f"owner: jana\n{day}", b=f"owner: petr\n{day}", c=f"owner: jana\n{day}", d=day)
    assert placed(book) == ["2026-11-27 a", "2026-11-27 b", "2026-11-27 d", "2026-11-30 c"]


def test_what_was_dated_by_hand_never_moves_but_takes_room(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "max_per_day: 1\n")
    friday = "2026-11-27"
    busy(
        book,
        a=f"follow_ups: [{{date: {friday}}}]",
        b=f"promises: [{{date: {friday}}}]",
        c=f"deals: [{{name: Portal, date: {friday}}}]",
        d=f"feedback: [{{date: {friday}}}]",
        e=f"needs: [{{date: {friday}, lead: 1 day}}]",  # Thursday
        f=f"deals: [{{name: Portal, stage: lost, win_back: {friday}}}]",
        x=due("2026-11-26"),
        y="follow_ups: [{date: 2026-11-30}]",
    )
    assert placed(book) == [
        "2026-11-26 e", "2026-11-27 c", "2026-11-27 d", "2026-11-27 a", "2026-11-27 b",
        "2026-11-27 f", "2026-11-30 y", "2026-12-01 x",
    ]  # fmt: skip


def test_occasions_take_no_room(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "max_per_day: 1\n")
    busy(
        book,
        a="birthday: --11-27\nmilestones: [{date: 2026-11-27, note: Opens}]",
        x=due("2026-11-27"),
    )
    assert placed(book) == ["2026-11-27 a", "2026-11-27 x", "2026-11-27 a"]


def test_most_overdue_first_then_class_then_id(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "max_per_day: 1\n")
    busy(
        book,
        a=due("2026-11-10"),
        b=due("2026-11-09"),
        c="cadence: 1 month",  # never contacted: as of today
        d=f"revenue: [{{year: 2025, amount: 90}}]\n{due('2026-11-10')}",  # class A
        e=f"revenue: [{{year: 2025, amount: 10}}]\n{due('2026-11-10')}",  # class B
        f=due("2026-11-10"),
        g=due("2026-11-22"),
    )
    assert placed(book) == [
        "2026-11-22 b", "2026-11-23 d", "2026-11-24 e", "2026-11-25 a", "2026-11-26 f",
        "2026-11-27 c", "2026-11-30 g",
    ]  # fmt: skip
    late = {row["contact"] for row in agenda(book) if row["overdue"]}
    assert late == {"a", "b", "d", "e", "f"}


def test_class_changes_the_order(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "max_per_day: 1\n")
    busy(book, a=due("2026-11-27"), b=due("2026-11-27"))
    assert placed(book) == ["2026-11-27 a", "2026-11-30 b"]
    busy(book, b=f"revenue: [{{year: 2025, amount: 10}}]\n{due('2026-11-27')}")
    assert placed(book) == ["2026-11-27 b", "2026-11-30 a"]


def test_late_ones_that_keep_their_day_do_not_slide(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "max_per_day: 1\noverdue: keep\n")
    busy(book, a=due("2026-11-10"), b=due("2026-11-10"), c=due("2026-11-24"), d=due("2026-11-24"))
    assert placed(book) == ["2026-11-10 a", "2026-11-10 b", "2026-11-24 c", "2026-11-25 d"]


def test_sliding_onto_a_follow_up_gives_way_to_it(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "max_per_day: 1\n")
    busy(
        book,
        a="follow_ups: [{date: 2026-11-24}]",
        b=due("2026-11-24") + "follow_ups: [{date: 2026-11-25, note: soon anyway}]",
        c=due("2026-11-24"),
    )
    assert placed(book) == ["2026-11-24 a", "2026-11-25 b", "2026-11-26 c"]


def test_one_who_gives_way_takes_no_room(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "max_per_day: 1\n")
    busy(
        book,
        a=due("2026-11-26") + "follow_ups: [{date: 2026-11-24}]",
        b=due("2026-11-26"),
    )
    assert placed(book) == ["2026-11-24 a", "2026-11-26 b"]


def test_a_query_does_not_change_the_days(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "max_per_day: 1\n")
    busy(book, a=due("2026-11-26"), b=f"tags: [friend]\n{due('2026-11-26')}")
    answer = book.run("agenda", "tag:friend", "--format", "json")
    assert [(row["date"], row["contact"]) for row in json.loads(answer.out)] == [
        ("2026-11-27", "b")
    ]


def test_a_short_look_ahead_sees_the_same_days(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "max_per_day: 1\n")
    busy(book, **{name: due("2026-11-26") for name in "abcd"})
    busy(book, e="follow_ups: [{date: 2026-11-27}]")
    answer = book.run("agenda", "--days", "8", "--format", "json")  # up to 30 November
    short = [f"{row['date']} {row['contact']}" for row in json.loads(answer.out)]
    assert short == placed(book)[:3] == ["2026-11-26 a", "2026-11-27 e", "2026-11-30 b"]


# --- one reminder ---


@pytest.mark.parametrize(
    ("due", "kind", "overdue", "day"),
    [
        (date(2026, 11, 1), "follow-up", "roll", DAY),
        (date(2026, 11, 1), "follow-up", "keep", date(2026, 11, 1)),
        (date(2026, 11, 1), "milestone", "roll", date(2026, 11, 1)),
        (date(2026, 12, 1), "follow-up", "roll", date(2026, 12, 1)),
        (None, "keep-in-touch", "roll", DAY),
        (None, "keep-in-touch", "keep", DAY),
    ],
)
def test_stand(due: date | None, kind: str, overdue: str, day: date) -> None:
    assert stand(due, kind, overdue, DAY) == day


@pytest.mark.parametrize(
    ("month", "day", "first", "last", "found"),
    [
        (12, 24, "2026-11-22", "2027-11-22", "2026-12-24"),
        (11, 22, "2026-11-22", "2027-11-22", "2026-11-22"),
        (11, 21, "2026-11-22", "2027-11-22", "2027-11-21"),
        (11, 21, "2026-11-22", "2026-12-31", None),
        (1, 5, "2026-12-20", "2027-01-04", None),
        (1, 5, "2026-12-20", "2027-01-05", "2027-01-05"),
        (2, 29, "2027-01-01", "2027-12-31", "2027-02-28"),
        (2, 29, "2028-01-01", "2028-12-31", "2028-02-29"),
        (2, 29, "2028-02-28", "2028-02-28", None),
        (12, 31, "9999-12-31", "9999-12-31", "9999-12-31"),
        (2, 29, "0001-01-01", "0001-12-31", "0001-02-28"),
    ],
)
def test_next_time(month: int, day: int, first: str, last: str, found: str | None) -> None:
    coming = next_time(month, day, date.fromisoformat(first), date.fromisoformat(last))
    assert (coming and coming.isoformat()) == found


# --- laws ---

NEAR = st.integers(-12, 20).map(lambda n: DAY + timedelta(days=n))
KINDS = st.sampled_from(["keep-in-touch"] * 4 + ["follow-up", "promise", "need", "milestone"])


@st.composite
def waiting(draw: st.DrawFn) -> list[Waiting]:
    """Reminders of two owners around today; those of one rank are one contact's."""
    rows = []
    for key in range(draw(st.integers(0, 25))):
        kind, owner = draw(KINDS), draw(st.sampled_from(["jana", "petr"]))
        keep = kind == "keep-in-touch"
        day = draw(st.none() | NEAR if keep else NEAR)
        yields_to = draw(st.none() | NEAR) if keep else None
        rank = f"{draw(st.sampled_from('ABZ'))}contact-{key:02}"
        rows.append(Waiting(key, kind, day, yields_to, owner, rank))
    return rows


OVERDUE = st.sampled_from(["roll", "keep"])
LIMIT = st.integers(1, 4)


def movable(row: Waiting, overdue: str) -> bool:
    return row.kind == "keep-in-touch" and stand(row.due, row.kind, overdue, DAY) >= DAY


def counted(rows: list[Waiting], shown: dict[int, date]) -> Counter[tuple[str, date]]:
    """How many things to do stand on each owner's days."""
    return Counter(
        (row.owner, shown[row.key])
        for row in rows
        if row.key in shown and row.kind not in OCCASIONS
    )


@given(waiting(), OVERDUE)
def test_without_a_limit_nothing_slides(rows: list[Waiting], overdue: str) -> None:
    """Nor where nobody reaches the limit."""
    far = days(rows, overdue, 1000, DAY)
    for row in rows:
        day = stand(row.due, row.kind, overdue, DAY)
        shown = day_alone(row.due, row.kind, row.yields_to, overdue, DAY)
        assert shown == (None if gives_way(row, day, overdue, DAY) else day)
        assert shown == far.get(row.key)


@given(waiting(), OVERDUE, LIMIT)
def test_no_day_has_more_than_the_limit(rows: list[Waiting], overdue: str, limit: int) -> None:
    shown = days(rows, overdue, limit, DAY)
    slid_to = {
        (row.owner, shown[row.key]) for row in rows if movable(row, overdue) and row.key in shown
    }
    full = counted(rows, shown)
    assert all(full[place] <= limit for place in slid_to)  # others: dated by hand alone


@given(waiting(), OVERDUE, LIMIT)
def test_only_keep_in_touch_moves_and_only_to_a_later_working_day(
    rows: list[Waiting], overdue: str, limit: int
) -> None:
    shown = days(rows, overdue, limit, DAY)
    for row in rows:
        own = stand(row.due, row.kind, overdue, DAY)
        day = shown.get(row.key, own)
        assert day >= own
        if day > own:
            assert movable(row, overdue)
            assert day.weekday() < 5


@given(waiting(), OVERDUE, LIMIT)
def test_what_slides_takes_the_first_day_with_room(
    rows: list[Waiting], overdue: str, limit: int
) -> None:
    shown = days(rows, overdue, limit, DAY)
    full = counted(rows, shown)
    for row in rows:
        own = stand(row.due, row.kind, overdue, DAY)
        for skipped in range((shown.get(row.key, own) - own).days):
            day = own + timedelta(days=skipped)
            if skipped == 0 or day.weekday() < 5:
                assert full[row.owner, day] >= limit


@given(waiting(), OVERDUE, LIMIT)
def test_whoever_is_gone_gives_way_to_a_follow_up(
    rows: list[Waiting], overdue: str, limit: int
) -> None:
    shown = days(rows, overdue, limit, DAY)
    for row in rows:
        day = shown.get(row.key, date.max)
        follow_up = row.yields_to and stand(row.yields_to, "follow-up", overdue, DAY)
        assert (row.key in shown) == (follow_up is None or follow_up > day)


@given(waiting(), OVERDUE, LIMIT)
def test_the_most_overdue_then_the_best_class_stands_first(
    rows: list[Waiting], overdue: str, limit: int
) -> None:
    shown = days(rows, overdue, limit, DAY)
    late = [row for row in rows if movable(row, overdue) and row.key in shown]
    today = [row for row in late if stand(row.due, row.kind, overdue, DAY) == DAY]
    for owner in ("jana", "petr"):
        queue = sorted(
            (row for row in today if row.owner == owner),
            key=lambda row: (row.due or DAY, row.rank),
        )
        standing = [shown[row.key] for row in queue]
        assert standing == sorted(standing)


@given(waiting(), OVERDUE, LIMIT, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(
    rows: list[Waiting], overdue: str, limit: int, chance: object
) -> None:
    mixed = list(rows)
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # Hypothesis gives a Random
    assert days(mixed, overdue, limit, DAY) == days(rows, overdue, limit, DAY)


@given(waiting(), OVERDUE, LIMIT, st.integers(0, 20))
def test_what_is_due_later_changes_no_earlier_day(
    rows: list[Waiting], overdue: str, limit: int, ahead: int
) -> None:
    last = DAY + timedelta(days=ahead)
    soon = [row for row in rows if row.due is None or row.due <= last]
    all_days = days(rows, overdue, limit, DAY)
    some_days = days(soon, overdue, limit, DAY)
    for row in soon:
        one, other = all_days.get(row.key), some_days.get(row.key)
        assert one == other or min(one or date.max, other or date.max) > last


def steps(rows: list[Waiting]) -> int:
    """How many lines of the agenda's code run for these rows."""
    count = 0
    code = days.__code__.co_filename

    def trace(frame: FrameType, event: str, _argument: object) -> object:
        nonlocal count
        count += frame.f_code.co_filename == code
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]  # its own type is recursive
    try:
        days(rows, "roll", 3, DAY)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("spread", [1, 30, 3000])
def test_twice_as_many_take_twice_as_long(spread: int) -> None:
    rows = [
        Waiting(n, kind, DAY + timedelta(days=n % spread), None, "", f"Z{n:05}")
        for n, kind in enumerate(["keep-in-touch", "keep-in-touch", "follow-up"] * 3334)
    ]
    assert len(rows) > 10_000
    assert steps(rows) < 2.5 * steps(rows[: len(rows) // 2])
