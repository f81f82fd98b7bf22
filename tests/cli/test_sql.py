"""`sql`: documented views that can be read, and nothing else that can be done."""

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from plaintextcrm.book.catalog import ENTRIES, OWN
from plaintextcrm.book.layout import columns
from plaintextcrm.book.views import views
from plaintextcrm.model.settings import Settings
from plaintextcrm.store.cache import cache_folder
from tests.conftest import COMMAND, TODAY, AddressBook

FOR_EVER = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT {} FROM c"


@pytest.fixture
def people(book: AddressBook) -> AddressBook:
    """Some of everything."""
    book.write("plaintextcrm.yaml", "currency: CZK\nfields: {rate: money, news: yes-no}\n")
    book.write(
        "eva.yaml",
        """\
name: Eva Malá
organization: acme
tags: [vip, big fish]
emails: [{value: eva@a.example, preferred: yes}, second@a.example]
birthday: --02-29
cadence: 6 weeks
rate: 1450
news: yes
x_coffee: black
interactions:
  - {date: 2026-10-14, channel: call, note: Hello, with: [acme, Jan]}
revenue: [{year: 2025, amount: 100}, {year: 2025, amount: 50.5}, {year: 2024, amount: 10 EUR}]
deals: [{name: Shop, value: 120000, date: 2027-Q1, stage: offer}]
related: [{contact: acme, type: boss}]
follow_ups: [{date: 2026-11-01, note: Late}]
""",
    )
    book.write("acme.yaml", "name: ACME\nkind: organization\nvisibility: private\n")
    return book


def rows(book: AddressBook, query: str) -> list[dict[str, object]]:
    answer = book.run("sql", query, "--format", "json")
    assert answer.code == 0, answer.err
    return list(json.loads(answer.out))


def one(book: AddressBook, query: str) -> dict[str, object]:
    [row] = rows(book, query)
    return row


def test_a_contact(people: AddressBook) -> None:
    wanted = {
        "id": "eva", "organization": "ACME", "organization_id": "acme", "tags": "vip, big fish",
        "email": "eva@a.example", "birthday": "--02-29", "rate": 1450, "rate_currency": "CZK",
        "news": 1, "last": "2026-10-14", "next": "2026-11-01", "overdue_days": 21, "class": "A",
        "turnover": 150.5, "turnover_currency": "CZK", "owner": None, "title": None,
        "visibility": "public", "broken": 0, "path": "contacts/eva.yaml",
    }  # fmt: skip
    found = one(people, f"SELECT {', '.join(wanted)} FROM contacts WHERE id = 'eva'")
    assert found == wanted
    assert one(people, "SELECT visibility, tags, next FROM contacts WHERE id = 'acme'") == {
        "visibility": "private", "tags": None, "next": None,
    }  # fmt: skip


def test_entries(people: AddressBook) -> None:
    assert one(people, "SELECT * FROM interactions") == {
        "contact": "eva", "line": 11, "date": "2026-10-14", "time": None, "channel": "call",
        "direction": None, "note": "Hello", "by": None, "with": "acme, Jan", "mood": None, "id": None,
    }  # fmt: skip
    assert one(people, 'SELECT "with" FROM interactions') == {"with": "acme, Jan"}
    assert one(people, "SELECT value, value_currency, date, date_first, date_last FROM deals") == {
        "value": 120000, "value_currency": "CZK", "date": "2027-Q1",
        "date_first": "2027-01-01", "date_last": "2027-03-31",
    }  # fmt: skip
    assert rows(people, "SELECT year, amount, amount_currency FROM revenue ORDER BY amount") == [
        {"year": 2024, "amount": 10, "amount_currency": "EUR"},
        {"year": 2025, "amount": 50.5, "amount_currency": "CZK"},
        {"year": 2025, "amount": 100, "amount_currency": "CZK"},
    ]
    assert one(people, "SELECT contact, related_contact, type FROM related") == {
        "contact": "eva", "related_contact": "acme", "type": "boss",
    }  # fmt: skip
    assert one(people, "SELECT every_days FROM cadence") == {"every_days": 42}
    assert rows(people, "SELECT value, preferred FROM emails") == [
        {"value": "eva@a.example", "preferred": 1},
        {"value": "second@a.example", "preferred": 0},
    ]


def test_tags_and_own_fields_have_a_row_each(people: AddressBook) -> None:
    assert rows(people, "SELECT * FROM tags ORDER BY tag") == [
        {"contact": "eva", "tag": "big fish"},
        {"contact": "eva", "tag": "vip"},
    ]
    found = rows(people, "SELECT field, value, number, currency FROM fields ORDER BY field")
    assert [row["field"] for row in found] == ["news", "rate", "x_coffee"]
    assert found[1:] == [
        {"field": "rate", "value": "1 450 CZK", "number": 1450, "currency": "CZK"},
        {"field": "x_coffee", "value": "black", "number": None, "currency": None},
    ]


