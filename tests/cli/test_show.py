"""`show`: one contact, its card, what is open, and what happened."""

import json

import pytest

from tests.conftest import AddressBook

EVA = """\
name: Eva Malá
uid: 5c950095-1d5a-4237-bf9d-9d9011d9b888
nicknames: [Evka, Evička]
organization: acme
emails:
  - {value: eva@acme.example, type: work, preferred: yes}
  - eva@mala.example
phones: [{value: +420 601 000 111, type: mobile}]
addresses: [{street: Kovářská 12, locality: Brno, postcode: 602 00, country: CZ, type: work}]
birthday: 1988-02-29
related: [{contact: acme, type: employer, note: since 2019}]
cadence: {every: 6 weeks, channels: [call, meeting]}
x_coffee: flat white
notes: |
  Likes things short.
interactions:
  - {date: 2026-10-14, time: 14:30, channel: call, by: jana, mood: good, note: Budget goes to the board.}
  - {date: 2026-08-19, channel: email, direction: in, note: Photos}
follow_ups:
  - {date: 2026-12-15, time: 09:30, note: How did the board decide?}
  - {date: 2026-02-18, note: Ask for a recommendation, done: 2026-02-20}
promises:
  - {date: 2026-11-01, by: them, note: List of groups}
deals:
  - {name: Portal, stage: lost, value: 210000 CZK, closed: 2025-09-18, reason: price, note: Too late.}
revenue: [{year: 2025, amount: 318000 CZK}]
feedback: [{date: 2024-09-10, about: Portal, score: 5}]
"""


@pytest.fixture
def people(book: AddressBook) -> AddressBook:
    """Eva and her firm."""
    book.write("plaintextcrm.yaml", "timezone: Europe/Prague\n")
    book.write("eva-mala.yaml", EVA)
    book.write("acme.yaml", "name: Acme Kovo\nkind: organization\n")
    return book


def test_the_whole_page(people: AddressBook) -> None:
    answer = people.run("show", "eva-mala")
    assert (answer.code, answer.err) == (0, "")
    assert (
        answer.out
        == """\
Eva Malá  (Acme Kovo)
contacts/eva-mala.yaml
nicknames     Evka, Evička
organization  acme
emails        eva@acme.example (work, preferred)
              eva@mala.example
phones        +420 601 000 111 (mobile)
addresses     Kovářská 12, 602 00, Brno, CZ (work)
birthday      1988-02-29
related       acme (employer, note since 2019)
cadence       6 weeks (channels call, meeting)
x_coffee      flat white

Now
  last contact  2026-10-14 (39 days ago)
  next contact  2026-11-25
  class         A

Open
  1. 2026-11-22        their promise: List of groups (since 2026-11-01)
  2. 2026-11-25        keep-in-touch
  3. 2026-12-15 09:30  follow-up: How did the board decide?
  4. 2027-02-28        birthday: turns 39

Notes
  Likes things short.

Timeline
  2026-10-14  call, jana: Budget goes to the board. (mood good)
  2026-08-19  email: Photos
  2026-02-20  follow-up: Ask for a recommendation
  2025-09-18  deal, lost: Portal, 210000 CZK. Too late. (reason price)
  2025        revenue: 318000 CZK
  2024-09-10  feedback: Portal (score 5)
"""
    )


def test_long_lines_are_wrapped_at_words(people: AddressBook) -> None:
    answer = people.process("show", "eva-mala", COLUMNS="40")
    assert max(map(len, answer.out.splitlines())) <= 40
    assert (
        "  2026-10-14  call, jana: Budget goes to\n              the board. (mood good)"
        in answer.out
    )


def test_a_contact_of_a_name_only(book: AddressBook) -> None:
    book.write("zoe.yaml", "name: Zoe\n")
    answer = book.run("show", "zoe")
    assert answer.code == 0
    assert answer.out == "Zoe\ncontacts/zoe.yaml\n\nNow\n  last contact  none yet\n"


