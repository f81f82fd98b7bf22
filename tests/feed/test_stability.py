"""The same files and the same day give the same feed; trouble with one file stays with that file."""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import icalendar
import pytest

from tests.conftest import AddressBook

from .reading import ADA, EVE, JAN, Read, export, exported, feed_of, forget

COUNT = 1000
HALF_WRITTEN = b"name: Person 500\nfollow_ups:\n  - {date: 2026-12-01, no"


def person(number: int) -> str:
    return (
        f"name: Person {number}\nuid: 00000000-0000-4000-8000-{number:012}\n"
        f"birthday: --{number % 12 + 1:02}-{number % 28 + 1:02}\n"
        f"follow_ups:\n  - {{date: 2026-12-{number % 28 + 1:02}, note: 'call about {number}:'}}\n"
    )


def thousand(book: AddressBook) -> Read:
    """A thousand contacts, and their feed."""
    for number in range(COUNT):
        book.write(f"p{number:04}.yaml", person(number))
    read = exported(book)
    assert len(read.events) == 2 * COUNT
    return read


def test_f18_one_broken_contact_of_a_thousand(book: AddressBook) -> None:
    before = thousand(book)
    file = book.write("p0500.yaml", HALF_WRITTEN)
    answer = export(book, code=1)
    assert feed_of(book).data == before.data, "999 unchanged, and the last good events of one"
    assert "contacts/p0500.yaml:3:5: error[syntax]" in answer.err
    assert "1 file has errors; its last good version is used" in answer.err
    # The cache is gone, the feed is the memory.
    forget()
    answer = export(book, code=1)
    assert feed_of(book).data == before.data
    assert "contacts/p0500.yaml:3:5: error[syntax]" in answer.err
    # Another contact changes meanwhile: nobody else does.
    book.write("p0007.yaml", person(7).replace("call about 7:", "write to them"))
    export(book, code=1)
    read = feed_of(book)
    gone, new = before.blocks.keys() - read.blocks, read.blocks.keys() - before.blocks
    assert gone == {str(before.event("call about 7:")["UID"])}
    assert new == {str(read.event("write to them")["UID"])}
    assert all(read.blocks[uid] == before.blocks[uid] for uid in before.blocks if uid not in gone)
    file.write_text(person(500))
    export(book)
    mended = feed_of(book)
    assert mended.of("p0500.yaml") == before.of("p0500.yaml")


BREAKAGES = {
    "half": EVE[: EVE.index("new e-shop")].encode(),
    "empty": b"",
    "nul": b"\0" * 300,
    "utf16": EVE.encode("utf-16"),
    "latin": EVE.encode("latin-1"),
    "date": EVE.replace("2026-12-15", "2026-13-15").encode(),
    "no name": EVE.replace("name: Eva Malá", "names: Eva Malá").encode(),
    "talk": EVE.replace("2026-10-14", "in October").encode(),
    "conflict": f"<<<<<<< HEAD\n{EVE}=======\n{EVE}>>>>>>> theirs\n".encode(),
}


@pytest.mark.parametrize("how", BREAKAGES)
@pytest.mark.parametrize("cache", ["kept", "deleted"])
def test_f31_a_file_that_breaks_keeps_its_last_good_events(
    book: AddressBook, how: str, cache: str
) -> None:
    book.write("eva.yaml", EVE)
    book.write("jan.yaml", JAN)
    before = exported(book)
    book.write("eva.yaml", BREAKAGES[how])
    if cache == "deleted":
        forget()
    for _time in range(3):
        answer = export(book, code=1)
        assert feed_of(book).data == before.data
        assert "contacts/eva.yaml:" in answer.err
        assert "error[" in answer.err
    book.write("eva.yaml", EVE)
    assert exported(book).data == before.data


def test_f31_a_file_that_becomes_a_link_keeps_its_events(book: AddressBook, tmp_path: Path) -> None:
    file = book.write("eva.yaml", EVE)
    book.write("jan.yaml", JAN)
    before = exported(book)
    elsewhere = tmp_path / "elsewhere.yaml"
    file.rename(elsewhere)
    file.symlink_to(elsewhere)
    for _cache in range(2):
        export(book, code=1)
        assert feed_of(book).data == before.data
        forget()


