"""`promise`: what one side promised the other."""

import click

from plaintextcrm.cli.adding import (
    add_entry,
    contact_argument,
    filled,
    told,
    words_argument,
)
from plaintextcrm.cli.change import How, find, writes
from plaintextcrm.cli.session import Session
from plaintextcrm.cli.spoken import spoken_command
from plaintextcrm.cli.when import day_text, split_front
from plaintextcrm.cli.writer import writer


@spoken_command(epilog="Example: plaintextcrm promise mala +2w Two references from wholesale")
@contact_argument
@words_argument("WHEN NOTE…")
@click.option("--by", help="Who promised: one of you. Yours, unless it says otherwise.")
@click.option("--them", is_flag=True, help="They promised it to you.")
@click.option("--made", metavar="DATE", help="The day on which it was made.")
@writes
def command(
    session: Session,
    how: How,
    contact: str,
    words: tuple[str, ...],
    by: str | None,
    them: bool,
    made: str | None,
) -> None:
    """Write down what was promised to CONTACT, and by WHEN: 2026-12-01, friday, +2w, in 3 months."""
    if by and them:
        raise click.UsageError("Either --by or --them: one side promises.")
    scene = find(session, contact)
    day, note = split_front(words, scene.today, day_text)
    entry = filled({
        "date": day,
        "by": "them" if them else by or writer(session, scene.settings),
        "note": told(note, "the promise"),
        "made": day_text(made, scene.today) if made else None,
    })  # fmt: skip
    whose = "Promise of {name}" if them else "Promise to {name}"
    add_entry(session, how, scene, "promises", entry, f"{whose} by {day}")
