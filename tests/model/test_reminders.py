"""When you are due to meet: every rule of "What is derived" as a table of cases, and laws that hold for all.

A case is what a person writes in a contact file, and what `agenda` then answers.
"""

from datetime import date, timedelta
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintextcrm.model.contact import Contact
from plaintextcrm.model.reminders import Reminder, holds, last_contact, reminders
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.parse import parse_settings
from tests.conftest import AddressBook
from tests.model.cases import (
    DAY,
    EVERYTHING,
    Case,
    agenda,
    busy,
    contact,
    due,
    holds_true,
    placed,
    table,
)

KEEP = "overdue: keep"

FOLLOW_UPS = """
    follow_ups:
      - {date: 2026-12-01, note: Send the offer}
      - {date: 2026-12-01, time: "9:05", note: Call}
      - {date: 2026-11-22, note: Today}
"""
LATE = "follow_ups: [{date: 2026-11-01, note: Send the offer}]"


@table(
    Case(
        "by day and time",
        FOLLOW_UPS,
        (
            "2026-11-22 follow-up: Today",
            "2026-12-01 09:05 follow-up: Call",
            "2026-12-01 follow-up: Send the offer",
        ),
    ),
    Case("late ones roll to today", LATE, ("2026-11-22 follow-up, overdue: Send the offer",)),
    Case(
        "or keep their day", LATE, ("2026-11-01 follow-up, overdue: Send the offer",), settings=KEEP
    ),
    Case("done closes", "follow_ups: [{date: 2026-12-01, note: Offer, done: 2026-11-20}]"),
    Case("without a note", "follow_ups: [{date: 2026-12-01}]", ("2026-12-01 follow-up",)),
)
def test_follow_up(book: AddressBook, case: Case) -> None:
    holds_true(book, case)


@table(
    Case(
        "counts from the last contact",
        """
        cadence: 2 months
        interactions:
          - {date: 2026-11-01, channel: call}
          - {date: 2026-05-05, channel: meeting}
        """,
        ("2027-01-01 keep-in-touch",),
    ),
    Case(
        "a channel that does not count",
        """
        cadence: {every: 1 month, channels: [call, meeting]}
        interactions:
          - {date: 2026-10-30, channel: call}
          - {date: 2026-11-20, channel: email}
          - {date: 2026-11-21, note: on no channel}
        """,
        ("2026-11-30 keep-in-touch",),
    ),
    Case(
        "any of the channels counts",
        """
        cadence: {every: 1 month, channels: [call, meeting]}
        interactions: [{date: 2026-10-30, channel: call}, {date: 2026-11-20, channel: meeting}]
        """,
        ("2026-12-20 keep-in-touch",),
    ),
    Case(
        "never on a channel that counts: due now",
        """
        cadence: {every: 1 month, channels: call}
        interactions: [{date: 2026-11-20, channel: email}]
        """,
        ("2026-11-22 keep-in-touch",),
    ),
    Case("never contacted: due now", "cadence: 1 year", ("2026-11-22 keep-in-touch",)),
    Case(
        "never contacted, also where late ones keep their day",
        "cadence: 1 year",
        ("2026-11-22 keep-in-touch",),
        settings=KEEP,
    ),
    Case(
        "what is planned is no contact",
        """
        cadence: 2 months
        interactions: [{date: 2026-11-01}, {date: 2026-12-01}]
        """,
        ("2027-01-01 keep-in-touch",),
    ),
    Case(
        "until its day has come",
        """
        cadence: 2 months
        interactions: [{date: 2026-11-01}, {date: 2026-12-01}]
        """,
        ("2027-02-01 keep-in-touch",),
        today="2026-12-01",
    ),
    Case(
        "only planned: due now",
        "cadence: 2 months\ninteractions: [{date: 2026-12-01}]",
        ("2026-11-22 keep-in-touch",),
    ),
    Case(
        "today counts",
        "cadence: 2 weeks\ninteractions: [{date: 2026-11-22}]",
        ("2026-12-06 keep-in-touch",),
    ),
    Case(
        "the month's end",
        "cadence: 1 month\ninteractions: [{date: 2026-10-31}]",
        ("2026-11-30 keep-in-touch",),
    ),
    Case(
        "the end of February",
        "cadence: 3 months\ninteractions: [{date: 2026-11-30}]",
        ("2027-02-28 keep-in-touch",),
        today="2026-11-30",
    ),
    Case(
        "late: stands on today",
        "cadence: 1 month\ninteractions: [{date: 2026-01-01}]",
        ("2026-11-22 keep-in-touch, overdue",),
    ),
    Case(
        "late: keeps its day",
        "cadence: 1 month\ninteractions: [{date: 2026-01-01}]",
        ("2026-02-01 keep-in-touch, overdue",),
        settings=KEEP,
    ),
    Case("none: never", "cadence: none\ninteractions: [{date: 2020-01-01}]"),
    Case("no cadence at all", "interactions: [{date: 2020-01-01}]"),
)
def test_keep_in_touch(book: AddressBook, case: Case) -> None:
    holds_true(book, case)


