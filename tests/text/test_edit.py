"""A spliced change: the new field, and no other byte; or a refusal."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaintextcrm.text.edit import Refused, add_field
from plaintextcrm.text.nodes import plain
from plaintextcrm.text.reader import read

PATH = "contacts/eva.yaml"
UID = "0b9ce1a4-1111-4222-8333-444455556666"
LINE = f"uid: {UID}"


def added(text: str | bytes) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return add_field(data, PATH, "uid", UID, after="name")


CASES = {
    "block": ("name: Eva\nstatus: lead\n", f"name: Eva\n{LINE}\nstatus: lead\n"),
    "alone": ("name: Eva\n", f"name: Eva\n{LINE}\n"),
    "no last newline": ("name: Eva", f"name: Eva\n{LINE}"),
    "no last newline, later": ("name: Eva\ntags: [a]", f"name: Eva\n{LINE}\ntags: [a]"),
    "CRLF": ("name: Eva\r\ntags: [a]\r\n", f"name: Eva\r\n{LINE}\r\ntags: [a]\r\n"),
    "CRLF, no last newline": ("tags: [a]\r\nname: Eva", f"tags: [a]\r\nname: Eva\r\n{LINE}"),
    "BOM": ("\ufeffname: Eva\n", f"\ufeffname: Eva\n{LINE}\n"),
    "BOM, CRLF": ("\ufeffname: Eva\r\n", f"\ufeffname: Eva\r\n{LINE}\r\n"),
    "name last": ("status: lead\nname: Eva\n", f"status: lead\nname: Eva\n{LINE}\n"),
    "comments": (
        "# who\nname: Eva # the boss\n# how\n\nstatus: lead\n# end\n",
        f"# who\nname: Eva # the boss\n{LINE}\n# how\n\nstatus: lead\n# end\n",
    ),
    "double quotes": ('name: "Eva: \\u0151"\n', f'name: "Eva: \\u0151"\n{LINE}\n'),
    "single quotes": ("name: 'Eva # 1'\ntags: [a]\n", f"name: 'Eva # 1'\n{LINE}\ntags: [a]\n"),
    "quotes over lines": ('name: "Eva\n  Malá"\n', f'name: "Eva\n  Malá"\n{LINE}\n'),
    "plain over lines": ("name: Eva\n  Malá\nrole: x\n", f"name: Eva\n  Malá\n{LINE}\nrole: x\n"),
    "folded": (
        "name: >\n  Eva\n  Malá\nrole: x\n", f"name: >\n  Eva\n  Malá\n{LINE}\nrole: x\n",
    ),
    "literal": ("name: |-\n  Eva\ntags: [a]\n", f"name: |-\n  Eva\n{LINE}\ntags: [a]\n"),
    "literal, last": ("tags: [a]\nname: |\n  Eva\n", f"tags: [a]\nname: |\n  Eva\n{LINE}\n"),
    "literal, then a comment": (
        "name: |\n  Eva\n\n# c\nrole: x\n", f"name: |\n  Eva\n\n{LINE}\n# c\nrole: x\n",
    ),
    "kept blank lines": ("name: |+\n  Eva\n\nrole: x\n", f"name: |+\n  Eva\n\n{LINE}\nrole: x\n"),
    "quoted key": ('"name": Eva\n', f'"name": Eva\n{LINE}\n'),
    "space before the colon": ("name : Eva\n", f"name : Eva\n{LINE}\n"),
    "indented": ("  name: Eva\n  role: x\n", f"  name: Eva\n  {LINE}\n  role: x\n"),
    "document start": ("---\nname: Eva\n", f"---\nname: Eva\n{LINE}\n"),
    "document end": ("name: Eva\n...\n", f"name: Eva\n{LINE}\n...\n"),
    "flow": ("{name: Eva, tags: [a]}\n", f"{{name: Eva, {LINE}, tags: [a]}}\n"),
    "flow, name last": ("{tags: [a], name: Eva}", f"{{tags: [a], name: Eva, {LINE}}}"),
    "flow, trailing comma": ("{name: Eva,}\n", f"{{name: Eva, {LINE},}}\n"),
    "JSON": ('{"name": "Eva"}\n', f'{{"name": "Eva", {LINE}}}\n'),
    "flow over lines": (
        "{\n  name: Eva, # who\n  tags: [a]\n}\n",
        f"{{\n  name: Eva, {LINE}, # who\n  tags: [a]\n}}\n",
    ),
    "another name inside": (
        "related:\n  - {contact: a, name: b}\nname: Eva\n",
        f"related:\n  - {{contact: a, name: b}}\nname: Eva\n{LINE}\n",
    ),
    "blanks at line ends": ("name: Eva   \nrole: x\n", f"name: Eva   \n{LINE}\nrole: x\n"),
    "the author's own keys": ("name: Eva\nx_a: {b: [1]}\n", f"name: Eva\n{LINE}\nx_a: {{b: [1]}}\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_f10_the_field_is_added_behind_the_name_and_no_other_byte_changes(case: str) -> None:
    before, after = CASES[case]
    assert added(before).decode() == after


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "no name": ("status: lead\n", ":1:1: there is no `name` to put `uid` behind"),
    "not YAML": ("name: [Eva\n", ":1:1: there is no `name` to put `uid` behind"),
    "not UTF-8": (b"name: \xff\n", ":1:1: there is no `name` to put `uid` behind"),
    "the newline would become part of the name": (
        "name: |\n  Eva", ":1:7: `uid` cannot be added here without changing other lines",
    ),
    "a complex key": (
        "? name\n: Eva\n", ":2:3: `uid` cannot be added here without changing other lines",
    ),
    "there": ("name: Eva\nuid: x\n", ":2:1: `uid` is here already"),
    "there, but empty": ("name: Eva\nuid:\n", ":2:1: `uid` is here already"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_f11_an_unsafe_change_is_refused(case: str) -> None:
    text, why = REFUSED[case]
    with pytest.raises(Refused) as refusal:
        added(text)
    assert str(refusal.value) == PATH + why


NAMES = ["Eva", "Eva Malá", "O'Hara & syn", "東京 商事", "Řeřicha s.r.o.", "\U0001f98a fox"]
COMMENT = st.sampled_from(["", "", " # note", "  # : - { [ | >"])
BLANKS = st.sampled_from(["", "", "\n", "# a comment\n", "\n# about: x\n\n"])
OTHERS = [
    ("status", "lead"), ("tags", "[a, 'b c']"), ("tags", "\n  - a  # why\n  - b\n# below"),
    ("notes", "|\n  many\n\n    lines\n"), ("notes", ">-\n  folded\n  text\n"), ("x_own", "{a: [1]}"),
    ("interactions", "\n- date: 2026-01-02\n  channel: call\n  note: hi"), ("role", ""),
    ("emails", "\n  - {value: eva@x.cz, type: work}\n\n"), ("x_1", "'it''s'"), ("x_2", '"a\\"b"'),
]  # fmt: skip


@st.composite
def block_files(draw: st.DrawFn) -> bytes:
    """A contact in block style, in many hands: the order, comments, quotes, indents, line ends."""
    fields = draw(st.lists(st.sampled_from(OTHERS), unique_by=lambda pair: pair[0], max_size=5))
    fields.insert(draw(st.integers(0, len(fields))), ("name", draw(_names())))
    indent = draw(st.sampled_from(["", "", "", " ", "  "]))
    lines = draw(BLANKS)
    for key, value in fields:
        lead = "" if value.startswith("\n") or not value else " "
        tail = draw(COMMENT) if "\n" not in value else ""
        lines += f"{key}:{lead}{value.rstrip(chr(10))}{tail}\n"
        lines += draw(BLANKS)
    text = "".join(f"{indent}{line}" if line.strip() else line for line in lines.splitlines(True))
    return _bytes(draw, text)


def _names() -> st.SearchStrategy[str]:
    styles = ["{}", "'{}'", '"{}"', ">\n  {}", "|-\n  {}", "|\n  {}\n", ">+\n  {}\n", "{}\n  jr."]
    return st.builds(
        lambda style, name: style.format(name.replace("'", "''") if style == "'{}'" else name),
        st.sampled_from(styles),
        st.sampled_from(NAMES),
    )


def _bytes(draw: st.DrawFn, text: str) -> bytes:
    text = draw(st.sampled_from(["", "", "---\n"])) + text
    if draw(st.booleans()):
        text = text.rstrip("\n")
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    return draw(st.sampled_from(["", "\ufeff"])).encode() + text.encode()


@st.composite
def flow_files(draw: st.DrawFn) -> bytes:
    """A contact in braces."""
    pairs = [(key, value) for key, value in OTHERS if "\n" not in value and value]
    fields = draw(st.lists(st.sampled_from(pairs), unique_by=lambda pair: pair[0], max_size=4))
    name = draw(st.sampled_from(["{}", "'{}'", '"{}"'])).format(draw(st.sampled_from(NAMES[:2])))
    fields.insert(draw(st.integers(0, len(fields))), ("name", name))
    comma = draw(st.sampled_from([", ", ",\n  ", " , ", ",  # c\n  "]))
    end = draw(st.sampled_from(["", ",", "\n", " "]))
    return _bytes(draw, f"{{{comma.join(f'{key}: {value}' for key, value in fields)}{end}}}\n")


@settings(max_examples=400, deadline=None)
@given(st.one_of(block_files(), flow_files()))
def test_f11_the_old_data_and_the_uid_and_nothing_else_or_a_refusal(data: bytes) -> None:
    old = read(data, PATH)
    assert (old.problems, old.root is not None) == ((), True)
    try:
        new = added(data)
    except Refused:
        assert _may_be_refused(data)
        return
    more = len(new) - len(data)
    pieces = [
        new[at : at + more] for at in range(len(data) + 1) if new[:at] + new[at + more :] == data
    ]
    assert LINE.encode() in {piece.strip(b" ,\r\n") for piece in pieces}
    assert fields(new) == {**fields(data), "uid": UID}
    order = list(fields(new))
    assert order.index("uid") == order.index("name") + 1


def fields(data: bytes) -> dict[str, Any]:
    root = read(data, PATH).root
    assert root
    found = plain(root)
    assert isinstance(found, dict)
    return found


def _may_be_refused(data: bytes) -> bool:
    """A block of text at the very end without a newline: it would get one."""
    last = data.decode().splitlines()[-1]
    return not data.endswith(b"\n") and last.startswith((" ", "\ufeff"))
