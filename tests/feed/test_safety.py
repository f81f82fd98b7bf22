"""What a contact file says never becomes more than text in a feed, and what is private never gets there."""

import json
import os
import re
import stat
from pathlib import Path

import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintextcrm.feed.event import clean
from tests.conftest import AddressBook

from .reading import ADA, EVE, JAN, Read, export, exported, feed_of, forget

INJECTION = r"x\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:evil\nATTACH:https://evil.example\nEND:VEVENT\n"
NASTY = {
    "escaped newline": r'"a\nBEGIN:VEVENT\nSUMMARY:evil"',
    "escaped return": r'"a\rBEGIN:VEVENT\rSUMMARY:evil"',
    "crlf": r'"a\r\nEND:VEVENT\r\nBEGIN:VEVENT"',
    "whole event": f'"{INJECTION}"',
    "separators": r"'a;b,c\d:e\n\,\;'",
    "line separator": r'"a\u2028BEGIN:VEVENT"',
    "paragraph separator": r'"a\u2029BEGIN:VEVENT"',
    "next line": r'"a\u0085BEGIN:VEVENT"',
    "nul": r'"a\0BEGIN:VEVENT"',
    "escape": r'"a\e[2JBEGIN:VEVENT"',
    "folding": r'"a\n BEGIN:VEVENT\n\tX"',
    "property": "'SUMMARY;X=\"y\":evil'",
}
FILE = """\
name: {0}
department: {0}
emails: [{0}]
phones: [{0}]
tags: [{0}]
interactions: [{{date: 2026-10-01, channel: call, note: {0}}}]
promises: [{{date: 2026-12-04, note: {0}, id: {0}}}]
follow_ups: [{{date: 2026-12-15, note: {0}, id: {0}}}]
milestones: [{{date: 2026-12-16, note: {0}}}]
"""
PROPERTIES = {
    "BEGIN", "SUMMARY", "DTSTART", "DTEND", "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE",
    "CATEGORIES", "DESCRIPTION", "TRANSP", "URL", "END",
}  # fmt: skip


def names_of_lines(block: bytes) -> list[str]:
    """The property of each line, as a strict reader sees it."""
    unfolded = block.replace(b"\r\n ", b"").decode()
    return [re.split("[:;]", line)[0] for line in re.split(r"\r\n|\r|\n", unfolded)[:-1]]


def check_form(read: Read) -> None:
    """The form that all readers want: folded lines with CRLF, nothing that cannot be seen."""
    assert max(map(len, read.data.split(b"\r\n"))) <= 75
    assert read.data.count(b"\n") == read.data.count(b"\r") == read.data.count(b"\r\n")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]", read.text)
    for block in read.blocks.values():
        names = names_of_lines(block)
        assert set(names) <= PROPERTIES | {"RRULE"}
        assert len(names) == len(set(names))
        assert names[0] == "BEGIN"
        assert names[-1] == "END"


@pytest.mark.parametrize("how", NASTY)
def test_s05_no_text_of_a_contact_becomes_a_line_of_the_feed(book: AddressBook, how: str) -> None:
    book.write("nasty.yaml", FILE.format(NASTY[how]))
    book.write("jan.yaml", JAN)
    answer = book.run("export", "ics")
    assert answer.code in (0, 1)
    read = feed_of(book)
    check_form(read)
    assert len(read.blocks) == len(read.events) == read.data.count(b"\r\nBEGIN:VEVENT\r\n")
    assert len(read.events) <= 4
    assert "evil" not in read.summaries
    assert not any("ATTACH" in event for event in read.events)
    assert "Birthday of Jan Novák" in read.summaries
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", answer.err)


@pytest.mark.parametrize("word", ["BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR", "SEQUENCE:7"])
def test_s05_words_of_the_format_at_the_end_of_a_folded_line(book: AddressBook, word: str) -> None:
    notes = "".join(
        f"  - {{date: 2026-12-15, note: '{'x' * length}{word} UID:{length} {word}'}}\n"
        for length in range(80)
    )
    book.write("eva.yaml", f"name: Eva\nfollow_ups:\n{notes}")
    first = exported(book)
    assert len(first.events) == len(first.blocks) == 80
    (book.folder / "contacts/jan.yaml").write_text(JAN)
    second = exported(book)
    assert {uid: second.blocks[uid] for uid in first.blocks} == first.blocks


@pytest.mark.parametrize("name", ["a;b,c\\d:e", "N;X=y:z", "BEGIN:VEVENT", "\\n", "'\"\\;"])
def test_s05_signs_of_the_format_come_back_as_they_were(book: AddressBook, name: str) -> None:
    quoted = "'" + name.replace("'", "''") + "'"
    book.write("eva.yaml", f"name: {quoted}\nfollow_ups: [{{date: 2026-12-15, note: {quoted}}}]\n")
    read = exported(book)
    assert read.summaries == [f"Follow up with {name}: {name}"]
    done = f"Done: pcrm done eva {str(read.events[0]['UID'])[17:23]}"
    assert str(read.events[0]["DESCRIPTION"]) == f"{name}\n\n{done}\n\ncontacts/eva.yaml"


