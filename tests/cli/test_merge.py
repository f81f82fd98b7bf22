"""`merge`: one of two, nothing lost, nothing guessed, and `undo` brings both back."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintextcrm.store.cache import cache_folder
from plaintextcrm.text.nodes import Mapping, plain
from plaintextcrm.text.reader import read
from tests.cli.test_command_laws import HEAVY, Terminal, errors
from tests.conftest import COMMAND, AddressBook
from tests.text.hands import Written, files

EVA = """\
# our best client
name: Ing. Eva Malá   # from Brno
uid: 2f1c6a52-0c3e-4a59-9d0e-6f5b8f6f6a10
phones:
  - 601 000 111
tags: [vip, e-shop]
interactions:
  - {date: 2026-01-05, channel: call, note: Wants a shop, with: [jan, mala-eva]}
  - {date: 2026-06-05, note: Sent an offer}
notes: |
  Likes tea.
"""
MALA = """\
name: Mala Eva
uid: 2f1c6a52-0c3e-4a59-9d0e-6f5b8f6f6a11
# her private one, too
phones:
  - {value: +420 601 000 111, type: mobile}
  - +420 777 000 111
tags: [E-shop, brno]
title: Boss
interactions:
  # on the way to the fair
  - date: 2026-03-01
    note: Met at the fair
  - {date: 2026-01-05, channel: call, note: Wants a shop, with: [jan, eva-mala]}
promises: [{date: 2026-12-01, by: mala-eva, note: Plans}]
notes: Has a dog.
# the end
"""
JAN = """\
name: Jan
introduced_by: mala-eva # yes
related:
  - {contact: eva-mala, type: wife}
  - {contact: mala-eva, type: wife} # twice
interactions:
  - {date: 2026-01-05, note: Wants a shop, with: [eva-mala, mala-eva]}
  - {date: 2026-01-06, with: mala-eva}
"""


@pytest.fixture
def three(book: AddressBook) -> AddressBook:
    book.write("plaintextcrm.yaml", "country: CZ\n")
    book.write("eva-mala.yaml", EVA)
    book.write("mala-eva.yaml", MALA)
    book.write("jan.yaml", JAN)
    return book


def texts(book: AddressBook) -> dict[str, str]:
    return {path.name: path.read_text() for path in (book.folder / "contacts").iterdir()}


def test_one_file_with_all_of_both(three: AddressBook) -> None:
    before = texts(three)
    line = ["merge", "eva-mala", "mala-eva", "--take", "notes=both", "--mine"]
    shown = three.run(*line, "--dry-run")
    assert texts(three) == before
    assert "--- a/contacts/mala-eva.yaml\n+++ /dev/null\n" in shown.out
    answer = three.run(*line)
    assert answer.err == (
        "Merged mala-eva into eva-mala, in contacts/eva-mala.yaml and in 1 other file;"
        " contacts/mala-eva.yaml is gone, its calendar events are made anew. Next: no date\n"
    )
    assert texts(three) == {
        "eva-mala.yaml": """\
# our best client
name: Ing. Eva Malá   # from Brno
uid: 2f1c6a52-0c3e-4a59-9d0e-6f5b8f6f6a10
title: Boss
phones:
  - {value: 601 000 111, type: mobile}
  - +420 777 000 111
tags: [vip, e-shop, brno]
interactions:
  - {date: 2026-01-05, channel: call, note: Wants a shop, with: [jan]}
  # on the way to the fair
  - date: 2026-03-01
    note: Met at the fair
  - {date: 2026-06-05, note: Sent an offer}
promises:
  - {date: 2026-12-01, by: eva-mala, note: Plans}
notes: |-
  Likes tea.

  Has a dog.
# her private one, too
# the end
""",
        "jan.yaml": """\
name: Jan
introduced_by: eva-mala # yes
related:
  - {contact: eva-mala, type: wife}
  # twice
interactions:
  - {date: 2026-01-05, note: Wants a shop, with: [eva-mala]}
  - {date: 2026-01-06, with: eva-mala}
