"""Pictures in a terminal: bars beside or below a table, lines, calendars; none where there is none."""

import json

import pexpect
import pytest

from plaintextcrm.cli.output import width_of
from plaintextcrm.report.pictures.plots import plots
from plaintextcrm.report.pictures.terminal import BLANK, bars, calendar, line
from plaintextcrm.report.values import DAY, DEPTH, NUMBER, PARTS, Chart, Column, Part, Table
from tests.conftest import COMMAND, TODAY, AddressBook
from tests.report.pictures.samples import DAYS, NASTY, TURNOVER, money, said

BAR, SPARK, SHADE = "█", "▁", "░"


def test_bars_are_as_long_as_their_numbers() -> None:
    assert bars([4, 2, 1, None, 0], 8) == ["████████", "████", "██", "", ""]
    assert bars([1, 0.5, 0.0625], 2) == ["██", "█", "▏"]
    assert bars([0, 0], 8) == ["", ""]
    assert bars([], 8) == []


def test_bars_of_negative_numbers_go_to_the_left() -> None:
    assert bars([-2, 2], 4) == ["██", f"{BLANK}{BLANK}██"]
    assert bars([-4, -1], 4) == ["████", f"{BLANK}{BLANK}{BLANK}█"]


def test_a_line_begins_at_zero() -> None:
    assert line([0, 4, 8]) == "▁▄█"
    assert line([7, None, 8]) == "▇·█"
    assert line([0, None, 0]) == "▁·▁"
    assert line([-4, 4]) == "▁█"
    assert line([]) == ""


def test_a_calendar_has_weekdays_below_each_other() -> None:
    (plot,) = plots(DAYS)
    assert calendar(plot, 80, coloured=False) == [
        "    Jul",
        "Mon ▒▒·",
        "    · ·",
        "Wed ██·",
        "    · ·",
        "Fri · ·",
        "    · ▒▒",
        "    · ▓▓",
        "    less ░▒▓█ more, up to 3 a day",
    ]


def test_a_calendar_of_a_narrow_terminal_has_more_blocks() -> None:
    rows = [(f"2026-{month:02}-15", 1) for month in range(1, 13)]
    (plot,) = plots(DAYS._replace(rows=rows))
    wide, narrow = calendar(plot, 120, False), calendar(plot, 40, False)
    assert (len(wide), len(narrow)) == (9, 17)
    assert max(map(len, narrow)) <= 40
    assert "".join(narrow).count("█") == "".join(calendar(plot, 80, False)).count("█") == 12 + 1
    assert narrow[0].split() == ["Feb", "Mar", "Apr", "May", "Jun"]


def test_a_calendar_has_colours_where_there_are_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")  # `--color always` was asked for
    (plot,) = plots(DAYS)
    assert "\x1b[38;5;34m▒▒" in "\n".join(calendar(plot, 80, coloured=True))
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in "\n".join(calendar(plot, 80, coloured=True))


@pytest.fixture
def talked(book: AddressBook) -> AddressBook:
    """Two clients with talks and turnover; one has a name that plays tricks."""
    for name, title, day, amount in (("a", NASTY, 1, 900), ("b", "東京é株式会社", 12, 300)):
        book.write(
            f"{name}.yaml",
            f"name: {json.dumps(title)}\n"
            f"revenue: [{{year: 2025, amount: {amount} CZK}}]\n"
            f"interactions: [{{date: 2026-11-{day:02}, channel: call}},"
            f" {{date: 2026-10-0{1 + day % 9}, channel: email}}]\n",
        )
    return book


def on_terminal(book: AddressBook, columns: int, *arguments: str, **environment: str) -> str:
    """What a command shows on a terminal of so many columns, its colours taken away unless asked."""
    shown = pexpect.run(
        " ".join(
            f"'{word}'" for word in (*COMMAND, "-C", str(book.folder), "--today", TODAY, *arguments)
        ),
        env={**_environment(), "TERM": "xterm-256color", **environment},
        encoding="utf-8",
        timeout=30,
        dimensions=(200, columns),
    )
    assert isinstance(shown, str)
    return shown.replace("\r\n", "\n")


def _environment() -> dict[str, str]:
    import os

    return {name: value for name, value in os.environ.items() if name != "COLUMNS"}


def test_pictures_are_for_terminals(talked: AddressBook) -> None:
    shown = on_terminal(talked, 140, "report", "top")
    assert f"900 CZK  {BAR * 24} " in shown
    assert f"300 CZK  {BAR * 8} " in shown
    assert BAR not in on_terminal(talked, 140, "report", "top", "--no-pictures")
    assert BAR not in talked.process("report", "top").out
    assert f"900 CZK  {BAR * 24} " in talked.process("report", "top", "--pictures").out


