"""The feed follows the files, whatever happens to them: the real command on a real folder."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from plaintextcrm.watch.changes import LONGEST, QUIET
from tests.conftest import COMMAND, AddressBook

from .conftest import Watch
from .saving import EDITORS, EVERYWHERE, MissingProgram, Pattern
from .watcher import DROPPINGS, Watcher

# Permissions stop root only without its capabilities.
NO_CAPABILITIES = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
UNPRIVILEGED = NO_CAPABILITIES if os.geteuid() == 0 else []
# Longer than the watcher waits for quiet; where the system tells when a file is closed, a writer may
# take its time.
PAUSE = QUIET + 0.05 if sys.platform == "linux" else QUIET / 2


def person(name: str, *notes: str, more: str = "") -> str:
    """A contact with a follow-up for each note."""
    rows = "".join(
        f"  - date: 2026-12-0{day}\n    note: {note}\n" for day, note in enumerate(notes, 1)
    )
    return f"name: {name}\ncadence: none\n{more}" + (f"follow_ups:\n{rows}" if notes else "")


@pytest.fixture
def eva(book: AddressBook) -> Path:
    """One contact, with one follow-up."""
    return book.write("eva.yaml", person("Eva Malá", "oldnote"))


# --- F30: whichever way an editor saves ---------------------------------------------------------


def follows(watcher: Watcher, eva: Path, save: Callable[[Path, str, str], None]) -> float:
    """Save twice, as people do: the second time a backup is there already. Seconds of the second."""
    watcher.until_feed("oldnote")
    save(eva, "oldnote", "newnote")
    watcher.until_feed("newnote")
    save(eva, "newnote", "lastnote")
    took = watcher.until_feed("lastnote")
    assert "newnote" not in watcher.feed()
    assert not [line for line in watcher.lines if "error" in line]
    return took


@pytest.mark.parametrize("save", EVERYWHERE, ids=lambda pattern: pattern.name)
def test_f30_saved(
    save: Pattern, eva: Path, watch: Watch, record_property: Callable[[str, object], None]
) -> None:
    record_property("seconds to the feed", follows(watch(), eva, save))


@pytest.mark.clients
@pytest.mark.parametrize("save", EDITORS, ids=lambda pattern: pattern.name)
def test_f30_saved_by_an_editor(
    save: Pattern, eva: Path, watch: Watch, record_property: Callable[[str, object], None]
) -> None:
    try:
        record_property("seconds to the feed", follows(watch(), eva, save))
    except MissingProgram as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{missing} is not installed", pytrace=False)
        pytest.skip(f"{missing} is not installed")


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Jana", "-c", "user.email=jana@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(book: AddressBook, eva: Path) -> Path:
    """The address book in git; on the branch `other` Eva's note is another one, and Jan is new."""
    git(book.folder, "init", "--initial-branch=main")
    book.write(".gitignore", "*.ics\n")
    git(book.folder, "add", ".")
    git(book.folder, "commit", "--message=first")
    git(book.folder, "switch", "--create=other")
    book.write("eva.yaml", person("Eva Malá", "newnote"))
    book.write("contacts/team/jan.yaml", person("Jan", "jansnote"))
    git(book.folder, "add", ".")
    git(book.folder, "commit", "--message=second")
    git(book.folder, "switch", "main")
    return book.folder


def test_f30_git_checkout(repository: Path, watch: Watch) -> None:
    watcher = watch()
    git(repository, "checkout", "other")
    watcher.until(lambda: "newnote" in watcher.feed() and "jansnote" in watcher.feed())
    git(repository, "checkout", "main")
    watcher.until(lambda: "oldnote" in watcher.feed() and "jansnote" not in watcher.feed())


def test_f30_git_stash(repository: Path, eva: Path, watch: Watch) -> None:
    watcher = watch()
    eva.write_text(person("Eva Malá", "worknote"), "utf-8")
    watcher.until_feed("worknote")
    git(repository, "stash")
    watcher.until_feed("oldnote")
    git(repository, "stash", "pop")
    watcher.until_feed("worknote")


