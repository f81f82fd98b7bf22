"""Laws of cards: whatever a file holds, nothing crashes and nothing is lost; and what goes out comes back."""

import os
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import vobject
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.exchange.arrival import Arrival, Scene, arrive
from plaintextcrm.exchange.incoming import Incoming, Refused, Source
from plaintextcrm.exchange.mentions import discreet
from plaintextcrm.exchange.outgoing import Others, outgoing
from plaintextcrm.exchange.vcard.reading import read
from plaintextcrm.exchange.vcard.writing import Sheet, as_cards
from plaintextcrm.model.contact import Contact
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fields import CONTACT_FIELDS
from plaintextcrm.text.page import page
from plaintextcrm.text.parse import parse_contact
from plaintextcrm.text.render import Plain
from plaintextcrm.text.types import ListOf
from plaintextcrm.text.values import LANGUAGE, LONG_TEXT, TEXT, TIMEZONE, YEARLY

TODAY = date(2026, 11, 22)
SETTINGS = Settings(country="CZ")
VERSIONS = ("4.0", "3.0")
HEAVY = "PLAINTEXTCRM_HEAVY" in os.environ
# The same cards on every machine.
FEW = settings(max_examples=1000 if HEAVY else 40, deadline=None, derandomize=not HEAVY)


def people(data: bytes) -> Iterator[Arrival | Refused]:
    """What becomes of the cards in an empty address book."""
    found = list(read(Source("cards.vcf", data), SETTINGS))
    yield from (one for one in found if isinstance(one, Refused))
    guests = (one for one in found if isinstance(one, Incoming))
    yield from arrive(guests, Scene([], [], lambda path: b"", SETTINGS, TODAY, "contacts", ""))


def files(data: bytes) -> dict[str, bytes]:
    """The contact files that come of the cards."""
    return {one.face.path: one.after for one in people(data) if isinstance(one, Arrival)}


def cards(contacts: dict[str, bytes], version: str) -> bytes:
    """These contacts as cards."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "contacts").mkdir()
        for path, data in contacts.items():
            (folder / path).write_bytes(data)
        book = Book(folder, None)
        book.refresh(lambda settings: TODAY, 0)
        others, rows = Others(book), answers.contacts(book)
        going = frozenset(row.id for row in rows)
        sheet = Sheet(version, others, going, lambda path: None)
        out = b"".join(as_cards(discreet(outgoing(book, rows), others, book.settings), sheet))
        book.close()
    return out


def unfolded(data: bytes) -> str:
    return data.decode().replace("\r\n ", "")


# ── whatever a file holds ────────────────────────────────────────────────────

PIECES = st.sampled_from(
    [
        b"BEGIN:VCARD\r\n",
        b"END:VCARD\n",
        b"VERSION:2.1\r",
        b"VERSION:4.0\n",
        b"FN:Eva\n",
        b"N:;;;\n",
        b"N:a\\",
        b"TEL",
        b";TYPE=",
        b";CELL",
        b";ENCODING=QUOTED-PRINTABLE",
        b";ENCODING=b",
        b";CHARSET=cp1250",
        b";CHARSET=zip",
        b":=C3=\n",
        b":=\r\n",
        b":",
        b"\n",
        b"\r\n ",
        b"\t",
        b"item1.",
        b"X-ABLabel:_$!<Home>!$_\n",
        b"BDAY:--1224\n",
        b"BDAY:00000000\n",
        b"PHOTO;ENCODING=b:/9j/AAA\n",
        b"PHOTO:data:image/png;base64,iVBORw0KGgo=\n",
        b"AGENT:\n",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\0",
        b"RELATED;TYPE=",
        b"X-A;X-FIELD=x_a;X-FORM=json:[[1]]\n",
        b"X-A;X-FIELD=x_vcard:a\n",
        b"ADR:;;;;;;;;;\n",
        b'"',
        b"^n",
        b",",
        b"\\n",
        b"EMAIL;PREF=1:a@b.example\n",
        b"UID:urn:uuid:x\n",
        b"CLASS:PRIVATE\n",
        b"\xe2\x80\xa8",
        b"\x85",
        b"\x1b[2J",
        b"X-ODD-LINE:END:VCARD\\n\n",
    ]
)


@FEW
@given(st.lists(PIECES | st.binary(max_size=4), max_size=40).map(b"".join))
def test_f13_whatever_a_file_holds_nothing_crashes(data: bytes) -> None:
    card = b"BEGIN:VCARD\nVERSION:3.0\nFN:Here\n" + data + b"\nEND:VCARD\n"
    for each in (data, card):
        made = files(each)
        for path, text in made.items():
            parsed = parse_contact(text, path, SETTINGS, TODAY)
            assert parsed.good, parsed.problems
        assert files(each) == made
        for version in VERSIONS:
            out = cards(made, version)
            private = sum(b"visibility: private" in text for text in made.values())
            assert unfolded(out).count("\r\nEND:VCARD\r\n") == len(made) - private
            assert all(len(line) <= 75 for line in out.split(b"\r\n"))
            list(vobject.readComponents(out.decode()))


# ── nothing is lost ──────────────────────────────────────────────────────────

NAMES = st.sampled_from(
    [
        "FN",
        "N",
        "NICKNAME",
        "TEL",
        "EMAIL",
        "URL",
        "ADR",
        "ORG",
        "TITLE",
        "ROLE",
        "NOTE",
        "BDAY",
        "ANNIVERSARY",
        "TZ",
        "LANG",
        "GENDER",
        "UID",
        "PHOTO",
        "LOGO",
        "SOUND",
        "KEY",
        "IMPP",
        "CATEGORIES",
        "RELATED",
        "SOCIALPROFILE",
        "X-SOCIALPROFILE",
        "KIND",
        "X-ABDATE",
        "X-ABRELATEDNAMES",
        "X-FOO",
        "X-ABShowAs",
        "LABEL",
        "MEMBER",
        "PRONOUNS",
        "DEATHDATE",
        "X-ANDROID-CUSTOM",
        "AGENT",
        "SORT-STRING",
        "GEO",
        "MAILER",
        "FBURL",
        "X-MS-OL-DESIGN",
        "HOBBY",
        "item1.TEL",
        "item2.X-FOO",
        "item3.X-ABLabel",
    ]
)
PARAMS = st.sampled_from(
    [
        "",
        ";TYPE=HOME",
        ";TYPE=home,work",
        ";CELL;PREF",
        ";type=CELL;type=pref",
        ';X-A="b;c:d"',
        ";PREF=1",
        ";VALUE=text",
        ";VALUE=uri",
        ";ENCODING=QUOTED-PRINTABLE",
        ";CHARSET=utf-8",
        ";ENCODING=8BIT",
        ";LANGUAGE=cs",
        ";ALTID=1;PID=1.1",
        ";SERVICE-TYPE=x",
        ";TYPE=X-own",
    ]
)
FILLING = st.text("ab ěš;,\\:'", max_size=4)


@st.composite
def lines(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Properties, each with a word of its own."""
    found = []
    for number in range(draw(st.integers(1, 10))):
        word = f"w{number}x"
        name, params = draw(NAMES), draw(PARAMS)
        value = draw(FILLING) + f" {word} " + draw(FILLING)
        if "QUOTED" in params:
            value = f"=C3=A1{word}=3B"
        found.append((f"{name}{params}:{value}", word))
    return found


