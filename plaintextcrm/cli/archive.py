"""`archive`: a contact to look at once a year. Nothing is deleted."""

from datetime import date

import click

from plaintextcrm.cli.adding import contact_argument
from plaintextcrm.cli.change import Edit, How, Work, carry_out, find, spliced, writes
from plaintextcrm.cli.output import one_line
from plaintextcrm.cli.session import Session
from plaintextcrm.model.dates import parse_duration
from plaintextcrm.model.errors import ChangeRefused
from plaintextcrm.model.reminders import SILENT
from plaintextcrm.text.edit import Change, Set
from plaintextcrm.text.nodes import Mapping, Scalar
from plaintextcrm.text.reader import read
from plaintextcrm.text.render import Plain

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

    def rest(data: bytes) -> list[Change]:
        return _rest(data, row.last or "", scene.today)

    work = Work(
        what=f"archive {row.id}",
        done=f"{one_line(row.name)} is dormant now, with a look once a year",
        paths=[row.path],
        plan=lambda: spliced(session, scene, [Edit(row.path, rest)]),
    )
    carry_out(session, how, work)


def _rest(data: bytes, last: str, today: date) -> list[Change]:
    """A year counts from the last contact; where that is longer ago, from today, or the contact would
    come up at once. What a long cadence says besides stays. Days are ISO texts.
    """
    root = read(data, "").root
    held = next((node for key, node in root.pairs if key.text == "cadence"), None) if root else None
    own = {key.text: node for key, node in held.pairs} if isinstance(held, Mapping) else {}
    since = own.get("since")
    begins = since.text if isinstance(since, Scalar) else ""
    if "channels" not in own:  # others than these do not count
        begins = max(begins, last)
    new: dict[str, Plain] = {"every": CADENCE}
    if begins <= parse_duration(CADENCE).before(today).isoformat():
        new["since"] = today.isoformat()
    if isinstance(held, Mapping):
        changes = [Set(("cadence", name), value) for name, value in new.items()]
    else:
        changes = [Set(("cadence",), new if len(new) > 1 else CADENCE)]
    return [Set(("status",), STATUS), *changes]
