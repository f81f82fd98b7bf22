"""What fields, signs and values find, and what is said of those that do not fit."""

from pathlib import Path

import pytest

from plaintextcrm.book import answers
from plaintextcrm.model.errors import BadQuery
from plaintextcrm.query import where
from plaintextcrm.query.parser import DEEPEST
from tests.query.asking import Asked

SETTINGS = """\
currency: CZK
statuses: [partner]
fields: {seats: number, club: text, budget: money, renewal: date, hobbies: list, vip: yes-no}
queries:
  cold: "status:client last<-6m"
  vips: "vip:yes sort:-seats"
  odd: "nosuch:1"
"""
PEOPLE = {
    "eva.yaml": """\
name: Eva Malá
organization: acme
status: client
tags: [VIP, Łódź]
phones: ["+420 601 000 111", {value: reception, type: work}]
emails: [Eva.Mala@acme.example]
birthday: --12-24
founded: 2020-Q1
cadence: 6 weeks
vip: yes
seats: 3
budget: 500 EUR
renewal: 2027-03
hobbies: [ski, rock climbing]
x_shoe: 39
x_Odd-Name: here
interactions:
  - {date: 2026-02-01, time: "9:30", channel: call, note: "first line\\nsecond one", with: [jan]}
  - {date: 2026-12-24, channel: email, note: to come}
promises:
  - {date: 2026-11-20, by: jana, note: references}
  - {date: 2026-12-20, by: jana, note: later, done: 2026-10-01}
deals:
  - {name: Web, stage: lost, value: 90000, reason: price}
  - {name: Shop, stage: offer, value: 480000 CZK, date: 2027-Q1}
revenue: [{year: 2025, amount: 1000}, {year: 2025, amount: 5 EUR}, {year: 2024, amount: 7}]
""",
    "jan.yaml": """\
name: Jan Novák
status: lead
visibility: private
birthday: 1986-12-24
cadence: none
vip: no
seats: 12.5
founded: 2026-11-22
follow_ups: [{date: 2026-11-22, time: 14:00, note: call}]
notes: C++ & 50 % off, a_b
""",
    "acme.yaml": "name: ACME s.r.o.\nkind: organization\nnotes: it’s “big”\n",
}


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    asked = Asked(tmp_path_factory.mktemp("book"))
    asked.write("plaintextcrm.yaml", SETTINGS)
    for name, text in PEOPLE.items():
        asked.write(name, text)
    return asked


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "acme eva jan"),
        # words
        ("mala", "eva"), ("MALÁ", "eva"), ("mal", "eva"), ("ala", ""), ("any:ala", "eva"),
        ("lodz", "eva"), ('"eva malá"', "eva"), ('"malá eva"', ""), ("line second", "eva"),
        ('"line second"', "eva"), ('"LINE   sec"', "eva"), ("c++", "jan"), ("c+", "jan"), ("+", "eva jan"),
        ("%", "jan"), ("50 %", "jan"), ('"50 %"', "jan"), ("_", "jan"), ("a_b", "jan"), ("a-b", ""),
        ("&", "jan"), ('""', "acme eva jan"), ("601000111", "eva"), ("420601", "eva"),
        ("eva.mala@acme", "eva"), ("@acme.example", "eva"), ("it's", "acme"),
        # texts, lists
        ("name:al", "eva"), ("name=jan", ""), ('name="jan novak"', "jan"), ("owner:", "acme eva jan"),
        ("tag:vip", "eva"), ("tag=lo", ""), ("tag=lodz", "eva"), ("-tag:vip", "acme jan"),
        ("org:s.r.o", "eva"), ("org=acme", "eva"), ("org:", "acme jan"), ('org=""', "acme jan"),
        ("phone:601000", "eva"), ('phone:"(601) 000"', "eva"), ("phone=420601000111", "eva"),
        ("phone:recep", "eva"), ("phone:42", "eva"), ("email:MALA@", "eva"), ("has:phone", "eva"),
        # choices, states
        ("status:client", "eva"), ("status:CLI", "eva"), ("is:client", "eva"), ("is:private", "jan"),
        ("is:company", "acme"), ("is:overdue", "eva"), ("is:due", "eva jan"), ("is:partner", ""),
        ("is:broken", ""), ("class:A", "eva"), ("class:", "acme jan"),
        # days
        ("last:2026-02", "eva"), ("last<-6m", "eva"), ("last>=2026-02-02", ""), ("last:2026", "eva"),
        ("last:..2026-01", ""), ("last:2026-01..", "eva"), ("last:2026-01..2026-03", "eva"),
        ("last:", "acme jan"),
        ("birthday:--12", "eva jan"), ("birthday:--12-24", "eva jan"), ("birthday:1986", "jan"),
        ("birthday<2000", "jan"), ("birthday:--11..--12-23", ""), ("birthday>--11", "eva jan"),
        ("founded:2020-02", "eva"), ("founded<2020-03", ""), ("founded<=2020-03", "eva"),
        ("founded:today", "jan"),
        ("founded:--11-22", "jan"), ("founded>2020-03", "jan"), ("founded>=2020-01", "eva jan"),
        ("overdue>0", "eva"), ("overdue:1..3", ""), ("overdue:", "acme jan"), ("next<=today", "eva jan"),
        # entries
        ("deals.stage:lost", "eva"), ("deals:price", "eva"), ("deals:", "acme jan"), ("has:deals", "eva"),
        ("deals.stage:lost deals.value>400000", "eva"), ("deals:(stage:lost value>400000)", ""),
        ("deals:(-stage:lost)", "eva"), ("deals:(shop or web)", "eva"), ("promises.done:", "eva"),
        ("promises:(done: date<today)", "eva"), ("interactions.time<10:00", "eva"),
        ("interactions.time:9:00..9:30", "eva"), ("interactions.with:jan", "eva"),
        ("talk.note:second", "eva"), ("interactions:(email)", "eva"), ("deal.date:2027-02", "eva"),
        ("phones.type=work", "eva"), ("follow-ups.done:", "jan"),
        # amounts, durations, own fields
        ("deals.value>90000", "eva"), ("deals.value:90000", "eva"), ("deals.value>1EUR", ""),
        ("budget:500EUR", "eva"), ("budget:500", ""), ("turnover:1000", "eva"), ("turnover>4EUR", "eva"),
        ("turnover:1..2000", "eva"), ("cadence:42", "eva"), ("cadence<3m", "eva"), ("cadence:none", "jan"),
        ("seats:3", "eva"), ("seats>3,5", "jan"), ("vip:yes", "eva"), ("vip:no", "jan"), ("vip:", "acme"),
        ("renewal:2027-Q1", "eva"), ("hobbies:climb", "eva"), ("x_shoe:39", "eva"), ("x_shoe:", "acme jan"),
        ("x_Odd-Name:here", "eva"), ("x_nobody:", "acme eva jan"),
        # saved ones, order
        ("@cold", "eva"), ("-@cold", "acme jan"), ("@vips", "eva"), ("sort:seats", "eva jan acme"),
        ("sort:-seats", "jan eva acme"), ("@vips or seats>1", "jan eva"), ("sort:org", "eva acme jan"),
    ],
)  # fmt: skip
def test_what_is_found(query: str, found: str, ask: Asked) -> None:
    assert ask(query) == found.split()


