"""`edit`: the person's own editor, a check, and the way back."""

import os
from pathlib import Path

import pexpect
import pytest

from tests.conftest import COMMAND, TODAY, AddressBook

EVA = "name: Eva\nbirthday: 1990-01-01\n"


@pytest.fixture
def eva(book: AddressBook) -> AddressBook:
    """One contact."""
    book.write("eva.yaml", EVA)
    return book


def text(book: AddressBook) -> str:
    return (book.folder / "contacts/eva.yaml").read_text("utf-8")


def test_an_edit_can_be_undone(eva: AddressBook) -> None:
    answer = eva.process("edit", "eva", EDITOR="sed -i s/1990/1991/")
    assert (answer.code, answer.err) == (0, "Edited contacts/eva.yaml. Next: no date\n")
    assert "1991" in text(eva)
    assert eva.run("undo").code == 0
    assert text(eva) == EVA


def test_visual_comes_first(eva: AddressBook) -> None:
    eva.process("edit", "eva", VISUAL="sed -i s/1990/1991/", EDITOR="false")
    assert "1991" in text(eva)


def test_nothing_was_edited(eva: AddressBook) -> None:
    answer = eva.process("edit", "eva", EDITOR="true")
    assert answer.err == "contacts/eva.yaml is as it was. Next: no date\n"
    assert eva.run("undo").code == 1


def test_a_file_that_the_editor_deleted_comes_back(eva: AddressBook) -> None:
    answer = eva.process("edit", "eva", EDITOR="rm")
    assert "`plaintextcrm undo` brings it back" in answer.err
    assert eva.run("undo").code == 0
    assert text(eva) == EVA


def test_a_broken_file_can_be_opened_to_mend_it(eva: AddressBook) -> None:
    eva.write("eva.yaml", 'name: "Eva\n')
    assert eva.process("edit", "eva", EDITOR='sed -i s/$/\\"/').code == 0
    assert text(eva) == 'name: "Eva"\n'


def test_f13_bytes_that_are_no_text_are_kept(eva: AddressBook) -> None:
    file = eva.write("eva.yaml", b"name: Ev\xe1\n")
    eva.process("edit", "eva", EDITOR="sed -i s/name/title/")
    assert file.read_bytes() == b"title: Ev\xe1\n"
    assert eva.run("undo").code == 0
    assert file.read_bytes() == b"name: Ev\xe1\n"


def test_a_dry_run_edits_a_copy(eva: AddressBook) -> None:
    answer = eva.process("edit", "eva", "--dry-run", EDITOR="sed -i s/1990/1991/")
    assert "+birthday: 1991-01-01\n" in answer.out
    assert text(eva) == EVA


def test_an_editor_that_fails(eva: AddressBook) -> None:
    answer = eva.process("edit", "eva", EDITOR="false")
    assert (answer.code, "ended with 1" in answer.err) == (1, True)


def test_it_opens_again_at_the_line_of_the_first_error(eva: AddressBook, tmp_path: Path) -> None:
    """The first time the editor breaks the file, the second time it mends it."""
    editor = tmp_path / "editor"
    editor.write_text(
        '#!/bin/sh\necho "$@" >> calls\ncase $1 in\n'
        '+2) sed -i s/soon/1992-02-02/ "$2" ;;\n*) sed -i s/1990-01-01/soon/ "$1" ;;\nesac\n'
    )
    editor.chmod(0o755)
    shell = pexpect.spawn(
        COMMAND[0],
        [*COMMAND[1:], "-C", str(eva.folder), "--today", TODAY, "edit", "eva"],
        env={**os.environ, "EDITOR": str(editor)},
        cwd=str(tmp_path),
        encoding="utf-8",
        timeout=60,
    )
    shell.expect_exact("error[bad-date]")
    shell.expect_exact("Open it again at line 2?")
    shell.sendline("")
    shell.expect_exact("Edited contacts/eva.yaml.")
    shell.expect(pexpect.EOF)
    shell.close()
    assert shell.exitstatus == 0
    file = eva.folder / "contacts/eva.yaml"
    assert (tmp_path / "calls").read_text() == f"{file}\n+2 {file}\n"
    assert text(eva) == "name: Eva\nbirthday: 1992-02-02\n"
