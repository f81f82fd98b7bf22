"""`deal`: a deal that is new, or how it went on, was won or lost."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import click

from plaintextcrm.cli.adding import contact_argument, filled, joined, words_argument
from plaintextcrm.cli.change import Edit, How, Work, carry_out, find, read, spliced, writes
from plaintextcrm.cli.choosing import Entries, choose
from plaintextcrm.cli.output import one_line
from plaintextcrm.cli.session import Session
from plaintextcrm.cli.spoken import spoken_command
from plaintextcrm.cli.when import day_text, vague_text
from plaintextcrm.model.duration import Duration
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.edit import Append, Change, Remove, Set
from plaintextcrm.text.render import Plain

WIN_BACK = Duration(months=12)  # how long after the loss of a deal it is proposed to try again
DEALS = Entries("deals", "deal", ("name", "note"), closed=("closed", "done"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be said of a deal. `means` is open, won or lost; empty where the stage stays."""

    name: str
    fields: dict[str, Plain]
    means: str
    today: date
    new: bool


@spoken_command(
    epilog="Example: plaintextcrm deal mala New e-shop --lost --reason price --win-back 2027-Q3"
)
@contact_argument
@words_argument("[NAME]", required=False)
@click.option("--value", help="What it is worth: 120000 CZK.")
@click.option("--stage", help="How far it is: lead, offer, or one of the settings.")
@click.option("--date", "day", metavar="DATE", help="When you expect to close it; may be vague.")
@click.option("--won", "means", flag_value="won", help="It was won.")
@click.option("--lost", "means", flag_value="lost", help="It was lost.")
@click.option("--closed", metavar="DATE", help="When it was won or lost; today unless it is said.")
@click.option("--reason", help="Why it was lost.")
@click.option("--competitor", help="To whom it was lost.")
@click.option("--win-back", metavar="DATE", help="When to try again; may be vague.")
@click.option("--note", help="What is worth keeping of it.")
@click.option("--new", is_flag=True, help="A new deal, though there is one of this name.")
@writes
def command(
    session: Session, how: How, contact: str, words: tuple[str, ...], new: bool, **given: str | None
) -> None:
    """Write down a deal of CONTACT; or, where there is one of this name, what changed of it.

    NAME may be words of an existing deal's name; without it the only open one is meant. On a terminal
    --lost asks why, and when to try again, where that was not said.
    """
    scene = find(session, contact)
    row = scene.row
    wanted = _wanted(joined(words), given, scene.settings, scene.today, new)
    known = choose(DEALS, row.path, read(session, row.path), wanted.name, new=new)
    if known is None and not wanted.name:
        raise click.UsageError(f"{row.id} has no open deal. A new one wants a NAME.")
    if known is not None and not wanted.fields:
        raise click.UsageError(
            f"{known.words!r} is there already: say what changed, such as --won, or --new for another."
        )

    if wanted.means == "lost" and sys.stdin and sys.stdin.isatty():
        wanted = _explained(wanted, known.fields if known else {}, scene.settings)

    def change(data: bytes) -> Sequence[Change]:
        found = choose(DEALS, row.path, data, wanted.name, new=new)
        if found is None:
            return (Append(("deals",), _entry(wanted)),)
        return _changes(wanted, found.index, found.fields)

    name = known.words if known else wanted.name
    verb = {"won": "Won", "lost": "Lost"}.get(wanted.means, "Changed" if known else "Noted")
    work = Work(
        what=f"deal {row.id}",
        done=f"{verb} the deal {one_line(name)} with {one_line(row.name)}",
        paths=[row.path],
        plan=lambda: spliced(session, scene, [Edit(row.path, change)]),
    )
    carry_out(session, how, work)


def _wanted(
    name: str, given: dict[str, str | None], settings: Settings, today: date, new: bool
) -> Wanted:
    means, stage = given["means"] or "", given["stage"]
    if means and stage:
        raise click.UsageError(f"Either --stage or --{means}: a deal has one stage.")
    if means:
        stage = next((one.name for one in settings.stages if one.means == means), None)
        if stage is None:
            raise click.UsageError(f"No stage of the settings means {means}: add one to `stages`.")
    elif stage:
        means = settings.stage_means(stage)
    closed = given["closed"]
    fields = filled({
        "stage": stage,
        "value": given["value"],
        "date": vague_text(given["day"], today) if given["day"] else None,
        "closed": day_text(closed, today) if closed else None,
        "reason": given["reason"],
        "competitor": given["competitor"],
        "win_back": vague_text(given["win_back"], today) if given["win_back"] else None,
        "note": given["note"],
    })  # fmt: skip
    return Wanted(name, fields, means, today, new)


def _explained(wanted: Wanted, held: dict[str, str], settings: Settings) -> Wanted:
    """A lost deal, with why and when to try again: what nobody said yet is asked for. Enter takes the
    date that is proposed, a dash leaves it out.
    """
    fields = dict(wanted.fields)
    known = ", ".join(settings.lost_reasons)
    if not (fields.get("reason") or held.get("reason")):
        about = f"Why was it lost{f' ({known})' if known else ''}? -: not known"
        fields["reason"] = click.prompt(about, default="-", show_default=False, err=True)
    if not (fields.get("win_back") or held.get("win_back")):
        proposed = WIN_BACK.after(wanted.today).isoformat()
        said = click.prompt("When will you try again? -: never", default=proposed, err=True)
        fields["win_back"] = said if said == "-" else vague_text(said, wanted.today)
    return replace(wanted, fields={name: text for name, text in fields.items() if text != "-"})


def _entry(wanted: Wanted) -> dict[str, Plain]:
    """A new entry, its fields in the order of the field table."""
    fields = {"name": wanted.name, **wanted.fields}
    if wanted.means in ("won", "lost"):
        fields.setdefault("closed", wanted.today.isoformat())
    order = ("name", "stage", "value", "date", "closed", "reason", "competitor", "win_back", "note")
    return {name: fields[name] for name in order if name in fields}


def _changes(wanted: Wanted, index: int, held: dict[str, str]) -> list[Change]:
    """What changes of an entry. Won or lost closes it; a stage that means open opens it again."""
    fields = dict(wanted.fields)
    changes: list[Change] = []
    if wanted.means in ("won", "lost") and not held.get("closed"):
        fields.setdefault("closed", wanted.today.isoformat())
    elif wanted.means == "open" and "closed" in held and "closed" not in fields:
        changes.append(Remove(("deals", index, "closed")))
    return [Set(("deals", index, name), value) for name, value in fields.items()] + changes
