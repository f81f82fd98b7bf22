"""Every report tells what a plain reading of all files in memory tells."""

import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintextcrm.model.dates import Money
from plaintextcrm.report.asking import Question
from plaintextcrm.report.reports import report
from plaintextcrm.report.values import Table
from tests.query.folders import TODAY, Folder, folders
from tests.query.test_naive import opened, people
from tests.report.naive import Naive

FOLDERS = 1500 if os.environ.get("PLAINTEXTCRM_HEAVY") else 60
FIELDS = st.sampled_from([
    *("interactions", "promises", "deals", "revenue", "feedback") * 3, "referrals", "introduced_by",
    "organization", "kind", "owner", "source", "cadence", "status", "died",
])  # fmt: skip
MORE = (
    "",
    "rates: {EUR: 25, CZK: 2}\n",
    "weights: {silence: 2, mood: 0, A: 7}\nbad_moods: [web]\n",
)


def tables(name: str, question: Question) -> dict[str, Table]:
    return {table.name: table for table in report(name)(question).tables}


def cells(table: Table, *columns: str) -> list[tuple[Any, ...]]:
    """The rows with these columns, sorted, whatever is in them."""
    found = [tuple(plain(row[column]) for column in columns) for row in table.objects()]
    return in_order(found)


def in_order(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=repr)


def plain(cell: Any) -> Any:
    if isinstance(cell, tuple):
        return tuple(sorted((one.currency, float(one.amount)) for one in cell))
    if isinstance(cell, Money):
        return cell.currency, float(cell.amount)
    return round(cell, 6) if isinstance(cell, float) else cell


@settings(
    max_examples=FOLDERS, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(folder=folders(FIELDS, MORE))
def test_reports_are_those_of_a_plain_reading(folder: Folder) -> None:
    with tempfile.TemporaryDirectory() as place:
        book = opened(folder, Path(place))
        try:
            known = people(folder)
            naive = Naive([file.contact for file in known.files], known.settings, TODAY)
            _compare(Question(book), naive)
        finally:
            book.close()


def _compare(question: Question, naive: Naive) -> None:
    for check in (_silent, _top, _lost, _promises, _referrals, _channels, _feedback, _activity):
        check(question, naive)


def _silent(question: Question, naive: Naive) -> None:
    shown = Counter(
        (row[0], row[1]) for row in cells(tables("silent", question)["silent"], "contact", "score")
    )
    for contact, possible in naive.silent():
        found = [score for score in possible if shown[contact, score]]
        if found:
            shown[contact, found[0]] -= 1
        else:
            assert 0 in possible, (contact, possible, shown)
    assert not +shown


def _top(question: Question, naive: Naive) -> None:
    for year in (2025, 2024):
        table = report("top")(question, year=year).tables[0]
        found = cells(table, "contact", "class", "turnover", "share", "last")
        assert [(*row[:2], *row[2], *row[3:]) for row in found] == in_order(naive.top(year))


def _lost(question: Question, naive: Naive) -> None:
    found = tables("lost", question)
    for name, column, key in (
        ("reasons", "reason", lambda contact, deal: deal.reason or None),
        ("competitors", "competitor", lambda contact, deal: deal.competitor or None),
        ("stages", "stage", lambda contact, deal: deal.stage or None),
        ("sources", "source", lambda contact, deal: contact.source or None),
        ("owners", "owner", lambda contact, deal: contact.owner or None),
        ("months", "month", lambda contact, deal: deal.closed and f"{deal.closed:%Y-%m}"),
    ):
        expected = [(group, *rest) for group, rest in naive.lost(key).items()]
        assert cells(found[name], column, "deals", "value") == in_order(expected)
    whole = naive.lost(lambda contact, deal: True).get(True)
    sums = {row[0]: row[1:] for row in cells(found["sums"], "what", "deals", "value")}
    if whole:
        assert sums["lost"] == whole
        assert sums["bought later"][0] == naive.bought_again()
        without = naive.lost(lambda contact, deal: not deal.reason).get(True, (0, ()))
        assert sums["without a reason"] == without
        dated = naive.lost(lambda contact, deal: deal.win_back is not None).get(True, (0, ()))
        assert sums["with a win-back date"] == dated
    else:
        assert not sums


def _promises(question: Question, naive: Naive) -> None:
    found = tables("promises", question)
    expected = [(one.date.isoformat(), by) for by, one in naive.promises() if one.done is None]
    assert cells(found["open"], "due", "by") == in_order(expected)
    columns = ("person", "open", "late", "kept_on_time", "kept_late")
    assert cells(found["people"], *columns) == in_order(naive.people())


def _referrals(question: Question, naive: Naive) -> None:
    found = tables("referrals", question)
    assert cells(found["ready"], "contact") == in_order((one,) for one in naive.ready())
    _tree([dict(row) for row in found["tree"].objects()], naive)


def _tree(rows: list[dict[str, Any]], naive: Naive) -> None:
    """Each stands below one who introduced it; what it brought is the turnover of all below it."""
    introductions = naive.introductions()
    above: list[str] = []
    for number, row in enumerate(rows):
        name = row["contact"] or row["name"]
        del above[row["depth"] :]
        assert not above or (above[-1], name) in introductions
        assert name not in above or len(naive.turnover(name)) > 1  # two files may have one id
        above.append(name)
        depths = [other["depth"] for other in rows[number + 1 :]]
        end = next((n for n, depth in enumerate(depths) if depth <= row["depth"]), len(depths))
        below = rows[number + 1 : number + 1 + end]
        assert row["introduced"] == sum(other["depth"] == row["depth"] + 1 for other in below)
        assert plain(row["turnover"]) in (naive.turnover(name) or [()])
        amounts = [amount for other in below for amount in other["turnover"]]
        assert _near(plain(row["brought"]), naive.sums(amounts))
    introduced = {who for by, who in introductions if by != who and naive.turnover(by)}
    ids = [one.id for one in naive.contacts]
    if len(set(ids)) == len(ids):
        assert {row["contact"] or row["name"] for row in rows if row["depth"]} <= introduced
        assert bool(rows) == bool(introduced)


def _near(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """The same sums, but for what is lost where each part is rounded."""
    return len(one) == len(other) and all(
        a[0] == b[0] and abs(a[1] - b[1]) < 0.1 for a, b in zip(one, other, strict=True)
    )


def _channels(question: Question, naive: Naive) -> None:
    found = tables("channels", question)
    assert cells(found["channels"], "channel", "talks", "contacts") == in_order(naive.channels())
    assert cells(found["single"], "contact", "channel", "talks") == in_order(naive.single())
    assert sum(row[0] for row in cells(found["months"], "talks")) == sum(
        row[1] for row in naive.channels()
    )


def _feedback(question: Question, naive: Naive) -> None:
    found = tables("feedback", question)
    columns = ("answers", "mean", "lowest")
    by_month = naive.scores(lambda item: f"{item.date:%Y-%m}")
    assert cells(found["months"], "month", *columns) == in_order(by_month)
    by_about = naive.scores(lambda item: item.about or None)
    assert cells(found["about"], "about", *columns) == in_order(by_about)


def _activity(question: Question, naive: Naive) -> None:
    found = tables("activity", question)
    weeks = cells(found["weeks"], "week", "talks", "new", "won", "lost")
    assert {row[0]: row[1:] for row in weeks if any(row[1:])} == naive.weeks()
    assert cells(found["pipeline"], "stage", "deals", "value") == in_order(naive.pipeline())
