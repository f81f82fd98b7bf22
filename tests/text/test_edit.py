"""A spliced change: the new field, and no other byte; or a refusal."""

from textwrap import dedent

import pytest

from plaintextcrm.text.edit import Append, Change, Refused, Remove, Set, edit
from plaintextcrm.text.render import Plain

PATH = "contacts/eva.yaml"
UID = "0b9ce1a4-1111-4222-8333-444455556666"
LINE = f"uid: {UID}"


def added(text: str | bytes) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return edit(data, PATH, Set(("uid",), UID))


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
        "name: |\n  Eva\n\n# c\nrole: x\n", f"name: |\n  Eva\n{LINE}\n\n# c\nrole: x\n",
    ),
    "literal, last, no last newline": ("name: |\n  Eva", f"name: |-\n  Eva\n{LINE}"),
    "a complex key": ("? name\n: Eva\n", f"? name\n: Eva\n{LINE}\n"),
    "there, but empty": ("name: Eva\nuid:\n", f"name: Eva\n{LINE}\n"),
    "there": ("name: Eva\nuid: x  # c\n", f"name: Eva\n{LINE}  # c\n"),
    "no name": ("# c\n\nstatus: lead\n", f"# c\n\n{LINE}\nstatus: lead\n"),
    "kept blank lines": ("name: |+\n  Eva\n\nrole: x\n", f"name: |+\n  Eva\n\n{LINE}\nrole: x\n"),
    "quoted key": ('"name": Eva\n', f'"name": Eva\n"uid": {UID}\n'),
    "space before the colon": ("name : Eva\n", f"name : Eva\n{LINE}\n"),
    "indented": ("  name: Eva\n  role: x\n", f"  name: Eva\n  {LINE}\n  role: x\n"),
    "document start": ("---\nname: Eva\n", f"---\nname: Eva\n{LINE}\n"),
    "document end": ("name: Eva\n...\n", f"name: Eva\n{LINE}\n...\n"),
    "flow": ("{name: Eva, tags: [a]}\n", f"{{name: Eva, {LINE}, tags: [a]}}\n"),
    "flow, name last": ("{tags: [a], name: Eva}", f"{{tags: [a], name: Eva, {LINE}}}"),
    "flow, trailing comma": ("{name: Eva,}\n", f"{{name: Eva, {LINE},}}\n"),
    "JSON": ('{"name": "Eva"}\n', f'{{"name": "Eva", "uid": "{UID}"}}\n'),
    "flow over lines": (
        "{\n  name: Eva, # who\n  tags: [a]\n}\n",
        f"{{\n  name: Eva, # who\n  {LINE},\n  tags: [a]\n}}\n",
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


TALK: Plain = {"date": "2026-11-22", "note": "Hello"}

# What, the file before, the change, the file after.
CHANGES: list[tuple[str, str, Change, str]] = [
    ("a value", "status: lead  # hot\n", Set(("status",), "client"), "status: client  # hot\n"),
    ("single quotes stay", "title: 'a b'\n", Set(("title",), "it's"), "title: 'it''s'\n"),
    ("double quotes stay", 'title: "a"\n', Set(("title",), "b"), 'title: "b"\n'),
    ("quotes where they must be", "title: a\n", Set(("title",), "# b"), "title: '# b'\n"),
    ("within braces", "x: {a: b}\n", Set(("x", "a"), "c, d"), "x: {a: 'c, d'}\n"),
    ("empty", "role:   # ask\n", Set(("role",), "pays"), "role: pays   # ask\n"),
    ("empty in braces", "{name: Eva, role: }\n", Set(("role",), "x"), "{name: Eva, role: x }\n"),
    ("no colon", "{name: Eva, role}\n", Set(("role",), "x"), "{name: Eva, role: x}\n"),
    (
        "more lines", "notes: short  # c\nrole: x\n", Set(("notes",), "a\n\nb\n"),
        "notes: |  # c\n  a\n\n  b\nrole: x\n",
    ),
    (
        "fewer lines", "notes: |+ # c\n  a\n\n  b\n\nrole: x\n", Set(("notes",), "short"),
        "notes: short # c\n\nrole: x\n",
    ),
    (
        "folded, at the end", "name: Eva\nnotes: >-\n  a\n  b", Set(("notes",), "c\nd\n"),
        "name: Eva\nnotes: |\n  c\n  d\n",
    ),
    (
        "other lines, as deep as the old ones", "notes: |\n    a\n  # c\n", Set(("notes",), "b\nc\n"),
        "notes: |\n    b\n    c\n  # c\n",
    ),
    (
        "lines that begin with blanks", "notes: a\n", Set(("notes",), "  a\nb"),
        "notes: |2-\n    a\n  b\n",
    ),
    (
        "CRLF", "notes: a\r\nrole: x\r\n", Set(("notes",), "a\nb"),
        "notes: |-\r\n  a\r\n  b\r\nrole: x\r\n",
    ),
    (
        "a mapping for a text, its comments below",
        "cadence:  # c\n  every: 6 w  # d\n  # e\n  since: 2026-01-01\nrole: x\n",
        Set(("cadence",), "none"),
        "cadence: none  # c\n  # d\n  # e\nrole: x\n",
    ),
    (
        "a field of a mapping that is missing", "name: Eva\n", Set(("cadence", "every"), "6 w"),
        "name: Eva\ncadence: {every: 6 w}\n",
    ),
    (
        "a field of an entry, in the table's order",
        "follow_ups:\n  - date: 2026-11-22\n    note: hi\n    done: 2026-11-23\n",
        Set(("follow_ups", 0, "owner"), "jana"),
        "follow_ups:\n  - date: 2026-11-22\n    note: hi\n    owner: jana\n    done: 2026-11-23\n",
    ),
    (
        "the first field of an entry", "deals:\n  - note: shop\n", Set(("deals", 0, "name"), "A"),
        "deals:\n  - name: A\n    note: shop\n",
    ),
    (
        "a field of an entry in braces", "needs:\n  - {date: 2027, note: x}\n",
        Set(("needs", 0, "done"), "2026-11-22"),
        "needs:\n  - {date: 2027, note: x, done: 2026-11-22}\n",
    ),
    (
        "behind a comment of the field before", "name: Eva\n  # the boss\n# end\n",
        Set(("kind",), "group"), "name: Eva\n  # the boss\nkind: group\n# end\n",
    ),
    (
        "behind a list and its comments", "tags:\n  - a\n\n  # more?\n\nowner: jana\n",
        Set(("status",), "lead"), "tags:\n  - a\n\n  # more?\nstatus: lead\n\nowner: jana\n",
    ),
    ("tags in brackets", "tags: [a, b]  # c\n", Append(("tags",), "c d"), "tags: [a, b, c d]  # c\n"),
    ("tags in no brackets", "name: Eva\n", Append(("tags",), "a"), "name: Eva\ntags: [a]\n"),
    ("tags, none yet", "tags: []  # c\n", Append(("tags",), "a"), "tags: [a]  # c\n"),
    ("tags, blank", "tags:  # c\n", Append(("tags",), "a"), "tags: [a]  # c\n"),
    ("one that is no list", "x_to: eva\n", Append(("x_to",), "jan"), "x_to: [eva, jan]\n"),
    (
        "brackets over lines", "tags: [\n  a, # c\n  b # d\n]\n", Append(("tags",), "c"),
        "tags: [\n  a, # c\n  b, # d\n  c\n]\n",
    ),
    (
        "an entry in lines", "tags:\n- a  # c\n- b\n# role\nrole: x\n", Append(("tags",), "c"),
        "tags:\n- a  # c\n- b\n- c\n# role\nrole: x\n",
    ),
    (
        "wide dashes and quotes", 'phones:\n    -   "1"\n', Append(("phones",), "2"),
        'phones:\n    -   "1"\n    -   "2"\n',
    ),
    (
        "the newest last, behind a text of several lines",
        ("interactions:\n  - date: 2026-01-01\n  - date: 2026-02-02\n    note: |\n      a\n\n      b\n\n"
        "role: x\n"),
        Append(("interactions",), TALK),
        ("interactions:\n  - date: 2026-01-01\n  - date: 2026-02-02\n    note: |\n      a\n\n      b\n"
        "  - date: 2026-11-22\n    note: Hello\n\nrole: x\n"),
    ),
    (
        "the newest first, above the comment of the one before",
        "interactions:\n  # talks\n\n  # b\n  - date: 2026-02-02\n  # a\n  - date: 2026-01-01\n",
        Append(("interactions",), TALK),
        ("interactions:\n  # talks\n\n  - date: 2026-11-22\n    note: Hello\n  # b\n"
        "  - date: 2026-02-02\n  # a\n  - date: 2026-01-01\n"),
    ),
    (
        "first or last as the other lists",
        "needs:\n  - date: 2025\ndeals:\n  - date: 2027\n  - date: 2026\n",
        Append(("needs",), {"date": "2026"}),
        "needs:\n  - date: 2026\n  - date: 2025\ndeals:\n  - date: 2027\n  - date: 2026\n",
    ),
    (
        "entries in braces", "needs:\n- {date: 2025, note: 'a'}\n", Append(("needs",), TALK),
        "needs:\n- {date: 2025, note: 'a'}\n- {date: 2026-11-22, note: 'Hello'}\n",
    ),
    (
        "the first entry", "name: Eva\nneeds: []  # none yet\n", Append(("needs",), TALK),
        "name: Eva\nneeds:  # none yet\n  - date: 2026-11-22\n    note: Hello\n",
    ),
    (
        "the first list, where a person would look, indented as the others",
        "name: Eva\ntags:\n- a\nrevenue:\n- {year: 2025, amount: 1}", Append(("needs",), TALK),
        ("name: Eva\ntags:\n- a\nneeds:\n- {date: 2026-11-22, note: Hello}\n"
        "revenue:\n- {year: 2025, amount: 1}"),
    ),
    (
        "no last newline", "needs:\n  - date: 2025\n    note: |\n      a", Append(("needs",), TALK),
        "needs:\n  - date: 2025\n    note: |-\n      a\n  - date: 2026-11-22\n    note: Hello",
    ),
    ("an entry goes", "tags:\n  - a # c\n  - b\n", Remove(("tags", 0)), "tags:\n  # c\n  - b\n"),
    ("from brackets", "tags: [a, b, c]\n", Remove(("tags", 1)), "tags: [a, c]\n"),
    ("the last from brackets", "tags: [a, b,]\n", Remove(("tags", 1)), "tags: [a,]\n"),
    ("the only from brackets", "tags: [ a, ]\n", Remove(("tags", 0)), "tags: [  ]\n"),
    (
        "the only entry takes its field along", "name: Eva\ntags: # c\n  - a\n# d\nrole: x\n",
        Remove(("tags", 0)), "name: Eva\n# c\n# d\nrole: x\n",
    ),
    (
        "the field behind a dash", "needs:\n  - date: 2025  # c\n    note: x\n",
        Remove(("needs", 0, "date")), "needs:\n  - # c\n    note: x\n",
    ),
    ("the last line", "name: Eva\nrole: x", Remove(("role",)), "name: Eva"),
    (
        "below a text that keeps empty lines", "notes: |+\n  a\nrole: x\n\ntitle: y\n",
        Remove(("role",)), "notes: |+\n  a\ntitle: y\n",
    ),
    ("nothing to do", "name:   Eva  # c\n", Set(("name",), "Eva"), "name:   Eva  # c\n"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [row[1:] for row in CHANGES],
    ids=[row[0] for row in CHANGES],
)
def test_f10_a_change_and_no_other_byte(before: str, change: Change, after: str) -> None:
    assert edit(before.encode(), PATH, change).decode() == after


def test_several_changes_are_made_one_after_the_other() -> None:
    changes = (Append(("needs",), TALK), Append(("needs",), TALK), Remove(("needs", 0, "note")))
    assert edit(b"name: Eva\n", PATH, *changes).decode() == dedent("""\
        name: Eva
        needs:
          - date: 2026-11-22
          - date: 2026-11-22
            note: Hello
    """)


LARGE = "name: Eva\nnotes: " + "x" * ((1 << 20) - 20)

# What is refused, the file, the change, the reason.
REFUSED: list[tuple[str, bytes, Change, str]] = [
    (
        "not YAML", b"name: [Eva\n", Set(("uid",), UID),
        "1:7: a `[` that is opened here is never closed, or a comma is missing; mend this first",
    ),
    (
        "not UTF-8", b"name: \xff\n", Set(("uid",), UID),
        "1:7: byte 0xff is not UTF-8; mend this first",
    ),
    (
        "too large", LARGE.encode(), Set(("uid",), UID),
        "1:1: the file has 1,048,615 bytes; a contact may have 1,048,576; edit the file yourself",
    ),
    ("no such field", b"name: Eva\n", Remove(("role",)), "1:1: there is no `role`; look again"),
    (
        "no such entry", b"name: Eva\ntags: [a]\n", Set(("tags", 1), "b"),
        "2:7: there is no entry 2 here; count again",
    ),
    (
        "no such entry to remove", b"name: Eva\ntags: [a]\n", Remove(("tags", 1)),
        "2:7: there is no `tags.2`; look again",
    ),
    (
        "a text is no list", b"name: Eva\n", Append(("name",), "b"),
        "1:7: there is a text here, not a list; edit the file yourself",
    ),
    (
        "a mapping is no list", b"cadence:\n  every: 6 w\n", Append(("cadence",), "b"),
        "2:3: there are fields here, not a list; edit the file yourself",
    ),
    (
        "a text has no fields", b"cadence: 6 w\n", Set(("cadence", "since"), "2026-01-01"),
        "1:10: there are no fields here, so `since` cannot be one of them; edit the file yourself",
    ),
    (
        "the only field", b"name: Eva\n", Remove(("name",)),
        "1:7: a contact needs a field; add another first",
    ),
    (
        "a character that no file may hold", b"name: Eva\n", Set(("name",), "a\x1bb"),
        "1:7: the new value holds a character that cannot be seen (U+001B); leave it out",
    ),
    (
        "half a character", b"name: Eva\n", Append(("tags",), "\udc80"),
        "1:1: the new value holds a character that cannot be seen (U+DC80); leave it out",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "change", "why"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_f11_what_cannot_be_done_is_refused_with_its_place(
    file: bytes, change: Change, why: str
) -> None:
    with pytest.raises(Refused) as refusal:
        edit(file, PATH, change)
    assert str(refusal.value) == f"{PATH}:{why}"


def test_f12_what_the_program_does_not_know_it_keeps() -> None:
    file = b"name: Eva\nx_mine: {a: [b]}  # c\nmystery: |\n  d\n"
    added = edit(file, PATH, Set(("status",), "lead"))
    assert added == file.replace(b"Eva\n", b"Eva\nstatus: lead\n")
    assert edit(added, PATH, Remove(("status",))) == file
