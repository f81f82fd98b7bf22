"""A small address book whose reports were computed by hand, on 22 November 2026."""

import json
from typing import Any

from tests.conftest import AddressBook

SETTINGS = """\
timezone: Europe/Prague
currency: CZK
me: jana
people: [jana, petr]
rates: {EUR: 25}
"""
FILES = {
    # silent: talks 30 days apart, the last 60 days ago: one usual span too many; a promise is 14
    # days late; the last mood was bad; feedback 2; class A
    "acme": """\
name: Acme
kind: organization
owner: jana
source: fair
phones: ["541000100"]
revenue:
  - {year: 2025, amount: 8000 CZK}
  - {year: 2024, amount: 40 EUR}
interactions:
  - {date: 2026-07-25, channel: call, mood: good}
  - {date: 2026-08-24, channel: meeting}
  - {date: 2026-09-23, channel: call, mood: bad}
promises:
  - {date: 2026-11-08, by: jana, note: Send references}
  - {date: 2026-09-01, by: them, note: Access, done: 2026-09-03}
feedback: [{date: 2026-05-04, about: Portal, score: 2}]
deals:
  - {name: Shop, stage: lost, value: 1000 CZK, closed: 2026-03-05, reason: price, competitor: Nord,
     win_back: 2027-Q1}
  - {name: Web, stage: won, value: 500 CZK, closed: 2026-06-05}
  - {name: Portal, stage: offer, value: 100 EUR}
""",
    # introduced by Acme; nothing speaks against: the usual span is not over yet
    "eva": """\
name: Eva
owner: petr
introduced_by: acme
emails: [eva@x.example]
revenue: [{year: 2025, amount: 60 EUR}]
cadence: 3 months
interactions: [{date: 2026-11-01, channel: email}, {date: 2026-10-31, channel: email}]
promises: [{date: 2026-11-20, note: Call, done: 2026-11-19}]
feedback: [{date: 2026-06-01, about: Shop, score: 5}, {date: 2026-06-02, about: Portal}]
deals: [{name: Logo, stage: lost, value: 10 USD, closed: 2026-04-01}]
""",
    "jan": """\
name: Jan
introduced_by: eva
phones: ["601000111"]
revenue: [{year: 2025, amount: 500 CZK}, {year: 2025, amount: 7 USD}]
interactions: [{date: 2026-11-30, channel: call}]
feedback: [{date: 2026-06-01, score: 4}]
referrals: [{date: 2026-06-01, to: [Karel]}]
""",
}


def fill(book: AddressBook) -> None:
    """Write the address book."""
    book.write("plaintextcrm.yaml", SETTINGS)
    for name, text in FILES.items():
        book.write(f"{name}.yaml", text)


def tables(book: AddressBook, *arguments: str) -> dict[str, list[dict[str, Any]]]:
    """The tables of a report, as JSON has them."""
    found: dict[str, list[dict[str, Any]]] = json.loads(
        book.run("report", *arguments, "--format", "json").out
    )["tables"]
    return found


def rows(found: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    """These columns of a table; amounts as texts."""
    return [tuple(_short(row[column]) for column in columns) for row in found]


def _short(cell: Any) -> Any:
    if isinstance(cell, dict):
        return f"{cell['amount']} {cell['currency']}"
    if isinstance(cell, list):
        return " + ".join(map(str, map(_short, cell)))
    return cell
