"""Three people who edit and share in any order: nothing is lost, nothing stands twice."""

import random

import pytest

from tests.share.conftest import Clone, Team

ROUNDS = 30
CONTACTS = ("acme", "eva", "novak", "shop")
FIELDS = {
    "status": ("lead", "prospect", "client", "dormant"),
    "cadence": ("6 weeks", "3 months", "1 year"),
    "title": ("Boss", "Buyer", "Clerk"),
}


def _edit(clone: Clone, chance: random.Random, number: int) -> str:
    """One random edit; the note of the talk that it logged, if it was one."""
    contact = chance.choice(CONTACTS)
    kind = chance.choice(("log", "log", "log", "log", "set", "follow-up", "tag", "hand"))
    note = f"note {number}."
    if kind == "log":
        assert clone.run("log", contact, chance.choice(("call", "email")), note).code == 0
        return note
    if kind == "set":
        field = chance.choice(list(FIELDS))
        assert clone.run("set", contact, field, chance.choice(FIELDS[field])).code == 0
    elif kind == "follow-up":
        assert clone.run("follow-up", contact, "+2w", f"todo {number}").code == 0
    elif kind == "tag":
        assert clone.run("tag", contact, f"+t{number % 7}").code == 0
    else:
        clone.write(f"{contact}.yaml", clone.read(f"{contact}.yaml") + f"# by hand {number}\n")
    return ""


def _sync(clone: Clone, chance: random.Random) -> int:
    """Share, and settle every conflict as a person would; how many there were."""
    answer = clone.run("sync")
    if answer.code == 0:
        return 0
    assert answer.code == 1, answer
    assert "Not settled yet" in answer.err, answer
    for contact in CONTACTS:
        if "<<<<<<<" in clone.read(f"{contact}.yaml"):
            assert clone.run("resolve", contact, chance.choice(("mine", "theirs"))).code == 0
    answer = clone.run("sync", "--continue")
    assert answer.code == 0, answer
    return 1


def _tree(clone: Clone) -> str:
    return clone.git("rev-parse", "HEAD^{tree}") + clone.git("status", "--porcelain")


@pytest.mark.parametrize("seed", [1, 2026])
def test_three_clones_end_equal_and_every_talk_is_there_once(team: Team, seed: int) -> None:
    chance = random.Random(seed)
    jana = team.first("jana", **{name: f"name: {name}\n" for name in CONTACTS})
    jana.sync()
    clones = [jana, team.clone("petr"), team.clone("pavel")]
    notes = []
    for number in range(ROUNDS):
        clone = chance.choice(clones)
        for part in range(chance.randint(1, 3)):
            if note := _edit(clone, chance, number * 10 + part):
                notes.append(note)
        if chance.random() < 0.7:
            _sync(chance.choice(clones), chance)
    for clone in (*clones, *clones):
        _sync(clone, chance)
    assert len({_tree(clone) for clone in clones}) == 1
    texts = "".join(jana.read(f"{name}.yaml") for name in CONTACTS)
    assert len(notes) > ROUNDS / 2
    talks = [line.partition("note: ")[2] for line in texts.splitlines() if "note: note " in line]
    assert sorted(talks) == sorted(notes)
    assert jana.run("check").code == 0
