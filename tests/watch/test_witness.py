"""While `watch` runs, other commands ask it instead of looking: they are quicker, and never wrong.

The watcher is a process of its own, and so is whoever asks: these tests themselves, where they call
`run`.
"""

import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plaintextcrm.cli.session import Session
from plaintextcrm.store import witness as asking
from plaintextcrm.store.witness import told_stamp
from plaintextcrm.watch.door import WAITING
from plaintextcrm.watch.mounts import Mounts, _mounted, _under
from plaintextcrm.watch.trace import Trace
from plaintextcrm.watch.witness import Witness
from tests.conftest import COMMAND, TODAY, AddressBook, Answer

from .conftest import Watch
from .saving import EVERYWHERE
from .test_watch import git
from .watcher import LIMIT, Watcher, clear, until

HEAVY = os.environ.get("PLAINTEXTCRM_HEAVY") == "1"
ROUNDS = 400 if HEAVY else 25
ASKED = [("list", "--format", "json"), ("check", "--format", "json"), ("agenda",)]
OTHER_VERSION = (
    "import plaintextcrm; plaintextcrm.__version__ = '0.0.1'\n"
    "from plaintextcrm.cli.main import main; main()"
)
# Runs a command, then tells whether it looked into the folder with the contacts.
LOOKING = """
import os, sys
from plaintextcrm.store import witness
witness.PATIENCE = float(sys.argv.pop(1))
book, looked = sys.argv[1], []
def hook(event, arguments):
    if event == "open" and arguments[0] == book + "/contacts":
        looked.append(event)
sys.addaudithook(hook)
from plaintextcrm.cli.main import run
code = run(["-C", book, *sys.argv[2:]])
print("looked" if looked else "did not look", file=sys.stderr)
"""


