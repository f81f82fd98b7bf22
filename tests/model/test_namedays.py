"""Whose name days are told of: what the file, the calendar and the settings say together."""

import json
from typing import Any

from plaintextcrm.model.settings import Settings
from plaintextcrm.store.namedays import calendar
from plaintextcrm.text.namedays import nameday_of
from tests.conftest import AddressBook
from tests.model.cases import Case, agenda, contact, line, table

# A cadence that a talk of today puts beyond the year that the cases look at.
KEPT = "cadence: 2 years\ninteractions: [{date: 2026-11-22}]\n"
DAY = ("2026-12-24 nameday",)


@table(
    Case("whom one keeps in touch with", f"language: cs\n{KEPT}", DAY),
    Case("not everybody", "language: cs"),
    Case("not who wants no reminders", "language: cs\ncadence: none"),
    Case("the settings' cadence of a status", "language: cs\nstatus: client\n", DAY,
         "cadences: {client: 2 years}\n", "2026-12-01"),
    Case("everybody", "language: cs", DAY, "namedays: yes"),
    Case("nobody", f"language: cs\n{KEPT}", (), "namedays: no"),
    Case("nobody, but who says it", f"nameday: --10-03\n{KEPT}", ("2027-10-03 nameday",), "namedays: no"),
    Case("who has this tag", "language: cs\ntags: [family]", DAY, "namedays: [client, family]"),
    Case("who has this status", "language: cs\nstatus: client", DAY, "namedays: client"),
    Case("who has another status", "language: cs\nstatus: lead", (), "namedays: client"),
    Case("only who has this tag", f"language: cs\n{KEPT}", (), "namedays: family"),
    Case("a tag, and a cadence", f"language: cs\n{KEPT}", DAY, "namedays: [family, cadence]"),
    Case("the file says another day", f"language: cs\nnameday: --10-03\n{KEPT}", ("2027-10-03 nameday",)),
    Case("the settings' country", KEPT, DAY, "country: CZ"),
    Case("the country of the address", f"addresses: [{{country: SK}}]\n{KEPT}", DAY, "country: GB"),
    Case("another country", f"addresses: [{{country: GB}}]\n{KEPT}", (), "country: CZ"),
    Case("no calendar", f"language: en\n{KEPT}", (), "country: CZ"),
    Case("a day of one's own", KEPT, ("2027-10-03 nameday",),
         "country: CZ\nnameday_calendars: {CZ: {--10-03: Eva}}"),
    Case("a country of one's own", f"language: hu\n{KEPT}", ("2027-10-03 nameday",),
         "nameday_calendars: {HU: {--10-03: [Eva]}}"),
    Case("who has died", f"language: cs\ndied: 2026-01-01\n{KEPT}"),
    Case("who wants no contact", f"language: cs\nstatus: do-not-contact\n{KEPT}"),
    Case("an organization", f"kind: organization\nlanguage: cs\n{KEPT}"),
)  # fmt: skip
def test_whose_name_day_is_told(book: AddressBook, case: Case) -> None:
    rows = [row for row in _rows(book, case) if row["kind"] != "keep-in-touch"]
    assert tuple(line(row) for row in rows) == case.shown


def test_the_name_day_keeps_its_identity_when_the_file_says_it(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "country: CZ\nnamedays: yes\n")
    book.write("eva.yaml", "name: Eva Malá\n")
    (before,) = agenda(book)
    book.write("eva.yaml", "name: Eva Malá\nnameday: --10-03\n")
    (after,) = agenda(book)
    assert before["uid"] == after["uid"]
    assert (before["date"], after["date"]) == ("2026-12-24", "2027-10-03")
    assert [str(one["line"]) for one in (before, after)] == ["1", "2"]


