"""CSV as it comes: encodings, delimiters, days, columns; and what is told of a file that cannot be read."""

import codecs
import random

import pytest

from plaintextcrm.exchange.incoming import Incoming, Plain, Refused, Source
from plaintextcrm.exchange.sheets.days import Order, day_of, order_of
from plaintextcrm.exchange.sheets.encoding import decode, find_encoding
from plaintextcrm.exchange.sheets.mapping import BadMap, likely_map, read_map
from plaintextcrm.exchange.sheets.records import Lines
from plaintextcrm.exchange.sheets.sheet import Options, Sheet, read_sheet
from plaintextcrm.model.settings import Settings
from tests.conftest import AddressBook

PEOPLE = {
    "cs": "Eva Malá;Řehoř Žďárský;Božena Němcová;Tomáš Dvořák;Ústí nad Labem;Plzeň;Květa Šťastná",
    "sk": "Ľubomír Ščasný;Žofia Kováčová;Ján Čierny;Mária Ďurišová;Košice;Žilina;Andrej Jánošík",
    "pl": "Łukasz Żółć;Agnieszka Wiśniewska;Małgorzata Dąbrowska;Kraków;Łódź;Poznań;Gdańsk",
    "hu": "Győr;Szabó Ödön;Nagy Jenő;Kovács Zsófia;Fűzfa utca",
    "de": "Jürgen Müller;Günter Groß;Käthe Böhm;Hauptstraße 3;Köln;Schöner & Söhne",
    "fr": "René Lefèvre;François Bélanger;Élodie Garçon;rue de l’Église;Nîmes",
    "es": "José Muñoz;María Peña;Málaga;León;Íñigo Núñez",
    "sv": "Åsa Öberg;Björn Sjöström;Malmö;Västerås",
}
CENTRAL, WESTERN = ("cp1250", "iso8859_2"), ("cp1252",)
PAGES = [
    (language, page)
    for language in PEOPLE
    for page in (CENTRAL if language in ("cs", "sk", "pl", "hu") else WESTERN)
]
LENGTH = (
    "where the header has 3; put a text with a delimiter in quotes, and a delimiter for each cell "
    "without text"
)
ANYWHERE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")


def sheet(text: str | bytes, *maps: str, country: str = "") -> Sheet:
    data = text if isinstance(text, bytes) else text.encode()
    settings = Settings(country=country)
    return read_sheet(Source("f.csv", data), settings, Options(read_map(maps, settings)))


def rows(text: str | bytes, *maps: str) -> list[dict[str, Plain]]:
    found = sheet(text, *maps).people
    assert all(isinstance(one, Incoming) for one in found), found
    return [
        {name: value for name, value in one.fields.items() if value}
        for one in found
        if isinstance(one, Incoming)
    ]


def refusals(text: str | bytes, *maps: str) -> list[tuple[int, str]]:
    return [
        (one.line, one.message) for one in sheet(text, *maps).people if isinstance(one, Refused)
    ]


@pytest.mark.parametrize(("language", "page"), PAGES)
@pytest.mark.parametrize("count", [3, 200])
def test_the_code_page_of_a_few_names(language: str, page: str, count: int) -> None:
    pick = random.Random(f"{language} {page} {count}")
    names = PEOPLE[language].split(";")
    text = "".join(f"{pick.choice(names)};{pick.choice(names)};+420 601\r\n" for _ in range(count))
    data = text.encode(page)
    found = find_encoding(data)
    assert found
    assert decode(data, found.codec) == text


@pytest.mark.parametrize("codec", ANYWHERE)
def test_unicode_in_all_its_forms(codec: str) -> None:
    assert rows("Name,Město\nŽofie,Łódź\n".encode(codec), "Name=name") == [
        {"name": "Žofie", "x_csv": {"Město": "Łódź"}}
    ]


