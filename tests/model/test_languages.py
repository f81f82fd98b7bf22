"""The words of every language: none is missing, and numbers take their right form."""

from datetime import date

import pytest

from plaintextcrm.model.languages import LANGUAGES, VERBS, put
from plaintextcrm.model.reminders import KINDS
from plaintextcrm.model.settings import CHANNELS
from plaintextcrm.model.titles import (
    FOUNDED,
    about,
    count_of_years,
    title,
    title_on,
    what_it_is,
)

YEARS = {
    "en": {1: "1 year", 2: "2 years", 5: "5 years", 21: "21 years"},
    "cs": {1: "1 rok", 2: "2 roky", 4: "4 roky", 5: "5 let", 21: "21 let", 22: "22 let"},
    "sk": {1: "1 rok", 2: "2 roky", 4: "4 roky", 5: "5 rokov", 22: "22 rokov", 101: "101 rokov"},
    "pl": {
        1: "1 rok", 2: "2 lata", 4: "4 lata", 5: "5 lat", 11: "11 lat", 12: "12 lat", 14: "14 lat",
        20: "20 lat", 21: "21 lat", 22: "22 lata", 24: "24 lata", 25: "25 lat", 101: "101 lat",
        102: "102 lata", 112: "112 lat", 122: "122 lata",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", YEARS)
def test_years_take_their_right_form(language: str) -> None:
    for years, words in YEARS[language].items():
        day = date(1900 + years, 5, 20)
        assert count_of_years("anniversary", 1900, day, language) == words
        turns = f"turns {years}" if language == "en" else words
        assert count_of_years("birthday", 1900, day, language) == turns


NTH = {
    "en": "1st anniversary, 2nd anniversary, 5th anniversary, 20th anniversary, 22nd anniversary,"
    " 100th anniversary",
    "cs": "1. výročí, 2. výročí, 5. výročí, 20. výročí, 22. výročí, 100. výročí",
    "sk": "1. výročie, 2. výročie, 5. výročie, 20. výročie, 22. výročie, 100. výročie",
    "pl": "1. rocznica, 2. rocznica, 5. rocznica, 20. rocznica, 22. rocznica, 100. rocznica",
}
COUNTS = {
    "en": "1 year, 2 years, 5 years, 20 years, 22 years, 100 years",
    "cs": "1 rok, 2 roky, 5 let, 20 let, 22 let, 100 let",
    "sk": "1 rok, 2 roky, 5 rokov, 20 rokov, 22 rokov, 100 rokov",
    "pl": "1 rok, 2 lata, 5 lat, 20 lat, 22 lata, 100 lat",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_ordinals_and_counts(language: str) -> None:
    days = [date(1900 + years, 5, 20) for years in (1, 2, 5, 20, 22, 100)]
    nth = [what_it_is("anniversary", 1900, day, language) for day in days]
    count = [what_it_is("milestone", 1900, day, language) for day in days]
    assert ", ".join(nth) == NTH[language]
    assert ", ".join(count) == COUNTS[language]


def test_english_ordinals() -> None:
    found = {}
    for years in (3, 11, 12, 13, 21, 23, 101, 111, 113, 121):
        found[years] = what_it_is("anniversary", 1800, date(1800 + years, 1, 1)).split()[0]
    assert " ".join(found.values()) == "3rd 11th 12th 13th 21st 23rd 101st 111th 113th 121st"


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "Birthday of Eva, turns 20", "20th anniversary of Eva", "Eva: First order, 20 years",
                "ACME: 20 years", "Name day of Eva",
            ],
        ),
        (
            "cs",
            [
                "Narozeniny – Eva, 20 let", "20. výročí – Eva", "Eva: First order, 20 let",
                "ACME: 20 let", "Svátek – Eva",
            ],
        ),
        (
            "sk",
            [
                "Narodeniny – Eva, 20 rokov", "20. výročie – Eva", "Eva: First order, 20 rokov",
                "ACME: 20 rokov", "Meniny – Eva",
            ],
        ),
        (
            "pl",
            [
                "Urodziny – Eva, 20 lat", "20. rocznica – Eva", "Eva: First order, 20 lat",
                "ACME: 20 lat", "Imieniny – Eva",
            ],
        ),
    ],
)  # fmt: skip
def test_titles_of_a_day(language: str, lines: list[str]) -> None:
    day, year = date(2026, 5, 20), 2006
    assert [
        title_on(day, "birthday", "Eva", year=year, language=language),
        title_on(day, "anniversary", "Eva", year=year, language=language),
        title_on(day, "milestone", "Eva", "First order", year=year, language=language),
        title_on(day, "milestone", "ACME", "", FOUNDED, year, language),
        title_on(day, "nameday", "Eva", year=year, language=language),
    ] == lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_known_is_not_counted(language: str) -> None:
    day = date(2026, 5, 20)
    for kind in ("birthday", "anniversary", "milestone"):
        for year in (None, 2026, 2027):
            plain = title(kind, "Eva", "", "", language)
            assert title_on(day, kind, "Eva", year=year, language=language) == plain
    founded = title_on(day, "milestone", "ACME", "", FOUNDED, None, language)
    assert founded == f"ACME: {LANGUAGES[language].founded}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_missing(language: str) -> None:
    words = LANGUAGES[language]
    assert set(words.kinds) == set(KINDS)
    assert words.heads["anniversary"].startswith(words.kinds["anniversary"])  # see `title_on`
    assert set(KINDS) | {*VERBS, "theirs"} <= set(words.heads) | {"milestone"}
    assert not words.channels or set(words.channels) == set(CHANNELS)
    stars = [*words.heads.values(), words.lost_to, words.we_promised, words.they_promised]
    assert all(text.count("*") == 1 for text in stars)
    for kind in KINDS:
        assert title(kind, "Eva Malá", "", "", language).count("Eva Malá") == 1


@pytest.mark.parametrize(
    ("language", "kind", "action", "words"),
    [
        ("cs", "follow-up", "", "Ozvat se – Eva: kdy"),
        ("cs", "keep-in-touch", "call", "Zavolat – Eva: kdy"),
        ("cs", "keep-in-touch", "coworking", "Být v kontaktu – Eva: kdy"),
        ("cs", "promise", "theirs", "Jejich slib – Eva: kdy"),
        ("cs", "win-back", "Beta", "Získat zpět – Eva: kdy (vyhrál: Beta)"),
        ("cs", "milestone", "founded", "Eva: založení"),
        ("sk", "nameday", "", "Meniny – Eva: kdy"),
        ("sk", "win-back", "Beta", "Získať späť – Eva: kdy (vyhral: Beta)"),
        ("pl", "keep-in-touch", "letter", "Wysłać list – Eva: kdy"),
        ("pl", "milestone", "founded", "Eva: założenie"),
        ("en", "win-back", "Beta", "Win back Eva: kdy (lost to Beta)"),
        ("en", "keep-in-touch", "theirs", "Keep in touch with Eva: kdy"),
        ("en", "keep-in-touch", "deal", "Keep in touch with Eva: kdy"),
    ],
)
def test_titles_of_other_languages(language: str, kind: str, action: str, words: str) -> None:
    assert title(kind, "Eva", "kdy", action, language) == words


def test_words_of_a_person_are_only_text() -> None:
    for text in ("*", "**", "{0}", "%s", "$who"):
        assert put("a * b", text) == f"a {text} b"
        assert title("promise", text, text, "theirs") == f"{text} promised: {text}"
        assert about("win-back", text, text, "cs") == f"{text} (vyhrál: {text})"
