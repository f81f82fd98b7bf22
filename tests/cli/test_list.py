"""`list`: what it finds, in which order, in every form."""

import csv
import io
import json

import pytest

from tests.conftest import AddressBook

KEYS = [
    "id", "name", "kind", "organization", "status", "class", "owner", "tags", "email", "phone",
    "last", "next", "visibility", "uid", "path",
]  # fmt: skip


@pytest.fixture
def people(book: AddressBook) -> AddressBook:
    """Four contacts with something in every column."""
    book.write(
        "eva-mala.yaml",
        """\
name: Eva Malá
uid: 5c950095-1d5a-4237-bf9d-9d9011d9b888
organization: acme
status: client
owner: jana
tags: [VIP, Zahrádka]
emails: [eva@acme.example]
phones: [+420 601 000 111]
cadence: 6 weeks
interactions:
  - {date: 2026-10-14, channel: call, note: "Wants a new e-shop, and soon"}
""",
    )
    book.write("acme.yaml", "name: ACME Łódź\nkind: organization\nstatus: client\nowner: petr\n")
    book.write(
        "contacts/poland/soren.yaml", "name: Søren Weiß\nstatus: lead\nvisibility: private\n"
    )
    book.write("zoe.yaml", "name: Zoe\ntags: [vip]\nnotes: |\n  Old\n  friend\n")
    return book


def ids(book: AddressBook, *query: str) -> list[str]:
    answer = book.run("list", "--format", "ids", *query)
    assert (answer.code, answer.err) == (0, "")
    return answer.out.split()


def test_a_table_of_everyone(people: AddressBook) -> None:
    answer = people.run("list")
    assert answer.code == 0
    assert (
        answer.out
        == """\
ID        NAME        ORGANIZATION  STATUS  OWNER  LAST        NEXT
acme      ACME Łódź                 client  petr
eva-mala  Eva Malá    ACME Łódź     client  jana   2026-10-14  2026-11-25
soren     Søren Weiß                lead
zoe       Zoe
"""
    )
    assert answer.err == "4 contacts\n"


def test_an_empty_book(book: AddressBook) -> None:
    answer = book.run("list")
    assert (answer.code, answer.out, answer.err) == (0, "", "0 contacts\n")
    assert book.run("list", "--format", "json").out == "[]\n"
    assert book.run("list", "--format", "ids").out == ""
    assert book.run("list", "--format", "jsonl").out == ""
    assert book.run("list", "--format", "csv", "--columns", "id").out == "id\n"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (["lodz"], ["acme"]),
        (["ŁÓDŹ"], ["acme"]),
        (["weiss"], ["soren"]),
        (["WEISS"], ["soren"]),
        (["soren"], ["soren"]),
        (["mala"], ["eva-mala"]),
        (["e-shop"], ["eva-mala"]),
        (["new e-shop"], ["eva-mala"]),
        (['"new e-shop"'], ["eva-mala"]),
        (["shop new"], []),
        (["shop", "new"], ["eva-mala"]),
        (["old friend"], ["zoe"]),
        (["601 000 111"], ["eva-mala"]),
        (["tag:vip"], ["eva-mala", "zoe"]),
        (["tag:zahradka"], ["eva-mala"]),
        (["tag=vi"], []),
        (["tag:vi"], ["eva-mala", "zoe"]),
        (["tag=VIP"], ["eva-mala", "zoe"]),
        (["status:client"], ["acme", "eva-mala"]),
        (["owner:jan"], ["eva-mala"]),
        (["owner=jana"], ["eva-mala"]),
        (["org:acme"], ["eva-mala"]),
        (["org:lodz"], ["eva-mala"]),
        (["org=acme"], ["eva-mala"]),
        (['org="ACME Łódź"'], ["eva-mala"]),
        (["org:ACME Łódź"], ["eva-mala"]),
        (["status:client", "owner:petr"], ["acme"]),
        (["status:client owner:petr"], ["acme"]),
        (["tag:vip", "e-shop"], ["eva-mala"]),
        (["-tag:vip", "-e-shop"], ["acme", "soren"]),
        (["-owner:jana", "status:client"], ["acme"]),
        (["nothing-of-the-kind"], []),
        (["%"], []),
        (["wants a: b"], []),
    ],
    ids=" ".join,
)
def test_queries(people: AddressBook, query: list[str], found: list[str]) -> None:
    assert ids(people, *query) == found