REACHES = {
    "+420 601 000 111": "tel:+420601000111",
    "(541) 000-100": "tel:541000100",
    "+44 (0) 20 7946 0000": None,
    "601 000 111 / 112": None,
    "601000111;ext=5": None,
    "tel:evil": None,
    "eva@mala.example": "mailto:eva@mala.example",
    "eva@mala.example?bcc=all@evil.example": None,
    "eva@mala.example&body=x": None,
    "e%0Ava@mala.example": None,
    "javascript:alert(1)@x.example": None,
    "a,b@mala.example": None,
}


@pytest.mark.parametrize("reach", REACHES)
def test_s05_a_link_opens_a_call_or_a_mail_and_nothing_else(book: AddressBook, reach: str) -> None:
    field = "emails" if "@" in reach else "phones"
    book.write("eva.yaml", f"name: Eva\nnameday: --12-24\n{field}: ['{reach}']\n")
    book.run("export", "ics")
    (event,) = feed_of(book).events
    assert event.get("URL") == REACHES[reach]


def test_s05_file_and_folder_names_are_only_text(book: AddressBook) -> None:
    book.write("contacts/a\nBEGIN:VEVENT\n/b;c,d\re\v\f\x1c\x85\u2028f\x1b.yaml", JAN)
    book.run("export", "ics")
    read = feed_of(book)
    check_form(read)
    assert read.summaries == ["Birthday of Jan Novák"]


def test_s05_a_feeds_title_is_only_text(book: AddressBook) -> None:
    title = r'"T\nMETHOD:CANCEL"'
    book.write("plaintextcrm.yaml", f"feeds: [{{name: a, path: a.ics, title: {title}}}]\n")
    book.write("jan.yaml", JAN)
    book.run("export", "ics")
    (found,) = book.folder.glob("*.ics")
    read = Read(found)
    check_form(read)
    assert "METHOD" not in read.calendar


ANY_TEXT = st.text(st.characters(codec=None), max_size=120)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(name=ANY_TEXT, note=ANY_TEXT)
def test_s05_any_unicode_text_comes_back_clean(book: AddressBook, name: str, note: str) -> None:
    book.write("any.yaml", f"name: {json.dumps(name)}\nnotes: x\nfollow_ups:\n"
               f"  - {{date: 2026-12-15, note: {json.dumps(note)}}}\n")  # fmt: skip
    feed = book.folder / "follow-ups.ics"
    feed.unlink(missing_ok=True)
    answer = book.run("export", "ics")
    assert answer.code in (0, 1)
    read = feed_of(book)
    check_form(read)
    for event in read.events:
        if answer.code == 0 and "Follow up" in str(event["SUMMARY"]):
            shown = " ".join(clean(note).split())
            who = " ".join(clean(name).split())
            whole = f"Follow up with {who}: {shown}" if shown else f"Follow up with {who}"
            assert str(event["SUMMARY"]) in (whole, f"{whole[:199]}…")


def test_s06_control_characters_reach_neither_feed_nor_terminal(book: AddressBook) -> None:
    book.write(
        "esc.yaml", 'name: "E\\e]0;evil\\a va"\nfollow_ups: [{date: 2026-12-15, note: "\\e[31m"}]\n'
    )
    book.write("raw.yaml", b"name: R\x1b[2Jaw\nbirthday: --01-02\n")
    book.write("bidi.yaml", "name: Eva\nfollow_ups: [{date: 2026-12-15, note: \u202eevil\u2066}]\n")
    answer = book.run("export", "ics")
    assert answer.code == 1
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2066]", answer.err + answer.out)
    check_form(feed_of(book))


SECRET = """\
name: Secret Person
uid: 7a3d4c51-9f3e-4f0c-8a52-0d8f3e0c9b13
visibility: private
birthday: 1970-01-02
interactions: [{date: 2026-11-23, channel: call, note: hidden talk}]
follow_ups: [{date: 2026-12-15, note: hidden plan}]
"""
WORDS = re.compile("secret|hidden", re.IGNORECASE)


def friend(more: str) -> str:
    return f"name: Friend\nnameday: --12-24\n{more}\n"


def test_s14_private_contacts_are_in_no_feed_and_no_message(book: AddressBook) -> None:
    book.write("secret-person.yaml", SECRET)
    book.write("a.yaml", friend("organization: secret-person"))
    book.write("b.yaml", friend("related: [{contact: secret-person, type: spouse}]"))
    book.write("c.yaml", friend("introduced_by: secret-person"))
    book.write("d.yaml", friend("interactions: [{date: 2026-01-01, with: secret-person, note: x}]"))
    book.write("e.yaml", friend("referrals: [{date: 2026-01-01, note: x, to: secret-person}]"))
    answer = export(book)
    read = feed_of(book)
    assert read.summaries == ["Name day of Friend"] * 5
    assert not WORDS.search(read.text)
    assert not WORDS.search(answer.out + answer.err)
    assert not WORDS.search(export(book, "-o", "-").out)


