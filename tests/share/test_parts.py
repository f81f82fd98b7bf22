"""A part of a large repository: what is not checked out is not deleted."""

import pytest

from tests.share.conftest import Clone, Team

DUE = "follow_ups: [{date: 2026-12-01, note: Call}]\n"


@pytest.fixture
def part(team: Team) -> Clone:
    """A partial clone, without texts of old versions, in which only `contacts/north` is checked out."""
    config = team.remote / "config"
    config.write_text(config.read_text() + "[uploadpack]\n\tallowFilter = true\n")
    jana = team.first()
    jana.write("plaintextcrm.yaml", "autosync: false\n")
    for number in range(6):
        uid = f"uid: 00000000-0000-4000-8000-00000000000{number}\n"
        jana.write(f"contacts/south/s{number}.yaml", f"name: South {number}\n{uid}{DUE}")
    jana.write(
        "contacts/north/n1.yaml", f"name: North 1\norganization: s1\nintroduced_by: s2\n{DUE}"
    )
    jana.write("contacts/north/n2.yaml", f"name: North 2\nrelated: [{{contact: s3}}]\n{DUE}")
    jana.sync()
    clone = team.clone("petr", "--filter=blob:none", "--sparse")
    clone.git("sparse-checkout", "set", "contacts/north")
    return clone


def _files(clone: Clone) -> list[str]:
    return sorted(path.name for path in (clone.folder / "contacts").rglob("*.yaml"))


def test_a_reference_to_what_is_not_here_is_no_error(part: Clone) -> None:
    assert _files(part) == ["n1.yaml", "n2.yaml"]
    answer = part.run("check")
    assert answer.code == 0, answer
    part.run("set", "n1", "introduced_by", "s5")
    assert part.run("check").code == 0
    part.write("contacts/north/n1.yaml", "name: North 1\nintroduced_by: s9\n")
    answer = part.run("check")
    assert answer.code == 1
    assert "there is no contact `s9`" in answer.out


def test_sync_removes_nothing_that_is_not_here(part: Clone, team: Team) -> None:
    part.run("log", "n1", "call", "Hello")
    said = part.sync().out
    assert "Commit: Log a call with North 1" in said
    assert part.committed() == {"contacts/north/n1.yaml"}
    jana = Clone(team.folder / "jana", part._capsys)
    jana.run("set", "s1", "status", "client")
    jana.sync()
    assert len(_files(jana)) == 8
    part.run("log", "n2", "call", "Hello")
    part.sync()
    assert _files(part) == ["n1.yaml", "n2.yaml"]
    assert len(part.git("ls-files", "contacts").splitlines()) == 8


def test_a_new_id_is_not_one_that_is_only_not_here(part: Clone) -> None:
    assert "Made contacts/s1-2.yaml" in part.run("new", "S1").err
    answer = part.run("rename", "n1", "s2")
    assert answer.code == 1
    assert "contacts/south/s2.yaml has this id already" in answer.err
    answer = part.run("rename", "n1", "n3")
    assert answer.code == 0
    assert "not checked out here (6) may still refer to n1" in answer.err
    part.git("sparse-checkout", "disable")
    assert "may still refer" not in part.run("rename", "n2", "n4").err
    assert part.run("check").code == 0


def test_doctor_and_history_of_a_part(part: Clone) -> None:
    out = part.run("doctor").out
    assert "a sparse checkout: 6 contacts of the repository are not in this folder" in out
    assert "git sparse-checkout add contacts/FOLDER" in out
    assert "a partial clone (blob:none)" in out
    part.run("log", "n1", "call", "Hello")
    part.sync()
    assert "made contacts/north/n1.yaml" in part.run("history", "n1").out


@pytest.mark.parametrize("folder", ["north", "south"])
def test_f34_the_feed_keeps_what_is_only_not_checked_out(part: Clone, folder: str) -> None:
    part.git("sparse-checkout", "disable")
    assert part.run("export", "ics").code == 0
    feed = (part.folder / "follow-ups.ics").read_bytes()
    assert feed.count(b"BEGIN:VEVENT") == 8
    part.git("sparse-checkout", "set", f"contacts/{folder}")
    answer = part.run("export", "ics")
    assert answer.code == 1
    assert "are not checked out here; they are not deleted" in answer.err
    assert (part.folder / "follow-ups.ics").read_bytes() == feed
    assert part.run("watch", "--once").code == 1
    assert (part.folder / "follow-ups.ics").read_bytes() == feed
    part.git("sparse-checkout", "disable")
    assert part.run("export", "ics").code == 0
    assert (part.folder / "follow-ups.ics").read_bytes() == feed


def test_a_contact_that_is_deleted_in_the_part_leaves_the_feed(part: Clone) -> None:
    assert part.run("export", "ics").code == 0
    (part.folder / "contacts/north/n2.yaml").unlink()
    assert part.run("export", "ics").code == 0
    assert b"North 2" not in (part.folder / "follow-ups.ics").read_bytes()