@table(
    Case(
        "since, where there was no contact",
        "cadence: {every: 1 month, since: 2026-11-10}",
        ("2026-12-10 keep-in-touch",),
    ),
    Case(
        "since, where there was none on its channels",
        """
        cadence: {every: 1 month, since: 2026-11-10, channels: [call]}
        interactions: [{date: 2026-11-20, channel: email}]
        """,
        ("2026-12-10 keep-in-touch",),
    ),
    Case(
        "since a day to come",
        "cadence: {every: 1 month, since: 2026-12-10}",
        ("2027-01-10 keep-in-touch",),
    ),
    Case(
        "since an older day than the last contact",
        "cadence: {every: 1 month, since: 2026-01-01}\ninteractions: [{date: 2026-11-10}]",
        ("2026-12-10 keep-in-touch",),
    ),
    Case(
        "paused",
        "cadence: {every: 1 month, paused_until: 2027-03-01}\ninteractions: [{date: 2026-01-01}]",
        ("2027-03-01 keep-in-touch",),
    ),
    Case(
        "paused, and never contacted",
        "cadence: {every: 1 month, paused_until: 2027-03-01}",
        ("2027-03-01 keep-in-touch",),
    ),
    Case(
        "paused until a day before it is due",
        "cadence: {every: 1 month, paused_until: 2026-12-01}\ninteractions: [{date: 2026-11-20}]",
        ("2026-12-20 keep-in-touch",),
    ),
    Case(
        "the pause ends today",
        "cadence: {every: 1 month, paused_until: 2026-11-22}\ninteractions: [{date: 2026-01-01}]",
        ("2026-11-22 keep-in-touch",),
    ),
    Case(
        "a pause that is over",
        "cadence: {every: 1 month, paused_until: 2026-11-20}\ninteractions: [{date: 2026-01-01}]",
        ("2026-11-20 keep-in-touch, overdue",),
        settings=KEEP,
    ),
    Case(
        "a pause leaves what was agreed",
        """
        cadence: {every: 1 month, paused_until: 2027-03-01}
        follow_ups: [{date: 2026-12-01, note: Card}]
        """,
        ("2026-12-01 follow-up: Card",),  # and the other gives way to it, for it is open
    ),
)
def test_since_and_paused(book: AddressBook, case: Case) -> None:
    holds_true(book, case)


CADENCES = """
    cadences: {family: 3 weeks, friend: 1 month, client: 3 months, B: 2 months, A: 1 year}
"""
TALK = "interactions: [{date: 2026-11-20}]"


