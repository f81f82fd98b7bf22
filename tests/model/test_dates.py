"""Dates, durations and money as people write them, and what is refused."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintextcrm.model.dates import (
    Duration,
    Money,
    YearlyDay,
    date_hint,
    parse_date,
    parse_duration,
    parse_money,
    parse_partial,
    parse_time,
    parse_when,
    parse_whole_days,
    parse_yearly,
)

SUNDAY = date(2026, 11, 22)
FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("2024-02-29", date(2024, 2, 29)),
        ("0001-01-01", date.min),
        ("9999-12-31", date.max),
    ],
)
def test_date(text: str, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-13-01", "there is no month 13"),
        ("2026-00-01", "there is no month 00"),
        ("2026-02-29", "February 2026 has 28 days"),
        ("2026-04-31", "April 2026 has 30 days"),
        ("2026-01-00", "there is no day 00"),
        ("0000-01-01", "there is no year 0"),
        ("2026-1-5", "this is not a date"),
        ("2026-12-01 ", "this is not a date"),
        ("2026-12", "this is not a date"),
        ("1.12.2026", "this is not a date"),
        ("10000-01-01", "this is not a date"),
        ("-001-01-01", "this is not a date"),
        ("２０２６-１２-０１", "this is not a date"),
        ("٢٠٢٦-١٢-٠١", "this is not a date"),
        ("", "this is not a date"),
    ],
)
def test_no_date(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}$"):
        parse_date(text)
    if text != "2026-12":
        with pytest.raises(ValueError, match=f"^{why}$"):
            parse_partial(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-12-01", "2026-12-01", "2026-12-01"),
        ("2027-03", "2027-03-01", "2027-03-31"),
        ("2027-02", "2027-02-01", "2027-02-28"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2027-Q1", "2027-01-01", "2027-03-31"),
        ("2027-q4", "2027-10-01", "2027-12-31"),
        ("2027", "2027-01-01", "2027-12-31"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999-Q4", "9999-10-01", "9999-12-31"),
    ],
)
def test_partial_date(text: str, first: str, last: str) -> None:
    found = parse_partial(text)
    assert (found.first.isoformat(), found.last.isoformat(), str(found)) == (first, last, text)


@pytest.mark.parametrize(
    "text", ["2027-Q5", "2027-Q0", "Q1 2027", "2027-13", "2027-3", "0000", "27", "2027-", "--12-24"]
)
def test_no_partial_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a date|no month|no year"):
        parse_partial(text)


@pytest.mark.parametrize(
    ("text", "month", "day", "year"),
    [
        ("1986-12-24", 12, 24, 1986),
        ("--12-24", 12, 24, None),
        ("--1224", 12, 24, None),
        ("--02-29", 2, 29, None),
        ("1988-02-29", 2, 29, 1988),
    ],
)
def test_yearly_day(text: str, month: int, day: int, year: int | None) -> None:
    assert parse_yearly(text) == YearlyDay(month, day, year)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("--02-30", "February has 29 days"),
        ("--04-31", "April has 30 days"),
        ("--13-01", "there is no month 13"),
        ("--00-01", "there is no month 00"),
        ("--12-00", "there is no day 00"),
        ("1987-02-29", "February 1987 has 28 days"),
        ("12-24", "this is not a date"),
        ("--12", "this is not a date"),
    ],
)
def test_no_yearly_day(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}$"):
        parse_yearly(text)


def test_29_february_in_other_years() -> None:
    assert YearlyDay(2, 29).on(2028) == date(2028, 2, 29)
    assert YearlyDay(2, 29).on(2027) == date(2027, 2, 28)
    assert YearlyDay(2, 29).on(2100) == date(2100, 2, 28)


@pytest.mark.parametrize(
    ("text", "moment"),
    [("14:30", time(14, 30)), ("9:05", time(9, 5)), ("00:00", time()), ("23:59", time(23, 59))],
)
def test_time(text: str, moment: time) -> None:
    assert parse_time(text) == moment


@pytest.mark.parametrize("text", ["24:00", "12:60", "14.30", "2pm", "14", "14:3", "14:30:00", ""])
def test_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="time of day"):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("6 weeks", Duration(days=42)),
        ("1 week", Duration(days=7)),
        ("3 months", Duration(months=3)),
        ("90 days", Duration(days=90)),
        ("1 year", Duration(months=12)),
        ("6w", Duration(days=42)),
        ("3m", Duration(months=3)),
        ("90d", Duration(days=90)),
        ("1y", Duration(months=12)),
        ("2 h", Duration(minutes=120)),
        ("30 min", Duration(minutes=30)),
        ("1 hour", Duration(minutes=60)),
        ("  3  Months ", Duration(months=3)),
        ("3\u00a0months", Duration(months=3)),
        ("1 year 6 months", Duration(months=18)),
        ("1y 2w", Duration(months=12, days=14)),
        ("P3M", Duration(months=3)),
        ("p1y2m3w4d", Duration(months=14, days=25)),
        ("PT30M", Duration(minutes=30)),
        ("P1DT2H", Duration(days=1, minutes=120)),
    ],
)
def test_duration(text: str, span: Duration) -> None:
    assert parse_duration(text) == span


@pytest.mark.parametrize(
    "text",
    [
        "", "3", "months", "three months", "3 monkeys", "3 months or so", "-3 days", "1.5 years",
        "P", "PT", "P3", "P-3M", "3 months, 2 days", "12345 days", "٣ months", "0 days", "P0D",
        "1 day " * 7,
    ],
)  # fmt: skip
def test_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(this is not a duration|a duration of nothing)$"):
        parse_duration(text)


def test_whole_days() -> None:
    assert parse_whole_days("2 weeks") == Duration(days=14)
    with pytest.raises(ValueError, match="whole days"):
        parse_whole_days("1 day 30 min")


NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("120000 CZK", "120000", "CZK"),
        ("120000", "120000", "CZK"),
        ("120000CZK", "120000", "CZK"),
        ("120 000 czk", "120000", "CZK"),
        (f"120{NBSP}000{NBSP}EUR", "120000", "EUR"),
        ("120\u202f000 EUR", "120000", "EUR"),
        ("1 200,50 EUR", "1200.50", "EUR"),
        ("1 200.50 EUR", "1200.50", "EUR"),
        ("1.200,50", "1200.50", "CZK"),
        ("1,200.50", "1200.50", "CZK"),
        ("1.234.567,89 EUR", "1234567.89", "EUR"),
        ("1,234,567.89 EUR", "1234567.89", "EUR"),
        ("1'200", "1200", "CZK"),
        ("1'200.50 CHF", "1200.50", "CHF"),
        ("1_200", "1200", "CZK"),
        ("1.200", "1200", "CZK"),
        ("1,200", "1200", "CZK"),
        ("1.200.000", "1200000", "CZK"),
        ("1,5", "1.5", "CZK"),
        ("1.5", "1.5", "CZK"),
        ("12,50", "12.50", "CZK"),
        ("0.125 EUR", "0.125", "EUR"),
        ("0,125 EUR", "0.125", "EUR"),
        ("1 200.125", "1200.125", "CZK"),
        ("+5", "5", "CZK"),
        ("-1 200 CZK", "-1200", "CZK"),
        ("-1.200", "-1200", "CZK"),
        ("0", "0", "CZK"),
        ("007", "7", "CZK"),
    ],
)
def test_money(text: str, amount: str, currency: str) -> None:
    assert parse_money(text, "CZK") == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    "text",
    [
        "", "CZK", "a lot", "120000 Kč", "€ 5", "1,2,3", "1.20.30", "12,00,000", "1.200.50,5",
        "1,2.3", "1.200,50,5", "- 5", "5 crowns", "1e5", "0x10", "٥ CZK", ".5", "nan", "1" * 19,
    ],
)  # fmt: skip
def test_no_money(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(this is not an amount of money|.*too many digits)$"):
        parse_money(text, "CZK")


@pytest.mark.parametrize("filler", [" ", "1", "1 ", ",", ".1", "'", "\u00a0", "_"])
def test_s19_money_of_a_million_characters(filler: str) -> None:
    with pytest.raises(ValueError, match=r"money|digits"):
        parse_money("1" + filler * (1_000_000 // len(filler)) + "!", "")


@pytest.mark.parametrize("filler", [" ", "1", "1 ", "1 d", "d", "P", "1D"])
def test_s19_durations_and_days_of_a_million_characters(filler: str) -> None:
    text = "1" + filler * (1_000_000 // len(filler)) + "!"
    for parse in (parse_duration, parse_partial, parse_yearly, parse_time):
        with pytest.raises(ValueError, match="this is not"):
            parse(text)
    assert date_hint(text, yearly=True) is None


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("120000", "120 000 CZK"),
        ("1200.50", "1 200.50 CZK"),
        ("1200.00", "1 200 CZK"),
        ("-1234567", "-1 234 567 CZK"),
        ("0", "0 CZK"),
        ("0.125", "0.125 CZK"),
    ],
)
def test_money_as_text(amount: str, shown: str) -> None:
    assert str(Money(Decimal(amount), "CZK")) == shown


def test_money_without_a_currency() -> None:
    assert str(parse_money("1200", "")) == "1 200"


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("2026-12-01", SUNDAY, "2026-12-01"),
        ("today", SUNDAY, "2026-11-22"),
        ("Tomorrow", SUNDAY, "2026-11-23"),
        ("yesterday", SUNDAY, "2026-11-21"),
        ("friday", SUNDAY, "2026-11-27"),
        ("friday", FRIDAY, "2026-11-27"),  # not today: the next one
        ("saturday", FRIDAY, "2026-11-21"),
        ("thursday", FRIDAY, "2026-11-26"),
        ("sunday", SUNDAY, "2026-11-29"),
        ("monday", SUNDAY, "2026-11-23"),
        ("+2w", SUNDAY, "2026-12-06"),
        ("+ 2 weeks", SUNDAY, "2026-12-06"),
        ("+P1M", SUNDAY, "2026-12-22"),
        ("-3d", SUNDAY, "2026-11-19"),
        ("-3 months", SUNDAY, "2026-08-22"),
        ("in 3 months", SUNDAY, "2027-02-22"),
        ("in  1 year 1 day", SUNDAY, "2027-11-23"),
        ("3 months ago", SUNDAY, "2026-08-22"),
        ("in 1 month", date(2026, 1, 31), "2026-02-28"),
        ("1 month ago", date(2026, 3, 31), "2026-02-28"),
        ("tomorrow", date.max, "9999-12-31"),
        ("friday", date.max, "9999-12-31"),
        ("yesterday", date.min, "0001-01-01"),
        ("+9999y", SUNDAY, "9999-12-31"),
        ("-9999y", SUNDAY, "0001-01-01"),
    ],
)
def test_when(text: str, today: date, day: str) -> None:
    assert parse_when(text, today).isoformat() == day


@pytest.mark.parametrize(
    "text", ["", "soon", "frday", "+", "in", "+2", "-", "--12-24", "2026-02-30", "+30 min", "2027"]
)
def test_no_when(text: str) -> None:
    with pytest.raises(ValueError, match=r"this is not|has 28 days|whole days"):
        parse_when(text, SUNDAY)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1.12.2026", "write `2026-12-01`"),
        ("1. 12. 2026", "write `2026-12-01`"),
        ("2026-1-5", "write `2026-01-05`"),
        ("2026/1/5", "write `2026-01-05`"),
        ("2026-12-01T10:00", "write `2026-12-01`"),
        ("２０２６-１２-０１", "write `2026-12-01`"),
        ("24/12/2026", "write `2026-12-24`"),
        ("12/24/2026", "write `2026-12-24`"),
        ("5/6/2026", None),  # May or June?
        ("31.4.2026", None),
        ("2026-02-30", None),
        ("24.12.", None),
        ("some day", None),
        ("", None),
    ],
)
def test_hint(text: str, hint: str | None) -> None:
    assert date_hint(text) == hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("24.12.", "write `--12-24`"),
        ("24. 12.", "write `--12-24`"),
        ("12-24", "write `--12-24`"),
        ("-12-24", "write `--12-24`"),
        ("--2-29", "write `--02-29`"),
        ("24/12", "write `--12-24`"),
        ("24.12.1986", "write `1986-12-24`"),
        ("31.4.", None),
        ("12", None),
    ],
)
def test_hint_of_a_yearly_day(text: str, hint: str | None) -> None:
    assert date_hint(text, yearly=True) == hint


# --- laws ---

SPANS = st.builds(
    Duration, st.integers(0, 120_000), st.integers(0, 4_000_000), st.integers(0, 9999)
)


@given(st.dates())
def test_a_date_reads_back(day: date) -> None:
    assert parse_date(day.isoformat()) == day
    assert parse_when(day.isoformat(), SUNDAY) == day
    partial = parse_partial(day.isoformat())
    assert (partial.first, partial.last, str(partial)) == (day, day, day.isoformat())
    assert parse_yearly(str(parse_yearly(day.isoformat()))) == YearlyDay(
        day.month, day.day, day.year
    )


@given(st.dates(date(2000, 1, 1), date(2000, 12, 31)))
def test_a_day_without_a_year_reads_back(day: date) -> None:
    yearly = YearlyDay(day.month, day.day)
    assert parse_yearly(str(yearly)) == yearly


@given(st.integers(1, 9999), st.sampled_from(["", *(f"-{n:02}" for n in range(1, 13))]), st.dates())
def test_a_vague_date_covers_its_days_and_no_other(year: int, month: str, day: date) -> None:
    vague = parse_partial(f"{year:04}{month}")
    assert (vague.first <= day <= vague.last) == day.isoformat().startswith(str(vague))


@given(st.integers(1, 9999), st.integers(1, 4))
def test_the_quarters_make_a_year(year: int, quarter: int) -> None:
    span = parse_partial(f"{year:04}-Q{quarter}")
    if quarter < 4:
        following = parse_partial(f"{year:04}-Q{quarter + 1}")
        assert span.last + timedelta(days=1) == following.first
    assert (span.first.month, span.first.day) == (quarter * 3 - 2, 1)


@given(st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 9999))
def test_a_duration_reads_back(months: int, days: int, minutes: int) -> None:
    span = Duration(months, days, minutes)
    if span != Duration():
        assert parse_duration(str(span)) == span


@given(SPANS, st.dates(), st.dates())
def test_moving_by_a_duration_never_fails_and_keeps_the_order(
    span: Duration, one: date, other: date
) -> None:
    first, second = sorted((one, other))
    assert span.after(first) <= span.after(second)
    assert span.before(first) <= span.before(second)
    assert span.before(first) <= first <= span.after(first)


@given(st.integers(0, 3000), st.integers(0, 60), st.dates(max_value=date(9000, 1, 1)))
def test_longer_is_later(months: int, days: int, day: date) -> None:
    assert Duration(months, days).after(day) <= Duration(months + 1, days).after(day)
    assert Duration(months, days).after(day) < Duration(months, days + 1).after(day)


@given(st.integers(1, 3000), st.dates(date(1000, 1, 1), date(9000, 1, 1)))
def test_months_keep_the_day_or_end_the_month(months: int, day: date) -> None:
    for moved in (Duration(months).after(day), Duration(months).before(day)):
        ends = (moved + timedelta(days=1)).day == 1
        assert moved.day == day.day or (moved.day < day.day and ends)
    later = Duration(months).after(day)
    assert (later.year - day.year) * 12 + later.month - day.month == months


@given(st.decimals(-(10**12), 10**12, places=2), st.sampled_from(["CZK", "EUR", ""]))
def test_money_reads_back(amount: Decimal, currency: str) -> None:
    money = Money(amount, currency)
    assert parse_money(str(money), "") == money


@given(st.text(alphabet="0123456789 .,'_-+CZKeur\u00a0", max_size=25))
def test_money_is_read_or_refused_and_reads_back(text: str) -> None:
    try:
        money = parse_money(text, "CZK")
    except ValueError:
        return
    assert money.amount.is_finite()
    if money.amount.as_tuple().exponent != -3:  # `1.200` in words of its own means 1200
        assert parse_money(str(money), "CZK") == money


@given(st.text(max_size=30) | st.from_regex(r"[-+]?[0-9]{0,5} ?[a-z]{0,8}( ago)?"))
def test_any_words_are_a_day_or_refused(text: str) -> None:
    try:
        assert isinstance(parse_when(text, SUNDAY), date)
    except ValueError as error:
        assert str(error)
