"""`set`, `tag` and `archive`: one value, and no other byte."""

import pytest

from tests.conftest import AddressBook

EVA = """\
# Eva
name: Eva   # a friend
title: "CEO"
tags: [a, "b"]  # mine
cadence: 6 weeks
deals:
  - {name: Web, stage: lead}
  - {name: Logo}
"""


@pytest.fixture
def eva(book: AddressBook) -> AddressBook:
    """One contact."""
    book.write("plaintextcrm.yaml", "fields: {rating: number}\n")
    book.write("eva.yaml", EVA)
    return book


def text(book: AddressBook) -> str:
    return (book.folder / "contacts/eva.yaml").read_bytes().decode()


@pytest.mark.parametrize(
    ("field", "value", "old", "new"),
    [
        ("title", "CTO", 'title: "CEO"', 'title: "CTO"'),
        ("title", "", 'title: "CEO"\n', ""),
        ("cadence", "none", "cadence: 6 weeks", "cadence: none"),
        ("cadence.every", "1y", "cadence: 6 weeks", "cadence: 1y"),
        (
            "cadence.since",
            "today",
            "cadence: 6 weeks",
            "cadence: {every: 6 weeks, since: 2026-11-22}",
        ),
        ("deals.1.stage", "offer", "stage: lead", "stage: offer"),
        ("deals.2.name", "Logotype", "name: Logo", "name: Logotype"),
        ("tags", "x, y z", '[a, "b"]', "[x, y z]"),
        ("birthday", "--02-29", "tags:", "birthday: --02-29\ntags:"),
        ("birthday", "yesterday", "tags:", "birthday: 2026-11-21\ntags:"),
        ("nicknames", "Evka", "title:", "nicknames: [Evka]\ntitle:"),
    ],
)
def test_the_value_and_no_other_byte(
    eva: AddressBook, field: str, value: str, old: str, new: str
) -> None:
    answer = eva.run("set", "eva", field, value)
    assert answer.code == 0, answer.err
    assert text(eva) == EVA.replace(old, new, 1)


@pytest.mark.parametrize(
    ("field", "value", "code", "said"),
    [
        ("stauts", "client", 1, "did you mean `status`?"),
        ("status", "cleint", 1, "did you mean `client`?"),
        ("birthday", "24.12.1986", 1, "write `1986-12-24`"),
        ("name", "", 1, "a contact without a `name`"),
        ("rating", "many", 1, "Nothing was changed"),
        ("interactions", "x", 2, "`log` adds one"),
        ("addresses", "x", 2, "`edit` opens the file"),
        ("deals.0.name", "x", 2, "Entries count from 1"),
        ("deals.9.name", "x", 1, "contacts/eva.yaml"),
        (".", "x", 2, "is no field"),
        ("1", "x", 2, "is no field"),
    ],
)
def test_what_is_refused_is_explained(
    eva: AddressBook, field: str, value: str, code: int, said: str
) -> None:
    answer = eva.run("set", "eva", field, value)
    assert (answer.code, said in answer.err) == (code, True), answer.err
    assert text(eva) == EVA


def test_a_field_that_the_settings_declare(eva: AddressBook) -> None:
    assert eva.run("set", "eva", "rating", "5").code == 0
    assert "\nrating: 5\n" in text(eva)


def test_another_error_of_the_file_does_not_stop_its_repair(eva: AddressBook) -> None:
    eva.run("list")
    eva.write("eva.yaml", EVA + "birthday: soon\nnameday: never\n")
    assert eva.run("set", "eva", "birthday", "1990-01-01").code == 0
    assert text(eva) == EVA + "birthday: 1990-01-01\nnameday: never\n"


@pytest.mark.parametrize(
    ("marks", "tags"),
    [
        (["+c"], '[a, "b", "c"]'),
        (["-a"], '["b"]'),
        (["-a", "+c", "-b"], '["c"]'),
        (["+a", "+B"], '[a, "b"]'),
        (["-hot", "+hot"], None),
        (["-A"], '["b"]'),
    ],
)
def test_tags(eva: AddressBook, marks: list[str], tags: str | None) -> None:
    answer = eva.run("tag", "eva", *marks)
    assert answer.code == (0 if tags else 1), answer.err
    assert text(eva) == (EVA.replace('[a, "b"]', tags) if tags else EVA)


@pytest.mark.parametrize("mark", ["vip", "+", "-", ""])
def test_a_tag_without_its_sign(eva: AddressBook, mark: str) -> None:
    assert eva.run("tag", "eva", mark).code == 2
    assert text(eva) == EVA


@pytest.mark.parametrize(
    ("more", "cadence", "next_look"),
    [
        ("interactions: [{date: 2026-10-14}]\n", "cadence: 1 year\n", "14 Oct 2027"),
        ("interactions: [{date: 2024-10-14}]\n", "since: 2026-11-22", "22 Nov 2027"),
        ("", "since: 2026-11-22", "22 Nov 2027"),
        ("cadence: {every: 6 weeks, since: 2026-11-01}\n", "since: 2026-11-01", "1 Nov 2027"),
        ("cadence: {every: 1 m, since: 2020-11-01}\n", "since: 2026-11-22", "22 Nov 2027"),
        (
            "cadence: {every: 6 w, channels: [call]}\ninteractions: [{date: 2026-10-14, channel: email}]\n",
            "channels: [call], since: 2026-11-22",
            "22 Nov 2027",
        ),
    ],
)
def test_an_archived_contact_comes_up_in_a_year(
    book: AddressBook, more: str, cadence: str, next_look: str
) -> None:
    file = book.write("lea.yaml", f"name: Lea\n{more}")
    answer = book.run("archive", "lea")
    assert f"Next: {next_look} (keep in touch)" in answer.err
    text = file.read_text("utf-8")
    assert cadence in text
    book.run("archive", "lea", today="2026-12-24")
    assert file.read_text("utf-8") == text
    assert book.run("check").code == 0


def test_archive_leaves_who_must_not_be_contacted(eva: AddressBook) -> None:
    eva.write("eva.yaml", "name: Eva\nstatus: do-not-contact\n")
    answer = eva.run("archive", "eva")
    assert (answer.code, "do-not-contact" in answer.err) == (1, True)
    assert text(eva) == "name: Eva\nstatus: do-not-contact\n"


def test_f10_bytes_of_other_systems_stay(eva: AddressBook) -> None:
    crlf = b"\xef\xbb\xbf" + EVA.replace("\n", "\r\n").rstrip().encode()
    eva.write("eva.yaml", crlf)
    assert eva.run("set", "eva", "title", "CTO").code == 0
    assert text(eva).encode() == crlf.replace(b'"CEO"', b'"CTO"')
    assert eva.run("undo").code == 0
    assert text(eva).encode() == crlf
