"""Every number of every report, against a small folder that was computed by hand (tests/report/small.py)."""

import pytest

from tests.conftest import AddressBook
from tests.report.small import fill, rows, tables


@pytest.fixture(autouse=True)
def _small(book: AddressBook) -> None:
    fill(book)


def test_silent(book: AddressBook) -> None:
    (acme,) = tables(book, "silent")["silent"]
    # (1 span + 2 weeks late + 2 for the mood + 2 points below 4) times 3 for class A
    assert [(part["kind"], part["points"]) for part in acme["why"]] == [
        ("silence", 1), ("promise", 2), ("mood", 2), ("feedback", 2), ("class", 0),
    ]  # fmt: skip
    assert [part["words"] for part in acme["why"]] == [
        "no talk for 60 days, usually 30", "promise 2 weeks late", "last mood: bad", "feedback 2 of 5",
        "A client: 3 times",
    ]  # fmt: skip
    assert (acme["score"], acme["days"], acme["usual"], acme["class"]) == (21, 60, 30, "A")


def test_silent_with_weights_of_ones_own(book: AddressBook) -> None:
    book.write(
        "plaintextcrm.yaml",
        "me: jana\npeople: [jana]\nweights: {silence: 0, mood: 3.5, A: 1, promise: 0.5}\n",
    )
    (acme,) = tables(book, "silent")["silent"]
    assert acme["score"] == 1 + 3.5 + 2
    assert [part["kind"] for part in acme["why"]] == ["promise", "mood", "feedback"]


def test_top(book: AddressBook) -> None:
    found = tables(book, "top")
    # 8000 + 60 EUR at 25 + 500 = 10000 CZK; the dollars have no rate and stand apart
    assert rows(found["turnover"], "contact", "class", "turnover", "share", "running_share") == [
        ("acme", "A", "8000 CZK", 0.8, 0.8),
        ("eva", "B", "1500 CZK", 0.15, 0.95),
        ("jan", "C", "500 CZK", 0.05, 1.0),
        ("jan", "A", "7 USD", 1.0, 1.0),
    ]
    assert rows(found["turnover"], "last", "next", "owner")[:2] == [
        ("2026-09-23", None, "jana"), ("2026-11-01", "2027-02-01", "petr"),
    ]  # fmt: skip
    assert rows(found["silent"], "contact", "class", "days", "usual") == [("acme", "A", 60, 30)]


def test_top_of_another_year_and_of_some(book: AddressBook) -> None:
    found = tables(book, "top", "--year", "2024")
    assert rows(found["turnover"], "contact", "turnover", "share") == [("acme", "1000 CZK", 1)]
    found = tables(book, "top", "owner:petr")  # the share is of all, whoever is asked for
    assert rows(found["turnover"], "contact", "share", "running_share") == [("eva", 0.15, 0.95)]


def test_lost(book: AddressBook) -> None:
    found = tables(book, "lost")
    assert rows(found["sums"], "what", "deals", "value") == [
        ("lost", 2, "1000 CZK + 10 USD"),
        ("with a win-back date", 1, "1000 CZK"),
        ("without a win-back date", 1, "10 USD"),
        ("bought later", 1, "1000 CZK"),
        ("without a reason", 1, "10 USD"),
    ]
    assert rows(found["reasons"], "reason", "deals", "value") == [
        ("price", 1, "1000 CZK"),
        (None, 1, "10 USD"),
    ]
    assert rows(found["competitors"], "competitor", "deals") == [("Nord", 1), (None, 1)]
    assert rows(found["stages"], "stage", "deals") == [("lost", 2)]
    assert rows(found["sources"], "source", "deals") == [("fair", 1), (None, 1)]
    assert rows(found["owners"], "owner", "deals") == [("jana", 1), ("petr", 1)]
    assert rows(found["months"], "month", "deals") == [("2026-03", 1), ("2026-04", 1)]
    assert rows(found["deals"], "contact", "deal", "value", "closed", "win_back", "back") == [
        ("eva", "Logo", "10 USD", "2026-04-01", None, None),
        ("acme", "Shop", "1000 CZK", "2026-03-05", "2027-Q1", "2026-06-05"),
    ]
    assert rows(tables(book, "lost", "--since", "2026-03-06")["deals"], "deal") == [("Logo",)]
    assert rows(tables(book, "lost", "--until", "2026-03-05")["deals"], "deal") == [("Shop",)]


def test_promises(book: AddressBook) -> None:
    found = tables(book, "promises")
    assert rows(found["open"], "due", "days_late", "contact", "by", "to", "note") == [
        ("2026-11-08", 14, "acme", "jana", "them", "Send references")
    ]
    columns = ("person", "open", "late", "kept_on_time", "kept_late", "share_on_time")
    assert rows(found["people"], *columns) == [
        ("jana", 1, 1, 0, 0, None),
        ("petr", 0, 0, 1, 0, 1),
        ("them", 0, 0, 0, 1, 0),
    ]
    assert rows(found["months"], "month", "person", "kept_on_time", "kept_late") == [
        ("2026-09", "them", 0, 1), ("2026-11", "petr", 1, 0),
    ]  # fmt: skip
    assert not tables(book, "promises", "--until", "2026-09-02")["months"]


