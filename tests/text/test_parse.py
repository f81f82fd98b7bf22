"""A whole contact file and the settings: all problems at once, and what private contacts keep secret."""

from dataclasses import fields
from datetime import date, timedelta

import pytest

from plaintextcrm.model.contact import Contact
from plaintextcrm.model.dates import Duration
from plaintextcrm.model.problem import Problem
from plaintextcrm.model.settings import FeedSettings, Settings, Stage
from plaintextcrm.text.fields import CONTACT_FIELDS, DECLARED, SETTINGS_FIELDS, contact_fields
from plaintextcrm.text.parse import Parsed, contact_id, parse_contact, parse_settings, uid_in
from tests.conftest import PROJECT, TODAY, AddressBook

DAY = date.fromisoformat(TODAY)


def parse(text: str | bytes, settings: Settings | None = None) -> Parsed:
    data = text if isinstance(text, bytes) else text.encode()
    return parse_contact(data, "contacts/eva.yaml", settings or Settings(), DAY)


def where(problems: tuple[Problem, ...]) -> list[tuple[int, int, str]]:
    return [(problem.place.line, problem.place.column, problem.code) for problem in problems]


BAD = """\
name: Eva Malá
status: cliet
birthday: 24.12.1986
folow_ups:
  - date: 2026-12-01
emails: eva@mala.example
interactions:
  - {date: 2026-01-01, channel: phone, time: 2pm}
  - {note: no day}
cadence: monthly
follow_ups:
  - date: 2026-02-30
    note: "bell\\a"
    tags: [a]
  - call him
deals: [{value: lots, stage: loss}]
uid: 5
photo: ../../etc/passwd
"""


def test_all_problems_of_a_file_in_the_order_of_the_file() -> None:
    assert where(parse(BAD).problems) == [
        (2, 9, "bad-choice"),
        (3, 11, "bad-date"),
        (4, 1, "unknown-field"),
        (6, 9, "wrong-shape"),
        (8, 33, "bad-choice"),
        (8, 46, "bad-time"),
        (9, 5, "missing-field"),
        (10, 10, "bad-duration"),
        (12, 11, "bad-date"),
        (13, 11, "control-character"),
        (14, 5, "unknown-field"),
        (15, 5, "wrong-shape"),
        (16, 17, "bad-money"),
        (16, 30, "bad-choice"),
        (17, 6, "bad-uuid"),
        (18, 8, "bad-path"),
    ]


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_f10_the_same_places_with_byte_order_mark_and_crlf(end: str) -> None:
    changed = "\ufeff" + BAD.replace("\n", end)
    assert where(parse(changed).problems) == where(parse(BAD).problems)


def test_a_contact_with_errors_keeps_what_could_be_read() -> None:
    parsed = parse(BAD)
    assert not parsed.good
    assert parsed.contact is not None
    assert parsed.contact.name == "Eva Malá"
    assert (parsed.contact.status, parsed.contact.birthday) == ("", None)
    assert [talk.line for talk in parsed.contact.interactions] == [8]


def test_a_sound_contact() -> None:
    text = (PROJECT / "contacts/acme/eva-mala.yaml").read_bytes()
    settings, problems = parse_settings((PROJECT / "plaintextcrm.yaml").read_bytes(), "x")
    assert problems == ()
    parsed = parse_contact(text, "contacts/acme/eva-mala.yaml", settings, DAY)
    assert parsed.problems == ()
    assert parsed.good
    assert parsed.contact is not None
    assert parsed.contact.id == "eva-mala"
    assert parsed.contact.lines["name"] == 2
    assert parsed.contact.more == {"x_coffee": "flat white, oat milk"}
    assert {mark.kind for mark in parsed.marks} == {"uid", "email", "contact", "mention"}


def test_every_field_of_the_table_has_a_place_in_the_contact() -> None:
    known = set(Contact._fields) - {"id", "path", "lines", "more"}
    assert {field.target for field in CONTACT_FIELDS} == known
    assert {field.target for field in SETTINGS_FIELDS} == {f.name for f in fields(Settings)}


# Names


@pytest.mark.parametrize("text", ["status: client\n", "name:\nstatus: client\n", 'name: ""\n'])
def test_a_contact_without_a_name(text: str) -> None:
    parsed = parse(text)
    assert parsed.contact is None
    (problem,) = parsed.problems
    assert (problem.code, problem.hint) == ("missing-name", "add `name: …`")


def test_a_wrong_name_is_one_problem() -> None:
    assert where(parse("name: [Eva]\n").problems) == [(1, 7, "wrong-shape")]


def test_an_id_is_the_same_however_the_disk_spells_it() -> None:
    assert contact_id("contacts/a/mal\u00e1.yaml") == contact_id("contacts/mala\u0301.yml")


def test_a_broken_file_still_shows_its_uid() -> None:
    uid = "2f1c6a52-0c3e-4a59-9d0e-6f5b8f6f6a10"
    assert uid_in(f"name: [\nuid: {uid.upper()}\n".encode()) == uid
    assert uid_in(f'uid: "{uid}"\n'.encode()) == uid
    assert uid_in(b"name: Eva\nx_uid: 5\n") == ""


