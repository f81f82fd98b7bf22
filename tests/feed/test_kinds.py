"""Feeds of every sort: by kind, without names, of tasks, in other languages, in a person's own words."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from benchmarks.people import generate
from plaintextcrm.model.template import NAMES
from tests.clients import crowd
from tests.conftest import AddressBook

from .reading import EVE, JAN, STAMPS, Read, export, feed_of, forget

SORTS = {
    "all": "",
    "kinds": "kinds: [birthday, follow-up, promise]",
    "anonymous": "anonymous: yes",
    "todo": "todo: yes",
    "czech": "language: cs",
    "template": 'summary: "$name: $note", description: $kind',
    "alarm": "alarm: 1 day",
    "owner": "owner: jana",
    "query": "query: 'tag:vip'",
    "link": "link: command",
}
MORE = "owner: jana\ntags: [vip]\n"
PEOPLE = {"eva": EVE + MORE, "jan": JAN + MORE, "ada": EVE.replace("5c95", "6c95") + MORE}


def settle(book: AddressBook, sort: str, more: str = "people: [jana]\n") -> str:
    """Settings with one feed of a sort; its file, of tasks where the sort is that."""
    line = ", ".join(filter(None, ("name: f", SORTS.get(sort, sort))))
    book.write("plaintextcrm.yaml", f"{more}feeds:\n  - {{{line}}}\n")
    return "f-todo.ics" if sort == "todo" else "f.ics"


def parts_of(read: Read) -> list[Any]:
    return list(read.calendar.subcomponents)


def uids(read: Read) -> list[str]:
    return sorted(str(part["UID"]) for part in parts_of(read))


def made(book: AddressBook, sort: str, people: dict[str, str] = PEOPLE) -> tuple[str, Read]:
    """The feed of a sort: its file and what it says."""
    for name, text in people.items():
        book.write(f"{name}.yaml", text)
    name = settle(book, sort)
    export(book)
    return name, feed_of(book, name)


@pytest.mark.parametrize("sort", SORTS)
def test_f34_an_emptied_folder_keeps_every_feed(book: AddressBook, sort: str) -> None:
    name, before = made(book, sort)
    for file in (book.folder / "contacts").iterdir():
        file.unlink()
    for _time in range(2):
        answer = export(book, code=1)
        assert feed_of(book, name).data == before.data
        assert "kept as it was" in answer.err
        forget()


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("cache", ["kept", "deleted"])
@pytest.mark.parametrize("broken", ["name: [", EVE.replace("2026-12-15", "2026-99-15")])
def test_f31_a_broken_contact_changes_no_feed(
    book: AddressBook, sort: str, cache: str, broken: str
) -> None:
    people = {"jan": JAN + MORE, "ada": PEOPLE["ada"], "eva": re.sub("uid.*\n", "", EVE) + MORE}
    name, before = made(book, sort, people)
    book.write("eva.yaml", re.sub("uid.*\n", "", broken))
    if cache == "deleted":
        forget()
    for _time in range(2):
        export(book, code=1)
        assert feed_of(book, name).data == before.data


@pytest.mark.parametrize("sort", SORTS)
def test_uids_stay_in_every_feed(book: AddressBook, sort: str) -> None:
    name, before = made(book, sort)
    moved = PEOPLE["eva"].replace("Eva Malá", "Ivana Dvořáková").replace("2026-12-15", "2027-03-01")
    book.write("eva.yaml", moved.replace("1988-05-20", "--05-21"))
    (book.folder / "contacts/eva.yaml").rename(book.folder / "contacts/ivana.yaml")
    for _cache in range(2):
        export(book)
        assert uids(feed_of(book, name)) == uids(before)
        forget()
    assert all(re.fullmatch(r"[0-9a-f-]{33}@(todo\.)?plaintextcrm", uid) for uid in uids(before))


@pytest.mark.parametrize("sort", SORTS)
def test_f37_the_same_bytes_from_memory_and_from_nothing(book: AddressBook, sort: str) -> None:
    """What is remembered of rendered events counts for one language, template and sort only."""
    name, first = made(book, sort)
    for other in (*SORTS, sort):
        file = settle(book, other)
        (book.folder / file).unlink(missing_ok=True)
        export(book)
        if other == sort:
            assert feed_of(book, name).data == first.data
    forget()
    (book.folder / name).unlink()
    export(book)
    assert feed_of(book, name).data == first.data
    assert export(book).err.strip().endswith("unchanged")


@pytest.mark.parametrize("sort", SORTS)
def test_s14_private_contacts_are_in_no_sort_of_feed(book: AddressBook, sort: str) -> None:
    name, before = made(book, sort)
    book.write("secret.yaml", PEOPLE["eva"].replace("5c95", "7c95") + "visibility: private\n")
    export(book)
    assert feed_of(book, name).data == before.data


def test_rule_13_every_feed_of_two_thousand_contacts_fits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(tmp_path / "many", 2000)
    many = AddressBook(tmp_path / "many", capsys)
    sorts = {sort: line for sort, line in SORTS.items() if sort not in ("owner", "query")}
    feeds = [f"{{{', '.join(filter(None, (f'name: {s}', line)))}}}" for s, line in sorts.items()]
    settings = "timezone: Europe/Prague\ncadences: {client: 2 months}\nfeeds:\n  - "
    many.write("plaintextcrm.yaml", settings + "\n  - ".join(feeds) + "\n")
    export(many, code=many.run("check").code)
    assert len(list(many.folder.glob("*.ics"))) == len(sorts) + 1
    for file in many.folder.glob("*.ics"):
        data = file.read_bytes()
        assert len(data) <= 1_000_000
        assert len(re.findall(rb"\nBEGIN:(?:VEVENT|VTODO)\r", data)) > 1400, file


# by kind


def test_a_feed_of_some_kinds(book: AddressBook) -> None:
    made(book, "kinds: [birthday, promise]")
    assert {str(event["CATEGORIES"].cats[0]) for event in feed_of(book, "f.ics").events} == {
        "birthday", "promise",
    }  # fmt: skip
    settle(book, "kinds: nameday")
    export(book)
    assert feed_of(book, "f.ics").summaries == ["No follow-ups"]
    settle(book, "kinds: [birthdays]")
    answer = book.run("check")
    assert "error[bad-choice]: `birthdays` is no kind of reminder" in answer.out
    assert "did you mean `birthday`?" in answer.out


def test_f31_a_broken_contact_keeps_no_event_of_a_kind_that_is_not_wanted_now(
    book: AddressBook,
) -> None:
    made(book, "all")
    book.write("eva.yaml", "uid: 5c950095-1d5a-4237-bf9d-9d9011d9b888\nname: [")
    forget()
    settle(book, "kinds: [birthday]")
    export(book, code=1)
    assert feed_of(book, "f.ics").summaries == [
        "Birthday of Eva Malá (1988)", "Birthday of Eva Malá (1988)", "Birthday of Jan Novák",
    ]  # fmt: skip


def test_a_feed_by_owner_has_what_this_person_is_to_do(book: AddressBook) -> None:
    more = "owner: jana\nfollow_ups:\n  - {date: 2026-12-15, note: hers}\n"
    book.write("eva.yaml", f"name: Eva\n{more}  - {{date: 2026-12-16, note: his, owner: petr}}\n")
    feeds = "feeds: [{name: jana, owner: jana}, {name: petr, owner: petr}]\n"
    book.write("plaintextcrm.yaml", f"people: [jana, petr]\n{feeds}")
    export(book)
    assert feed_of(book, "jana.ics").summaries == ["Follow up with Eva: hers"]
    assert feed_of(book, "petr.ics").summaries == ["Follow up with Eva: his"]


# anonymous

SECRETIVE = """\
name: Ing. Eva Dolejšová
uid: 5c950095-1d5a-4237-bf9d-9d9011d9b888
organization: Kovotrest
birthday: 2001-05-20
phones: [+420 601 000 111]
emails: [eva@kovotrest.example]
cadence: {every: 6 weeks, channels: [sauna]}
tags: [vip]
interactions: [{date: 2026-10-14, channel: call, note: Rozvod}]
follow_ups: [{date: 2026-12-15, note: Alimenty, id: dluhy}]
promises: [{date: 2026-12-04, note: Žaloba, by: them}]
deals: [{name: Fúze, stage: lost, win_back: 2027-07-03, competitor: Ocelárny}]
feedback: [{date: 2026-12-01, about: Spokojenost}]
milestones: [{date: 2026-12-02, note: Propuštění}]
needs: [{date: 2027-Q1, note: Advokát}]
"""
WRITTEN = re.compile(
    "dolejš|eva|kovotrest|2001|601|example|sauna|rozvod|alimenty|dluhy|žaloba|fúze|ocelárny|"
    "spokojenost|propuštění|advokát|contacts/|yaml|5c950095",
    re.IGNORECASE,
)
EVERY_NAME = " ".join(f"${name}" for name in NAMES)


@pytest.mark.parametrize("language", ["en", "cs", "sk", "pl"])
@pytest.mark.parametrize("words", ["", f', summary: "{EVERY_NAME}", description: "{EVERY_NAME}"'])
@pytest.mark.parametrize("todo", ["", ", todo: yes", ", link: command"])
def test_s14_an_anonymous_feed_has_initials_and_nothing_that_was_written(
    book: AddressBook, language: str, words: str, todo: str
) -> None:
    book.write("eva-dolejsova.yaml", SECRETIVE)
    settle(book, f"anonymous: yes, language: {language}{words}{todo}", "channels: [sauna]\n")
    export(book)
    for file in book.folder.glob("*.ics"):
        read = Read(file)
        assert len(parts_of(read)) >= 6
        for part in parts_of(read):
            assert "I. E. D." in part["SUMMARY"]
            assert part.get("URL", "pcrm:").startswith("pcrm:")
        text = read.text.replace("\r\n ", "")
        assert not WRITTEN.search(re.sub(r"UID:.*|pcrm[: /][\w/ ]*", "", text))
        assert not re.search("eva|dolej|sauna", text, re.IGNORECASE)


def test_s14_names_of_any_script_give_initials(book: AddressBook) -> None:
    names = {
        "李小龍": "李.", "žofie příšerně-žluťoučká": "Ž. P.", "Emoji 🎂 🥳": "E.", "🎂": "…",
        "o\u0301scar z\u030cák": "Ó. Ž.", "A B C D E": "A. B. C.", "3M Česko": "M. Č.", "$who": "W.",
    }  # fmt: skip
    for number, name in enumerate(names):
        book.write(
            f"n{number}.yaml", f"name: {crowd.quoted(name)}\nnameday: --12-{number + 1:02}\n"
        )
    settle(book, "anonymous: yes")
    export(book)
    told = [str(event["SUMMARY"]) for event in feed_of(book, "f.ics").events]
    assert sorted(told) == sorted(f"Name day of {initials}" for initials in names.values())


def test_s14_two_people_of_the_same_initials_do_not_look_alike(book: AddressBook) -> None:
    for number in range(3):
        book.write(f"e{number}.yaml", "name: Eva Malá\nbirthday: --05-20\n")
    settle(book, 'anonymous: yes, description: "x", summary: "x"')
    export(book)
    assert len({str(event["DESCRIPTION"]) for event in feed_of(book, "f.ics").events}) == 3


@pytest.mark.parametrize("cache", ["kept", "deleted"])
def test_s14_a_feed_that_becomes_anonymous_forgets_names_even_of_broken_contacts(
    book: AddressBook, cache: str
) -> None:
    _name, before = made(book, "all")
    assert "Eva" in before.text
    book.write("eva.yaml", EVE + "follow_ups: [\n")
    if cache == "deleted":
        forget()
    settle(book, "anonymous")
    export(book, code=1)
    read = feed_of(book, "f.ics")
    assert not re.search("eva|malá|contacts/", read.text, re.IGNORECASE)
    assert len(read.events) == (7 if cache == "kept" else 4)
    assert uids(read) == uids(before) or cache == "deleted"


# tasks


def test_rule_08_tasks_lie_in_a_feed_of_their_own(book: AddressBook) -> None:
    timed = EVE.replace("note: new", "time: 09:30, remind: 30 min, note: new")
    book.write(
        "eva.yaml", f"{timed}cadence: 1 month\nmilestones: [{{date: 2026-12-24, note: x}}]\n"
    )
    answer = (settle(book, "todo: yes, title: Jana", "timezone: Europe/Prague\n"), export(book))[1]
    assert [line.rpartition("/")[2] for line in answer.err.splitlines()] == [
        "f.ics: 5 events",
        "f-todo.ics: 3 events",
    ]
    assert {part.name for part in parts_of(feed_of(book, "f.ics"))} == {"VEVENT"}
    read = feed_of(book, "f-todo.ics")
    assert str(read.calendar["X-WR-CALNAME"]) == "Jana (to do)"
    tasks = {str(task["SUMMARY"]): task for task in read.calendar.todos}
    assert sorted(tasks) == [
        "Follow up with Eva Malá: new e-shop",
        "Keep in touch with Eva Malá",
        "Promised to Eva Malá: send two references",
    ]
    timed_task = tasks["Follow up with Eva Malá: new e-shop"]
    assert timed_task["DUE"].to_ical() == b"20261215T083000Z"
    (alarm,) = timed_task.subcomponents
    assert alarm["TRIGGER"].params["RELATED"] == "END"
    assert tasks["Promised to Eva Malá: send two references"]["DUE"].to_ical() == b"20261204"
    assert not any(set(task) & {"DTSTART", "DTEND", "TRANSP", "RRULE"} for task in tasks.values())
    assert not set(uids(read)) & set(feed_of(book, "f.ics").uids)


def test_rule_02_tasks_keep_their_stamps_until_they_change(book: AddressBook) -> None:
    name, before = made(book, "todo")
    book.write("eva.yaml", PEOPLE["eva"].replace("2026-12-15", "2026-12-16"))
    export(book)
    old = {str(task["UID"]): [task[key].to_ical() for key in STAMPS] for task in parts_of(before)}
    new = {str(task["UID"]): task for task in parts_of(feed_of(book, name))}
    changed = [uid for uid in old if [new[uid][key].to_ical() for key in STAMPS] != old[uid]]
    assert [str(new[uid]["SUMMARY"]) for uid in changed] == ["Follow up with Eva Malá: new e-shop"]
    assert new[changed[0]]["SEQUENCE"] == 1


def test_rule_17_a_list_of_no_tasks_has_one_that_is_done(book: AddressBook) -> None:
    book.write("jan.yaml", JAN)
    name = settle(book, "todo")
    export(book)
    (task,) = feed_of(book, name).calendar.todos
    assert (str(task["SUMMARY"]), str(task["STATUS"])) == ("No follow-ups", "COMPLETED")
    assert export(book).err.splitlines()[1].endswith("f-todo.ics: 0 events, unchanged")


def test_two_feeds_may_not_write_one_list_of_tasks(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "feeds: [{name: a, todo: yes}, {name: a-todo}]\n")
    answer = book.run("check")
    assert "plaintextcrm.yaml:1:1: error[bad-path]: two feeds write the same file" in answer.out


# alarms, languages, templates


def test_rule_15_an_alarm_for_all_that_have_none(book: AddressBook) -> None:
    own = EVE.replace("note: new", "remind: 2 hours, note: new")
    made(book, "alarm: 15 hours", {"eva": own})
    read = feed_of(book, "f.ics")
    triggers = {
        str(event["SUMMARY"]): event.subcomponents[0]["TRIGGER"].to_ical() for event in read.events
    }
    assert triggers == {
        "Birthday of Eva Malá (1988)": b"-PT15H",
        "Follow up with Eva Malá: new e-shop": b"-PT2H",
        "Promised to Eva Malá: send two references": b"-PT15H",
    }


CZECH = """\
Eva Malá
+420 601 000 111
eva@mala.example
2027-05-20: 39 let