def test_other_settings_are_noticed(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva Malá\n")
    for settings, days in (
        ("currency: CZK\n", []),
        ("namedays: yes\n", []),
        ("namedays: yes\ncountry: CZ\n", ["2026-12-24"]),
        ("namedays: yes\ncountry: CZ\nnameday_calendars: {CZ: {--01-07: Eva}}\n", ["2027-01-07"]),
        ("namedays: no\ncountry: CZ\n", []),
    ):
        book.write("plaintextcrm.yaml", settings)
        assert [row["date"] for row in agenda(book)] == days, settings


def test_who_comes_into_a_class_is_told_of(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "currency: CZK\nnamedays: A\n")
    book.write("eva.yaml", "name: Eva Malá\nlanguage: cs\ncadence: none\n")
    book.write("jan.yaml", "name: Jan Malý\nlanguage: cs\nrevenue: [{year: 2025, amount: 900}]\n")
    assert [row["contact"] for row in agenda(book)] == ["jan"]
    revenue = "revenue: [{year: 2025, amount: 90000}]\n"
    book.write("eva.yaml", f"name: Eva Malá\nlanguage: cs\ncadence: none\n{revenue}")
    assert [row["contact"] for row in agenda(book)] == ["eva"]


def test_a_wrong_day_in_the_settings_is_told(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "nameday_calendars:\n  CZ:\n    --02-30: Josef\n")
    answer = book.run("check")
    assert answer.code == 1
    assert "plaintextcrm.yaml:3:5: error[bad-choice]" in answer.out
    assert "write `--03-19: [Josef]` lines" in answer.out


def test_the_feed_tells_it_in_its_language(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "feeds: [{name: a, language: pl}]\n")
    book.write("ewa.yaml", "name: Ewa Nowak\nlanguage: pl\ncadence: 1 year\n")
    feed = book.run("export", "ics", "-o", "-")
    assert "SUMMARY:Imieniny – Ewa Nowak" not in feed.out  # everything, in English
    book.run("export", "ics")
    text = (book.folder / "a.ics").read_text("utf-8")
    assert "SUMMARY:Imieniny – Ewa Nowak" in text
    event = text[text.index("SUMMARY:Imieniny") :].partition("END:VEVENT")[0]
    assert "1224" in event.partition("DTSTART;VALUE=DATE:")[2][:8]
    assert "RRULE:FREQ=YEARLY" in event


def test_occasions_are_whom_to_congratulate(book: AddressBook) -> None:
    book.write(
        "eva.yaml",
        "name: Eva Malá\nlanguage: cs\nbirthday: 1986-11-30\nanniversary: 2001-12-10\n"
        "cadence: 1 month\nfollow_ups: [{date: 2026-11-25, note: Call}]\n",
    )
    book.write("acme.yaml", "name: ACME\nkind: organization\nfounded: 2006-12-01\n")
    book.write(
        "jan.yaml", "name: Jan\nbirthday: --12-24\nmilestones: [{date: 2026-11-22, note: Shop}]\n"
    )
    answer = book.run("agenda", "--occasions")
    assert answer.code == 0
    assert answer.out == (
        "Today, Sun 2026-11-22\n"
        "  Jan: Shop  jan\n"
        "\n"
        "Mon 2026-11-30\n"
        "  Birthday of Eva Malá, turns 40  eva\n"
        "\n"
        "Tue 2026-12-01\n"
        "  ACME: 20 years  acme\n"
        "\n"
        "Thu 2026-12-10\n"
        "  25th anniversary of Eva Malá  eva\n"
    )
    rows = json.loads(book.run("agenda", "--occasions", "--days", "32", "--format", "json").out)
    assert [(row["kind"], row["contact"]) for row in rows[-2:]] == [
        ("birthday", "jan"),
        ("nameday", "eva"),
    ]
    nobody = book.run("agenda", "--occasions", "--days", "3", "name:eva")
    assert nobody.err == "There is nobody to congratulate today or in the next 3 days.\n"


def test_what_the_model_is_handed_is_data() -> None:
    eva = contact("language: cs")
    assert nameday_of(eva, Settings(), lambda country, own: {}) is None
    assert nameday_of(eva, Settings(), calendar) is not None
    assert nameday_of(eva, Settings(namedays=("no",)), calendar) is None


def _rows(book: AddressBook, case: Case) -> list[dict[str, Any]]:
    book.write("eva.yaml", f"name: Eva Malá\n{case.text}")
    book.write("plaintextcrm.yaml", f"timezone: Europe/Prague\n{case.settings}")
    return agenda(book, case.today)
