"""`snooze`: move an open entry to another day."""

from plaintextcrm.book.book import Book
from plaintextcrm.cli.adding import contact_argument, words_argument
from plaintextcrm.cli.change import Edit, How, Scene, Work, carry_out, scene_of, spliced, writes
from plaintextcrm.cli.entries import OpenEntry, complete_entry, find_entry
from plaintextcrm.cli.output import one_line
from plaintextcrm.cli.session import Session
from plaintextcrm.cli.spoken import spoken_command
from plaintextcrm.cli.when import day_text, split_back, vague_text
from plaintextcrm.text.edit import Change, Set

VAGUE = ("need", "deal", "win-back", "milestone")


@spoken_command(epilog="Example: plaintextcrm snooze mala offer +2w")
@contact_argument
@words_argument("[ENTRY] WHEN", complete=complete_entry)
@writes
def command(session: Session, how: How, contact: str, words: tuple[str, ...]) -> None:
    """Move an open entry of CONTACT to WHEN: 2026-12-01, friday, +2w, in 3 months.

    ENTRY is its number as `show` prints it, or words of its note; not needed where only one is open.
    Needs, deals and milestones may move to a vague date: 2027-Q1.
    """

    def answer(book: Book) -> tuple[Scene, OpenEntry, str]:
        scene = scene_of(book, [contact])
        word, day = split_back(words, scene.today, vague_text)
        entry = find_entry(book, scene.row, word)
        if entry.item.row.kind not in VAGUE:
            day = day_text(day, scene.today)
        return scene, entry, day

    scene, entry, day = session.ask(answer)

    def move(data: bytes) -> tuple[Change, ...]:
        return (Set((*entry.place(data), entry.shelf.day), day),)

    row = scene.row
    work = Work(
        what=f"snooze {row.id} {entry.item.row.kind}",
        done=f"Moved to {day} with {one_line(row.name)}: {entry.words}",
        paths=[row.path],
        plan=lambda: spliced(session, scene, [Edit(row.path, move)]),
    )
    carry_out(session, how, work)
