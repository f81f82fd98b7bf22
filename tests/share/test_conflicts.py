"""What two people changed in different ways: told by field, settled by `resolve`, never guessed."""

import json

import pytest

from tests.share.conftest import ACME, EVA, Clone, Team


@pytest.fixture
def two(team: Team) -> tuple[Clone, Clone]:
    """Jana and Petr, who changed the cadence of ACME and more; Petr was quicker."""
    jana = team.first(acme=ACME, eva=EVA)
    jana.sync()
    petr = team.clone("petr")
    petr.run("set", "acme", "cadence", "6 weeks")
    petr.run("set", "acme", "status", "client")
    petr.sync()
    jana.run("set", "acme", "cadence", "1 year")
    jana.run("log", "acme", "call", "By Jana")
    return jana, petr


def test_f20_the_same_field_is_told_in_words_and_resolved(two: tuple[Clone, Clone]) -> None:
    jana, petr = two
    answer = jana.run("sync")
    assert answer.code == 1
    assert "contacts/acme.yaml: cadence: yours 1 year, theirs 6 weeks" in answer.err
    assert "plaintextcrm resolve CONTACT FIELD mine|theirs" in answer.err
    answer = jana.run("sync", "--continue")
    assert answer.code == 1
    assert "cadence: yours 1 year, theirs 6 weeks" in answer.err
    answer = jana.run("sync")
    assert answer.code == 3
    assert "A merge is under way" in answer.err
    answer = jana.run("resolve", "acme", "cadence", "theirs")
    assert answer.code == 0
    assert answer.out == "acme: took theirs for cadence\n"
    assert "All is settled" in answer.err
    said = jana.sync("--continue").out
    assert said.startswith("Merge: finished\n")
    assert "Push: 2 commits" in said
    petr.sync()
    text = petr.read("acme.yaml")
    assert text == jana.read("acme.yaml")
    for part in ("cadence: 6 weeks", "status: client", "By Jana"):
        assert part in text


def test_mine_keeps_our_text_with_its_comment(two: tuple[Clone, Clone]) -> None:
    jana, _petr = two
    jana.run("sync")
    jana.run("resolve", "acme", "cadence", "mine")
    jana.sync("--continue")
    assert "cadence: 1 year  # as they asked\n" in jana.read("acme.yaml")


def test_abort_brings_back_what_was(two: tuple[Clone, Clone]) -> None:
    jana, _petr = two
    before = jana.read("acme.yaml")
    jana.run("sync")
    answer = jana.run("sync", "--abort")
    assert answer.code == 0
    assert jana.read("acme.yaml") == before
    assert jana.git("status", "--porcelain") == ""
    answer = jana.run("sync", "--abort")
    assert answer.code == 2
    assert "No merge is under way" in answer.err


def test_the_editor_may_settle_it_too(two: tuple[Clone, Clone]) -> None:
    jana, _petr = two
    jana.run("sync")
    text = jana.read("acme.yaml")
    start, end = text.index("<<<<<<<"), text.index("\n", text.index(">>>>>>>")) + 1
    jana.write("acme.yaml", text[:start] + "cadence: 2 months\n" + text[end:])
    assert "Push: 2 commits" in jana.sync("--continue").out
    assert "cadence: 2 months" in jana.read("acme.yaml")


def test_words_that_name_no_field_or_no_contact(two: tuple[Clone, Clone]) -> None:
    jana, _petr = two
    jana.run("sync")
    for words, said in (
        (("acme", "owner", "mine"), "Which field of contacts/acme.yaml? 'owner' names none"),
        (("eva", "cadence", "mine"), "eva among those in conflict"),
        (("acme", "cadence", "ours"), "Whose side? Write `mine` or `theirs` last."),
    ):
        answer = jana.run("resolve", *words)
        assert answer.code == 2
        assert said in answer.err
    assert "<<<<<<<" in jana.read("acme.yaml")


def test_what_is_staged_meanwhile_is_not_committed_with_the_merge(two: tuple[Clone, Clone]) -> None:
    jana, _petr = two
    jana.run("sync")
    jana.run("resolve", "acme", "theirs")
    jana.write("./diary.txt", "mine")
    jana.git("add", "diary.txt")
    answer = jana.run("sync", "--continue")
    assert answer.code == 3
    assert "diary.txt is staged and not part of the merge" in answer.err
    jana.git("restore", "--staged", "diary.txt")
    jana.sync("--continue")
    assert "diary.txt" not in jana.git("ls-files")


