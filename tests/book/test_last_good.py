"""A broken file keeps its last good contact, and everyone who looks is told."""

import ctypes
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.people import generate
from tests.conftest import AddressBook

GOOD = "name: Eva Malá\nstatus: client\nfollow_ups:\n  - {date: 2026-11-25, note: call Eva}\n"
BROKEN = "name: Eva Nová\nfolow_ups:\n  - {date: 2026-11-26, note: another}\n"
UNREADABLE = "name: [Eva\n"


def names(book: AddressBook) -> list[str]:
    return [row["name"] for row in json.loads(book.run("list", "--format", "json").out)]


@pytest.mark.parametrize("broken", [BROKEN, UNREADABLE, "", "\0\0\0", b"name: \xff"])
def test_f31_a_file_that_breaks_keeps_its_last_good_contact(
    broken: str | bytes, book: AddressBook
) -> None:
    book.write("eva.yaml", GOOD)
    assert "call Eva" in book.run("agenda").out
    book.write("eva.yaml", broken)
    for command in (["list"], ["agenda"], ["show", "eva"]):
        answer = book.run(*command)
        assert answer.code == 1
        assert "Eva Malá" in answer.out
        assert "last good version" in answer.err
        assert "plaintextcrm check" in answer.err
    assert "call Eva" in book.run("agenda").out
    book.write("eva.yaml", GOOD.replace("call", "visit"))
    answer = book.run("agenda")
    assert (answer.code, "visit Eva" in answer.out, answer.err) == (0, True, "")


