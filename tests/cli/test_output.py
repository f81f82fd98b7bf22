"""How answers look: no file plays tricks on a terminal, and tables fit it."""

import json
import os
import subprocess
from collections.abc import Iterator

import pexpect
import pytest
from wcwidth import wcswidth

from plaintextcrm.cli.output import cut, one_line, safe, width_of, wrapped
from tests.conftest import COMMAND, TODAY, AddressBook

# What a terminal obeys, which the reader refuses too, and what turns the direction of text.
BIDI = "\u202e", "\u2066", "\u200f", "\u061c"
TRICKS = "\x1b[31m", "\x1b]0;title\x07", "\x9b31m", "\x08", "\ufeff", *BIDI


def raw_tricks(text: str) -> set[str]:
    """The characters of a text that no terminal should be sent."""
    harmless = "\n"
    return {c for c in text if c not in harmless and (c != "\t") and safe(c) != c}


def nasty_book(book: AddressBook) -> None:
    """Tricks wherever a person's text may stand: file names, names, notes, tags, settings, errors."""
    note = json.dumps(f"x{''.join(BIDI)}")
    refused = json.dumps("".join(TRICKS))
    book.write(
        "nasty\x1b[2J\u202e.yaml",
        f"""\
name: {note}
organization: {note}
owner: {note}
status: {note}
tags: [{note}]
emails: [{note}]
phones: [{note}]
notes: {note}
title: {note}
x_{chr(0x202E)}own: {note}
interactions: [{{date: 2026-11-01, channel: {note}, note: {note}}}]
follow_ups: [{{date: 2026-11-01, note: {note}}}]
introduced_by: {note}
""",
    )
    for n, trick in enumerate(TRICKS):
        book.write(f"raw{n}.yaml", f"name: Raw {trick}\n{trick}: x\n")
        book.write(f"escaped{n}.yaml", f"name: Raw {refused}\n{refused}: x\n")
    book.write(
        "sound\x1b[2J\u202e.yaml",
        f"name: {note}\nfollow_ups: [{{date: 2026-11-22, note: {note}}}]\n",
    )
    book.write("plaintextcrm.yaml", f"people: [{note}]\ncurency: {note}\n")


def every_command(folder: str) -> Iterator[list[str]]:
    yield ["agenda"]
    yield ["agenda", "--format", "json"]
    yield ["export", "ics", "-o", f"{folder}/feed.ics"]
    for form in ("table", "json", "jsonl", "csv", "tsv", "ids"):
        yield ["list", "--format", form]
    yield ["list", "--columns", "id,name,organization,status,owner,tags,email,phone,path"]
    yield ["list", f"na{TRICKS[0]}me:x"]
    yield ["list", f'"{TRICKS[0]}']
    for word in ("sound", "nasty", "raw", TRICKS[0], f"soundd{TRICKS[3]}"):
        yield ["show", word]
        yield ["show", word, "--format", "json"]
    for form in ("text", "json", "github"):
        yield ["check", "--format", form]
    yield ["check", "--fix"]
    yield ["check", f"contacts/nothing{TRICKS[0]}.yaml"]
    yield ["watch", "--once", "-o", f"{folder}/feed.ics"]
    yield ["schema"]
    yield ["--today", f"2026{TRICKS[0]}", "list"]
    yield [f"lst{TRICKS[0]}"]
    yield ["list", "--columns", TRICKS[0]]
    yield ["-C", f"{folder}/nothing{TRICKS[0]}", "list"]


def test_s06_no_escape_or_bidi_mark_reaches_the_terminal(book: AddressBook) -> None:
    nasty_book(book)
    for arguments in every_command(str(book.folder)):
        answer = book.run(*arguments)
        assert answer.code in (0, 1, 2), (arguments, answer)
        assert answer.out + answer.err, arguments
        assert raw_tricks(answer.out) == set(), arguments
        assert raw_tricks(answer.err) == set(), arguments


