"""What a refresh tells of the changes it found, and what it keeps."""

import os
import time
from pathlib import Path

import pytest

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.book.look import Change, look, version_of
from plaintextcrm.book.refresh import bring
from plaintextcrm.model.settings import Settings
from tests.book.rows import TODAY, opened, told
from tests.book.test_truth import wait_for_the_file_clock
from tests.conftest import AddressBook


def ids(book: Book) -> list[str]:
    return [row.id for row in answers.contacts(book)]


def again(book: Book, given_up: frozenset[str] | None = None) -> Change:
    return book.refresh(lambda settings: TODAY, time.time_ns(), given_up)


def test_a_change_names_what_came_what_changed_and_what_went(
    book: AddressBook, tmp_path: Path
) -> None:
    eva, jan = book.write("eva.yaml", "name: Eva\n"), book.write("jan.yaml", "name: Jan\n")
    asked = opened(book.folder, tmp_path / "db")
    assert asked.change == Change(added=("contacts/eva.yaml", "contacts/jan.yaml"))
    assert again(asked) == Change()
    assert not again(asked)
    eva.write_text("name: Eva Nová\n")
    jan.rename(jan.with_name("ota.yaml"))
    assert again(asked) == Change(
        ("contacts/ota.yaml",), ("contacts/eva.yaml",), ("contacts/jan.yaml",)
    )
    eva.touch()
    assert again(asked) == Change()  # the same bytes
    book.write("plaintextcrm.yaml", "lead: 1 week\n")
    assert again(asked).settings
    asked.close()


def test_an_edit_within_one_tick_of_the_file_clock_is_seen(
    book: AddressBook, tmp_path: Path
) -> None:
    """A hundred saves in place, of one size, as fast as they can be made and read."""
    file = book.write("eva.yaml", "name: Eva 000\n")
    stamp = file.stat().st_mtime_ns
    asked = opened(book.folder, tmp_path / "db")
    for number in range(100):
        file.write_text(f"name: Eva {number:03}\n")
        os.utime(file, ns=(stamp, stamp))
        again(asked)
        assert [row.name for row in answers.contacts(asked)] == [f"Eva {number:03}"]
    asked.close()


def test_a_file_touched_in_the_last_two_seconds_is_not_trusted(book: AddressBook) -> None:
    """It may change once more without a new time stamp; FAT counts in steps of two seconds."""
    file = book.write("eva.yaml", "name: Eva\n")
    os.utime(file, ns=(0, 0))  # the time of the inode stays what it is: now
    written = file.stat().st_ctime_ns
    second = 1_000_000_000
    for later, trusted in ((0, False), (second, False), (3 * second, True), (-second, False)):
        at = look(book.folder, written + later)
        mark = at.seen.files["contacts/eva.yaml"]
        assert at.settled(mark) == (mark if trusted else b"")
    os.utime(file, ns=(0, written + 60 * second))  # from a machine whose clock is ahead
    at = look(book.folder, written + 3 * second)
    assert at.settled(at.seen.files["contacts/eva.yaml"]) == b""


def test_a_file_that_is_gone_for_a_moment_is_kept_until_it_is_given_up(
    book: AddressBook, tmp_path: Path
) -> None:
    eva = book.write("eva.yaml", "name: Eva\n")
    book.write("jan.yaml", "name: Jan\n")
    asked = opened(book.folder, tmp_path / "db")
    eva.unlink()
    assert again(asked, frozenset()) == Change(missing=("contacts/eva.yaml",))
    assert ids(asked) == ["eva", "jan"]
    assert again(asked, frozenset({"contacts/eva.yaml"})).removed == ("contacts/eva.yaml",)
    assert ids(asked) == ["jan"]
    asked.close()


@pytest.mark.parametrize("knows", [True, False])
def test_who_looked_earlier_and_waited_longer_takes_nothing_back(
    knows: bool, book: AddressBook, tmp_path: Path
) -> None:
    """Two processes: the first looks, the second looks after a save, writes, and goes on reading."""
    book.write("eva.yaml", "name: Eva\n")
    first = opened(book.folder, tmp_path / "db")
    first.leave()
    version = version_of(first.db) if knows else None
    early = look(first.folder, time.time_ns(), version=version)
    book.write("jan.yaml", "name: Jan\n")
    second = opened(book.folder, tmp_path / "db")
    second.leave()
    bring(first.db, early, Settings(), TODAY)
    assert ids(second) == ["eva", "jan"]
    first.close()
    second.close()