USUAL = asking.PATIENCE


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A watcher that is sure says so, however busy the machine; who would not wait, looks."""
    monkeypatch.setattr(asking, "PATIENCE", LIMIT)


def told(book: AddressBook) -> bytes:
    """What the watcher of this book vouches for."""
    session = Session(str(book.folder), None, "auto")
    return told_stamp(session.folder, session.witness())


def until_sure(book: AddressBook) -> None:
    until(lambda: told(book), lambda: "not sure")


def looks(book: AddressBook, *command: str) -> bool:
    """Whether a command looks at the files."""
    asked = [str(asking.PATIENCE), str(book.folder), "--today", TODAY, *command]
    done = subprocess.run(
        [sys.executable, "-c", LOOKING, *asked],
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ),
        timeout=LIMIT,
    )
    return done.stderr.splitlines()[-1] == "looked"


def anew(book: AddressBook, *command: str, today: str = TODAY) -> Answer:
    """The answer of somebody who has no cache, and no watcher."""
    with pytest.MonkeyPatch.context() as environment:
        cache = book.folder.with_name("other-cache")
        environment.setenv("XDG_CACHE_HOME", str(cache))
        answer = book.run(*command, today=today)
    shutil.rmtree(cache)
    return answer


def assert_true(book: AddressBook, what: object = "") -> None:
    """Whatever is asked, the answer is that of the files as they are now."""
    found = [book.run(*command) for command in ASKED]
    assert found == [anew(book, *command) for command in ASKED], what


@pytest.fixture
def people(book: AddressBook) -> AddressBook:
    """An address book with some contacts."""
    for name in ("eva", "jan", "acme/ota", "acme/deep/iva"):
        book.write(
            f"contacts/{name}.yaml", f"name: {name.title()}\nstatus: client\nnote: oldnote\n"
        )
    return book


# --- asking instead of looking ------------------------------------------------------------------


@pytest.mark.parametrize("command", ASKED)
def test_who_asks_does_not_look(
    command: tuple[str, ...], people: AddressBook, watch: Watch
) -> None:
    assert looks(people, *command)
    watcher = watch()
    until_sure(people)
    assert not looks(people, *command)
    assert_true(people)
    assert watcher.end(signal.SIGTERM) == 0
    assert looks(people, *command)


def test_a_file_of_this_moment_is_no_reason_to_look(people: AddressBook, watch: Watch) -> None:
    """Its time stamp may not change when it does; but the watcher would know."""
    watch()
    ahead = 2 * 10**18  # nanoseconds: the year 2033
    for _ in range(3):
        os.utime(people.write("eva.yaml", "name: Eva\n"), ns=(ahead, ahead))
        until_sure(people)
        assert not looks(people, "list")
        os.utime(people.write("eva.yaml", "name: Iva\n"), ns=(ahead, ahead))
        assert_true(people)


# --- nothing stale, whatever happens ------------------------------------------------------------


class Hands:
    """What people and programs do to an address book."""

    def __init__(self, book: AddressBook, seed: int) -> None:
        self.book = book
        self.contacts = book.folder / "contacts"
        self.elsewhere = book.folder.with_name("elsewhere")
        self.elsewhere.mkdir()
        self.dice = random.Random(seed)
        self.count = 0

    def do(self) -> str:
        """One of them; its name."""
        does = self.dice.choice(self._all())
        does()
        return does.__name__

    def _all(self) -> list[Callable[[], object]]:
        often: list[Callable[[], object]] = [self.save] * 4
        return [
            *often, self.same_size_and_time, self.add, self.delete, self.rename, self.new_folder,
            self.move_folder, self.folder_away, self.folder_from_elsewhere, self.remove_folder,
            self.touch, self.close_and_open, self.settings, self.all_away, self.second_name,
            self.a_link, self.copy_of_a_sync_tool, self.many,
        ]  # fmt: skip

    def text(self) -> str:
        self.count += 1
        status = self.dice.choice(["lead", "client"])
        return f"name: Name {self.count:04}\nstatus: {status}\nnote: oldnote\n"

    def a_file(self) -> Path:
        files = sorted(path for path in self.contacts.rglob("*.yaml") if not path.is_symlink())
        return self.dice.choice(files) if files else self.book.write("eva.yaml", self.text())

    def a_folder(self) -> Path:
        folders = sorted(
            path for path in self.contacts.iterdir() if path.is_dir() and not path.is_symlink()
        )
        return self.dice.choice(folders) if folders else self.new_folder()

    def save(self) -> None:
        path = self.a_file()
        path.write_text(self.text())
        self.count += 1
        self.dice.choice(EVERYWHERE)(path, "oldnote", f"note{self.count:03}")

    def same_size_and_time(self) -> None:
        path = self.a_file()
        before = path.stat()
        path.write_text(self.text())
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def add(self) -> None:
        self.book.write(f"contacts/{self.dice.choice('abc')}.yaml", self.text())

    def delete(self) -> None:
        self.a_file().unlink()

    def rename(self) -> None:
        path = self.a_file()
        path.rename(self.contacts / f"{self.dice.choice('def')}.yaml")

    def new_folder(self) -> Path:
        folder = self.contacts / self.dice.choice("xyz") / self.dice.choice("xyz")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.dice.choice('gh')}.yaml").write_text(self.text())
        return folder

    def move_folder(self) -> None:
        folder = self.a_folder()
        folder.rename(self.contacts / f"moved{self.count}")
        self.count += 1

    def folder_away(self) -> None:
        """It changes where nobody watches, and comes back."""
        folder = self.a_folder()
        folder.rename(self.elsewhere / "away")
        (self.elsewhere / "away/came.yaml").write_text(self.text())
        (self.elsewhere / "away").rename(folder)

    def folder_from_elsewhere(self) -> None:
        new = self.elsewhere / "new/deep"
        new.mkdir(parents=True)
        (new / "k.yaml").write_text(self.text())
        new.parent.rename(self.contacts / f"new{self.count}")

    def remove_folder(self) -> None:
        shutil.rmtree(self.a_folder())

    def touch(self) -> None:
        self.a_file().touch()

    def close_and_open(self) -> None:
        path = self.a_file()
        path.chmod(0)
        path.chmod(0o600)

    def settings(self) -> None:
        weeks = self.dice.randrange(1, 9)
        self.book.write("plaintextcrm.yaml", f"cadences: {{client: {weeks} weeks}}\n")

    def all_away(self) -> None:
        """Another folder takes the place of all contacts."""
        self.contacts.rename(self.elsewhere / f"contacts{self.count}")
        self.contacts.mkdir()
        self.add()

    def second_name(self) -> None:
        """A file is written by its name elsewhere."""
        path = self.a_file()
        other = self.elsewhere / "second.yaml"
        self.contacts.joinpath("linked.yaml").unlink(missing_ok=True)
        other.unlink(missing_ok=True)
        other.write_text(self.text())
        self.contacts.joinpath("linked.yaml").hardlink_to(other)
        self.book.run("list")
        path.touch() if path.exists() else self.add()
        other.write_text(self.text())

    def a_link(self) -> None:
        link = self.contacts / "link"
        if link.is_symlink():
            link.unlink()
        else:
            link.symlink_to(self.elsewhere)

    def remove_links(self) -> None:
        """With these nobody is sure."""
        for path in [*self.contacts.rglob("*")]:
            if path.is_symlink() or (path.is_file() and path.stat().st_nlink > 1):
                path.unlink()

    def copy_of_a_sync_tool(self) -> None:
        path = self.a_file()
        shutil.copy(path, path.with_name(f"{path.stem} (conflict).yaml"))

    def many(self) -> None:
        for number in range(30):
            self.book.write(f"contacts/many/m{number}.yaml", self.text())


def test_nothing_is_stale_whatever_is_done(people: AddressBook, watch: Watch) -> None:
    """Each round begins when the watcher is sure, and goes on while it is not."""
    watch()
    hands = Hands(people, seed=ROUNDS)
    done: list[str] = []
    sure = 0
    for _ in range(ROUNDS):
        hands.remove_links()
        until_sure(people)
        assert_true(people, done)
        for _ in range(hands.dice.randrange(1, 5)):
            sure += bool(told(people))
            done.append(hands.do())
            assert_true(people, done)
    assert sure >= ROUNDS


def test_git_checkout_shows_at_once(people: AddressBook, watch: Watch) -> None:
    git(people.folder, "init", "--initial-branch=main")
    people.write(".gitignore", "*.ics\n")
    git(people.folder, "add", ".")
    git(people.folder, "commit", "--message=first")
    git(people.folder, "switch", "--create=other")
    people.write("contacts/team/new.yaml", "name: New\n")
    (people.folder / "contacts/acme/ota.yaml").unlink()
    git(people.folder, "add", ".")
    git(people.folder, "commit", "--message=second")
    watch()
    for branch in ("main", "other") * 5:
        until_sure(people)
        git(people.folder, "checkout", branch)
        assert_true(people, branch)


@pytest.mark.parametrize("moved", ["book", "parent", "contacts"])
def test_another_address_book_in_its_place(
    moved: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The watcher still sees the one that was moved away, in which nothing happens."""
    book = AddressBook(tmp_path / "home/book", capsys)
    book.write("eva.yaml", "name: Eva\n")
    there = {"book": "home/book", "parent": "home", "contacts": "home/book/contacts"}[moved]
    shutil.copytree(tmp_path / there, tmp_path / "other")
    eva = next((tmp_path / "other").rglob("eva.yaml"))
    eva.write_text("name: Another Eva\n")
    with Watcher(COMMAND, book.folder, tmp_path / "watch.log"):
        until_sure(book)
        (tmp_path / there).rename(tmp_path / "away")
        (tmp_path / "other").rename(tmp_path / there)
        assert not told(book)
        assert "Another Eva" in book.run("list").out
        assert_true(book)


