"""`log`: a talk in one line, for one contact or several, all of them or none."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from plaintextcrm.text.nodes import plain
from plaintextcrm.text.reader import read
from tests.conftest import COMMAND, TODAY, AddressBook

EVA = "name: Eva Malá  # a friend\ninteractions:\n  - {date: 2026-10-14, note: x}   # first\n"
ACME = "name: ACME\nkind: organization"


@pytest.fixture
def people(book: AddressBook) -> AddressBook:
    """Eva and a firm."""
    book.write("eva-mala.yaml", EVA)
    book.write("acme.yaml", ACME)
    return book


def fields(book: AddressBook, name: str) -> dict[str, object]:
    root = read((book.folder / "contacts" / name).read_bytes(), name).root
    assert root is not None
    found = plain(root)
    assert isinstance(found, dict)
    return found


def texts(book: AddressBook) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (book.folder / "contacts").iterdir()}


def send(book: AddressBook, text: str | bytes, *words: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [*COMMAND, "-C", str(book.folder), "--today", TODAY, *words],
        input=text.encode() if isinstance(text, str) else text,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize(
    "note",
    [
        "Wants: a new e-shop", "- dash", "# hash", "{x}", "[y]", "yes", "2026-12-01", "a, b", "'s",
        'say "hi"', "&a", "*b", "!t", "%p", "@q", "`r", "null", "a #b", "key:", "Łódź ž", "|", "> x",
        "-5 C", "-hot", "-hello there", "--12-24",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["eva-mala.yaml", "acme.yaml"])
def test_a_note_is_the_text_that_was_typed(people: AddressBook, name: str, note: str) -> None:
    assert people.run("log", name.removesuffix(".yaml"), "call", note).code == 0
    talks = fields(people, name)["interactions"]
    assert isinstance(talks, list)
    assert talks[-1] == {"date": "2026-11-22", "channel": "call", "note": note}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Wants", "a", "shop", "--nxet", "+2w"], "no option --nxet. Did you mean `--next`?"),
        (["x", "--next=+2w", "--mod=fine"], "no option --mod. Did you mean `--mood`?"),
        (["x", "--zzz"], "no option --zzz. What begins so and is no option goes behind `--`."),
    ],
)
def test_a_misspelt_option_does_not_end_in_the_note(
    people: AddressBook, words: list[str], said: str
) -> None:
    before = texts(people)
    answer = people.run("log", "eva", "call", *words)
    assert (answer.code, said in answer.err) == (2, True), answer.err
    assert texts(people) == before


def test_behind_two_dashes_all_is_note(people: AddressBook) -> None:
    people.run("log", "acme", "call", "--mood", "--zzz", "--", "--nxet", "-h")
    talks = fields(people, "acme.yaml")["interactions"]
    assert isinstance(talks, list)
    assert talks[0]["note"] == "--nxet -h"
    assert talks[0]["mood"] == "--zzz"


def test_no_other_byte_changes(people: AddressBook) -> None:
    people.run("log", "eva", "call", "Yes")
    after = texts(people)["eva-mala.yaml"].decode()
    assert after.startswith(EVA)
    assert texts(people)["acme.yaml"] == ACME.encode()


def test_the_first_word_is_a_contact_even_if_it_is_a_channel(book: AddressBook) -> None:
    book.write("call.yaml", "name: Call Centre\n")
    answer = book.run("log", "call", "Call", "call", "them", "back")
    assert (answer.code, answer.err) == (0, "Logged a call with Call Centre. Next: no date\n")
    talks = [{"date": "2026-11-22", "channel": "call", "note": "call them back"}]
    assert fields(book, "call.yaml")["interactions"] == talks


def test_channels_of_the_settings(people: AddressBook) -> None:
    people.write("plaintextcrm.yaml", "channels: [pub]\n")
    assert people.run("log", "eva", "pub", "Beer").err.startswith("Logged a pub with Eva Malá.")


def test_without_a_channel_the_channels_are_listed(people: AddressBook) -> None:
    before = texts(people)
    answer = people.run("log", "eva", "Wants", "a", "shop")
    assert answer.code == 2
    assert "call, email, meeting" in answer.err
    assert texts(people) == before


@pytest.mark.parametrize("words", [["eva", "nobody"], ["nobody", "eva"], ["a"]])
def test_a_contact_that_is_not_clear_stops_all(people: AddressBook, words: list[str]) -> None:
    before = texts(people)
    assert people.run("log", *words, "call", "x").code == 2
    assert texts(people) == before


def test_one_broken_file_stops_all(people: AddressBook) -> None:
    people.run("list")
    people.write("acme.yaml", 'name: "ACME\n')
    before = texts(people)
    answer = people.run("log", "eva", "acme", "call", "x")
    assert answer.code == 1
    assert answer.err.startswith("Error: contacts/acme.yaml:1:7: ")
    assert "plaintextcrm check contacts/acme.yaml" in answer.err
    assert texts(people) == before


@pytest.mark.parametrize(
    ("settings", "by"),
    [
        ("me: jana\n", None),
        ("me: jana\npeople: [jana]\n", None),
        ("me: jana\npeople: [jana, petr]\n", "jana"),
        ("people: [jana, petr]\n", None),
    ],
)
def test_who_talked_is_said_where_there_are_several(
    people: AddressBook, settings: str, by: str | None
) -> None:
    people.write("plaintextcrm.yaml", settings)
    people.run("log", "acme", "call", "x")
    talks = fields(people, "acme.yaml")["interactions"]
    assert isinstance(talks, list)
    assert talks[0].get("by") == by


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "stdin:2: this is not JSON"),
        ("[" * 100_000, "stdin:2: this is not JSON"),
        ("1" * 5_000, "stdin:2: this is not JSON"),
        (
            '{"contact": "nobody", "channel": "call", "note": "x"}',
            "stdin:2: No contact is called nobody",
        ),
        ('{"contact": "tag:no", "channel": "call", "note": "x"}', "stdin:2: tag:no finds nobody"),
        ('{"contact": "eva", "channel": "call", "note": "x", "next": "soon"}', "stdin:2: 'soon'"),
        ("[]", "stdin:2: write an object"),
        ('{"contact": "eva", "channel": "call"}', "stdin:2: there is no `note`"),
        ('{"contact": [], "channel": "call", "note": "x"}', "stdin:2: there is no `contact`"),
        ('{"contact": "eva", "chanel": "call", "note": "x"}', "did you mean `channel`?"),
        ('{"contact": "eva", "channel": "call", "note": 5}', "stdin:2: `note` must be text"),
        ('{"contact": "nobody", "channel": "call", "note": "x"}', "No contact is called nobody"),
        ('{"contact": "eva", "channel": "call", "note": "x", "date": "soon"}', "'soon'"),
    ],
)
def test_a_wrong_line_of_a_script_stops_all(people: AddressBook, line: str, said: str) -> None:
    before = texts(people)
    good = '{"contact": "eva", "channel": "call", "note": "x"}'
    code, _out, err = send(people, f"{good}\n{line}\n", "log", "-")
    assert code == 2
    assert said in err
    assert texts(people) == before


def test_what_ends_a_line_elsewhere_ends_none_of_a_script(people: AddressBook) -> None:
    talk = {"contact": "eva", "channel": "call", "note": "one\u2028two"}
    code, _out, err = send(people, json.dumps(talk, ensure_ascii=False), "log", "-")
    assert (code, "U+2028" in err, "JSON" in err) == (1, True, False)
    talk["note"] = "one"
    assert send(people, f"{json.dumps(talk)}\r\n\r\n", "log", "-")[0] == 0


def test_a_script_may_name_a_channel_that_does_not_exist(people: AddressBook) -> None:
    before = texts(people)
    talk = json.dumps({"contact": "eva", "channel": "cal", "note": "x"})
    code, _out, err = send(people, talk, "log", "-")
    assert (code, "did you mean `call`?" in err) == (1, True)
    assert texts(people) == before


def test_stdin_that_is_not_utf8(people: AddressBook) -> None:
    code, _out, err = send(people, b"caf\xe9", "log", "eva", "call", "-")
    assert (code, "stdin is not UTF-8" in err) == (2, True)


def test_an_empty_note_of_the_editor_writes_nothing(people: AddressBook) -> None:
    before = texts(people)
    answer = people.process("log", "eva", "call", EDITOR="true")
    assert (answer.code, answer.err) == (1, "Error: Nothing was written: the note is empty.\n")
    assert texts(people) == before


def test_an_editor_that_is_not_there(people: AddressBook) -> None:
    answer = people.process("log", "eva", "call", EDITOR="no-such-editor")
    assert answer.code == 3
    assert "set VISUAL or EDITOR" in answer.err


def test_where_nothing_can_be_kept_to_undo_it_nothing_is_written(people: AddressBook) -> None:
    people.run("list")
    (cache,) = Path(os.environ["XDG_CACHE_HOME"]).rglob("*.sqlite3")
    cache.with_name(f"{cache.stem}-journal").write_text("in the way")
    before = texts(people)
    answer = people.run("log", "eva", "call", "x")
    assert answer.code == 3
    assert texts(people) == before


def test_a_dry_run_writes_nothing(people: AddressBook) -> None:
    before = texts(people)
    answer = people.run("log", "eva", "acme", "call", "x", "--dry-run")
    assert answer.code == 0
    assert [line for line in answer.out.splitlines() if line.startswith("+++")] == [
        "+++ b/contacts/eva-mala.yaml", "+++ b/contacts/acme.yaml",
    ]  # fmt: skip
    assert texts(people) == before
    assert people.run("undo").code == 1


def test_what_is_planned_is_warned_of(people: AddressBook) -> None:
    answer = people.run("log", "eva", "call", "x", "--date", "+2w")
    assert answer.code == 0
    assert "is in the future" in answer.err


def test_f06_many_writers_lose_nothing(people: AddressBook) -> None:
    writers = [
        subprocess.Popen(
            [*COMMAND, "-C", str(people.folder), "--today", TODAY, "log", "acme", "call", f"n{n}"],
            stderr=subprocess.PIPE,
        )
        for n in range(8)
    ]
    for writer in writers:
        _out, err = writer.communicate(timeout=120)
        assert writer.returncode == 0, err.decode()
    talks = fields(people, "acme.yaml")["interactions"]
    assert isinstance(talks, list)
    assert sorted(talk["note"] for talk in talks) == [f"n{n}" for n in range(8)]


KEPT = re.compile(r"Your note is kept in (\S+)\n")


def test_a_note_that_could_not_be_logged_is_kept(people: AddressBook, tmp_path: Path) -> None:
    """The editor takes its time, and meanwhile the file breaks."""
    file = people.folder / "contacts" / "acme.yaml"
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\necho 'A long story' > \"$1\"\necho 'name: \"x' > '{file}'\n")
    editor.chmod(0o755)
    answer = people.process("log", "acme", "call", EDITOR=str(editor), TMPDIR=str(tmp_path))
    assert answer.code == 1
    assert "contacts/acme.yaml:1:7: " in answer.err
    [kept] = KEPT.findall(answer.err)
    assert Path(kept).read_text("utf-8") == "A long story\n"
    assert file.read_text("utf-8") == 'name: "x\n'


def test_a_note_of_an_editor_that_fails_is_kept(people: AddressBook, tmp_path: Path) -> None:
    before = texts(people)
    editor = "sh -c 'echo A story > $0; exit 3'"
    answer = people.process("log", "acme", "call", EDITOR=editor, TMPDIR=str(tmp_path))
    assert (answer.code, "ended with 3: nothing was written." in answer.err) == (1, True)
    [kept] = KEPT.findall(answer.err)
    assert Path(kept).read_text("utf-8") == "A story\n"
    answer = people.process("log", "acme", "call", EDITOR="false", TMPDIR=str(tmp_path))
    assert (answer.code, "kept" in answer.err) == (1, False)
    assert texts(people) == before


def test_a_wrong_date_is_told_before_the_editor_opens(people: AddressBook, tmp_path: Path) -> None:
    editor = f"touch {tmp_path}/opened"
    answer = people.process("log", "acme", "call", "--next", "soon", EDITOR=editor)
    assert (answer.code, "'soon'" in answer.err) == (2, True)
    assert not (tmp_path / "opened").exists()


def test_an_editor_whose_quotes_are_open(people: AddressBook) -> None:
    answer = people.process("log", "acme", "call", EDITOR="'vim")
    assert (answer.code, 'VISUAL or EDITOR is "\'vim": ' in answer.err) == (2, True)
