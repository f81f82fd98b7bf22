"""Feeds without a server: `--publish DIR`, and the recipe of docs/service.md for a static host."""

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml

from tests.conftest import PROJECT, AddressBook
from tests.watch.conftest import Watch, watch

__all__ = ["watch"]

SETTINGS = """\
timezone: Europe/Prague
feeds:
  - {name: team, path: team-Zk3vQ0wL9x.ics, anonymous: yes}
  - {name: mine, todo: yes}
"""
EVA = """\
name: Eva Malá
uid: 5c950095-1d5a-4237-bf9d-9d9011d9b888
follow_ups:
  - {{date: {}, note: Call}}
"""
JAN = """\
name: Jan Novák
uid: 0e0f4bd1-6b2f-4b8e-8a1c-1f2a3b4c5d6e
follow_ups:
  - {date: 2026-12-02, note: Mail}
"""
SECRET = "name: Secret\nvisibility: private\nfollow_ups:\n  - {date: 2026-12-03, note: Hush}\n"


@pytest.fixture
def site(book: AddressBook, tmp_path: Path) -> Path:
    """An address book with three feeds, and a folder for them."""
    book.write("plaintextcrm.yaml", SETTINGS)
    book.write("eva.yaml", EVA.format("2026-12-01"))
    book.write("secret.yaml", SECRET)
    folder = tmp_path / "site"
    folder.mkdir()
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_feeds_of_the_settings_and_nothing_else(book: AddressBook, site: Path) -> None:
    answer = book.run("export", "ics", "--publish", str(site))
    assert answer.code == 0
    assert answer.err.splitlines() == [
        f"{site}/team-Zk3vQ0wL9x.ics: 1 event",
        f"{site}/mine.ics: 1 event",
        f"{site}/mine-todo.ics: 1 event",
    ]
    assert names(site) == ["mine-todo.ics", "mine.ics", "team-Zk3vQ0wL9x.ics"]
    assert list(book.folder.glob("*.ics")) == []
    texts = {name: (site / name).read_text("utf-8") for name in names(site)}
    assert not [name for name, text in texts.items() if "Hush" in text or "Secret" in text]
    assert "Eva" in texts["mine.ics"]
    assert "Eva" not in texts["team-Zk3vQ0wL9x.ics"]
    assert "Call" not in texts["team-Zk3vQ0wL9x.ics"]


def test_only_the_feeds_that_are_named(book: AddressBook, site: Path) -> None:
    book.run("export", "ics", "--publish", str(site), "--feed", "team")
    assert names(site) == ["team-Zk3vQ0wL9x.ics"]
    wrong = book.run("export", "ics", "--publish", str(site), "--feed", "taem")
    assert wrong.code == 2
    assert "There is no feed 'taem'. There are: team, mine, mine-todo." in wrong.err


@pytest.mark.parametrize("open_to_all", [True, False])
def test_who_may_look_into_the_folder_may_read(
    book: AddressBook, site: Path, open_to_all: bool
) -> None:
    site.chmod(0o755 if open_to_all else 0o700)
    book.run("export", "ics", "--publish", str(site))
    assert mode(site / "mine.ics") == (0o644 if open_to_all else 0o600)
    (site / "mine.ics").chmod(0o640)  # what a person decided stays
    book.write("eva.yaml", EVA.format("2026-12-05"))
    book.run("export", "ics", "--publish", str(site))
    assert mode(site / "mine.ics") == 0o640
    book.run("export", "ics")
    assert mode(book.folder / "mine.ics") == 0o600


def test_the_feed_that_lies_there_is_the_memory(book: AddressBook, site: Path) -> None:
    book.write("jan.yaml", JAN)
    book.run("export", "ics", "--publish", str(site))
    before = (site / "mine.ics").read_text("utf-8")
    shutil.rmtree(os.environ["XDG_CACHE_HOME"])
    assert book.run("export", "ics", "--publish", str(site)).err.count(", unchanged") == 3
    assert (site / "mine.ics").read_text("utf-8") == before
    book.write("eva.yaml", EVA.format("2026-12-05"))
    book.run("export", "ics", "--publish", str(site))
    after = (site / "mine.ics").read_text("utf-8")
    assert sorted(re.findall("SEQUENCE:(.)", after)) == ["0", "1"]


def test_wrong_places(book: AddressBook, site: Path) -> None:
    def failed(*options: str) -> str:
        answer = book.run("export", "ics", *options)
        assert answer.code in (2, 3), options
        return answer.err

    contacts = str(book.folder / "contacts")
    assert "a feed lies outside `contacts`" in failed("--publish", contacts)
    assert "there is no such folder" in failed("--publish", str(site / "nowhere"))
    assert "name one" in failed("--publish", str(site), "-o", "x.ics")
    assert "--publish DIR" in failed("--feed", "team")
    (site / "mine.ics").write_text("mine", "utf-8")
    assert "not a feed of ours" in failed("--publish", str(site))
    (site / "team-Zk3vQ0wL9x.ics").unlink()
    (site / "team-Zk3vQ0wL9x.ics").symlink_to(site / "elsewhere")
    assert "it is a link" in failed("--publish", str(site))
    assert not (site / "elsewhere").exists()


