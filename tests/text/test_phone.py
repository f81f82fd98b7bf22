"""Phone numbers: the same one however it is written, by the library's own reading; and who cannot be one."""

import phonenumbers
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat as Form

from plaintextcrm.model.contact import Address
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.countries import country_code
from plaintextcrm.text.phone import country_of, looks_dialled, read_phone, spoken

COUNTRIES = ("CZ", "SK", "PL", "DE", "AT", "GB", "US", "HU", "IT", "FR", "ES", "UA")


@pytest.mark.parametrize(
    "text",
    [
        "601 000 111",
        "601000111",
        "(0601) 000-111",
        "+420 601 000 111",
        "+420 (0) 601 000 111",
        "00420/601/000111",
        "420 601 000 111",
        "tel:+420-601-000-111",
        "601 000 111 ext. 5",
        "601\u00a0000\u00a0111, evenings",
        "٦٠١ ٠٠٠ ١١١",
    ],
)
def test_one_number_in_many_writings(text: str) -> None:
    assert read_phone(text, "CZ")[:] == ("+420601000111", "601000111", "")


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("020 7946 0018", "GB", "+442079460018"),
        ("+44 020 7946 0018", "", "+442079460018"),
        ("(212) 555-0100", "US", "+12125550100"),
        ("1-212-555-0100", "US", "+12125550100"),
        ("011 420 601 000 111", "US", "+420601000111"),
        ("06 30 123 4567", "HU", "+36301234567"),
        ("06 1234 5678", "IT", "+390612345678"),
        ("8 912 345 67 89", "RU", "+79123456789"),
        ("601 000 111", "", "601000111"),
        ("112", "CZ", "112"),
    ],
)
def test_numbers_of_other_countries(text: str, country: str, number: str) -> None:
    found = read_phone(text, country)
    assert (found.number, found.fault) == (number, "")


@pytest.mark.parametrize(
    ("text", "country", "fault"),
    [
        ("601 000 11", "CZ", "numbers of +420 have 9 digits, this one 8"),
        ("+420 601 000 1112", "", "numbers of +420 have 9 digits, this one 10"),
        ("+48 22 550 00 0", "CZ", "numbers of +48 have 7, 9 or 10 digits, this one 8"),
        ("0044 20 7946", "CZ", "numbers of +44 have 7, 9 or 10 digits, this one 6"),
        ("601 000 111 / 601 000 112", "CZ", "numbers of +420 have 9 digits, this one 18"),
        ("call reception", "CZ", "it has no digit"),
        ("Office 601 000 111", "CZ", "it does not begin with a number"),
        ("+999 123 456", "", "no country has this code"),
        ("1234567890123456", "", "no number has 16 digits"),
    ],
)
def test_what_nobody_can_have(text: str, country: str, fault: str) -> None:
    assert read_phone(text, country).fault == fault


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str, str]:
    """A sample number of a country with other last digits, in one of the writings, and its E.164."""
    country = draw(st.sampled_from(COUNTRIES))
    kind = draw(
        st.sampled_from(
            (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
        )
    )
    sample = phonenumbers.example_number_for_type(country, kind)
    assert sample is not None
    assert sample.national_number is not None
    number = phonenumbers.PhoneNumber(
        country_code=sample.country_code,
        national_number=sample.national_number
        - sample.national_number % 1000
        + draw(st.integers(0, 999)),
        italian_leading_zero=sample.italian_leading_zero,
    )
    form = draw(st.sampled_from((Form.E164, Form.INTERNATIONAL, Form.NATIONAL, Form.RFC3966)))
    return (
        phonenumbers.format_number(number, form),
        country,
        phonenumbers.format_number(number, Form.E164),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(numbers())
def test_every_writing_of_the_library_is_read(one: tuple[str, str, str]) -> None:
    text, country, number = one
    found = read_phone(text, country)
    assert (found.number, found.fault) == (number, ""), text
    assert number.endswith(found.national)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=40), st.sampled_from(("", *COUNTRIES)))
def test_any_text_is_read(text: str, country: str) -> None:
    found = read_phone(text, country)
    assert found.number.removeprefix("+").isdigit() or found.fault
    assert looks_dialled(text) in (True, False)


def test_the_country_is_that_of_the_address_or_the_settings() -> None:
    home = Settings(country="cz")
    assert country_of((), home) == "CZ"
    assert country_of((Address(locality="Łódź"), Address(country="Polska")), home) == "PL"
    assert country_of((Address(country="Mordor"),), home) == ""
    assert country_of((), Settings()) == ""


@pytest.mark.parametrize(
    ("name", "code"),
    [("Česká republika", "CZ"), ("U.S.A.", "US"), ("uk", "GB"), ("sk", "SK"), ("Österreich", "AT")],
)  # fmt: skip
def test_countries_by_name(name: str, code: str) -> None:
    assert country_code(name) == code


def test_a_number_as_people_read_it() -> None:
    assert spoken("+420601000111") == "+420 601 000 111"
    assert spoken("+") == "+"
