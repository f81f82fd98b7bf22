"""Arguments that are not UTF-8: no text of a contact, but a file may be called so."""

import os

import pytest

from tests.conftest import AddressBook

CAFE = os.fsdecode(b"Caf\xe9")
TEXTS = [
    "new *",
    "new X --folder *",
    "new X --tag *",
    "rename eva *",
    "log eva call *",
    "log * call x",
    "set eva * x",
    "set eva title *",
    "tag eva +*",
    "done eva *",
    "show *",
    "list tag:*",
    "list --columns *",
    "find *",
    "agenda --owner *",
    "edit *",
    "history *",
    "handover * jana",
    "export ics * -o x.ics",
    "feed-url follow-ups --for *",
    "help *",
    "*",
]


@pytest.fixture
def eva(book: AddressBook) -> AddressBook:
    book.write("eva.yaml", "name: Eva\nfollow_ups: [{date: 2026-12-01, note: Ring}]\n")
    return book


@pytest.mark.parametrize("line", TEXTS)
def test_f13_no_text_has_such_bytes(line: str, eva: AddressBook) -> None:
    answer = eva.process(*line.replace("*", CAFE).split())
    assert (answer.code, answer.out) == (2, "")
    assert "Caf\\udce9' is not UTF-8 text." in answer.err
    assert [path.name for path in (eva.folder / "contacts").iterdir()] == ["eva.yaml"]


def test_f13_a_file_may_be_called_so(eva: AddressBook) -> None:
    feed = eva.folder / f"{CAFE}.ics"
    for written in ("1 event\n", "1 event, unchanged\n"):
        answer = eva.process("export", "ics", "-o", str(feed))
        assert (answer.code, answer.out) == (0, "")
        assert answer.err.endswith(written)
    assert b"Ring" in feed.read_bytes()
    (eva.folder / CAFE).mkdir()
    for command in ("export ics", "watch --once"):
        assert eva.process(*command.split(), "--publish", str(eva.folder / CAFE)).code == 0
    assert (eva.folder / CAFE / "follow-ups.ics").read_bytes() == feed.read_bytes()


def test_f13_and_the_address_book_itself(eva: AddressBook) -> None:
    other = eva.folder.rename(eva.folder.with_name(CAFE))
    moved = AddressBook(other, eva._capsys)
    commands = (
        "log eva call Hello", "undo --list", "undo", "export ics", "status", "feed-url follow-ups",
        "feed-url", "rename eva mala", "watch --once", "new Jan", "tag mala +x", "check", "agenda",
    )  # fmt: skip
    for command in commands:
        answer = moved.process(*command.split())
        assert answer.code == 0, (command, answer)
    assert sorted(path.name for path in (other / "contacts").iterdir()) == ["jan.yaml", "mala.yaml"]
