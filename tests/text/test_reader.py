"""The reader of YAML: what it takes, what it refuses and where, the same with both of PyYAML's parsers."""

import subprocess
import sys
from datetime import date
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintextcrm.model.problem import Place
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.loader import LOADER, PureLoader
from plaintextcrm.text.nodes import Mapping, place_of, plain
from plaintextcrm.text.parse import parse_contact
from plaintextcrm.text.reader import MAX_DEPTH, Document, read
from plaintextcrm.text.refused import UNSEEN
from plaintextcrm.text.source import MAX_BYTES
from tests.conftest import PROJECT, AddressBook
from tests.text.bombs import BOMBS, VALUES

LOADERS = (LOADER, PureLoader)
BOM = b"\xef\xbb\xbf"
HANG = 4  # seconds of processor time: the promise is 2, and this machine may be a slow one
MOST_MEMORY = 300  # MiB, with Python and the test data


def both(data: str | bytes) -> Document:
    """What both parsers make of a file: the same fields, codes, places and words."""
    given = data if isinstance(data, bytes) else data.encode()
    first, second = (read(given, "contacts/eva.yaml", loader) for loader in LOADERS)
    assert first.problems == second.problems
    assert (first.root is None) == (second.root is None)
    if first.root is not None and second.root is not None:
        assert plain(first.root) == plain(second.root)
    return first


def fields(data: str | bytes) -> object:
    """The fields of a file without problems."""
    document = both(data)
    assert not document.problems
    assert document.root is not None
    return plain(document.root)


def codes(data: str | bytes) -> list[str]:
    """The codes of a file's problems."""
    return [problem.code for problem in both(data).problems]


def only(data: str | bytes) -> tuple[str, int, int]:
    """Code, line and column of a file's only problem."""
    (problem,) = both(data).problems
    return problem.code, problem.place.line, problem.place.column


def node_place(root: Mapping | None, name: str) -> Place:
    """Where a field's value stands."""
    assert root is not None
    return place_of(next(value for key, value in root.pairs if key.text == name))


# F10: comments, quotes, line ends, byte-order mark


def test_f10_comments_and_quotes_are_fine() -> None:
    text = """\
# Our best client
name: "Eva Malá"  # the boss
nicknames: ['Evka', "E.\\u2009M.", Evička]

tags:
  # the first one counts
  - client   # since 2019
  - 'it''s her'
notes: |
  # this is text
  "so is this"
"""
    assert fields(text) == {
        "name": "Eva Malá",
        "nicknames": ["Evka", "E.\u2009M.", "Evička"],
        "tags": ["client", "it's her"],
        "notes": '# this is text\n"so is this"\n',
    }


