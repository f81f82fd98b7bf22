"""F40: an address book of five thousand contacts, one of which has five thousand entries."""

import json

import pytest

from benchmarks.people import generate
from tests.conftest import AddressBook

ENTRIES = 5000


def test_f40_five_thousand_contacts_and_one_with_five_thousand_entries(book: AddressBook) -> None:
    (book.folder / "contacts").rmdir()
    generate(book.folder, 5000)
    talks = "".join(
        f"  - {{date: {2000 + n % 27}-{n % 12 + 1:02}-{n % 28 + 1:02}, channel: call, note: talk {n}}}\n"
        for n in range(ENTRIES)
        if 2000 + n % 27 < 2026
    )
    tasks = "".join(f"  - {{date: 2026-12-{n % 28 + 1:02}, note: task {n}}}\n" for n in range(500))
    book.write("busy.yaml", f"name: Busy Bee\ninteractions:\n{talks}follow_ups:\n{tasks}")
    answer = book.run("check", "--format", "json")
    assert answer.code == 0
    assert len(json.loads(book.run("list", "--format", "json").out)) == 5001
    busy = book.run("agenda", "busy bee", "--days", "60", "--format", "json")
    assert [row["contact"] for row in json.loads(busy.out)] == ["busy"] * 500
    shown = book.run("show", "busy")
    assert (shown.code, shown.out.count("talk ")) == (0, talks.count("talk "))
    text = (book.folder / "contacts" / "busy.yaml").read_text()
    book.write("busy.yaml", text.replace("task 499", "task done", 1))
    busy = book.run("agenda", "busy bee", "--days", "60", "--format", "json")
    assert "task done" in busy.out


@pytest.mark.parametrize("problem", ["duplicate-id", "unknown-contact", "same-email"])
def test_f40_what_is_wrong_in_every_file_is_told_for_each(problem: str, book: AddressBook) -> None:
    """A folder that was copied, an organization that was renamed: many problems, no long wait."""
    for number in range(1500):
        book.write(
            f"contacts/{number % 2}/c{number // 2}.yaml"
            if problem == "duplicate-id"
            else f"c{number}.yaml",
            f"name: C {number}\nuid: 00000000-0000-4000-8000-{number:012}\n"
            + {
                "duplicate-id": "",
                "unknown-contact": f"introduced_by: nobody-{number % 7}\n",
                "same-email": "emails: [info@acme.example]\n",
            }[problem],
        )
    found = json.loads(book.run("check", "--format", "json").out)
    assert [row["code"] for row in found] == [problem] * 1500