@pytest.mark.parametrize("broken", ["timezone: Mars/Olympus", "cadences: {vip: often}", "a: ["])
def test_f31_settings_that_break_keep_the_feed(book: AddressBook, broken: str) -> None:
    sound = "timezone: Europe/Prague\ncadences: {vip: 1 week}\n"
    file = book.write("plaintextcrm.yaml", sound)
    book.write("eva.yaml", EVE.replace("note: new", "time: 09:30, note: new") + "tags: [vip]\n")
    before = exported(book)
    assert "Keep in touch with Eva Malá" in before.summaries
    file.write_text(sound + broken if broken == "a: [" else broken)
    export(book, code=1)
    assert feed_of(book).data == before.data
    for _time in range(2):
        forget()
        answer = export(book, code=1)
        assert feed_of(book).data == before.data
        assert "plaintextcrm.yaml has errors, and no good version of it is known" in answer.err
        answer = export(book, code=1)
        assert feed_of(book).data == before.data
    file.write_text(sound)
    assert exported(book).data == before.data


def test_f31_settings_that_never_were_right_do_not_stop_the_first_feed(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "curency: CZK\n")
    file = book.write("eva.yaml", EVE)
    export(book, code=1)
    file.write_text(EVE.replace("new e-shop", "old e-shop"))
    export(book, code=1)
    assert "Follow up with Eva Malá: old e-shop" in feed_of(book).summaries


def test_f13_a_new_contact_that_never_was_right_is_shown_as_far_as_it_is(book: AddressBook) -> None:
    book.write("eva.yaml", EVE.replace("2026-12-04", "soon"))
    export(book, code=1)
    assert feed_of(book).summaries == [
        "Birthday of Eva Malá (1988)",
        "Follow up with Eva Malá: new e-shop",
    ]
    book.write("eva.yaml", EVE.replace("2026-12-04", "soon").replace("new e-shop", "old e-shop"))
    export(book, code=1)
    assert "Follow up with Eva Malá: old e-shop" in feed_of(book).summaries


def test_same_bytes_twice_under_another_zone_and_language(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "timezone: Europe/Prague\n")
    book.write("eva.yaml", EVE.replace("note: new e-shop", "time: 09:30, note: new e-shop"))
    book.write("jan.yaml", JAN)
    first = exported(book)
    assert exported(book).data == first.data
    for zone, language in (("America/New_York", "cs_CZ.UTF-8"), ("Asia/Tokyo", "C"), ("", "tr_TR")):
        forget()
        (book.folder / "follow-ups.ics").unlink()
        answer = book.process("export", "ics", TZ=zone, LANG=language, LC_ALL=language)
        assert answer.code == 0, answer.err
        assert feed_of(book).data == first.data


def test_same_bytes_from_another_clone_and_after_a_touch(
    book: AddressBook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("eva", EVE), ("jan", JAN), ("sub/ada", ADA)):
        book.write(f"contacts/{name}.yaml", text)
    first = exported(book)
    for file in book.folder.rglob("*.yaml"):
        os.utime(file, (1, 1))
    assert exported(book).data == first.data
    who = ["-c", "user.name=Jana", "-c", "user.email=jana@studio.example"]
    for words in (["init", "--quiet"], ["add", "contacts"], [*who, "commit", "--quiet", "-m", "."]):
        subprocess.run(["git", "-C", book.folder, *words], check=True)
    clone = tmp_path / "another place"
    subprocess.run(["git", "clone", "--quiet", book.folder, clone], check=True)
    assert exported(AddressBook(clone, capsys)).data == first.data