def test_s06_colours_are_our_own_only(book: AddressBook) -> None:
    nasty_book(book)
    ours = ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[33m")
    for command in (["agenda"], ["list"], ["show", "sound"], ["check"]):
        out = book.run("--color", "always", *command).out
        assert "\x1b" in out
        for code in ours:
            out = out.replace(code, "")
        assert raw_tricks(out) == set(), command


def test_s06_json_gives_the_text_itself(book: AddressBook) -> None:
    nasty_book(book)
    (row,) = json.loads(book.run("list", "sound", "--format", "json").out)
    assert row["name"] == f"x{''.join(BIDI)}"
    assert row["id"] == "sound\x1b[2J\u202e"


def test_s07_markup_and_format_strings_are_text(book: AddressBook) -> None:
    text = "{0} {name} %s %(x)d %n [bold red]x[/] <b> ::error:: $(id) `id` \\u001b \\x1b"
    book.write("a.yaml", f"name: '{text}'\nfollow_ups: [{{date: 2026-11-22, note: '{text}'}}]\n")
    assert text in book.run("list").out
    assert text in book.run("show", "a").out
    assert text in book.run("agenda").out
    assert json.loads(book.run("list", "--format", "json").out)[0]["name"] == text
    book.write("a.yaml", f"name: A\n'{text}': x\nstatus: '{text}'\n")
    assert book.run("check").out.count(text) >= 2
    github = book.run("check", "--format", "github").out.splitlines()
    assert all(line.startswith("::error file=") for line in github)
    assert "%25s" in github[0]
    assert "%s" not in github[0]


def test_s07_a_name_does_not_begin_a_github_command(book: AddressBook) -> None:
    book.write("a,line=9:%0A::error::b.yaml", "name: A\nbirthday: soon\n")
    (line,) = book.run("check", "--format", "github").out.splitlines()
    assert line.startswith(
        "::error file=contacts/a%2Cline=9%3A%250A%3A%3Aerror%3A%3Ab.yaml,line=2,"
    )


WIDE = {
    "tokyo": "東京タワー株式会社東京タワー株式会社東京タワー",
    "emoji": "Party 🎉🎉🎉 👩‍👩‍👧‍👦 ❤️ and 🇨🇿 friends of the whole family",
    "combining": "E\u0301va Mala\u0301 c\u030cervena\u0301 a dlouha\u0301, velmi dlouha\u0301",
    "arabic": "شركة المثال للتجارة والتوزيع العام المحدودة",
    "thai": "บริษัท ตัวอย่าง จำกัด มหาชน ประเทศไทย",
    "long-ascii": "Abcdefghij klmnopqrst uvwxyz Abcdefghij klmnopqrst",
}


def wide_book(book: AddressBook) -> None:
    for name, text in WIDE.items():
        book.write(
            f"{name}.yaml",
            f"name: {text}\norganization: {text}\nstatus: do-not-contact\nowner: jana\n"
            f"emails: [{name}@acme.example]\n"
            "interactions: [{date: 2026-01-05, note: x}]\n",
        )


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_tables_fit_the_terminal(book: AddressBook, columns: int) -> None:
    wide_book(book)
    answer = book.process("list", COLUMNS=str(columns))
    lines = answer.out.splitlines()
    assert len(lines) == 1 + len(WIDE)
    for line in lines:
        assert wcswidth(line) <= columns, line
        assert "2026-01-05" in line or line.startswith("ID") or columns < 60
    starts = {wcswidth(line[: line.index("do-not")]) for line in lines[1:] if "do-not" in line}
    assert len(starts) <= 1  # columns stand below each other, whatever the letters


def test_columns_that_were_asked_for_are_all_shown(book: AddressBook) -> None:
    wide_book(book)
    answer = book.process("list", "--columns", "id,name,organization,email,last", COLUMNS="60")
    head, *lines = answer.out.splitlines()
    assert head.split() == ["ID", "NAME", "ORGANIZ…", "EMAIL", "LAST"] or len(head.split()) == 5
    assert all(wcswidth(line) <= 60 and line.endswith("2026-01-05") for line in lines)


def test_nothing_is_cut_where_there_is_no_terminal(book: AddressBook) -> None:
    wide_book(book)
    out = book.run("list").out
    assert all(text in out for text in WIDE.values())


def test_a_very_long_name_is_no_trouble(book: AddressBook) -> None:
    book.write("long.yaml", f"name: {'東' * 300_000}\n")
    answer = book.process("list", COLUMNS="80")
    assert answer.code == 0
    assert all(wcswidth(line) <= 80 for line in answer.out.splitlines())


@pytest.mark.parametrize("text", [*WIDE.values(), "a", "", "🎉", "e\u0301"])
@pytest.mark.parametrize("width", [1, 2, 5, 13, 30])
def test_cut(text: str, width: int) -> None:
    short = cut(text, width)
    assert wcswidth(short) <= max(width, 1)
    assert short == text or short.endswith("…")
    assert text.startswith(short.removesuffix("…").rstrip())


def test_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    text = "one two three four five six 東京 東京 東京 " + "x" * 40
    lines = wrapped(text, 4).split("\n")
    assert [line.strip() for line in lines] == [
        "one two three four five", "six 東京 東京 東京", "x" * 40,
    ]  # fmt: skip
    assert all(line.startswith("    ") for line in lines[1:])
    assert wrapped("", 4) == ""


def test_width_of() -> None:
    assert [width_of(text) for text in ("abc", "Malá", "東京", "e\u0301", "")] == [3, 4, 4, 1, 0]


def test_one_line() -> None:
    assert one_line(" a\n b\tc\r\n\x1b[0m ") == "a b c \\x1b[0m"


def on_terminal(book: AddressBook, *arguments: str, **environment: str) -> str:
    """What a command prints on a terminal of 60 columns."""
    clean = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    command = [*COMMAND, "-C", str(book.folder), "--today", TODAY, *arguments]
    shown = pexpect.run(
        " ".join(f"'{word}'" for word in command),
        env={**clean, "TERM": "xterm", **environment},
        encoding="utf-8",
        timeout=60,
        dimensions=(30, 60),
    )
    assert isinstance(shown, str)
    return shown


def test_colours_on_a_terminal_only(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\nfollow_ups: [{date: 2026-01-01, note: x}]\n")
    assert "\x1b[" in on_terminal(book, "agenda")
    assert "\x1b[" not in on_terminal(book, "agenda", NO_COLOR="1")
    assert "\x1b[" in on_terminal(book, "--color", "always", "agenda", NO_COLOR="1")
    assert "\x1b[" not in on_terminal(book, "--color", "never", "agenda")
    assert "\x1b[" not in book.process("agenda").out
    assert "\x1b[" in book.process("--color", "always", "agenda").out
    assert book.run("--color", "sometimes", "agenda").code == 2


def test_the_terminal_tells_its_width(book: AddressBook) -> None:
    wide_book(book)
    lines = on_terminal(book, "list", NO_COLOR="1").splitlines()
    assert len(lines) == 2 + len(WIDE)
    assert all(wcswidth(line) <= 60 for line in lines)


def test_answers_go_to_stdout_and_all_else_to_stderr(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\nbirthday: soon\nfollow_ups: [{date: 2026-01-01, note: x}]\n")
    for command in (["list"], ["agenda"], ["show", "eva"], ["check"]):
        answer = book.process(*command)
        assert answer.code == 1
        assert "Error" not in answer.out
        assert answer.err
        assert "Follow up" not in answer.err
    for form in ("list", "agenda", "check"):
        json.loads(book.process(form, "--format", "json").out)
    wrong = book.process("show", "nobody")
    assert (wrong.code, wrong.out) == (2, "")


def test_a_broken_pipe_is_quiet(book: AddressBook) -> None:
    for n in range(250):
        book.write(f"c{n}.yaml", f"name: {n} {'long ' * 200}\n")
    for form in ("table", "json", "jsonl", "csv"):
        command = [*COMMAND, "-C", str(book.folder), "list", "--format", form]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout and process.stderr
        assert process.stdout.read(1)
        process.stdout.close()
        complaints = process.stderr.read()
        process.stderr.close()
        assert (process.wait(timeout=60), complaints) == (0, b"")


def shell(book: AddressBook, script: str) -> subprocess.CompletedProcess[str]:
    """A script with the command in `$@`."""
    return subprocess.run(
        ["sh", "-c", script, "sh", *COMMAND, "-C", str(book.folder)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_full_disk_behind_the_answer(book: AddressBook) -> None:
    """/dev/full is Linux's; elsewhere nothing stands in for it."""
    book.write("eva.yaml", "name: Eva\n")
    full = "/dev/full" if os.path.exists("/dev/full") else str(book.folder)
    for command in ("list", "schema", "-h"):
        for unbuffered in ("", "1"):
            done = shell(book, f'PYTHONUNBUFFERED={unbuffered} "$@" {command} > {full}')
            assert done.returncode != 0
            assert "Traceback" not in done.stderr
            if full == "/dev/full":
                assert done.returncode == 3
                assert done.stderr.endswith("Error: No space left on device\n")


def test_a_full_disk_behind_what_else_is_told(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\n")
    if os.path.exists("/dev/full"):
        for unbuffered in ("", "1"):
            done = shell(book, f'PYTHONUNBUFFERED={unbuffered} "$@" list 2> /dev/full')
            assert (done.returncode, done.stdout) == (0, "ID   NAME\neva  Eva\n")
            done = shell(book, f'PYTHONUNBUFFERED={unbuffered} "$@" show nobody 2> /dev/full')
            assert (done.returncode, done.stdout) == (2, "")


def test_no_stdout_and_no_stderr(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\n")
    closed = shell(book, '"$@" list >&-')
    assert (closed.returncode, closed.stderr) == (0, "1 contact\n")
    silent = shell(book, '"$@" list 2>&-')
    assert (silent.returncode, silent.stdout) == (0, "ID   NAME\neva  Eva\n")


def test_any_locale(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva Malá, 東京\n")
    for locale in ({"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"PYTHONIOENCODING": "ascii"}):
        answer = book.process("list", **locale)
        assert (answer.code, answer.out) == (0, "ID   NAME\neva  Eva Malá, 東京\n")
