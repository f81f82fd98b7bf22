"""Which feeds there are and where they go; what each event says, and what keeps its identity."""

import re
from pathlib import Path

import icalendar
import pytest

from tests.conftest import AddressBook

from .reading import ADA, EVE, JAN, Read, export, exported, feed_of, forget

FEEDS = """\
people: [jana, petr]
feeds:
  - {name: all, path: all.ics, title: Everybody}
  - {name: jana, path: jana.ics, title: Jana, owner: jana}
  - {name: vip, path: out/vip.ics, query: "tag:vip"}
"""


def three(book: AddressBook) -> None:
    book.write("eva.yaml", f"{EVE}owner: jana\ntags: [vip]\n")
    book.write("jan.yaml", f"{JAN}owner: petr\ntags: [vip]\n")
    book.write("ada.yaml", ADA)


def test_without_settings_the_feed_lies_beside_the_contacts(book: AddressBook) -> None:
    three(book)
    answer = export(book)
    assert answer.err == f"{book.folder / 'follow-ups.ics'}: 5 events\n"
    assert answer.out == ""
    assert len(feed_of(book).events) == 5


def test_settings_name_several_feeds(book: AddressBook) -> None:
    three(book)
    book.write("plaintextcrm.yaml", FEEDS)
    (book.folder / "out").mkdir()
    answer = export(book)
    assert [line.rpartition("/")[2] for line in answer.err.splitlines()] == [
        "all.ics: 5 events",
        "jana.ics: 3 events",
        "vip.ics: 4 events",
    ]
    titles = {
        name: str(feed_of(book, name).calendar["X-WR-CALNAME"])
        for name in ("all.ics", "jana.ics", "out/vip.ics")
    }
    assert titles == {"all.ics": "Everybody", "jana.ics": "Jana", "out/vip.ics": "vip"}
    assert {
        str(event["DESCRIPTION"]).splitlines()[-1] for event in feed_of(book, "jana.ics").events
    } == {"contacts/eva.yaml"}
    assert not (book.folder / "follow-ups.ics").exists()
    assert all(line.endswith(", unchanged") for line in export(book).err.splitlines())


def test_one_feed_that_cannot_be_written_does_not_stop_the_others(book: AddressBook) -> None:
    three(book)
    book.write("plaintextcrm.yaml", FEEDS)
    book.write("all.ics", "").unlink()
    (book.folder / "all.ics").write_text("Dear diary,\n")
    answer = export(book, code=3)
    assert (
        "all.ics: not written: there is a file of this name that is not a feed of ours"
        in answer.err
    )
    assert "vip.ics: not written: there is no such folder" in answer.err
    assert len(feed_of(book, "jana.ics").events) == 3


def test_output_into_a_file_takes_everything(book: AddressBook, tmp_path: Path) -> None:
    three(book)
    book.write("plaintextcrm.yaml", FEEDS)
    target = tmp_path / "public place" / "výběr.ics"
    target.parent.mkdir()
    answer = export(book, "-o", str(target))
    assert answer.err == f"{target}: 5 events\n"
    assert len(Read(target).events) == 5
    assert export(book, "--output", str(target)).err == f"{target}: 5 events, unchanged\n"
    assert not list(book.folder.glob("*.ics"))


def test_output_to_stdout_is_the_feed_and_nothing_else(book: AddressBook) -> None:
    three(book)
    first = exported(book)
    answer = book.process("export", "ics", "-o", "-", PYTHONIOENCODING="iso8859-2", LC_ALL="C")
    assert answer.code == 0
    assert answer.err == ""
    assert answer.out == first.text.replace("\r\n", "\n")  # text mode reads \r\n as \n


def test_output_to_stdout_has_the_same_bytes(book: AddressBook) -> None:
    three(book)
    assert export(book, "-o", "-").out.encode() == exported(book).data


def test_an_event_says_what_to_do_with_whom_and_what_to_know(book: AddressBook) -> None:
    book.write("acme.yaml", "name: ACME\nkind: organization\n")
    book.write("clients/eva.yaml".join(("contacts/", "")), EVENT)
    event = exported(book).event("new e-shop")
    assert str(event["SUMMARY"]) == "Follow up with Eva Malá (ACME): new e-shop"
    assert str(event["DESCRIPTION"]).split("\n\n") == [
        "Eva Malá (ACME)\n+420 601 000 111\neva@mala.example",
        "We promised for 2026-12-04: send two references\nThey promised for 2027-01-29: the price groups",
        "2026-10-14 call: Budget goes to the board\n2026-08-19 email: Photos\n2026-02-18 meeting",
        f"Done: pcrm done eva {str(event['UID'])[17:23]}",
        "contacts/clients/eva.yaml",
    ]
    assert event["URL"] == "tel:+420601000111"
    assert event["CATEGORIES"].cats == ["follow-up"]


EVENT = """\
name: Eva Malá
organization: acme
phones: [+420 601 000 111]
emails: [eva@mala.example]
cadence: {every: 6 weeks, channels: [call]}
interactions:
  - {date: 2024-01-17, channel: meeting, note: First meeting}
  - {date: 2026-10-14, channel: call, note: Budget goes to the board}
  - {date: 2026-08-19, channel: email, direction: in, note: Photos}
  - {date: 2026-02-18, channel: meeting}
  - {date: 2027-02-18, channel: meeting, note: still to come}
follow_ups:
  - {date: 2026-12-15, note: new e-shop}
promises:
  - {date: 2026-12-04, note: send two references}
  - {date: 2027-01-29, by: them, note: the price groups}
  - {date: 2026-01-29, by: them, note: kept long ago, done: 2026-01-20}
"""