# Dates that are still to come, times without a zone


def test_an_interaction_of_today_is_not_in_the_future() -> None:
    for days, found in ((0, []), (1, ["future-interaction"])):
        day = DAY + timedelta(days=days)
        parsed = parse(f"name: Eva\ninteractions: [{{date: {day}}}]\n")
        assert [problem.code for problem in parsed.problems] == found
        assert parsed.good


def test_a_time_without_a_zone() -> None:
    text = "name: Eva\nfollow_ups: [{date: 2026-12-01, time: 9:00}]\n"
    assert where(parse(text).problems) == [(2, 39, "time-without-zone")]
    assert parse(text, Settings(timezone="Europe/Prague")).problems == ()


# S14: private contacts

SECRETS = ("Hidden", "hush", "1986", "24", "lover", "5551", "affair", "February")
PRIVATE = """\
name: Hidden Person
visibility: private
birthday: 24.12.1986
nameday: --02-30
status: hush
owner: hush
timezone: Europe/hush
tags: hush
related: [{contact: hidden-lover, hush: x}]
interactions:
  - {date: 2027-02-24, time: 5551, note: hush, lover}
  - {note:affair}
follow_ups: [{date: 2026-12-24, time: 9:00, remind: hush}]
deals: [{value: hush 5551, reason: affair}]
urls: [hush 5551]
photo: /hush
uid: hush
hush:affair: 1
x_a: &hush 1
x_b: *hush
hush: 1
hush: 2
notes: "hush\\a"
"""


def test_s14_no_value_and_no_line_of_a_private_contact_in_any_problem() -> None:
    settings = Settings(people=("jana",), lost_reasons=("price",))
    found = parse(PRIVATE, settings).problems
    assert len({problem.code for problem in found}) >= 18
    for problem in found:
        assert problem.source == ""
        told = problem.message + problem.hint.replace("1986-12-24", "").replace("--12-24", "")
        assert not [secret for secret in SECRETS if secret in told], problem


def test_s14_nor_in_what_check_prints(book: AddressBook) -> None:
    book.write("hidden.yaml", PRIVATE)
    book.write("twin.yaml", "name: Twin\nemails: [x@y.example]\n")
    for form in ("text", "json", "github"):
        answer = book.run("check", "--format", form)
        assert answer.code == 1
        assert "hidden.yaml" in answer.out
        told = (answer.out + answer.err).replace("1986-12-24", "").replace("--12-24", "")
        for secret in ("Hidden", "hush", "1986", "lover", "5551", "affair"):
            assert secret not in told


@pytest.mark.parametrize(
    "slip",
    [
        "visibility: privat",
        "visibility: Private",
        "visibilty: private",
        "Visibility: private",
        "visibility: [private]",
        "visibility: public\nvisibility: private",
        '"visibility" : "private"\nbirthday: hush',
        "visibility:\n  private\nbirthday: hush",
    ],
)
def test_s14_what_was_meant_to_be_private_is(book: AddressBook, slip: str) -> None:
    parsed = parse(f"name: Hush Hush\n{slip}\n")
    assert not parsed.good
    assert parsed.contact is not None
    assert parsed.contact.private
    assert all(problem.source == "" for problem in parsed.problems)
    book.write("hush.yaml", f"name: Hush Hush\n{slip}\nfollow_ups: [{{date: 2026-11-23}}]\n")
    assert "Hush" not in book.run("export", "ics", "-o", "-").out


def test_s14_a_broken_private_file_shows_no_line() -> None:
    (problem,) = parse("name: Hidden\nvisibility: private\nnotes: hush: hush\n").problems
    assert (problem.code, problem.source) == ("syntax", "")
    (problem,) = parse("name: Hidden\nvisibility: private\n<<<<<<< hush\n").problems
    assert (problem.code, problem.source) == ("conflict-marker", "")


def test_a_public_contact_shows_its_lines() -> None:
    (problem,) = parse("name: Eva\nvisibility: public\nnotes: a private pilot\nx: y\n").problems
    assert problem.source == "x: y"
    assert problem.message == "a contact has no field `x`"


# The settings

SETTINGS = """\
timezone: Europe/Prague
currency: CZK
me: jana
people: [jana, petr]
cadences:
  family: 3 weeks
  A: 6w
channels: [coworking]
statuses: [partner]
stages:
  - call
  - {name: signed, means: won}
  - lost
lost_reasons: [price]
fields:
  rate: money
  langs: list
feeds:
  - {name: jana, owner: jana}
  - {name: all, path: feeds/all.ics, title: Everything, query: "tag:client"}
overdue: keep
max_per_day: 8
lead: 2 weeks
"""


def settings_problems(text: str) -> tuple[Problem, ...]:
    return parse_settings(text.encode(), "plaintextcrm.yaml")[1]


