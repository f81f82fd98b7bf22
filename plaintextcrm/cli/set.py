"""`set`: change a field of a contact."""

from datetime import date

import click
from click import Context, Parameter
from click.shell_completion import CompletionItem

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.adding import contact_argument, joined, words_argument
from plaintextcrm.cli.change import Edit, How, Work, carry_out, find, spliced, writes
from plaintextcrm.cli.completion import beginning_with, complete_field, known
from plaintextcrm.cli.output import one_line
from plaintextcrm.cli.session import Session
from plaintextcrm.cli.spoken import spoken_command
from plaintextcrm.cli.when import day_text, vague_text, yearly_text
from plaintextcrm.model.dates import parse_when
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.edit import Change, Remove, Set
from plaintextcrm.text.fields import contact_fields, fields_of
from plaintextcrm.text.nodes import Mapping, Node, Scalar, Sequence
from plaintextcrm.text.reader import read
from plaintextcrm.text.references import Path
from plaintextcrm.text.render import Plain
from plaintextcrm.text.types import Choice, ListOf, Structure, Type
from plaintextcrm.text.values import (
    CONTACT,
    DATE,
    FLAG,
    MENTION,
    PARTIAL,
    PARTIAL_OR_YEARLY,
    PERSON,
    REASON,
    TEXT,
    YEARLY,
)

_DATES = {id(DATE): day_text, id(PARTIAL): vague_text, id(PARTIAL_OR_YEARLY): yearly_text,
          id(YEARLY): yearly_text}  # fmt: skip
_COMMANDS = {
    "interactions": "log", "follow_ups": "follow-up", "promises": "promise", "needs": "need",
    "milestones": "milestone", "deals": "deal", "feedback": "feedback",
}  # fmt: skip


def complete_value(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """What FIELD may be: one of a few words, or what the address book has in it elsewhere."""
    before = ctx.params.get(param.name or "") or ()
    if before and not before[-1].endswith(","):  # a list goes on: `a, b`
        return []
    return beginning_with(incomplete, known(ctx, lambda book: _values(book, ctx)) or [])


def _values(book: Book, ctx: Context) -> list[str]:
    path = _path(ctx.params["field"])
    kind = _type_of(path, book.settings)
    kind = kind.item if isinstance(kind, ListOf) else kind
    if isinstance(kind, Choice):
        return list(kind.options(book.settings))
    if kind is FLAG:
        return ["yes", "no"]
    if kind is REASON:
        return list(book.settings.lost_reasons)
    if kind is PERSON:
        return _once(*book.settings.people, *answers.values(book, "owner"))
    if kind is CONTACT or kind is MENTION:
        texts = answers.values(book, "organization") if path == ("organization",) else []
        return _once(*(contact_id for contact_id, _name in answers.ids(book)), *texts)
    name = ".".join(step for step in path if isinstance(step, str))
    return answers.values(book, name) if kind is TEXT else []


def _once(*words: str) -> list[str]:
    return list(dict.fromkeys(words))


@spoken_command(epilog="Example: plaintextcrm set mala cadence.every 6 weeks")
@contact_argument
@click.argument("field", shell_complete=complete_field)
@words_argument("VALUE", complete=complete_value)
@writes
def command(session: Session, how: How, contact: str, field: str, words: tuple[str, ...]) -> None:
    """Set a FIELD of CONTACT to VALUE; an empty one ('') removes the field.

    A dot leads into a field: cadence.every, deals.1.stage (entries count from 1). Lists take commas:
    a, b. docs/fields.md lists all fields.
    """
    value = joined(words)
    scene = find(session, contact)
    row = scene.row
    path = _path(field)
    kind = _type_of(path, scene.settings)
    new = _value(field, value, kind, scene.today) if value else None

    def change(data: bytes) -> tuple[Change, ...]:
        root = read(data, row.path).root
        return _change(root, path, new) if root else (Set(path, new or ""),)

    said = f"Removed {field} of" if new is None else f"Set {field} of"
    work = Work(
        what=f"set {row.id} {field}",
        done=f"{one_line(said)} {one_line(row.name)}",
        paths=[row.path],
        plan=lambda: spliced(session, scene, [Edit(row.path, change)]),
    )
    carry_out(session, how, work)


def _path(field: str) -> Path:
    steps = field.split(".")
    if not all(steps) or steps[0].isdigit():
        raise click.UsageError(
            f"{field!r} is no field. Write one such as status, or cadence.every."
        )
    return tuple(_step(step) for step in steps)


def _step(step: str) -> str | int:
    if not step.isdecimal():
        return step
    if int(step) == 0:
        raise click.UsageError("Entries count from 1.")
    return int(step) - 1


def _type_of(path: Path, settings: Settings) -> Type | None:
    """The type of the field at the path; None where the table does not know it."""
    known = contact_fields(settings)
    kind: Type | None = None
    for step in path:
        if isinstance(step, int):
            kind = kind.item if isinstance(kind, ListOf) else None
        else:
            kind = known[step].type if step in known else None
            known = {field.name: field for field in fields_of(kind)}
    return kind


def _value(field: str, text: str, kind: Type | None, today: date) -> Plain:
    if isinstance(kind, ListOf):
        if isinstance(kind.item, Structure) and not kind.item.short:
            name = _COMMANDS.get(field)
            advice = f"`{name}` adds one" if name else "`edit` opens the file"
            raise click.UsageError(f"{field} is a list of entries: {advice}.")
        return [part.strip() for part in text.split(",") if part.strip()]
    read_day = _DATES.get(id(kind))
    return read_day(text, today) if read_day and _is_said(text, today) else text


def _is_said(text: str, today: date) -> bool:
    """True for a date as it is spoken; anything else is taken as it is, and checked with the file."""
    try:
        parse_when(text, today)
    except ValueError:
        return False
    return True


def _change(root: Mapping, path: Path, value: "Plain | None") -> tuple[Change, ...]:
    """The change that gives the field its value; nothing to remove: no change."""
    there = _node(root, path)
    if value is None:
        return (Remove(path),) if there is not None else ()
    if len(path) == 2 and isinstance(path[1], str) and there is None:
        return (_in_mapping(_node(root, path[:1]), path[0], path[1], value),)
    return (Set(path, value),)


def _in_mapping(held: Node | None, field: str | int, name: str, value: Plain) -> Change:
    """`cadence: 6 weeks` is short for its `every`: it becomes a mapping where more is to be said."""
    if isinstance(held, Mapping):
        return Set((field, name), value)
    if field != "cadence" or (isinstance(held, Scalar) and held.text == "none"):
        return Set((field,), {name: value})
    if name == "every":
        return Set((field,), value)
    every: dict[str, Plain] = {"every": held.text} if isinstance(held, Scalar) and held.text else {}
    return Set((field,), {**every, name: value})


def _node(root: Mapping, path: Path) -> Node | None:
    node: Node | None = root
    for step in path:
        if isinstance(node, Mapping):
            node = next((value for key, value in node.pairs if key.text == step), None)
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node
