"""The rules of what a subscribed feed must be, each by the number that the notes on real clients give it."""

import json
import os
import re
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.people import generate
from tests.conftest import AddressBook

from .reading import ADA, EVE, JAN, export, exported, feed_of, forget

PRAGUE = "timezone: Europe/Prague\n"


def timed(moments: dict[str, str]) -> str:
    entries = [
        f"  - {{date: {moment[:10]}, time: {moment[11:]}, note: {note}}}"
        for note, moment in moments.items()
    ]
    return "\n".join(["name: Eva", "follow_ups:", *entries, ""])


def test_rule_01_whole_calendar_or_the_last_one(book: AddressBook) -> None:
    book.write("eva.yaml", EVE)
    before = exported(book)
    assert before.data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert before.data.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert len(before.events) == before.data.count(b"BEGIN:VEVENT\r\n") == 3
    folder = book.folder.stat().st_mode
    (book.folder / "contacts" / "eva.yaml").unlink()
    answer = export(book, code=1)
    assert feed_of(book).data == before.data
    assert "kept as it was" in answer.err
    assert book.folder.stat().st_mode == folder
    assert [path.name for path in book.folder.iterdir() if path.name.startswith(".")] == []


def test_rule_02_stamps_change_when_and_only_when_content_does(book: AddressBook) -> None:
    book.write("eva.yaml", EVE)
    book.write("jan.yaml", JAN)
    first = exported(book)
    assert exported(book).data == first.data
    book.write("eva.yaml", EVE.replace("new e-shop", "new e-shop") + "# a comment is no content\n")
    assert exported(book).data == first.data
    book.write("eva.yaml", EVE.replace("2026-12-15", "2026-12-16"))
    second = exported(book)
    assert set(second.blocks) == set(first.blocks)
    changed = [uid for uid in first.blocks if second.blocks[uid] != first.blocks[uid]]
    assert changed == [str(first.event("new e-shop")["UID"])]
    stamp, modified, sequence = first.stamps("new e-shop")
    assert second.stamps("new e-shop")[2] == sequence + 1 == 1
    assert second.stamps("new e-shop")[1] > modified
    assert second.stamps("new e-shop")[0] > stamp
    book.write("ada.yaml", ADA)
    third = exported(book)
    assert third.stamps("Ada")[2] == 0
    assert {uid: third.blocks[uid] for uid in second.blocks} == second.blocks


def test_rule_02_stamps_do_not_come_from_file_times(book: AddressBook) -> None:
    file = book.write("eva.yaml", EVE)
    first = exported(book)
    now = time.time()
    for moment in (now - 10**8, now):
        os.utime(file, (moment, moment))
        forget()
        assert exported(book).data == first.data


def test_rule_03_uids_are_opaque_short_and_stay(book: AddressBook) -> None:
    book.write("eva.yaml", EVE)
    before = exported(book)
    assert all(re.fullmatch(r"[0-9a-f]{16}-[0-9a-f]{16}@plaintextcrm", uid) for uid in before.uids)
    moved = EVE.replace("2026-12-15", "2027-03-01").replace("Eva Malá", "Eva Dvořáková")
    book.write("eva.yaml", moved)
    (book.folder / "contacts/eva.yaml").rename(book.folder / "contacts/eva-dvorakova.yaml")
    assert sorted(exported(book).uids) == sorted(before.uids)


def test_rule_04_timed_follow_ups_on_both_days_of_the_clock_change(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", PRAGUE)
    moments = {  # on 28 March 2027 the clock goes from 2 to 3, on 31 October 2027 from 3 to 2
        "before": "2027-03-28 01:30",
        "never": "2027-03-28 02:30",
        "after": "2027-03-28 03:30",
        "twice": "2027-10-31 02:30",
        "later": "2027-10-31 03:30",
    }
    book.write("eva.yaml", timed(moments))
    read = exported(book)
    starts = {note: read.event(note)["DTSTART"].dt for note in moments}
    assert starts == {
        "before": datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
        "never": datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        "after": datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        "twice": datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        "later": datetime(2027, 10, 31, 2, 30, tzinfo=UTC),
    }
    assert len(re.findall(rb"\r\nDTSTART:\d{8}T\d{6}Z\r\n", read.data)) == len(moments)
    for event in read.events:
        assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=30)


