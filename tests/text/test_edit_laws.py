"""Laws of every change to every file, in twenty hands: nothing is lost, nothing else moves."""

import copy
import re
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintextcrm.text.edit import Append, Change, Refused, Remove, Set, edit
from plaintextcrm.text.ground import Path
from plaintextcrm.text.nodes import Mapping, Mark, Node, Scalar, Sequence, last_leaf, plain
from plaintextcrm.text.reader import read
from plaintextcrm.text.render import Plain
from tests.text.hands import ANY, DAY, ENTRY, TEXT, Written, files

PATH = "contacts/eva.yaml"
EXAMPLES = 2500
MISSING = ["uid", "title", "notes", "status", "owner", "birthday", "x_new"]
LISTS = ["tags", "emails", "interactions", "follow_ups", "promises", "nicknames"]
VALUES = st.one_of(
    ANY, TEXT, DAY, st.lists(TEXT, max_size=2), st.lists(ENTRY, max_size=2), ENTRY,
    st.just({"every": "6 weeks", "channels": ["call"]}),
)  # fmt: skip


def paths(data: Any, above: Path = ()) -> list[Path]:
    """Every path in the data."""
    steps: list[tuple[Any, Any]] = []
    if isinstance(data, dict):
        steps = list(data.items())
    elif isinstance(data, list):
        steps = list(enumerate(data))
    found: list[Path] = []
    for step, value in steps:
        found += [(*above, step), *paths(value, (*above, step))]
    return found


@st.composite
def changes(draw: st.DrawFn, data: dict[str, Any]) -> Change:
    """Any change that makes sense for the data."""
    there = paths(data)
    kind = draw(st.sampled_from(["set", "set", "add", "append", "append", "remove"]))
    if kind == "set":
        return Set(draw(st.sampled_from(there)), draw(VALUES))
    if kind == "add":
        mappings = [path for path in there if isinstance(at(data, path), dict)]
        inner = [(*path, name) for path in mappings for name in ("time", "note", "done", "x_new")]
        return Set(draw(st.sampled_from([(name,) for name in MISSING] + inner)), draw(VALUES))
    if kind == "append":
        lists = [path for path in there if isinstance(at(data, path), list)]
        path = draw(st.sampled_from(lists + [(name,) for name in LISTS if not data.get(name)]))
        texts = path[-1] in ("tags", "nicknames", "emails") or isinstance(path[-1], int)
        value: Plain = draw(TEXT) if texts else dict(draw(ENTRY))
        return Append(path, value)
    return Remove(draw(st.sampled_from(there)))


def at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


@st.composite
def cases(draw: st.DrawFn) -> tuple[Written, Change]:
    written = draw(files())
    return written, draw(changes(written.data))


def wanted(data: dict[str, Any], change: Change) -> list[Any]:
    """The old data with the change: what may come of it."""
    if isinstance(change, Set):
        return [_with(data, change.path, change.value)]
    if isinstance(change, Append):
        held = _get(data, change.path) or []
        both = [[*held, change.value], [change.value, *held]]
        return [_with(data, change.path, value) for value in both]
    found = []
    for length in range(len(change.path), 0, -1):
        path = change.path[:length]
        if at(data, path[:-1]):
            found.append(_without(data, path))
        if len(at(data, path[:-1])) > 1:
            break
    return found


def _get(data: Any, path: Path) -> Any:
    try:
        return at(data, path)
    except KeyError:
        return None


def _with(data: Any, path: Path, value: Any) -> Any:
    new = copy.deepcopy(data)
    at(new, path[:-1])[path[-1]] = value
    return new


def _without(data: Any, path: Path) -> Any:
    new = copy.deepcopy(data)
    del at(new, path[:-1])[path[-1]]
    return new


