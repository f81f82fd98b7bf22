"""`rename`: another id everywhere, and the same calendar events."""

import json

import pytest

from tests.conftest import AddressBook

ACME = """\
name: ACME
follow_ups: [{date: 2026-12-01, note: Offer}]
promises: [{date: 2026-12-02, by: acme, note: Contract}]
"""
JAN = """\
name: Jan
organization: ACME
introduced_by: acme
x_friend: acme
boss: acme
related: [{contact: acme, note: acme pays}]
interactions:
  - {date: 2026-01-01, note: acme, with: acme}
  - {date: 2026-01-02, with: [jan, "acme"]}
referrals: [{to: acme}]
"""


@pytest.fixture
def people(book: AddressBook) -> AddressBook:
    """A firm that is named in all ways, also in a field that the settings declare."""
    book.write("plaintextcrm.yaml", "fields: {boss: contact}\n")
    book.write("contacts/deep/acme.yml", ACME)
    book.write("jan.yaml", JAN)
    return book


def test_every_reference_and_no_other_text(people: AddressBook) -> None:
    answer = people.run("rename", "acme", "acme-kovo")
    assert answer.code == 0, answer.err
    text = (people.folder / "contacts/jan.yaml").read_text("utf-8")
    assert (
        text
        == """\
name: Jan
organization: acme-kovo
introduced_by: acme-kovo
x_friend: acme
boss: acme-kovo
related: [{contact: acme-kovo, note: acme pays}]
interactions:
  - {date: 2026-01-01, note: acme, with: acme-kovo}
  - {date: 2026-01-02, with: [jan, "acme-kovo"]}
referrals: [{to: acme-kovo}]
"""
    )
    assert not (people.folder / "contacts/deep/acme.yml").exists()
    assert (people.folder / "contacts/deep/acme-kovo.yml").exists()
    assert people.run("check").code == 0


def test_events_keep_their_identity(people: AddressBook) -> None:
    def events() -> list[tuple[object, ...]]:
        rows = json.loads(people.run("agenda", "--format", "json").out)
        return [(row["uid"], row["title"]) for row in rows]

    before = events()
    assert len(before) == 2
    people.run("rename", "acme", "kovo")
    assert events() == before  # the promise is still theirs, though `by` named the old id


@pytest.mark.parametrize("new", ["a/b", "", ".hidden", "acme (1)", "../x", "acme", "acme.yaml"])
def test_what_cannot_be_an_id(people: AddressBook, new: str) -> None:
    assert people.run("rename", "acme", new).code == 2
    assert (people.folder / "contacts/deep/acme.yml").read_text("utf-8") == ACME


@pytest.mark.parametrize("new", ["jan", "JAN", "jan.yaml"])
def test_an_id_that_is_taken(people: AddressBook, new: str) -> None:
    answer = people.run("rename", "acme", new)
    assert (answer.code, "contacts/jan.yaml has this id already" in answer.err) == (1, True)


def test_another_spelling_of_the_same_id(people: AddressBook) -> None:
    assert people.run("rename", "acme", "Acme").code == 0
    assert (people.folder / "contacts/deep/Acme.yml").exists()
    assert "organization: Acme\n" in (people.folder / "contacts/jan.yaml").read_text("utf-8")


def test_a_broken_file_that_may_refer_stops_all(people: AddressBook) -> None:
    people.write("zoe.yaml", 'name: Zoe\norganization: "acme\n')
    answer = people.run("rename", "acme", "kovo")
    assert answer.code == 1
    assert answer.err.startswith("Error: contacts/zoe.yaml:2:15: ")
    assert (people.folder / "contacts/jan.yaml").read_text("utf-8") == JAN
    people.write("zoe.yaml", 'name: "Zoe\n')
    assert people.run("rename", "acme", "kovo").code == 0


def test_a_dry_run_shows_every_file(people: AddressBook) -> None:
    answer = people.run("rename", "acme", "kovo", "--dry-run")
    heads = [line for line in answer.out.splitlines() if line.startswith(("---", "+++"))]
    assert heads == [
        "--- a/contacts/deep/acme.yml", "+++ /dev/null",
        "--- /dev/null", "+++ b/contacts/deep/kovo.yml",
        "--- a/contacts/jan.yaml", "+++ b/contacts/jan.yaml",
    ]  # fmt: skip
    assert (people.folder / "contacts/deep/acme.yml").exists()