@table(
    Case("from a tag", f"tags: [family]\n{TALK}", ("2026-12-11 keep-in-touch",), CADENCES),
    Case(
        "the shortest of several tags",
        f"tags: [friend, other, family]\n{TALK}",
        ("2026-12-11 keep-in-touch",),
        CADENCES,
    ),
    Case("from the status", f"status: client\n{TALK}", ("2027-02-20 keep-in-touch",), CADENCES),
    Case(
        "a tag before the status",
        f"tags: [friend]\nstatus: client\n{TALK}",
        ("2026-12-20 keep-in-touch",),
        CADENCES,
    ),
    Case(
        "from the class, before the status",
        f"status: client\nrevenue: [{{year: 2025, amount: 1 CZK}}]\n{TALK}",
        ("2027-11-20 keep-in-touch",),
        CADENCES,
    ),
    Case(
        "a tag before the class",
        f"tags: [friend]\nrevenue: [{{year: 2025, amount: 1 CZK}}]\n{TALK}",
        ("2026-12-20 keep-in-touch",),
        CADENCES,
    ),
    Case(
        "the contact's own, longer or not",
        f"cadence: 1 year\ntags: [family]\nstatus: client\n{TALK}",
        ("2027-11-20 keep-in-touch",),
        CADENCES,
    ),
    Case("none of its own", f"cadence: none\ntags: [family]\n{TALK}", (), CADENCES),
    Case("nothing that fits", f"tags: [work]\nstatus: lead\n{TALK}", (), CADENCES),
    Case(
        "months against days",
        f"tags: [a, b]\n{TALK}",
        ("2026-12-19 keep-in-touch",),
        "cadences: {a: 1 month, b: 29 days}",
    ),
)
def test_cadence_of_the_settings(book: AddressBook, case: Case) -> None:
    holds_true(book, case)


@table(
    Case(
        "on an earlier day: gives way",
        due("2026-11-30") + "follow_ups: [{date: 2026-11-27}]",
        ("2026-11-27 follow-up",),
    ),
    Case(
        "on its day: gives way",
        due("2026-11-30") + "follow_ups: [{date: 2026-11-30}]",
        ("2026-11-30 follow-up",),
    ),
    Case(
        "on a later day: both",
        due("2026-11-30") + "follow_ups: [{date: 2026-12-01}]",
        ("2026-11-30 keep-in-touch", "2026-12-01 follow-up"),
    ),
    Case(
        "the earliest one decides",
        due("2026-11-30") + "follow_ups: [{date: 2027-01-01}, {date: 2026-11-29}]",
        ("2026-11-29 follow-up", "2027-01-01 follow-up"),
    ),
    Case(
        "done: no longer",
        due("2026-11-30") + "follow_ups: [{date: 2026-11-27, done: 2026-11-20}]",
        ("2026-11-30 keep-in-touch",),
    ),
    Case(
        "a late one",
        due("2026-11-30") + "follow_ups: [{date: 2026-11-02}]",
        ("2026-11-22 follow-up, overdue",),
    ),
    Case(
        "a late one that keeps its day",
        due("2026-11-30") + "follow_ups: [{date: 2026-11-02}]",
        ("2026-11-02 follow-up, overdue",),
        settings=KEEP,
    ),
    Case(
        "both stand on today",
        due("2026-11-10") + "follow_ups: [{date: 2026-11-22}]",
        ("2026-11-22 follow-up",),
    ),
    Case(
        "both keep their days, the cadence day first",
        due("2026-11-10") + "follow_ups: [{date: 2026-11-22}]",
        ("2026-11-10 keep-in-touch, overdue", "2026-11-22 follow-up"),
        settings=KEEP,
    ),
    Case(
        "both are late and roll",
        due("2026-11-10") + "follow_ups: [{date: 2026-11-15}]",
        ("2026-11-22 follow-up, overdue",),
    ),
    Case(
        "late, and one tomorrow",
        due("2026-11-10") + "follow_ups: [{date: 2026-11-23}]",
        ("2026-11-22 keep-in-touch, overdue", "2026-11-23 follow-up"),
    ),
    Case(
        "never contacted, and one today",
        "cadence: 1 month\nfollow_ups: [{date: 2026-11-22}]",
        ("2026-11-22 follow-up",),
    ),
    Case(
        "never contacted, and one tomorrow",
        "cadence: 1 month\nfollow_ups: [{date: 2026-11-23}]",
        ("2026-11-22 keep-in-touch", "2026-11-23 follow-up"),
    ),
    Case(
        "only follow-ups, not promises",
        due("2026-11-30") + "promises: [{date: 2026-11-27, note: Price list}]",
        ("2026-11-27 promise: Price list", "2026-11-30 keep-in-touch"),
    ),
)
def test_keep_in_touch_gives_way_to_a_follow_up(book: AddressBook, case: Case) -> None:
    holds_true(book, case)