def test_reminders_are_those_of_the_agenda(people: AddressBook) -> None:
    found = rows(people, "SELECT kind, due, note, overdue, yearly, uid FROM reminders")
    agenda = json.loads(people.run("agenda", "--days", "366", "--format", "json").out)
    late = {row["uid"]: row["overdue"] for row in agenda}
    assert {row["uid"]: bool(row["overdue"]) for row in found if row["uid"] in late} == late
    birthday = next(row for row in found if row["kind"] == "birthday")
    assert (birthday["due"], birthday["yearly"]) == ("2027-02-28", 1)  # as the agenda says
    follow_up = next(row for row in found if row["kind"] == "follow-up")
    assert (follow_up["due"], follow_up["note"], follow_up["overdue"]) == ("2026-11-01", "Late", 1)


def test_problems(people: AddressBook) -> None:
    people.write("bad.yaml", "name: Bad\nbirthday: soon\n")
    answer = people.run("sql", "--format", "csv", "SELECT path, line, code FROM problems")
    assert answer.code == 1
    assert answer.out == "path,line,code\ncontacts/bad.yaml,2,bad-date\n"
    answer = people.run("sql", "--format", "csv", "SELECT id FROM contacts WHERE broken")
    assert answer.out == "id\nbad\n"


def test_every_field_is_in_a_view() -> None:
    """A new line of the field table makes its column by itself."""
    settings = Settings(fields=(("rate", "money"), ("likes", "list"), ("until", "date")))
    catalog = {column.name: column for column in columns(settings)}
    shown = {view.name: {column.name for column in view.columns} for view in views(catalog)}
    for column in catalog.values():
        view, _dot, field = column.name.rpartition(".")
        if column.form == ENTRIES:
            assert column.name in shown
        elif column.table == OWN or not view:
            assert column.name in shown["contacts"]
        else:
            assert field in shown[view] or f"{view}_{field}" in shown[view]
    for view, names in shown.items():
        listed = next(one for one in views(catalog) if one.name == view).columns
        assert len(names) == len(listed), view


def test_settings_cannot_break_the_views(book: AddressBook) -> None:
    """Names are whatever people write, and never SQL."""
    names = ["last", "id", "a'b", 'c"d', "e:today", "f{g}", "select", "main.x"]
    lines = "".join(f"  {json.dumps(name)}: text\n" for name in names)
    book.write("plaintextcrm.yaml", f"fields:\n{lines}")
    book.write("eva.yaml", "name: Eva\n")
    found = one(book, "SELECT * FROM contacts")
    assert found["id"] == "eva"
    assert set(names) <= set(found)


def test_a_vague_question_reads_the_day_asked_for(people: AddressBook) -> None:
    assert one(people, "SELECT today() AS day") == {"day": TODAY}
    other = people.run(
        "sql", "SELECT overdue_days FROM contacts WHERE id = 'eva'", today="2026-11-02"
    )
    assert other.out == "overdue_days\n1\n"


FORBIDDEN = [
    "DELETE FROM contacts", "INSERT INTO tags VALUES ('eva', 'x')", "UPDATE contacts SET name = 'x'",
    "DROP VIEW contacts", "CREATE TABLE x (y)", "CREATE TEMP TABLE x (y)", "CREATE VIEW x AS SELECT 1",
    "ATTACH '/tmp/x.db' AS x", "DETACH main", "PRAGMA query_only = OFF", "PRAGMA table_info(contacts)",
    "VACUUM", "VACUUM INTO '/tmp/x.db'", "BEGIN", "COMMIT", "SAVEPOINT x", "REINDEX", "ANALYZE",
    "SELECT load_extension('x')", "SELECT * FROM files", "SELECT count(*) FROM files",
    "SELECT * FROM main.contacts", "SELECT path FROM texts", "SELECT text FROM texts",
    "SELECT * FROM sqlite_master", "SELECT * FROM temp.sqlite_master", "SELECT * FROM sqlite_schema",
    "SELECT * FROM search", "SELECT * FROM search_data", "SELECT * FROM meta", "SELECT * FROM catalog",
    "SELECT * FROM pragma_table_info('files')", "SELECT * FROM pragma_database_list",
    "WITH contacts AS (SELECT * FROM files) SELECT * FROM contacts",
    "WITH x AS (SELECT * FROM files) SELECT * FROM x",
    "SELECT * FROM (SELECT * FROM files) AS contacts",
    "SELECT id FROM contacts WHERE EXISTS (SELECT 1 FROM memos)",
    "SELECT (SELECT text FROM texts LIMIT 1) FROM contacts",
    "SELECT highlight(search, 0, '', '') FROM search",
    "WITH x AS (SELECT 1) DELETE FROM contacts", "EXPLAIN DELETE FROM contacts",
    "WITH x AS (SELECT 1) INSERT INTO tags SELECT 1, 2",
]  # fmt: skip


