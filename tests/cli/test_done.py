"""`done` and `snooze`: the entry that is meant, and no other."""

import json

import pytest

from tests.conftest import AddressBook

LEA = """\
name: Lea
cadence: 2 weeks
birthday: 1990-01-05
interactions: [{date: 2026-11-01, note: x}]
follow_ups: [{date: 2026-12-01, note: Same}, {date: 2026-12-01, note: Same}, {date: 2026-12-02, id: o}]
promises:
  - {date: 2026-12-03, note: List}
needs:
  - date: 2027-Q2
    note: Shop
milestones: [{date: 2027-02-01, note: Move}, {date: --12-24, note: Party}]
deals:
  - {name: Web, date: 2027-01, value: 5 CZK}
  - {name: Logo, stage: lost, win_back: 2027-03-01, competitor: X}
feedback: [{date: 2026-12-20, about: Portal}]
"""


@pytest.fixture
def lea(book: AddressBook) -> AddressBook:
    """Somebody with an entry of each kind."""
    book.write("lea.yaml", LEA)
    return book


def open_of(book: AddressBook) -> list[dict[str, object]]:
    found = json.loads(book.run("show", "lea", "--format", "json").out)["open"]
    assert isinstance(found, list)
    return found


def numbers(book: AddressBook, kind: str) -> list[int]:
    return [n for n, item in enumerate(open_of(book), 1) if item["kind"] == kind]


def test_every_number_that_show_prints_closes_just_that_entry(lea: AddressBook) -> None:
    count = len(open_of(lea))
    closed = 0
    for number in range(count, 0, -1):
        before = open_of(lea)
        item = before[number - 1]
        answer = lea.run("done", "lea", str(number))
        if answer.code == 0:
            closed += 1
            gone = [other for other in before if other["uid"] != item["uid"]]
            assert [other["uid"] for other in open_of(lea)] == [other["uid"] for other in gone]
        else:
            assert item["kind"] in ("keep-in-touch", "birthday", "milestone"), answer.err
    assert closed == 9
    assert lea.run("check").code == 0


def test_equal_entries_on_one_line_are_told_apart(lea: AddressBook) -> None:
    second = numbers(lea, "follow-up")[1]
    assert lea.run("done", "lea", str(second)).code == 0
    text = (lea.folder / "contacts/lea.yaml").read_text("utf-8")
    same = "{date: 2026-12-01, note: Same}, {date: 2026-12-01, note: Same, done: 2026-11-22}"
    assert text == LEA.replace(
        "{date: 2026-12-01, note: Same}, {date: 2026-12-01, note: Same}", same
    )


def test_what_cannot_be_done_says_what_can(lea: AddressBook) -> None:
    (number,) = numbers(lea, "keep-in-touch")
    answer = lea.run("done", "lea", str(number))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        f"Error: {number}. is keep-in-touch: write down a talk with `log`, and it moves.\n"
    )


def test_words_of_several_entries_list_them(lea: AddressBook) -> None:
    answer = lea.run("done", "lea", "same")
    assert answer.code == 2
    assert answer.err.startswith("Error: lea has several open entries; name one by its number:\n")
    assert (lea.folder / "contacts/lea.yaml").read_text("utf-8") == LEA


def test_words_of_no_entry(lea: AddressBook) -> None:
    answer = lea.run("done", "lea", "nothing such")
    assert (answer.code, "no open entry 'nothing such'" in answer.err) == (2, True)
    assert lea.run("done", "lea", "99").code == 2


def test_nothing_is_open(book: AddressBook) -> None:
    book.write("zoe.yaml", "name: Zoe\n")
    answer = book.run("done", "zoe")
    assert (answer.code, answer.err) == (
        2,
        "Error: zoe has nothing open that can be done or moved.\n",
    )


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["list", "friday"], "  - {date: 2026-11-27, note: List}\n"),
        (["Web", "2027-Q3"], "  - {name: Web, date: 2027-Q3, value: 5 CZK}\n"),
        (["Logo", "in", "3", "months"], "win_back: 2027-02-22"),
        (["shop", "2028"], "  - date: 2028\n    note: Shop\n"),
        (["portal", "+1d"], "feedback: [{date: 2026-11-23, about: Portal}]\n"),
    ],
)
def test_snooze_moves_the_day(lea: AddressBook, words: list[str], field: str) -> None:
    assert lea.run("snooze", "lea", *words).code == 0
    assert field in (lea.folder / "contacts/lea.yaml").read_text("utf-8")


@pytest.mark.parametrize("words", [["list"], ["list", "soon"], ["list", "2027-Q1"]])
def test_snooze_wants_a_day(lea: AddressBook, words: list[str]) -> None:
    answer = lea.run("snooze", "lea", *words)
    assert answer.code == 2
    assert "'in 3 months'" in answer.err
    assert (lea.folder / "contacts/lea.yaml").read_text("utf-8") == LEA


def test_done_finds_its_entry_where_lines_moved(lea: AddressBook) -> None:
    lea.run("list")
    text = LEA.replace(
        "promises:\n", "promises:\n  # older\n  - {date: 2026-10-01, note: Old, done: 2026-10-02}\n"
    )
    lea.write("lea.yaml", text)
    assert lea.run("done", "lea", "list").code == 0
    assert "{date: 2026-12-03, note: List, done: 2026-11-22}" in (
        lea.folder / "contacts/lea.yaml"
    ).read_text("utf-8")