def test_bars_stand_below_a_table_without_room(talked: AddressBook) -> None:
    for columns in (80, 40):
        shown = on_terminal(talked, columns, "report", "top", NO_COLOR="1")
        _head, first, second = shown.split("\n\n")[1].splitlines()[:3]
        assert all(width_of(one) <= columns for one in (first, second))
        assert 0 <= first.count(BAR) - 3 * second.count(BAR) < 3
        assert first.endswith("900 CZK")


def test_lines_and_calendars(talked: AddressBook) -> None:
    for columns in (80, 40):
        shown = on_terminal(talked, columns, "report", "activity", NO_COLOR="1")
        assert "\x1b" not in shown
        assert shown.count("from 2026-") == 1
        assert "Nov\n" in shown.split("day by day")[1]
        assert "less ░▒▓█ more, up to 1 a day" in shown
    assert "\x1b[38;5;40m█" in on_terminal(talked, 80, "report", "activity")
    assert "\x1b" not in on_terminal(talked, 80, "--color", "never", "report", "activity")


def test_s06_a_name_plays_no_tricks_in_a_picture(talked: AddressBook) -> None:
    for columns in (110, 40):
        shown = on_terminal(talked, columns, "--color", "never", "report", "top")
        assert "\x1b" not in shown
        assert "\u202e" not in shown


def test_a_thousand_rows_and_one() -> None:
    rows = [(f"n{number}", money(str(1000 - number)), None) for number in range(1000)]
    many = TURNOVER._replace(rows=rows)
    assert sum(BAR in one for one in said(many, 24, None).splitlines()) == 10  # below the table
    assert sum(BAR in one for one in said(many, 80, None).splitlines()) == 30
    assert sum(BAR in one for one in said(many, 80, 0).splitlines()) > 900
    one = TURNOVER._replace(rows=rows[:1])
    assert BAR not in said(one, 24, None)  # there is nothing to compare
    assert BAR * 24 in said(one, 80, None)


def test_bars_are_measured_by_those_of_their_own_currency() -> None:
    lines = said(TURNOVER, 80, None).splitlines()
    assert [line.count(BAR) for line in lines[2:]] == [24, 24, 6]


WHY = Table(
    "silent",
    "Who is slipping away",
    (
        Column("contact", "Contact"),
        Column("name", "Name"),
        Column("why", "Why", PARTS),
        Column("last", "Last talk", DAY),
        Column("next", "Next", DAY),
    ),
    [
        ("studio-sever", "Studio Sever", (Part("silence", 2, "no talk for 140 days"),
         Part("promise", 3, "promise 3 weeks late")), "2026-07-05", "2026-11-30"),
        ("eva", "Eva", (), "2026-11-01", None),
    ],
    "-",
)  # fmt: skip


def test_reasons_are_whole_in_a_narrow_terminal() -> None:
    assert said(WHY, 100, None).splitlines()[2] == (
        "studio-sever  Studio Sever  no talk for 140 days; promise 3 weeks late  2026-07-05  2026-11-30"
    )
    assert said(WHY, 60, None).splitlines()[2:] == [
        "studio-sever  Studio Sever  2026-07-05  2026-11-30",
        "eva           Eva           2026-11-01",
        "",
        "studio-sever: no talk for 140 days; promise 3 weeks late",
    ]


def test_a_narrow_terminal_leaves_columns_out_and_says_so() -> None:
    assert said(WHY, 40, None).splitlines()[1:] == [
        "Contact  Name     Last talk   Next",
        "studio…  Studio…  2026-07-05  2026-11-30",
        "eva      Eva      2026-11-01",
        "",
        "studio-sever: no talk for 140 days;",
        "  promise 3 weeks late",
    ]
    assert said(WHY, 24, None).splitlines()[1:4] == [
        "Contact      Name",
        "studio-sev…  Studio Sev…",
        "eva          Eva",
    ]
    assert "Left out, as the terminal is narrow: Last talk, Next." in said(WHY, 24, None)


def test_a_tree_has_its_branches_and_its_bars() -> None:
    columns = (Column("depth", "", DEPTH), Column("name", "Name"), Column("n", "N", NUMBER))
    rows = [(0, "Acme", 2), (1, "Eva", 0), (2, "Jan", -1)]
    tree = Table("tree", "Tree", columns, rows, "-", Chart("bars", "name", ("n",)))
    assert said(tree, 80, None).splitlines()[2:] == [
        f"Acme       2  {BLANK * 8}{BAR * 16}",
        "└─ Eva     0",
        f"└─── Jan  -1  {BAR * 8}",
    ]
