"""`check`: what it says, about which files, with which exit code, and what `--fix` mends."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import plaintextcrm
from tests.conftest import TODAY, AddressBook

EVA = "name: Eva\nfollow_ups:\n  - {date: 2026-11-25, note: call}\n"
BROKEN = "name: Jan\nfolow_ups: []\n"
WARNED = "name: Ota\ninteractions:\n  - {date: 2027-01-01, channel: call, note: hi}\n"
UID = re.compile(r"uid: [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def heads(book: AddressBook, *arguments: str) -> list[str]:
    """The first line of each problem."""
    return [
        line for line in book.run("check", *arguments).out.splitlines() if re.match(r"\S+:\d", line)
    ]


# --- exit codes -----------------------------------------------------------------------------------


def test_no_contacts_at_all_is_fine(book: AddressBook) -> None:
    answer = book.run("check")
    assert (answer.code, answer.out, answer.err) == (0, "", "0 contacts, no problems.\n")


def test_errors_end_with_1_and_all_of_them_are_told(book: AddressBook) -> None:
    book.write("jan.yaml", "name: Jan\nfolow_ups: []\nbirthday: 31.12.1980\ncadence: often\n")
    answer = book.run("check")
    assert answer.code == 1
    codes = re.findall(r"error\[([\w-]+)\]", answer.out)
    assert codes == ["unknown-field", "bad-date", "bad-duration"]
    assert answer.err.startswith("1 contact, 3 errors in 1 file.\n")


def test_warnings_end_with_0_and_with_strict_with_1(book: AddressBook) -> None:
    book.write("ota.yaml", WARNED)
    assert book.run("check").code == 0
    assert "1 contact, 1 warning in 1 file." in book.run("check").err
    assert book.run("check", "--strict").code == 1
    book.write("ota.yaml", "name: Ota\n")
    assert book.run("check", "--strict").code == 0


def test_a_problem_as_a_compiler_would_say_it(book: AddressBook) -> None:
    book.write("jan.yaml", BROKEN)
    assert book.run("check").out == (
        "contacts/jan.yaml:2:1: error[unknown-field]: a contact has no field `folow_ups`\n"
        " 2 | folow_ups: []\n"
        "   | ^^^^^^^^^\n"
        "   = did you mean `follow_ups`?\n"
    )


def test_json_is_one_array_and_nothing_else_on_stdout(book: AddressBook) -> None:
    assert json.loads(book.run("check", "--format", "json").out) == []
    book.write("jan.yaml", BROKEN)
    answer = book.run("check", "--format", "json")
    assert (answer.code, answer.err) == (1, "")
    assert json.loads(answer.out) == [
        {
            "path": "contacts/jan.yaml",
            "line": 2,
            "column": 1,
            "end_line": 2,
            "end_column": 10,
            "severity": "error",
            "code": "unknown-field",
            "message": "a contact has no field `folow_ups`",
            "hint": "did you mean `follow_ups`?",
        }
    ]


def test_github_annotations_escape_what_the_file_says(book: AddressBook) -> None:
    book.write("a,b:100%.yaml", "name: Jan\n'x,%0A::error::': []\n")
    answer = book.run("check", "--format", "github")
    assert answer.code == 1
    assert len(answer.out.splitlines()) == 1
    assert answer.out.startswith(
        "::error file=contacts/a%2Cb%3A100%25.yaml,line=2,col=1,endLine=2,endColumn=17,"
        "title=unknown-field::"
    )
    assert "%250A" in answer.out


def test_github_is_told_the_path_in_what_it_checked_out(
    book: AddressBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.write("jan.yaml", "name: [Jan\n")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(book.folder.parent))
    assert "::error file=book/contacts/jan.yaml," in book.run("check", "--format", "github").out
    monkeypatch.setenv("GITHUB_WORKSPACE", "/somewhere/else")
    assert "::error file=contacts/jan.yaml," in book.run("check", "--format", "github").out


# --- which files ----------------------------------------------------------------------------------


@pytest.fixture
def three(book: AddressBook) -> AddressBook:
    """Two broken files in folders, a warning, and one that is sound."""
    book.write("contacts/acme/jan.yaml", BROKEN)
    book.write("contacts/acme-2/eva.yaml", BROKEN)
    book.write("ota.yaml", WARNED)
    book.write("pavel.yaml", "name: Pavel\n")
    book.write("plaintextcrm.yaml", "currency: CZK\n")
    return book


def found(book: AddressBook, *paths: str) -> list[str]:
    return [line.split(":")[0].removeprefix("contacts/") for line in heads(book, *paths)]


def test_without_a_path_all_files_are_checked(three: AddressBook) -> None:
    assert found(three) == ["acme-2/eva.yaml", "acme/jan.yaml", "ota.yaml"]


def test_a_path_is_relative_to_the_current_folder(
    three: AddressBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(three.folder / "contacts" / "acme")
    assert found(three, "jan.yaml") == ["acme/jan.yaml"]
    assert found(three, ".") == ["acme/jan.yaml"]
    assert found(three, "..") == ["acme-2/eva.yaml", "acme/jan.yaml", "ota.yaml"]
    assert found(three, "../ota.yaml", "../pavel.yaml") == ["ota.yaml"]
    assert found(three, "../../plaintextcrm.yaml", "../../contacts/ota.yaml") == ["ota.yaml"]


def test_a_path_may_be_absolute_or_as_the_book_calls_it(
    three: AddressBook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert found(three, str(three.folder / "contacts" / "acme")) == ["acme/jan.yaml"]
    assert found(three, str(three.folder)) == ["acme-2/eva.yaml", "acme/jan.yaml", "ota.yaml"]
    assert found(three, "contacts/ota.yaml") == ["ota.yaml"]
    assert found(three, "contacts/acme/") == ["acme/jan.yaml"]


def test_a_path_through_a_link_to_the_book(three: AddressBook, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(three.folder)
    assert found(three, str(tmp_path / "link" / "contacts" / "ota.yaml")) == ["ota.yaml"]


def test_only_what_was_asked_for_decides_the_exit_code(three: AddressBook) -> None:
    contacts = str(three.folder / "contacts")
    assert three.run("check", f"{contacts}/pavel.yaml").code == 0
    assert three.run("check", f"{contacts}/ota.yaml").code == 0
    assert three.run("check", f"{contacts}/ota.yaml", "--strict").code == 1
    assert three.run("check", f"{contacts}/pavel.yaml", f"{contacts}/acme").code == 1


@pytest.mark.parametrize("path", ["gone.yaml", "contacts/gone.yaml", "/etc/passwd", "../..", ""])
def test_a_path_that_is_not_in_the_book_is_wrong_usage(path: str, three: AddressBook) -> None:
    answer = three.run("check", path)
    assert (answer.code, answer.out) == (2, "")
    assert (
        f"Error: {path}: there is no such file or folder in the address book {three.folder}\n"
        in answer.err
    )


# --- --fix ----------------------------------------------------------------------------------------


def test_fix_adds_a_uid_behind_the_name_and_no_other_byte(book: AddressBook) -> None:
    texts = {
        "block.yaml": "# my notes\nname: Eva   # the boss\nx_dog: Rex\nstatus:   lead\n# end",
        "windows.yaml": "\ufeffname: Jan\r\ntags: [a]\r\n",
        "flow.yaml": '{name: Ota, x_dog: {deep: ["Rex"]}}',
        "acme/folded.yaml": "name: >\n  Acme\n  Ltd\nkind: organization\n",
    }
    for name, text in texts.items():
        book.write(f"contacts/{name}", text)
    answer = book.run("check", "--fix")
    assert answer.code == 0
    assert answer.err == (
        "contacts/acme/folded.yaml: added `uid`\ncontacts/block.yaml: added `uid`\n"
        "contacts/flow.yaml: added `uid`\ncontacts/windows.yaml: added `uid`\n"
        "4 contacts, no problems.\n"
    )
    for name, text in texts.items():
        new = (book.folder / "contacts" / name).read_bytes().decode()
        assert len(UID.findall(new)) == 1
        assert re.sub(rf", {UID.pattern}|{UID.pattern}\r?\n", "", new) == text
    assert book.run("check", "--fix").err == "4 contacts, no problems.\n"


def test_fix_touches_only_what_was_asked_for(book: AddressBook) -> None:
    eva, jan = book.write("acme/eva.yaml", EVA), book.write("contacts/jan.yaml", EVA)
    eva = book.write("contacts/acme/eva.yaml", EVA)
    book.run("check", "--fix", str(eva.parent))
    assert ("uid:" in eva.read_text(), jan.read_text()) == (True, EVA)


def test_fix_gives_the_same_uid_in_two_clones(book: AddressBook) -> None:
    """Two people who run it before they pull make no conflict."""
    theirs = book.folder.parent / "clone"
    for folder in (book.folder, theirs):
        (folder / "contacts").mkdir(parents=True, exist_ok=True)
        (folder / "contacts" / "eva.yaml").write_text(EVA)
    assert book.run("check", "--fix").code == 0
    assert AddressBook(theirs, book._capsys).run("check", "--fix").code == 0
    one, two = ((folder / "contacts" / "eva.yaml").read_bytes() for folder in (book.folder, theirs))
    assert one == two
    assert b"uid: " in one


def test_fix_takes_another_uid_where_the_first_choice_is_taken(book: AddressBook) -> None:
    """A contact was renamed, and a new one took its old file name."""
    old = book.write("eva.yaml", EVA)
    book.run("check", "--fix")
    old.rename(old.with_name("eva-mala.yaml"))
    book.write("eva.yaml", "name: Another Eva\n")
    assert "duplicate-uid" in book.run("check").out
    assert book.run("check", "--fix").code == 0
    first, second = (
        UID.findall(old.with_name(name).read_text()) for name in ("eva.yaml", "eva-mala.yaml")
    )
    assert len(first) == len(second) == 1
    assert first != second


def test_fix_leaves_the_events_of_the_feed_as_they_are(book: AddressBook) -> None:
    book.write("eva.yaml", EVA)
    book.write("jan.yaml", "name: Jan\nbirthday: 1980-12-24\ncadence: 6 weeks\n")
    assert book.run("export", "ics").code == 0
    feed = (book.folder / "follow-ups.ics").read_bytes()
    assert feed.count(b"BEGIN:VEVENT") >= 3
    assert book.run("check", "--fix").code == 0
    assert book.run("export", "ics").code == 0
    assert uids(book.folder) == uids_of(feed)


def uids(folder: Path) -> set[bytes]:
    return uids_of((folder / "follow-ups.ics").read_bytes())


def uids_of(feed: bytes) -> set[bytes]:
    return set(re.findall(rb"\r\nUID:(.+)\r\n", feed))


def test_fix_keeps_the_calendar_identity_through_a_rename(book: AddressBook) -> None:
    file = book.write("eva.yaml", EVA)
    book.run("check", "--fix")
    book.run("export", "ics")
    before = uids(book.folder)
    file.rename(file.with_name("eva-mala.yaml"))
    book.run("export", "ics")
    assert uids(book.folder) == before


@pytest.mark.parametrize(
    "text",
    [
        BROKEN, "name: [Eva\n", "status: lead\n", "", "name: Eva\nname: Eva\n",
        "name: Eva\n<<<<<<< ours\nrole: a\n=======\nrole: b\n>>>>>>> theirs\n",
        "name: Eva\nuid: not-a-uuid\n", b"name: \xff\n", b"\xff\xfen\0a\0", "name: \0\n",
    ],
)  # fmt: skip
def test_fix_does_not_touch_a_file_with_an_error(text: str | bytes, book: AddressBook) -> None:
    file = book.write("eva.yaml", text)
    before = (file.read_bytes(), file.stat().st_ino, file.stat().st_mtime_ns)
    answer = book.run("check", "--fix")
    assert answer.code == 1
    assert "added" not in answer.err
    assert (file.read_bytes(), file.stat().st_ino, file.stat().st_mtime_ns) == before


def test_f18_fix_mends_the_others_when_one_is_broken(book: AddressBook) -> None:
    book.write("jan.yaml", BROKEN)
    eva = book.write("eva.yaml", EVA)
    answer = book.run("check", "--fix")
    assert (answer.code, "contacts/eva.yaml: added `uid`" in answer.err) == (1, True)
    assert "uid:" in eva.read_text()


def test_f11_fix_says_what_it_cannot_do_and_leaves_it(book: AddressBook) -> None:
    text = "name: Eva\nnotes: " + "x" * ((1 << 20) - 20)
    large = book.write("eva.yaml", text)
    last = book.write("jan.yaml", "name: |\n  Jan")
    answer = book.run("check", "--fix")
    assert answer.code == 0
    why = "the file has 1,048,615 bytes; a contact may have 1,048,576"
    assert answer.err.splitlines()[:2] == [
        f"contacts/eva.yaml:1:1: {why}; edit the file yourself",
        "contacts/jan.yaml: added `uid`",
    ]
    assert large.read_text() == text
    assert re.fullmatch(rf"name: \|-\n  Jan\n{UID.pattern}", last.read_text())


def test_fix_fills_an_empty_uid(book: AddressBook) -> None:
    file = book.write("eva.yaml", "name: Eva\nuid:\nstatus: lead\n")
    assert book.run("check", "--fix").err.splitlines()[0] == "contacts/eva.yaml: added `uid`"
    assert re.fullmatch(rf"name: Eva\n{UID.pattern}\nstatus: lead\n", file.read_text())


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_s22_fix_keeps_the_mode_of_a_file(mode: int, book: AddressBook) -> None:
    file = book.write("eva.yaml", EVA)
    file.chmod(mode)
    before = os.umask(0)
    try:
        assert book.run("check", "--fix").code == 0
    finally:
        os.umask(before)
    assert "uid:" in file.read_text()
    assert file.stat().st_mode & 0o777 == mode


def test_s04_fix_does_not_write_through_a_link(book: AddressBook, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(EVA)
    (book.folder / "contacts" / "eva.yaml").symlink_to(outside)
    assert book.run("check", "--fix").code == 1
    assert outside.read_text() == EVA


def test_f12_fix_keeps_what_the_program_does_not_know(book: AddressBook) -> None:
    text = "x_before: {a: [1, '2']}\nname: Eva\nx_after:\n  - deep:\n      - ~\n      - 012\n"
    file = book.write("eva.yaml", text)
    assert book.run("check", "--fix").code == 0
    assert UID.sub("", file.read_text()).replace("\n\n", "\n") == text


def test_f06_fix_by_eight_processes_at_once_adds_one_uid_to_each_file(book: AddressBook) -> None:
    for number in range(40):
        book.write(f"c{number}.yaml", f"name: C {number}\n")
    code = "from plaintextcrm.cli.main import main; main()"
    command = [sys.executable, "-c", code, "-C", str(book.folder), "check", "--fix"]
    running = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(8)
    ]
    told = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0] * 8, told
    for file in (book.folder / "contacts").iterdir():
        assert len(UID.findall(file.read_text())) == 1, file
    assert len(list((book.folder / "contacts").iterdir())) == 40
    assert not any("Traceback" in text for text in told)


# --- what the files say is only text --------------------------------------------------------------

STRANGE = (
    "'; DROP TABLE contacts; --", '"quoted" OR 1=1', "100% _under_", "{0} {name} {self.db}",
    "%s %(name)s %n", "[bold]x[/bold]", "<b>bold</b>", "$(touch /tmp/x) `id`", "\\x1b[31m \\n",
    "* glob ? [a-z]", "a;b|c&d", "50_000", "ß ẞ İ ı",
)  # fmt: skip


@pytest.mark.parametrize("name", STRANGE)
def test_s20_names_and_queries_are_themselves(name: str, book: AddressBook) -> None:
    """What looks like SQL or a pattern finds the contact that holds just it, and nothing happens."""
    quoted = json.dumps(name, ensure_ascii=False)
    book.write("eva.yaml", f"name: {quoted}\ntags: [{quoted}]\nstatus: lead\n")
    book.write("jan.yaml", "name: Jan\n")
    for query in (f'"{name}"', f'tag:"{name}"') if '"' not in name else (name, f"tag:{name}"):
        answer = book.run("list", query, "--format", "ids")
        assert answer.code in (0, 2) if '"' in name else (answer.code, answer.out) == (0, "eva\n")
    assert book.run("list", "--format", "ids").out in ("eva\njan\n", "jan\neva\n")
    assert json.loads(book.run("show", "eva", "--format", "json").out)["name"] == name


@pytest.mark.parametrize("word", ["%", "_", "'", "''", ";", "%%", "*", "?", "\\", "_va", "E%"])
def test_s20_signs_of_sql_are_not_wildcards(word: str, book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\n")
    answer = book.run("list", "--format", "ids", "--", word)
    assert (answer.code, answer.out) == (0, "")
    assert book.run("show", "--", word).code == 2


@pytest.mark.parametrize("name", STRANGE)
def test_s07_formats_and_markup_pass_through_as_text(name: str, book: AddressBook) -> None:
    quoted = json.dumps(name, ensure_ascii=False)
    book.write(
        "eva.yaml",
        f"name: {quoted}\nnotes: {quoted}\norganization: {quoted}\n"
        f"follow_ups:\n  - {{date: {TODAY}, note: {quoted}}}\n",
    )
    for command in (["list"], ["show", "eva"], ["agenda"], ["list", "--columns", "name"]):
        answer = book.run(*command)
        assert answer.code == 0
        assert name in answer.out
    title = json.loads(book.run("agenda", "--format", "json").out)[0]["title"]
    assert name in title


def test_s07_formats_in_problems_pass_through_as_text(book: AddressBook) -> None:
    book.write("{0}%s[bold].yaml", "name: x\n'{0}%s[red]': 1\nbirthday: '{1} %d <b>'\n")
    out = book.run("check").out
    assert "contacts/{0}%s[bold].yaml:2:1: " in out
    assert "`{0}%s[red]`" in out
    assert "`{1} %d <b>`" in out


def test_s18_no_shell_is_used_anywhere() -> None:
    """Every call in the program is read: none of them starts a shell or runs a text as code."""
    shells = {"system", "popen", "getoutput", "getstatusoutput", "eval", "exec"}
    seen = 0
    for file in Path(plaintextcrm.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call):
                seen += 1
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                assert name not in shells, f"{file}:{call.lineno}"
                named = {word.arg: word.value for word in call.keywords}
                assert "shell" not in named, f"{file}:{call.lineno}"
    assert seen > 1000