@table(
    Case(
        "promise",
        "promises: [{date: 2026-12-01, by: them, note: Texts, made: 2026-11-01}]",
        ("2026-12-01 promise: Texts",),
    ),
    Case(
        "a late promise",
        "promises: [{date: 2026-11-01, note: Texts}]",
        ("2026-11-22 promise, overdue: Texts",),
    ),
    Case("a promise kept", "promises: [{date: 2026-12-01, note: Texts, done: 2026-11-01}]"),
    Case(
        "feedback",
        "feedback: [{date: 2026-12-01, about: the portal, note: by phone}]",
        ("2026-12-01 feedback: the portal",),
    ),
    Case(
        "feedback, named by its note",
        "feedback: [{date: 2026-12-01, note: the portal}]",
        ("2026-12-01 feedback: the portal",),
    ),
    Case(
        "late feedback",
        "feedback: [{date: 2026-11-01, about: the portal}]",
        ("2026-11-22 feedback, overdue: the portal",),
    ),
    Case("a score answers", "feedback: [{date: 2026-12-01, about: the portal, score: 5}]"),
    Case("feedback, done", "feedback: [{date: 2026-12-01, about: it, done: 2026-11-01}]"),
)
def test_promises_and_feedback(book: AddressBook, case: Case) -> None:
    holds_true(book, case)


@table(
    Case(
        "a month, two weeks before",
        "needs: [{date: 2027-03, note: New e-shop}]",
        ("2027-02-15 need: New e-shop (2027-03)",),
    ),
    Case(
        "a quarter",
        "needs: [{date: 2027-Q2, note: New e-shop}]",
        ("2027-03-18 need: New e-shop (2027-Q2)",),
    ),
    Case(
        "a year",
        "needs: [{date: 2027, note: New e-shop}]",
        ("2026-12-18 need: New e-shop (2027)",),
    ),
    Case(
        "a day",
        "needs: [{date: 2027-03-31, note: New e-shop}]",
        ("2027-03-17 need: New e-shop (2027-03-31)",),
    ),
    Case(
        "its own lead",
        "needs: [{date: 2027-03-31, note: New e-shop, lead: 1 month}]",
        ("2027-02-28 need: New e-shop (2027-03-31)",),
        settings="lead: 1 week",
    ),
    Case(
        "the settings' lead",
        "needs: [{date: 2027-03-31, note: New e-shop}]",
        ("2027-03-24 need: New e-shop (2027-03-31)",),
        settings="lead: 1 week",
    ),
    Case(
        "late",
        "needs: [{date: 2026-12, note: New e-shop}]",
        ("2026-11-22 need, overdue: New e-shop (2026-12)",),
    ),
    Case(
        "late, on its day",
        "needs: [{date: 2026-12, note: New e-shop}]",
        ("2026-11-17 need, overdue: New e-shop (2026-12)",),
        settings=KEEP,
    ),
    Case("done", "needs: [{date: 2027-03, note: New e-shop, done: 2026-11-11}]"),
)
def test_needs(book: AddressBook, case: Case) -> None:
    holds_true(book, case)


STAGES = "stages: [talk, {name: signed, means: won}, {name: refused, means: lost}, lost]"