def test_a_promises_event_does_not_repeat_the_promise(book: AddressBook) -> None:
    book.write("eva.yaml", EVENT)
    event = exported(book).event("Promised to Eva")
    assert "send two references" not in str(event["DESCRIPTION"])
    assert "the price groups" in str(event["DESCRIPTION"])


def test_a_keep_in_touch_names_the_channel(book: AddressBook) -> None:
    book.write("eva.yaml", re.sub("(?s)follow_ups:.*", "", EVENT))
    assert "Call Eva Malá (acme)" in exported(book).summaries


def test_a_long_note_is_whole_in_the_description(book: AddressBook) -> None:
    note = "Ask about everything. " * 40
    book.write("eva.yaml", f"name: Eva\nfollow_ups: [{{date: 2026-12-15, note: {note.strip()}}}]\n")
    (event,) = exported(book).events
    assert len(str(event["SUMMARY"])) == 200
    assert str(event["SUMMARY"]).endswith("…")
    assert str(event["DESCRIPTION"]).startswith(note.strip())


def uids(read: Read) -> list[str]:
    return sorted(read.uids)


def test_uids_stay_when_files_persons_and_dates_move(book: AddressBook) -> None:
    book.write("eva.yaml", EVE)
    before = uids(exported(book))
    book.write(
        "eva.yaml",
        EVE.replace("Eva Malá", "Eva Nová")
        .replace("2026-12-15", "2027-01-02")
        .replace("1988-05-20", "--05-21"),
    )
    assert uids(exported(book)) == before
    (book.folder / "contacts/sub").mkdir()
    (book.folder / "contacts/eva.yaml").rename(book.folder / "contacts/sub/eva-nova.yml")
    forget()
    assert uids(exported(book)) == before


def test_uids_stay_when_check_adds_a_uid(book: AddressBook) -> None:
    file = book.write("eva.yaml", re.sub("uid.*\n", "", EVE))
    before = exported(book)
    assert book.run("check", "--fix").code == 0
    assert "uid: " in file.read_text()
    assert exported(book).data == before.data
    file.rename(file.with_name("else.yaml"))
    assert uids(exported(book)) == uids(before)


def test_uids_differ_for_equal_entries_and_stay_by_their_own_id(book: AddressBook) -> None:
    entries = "".join(f"  - {{date: 2026-12-{day}, note: call}}\n" for day in (15, 16, 17))
    book.write(
        "eva.yaml", f"name: Eva\nfollow_ups:\n{entries}  - {{id: x, date: 2026-12-18, note: old}}\n"
    )
    before = exported(book)
    assert len(set(before.uids)) == 4
    book.write(
        "eva.yaml", f"name: Eva\nfollow_ups:\n{entries}  - {{id: x, date: 2026-12-18, note: new}}\n"
    )
    assert uids(exported(book)) == uids(before)


def test_uids_are_unique_when_a_file_was_copied_with_its_uid(book: AddressBook) -> None:
    book.write("eva.yaml", EVE)
    before = exported(book)
    book.write("pavel.yaml", EVE.replace("Eva Malá", "Pavel Malý").replace("eva@", "pavel@"))
    export(book, code=1)
    read = feed_of(book)
    assert len(read.uids) == len(set(read.uids)) == 6, "nobody's reminder is lost"
    assert {uid: read.blocks[uid] for uid in before.blocks} == before.blocks
    assert sum("Pavel Malý" in summary for summary in read.summaries) == 3
    book.write(
        "pavel.yaml",
        re.sub("uid.*\n", "", EVE).replace("Eva Malá", "Pavel Malý").replace("eva@", "pavel@"),
    )
    assert len(set(exported(book).uids)) == 6


def test_uids_are_unique_when_two_folders_have_one_file_name(book: AddressBook) -> None:
    for folder in ("a", "b", "c"):
        book.write(f"contacts/{folder}/eva.yaml", "name: Eva\nbirthday: 1988-05-20\n")
    export(book, code=1)
    assert len(set(feed_of(book).uids)) == 3


@pytest.mark.parametrize("name", ["Eva", "Ёлка " * 50])
def test_uids_are_short_opaque_and_without_a_name(book: AddressBook, name: str) -> None:
    book.write("eva-mala.yaml", re.sub("uid.*\n", "", EVE).replace("Eva Malá", name))
    for uid in exported(book).uids:
        assert len(uid.encode()) <= 100
        assert not re.search("eva|mala|[^!-~]", uid)


def test_every_kind_of_reminder_reads_back(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "timezone: Europe/Prague\n")
    book.write("eva.yaml", EVERYTHING)
    read = exported(book)
    kinds = {cat for event in read.events for cat in event["CATEGORIES"].cats}
    assert kinds == {
        "follow-up", "keep-in-touch", "promise", "need", "deal", "win-back", "feedback",
        "birthday", "nameday", "anniversary", "milestone",
    }  # fmt: skip
    assert isinstance(read.calendar, icalendar.Calendar)


EVERYTHING = """\
name: Eva
birthday: 1988-02-29
nameday: --12-24
anniversary: 2014-05-10
cadence: 3 days
follow_ups: [{date: 2026-12-15, time: 09:30, note: a, remind: 30 min}]
promises: [{date: 2026-12-04, note: b}]
needs: [{date: 2027-Q1, note: c}]
deals:
  - {name: d, stage: offer, date: 2027-03, value: 10 EUR}
  - {name: e, stage: lost, win_back: 2027-06-01, competitor: f}
feedback: [{date: 2026-12-01, about: g}]
milestones: [{date: 2019-10-01, note: h, repeat: yearly}, {date: 2027-05, note: i}]
"""