def test_what_is_doubtful_goes_by_the_country() -> None:
    data = "Name;City\nJürgen;Köln\n".encode("cp1252")
    assert sheet(data, "Name=name").said == "CSV, semicolons, windows-1252, 1 row"
    assert "windows-1250" in sheet(data, "Name=name", country="CZ").said


def test_f13_bytes_of_no_encoding_are_told() -> None:
    noise = bytes(random.Random(1).randrange(128, 256) for _ in range(400))
    [(line, message)] = refusals(b"Name,x\nEva," + noise)
    assert line == 1
    assert "--encoding" in message


def test_a_named_encoding(book: AddressBook) -> None:
    file = book.folder / "f.csv"
    file.write_bytes("name;notes\nЕва;Привет\n".encode("cp1251"))
    assert book.run("import", "csv", str(file), "--encoding", "cp1251").code == 0
    assert "name: Ева\n" in (book.folder / "contacts" / "eva.yaml").read_text("utf-8")
    wrong = book.run("import", "csv", str(file), "--encoding", "klingon")
    assert wrong.code == 2
    assert "klingon" in wrong.err


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_agrees(delimiter: str) -> None:
    lines = [
        ["Name", "Note", "Price"],
        ["Eva", "likes tea, coffee; and more", "1,5"],
        ["Jan", "a|b, c", "2,5"],
    ]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    assert Lines(text).delimiter() == delimiter


def test_a_spreadsheet_may_say_its_delimiter() -> None:
    text = "sep=;\r\nName;Note\r\nEva;a,b,c,d\r\n"
    assert rows(text, "Name=name") == [{"name": "Eva", "x_csv": {"Note": "a,b,c,d"}}]
    assert [one.line for one in sheet(text, "Name=name").people] == [3]


DAYS = {
    "2026-12-24": "2026-12-24", "2026/1/2": "2026-01-02", "24.12.1986": "1986-12-24",
    "4. 2. 1986": "1986-02-04", "24/12/1986": None, "5/5/1990": "1990-05-05",
    "12 Mar 2024": "2024-03-12", "Mar 5, 2020": "2020-03-05", "1st May 2020": "2020-05-01",
    "December 24 1986": "1986-12-24", "--12-24": "--12-24", "2024-01-01 10:00": "2024-01-01",
    "2024-01-01T10:00:00Z": "2024-01-01", "30.2.2020": None, "24.12.86": None, "1986": None,
    "soon": None, "": None, "--13-40": None, "mayor 5 2020": None, "0000-01-01": None,
}  # fmt: skip


@pytest.mark.parametrize("text", DAYS)
def test_days_that_can_be_only_one(text: str) -> None:
    assert day_of(text, Order.UNKNOWN) == DAYS[text]


def test_the_column_proves_the_order() -> None:
    assert order_of(["1/2/1980", "24/12/1986"]) is Order.DAY
    assert order_of(["1/2/1980", "12/24/1986"]) is Order.MONTH
    assert order_of(["1/2/1980"]) is order_of(["24/12/1986", "12/24/1986"]) is Order.UNKNOWN
    assert day_of("1/2/1980", Order.DAY) == "1980-02-01"
    assert day_of("1-2-1980", Order.MONTH) == "1980-01-02"


def test_entries_of_several_columns() -> None:
    text = "Name,Call,What,Call 2,Mail,Town,Street\nEva,2026-01-02,web,2026-02-03,a@b.example,Brno,Dlouhá\n"
    found = rows(
        text,
        "Name=name,Call=interactions.date,What=interactions.note",
        "Call 2=interactions:second.date,Mail=emails:work",
        "Town=addresses:home.locality,Street=addresses:home.street",
    )
    assert found == [
        {
            "name": "Eva",
            "interactions": [{"date": "2026-01-02", "note": "web"}, {"date": "2026-02-03"}],
            "emails": [{"value": "a@b.example", "type": "work"}],
            "addresses": [{"street": "Dlouhá", "locality": "Brno", "type": "home"}],
        }
    ]