@table(
    Case(
        "open",
        "deals: [{name: Portal, stage: offer, value: 120000 CZK, date: 2026-12-15}]",
        ("2026-12-15 deal: Portal (120 000 CZK)",),
    ),
    Case(
        "open, without a stage",
        "deals: [{name: Portal, date: 2027-Q1}]",
        ("2027-01-01 deal: Portal",),
    ),
    Case(
        "open and late",
        "deals: [{name: Portal, stage: lead, date: 2026-11}]",
        ("2026-11-22 deal, overdue: Portal",),
    ),
    Case("open, without a date", "deals: [{name: Portal, stage: offer}]"),
    Case(
        "open, not to win back yet",
        "deals: [{name: Portal, stage: offer, date: 2026-12-15, win_back: 2027-01-01}]",
        ("2026-12-15 deal: Portal",),
    ),
    Case("closed", "deals: [{name: Portal, stage: offer, date: 2026-12-15, closed: 2026-11-01}]"),
    Case("won", "deals: [{name: Portal, stage: won, date: 2026-12-15, win_back: 2027-01-01}]"),
    Case("lost for good", "deals: [{name: Portal, stage: lost, date: 2026-12-15, reason: price}]"),
    Case(
        "lost, to win back",
        "deals: [{name: Portal, stage: lost, closed: 2026-06-01, win_back: 2027-06}]",
        ("2027-06-01 win-back: Portal",),
    ),
    Case(
        "lost to somebody",
        "deals: [{name: Portal, stage: lost, competitor: Beta, win_back: 2027-06-15}]",
        ("2027-06-15 win-back: Portal (lost to Beta)",),
    ),
    Case(
        "time to win back has passed",
        "deals: [{name: Portal, stage: lost, win_back: 2026-Q3}]",
        ("2026-11-22 win-back, overdue: Portal",),
    ),
    Case("tried", "deals: [{name: Portal, stage: lost, win_back: 2027, done: 2026-11-01}]"),
    Case(
        "stages of one's own",
        """
        deals:
          - {name: Open, stage: talk, date: 2026-12-01, win_back: 2026-12-02}
          - {name: Won, stage: signed, date: 2026-12-01, win_back: 2026-12-02}
          - {name: Refused, stage: refused, date: 2026-12-01, win_back: 2026-12-02}
          - {name: Lost, stage: lost, date: 2026-12-01, win_back: 2026-12-03}
        """,
        (
            "2026-12-01 deal: Open",
            "2026-12-02 win-back: Refused",
            "2026-12-03 win-back: Lost",
        ),
        settings=STAGES,
    ),
)
def test_deals(book: AddressBook, case: Case) -> None:
    holds_true(book, case)


@table(
    Case("birthday", "birthday: 1986-12-24", ("2026-12-24 birthday: turns 40",)),
    Case("without a year", "birthday: --12-24", ("2026-12-24 birthday",)),
    Case("today", "birthday: 1986-11-22", ("2026-11-22 birthday: turns 40",)),
    Case("yesterday is over", "birthday: 1986-11-21", ("2027-11-21 birthday: turns 41",)),
    Case(
        "is not late, whatever the settings say",
        "birthday: --11-21",
        ("2027-11-21 birthday",),
        settings=KEEP,
    ),
    Case(
        "29 February in another year",
        "birthday: 1988-02-29",
        ("2027-02-28 birthday: turns 39",),
    ),
    Case(
        "29 February in a leap year",
        "birthday: 1988-02-29",
        ("2028-02-29 birthday: turns 40",),
        today="2027-12-01",
    ),
    Case(
        "29 February, kept today",
        "birthday: --02-29",
        ("2027-02-28 birthday",),
        today="2027-02-28",
    ),
    Case(
        "29 February, the day after",
        "birthday: --02-29",
        ("2028-02-29 birthday",),
        today="2027-03-01",
    ),
    Case(
        "29 February, the day before it in a leap year",
        "birthday: --02-29",
        ("2028-02-29 birthday",),
        today="2028-02-28",
    ),
    Case(
        "1 March is not 29 February",
        "birthday: --03-01",
        ("2027-03-01 birthday",),
        today="2027-02-28",
    ),
    Case("name day", "nameday: --12-24", ("2026-12-24 nameday",)),
    Case("a name day counts no years", "nameday: 1986-12-24", ("2026-12-24 nameday",)),
    Case("anniversary", "anniversary: 2001-08-25", ("2027-08-25 anniversary: 26 years",)),
    Case("first anniversary", "anniversary: 2026-08-25", ("2027-08-25 anniversary: 1 year",)),
    Case("a wedding to come", "anniversary: 2027-11-22", ("2027-11-22 anniversary",)),
    Case("founded", "founded: 2006-12-01", ("2026-12-01 milestone: founded, 20 years",)),
    Case("founded in a month", "founded: 2007-02", ("2027-02-01 milestone: founded, 20 years",)),
    Case("founded in a year", "founded: 2007", ("2027-01-01 milestone: founded, 20 years",)),
)
def test_days_that_come_back(book: AddressBook, case: Case) -> None:
    holds_true(book, case)


