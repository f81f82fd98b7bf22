"""S19: no query is slow. S20: what people wrote is never a part of the SQL."""

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.book.seal import Cache
from plaintextcrm.model.errors import BadQuery
from plaintextcrm.query import where
from plaintextcrm.query.offers import offers
from tests.conftest import AddressBook
from tests.query.asking import TODAY, Asked

LONG = 100_000  # letters
UNITS = (
    "(", "-", "- ", '"', "a", "ab-", "a ", "a or ", "not ", "a:", "a.", ".", "@", "@a ", "a<", "<", "= ",
    "1", "1..", 'name:"a"', "(a", "a)", ") ", "((((", "-----", "é", "ł", "😀", "東", "\u0301", "ﬀ", " ",
    "\t", "phone:6", "last:in ", "has:", "is:", "any:a", "sort:name ", "deals:(", "deals:(a)", "_", "x_a:b ",
    "\\", "%", "1 0", "2026-", "1y", "a=1..",
)  # fmt: skip
AROUND = (
    ("", ""), ('"', '"'), ("name:", ""), ('revenue.amount:"', '"'), ("last:", ""), ("deals:(", ")"),
    ('cadence:"', '"'), ("phone:", ""),
)  # fmt: skip


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """Contacts whose texts hold much of what the queries repeat."""
    asked = Asked(tmp_path_factory.mktemp("book"))
    for number in range(10):
        asked.write(
            f"c{number}.yaml", f"name: a a-a b{number}\nnotes: '{'ab-' * 300}{'a ' * 300}'\n"
        )
    asked("")
    return asked


def seconds(ask: Asked, query: str) -> float:
    """Of processor time, for one question."""
    begun = time.process_time()
    try:
        answers.contacts(ask.book, where(ask.book, query), best_first=True)
    except BadQuery as error:
        assert len(str(error)) < 1_500
    return time.process_time() - begun


@pytest.mark.parametrize("unit", UNITS)
def test_s19_ten_times_as_long_a_query_takes_no_more_than_ten_times_as_long(
    unit: str, ask: Asked
) -> None:
    """Square growth would be a hundred times; the best of several runs, above what a clock can tell."""
    for before, behind in AROUND:
        short = f"{before}{unit * (LONG // 10 // len(unit))}{behind}"
        long = f"{before}{unit * (LONG // len(unit))}{behind}"
        least = min(seconds(ask, short) for _run in range(3))
        most = min(seconds(ask, long) for _run in range(2))
        assert most < 30 * least + 0.05, (before, unit, least, most)


