"""Laws of every command that writes, over contacts in twenty hands: the whole command, as it is typed.

One value changes and no other byte; what could be read before can be read afterwards; a command that
refuses touches nothing, nor does `--dry-run`; `undo` brings the old bytes back.
(tests/text/test_edit_laws.py has the laws of one change.)
"""

import io
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from plaintextcrm.cli.main import run
from plaintextcrm.model.settings import Settings
from plaintextcrm.store.cache import cache_folder
from plaintextcrm.text.nodes import Mapping, Node, Scalar, Sequence, last_leaf, plain
from plaintextcrm.text.parse import parse_contact
from plaintextcrm.text.reader import Document, read
from tests.cli.typed import CHANGES, LINES, Typed
from tests.conftest import TODAY
from tests.text.hands import Written, files

EXAMPLES = 160  # of each command: 2,240 in all
HEAVY = 10 if os.environ.get("PLAINTEXTCRM_HEAVY") else 1  # more of the same: CONTRIBUTING.md
JAN = (
    b"name: Jan\norganization: eva # his boss\ninteractions:\n  - {date: 2026-01-05, with: [eva]}\n"
)
BARE_NEWLINE = re.compile(rb"(?<!\r)\n")
BOM = b"\xef\xbb\xbf"
FRAME = "[]{},'\"|>+-? \r\n0123456789"  # what frames a value: it may change with the value
SPOILT = ['"', "[", "\t", "\n- a", "\nb: c: d\n", "\x00", "\nname: Eva\n", "&a "]


class Case(NamedTuple):
    """A contact's file, and what is typed."""

    written: Written
    lines: tuple[Typed, ...]
    again: str


@st.composite
def cases(draw: st.DrawFn, command: str) -> Case:
    """One line, or two where the second one may be about what the first one brought."""
    written = draw(files().filter(has_open) if command in ("done", "snooze") else files())
    lines = st.lists(
        LINES[command](written.data), min_size=1, max_size=2 if command in TWICE else 1
    )
    typed = tuple(draw(lines))
    again = draw(st.sampled_from(["", "", "undo", "by hand"]))
    if draw(st.integers(0, 11)) == 0:
        text = written.file.decode()
        place = draw(st.integers(0, len(text)))
        spoilt = text[:place] + draw(st.sampled_from(SPOILT)) + text[place:]
        written = Written(written.style, spoilt.encode(), written.data, ())
    return Case(written, typed, again)


def has_open(written: Written) -> bool:
    return any(not one.get("done") for one in written.data.get("follow_ups", ()))


TWICE = ("deal", "feedback", "done")


class Terminal:
    """A folder with Eva and Jan, in which commands are typed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.contacts = folder / "contacts"

    def begin(self, eva: bytes) -> None:
        for path in (self.folder, cache_folder()):
            shutil.rmtree(path, ignore_errors=True)
        self.contacts.mkdir(parents=True)
        (self.contacts / "eva.yaml").write_bytes(eva)
        (self.contacts / "jan.yaml").write_bytes(JAN)

    def type(self, *words: str) -> "Told":
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
        with redirect_stdout(out), redirect_stderr(err):
            code = run(["-C", str(self.folder), "--today", TODAY, *words])
        out.seek(0)
        err.seek(0)
        return Told(code, out.read(), err.read())

    def files(self) -> dict[str, bytes]:
        """Every file below the folder, hidden ones too."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}

    def stamps(self) -> list[tuple[object, ...]]:
        """By which the system would tell that something was touched."""
        found = ((path, path.lstat()) for path in sorted(self.folder.rglob("*")))
        return [(path, at.st_ino, at.st_mtime_ns, at.st_ctime_ns) for path, at in found]