@table(
    Case(
        "a day",
        "milestones: [{date: 2026-12-01, note: New shop opens}]",
        ("2026-12-01 milestone: New shop opens",),
    ),
    Case(
        "a quarter",
        "milestones: [{date: 2027-Q3, note: New shop opens}]",
        ("2027-07-01 milestone: New shop opens",),
    ),
    Case(
        "every year",
        "milestones: [{date: 2016-12-01, note: Our first job, repeat: yearly}]",
        ("2026-12-01 milestone: Our first job, 10 years",),
    ),
    Case(
        "every year, the first one unknown",
        "milestones: [{date: --02-29, note: Leap day party}]",
        ("2027-02-28 milestone: Leap day party",),
    ),
    Case("the past is past", "milestones: [{date: 2026-11-21, note: New shop opens}]"),
    Case("done", "milestones: [{date: 2026-12-01, note: Opens, done: 2026-11-01}]"),
)
def test_milestones(book: AddressBook, case: Case) -> None:
    holds_true(book, case)


@pytest.mark.parametrize("silence", ["status: do-not-contact", "died: 2026-01-01", "died: --01-01"])
def test_silence(book: AddressBook, silence: str) -> None:
    book.write("eva.yaml", f"name: Eva\n{dedent(EVERYTHING)}")
    assert {row["kind"] for row in agenda(book)} == {
        "birthday", "nameday", "anniversary", "milestone", "follow-up", "promise", "need", "deal",
        "win-back", "feedback",
    }  # fmt: skip
    book.write("eva.yaml", f"name: Eva\n{silence}\n{dedent(EVERYTHING)}")
    assert agenda(book) == []


@pytest.mark.parametrize(
    ("by", "title"),
    [
        ("them", "Jana Nová promised: Texts"),
        ("Them", "Jana Nová promised: Texts"),
        ("nova", "Jana Nová promised: Texts"),
        ("jana nová", "Jana Nová promised: Texts"),
        ("Janička", "Jana Nová promised: Texts"),
        ("", "Promised to Jana Nová: Texts"),
        ("petr", "Promised to Jana Nová: Texts"),
        ("me", "Promised to Jana Nová: Texts"),
        ("jana", "Promised to Jana Nová: Texts"),  # one of us who bears the client's name
    ],
)
def test_who_promised(book: AddressBook, by: str, title: str) -> None:
    book.write("plaintextcrm.yaml", "people: [jana, petr]\nme: me\n")
    given = "Jana" if by == "jana" else "Janička"
    book.write(
        "nova.yaml",
        f"name: Jana Nová\ngiven_name: {given}\n"
        f"promises: [{{date: 2026-12-01, note: Texts, by: {by}}}]\n",
    )
    assert [row["title"] for row in agenda(book)] == [title]


def test_owner() -> None:
    settings, problems = parse_settings(b"people: [jana, petr]\nme: eva\n", "plaintextcrm.yaml")
    assert not problems
    text = """
    owner: jana
    cadence: 1 month
    birthday: --12-24
    follow_ups:
      - {date: 2026-12-01, note: mine}
      - {date: 2026-12-01, note: his, owner: petr}
    promises:
      - {date: 2026-12-01, note: nobody's}
      - {date: 2026-12-01, note: petr's, by: petr}
      - {date: 2026-12-01, note: eva's, by: eva}
      - {date: 2026-12-01, note: theirs, by: them}
    """
    found = reminders(contact(text), settings, DAY)
    assert {reminder.note or reminder.kind: reminder.owner for reminder in found} == {
        "mine": "jana",
        "his": "petr",
        "nobody's": "jana",
        "petr's": "petr",
        "eva's": "eva",
        "theirs": "jana",
        "birthday": "jana",
        "keep-in-touch": "jana",
    }