@pytest.mark.parametrize("mark", [b"", BOM], ids=["plain", "BOM"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("last", [True, False], ids=["newline", "no newline"])
def test_f10_line_ends_and_byte_order_mark(mark: bytes, end: str, last: bool) -> None:
    lines = ["name: Eva", "tags:", "  - a", "notes: |", "  one", "  two", "status: client"]
    text = end.join(lines) + (end if last else "")
    document = both(mark + text.encode())
    assert document.problems == ()
    assert document.root is not None
    assert plain(document.root) == {
        "name": "Eva", "tags": ["a"], "notes": "one\ntwo\n", "status": "client",
    }  # fmt: skip
    assert node_place(document.root, "name") == Place(1, 7, 1, 10)
    assert node_place(document.root, "tags") == Place(3, 3, 3, 6)
    assert node_place(document.root, "status") == Place(7, 9, 7, 15)


@pytest.mark.parametrize("mark", [b"", BOM], ids=["plain", "BOM"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_f10_places_of_problems(mark: bytes, end: bytes) -> None:
    first = end.join([mark + b"name: Eva", b"name: Eva"])
    assert only(first) == ("duplicate-key", 2, 1)
    on_line_1 = mark + b"name: *a" + end + b"tags: []"
    assert only(on_line_1) == ("alias", 1, 7)
    behind_emoji = end.join([mark + b"name: Eva", "x_a: [😀é, &b c]".encode()])
    assert only(behind_emoji) == ("anchor", 2, 11)


def test_f10_source_line_has_no_carriage_return() -> None:
    (problem,) = both(b"name: Eva\r\nname: Jan\r\n").problems
    assert problem.source == "name: Jan"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("notes: one\n  two\n\n  three", "one two\nthree"),
        ("notes: >\n  one\n  two", "one two"),
        ("notes: >-\n  one\n  two\n", "one two"),
        ("notes: |+\n  one\n\n", "one\n\n"),
        ("notes: |2\n    one\n", "  one\n"),
        ('notes: "one\n  two"', "one two"),
        ("notes: 'a: b # c'", "a: b # c"),
        ("notes: a:b #c", "a:b"),
        ("notes: a#b", "a#b"),
        ("{notes: Is it you?}", "Is it you?"),
        ("{notes: why ? not a?b?}", "why ? not a?b?"),
        ("notes: ?why", "?why"),
        ("notes: https://example.com/#top", "https://example.com/#top"),
        ("{notes: a}", "a"),
        ("--- \nnotes: a\n...\n", "a"),
        ("? notes\n: a", "a"),
        ('"notes": a', "a"),
        ("notes:", ""),
    ],
)
def test_ways_to_write_a_value(text: str, value: str) -> None:
    assert fields(text) == {"notes": value}


# F13: not a text


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", ("not-a-mapping", 1, 1)),
        (b"\n\n", ("not-a-mapping", 1, 1)),
        (BOM, ("not-a-mapping", 1, 1)),
        (b"# only a comment\n", ("not-a-mapping", 1, 1)),
        (b"---\n", ("not-a-mapping", 1, 1)),
        (b"\0" * 4096, ("control-character", 1, 1)),
        (b"name: Eva\n" + b"\0" * 100, ("control-character", 2, 1)),
        ("name: Eva\n".encode("utf-16"), ("not-utf8", 1, 1)),
        (b"\xfe\xff" + "name: Eva\n".encode("utf-16-be"), ("not-utf8", 1, 1)),
        ("name: Eva\n".encode("utf-16-le"), ("control-character", 1, 2)),
        ("name: Eva\nnotes: Malá\n".encode("latin-1"), ("not-utf8", 2, 11)),
        (BOM + "name: Mal\xe1\n".encode("latin-1"), ("not-utf8", 1, 10)),
        ("name: Malá".encode()[:-1], ("not-utf8", 1, 10)),
        (b"name: \xed\xa0\x80", ("not-utf8", 1, 7)),
        (b"name: \xc0\x80", ("not-utf8", 1, 7)),
        (b"name: Eva\x1b[31m", ("control-character", 1, 10)),
        (b"name: Eva\rtags: []", ("control-character", 1, 10)),
        ("name: Eva\nnotes: a\u2028b".encode(), ("control-character", 2, 9)),
        ("name: Eva\nnotes: a\x85b".encode(), ("control-character", 2, 9)),
        (b"hello", ("not-a-mapping", 1, 1)),
        (b"- name: Eva\n- name: Jan", ("not-a-mapping", 1, 1)),
        (b"x" * (MAX_BYTES + 1), ("too-large", 1, 1)),
    ],
)
def test_f13_not_a_contacts_text(data: bytes, problem: tuple[str, int, int]) -> None:
    assert only(data) == problem


def test_f13_a_cut_file_has_no_reader_that_falls() -> None:
    whole = (PROJECT / "contacts/acme/eva-mala.yaml").read_bytes()
    for length in range(0, len(whole), 7):
        both(whole[:length])


def test_f13_many_unseen_characters_are_one_problem() -> None:
    (problem,) = both(b"\0" * 1000).problems
    assert problem.message == "character U+0000 cannot be seen (and 999 more in this file)"
    assert problem.hint == "the file may be damaged; restore it from git or a backup"


def test_a_file_of_just_the_size() -> None:
    assert fields(b"name: Eva\n#".ljust(MAX_BYTES, b"x")) == {"name": "Eva"}