@FEW
@given(lines(), st.sampled_from(["2.1", "3.0", "4.0"]), st.sampled_from(["\n", "\r\n"]))
@example([("X-ABRELATEDNAMES;VALUE=text:w0x\\", "w0x")], "3.0", "\n")
def test_f13_no_property_is_lost(found: list[tuple[str, str]], version: str, end: str) -> None:
    text = end.join(
        ["BEGIN:VCARD", f"VERSION:{version}", *(line for line, _word in found), "END:VCARD"]
    )
    made = files(text.encode())
    said = b"".join(made.values()).decode()
    if not made:  # nothing tells whom it is about: it is told
        assert any(isinstance(one, Refused) for one in people(text.encode()))
        return
    for line, word in found:
        assert word in said, line
    for out_version in VERSIONS:
        out = cards(made, out_version)
        for line, word in found:
            assert word in unfolded(out), line
        assert files(out) == made


# ── what goes out comes back ─────────────────────────────────────────────────

WORDS = st.text("abc XYZ áčď ;,:\\\"'^=.-+/()&<>#|{}[]@\n\t", min_size=1, max_size=30)
LINE = WORDS.map(lambda text: " ".join(text.split())).filter(bool)
LONG = WORDS.map(
    lambda text: "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()
).filter(bool)
NAME = (
    st.text("abc XYZ áčď.-", min_size=1, max_size=20)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
URLS = st.from_regex(r"\Ahttps?://[a-z]{1,8}\.example(/[a-z0-9,;=&?~_.\\-]{0,12})?\Z")
DAYS = st.dates(date(1800, 1, 1), date(2026, 1, 1)).map(str) | st.dates(
    date(2004, 1, 1), date(2004, 12, 31)
).map(lambda day: f"--{day:%m-%d}")
TYPES = (
    st.sampled_from(
        ["home", "work", "mobile", "work fax", "work mobile", "fax", "pager", "reception", "Home"]
    )
    | LINE
)


def _entry(**parts: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    """A mapping with some of these."""
    return st.fixed_dictionaries({}, optional=parts).filter(bool)


def _value(entry: object) -> object:
    return entry["value"] if isinstance(entry, dict) else entry


def _whole(entry: object) -> str:
    return repr(_value(entry) if isinstance(entry, dict) and set(entry) == {"value"} else entry)


def _reach(value: st.SearchStrategy[str]) -> st.SearchStrategy[object]:
    long = st.fixed_dictionaries(
        {"value": value}, optional={"type": TYPES, "preferred": st.just("yes")}
    )
    return st.lists(value | long, min_size=1, max_size=3, unique_by=_value)


OF_FIELD: dict[str, st.SearchStrategy[object]] = {
    "kind": st.sampled_from(["individual", "organization", "group"]),
    "emails": _reach(st.from_regex(r"\A[a-z]{1,6}@[a-z]{1,6}\.example\Z")),
    "phones": _reach(st.from_regex(r"\A(\+420 )?60[0-9] [0-9]{3} [0-9]{3}\Z")),
    "urls": _reach(URLS),
    "profiles": st.lists(
        URLS
        | _entry(service=NAME, user=NAME, value=URLS).filter(lambda one: "user" in one or "value" in one),
        min_size=1, max_size=3, unique_by=_whole,
    ),
    "addresses": st.lists(
        _entry(street=LINE, locality=LINE, region=LINE, postcode=LINE, country=LINE, type=TYPES).filter(
            lambda one: set(one) != {"type"}
        ),
        min_size=1, max_size=2, unique_by=repr,
    ),
    "photo": URLS,
    "visibility": st.just("public"),
}  # fmt: skip
OF_TYPE: dict[int, st.SearchStrategy[object]] = {
    id(TEXT): LINE,
    id(LONG_TEXT): LONG,
    id(LANGUAGE): st.sampled_from(["cs", "en-GB", "zh-Hant-TW"]),
    id(TIMEZONE): st.sampled_from(["Europe/Prague", "UTC", "America/Argentina/Ushuaia"]),
    id(YEARLY): DAYS,
}
# These need a second contact.
REFERRING = ("organization", "related")
CARRIED = [
    field
    for field in CONTACT_FIELDS
    if field.vcard and field.name not in ("name", "uid", *REFERRING)
]


def _of(field: object) -> st.SearchStrategy[object]:
    name, type_ = getattr(field, "name", ""), getattr(field, "type", None)
    if isinstance(type_, ListOf) and type_.item is TEXT:
        return st.lists(LINE, min_size=1, max_size=3, unique=True)
    return OF_FIELD[name] if name in OF_FIELD else OF_TYPE[id(type_)]


@st.composite
def books(draw: st.DrawFn) -> dict[str, bytes]:
    """Two or three contacts with fields that a card carries, which refer to each other."""
    number = draw(st.integers(2, 3))
    found = {}
    for one in range(number):
        optional = {field.name: _of(field) for field in CARRIED}
        fields: dict[str, Any] = draw(st.fixed_dictionaries({}, optional=optional))
        head: dict[str, Plain] = {"name": f"{draw(NAME)} {one}", "uid": str(uuid.UUID(int=one + 1))}
        if draw(st.booleans()):
            fields["x_own"] = draw(
                LINE | st.lists(LINE, min_size=1, max_size=2) | st.just({"a": ["b"]})
            )
        if draw(st.booleans()):
            fields["related"] = [
                {"contact": f"c{(one + 1) % number}", "type": draw(LINE), "note": draw(LINE)}
            ]
        if draw(st.booleans()):
            fields["x_vcard"] = draw(
                st.lists(LINE | st.just("X-FOO;TYPE=a:b\\,c"), min_size=1, max_size=3, unique=True)
            )
        found[f"contacts/c{one}.yaml"] = page({**head, **fields}).encode()
    return found


def told(contacts: dict[str, bytes]) -> dict[str, dict[str, object]]:
    """What the contacts say, by uid; relations by the uid of whom they name."""
    parsed = {path: parse_contact(data, path, SETTINGS, TODAY) for path, data in contacts.items()}
    assert all(one.good for one in parsed.values()), [one.problems for one in parsed.values()]
    known = [one.contact for one in parsed.values() if one.contact]
    uids = {one.id: one.uid for one in known}
    return {one.uid: _said(one, uids) for one in known}


def _said(contact: Contact, uids: dict[str, str]) -> dict[str, object]:
    said: dict[str, object] = {field.name: getattr(contact, field.name) for field in CARRIED}
    said["name"] = contact.name
    said["own"] = {key: value for key, value in contact.more.items() if key != "x_vcard"}
    said["kept"] = sorted(cast(list[str], contact.more.get("x_vcard", [])))
    said["related"] = [(uids[one.contact], one.type, one.note) for one in contact.related]
    return said


@FEW
@given(books(), st.sampled_from(VERSIONS))
def test_what_goes_out_comes_back(contacts: dict[str, bytes], version: str) -> None:
    out = cards(contacts, version)
    assert told(files(out)) == told(contacts)
    assert len(list(vobject.readComponents(out.decode()))) == len(contacts)


@FEW
@given(books(), st.sampled_from(VERSIONS))
def test_s05_no_text_makes_a_second_card(contacts: dict[str, bytes], version: str) -> None:
    evil = "\nEND:VCARD\nBEGIN:VCARD\nFN:Evil\n"
    spoilt = {
        path: data + page({"x_evil": evil, "x_more": [evil]}).encode()
        for path, data in contacts.items()
    }
    out = cards(spoilt, version)
    found = list(vobject.readComponents(out.decode()))
    assert len(found) == len(contacts)
    assert not any(card.fn.value == "Evil" for card in found)
