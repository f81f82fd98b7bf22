"""`merge`: two contacts become one, in one file, with every reference."""

import sys
from collections.abc import Sequence
from typing import NamedTuple

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.change import (
    How,
    Planned,
    Scene,
    Work,
    carry_out,
    demand_sound,
    read,
    scene_of,
    writes,
)
from plaintextcrm.cli.completion import complete_contact
from plaintextcrm.cli.output import one_line, tell
from plaintextcrm.cli.repointing import Repoint, repointed
from plaintextcrm.cli.session import Session
from plaintextcrm.exchange.joining import BOTH, A, B, Difference, Side, Undecided, differences, join
from plaintextcrm.model.errors import ChangeRefused, WhichEntry
from plaintextcrm.store.change import Version, text_of
from plaintextcrm.text.merge.values import Unmerged
from plaintextcrm.text.render import Plain, flow

SHOWN = 60  # letters of a value in a question


class Pair(NamedTuple):
    """The two contacts, the one that stays first, and the files that may refer to the other."""

    scene: Scene
    others: list[str]

    def sides(self, session: Session) -> tuple[Side, Side]:
        """Both with their texts as they are now."""
        a, b = (Side(row.id, row.path, read(session, row.path)) for row in self.scene.rows)
        return a, b


@click.command(epilog="Example: plaintextcrm merge eva-mala mala-eva --take title=B")
@click.argument("a", metavar="A", shell_complete=complete_contact)
@click.argument("b", metavar="B", shell_complete=complete_contact)
@click.option(
    "--take",
    "takes",
    multiple=True,
    metavar="FIELD=A|B|both",
    help="Where they differ, what A or B says; both, for notes.",
)
@click.option("--mine", "rest", flag_value=A, help="Wherever they differ else, what A says.")
@click.option("--theirs", "rest", flag_value=B, help="Wherever they differ else, what B says.")
@writes
def command(
    session: Session, how: How, a: str, b: str, takes: tuple[str, ...], rest: str | None
) -> None:
    """Make one contact of A and B: A's file gets all that B's has, B's goes.

    Lists are joined, entries and comments of both kept, references to B in all files become A. Where
    both say different things in one field, you are asked, or say it by --take, --mine or --theirs.

    A's uid and id stay. B's calendar events go; what is open of B comes back as A's.
    """
    pair: Pair = session.ask(lambda book: _pair(book, a, b))
    take = _taken(takes)
    take = _decided(session, pair, take, rest, asking=not how.dry_run and _asks())
    one, other = pair.scene.rows
    counted = _plan(session, pair, take).versions[2:]
    files = f" and in {len(counted)} other file{'s' * (len(counted) != 1)}" if counted else ""
    work = Work(
        what=f"merge {one.id} {other.id}",
        done=f"Merged {other.id} into {one.id}, in {one.path}{files}; {other.path} is gone,"
        " its calendar events are made anew",
        paths=[one.path],
        plan=lambda: _plan(session, pair, take),
    )
    carry_out(session, how, work)


def _pair(book: Book, a: str, b: str) -> Pair:
    scene = scene_of(book, [a, b])
    if len(scene.rows) != 2:
        raise click.UsageError(f"{a} and {b} are one contact already.")
    gone, paths = scene.rows[1], {row.path for row in scene.rows}
    same = [path for path in answers.referring(book, gone.id) if path not in paths]
    return Pair(scene, same)


def _taken(takes: Sequence[str]) -> dict[str, str]:
    """What was said of each field."""
    found = {}
    for one in takes:
        field, equals, side = one.partition("=")
        word = {"a": A, "b": B, "mine": A, "theirs": B, "both": BOTH}.get(side.casefold())
        if not equals or word is None:
            raise click.UsageError(f"--take {one}: write FIELD=A, FIELD=B or FIELD=both.")
        found[field] = word
    return found


def _asks() -> bool:
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty())


def _decided(
    session: Session, pair: Pair, take: dict[str, str], rest: str | None, *, asking: bool
) -> dict[str, str]:
    """For every difference a side. Raises WhichEntry where one is missing, or one is named that is none."""
    try:
        found = differences(*pair.sides(session), pair.scene.settings)
    except Unmerged as error:
        raise ChangeRefused(f"{error}. Nothing was changed.") from error
    known = {one.field: one for one in found}
    for field, side in take.items():
        if field not in known:
            listed = [_told(one, pair) for one in found]
            raise WhichEntry(f"They do not differ in `{one_line(field)}`.", listed)
        if side == BOTH and not known[field].both:
            raise click.UsageError(f"--take {field}=both: this field can say one thing only.")
    left = [one for one in found if one.field not in take]
    if rest:
        return {**take, **{one.field: rest for one in left}}
    if left and not asking:
        what = "They say different things. Say which to take by `--take FIELD=A`, or `--mine`, `--theirs`:"
        raise WhichEntry(what, [_told(one, pair) for one in left])
    return {**take, **{one.field: _ask(one) for one in left}}


def _told(one: Difference, pair: Pair) -> str:
    """What an error says of it: of a private contact no values, for errors end in logs."""
    if any(row.private for row in pair.scene.rows):
        return one.field
    return f"{one.field}: A {_shown(one.a)}, B {_shown(one.b)}"


def _shown(value: Plain) -> str:
    text = one_line(value if isinstance(value, str) else flow(value))
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _ask(one: Difference) -> str:
    tell(f"{one.field}\n  A  {_shown(one.a)}\n  B  {_shown(one.b)}")
    words = [A, B, *([BOTH] if one.both else [])]
    chosen = click.prompt(
        "Which", type=click.Choice(words, case_sensitive=False), err=True, show_choices=True
    )
    return str(chosen)


def _plan(session: Session, pair: Pair, take: dict[str, str]) -> Planned:
    """A's file as it will be, B's that goes, then those that refer to B."""
    a, b = pair.sides(session)
    try:
        joined = join(a, b, pair.scene.settings, take)
    except Undecided as error:
        raise ChangeRefused(
            f"{a.path}: the files changed meanwhile: they differ in {error}. Nothing was changed."
        ) from error
    except Unmerged as error:
        raise ChangeRefused(f"{a.path}: {error}. Nothing was changed.") from error
    warnings = demand_sound(pair.scene, a.path, a.data, joined.data)
    warnings += [f"{a.path}: {one}." for one in joined.dropped]
    own = [
        Version(a.path, text_of(a.data), text_of(joined.data)),
        Version(b.path, text_of(b.data), None),
    ]
    others = repointed(session, pair.scene, Repoint(b.id, a.id), pair.others)
    return Planned([*own, *others.versions], [*warnings, *others.warnings])