@pytest.mark.parametrize("cache", ["kept", "deleted"])
def test_s14_a_contact_that_becomes_private_leaves_the_feed_even_while_it_is_broken(
    book: AddressBook, cache: str
) -> None:
    public = SECRET.replace("visibility: private\n", "")
    book.write("s.yaml", public)
    book.write("jan.yaml", JAN)
    assert len(exported(book).events) == 3
    for text in (
        SECRET.replace("2026-12-15", "2026-99-15"),
        SECRET + "follow_ups: [\n",
        SECRET.replace("visibility: private", "visibility: Private"),
    ):
        book.write("s.yaml", text)
        if cache == "deleted":
            forget()
        for today in ("2026-11-22", "2026-11-23"):
            answer = export(book, code=1, today=today)
            assert feed_of(book).summaries == ["Birthday of Jan Novák"]
            assert not WORDS.search(answer.err + feed_of(book).text)
    book.write("s.yaml", public)
    assert len(exported(book).events) == 3


def test_s14_a_private_contact_that_breaks_stays_private(book: AddressBook) -> None:
    book.write("s.yaml", SECRET)
    book.write("a.yaml", friend("organization: s"))
    exported(book)
    for text in (SECRET + "follow_ups: [\n", SECRET.replace("1970", "hidden"), "\0" * 20, ""):
        book.write("s.yaml", text)
        answer = export(book, code=1)
        assert feed_of(book).summaries == ["Name day of Friend"]
        assert not WORDS.search(feed_of(book).text + answer.err)


@pytest.mark.parametrize("texts", [(SECRET, ADA), (ADA, SECRET)])
def test_s14_two_contacts_of_one_id_one_of_them_private(
    book: AddressBook, texts: tuple[str, str]
) -> None:
    for folder, text in zip("xy", texts, strict=True):
        book.write(f"contacts/{folder}/firm.yaml", text)
    book.write("a.yaml", friend("organization: firm"))
    book.run("export", "ics")
    assert not WORDS.search(feed_of(book).text)


def test_s22_a_new_feed_is_for_its_owner_alone(book: AddressBook) -> None:
    book.write("eva.yaml", EVE)
    before = os.umask(0)
    try:
        export(book)
        export(book, "-o", str(book.folder / "other.ics"))
    finally:
        os.umask(before)
    feed = book.folder / "follow-ups.ics"
    assert stat.S_IMODE(feed.stat().st_mode) == 0o600
    assert stat.S_IMODE((book.folder / "other.ics").stat().st_mode) == 0o600
    for path in Path(os.environ["XDG_CACHE_HOME"]).rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    feed.chmod(0o644)  # somebody shares it: that stays
    book.write("jan.yaml", JAN)
    export(book)
    assert stat.S_IMODE(feed.stat().st_mode) == 0o644


def test_s03_the_output_is_never_a_contact_nor_any_other_file(
    book: AddressBook, tmp_path: Path
) -> None:
    contact = book.write("eva.yaml", EVE)
    link, pipe, folder = tmp_path / "link.ics", tmp_path / "pipe", tmp_path / "folder"
    link.symlink_to(contact)
    os.mkfifo(pipe)
    folder.mkdir()
    loop = tmp_path / "loop.ics"
    loop.symlink_to(loop)
    hard = tmp_path / "hard.ics"
    os.link(contact, hard)
    for target in (contact, link, pipe, folder, loop, hard, "/dev/null", tmp_path / "none/a.ics"):
        answer = export(book, "-o", str(target), code=3)
        assert "not written" in answer.err, target
        assert contact.read_text() == EVE
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert list(folder.iterdir()) == []


def test_s03_a_linked_folder_does_not_lead_a_feed_out(book: AddressBook, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (book.folder / "public").symlink_to(outside)
    book.write("eva.yaml", EVE)
    for path in ("public/a.ics", "../a.ics", "/tmp/a.ics", "contacts/a.ics", ".git/a.ics"):
        book.write("plaintextcrm.yaml", f"feeds: [{{name: a, path: {path}}}]\n")
        forget()
        answer = book.run("export", "ics")
        assert answer.code in (1, 3)
        assert list(outside.iterdir()) == []
        assert not (book.folder.parent / "a.ics").exists()
        assert not list((book.folder / "contacts").glob("*.ics"))


def test_s03_a_link_in_the_place_of_the_feed_is_not_followed(book: AddressBook) -> None:
    contact = book.write("eva.yaml", EVE)
    (book.folder / "follow-ups.ics").symlink_to(contact)
    answer = export(book, code=3)
    assert "it is a link" in answer.err
    assert contact.read_text() == EVE


def test_s05_the_feed_reads_back_line_by_line_as_vdirsyncer_does(book: AddressBook) -> None:
    book.write(
        "eva.yaml",
        'name: "E\\u000b\\u000c\\u001c\\u001d\\u001e\\u0085\\u2028va"\nbirthday: --01-01\n',
    )
    book.write("jan.yaml", JAN)
    book.run("export", "ics")
    read = feed_of(book)
    assert read.text.splitlines() == read.text.removesuffix("\r\n").split("\r\n")
    assert icalendar.Calendar.from_ical(read.data).events
