"""The book is a cache: whatever happens to the files, it answers as a book built anew would."""

import os
import shutil
import subprocess
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.book.rows import TODAY, told

PLACES = ("eva.yaml", "jan.yaml", "acme.yml", "brno/eva.yaml", "brno/ota.yaml", "x/y/iva.yaml")
LINES = (
    "", "status: lead\n", "status: client\n", "tags: [vip, brno]\n", "organization: acme\n",
    "introduced_by: jan\n", "introduced_by: jann\n", "emails: [a@example.org]\n",
    "uid: 00000000-0000-4000-8000-000000000001\n", "cadence: 6 weeks\n", "visibility: private\n",
    "birthday: --02-29\n", "birthday: 1980-11-24\n", "owner: jana\n", "died: 2026-11-30\n",
    "interactions:\n  - {date: 2026-10-01, channel: call, note: hi}\n",
    "follow_ups:\n  - {date: 2026-11-24, note: call}\n  - {date: 2026-11-20, note: late}\n",
    "follow_ups:\n  - {date: 2026-12-01, time: 09:00, note: visit, owner: jana}\n",
    "revenue:\n  - {year: 2026, amount: 5 CZK}\n", "needs:\n  - {date: 2027-Q1, note: a web}\n",
    "promises:\n  - {date: 2026-11-22, note: p}\n",
)  # fmt: skip
BROKEN = ("folow_ups: []\n", "a: [\n", "birthday: soon\n", "<<<<<<< ours\n", "\0")
SETTINGS = (
    "", "people: [jana]\n", "cadences: {vip: 1 month, client: 2 weeks}\n", "overdue: keep\n",
    "cadences: {A: 1 week, B: 2 weeks, C: 3 weeks}\n", "lead: 2 months\n", "max_per_day: 1\n",
    "currency: CZK\ntimezone: Europe/Prague\n",
)  # fmt: skip
BROKEN_SETTINGS = ("people: [\n", "peple: [jana]\n", "lead: long\n")
LONG_AGO = 1_700_000_000_000_000_000  # nanoseconds


# What these mean changes with the day alone.
DAYWISE = (
    "", "interactions:\n  - {date: 2026-11-23, channel: call, note: to come}\n",
    "interactions:\n  - {date: 2026-11-25, channel: call, note: to come}\n",
    "cadence: {every: 3 months, paused_until: 2026-11-24}\n",
)  # fmt: skip
REVENUE = ("", *(f"revenue:\n  - {{year: 2025, amount: {n} CZK}}\n" for n in (5, 100, 900)))


def contact(name: str, revenue: str, daywise: str, lines: list[str]) -> str:
    """A contact in which no field stands twice."""
    fields = {line.partition(":")[0]: line for line in (*lines, revenue, daywise) if line}
    return f"name: {name}\n" + "".join(fields.values())


CONTACT = st.builds(
    contact,
    st.sampled_from(["Eva", "Jan", "Acme"]),
    st.sampled_from(REVENUE),
    st.sampled_from(DAYWISE),
    st.lists(st.sampled_from(LINES), max_size=3),
)
PLACE = st.sampled_from(PLACES)
DAYS = st.sampled_from([TODAY + timedelta(days=n) for n in (0, 1, 2, 3, 9, 40, 365)])