def test_two_columns_of_one_field_lose_nothing() -> None:
    text = "Name,Title,Position,N1,N2\nEva,Boss,Chief,one,two\n"
    assert rows(text, "Name=name,Title=title,Position=title,N1=notes,N2=notes") == [
        {"name": "Eva", "title": "Boss", "notes": "one\ntwo", "x_csv": {"Position": "Chief"}}
    ]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Name", "is no `COLUMN=field`"),
        ("Name=nam", "did you mean `name`"),
        ("Nmae=name", "did you mean `Name`"),
        ("Name=interactions", "write `Name=interactions.date`"),
        ("Name=interactions.dat", "did you mean `date`"),
        ("Name=name:work", "has no parts"),
        ("Phone=interactions.date", "no column of these tells a name"),
    ],
)
def test_what_is_wrong_with_a_map_is_said(told: str, said: str, book: AddressBook) -> None:
    (book.folder / "f.csv").write_text("Name,Phone\nEva,601\n")
    answer = book.run("import", "csv", str(book.folder / "f.csv"), "--map", told)
    assert said in answer.err + answer.out
    assert "Traceback" not in answer.err


def test_a_map_with_a_comma_in_a_name() -> None:
    text = '"Name, whole",x\nEva,1\n'
    assert rows(text, '"Name, whole=name"') == [{"name": "Eva", "x_csv": {"x": "1"}}]
    with pytest.raises(BadMap):
        sheet(text, "Name, whole=name")


def test_guesses_of_columns() -> None:
    assert likely_map(["Jméno", "Telefon 2", "PSČ", "Shoe size"]) == (
        "Jméno=name,Telefon 2=phones,PSČ=addresses.postcode"
    )
    assert likely_map(["Vorname", "Nachname"]) == "Vorname=given_name,Nachname=family_name"
    assert likely_map(["Nazwisko", "E-mial"]) == "Nazwisko=family_name,E-mial=emails"
    assert likely_map(["qqq", ""]) == ""


def test_a_quote_that_is_never_closed_costs_one_row() -> None:
    text = 'Name,Note\n"Eva,x\n' + "".join(f"P{n},y\n" for n in range(200))
    found = sheet(text, "Name=name").people
    assert [type(one).__name__ for one in found[:2]] == ["Refused", "Incoming"]
    assert len(found) == 201


def test_f16_thousands_of_open_quotes_end_soon() -> None:
    text = "Name,Note\n" + '"x""\n' * 30_000
    found = sheet(text, "Name=name").people
    assert all(isinstance(one, Refused) for one in found)
    assert len(found) <= 1_001


def test_a_mark_of_bytes_within_the_text_is_no_matter() -> None:
    data = codecs.BOM_UTF8 * 2 + b"Name,x\nEva,1\n"
    assert rows(data, "Name=name") == [{"name": "Eva", "x_csv": {"x": "1"}}]


def test_columns_without_a_name_are_kept() -> None:
    assert rows("Name,,\nEva,a,b\n", "Name=name") == [
        {"name": "Eva", "x_csv": {"column 2": "a", "column 3": "b"}}
    ]


def test_rows_that_excel_cuts_short_are_whole() -> None:
    long = "".join(f"P{n},{n},x\n" for n in range(16))
    short = "".join(f"Q{n},{n}\n" for n in range(16))
    assert len(rows(f"Name,Phone,Note\n{long}{short}", "Name=name,Phone=phones")) == 32
    assert refusals("Name,Phone,Note\nEva,1,x\nJan,2\nRest of a note\n", "Name=name") == [
        (3, f"2 cells {LENGTH}"),
        (4, f"1 cell {LENGTH}"),
    ]
    assert rows("Name,Phone,,\nEva,1\n", "Name=name,Phone=phones") == [
        {"name": "Eva", "phones": ["1"]}
    ]