def test_one_edit_changes_one_contacts_events(book: AddressBook) -> None:
    before = thousand(book)
    book.write("p0042.yaml", person(42) + "phones: [+420 601 000 042]\n")
    after = exported(book)
    assert after.blocks.keys() == before.blocks.keys()
    changed = {uid for uid in before.blocks if before.blocks[uid] != after.blocks[uid]}
    assert changed <= set(before.of("p0042.yaml"))
    read = book.write("p0042.yaml", person(42).replace("Person 42", "Person Forty-two"))
    later = exported(book)
    assert read.exists()
    changed = {uid for uid in before.blocks if before.blocks[uid] != later.blocks[uid]}
    assert changed == set(before.of("p0042.yaml"))
    for words in ("Birthday of Person", "Follow up with Person"):
        old = [e for e in after.events if words in e["SUMMARY"] and str(e["UID"]) in changed]
        new = [e for e in later.events if words in e["SUMMARY"] and str(e["UID"]) in changed]
        assert int(new[0]["SEQUENCE"]) == int(old[0]["SEQUENCE"]) + 1
        assert new[0]["LAST-MODIFIED"].dt > old[0]["LAST-MODIFIED"].dt
        assert new[0]["DTSTAMP"].dt > old[0]["DTSTAMP"].dt


def test_f39_the_clock_was_set_back_and_stamps_never_go_back(book: AddressBook) -> None:
    file = book.write("eva.yaml", EVE)
    exported(book)
    feed = book.folder / "follow-ups.ics"
    feed.write_bytes(re.sub(rb"(DTSTAMP|LAST-MODIFIED):\d{8}", rb"\1:20990101", feed.read_bytes()))
    before = exported(book)
    assert b"20990101" in before.data
    file.write_text(EVE.replace("2026-12-15", "2026-12-16"))
    after = exported(book)
    (old, modified, number), new = before.stamps("new e-shop"), after.stamps("new e-shop")
    assert new[0] > old
    assert new[1] > modified
    assert new[2] == number + 1
    assert after.stamps("Birthday") == before.stamps("Birthday")


def test_f39_stamps_at_the_end_of_time_do_not_stop_anything(book: AddressBook) -> None:
    file = book.write("eva.yaml", EVE)
    exported(book)
    feed = book.folder / "follow-ups.ics"
    for stamp in (b"99991231T235959Z", b"20260230T000000Z"):
        data = re.sub(rb"(DTSTAMP|LAST-MODIFIED):\w+", rb"\1:" + stamp, feed.read_bytes())
        feed.write_bytes(re.sub(rb"SEQUENCE:\d+", b"SEQUENCE:999999999", data))
        file.write_text(EVE.replace("new e-shop", f"new e-shop {stamp!r}"))
        export(book)


EDGES = ("0001-01-01", "0001-06-01", "0999-02-28", "2028-02-29", "9999-12-30", "9999-12-31")


@pytest.mark.parametrize("today", EDGES)
def test_f39_first_and_last_years_and_the_leap_day(book: AddressBook, today: str) -> None:
    book.write("plaintextcrm.yaml", "timezone: Pacific/Kiritimati\ncadences: {vip: 1 year}\n")
    book.write("edge.yaml", EDGE)
    read = exported(book, today=today)
    assert exported(book, today=today).data == read.data
    assert len(read.events) > 2
    for event in read.events:
        for name in ("DTSTAMP", "LAST-MODIFIED"):
            assert re.fullmatch(rb"\d{8}T\d{6}Z", event[name].to_ical())
        assert re.fullmatch(rb"\d{8}(T\d{6}Z?)?", event["DTSTART"].to_ical())
        if "DTEND" in event:
            assert event["DTEND"].to_ical() > event["DTSTART"].to_ical()


EDGE = """\
name: Edge
tags: [vip]
birthday: 0001-01-01
nameday: --02-29
anniversary: 9999-12-31
interactions: [{date: 0001-01-01, channel: call}]
follow_ups:
  - {date: 0001-01-01, time: 00:00, note: first}
  - {date: 9999-12-31, time: 23:59, note: last}
  - {date: 9999-12-31, note: last day, remind: 9999 years}
milestones:
  - {date: 2028-02-29, note: leap, repeat: yearly}
  - {date: 9999, note: far}
needs: [{date: 0001-01-01, note: old}]
"""