# F14: duplicate keys


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("name: Eva\nname: Jan", (2, 1)),
        ("name: Eva\nname: Eva", (2, 1)),
        ('name: Eva\n"name": Jan', (2, 1)),
        ('name: Eva\n"n\\x61me": Jan', (2, 1)),
        ("name: Eva\nfollow_ups:\n  - date: 2026-01-01\n    date: 2026-02-02", (4, 5)),
        ("name: Eva\nfollow_ups:\n  - {date: 2026-01-01, date: 2026-02-02}", (3, 24)),
        ("{name: Eva, name: Jan}", (1, 13)),
        ("name:\nname: Eva", (2, 1)),
    ],
)
def test_f14_duplicate_keys(text: str, place: tuple[int, int]) -> None:
    assert only(text) == ("duplicate-key", *place)


def test_f14_all_duplicates_are_told_and_the_first_stays() -> None:
    document = both("name: a\ntags: [x]\nname: b\ntags: [y]\nname: c\n")
    assert [problem.place.line for problem in document.problems] == [3, 4, 5]
    assert {problem.message[-15:] for problem in document.problems} == {
        "first in line 1", "first in line 2",
    }  # fmt: skip
    assert document.root is not None
    assert plain(document.root) == {"name": "a", "tags": ["x"]}


def test_f14_upper_case_is_another_field() -> None:
    assert codes("name: Eva\nName: Jan") == []  # `Name` is unknown to the field table


# F15: conflict markers


def test_f15_conflict_markers() -> None:
    text = """\
name: Eva
<<<<<<< HEAD
status: client
||||||| base
status: lead
=======
status: lost
>>>>>>> theirs
"""
    problems = both(text).problems
    assert [problem.code for problem in problems] == ["conflict-marker"] * 4
    assert [problem.place.line for problem in problems] == [2, 4, 6, 8]


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_f15_each_marker_is_seen_by_itself(end: str) -> None:
    for mark in ("<<<<<<< HEAD", "=======", ">>>>>>> theirs"):
        assert only(f"name: Eva{end or chr(10)}{mark}{end}") == ("conflict-marker", 2, 1)


def test_f15_within_a_block_of_text_too() -> None:
    assert only("name: Eva\nnotes: |\n  a\n=======\n  b\n") == ("conflict-marker", 4, 1)


def test_f15_lines_that_only_look_like_markers() -> None:
    text = "name: Eva\nnotes: |\n  =======\n  <<<<<<< a\n# ========\ntitle: '======='\n"
    assert codes(text) == []
    assert codes("name: Eva\n========: x\n") == []


# F16, S1: bombs


class Explosion(NamedTuple):
    """How one bomb went off: processor seconds, peak memory in MiB, codes."""

    seconds: float
    memory: float
    codes: str


@pytest.fixture(scope="module")
def explosions() -> dict[str, dict[str, Explosion]]:
    """Every bomb under each loader, read in a process of its own; both at the same time."""
    running = {loader: _start_bombs(loader) for loader in ("usual", "pure")}
    return {loader: _finish_bombs(process) for loader, process in running.items()}


def _start_bombs(loader: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.text.bombs", loader],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _finish_bombs(process: "subprocess.Popen[str]") -> dict[str, Explosion]:
    try:
        out, err = process.communicate(timeout=240)
    finally:
        process.kill()
    assert process.returncode == 0, f"{err}\nafter: {out.splitlines()[-1:]}"
    found = {}
    for line in out.splitlines():
        name, seconds, memory, said = line.split("\t")
        found[name] = Explosion(float(seconds), float(memory), said)
    return found


def test_f16_no_bomb_hangs_or_fills_the_memory(
    explosions: dict[str, dict[str, Explosion]],
) -> None:
    for loader, bombs in explosions.items():
        for name, explosion in bombs.items():
            assert explosion.seconds < HANG, (loader, name)
            assert explosion.memory < MOST_MEMORY, (loader, name)
    assert len(explosions["usual"]) == len(BOMBS) + 2 * len(BOMBS | VALUES)
    assert len(explosions["pure"]) == len(BOMBS)


def test_f16_both_loaders_give_one_verdict_on_every_bomb(
    explosions: dict[str, dict[str, Explosion]],
) -> None:
    with_c, without = explosions["usual"], explosions["pure"]
    assert {name: with_c[name].codes for name in BOMBS} == {
        name: without[name].codes for name in BOMBS
    }


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("open brackets", "too-deep"),
        ("dashes", "too-deep"),
        ("indented deeper and deeper", "too-deep"),
        ("billion laughs", "alias,anchor"),
        ("merge keys", "alias,anchor,merge-key"),
        ("many values", "too-many"),
        ("many entries", "too-many"),
        ("one long plain text", ""),
        ("comments", ""),
    ],
)
def test_s01_what_a_bomb_is_called(
    explosions: dict[str, dict[str, Explosion]], name: str, said: str
) -> None:
    assert explosions["usual"][name].codes == said


