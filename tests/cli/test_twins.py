"""`twins`: contacts that may be one, why, and what keeps two apart."""

import json
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintextcrm.book.answers import Person
from plaintextcrm.exchange import twins as room
from plaintextcrm.exchange.twins import twins
from plaintextcrm.text.callings import calling
from tests.conftest import AddressBook

SETTINGS = "country: CZ\n"
EVA = "name: Ing. Eva Malá\nphones: [601 000 111]\norganization: acme\n"


def told(book: AddressBook, *query: str) -> list[tuple[str, str, str]]:
    """The pairs with their reasons."""
    book.write("plaintextcrm.yaml", SETTINGS)
    found = json.loads(book.run("twins", *query, "--format", "json").out)
    return [(one["one"], one["other"], "; ".join(one["reasons"])) for one in found]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (EVA, "name: Mala Eva\nphones: [00420/601000111]\n",
         "name alike but for the title and the order; same phone +420 601 000 111"),
        (EVA, "name: eva mala\n", "name alike but for the title"),
        ("name: Eva Malá\n", "name: Eva Malá\n", "same name"),
        ("name: Eva Malá\n", "name: EVA MALA\n", "name alike but for accents and signs"),
        ("name: Eva Malá\nemails: [Eva@x.cz]\n", "name: Eva Malá\nemails: [eva@X.cz]\n",
         "same e-mail eva@x.cz; same name"),
        ("name: Jan Novák\norganization: ACME s.r.o.\n", "name: Jan Nowak\norganization: Acme\n",
         "name alike; same company"),
        ("name: E. Malá\nemails: [e@x.cz]\n", "name: Eva Malá\nemails: [e@x.cz]\n",
         "same e-mail e@x.cz; name alike but for what one leaves out"),
        ("name: ACME, s.r.o.\nkind: organization\n", "name: Acme spol. s r. o.\nkind: organization\n",
         "name alike but for the legal form"),
        ("name: Kováři Sp. z o.o.\nkind: organization\n", "name: KOVARI\nkind: organization\n",
         "name alike but for the legal form"),
        ("name: Shop\nkind: organization\ncompany_id: 27082440\n",
         "name: Kovo Brno\nkind: organization\ncompany_id: 27082440\n",
         "same number 27082440 in a register; another name"),
    ],
)  # fmt: skip
def test_one_in_two_files(book: AddressBook, one: str, other: str, why: str) -> None:
    book.write("one.yaml", one)
    book.write("other.yaml", other)
    assert told(book) == [("one", "other", why)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("name: Eva Malá\n", "name: Iva Malá\n"),
        ("name: Eva Malá\norganization: Acme\n", "name: Eva Malá\norganization: Kovo\n"),
        ("name: Eva Malá\nphones: [601000111]\n", "name: Jan Malý\nphones: [601000111]\n"),
        ("name: Eva Malá\nemails: [info@x.cz]\n", "name: Jan Bílý\nemails: [info@x.cz]\n"),
        ("name: Eva Malá\nemails: [e@x.cz]\n", "name: Eva Malá\nkind: organization\nemails: [e@x.cz]\n"),
        ("name: Jan Malý\nbirthday: 1950-01-01\n", "name: Jan Malý\nbirthday: 1980-05-02\n"),
        ("name: Eva Malá\n", "name: Eva Malá\nrelated: [{contact: ONE, type: namesake}]\n"),
        ("name: Eva Malá\nphones: [112]\n", "name: Eva Bílá\nphones: [112]\n"),
    ],
)  # fmt: skip
def test_two_in_two_files(book: AddressBook, one: str, other: str) -> None:
    book.write("one.yaml", one)
    book.write("other.yaml", other)
    assert told(book) == []


