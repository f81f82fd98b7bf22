"""F1-F12: what an edit survives. Each fault is done for real, to processes of their own."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from plaintextcrm.store import lock, write
from plaintextcrm.store.rename import exchange, system_call
from plaintextcrm.store.write import Changed, create, remove, replace, rewrite
from tests.conftest import AddressBook
from tests.store import faults
from tests.store.editor import Editor
from tests.store.faults import EVA, Marks, ask, command, eva, left_over, marks, outcomes, start

HEAVY = bool(os.environ.get("PLAINTEXTCRM_HEAVY"))  # more of the same: CONTRIBUTING.md, "Tests"
NEW = EVA + "  - {date: 2026-11-22, note: new}\n"
NEXT = "  - {date: 2026-11-22, note: next}\n"
WAYS = [True, False] if system_call() else [False]  # where names cannot be exchanged, they are not
EVERY = pytest.mark.parametrize("swap", WAYS, ids=lambda swap: "exchange" if swap else "rename")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An address book with Eva, and a place of its own for temporary files."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    eva(tmp_path / "book").parent.mkdir(parents=True)
    eva(tmp_path / "book").write_text(EVA)
    return tmp_path / "book"


# --- F1, F2, F5: crashes ----------------------------------------------------------------------------


def test_f01_four_hundred_kills_at_any_moment(folder: Path) -> None:
    """The file is the old text or the new one; what a kill left lies beside it until the next edit."""
    found = ask("killed", folder, 2000 if HEAVY else 400)
    assert [one for one in found if one["old"] + one["new"] != 1] == []
    died = [one for one in found if one["code"] == -signal.SIGKILL]
    # How many are caught at work depends on the machine's speed; some must be.
    assert len(died) > 20, "too few were killed at work"
    assert {one["old"] for one in died} == {True, False}
    assert any(one["left"] for one in died), "none was killed while it wrote"
    assert command(folder, "next") == 0
    assert left_over(folder) == []


@EVERY
def test_f01_killed_at_every_step(folder: Path, swap: bool) -> None:
    found = outcomes(folder, "die", swap=swap)
    assert len(found) > 30
    assert {one.code for one in found} == {-signal.SIGKILL}
    texts = [one.text for one in found]
    assert set(texts) == {EVA, NEW}
    assert texts == sorted(texts, key=len), "the new text went away again"
    assert any(one.left for one in found)
    assert {(one.text_after_next, *one.left_after_next) for one in found} == {
        (EVA + NEXT,),
        (NEW + NEXT,),
    }


@EVERY
def test_f02_the_order_that_survives_a_power_loss(folder: Path, swap: bool) -> None:
    """Data to the disk, then the names, then those to the disk; only then the old text goes."""
    *calls, [code] = ask("record", folder, "swap" if swap else "rename")
    assert code == "0"
    [temporary] = {name for call in calls for name in call[1:] if name.endswith(".tmp")}
    renamed = ["exchange" if swap else "replace", temporary, "eva.yaml"]
    assert calls == [
        ["write", temporary],
        ["fsync", temporary],
        renamed,
        ["fsync", "contacts"],
        ["unlink", temporary],
    ]


def test_f05_left_over_temporary_files_are_never_read_and_go_with_the_next_edit(
    book: AddressBook,
) -> None:
    with subprocess.Popen(["true"]) as gone:
        pass
    book.write("eva.yaml", EVA)
    name = f".plaintextcrm-{gone.pid}-0123456789abcdef.tmp"
    book.write(name, "name: [half")
    assert book.run("list", "--format", "ids").out == "eva\n"
    assert book.run("check").code == 0
    assert left_over(book.folder) == [name]
    assert command(book.folder, "next") == 0
    assert left_over(book.folder) == []


# --- F3, F4: disks ----------------------------------------------------------------------------------


def _disks(folder: Path) -> Iterator[list[dict[str, object]]]:
    yield ask("limited", folder)
    mount = folder.with_name("disk")
    mount.mkdir()
    if words := faults.private_disk(mount):
        yield ask("full", mount / "book", before=words)


def test_f03_a_full_disk(folder: Path) -> None:
    """At every amount of free space, on a small disk where the system lets us have one."""
    for found in _disks(folder):
        assert {one["code"] for one in found} == {0, 3}
        for one in found:
            assert (one["old"], one["new"]) == (
                (False, True) if one["code"] == 0 else (True, False)
            )
            assert (one["left"], one["next"]) == ([], True)
            if one["code"]:
                assert re.fullmatch(
                    r"Error: .*/eva\.yaml: not written: (No space left on device|File too large)\. "
                    r"What was there before is unchanged\.\n",
                    str(one["error"]),
                )


def test_f04_a_read_only_disk(folder: Path) -> None:
    mount = folder.with_name("disk")
    mount.mkdir()
    words = faults.private_disk(mount, remount=True)
    found = ask("read_only", mount / "book", before=words) if words else ask("forbidden", folder)
    _refused_then_done(found)


def test_f04_a_folder_that_may_not_be_written() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        Path(place).chmod(0o777)
        eva(Path(place) / "book").parent.mkdir(parents=True)
        eva(Path(place) / "book").write_text(EVA)
        _refused_then_done(ask("forbidden", Path(place) / "book"))


def _refused_then_done(found: list[dict[str, object]]) -> None:
    refused, done = found
    assert (refused["code"], refused["old"]) == (3, True)
    assert re.fullmatch(
        r"Error: .*/eva\.yaml: not written: (Read-only file system|Permission denied)\. "
        r"What was there before is unchanged\.\n",
        str(refused["error"]),
    )
    assert done == {"code": 0, "error": "", "old": False}


@EVERY
def test_f04_every_call_fails(folder: Path, swap: bool) -> None:
    """EIO at each call in turn. Some do not matter; after all others the old text stands, and it is
    said which file was meant.
    """
    found = outcomes(folder, "fail", swap=swap)
    names = {one.step for one in found}
    assert names >= {"open", "read", "write", "fsync", "flock", "renameat2" if swap else "replace"}
    for one in found:
        at = f"at {one.step}: {one.error}"
        if one.code == 0:
            assert one.text == NEW, at
        elif "did not confirm it" in one.error:
            assert (one.step, swap, one.text) == ("fsync", False, NEW), at
        else:
            assert (one.code, one.text, one.left) == (3, EVA, []), at
            assert re.match(
                r"Error: /.*/(eva\.yaml|edit\.lock): .*Input/output error\. ", one.error
            )
        assert one.text_after_next == one.text + NEXT, at
        assert one.left_after_next == [], at


# --- the same for a whole command, with its cache and its journal ------------------------------------

TALK = "  - {{date: 2026-11-22, channel: call, note: {}}}\n"
STRIDE = "1" if HEAVY else "5"  # every step, or every fifth


def test_f01_a_whole_command_killed_at_its_steps(folder: Path) -> None:
    found = outcomes(folder, "die", STRIDE, swap=system_call() is not None)
    assert len(found) > 15
    assert {one.code for one in found} == {-signal.SIGKILL}
    old, new = EVA, EVA + TALK.format("new")
    assert {one.text for one in found} == {old, new}
    for one in found:
        assert one.text_after_next == one.text + TALK.format("next")
        assert one.left_after_next == []


def test_f04_a_whole_command_with_calls_that_fail(folder: Path) -> None:
    """What says that it failed, did nothing; what did something, says so."""
    found = outcomes(folder, "fail", STRIDE, swap=system_call() is not None)
    assert len(found) > 15
    for one in found:
        at = f"at {one.step}: {one.error}"
        if one.code == 0:
            assert one.text == EVA + TALK.format("new"), at
            assert one.error.startswith("Logged a call with Eva Malá."), at
        else:
            assert (one.code in (1, 3), one.text) == (True, EVA), at
            assert one.error.startswith("Error: "), at
            assert "Input/output error" in one.error, at
        assert one.text_after_next == one.text + TALK.format("next"), at
        assert one.left_after_next == [], at


# --- F6, F7, F8: others write too -------------------------------------------------------------------


def test_f06_eight_writers_fifty_appends(folder: Path) -> None:
    assert ask("writers", folder, "edit", 8, 50) == [0] * 8
    _nothing_lost(folder, "")


def test_f06_eight_times_fifty_real_commands(folder: Path) -> None:
    """The same with the whole `log`, its cache and its journal."""
    found = ask("writers", folder, "whole", 8, 50)
    told = (folder.parent / "told").read_text()
    assert found == [0] * 8, told
    assert told.count("Logged a call with Eva Malá.") == 400
    _nothing_lost(folder, "channel: call, ")


def _nothing_lost(folder: Path, more: str) -> None:
    """The file is what it was and 400 talks behind it, each in a line of its own."""
    text = eva(folder).read_text()
    assert text.startswith(EVA)
    line = rf"^  - \{{date: 2026-11-22, {more}note: (talk \d-\d+)\}}$"
    notes = re.findall(line, text, re.MULTILINE)
    assert sorted(notes) == sorted(f"talk {writer}-{n}" for writer in range(8) for n in range(50))
    assert text.count("\n") == EVA.count("\n") + 400
    assert left_over(folder) == []


def test_f07_an_editor_saves_while_we_edit(folder: Path) -> None:
    """1,500 saves against 400 edits. The editor keeps its text open and asks, as editors do, whether
    the file changed, right before it saves. What it overwrites with an old text after that look is
    its loss, and told apart: it made a save without the edit, which was there before.
    """
    rounds = 5 if HEAVY else 1
    editor = Editor(eva(folder))
    logged = []
    with start("edits", folder, 400 * rounds) as editing:
        assert editing.stdout
        for line in editing.stdout:
            logged.append(json.loads(line))
            while editor.saved < len(logged) * 1500 // 400:
                editor.save()
    assert editing.returncode == 0
    assert (editor.saved, len(logged)) == (1500 * rounds, 400 * rounds)
    assert editor.lost == [], "we overwrote a save"
    ours, theirs = _missing(logged, editor)
    assert ours == [], "we lost an edit"
    last = marks(eva(folder).read_bytes())
    assert last.save == editor.saved
    assert last.edits == set(range(400 * rounds)) - set(theirs)


def _missing(logged: list[dict[str, Any]], editor: Editor) -> tuple[list[int], list[int]]:
    """Edits that were lost by us, and those that the editor overwrote."""
    last = marks(editor.path.read_bytes())
    found = [Marks(one["save"], frozenset(one["had"])) for one in logged] + [last]
    ours: list[int] = []
    theirs: list[int] = []
    for number, (before, after) in enumerate(pairwise(found)):
        if number not in after.edits:
            saves = range(before.save + 1, after.save + 1)
            blind = any(number not in editor.had[save] for save in saves)
            (theirs if blind else ours).append(number)
    return ours, theirs


def _renamed(path: Path, text: str) -> None:
    (path.parent / ".new").write_text(text)
    (path.parent / ".new").replace(path)


def _in_place(path: Path, text: str) -> None:
    path.write_text(text)


SAVES = pytest.mark.parametrize("save", [_renamed, _in_place])


@SAVES
def test_f07_a_save_right_before_our_rename_is_kept(
    save: Callable[[Path, str], None], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The moment that no comparison sees, made sure: then names were exchanged, and change back."""
    saved = iter([lambda: save(eva(folder), EVA + "# saved\n")])

    def late(one: Path, other: Path) -> bool:
        next(saved, lambda: None)()
        return exchange(one, other)

    monkeypatch.setattr(write, "exchange", late)
    if system_call():
        assert command(folder, "new") == 0
        assert eva(folder).read_text() == NEW + "# saved\n"
        assert left_over(folder) == []


