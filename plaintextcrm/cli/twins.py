"""`twins`: contacts that may be one and the same."""

from collections.abc import Sequence

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.asking import asked
from plaintextcrm.cli.change import How, Scene, Work, always, carry_out, scene_of, spliced, writes
from plaintextcrm.cli.completion import complete_query
from plaintextcrm.cli.output import one_line, say_json, say_table, style, tell
from plaintextcrm.cli.session import Session
from plaintextcrm.exchange.twins import Twins, twins
from plaintextcrm.text.edit import Append

NAMESAKE = "namesake"


@click.command(epilog="Example: plaintextcrm twins tag:client")
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option(
    "--apart", is_flag=True, help="QUERY is two contacts: remember that they are not one."
)
@writes
def command(session: Session, how: How, query: tuple[str, ...], apart: bool) -> None:
    """List contacts that may be one and the same, the likeliest first, and why.

    Found by e-mail, phone however it is written, name without case, accents, order and titles, and
    company. With a QUERY, those of which it finds one. `merge` makes one of two.

    Two that are not the same: `--apart ONE OTHER` writes that into the first one's file, under
    `related`. Any relation does: who is somebody's brother is not himself.
    """
    if apart:
        _keep_apart(session, how, query)
        return
    found = session.ask(lambda book: _found(book, query))
    if how.form == "json":
        say_json([plain(pair) for pair in found])
        return
    rows = [
        (str(pair.score), pair.one.id, pair.other.id, "; ".join(pair.reasons)) for pair in found
    ]
    if rows:
        give = (False, False, False, True)
        say_table(("SCORE", "ONE", "OTHER", "WHY"), rows, style(session.color), give)
        first = f"{one_line(found[0].one.id)} {one_line(found[0].other.id)}"
        tell(
            f"{len(rows)} pair{'s' * (len(rows) != 1)}. `plaintextcrm merge {first}` makes one of two;"
            f" `plaintextcrm twins --apart {first}` says that they are two."
        )
    else:
        tell("No twins.")


def _found(book: Book, query: Sequence[str]) -> list[Twins]:
    from plaintextcrm.text.phone import spoken

    found = twins(answers.people(book), spoken)
    if not query:
        return found
    paths = {row.path for row in answers.contacts(book, asked(book, query))}
    return [pair for pair in found if pair.one.path in paths or pair.other.path in paths]


def plain(pair: Twins) -> dict[str, object]:
    """Two contacts as documented for programs (docs/json.md)."""
    return {
        "score": pair.score,
        "one": pair.one.id,
        "other": pair.other.id,
        "one_name": pair.one.name,
        "other_name": pair.other.name,
        "one_path": pair.one.path,
        "other_path": pair.other.path,
        "reasons": list(pair.reasons),
    }


def _keep_apart(session: Session, how: How, words: Sequence[str]) -> None:
    if len(words) != 2:
        raise click.UsageError("Name two contacts: --apart ONE OTHER.")
    scene: Scene = session.ask(lambda book: scene_of(book, words))
    if len(scene.rows) != 2:
        raise click.UsageError(f"{words[0]} and {words[1]} are one contact already.")
    one, other = scene.rows
    entry = {"contact": other.id, "type": NAMESAKE}
    edits = [always(one.path, Append(("related",), dict(entry)))]
    work = Work(
        what=f"twins --apart {one.id} {other.id}",
        done=f"{one_line(one.name)} and {one_line(other.name)} are two: {one.path} says so",
        paths=[one.path],
        plan=lambda: spliced(session, scene, edits),
    )
    carry_out(session, how, work)
