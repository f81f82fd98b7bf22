"""The settings as one value, and its short form for the book."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from plaintextcrm.model.dates import Duration
from plaintextcrm.model.settings import (
    CHANNELS,
    STATUSES,
    FeedSettings,
    Settings,
    Stage,
    Weights,
    dump_settings,
    load_settings,
)
from plaintextcrm.text.parse import parse_settings
from tests.conftest import PROJECT

WORDS = st.text(max_size=6)
LISTS = st.lists(WORDS, max_size=2).map(tuple)
NUMBERS = st.floats(0, 1000)  # what a file may say: none is infinite, or no number
SPANS = st.builds(Duration, st.integers(0, 120), st.integers(0, 999), st.integers(0, 999))
NAMED = st.lists(st.tuples(WORDS, LISTS), max_size=3).map(tuple)
SETTINGS = st.builds(
    Settings,
    timezone=WORDS,
    currency=WORDS,
    country=WORDS,
    me=WORDS,
    my_emails=LISTS,
    people=LISTS,
    cadences=st.lists(st.tuples(WORDS, SPANS), max_size=4).map(tuple),
    channels=LISTS,
    statuses=LISTS,
    stages=st.lists(
        st.builds(Stage, WORDS, st.sampled_from(["open", "won", "lost"])), max_size=3
    ).map(tuple),
    lost_reasons=LISTS,
    fields=st.lists(st.tuples(WORDS, WORDS), max_size=4).map(tuple),
    feeds=st.lists(st.builds(FeedSettings, WORDS, WORDS, WORDS, WORDS, WORDS), max_size=2).map(
        tuple
    ),
    overdue=st.sampled_from(["roll", "keep"]),
    max_per_day=st.none() | st.integers(1, 1000),
    lead=SPANS,
    rates=st.lists(st.tuples(WORDS, NUMBERS)).map(tuple),
    weights=st.builds(Weights, *[NUMBERS] * len(Weights._fields)),
    namedays=LISTS,
    nameday_calendars=st.lists(st.tuples(WORDS, NAMED), max_size=3).map(tuple),
)


@limits(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(SETTINGS)
def test_the_short_form_reads_back(settings: Settings) -> None:
    loaded = load_settings(dump_settings(settings))
    assert loaded == settings
    assert hash(loaded) == hash(settings)  # the field table is remembered by settings


def test_the_shipped_settings_read_back() -> None:
    data = (PROJECT / "plaintextcrm.yaml").read_bytes()
    settings, problems = parse_settings(data, "plaintextcrm.yaml")
    assert not problems
    assert settings != Settings()
    assert load_settings(dump_settings(settings)) == settings


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"feeds": 1}'])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        load_settings(text)


def test_words_of_the_settings_come_behind_those_of_every_book() -> None:
    settings, problems = parse_settings(b"channels: [fair]\nstatuses: [partner]\n", "x.yaml")
    assert not problems
    assert settings.all_channels == (*CHANNELS, "fair")
    assert settings.all_statuses == (*STATUSES, "partner")


@pytest.mark.parametrize(
    ("stages", "name", "means"),
    [
        ("", "won", "won"),
        ("", "lost", "lost"),
        ("", "offer", "open"),
        ("", "", "open"),
        ("stages: [talk, won, {name: refused, means: lost}]", "talk", "open"),
        ("stages: [talk, won, {name: refused, means: lost}]", "won", "won"),
        ("stages: [talk, won, {name: refused, means: lost}]", "refused", "lost"),
        ("stages: [{name: won, means: open}, lost]", "won", "open"),
    ],
)
def test_what_a_stage_means(stages: str, name: str, means: str) -> None:
    settings, problems = parse_settings(f"currency: CZK\n{stages}\n".encode(), "x.yaml")
    assert not problems
    assert settings.stage_means(name) == means


@pytest.mark.parametrize(
    ("words", "every"),
    [
        (("family",), Duration(days=21)),
        (("client",), Duration(months=3)),
        (("client", "family"), Duration(days=21)),
        (("month", "days"), Duration(days=30)),
        (("Family",), None),
        (("fam",), None),
        ((), None),
    ],
)
def test_the_shortest_cadence_of_some_words(words: tuple[str, ...], every: Duration | None) -> None:
    text = b"cadences: {client: 3 months, family: 3 weeks, month: 1 month, days: 30 days}\n"
    settings, problems = parse_settings(text, "x.yaml")
    assert not problems
    assert settings.cadence_of(*words) == every


def test_nobody_is_not_one_of_us() -> None:
    assert Settings(people=("jana",), me="petr").is_ours("petr")
    assert Settings(people=("jana",)).is_ours("jana")
    assert not Settings(people=("jana",)).is_ours("")
    assert not Settings(people=("jana",)).is_ours("Jana")