def test_f16_depth_and_size_that_are_just_fine() -> None:
    deepest = MAX_DEPTH - 1  # the file's fields are the first level
    assert codes("x_a: " + "[" * deepest + "]" * deepest) == []
    assert codes("x_a: " + "[" * (deepest + 1) + "]" * (deepest + 1)) == ["too-deep"]


# F17: every scalar is the text that was written


@pytest.mark.parametrize(
    "text",
    [
        "NO", "no", "Yes", "on", "Null", "null", "~", "true", "012", "0o14", "0x1F", "1e3",
        "12:30", "190:20:30", "+420 601 000 111", "01234", "1_000", "3.10", ".5", "-0", "1.",
        ".inf", ".NaN", "2026-12-01", "2026-12-01T10:00:00Z", "--12-24", "=", "0b11", "- 5"[2:],
    ],
)  # fmt: skip
def test_f17_values_stay_text(text: str) -> None:
    assert fields(f"name: {text}\ntags: [{text}]\n{text}: x\n") == {
        "name": text, "tags": [text], text: "x",
    }  # fmt: skip


def test_f17_in_a_contact(book: AddressBook) -> None:
    book.write(
        "null.yaml",
        "name: Null\nphones: [+420 601 000 111]\naddresses:\n"
        "  - {country: NO, postcode: 01234}\ninteractions:\n"
        "  - {date: 2026-01-01, time: 12:30, note: 1_000}\n",
    )
    data = (book.folder / "contacts/null.yaml").read_bytes()
    settings_ = Settings(timezone="Europe/Prague")
    contact = parse_contact(data, "contacts/null.yaml", settings_, date(2026, 11, 22)).contact
    assert contact is not None
    assert contact.name == "Null"
    assert contact.phones[0].value == "+420 601 000 111"
    assert (contact.addresses[0].country, contact.addresses[0].postcode) == ("NO", "01234")
    (talk,) = contact.interactions
    assert (str(talk.time), talk.note) == ("12:30:00", "1_000")
    assert "Null" in book.run("list").out


# S2: tags, and the rest of YAML that contact files do without


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system ['touch ruined']",
        "!!python/object/new:os.system [touch ruined]",
        "!!python/name:os.system ''",
        "!!python/module:antigravity ''",
        "!!binary aGVsbG8=",
        "!!int 5",
        "!!str 5",
        "!!set {a, b}",
        "!mine x",
        "! x",
        "!<tag:yaml.org,2002:str> x",
    ],
)
def test_s02_tags_are_refused(tag: str) -> None:
    assert only(f"name: {tag}\n") == ("tag", 1, 7)


def test_s02_no_tag_runs_code(book: AddressBook) -> None:
    ruined = book.folder / "ruined"
    book.write("eva.yaml", f"name: !!python/object/apply:os.system ['touch {ruined}']\n")
    book.write("plaintextcrm.yaml", f"me: !!python/object/apply:os.system ['touch {ruined}']\n")
    answer = book.run("check")
    assert answer.code == 1
    assert answer.out.count("error[tag]") == 2
    assert not ruined.exists()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("name: &a Eva", ["anchor"]),
        ("name: *a", ["alias"]),
        ("*a : Eva", ["alias"]),
        ("name: Eva\n<<: {status: lead}", ["merge-key"]),
        ('name: Eva\n"<<": {status: lead}', []),
        ("name: Eva\n---\nname: Jan", ["several-documents"]),
        ("name: Eva\n...\nname: Jan", ["syntax"]),
        ("%YAML 1.2\n---\nname: Eva", ["directive"]),
        ("{[a, b]: c, name: Eva}", ["key-not-text"]),
        ("? {a: b}\n: c\n? [a]\n: c", ["key-not-text", "key-not-text"]),
        ("name: &a Eva\ntags: [*a, &b c]\nx_a: !!int 3", ["anchor", "alias", "anchor", "tag"]),
    ],
)
def test_refused_parts_of_yaml(text: str, found: list[str]) -> None:
    assert codes(text) == found