def test_a_query_and_a_table(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva Malá\ntags: [vip]\n")
    book.write("eva-2.yaml", "name: Eva Malá\n")
    for name in ("jan", "jan-2"):
        book.write(f"{name}.yaml", "name: Jan Novák\n")
    assert [pair[:2] for pair in told(book, "tag:vip")] == [("eva", "eva-2")]
    answer = book.run("twins", "tag:vip")
    assert answer.out == "SCORE  ONE  OTHER  WHY\n50     eva  eva-2  same name\n"
    assert answer.err.startswith("1 pair. `plaintextcrm merge eva eva-2` makes one of two;")
    assert book.run("twins", "tag:none").err == "No twins.\n"


def test_apart_stays_and_is_undone(book: AddressBook) -> None:
    eva = book.write("eva.yaml", "name: Eva Malá # from Brno\n")
    book.write("eva-2.yaml", "name: Eva Malá\n")
    answer = book.run("twins", "--apart", "eva", "eva-2")
    assert answer.err.startswith("Eva Malá and Eva Malá are two: contacts/eva.yaml says so.")
    assert eva.read_text() == (
        "name: Eva Malá # from Brno\nrelated:\n  - contact: eva-2\n    type: namesake\n"
    )
    assert told(book) == []
    assert book.run("check").code == 0
    book.run("rename", "eva-2", "eva-brno")
    assert told(book) == []
    book.run("undo")
    book.run("undo", "1")
    assert eva.read_text() == "name: Eva Malá # from Brno\n"
    assert len(told(book)) == 1
    assert book.run("twins", "--apart", "eva").code == 2
    assert book.run("twins", "--apart", "eva", "eva").code == 2


def test_a_switchboard_tells_nothing(book: AddressBook) -> None:
    for number in range(60):
        book.write(f"p{number}.yaml", f"name: P{number} {number * 7919}\nphones: [601000111]\n")
    assert told(book) == []


NAMES = (
    "Eva Malá",
    "Ing. Eva Malá",
    "Malá Eva",
    "E. Malá",
    "Malá",
    "Jan Novák",
    "Jan Nowak",
    "J. Novák",
    "東京",
    "",
)
_persons = st.builds(
    lambda number, name, kind, company, born, numbers, emails, phones, others: Person(
        number, f"p{number}", f"p{number}", f"contacts/p{number}.yaml", name, kind, company, born,
        tuple(numbers), tuple(emails), tuple(phones), frozenset(others),
    ),
    st.integers(0, 99), st.sampled_from(NAMES), st.sampled_from(("individual",) * 3 + ("organization",)),
    st.sampled_from(("", "", "Acme", "ACME s.r.o.", "Kovo")),
    st.sampled_from(("", "", "--05-02", "1980-05-02")),
    st.lists(st.sampled_from(("1", "2")), max_size=1),
    st.lists(st.sampled_from(("eva@x.cz", "info@x.cz", "j@x.cz")), max_size=2, unique=True),
    st.lists(st.sampled_from(("+420601000111", "+420601000112")), max_size=1),
    st.lists(st.sampled_from(("p1", "p2", "p3")), max_size=1),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_persons, max_size=12, unique_by=lambda person: person.id))
def test_nobody_is_missed_who_would_be_found_by_holding_each_against_all(
    people: list[Person],
) -> None:
    known = [room._known(person) for person in people]
    holders = room._holders(known)
    each = (room._judged(a, b, holders, str) for a, b in combinations(known, 2))
    assert {pair[:3] for pair in twins(people)} == {pair[:3] for pair in each if pair}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("prof. MUDr. Jan Novák, Ph.D., MBA", "jan novak"),
        ("Dr. Łukasz Żak", "lukasz zak"),
        ("Ing.", "ing"),
        ("J. R. R. Tolkien", "jrr tolkien"),
        ("李 小龍", calling("李 小龍").key),
    ],
)
def test_names_without_titles(name: str, key: str) -> None:
    assert calling(name).key == key


@pytest.mark.parametrize(
    "name",
    ["Kovo s.r.o.", "KOVO, s. r. o.", "Kovo spol. s r.o.", "Kovo a.s.", "Kovo Sp. z o.o.",
     "Kovo GmbH & Co. KG", "Kovo Ltd.", "Kovo, Inc.", "Kovo S.A.", "kovo Sp. z o. o. sp. k."],
)  # fmt: skip
def test_companies_without_their_form(name: str) -> None:
    assert calling(name, company=True).key == "kovo"
