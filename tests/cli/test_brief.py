"""`brief`: one page before a call, with all that the file and the book know."""

from tests.conftest import AddressBook

EVA = """\
name: Ing. Eva Malá
organization: acme
title: Marketing manager
salutation: Evo
status: client
owner: jana
phones: [{value: +420 601 000 111, type: mobile}]
introduced_by: jan
source: a fair in Brno
cadence: 3 months
birthday: 1986-12-24
notes: |
  Likes short e-mails.
interactions:
  - {date: 2026-10-14, channel: call, by: jana, note: Wants references, mood: good}
  - {date: 2026-08-19, channel: email, mood: bad}
  - {date: 2027-01-01, channel: call, note: in the future}
promises:
  - {date: 2026-11-01, note: Two references}
  - {date: 2026-12-01, by: them, note: Price groups}
  - {date: 2026-01-01, note: Kept long ago, done: 2026-01-01}
follow_ups: [{date: 2026-12-15, time: 09:30, note: Ask for the decision}]
needs: [{date: 2027-Q1, note: New e-shop, because: the old one is slow}]
deals: [{name: Intranet, stage: lost, value: 210000 CZK, closed: 2025-09-18, reason: price, competitor: Nord}]
feedback: [{date: 2024-09-10, about: Portal, score: 5}]
"""
NOW = (
    "2026-11-22. Last talk 2026-10-14, 39 days ago; next contact 2026-12-15."
    " Slipping away: promise 3 weeks late."
)


def test_all_there_is_to_know(book: AddressBook) -> None:
    book.write("eva.yaml", EVA)
    book.write("acme.yaml", "name: Acme\nkind: organization\n")
    book.write("jan.yaml", "name: Jan Novák\n")
    page = book.run("brief", "eva").out
    for line in (
        "# Ing. Eva Malá (Acme)",
        NOW,
        "- Title: Marketing manager", "- Address as: Evo", "- +420 601 000 111 (mobile)",
        "- 2026-12-15 09:30: follow-up, Ask for the decision",
        "- 2026-11-01: Two references, 21 days late", "- 2026-12-01: Price groups",
        "- 2026-10-14, call, jana: Wants references (mood: good)", "- 2026-08-19, email (mood: bad)",
        "- Moods, the latest first: good (2026-10-14), bad (2026-08-19)",
        "- 2024-09-10, Portal: 5 of 5", "- 2027-Q1: New e-shop, because the old one is slow",
        "- Intranet: lost, 210 000 CZK, 2025-09-18, because of price, to Nord",
        "- Introduced by Jan Novák", "- a fair in Brno", "Likes short e-mails.",
    ):  # fmt: skip
        assert line in page.splitlines(), line
    assert any(line.startswith("- 2026-12-24: ") for line in page.splitlines())
    assert "Kept long ago" not in page and "in the future" not in page
    assert "- Ing. Eva Malá, Marketing manager" in book.run("brief", "acme").out


def test_a_page_runs_nothing_that_was_written(book: AddressBook) -> None:
    book.write("eva.yaml", "name: '<script>alert(1)</script> *x*'\n")
    assert "<script>" not in book.run("brief", "eva", "--format", "html").out
    assert "\\*x\\*" in book.run("brief", "eva").out


def test_next_to_nothing(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\n")
    assert book.run("brief", "eva").out == "# Eva\n\n2026-11-22. No talk yet; no next contact.\n"
