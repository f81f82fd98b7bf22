"""`feedback`: when to ask how it was, and what they said."""

from collections.abc import Sequence

import click

from plaintextcrm.cli.adding import contact_argument, filled, joined, words_argument
from plaintextcrm.cli.change import Edit, How, Work, carry_out, find, read, spliced, writes
from plaintextcrm.cli.choosing import Entries, choose
from plaintextcrm.cli.output import one_line
from plaintextcrm.cli.session import Session
from plaintextcrm.cli.spoken import spoken_command
from plaintextcrm.cli.when import day_text
from plaintextcrm.text.edit import Append, Change, Set

FEEDBACK = Entries("feedback", "question", ("about", "note"), closed=("score", "done"))


@spoken_command(epilog="Example: plaintextcrm feedback mala New e-shop --score 5")
@contact_argument
@words_argument("[ABOUT]", required=False)
@click.option("--date", "day", metavar="DATE", help="When to ask; today unless it is said.")
@click.option("--score", help="What they said, 1 to 5: it answers an open question.")
@click.option("--note", help="Their words.")
@writes
def command(
    session: Session,
    how: How,
    contact: str,
    words: tuple[str, ...],
    day: str | None,
    score: str | None,
    note: str | None,
) -> None:
    """Write down when to ask CONTACT how it was, and with --score what they said.

    A score answers the open question whose words ABOUT names; without ABOUT the only open one.
    """
    scene = find(session, contact)
    row = scene.row
    about = joined(words)
    asked = day_text(day or "today", scene.today)
    known = choose(FEEDBACK, row.path, read(session, row.path), about, new=not score)
    if not about and known is None:
        raise click.UsageError("Say what you ask about: ABOUT.")

    def change(data: bytes) -> Sequence[Change]:
        found = choose(FEEDBACK, row.path, data, about, new=not score)
        if found is None or not found.open:
            entry = filled({"date": asked, "about": about, "score": score, "note": note})
            return (Append(("feedback",), entry),)
        answer = filled({"score": score, "note": note})
        return [Set(("feedback", found.index, name), value) for name, value in answer.items()]

    name = one_line(known.words if known and known.open else about)
    who = one_line(row.name)
    work = Work(
        what=f"feedback {row.id}",
        done=f"{who} gave {name} a {score}" if score else f"Ask {who} about {name} on {asked}",
        paths=[row.path],
        plan=lambda: spliced(session, scene, [Edit(row.path, change)]),
    )
    carry_out(session, how, work)