@pytest.mark.parametrize("query", FORBIDDEN)
@pytest.mark.parametrize("cached", [True, False])
def test_s20_nothing_else_can_be_done(query: str, cached: bool, people: AddressBook) -> None:
    if not cached:
        no_cache(people)
    before = everything(people.folder)
    answer = people.run("sql", query)
    assert (answer.code, answer.out) == (2, ""), query
    assert answer.err.startswith("Error: ")
    assert everything(people.folder) == before
    assert rows(people, "SELECT count(*) AS n FROM contacts") == [{"n": 2}]
    assert not Path("/tmp/x.db").exists()


def no_cache(book: AddressBook) -> None:
    """The cache cannot be made: the book is in memory."""
    folder = cache_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder should be")


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_may_be_asked(people: AddressBook) -> None:
    for query in (
        "VALUES (1, 2)",
        "SELECT * FROM json_each('[1, 2]')",
        "SELECT group_concat(id), upper(name), row_number() OVER (ORDER BY id) FROM contacts",
        "WITH x AS (SELECT id FROM contacts) SELECT count(*) FROM x",
        "SELECT count(*) FROM contacts JOIN tags ON contact = id WHERE fold(name) LIKE '%mala%'",
        "select strftime('%Y', last) from CONTACTS order by 1;",
        "/* a comment */ SELECT 1 -- and more",
        "EXPLAIN QUERY PLAN SELECT * FROM contacts",
        "SELECT date(today(), '+6 months')",
    ):
        assert people.run("sql", query).code == 0, query


@pytest.mark.parametrize("cached", [True, False])
def test_every_view_can_be_read(cached: bool, people: AddressBook) -> None:
    if not cached:
        no_cache(people)
    listed = json.loads(people.run("sql", "--format", "json").out)
    for view in {row["view"] for row in listed}:
        names = [row["column"] for row in listed if row["view"] == view]
        answer = people.run("sql", "--format", "csv", f"SELECT * FROM {view}")
        assert answer.code == 0, answer.err
        assert next(csv.reader(io.StringIO(answer.out))) == names
    assert len({row["view"] for row in listed}) > 18


@pytest.mark.parametrize(
    ("query", "told", "column"),
    [
        ("SELECT nmae FROM contacts", "There is no column `nmae` here. Did you mean `name`?", 8),
        ("SELECT c.x FROM contacts c", "There is no column `c.x` here.", 8),
        ("SELECT name FROM tags", "There is no column `name` here. It is a column of", 8),
        ("SELECT 1 FROM contcats", "There is no view `contcats`. Did you mean `contacts`?", 15),
        ("SELECT 1 FROM qqq", "There is no view `qqq`. There are contacts, tags,", 15),
        ("SELECT cuont(*) FROM tags", "There is no function `cuont`. Did you mean `count`?", 8),
        ("SELECT * form tags", "`form` cannot stand here. Did you mean `FROM`?", 10),
        ("SELECT 'form', * form tags", "`form` cannot stand here.", 18),
        ("SELECT to FROM referrals", 'write "to" in double quotes', 8),
        ("SELECT 'a", "Is a quote never closed?", 8),
        ("SELECT (1", "The question is not finished.", 10),
        ("SELECT '東京', nmae FROM tags", "`nmae`", None),
    ],
)
def test_a_slip_is_shown_in_its_place(
    query: str, told: str, column: int | None, people: AddressBook
) -> None:
    answer = people.run("sql", query)
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err
    if column:
        assert answer.err.splitlines()[1:] == [f"  {query}", "  " + " " * (column - 1) + "^"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT 1; SELECT 2", "One question at a time"),
        ("SELECT ?", "There is nothing to put in for `?`"),
        ("SELECT abs(1, 2, 3)", "Wrong number of arguments to function abs()."),
        ("SELECT zeroblob(1000000000)", "String or blob too big."),
        ("SELECT 'a\ud800'", "is not UTF-8 text."),
        ("SELECT 'a\0'", "a zero byte"),
    ],
)
def test_a_slip_without_a_place(query: str, told: str, people: AddressBook) -> None:
    answer = people.run("sql", query)
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err


def test_a_slip_does_not_cost_the_cache(people: AddressBook) -> None:
    people.run("list")
    [database] = cache_folder().glob("*.sqlite3")
    before = database.stat().st_ino
    for query in ("SELECT nmae FROM contacts", "DROP TABLE x", "SELECT 'a", "SELECT abs(1, 2)"):
        assert people.run("sql", query).code == 2
    assert database.stat().st_ino == before