def test_nobody_looks_twice_where_nobody_else_wrote(book: AddressBook, tmp_path: Path) -> None:
    """What is saved after the look is found by the next one."""
    book.write("eva.yaml", "name: Eva\n")
    asked = opened(book.folder, tmp_path / "db")
    asked.leave()
    at = look(asked.folder, time.time_ns(), version=version_of(asked.db))
    book.write("jan.yaml", "name: Jan\n")
    bring(asked.db, at, Settings(), TODAY)
    assert ids(asked) == ["eva"]
    again(asked)
    assert ids(asked) == ["eva", "jan"]
    asked.close()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("uid: 00000000-0000-4000-8000-000000000001\n", ""),
        (
            "uid: 00000000-0000-4000-8000-000000000001\n",
            "uid: 00000000-0000-4000-8000-000000000002\n",
        ),
        ("emails: [a@example.org]\n", "emails: [b@example.org]\n"),
        ("organization: jan\n", "organization: jann\n"),
        ("revenue:\n  - {year: 2025, amount: 1 CZK}\n", "revenue:\n  - {year: 2025, amount: 9 CZK}\n"),
        ("introduced_by: jann\n", "visibility: private\nintroduced_by: jann\n"),
        ("introduced_by: jann\n", "introduced_by: jann # moved\ntags: [a]\n"),
        ("notes: see jan-nowak\n", "notes: see jan-novak\n"),
        ("", "folow_ups: []\n"),
    ],
)  # fmt: skip
def test_an_edit_counts_for_others_and_back_again(
    before: str, after: str, book: AddressBook, tmp_path: Path
) -> None:
    """Between files, whatever a file says of others or they of it."""
    book.write("jan.yaml", "name: Jan\nuid: 00000000-0000-4000-8000-000000000001\n"
               "emails: [b@example.org]\nrevenue:\n  - {year: 2025, amount: 5 CZK}\n")  # fmt: skip
    book.write("contacts/brno/jan-nowak.yaml", "name: Jan Nowak\nemails: [a@example.org]\n")
    for text in ("", before, f"{after}status: lead\n", before, after, f"# so\n{after}", "", after):
        file = book.write("eva.yaml", f"name: Eva\n{text}")
        told_now = told(book.folder, tmp_path / "db", TODAY, later=10)
        if "folow_ups" not in file.read_text():
            assert told_now == told(book.folder, None, TODAY)
        wait_for_the_file_clock(tmp_path / "clock")


def test_what_is_asked_sees_one_state_whatever_others_write(
    book: AddressBook, tmp_path: Path
) -> None:
    book.write("eva.yaml", "name: Eva\n")
    first = opened(book.folder, tmp_path / "db")
    assert ids(first) == ["eva"]
    book.write("jan.yaml", "name: Jan\n")
    second = opened(book.folder, tmp_path / "db")
    assert (ids(first), ids(second)) == (["eva"], ["eva", "jan"])
    assert again(first).added == ()
    assert ids(first) == ["eva", "jan"]
    first.close()
    second.close()


def test_f33_a_folder_that_is_gone_and_comes_back(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\n")
    assert book.run("list", "--format", "ids").out == "eva\n"
    contacts = book.folder / "contacts"
    book.write("plaintextcrm.yaml", "")
    contacts.rename(book.folder / "aside")
    assert book.run("list", "--format", "ids").out == ""
    (book.folder / "aside").rename(contacts)
    assert book.run("list", "--format", "ids").out == "eva\n"


def test_a_tie_of_turnover_between_files_of_one_name_is_the_same_in_every_book(
    book: AddressBook, tmp_path: Path
) -> None:
    """Not in the order in which the book came to know them."""
    text = "name: Eva\nrevenue:\n  - {year: 2025, amount: 100 CZK}\n"
    book.write("eva.yaml", text)
    asked = opened(book.folder, tmp_path / "db")
    book.write("contacts/brno/eva.yaml", text)
    again(asked)
    anew = opened(book.folder)
    assert answers.contacts(asked) == answers.contacts(anew)
    assert [row.class_ for row in answers.contacts(anew)] == ["A", "A"]
    for number in range(9):
        book.write(f"contacts/{number}/eva.yaml", text)
    again(asked)
    again(anew)
    assert answers.contacts(asked) == answers.contacts(anew)
    assert {row.class_ for row in answers.contacts(anew)} == {"A", "B"}
    asked.close()
    anew.close()