@pytest.mark.parametrize(
    ("query", "column", "said"),
    [
        ("stauts:client", 1, "There is no field `stauts` to ask for. Did you mean `status`?"),
        ("x deals.stge:lost", 3, "`deals` has no field `stge`. Did you mean `stage`?"),
        ("deals.zzzzzz:lost", 1, "`deals` has no field `zzzzzz`. There are name, stage"),
        ("deals:(stge:lost)", 8, "`deals` has no field `stge`. Did you mean `stage`?"),
        ("has:phnes", 5, "There is no field `phnes` to ask for. Did you mean `phones`?"),
        ("is:overdu", 4, "Nobody can be 'overdu'. Did you mean `overdue`?"),
        ("status:clent", 8, "'clent' is no status. Did you mean `client`?"),
        ("status=cli", 8, "'cli' is no status."),
        ("deals.stage:zz", 13, "'zz' is no stage. There are lead, offer, negotiation, won, lost."),
        ("name<a", 1, "`name` takes `:` (contains) and `=` (equals), not `<`."),
        ("tag>a", 1, "`tags` takes"),
        ("last<", 6, "A value is missing behind `last<`."),
        ("last<soon", 6, "'soon': this is not a date. Write 2026-12-01"),
        ("last:2026-13", 6, "'2026-13': there is no month 13"),
        ("last:2026-02-30", 6, "'2026-02-30': "),
        ("last<2026..2027", 1, "A range stands behind `:`."),
        ("birthday:--13", 10, "'--13': "),
        ("seats:many", 7, "'many': this is not a number. Write a number"),
        ("deals.value>5EUR..6CZK", 1, "A range stands behind `:`."),
        ("deals.value:5EUR..6CZK", 13, "'5EUR..6CZK': both ends of a range need one currency."),
        ("cadence:often", 9, "'often': "),
        ("interactions.time:25:00", 19, "'25:00': there is no such time of day"),
        ("vip:maybe", 5, "'maybe': this is neither yes nor no. Write yes or no."),
        ("deals=web", 1, "`deals` is a list: write `deals:text`, or name one of its fields"),
        ("name:(a)", 1, "`name` is no list of entries"),
        ("deals:(deals:(a))", 8, ""),
        ("sort:deals", 6, "`deals` is a list: name the field of it to sort by."),
        ("sort:nosuch", 6, "There is no field `nosuch` to ask for."),
        ("(sort:name)", 2, "`sort:` stands beside the conditions, not within them."),
        ("any:", 1, "Write `any:shop` or the like."),
        ("has=phone", 1, "Write `has:…`."),
        ("nosuch", 0, ""),
    ],
)
def test_what_does_not_fit(query: str, column: int, said: str, ask: Asked) -> None:
    if not column:
        assert ask(query) == []
        return
    place, what = ask.refused(query)
    assert what.startswith(said)
    assert place == column