@pytest.mark.parametrize("unit", UNITS)
def test_s19_what_the_shell_completes_is_as_quick(unit: str, ask: Asked) -> None:
    begun = time.process_time()
    offers(ask.book, unit * (LONG // len(unit)))
    least = time.process_time() - begun
    assert least < 30 * seconds(ask, "a " * 150) + 0.5


def test_s19_saved_queries_that_double_each_other(book: AddressBook) -> None:
    """Forty of them would be a billion conditions; `check` reads them all, too."""
    book.write("eva.yaml", "name: Eva\n")
    doubling = "".join(f"  q{n}: '@q{n - 1} @q{n - 1}'\n" for n in range(1, 40))
    sorting = "".join(f"  s{n}: '@s{n - 1} @s{n - 1}'\n" for n in range(1, 40))
    chain = "".join(f"  c{n}: '@c{n - 1}'\n" for n in range(1, 1500))
    book.write(
        "plaintextcrm.yaml",
        f"queries:\n  q0: eva\n  s0: sort:name\n  c0: eva\n{doubling}{sorting}{chain}",
    )
    for name in ("q39", "s39", "c1499"):
        answer = book.run("list", f"@{name}")
        assert answer.code == 2
        assert answer.err.startswith(("Error: A query may have 200 cond", "Error: Too many paren"))
    assert book.run("list", "@q5", "--format", "ids").out == "eva\n"
    assert book.run("list", "@c30", "--format", "ids").out == "eva\n"
    assert "bad-query" in book.run("check").err + book.run("check").out


@pytest.mark.parametrize("command", ["show", "log", "tag", "list", "find", "agenda"])
@pytest.mark.parametrize("unit", ["a ", "-a ", "(", "a:b ", "é", '"a" '])
def test_s19_whatever_stands_where_a_contact_or_a_query_does(
    command: str, unit: str, book: AddressBook
) -> None:
    book.write("eva.yaml", "name: Eva\n")
    behind = {"log": ("call", "A note"), "tag": ("+x",)}.get(command, ())
    answer = book.run(command, "x" + unit * (LONG // len(unit)), *behind)
    assert answer.code in (0, 2), answer.err[:300]
    assert (book.folder / "contacts" / "eva.yaml").read_text() == "name: Eva\n"


# --- S20 ------------------------------------------------------------------------------------------

NASTY = (
    "Robert'); DROP TABLE contacts; --", 'a" OR "1"="1', "x] [y]", "`tick`", "{} {0} {where} %s %(a)s",
    ":q0 ?1 @q0 $q0", "\\'; --", "NEAR(a b) OR * ^a", 'a" * OR "b', "0; ATTACH 'x' AS y", "%_%", "/* */",
    "name:x OR words:y", "-a +b {name}: c", "😀' \u202e", "x' || char(0) || '",
)  # fmt: skip
PLAIN = "harmless"


@contextmanager
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The SQL texts of all questions, without their values."""
    said: list[str] = []

    def record(name: str) -> None:
        original = getattr(sqlite3.Connection, name)

        def method(self: Cache, sql: str, *values: object) -> object:
            said.append(sql)
            return original(self, sql, *values)

        monkeypatch.setattr(Cache, name, method, raising=False)

    with monkeypatch.context():
        record("execute")
        record("executemany")
        yield said


def folder(place: Path, text: str, name: str) -> Path:
    """An address book with one text in every place that takes any; `name` is a field of one's own."""
    quoted = "'" + text.replace("'", "''") + "'"
    word = re.sub(r"\W", "", text) or "x"
    (place / "contacts").mkdir(parents=True)
    field = "'" + name.replace("'", "''") + "'"
    (place / "plaintextcrm.yaml").write_text(
        f"people: [{quoted}]\nme: {quoted}\nstatuses: [{quoted}]\nchannels: [{quoted}]\n"
        f"queries: {{saved: {quoted}, {word}: 'name:x'}}\nfields: {{{field}: text}}\n"
        f"cadences: {{{quoted}: 2 weeks}}\n"
    )
    (place / "contacts" / "one.yaml").write_text(
        f"name: {quoted}\nnicknames: [{quoted}]\norganization: {quoted}\ntags: [{quoted}]\n"
        f"status: {quoted}\nowner: {quoted}\nnotes: {quoted}\nphones: [{quoted}]\n{field}: {quoted}\n"
        f"x_any: {{{quoted}: {quoted}}}\ninteractions:\n"
        f"  - {{date: 2026-10-01, channel: {quoted}, note: {quoted}, with: [{quoted}], by: {quoted}}}\n"
        f"follow_ups: [{{date: 2026-11-20, note: {quoted}}}]\nrevenue: [{{year: 2025, amount: 5}}]\n"
    )
    return place


def questions(text: str) -> list[str]:
    """One text in every place of a query that takes any."""
    said = text.replace('"', "")
    fields = (
        "name",
        "tag",
        "org",
        "phone",
        "talk.note",
        "talks",
        "x_any",
        "any",
        "deals.stage",
        "status",
    )
    return [
        f'"{said}"', *(f'{field}:"{said}"' for field in fields), f'name="{said}"', f'deals:("{said}")',
        f'-(name:"{said}" or "{said}") sort:name', said, f"x_{said}:1", f"{said}:1", f"has:{said}",
        f"is:{said}", f"sort:{said}", f"@{said}", f'last:"{said}"', f'deals.value:"{said}"',
    ]  # fmt: skip


def told(place: Path, text: str, name: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The SQL of filling a book, of all answers, and of all questions that can be asked."""
    with recorded(monkeypatch) as said:
        book = Book(place / "book", place / "cache.sqlite3")
        try:
            book.refresh(lambda settings: TODAY, time.time_ns())
            for query in (*questions(text), f'{name}:"a"', "@saved"):
                try:
                    found = where(book, query)
                except BadQuery:
                    continue
                answers.contacts(book, found, best_first=True)
                answers.agenda(book, found, 30)
            for word in (text, name):
                offers(book, word)
                offers(book, f"status:{word}")
            answers.problems(book)
            answers.counts(book)
        finally:
            book.close()
    return said


@pytest.mark.parametrize("text", NASTY)
def test_s20_no_text_of_a_person_is_ever_in_the_sql(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder(tmp_path / "a" / "book", text, text)
    said = told(tmp_path / "a", text, text, monkeypatch)
    assert len(said) > 40
    folded = text.casefold()
    pieces = {folded, folded.strip(), folded.replace('"', ""), folded.replace("'", "''")}
    for sql in said:
        for piece in pieces:
            assert piece not in sql.casefold(), sql
    assert sqlite3.connect(tmp_path / "a" / "cache.sqlite3").execute(
        "SELECT count(*) FROM contacts"
    ).fetchone() == (1,)


@pytest.mark.parametrize("text", ["O'Brien -- x", "50% of {}", "semi;colon", 'say "hi"', "y_z-q"])
def test_s20_the_sql_is_the_same_for_two_texts(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text with signs and one without differ in one thing: signs are looked for literally."""
    kinds = ((str.isalpha, "k"), (str.isdigit, "7"))
    other = "".join(
        next((same for is_kind, same in kinds if is_kind(letter)), letter) for letter in text
    )
    folder(tmp_path / "a" / "book", text, text)
    folder(tmp_path / "b" / "book", other, other)
    assert told(tmp_path / "a", text, text, monkeypatch) == told(
        tmp_path / "b", other, other, monkeypatch
    )


def test_s20_wildcards_of_sql_are_letters_like_others(ask: Asked, tmp_path: Path) -> None:
    people = Asked(tmp_path)
    people.write("a.yaml", "name: 100%\n")
    people.write("b.yaml", "name: 100x\n")
    people.write("c.yaml", "name: a_c\n")
    people.write("d.yaml", "name: abc\n")
    for query, found in (
        ("name:%", ["a"]), ("name=100%", ["a"]), ("name:_", ["c"]), ("name=a_c", ["c"]), ("any:a_", ["c"]),
        ("name:*", []), ("name:.", []), ("name:[a]", []), ("a*", []), ('"a_c"', ["c"]), ("100%", ["a"]),
    ):  # fmt: skip
        assert people(query) == found, query