@pytest.mark.parametrize(("side", "there"), [("mine", True), ("theirs", False)])
def test_f22_removed_there_and_changed_here(team: Team, side: str, there: bool) -> None:
    jana = team.first(acme=ACME, eva=EVA)
    jana.sync()
    petr = team.clone("petr")
    (petr.folder / "contacts/acme.yaml").unlink()
    petr.sync()
    jana.run("set", "acme", "status", "client")
    answer = jana.run("sync")
    assert answer.code == 1
    said = "contacts/acme.yaml: they removed the file, you changed it (status: lead → client)"
    assert said in answer.err
    assert jana.run("resolve", "acme", "status", "mine").code == 2
    assert jana.run("resolve", "acme", side).code == 0
    jana.sync("--continue")
    petr.sync()
    for clone in (jana, petr):
        assert (clone.folder / "contacts/acme.yaml").exists() == there


def test_f21_renamed_there_and_changed_here(team: Team) -> None:
    jana = team.first(acme=ACME, eva=EVA)
    jana.sync()
    petr = team.clone("petr")
    petr.run("rename", "acme", "acme-corp")
    petr.sync()
    jana.run("set", "acme", "status", "client")
    jana.sync()
    assert not (jana.folder / "contacts/acme.yaml").exists()
    assert "status: client" in jana.read("acme-corp.yaml")


def test_f23_both_add_the_same_file(team: Team) -> None:
    jana = team.first(eva=EVA)
    jana.sync()
    petr = team.clone("petr")
    petr.write("acme.yaml", "name: ACME\nstatus: lead\n")
    petr.sync()
    jana.write("acme.yaml", "name: ACME\nstatus: client\ntags: [it]\n")
    answer = jana.run("sync")
    assert answer.code == 1
    assert "contacts/acme.yaml: status: yours client, theirs lead" in answer.err
    jana.run("resolve", "acme", "status", "mine")
    jana.sync("--continue")
    assert jana.read("acme.yaml") == "name: ACME\nstatus: client\ntags: [it]\n"


def test_s14_conflicts_of_private_contacts_name_no_value(team: Team) -> None:
    jana = team.first(zt="name: Z\nvisibility: private\nstatus: lead\n")
    jana.sync()
    petr = team.clone("petr")
    petr.run("set", "zt", "status", "client")
    petr.sync()
    jana.run("set", "zt", "status", "dormant")
    answer = jana.run("sync")
    assert answer.code == 1
    assert "status: yours and theirs differ" in answer.err
    assert "dormant" not in answer.err + answer.out


def test_f24_a_driver_that_is_installed_elsewhere_is_not_needed(two: tuple[Clone, Clone]) -> None:
    """What the clone's own configuration says of the driver does not matter to `sync`."""
    jana, _petr = two
    jana.git("config", "merge.plaintextcrm.driver", "false")
    assert "yours 1 year, theirs 6 weeks" in jana.run("sync").err


def test_settings_that_both_changed(team: Team) -> None:
    jana = team.first(eva=EVA)
    jana.write("plaintextcrm.yaml", "currency: CZK\npeople: [jana]\n")
    jana.sync()
    petr = team.clone("petr")
    petr.write("plaintextcrm.yaml", "currency: EUR\npeople: [jana, petr]\n")
    petr.sync()
    jana.write("plaintextcrm.yaml", "currency: PLN\npeople: [jana, pavel]\n")
    assert "currency: yours PLN, theirs EUR" in jana.run("sync").err
    assert jana.run("resolve", "plaintextcrm.yaml", "currency", "theirs").code == 0
    jana.sync("--continue")
    assert jana.read("plaintextcrm.yaml") == "currency: EUR\npeople: [jana, pavel, petr]\n"


def _two_of_one_form(team: Team) -> tuple[Clone, Clone]:
    """Petr removed Eva and added Karel, whose file is much like hers; Jana logged a talk with Eva."""
    notes = "notes: |\n" + "  as all of them have it\n" * 9
    eva = f"{EVA}phones: [+420 601 000 111]\nstatus: client\ntags: [prague]\n{notes}"
    jana = team.first(eva=eva)
    jana.sync()
    petr = team.clone("petr")
    (petr.folder / "contacts/eva.yaml").unlink()
    petr.write("karel.yaml", eva.replace("Eva Malá", "Karel").replace("6fa4", "0000")
               .replace("eva@", "karel@").replace("111", "222"))  # fmt: skip
    petr.sync()
    jana.run("log", "eva", "call", "About Eva only")
    return jana, petr


def test_f21_f22_a_contact_that_came_is_not_one_that_went(team: Team) -> None:
    jana, petr = _two_of_one_form(team)
    karel = petr.read("karel.yaml")
    answer = jana.run("sync")
    assert answer.code == 1
    assert "contacts/eva.yaml: they removed the file, you changed it" in answer.err
    assert jana.read("karel.yaml") == karel
    answer = jana.run("resolve", "eva", "mine")
    assert answer.err == "All is settled. Go on with `plaintextcrm sync --continue`.\n"
    jana.sync("--continue")
    petr.sync()
    assert petr.read("karel.yaml") == karel
    assert "About Eva only" in petr.read("eva.yaml")
    assert "renamed" not in petr.run("history", "karel").out