@SAVES
def test_f07_a_save_right_before_names_change_back_is_kept(
    save: Callable[[Path, str], None], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same once more, while our text lies at the name for a moment."""
    saved = iter([EVA + "# first\n", EVA + "# second\n"])

    def late(one: Path, other: Path) -> bool:
        if text := next(saved, ""):
            save(other, text)
        return exchange(one, other)

    monkeypatch.setattr(write, "exchange", late)
    if system_call():
        with pytest.raises(Changed):
            replace(eva(folder), b"name: Lost\n", was=EVA.encode())
        assert eva(folder).read_text() == EVA + "# second\n"
        assert left_over(folder) == []


def test_f07_a_file_that_is_open_to_write_is_waited_for(folder: Path) -> None:
    """Half of a text is often a whole contact; who writes it keeps it open. Only Linux tells."""
    if sys.platform != "linux":
        return
    half = EVA[: EVA.index("x_shoe")]
    seen = []

    def make(data: bytes) -> bytes:
        seen.append(data)
        return data + b"x_new: 1\n"

    with eva(folder).open("w") as file:
        file.write(half)
        file.flush()
        with pytest.raises(Changed):
            replace(eva(folder), b"name: Lost\n", was=half.encode())
        assert eva(folder).read_text() == half
        file.write(EVA.removeprefix(half))
    assert rewrite(eva(folder), make) == (EVA.encode(), EVA.encode() + b"x_new: 1\n")
    assert seen == [EVA.encode()]


def test_f07_who_keeps_a_file_busy_is_told_after_five_turns(folder: Path) -> None:
    turns = []

    def make(data: bytes) -> bytes:
        turns.append(data)
        eva(folder).write_bytes(data + b"# saved\n")
        return data + b"x_new: 1\n"

    with pytest.raises(Exception, match=r"eva\.yaml: not written: another program keeps changing"):
        rewrite(eva(folder), make)
    assert len(turns) == 5
    assert eva(folder).read_text() == EVA + "# saved\n" * 5


def test_f07_new_files_and_removed_ones(folder: Path) -> None:
    file = eva(folder)
    with pytest.raises(Changed):
        create(file, b"name: Other\n")
    with pytest.raises(Changed):
        remove(file, b"what it was")
    assert (file.read_text(), left_over(folder)) == (EVA, [])
    file.chmod(0o640)
    create(file.with_name("jan.yaml"), b"name: Jan\n", like=file)
    assert file.with_name("jan.yaml").stat().st_mode & 0o777 == 0o640
    remove(file, EVA.encode())
    assert os.listdir(file.parent) == ["jan.yaml"]


def _git(folder: Path, *words: str) -> int:
    identity = ["-c", "user.name=Jan", "-c", "user.email=jan@example.org"]
    command = ["git", *identity, *words]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode


def test_f08_a_checkout_during_edits(folder: Path) -> None:
    """Branches have different texts of Ana and the same of Eva, who is edited while they change."""

    git = partial(_git, folder)
    ana = folder / "contacts" / "ana.yaml"
    texts = [f"name: Ana of {branch}\n" for branch in ("one", "two")]
    git("init", "--initial-branch=one")
    for branch, text in zip(("one", "two"), texts, strict=True):
        git("checkout", "-b", branch)
        ana.write_text(text)
        git("add", ".")
        assert git("commit", "-m", branch) == 0
    edits, at = [], 0
    with start("edits", folder, 150) as editing:
        assert editing.stdout
        for line in editing.stdout:
            edits.append(json.loads(line)["edit"])
            if len(edits) % 3 == 0:
                at += git("checkout", ("one", "two")[at % 2]) == 0
                assert ana.read_text() == texts[(at - 1) % 2]
    assert (editing.returncode, len(edits), at) == (0, 150, 50)
    assert marks(eva(folder).read_bytes()).edits == set(range(150))
    assert eva(folder).read_text().startswith(EVA)
    assert git("stash") == 0
    assert (eva(folder).read_text(), left_over(folder)) == (EVA, ["ana.yaml"])


def test_f08_a_checkout_that_changes_the_edited_file(folder: Path) -> None:
    """Git takes the file away and writes it anew: an edit meets one branch's text, never a mix."""
    texts = [EVA, EVA.replace("Malá", "Velká") + "".join(f"x_{n}: {n}\n" for n in range(3000))]

    git = partial(_git, folder)
    git("init", "--initial-branch=one")
    for branch, text in zip(("one", "two"), texts, strict=True):
        git("checkout", "-b", branch)
        eva(folder).write_text(text)
        git("add", ".")
        assert git("commit", "-m", branch) == 0
    bare = set()
    with start("edits", folder, 60) as editing:
        assert editing.stdout
        for number, _line in enumerate(editing.stdout):
            assert git("checkout", "-f", ("one", "two")[number % 2]) == 0
            bare.add(
                re.sub(
                    r"(?m)^  - \{date: 2026-11-22, note: edit \d+\}\n", "", eva(folder).read_text()
                )
            )
    assert editing.returncode == 0
    assert bare == set(texts)
    assert (git("checkout", "-f", "one"), git("fsck")) == (0, 0)
    assert left_over(folder) == []


# --- F9: the lock -----------------------------------------------------------------------------------


def test_f09_a_dead_holder_is_no_holder_and_a_stopped_one_is_named(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.2)  # five seconds: tests/store/test_lock.py
    with start("hold", folder) as holding:
        assert holding.stdout
        assert holding.stdout.readline() == "held\n"
        holding.send_signal(signal.SIGSTOP)
        assert command(folder, "new") == 3
        assert capfd.readouterr().err == (
            f"Error: Another command is writing (log eva, process {holding.pid}). "
            "Try again when it is done.\n"
        )
        assert eva(folder).read_text() == EVA
        holding.kill()  # a stopped process dies, too
    assert command(folder, "new") == 0
    assert eva(folder).read_text() == NEW


# --- F10, F11, F12: a text on the disk --------------------------------------------------------------


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "BOM"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("end", [True, False], ids=["", "no last newline"])
def test_f10_f12_the_handwriting_stays(mark: str, newline: str, end: bool, folder: Path) -> None:
    old = mark + EVA.replace("\n", newline)
    old = old if end else old.removesuffix(newline)
    eva(folder).write_bytes(old.encode())
    assert command(folder, "new") == 0
    entry = "  - {date: 2026-11-22, note: new}"
    wanted = old + entry + newline if end else old + newline + entry
    assert eva(folder).read_bytes() == wanted.encode()
    assert "x_shoe: 38 # wide" in wanted


@pytest.mark.parametrize(
    "text",
    ["name: Eva\nname: Jan\n", "name: &a Eva\n", "name: Eva\ninteractions: once\n", "name: [Eva\n",
     "<<<<<<< ours\nname: Eva\n", "", "name: Eva\x00\n", "name: Eva\ninteractions: {date: 1}\n"],
)  # fmt: skip
def test_f11_a_refused_edit_touches_nothing(
    text: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    eva(folder).write_text(text)
    before = eva(folder).stat()
    assert command(folder, "new") == 1
    assert capfd.readouterr().err.startswith("Error: contacts/eva.yaml:")
    after = eva(folder).stat()
    assert eva(folder).read_text() == text
    assert (after.st_mtime_ns, after.st_ctime_ns, after.st_ino) == (
        before.st_mtime_ns, before.st_ctime_ns, before.st_ino,
    )  # fmt: skip
    assert left_over(folder) == []


def test_f37_an_edit_that_changes_nothing_writes_nothing(folder: Path) -> None:
    before = eva(folder).stat()
    assert rewrite(eva(folder), lambda data: data) == (EVA.encode(), EVA.encode())
    assert eva(folder).stat().st_ctime_ns == before.st_ctime_ns
