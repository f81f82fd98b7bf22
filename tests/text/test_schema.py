"""The JSON Schema: valid, and of one mind with `check` wherever a schema can express the rule.

The schemas are those that `plaintextcrm schema` prints; they are judged by the real
check-jsonschema, in one run for all files of one address book.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from plaintextcrm.model.problem import CODES
from plaintextcrm.text.fields import CONTACT_FIELDS, SETTINGS_FIELDS
from plaintextcrm.text.types import Field, ListOf, Structure
from tests import samples
from tests.conftest import PROJECT, AddressBook

# What a schema cannot say, and why. The samples of all other codes are judged alike.
_OF_THE_FILE = "it sees values, not the file"
_OF_YAML = "it sees what YAML made of the text"
_OF_OTHERS = "it sees one file"
NOT_IN_SCHEMA = {
    "not-a-file": _OF_THE_FILE,
    "unreadable": _OF_THE_FILE,
    "too-large": _OF_THE_FILE,
    "not-utf8": _OF_THE_FILE,
    "control-character": "every text would need a pattern, and lose its readable description",
    "conflict-marker": _OF_YAML,
    "syntax": _OF_YAML,
    "too-deep": _OF_YAML,
    "too-many": _OF_YAML,
    "duplicate-key": _OF_YAML,
    "key-not-text": _OF_YAML,
    "anchor": _OF_YAML,
    "alias": _OF_YAML,
    "merge-key": _OF_YAML,
    "tag": _OF_YAML,
    "directive": _OF_YAML,
    "several-documents": _OF_YAML,
    "bad-timezone": "the list of zones is the machine's, and changes several times a year",
    "duplicate-id": _OF_OTHERS,
    "duplicate-uid": _OF_OTHERS,
    "unknown-contact": _OF_OTHERS,
    "conflict-copy": _OF_OTHERS,
}

TEXTS = ("Eva", "5", "NO", "2026-12-01", "12:30", '""', "true", "+420 1")
NO_TEXTS = ("[Eva]", "{a: b}")
DATES = ("2026-12-01", '"2026-12-01"', "2028-02-29")
NO_DATES = ("24.12.1986", "2026-02-30", "2026-13-01", "2026-06-31", "soon", "2026", "--12-24", "5")
YEARLY = (*DATES, "--12-24", "--1224", "--02-29")
NO_YEARLY = ("24.12.1986", "24.12.", "--02-30", "--0631", "--13-01", "1986", "2027-Q1", "[--12-24]")
PARTIAL = (*DATES, "2027-03", "2027-Q1", "2027-q4", "2027", '"2027"')
NO_PARTIAL = ("2027-13", "2027-Q5", "27", "Q1 2027", "--12-24", "3/2027", "0000")
SPANS = ("6 weeks", "6w", "3 Months", "1 YEAR", "90 days", "1 year 6 months", "P3M", "p1y6m", "P6W")
NO_SPANS = ("monthly", "6", "6 weeks and more", "0 days", "P0D", "P", "-1 week", "[1w]", "2 hours")
MONEYS = ("120000 CZK", "120000", "1 200.50 EUR", "5.5", '"1.200,50 EUR"', "-5 CZK")
NO_MONEYS = ("lots", "CZK 5", "5 crowns", "€5", "[5]")
URLS = (
    "https://example.com",
    "www.example.com",
    "mailto:eva@example.com",
    "http://x.example/?a=1#b",
)
NO_URLS = ("example", "not a url", "www.example.com or so")
FLAGS = ("yes", "no", "Yes", "OFF", "true", "True", "'on'")
NO_FLAGS = ("maybe", "y", "1")


def _entry(name: str, head: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """One entry of a list, for each value of one of its fields; `head` are the required ones."""
    before = f"{head}, " if head else ""
    return tuple(f"[{{{before}{name}: {value}}}]" for value in values)


def _entries(head: str, fields: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(text for name, values in fields.items() for text in _entry(name, head, values))


DAY = "date: 2026-01-01"
DONE, NO_DONE = {"note": TEXTS, "done": DATES}, {"note": NO_TEXTS, "done": NO_DATES}
GOOD = {
    "name": TEXTS[:-4],
    "uid": (
        "2f1c6a52-0c3e-4a59-9d0e-6f5b8f6f6a10",
        "urn:uuid:2F1C6A52-0C3E-4A59-9D0E-6F5B8F6F6A10",
    ),
    "kind": ("individual", "organization", "group"),
    "nicknames": ("[Evka]", "[]", "[a, 5, no]", "[a, ]"),
    "language": ("cs", "en-GB", "zh-Hant-TW"),
    "timezone": ("Europe/Prague", "CET"),
    "emails": (
        "[a@b.example]",
        "[{value: a@b.example, type: work, preferred: yes}]",
        "[]",
        *_entry("preferred", "value: a@b.example", FLAGS),
    ),
    "phones": ("[+420 601 000 111]", "[601000111]", "[{value: 601000111}]"),
    "urls": tuple(f"[{url}]" for url in URLS) + _entry("value", "type: x", URLS),
    "profiles": ("[https://x.example/eva]", "[{service: X, user: eva}]"),
    "addresses": (
        "[{street: Dlouhá 1, locality: Brno, region: JM, postcode: 01234, country: NO}]",
    ),
    "founded": PARTIAL,
    "tags": ("[a, b]", "[2026]", "[]"),
    "photo": ("photos/eva.jpg", "eva..jpg", "https://x.example/a.jpg", "data:image/png;base64,AA"),
    "related": ("[{contact: acme, type: spouse, note: x}]",),
    "status": ("lead", "do-not-contact"),
    "visibility": ("public", "private"),
    "cadence": (
        *SPANS,
        "none",
        "{every: 6 weeks, channels: [call, email], since: 2026-01-01, paused_until: 2026-02-01}",
        "{every: 1y, channels: call}",
    ),
    "interactions": _entries(
        DAY,
        {
            "time": ("14:30", "9:05", "00:00"),
            "channel": ("call", "social"),
            "direction": ("in", "out"),
            "by": TEXTS,
            "with": ("eva", "[eva, jan]"),
            "mood": TEXTS,
            "note": TEXTS,
            "id": TEXTS,
        },
    ),
    "follow_ups": (
        *_entries(DAY, {**DONE, "time": ("14:30",), "remind": (*SPANS, "30 min", "PT2H")}),
        "[]",
        "[{date: 2026-12-01}, ]",
    ),
    "promises": _entries(DAY, {**DONE, "by": TEXTS, "made": DATES}),
    "needs": _entries(DAY, {**DONE, "because": TEXTS, "lead": SPANS}) + _entry("date", "", PARTIAL),
    "milestones": _entries(DAY, {**DONE, "repeat": ("yearly",)})
    + _entry("date", "", (*PARTIAL, "--12-24")),
    "deals": _entries(
        "name: Web",
        {
            **DONE,
            "stage": ("lead", "won"),
            "value": MONEYS,
            "date": PARTIAL,
            "closed": DATES,
            "reason": TEXTS,
            "competitor": TEXTS,
            "win_back": PARTIAL,
        },
    ),
    "revenue": _entry("year", "amount: 5", ("2026", '"2026"', "1", "9999"))
    + _entry("amount", "year: 2026", MONEYS),
    "referrals": _entries("note: x", {"done": DATES, "date": DATES, "to": ("eva", "[eva, jan]")}),
    "feedback": _entries(DAY, {**DONE, "about": TEXTS, "score": ("1", "5", "4.5", '"4"', "5.0")}),
}
BAD = {
    "name": ("[Eva]", "{a: b}"),
    "uid": ("5", "eva", "2f1c6a520c3e4a599d0e6f5b8f6f6a10"),
    "kind": ("person", "Group", "[group]"),
    "nicknames": ("Evka", "[[a]]", "[{a: b}]", "{a: b}"),
    "language": ("Czech language", "en_GB", "c"),
    "timezone": ("[Europe/Prague]",),
    "emails": (
        "a@b.example",
        "[{type: work}]",
        "[[a]]",
        "[{value: a@b.example, kind: work}]",
        *_entry("preferred", "value: a@b.example", NO_FLAGS),
    ),
    "phones": ("601000111", "[{number: 601000111}]"),
    "urls": tuple(f"[{url}]" for url in NO_URLS) + _entry("value", "type: x", NO_URLS),
    "profiles": ("[eva]", "[{user: [eva]}]", "https://x.example/eva"),
    "addresses": ("[Brno]", "[{city: Brno}]", "{street: Dlouhá}"),
    "founded": NO_PARTIAL,
    "tags": ("a", "a, b", "{a: b}", "[[a]]"),
    "photo": (
        "../eva.jpg",
        "a/../../b",
        "/etc/passwd",
        "~/eva.jpg",
        "file:///etc/passwd",
        "[a.jpg]",
    ),
    "related": ("[acme]", "[{type: spouse}]", "[{contact: [a]}]"),
    "status": ("cliet", "Client", "5"),
    "visibility": ("Private", "hidden"),
    "cadence": (
        *NO_SPANS,
        "None",
        "{since: 2026-01-01}",
        "{every: x}",
        "{every: 1w, channels: fax}",
    ),
    "interactions": _entries(
        DAY,
        {
            "time": ("2pm", "24:00", "12:60", "[9:00]"),
            "channel": ("fax", "Call"),
            "direction": ("incoming",),
            "by": NO_TEXTS,
            "with": ("{a: b}", "[[a]]"),
            "mood": NO_TEXTS,
        },
    )
    + _entry("date", "", NO_DATES)
    + ("[{note: x}]", "[x]", "x", "[{date: , note: x}]"),
    "follow_ups": (
        *_entries(DAY, {**NO_DONE, "time": ("2pm",), "remind": ("soon", "30", "0 min")}),
        "[{note: x}]",
        "{date: 2026-12-01}",
    ),
    "promises": _entries(DAY, {**NO_DONE, "by": NO_TEXTS, "made": NO_DATES}),
    "needs": _entries(DAY, {**NO_DONE, "lead": NO_SPANS}) + _entry("date", "", NO_PARTIAL),
    "milestones": _entries(DAY, {**NO_DONE, "repeat": ("monthly",)})
    + _entry("date", "", ("24.12.", "--13-01", "Q1")),
    "deals": _entries(
        "name: Web",
        {**NO_DONE, "stage": ("loss",), "value": NO_MONEYS, "date": NO_PARTIAL, "closed": NO_DATES},
    ),
    "revenue": _entry("year", "amount: 5", ("last", "0", "10000", "20.5"))
    + _entry("amount", "year: 2026", NO_MONEYS)
    + ("[{year: 2026}]", "[{amount: 5}]"),
    "referrals": _entries("note: x", {"date": NO_DATES, "to": ("{a: b}",)}),
    "feedback": (
        *_entries(DAY, {**NO_DONE, "score": ("0", "6", "good", "5.1", '"10"', "[5]")}),
        "[{score: 5}]",
    ),
}
for _name in ("birthday", "nameday", "anniversary", "died"):
    GOOD[_name], BAD[_name] = YEARLY, NO_YEARLY
for _field in CONTACT_FIELDS:
    GOOD.setdefault(_field.name, TEXTS)
    BAD.setdefault(_field.name, NO_TEXTS)

GOOD_SETTINGS = {
    "timezone": ("Europe/Prague",),
    "my_emails": ("[jana@x.cz, '@x.cz']", "jana@x.cz"),
    "people": ("[jana, petr]", "[]"),
    "cadences": ("{family: 3 weeks, A: 6w}",),
    "channels": ("[fair]",),
    "statuses": ("[partner]",),
    "stages": ("[call, {name: signed, means: won}]",),
    "lost_reasons": ("[price]",),
    "fields": (
        "{rate: money, a: text, b: number, c: date, d: list, e: yes-no, f: url, g: contact}",
    ),
    "feeds": ("[{name: a, path: feeds/a.ics, title: A, query: tag:a, owner: jana}]", "[{name: a}]"),
    "queries": ('{cold: "status:client last<-6m"}', "{a: b, c: '@a'}"),
    "overdue": ("roll", "keep"),
    "max_per_day": ("1", "8", "1000", '"8"'),
    "lead": SPANS,
    "autosync": FLAGS,
    "rates": ("{EUR: 25.10, usd: 22}", '{EUR: "25,10"}'),
    "weights": ("{silence: 2, mood: 0, A: 1.5}",),
    "bad_moods": ("[meh]", "[]"),
    "care": FLAGS,
    "namedays": ("yes", "no", "cadence", "[family, A, client]", "[2026]", "[]"),
    "nameday_calendars": (
        "{CZ: {--03-19: [Josef, Josefína], --0229: Horymír}, hu: {'--12-24': [Éva]}}",
    ),
}
BAD_SETTINGS = {
    "timezone": ("[Europe/Prague]",),
    "my_emails": ("[[jana@x.cz]]", "{a: b}"),
    "people": ("jana", "[[jana]]"),
    "cadences": ("{family: monthly}", "{family: }", "[family]", "3 weeks"),
    "channels": ("fair",),
    "statuses": ("{a: b}",),
    "stages": ("call", "[{name: a, means: win}]", "[{means: won}]"),
    "lost_reasons": ("price",),
    "fields": ("{rate: euro}", "{rate: }", "{name: text}", "[rate]"),
    "feeds": (
        *tuple(
            f"[{{name: a, path: {path}}}]"
            for path in (
                "a.txt",
                "../a.ics",
                "/a.ics",
                "contacts/a.ics",
                ".ics",
                ".git/a.ics",
                "~/a.ics",
            )
        ),
        "[a]",
        "[{path: a.ics}]",
    ),
    "queries": ("Eva", "[a]", "{a: [b]}"),
    "overdue": ("rol", "5"),
    "max_per_day": ("0", "1001", "many", "2.5"),
    "lead": NO_SPANS,
    "autosync": NO_FLAGS,
    "rates": ("{euro: 25}", "{EUR: 0}", "{EUR: much}", "{EUR: }", "25"),
    "weights": ("{silence: -1}", "{silence: 101}", "{size: 1}", "3"),
    "bad_moods": ("meh", "{a: b}"),
    "care": NO_FLAGS,
    "namedays": ("{a: b}", "[[a]]"),
    "nameday_calendars": (
        "{Czech: {--03-19: Josef}}",
        "{CZ: {03-19: Josef}}",
        "{CZ: {--02-30: Josef}}",
        "{CZ: {2026-03-19: Josef}}",
        "{CZ: {--03-19: }}",
        "{CZ: {--03-19: {a: b}}}",
        "{CZ: [Josef]}",
        "[CZ]",
    ),
}
for _field in SETTINGS_FIELDS:
    GOOD_SETTINGS.setdefault(_field.name, TEXTS)
    BAD_SETTINGS.setdefault(_field.name, NO_TEXTS)
PROGRAM = Path(sys.executable).parent / "check-jsonschema"


def schema(book: AddressBook, *arguments: str) -> Path:
    """The schema that the command prints, in a file."""
    answer = book.run("schema", *arguments)
    assert answer.code == 0
    file = book.folder / f"schema{len(arguments)}.json"
    file.write_text(answer.out, "utf-8")
    return file


def refused(schema_file: Path, files: list[Path]) -> set[str]:
    """Which of the files the real check-jsonschema refuses."""
    done = subprocess.run(
        [PROGRAM, "-o", "json", "--schemafile", schema_file, *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    answer = json.loads(done.stdout)
    found = (*answer.get("errors", ()), *answer.get("parse_errors", ()))
    return {problem["filename"] for problem in found}


def with_errors(book: AddressBook) -> dict[str, set[str]]:
    """The files in which `check` finds errors, with their codes."""
    found: dict[str, set[str]] = {}
    for problem in json.loads(book.run("check", "--format", "json").out):
        if problem["severity"] == "error":
            found.setdefault(str(book.folder / problem["path"]), set()).add(problem["code"])
    return found


def test_the_schemas_are_schemas(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "fields:\n  rate: money\nstatuses: [partner]\n")
    made = [schema(book), schema(book, "--settings")]
    for file in made:
        content = json.loads(file.read_text("utf-8"))
        assert content["$schema"] == "http://json-schema.org/draft-07/schema#"
    done = subprocess.run([PROGRAM, "--check-metaschema", *made], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_field_of_the_schema_says_what_it_is(book: AddressBook) -> None:
    content = json.loads(schema(book).read_text("utf-8"))
    for field in CONTACT_FIELDS:
        assert content["properties"][field.name]["description"] == field.meaning
        for part in _parts(field):
            assert f'"{part.meaning}"' in json.dumps(content, ensure_ascii=False)
    assert content["required"] == ["name"]
    assert content["additionalProperties"] is False


def _parts(field: Field) -> tuple[Field, ...]:
    item = field.type.item if isinstance(field.type, ListOf) else field.type
    return item.fields if isinstance(item, Structure) else ()


def test_what_the_settings_add_is_in_the_schema(book: AddressBook) -> None:
    book.write(
        "plaintextcrm.yaml",
        "statuses: [partner]\nchannels: [fair]\nstages: [call, {name: done, means: won}]\n"
        "fields:\n  rate: money\n  newsletter: yes-no\n",
    )
    good = book.write(
        "good.yaml",
        "name: A\nstatus: partner\nrate: 5 CZK\nnewsletter: yes\nx_y: [1]\n"
        "interactions: [{date: 2026-01-01, channel: fair}]\ndeals: [{stage: done}]\n",
    )
    bad = [
        book.write(f"bad{number}.yaml", f"name: A\n{line}\n")
        for number, line in enumerate(
            ("status: partne", "rate: lots", "newsletter: so", "deals: [{stage: won}]", "y_x: 1")
        )
    ]
    assert refused(schema(book), [good, *bad]) == {str(path) for path in bad}
    assert set(with_errors(book)) == {str(path) for path in bad}


def test_the_shipped_contacts_and_settings_are_good(book: AddressBook) -> None:
    for path in ("plaintextcrm.yaml", *map(str, (PROJECT / "contacts").rglob("*.yaml"))):
        inside = (PROJECT / path).relative_to(PROJECT).as_posix()
        book.write(inside, (PROJECT / inside).read_bytes())
    files = sorted((book.folder / "contacts").rglob("*.yaml"))
    assert len(files) > 10
    assert refused(schema(book), files) == set()
    assert refused(schema(book, "--settings"), [book.folder / "plaintextcrm.yaml"]) == set()


def test_every_field_has_good_and_bad_samples() -> None:
    names = {field.name for field in CONTACT_FIELDS}
    assert set(GOOD) == set(BAD) == names
    assert set(GOOD_SETTINGS) == set(BAD_SETTINGS) == {field.name for field in SETTINGS_FIELDS}


def test_both_judge_every_value_alike(book: AddressBook) -> None:
    files = {}
    for number, (name, text, verdict) in enumerate(
        [(name, text, "good") for name, texts in GOOD.items() for text in texts]
        + [(name, text, "bad") for name, texts in BAD.items() for text in texts]
        + [(name, "", "good") for name in GOOD if name != "name"]
        + [("x_any", text, "good") for text in ("a", "[1, {b: c}]", "", "2026-02-30")]
        + [(name, "a", "bad") for name in ("folow_ups", "Name", "y", "x")]
    ):
        head = "" if name == "name" else "name: Eva\n"
        path = book.write(f"n{number:04}.yaml", f"{head}{name}: {text}\n")
        files[str(path)] = (verdict, name, text)
    book.write("acme.yaml", "name: Acme\n")
    errors = with_errors(book)
    by_check = {path for path, codes in errors.items() if codes - set(NOT_IN_SCHEMA)}
    by_schema = refused(schema(book), [Path(path) for path in files])
    wanted = {path for path, (verdict, _name, _text) in files.items() if verdict == "bad"}
    assert [files[path] for path in sorted(by_check ^ wanted)] == []
    assert [files[path] for path in sorted(by_schema ^ wanted)] == []


@pytest.mark.parametrize("verdict", ["good", "bad"])
def test_both_judge_every_setting_alike(book: AddressBook, verdict: str) -> None:
    chosen = GOOD_SETTINGS if verdict == "good" else BAD_SETTINGS
    texts = [f"{name}: {text}\n" for name, values in chosen.items() for text in values]
    texts += ["# nothing\n", "people:\n"] if verdict == "good" else ["peple: [a]\n", "[a]\n"]
    folder = book.folder / "settings"
    folder.mkdir()
    files, by_check = [], set()
    for number, text in enumerate(texts):
        file = folder / f"n{number:03}.yaml"
        file.write_text(text, "utf-8")
        files.append(file)
        book.write("plaintextcrm.yaml", text)
        if book.run("check", "plaintextcrm.yaml").code:
            by_check.add(str(file))
    by_schema = refused(schema(book, "--settings"), files)
    wanted = {str(file) for file in files} if verdict == "bad" else set()
    assert [Path(path).read_text("utf-8") for path in sorted(by_check ^ wanted)] == []
    assert [Path(path).read_text("utf-8") for path in sorted(by_schema ^ wanted)] == []


def test_both_judge_the_samples_of_all_codes_alike(tmp_path: Path, book: AddressBook) -> None:
    by_settings: dict[str, list[str]] = {}
    for code in samples.codes():
        if code not in NOT_IN_SCHEMA:
            settings = dict(samples.files(code)).get("plaintextcrm.yaml", "")
            by_settings.setdefault(settings if "feeds" not in settings else "", []).append(code)
    for settings, codes in by_settings.items():
        book.write("plaintextcrm.yaml", settings or "# none\n")
        files = []
        for code in codes:
            for path, text in samples.files(code):
                if path.startswith("contacts/"):
                    files.append(book.write(f"contacts/{code}/{path[9:]}", text))
        wanted = {
            str(book.folder / "contacts" / code / line.split(":")[0].removeprefix("contacts/"))
            for code in codes
            for line in samples.expected(code).splitlines()
            if " error[" in line and line.startswith("contacts/")
        }
        assert refused(schema(book), files) == wanted
        for file in files:
            file.unlink()


def test_what_a_schema_cannot_say_is_listed_with_a_reason() -> None:
    assert set(NOT_IN_SCHEMA) <= set(CODES)
    assert all(CODES[code].severity == "error" for code in NOT_IN_SCHEMA)
