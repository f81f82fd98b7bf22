"""`need`: what a contact may need, and when."""

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
from plaintextcrm.cli.when import split_front, vague_text


@spoken_command(
    epilog="Example: plaintextcrm need mala 2027-Q1 New catalogue --because 'the old one ends'"
)
@contact_argument
@words_argument("WHEN NOTE…")
@click.option("--because", help="Why you think so.")
@click.option("--lead", help="How long before you want to know: 2 weeks, 3m.")
@writes
def command(
    session: Session,
    how: How,
    contact: str,
    words: tuple[str, ...],
    because: str | None,
    lead: str | None,
) -> None:
    """Write down what CONTACT may need, and WHEN: a day, or vague as 2027-03, 2027-Q1, 2027."""
    scene = find(session, contact)
    day, note = split_front(words, scene.today, vague_text)
    entry = filled({"date": day, "note": told(note, "the need"), "because": because, "lead": lead})
    add_entry(session, how, scene, "needs", entry, f"Need of {{name}} in {day}")