def test_f30_git_pull(repository: Path, tmp_path: Path, watch: Watch) -> None:
    colleague = tmp_path / "colleague"
    git(tmp_path, "clone", str(repository), str(colleague))
    git(colleague, "merge", "origin/other")
    git(repository, "remote", "add", "colleague", str(colleague))
    watcher = watch()
    git(repository, "pull", "colleague", "main")
    watcher.until(lambda: "newnote" in watcher.feed() and "jansnote" in watcher.feed())


# --- F31, F32: half-written files, bursts -------------------------------------------------------


def write_slowly(eva: Path, text: str, feed: Callable[[], str]) -> tuple[set[str], float]:
    """Write a text in pieces; the feeds that were seen meanwhile, and how long the file was open.

    The first piece changes nothing: a look that has just begun sees the old text.
    """
    seen = set()
    begin = time.monotonic()
    with eva.open("r+", encoding="utf-8") as file:
        for number, piece in enumerate(
            re.split("^(?=cadence|  - date: 2026-12-02)", text, flags=re.M)
        ):
            file.write(piece)
            file.flush()
            if number:
                file.truncate()
            end = time.monotonic() + PAUSE
            while time.monotonic() < end:
                seen.add(feed())
                time.sleep(0.01)
    return seen, time.monotonic() - begin


def test_f31_half_written_file(eva: Path, watch: Watch) -> None:
    """The second piece makes a whole contact, with fewer events: nobody may ever see it."""
    watcher = watch()
    old, new = eva.read_text("utf-8"), person("Eva Malá", "first", "second", "third")
    for _turn in range(30):
        watcher.until(lambda: "oldnote" in watcher.feed() and "third" not in watcher.feed())
        seen, took = write_slowly(eva, new, watcher.feed)
        watcher.until_feed("third")
        seen.add(watcher.feed())
        if took < 0.8 * LONGEST:
            break
        eva.write_text(old, "utf-8")  # the machine was too busy: for so long nobody waits
    else:
        pytest.fail("so busy is no machine")
    whole = ({"oldnote"}, {"first", "second", "third"})
    for feed in seen:
        assert {note for notes in whole for note in notes if note in feed} in whole


def test_f31_left_half_written(eva: Path, watch: Watch) -> None:
    """Written in pieces by a program that takes ever longer: the last good events, then the new."""
    watcher = watch()
    text = person("Eva Malá", "newnote")
    eva.write_text(text[: text.index("note") + 6].replace("follow_ups:", "follow_ups: ["), "utf-8")
    watcher.until_line("contacts/eva.yaml:4:3: error[syntax]")
    assert "oldnote" in watcher.feed()
    eva.write_text(text, "utf-8")
    watcher.until_feed("newnote")
    watcher.until_line("contacts/eva.yaml: all right again")


def test_f32_burst(eva: Path, watch: Watch, record_property: Callable[[str, object], None]) -> None:
    watcher = watch()
    paths = [eva.with_name(f"c{number}.yaml") for number in range(1000)]
    for number, path in enumerate(paths):
        path.write_text(person(f"C{number}", f"note-{number}."), "utf-8")
    took = watcher.until(lambda: watcher.feed().count("SUMMARY:") == 1001)
    record_property("seconds to the feed", took)
    assert all(f"note-{number}." in watcher.feed() for number in range(1000))