def test_f31_it_is_kept_for_days_and_over_other_settings(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\ntags: [vip]\nowner: jana\nbirthday: --11-30\n")
    assert book.run("agenda").code == 0
    book.write("eva.yaml", UNREADABLE)
    assert "Eva" in book.run("agenda", today="2027-11-20").out
    book.write("plaintextcrm.yaml", "cadences: {vip: 1 week}\nfields: {owner: number}\n")
    assert names(book) == ["Eva"]
    book.write("plaintextcrm.yaml", "cadences: {vip: 1 week}\n")
    answer = book.run("agenda", today="2028-11-20")
    kinds = [row["kind"] for row in json.loads(book.run("agenda", "--format", "json").out)]
    assert (answer.code, kinds) == (1, ["keep-in-touch", "birthday"])


def test_f31_other_settings_count_for_a_last_good_version_at_once(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\ntags: [vip]\n")
    assert json.loads(book.run("agenda", "--format", "json").out) == []
    book.write("eva.yaml", UNREADABLE)
    assert json.loads(book.run("agenda", "--format", "json").out) == []
    book.write("plaintextcrm.yaml", "cadences: {vip: 1 week}\n")
    (row,) = json.loads(book.run("agenda", "--format", "json").out)
    assert (row["kind"], row["contact"]) == ("keep-in-touch", "eva")


def test_f31_the_problems_of_a_broken_file_are_those_of_the_day(book: AddressBook) -> None:
    book.write("eva.yaml", GOOD)
    book.run("list")
    book.write("eva.yaml", "nme: Eva\ninteractions:\n  - {date: 2026-11-24, channel: call}\n")
    for today in ("2026-11-23", "2026-11-24", "2026-11-22"):
        warned = "future-interaction" in book.run("check", today=today).out
        assert warned == (today < "2026-11-24")


def test_f31_settings_that_make_a_broken_files_last_version_wrong_do_not_take_it(
    book: AddressBook,
) -> None:
    """Its channel is no longer allowed: what can be read stays, until the file itself is mended."""
    book.write("plaintextcrm.yaml", "channels: [pigeon]\n")
    book.write("eva.yaml", "name: Eva\ninteractions:\n  - {date: 2026-11-01, channel: pigeon}\n")
    assert book.run("list").code == 0
    book.write("eva.yaml", UNREADABLE)
    book.run("list")
    book.write("plaintextcrm.yaml", "currency: CZK\n")
    book.write("eva.yaml", "name: Nobody\nfolow_ups: []\n")
    assert names(book) == ["Eva"]


def test_f13_a_file_broken_from_the_start_is_shown_as_far_as_it_can_be_read(
    book: AddressBook,
) -> None:
    book.write("eva.yaml", GOOD + "birthday: soon\n")
    answer = book.run("show", "eva")
    assert (answer.code, "Eva Malá" in answer.out) == (1, True)
    assert answer.err == (
        "contacts/eva.yaml has an error; it is shown as far as it can be read. "
        "See `plaintextcrm check contacts/eva.yaml`.\n"
    )
    assert "call Eva" in book.run("agenda").out
    book.write("eva.yaml", GOOD.replace("Malá", "Nová") + "birthday: later\n")
    assert names(book) == ["Eva Nová"]


def test_f13_a_file_without_a_name_is_in_no_list_and_in_every_check(book: AddressBook) -> None:
    book.write("eva.yaml", UNREADABLE)
    answer = book.run("list", "--format", "ids")
    assert (answer.code, answer.out) == (1, "")
    assert book.run("show", "eva").code == 2
    assert book.run("check").out.startswith("contacts/eva.yaml:1:7: error[syntax]: ")


def test_broken_settings_keep_the_last_good_ones(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "cadences: {vip: 1 week}\n")
    book.write("eva.yaml", "name: Eva\ntags: [vip]\n")
    assert "keep-in-touch" in book.run("agenda", "--format", "json").out
    for broken in ("cadences: [\n", "cadences: {vip: never ever}\n", "candences: {}\n"):
        book.write("plaintextcrm.yaml", broken)
        answer = book.run("agenda", "--format", "json")
        assert (answer.code, "keep-in-touch" in answer.out) == (1, True)
        assert "plaintextcrm.yaml:" in book.run("check").out
    book.write("plaintextcrm.yaml", "cadences: {}\n")
    answer = book.run("agenda", "--format", "json")
    assert (answer.code, json.loads(answer.out)) == (0, [])


def test_settings_broken_from_the_start_stop_nothing(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "timezone: Europe/Pruague\ncurrency: CZK\n")
    book.write("eva.yaml", GOOD)
    answer = book.run("agenda")
    assert (answer.code, "call Eva" in answer.out) == (1, True)


# --- what cannot be read --------------------------------------------------------------------------

CAPABILITY_VERSION = 0x20080522
READ_EVERYTHING = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


@contextmanager
def permissions_count() -> Iterator[None]:
    """Also for root, whom no permission bits stop: this thread puts the right to pass them aside."""
    if os.geteuid() != 0:
        yield
        return
    assert sys.platform == "linux", "run the tests as an ordinary user"
    before = _capabilities()
    _set_capabilities((before[0] & ~READ_EVERYTHING, *before[1:]))
    try:
        yield
    finally:
        _set_capabilities(before)


def _capabilities() -> tuple[int, ...]:
    data = (ctypes.c_uint32 * 6)()
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    assert ctypes.CDLL(None).capget(header, data) == 0
    return tuple(data)


def _set_capabilities(values: tuple[int, ...]) -> None:
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    assert ctypes.CDLL(None).capset(header, (ctypes.c_uint32 * 6)(*values)) == 0


@contextmanager
def closed(path: Path) -> Iterator[None]:
    """A file or folder that nobody may open."""
    mode = path.stat().st_mode
    path.chmod(0)
    try:
        with permissions_count():
            with pytest.raises(PermissionError):
                os.close(os.open(path, os.O_RDONLY))
            yield
    finally:
        path.chmod(mode)


def test_f04_files_in_a_folder_that_is_closed_are_not_forgotten(book: AddressBook) -> None:
    book.write("contacts/brno/eva.yaml", GOOD)
    book.write("jan.yaml", "name: Jan\n")
    assert names(book) == ["Eva Malá", "Jan"]
    with closed(book.folder / "contacts" / "brno"):
        assert names(book) == ["Eva Malá", "Jan"]
        answer = book.run("agenda")
        assert (answer.code, "call Eva" in answer.out) == (1, True)
        assert book.run("check").out == (
            "contacts/brno:1:1: error[unreadable]: cannot be read: Permission denied\n"
            "   = the last good versions are used until it can be read\n"
        )
    assert book.run("check").code == 0


def test_f04_a_file_that_is_closed_keeps_its_last_good_contact(book: AddressBook) -> None:
    file = book.write("eva.yaml", GOOD)
    assert names(book) == ["Eva Malá"]
    file.write_text(GOOD.replace("Malá", "Nová"))
    with closed(file):
        assert names(book) == ["Eva Malá"]
        assert book.run("check").out == (
            "contacts/eva.yaml:1:1: error[unreadable]: cannot be read: Permission denied\n"
            "   = its last good version is used until it can be read\n"
        )
    assert names(book) == ["Eva Nová"]
    assert book.run("check").code == 0


def test_f04_settings_that_are_closed_keep_the_last_good_ones(book: AddressBook) -> None:
    settings = book.write("plaintextcrm.yaml", "cadences: {vip: 1 week}\n")
    book.write("eva.yaml", "name: Eva\ntags: [vip]\n")
    assert "keep-in-touch" in book.run("agenda", "--format", "json").out
    with closed(settings):
        settings_problem = book.run("check").out
        assert "keep-in-touch" in book.run("agenda", "--format", "json").out
    assert settings_problem.startswith("plaintextcrm.yaml:1:1: error[unreadable]: cannot be read")
    assert book.run("check").code == 0


def test_f04_contacts_that_are_closed_altogether(book: AddressBook) -> None:
    book.write("eva.yaml", GOOD)
    assert names(book) == ["Eva Malá"]
    with closed(book.folder / "contacts"):
        answer = book.run("list")
        assert (answer.code, answer.out) == (3, "")
        assert answer.err == (
            f"Error: {book.folder / 'contacts'}: cannot be read: Permission denied.\n"
        )
    assert names(book) == ["Eva Malá"]


# --- one among many -------------------------------------------------------------------------------


def test_f18_one_bad_among_a_thousand(book: AddressBook) -> None:
    (book.folder / "contacts").rmdir()
    generate(book.folder, 1000)
    clean = book.run("check", "--format", "json")
    assert [row for row in json.loads(clean.out) if row["severity"] == "error"] == []
    listed = book.run("list", "--format", "json").out
    agenda = book.run("agenda", "--format", "json").out
    files = sorted((book.folder / "contacts").rglob("*.yaml"))
    assert len(files) == len(json.loads(listed)) == 1000
    files[500].write_bytes(files[500].read_bytes()[:300] + b"\n: [\n")
    path = files[500].relative_to(book.folder).as_posix()
    answer = book.run("check", "--format", "json")
    errors = [row for row in json.loads(answer.out) if row["severity"] == "error"]
    assert (answer.code, {row["path"] for row in errors}) == (1, {path})
    for command, before in (("list", listed), ("agenda", agenda)):
        now = book.run(command, "--format", "json")
        assert (now.code, now.out) == (1, before)
    _clear_cache()
    answer = book.run("check", "--format", "json")
    errors = [row for row in json.loads(answer.out) if row["severity"] == "error"]
    assert (answer.code, {row["path"] for row in errors}) == (1, {path})
    now = book.run("list", "--format", "json")
    rows = {row["path"] for row in json.loads(now.out)}
    assert rows | {path} == {row["path"] for row in json.loads(listed)}


def _clear_cache() -> None:
    for file in (Path(os.environ["XDG_CACHE_HOME"]) / "plaintextcrm").iterdir():
        file.unlink()


def test_settings_with_a_query_that_cannot_be_asked(book: AddressBook) -> None:
    """The ones before stay in use; the settings' own fields count in the same file."""
    book.write("eva.yaml", "name: Eva\nrate: 900 CZK\n")
    book.write("adam.yaml", "name: Adam\nrate: 100 CZK\n")
    good = "fields: {rate: money}\nqueries: {dear: rate>500}\nfeeds: [{name: a, query: '@dear'}]\n"
    book.write("plaintextcrm.yaml", good)
    assert book.run("check").code == 0
    assert book.run("list", "@dear", "--format", "ids").out == "eva\n"
    book.write("plaintextcrm.yaml", good.replace("'@dear'", "'@deer'"))
    answer = book.run("check")
    assert answer.code == 1
    assert answer.out.startswith(
        "plaintextcrm.yaml:3:27: error[bad-query]: there is no saved query `@deer`\n"
    )
    assert "= did you mean `@dear`?" in answer.out
    answer = book.run("list", "@dear", "--format", "ids")
    assert (answer.code, answer.out) == (1, "eva\n")
    assert book.run("export", "ics").code == 1
    assert (book.folder / "a.ics").exists()
    book.write("plaintextcrm.yaml", good)
    assert book.run("check").code == 0


def test_each_fault_of_saved_queries_is_told_once(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\n")
    book.write(
        "plaintextcrm.yaml",
        "queries:\n  a: '@b'\n  b: (\n  c: >\n    tag:x\n    or\n  round: '@trip'\n  trip: '@round'\n",
    )
    heads = [line for line in book.run("check").out.splitlines() if "bad-query" in line]
    assert [head.partition(": error")[0] for head in heads] == [
        "plaintextcrm.yaml:3:7",
        "plaintextcrm.yaml:4:6",
        "plaintextcrm.yaml:7:11",
        "plaintextcrm.yaml:8:10",
    ]
