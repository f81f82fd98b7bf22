"""The words of a reminder: what to do, with whom, about what."""

import json
from datetime import date

import pytest

from plaintextcrm.model.titles import count_of_years, title, who
from tests.conftest import AddressBook

EVA = "Eva Malá (ACME)"


@pytest.mark.parametrize(
    ("name", "organization", "person"),
    [("Eva Malá", "ACME", EVA), ("Eva Malá", "", "Eva Malá"), ("ACME", "ACME", "ACME")],
)
def test_who(name: str, organization: str, person: str) -> None:
    assert who(name, organization) == person


@pytest.mark.parametrize(
    ("kind", "action", "words"),
    [
        ("follow-up", "", "Follow up with Eva Malá (ACME)"),
        ("keep-in-touch", "", "Keep in touch with Eva Malá (ACME)"),
        ("keep-in-touch", "call", "Call Eva Malá (ACME)"),
        ("keep-in-touch", "email", "Write to Eva Malá (ACME)"),
        ("keep-in-touch", "meeting", "Meet Eva Malá (ACME)"),
        ("keep-in-touch", "message", "Send a message to Eva Malá (ACME)"),
        ("keep-in-touch", "video", "Have a video call with Eva Malá (ACME)"),
        ("keep-in-touch", "letter", "Send a letter to Eva Malá (ACME)"),
        ("keep-in-touch", "event", "Keep in touch with Eva Malá (ACME)"),
        ("keep-in-touch", "trade-fair", "Keep in touch with Eva Malá (ACME)"),
        ("promise", "ours", "Promised to Eva Malá (ACME)"),
        ("promise", "theirs", "Eva Malá (ACME) promised"),
        ("need", "", "Eva Malá (ACME) may need"),
        ("deal", "", "Deal with Eva Malá (ACME)"),
        ("win-back", "", "Win back Eva Malá (ACME)"),
        ("feedback", "", "Ask Eva Malá (ACME) for feedback"),
        ("birthday", "", "Birthday of Eva Malá (ACME)"),
        ("nameday", "", "Name day of Eva Malá (ACME)"),
        ("anniversary", "", "Anniversary of Eva Malá (ACME)"),
        ("milestone", "", "Eva Malá (ACME)"),
    ],
)
def test_title(kind: str, action: str, words: str) -> None:
    assert title(kind, EVA, "", action) == words
    assert title(kind, EVA, "new e-shop", action) == f"{words}: new e-shop"


def test_a_title_is_one_line() -> None:
    assert title("follow-up", "Eva", "  first\n\n second\t third ") == (
        "Follow up with Eva: first second third"
    )


@pytest.mark.parametrize(
    ("kind", "year", "words"),
    [
        ("birthday", 1986, "turns 40"),
        ("birthday", 2025, "turns 1"),
        ("birthday", 2026, ""),
        ("birthday", 2027, ""),
        ("birthday", None, ""),
        ("milestone", 2006, "20 years"),
        ("milestone", 2025, "1 year"),
        ("anniversary", 2001, "25 years"),
        ("nameday", 1986, ""),
    ],
)
def test_count_of_years(kind: str, year: int | None, words: str) -> None:
    assert count_of_years(kind, year, date(2026, 12, 24)) == words


def test_titles_of_the_agenda(book: AddressBook) -> None:
    book.write("acme.yaml", "name: ACME a.s.\nkind: organization\nfounded: 2006-12-01\n")
    book.write(
        "eva.yaml",
        "name: Eva Malá\n"
        "organization: acme\n"
        "cadence: {every: 1 month, channels: [call, email]}\n"
        "milestones: [{date: 2026-12-02, note: The new shop opens}]\n",
    )
    answer = book.run("agenda", "--format", "json")
    assert [row["title"] for row in json.loads(answer.out)] == [
        "Call Eva Malá (ACME a.s.)",
        "ACME a.s.: founded",
        "Eva Malá (ACME a.s.): The new shop opens",
    ]
