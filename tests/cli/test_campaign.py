"""`campaign`: whom to tell, and whom better not."""

import csv
import io
import json

import pytest

from tests.conftest import AddressBook

SETTINGS = "me: jana\npeople: [jana, petr]\nfields: {newsletter: yes-no}\nconsent: newsletter=yes\n"
FILES = {
    "eva": "name: Eva\nsalutation: Evo\nlanguage: cs\nnewsletter: yes\nemails: [eva@x.example]\n"
    "organization: acme\n",
    "jan": "name: Jan\ngiven_name: Jan\nnewsletter: yes\nphones: [+420 601 000 111]\n",
    "ota": "name: Ota\nnewsletter: yes\naddresses: [{street: Nová 1, postcode: 602 00, locality: Brno}]\n",
    "acme": "name: Acme\nkind: organization\nvisibility: private\nemails: [a@x.example]\nnewsletter: yes\n",
    "petr": "name: Petr\nemails: [p@x.example]\n",
    "quiet": "name: Quiet\nnewsletter: yes\nemails: [q@x.example]\nstatus: do-not-contact\n",
    "late": "name: Late\nnewsletter: yes\nemails: [l@x.example]\ndied: 2020-01-01\n",
    "near": "name: Near\nnewsletter: yes\nemails: [n@x.example]\ninteractions: [{date: 2026-11-20}]\n",
    "none": "name: None\nnewsletter: yes\n",
}


@pytest.fixture(autouse=True)
def _people(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", SETTINGS)
    for name, text in FILES.items():
        book.write(f"{name}.yaml", text)


def people(book: AddressBook, *more: str) -> list[dict[str, str]]:
    """The lines of the list, by the names of its columns."""
    answer = book.run("campaign", "-id=nobody", "--subject", "Open day", *more)
    assert answer.code == 0, answer.err
    return list(csv.DictReader(io.StringIO(answer.out)))


def test_a_line_for_each_with_what_a_letter_needs(book: AddressBook) -> None:
    found = {row["contact"]: row for row in people(book)}
    assert list(found) == ["eva", "jan", "ota"]
    assert [found["eva"][name] for name in ("salutation", "language", "channel", "address")] == [
        "Evo", "cs", "email", "eva@x.example",
    ]  # fmt: skip
    assert found["eva"]["organization"] == ""  # private: her company's name is not told
    assert (found["jan"]["channel"], found["jan"]["address"]) == ("message", "+420 601 000 111")
    assert (found["ota"]["channel"], found["ota"]["address"]) == ("letter", "Nová 1, 602 00 Brno")


def test_who_is_left_out_and_why(book: AddressBook) -> None:
    answer = book.run("campaign", "-id=nobody", "--subject", "Open day", "--format", "json")
    told = json.loads(answer.out)
    assert {row["contact"]: row["why"] for row in told["left_out"]} == {
        "acme": "private",
        "late": "died",
        "near": "talked with on 2026-11-20",
        "none": "no e-mail address or phone number or postal address",
        "petr": "no consent",
        "quiet": "do-not-contact",
    }
    assert "1 left out: no consent" in answer.err


def test_consent_channel_and_quiet_can_be_said(book: AddressBook) -> None:
    assert [row["contact"] for row in people(book, "--consent", "id=petr")] == ["petr"]
    assert "petr" in [row["contact"] for row in people(book, "--without-consent")]
    assert [row["contact"] for row in people(book, "--channel", "message")] == ["jan"]
    assert "near" in [row["contact"] for row in people(book, "--quiet", "1d")]


def test_log_writes_it_down_once_and_undo_takes_it_back(book: AddressBook) -> None:
    before = (book.folder / "contacts" / "eva.yaml").read_text()
    assert len(people(book, "--log")) == 3
    after = (book.folder / "contacts" / "eva.yaml").read_text()
    for part in (
        "date: 2026-11-22",
        "channel: email",
        "direction: out",
        "note: Open day",
        "by: jana",
    ):
        assert part in after
    assert people(book, "--log") == []  # they have heard of it
    assert book.run("undo").code == 0
    assert (book.folder / "contacts" / "eva.yaml").read_text() == before


def test_without_a_rule_of_consent_nobody_is_written_to(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "me: jana\nfields: {newsletter: yes-no}\n")
    answer = book.run("campaign", "tag:x", "--subject", "Open day")
    assert answer.code == 2 and "--without-consent" in answer.err
    book.write("plaintextcrm.yaml", "consent: newsleter=yes\nfields: {newsletter: yes-no}\n")
    assert "error[bad-query]" in book.run("check").out


def test_a_cell_that_a_spreadsheet_would_run(book: AddressBook) -> None:
    book.write("eva.yaml", "name: '=1+1'\nnewsletter: yes\nemails: [eva@x.example]\n")
    assert people(book)[0]["name"].startswith("'=")