def test_f39_days_without_a_year_and_before_1970_begin_in_2000(book: AddressBook) -> None:
    book.write("a.yaml", "name: Ada\nbirthday: --02-03\n")
    book.write("b.yaml", "name: Bob\nbirthday: 1931-02-03\n")
    book.write("c.yaml", "name: Cid\nbirthday: 2011-02-03\n")
    read = exported(book)
    starts = {str(event["SUMMARY"]): event["DTSTART"].to_ical() for event in read.events}
    assert starts == {
        "Birthday of Ada": b"20000203",
        "Birthday of Bob (1931)": b"20000203",
        "Birthday of Cid (2011)": b"20110203",
    }


def test_f34_all_contacts_gone_keeps_the_feed(book: AddressBook) -> None:
    for name, text in (("eva", EVE), ("jan", JAN), ("ada", ADA)):
        book.write(f"{name}.yaml", text)
    before = exported(book)
    contacts = book.folder / "contacts"
    away = book.folder.parent / "away"
    contacts.rename(away)
    book.write("plaintextcrm.yaml", "currency: CZK\n")
    for _time in range(2):
        answer = export(book, code=1)
        assert feed_of(book).data == before.data
        assert "3 of its 3 contacts have no file any more" in answer.err
        assert "--accept-missing" in answer.err
        forget()
    contacts.mkdir()
    export(book, code=1)
    contacts.rmdir()
    away.rename(contacts)
    assert exported(book).data == before.data
    shutil.rmtree(contacts)
    contacts.mkdir()
    export(book, "--accept-missing")
    assert feed_of(book).summaries == ["No follow-ups"]


@pytest.mark.parametrize(("gone", "code"), [(2, 0), (3, 1)])
def test_f34_more_than_half_gone_wants_an_explicit_word(
    book: AddressBook, gone: int, code: int
) -> None:
    files = [book.write(f"p{number}.yaml", person(number)) for number in range(4)]
    before = exported(book)
    for file in files[:gone]:
        file.unlink()
    answer = export(book, code=code)
    assert (feed_of(book).data == before.data) == (code == 1)
    assert ("have no file any more" in answer.err) == (code == 1)
    export(book, "--accept-missing")
    assert len(feed_of(book).events) == 2 * (4 - gone)


def test_f34_what_is_done_private_or_renamed_is_not_missing(book: AddressBook) -> None:
    files = [book.write(f"p{number}.yaml", person(number)) for number in range(4)]
    exported(book)
    for number, file in enumerate(files[:3]):
        file.write_text(f"name: Person {number}\nuid: 00000000-0000-4000-8000-{number:012}\n")
        file.rename(file.with_name(f"renamed-{number}.yaml"))
    files[3].write_text(person(3) + "visibility: private\n")
    assert exported(book).summaries == ["No follow-ups"]


def test_f36_own_output_lies_beside_the_contacts_and_is_none(book: AddressBook) -> None:
    book.write("eva.yaml", EVE)
    first = exported(book)
    for _time in range(3):
        assert export(book).err.strip().endswith("unchanged")
    assert feed_of(book).data == first.data
    assert sorted(path.name for path in book.folder.iterdir()) == ["contacts", "follow-ups.ics"]
    assert [path.name for path in (book.folder / "contacts").iterdir()] == ["eva.yaml"]
    assert book.run("check").code == 0


AMONG_CONTACTS = ("feed.ics", "sub/feed.ics", "", "new.yaml", "../plaintextcrm.yaml")


@pytest.mark.parametrize("name", AMONG_CONTACTS)
def test_f36_no_output_among_the_contacts(book: AddressBook, name: str) -> None:
    book.write("contacts/sub/eva.yaml", EVE)
    answer = export(book, "-o", str(book.folder / "contacts" / name), code=3)
    assert "not written" in answer.err
    files = [
        str(path.relative_to(book.folder)) for path in book.folder.rglob("*") if path.is_file()
    ]
    assert files == ["contacts/sub/eva.yaml"]


