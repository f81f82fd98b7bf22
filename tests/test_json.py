"""docs/json.md promises keys: each of its tables has just the keys that real commands print.

A command with `--format json` needs a section with a table, and a line here that is typed to see it.
"""

import json
import re
import subprocess
from importlib import import_module
from typing import Any

import click
import pytest

from plaintextcrm.cli.main import COMMANDS, module_of
from plaintextcrm.cli.script import FIELDS
from tests.conftest import PROJECT, AddressBook

PAGE = (PROJECT / "docs" / "json.md").read_text("utf-8")
SECTION = re.compile(r"^## (?P<heading>.+)\n(?P<body>(?:(?!## ).*\n?)*)", re.MULTILINE)
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \|", re.MULTILINE)
TYPES = {str: "text", bool: "true or false", int: "number", list: "list", dict: "mapping"}
BOOK = {
    "eva.yaml": """\
name: Eva Malá
tags: [vip]
cadence: 6 weeks
interactions: [{date: 2026-10-14, note: x}]
birthday: soon
""",
    "jan.yaml": """\
name: Jan
follow_ups: [{date: 2026-12-01, time: 14:30, note: Call}]
""",
    "adam.yaml": "name: Adam\n",
    "shop.yaml": """\
name: Shop
owner: jana
interactions: [{date: 2026-10-14, note: x}]
follow_ups: [{date: 2026-12-01, note: Call}]
""",
    "shop-2.yaml": "name: Shop\nemails: [shop@x.example]\n",
    "new.yaml": "name: New\nowner: jana\n",
}
# Of each section the lines to type, one after the other.
LINES: dict[str, list[list[str]]] = {
    "check": [["check"]],
    "list": [["list"], ["list", "jan", "--columns", "id"]],
    "show": [["show", "eva"], ["show", "jan"], ["show", "adam"]],
    "agenda": [["agenda"]],
    "Commands that write": [
        ["new", "Łódź", "Design"],
        ["log", "jan", "adam", "call", "Hello"],
        ["follow-up", "jan", "friday", "Call", "back"],
        ["promise", "jan", "+2w", "References"],
        ["need", "jan", "2027-Q1", "New", "shop"],
        ["milestone", "jan", "--05-02", "Opened"],
        ["deal", "jan", "New", "shop"],
        ["feedback", "jan", "The", "shop"],
        ["done", "jan", "references"],
        ["snooze", "jan", "back", "+1w"],
        ["set", "jan", "title", "Boss"],
        ["set", "jan", "title", "Boss"],
        ["tag", "jan", "+vip"],
        ["edit", "jan"],
        ["archive", "jan"],
        ["scrape", str(PROJECT / "tests" / "mail" / "utf8.eml"), "--new"],
        ["rename", "jan", "john"],
        ["merge", "shop", "shop-2"],
        ["undo"],
    ],
    "import": [["import", "vcard", str(PROJECT / "tests" / "exchange" / "vcard" / "google.vcf")]],
    "find": [["find", "eva"], ["find", "name:jan"], ["list", "adam", "--matches"]],
    "twins": [["twins"]],
    "addresses": [["addresses"]],
    "sql": [["sql"]],
    "feed-url": [["feed-url", "follow-ups"]],
    "status": [["status"]],
    "doctor": [["doctor"]],
    "history": [["history", "eva"], ["history", "john"]],
    "handover": [["handover", "jana", "petr", "--dry-run"]],
    "report": [["report", "silent"], ["report", "top"], ["report", "lost"]],
    "campaign": [["campaign", "eva", "--subject", "Open day", "--without-consent"]],
    "undo --list": [["set", "jan", "title", "Boss"], ["undo", "--list"]],
}


def tables() -> dict[str, dict[str, str]]:
    """The keys and their types of each section that has a table."""
    found = {
        section["heading"]: dict(ROW.findall(section["body"])) for section in SECTION.finditer(PAGE)
    }
    return {heading: keys for heading, keys in found.items() if keys}


def printed(out: str) -> list[dict[str, Any]]:
    """The objects in an answer: a list, one, or one on each line."""
    try:
        answer = json.loads(out)
    except ValueError:
        answer = [json.loads(line) for line in out.splitlines()]
    return answer if isinstance(answer, list) else [answer]


def _committed(book: AddressBook) -> None:
    """A repository with a version of two files, of which one was then renamed by hand."""
    for line in ("init -q", "add .", "commit -qm all",
                 "mv contacts/jan.yaml contacts/john.yaml", "commit -qm renamed"):  # fmt: skip
        who = ["-c", "user.name=Jana", "-c", "user.email=jana@example.com"]
        subprocess.run(["git", *who, *line.split()], cwd=book.folder, check=True)
    book.write("eva.yaml", BOOK["eva.yaml"] + "status: lead\n")


@pytest.mark.parametrize("heading", LINES)
def test_every_key_with_its_type_and_no_other(
    heading: str, book: AddressBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    for name, text in BOOK.items():
        book.write(name, text)
    if heading == "history":
        _committed(book)
    keys = tables()[heading]
    rows: list[dict[str, Any]] = []
    for line in LINES[heading]:
        answer = book.run(*line, "--format", "json")
        found = printed(answer.out)
        assert found, f"{line}: {answer.err}"
        if heading != "undo --list" or line[0] == "undo":
            rows += found
    for row in rows:
        assert list(row) == list(keys), row
    for key, type_ in keys.items():
        seen = {"null" if row[key] is None else TYPES[type(row[key])] for row in rows}
        allowed = {name for name in (*TYPES.values(), "null") if re.search(rf"\b{name}\b", type_)}
        assert seen <= allowed, key
        assert ("null" in seen) == ("null" in allowed), f"{key}: nothing here shows that"


def test_every_table_and_every_command_is_tried() -> None:
    assert set(tables()) == set(LINES)
    typed = {line[0] for lines in LINES.values() for line in lines}
    assert {name for name in COMMANDS if _speaks_json(name)} <= typed


def _speaks_json(name: str) -> bool:
    command: click.Command = import_module(module_of(name)).command
    choices = (getattr(parameter.type, "choices", ()) for parameter in command.params)
    return any("json" in those for those in choices)


def test_lines_of_lists_have_the_same_keys(book: AddressBook) -> None:
    book.write("eva.yaml", BOOK["eva.yaml"])
    for row in printed(book.run("list", "--format", "jsonl").out):
        assert list(row) == list(tables()["list"])


def test_inner_lists_are_as_their_own_sections_say(book: AddressBook) -> None:
    book.write("eva.yaml", BOOK["eva.yaml"])
    [row] = printed(book.run("show", "eva", "--format", "json").out)
    assert [list(one) for one in row["open"]] == [list(tables()["agenda"])]
    assert [list(one) for one in row["problems"]] == [list(tables()["check"])]


def test_what_a_script_may_send() -> None:
    [words] = re.findall(r"^`log -` reads(?:.+\n)+", PAGE, re.MULTILINE)
    named = re.findall(r"`(\w+)`", words)
    assert set(FIELDS) <= set(named)
    assert set(named) - set(FIELDS) == {"in", "out"}