Slíbili jsme do 2026-12-04: send two references

2026-10-14 hovor: Budget goes to the board

Více: pcrm show eva

contacts/eva.yaml"""


def test_the_texts_of_a_feed_are_in_its_language(book: AddressBook) -> None:
    made(book, "language: cs", {"eva": EVE})
    read = feed_of(book, "f.ics")
    assert read.summaries == [
        "Narozeniny – Eva Malá (1988)",
        "Náš slib – Eva Malá: send two references",
        "Ozvat se – Eva Malá: new e-shop",
    ]
    assert str(read.event("Narozeniny")["DESCRIPTION"]) == CZECH
    assert b"PRODID:-//plaintextcrm//follow-ups//CS\r\n" in read.data
    for language, words in {"sk": "39 rokov", "pl": "39 lat", "en": "turns 39"}.items():
        settle(book, f"language: {language}")
        export(book)
        event = feed_of(book, "f.ics").event("1988")
        assert f"2027-05-20: {words}" in str(event["DESCRIPTION"]).splitlines()


def test_a_changed_template_is_a_changed_event(book: AddressBook) -> None:
    _name, before = made(book, "all", {"eva": EVE, "jan": JAN})
    settle(book, 'summary: "$title[ ($year)]"')
    export(book)
    assert feed_of(book, "f.ics").data == before.data, "this is the usual one"
    settle(book, 'summary: "$kind: $who[ – $note]"')
    export(book)
    read = feed_of(book, "f.ics")
    assert read.summaries == [
        "Birthday: Eva Malá",
        "Birthday: Jan Novák",
        "Follow-up: Eva Malá – new e-shop",
        "Promise: Eva Malá – send two references",
    ]
    assert uids(read) == uids(before)
    assert {int(event["SEQUENCE"]) for event in read.events} == {1}
    settle(book, 'summary: "$kind: $who[ – $note]", description: "$phone\\n$note\\n$email"')
    export(book)
    event = feed_of(book, "f.ics").event("new e-shop")
    assert event["SEQUENCE"] == 2
    told = "+420 601 000 111\nnew e-shop\neva@mala.example\ncontacts/eva.yaml"
    assert str(event["DESCRIPTION"]) == told
    settle(book, "summary: $phone")  # where it says nothing, the usual title stands
    export(book)
    assert "Birthday of Jan Novák" in feed_of(book, "f.ics").summaries


def test_s07_a_wrong_template_is_an_error_with_its_place_and_keeps_the_feed(
    book: AddressBook,
) -> None:
    _name, before = made(book, "template")
    book.write("plaintextcrm.yaml", "feeds:\n  - name: f\n    summary: $who – ${note.__class__}\n")
    answer = export(book, code=1)
    assert (
        "plaintextcrm.yaml:3:21: error[bad-template]: ${note.__class__} is no value" in answer.err
    )
    assert feed_of(book, "f.ics").data == before.data


@pytest.mark.parametrize("text", ["{0.__class__}", "%(x)s %n", "$who ${name} $$", "[$note]", "*"])
def test_s07_texts_of_a_contact_are_no_templates(book: AddressBook, text: str) -> None:
    quoted = json.dumps(text)
    book.write("eva.yaml", f"name: {quoted}\nfollow_ups: [{{date: 2026-12-15, note: {quoted}}}]\n")
    settle(book, 'summary: "$note", description: "$title\\n$name"')
    export(book)
    (event,) = feed_of(book, "f.ics").events
    assert str(event["SUMMARY"]) == text
    assert str(event["DESCRIPTION"]).startswith(f"Follow up with {text}: {text}\n{text}\n")


def test_s05_a_backslash_before_any_letter_is_only_a_backslash(book: AddressBook) -> None:
    note = r"C:\New\nice\,\;\\N \n"
    book.write("eva.yaml", f"name: Eva\nfollow_ups: [{{date: 2026-12-15, note: '{note}'}}]\n")
    export(book)
    assert feed_of(book).summaries == [f"Follow up with Eva: {note}"]


def test_s05_ten_thousand_texts_of_any_characters_come_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crowd.write(tmp_path / "book")
    book = AddressBook(tmp_path / "book", capsys)
    export(book)
    notes = crowd.notes_of_persons()
    assert sum(map(len, notes)) == crowd.TEXTS
    for place, owner in enumerate(crowd.BEARERS):
        told = feed_of(book, f"{owner}.ics").summaries
        assert told == sorted(
            _title(owner, f"{crowd.NAME} {number}", note)
            for number in range(place, crowd.PERSONS, 5)
            for note in notes[number]
        )


PATTERNS = {
    "f0": "Follow up with {who}: {note}",
    "f1": "Ozvat se – {who}: {note}",
    "f2": "{note} · {who} {note}",
    "f3": "Follow up with {who}: {note}",
    "f4": "Odezwać się – {who}: {note}",
}


def _title(owner: str, who: str, note: str) -> str:
    """The title, written down again by hand."""
    words = " ".join(note.split())
    return PATTERNS[owner].format(who=who, note=words).removesuffix(": ").strip()


# the command that closes it


def run_told(book: AddressBook, event: Any, *more: str) -> int:
    """Run the command that an event tells, as a terminal would."""
    (command,) = re.findall(r"^\w+: pcrm (.*)$", str(event["DESCRIPTION"]), re.MULTILINE)
    return book.run(*shlex.split(command), *more).code


@pytest.mark.parametrize("sort", ["all", "anonymous", "todo", "czech"])
def test_the_command_of_an_event_closes_this_one_whatever_came_since(
    book: AddressBook, sort: str
) -> None:
    entries = "".join(f"  - {{date: 2026-12-{day}, note: call}}\n" for day in (15, 16, 17))
    book.write("eva.yaml", f"name: Eva Malá\nfollow_ups:\n{entries}")
    name = settle(book, sort)
    export(book)
    key = "DUE" if sort == "todo" else "DTSTART"
    (second,) = [
        part for part in parts_of(feed_of(book, name)) if part[key].to_ical() == b"20261216"
    ]
    first = "  - {date: 2026-11-23, note: first of all}\n"
    file = book.write("eva.yaml", f"name: Eva Nová\nfollow_ups:\n{first}{entries}")
    assert run_told(book, second, "--date", "2026-11-22") == 0
    assert file.read_text() == f"name: Eva Nová\nfollow_ups:\n{first}{entries}".replace(
        "2026-12-16, note: call}", "2026-12-16, note: call, done: 2026-11-22}"
    )
    assert run_told(book, second) == 2, "it is closed: no other one is"
    export(book)
    assert len(parts_of(feed_of(book, name))) == 3


@pytest.mark.parametrize("sort", ["all", "anonymous"])
def test_every_kind_of_event_tells_a_command_that_works(book: AddressBook, sort: str) -> None:
    book.write("eva-mala.yaml", re.sub("(?m)^(cadence|name):.*", "", SECRETIVE) + "name: Eva\n"
               "cadence: 1 month\nnameday: --12-24\n")  # fmt: skip
    settle(book, sort)
    export(book)
    kinds = {}
    for event in feed_of(book, "f.ics").events:
        kind = str(event["CATEGORIES"].cats[0])
        kinds[kind] = str(event["DESCRIPTION"]).split("pcrm ")[1].split()[0]
        assert run_told(book, event, *(["We talked"] if kind == "keep-in-touch" else [])) == 0, kind
    assert kinds == {
        "birthday": "show", "nameday": "show", "keep-in-touch": "log", "follow-up": "done",
        "promise": "done", "win-back": "done", "feedback": "done", "milestone": "done",
        "need": "done",
    }  # fmt: skip
    export(book)
    assert {str(event["CATEGORIES"].cats[0]) for event in feed_of(book, "f.ics").events} == {
        "birthday", "nameday", "keep-in-touch",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["$(touch x)", "-rf", "a b", "`id`", "a;b", "a'b", "a&b", "*", "~"]
)
def test_s17_s18_a_command_holds_no_word_that_a_terminal_may_take_amiss(
    book: AddressBook, name: str
) -> None:
    file = book.write(f"{name}.yaml", "name: Eva\nfollow_ups: [{date: 2026-12-15, note: $(id)}]\n")
    settle(book, "link: command")
    export(book)
    (event,) = feed_of(book, "f.ics").events
    (command,) = re.findall(r"^Done: pcrm (.*)$", str(event["DESCRIPTION"]), re.MULTILINE)
    assert re.fullmatch("done [0-9a-f]{8} [0-9a-f]{6}", command)
    assert str(event["URL"]) == f"pcrm:{command.replace(' ', '/')}"
    assert run_told(book, event) == 0
    assert "done: 2026-11-22" in file.read_text()


def test_a_tap_opens_a_call_or_the_command(book: AddressBook) -> None:
    book.write("jan.yaml", "name: Jan\nfollow_ups: [{date: 2026-12-15, note: x}]\n")
    made(book, "all", {"eva": EVE})
    urls = {str(e["SUMMARY"]): str(e.get("URL")) for e in feed_of(book, "f.ics").events}
    assert urls["Follow up with Eva Malá: new e-shop"] == "tel:+420601000111"
    assert re.fullmatch("pcrm:done/jan/[0-9a-f]{6}", urls["Follow up with Jan: x"])
    made(book, "link", {"eva": EVE})
    urls = {str(e["SUMMARY"]): str(e.get("URL")) for e in feed_of(book, "f.ics").events}
    assert re.fullmatch("pcrm:done/eva/[0-9a-f]{6}", urls["Follow up with Eva Malá: new e-shop"])
    assert urls["Birthday of Eva Malá (1988)"] == "pcrm:show/eva"