def test_referrals(book: AddressBook) -> None:
    found = tables(book, "referrals")
    columns = ("depth", "contact", "name", "introduced", "turnover", "brought")
    assert rows(found["tree"], *columns) == [
        (0, "acme", "Acme", 1, "9000 CZK", "2000 CZK + 7 USD"),
        (1, "eva", "Eva", 1, "1500 CZK", "500 CZK + 7 USD"),
        (2, "jan", "Jan", 1, "500 CZK + 7 USD", ""),
        (3, None, "Karel", 0, "", ""),
    ]
    # Jan was asked on 1 June, less than six months ago; Acme has bad feedback
    assert rows(found["ready"], "contact", "score", "answered", "asked") == [
        ("eva", 5, "2026-06-01", None)
    ]
    later = book.run("report", "referrals", "--ready", "--format", "csv", today="2026-12-01").out
    assert later.splitlines()[1:] == [
        "eva,Eva,5.0,2026-06-01,,petr",
        "jan,Jan,4.0,2026-06-01,2026-06-01,",
    ]
    assert list(tables(book, "referrals", "--ready")) == ["ready"]


def test_a_ring_of_introductions_ends(book: AddressBook) -> None:
    book.write("acme.yaml", "name: Acme\nintroduced_by: jan\n")
    tree = tables(book, "referrals")["tree"]
    assert sorted(row["contact"] for row in tree if row["contact"]) == ["acme", "eva", "jan"]


def test_channels(book: AddressBook) -> None:
    found = tables(book, "channels")
    assert rows(found["channels"], "channel", "talks", "share", "contacts") == [
        ("call", 2, 0.4, 1), ("email", 2, 0.4, 1), ("meeting", 1, 0.2, 1),
    ]  # fmt: skip
    assert rows(found["months"], "month", "talks", "call", "email", "meeting") == [
        ("2026-07", 1, 1, 0, 0),
        ("2026-08", 1, 0, 0, 1),
        ("2026-09", 1, 1, 0, 0),
        ("2026-10", 1, 0, 1, 0),
        ("2026-11", 1, 0, 1, 0),
    ]
    assert rows(found["single"], "contact", "channel", "talks", "last") == [
        ("eva", "email", 2, "2026-11-01")
    ]


def test_feedback(book: AddressBook) -> None:
    found = tables(book, "feedback")
    assert rows(found["months"], "month", "answers", "mean", "lowest") == [
        ("2026-05", 1, 2, 2), ("2026-06", 2, 4.5, 4),
    ]  # fmt: skip
    assert rows(found["about"], "about", "answers", "mean", "lowest") == [
        ("Portal", 1, 2, 2), ("Shop", 1, 5, 5), (None, 1, 4, 4),
    ]  # fmt: skip
    assert rows(found["answers"], "date", "contact", "score") == [
        ("2026-06-01", "eva", 5), ("2026-06-01", "jan", 4), ("2026-05-04", "acme", 2),
    ]  # fmt: skip
    assert rows(found["waiting"], "date", "days", "contact", "about") == [
        ("2026-06-02", 173, "eva", "Portal")
    ]


def test_activity(book: AddressBook) -> None:
    found = tables(book, "activity")
    weeks = {row["week"]: row for row in found["weeks"]}
    # from the first week in which something happened, up to the present one
    assert min(weeks) == "2026-06-01" and max(weeks) == "2026-11-16" and len(weeks) == 25
    happened = {
        week: tuple(row[name] for name in ("talks", "new", "won", "lost"))
        for week, row in weeks.items()
    }
    assert {week: row for week, row in happened.items() if any(row)} == {
        "2026-06-01": (0, 0, 1, 0),
        "2026-07-20": (1, 1, 0, 0),
        "2026-08-24": (1, 0, 0, 0),
        "2026-09-21": (1, 0, 0, 0),
        "2026-10-26": (2, 1, 0, 0),
    }
    assert rows(found["days"], "day", "talks")[-1] == ("2026-11-01", 1)
    assert rows(found["pipeline"], "stage", "deals", "value") == [("offer", 1, "2500 CZK")]
    since = tables(book, "activity", "--since", "2026-03-01")["weeks"]
    assert sum(row["lost"] for row in since) == 2


def test_talks_with_its_people_are_talks_with_a_company(book: AddressBook) -> None:
    book.write(
        "petra.yaml", "name: Petra\norganization: acme\ninteractions: [{date: 2026-11-20}]\n"
    )
    assert tables(book, "top")["turnover"][0]["last"] == "2026-11-20"
    assert [part["kind"] for part in tables(book, "silent")["silent"][0]["why"]][:2] == [
        "promise",
        "feedback",
    ]