# Slips of the hand: each is named where it happened


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('name: "Eva\ntags: [a]', (1, 7), "a quote that is opened here is never closed"),
        ("name: 'Eva\ntags: [a]", (1, 7), "a quote that is opened here is never closed"),
        (
            'name: Eva\nnotes: "one\ntitle: "two"',
            (2, 8),
            "a quote that is opened here is never closed",
        ),
        ("name: 'Eva's shop'", (1, 12), "a text goes on behind its closing quote"),
        ('name: "Eva" Malá', (1, 13), "a text goes on behind its closing quote"),
        ("name: Eva\ntags:\n\t- a", (3, 1), "a tab; YAML wants spaces"),
        ("name: Eva\nfollow_ups:\n  - date: 1\n\tnote: x", (4, 1), "a tab; YAML wants spaces"),
        ("name:\tEva", (1, 6), "a tab; YAML wants spaces"),
        ("name:Eva\nstatus: client", (1, 5), "no space behind the colon"),
        ("name: Eva\nstatus:client\ntags: [a]", (2, 7), "no space behind the colon"),
        ("name: Eva\nstatus:client", (2, 7), "no space behind the colon"),
        (
            "name: Eva\nfollow_ups:\n  - date:2026-01-01\n    note: x",
            (3, 9),
            "no space behind the colon",
        ),
        (
            "name: Eva\nfollow_ups:\n  - date: 2026-01-01\n    note:x",
            (4, 9),
            "no space behind the colon",
        ),
        ("name\xa0Eva\nname:\xa0Eva\nx: y", (2, 5), "this colon or its space is not the plain one"),
        ("name： Eva\nx: y", (1, 5), "this colon or its space is not the plain one"),
        ("name: Eva\nstatus client\ntags: [a]", (2, 1), "this line is no `field: value`"),
        ("name Eva\nstatus: client", (1, 1), "this line is no `field: value`"),
        ("name: Eva\nnotes: one\ntwo", (3, 1), "this line is no `field: value`"),
        ("name: Eva\nnotes: |\none\nx: y", (3, 1), "the text below `|` or `>` is not indented"),
        (
            "name: Eva\n status: client",
            (2, 2),
            "this line stands below a field that has its value already",
        ),
        (
            "name: Eva\nnotes: one\n  two\n  three: four",
            (4, 3),
            "this line stands below a field that has its value already",
        ),
        (
            "name: Eva\nfollow_ups:\n  - date: 1\n   note: x",
            (4, 4),
            "this line does not fit the lines above",
        ),
        ("name: Eva\n- a", (2, 1), "this line does not fit the lines above"),
        (
            "name: Eva\ntags: [a, b\nx: y",
            (2, 7),
            "a `[` that is opened here is never closed, or a comma is missing",
        ),
        (
            "name: Eva\ndeals:\n  - {name: a\n  - {name: b}",
            (3, 5),
            "a `{` that is opened here is never closed, or a comma is missing",
        ),
        ("tags: [a, b]]", (1, 13), "a bracket that was never opened"),
        ("notes: [draft] hello", (1, 16), "a text goes on behind a closing bracket"),
        (
            'deals: [{name: "a" b}]',
            (1, 20),
            "a comma or a closing bracket is missing before this",
        ),
        ("notes: todo: call", (1, 12), "a second `: ` in one line"),
        ("deals: [{name: a: b}]", (1, 17), "a second `: ` in one line"),
        ("tags: - a\n  - b", (1, 7), "a list item (`- `) cannot stand here"),
        ("name: @eva", (1, 7), "a value cannot begin with this character"),
        ("name: *eva* x", (1, 7), "a value cannot begin with this character"),
        ("name: & sons", (1, 7), "a value cannot begin with this character"),
        ("name: , x", (1, 7), "a value cannot begin with this character"),
        ("name: ? x", (1, 7), "a value cannot begin with this character"),
        ("name: `x`", (1, 7), "a value cannot begin with this character"),
        ("name: > 5", (1, 7), "a text stands behind a `|` or `>` that begins a block"),
        ('photo: "a\\qb"', (1, 10), "a backslash in double quotes begins an escape"),
        ("notes: |#x\n  a", (1, 8), "a comment touches the `|`"),
        ("x_a: [one\n? two]", (2, 1), "a `?` begins a line of this text"),
    ],
)
def test_slips_are_named_where_they_happened(
    text: str, place: tuple[int, int], message: str
) -> None:
    (problem,) = both(text).problems
    assert (problem.code, problem.message) == ("syntax", message)
    assert (problem.place.line, problem.place.column) == place
    assert problem.hint


