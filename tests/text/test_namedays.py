"""Name days: the calendars are whole, well-known days are right, and whose day it is by the rule."""

from calendar import monthrange
from collections import Counter
from textwrap import dedent

import pytest

from plaintextcrm.model.contact import Contact
from plaintextcrm.model.dates import YearlyDay
from plaintextcrm.model.settings import Settings
from plaintextcrm.store.namedays import FILES, calendar, text_of
from plaintextcrm.text.fold import key_of
from plaintextcrm.text.namedays import (
    calendar_of,
    given_name,
    nameday_of,
    parse_calendar,
)
from plaintextcrm.text.parse import parse_contact, parse_settings
from tests.model.cases import DAY

YEAR = [
    YearlyDay(month, day)
    for month in range(1, 13)
    for day in range(1, monthrange(2028, month)[1] + 1)
]
# The holidays on which nobody has a name day.
NOBODY = {"CZ": "01-01 05-01 05-08 07-06 12-25", "SK": "01-01 05-01 11-02 12-25", "PL": ""}
KNOWN = {
    "CZ": {
        "Josef": "03-19", "Jana": "05-24", "Václav": "09-28", "Martin": "11-11", "Eva": "12-24",
        "Adam": "12-24", "Petr": "06-29", "Pavel": "06-29", "Jan": "06-24", "Anna": "07-26",
        "Jiří": "04-24", "Tomáš": "03-07", "Kateřina": "11-25", "Barbora": "12-04", "Lucie": "12-13",
        "Marie": "09-12", "Zuzana": "08-11", "Horymír": "02-29", "Žofie": "05-15", "Karel": "11-04",
        "Teodor": "10-23", "Mahulena": "11-17", "Cyril": "07-05", "Silvestr": "12-31",
    },
    "SK": {
        "Jozef": "03-19", "Jana": "08-21", "Martin": "11-11", "Katarína": "11-25", "Eva": "12-24",
        "Peter": "06-29", "Pavol": "06-29", "Ján": "06-24", "Juraj": "04-24", "Anna": "07-26",
        "Mária": "09-12", "Ľubomír": "08-13", "Tomáš": "03-07", "Štefan": "12-26", "Žofia": "05-15",
        "Radomír": "02-29", "Michal": "09-29", "Zuzana": "08-11", "Lucia": "12-13",
    },
    "PL": {
        "Józef": "03-19", "Adam": "12-24", "Ewa": "12-24", "Anna": "07-26", "Jan": "06-24",
        "Piotr": "06-29", "Paweł": "06-29", "Katarzyna": "11-25", "Andrzej": "11-30", "Barbara": "12-04",
        "Wojciech": "04-23", "Stanisław": "05-08", "Michał": "09-29", "Marcin": "11-11", "Zofia": "05-15",
        "Agnieszka": "01-21", "Łukasz": "10-18", "Mikołaj": "12-06", "Krzysztof": "07-25",
        "Jolanta": "06-15", "Maria": "08-15", "Tadeusz": "10-28", "Wacław": "09-28", "Sylwester": "12-31",
    },
}  # fmt: skip


@pytest.mark.parametrize("code", FILES)
def test_every_day_of_the_year_is_there_in_order(code: str) -> None:
    days = list(parse_calendar(text_of(code)))
    assert [day for day, _names in days] == YEAR
    assert len(YEAR) == 366
    assert [day for day, names in days if not names] == [
        _day(text) for text in NOBODY[code].split()
    ]


@pytest.mark.parametrize("code", FILES)
def test_a_name_stands_once_or_has_one_main_day(code: str) -> None:
    names = [name for _day, names in parse_calendar(text_of(code)) for name in names]
    assert all(name == name.strip() and name[0].isupper() and " " not in name for name in names)
    stands = Counter(key_of(name.removesuffix("*")) for name in names)
    several = {name for name, count in stands.items() if count > 1}
    assert several == {key_of(name.removesuffix("*")) for name in names if name.endswith("*")}
    assert sum(name.endswith("*") for name in names) == len(several)


@pytest.mark.parametrize("code", FILES)
def test_the_heading_names_several_sources(code: str) -> None:
    heading = text_of(code).partition("\n\n")[0]
    sources = heading.partition("Sources")[2]
    assert all(line.startswith("#") for line in heading.splitlines())
    assert sources.count("(") >= 2


@pytest.mark.parametrize(
    ("code", "name", "day"),
    [(code, name, day) for code, days in KNOWN.items() for name, day in days.items()],
)
def test_well_known_days(code: str, name: str, day: str) -> None:
    found = calendar(code)[key_of(name)]
    assert str(found) == f"--{day}"


def test_a_country_without_a_calendar_has_no_name_days() -> None:
    assert calendar("GB") == {}


def test_diacritics_matter_only_where_two_names_differ_in_nothing_else() -> None:
    days = calendar_of(
        parse_calendar("01-01 Ána, Jiří\n01-02 Anna, Ňora, Nóra # both\n01-03 Nora\n01-04 -"), ()
    )
    assert days["jiri"] == days["jiří"] == YearlyDay(1, 1)
    assert days["ana"] == YearlyDay(1, 1)
    assert days["ňora"] == YearlyDay(1, 2)
    assert days["nora"] == YearlyDay(1, 3)  # it is a name itself
    two = calendar_of(parse_calendar("01-02 Ňora\n01-03 Nóra"), ())
    assert "nora" not in two


