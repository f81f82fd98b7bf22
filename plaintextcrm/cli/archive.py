"""`archive`: a contact to look at once a year. Nothing is deleted."""

import click

from plaintextcrm.cli.adding import contact_argument
from plaintextcrm.cli.change import Edit, How, Work, carry_out, find, spliced, writes
from plaintextcrm.cli.output import one_line
from plaintextcrm.cli.session import Session
from plaintextcrm.model.errors import ChangeRefused
from plaintextcrm.model.reminders import SILENT
from plaintextcrm.text.edit import Change, Set
from plaintextcrm.text.nodes import Mapping
from plaintextcrm.text.reader import read

STATUS, CADENCE = "dormant", "1 year"


@click.command(epilog="Example: plaintextcrm archive mala")
@contact_argument
@writes
def command(session: Session, how: How, contact: str) -> None:
    """Keep CONTACT for a look once a year: status dormant, cadence 1 year. Nothing is deleted."""
    scene = find(session, contact)
    row = scene.row
    if row.status == SILENT:
        raise ChangeRefused(
            f"{row.path}: the status is {SILENT}: there are no reminders that could become fewer, "
            f"and `archive` would bring one a year. If you mean it: `set {row.id} status {STATUS}`."
        )
    work = Work(
        what=f"archive {row.id}",
        done=f"{one_line(row.name)} is dormant now, with a look once a year",
        paths=[row.path],
        plan=lambda: spliced(session, scene, [Edit(row.path, _rest)]),
    )
    carry_out(session, how, work)


def _rest(data: bytes) -> tuple[Change, ...]:
    """What a long cadence says besides `every` stays."""
    root = read(data, "").root
    held = next((node for key, node in root.pairs if key.text == "cadence"), None) if root else None
    where = ("cadence", "every") if isinstance(held, Mapping) else ("cadence",)
    return Set(("status",), STATUS), Set(where, CADENCE)
