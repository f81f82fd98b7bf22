"""Whatever a table holds: a picture of it is XML, a page is HTML, a terminal is not crossed."""

import os
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from plaintextcrm.cli.output import safe
from plaintextcrm.model.dates import Money
from plaintextcrm.report.pictures.page import page
from plaintextcrm.report.pictures.svg import draw
from plaintextcrm.report.values import (
    DAY,
    DEPTH,
    LABEL,
    MONEY,
    NUMBER,
    PARTS,
    SHARE,
    SUMS,
    TEXT,
    Chart,
    Column,
    Part,
    Report,
    Table,
)
from tests.report.pictures.samples import NOW, said
from tests.report.pictures.test_drawn import check_page, svg_texts

EXAMPLES = 1000 if os.environ.get("PLAINTEXTCRM_HEAVY") else 25
TEXTS = st.text(max_size=40) | st.sampled_from(
    ["", "0", "東京" * 20, "e\u0301" * 9, "<b>&", "\x1b[1m"]
)
DECIMALS = st.decimals(-(10**18), 10**18, allow_nan=False, allow_infinity=False, places=2)
AMOUNTS = st.builds(Money, DECIMALS | st.just(Decimal(0)), st.sampled_from(["CZK", "EUR", "", "<"]))
DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31)) | st.dates()
NUMBERS = st.integers(-5, 50) | st.integers() | st.floats()
CELLS: dict[str, st.SearchStrategy[Any]] = {
    TEXT: TEXTS,
    LABEL: st.none() | st.dates().map(lambda day: f"{day:%Y-%m}") | TEXTS,
    NUMBER: NUMBERS,
    MONEY: st.none() | AMOUNTS,
    SUMS: st.lists(AMOUNTS, max_size=3, unique_by=lambda one: one.currency).map(tuple),
    SHARE: st.none() | st.floats(0, 1),
    DAY: st.none() | DAYS.map(date.isoformat),
    PARTS: st.lists(st.builds(Part, st.just("x"), st.floats(0, 9), TEXTS), max_size=2).map(tuple),
    DEPTH: st.integers(0, 12),
}


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table of any columns, drawn in any way that they allow."""
    forms = [draw(st.sampled_from([TEXT, LABEL, DAY]))]
    forms += draw(st.lists(st.sampled_from([NUMBER, MONEY, SUMS, SHARE]), min_size=1, max_size=3))
    forms += draw(st.lists(st.sampled_from([PARTS, DEPTH, TEXT]), max_size=2))
    columns = tuple(Column(f"c{n}", draw(TEXTS), form) for n, form in enumerate(forms))
    rows = draw(st.lists(st.tuples(*(CELLS[form] for form in forms)), max_size=12))
    drawable = [column.name for column in columns if column.form in (NUMBER, MONEY, SUMS, SHARE)]
    values = draw(st.lists(st.sampled_from(drawable), min_size=1, unique=True))
    chart = Chart(draw(st.sampled_from(["bars", "line", "calendar"])), "c0", tuple(values))
    return Table("any", draw(TEXTS), columns, rows, draw(TEXTS), chart)


@settings(max_examples=EXAMPLES, deadline=None)
@given(tables())
def test_a_picture_is_xml(table: Table) -> None:
    picture = draw(table)
    svg_texts(picture)
    assert draw(table) == picture


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(tables(), max_size=2), TEXTS)
def test_a_page_is_html(found: list[Table], title: str) -> None:
    named = tuple(table._replace(name=f"t{n}") for n, table in enumerate(found))
    shown = check_page(page(Report("any", title, named), NOW))
    ids = [attributes["id"] for _tag, attributes in shown.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


@settings(max_examples=EXAMPLES, deadline=None)
@given(tables(), st.sampled_from([24, 40, 80, 200]), st.sampled_from([None, 0, 3]))
def test_s06_a_terminal_gets_safe_text(table: Table, columns: int, limit: int | None) -> None:
    for line in said(table, columns, limit).split("\n"):
        assert safe(line) == line