@pytest.mark.parametrize("options", [[], ["--feed", "team"]])
def test_nothing_is_published_while_nobody_knows_what(
    book: AddressBook, site: Path, options: list[str]
) -> None:
    """Without settings there is one feed with everything: the last thing to put on a public host."""
    book.write("plaintextcrm.yaml", f"{SETTINGS}feed: 3\n")
    answer = book.run("export", "ics", "--publish", str(site), *options)
    assert answer.code == 1
    assert names(site) == []
    assert "plaintextcrm.yaml" in answer.err
    book.write("plaintextcrm.yaml", SETTINGS)
    assert book.run("export", "ics", "--publish", str(site), *options).code == 0
    book.write("plaintextcrm.yaml", f"{SETTINGS}feed: 3\n")  # now there is a version that is known
    book.write("eva.yaml", EVA.format("2026-12-24"))
    book.run("export", "ics", "--publish", str(site), *options)
    assert "20261224" in (site / "team-Zk3vQ0wL9x.ics").read_text("utf-8")
    assert "follow-ups.ics" not in names(site)


def test_a_feed_that_is_named_no_more_leaves_the_others_true(
    book: AddressBook, site: Path, watch: Watch
) -> None:
    watcher = watch("--publish", str(site), "--feed", "mine", "--feed", "team")
    watcher.until((site / "mine.ics").exists)
    book.write("plaintextcrm.yaml", SETTINGS.replace("team,", "crew,"))
    watcher.until_line("There is no feed 'team'. There are: crew, mine, mine-todo.")
    book.write("eva.yaml", EVA.format("2026-12-24"))
    watcher.until(lambda: "20261224" in (site / "mine.ics").read_text("utf-8"))
    told = book.run("status")
    assert (told.code, told.out.count("There is no feed 'team'")) == (1, 1)


def test_watch_publishes_into_another_checkout(book: AddressBook, site: Path, watch: Watch) -> None:
    subprocess.run(["git", "init", "--quiet", str(site)], check=True)
    watcher = watch("--publish", str(site), "--feed", "mine")
    watcher.until((site / "mine.ics").exists)
    book.write("eva.yaml", EVA.format("2026-12-24"))
    watcher.until(lambda: "20261224" in (site / "mine.ics").read_text("utf-8"))
    watcher.until(lambda: names(site) == [".git", "mine.ics"])  # the old text goes last
    assert list(book.folder.glob("*.ics")) == []


def test_watch_waits_for_a_folder_that_is_not_mounted_yet(
    book: AddressBook, site: Path, watch: Watch
) -> None:
    away = site.rename(site.with_name("away"))
    watcher = watch("--publish", str(site), "--feed", "mine")
    watcher.until_line("there is no such folder")
    assert not site.exists()
    away.rename(site)
    watcher.until_line("mine.ics: all right again")
    assert (site / "mine.ics").exists()


# --- the recipe ---------------------------------------------------------------------------------

PAGE = (PROJECT / "docs" / "service.md").read_text("utf-8")


def block(kind: str, file: str) -> str:
    """The file of the page that begins with its name."""
    [text] = re.findall(rf"^```{kind}\n(# {re.escape(file)}\n.*?)^```$", PAGE, re.M | re.S)
    return str(text)


class Quiet(SimpleHTTPRequestHandler):
    """Hands out a folder, and writes nothing into the terminal."""

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A static host: its URL, and the folder it hands out."""
    folder = tmp_path / "pages"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", folder
    server.shutdown()
    thread.join()
    server.server_close()


class Ci:
    """A CI: each run in a new clone, on a machine that knows nothing of those before."""

    def __init__(self, book: Path, work: Path, url: str, pages: Path) -> None:
        self._book = book
        self._work = work
        self._url = url
        self._pages = pages
        self._runs = 0
        script = book / ".ci" / "feeds.sh"
        script.parent.mkdir()
        script.write_text(block("sh", ".ci/feeds.sh"), "utf-8")
        self._git("init", "--quiet")
        self.push()

    def push(self) -> None:
        self._git("add", "--all")
        who = ("-c", "user.name=Jana", "-c", "user.email=jana@example.com")
        self._git(*who, "commit", "--quiet", "--message", "x")

    def run(self, job: str) -> subprocess.CompletedProcess[str]:
        """Run the script as the job of a host's file says, and publish its folder if it ends well."""
        self._runs += 1
        machine = self._work / f"machine-{self._runs}"
        clone = machine / "clone"
        machine.mkdir()
        self._git("clone", "--quiet", "--depth=1", f"file://{self._book}", str(clone))
        done = subprocess.run(
            ["sh", "-ec", job],
            cwd=clone,
            env={
                **os.environ,
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "XDG_CACHE_HOME": str(machine / "cache"),
                "PLAINTEXTCRM_TODAY": "2026-11-22",
                "SITE": self._url,
                "FEEDS": "team:team-Zk3vQ0wL9x.ics",
            },
            umask=0o077,  # as on some machines
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            shutil.rmtree(self._pages)
            shutil.copytree(clone / "public", self._pages)
        return done

    def _git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self._book, check=True)


