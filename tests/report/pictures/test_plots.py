"""What is drawn of a table: amounts beside their own currency only, time without gaps."""

from datetime import date

from plaintextcrm.report.pictures.plots import (
    Plot,
    Series,
    days_of,
    last_weeks,
    levels,
    month_beginning,
    plots,
)
from plaintextcrm.report.values import NUMBER, SUMS, Chart, Column, Table
from tests.report.pictures.samples import DAYS, EMPTY, MONTHS, TREE, TURNOVER, money


def test_currencies_stand_apart() -> None:
    koruna, euro = plots(TURNOVER)
    assert koruna == Plot(
        "bars", "CZK", ("Acme", "Jan"), (0, 2), (Series("turnover", "Turnover", (8000, 2000)),)
    )
    assert (euro.unit, euro.labels, euro.series[0].values) == ("EUR", ("Eva",), (60,))
    assert koruna.said(8000) == "8 000 CZK"


def test_a_sum_without_a_currency_has_nothing_of_it() -> None:
    columns = (Column("who", "Who"), Column("value", "Value", SUMS))
    rows = [("a", (money("1"), money("2", "EUR"))), ("b", (money("3"),)), ("c", ())]
    table = Table("sums", "Sums", columns, rows, "-", Chart("bars", "who", ("value",)))
    assert [(one.unit, one.series[0].values) for one in plots(table)] == [
        ("CZK", (1, 3, 0)),
        ("EUR", (2, 0, 0)),
    ]


def test_shares_and_numbers_stand_apart() -> None:
    both = TURNOVER._replace(chart=Chart("bars", "name", ("share", "turnover")))
    assert [one.unit for one in plots(both)] == ["%", "CZK", "EUR"]
    assert plots(both)[0].said(0.25) == "25.0 %"


def test_a_line_shows_months_without_a_row_and_leaves_out_rows_without_a_month() -> None:
    (plot,) = plots(MONTHS)
    assert plot.labels == ("2025-11", "2025-12", "2026-01", "2026-02")
    assert plot.series[0].values == (2, 4, None, 1)
    assert plot.rows == (0, 1, None, 2)


def test_a_line_shows_weeks_without_a_row() -> None:
    rows = [("2026-11-02", 1, 0), ("2026-11-16", 2, 0)]
    (plot,) = plots(MONTHS._replace(rows=rows))
    assert plot.labels == ("2026-11-02", "2026-11-09", "2026-11-16")


def test_what_is_no_time_stays_as_it_is() -> None:
    for labels in (
        ["b", "a"],
        ["2026-02", "2026-01"],
        ["2026-02", "x"],
        ["2026", "2028"],
        ["a", "a"],
    ):
        rows = [(label, 1, 1) for label in labels]
        (plot,) = plots(MONTHS._replace(rows=rows))
        assert plot.labels == tuple(labels)


def test_nothing_to_draw() -> None:
    assert plots(EMPTY) == plots(TREE) == []
    columns = (Column("who", "Who"), Column("n", "N", NUMBER))
    rows = [("a", None), ("b", float("inf")), ("c", float("nan")), ("d", 1e300), ("e", "text")]
    assert plots(Table("t", "T", columns, rows, "-", Chart("bars", "who", ("n",)))) == []


def test_days_are_shaded_by_their_order() -> None:
    days = days_of(plots(DAYS)[0])
    assert days[date(2026, 7, 12)] == 2
    assert list(levels(days).values()) == [2, 4, 2, 3]
    busy = {date(2026, 1, day): float(count) for day, count in enumerate([0, 1, 2, 3, 900, -1], 1)}
    assert list(levels(busy).values()) == [0, 1, 2, 3, 4, 0]


def test_weeks_and_where_months_begin() -> None:
    days = [date(2026, 7, 12), date(2026, 6, 29)]
    assert last_weeks(days, 53) == [date(2026, 6, 29), date(2026, 7, 6)]
    assert last_weeks(days, 1) == [date(2026, 7, 6)]
    assert last_weeks([], 1) == []
    assert last_weeks([date.min, date.max], 2) == [date(9999, 12, 20), date(9999, 12, 27)]
    mondays = [date(2026, 5, 25), date(2026, 6, 1), date(2026, 6, 22), date(2026, 6, 29)]
    assert [month_beginning(monday) for monday in mondays] == ["", "Jun", "", "Jul"]
    assert month_beginning(date(2026, 12, 28)) == "Jan"
