"""`help`: what it teaches is true, fits a terminal, and every example can be typed."""

from datetime import date

import pytest
from wcwidth import wcswidth

from plaintextcrm.book.layout import columns
from plaintextcrm.cli.asking import joined
from plaintextcrm.cli.help import DATES, QUERY
from plaintextcrm.cli.main import COMMANDS
from plaintextcrm.model.dates import parse_duration, parse_partial, parse_when, parse_yearly
from plaintextcrm.model.settings import Settings
from plaintextcrm.query import Terms, compile_query
from tests.conftest import AddressBook

TODAY = date(2026, 11, 22)
EXAMPLES = [example for part in QUERY for example, _about in part.lines]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_query_can_be_asked(example: str, book: AddressBook) -> None:
    settings = Settings(queries=(("cold", "status:client last<-6m"),))
    catalog = {column.name: column for column in columns(settings)}
    assert compile_query(example, Terms(catalog, settings, TODAY)).sql
    assert joined([example]) in (example, f'"{example}"')
    book.write("plaintextcrm.yaml", "queries: {cold: status:client}\n")
    assert book.run("list", example).code == 0


def test_every_date_can_be_said() -> None:
    days, vague, spans = ([example for example, _about in part.lines] for part in DATES)
    for text in days:
        parse_when(text, TODAY)
    for text in vague:
        if text.startswith("--"):
            parse_yearly(text)
        else:
            parse_partial(text)
    for text in (*spans, "3 months", "90 days", "1 year", "3m", "90d", "1y", "P3M"):
        parse_duration(text)
    for text in ("tomorrow", "yesterday", "+3d", "+3m", "+1y"):
        parse_when(text, TODAY)


@pytest.mark.parametrize("topic", ["query", "dates"])
def test_a_page_fits_two_screens(topic: str, book: AddressBook) -> None:
    lines = book.run("help", topic).out.splitlines()
    assert max(map(wcswidth, lines)) <= 80
    assert len(lines) <= 48


def test_help_of_a_command_is_its_own(book: AddressBook) -> None:
    for words in ([], ["list"], ["export"], ["export", "ics"], ["follow-up"]):
        assert book.run("help", *words).out.startswith(book.run(*words, "--help").out.rstrip("\n"))
    told = book.run("help").out
    assert all(f"  {name} " in told for name in COMMANDS)
    assert "plaintextcrm help query" in told


def test_no_help(book: AddressBook) -> None:
    for words, told in {
        ("lsit",): "There is no help on 'lsit': did you mean `list`?",
        ("qurey",): "did you mean `query`?",
        ("list", "more"): "There is no help on 'list more'",
        ("zzz",): "`plaintextcrm help` lists the commands.",
    }.items():
        answer = book.run("help", *words)
        assert (answer.code, answer.out) == (2, "")
        assert told in answer.err


def test_help_needs_no_address_book(tmp_path: "object", book: AddressBook) -> None:
    answer = book.run("-C", "/nowhere", "help", "query")
    assert answer.code == 0
    assert "tag:vip" in answer.out