def test_f10_f11_any_change_in_any_hand() -> None:
    tally: Counter[str] = Counter()
    refusals: list[str] = []

    @settings(
        max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(cases())
    def law(case: tuple[Written, Change]) -> None:
        written, change = case
        before = bytes(written.file)
        tally[written.style] += 1
        try:
            after = edit(written.file, PATH, change)
        except Refused as refusal:
            assert written.file == before
            if not _only_field(written, change):
                refusals.append(f"{written.style}: {change}: {refusal}\n{before.decode()!r}")
            return
        hold(written, change, after)

    law()
    total = sum(tally.values())
    assert (total >= 2000, len(tally) >= 12) == (True, True), tally
    told = "\n".join(refusals)
    assert len(refusals) < total / 100, f"{len(refusals)} of {total} refused:\n{told}"


def _only_field(written: Written, change: Change) -> bool:
    """The one change that makes no sense: to remove the last field of a contact."""
    return isinstance(change, Remove) and len(written.data) == 1


def hold(written: Written, change: Change, after: bytes) -> None:
    """The laws of one change."""
    document = read(after, PATH)
    told = f"{change}\n{written.file.decode()}\n→\n{after.decode()}"
    assert document.root, told
    assert not document.problems, told
    assert plain(document.root) in wanted(written.data, change), told
    for comment in written.comments:
        assert after.decode().count(comment) == 1, f"{comment} of {told}"
    assert after.startswith(b"\xef\xbb\xbf") == written.file.startswith(b"\xef\xbb\xbf")
    if b"\r\n" in written.file:
        assert not re.search(rb"(?<!\r)\n", after), told
    if change.path == ("uid",):
        names = [key.text for key, _value in document.root.pairs]
        assert names.index("uid") == names.index("name") + 1
    assert _moved(written, change, after) == [], told


def _moved(written: Written, change: Change, after: bytes) -> list[str]:
    """Lines that changed though they do not belong to what was changed."""
    old, new = (re.split(r"\r?\n", data.decode("utf-8-sig")) for data in (written.file, after))
    start, end = _own_lines(written, change, old)
    behind = len(old) - end
    moved = [line for line, now in zip(old[:start], new, strict=False) if line != now]
    if behind and old[end:] != new[len(new) - behind :]:
        moved += old[end:]
    return moved


def _own_lines(written: Written, change: Change, lines: list[str]) -> tuple[int, int]:
    """The lines of the old text that may change, from and up to; none of them for what is added,
    which is then put between two lines: the ones that are the same at the beginning say where."""
    root = read(written.file, PATH).root
    assert root
    path = change.path
    if isinstance(change, Remove):
        path = _emptied(root, path)
    node, start, column = _find(root, path)
    if node is None or isinstance(change, Append):
        return _own_lines_of_new(root, path, node, start, lines, written, change)
    end = _past(last_leaf(node).end.line + 1, lines)
    if isinstance(change, Remove) and lines[start][:column].strip():
        end += 1  # what follows moves up behind the dash
    if isinstance(change, Remove):
        start = min(start, _comma_line(root, path))
    return start, end


def _comma_line(root: Mapping, path: Path) -> int:
    """The line of the comma that goes with the last piece in brackets: behind the one before."""
    parent = _find(root, path[:-1])[0]
    assert isinstance(parent, Mapping | Sequence)
    pieces = [v for _k, v in parent.pairs] if isinstance(parent, Mapping) else list(parent.items)
    last = len(pieces) > 1 and pieces[-1] is _find(root, path)[0]
    return pieces[-2].end.line if parent.flow and last else parent.end.line


def _own_lines_of_new(
    root: Mapping, path: Path, node: Node | None, start: int, lines: list[str],
    written: Written, change: Change,
) -> tuple[int, int]:  # fmt: skip
    above = [_find(root, path[:length])[0] for length in range(len(path) + 1)]
    flow = next((n for n in above if isinstance(n, Mapping | Sequence) and n.flow), None)
    if flow:
        return flow.start.line, flow.end.line + 1
    if isinstance(node, Scalar):
        return node.start.line, node.end.line + 1
    if node is None and len(path) > 1 and isinstance(above[-2], Scalar):
        return above[-2].start.line, above[-2].end.line + 1
    after = re.split(r"\r?\n", edit(written.file, PATH, change).decode("utf-8-sig"))
    same = 0
    while same < len(lines) and same < len(after) and lines[same] == after[same]:
        same += 1
    leaf = last_leaf(root)
    at_end = isinstance(leaf, Scalar) and leaf.style in ("|", ">") and lines[-1]
    if at_end and same == leaf.start.line:  # its head says now that no newline belongs to it
        return same, len(lines)
    return same, same


def _emptied(root: Mapping, path: Path) -> Path:
    while len(path) > 1:
        parent = _find(root, path[:-1])[0]
        held = parent.pairs if isinstance(parent, Mapping) else parent.items  # type: ignore[union-attr]
        if len(held) > 1 or parent.flow:  # type: ignore[union-attr]
            return path
        path = path[:-1]
    return path


def _find(root: Mapping, path: Path) -> tuple[Node | None, int, int]:
    """What stands at the path, and the line and column of its name or dash."""
    node: Node | None = root
    begin: Mark = root.start
    for step in path:
        if isinstance(node, Mapping):
            pair = next((pair for pair in node.pairs if pair[0].text == step), None)
            node, begin = (pair[1], pair[0].start) if pair else (None, begin)
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            column, node = node.start.column, node.items[step]
            begin = node.start
            if step == path[-1]:
                return node, begin.line, column
        else:
            return None, begin.line, begin.column
    return node, begin.line, begin.column


def _past(line: int, lines: list[str]) -> int:
    """Past empty lines and comments."""
    while line < len(lines) and (not lines[line].strip() or lines[line].lstrip().startswith("#")):
        line += 1
    return line
