"""`undo`: take back what a command changed, by the texts that were saved with it."""

from datetime import datetime

import click

from plaintextcrm.cli.change import How, Planned, Work, carry_out, writes
from plaintextcrm.cli.output import one_line, say, say_table, style, tell, to_json
from plaintextcrm.cli.session import Session
from plaintextcrm.model.errors import ChangeRefused
from plaintextcrm.store.change import holds
from plaintextcrm.store.journal import Journal, Record

NAMED = 3  # files in a line; more are counted


@click.command(epilog="Example: plaintextcrm undo --list")
@click.argument("number", type=click.IntRange(1), required=False)
@click.option("--list", "listed", is_flag=True, help="List the last changes, the newest first.")
@writes
def command(session: Session, how: How, number: int | None, listed: bool) -> None:
    """Take back the last change that a command made, or the one with this NUMBER of --list.

    Refused if one of its files has changed since. An undo is a change, too: it can be undone.
    """
    records = Journal(session.journal()).records()
    if listed:
        _list(session, records, how.form)
        return
    record = next((one for one in records if number in (None, one.number)), None)
    if record is None:
        what = f"There is no change {number}" if number else "No command changed anything so far"
        raise ChangeRefused(f"{what}, or it is too long ago. See `plaintextcrm undo --list`.")
    back = [version.reversed() for version in record.files]

    def plan() -> Planned:
        changed = [one.path for one in back if not holds(session.folder, one, one.before)]
        if changed:
            raise ChangeRefused(
                f"{_names(changed)} changed since `{one_line(record.what)}`: nothing was undone. "
                "Take back what came later first, or edit the file yourself."
            )
        return Planned(back, [])

    work = Work(
        what=f"undo of {record.what}",
        done=f"Took back: {one_line(record.what)}",
        paths=[one.path for one in back if one.after is not None][:1],
        plan=plan,
    )
    carry_out(session, how, work)


def _names(paths: list[str]) -> str:
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    return ", ".join(map(one_line, paths[:NAMED])) + more


def _list(session: Session, records: list[Record], form: str) -> None:
    if form == "json":
        for record in records:
            files = [version.path for version in record.files]
            say(
                to_json(
                    {
                        "number": record.number,
                        "when": record.when,
                        "what": record.what,
                        "files": files,
                    }
                )
            )
        return
    rows = [
        (str(one.number), _local(one.when), one.what, _names([file.path for file in one.files]))
        for one in records
    ]
    if not rows:
        tell("No command changed anything so far.")
        return
    say_table(
        ("NUMBER", "WHEN", "WHAT", "FILES"), rows, style(session.color), (False, False, True, True)
    )


def _local(when: str) -> str:
    """The moment on the clock of whoever looks."""
    return f"{datetime.fromisoformat(when).astimezone():%Y-%m-%d %H:%M}"
