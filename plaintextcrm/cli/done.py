"""`done`: close an open entry."""

import click

from plaintextcrm.book.book import Book
from plaintextcrm.cli.adding import contact_argument, joined, words_argument
from plaintextcrm.cli.change import Edit, How, Scene, Work, carry_out, scene_of, spliced, writes
from plaintextcrm.cli.entries import OpenEntry, complete_entry, find_entry
from plaintextcrm.cli.output import one_line
from plaintextcrm.cli.session import Session
from plaintextcrm.cli.spoken import spoken_command
from plaintextcrm.cli.when import day_text
from plaintextcrm.text.edit import Change, Set


@spoken_command(epilog="Example: plaintextcrm done mala 2")
@contact_argument
@words_argument("[ENTRY]", required=False, complete=complete_entry)
@click.option(
    "--date", "day", metavar="DATE", default="today", help="The day on which it was done."
)
@writes
def command(session: Session, how: How, contact: str, words: tuple[str, ...], day: str) -> None:
    """Close an open entry of CONTACT: it gets `done` with the day, and stays in the file.

    ENTRY is its number as `show` prints it, words of its note, or what the calendar event says, as
    `7c3e21`; not needed where only one is open.
    """

    def answer(book: Book) -> tuple[Scene, OpenEntry]:
        scene = scene_of(book, [contact])
        return scene, find_entry(book, scene.row, joined(words))

    scene, entry = session.ask(answer)
    done = day_text(day, scene.today)

    def close(data: bytes) -> tuple[Change, ...]:
        return (Set((*entry.place(data), "done"), done),)

    row = scene.row
    work = Work(
        what=f"done {row.id} {entry.item.row.kind}",
        done=f"Done with {one_line(row.name)}: {entry.words}",
        paths=[row.path],
        plan=lambda: spliced(session, scene, [Edit(row.path, close)]),
    )
    carry_out(session, how, work)
