"""SVG and HTML: the same bytes each time, and nothing in them that runs or is fetched."""

import re
import subprocess
import sys
from base64 import b64encode
from datetime import date, timedelta
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from plaintextcrm.report.pictures.page import page
from plaintextcrm.report.pictures.svg import NoPicture, draw
from plaintextcrm.report.values import NUMBER, Chart, Column, Table
from tests.conftest import PROJECT, AddressBook
from tests.report import small
from tests.report.pictures.samples import (
    DAYS,
    EMPTY,
    GOLDEN,
    MONTHS,
    NASTY,
    NOW,
    REPORT,
    TREE,
    TURNOVER,
    drawn,
    money,
)

SVG = "{http://www.w3.org/2000/svg}"
VOID = {"meta", "br"}


class Page(HTMLParser):
    """The tags of a page with their attributes; a tag that is not closed is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def check_harmless(tags: set[str], attributes: dict[str, str]) -> None:
    """No tag runs or loads anything, no attribute either."""
    assert not tags & {"script", "a", "img", "image", "use", "link", "iframe", "foreignobject"}
    for name in attributes:
        assert not name.startswith("on") and name not in ("style", "href", "src"), name


def svg_texts(text: str) -> list[str]:
    """The texts of a picture; it must be XML that does no harm."""
    root = ElementTree.fromstring(text)
    for node in root.iter():
        check_harmless({node.tag.removeprefix(SVG).lower()}, node.attrib)
    assert "url(" not in text and "@import" not in text and "<!--" not in text
    return [node.text for node in root.iter(f"{SVG}text") if node.text]


def check_page(text: str) -> Page:
    """The page; it must let in nothing but its own style."""
    found = Page(text)
    for tag, attributes in found.tags:
        check_harmless({tag}, {name: value or "" for name, value in attributes.items()})
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    (policy,) = (
        attributes["content"]
        for tag, attributes in found.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert f"default-src 'none'; style-src 'sha256-{digest}';" in str(policy)
    assert ("html", {"lang": "en"}) in found.tags
    return found


@pytest.mark.parametrize("name", ["turnover.svg", "months.svg", "days.svg", "page.html"])
def test_it_is_what_was_looked_at(name: str) -> None:
    """After a change: `python -m tests.report.pictures.samples`, and look at the files."""
    assert drawn()[name] == (GOLDEN / name).read_text("utf-8")


def test_the_same_bytes_in_another_process() -> None:
    code = (
        "from tests.report.pictures.samples import drawn; import sys;"
        "sys.stdout.buffer.write(''.join(drawn().values()).encode())"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, check=True, cwd=PROJECT
    )
    assert done.stdout.decode() == "".join(drawn().values())


def test_a_picture_says_what_it_shows() -> None:
    root = ElementTree.fromstring(draw(TURNOVER))
    assert root.get("role") == "img"
    title, words = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and words is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert title.text == "Turnover of 2025"
    assert words.text == (
        "Turnover in CZK, 2 in all: the most is 8 000 CZK (Acme), the least 2 000 CZK (Jan)."
        " Turnover in EUR, 1 in all: the most is 60 EUR (Eva), the least 60 EUR (Eva)."
    )


def test_bars_stand_beside_their_names() -> None:
    texts = svg_texts(draw(TURNOVER))
    assert texts.index("CZK") < texts.index("Acme") < texts.index("EUR") < texts.index("Eva")
    assert "8 000 CZK" in texts
    bars = [
        float(one)
        for one in re.findall(r'width="([\d.]+)" height="[\d.]+" class="rect"', draw(TURNOVER))
    ]
    assert bars[1] == pytest.approx(4 * bars[0], rel=0.01)  # Jan, who is below Acme, comes first


def test_a_calendar_tells_each_day() -> None:
    titles = [node.text for node in ElementTree.fromstring(draw(DAYS)).iter(f"{SVG}title")]
    assert titles[1:] == ["2026-06-29: 1", "2026-07-01: 3", "2026-07-11: 1", "2026-07-12: 2"]


def test_many_bars_and_many_currencies_are_cut_with_a_word() -> None:
    rows = [(f"n{number}", money("5"), None) for number in range(1000)]
    texts = svg_texts(draw(TURNOVER._replace(rows=rows)))
    assert "Only the first 40 of 1000 are drawn." in texts
    assert "n39" in texts and "n40" not in texts
    units = ["CZK", "EUR", "USD", "PLN", "HUF", "GBP"]
    rows = [(unit, money("5", unit), None) for unit in units]
    assert "Not drawn: HUF, GBP." in svg_texts(draw(TURNOVER._replace(rows=rows)))


def test_a_line_tells_of_rows_without_a_date() -> None:
    assert "What has no date is not drawn." in svg_texts(draw(MONTHS))
    assert not any(
        "drawn" in text for text in svg_texts(draw(MONTHS._replace(rows=MONTHS.rows[:3])))
    )


def test_a_legend_is_within_the_picture() -> None:
    for count in range(2, 10):
        columns = (Column("who", "Who"), *(Column(f"c{n}", f"C{n}", NUMBER) for n in range(count)))
        for form in ("bars", "line"):
            chart = Chart(form, "who", tuple(column.name for column in columns[1:]))
            table = Table(
                "t", "T", columns, [("a", *range(count)), ("b", *range(count))], "-", chart
            )
            root = ElementTree.fromstring(draw(table))
            (legend,) = (one for one in root.iter(f"{SVG}g") if one.get("class") == "legends")
            top = float(re.findall(r"[\d.]+", legend.get("transform", ""))[1]) + 24  # the title
            ends = [top + float(text.get("y", 0)) for text in legend.iter(f"{SVG}text")]
            assert len(ends) == count
            assert max(ends) < float(root.get("height", 0)) - 4


def test_squares_of_a_calendar_do_not_touch() -> None:
    for weeks in (1, 2, 26, 53, 60):
        rows = [(str(date(2025, 1, 6) + timedelta(weeks=week)), 1) for week in range(weeks)]
        root = ElementTree.fromstring(draw(DAYS._replace(rows=rows)))
        for block in (one for one in root if one.get("class") == "graph dot-graph vertical"):
            days = [
                one for one in block.iter(f"{SVG}rect") if one.get("class", "").startswith("day")
            ]
            places = sorted({float(one.get("x", 0)) for one in days})
            assert all(11 < right - left < 14 for left, right in pairwise(places))
            assert places[0] >= 0 and places[-1] + 10 < 720 - 40  # beside the weekdays


def test_a_long_name_is_cut() -> None:
    rows = [("very " * 30, money("5"), None), ("東京" * 30, money("7"), None)]
    names = svg_texts(draw(TURNOVER._replace(rows=rows)))[2:4]
    assert sorted(names) == [("very " * 30)[:31] + "…", "東京" * 7 + "東…"]


def test_nothing_to_draw() -> None:
    assert svg_texts(draw(EMPTY)) == ["Nothing there", "No turnover."]
    rows = [("Acme", None, 0.5)]
    assert svg_texts(draw(TURNOVER._replace(rows=rows)))[1:] == ["There is nothing to draw."]
    with pytest.raises(NoPicture, match="'tree' is not drawn"):
        draw(TREE)


def test_s08_texts_are_texts_in_pictures_and_pages() -> None:
    rows = [(NASTY, money("5", "<b>"), 0.5)]
    table = Table(
        TURNOVER.name,
        NASTY,
        TURNOVER.columns,
        rows,
        NASTY,
        Chart("bars", "name", ("turnover", "share")),
    )
    assert any("<script>" in text for text in svg_texts(draw(table)))
    report = REPORT._replace(title=NASTY, tables=(table, table._replace(rows=[])), remarks=(NASTY,))
    found = check_page(page(report, NOW))
    assert "\x1b" not in "".join(found.texts) and "\u202e" not in "".join(found.texts)
    assert sum("<script>" in text for text in found.texts) >= 6


def test_a_page_shows_trees_reasons_and_sums() -> None:
    text = page(REPORT, NOW)
    check_page(text)
    for part in (
        "<h1>A report</h1>",
        '<p>As of <time datetime="2026-11-22T09:05">2026-11-22 09:05</time>.</p>',
        "<p>A remark &amp; more.</p>",
        '<td class="number">8 000 CZK</td><td class="number">80.0 %</td>',
        '<ul><li>no talk &lt;b&gt; <span class="points">+1.5</span></li><li>A client</li></ul>',
        '<td class="number">1 500 CZK<br>2.50 EUR</td>',
        '<td dir="auto" class="in-1">x&lt;/td&gt;&lt;script&gt;',
        '<td dir="auto">not said</td>',
        "<p>No turnover.</p>",
    ):
        assert part in text
    assert "Empty" not in text


def test_the_command(book: AddressBook) -> None:
    small.fill(book)
    drawn = book.run("report", "top", "--year", "2025", "--format", "svg")
    assert (drawn.code, "Acme" in svg_texts(drawn.out)) == (0, True)
    whole = book.run("report", "top", "--year", "2025", "--format", "html")
    assert "Who carries the turnover of 2025" in check_page(whole.out).texts
    other = book.run("report", "activity", "--table", "days", "--format", "svg")
    assert "Talks, day by day" in svg_texts(other.out)


def test_the_command_names_what_can_be_drawn(book: AddressBook) -> None:
    small.fill(book)
    none = book.run("report", "top", "--table", "silent", "--format", "svg")
    assert none.code == 2
    assert "The table 'silent' has no picture: of this report turnover can be drawn." in none.err
    ready = book.run("report", "referrals", "--ready", "--format", "svg")
    assert (ready.code, "--format html shows it" in ready.err) == (2, True)


def test_all_reports_are_drawn(book: AddressBook) -> None:
    from plaintextcrm.report.reports import REPORTS

    small.fill(book)
    for name in REPORTS:
        svg_texts(book.run("report", name, "--format", "svg").out)
        check_page(book.run("report", name, "--format", "html").out)


def test_the_library_leaves_imports_as_they_were() -> None:
    code = (
        "from tests.report.pictures.samples import draw, DAYS\n"
        "draw(DAYS)\n"
        "try:\n    import no_such_module\nexcept ModuleNotFoundError:\n    print('fine')"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
    )
    assert (done.stdout, done.stderr) == ("fine\n", "")