@pytest.mark.parametrize(
    ("interaction", "shown"),
    [("2026-11-22", "(today)"), ("2026-11-21", "(1 day ago)"), ("2025-11-22", "(365 days ago)")],
)
def test_how_long_ago(book: AddressBook, interaction: str, shown: str) -> None:
    book.write("a.yaml", f"name: A\ninteractions: [{{date: {interaction}, note: x}}]\n")
    assert f"{interaction} {shown}" in book.run("show", "a").out


def test_what_is_overdue(book: AddressBook) -> None:
    book.write("a.yaml", "name: A\nfollow_ups: [{date: 2026-11-01, note: x}]\n")
    assert "next contact  2026-11-01 (overdue)" in book.run("show", "a").out


@pytest.mark.parametrize(
    "word",
    [
        "eva-mala", "EVA-MALA", "eva", "mala", "Malá", "eva malá", "mala eva", "eva@mala.example",
        "contacts/eva-mala.yaml", "@acme.example",
    ],
)  # fmt: skip
def test_whatever_finds_just_one(people: AddressBook, word: str) -> None:
    assert people.run("show", word).out.startswith("Eva Malá")


def test_an_unknown_contact(people: AddressBook) -> None:
    answer = people.run("show", "eva-malla")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "Error: No contact is called eva-malla. Did you mean eva-mala?\n"
    answer = people.run("show", "qqqqqqqq")
    assert answer.err == "Error: No contact is called qqqqqqqq. See `plaintextcrm list`.\n"
    assert people.run("show", "").code == 2


def test_several_contacts(people: AddressBook) -> None:
    answer = people.run("show", "a")
    assert (answer.code, answer.out) == (2, "")
    assert (
        answer.err
        == """\
Error: a finds 2 contacts; name one by its id:
  acme  Acme Kovo  (contacts/acme.yaml)
  eva-mala  Eva Malá  (contacts/eva-mala.yaml)
"""
    )


def test_json(people: AddressBook) -> None:
    answer = people.run("show", "eva-mala", "--format", "json")
    assert (answer.code, answer.err) == (0, "")
    page = json.loads(answer.out)
    (row,) = json.loads(people.run("list", "--format", "json", "eva").out)
    assert list(page) == [*row, "fields", "open", "problems"]
    assert {key: page[key] for key in row} == row
    assert page["fields"]["phones"] == [{"value": "+420 601 000 111", "type": "mobile"}]
    assert page["fields"]["birthday"] == "1988-02-29"
    assert page["fields"]["notes"] == "Likes things short.\n"
    assert [item["kind"] for item in page["open"]] == [
        "promise", "keep-in-touch", "follow-up", "birthday",
    ]  # fmt: skip
    assert page["problems"] == []


def test_a_broken_file_shows_its_last_good_version(people: AddressBook) -> None:
    people.run("list")
    people.write("eva-mala.yaml", EVA.replace("1988-02-29", "29 February"))
    answer = people.run("show", "eva-mala")
    assert answer.code == 1
    assert "birthday      1988-02-29\n" in answer.out
    assert answer.err == (
        "contacts/eva-mala.yaml has an error; its last good version is shown."
        " See `plaintextcrm check contacts/eva-mala.yaml`.\n"
    )
    as_json = people.run("show", "eva-mala", "--format", "json")
    assert as_json.code == 1
    assert [problem["code"] for problem in json.loads(as_json.out)["problems"]] == ["bad-date"]


def test_a_file_that_was_never_good(book: AddressBook) -> None:
    book.write("a.yaml", "name: A\nbirthday: soon\ntags: {x: y}\n")
    answer = book.run("show", "a")
    assert answer.code == 1
    assert answer.out.startswith("A\n")
    assert "has 2 errors; it is shown as far as it can be read." in answer.err


@pytest.mark.parametrize(
    "word", ["601 000 111", "+420601000111", "(0601) 000-111", "00420 601 000 111"]
)
def test_a_contact_is_found_by_a_phone_number(book: AddressBook, word: str) -> None:
    book.write("plaintextcrm.yaml", "country: CZ\n")
    book.write("eva.yaml", "name: Eva\nphones: [601000111]\n")
    book.write("jan.yaml", "name: Jan\nphones: [+48 601 000 111]\n")
    assert book.run("show", word).out.startswith("Eva")
    assert book.run("show", "601 000 112").code == 2
