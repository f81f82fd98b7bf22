"""`init`: a new address book, or what an old one lacks."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from plaintextcrm.cli.main import run
from tests.conftest import AddressBook

MADE = {
    ".gitattributes",
    ".gitignore",
    ".plaintextcrm/contact.schema.json",
    ".plaintextcrm/settings.schema.json",
    "contacts/example.yaml",
    "plaintextcrm.yaml",
}


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder, without git's own."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return {path: data for path, data in found.items() if not path.startswith(".git/")}


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in."""
    folder = tmp_path / "new"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_in_an_empty_folder(new: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(
        "git repository: made\n.gitattributes: contacts and settings are merged by field\n"
        "git settings of this folder: how to merge by field\n"
        "Ready. Next: edit contacts/example.yaml, run `plaintextcrm check`.\n"
    )
    assert set(files(new)) == MADE
    assert (new / ".git").is_dir()
    assert run(["check", "--strict"]) == 0
    assert run(["agenda"]) == 0
    assert "Follow up with Example Contact: Send the link to the slides" in capsys.readouterr().out


def test_a_folder_that_is_named_is_made(new: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "deep/my clients"]) == 0
    assert set(files(new / "deep" / "my clients")) == MADE
    assert "Ready. Next: cd 'deep/my clients', edit" in capsys.readouterr().err
    assert run(["-C", "other", "init"]) == 0
    assert set(files(new / "other")) == MADE
    assert not (new / "contacts").exists()


def test_nothing_is_overwritten(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "timezone: Asia/Tokyo  # mine\n")
    book.write("eva.yml", "name: Eva\n")
    book.write("./.gitignore", "mine\n")
    before = files(book.folder)
    answer = book.run("init", str(book.folder))
    assert answer.code == 0
    after = files(book.folder)
    assert {path: after[path] for path in before} == before
    new = {path for path in MADE if path.startswith((".plaintextcrm/", ".gitattributes"))}
    assert set(after) - set(before) == new
    assert "plaintextcrm.yaml: is there, left as it is" in answer.err
    assert answer.err.endswith("run `plaintextcrm check`.\n")
    assert "example" not in answer.err
    assert book.run("init", str(book.folder)).code == 0
    assert files(book.folder) == after


def test_run_again_it_follows_the_settings(book: AddressBook) -> None:
    folder = str(book.folder)
    book.run("init", folder)
    book.write("plaintextcrm.yaml", "statuses: [partner]\n")
    book.run("init", folder)
    schema = json.loads((book.folder / ".plaintextcrm/contact.schema.json").read_text())
    assert "partner" in schema["properties"]["status"]["enum"]


def test_broken_settings_do_not_stop_it(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "statuses: [\n")
    assert book.run("init", str(book.folder)).code == 0
    assert (book.folder / ".plaintextcrm/contact.schema.json").exists()


def test_in_a_git_repository(new: Path) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    assert run(["init", "clients"]) == 0
    assert not (new / "clients" / ".git").exists()


def test_without_git(
    new: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert run(["init"]) == 0
    assert "git is not installed: the history of your contacts is not kept" in (
        capsys.readouterr().err
    )
    assert not (new / ".git").exists()
    assert set(files(new)) == MADE - {".gitattributes"}


def test_no_git_if_not_wanted(new: Path) -> None:
    assert run(["init", "--no-git"]) == 0
    assert not (new / ".git").exists()


@pytest.mark.parametrize("path", ["contacts", ".plaintextcrm", "x"])
def test_a_file_in_the_way(new: Path, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    (new / path).write_text("mine\n")
    folder = "x/book" if path == "x" else "."
    assert run(["init", folder]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(
        f"{new / path} is a file, not a folder. What was there before is unchanged.\n"
    )
    assert (new / path).read_text() == "mine\n"


def test_links_are_not_followed(new: Path) -> None:
    elsewhere = new.parent / "elsewhere"
    (new / "plaintextcrm.yaml").symlink_to(elsewhere)
    assert run(["init"]) == 0
    assert not elsewhere.exists()


def test_the_settings_know_the_time_zone(new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert run(["init"]) == 0
    assert "timezone: Asia/Tokyo " in (new / "plaintextcrm.yaml").read_text()


def test_the_files_of_an_editor(new: Path) -> None:
    assert run(["init"]) == 0
    first = (new / "contacts/example.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=../.plaintextcrm/contact.schema.json"
    target = first.rpartition("=")[2]
    assert os.path.exists(os.path.join("contacts", target))


def test_s22_only_the_person_can_read_it(new: Path) -> None:
    old = os.umask(0)
    try:
        assert run(["init"]) == 0
    finally:
        os.umask(old)
    modes = {path: (new / path).stat().st_mode & 0o777 for path in MADE}
    assert modes == dict.fromkeys(MADE, 0o600)


def test_contacts_of_a_new_book_are_versioned(new: Path) -> None:
    if not shutil.which("git"):
        pytest.fail("git is one of the few things these tests need")
    run(["init"])
    run(["export", "ics"])
    shown = subprocess.run(
        ["git", "status", "--short", "-uall"], capture_output=True, text=True, check=True
    ).stdout
    assert {line.split()[1] for line in shown.splitlines()} == MADE
