"""What holds for all files: nothing crashes, no cell is lost, what goes out comes back, no cell runs."""

import csv
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from plaintextcrm.exchange import friends, people
from plaintextcrm.exchange.cells import Cells
from plaintextcrm.exchange.formulas import bared, guarded
from plaintextcrm.exchange.incoming import Incoming, Refused, Source
from plaintextcrm.exchange.monica import reading as monica
from plaintextcrm.exchange.sheets.mapping import read_map
from plaintextcrm.exchange.sheets.sheet import Options, read_sheet
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.parse import parse_settings
from tests.cli.test_command_laws import HEAVY
from tests.conftest import AddressBook
from tests.query.folders import IDS, SETTINGS, contacts

SAMPLES = Path(__file__).parent / "arrivals"
HEADERS = [
    ("csv-google", "contacts.csv", "utf-8"),
    ("csv-google-2018", "google.csv", "utf-16"),
    ("csv-outlook", "outlook.CSV", "cp1252"),
    ("csv-hubspot", "hubspot-crm-exports-all-contacts.csv", "utf-8-sig"),
    ("csv-linkedin", "Connections.csv", "utf-8"),
]
# Words that no column gives a meaning of its own, and signs that CSV and YAML have a use for.
SIGNS = ("Malá", "e-shop", "=1+1", '"', "a,b", "Łódź", "😀", "- x", "'", "{", "#", "+420", "x: y")
WORDS = st.lists(st.sampled_from(SIGNS), max_size=3).map(" ".join)
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
FEW = settings(
    max_examples=400 if HEAVY > 1 else 40,
    deadline=None,
    derandomize=HEAVY == 1,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def texts(value: object) -> str:
    """Every text in it."""
    if isinstance(value, Mapping):
        return " ".join(f"{name} {texts(one)}" for name, one in value.items())
    return " ".join(map(texts, value)) if isinstance(value, list) else str(value)


def squeezed(text: str) -> str:
    return " ".join(text.split())


@FEW
@given(
    cells=st.lists(st.lists(ANY, min_size=3, max_size=3), min_size=1, max_size=4),
    delimiter=st.sampled_from(",;\t|"),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_f13_no_cell_of_a_table_is_lost(cells: list[list[str]], delimiter: str, codec: str) -> None:
    rows = [["Name", "Some", "Other"], *(["Eva", *row[1:]] for row in cells)]
    data = (f"sep={delimiter}\n" + written(rows, delimiter)).encode(codec)
    options = Options(read_map(["Name=name"], Settings()))
    found = read_sheet(Source("f.csv", data), Settings(), options).people
    assert len(found) == len(cells)
    for row, one in zip(cells, found, strict=True):
        assert isinstance(one, Incoming)
        told = {"Some": row[1].strip(), "Other": row[2].strip()}
        assert one.fields.get("x_csv", {}) == {name: text for name, text in told.items() if text}


@pytest.mark.parametrize(("sample", "file", "codec"), HEADERS)
@FEW
@given(cells=st.lists(WORDS, min_size=100, max_size=100))
def test_f13_no_cell_of_a_known_program_is_lost(
    sample: str, file: str, codec: str, cells: list[str]
) -> None:
    lines = (SAMPLES / sample / file).read_bytes().decode(codec)
    records = list(csv.reader(io.StringIO(lines)))
    header = next(row for row in records if {"First Name", "Given Name"} & set(row))
    cells = ["Eva", *cells[1 : len(header)]]
    data = written([header, cells]).encode()
    [one] = read_sheet(Source("f.csv", data), Settings(), Options()).people
    assert isinstance(one, Incoming)
    found = squeezed(texts(one.fields)).casefold()
    for name, cell in zip(header, cells, strict=True):
        for word in cell.split():
            assert word.casefold() in found, f"{name}: {cell!r} is not in {one.fields}"


@FEW
@given(data=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_f13_no_bytes_crash_a_reader(data: bytes) -> None:
    source = Source("f", data)
    for read in (friends.read, monica.read, people.read):
        assert all(isinstance(one, (Incoming, Refused)) for one in read(source, Settings()))
    found = read_sheet(source, Settings(), Options()).people
    assert all(isinstance(one, (Incoming, Refused)) for one in found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "x", "2026-01-02T10:00:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["uuid", "properties", "data", "type", "values", "date", "emotions", "avatar"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@FEW
@given(parts=st.lists(JSON, min_size=9, max_size=9))
def test_f13_no_export_of_monica_crashes(parts: list[Any]) -> None:
    kinds = (
        "call",
        "contact_field",
        "note",
        "reminder",
        "task",
        "debt",
        "activity",
        "conversation",
    )
    held = [{"type": kind, "values": part} for kind, part in zip(kinds, parts, strict=False)]
    contact = {
        "uuid": "1",
        "properties": parts[8],
        "data": [*held, {"type": "call", "values": [parts[0]]}],
    }
    account = {
        "data": [{"type": "contact", "values": [contact, parts[1]]}, *held],
        "instance": parts[2],
    }
    data = json.dumps({"account": account, "export_date": parts[3]}).encode()
    assert all(
        isinstance(one, (Incoming, Refused)) for one in monica.read(Source("m", data), Settings())
    )


@FEW
@given(cell=ANY | WORDS | st.from_regex(r"[ '\t=+@-]{0,4}[0-9a ]{0,4}", fullmatch=True))
def test_s09_a_cell_never_runs_and_comes_back(cell: str) -> None:
    safe = guarded(cell)
    assert bared(safe) == cell
    runs = re.match(r"\s*[=+\-@＝＋－＠]", safe)
    assert not runs or re.fullmatch(r"[+-]?[0-9][0-9 ]*", safe)


def contact(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    """A generated contact, public, that names others of the book alone."""
    pairs = (line.split(": ", 1) for line in draw(contacts()).splitlines())
    fields = {name: json.loads(text) for name, text in pairs} | {"visibility": "public"}
    for link in fields.get("related", []):
        link["contact"] = draw(st.sampled_from(names))
    fields["introduced_by"] = draw(st.sampled_from(names))
    if fields.get("organization") in IDS:
        fields["organization"] = draw(st.sampled_from(names))
    fields.pop("mentor", None)
    return fields


@st.composite
def books(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Contacts by id, each with a name that nobody else has."""
    names = draw(st.lists(st.sampled_from(IDS), min_size=2, max_size=4, unique=True))
    found = {}
    for number, name in enumerate(names):
        fields = contact(draw, [other for other in names if other != name])
        found[name] = fields | {"name": squeezed(f"{fields['name']} {number}")}
    return found


KNOWN = parse_settings(SETTINGS.encode(), "plaintextcrm.yaml")[0]


@FEW
@given(book=books())
def test_a_value_comes_back_from_its_cell(book: dict[str, dict[str, Any]]) -> None:
    cells = Cells(KNOWN)
    for fields in book.values():
        for name, value in fields.items():
            assert cells.value(name, cells.cell(name, value)) == value


def even(value: Any) -> Any:
    """What a contact says, without what makes no difference: order, blanks around, what is empty."""
    if isinstance(value, Mapping):
        found = {name: even(one) for name, one in value.items()}
        return {name: one for name, one in found.items() if one}
    if isinstance(value, list):
        kept: list[Any] = []
        for one in map(even, value):
            kept += [one] if one and one not in kept else []
        return kept
    return "\n".join(line.rstrip() for line in str(value).strip().split("\n"))


def whole(book: AddressBook) -> dict[str, Any]:
    lines = book.run("export", "jsonl").out.splitlines()
    found = [even(json.loads(line)) for line in lines]
    for one in found:
        one.pop("kind") if one.get("kind") == "individual" else None
        one.pop("visibility", None)
    return {one.pop("uid"): one for one in found}


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
@settings(FEW, max_examples=80 if HEAVY > 1 else 6, phases=[Phase.generate])
@given(given_book=books())
def test_what_goes_out_comes_back(
    form: str,
    given_book: dict[str, dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
) -> None:
    first, second = (AddressBook(tmp_path_factory.mktemp("book"), capsys) for _ in range(2))
    for book in (first, second):
        book.write("plaintextcrm.yaml", SETTINGS)
        (book.folder / "contacts").mkdir()
    for name, fields in given_book.items():
        lines = (
            f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items()
        )
        first.write(f"{name}.yaml", "".join(lines))
    before = whole(first)
    assume(len(before) == len(given_book))
    file = str(first.folder / f"all.{form}")
    assert first.run("export", form, "-o", file).code == 0
    kind = form.removesuffix("l")
    answer = second.run("import", kind, file)
    assert answer.code == 0, answer.err
    after = whole(second)
    assert {uid: one.keys() for uid, one in after.items()} == {
        uid: one.keys() for uid, one in before.items()
    }
    ids = {one["id"]: after[uid]["id"] for uid, one in before.items()}
    for uid, one in before.items():
        assert _renamed(one, ids) == after[uid]
    again = second.run("import", kind, file)
    assert f"0 new, 0 changed, {len(before)} the same" in again.err


def _renamed(value: Any, ids: dict[str, str]) -> Any:
    """The contact with the ids that it and others have got: plain small letters."""
    fields = dict(value)
    for name in ("id", "introduced_by", "organization"):
        fields[name] = ids.get(fields.get(name, ""), fields.get(name, ""))
    if "related" in fields:
        fields["related"] = [one | {"contact": ids[one["contact"]]} for one in fields["related"]]
    for table, name in (("interactions", "with"), ("referrals", "to")):
        entries = [dict(entry) for entry in fields.get(table, ())]
        for entry in entries:
            words = entry.get(name, [])
            entry[name] = (
                [ids.get(word, word) for word in words]
                if isinstance(words, list)
                else ids.get(words, words)
            )
        fields[table] = entries
    return even(fields)