def test_a_field_that_cannot_be_asked_for(people: AddressBook) -> None:
    answer = people.run("list", "eva", "statsu:client")
    assert (answer.code, answer.out) == (2, "")
    assert (
        answer.err
        == """\
Error: There is no field `statsu` to ask for. Did you mean `status`?
  eva statsu:client
      ^
"""
    )


def test_the_caret_stands_below_wide_characters(people: AddressBook) -> None:
    answer = people.run("list", "東京", "zyx:1")
    assert answer.err.splitlines()[1:] == ["  東京 zyx:1", "       ^"]
    assert answer.err.splitlines()[0].endswith("put text with a colon in quotes.")


def test_a_quote_that_is_never_closed(people: AddressBook) -> None:
    answer = people.run("list", 'eva "new e-shop')
    assert answer.code == 2
    assert (
        answer.err
        == """\
Error: A quote is opened here and never closed.
  eva "new e-shop
      ^
"""
    )


def test_json_has_all_keys_whatever_the_columns(people: AddressBook) -> None:
    rows = json.loads(people.run("list", "--format", "json", "--columns", "id").out)
    assert [list(row) for row in rows] == [KEYS] * 4
    assert rows[1] == {
        "id": "eva-mala",
        "name": "Eva Malá",
        "kind": "individual",
        "organization": "ACME Łódź",
        "status": "client",
        "class": "",
        "owner": "jana",
        "tags": ["VIP", "Zahrádka"],
        "email": "eva@acme.example",
        "phone": "+420 601 000 111",
        "last": "2026-10-14",
        "next": "2026-11-25",
        "visibility": "public",
        "uid": "5c950095-1d5a-4237-bf9d-9d9011d9b888",
        "path": "contacts/eva-mala.yaml",
    }
    assert rows[2]["visibility"] == "private"
    assert rows[2]["last"] is rows[2]["next"] is None


def test_jsonl_is_the_same_a_line_each(people: AddressBook) -> None:
    lines = people.run("list", "--format", "jsonl").out.splitlines()
    rows = json.loads(people.run("list", "--format", "json").out)
    assert [json.loads(line) for line in lines] == rows


def test_csv_and_tsv(people: AddressBook) -> None:
    columns = ["--columns", "name,phone,tags,path"]
    comma = people.run("list", "eva", "--format", "csv", *columns).out
    assert comma == (
        'name,phone,tags,path\nEva Malá,+420 601 000 111,"VIP, Zahrádka",contacts/eva-mala.yaml\n'
    )
    tab = people.run("list", "eva", "--format", "tsv", *columns).out
    assert tab == comma.replace('"', "").replace(",", "\t").replace("\t Zah", ", Zah")
    first = people.run("list", "--format", "csv").out.splitlines()[0]
    assert first == "id,name,organization,status,class,owner,last,next"


def test_s09_csv_runs_nothing_in_a_spreadsheet(book: AddressBook) -> None:
    for n, name in enumerate(["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1"]):
        book.write(f"c{n}.yaml", f"name: {json.dumps(name)}\nphones: ['+420 601', '-5']\n")
    text = book.run("list", "--format", "csv", "--columns", "name,phone").out
    for name, phone in list(csv.reader(io.StringIO(text)))[1:]:
        assert name.startswith("'")
        assert phone == "+420 601"


