"""S3: no path of a contact or of the settings leads out of the address book."""

import os
from pathlib import Path

import pytest

from tests.conftest import AddressBook

EVA = "name: Eva\nfollow_ups:\n  - {date: 2026-11-25, note: call}\n"


@pytest.mark.parametrize(
    "photo",
    ["../eva.jpg", "photos/../../eva.jpg", "/etc/passwd", "~/eva.jpg", "file:///etc/passwd",
     r"..\eva.jpg", r"photos\..\..\eva.jpg", r"C:\eva.jpg", "..", "ftp://host/eva.jpg"],
)  # fmt: skip
def test_s03_a_photo_outside_the_book_is_an_error(photo: str, book: AddressBook) -> None:
    book.write("eva.yaml", f"name: Eva\nphoto: '{photo}'\n")
    answer = book.run("check")
    assert answer.code == 1
    assert answer.out.startswith("contacts/eva.yaml:2:8: error[bad-path]: ")
    assert f" 2 | photo: '{photo}'\n" in answer.out


@pytest.mark.parametrize("photo", ["photos/eva.jpg", "eva..jpg", "https://example.org/eva.jpg"])
def test_s03_a_photo_in_the_book_is_fine(photo: str, book: AddressBook) -> None:
    book.write("eva.yaml", f"name: Eva\nphoto: {photo}\n")
    assert book.run("check").code == 0


@pytest.mark.parametrize(
    "path",
    ["../x.ics", "/etc/x.ics", "~/.x.ics", "~/x.ics", "contacts/x.ics", "contacts/sub/x.ics",
     ".git/x.ics", "sub/.git/x.ics", ".x.ics", "sub/../../x.ics", "x.yaml",
     r"..\x.ics", "C:x.ics", ".ics", "sub/.ics", "x.ics/", "./contacts/x.ics"],
)  # fmt: skip
def test_s03_a_feed_of_the_settings_stays_where_feeds_belong(path: str, book: AddressBook) -> None:
    book.write("eva.yaml", EVA)
    book.write("plaintextcrm.yaml", f"feeds:\n  - name: team\n    path: '{path}'\n")
    assert "plaintextcrm.yaml:3:11: error[bad-path]: " in book.run("check").out
    before = everything(book.folder.parent)
    book.run("export", "ics")
    made = everything(book.folder.parent) - before
    assert made <= {"book/team.ics", "book/follow-ups.ics"}


def everything(folder: Path) -> set[str]:
    """Every path below a folder."""
    found = (Path(root, name) for root, dirs, names in os.walk(folder) for name in (*dirs, *names))
    return {path.relative_to(folder).as_posix() for path in found}


@pytest.mark.parametrize("target", ["outside", "book/.git", "book/contacts"])
def test_s03_a_feed_is_not_written_through_a_linked_folder(target: str, book: AddressBook) -> None:
    book.write("eva.yaml", EVA)
    book.write("plaintextcrm.yaml", "feeds:\n  - name: team\n    path: public/team.ics\n")
    (book.folder / "public").symlink_to(book.folder.parent / target)
    (book.folder.parent / target).mkdir(exist_ok=True)
    before = everything(book.folder.parent)
    answer = book.run("export", "ics")
    assert answer.code == 3
    assert answer.err == (
        f"Error: {book.folder / 'public' / 'team.ics'}: not written: a link leads to another "
        "folder. What was there before is unchanged.\n"
    )
    assert everything(book.folder.parent) == before


def test_s03_a_feed_is_not_written_over_a_link(book: AddressBook, tmp_path: Path) -> None:
    book.write("eva.yaml", EVA)
    for target in (tmp_path / "mine.ics", tmp_path / "nowhere.ics", Path("/dev/zero")):
        if target.name == "mine.ics":
            target.write_text("mine")
        feed = book.folder / "follow-ups.ics"
        feed.symlink_to(target)
        answer = book.process("export", "ics")
        assert (answer.code, "not written: it is a link" in answer.err) == (3, True)
        assert feed.is_symlink()
        feed.unlink()
    assert (tmp_path / "mine.ics").read_text() == "mine"
    assert not (tmp_path / "nowhere.ics").exists()


def test_s04_a_feed_never_waits_for_a_pipe_nor_replaces_a_device(book: AddressBook) -> None:
    book.write("eva.yaml", EVA)
    os.mkfifo(book.folder / "follow-ups.ics")
    answer = book.process("export", "ics")
    assert (answer.code, "something that is not a file has this name" in answer.err) == (3, True)
    pipe = book.folder.parent / "pipe.ics"
    os.mkfifo(pipe)
    answer = book.process("export", "ics", "-o", str(pipe))
    assert (answer.code, "something that is not a file has this name" in answer.err) == (3, True)
    assert pipe.is_fifo()


def test_s03_another_file_of_the_feeds_name_is_not_overwritten(book: AddressBook) -> None:
    book.write("eva.yaml", EVA)
    file = book.write("./follow-ups.ics", "my own notes\n")
    answer = book.run("export", "ics")
    assert (answer.code, file.read_text()) == (3, "my own notes\n")
    assert "there is a file of this name that is not a feed of ours" in answer.err