def test_f21_plain_git_does_not_mix_two_contacts_either(team: Team) -> None:
    jana, _petr = _two_of_one_form(team)
    jana.run("doctor", "--fix")
    jana.git("commit", "-qam", "by hand", "--no-verify")
    jana.git("pull", "-q", "--no-rebase", check=False)
    answer = jana.run("sync", "--continue")
    assert answer.code == 1
    said = "contacts/karel.yaml: two contacts are in one file: yours is Eva Malá, theirs Karel\n"
    assert said in answer.err
    jana.run("resolve", "karel", "theirs")
    jana.sync("--continue")
    assert "Eva" not in jana.read("karel.yaml")


def test_what_was_settled_with_an_error_is_not_committed(two: tuple[Clone, Clone]) -> None:
    jana, _petr = two
    jana.run("sync")
    jana.write("acme.yaml", jana.read("acme.yaml").replace("cadence: 6 weeks", "cadence: often"))
    jana.run("resolve", "acme", "theirs")
    answer = jana.run("sync", "--continue")
    assert answer.code == 1
    assert "error[bad-duration]" in answer.err
    assert "The merge is not finished: what was settled has an error." in answer.err
    jana.write("acme.yaml", jana.read("acme.yaml").replace("cadence: often", "cadence: 5 weeks"))
    jana.sync("--continue")
    assert "cadence: 5 weeks" in jana.git("show", "HEAD:contacts/acme.yaml")


def test_a_rebase_and_a_stash_are_settled_with_their_own_next_step(
    two: tuple[Clone, Clone],
) -> None:
    jana, _petr = two
    jana.run("doctor", "--fix")
    jana.git("commit", "-qam", "by hand")
    jana.git("pull", "-q", "--rebase", check=False)
    answer = jana.run("sync", "--continue")
    assert answer.code == 3
    assert "A rebase is under way" in answer.err
    answer = jana.run("resolve", "acme", "cadence", "mine")
    assert answer.err == "All is settled. Go on with `git rebase --continue`.\n"
    jana.git("-c", "core.editor=true", "rebase", "--continue")
    assert "cadence: 1 year" in jana.read("acme.yaml")
    jana.run("set", "acme", "cadence", "2 months")
    jana.git("stash", "-q")
    jana.run("set", "acme", "cadence", "7 weeks")
    jana.git("commit", "-qam", "by hand")
    jana.git("stash", "pop", "-q", check=False)
    answer = jana.run("sync")
    assert answer.code == 1
    assert "cadence: yours 7 weeks, theirs 2 months" in answer.err
    answer = jana.run("resolve", "acme", "cadence", "theirs")
    assert answer.err == "All is settled. Go on with `plaintextcrm sync`.\n"
    jana.sync()
    answer = jana.run("resolve", "acme", "cadence", "theirs")
    assert answer.code == 2
    assert "Nothing is in conflict." in answer.err


def test_what_is_set_for_merges_by_hand_decides_nothing(two: tuple[Clone, Clone]) -> None:
    jana, petr = two
    petr.run("rename", "acme", "acme-corp")
    petr.sync()
    for name, value in (("merge.ff", "only"), ("merge.renames", "false"),
                        ("branch.master.mergeOptions", "-s ours"), ("rerere.enabled", "true"),
                        ("rerere.autoUpdate", "true"), ("merge.conflictStyle", "zdiff3")):  # fmt: skip
        jana.git("config", name, value)
    for _again in range(2):
        answer = jana.run("sync")
        assert answer.code == 1
        assert "contacts/acme-corp.yaml: cadence: yours 1 year, theirs 6 weeks" in answer.err
        assert jana.run("resolve", "acme-corp", "theirs").code == 0
        assert jana.run("sync", "--abort").code == 0
    assert "cadence: 1 year" in jana.read("acme.yaml")


def test_f21_renamed_by_both(two: tuple[Clone, Clone]) -> None:
    jana, petr = two
    petr.run("rename", "acme", "acme-p")
    petr.sync()
    jana.run("rename", "acme", "acme-j")
    answer = jana.run("sync")
    assert answer.code == 1
    assert answer.err.partition("Not settled yet:\n")[2].splitlines()[:2] == [
        "  contacts/acme.yaml: file: yours contacts/acme-j.yaml, theirs contacts/acme-p.yaml",
        "  contacts/acme.yaml: cadence: yours 1 year, theirs 6 weeks",
    ]
    answer = jana.run("resolve", "acme", "cadence", "mine")
    assert answer.code == 2
    assert "settle at first what it is called:\n  file\n" in answer.err
    answer = jana.run("resolve", "acme-j", "file", "theirs")
    assert "Left: contacts/acme-p.yaml: cadence: yours 1 year, theirs 6 weeks" in answer.err
    assert jana.run("sync", "--continue").code == 1
    jana.run("resolve", "acme-p", "cadence", "mine")
    jana.sync("--continue")
    petr.sync()
    text = petr.read("acme-p.yaml")
    for part in ("cadence: 1 year", "status: client", "By Jana"):
        assert part in text
    assert sorted(path.name for path in petr.folder.glob("contacts/*")) == [
        "acme-p.yaml",
        "eva.yaml",
    ]
    [merge, *_older] = json.loads(petr.run("history", "acme-p", "--format", "json").out)
    assert merge["title"] == "Merge 2 commits of origin/master"
    assert {change["field"] for change in merge["changes"]} == {"cadence", "interactions"}