def test_columns_are_shown_in_the_order_asked_for(people: AddressBook) -> None:
    answer = people.run("list", "zoe", "--columns", "visibility, path,id,kind,email")
    assert (
        answer.out
        == """\
VISIBILITY  PATH               ID   KIND        EMAIL
public      contacts/zoe.yaml  zoe  individual
"""
    )
    every = people.run("list", "--columns", ",".join(KEYS))
    assert every.code == 0
    assert every.out.split("\n")[0].split() == [key.upper() for key in KEYS]


def test_a_column_that_does_not_exist(people: AddressBook) -> None:
    answer = people.run("list", "--columns", "emial")
    assert (answer.code, answer.out) == (2, "")
    assert "There is no column 'emial': did you mean `email`?" in answer.err
    answer = people.run("list", "--columns", "qqqq")
    assert "there are id, name, kind," in answer.err


def test_a_field_to_sort_by_that_does_not_exist(people: AddressBook) -> None:
    answer = people.run("list", "--sort", "emial")
    assert (answer.code, answer.out) == (2, "")
    assert "There is no field `emial` to ask for. Did you mean `email`?" in answer.err


@pytest.mark.parametrize(
    ("column", "order"),
    [
        ("name", ["acme", "eva-mala", "soren", "zoe"]),
        ("-name", ["zoe", "soren", "eva-mala", "acme"]),
        ("status", ["acme", "eva-mala", "soren", "zoe"]),
        ("-status", ["soren", "acme", "eva-mala", "zoe"]),
        ("next", ["eva-mala", "acme", "soren", "zoe"]),
        ("-next", ["eva-mala", "acme", "soren", "zoe"]),
        ("owner", ["eva-mala", "acme", "soren", "zoe"]),
        ("path", ["acme", "eva-mala", "soren", "zoe"]),
        ("-id", ["zoe", "soren", "eva-mala", "acme"]),
    ],
)
def test_sort(people: AddressBook, column: str, order: list[str]) -> None:
    assert ids(people, f"--sort={column}") == order


def test_sort_knows_case_and_diacritics(book: AddressBook) -> None:
    for contact, name in {"a": "Čapek", "b": "Dub", "c": "cibule", "d": "Eva"}.items():
        book.write(f"{contact}.yaml", f"name: {name}\nowner: {name}\n")
    assert ids(book) == ["a", "c", "b", "d"]
    assert ids(book, "--sort", "owner") == ["a", "c", "b", "d"]


def test_an_unknown_format(people: AddressBook) -> None:
    answer = people.run("list", "--format", "xml")
    assert answer.code == 2
    assert "'xml' is not one of" in answer.err


def test_one_contact_and_a_broken_one(people: AddressBook) -> None:
    people.write("bad.yaml", "name: Bad\nbirthday: soon\n")
    answer = people.run("list", "zoe")
    assert answer.code == 1
    assert "zoe" in answer.out
    assert answer.err == ("1 file has errors. See `plaintextcrm check`.\n1 contact\n")


def test_s20_queries_are_parameters(people: AddressBook) -> None:
    for query in ("' OR 1=1 --", "') OR 1 --", "x');DROP TABLE files"):
        for field in ("", "tag:", "org=", "owner:", "deals.reason:", "any:"):
            answer = people.run("list", "--format", "ids", f'{field}"{query}"')
            assert (answer.code, answer.out) == (0, ""), query
    for query in ("last:' OR 1=1", "turnover>1;DROP", "overdue>1)", "sort:last;DROP", "has:x'"):
        answer = people.run("list", "--format", "ids", query)
        assert (answer.code, answer.out) == (2, "")
    assert len(ids(people)) == 4


def test_a_saved_query_that_nobody_can_ask_by_its_name(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "queries: {two words: eva, 1st: eva, ok-1: eva}\n")
    told = book.run("check").out
    for name in ("two words", "1st"):
        assert f"error[bad-query]: no query can be asked as @{name}\n" in told
    assert "@ok-1" not in told
