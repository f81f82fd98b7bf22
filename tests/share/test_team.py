"""Team work: who changed what, and handing contacts over."""

import json

import pytest

from tests.share.conftest import ACME, Team

PEOPLE = "people: [jana, petr]\n"
CLIENT = """\
name: <b>Shop</b> *s.r.o.*
owner: jana
status: client
phones: [+420 601 000 111]
notes: |
  Likes | short mails.
interactions:
  - {date: 2026-01-05, channel: call, note: one}
  - {date: 2026-02-05, channel: call, note: two}
  - {date: 2026-03-05, channel: meeting, by: jana, note: three}
  - {date: 2026-04-05, channel: email, note: four}
promises:
  - {date: 2026-12-01, note: Two references}
  - {date: 2026-01-01, note: Old one, done: 2026-01-01}
follow_ups:
  - {date: 2026-12-24, note: Call, owner: jana}
  - {date: 2026-12-26, note: Visit, owner: petr}
  - {date: 2026-01-02, note: Past, owner: jana, done: 2026-01-02}
needs:
  - {date: 2027-Q1, note: New till, because: the old one breaks}
"""


def test_history_tells_who_changed_which_field_and_follows_renames(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    jana = team.first(acme=ACME)
    jana.sync()
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Petr")
    petr = team.clone("petr")
    petr.run("set", "acme", "cadence", "6 weeks")
    petr.run("done", "acme", "1")
    petr.sync()
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Jana")
    jana.run("log", "acme", "call", "Hello")
    jana.sync()
    jana.run("rename", "acme", "acme-corp")
    jana.sync()
    jana.run("set", "acme-corp", "status", "client")
    out = jana.run("history", "acme-corp").out
    lines = [line for line in out.splitlines() if not line.startswith("20")]
    assert lines == [
        "not committed yet",
        "  status: lead → client",
        "  renamed from contacts/acme.yaml to contacts/acme-corp.yaml",
        "  added an interaction: 2026-11-22, call: Hello",
        "  cadence: 3 months → 6 weeks",
        "  closed a follow-up: 2026-11-22: Send the offer",
        "  made contacts/acme.yaml",
        "  name: ACME",
        "  status: lead",
        "  cadence: 3 months",
        "  added a follow-up: 2026-11-20: Send the offer",
    ]
    who = [line.split("  ")[1] for line in out.splitlines() if line.startswith("20")]
    assert who == ["Jana", "Jana", "Petr", "Jana Malá"]
    [only] = json.loads(
        jana.run("history", "acme-corp", "--field", "cadence", "--format", "json").out
    )[:1]
    assert only["who"] == "Petr"
    assert only["changes"] == [
        {"field": "cadence", "what": "changed", "old": "3 months", "new": "6 weeks"}
    ]


def test_history_of_a_merge_is_what_the_person_decided(team: Team) -> None:
    jana = team.first(acme=ACME)
    jana.sync()
    petr = team.clone("petr")
    petr.run("set", "acme", "cadence", "6 weeks")
    petr.sync()
    jana.run("set", "acme", "cadence", "1 year")
    jana.run("sync")
    text = jana.read("acme.yaml")
    end = text.index("\n", text.index(">>>>>>>")) + 1
    jana.write("acme.yaml", text[: text.index("<<<<<<<")] + "cadence: 2 months\n" + text[end:])
    jana.sync("--continue")
    versions = json.loads(jana.run("history", "acme", "--format", "json").out)
    assert [change["new"] for change in versions[0]["changes"]] == ["2 months"]
    assert len(versions) == 4


def test_history_does_not_count_the_line_ends_that_git_makes(team: Team) -> None:
    jana = team.first(acme=ACME.replace("\n", "\r\n"))
    jana.git("config", "core.autocrlf", "true")
    jana.sync()
    assert "not committed" not in jana.run("history", "acme").out
    jana.run("set", "acme", "status", "client")
    assert "not committed yet\n  status: lead → client\n" in jana.run("history", "acme").out


def test_history_without_a_version_and_without_a_contact(team: Team) -> None:
    jana = team.first(acme=ACME)
    assert "not committed yet" in jana.run("history", "acme").out
    answer = jana.run("history", "nobody")
    assert answer.code == 2


def test_handover_tells_all_and_reassigns(team: Team) -> None:
    jana = team.first(shop=CLIENT, acme=ACME + "owner: petr\n")
    jana.write("plaintextcrm.yaml", PEOPLE)
    answer = jana.run("handover", "jana", "petr", "--dry-run")
    assert answer.code == 0
    assert "1 contact would go from jana to petr." in answer.err
    assert jana.read("shop.yaml") == CLIENT
    for part in (
        "# Handover from jana to petr", "\\<b\\>Shop\\</b\\> \\*s.r.o.\\*", "Two references",
        "2026-12-24: Call", "2027-Q1: New till (because the old one breaks)", "Likes \\| short mails.",
        "- 2026-04-05, email: four\n- 2026-03-05, meeting, jana: three\n- 2026-02-05, call: two\n",
        "+420 601 000 111",
    ):  # fmt: skip
        assert part in answer.out
    assert "Old one" not in answer.out
    assert "one\n" not in answer.out.partition("Last talks")[2].partition("To know")[0]
    done = jana.run(
        "handover", "jana", "petr", "-o", str(team.folder / "h.html"), "--format", "html"
    )
    assert done.code == 0
    page = (team.folder / "h.html").read_text("utf-8")
    assert "<b>Shop" not in page
    assert "<h2>&lt;b&gt;Shop&lt;/b&gt; *s.r.o.* (shop)</h2>" in page
    changed = CLIENT.replace("owner: jana\n", "owner: petr\n", 1)
    changed = changed.replace("note: Call, owner: jana", "note: Call, owner: petr")
    assert jana.read("shop.yaml") == changed
    assert jana.run("undo").code == 0
    assert jana.read("shop.yaml") == CLIENT


def test_handover_leaves_private_contacts_where_they_are(team: Team) -> None:
    jana = team.first(shop=CLIENT, z="name: Zdeněk\nowner: jana\nvisibility: private\n")
    jana.write("plaintextcrm.yaml", PEOPLE)
    answer = jana.run("handover", "jana", "petr")
    assert "1 private contact left out" in answer.err
    assert "Zdeněk" not in answer.out
    assert "owner: jana" in jana.read("z.yaml")
    answer = jana.run("handover", "jana", "petr", "--private")
    assert "Zdeněk" in answer.out
    assert "owner: petr" in jana.read("z.yaml")


def test_handover_to_nobody_we_know(team: Team) -> None:
    jana = team.first(shop=CLIENT)
    jana.write("plaintextcrm.yaml", PEOPLE)
    answer = jana.run("handover", "jana", "pter")
    assert answer.code == 2
    assert "did you mean `petr`?" in answer.err
    assert jana.run("handover", "jana", "jana").code == 2


def test_agenda_of_one_person(team: Team) -> None:
    jana = team.first(shop=CLIENT)
    jana.write("plaintextcrm.yaml", PEOPLE)
    out = jana.run("agenda", "--owner", "petr", "--days", "60").out
    assert "Visit" in out
    assert "Call" not in out
    assert jana.run("agenda", "--owner", "me", "--days", "60").out == (
        jana.run("agenda", "--owner", "jana", "--days", "60").out
    )