def test_a_fault_in_a_saved_query_is_shown_in_its_own_words(ask: Asked) -> None:
    with pytest.raises(Exception, match="nosuch") as error:
        ask("mala @odd")
    assert str(error.value).splitlines()[1:] == ["  nosuch:1", "  ^"]


def test_of_two_files_with_one_id_the_first_gives_the_name_of_the_organization(
    tmp_path: Path,
) -> None:
    ask = Asked(tmp_path)
    ask.write("eva.yaml", "name: Eva\norganization: acme\n")
    for place, name in (("a", "First"), ("b", "Second")):
        (tmp_path / "contacts" / place).mkdir()
        ask.write(f"{place}/acme.yaml", f"name: {name}\n")
    assert ask("org:first") == ["eva"]
    assert ask("org:second") == []
    assert ask("-org:first") == ["acme", "acme"]
    assert sorted(ask("")) == ["acme", "acme", "eva"]


LONGEST = ("deals:shop", "talk:(note:a or email)", "org:acme", "phone:601", '"c++ x"', "turnover>5")


DEEP = (
    ("(zzz or ", ")", 1), ("-(zzz or ", ")", 2), ("not (zzz ", ")", 2), ("-", "", 1),
    ("(zzz ", ") or zzz", 1), ("zzz or (", ")", 1), ("(", ")", 1),
)  # fmt: skip


@pytest.mark.parametrize(("left", "right", "steps"), DEEP)
@pytest.mark.parametrize("one", LONGEST)
def test_conditions_as_deep_within_each_other_as_they_may_be(
    one: str, left: str, right: str, steps: int, ask: Asked
) -> None:
    """SQLite's own parser has room for a hundred pieces that are not complete."""
    times = (DEEPEST - one.count("(")) // steps
    deep = f"{left * times}{one}{right * times}"
    found = set(ask(deep))
    assert found == _turned(left, times, set(ask(one)))
    assert len(answers.agenda(ask.book, where(ask.book, deep), 30)) >= len(found & {"eva", "jan"})
    inside = f"deals:({left * (times - 2)}shop{right * (times - 2)})"
    assert set(ask(inside)) <= {"eva"}


def _turned(left: str, times: int, found: set[str]) -> set[str]:
    """What so many `not` make of an answer; nobody is called zzz."""
    for _time in range(times):
        if left == "not (zzz ":
            found = set()
        if left.startswith(("-", "not")):
            found = {"acme", "eva", "jan"} - found
        elif left == "(zzz ":
            found = set()
    return found


@pytest.mark.parametrize("one", LONGEST)
def test_many_conditions_side_by_side(one: str, ask: Asked) -> None:
    others = [name for name in ("acme", "eva", "jan") if name not in ask(one)]
    assert ask(" ".join([f"-{one}"] * 60)) == others
    assert ask(" or ".join([one] * 60)) == ask(one)


def test_a_query_of_more_conditions_than_it_may_have(ask: Asked) -> None:
    assert ask("a " * 200) == ask("a")
    assert ask.refused("a " * 201) == (401, "A query may have 200 conditions. Divide it.")


def test_of_a_long_query_what_is_around_the_fault_is_shown(ask: Asked) -> None:
    query = f"{'mala-' * 3000} nosuch:1 {'lodz-' * 3000}"
    with pytest.raises(BadQuery) as error:
        ask(query)
    lines = str(error.value).splitlines()
    assert lines[1].startswith("  …ala-mala-")
    assert "mala- nosuch:1 lodz-lodz-" in lines[1]
    assert lines[1].endswith("…")
    assert lines[2].index("^") == lines[1].index("nosuch")
    assert len(lines[1]) == 204