def test_rule_04_without_a_timezone_times_float_wherever_the_machine_is(book: AddressBook) -> None:
    book.write("eva.yaml", timed({"call": "2027-03-28 02:30"}))
    book.run("export", "ics")
    first = feed_of(book)
    assert b"\r\nDTSTART:20270328T023000\r\n" in first.data
    for zone in ("America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu"):
        forget()
        (book.folder / "follow-ups.ics").unlink()
        book.process("export", "ics", TZ=zone)
        assert feed_of(book).data == first.data


def test_rule_05_trouble_keeps_the_last_good_feed(book: AddressBook) -> None:
    book.write("eva.yaml", EVE)
    before = exported(book)
    book.write("eva.yaml", EVE + "follow_ups: [\n")
    export(book, code=1)
    assert feed_of(book).data == before.data


def test_rule_06_text_is_clean_before_it_is_written(book: AddressBook) -> None:
    book.write(
        "eva.yaml",
        'name: "Eva  \\tMalá "\nfollow_ups:\n  - {date: 2026-12-15, note: "a; b, c \\\\ d\\ne"}\n',
    )
    read = exported(book)
    assert read.summaries == ["Follow up with Eva Malá: a; b, c \\ d e"]
    assert b"a\\; b\\, c \\\\ d e" in read.data
    assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", read.data)


def test_rule_07_the_29th_of_february_is_the_last_day_of_february(book: AddressBook) -> None:
    born = {"1988": "--02-29", "known": "1988-02-29", "later": "2024-02-29"}
    for name, day in born.items():
        book.write(f"{name}.yaml", f"name: {name}\nbirthday: {day}\n")
    read = exported(book)
    assert len(read.events) == 3
    for event in read.events:
        rule = {"FREQ": ["YEARLY"], "BYMONTH": [2], "BYMONTHDAY": [-1]}
        assert dict(event["RRULE"]) == rule
        first = event["DTSTART"].dt
        assert (first.month, first.day) == (2, 29)
        assert first.year in (2000, 2024)
        assert event["DTEND"].dt == date(first.year, 3, 1)


@pytest.mark.parametrize("year", [2026, 2027, 2028, 2029])
def test_rule_07_the_neighbours_of_the_leap_day_are_plain(book: AddressBook, year: int) -> None:
    book.write("a.yaml", "name: Last\nbirthday: --02-28\n")
    book.write("b.yaml", "name: First\nbirthday: --03-01\n")
    read = exported(book, today=f"{year}-02-28")
    assert {event["RRULE"].to_ical() for event in read.events} == {b"FREQ=YEARLY"}
    assert read.event("Last")["DTSTART"].dt == date(2000, 2, 28)
    assert read.event("First")["DTSTART"].dt == date(2000, 3, 1)


def test_rule_08_events_only(book: AddressBook) -> None:
    book.write("eva.yaml", EVE)
    assert {part.name for part in exported(book).calendar.subcomponents} == {"VEVENT"}


def test_rule_09_lines_are_folded_between_characters_and_end_in_crlf(book: AddressBook) -> None:
    long = "Žluťoučký kůň úpěl ďábelské ódy 🎉 " * 12
    book.write(
        "eva.yaml", f"name: Eva 🎂 Malá\nfollow_ups:\n  - {{date: 2026-12-15, note: {long}}}\n"
    )
    read = exported(book)
    lines = read.data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert max(map(len, lines)) > 70
    assert all(line.decode("utf-8") is not None for line in lines)
    assert read.data.count(b"\n") == read.data.count(b"\r\n") == read.data.count(b"\r")
    assert long.strip() in str(read.events[0]["DESCRIPTION"])


def test_rule_10_all_day_events_end_on_the_next_day(book: AddressBook) -> None:
    book.write("eva.yaml", EVE)
    read = exported(book)
    assert read.event("new e-shop")["DTSTART"].to_ical() == b"20261215"
    assert read.event("new e-shop")["DTEND"].to_ical() == b"20261216"
    for event in read.events:
        assert event["DTSTART"].params["VALUE"] == event["DTEND"].params["VALUE"] == "DATE"
        assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=1)