def test_f21_renamed_by_both_and_taken_whole(two: tuple[Clone, Clone]) -> None:
    jana, petr = two
    petr.run("rename", "acme", "acme-p")
    petr.sync()
    jana.run("rename", "acme", "acme-j")
    jana.run("sync")
    assert "All is settled" in jana.run("resolve", "acme", "mine").err
    jana.sync("--continue")
    assert "cadence: 1 year" in jana.read("acme-j.yaml")
    assert not (jana.folder / "contacts/acme-p.yaml").exists()
    assert jana.git("status", "--porcelain") == ""


@pytest.mark.parametrize(("side", "there"), [("mine", True), ("theirs", False)])
def test_f22_in_a_rebase_mine_is_what_the_person_wrote(team: Team, side: str, there: bool) -> None:
    jana = team.first(acme=ACME, eva=EVA)
    jana.sync()
    petr = team.clone("petr")
    (petr.folder / "contacts/acme.yaml").unlink()
    petr.sync()
    jana.run("set", "acme", "status", "client")
    jana.git("commit", "-qam", "by hand")
    jana.git("pull", "-q", "--rebase", check=False)
    assert jana.run("resolve", "acme", side).code == 0
    assert (jana.folder / "contacts/acme.yaml").exists() == there


def test_f21_a_rename_is_followed_however_much_was_changed(team: Team) -> None:
    """Git finds the two files too unlike; the `uid`, here the one that `rename` gives, tells."""
    jana = team.first(acme="name: ACME\n", eva=EVA)
    jana.sync()
    petr = team.clone("petr")
    petr.run("rename", "acme", "acme-p")
    petr.run("log", "acme-p", "call", "By Petr")
    petr.run("set", "acme-p", "status", "client")
    petr.sync()
    jana.run("log", "acme", "email", "By Jana")
    jana.sync()
    assert sorted(path.name for path in jana.folder.glob("contacts/*")) == [
        "acme-p.yaml",
        "eva.yaml",
    ]
    text = jana.read("acme-p.yaml")
    assert "By Petr" in text
    assert "By Jana" in text
    assert jana.git("status", "--porcelain") == ""
    petr.run("set", "acme-p", "status", "dormant")
    petr.sync()
    jana.run("rename", "acme-p", "acme-j")
    jana.write("acme-j.yaml", jana.read("acme-j.yaml") + "notes: |\n" + "  much more\n" * 30)
    jana.run("set", "acme-j", "status", "prospect")
    answer = jana.run("sync")
    assert answer.code == 1
    assert "contacts/acme-j.yaml: status: yours prospect, theirs dormant" in answer.err
    jana.run("resolve", "acme-j", "status", "theirs")
    jana.sync("--continue")
    assert "status: dormant" in jana.read("acme-j.yaml")
    assert not (jana.folder / "contacts/acme-p.yaml").exists()


def test_f21_one_taken_for_another_and_one_really_renamed(team: Team) -> None:
    """Both at once: the one is not mixed, the other is still followed."""
    jana, petr = _two_of_one_form(team)
    jana.run("sync")
    jana.run("resolve", "eva", "mine")
    jana.sync("--continue")
    petr.sync()
    petr.run("rename", "eva", "eva-p")
    petr.run("rename", "karel", "karel-p")
    petr.sync()
    jana.run("set", "karel", "title", "Boss")
    other = jana.read("karel.yaml").replace("Karel", "Olga").replace("000059ea", "111159ea")
    (jana.folder / "contacts/eva.yaml").unlink()
    jana.write("olga.yaml", other.replace("title: Boss\n", ""))
    answer = jana.run("sync")
    assert answer.code in (0, 1), answer
    if answer.code:
        assert jana.run("resolve", "eva-p", "theirs").code == 0, answer
        jana.sync("--continue")
    assert jana.read("olga.yaml") == other.replace("title: Boss\n", "")
    assert "title: Boss" in jana.read("karel-p.yaml")
    assert sorted(path.name for path in jana.folder.glob("contacts/*")) == [
        "eva-p.yaml", "karel-p.yaml", "olga.yaml"
    ]  # fmt: skip
