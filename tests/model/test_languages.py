"""The words of every language: none is missing, and numbers take their right form."""

from datetime import date

import pytest

from plaintextcrm.model.languages import LANGUAGES, VERBS, put
from plaintextcrm.model.reminders import KINDS
from plaintextcrm.model.settings import CHANNELS
from plaintextcrm.model.titles import about, count_of_years, title

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


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_missing(language: str) -> None:
    words = LANGUAGES[language]
    assert set(words.kinds) == set(KINDS)
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