def test_f37_nothing_changed_touches_nothing(book: AddressBook) -> None:
    book.write("eva.yaml", EVE)
    exported(book)
    before = (book.folder / "follow-ups.ics").stat()
    for _cache in range(2):
        export(book)
        forget()
    after = (book.folder / "follow-ups.ics").stat()
    assert (before.st_mtime_ns, before.st_ctime_ns, before.st_ino) == (
        after.st_mtime_ns, after.st_ctime_ns, after.st_ino,
    )  # fmt: skip


def test_f37_a_settled_folder_is_not_built_again_and_every_change_is_seen(
    book: AddressBook,
) -> None:
    file = book.write("eva.yaml", EVE)
    first = exported(book)
    wait_until_settled(file)
    export(book)
    modules = loaded_by(book)
    assert "plaintextcrm.feed.publish" in modules
    assert "icalendar" not in modules
    assert exported(book).data == first.data
    # Each of these must be seen.
    feed = book.folder / "follow-ups.ics"
    feed.write_bytes(first.data.replace(b"new e-shop", b"old e-shop"))
    assert exported(book).summaries == first.summaries
    assert (
        exported(book, today="2026-12-20").event("new e-shop")["DTSTART"].to_ical() == b"20261220"
    )
    assert exported(book).event("new e-shop")["DTSTART"].to_ical() == b"20261215"
    book.write("plaintextcrm.yaml", "feeds: [{name: a, path: follow-ups.ics, title: Other}]\n")
    assert b"X-WR-CALNAME:Other" in exported(book).data
    file.write_text(EVE.replace("new e-shop", "third e-shop"))
    assert "third e-shop" in "".join(exported(book).summaries)


def wait_until_settled(file: Path) -> None:
    """Until the time stamps of a file are old enough to be trusted."""
    limit = time.monotonic() + 20
    while time.time_ns() - file.stat().st_ctime_ns < 2_100_000_000:
        assert time.monotonic() < limit
        time.sleep(0.05)


