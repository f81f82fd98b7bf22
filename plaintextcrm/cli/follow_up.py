"""`follow-up`: what to do with a contact, and when."""

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


@spoken_command(epilog="Example: plaintextcrm follow-up mala friday What did the board say?")
@contact_argument
@words_argument("WHEN NOTE…")
@click.option("--time", help="Time of day: 14:30.")
@click.option("--owner", help="Who does it, where it is not the contact's owner.")
@click.option("--remind", help="An alarm that long before: 2h, 1 day.")
@writes
def command(
    session: Session,
    how: How,
    contact: str,
    words: tuple[str, ...],
    time: str | None,
    owner: str | None,
    remind: str | None,
) -> None:
    """Write down what to do with CONTACT, and WHEN: 2026-12-01, friday, +2w, in 3 months."""
    scene = find(session, contact)
    day, note = split_front(words, scene.today, day_text)
    entry = filled({"date": day, "time": time, "note": told(note, "the follow-up"),
                    "owner": owner, "remind": remind})  # fmt: skip
    add_entry(session, how, scene, "follow_ups", entry, f"Follow-up with {{name}} on {day}")