def test_f32_queue_overflow(eva: Path, watch: Watch) -> None:
    """The watcher is stopped while more happens than the system remembers; the last is lost."""
    watcher = watch()
    limit = Path("/proc/sys/fs/inotify/max_queued_events")
    events = int(limit.read_text("utf-8")) if limit.exists() else 16_384
    watcher.send(signal.SIGSTOP)
    busy = [eva.with_name("busy.yaml"), eva.with_name("other.yaml")]
    for number in range(min(events, 40_000) // 4 + 100):  # two events each, not the same twice
        busy[number % 2].touch()
    for path in busy:
        path.write_text(person("Busy", f"note of {path.stem}."), "utf-8")
    eva.write_text(person("Eva Malá", "newnote"), "utf-8")
    watcher.send(signal.SIGCONT)
    wanted = ("newnote", "note of busy.", "note of other.")
    watcher.until(lambda: all(part in watcher.feed() for part in wanted))
    assert "overflowed" not in watcher.text  # nobody needs to know


# --- F33, F34: folders and files that go and come back ------------------------------------------


def test_f33_contacts_moved_away_and_back(book: AddressBook, eva: Path, watch: Watch) -> None:
    book.write("plaintextcrm.yaml", "currency: CZK\n")
    watcher = watch()
    contacts, elsewhere = eva.parent, book.folder / "elsewhere"
    contacts.rename(elsewhere)
    watcher.until_line("kept as it was: 1 of its 1 contacts")
    assert "oldnote" in watcher.feed()
    elsewhere.rename(contacts)
    watcher.until_line("follow-ups.ics: all right again")
    eva.write_text(person("Eva Malá", "newnote"), "utf-8")
    watcher.until_feed("newnote")


def test_f33_address_book_moved_away_and_back(
    book: AddressBook, eva: Path, tmp_path: Path, watch: Watch
) -> None:
    watcher = watch("-o", str(tmp_path / "out.ics"))
    feed = (tmp_path / "out.ics").read_bytes()
    elsewhere = tmp_path / "elsewhere"
    book.folder.rename(elsewhere)
    (elsewhere / "contacts/eva.yaml").write_text(person("Eva Malá", "newnote"), "utf-8")
    watcher.until_line(f"{book.folder} is not there now; the feeds are kept")
    assert (tmp_path / "out.ics").read_bytes() == feed
    elsewhere.rename(book.folder)
    watcher.until_line("address book: all right again")
    watcher.until(lambda: b"newnote" in (tmp_path / "out.ics").read_bytes())


def test_f33_folder_renamed(book: AddressBook, watch: Watch) -> None:
    old = book.write("contacts/acme/deep/eva.yaml", person("Eva Malá", "oldnote"))
    watcher = watch()
    (book.folder / "contacts/acme").rename(book.folder / "contacts/beta")
    watcher.until_line("contacts/acme/deep/eva.yaml removed")
    assert "oldnote" in watcher.feed()
    moved = book.folder / "contacts/beta/deep" / old.name
    moved.write_text(person("Eva Malá", "newnote"), "utf-8")
    watcher.until_feed("newnote")


@pytest.mark.parametrize("how", ["moved", "deleted"])
def test_f33_folder_replaced_by_one_of_the_same_name(
    how: str, book: AddressBook, watch: Watch
) -> None:
    """A watch is on the folder that was there, not on its name."""
    folder = book.write("contacts/acme/eva.yaml", person("Eva Malá", "oldnote")).parent
    watcher = watch()
    if how == "moved":
        folder.rename(folder.with_name("beta"))
    else:
        shutil.rmtree(folder)
    book.write("contacts/acme/jan.yaml", person("Jan", "jansnote"))
    watcher.until_feed("jansnote")
    book.write("contacts/acme/jan.yaml", person("Jan", "newnote"))
    watcher.until_feed("newnote")


def test_f33_new_folders_with_files(book: AddressBook, eva: Path, watch: Watch) -> None:
    watcher = watch()
    for number in range(20):
        book.write(f"contacts/new/{number}/deep/c{number}.yaml", person("C", f"note-{number}."))
    watcher.until(lambda: all(f"note-{number}." in watcher.feed() for number in range(20)))
    book.write("contacts/new/7/deep/c7.yaml", person("C", "changed"))
    watcher.until_feed("changed")


def test_f34_all_contacts_gone(book: AddressBook, eva: Path, watch: Watch) -> None:
    for number in range(3):
        book.write(f"c{number}.yaml", person("C", f"note-{number}."))
    watcher = watch()
    contacts = {path: path.read_bytes() for path in eva.parent.iterdir()}
    before = watcher.feed()
    for path in contacts:
        path.unlink()
    watcher.until_line("kept as it was: 4 of its 4 contacts have no file any more")
    book.write("plaintextcrm.yaml", "currency: CZK\n")  # it looks again, and again
    watcher.until_line("settings changed; follow-ups.ics: not written")
    assert watcher.feed() == before
    assert watcher.text.count("kept as it was") == 1
    for path, data in contacts.items():
        path.write_bytes(data)
    watcher.until_line("follow-ups.ics: all right again")
    assert watcher.feed() == before


def test_f33_folder_closed_and_opened(book: AddressBook, eva: Path, tmp_path: Path) -> None:
    """An unmounted share looks like this: its contacts stay, and are followed when it is back."""
    folder = book.write("contacts/acme/jan.yaml", person("Jan", "jansnote")).parent
    folder.chmod(0)
    try:
        with Watcher([*UNPRIVILEGED, *COMMAND], book.folder, tmp_path / "log") as watcher:
            watcher.until_line("contacts/acme:1:1: error[unreadable]")
            folder.chmod(0o755)
            watcher.until_feed("jansnote")
            watcher.until_line("contacts/acme: all right again")
            folder.chmod(0)
            watcher.until(lambda: watcher.text.count("error[unreadable]") == 2)
            assert "jansnote" in watcher.feed()
            folder.chmod(0o755)
            book.write("contacts/acme/jan.yaml", person("Jan", "newnote"))
            watcher.until_feed("newnote")
    finally:
        folder.chmod(0o755)


# --- F35, F36, F37: nothing to do ---------------------------------------------------------------


def changes_nothing(watcher: Watcher, book: AddressBook, do: Callable[[], None]) -> None:
    """Do it, then something without events that is told: the feed is untouched, and no line more."""
    feed = watcher.folder / "follow-ups.ics"
    before, lines = feed.stat(), len(watcher.lines)
    do()
    book.write("quiet.yaml", person("Quiet"))
    watcher.until_line("contacts/quiet.yaml added; follow-ups.ics: 1 event, unchanged")
    assert len(watcher.lines) == lines + 1
    after = feed.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_f35_droppings(book: AddressBook, eva: Path, watch: Watch) -> None:
    def drop() -> None:
        for folder in (eva.parent, book.folder):
            for name in DROPPINGS:
                (folder / name).write_bytes(b"name: Nobody\nfollow_ups: [{date: 2026-12-01}]\n")
                (folder / name).unlink()
        (eva.parent / ".hidden").mkdir()
        (eva.parent / ".hidden/nobody.yaml").write_text("name: Nobody\n", "utf-8")

    changes_nothing(watch(), book, drop)


def test_f36_own_output_in_the_watched_folder(book: AddressBook, eva: Path, watch: Watch) -> None:
    """Each save is one line: what we write ourselves is no news."""
    book.write(
        "plaintextcrm.yaml", "feeds:\n  - {name: a, path: a.ics}\n  - {name: b, path: b.ics}\n"
    )
    watcher = watch()
    for number in range(3):
        eva.write_text(person("Eva Malá", f"note-{number}."), "utf-8")
        watcher.until_feed(f"note-{number}.", "b.ics")
        watcher.until_lines(number + 2)
    last = person("Eva Malá", "lastnote")
    eva.write_text(last, "utf-8")
    watcher.until_feed("lastnote", "b.ics")
    watcher.until_lines(5)
    assert watcher.lines == [
        "1 contact; a.ics: 1 event, written; b.ics: 1 event, written",
        *["contacts/eva.yaml changed; a.ics: 1 event, written; b.ics: 1 event, written"] * 4,
    ]


def test_f37_nothing_changed(book: AddressBook, eva: Path, watch: Watch) -> None:
    def touch() -> None:
        os.utime(eva)
        eva.write_bytes(eva.read_bytes())
        os.utime(eva, (0, 0))

    changes_nothing(watch(), book, touch)


# --- what people see ----------------------------------------------------------------------------


def test_broken_file_keeps_its_events_and_is_told(
    book: AddressBook, eva: Path, watch: Watch
) -> None:
    book.write("jan.yaml", person("Jan", "jansnote"))
    watcher = watch()
    good = eva.read_text("utf-8")
    eva.write_text(good.replace("follow_ups", "folow_ups"), "utf-8")
    watcher.until_line("contacts/eva.yaml:3:1: error[unknown-field]: a contact has no field")
    assert "oldnote" in watcher.feed()
    book.write("jan.yaml", person("Jan", "newnote"))  # the others go on
    watcher.until_feed("newnote")
    assert "oldnote" in watcher.feed()
    eva.write_text(good.replace("oldnote", "mended"), "utf-8")
    watcher.until_feed("mended")
    watcher.until_line("contacts/eva.yaml: all right again")
    assert watcher.text.count("error[unknown-field]") == 1


def test_deleted_file_loses_its_events(book: AddressBook, eva: Path, watch: Watch) -> None:
    for name in ("jan", "jana"):
        book.write(f"{name}.yaml", person(name, f"note of {name}"))
    watcher = watch()
    eva.unlink()
    watcher.until_line("contacts/eva.yaml removed; follow-ups.ics: 2 events, written")
    assert "oldnote" not in watcher.feed()


def test_settings_are_followed(book: AddressBook, eva: Path, watch: Watch) -> None:
    watcher = watch()
    settings = "feeds:\n  - {name: mine, path: mine.ics, title: Mine, query: 'tag:vip'}\n"
    book.write("plaintextcrm.yaml", settings)
    watcher.until_feed("X-WR-CALNAME:Mine", "mine.ics")
    assert "oldnote" not in watcher.feed("mine.ics")
    eva.write_text(person("Eva Malá", "newnote", more="tags: [vip]\n"), "utf-8")
    watcher.until_feed("newnote", "mine.ics")
    assert "newnote" not in watcher.feed()


def test_settings_that_are_away_for_a_moment(book: AddressBook, eva: Path, watch: Watch) -> None:
    """No feed is made by the default settings while an editor or git replaces the file."""
    settings = book.write("plaintextcrm.yaml", "feeds:\n  - {name: mine, path: mine.ics}\n")
    watcher = watch()
    away = settings.replace(book.folder / "away")
    eva.write_text(person("Eva Malá", "newnote"), "utf-8")
    watcher.until_feed("newnote", "mine.ics")
    away.replace(settings)
    eva.write_text(person("Eva Malá", "lastnote"), "utf-8")
    watcher.until_feed("lastnote", "mine.ics")
    assert watcher.feed() == ""


def test_one_feed_that_cannot_be_written_does_not_stop_the_others(
    book: AddressBook, eva: Path, watch: Watch
) -> None:
    book.write(
        "plaintextcrm.yaml", "feeds:\n  - {name: a, path: a.ics}\n  - {name: b, path: b.ics}\n"
    )
    foreign = book.folder / "a.ics"
    foreign.write_text("my notes\n", "utf-8")
    watcher = watch()
    watcher.until_feed("oldnote", "b.ics")
    watcher.until_line("a.ics: not written: there is a file of this name")
    assert foreign.read_text("utf-8") == "my notes\n"
    foreign.unlink()
    watcher.until_feed("oldnote", "a.ics")
    watcher.until_line("a.ics: all right again")


def test_output(eva: Path, tmp_path: Path, watch: Watch) -> None:
    watcher = watch("-o", str(tmp_path / "out.ics"))
    eva.write_text(person("Eva Malá", "newnote"), "utf-8")
    watcher.until(lambda: b"newnote" in (tmp_path / "out.ics").read_bytes())
    assert watcher.feed() == ""


def test_cache_that_cannot_be_used(
    eva: Path, tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The book is kept in memory, from look to look: the last good version of a file is in it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a file"))
    (tmp_path / "a file").write_bytes(b"")
    watcher = watch()
    eva.write_text("name: [", "utf-8")
    watcher.until_line("contacts/eva.yaml:1:")
    assert "oldnote" in watcher.feed()
    eva.write_text(person("Eva Malá", "newnote"), "utf-8")
    watcher.until_feed("newnote")
    watcher.until_line("contacts/eva.yaml: all right again")
    assert sum("contacts/eva.yaml changed" in line for line in watcher.lines) == 2


def test_file_names_play_no_tricks(book: AddressBook, eva: Path, watch: Watch) -> None:
    watcher = watch()
    book.write("contacts/jan\x1b[2J\n00:00:00  all is lost.yaml", person("Jan", "jansnote"))
    watcher.until_feed("jansnote")
    watcher.until_line(r"contacts/jan\x1b[2J 00:00:00 all is lost.yaml added")
    assert "\x1b" not in watcher.text


# --- beginning and end --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["terminate", "ctrl-c"]
)
def test_stops_cleanly(
    number: signal.Signals, code: int, book: AddressBook, eva: Path, watch: Watch
) -> None:
    watcher = watch()
    eva.write_text(person("Eva Malá", "newnote"), "utf-8")
    watcher.until_feed("newnote")
    assert watcher.end(number) == code
    assert "Traceback" not in watcher.text
    assert sorted(path.name for path in book.folder.iterdir()) == ["contacts", "follow-ups.ics"]


def test_ctrl_c_while_it_reads_for_the_first_time(book: AddressBook, tmp_path: Path) -> None:
    """Other processes help to read; none of them complains, or stays."""
    for number in range(2000):
        book.write(f"c{number}.yaml", person(f"C{number}", "note"))
    watcher = Watcher(COMMAND, book.folder, tmp_path / "log")
    try:
        watcher.until(lambda: "Watching" in watcher.text)
        os.killpg(watcher.group, signal.SIGINT)
        watcher.until(lambda: not watcher.is_running())
    finally:
        if watcher.is_running():
            watcher.end(signal.SIGKILL)
    assert "Traceback" not in watcher.text
    assert "Error" not in watcher.text
    assert watcher.code == 130
    watcher.until(lambda: not watcher.has_helpers())
    assert list(book.folder.glob(".*")) == []


def test_once(book: AddressBook, eva: Path) -> None:
    done = book.process("watch", "--once")
    assert (done.code, done.out) == (0, "")
    assert "follow-ups.ics: 1 event" in done.err
    assert "oldnote" in (book.folder / "follow-ups.ics").read_text("utf-8")


def test_once_with_errors(book: AddressBook, eva: Path) -> None:
    book.write("jan.yaml", "name: Jan\nfolow_ups: []\n")
    done = book.process("watch", "--once")
    assert done.code == 1
    assert "contacts/jan.yaml:2:1: error[unknown-field]" in done.err
    assert "oldnote" in (book.folder / "follow-ups.ics").read_text("utf-8")


def test_once_with_contacts_gone(book: AddressBook, eva: Path) -> None:
    assert book.process("watch", "--once").code == 0
    feed = (book.folder / "follow-ups.ics").read_bytes()
    eva.unlink()
    done = book.process("watch", "--once")
    assert done.code == 1
    assert "kept as it was: 1 of its 1 contacts have no file any more" in done.err
    assert (book.folder / "follow-ups.ics").read_bytes() == feed


def test_once_that_cannot_be_done(book: AddressBook, eva: Path) -> None:
    (book.folder / "follow-ups.ics").write_text("my notes\n", "utf-8")
    done = book.process("watch", "--once")
    assert done.code == 3
    assert "follow-ups.ics: not written: " in done.err


@pytest.mark.parametrize("options", [(), ("--once",)], ids=["for ever", "once"])
def test_stdout_is_no_place_for_a_feed(
    options: tuple[str, ...], book: AddressBook, eva: Path
) -> None:
    done = book.process("watch", "-o", "-", *options)
    assert done.code == 2
    assert "export ics -o -" in done.err


def test_output_among_the_contacts(book: AddressBook, eva: Path) -> None:
    done = book.process("watch", "-o", str(eva.with_name("follow-ups.ics")))
    assert done.code == 3
    assert "a feed lies outside `contacts`" in done.err


def test_no_address_book(book: AddressBook) -> None:
    (book.folder / "contacts").rmdir()
    done = book.process("watch")
    assert done.code == 2
    assert "No address book" in done.err