def test_forms(people: AddressBook) -> None:
    query = "SELECT id, id, overdue_days AS late, x'ff' AS bytes, 1e999 AS much, -0.5 AS less"
    query += " FROM contacts WHERE id = 'eva'"
    assert rows(people, query) == [
        {"id": "eva", "id:1": "eva", "late": 21, "bytes": "ff", "much": "inf", "less": -0.5}
    ]
    line = people.run("sql", query, "--format", "jsonl").out
    assert json.loads(line) == rows(people, query)[0]
    assert people.run("sql", query, "--format", "csv").out == (
        "id,id,late,bytes,much,less\neva,eva,21,ff,inf,-0.5\n"
    )
    assert people.run("sql", query, "--format", "tsv").out.splitlines()[1].split("\t")[2] == "21"
    assert people.run("sql", query).out == (
        "id   id   late  bytes  much  less\neva  eva  21    ff     inf   -0.5\n"
    )
    assert rows(people, "SELECT 1 WHERE 0") == []
    assert people.run("sql", "SELECT 1 WHERE 0", "--format", "csv").out == "1\n"
    assert people.run("sql", "SELECT 1 WHERE 0").err == "0 rows\n"


def test_s09_values_cannot_play_tricks(book: AddressBook) -> None:
    book.write("eva.yaml", 'name: "=1+1"\nnotes: "a\u202eb"\n')
    query = "SELECT name, notes, char(27) || '[31m' AS red FROM contacts"
    assert book.run("sql", query, "--format", "csv").out == (
        "name,notes,red\n'=1+1,a\\u202eb,\\x1b[31m\n"
    )
    for form in ("table", "json", "jsonl", "tsv"):
        out = book.run("sql", query, "--format", form).out
        assert "\x1b" not in out
        assert "\u202e" not in out


def process(book: AddressBook, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*COMMAND, "-C", str(book.folder), "--today", TODAY, "sql", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )


def busy(running: "subprocess.Popen[str]") -> None:
    """Wait until the process has computed for a while."""
    fields = Path(f"/proc/{running.pid}/stat")
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        spent = int(fields.read_text().rpartition(")")[2].split()[11])
        if spent > 1.5 * os.sysconf("SC_CLK_TCK"):
            return
        time.sleep(0.05)
    raise AssertionError("it does nothing")


def test_s20_ctrl_c_ends_a_question_without_end(people: AddressBook) -> None:
    people.run("list")
    running = process(people, FOR_EVER.format("count(*)"))
    busy(running)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err.strip()) == (130, "", "")


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv", "table"])
def test_s20_rows_without_end_are_printed_as_they_are_found(form: str, people: AddressBook) -> None:
    running = process(people, "--format", form, FOR_EVER.format("n"))
    assert running.stdout
    assert running.stderr
    lines = [running.stdout.readline() for _line in range(5000)]
    assert all(lines)
    running.stdout.close()
    assert running.wait(timeout=60) == 0
    assert running.stderr.read() == ""
    running.stderr.close()


def test_json_of_many_rows_is_json(people: AddressBook) -> None:
    found = rows(people, FOR_EVER.format("n") + " LIMIT 2500")
    assert [row["n"] for row in found] == list(range(1, 2501))


def test_a_table_of_many_rows_has_one_head(people: AddressBook) -> None:
    query = "SELECT n, CASE n WHEN 2000 THEN 'a long one' ELSE 'x' END AS word FROM "
    query += "(" + FOR_EVER.format("n") + " LIMIT 2500)"
    head, *lines = people.run("sql", query).out.splitlines()
    assert head.split() == ["n", "word"]
    assert [line.split()[0] for line in lines] == [str(n) for n in range(1, 2501)]
    assert lines[1999] == "2000  a long one"


def test_a_question_from_stdin(people: AddressBook) -> None:
    done = subprocess.run(
        [*COMMAND, "-C", str(people.folder), "sql", "--format", "csv", "-"],
        input="SELECT id\nFROM contacts\nORDER BY id",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "id\nacme\neva\n"


def test_it_is_as_new_as_the_files(people: AddressBook) -> None:
    assert rows(people, "SELECT count(*) AS n FROM contacts") == [{"n": 2}]
    people.write("jan.yaml", "name: Jan\n")
    assert rows(people, "SELECT count(*) AS n FROM contacts") == [{"n": 3}]


def test_the_cache_is_opened_to_be_read_only(people: AddressBook) -> None:
    people.run("list")
    [database] = cache_folder().glob("*.sqlite3")
    with sqlite3.connect(database) as held:
        before = held.execute("SELECT count(*) FROM files").fetchone()
        people.run("sql", "SELECT * FROM contacts")
        assert held.execute("SELECT count(*) FROM files").fetchone() == before
    held.close()