class Told(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.mark.parametrize("command", LINES)
def test_f10_f11_any_command_in_any_hand(command: str, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "book")
    styles: Counter[str] = Counter()
    ends: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES * HEAVY,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(cases(command))
    def law(case: Case) -> None:
        terminal.begin(case.written.file)
        styles[case.written.style] += 1
        for line in case.lines:
            ends[one_line(terminal, case, command, line)] += 1

    law()
    assert styles.total() >= EXAMPLES
    assert len(styles) >= 12, styles
    assert min(ends["done"], ends["refused"]) >= EXAMPLES / 40, ends


def one_line(terminal: Terminal, case: Case, command: str, line: Typed) -> str:
    """Type a line, and see that the laws hold; how it ended."""
    before, stamps = terminal.files(), terminal.stamps()
    shown = terminal.type(*line, "--dry-run") if not case.again else None
    if shown:
        assert (terminal.files(), terminal.stamps()) == (before, stamps), line
    told = terminal.type(*line)
    after = terminal.files()
    if shown:
        assert (shown.code, bool(shown.out)) == (told.code, after != before), shown
    about = f"{line}\n{told.err}{before['contacts/eva.yaml'].decode()!r}"
    if told.code:
        assert told.code in (1, 2), about
        assert told.err, about
        assert (after, terminal.stamps()) == (before, stamps), about
        return "refused"
    assert told.out == "", about
    if after == before:
        assert "Nothing to change" in told.err, about
        return "as it was"
    changed = dict(pairs(before, after))
    for path, new in changed.items():
        hold(command, line, before.get(path, b""), new, about)
    for comment in case.written.comments:
        assert sum(new.decode().count(comment) for new in after.values()) == 1, about
    see_undo(terminal, case.again, before, after, about)
    return "done"


def pairs(before: dict[str, bytes], after: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Each changed file's path before, and its bytes after; a renamed one is one file."""
    gone, [*new] = before.keys() - after.keys(), after.keys() - before.keys()
    for path in before.keys() & after.keys():
        if before[path] != after[path]:
            yield path, after[path]
    if new:
        assert len(new) == 1
        yield next(iter(gone), new[0]), after[new[0]]


def hold(command: str, line: Typed, before: bytes, after: bytes, about: str) -> None:
    """The laws of one file that was changed."""
    old, new = read(before, "old"), read(after, "new")
    assert new.root, about
    assert not new.problems, about
    assert not errors(after) - errors(before), about
    if not before:
        assert command == "new", about
        return
    assert old.root, about
    assert not old.problems, about
    assert after.startswith(BOM) == before.startswith(BOM), about
    if b"\r\n" in before and not BARE_NEWLINE.search(before):
        assert not BARE_NEWLINE.search(after), about
    found = list(differences(plain(old.root), plain(new.root)))
    assert found, about
    if command == "set":
        assert {path[0] for path, _how in found} == {line[2].partition(".")[0]}, about
        assert len(found) == 1 or "tags" in line or "emails" in line, about
    else:
        assert {shape(*one) for one in found} <= CHANGES[command], about
    see_bytes(old, new.text, found, about)


def errors(data: bytes) -> Counter[tuple[str, str]]:
    """What is wrong in a file, wherever it stands."""
    found = parse_contact(data, "contacts/eva.yaml", Settings(), date.fromisoformat(TODAY)).problems
    return Counter((one.code, one.message) for one in found if one.severity == "error")


def see_bytes(old: Document, new: str, found: "list[Difference]", about: str) -> None:
    """The texts' common beginning and end cover all but what was changed; with several changes, no
    more of the old text is gone than the values that are gone.
    """
    assert old.root
    spans = [span(old.root, path) for path, how in found if how != "+"]
    gone = len(old.text) - LCSseq.similarity(old.text, new)
    assert gone <= sum(end - start for start, end in spans) + 8 * len(found), about
    if len(found) == 1:
        # What is gone may begin as what follows it does: the change begins no later than its own place.
        start = min(common(old.text, new), *(begin for begin, _end in spans), len(old.text))
        behind = common(old.text[start:][::-1], new[start:][::-1])
        own = range(*spans[0]) if spans else range(0)
        between = enumerate(old.text[start : len(old.text) - behind], start)
        rest = [letter for n, letter in between if n not in own and letter not in FRAME]
        now = iter(new[start : len(new) - behind])
        assert all(letter in now for letter in rest), f"{''.join(rest)!r} is not the same: {about}"


def common(one: str, other: str) -> int:
    """How many letters at the beginning are the same."""
    differ = (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differ, min(len(one), len(other)))


Difference = tuple[tuple[str | int, ...], str]


def differences(old: Any, new: Any, path: tuple[str | int, ...] = ()) -> Iterator[Difference]:
    """The places where data differs: + added, - gone, = another value."""
    if isinstance(new, dict) and (isinstance(old, dict) or old == ""):
        for name in {**(old or {}), **new}:
            if name not in new:
                yield (*path, name), "-"
            elif name not in (old or {}):
                yield (*path, name), "+"
            else:
                yield from differences(old[name], new[name], (*path, name))
    elif isinstance(new, list) and (isinstance(old, list) or old == ""):
        yield from _in_lists(list(old), new, path)
    elif old != new:
        yield path, "=" if old != "" or len(path) > 1 else "+"


def _in_lists(old: list[Any], new: list[Any], path: tuple[str | int, ...]) -> Iterator[Difference]:
    longer = len(new) - len(old)
    if longer > 0 and old in (new[:-longer], new[longer:]):
        yield from [(path, "+")] * longer
    elif not longer and not all(isinstance(item, str) for item in old):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, (*path, index))
    else:
        yield from [((*path, n), "-") for n, item in enumerate(old) if item not in new]
        yield from [(path, "+") for item in new if item not in old]


def shape(path: tuple[str | int, ...], how: str) -> str:
    return how + ".".join("N" if isinstance(step, int) else step for step in path)


def span(root: Mapping, path: tuple[str | int, ...]) -> tuple[int, int]:
    """Where a field or an entry stands in the text, its name included."""
    node: Node = root
    start = 0
    for step in path:
        if isinstance(node, Mapping):
            key, node = next(pair for pair in node.pairs if pair[0].text == step)
            start = key.start.index
        else:
            assert isinstance(node, Sequence)
            assert isinstance(step, int)
            node = node.items[step]
            start = node.start.index
    end = last_leaf(node)
    return start, max(end.end.index, start) if isinstance(end, Scalar) else end.end.index


def see_undo(
    terminal: Terminal, again: str, before: dict[str, bytes], after: dict[str, bytes], about: str
) -> None:
    """`undo` brings the old bytes back, and what it did can be undone; a hand edit is not lost."""
    if again == "by hand":
        path = next(path for path, data in after.items() if data != before.get(path))
        (terminal.folder / path).write_bytes(after[path] + b"\n# by hand\n")
        edited, stamps = terminal.files(), terminal.stamps()
        told = terminal.type("undo")
        assert (told.code, terminal.files(), terminal.stamps()) == (1, edited, stamps), about
        (terminal.folder / path).write_bytes(after[path])
        return
    told = terminal.type("undo")
    assert (told.code, terminal.files()) == (0, before), f"{told.err}{about}"
    told = terminal.type("undo") if again == "undo" else terminal.type("undo", "1")
    if again == "undo":
        assert (told.code, terminal.files()) == (0, after), f"{told.err}{about}"
