"""Where the folder says little, reports say so in words: no empty table, no division by zero."""

import json

import pytest

from plaintextcrm.report.reports import REPORTS
from tests.conftest import AddressBook
from tests.report.small import rows, tables


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("contacts", [0, 1])
def test_nothing_is_said_in_words(book: AddressBook, name: str, contacts: int) -> None:
    if contacts:
        book.write("eva.yaml", "name: Eva\n")
    answer = book.run("report", name)
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.strip().endswith((".", "`."))
    whole = json.loads(book.run("report", name, "--format", "json").out)
    assert whole["tables"] and not any(whole["tables"].values())
    page = book.run("report", name, "--format", "html").out
    assert "<table" not in page and "</html>" in page


def test_turnover_of_nothing(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\nrevenue: [{year: 2025, amount: 0 CZK}]\n")
    assert book.run("report", "top").err.startswith("No turnover is written down for 2025.")


def test_a_currency_that_is_missing(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "rates: {EUR: 25}\n")  # worth 25 of nobody knows what
    book.write(
        "eva.yaml", "name: Eva\nrevenue: [{year: 2025, amount: 100}, {year: 2025, amount: 5 EUR}]\n"
    )
    answer = book.run("report", "top")
    assert "Amounts in EUR stand apart" in answer.err
    found = tables(book, "top")["turnover"]
    assert rows(found, "turnover", "share") == [("100 None", 1), ("5 EUR", 1)]