class Files(RuleBasedStateMachine):
    """People, editors and sync tools at work in one folder, and a book that is asked after each step.

    `good` is what each file said when it was last looked at without an error: what a broken one
    must still be known for.
    """

    @initialize(
        texts=st.lists(CONTACT, min_size=2, max_size=len(PLACES)),
        settings=st.sampled_from(SETTINGS),
    )
    def begin(self, texts: list[str], settings: str) -> None:
        self.place = Path(tempfile.mkdtemp())
        self.folder = self.place / "book"
        (self.folder / "contacts").mkdir(parents=True)
        self.database = self.place / "cache.sqlite3"
        self.today = TODAY
        self.good: dict[str, str] = {}
        self.good_settings: str | None = None
        self.hurry = False
        self.commits: list[str] = []
        for name, text in zip(PLACES, texts, strict=False):
            self.write(name, text)
        self.change_settings(settings)

    def teardown(self) -> None:
        if hasattr(self, "place"):
            shutil.rmtree(self.place)

    def path(self, name: str) -> Path:
        return self.folder / "contacts" / name

    def there(self) -> list[str]:
        return [name for name in PLACES if self.path(name).exists()]

    @rule(name=PLACE, text=CONTACT)
    def write(self, name: str, text: str) -> None:
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_text(text)

    @rule(name=PLACE, text=CONTACT)
    def replace_by_rename(self, name: str, text: str) -> None:
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        aside = self.path(name).with_name(".aside")
        aside.write_text(text)
        aside.rename(self.path(name))

    @precondition(lambda self: self.there())
    @rule(data=st.data(), old_stamp=st.booleans())
    def edit_in_place_to_the_same_size_and_time(self, data: Any, old_stamp: bool) -> None:
        """Another first letter of the name, and the time stamp set back to what it was."""
        file = self.path(data.draw(st.sampled_from(self.there())))
        before = file.stat()
        text = file.read_bytes()
        file.write_bytes(text[:6] + (b"X" if text[6:7] != b"X" else b"Y") + text[7:])
        if old_stamp:
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    @precondition(lambda self: self.there())
    @rule(data=st.data(), broken=st.sampled_from(BROKEN))
    def break_(self, data: Any, broken: str) -> None:
        with self.path(data.draw(st.sampled_from(self.there()))).open("a") as file:
            file.write(broken)

    @precondition(lambda self: self.there())
    @rule(data=st.data(), back=st.integers(0, 3))
    def set_an_old_time(self, data: Any, back: int) -> None:
        stamp = LONG_AGO + back
        os.utime(self.path(data.draw(st.sampled_from(self.there()))), ns=(stamp, stamp))

    @precondition(lambda self: self.there())
    @rule(data=st.data())
    def touch(self, data: Any) -> None:
        self.path(data.draw(st.sampled_from(self.there()))).touch()

    @precondition(lambda self: self.there())
    @rule(data=st.data())
    def delete(self, data: Any) -> None:
        self.path(data.draw(st.sampled_from(self.there()))).unlink()

    @precondition(lambda self: self.there())
    @rule(data=st.data(), to=PLACE)
    def rename_or_move(self, data: Any, to: str) -> None:
        """Not a broken one over another: it might say `private`, and that counts at once."""
        name = data.draw(st.sampled_from(self.there()))
        if to not in self.good or name not in self.broken():
            self.path(to).parent.mkdir(parents=True, exist_ok=True)
            self.path(name).rename(self.path(to))

    @rule(text=st.sampled_from(SETTINGS))
    def change_settings(self, text: str) -> None:
        (self.folder / "plaintextcrm.yaml").write_text(text or "# none yet\n")

    @rule(text=st.sampled_from(BROKEN_SETTINGS))
    def break_settings(self, text: str) -> None:
        (self.folder / "plaintextcrm.yaml").write_text(text)

    @precondition(lambda self: self.there())
    @rule(data=st.data())
    def set_a_time_to_come(self, data: Any) -> None:
        stamp = time.time_ns() + 3_600_000_000_000
        os.utime(self.path(data.draw(st.sampled_from(self.there()))), ns=(stamp, stamp))

    def git(self, *words: str) -> str:
        who = ("-c", "user.name=Eva", "-c", "user.email=eva@example.org")
        command = ["git", "-C", str(self.folder), *who, *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    @precondition(lambda self: not self.broken() and not self.broken_settings())
    @rule()
    def commit(self) -> None:
        """The files as they are now, to come back to."""
        if not self.commits:
            self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "as it is")
        self.commits.append(self.git("rev-parse", "HEAD"))

    @precondition(lambda self: self.commits)
    @rule(data=st.data())
    def check_out(self, data: Any) -> None:
        """Git writes, deletes and makes files, all within one tick of the clock."""
        self.git("checkout", "-q", "--force", data.draw(st.sampled_from(self.commits)))
        self.git("clean", "-q", "-d", "--force")

    @rule()
    def delete_settings(self) -> None:
        (self.folder / "plaintextcrm.yaml").unlink(missing_ok=True)

    @rule(today=DAYS)
    def another_day(self, today: date) -> None:
        self.today = today

    @rule()
    def the_next_day(self) -> None:
        self.today += timedelta(days=1)

    @rule()
    def delete_the_cache_of_sound_files(self) -> None:
        """With a broken file, its last good version is gone with the cache: that is no fault."""
        if not self.broken() and not self.broken_settings():
            self.database.unlink(missing_ok=True)

    def broken(self) -> list[str]:
        return [name for name in self.there() if _is_broken(self.path(name).read_text())]

    def broken_settings(self) -> bool:
        file = self.folder / "plaintextcrm.yaml"
        return file.exists() and file.read_text() in BROKEN_SETTINGS

    @invariant()
    def the_book_tells_the_truth(self) -> None:
        if not hasattr(self, "folder"):
            return
        # Ten seconds later, the book trusts time stamps; in a hurry it must not.
        later = 0 if self.hurry else 10
        actual, expected = told(self.folder, self.database, self.today, later), self.expected()
        if self.broken() or self.broken_settings():
            # Those of last good versions and of broken ones are compared as answers.
            for told_tables in (actual["tables"], expected["tables"]):
                del told_tables["files"], told_tables["problems"]
        assert actual == expected
        self.remember()
        if not self.hurry:
            wait_for_the_file_clock(self.place / "clock")

    @rule()
    def change_the_pace(self) -> None:
        self.hurry = not self.hurry

    def expected(self) -> dict[str, Any]:
        """The answers of a book built anew, with last good versions where files are broken."""
        broken = self.broken()
        if not broken and not self.broken_settings():
            return told(self.folder, None, self.today)
        sound = self.place / "sound"
        shutil.copytree(self.folder, sound)
        try:
            held = [name for name in broken if name in self.good]
            for name in held:
                (sound / "contacts" / name).write_text(self.good[name])
            if self.broken_settings() and self.good_settings is not None:
                (sound / "plaintextcrm.yaml").write_text(self.good_settings)
            return self._with_problems(told(sound, None, self.today), sound, held)
        finally:
            shutil.rmtree(sound)

    def _with_problems(self, good: dict[str, Any], sound: Path, held: list[str]) -> dict[str, Any]:
        """The good book's answers, with the problems of the files as they are now."""
        for name in held:
            (sound / "contacts" / name).write_text(self.path(name).read_text())
        now = told(sound, None, self.today)
        paths = {f"contacts/{name}" for name in held}
        between = {
            "duplicate-id",
            "duplicate-uid",
            "same-email",
            "unknown-contact",
            "mentioned-contact",
        }
        problems = [p for p in good["problems"] if p.path not in paths or p.code in between]
        problems += [p for p in now["problems"] if p.path in paths and p.code not in between]
        if self.broken_settings() and self.good_settings is not None:
            actual = told(self.folder, None, self.today)["problems"]
            problems = [p for p in problems if p.path != "plaintextcrm.yaml"]
            problems += [p for p in actual if p.path == "plaintextcrm.yaml"]
        problems.sort(key=lambda p: (p.path, p.place.line, p.place.column, p.code))
        errors = [p for p in problems if p.severity == "error"]
        counts = changed(good["counts"], errors, len(problems), len(held))
        without = [pair for pair in good["without uid"] if pair[0] not in paths]
        return {**good, "problems": problems, "counts": counts, "without uid": without}

    def remember(self) -> None:
        self.good = {
            name: self.good.get(name, "") if name in self.broken() else self.path(name).read_text()
            for name in self.there()
            if name not in self.broken() or name in self.good
        }
        file = self.folder / "plaintextcrm.yaml"
        if not self.broken_settings():
            self.good_settings = file.read_text() if file.exists() else "# none\n"


def wait_for_the_file_clock(scratch: Path) -> None:
    """Until a file that is written now gets another time than one that was written before."""
    scratch.write_text("tick")
    before, limit = scratch.stat().st_ctime_ns, time.monotonic() + 10
    while scratch.stat().st_ctime_ns == before:
        assert time.monotonic() < limit
        scratch.write_text("tock")


def _is_broken(text: str) -> bool:
    return any(broken in text for broken in BROKEN)


def changed(counts: Any, errors: list[Any], problems: int, held: int) -> Any:
    return counts._replace(
        held=held,
        errors=len(errors),
        warnings=problems - len(errors),
        broken=len({problem.path for problem in errors}),
    )


Files.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestFiles = Files.TestCase