""",
    }
    assert three.run("check").out == ""
    three.run("undo")
    assert texts(three) == before


def test_what_differs_is_not_guessed(three: AddressBook) -> None:
    before = texts(three)
    answer = three.run("merge", "eva-mala", "mala-eva")
    assert answer.code == 2
    assert answer.err == (
        "Error: They say different things. Say which to take by `--take FIELD=A`, or `--mine`, `--theirs`:\n"
        "  name: A Ing. Eva Malá, B Mala Eva\n"
        "  notes: A Likes tea., B Has a dog.\n"
    )
    for words in (["title=A"], ["name=C"], ["name=both"], ["name"]):
        assert three.run("merge", "eva-mala", "mala-eva", "--mine", "--take", *words).code == 2
    assert three.run("merge", "eva-mala", "eva-mala").code == 2
    assert texts(three) == before
    three.run("merge", "eva-mala", "mala-eva", "--take", "name=B", "--theirs")
    told = texts(three)["eva-mala.yaml"]
    assert "name: Mala Eva   # from Brno\n" in told
    assert "notes: |-\n  Has a dog.\n" in told or "notes: Has a dog.\n" in told


def test_a_person_is_asked_at_a_terminal(three: AddressBook) -> None:
    words = [*COMMAND[1:], "-C", str(three.folder), "merge", "eva-mala", "mala-eva"]
    child = pexpect.spawn(COMMAND[0], words, encoding="utf-8", timeout=60)
    child.expect("name")
    child.expect("A  Ing. Eva Malá")
    child.expect("B  Mala Eva")
    child.expect("Which")
    child.sendline("B")
    child.expect("notes")
    child.expect("Which")
    child.sendline("both")
    child.expect("Merged mala-eva into eva-mala")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "name: Mala Eva   # from Brno\n" in texts(three)["eva-mala.yaml"]


def test_a_broken_file_is_mended_first(three: AddressBook) -> None:
    three.write("zoe.yaml", "name: Zoe\nrelated: [{contact: mala-eva]\n")
    before = texts(three)
    answer = three.run("merge", "eva-mala", "mala-eva", "--mine")
    assert answer.code == 1
    assert "contacts/zoe.yaml:2:" in answer.err
    three.write("zoe.yaml", "name: Zoe\n")
    three.write("mala-eva.yaml", "name: Mala\nfolow_ups: [x]\n")
    assert three.run("merge", "eva-mala", "mala-eva", "--mine").code == 1
    three.write("mala-eva.yaml", "name: [\n")
    assert three.run("merge", "eva-mala", "mala-eva", "--mine").code == 1
    assert texts(three)["jan.yaml"] == before["jan.yaml"]


def test_a_company_and_a_person_are_asked_about(book: AddressBook) -> None:
    book.write("acme.yaml", "name: Acme\nkind: organization\nvisibility: private\n")
    book.write("eva.yaml", "name: Acme\n")
    answer = book.run("merge", "eva", "acme")
    assert answer.err.endswith("\n  kind\n")  # s14: of a private contact no values
    book.write("acme.yaml", "name: Acme\nkind: organization\n")
    assert book.run("merge", "eva", "acme").err.endswith("  kind: A individual, B organization\n")
    book.write("acme.yaml", "name: Acme\nkind: organization\nvisibility: private\n")
    assert book.run("merge", "eva", "acme", "--take", "kind=A").code == 0
    assert texts(book) == {"eva.yaml": "name: Acme\nvisibility: private\n"}


def test_what_they_were_to_each_other_goes_and_is_told(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\nrelated: [{contact: eva-2, type: namesake}]\n")
    book.write(
        "eva-2.yaml", "name: Eva\nintroduced_by: eva\nrevenue: [{year: 2025, amount: 5 EUR}]\n"
    )
    answer = book.run("merge", "eva", "eva-2")
    assert answer.code == 0
    assert texts(book) == {"eva.yaml": "name: Eva\nrevenue: [{year: 2025, amount: 5 EUR}]\n"}
    assert answer.err.count("Warning: ") == 2


EXAMPLES = 25
LISTS = ("tags", "emails", "interactions", "follow_ups")


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Written, bytes, str]:
    """Two contacts, each in a hand; the comments of the second one have other letters."""
    one, other = draw(files()), draw(files())
    data = re.sub(rb"# k(\d+\.)", rb"# q\1", other.file)
    return one, data, draw(st.sampled_from(("--mine", "--theirs")))


def test_f10_f11_no_entry_and_no_comment_is_lost(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "book")
    done = 0

    @settings(
        max_examples=EXAMPLES * HEAVY,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(pairs())
    def law(case: tuple[Written, bytes, str]) -> None:
        nonlocal done
        one, other, side = case
        for path in (terminal.folder, cache_folder()):
            shutil.rmtree(path, ignore_errors=True)
        terminal.contacts.mkdir(parents=True)
        (terminal.contacts / "eva.yaml").write_bytes(one.file)
        (terminal.contacts / "eva-2.yaml").write_bytes(other)
        before = terminal.files()
        told = terminal.type("merge", "eva", "eva-2", side)
        if told.code:
            assert told.code == 1, told.err
            assert terminal.files() == before
            return
        done += 1
        after = terminal.files()
        assert list(after) == ["contacts/eva.yaml"]
        see(one.file, other, after["contacts/eva.yaml"], side)
        assert terminal.type("undo").code == 0
        assert terminal.files() == before

    law()
    assert done >= EXAMPLES / 2


def see(one: bytes, other: bytes, new: bytes, side: str) -> None:
    """What both say is there."""
    a, b, c = (read(data, "") for data in (one, other, new))
    assert a.root
    assert b.root
    assert c.root, new
    first, second, merged = (data_of(root) for root in (a.root, b.root, c.root))
    for comment in re.findall(rb"# [kq]\d+\.", one + b"\n" + other):
        assert new.count(comment) == 1, (comment, new.decode())
    for name in {*first, *second}:
        mine, theirs, now = first.get(name, ""), second.get(name, ""), merged.get(name, "")
        if mine and theirs and name in LISTS:
            wanted = union(mine, theirs, once=name in ("emails", "tags"))
            assert sorted(map(str, parts(now))) == sorted(map(str, wanted))
        elif not mine or not theirs:
            assert (now or "") == (mine or theirs or ""), name
        elif name != "x_own":
            spoken = " ".join(str(mine).split()) == " ".join(str(theirs).split())
            assert now == (mine if side == "--mine" or spoken else theirs), name
    assert errors(new) <= errors(one) + errors(other)


def data_of(root: Mapping) -> dict[str, Any]:
    found = plain(root)
    assert isinstance(found, dict)
    return found


def parts(entries: Any) -> Iterator[Any]:
    """Entries without the ways in which a field may be written."""
    for entry in entries:
        yield {"value": entry} if isinstance(entry, str) else entry


def union(mine: list[Any], theirs: list[Any], *, once: bool) -> list[Any]:
    """Every entry as often as the side has it that has it more often; tags in any case, and once."""
    found, waiting = list(parts(mine)), list(parts(theirs))
    left = list(found)
    for entry in waiting:
        same = next((one for one in left if lower(one) == lower(entry)), None)
        if same is None:
            found.append(entry)
            left += [entry] if once else []
        elif not once:
            left.remove(same)
    return found


def lower(entry: dict[str, Any]) -> dict[str, Any]:
    value = entry.get("value")
    return {**entry, "value": value.casefold().rstrip("/")} if isinstance(value, str) else entry
