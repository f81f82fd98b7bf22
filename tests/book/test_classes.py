"""Classes A, B and C by hand-computed tables: who carries the turnover of the last full year."""

import json
from pathlib import Path

import pytest

from tests.conftest import AddressBook

YEAR = "2025"  # the last full one on the tests' day


def earn(book: AddressBook, contact: str, *amounts: str, year: str = YEAR, more: str = "") -> None:
    rows = "".join(f"  - {{year: {year}, amount: '{amount}'}}\n" for amount in amounts)
    book.write(f"{contact}.yaml", f"name: {contact}\n{more}revenue:\n{rows}")


def classes(book: AddressBook, today: str = "2026-11-22") -> str:
    """`a:A b:C c:-`, by id; `-` for no class."""
    answer = book.run("list", "--format", "json", "--sort", "id", today=today)
    assert answer.code == 0, answer
    return " ".join(f"{row['id']}:{row['class'] or '-'}" for row in json.loads(answer.out))


def next_contact(book: AddressBook, contact: str, today: str = "2026-11-22") -> str | None:
    rows = json.loads(book.run("list", "--format", "json", today=today).out)
    found: str | None = next(row["next"] for row in rows if row["id"] == contact)
    return found


@pytest.mark.parametrize(
    ("about", "amounts", "expected"),
    [
        # a contact is A while those before it have not reached 80 %, B while not 95 %, else C
        ("the boundaries", {"a": "50", "b": "30", "c": "15", "d": "5"}, "a:A b:A c:B d:C"),
        ("just below them", {"a": "50", "b": "29", "c": "15", "d": "6"}, "a:A b:A c:A d:B"),
        ("the largest first", {"a": "5", "b": "15", "c": "30", "d": "50"}, "a:C b:B c:A d:A"),
        ("one carries all", {"a": "97", "b": "2", "c": "1"}, "a:A b:C c:C"),
        ("one contact", {"a": "1"}, "a:A"),
        ("two alike", {"a": "50", "b": "50"}, "a:A b:A"),
        (
            "ties, by id",
            {"e": "20", "d": "20", "c": "20", "b": "20", "a": "20"},
            "a:A b:A c:A d:A e:B",
        ),
        (
            "long tail",
            {"a": "60", "b": "20", "c": "10", "d": "5", "e": "3", "f": "2"},
            "a:A b:A c:B d:B e:C f:C",
        ),
        (
            "cents, of which sums are not exact",
            {"a": "0.70", "b": "0.10", "c": "0.10", "d": "0.05", "e": "0.05"},
            "a:A b:A c:B d:B e:C",
        ),
        ("more cents", {"a": "0.3", "b": "0.3", "c": "0.2", "d": "0.2"}, "a:A b:A c:A d:B"),
        ("nothing earned", {"a": "0", "b": "100"}, "a:- b:A"),
        ("a loss is no turnover", {"a": "-50", "b": "80", "c": "15", "d": "5"}, "a:- b:A c:B d:C"),
        ("losses only", {"a": "-50", "b": "0"}, "a:- b:-"),
        (
            "currencies stand apart",
            {"a": "90 EUR", "b": "10 EUR", "c": "900000 CZK", "d": "100000 CZK"},
            "a:A b:B c:A d:B",
        ),
        ("of any size", {"a": "999999999999999 CZK", "b": "0.01 CZK"}, "a:A b:C"),
    ],
)
def test_classes(book: AddressBook, about: str, amounts: dict[str, str], expected: str) -> None:
    for contact, amount in amounts.items():
        earn(book, contact, amount)
    assert classes(book) == expected, about