def test_settings() -> None:
    settings, problems = parse_settings(SETTINGS.encode(), "plaintextcrm.yaml")
    assert problems == ()
    assert settings == Settings(
        timezone="Europe/Prague",
        currency="CZK",
        me="jana",
        people=("jana", "petr"),
        cadences=(("family", Duration(days=21)), ("A", Duration(days=42))),
        channels=("coworking",),
        statuses=("partner",),
        stages=(Stage("call"), Stage("signed", "won"), Stage("lost", "lost")),
        lost_reasons=("price",),
        fields=(("rate", "money"), ("langs", "list")),
        feeds=(
            FeedSettings("jana", "jana.ics", "jana", "", "jana"),
            FeedSettings("all", "feeds/all.ics", "Everything", "tag:client"),
        ),
        overdue="keep",
        max_per_day=8,
        lead=Duration(days=14),
    )


@pytest.mark.parametrize("text", ["# nothing yet\n", "---\n", "\n\n"])
def test_settings_without_any(text: str) -> None:
    assert parse_settings(text.encode(), "plaintextcrm.yaml") == (Settings(), ())


@pytest.mark.parametrize(
    ("text", "place", "code", "message", "hint"),
    [
        ("timezone: Prague", (1, 11), "bad-timezone", "there is no such time zone: `Prague`",
         "write a time zone, such as `Europe/Prague`"),
        ("peple: [a]", (1, 1), "unknown-field", "plaintextcrm.yaml has no field `peple`",
         "did you mean `people`?"),
        ("people: jana", (1, 9), "wrong-shape", "a text, where a list belongs", "write `[jana]`"),
        ("cadences: [a]", (1, 11), "wrong-shape", "a list, where `tag: duration` lines belong",
         "write one a line, indented by two spaces"),
        ("cadences:\n  a: monthly", (2, 6), "bad-duration", "this is not a duration: `monthly`",
         "write `1 month`"),
        ("cadences:\n  a:", (2, 3), "missing-field", "`a` has no value",
         "write a duration behind it"),
        ("fields:\n  rate: euro", (2, 9), "bad-choice", "`euro` is no type of a field",
         "write one of: text, number, date, money, list, yes-no, url, contact"),
        ("fields:\n  name: text", (2, 3), "bad-choice", "`name` is a field that every contact has",
         "choose another name"),
        ("stages: [{name: a, means: win}]", (1, 27), "bad-choice", "`win` is no meaning",
         "did you mean `won`?"),
        ("feeds: [{path: a.ics}]", (1, 9), "missing-field", "a feed without `name`",
         "add `name: …`: what it is called"),
        ("feeds: [{name: a, path: contacts/a.ics}]", (1, 25), "bad-path",
         "a feed lies outside `contacts` and hidden folders: `contacts/a.ics`",
         "write a path in the address book, such as `follow-ups.ics`"),
        ("feeds: [{name: a}, {name: b, path: a.ics}]", (1, 1), "bad-path",
         "two feeds write the same file", "give each a `path` of its own"),
        ("overdue: rol", (1, 10), "bad-choice", "`rol` is no rule", "did you mean `roll`?"),
        ("max_per_day: 0", (1, 14), "bad-number", "not between 1 and 1000: `0`",
         "write a whole number, such as `5`"),
        ("max_per_day: many", (1, 14), "bad-number", "this is not a whole number: `many`",
         "write a whole number, such as `5`"),
    ],
)  # fmt: skip
def test_bad_settings(
    text: str, place: tuple[int, int], code: str, message: str, hint: str
) -> None:
    (problem,) = settings_problems(text)
    assert (problem.place.line, problem.place.column, problem.code) == (*place, code)
    assert (problem.message, problem.hint) == (message, hint)


def test_wrong_settings_stay_at_their_default_and_the_others_hold() -> None:
    settings, problems = parse_settings(b"lead: soon\ncurrency: CZK\n", "plaintextcrm.yaml")
    assert len(problems) == 1
    assert settings == Settings(currency="CZK")


def test_a_field_of_ones_own_may_be_called_as_the_program_calls_its_own_things() -> None:
    declared, problems = parse_settings(
        b"fields: {id: text, path: text, lines: number, more: list, line: date}", "s"
    )
    assert not problems
    text = b"name: Eva\nid: E7\npath: right\nlines: 3\nmore: [a, b]\nline: 2026\n"
    contact = parse_contact(text, "contacts/eva.yaml", declared, DAY).contact
    assert contact
    assert (contact.id, contact.path, contact.lines["more"]) == ("eva", "contacts/eva.yaml", 5)
    assert {name: str(value) for name, value in contact.more.items()} == {
        "id": "E7", "path": "right", "lines": "3", "more": "('a', 'b')", "line": "2026",
    }  # fmt: skip


def test_every_type_of_a_declared_field_can_be_declared() -> None:
    settings, problems = parse_settings(
        b"fields:\n" + b"".join(f"  f{n}: {kind}\n".encode() for n, kind in enumerate(DECLARED)),
        "plaintextcrm.yaml",
    )
    assert problems == ()
    assert len(contact_fields(settings)) == len(CONTACT_FIELDS) + len(DECLARED)