ENDS = """
    cadence: {every: 9999 years}
    birthday: 0001-01-01
    anniversary: 9999-12-31
    nameday: --02-29
    founded: 0001
    interactions: [{date: 0001-01-01}]
    follow_ups:
      - {date: 0001-01-01, time: 00:00, note: first, remind: 9999 years}
      - {date: 9999-12-31, time: 23:59, note: last, remind: 9999 weeks}
    needs:
      - {date: 0001, note: early, lead: 9999 years}
      - {date: 9999-Q4, note: late, lead: 1 day}
    milestones: [{date: 9999, repeat: yearly}, {date: 9999-12}]
    deals: [{name: a, date: 9999-12}, {name: b, stage: lost, win_back: 0001-Q1}]
"""


@pytest.mark.parametrize("day", ["0001-01-01", "0001-12-31", "9999-01-01", "9999-12-31"])
@pytest.mark.parametrize("overdue", ["roll", "keep"])
@pytest.mark.parametrize("command", ["agenda --days 366", "list", "show eva", "export ics -o -"])
def test_f39_year_1_and_year_9999(book: AddressBook, day: str, overdue: str, command: str) -> None:
    book.write("plaintextcrm.yaml", f"max_per_day: 1\ntimezone: Asia/Tokyo\noverdue: {overdue}\n")
    book.write("eva.yaml", f"name: Eva\n{dedent(ENDS)}")
    book.write("never.yaml", "name: Never\ncadence: 1 day\n")
    answer = book.run(*command.split(), today=day)
    assert answer.code == 0, answer
    assert "Eva" in answer.out


def test_f39_the_last_day_has_room_for_all(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "max_per_day: 1\n")
    busy(book, **dict.fromkeys("abc", "cadence: 1 day"))
    assert placed(book, "9999-12-30") == ["9999-12-30 a", "9999-12-31 b", "9999-12-31 c"]


days = st.dates(date(2026, 1, 1), date(2026, 3, 1))
CHANNELS = st.sampled_from(["call", "email", ""])


@st.composite
def contacts(draw: st.DrawFn) -> Contact:
    """A contact with some talks on three channels, and a cadence that may ask for one of them."""
    talks = draw(st.lists(st.tuples(days, CHANNELS), max_size=5))
    written = ", ".join(f"{{date: {day}, channel: {channel}}}" for day, channel in talks)
    counts = draw(st.sampled_from(["", ", channels: [call]"]))
    follow_ups = ", ".join(f"{{date: {day}}}" for day in draw(st.lists(days, max_size=2)))
    return contact(
        f"cadence: {{every: 1 week{counts}}}\n"
        f"interactions: [{written}]\nfollow_ups: [{follow_ups}]\n"
    )


def on(one: Contact, day: date) -> tuple[tuple[Reminder, ...], date | None]:
    return reminders(one, Settings(), day), last_contact(one, day)


@given(contacts(), days)
def test_holds_is_just_the_span_of_the_same_result(one: Contact, today: date) -> None:
    first, after = holds(one, today)
    assert first <= today < after
    here = on(one, today)
    around = [today + timedelta(days=n) for n in range(-62, 63)]
    assert all(on(one, day) == here for day in around if first <= day < after)
    if first > date.min:
        assert on(one, first - timedelta(days=1))[1] != here[1]
    if after < date.max:
        assert on(one, after)[1] != here[1]


@given(contacts(), days)
def test_the_next_contact_is_never_before_the_last_one(one: Contact, today: date) -> None:
    *_others, keep = reminders(one, Settings(), today)
    assert keep.kind == "keep-in-touch"
    assert one.cadence
    last = last_contact(one, today, one.cadence.channels)
    assert keep.due == (last + timedelta(days=7) if last else None)