def test_without_turnover_nobody_has_a_class(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\n")
    book.write("jan.yaml", "name: Jan\nrevenue: []\n")
    assert classes(book) == "eva:- jan:-"


def test_entries_of_a_year_add_up(book: AddressBook) -> None:
    earn(book, "a", "30", "30", "-10")  # 50
    earn(book, "b", "30")
    earn(book, "c", "20", "-25")  # less than nothing
    earn(book, "d", "20")
    assert classes(book) == "a:A b:A c:- d:B"


def test_a_contact_has_the_best_of_its_currencies(book: AddressBook) -> None:
    earn(book, "a", "1 EUR", "100 CZK")  # last in EUR, first in CZK
    earn(book, "b", "99 EUR", "1 CZK")
    earn(book, "c", "1 CZK")
    assert classes(book) == "a:A b:A c:C"


def test_amounts_without_a_currency_have_that_of_the_settings(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "currency: CZK\n")
    earn(book, "a", "90")
    earn(book, "b", "10 CZK")
    assert classes(book) == "a:A b:B"
    book.write("plaintextcrm.yaml", "currency: EUR\n")
    assert classes(book) == "a:A b:A"


def test_only_the_last_full_year_counts(book: AddressBook) -> None:
    earn(book, "a", "90", year="2024")
    earn(book, "b", "10")
    earn(book, "c", "1000", year="2026")  # not over yet
    assert classes(book) == "a:- b:A c:-"


def test_the_year_turns(book: AddressBook) -> None:
    earn(book, "a", "90")
    earn(book, "b", "10")
    earn(book, "c", "100", year="2026")
    assert classes(book, "2026-12-31") == "a:A b:B c:-"
    assert classes(book, "2027-01-01") == "a:- b:- c:A"
    assert classes(book, "2026-12-31") == "a:A b:B c:-"


def test_another_contact_changes_the_class(book: AddressBook) -> None:
    earn(book, "a", "90")
    earn(book, "b", "10")
    assert classes(book) == "a:A b:B"
    earn(book, "b", "1000")
    assert classes(book) == "a:B b:A"
    earn(book, "c", "1000000")
    assert classes(book) == "a:C b:C c:A"
    (book.folder / "contacts/c.yaml").unlink()
    assert classes(book) == "a:B b:A"
    book.write("b.yaml", "name: b\n")
    assert classes(book) == "a:A b:-"


CADENCES = "cadences: {A: 10 days, B: 20 days, C: 30 days, client: 40 days, friend: 50 days}\n"
TALK = "status: client\ninteractions: [{date: 2026-11-20}]\n"


def test_the_cadence_follows_the_class(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", CADENCES)
    earn(book, "eva", "10", more=TALK)
    assert next_contact(book, "eva") == "2026-11-30"  # A
    earn(book, "acme", "90")
    assert next_contact(book, "eva") == "2026-12-10"  # B, though its own file is as it was
    earn(book, "acme", "990")
    assert next_contact(book, "eva") == "2026-12-20"  # C
    (book.folder / "contacts/acme.yaml").unlink()
    assert next_contact(book, "eva") == "2026-11-30"


def test_the_cadence_follows_the_year(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", CADENCES)
    earn(book, "eva", "10", more=TALK)
    assert next_contact(book, "eva", "2026-12-31") == "2026-11-30"
    assert next_contact(book, "eva", "2027-01-01") == "2026-12-30"  # no class: the status'


def test_a_tag_and_a_cadence_of_its_own_come_before_the_class(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", CADENCES)
    earn(book, "tagged", "10", more=f"tags: [friend]\n{TALK}")
    earn(book, "own", "10", more=f"cadence: 60 days\n{TALK}")
    assert next_contact(book, "tagged") == "2027-01-09"
    assert next_contact(book, "own") == "2027-01-19"
    earn(book, "other", "1000000")
    assert next_contact(book, "tagged") == "2027-01-09"
    assert next_contact(book, "own") == "2027-01-19"


def test_a_broken_file_keeps_its_class_and_that_of_the_others(book: AddressBook) -> None:
    earn(book, "a", "90")
    earn(book, "b", "10")
    assert classes(book) == "a:A b:B"
    book.write("a.yaml", "name: a\nrevenue: [{year: 2025, amount: 1")
    answer = book.run("list", "--format", "json", "--sort", "id")
    assert answer.code == 1
    assert [row["class"] for row in json.loads(answer.out)] == ["A", "B"]


def test_the_same_folder_gives_the_same_classes(
    book: AddressBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever happened before: a new cache says what the old one says."""
    for number in range(20):
        earn(book, f"n{number:02}", f"{number * number % 17}.{number:02}")
    for number in range(0, 20, 3):
        assert "n00:" in classes(book)  # the old cache sees every step
        earn(book, f"n{number:02}", f"{number}.10")
    after = classes(book)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "new"))
    assert classes(book) == after