def loaded_by(book: AddressBook) -> list[str]:
    """The modules that an `export ics` imports."""
    code = (
        "import sys; from plaintextcrm.cli.main import run; "
        "assert run(sys.argv[1:]) == 0; print(*sys.modules, sep='\\n')"
    )
    command = [
        sys.executable,
        "-c",
        code,
        "-C",
        str(book.folder),
        "--today",
        "2026-11-22",
        "export",
        "ics",
    ]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def test_f38_readers_always_see_a_whole_calendar(book: AddressBook) -> None:
    for number in range(20):
        book.write(f"p{number}.yaml", person(number))
    exported(book)
    feed = book.folder / "follow-ups.ics"
    program = subprocess.Popen(
        [sys.executable, "-c", READER, str(feed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    seen: set[bytes] = set()
    stop = threading.Event()
    reader = threading.Thread(target=read_on, args=(feed, seen, stop))
    reader.start()
    written = set()
    try:
        for number in range(200):
            book.write("p7.yaml", person(7).replace("call about 7", f"call about {number}"))
            export(book)
            written.add(feed.read_bytes())
    finally:
        stop.set()
        reader.join()
        out, _err = program.communicate("stop\n")
    assert len(written) == 200
    assert len(seen) > 20
    for data in seen:
        assert len(icalendar.Calendar.from_ical(data).events) == 40
        assert data.endswith(b"END:VCALENDAR\r\n")
    good, bad = map(int, out.split())
    assert good > 100
    assert bad == 0


def read_on(feed: Path, seen: set[bytes], stop: threading.Event) -> None:
    while not stop.is_set():
        seen.add(feed.read_bytes())


READER = """
import select, sys
good = bad = 0
while not select.select([sys.stdin], [], [], 0)[0]:
    data = open(sys.argv[1], "rb").read()
    whole = data.startswith(b"BEGIN:VCALENDAR\\r\\n") and data.endswith(b"END:VCALENDAR\\r\\n")
    if whole and data.count(b"BEGIN:VEVENT\\r\\n") == data.count(b"END:VEVENT\\r\\n") == 40:
        good += 1
    else:
        bad += 1
print(good, bad)
"""


def test_the_feed_was_deleted_and_is_made_again(book: AddressBook) -> None:
    book.write("eva.yaml", EVE)
    first = exported(book)
    (book.folder / "follow-ups.ics").unlink()
    assert exported(book).data == first.data


@pytest.mark.parametrize("length", [0, 1, 20, 70, 300, 700, 1000])
def test_the_feed_was_cut_and_is_made_whole(book: AddressBook, length: int) -> None:
    for name, text in (("eva", EVE), ("jan", JAN), ("ada", ADA)):
        book.write(f"{name}.yaml", text)
    first = exported(book, today="2020-06-01")
    (book.folder / "follow-ups.ics").write_bytes(first.data[:length])
    after = exported(book, today="2020-06-01")
    assert after.summaries == first.summaries
    whole = first.data[:length].count(b"END:VEVENT\r\n")
    kept = [uid for uid in first.blocks if after.blocks[uid] == first.blocks[uid]]
    assert len(kept) >= whole
    for event in first.events:
        words = str(event["SUMMARY"])
        assert after.stamps(words)[:2] >= first.stamps(words)[:2]


def test_the_feed_lost_a_piece_in_the_middle_of_an_event(book: AddressBook) -> None:
    for name, text in (("eva", EVE), ("jan", JAN), ("ada", ADA)):
        book.write(f"{name}.yaml", text)
    first = exported(book)
    for start in range(200, len(first.data) - 300, 37):
        (book.folder / "follow-ups.ics").write_bytes(first.data[:start] + first.data[start + 250 :])
        assert exported(book).summaries == first.summaries


def test_a_torn_feed_does_not_give_a_broken_contact_torn_events(book: AddressBook) -> None:
    book.write("eva.yaml", EVE)
    book.write("jan.yaml", JAN)
    first = exported(book)
    book.write("eva.yaml", "name: [")
    for start in range(200, len(first.data) - 300, 37):
        forget()
        (book.folder / "follow-ups.ics").write_bytes(first.data[:start] + first.data[start + 250 :])
        export(book, code=1)
        read = feed_of(book)
        assert "Birthday of Jan Novák" in read.summaries


@pytest.mark.parametrize("junk", ["X" * 100, "no property", "X-A:\x1b[2J", "X-A:b\rX-C:d", "\tx"])
def test_a_feed_somebody_wrote_into_gives_a_broken_contact_no_junk(
    book: AddressBook, junk: str
) -> None:
    book.write("eva.yaml", EVE)
    book.write("jan.yaml", JAN)
    first = exported(book)
    text = first.text.replace("\r\nTRANSP", f"\r\n{junk}\r\nTRANSP")
    (book.folder / "follow-ups.ics").write_bytes(text.encode())
    book.write("eva.yaml", "name: [")
    forget()
    export(book, code=1)
    assert feed_of(book).summaries == ["Birthday of Jan Novák"]
    assert junk not in feed_of(book).text


def test_a_feed_that_git_gave_other_line_ends_is_still_the_memory(book: AddressBook) -> None:
    book.write("eva.yaml", EVE)
    exported(book)
    book.write("eva.yaml", EVE.replace("2026-12-15", "2026-12-16"))
    second = exported(book)
    (book.folder / "follow-ups.ics").write_bytes(second.data.replace(b"\r\n", b"\n"))
    assert exported(book).data == second.data


JUNK = {
    "text": b"Dear diary,\n",
    "yaml": EVE.encode(),
    "binary": bytes(range(256)),
    "vcard": b"BEGIN:VCARD\r\nEND:VCARD\r\n",
    "other calendar": b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//My app//EN\r\nEND:VCALENDAR\r\n",
    "blank": b"\n\n",
}


@pytest.mark.parametrize("what", JUNK)
def test_a_file_that_is_no_feed_is_never_overwritten(book: AddressBook, what: str) -> None:
    book.write("eva.yaml", EVE)
    file = book.folder / "follow-ups.ics"
    file.write_bytes(JUNK[what])
    answer = export(book, code=3)
    assert file.read_bytes() == JUNK[what]
    assert "not a feed of ours" in answer.err
    assert str(file) in answer.err