def jobs() -> dict[str, str]:
    """The commands of each host's file, without what installs the program."""
    github = yaml.safe_load(block("yaml", ".github/workflows/feeds.yml"))
    steps = [step["run"] for step in github["jobs"]["feeds"]["steps"] if "run" in step]
    gitlab = yaml.safe_load(block("yaml", ".gitlab-ci.yml"))
    found = {"github": steps, "gitlab": gitlab["pages"]["script"]}
    for lines in found.values():
        assert lines.pop(0) == 'pip install "$PROGRAM"'
    assert gitlab["pages"]["artifacts"] == {"paths": ["public"]}
    uploads = [step for step in github["jobs"]["feeds"]["steps"] if "with" in step]
    assert uploads[-1]["with"] == {"path": "public"}
    return {name: "\n".join(lines) for name, lines in found.items()}


JOBS = jobs()


@pytest.fixture
def ci(book: AddressBook, site: Path, pages: tuple[str, Path], tmp_path: Path) -> Ci:
    book.write("jan.yaml", JAN)
    return Ci(book.folder, tmp_path, *pages)


def event_on(day: str, feed: str) -> str:
    """The only event of that day."""
    [event] = [
        piece for piece in feed.split("BEGIN:VEVENT") if f"DTSTART;VALUE=DATE:{day}" in piece
    ]
    return event.partition("END:VEVENT")[0]


@pytest.mark.parametrize("host", JOBS)
def test_the_recipe_for_a_static_host(
    host: str, book: AddressBook, ci: Ci, pages: tuple[str, Path]
) -> None:
    published = pages[1] / "team-Zk3vQ0wL9x.ics"

    first = ci.run(JOBS[host])
    assert first.returncode == 0, first.stderr
    assert "team-Zk3vQ0wL9x.ics: this is its first time" in first.stdout
    assert names(pages[1]) == [published.name]
    assert mode(published) == 0o644
    before = published.read_bytes()
    assert before.count(b"BEGIN:VEVENT") == 2
    assert b"Eva" not in before and b"Hush" not in before

    again = ci.run(JOBS[host])
    assert "unchanged" in again.stderr
    assert published.read_bytes() == before

    book.write("eva.yaml", EVA.format("2026-12-24"))
    ci.push()
    ci.run(JOBS[host])
    changed = published.read_bytes().decode()
    assert sorted(re.findall("SEQUENCE:(.)", changed)) == ["0", "1"]
    assert event_on("20261202", changed) == event_on("20261202", before.decode())


def test_a_broken_contact_changes_nothing_else(
    book: AddressBook, ci: Ci, pages: tuple[str, Path]
) -> None:
    ci.run(JOBS["github"])
    book.write("jan.yaml", JAN + "birthday: soon\n")
    book.write("eva.yaml", EVA.format("2026-12-24"))
    ci.push()
    done = ci.run(JOBS["github"])
    assert done.returncode == 0, done.stderr
    assert "contacts/jan.yaml:5:11: error[bad-date]" in done.stderr
    text = (pages[1] / "team-Zk3vQ0wL9x.ics").read_text("utf-8")
    assert "20261224" in text
    assert "20261202" in text


@pytest.mark.parametrize("trouble", ["no host", "an error", "another name"])
def test_what_is_published_stays_where_something_is_wrong(
    trouble: str, ci: Ci, pages: tuple[str, Path]
) -> None:
    ci.run(JOBS["gitlab"])
    before = (pages[1] / "team-Zk3vQ0wL9x.ics").read_bytes()
    job = {
        "no host": f"SITE=http://127.0.0.1:1\n{JOBS['gitlab']}",
        "an error": f"FEEDS=team:%00\n{JOBS['gitlab']}",
        "another name": f"FEEDS=taem:x.ics\n{JOBS['gitlab']}",
    }[trouble]
    done = ci.run(job)
    assert done.returncode != 0
    assert done.stderr
    assert (pages[1] / "team-Zk3vQ0wL9x.ics").read_bytes() == before