def test_the_settings_add_days_and_win() -> None:
    days = calendar_of(parse_calendar("03-19 Josef"), (("--03-20", ("JOSEF", "Josefína")),))
    assert days["josef"] == days["josefína"] == days["josefina"] == YearlyDay(3, 20)


@pytest.mark.parametrize("line", ["13-01 Eva", "02-30 Eva", "Eva", "12-24: Eva"])
def test_a_line_of_another_form_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        list(parse_calendar(line))


# Whose day it is.


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("name: Josef Novák\nlanguage: cs", "--03-19"),
        ("name: josef NOVÁK\nlanguage: cs-CZ", "--03-19"),
        ("name: Ing. Josef Novák, Ph.D.\nlanguage: cs", "--03-19"),
        ("name: pan Josef Novák\nlanguage: cs", "--03-19"),
        ("name: Mgr Jiri Novak\nlanguage: cs", "--04-24"),
        ("name: Novák\ngiven_name: Josef Karel\nlanguage: cs", "--03-19"),
        ("name: Boss\ngiven_name: Eva\naddresses: [{country: CZ}]", "--12-24"),
        ("name: Jana Malá\naddresses: [{street: Long 1}, {country: Česká republika}]", "--05-24"),
        ("name: Jana Malá\naddresses: [{country: Slovensko}]", "--08-21"),
        ("name: Jana Malá\naddresses: [{country: SK}, {country: CZ}]", "--08-21"),
        ("name: Jana Malá\nlanguage: cs\naddresses: [{country: SK}]", "--05-24"),
        ("name: Jana Malá\nlanguage: en\naddresses: [{country: SK}]", "--08-21"),
        ("name: Zofia Nowak\nlanguage: pl", "--05-15"),
        ("name: Lukasz Zielinski\nlanguage: pl", "--10-18"),
        ("name: Jana Malá", "--05-24"),  # the settings' country
    ],
)
def test_whose_day_it_is(text: str, day: str) -> None:
    assert str(nameday_of(_contact(text), Settings(country="CZ"), calendar)) == day


@pytest.mark.parametrize(
    "text",
    [
        "name: Josef Novák\nkind: organization",
        "name: Josef Novák\nkind: group",
        "name: Pepa Novák",  # a diminutive
        "name: Novák Josef",  # a surname is no given name
        "name: J. Josef",
        "name: Jozef Novák",  # the Slovak one
        "name: Zofia Nová",  # the Czech one is Žofie
        "name: Martin Weber\nlanguage: de",
        "name: Martin Weber\naddresses: [{country: DE}]",
        "name: Ing. Mgr.",
        "name: Josef Novák\nnameday: --10-03",  # the file says it
    ],
)
def test_whose_day_it_is_not(text: str) -> None:
    assert nameday_of(_contact(text), Settings(country="CZ"), calendar) is None


def test_nobody_knows_without_language_and_country() -> None:
    assert nameday_of(_contact("name: Eva Malá"), Settings(), calendar) is None
    assert nameday_of(_contact("name: Eva Malá"), Settings(country="GB"), calendar) is None


def test_a_name_in_two_code_points_is_the_same() -> None:
    assert (
        str(
            nameday_of(
                _contact("name: Jir\u030ci\u0301 Mala\u0301\nlanguage: cs"), Settings(), calendar
            )
        )
        == "--04-24"
    )


def test_a_table_of_the_settings_is_a_calendar() -> None:
    settings = _settings(
        """
        country: CZ
        nameday_calendars:
          CZ:
            --03-19: Josefína
            --10-03: [Josef, Pepa]
          hu: {--12-24: [Éva]}
        """
    )
    for text, day in {
        "name: Josefína Malá": "--03-19",
        "name: Josef Malý": "--10-03",
        "name: Pepa Malý": "--10-03",
        "name: Jana Malá": "--05-24",
        "name: Éva Kis\nlanguage: hu": "--12-24",
        "name: Éva Kis\naddresses: [{country: HU}]": "--12-24",
        "name: Jana Kis\nlanguage: hu": "None",
    }.items():
        assert str(nameday_of(_contact(text), settings, calendar)) == day, text


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("'  Eva,  Malá '", "Eva"),
        ("MUDr. et Mgr. Eva Malá", "Eva"),
        ("prof Eva Malá", "Eva"),
        ("paní Eva Malá", "Eva"),
        ("Ph.D. Eva Malá", "Eva"),
        ("E. Malá", ""),
        ("Ing.", ""),
    ],
)
def test_the_given_name(name: str, given: str) -> None:
    assert given_name(_contact(f"name: {name}")) == given


def _day(text: str) -> YearlyDay:
    return YearlyDay(int(text[:2]), int(text[3:]))


def _contact(text: str) -> Contact:
    found = parse_contact(text.encode(), "contacts/one.yaml", Settings(), DAY).contact
    assert found
    return found


def _settings(text: str) -> Settings:
    settings, problems = parse_settings(dedent(text).encode(), "plaintextcrm.yaml")
    assert not problems
    return settings