@pytest.mark.parametrize("gone", ["contacts", "plaintextcrm.yaml"])
def test_what_is_gone_is_gone_at_once(gone: str, people: AddressBook, watch: Watch) -> None:
    people.write("plaintextcrm.yaml", "cadences: {client: 2 months}\n")
    watch()
    until_sure(people)
    path = people.folder / gone
    path.rename(people.folder.with_name("gone"))
    assert_true(people)
    people.folder.with_name("gone").rename(path)
    assert_true(people)
    until_sure(people)


def test_another_day_than_the_watchers(people: AddressBook, watch: Watch) -> None:
    people.write("eva.yaml", "name: Eva\nfollow_ups:\n  - {date: 2026-12-24, note: gift}\n")
    watch()
    for day in ("2026-12-24", TODAY, "2027-03-01"):
        until_sure(people)
        for command in ASKED:
            assert people.run(*command, today=day) == anew(people, *command, today=day)


# --- a watcher that is dead, stopped, another one, of another time -------------------------------


def test_killed_watcher_is_noticed(people: AddressBook, watch: Watch) -> None:
    watcher = watch()
    until_sure(people)
    watcher.end(signal.SIGKILL)
    assert Session(str(people.folder), None, "auto").witness().exists()  # its door is left
    assert not told(people)
    people.write("eva.yaml", "name: Eva Nová\n")
    assert_true(people)
    watch()
    until_sure(people)
    assert_true(people)


