"""`agenda`: what is late, due today, and due soon."""

import json

import pytest

from tests.conftest import AddressBook

KEYS = [
    "date", "time", "kind", "contact", "name", "title", "note", "overdue", "path", "line", "uid",
]  # fmt: skip


@pytest.fixture
def people(book: AddressBook) -> AddressBook:
    """Something late, something for today and for later. Today is Sunday 22 November 2026."""
    book.write("plaintextcrm.yaml", "timezone: Europe/Prague\n")
    book.write(
        "eva.yaml",
        """\
name: Eva Malá
organization: acme
owner: jana
birthday: 1986-11-30
follow_ups:
  - {date: 2026-11-20, note: Send the offer}
  - {date: 2026-11-22, time: 14:30, note: Ring at home}
  - {date: 2026-12-20, note: Too far}
""",
    )
    book.write(
        "acme.yaml",
        """\
name: ACME
kind: organization
owner: petr
promises: [{date: 2026-09-01, note: Draft of the contract}]
follow_ups:
  - {date: 2026-11-22, time: "09:00", note: Early}
  - {date: 2026-11-22, note: Any time}
  - {date: 2026-11-23, note: Tomorrow's}
""",
    )
    return book


def test_late_today_and_later(people: AddressBook) -> None:
    answer = people.run("agenda")
    assert (answer.code, answer.err) == (0, "")
    assert (
        answer.out
        == """\
Overdue
  2026-09-01  Promised to ACME: Draft of the contract  acme
  2026-11-20  Follow up with Eva Malá (ACME): Send the offer  eva

Today, Sun 2026-11-22
  09:00  Follow up with ACME: Early  acme
  14:30  Follow up with Eva Malá (ACME): Ring at home  eva
  Follow up with ACME: Any time  acme

Tomorrow, Mon 2026-11-23
  Follow up with ACME: Tomorrow's  acme

Mon 2026-11-30
  Birthday of Eva Malá (ACME), turns 40  eva
"""
    )


def test_late_ones_are_listed_the_oldest_first(book: AddressBook) -> None:
    days = ["2026-10-05", "2026-01-01", "2026-11-21", "2025-12-31"]
    for n, day in enumerate(days):
        book.write(f"c{n}.yaml", f"name: C\nfollow_ups: [{{date: {day}, note: x}}]\n")
    for setting in ("roll", "keep"):
        book.write("plaintextcrm.yaml", f"overdue: {setting}\n")
        lines = book.run("agenda").out.splitlines()
        assert lines[0] == "Overdue"
        assert [line.split()[0] for line in lines[1:]] == sorted(days)
        rows = json.loads(book.run("agenda", "--format", "json").out)
        assert [row["contact"] for row in rows] == ["c3", "c1", "c0", "c2"]
        assert {row["overdue"] for row in rows} == {True}


@pytest.mark.parametrize(
    ("days", "last"), [("0", "Today, Sun 2026-11-22"), ("1", "Tomorrow, Mon 2026-11-23")]
)
def test_days(people: AddressBook, days: str, last: str) -> None:
    headings = [line for line in people.run("agenda", "--days", days).out.splitlines() if line]
    assert [line for line in headings if not line.startswith(" ")][-1] == last


def test_days_far_ahead(people: AddressBook) -> None:
    assert "Too far" not in people.run("agenda", "--days", "27").out
    assert "Too far" in people.run("agenda", "--days", "28").out
    assert people.run("agenda", "--days", "367").code == 2
    assert people.run("agenda", "--days", "-1").code == 2
    assert people.run("agenda", "--days", "soon").code == 2


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ("0", "Nothing is due today.\n"),
        ("1", "Nothing is due today or tomorrow.\n"),
        ("14", "Nothing is due today or in the next 14 days.\n"),
    ],
)
def test_nothing_is_due(book: AddressBook, days: str, told: str) -> None:
    book.write("eva.yaml", "name: Eva\n")
    answer = book.run("agenda", "--days", days)
    assert (answer.code, answer.out, answer.err) == (0, "", told)
    assert book.run("agenda", "--format", "json").out == "[]\n"


@pytest.mark.parametrize(
    ("query", "contacts"),
    [
        (["owner:jana"], {"eva"}),
        (["owner:petr"], {"acme"}),
        (["org:acme"], {"eva"}),
        (["mala"], {"eva"}),
        (["owner:petr", "mala"], set()),
    ],
)
def test_a_query(people: AddressBook, query: list[str], contacts: set[str]) -> None:
    rows = json.loads(people.run("agenda", *query, "--format", "json").out)
    assert {row["contact"] for row in rows} == contacts


def test_a_wrong_query(people: AddressBook) -> None:
    answer = people.run("agenda", "ownr:jana")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.endswith("Did you mean `owner`?\n  ownr:jana\n  ^\n")


def test_json(people: AddressBook) -> None:
    rows = json.loads(people.run("agenda", "--format", "json").out)
    assert [list(row) for row in rows] == [KEYS] * 7
    assert len({row["uid"] for row in rows}) == 7
    assert rows[3].pop("uid").endswith("@plaintextcrm")
    assert rows[3] == {
        "date": "2026-11-22",
        "time": "14:30",
        "kind": "follow-up",
        "contact": "eva",
        "name": "Eva Malá",
        "title": "Follow up with Eva Malá (ACME): Ring at home",
        "note": "Ring at home",
        "overdue": False,
        "path": "contacts/eva.yaml",
        "line": 7,
    }
    assert rows[0]["time"] is None
    assert rows[0]["overdue"] is True
    assert rows[-1]["note"] == "turns 40"


def test_no_line_is_wider_than_the_terminal(people: AddressBook) -> None:
    people.write(
        "cjk.yaml",
        "name: 東京タワー株式会社 👩‍👩‍👧‍👦\nfollow_ups: [{date: 2026-11-22, note: 長い話}]\n",
    )
    answer = people.process("agenda", COLUMNS="40")
    from wcwidth import wcswidth

    assert max(map(wcswidth, answer.out.splitlines())) <= 40
    assert "…" in answer.out
    assert answer.out.count("  eva\n") == 3  # the ids stay whole


def test_a_broken_file_keeps_its_reminders(people: AddressBook) -> None:
    people.run("agenda")
    people.write("eva.yaml", "name: [\n")
    answer = people.run("agenda")
    assert answer.code == 1
    assert "Send the offer" in answer.out
    assert answer.err == (
        "1 file has errors; its last good version is used. See `plaintextcrm check`.\n"
    )
    people.write("acme.yaml", "nam: ACME\n")
    assert people.run("agenda").err.startswith("2 files have errors; their last good versions are")


def test_it_tells_how_many_want_more_care(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\nemails: [eva@x.example]\n")
    assert book.run("agenda").err == "Nothing is due today or in the next 14 days.\n"
    book.write("plaintextcrm.yaml", "care: yes\n")
    assert "1 contact wants more care. See `plaintextcrm check`." in book.run("agenda").err
    assert "[no-next-date]" in book.run("check").out
    assert book.run("check", "--no-care").out == ""
    book.write("eva.yaml", "name: Eva\nemails: [eva@x.example]\ncadence: none\n")
    assert "care" not in book.run("agenda").err