def test_rule_13_two_thousand_contacts_stay_below_a_million_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(tmp_path / "many", 2000)
    many = AddressBook(tmp_path / "many", capsys)
    told = export(many).err
    read = feed_of(many)
    assert 900_000 < len(read.data) < 1_000_000
    (left_out,) = re.findall(r"(\d+) far ones left out to stay below 1 MB", told)
    assert f": {len(read.events)} events, {left_out} far" in told
    assert len(read.events) > 2000
    # Nobody who is due in the next two weeks is missing: the agenda knows who that is.
    due = json.loads(many.run("agenda", "--days", "14", "--format", "json").out)
    contacts = json.loads(many.run("list", "--format", "json").out)
    private = {row["id"] for row in contacts if row["visibility"] == "private"}
    wanted = {row["uid"] for row in due if row["contact"] not in private}
    assert len(wanted) > 1000
    assert wanted <= set(read.uids)
    # What is left out is farther than what is in.
    once = [event for event in read.events if "RRULE" not in event]
    days = [abs((to_day(event["DTSTART"].dt) - date(2026, 11, 22)).days) for event in once]
    assert max(days) < 92


def to_day(start: date) -> date:
    return start.date() if isinstance(start, datetime) else start


def test_rule_13_one_endless_note_leaves_room_for_the_others(book: AddressBook) -> None:
    book.write(
        "bore.yaml",
        f"name: Bore\nfollow_ups:\n  - {{date: 2026-11-23, note: {'blah ' * 200_000}}}\n",
    )
    book.write("eva.yaml", EVE)
    read = exported(book)
    assert len(read.data) < 20_000
    assert len(read.events) == 4


def test_rule_13_what_is_far_past_is_left_out(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "overdue: keep\n")
    entries = "".join(f"  - {{date: {year}-01-01, note: y{year}}}\n" for year in range(1990, 2030))
    book.write("eva.yaml", f"name: Eva\nmilestones:\n{entries}")
    assert exported(book).summaries == [f"Eva: y{year}" for year in range(2026, 2030)]


def test_rule_14_two_events_differ_in_more_than_their_uid(book: AddressBook) -> None:
    for name in ("one", "two"):
        book.write(f"{name}.yaml", "name: Eva\nfollow_ups: [{date: 2026-12-15, note: call}]\n")
    read = exported(book)
    bodies = [re.sub(rb"UID:.*\r\n", b"", block) for block in read.blocks.values()]
    assert len(bodies) == len(set(bodies)) == 2


def test_rule_15_alarms_only_where_somebody_asked_for_one(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\nfollow_ups:\n  - {date: 2026-12-15, note: quiet}\n"
               "  - {date: 2026-12-16, note: loud, remind: 1 day}\n")  # fmt: skip
    read = exported(book)
    assert read.event("quiet").subcomponents == []
    (alarm,) = read.event("loud").subcomponents
    assert (alarm.name, str(alarm["ACTION"])) == ("VALARM", "DISPLAY")
    assert str(alarm["DESCRIPTION"]) == "Follow up with Eva: loud"
    assert alarm["TRIGGER"].dt == timedelta(days=-1)


def test_rule_16_what_is_done_is_left_out(book: AddressBook) -> None:
    book.write("eva.yaml", EVE)
    assert "Follow up with Eva Malá: new e-shop" in exported(book).summaries
    book.write("eva.yaml", EVE.replace("note: new e-shop", "note: new e-shop, done: 2026-11-22"))
    read = exported(book)
    assert "Follow up with Eva Malá: new e-shop" not in read.summaries
    assert b"CANCELLED" not in read.data
    assert b"STATUS" not in read.data


def test_rule_17_at_least_one_component(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\n")
    first = exported(book)
    assert first.summaries == ["No follow-ups"]
    assert export(book).err.strip().endswith("0 events, unchanged")
    book.write("eva.yaml", EVE)
    assert len(exported(book).events) == 3
    book.write("eva.yaml", "name: Eva\nuid: 5c950095-1d5a-4237-bf9d-9d9011d9b888\n")
    assert exported(book).summaries == ["No follow-ups"]


def test_rule_18_the_calendar_says_its_name_and_how_often_to_come(book: AddressBook) -> None:
    book.write(
        "plaintextcrm.yaml", "feeds:\n  - {name: all, path: all.ics, title: 'Přátelé, a jiní'}\n"
    )
    book.write("eva.yaml", EVE)
    export(book)
    read = feed_of(book, "all.ics")
    head = read.text.partition("BEGIN:VEVENT")[0].split("\r\n")
    assert head == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//plaintextcrm//follow-ups//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Přátelé\\, a jiní",
        "X-WR-CALNAME:Přátelé\\, a jiní",
        "COLOR:teal",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "",
    ]
    assert b"METHOD" not in read.data
    for event in read.events:
        assert event["TRANSP"] == "TRANSPARENT"
        assert event["URL"] == "tel:+420601000111"
