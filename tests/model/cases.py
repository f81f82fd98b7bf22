"""What the tests of the model share: contacts as a person writes them, and what `agenda` says of them."""

import json
from datetime import date, timedelta
from textwrap import dedent
from typing import NamedTuple

import pytest

from plaintextcrm.model.contact import Contact
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.parse import parse_contact
from tests.conftest import TODAY, AddressBook

DAY = date.fromisoformat(TODAY)  # 22 November 2026, a Sunday


class Case(NamedTuple):
    """`text`: a contact without its name; `shown`: what the agenda of a year says."""

    about: str
    text: str
    shown: tuple[str, ...] = ()
    settings: str = ""
    today: str = TODAY


def line(row: dict[str, str]) -> str:
    """`2026-12-01 14:30 follow-up, overdue: Send the offer`."""
    time = f" {row['time']}" if row["time"] else ""
    late = ", overdue" if row["overdue"] else ""
    note = f": {row['note']}" if row["note"] else ""
    return f"{row['date']}{time} {row['kind']}{late}{note}"


def agenda(book: AddressBook, today: str = TODAY) -> list[dict[str, str]]:
    answer = book.run("agenda", "--days", "366", "--format", "json", today=today)
    assert answer.code == 0, answer
    rows: list[dict[str, str]] = json.loads(answer.out)
    return rows


def table(*cases: Case) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case.about for case in cases])


def holds_true(book: AddressBook, case: Case) -> None:
    book.write("eva.yaml", f"name: Eva Malá\n{dedent(case.text)}")
    book.write("plaintextcrm.yaml", f"timezone: Europe/Prague\n{dedent(case.settings)}")
    assert tuple(line(row) for row in agenda(book, case.today)) == case.shown


def contact(text: str, name: str = "Eva Malá") -> Contact:
    written = f"name: {name}\n{dedent(text)}"
    parsed = parse_contact(written.encode(), "contacts/eva.yaml", Settings(), DAY)
    assert parsed.good, parsed.problems
    assert parsed.contact
    return parsed.contact


def due(day: str) -> str:
    """A contact whose cadence day is `day`."""
    talk = date.fromisoformat(day) - timedelta(days=10)
    return f"cadence: 10 days\ninteractions: [{{date: {talk}}}]\n"


def busy(book: AddressBook, **contacts: str) -> None:
    for name, text in contacts.items():
        book.write(f"{name}.yaml", f"name: {name}\n{dedent(text)}")


def placed(book: AddressBook, today: str = TODAY) -> list[str]:
    """`2026-11-23 anna` for each row of the agenda."""
    return [f"{row['date']} {row['contact']}" for row in agenda(book, today)]


EVERYTHING = """
    cadence: 1 month
    birthday: --12-24
    nameday: --12-25
    anniversary: 2001-08-25
    founded: 2006
    follow_ups: [{date: 2027-01-01}, {date: 2026-01-01, note: late}]
    promises: [{date: 2026-12-01, note: Texts}]
    needs: [{date: 2027-03, note: New e-shop}]
    milestones: [{date: 2026-12-01, note: Opens}, {date: --02-29, note: Party}]
    deals: [{name: Portal, date: 2027}, {name: App, stage: lost, win_back: 2027}]
    feedback: [{date: 2026-12-01, about: it}]
"""
