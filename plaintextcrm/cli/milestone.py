"""`milestone`: a day worth a word."""

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
from plaintextcrm.cli.when import split_front, yearly_text


@spoken_command(
    epilog="Example: plaintextcrm milestone mala 2027-05-02 Opens the shop in Brno --yearly"
)
@contact_argument
@words_argument("WHEN NOTE…")
@click.option("--yearly", is_flag=True, help="It comes back every year.")
@writes
def command(session: Session, how: How, contact: str, words: tuple[str, ...], yearly: bool) -> None:
    """Write down a day worth a word to CONTACT. WHEN may be vague (2027-Q1), or `--12-24`."""
    scene = find(session, contact)
    day, note = split_front(words, scene.today, yearly_text)
    repeat = "yearly" if yearly and not day.startswith("--") else None
    entry = filled({"date": day, "note": told(note, "the day"), "repeat": repeat})
    add_entry(session, how, scene, "milestones", entry, f"Milestone of {{name}}, {day}")