def test_s14_a_slip_in_a_private_contact_repeats_nothing_of_it() -> None:
    text = "visibility: private\nsecret:hush\nnotes: x\n"
    (problem,) = both(text).problems
    assert problem.source == ""
    assert "secret" not in problem.message + problem.hint
    (twice,) = both("visibility: private\ndeals: [{name: hush, hush, hush}]").problems
    assert twice.code == "duplicate-key"
    assert "hush" not in twice.message + twice.hint + twice.source


# Both parsers agree on anything


_TOKENS = st.sampled_from(
    [
        "a", "b: ", "c:", "- ", "-", "[", "]", "{", "}", ",", ": ", ":", "\n", "\n  ", "\n    ",
        "\n ", "'", '"', "#", " #", "|", "|\n  ", ">\n  ", ">-\n", "&x ", "*x", "!t ", "%", "@",
        "`", "\t", "é", "😀", "\r\n", "---", "---\n", "...\n", "\\", "\\n", "<<: ", "=", "~",
        "null", " ", "  ", "1", "\ufeff", "\xa0", "x y", "|+\n", "|2\n", "? ", "?", "- - ",
        "name: Eva\n", "tags: [a, b]\n", "notes: |\n  hi\n\n", "- {date: 2020-01-01, note: x}\n",
    ]
)  # fmt: skip
_TEXTS = st.lists(_TOKENS, max_size=14).map("".join)


_CONTACTS = [path.read_text("utf-8") for path in sorted((PROJECT / "contacts").rglob("*.yaml"))]


@st.composite
def _slips(draw: st.DrawFn) -> str:
    """A real contact with a character or two put in, changed or lost."""
    text = draw(st.sampled_from(_CONTACTS))
    for _slip in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(text) - 1))
        lost = draw(st.integers(0, 2))
        text = text[:at] + draw(_TOKENS) + text[at + lost :]
    return text


def _verdict(text: str, loader: Any) -> tuple[bool, object]:
    document = read(text.encode(), "contacts/eva.yaml", loader)
    good = document.root is not None and not document.problems
    return good, plain(document.root) if good and document.root is not None else None


@settings(
    max_examples=2500,
    deadline=None,
    derandomize=True,  # the same texts on every machine
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.one_of(_TEXTS, _TEXTS.map("name: x\n{}".format)))
def test_both_parsers_agree_on_any_text(text: str) -> None:
    assert _verdict(text, LOADERS[0]) == _verdict(text, LOADERS[1])


@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,  # the same texts on every machine
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(_slips())
def test_both_parsers_agree_on_any_slip(text: str) -> None:
    assert _verdict(text, LOADERS[0]) == _verdict(text, LOADERS[1])


@settings(
    max_examples=500,
    deadline=None,
    derandomize=True,  # the same texts on every machine
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_nothing_raises(data: bytes) -> None:
    for loader in LOADERS:
        document = read(data, "contacts/eva.yaml", loader)
        assert document.problems or document.root is not None
    for problem in parse_contact(data, "a.yaml", Settings(), date(2026, 11, 22)).problems:
        lines = document.text.count("\n") + 1
        assert 1 <= problem.place.line <= lines + 1
        assert problem.place.column >= 1


def test_what_cannot_be_seen_cannot_be_printed_either() -> None:
    """A file of printable characters is not searched for those that cannot be seen."""
    characters = map(chr, (*range(0xD800), *range(0xE000, 0x110000)))
    assert [hex(ord(c)) for c in characters if c.isprintable() and UNSEEN.search(c)] == []
