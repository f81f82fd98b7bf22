"""`tag`: add and remove tags."""

from collections.abc import Sequence

import click

from plaintextcrm.cli.adding import contact_argument
from plaintextcrm.cli.asking import is_query
from plaintextcrm.cli.change import Edit, How, Work, carry_out, spliced, writes
from plaintextcrm.cli.output import one_line
from plaintextcrm.cli.session import Session
from plaintextcrm.cli.several import everyone
from plaintextcrm.cli.spoken import spoken_command
from plaintextcrm.model.errors import ChangeRefused
from plaintextcrm.text.edit import Append, Change, Remove
from plaintextcrm.text.fold import key_of
from plaintextcrm.text.nodes import Scalar
from plaintextcrm.text.nodes import Sequence as ListNode
from plaintextcrm.text.reader import read


@spoken_command(epilog="Example: plaintextcrm tag mala +vip -cold")
@contact_argument
@click.argument("marks", nargs=-1, required=True, metavar="+TAG… -TAG…")
@writes
def command(session: Session, how: How, contact: str, marks: tuple[str, ...]) -> None:
    """Add tags to CONTACT (`+vip`), and remove some (`-cold`). Those that are there already stay.

    A CONTACT with a sign, such as status:client or @cold, is a query: everyone it finds is tagged.
    """
    for mark in marks:
        if mark in ("+", "-"):
            raise click.UsageError(f"{mark!r}: put the tag right behind it, as in {mark}vip.")
        if mark[:1] not in ("+", "-") or not mark[1:].strip():
            raise click.UsageError(f"{mark!r}: write +{mark} to add the tag, -{mark} to remove it.")
    scene = session.ask(lambda book: everyone(book, [contact]))
    alone = not is_query(contact)

    def edit(path: str) -> Edit:
        return Edit(path, lambda data: list(_changes(path, data, marks, demand=alone)))

    paths = [row.path for row in scene.rows]
    many = f"{len(paths)} contact{'s' * (len(paths) != 1)}"
    work = Work(
        what=f"tag {scene.row.id if alone else many} {' '.join(marks)}",
        done=f"Tagged {one_line(scene.row.name) if alone else many} {one_line(' '.join(marks))}",
        paths=paths,
        plan=lambda: spliced(session, scene, map(edit, paths)),
    )
    carry_out(session, how, work)


def _changes(path: str, data: bytes, marks: Sequence[str], *, demand: bool) -> Sequence[Change]:
    """New tags come first, so that a list is not empty in between; then the last one goes first.

    `demand`: a tag that is to go must be there.
    """
    tags = _tags(data)
    keys = [key_of(tag) for tag in tags]
    added = {key_of(mark[1:]): mark[1:].strip() for mark in marks if mark[0] == "+"}
    removed = [key_of(mark[1:]) for mark in marks if mark[0] == "-"]
    for key in removed:
        if key not in keys and demand:
            there = f"it has: {', '.join(tags)}" if tags else "it has none"
            raise ChangeRefused(f"{path}: there is no tag {key} to remove; {there}.")
    new = [Append(("tags",), tag) for key, tag in added.items() if key not in keys]
    gone = [index for index, key in enumerate(keys) if key in removed]
    return [*new, *(Remove(("tags", index)) for index in reversed(gone))]


def _tags(data: bytes) -> list[str]:
    root = read(data, "").root
    found = next((node for key, node in root.pairs if key.text == "tags"), None) if root else None
    items = found.items if isinstance(found, ListNode) else ()
    return [item.text if isinstance(item, Scalar) else "" for item in items]