def stop(watcher: Watcher, book: AddressBook) -> None:
    """Stop it while it has nothing to do: else others wait for the cache that it writes."""
    database = Session(str(book.folder), None, "auto").database()
    state = Path(f"/proc/{watcher.group}/stat")
    while True:
        watcher.send(signal.SIGSTOP)
        until(lambda: state.read_text().rpartition(")")[2].split()[0] == "T")
        if all(is_free(Path(f"{database}-{lock}")) for lock in ("door", "seal")):
            return
        watcher.send(signal.SIGCONT)


def is_free(lock: Path) -> bool:
    with lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_stopped_watcher_is_noticed(
    people: AddressBook, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = watch()
    monkeypatch.setattr(asking, "PATIENCE", USUAL)
    for name, questions in (("Eva Stopped", WAITING + 5), ("Eva Again", 1)):
        until_sure(people)
        stop(watcher, people)
        people.write("eva.yaml", f"name: {name}\n")
        for _ in range(questions):  # first more than may wait at its door
            assert not told(people)
        assert looks(people, "list")
        assert_true(people)
        people.write("jan.yaml", f"name: Jan and {name}\n")
        watcher.send(signal.SIGCONT)
        assert_true(people)


def test_of_two_watchers_the_living_one_answers(people: AddressBook, watch: Watch) -> None:
    first, second = watch(), watch()
    until_sure(people)
    second.end(signal.SIGKILL)
    assert told(people)
    third = watch()
    first.end(signal.SIGKILL)
    assert not told(people)
    people.write("eva.yaml", "name: Eva Nová\n")
    assert_true(people)
    until_sure(people)  # the other one has noticed, when it looked
    assert third.is_running()
    assert_true(people)


def test_watcher_of_another_version_is_not_believed(
    people: AddressBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-c", OTHER_VERSION]
    with Watcher(command, people.folder, tmp_path / "watch.log"):
        with monkeypatch.context() as other:
            other.setattr("plaintextcrm.store.witness.__version__", "0.0.1")
            until_sure(people)
        assert not told(people)
        assert looks(people, "list")
        people.write("eva.yaml", "name: Eva Nová\n")
        assert_true(people)


def test_watcher_of_another_user_is_not_believed(
    people: AddressBook, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch()
    until_sure(people)
    with monkeypatch.context() as other:
        other.setattr(os, "geteuid", lambda: 12345)
        assert not told(people)
    assert told(people)


def test_cache_deleted_under_the_watcher(people: AddressBook, watch: Watch) -> None:
    watch()
    until_sure(people)
    clear(Session(str(people.folder), None, "auto").database().parent)
    assert_true(people)
    assert not told(people)
    people.write("eva.yaml", "name: Eva Nová\n")
    assert_true(people)
    until_sure(people)
    assert not looks(people, "list")
    assert_true(people)


def test_cache_folder_with_a_long_name(
    people: AddressBook, watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than a socket's name may be."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ("long" * 30)))
    watch()
    until_sure(people)
    assert not looks(people, "list")


# --- when it cannot be sure ---------------------------------------------------------------------


def test_events_that_were_lost(people: AddressBook, watch: Watch) -> None:
    """The system keeps some thousands for who does not read them; what comes then is dropped."""
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    watcher = watch()
    until_sure(people)
    stop(watcher, people)
    hidden = [people.write(f"contacts/.hidden{number}", "") for number in range(2)]
    for number in range(limit + 10):  # of which none matters; two that are the same count as one
        os.utime(hidden[number % 2])
    people.write("eva.yaml", "name: Eva Lost\n")
    watcher.send(signal.SIGCONT)
    assert_true(people)
    until_sure(people)
    assert_true(people)


@pytest.mark.parametrize("kind", ["second name", "link"])
def test_not_sure_where_a_file_may_change_elsewhere(
    kind: str, people: AddressBook, watch: Watch, tmp_path: Path
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("name: Other\n")
    link = people.folder / "contacts/other.yaml"
    link.hardlink_to(other) if kind == "second name" else link.symlink_to(other)
    watcher = watch()
    people.write("eva.yaml", "name: Eva Nová\n")
    watcher.until_line("eva.yaml changed")
    for name in ("Jana", "Hana"):
        other.write_text(f"name: {name}\n")
        assert not told(people)
        assert_true(people)
    link.unlink()
    until_sure(people)


def test_droppings_and_our_own_feed_leave_it_sure(people: AddressBook, watch: Watch) -> None:
    watch()
    until_sure(people)
    stamp = told(people)
    for name in ("contacts/.eva.yaml.swp", "contacts/eva.yaml~", "notes.txt", "follow-ups.ics"):
        (people.folder / name).write_text("x")
        assert told(people) == stamp, name


@pytest.fixture
def witness(people: AddressBook) -> Iterator[Witness]:
    """A witness in this process, which has covered the folders with contacts but for the deep one."""
    session = Session(str(people.folder), None, "auto")
    witness = Witness(session.folder, session.witness(), lambda: None)
    witness.begin()
    witness.vouch(b"first", folders(people)[:-1])
    witness.begin()
    witness.vouch(b"second", folders(people)[:-1])
    assert told(people) == b"second"
    yield witness
    witness.close()
    assert not told(people)


def folders(book: AddressBook) -> list[Path]:
    names = ("", "contacts", "contacts/acme", "contacts/acme/deep")
    return [book.folder / name for name in names]


def test_not_sure_of_a_folder_that_was_not_watched_when_the_look_began(
    people: AddressBook, witness: Witness
) -> None:
    for stamp in (b"", b"third"):
        witness.begin()
        assert told(people) in (b"second", b"")  # until it knows better, nothing happened
        witness.vouch(b"third", folders(people))
        assert told(people) == stamp
    people.write("contacts/acme/deep/iva.yaml", "name: Iva\n")
    assert not told(people)


def test_not_sure_of_what_happened_during_the_look(people: AddressBook, witness: Witness) -> None:
    witness.begin()
    people.write("eva.yaml", "name: Eva\n")
    for asked in (False, True):
        assert not (asked and told(people))
        witness.vouch(b"third", folders(people)[:-1])
        assert not told(people)
    witness.begin()
    witness.vouch(b"fourth", folders(people)[:-1])
    assert told(people) == b"fourth"


def test_not_sure_without_a_stamp(people: AddressBook, witness: Witness) -> None:
    witness.vouch(b"", folders(people)[:-1])
    assert not told(people)


def test_lost_events_are_news(people: AddressBook) -> None:
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    hidden = [people.write(f"contacts/.hidden{number}", "") for number in range(2)]
    trace = Trace(people.folder)
    assert trace.cover([])
    assert not trace.has_news()
    for count in (limit // 2, limit + 1):
        for number in range(count):
            os.utime(hidden[number % 2])
        assert trace.has_news() is (count > limit)
    assert not trace.has_news()
    trace.close()


def test_mounts(tmp_path: Path) -> None:
    """Files of other machines, and of programs that play a disk, change without a word."""
    table = (
        b"1 0 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
        b"2 1 0:40 / /home/eva/on\\040net rw shared:1 master:2 - nfs4 server:/eva rw\n"
        b"3 1 0:41 / /home/eva/cloud rw - autofs none rw\n"
        b"4 3 0:42 / /home/eva/cloud rw - fuse.rclone cloud: rw\n"
    )
    mounted = _mounted(table)
    assert _under("/home/eva/on net/book", mounted) == "nfs4"
    assert _under("/home/eva/on network", mounted) == "ext4"
    assert _under("/home/eva/cloud", mounted) == "fuse.rclone"
    mounts = Mounts()
    mounts.changed()
    assert not mounts.changed()
    assert not mounts.all_noted(Path("/"), Path("/proc"))
    assert not mounts.all_noted(tmp_path, Path("/"))  # others are mounted below it
    mounts.close()
