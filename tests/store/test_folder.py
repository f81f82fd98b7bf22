"""Which folder is the address book, and which of its files are contacts."""

import errno
import os
import socket
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from plaintextcrm.cli.main import run
from plaintextcrm.model.errors import BookNotFound
from plaintextcrm.store.folder import find_book, sweep
from tests.conftest import AddressBook

NAME = "name: Eva Malá\n"


def names(folder: Path) -> set[str]:
    """What a look at the folder takes for contacts, without `contacts/`."""
    return {path.removeprefix("contacts/") for path in sweep(folder).files}


def codes(book: AddressBook, *arguments: str) -> list[str]:
    """The first line of each problem that `check` prints."""
    return [line for line in book.run("check", *arguments).out.splitlines() if "[" in line]


# --- finding it -----------------------------------------------------------------------------------


def test_the_book_is_found_upwards_of_the_current_folder(
    book: AddressBook, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book.write("acme/eva.yaml", NAME)
    book.write("eva.yaml", NAME)
    inner = book.folder / "contacts" / "brno"
    inner.mkdir()
    monkeypatch.chdir(inner)
    assert run(["list", "--format", "ids"]) == 0
    assert capsys.readouterr().out == "eva\n"


def test_the_nearest_book_upwards_counts(tmp_path: Path) -> None:
    inner = tmp_path / "outer" / "contacts" / "inner"
    (inner / "deep").mkdir(parents=True)
    (inner / "plaintextcrm.yaml").touch()
    assert find_book(inner / "deep", None, {}) == inner.resolve()
    assert find_book(inner.parent, None, {}) == (tmp_path / "outer").resolve()


def test_a_named_folder_comes_before_the_variable_and_that_before_the_current_one(
    tmp_path: Path,
) -> None:
    for name in ("here", "named", "given"):
        (tmp_path / name / "contacts").mkdir(parents=True)
    here, named, given = (tmp_path / name for name in ("here", "named", "given"))
    environ = {"PLAINTEXTCRM_BOOK": str(given)}
    assert find_book(here, str(named), environ) == named.resolve()
    assert find_book(here, None, environ) == given.resolve()
    assert find_book(here, "../named", {}) == named.resolve()
    assert find_book(here, None, {"PLAINTEXTCRM_BOOK": ""}) == here.resolve()


def test_settings_alone_make_a_book(tmp_path: Path) -> None:
    (tmp_path / "plaintextcrm.yaml").touch()
    assert find_book(tmp_path, None, {}) == tmp_path.resolve()


def test_a_file_called_contacts_makes_no_book(tmp_path: Path) -> None:
    (tmp_path / "contacts").touch()
    with pytest.raises(BookNotFound):
        find_book(tmp_path, str(tmp_path), {})


def test_no_book_upwards_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["list"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        f"Error: No address book in {tmp_path.resolve()} or above it: no `contacts` folder and no "
        "`plaintextcrm.yaml`. Make one with `plaintextcrm init`, or name one with `-C FOLDER`.\n"
    )


@pytest.mark.parametrize("name", ["missing", "empty", "file", "~nobody-of-this-name/book"])
def test_a_named_folder_without_a_book_is_named(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folders above the named one are not looked at, and the message does not say so."""
    (tmp_path / "contacts").mkdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    assert run(["-C", name, "list"]) == 2
    err = capsys.readouterr().err
    assert err == (
        f"Error: No address book in {tmp_path.resolve() / name}: no `contacts` folder and no "
        "`plaintextcrm.yaml`. Make one there with `plaintextcrm init`.\n"
    )


def test_the_variable_names_the_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLAINTEXTCRM_BOOK", str(tmp_path / "gone"))
    assert run(["check"]) == 2
    assert f"No address book in {tmp_path.resolve() / 'gone'}:" in capsys.readouterr().err


# --- which files are contacts ---------------------------------------------------------------------

CONTACTS = (
    "eva.yaml",
    "eva.yml",
    "a/b/c/deep.yaml",
    "with space.yaml",
    "with 'quotes' \"both\".yaml",
    "line\nbreak.yaml",
    "Malá Žofie 東京.yaml",
    "percent%s{0}.yaml",
    "-C.yaml",
    "Acme (2).yaml",
    "4913.yaml",
    "#1 client.yaml",
    "swap.swp.yaml",
    "LOCAL.yaml",
    "eva.2.yaml",
    "eva_LOCAL.yaml",
    "eva(1).yaml",
    "#/eva.yaml",
)  # fmt: skip


@pytest.mark.parametrize("name", CONTACTS)
def test_a_contact_by_its_name(name: str, book: AddressBook) -> None:
    book.write(f"contacts/{name}", NAME)
    assert names(book.folder) == {name}
    answer = book.run("list", "--format", "ids")
    assert (answer.code, len(answer.out.splitlines())) == (0, 1)
    assert book.run("check").code == 0


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.yaml", ".git/config.yaml", ".stversions/eva.yaml", "4913", ".eva.yaml.swp",
        "eva.yaml.swp", "eva.yaml~", "#eva.yaml#", ".#eva.yaml", "#eva#", "eva.yaml.bak",
        "eva.yaml.orig", ".plaintextcrm-1-0123456789abcdef.tmp", "eva.txt", "photo.jpg", "yaml",
        ".~lock.eva.yaml#", "eva.yaml.1234567890", ".fuse_hidden0001.yaml", "eva.yaml\n",
        ".yaml", ".yml", "EVA.YAML", "eva.yaml.", "eva yaml", "#sub#/eva.yaml",
        "sub~/eva.yaml", "_eva.yaml.tmp", ".syncthing.eva.yaml.tmp", ".goutputstream-8X9Y",
    ],
)  # fmt: skip
def test_f35_droppings_are_not_contacts(name: str, book: AddressBook) -> None:
    """What editors, sync tools and our own killed commands leave behind is never read."""
    book.write("jan.yaml", "name: Jan\n")
    book.write(f"contacts/{name}", "this: [is not a contact")
    assert names(book.folder) == {"jan.yaml"}
    answer = book.run("check")
    assert (answer.code, answer.out) == (0, "")


@pytest.mark.parametrize(
    "name",
    [
        "eva (Jana's conflicted copy 2026-11-22).yaml",  # Dropbox
        "eva (Case Conflict).yaml",
        "eva (conflicted copy 2026-11-22 101500).yaml",  # Nextcloud
        "eva.sync-conflict-20261122-101500-ABCDEF7.yaml",  # Syncthing
        "eva.SYNC-CONFLICT-20261122.yaml",
        "eva (1).yaml",  # Google Drive
        "eva_BACKUP_4711.yaml", "eva_BASE_4711.yaml", "eva_LOCAL_4711.yaml", "eva_REMOTE_4711.yaml",
    ],
)  # fmt: skip
def test_a_conflict_copy_is_reported_and_not_read(name: str, book: AddressBook) -> None:
    book.write("eva.yaml", NAME)
    book.write(name, "name: Somebody else\n")
    assert names(book.folder) == {"eva.yaml"}
    answer = book.run("check")
    assert answer.code == 1
    assert answer.out == (
        f"contacts/{name}:1:1: error[conflict-copy]: a sync tool's copy of eva.yaml, which is not "
        "read\n   = move what is right into eva.yaml, then delete this file\n"
    )
    assert book.run("list", "--format", "ids").out == "eva\n"


def test_a_conflict_copy_of_another_ending_is_its_own(book: AddressBook) -> None:
    book.write("eva.yml", NAME)
    book.write("eva (2).yaml", "name: Another\n")
    assert names(book.folder) == {"eva.yml", "eva (2).yaml"}


def test_a_numbered_name_becomes_a_copy_when_the_original_comes(book: AddressBook) -> None:
    book.write("Acme (2).yaml", "name: Acme\n")
    assert book.run("list", "--format", "ids").out == "Acme (2)\n"
    book.write("Acme.yaml", "name: Acme\n")
    assert book.run("list", "--format", "ids").out == "Acme\n"
    assert "conflict-copy" in book.run("check").out


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_in_either_unicode_form_is_one_id(form: str, book: AddressBook) -> None:
    """macOS and some archives write letters and accents apart; people and references do not."""
    name = unicodedata.normalize(form, "eva-malá")  # type: ignore[arg-type]
    book.write(f"{name}.yaml", NAME)
    book.write("jan.yaml", "name: Jan\nintroduced_by: eva-malá\n")
    assert book.run("check").code == 0
    assert book.run("list", "--format", "ids").out == "eva-malá\njan\n"
    assert book.run("show", "eva-malá").code == 0


def test_a_name_that_is_not_utf8_is_reported(book: AddressBook) -> None:
    book.write("eva.yaml", NAME)
    folder = os.fsencode(book.folder / "contacts")
    try:
        for name in (b"mal\xe1.yaml", b"mal\xe1.jpg", b".mal\xe1.yaml"):
            Path(os.fsdecode(folder + b"/" + name)).write_text("name: Malá\n")
    except OSError as error:
        assert (sys.platform, error.errno) == ("darwin", errno.EILSEQ)  # there it cannot happen
        return
    Path(os.fsdecode(folder + b"/brno\xff")).mkdir()
    assert names(book.folder) == {"eva.yaml"}
    assert codes(book) == [
        "contacts/brno�:1:1: error[not-a-file]: a name that is not UTF-8 is not read",
        "contacts/mal�.yaml:1:1: error[not-a-file]: a name that is not UTF-8 is not read",
    ]
    assert book.run("list", "--format", "json").code == 1


def test_paths_and_names_reach_the_terminal_without_their_controls(book: AddressBook) -> None:
    book.write("line\nbreak\x1b[31m.yaml", "nme: x\n")
    answer = book.run("check")
    assert answer.code == 1
    assert "\x1b" not in answer.out
    assert answer.out.startswith("contacts/line")
    assert "contacts/line\nbreak" not in answer.out


# --- what is never read ---------------------------------------------------------------------------


def test_s04_links_pipes_sockets_and_devices_are_reported_and_never_read(
    book: AddressBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process of its own: where one of these were opened, the command would hang or fill up."""
    book.write("eva.yaml", NAME)
    secret = tmp_path / "secret.yaml"
    secret.write_text("name: Secret\n")
    aside = tmp_path / "aside"
    aside.mkdir()
    (aside / "inner.yaml").write_text("name: Inner\n")
    contacts = book.folder / "contacts"
    for name, target in {
        "link": str(secret), "inside": "eva.yaml", "dangling": "/nowhere/at/all",
        "zero": "/dev/zero", "loop": "loop.yaml", "folder-by-file-name": str(aside),
    }.items():  # fmt: skip
        (contacts / f"{name}.yaml").symlink_to(target)
    (contacts / "elsewhere").symlink_to(aside)
    (contacts / "self").symlink_to(contacts)
    os.mkfifo(contacts / "pipe.yaml")
    (contacts / "folder.yaml").mkdir()
    (contacts / "folder.yaml" / "inner.yaml").write_text("name: Inner\n")
    monkeypatch.chdir(contacts)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.yaml")
        answer = book.process("check")
        shown = book.process("list", "--format", "ids")
    assert (shown.out, shown.code) == ("eva\n", 1)
    assert answer.code == 1
    assert [line for line in answer.out.splitlines() if "error" in line] == [
        f"contacts/{name}:1:1: error[not-a-file]: {what} is not read"
        for name, what in [
            ("dangling.yaml", "a link"),
            ("elsewhere", "a link to a folder"),
            ("folder-by-file-name.yaml", "a link"),
            ("folder.yaml", "a folder with the name of a file"),
            ("inside.yaml", "a link"),
            ("link.yaml", "a link"),
            ("loop.yaml", "a link"),
            ("pipe.yaml", "a pipe, a socket or a device"),
            ("self", "a link to a folder"),
            ("socket.yaml", "a pipe, a socket or a device"),
            ("zero.yaml", "a link"),
        ]
    ]


def test_s04_settings_that_are_no_file_are_reported_and_not_read(book: AddressBook) -> None:
    book.write("eva.yaml", NAME)
    settings = book.folder / "plaintextcrm.yaml"
    makers: dict[str, Callable[[], None]] = {
        "a link": lambda: settings.symlink_to("/dev/zero"),
        "a pipe, a socket or a device": lambda: os.mkfifo(settings),
    }
    for what, make in makers.items():
        make()
        answer = book.process("check")
        assert answer.out.startswith(
            f"plaintextcrm.yaml:1:1: error[not-a-file]: {what} is not read\n"
        )
        assert (answer.code, book.process("list", "--format", "ids").out) == (1, "eva\n")
        settings.unlink()
    assert book.run("check").code == 0


def test_s04_a_contact_that_becomes_a_link_keeps_its_last_good_version(
    book: AddressBook, tmp_path: Path
) -> None:
    file = book.write("eva.yaml", "name: Eva\nfollow_ups:\n  - {date: 2026-11-25, note: call}\n")
    assert "call" in book.run("agenda").out
    file.rename(tmp_path / "eva.yaml")
    file.symlink_to(tmp_path / "eva.yaml")
    answer = book.run("agenda")
    assert (answer.code, "call" in answer.out) == (1, True)
    file.unlink()
    assert "call" not in book.run("agenda").out
