"""`scrape`: e-mails become talks in the files of those who wrote them or got them."""

import shlex
import sys
import uuid
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, tzinfo
from pathlib import Path
from typing import NamedTuple

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.change import (
    Edit,
    How,
    Planned,
    Scene,
    Work,
    carry_out,
    demand_sound,
    spliced,
    writes,
)
from plaintextcrm.cli.output import one_line, say, tell
from plaintextcrm.cli.schema import modeline
from plaintextcrm.cli.session import Session, parse_day
from plaintextcrm.cli.writer import writer
from plaintextcrm.exchange.correspondence import Pile, Rules, Talk, own_addresses, sort_letters
from plaintextcrm.exchange.letters import ID_HEAD, Letter, Unread, heads, read_letter
from plaintextcrm.exchange.mailbox import Head, Unreadable, mail_in
from plaintextcrm.model.settings import Settings
from plaintextcrm.store.change import Version
from plaintextcrm.store.folder import CONTACTS
from plaintextcrm.text.edit import Append, Change, Insert
from plaintextcrm.text.naming import Ids
from plaintextcrm.text.nodes import Mapping, plain
from plaintextcrm.text.nodes import Sequence as List
from plaintextcrm.text.page import page
from plaintextcrm.text.parse import contact_id
from plaintextcrm.text.reader import read as read_text
from plaintextcrm.text.render import Plain

LISTED = 20  # strangers and faults; more are counted
LONG_AGO = date.min.isoformat()


class Wish(NamedTuple):
    """What was asked for."""

    how: How
    since: str
    me: tuple[str, ...]
    lists: bool
    most: int
    new: bool


class Sorted(NamedTuple):
    """What the book says of the letters."""

    scene: Scene
    pile: Pile
    paths: list[str]


@click.command(epilog="Example: plaintextcrm scrape ~/Mail/INBOX ~/Mail/Sent --since -1m --dry-run")
@click.argument("places", metavar="[FILE…]", nargs=-1, type=click.Path())
@click.option(
    "--since", metavar="DATE", default=LONG_AGO, help="Only what was sent since that day."
)
@click.option("--me", multiple=True, metavar="ADDRESS", help="Yours, beside `my_emails`.")
@click.option("--lists", is_flag=True, help="Mailing lists and automatic answers, too.")
@click.option(
    "--most",
    default=10,
    show_default=True,
    type=click.IntRange(1),
    help="Letters to more people are left out.",
)
@click.option("--new", is_flag=True, help="Make contacts of those who are none yet.")
@writes
def command(
    session: Session,
    how: How,
    places: tuple[str, ...],
    since: str,
    me: tuple[str, ...],
    lists: bool,
    most: int,
    new: bool,
) -> None:
    """Write e-mails down as talks: day, direction and subject, with those whose addresses contacts have.

    FILE is a message, an mbox, a Maildir or a folder of them; without one a message is read from
    stdin. What is written down already is not written twice. Of whom no contact has the address, the
    command that makes one is shown; --new makes it.

    What you sent is known by `my_emails` in plaintextcrm.yaml: `[jana@studio.example, "@studio.example"]`.
    """
    wish = Wish(how, since, me, lists, most, new)
    settings = session.ask(lambda book: book.settings)
    letters, faults = _letters(places, _zone(settings))
    found: Sorted = session.ask(lambda book: _sorted(session, book, letters, wish))
    _tell(found, faults, wish)
    if found.pile.talks or (new and found.pile.strangers):
        _write(session, found, wish)
    elif not how.dry_run:
        tell("Nothing to write down.")


def _zone(settings: Settings) -> tzinfo | None:
    """Where a day begins: as the settings say, else here."""
    if not settings.timezone:
        return None
    from zoneinfo import ZoneInfo

    return ZoneInfo(settings.timezone)


def _letters(places: Sequence[str], zone: tzinfo | None) -> tuple[list[Letter], list[str]]:
    """All letters, and what could not be read, a line each."""
    letters: list[Letter] = []
    faults: list[str] = []
    for head in _heads(places):
        if isinstance(head, Unreadable):
            faults.append(f"{head.where}: cannot be read: {head.why}")
            continue
        letter = read_letter(head.data, zone)
        if isinstance(letter, Unread):
            faults.append(f"{head.where}: {letter.why}")
        else:
            letters.append(letter)
    letters.sort(key=lambda letter: letter.day)
    return letters, faults


def _heads(places: Sequence[str]) -> Iterator[Head | Unreadable]:
    if not places and sys.stdin.isatty():
        raise click.UsageError("Name files, a Maildir or an mbox, or send a message to stdin.")
    for place in places or ("-",):
        if place == "-":
            for number, data in enumerate(heads(sys.stdin.buffer), 1):
                yield Head(f"stdin, message {number}", data)
        elif Path(place).exists():
            yield from mail_in(Path(place))
        else:
            raise click.UsageError(f"{place}: there is no such file or folder.")


def _sorted(session: Session, book: Book, letters: Sequence[Letter], wish: Wish) -> Sorted:
    settings = book.settings
    rules = Rules(
        own_addresses((*settings.my_emails, *wish.me)),
        answers.holders(book),
        date.min if wish.since == LONG_AGO else parse_day(wish.since, book.today),
        book.today,
        wish.most,
        wish.lists,
        writer(session, settings),
    )
    pile = sort_letters(letters, rules, answers.talk_ids(book, ID_HEAD))
    return Sorted(Scene((), settings, book.today), pile, answers.paths(book))


# ── writing ──────────────────────────────────────────────────────────────────


def _write(session: Session, found: Sorted, wish: Wish) -> None:
    files: dict[str, list[Talk]] = {}
    for talk in found.pile.talks:
        files.setdefault(talk.path, []).append(talk)
    fresh = _new_files(session, found) if wish.new else {}
    count = len(found.pile.talks) + sum(len(one) for _person, one in found.pile.strangers.values())
    number = f"{count if wish.new else len(found.pile.talks)} e-mail"
    number += "s" * (number != "1 e-mail")
    contacts = f"{len(files) + len(fresh)} contact{'s' * (len(files) + len(fresh) != 1)}"

    def plan() -> Planned:
        planned = spliced(
            session, found.scene, [_edit(path, talks) for path, talks in files.items()]
        )
        for path, text in fresh.items():
            planned.warnings.extend(demand_sound(found.scene, path, None, text.encode()))
            planned.versions.append(Version(path, None, text))
        return planned

    work = Work(
        what=f"scrape ({number})",
        done=f"Wrote down {number} with {contacts}",
        paths=[*files, *fresh],
        plan=plan,
    )
    carry_out(session, wish.how, work)


def _edit(path: str, talks: Sequence[Talk]) -> Edit:
    return Edit(path, lambda data: _changes(data, talks))


def _changes(data: bytes, talks: Sequence[Talk]) -> list[Change]:
    """Each talk where it belongs by its day, if the list runs by days; else at its end."""
    root = read_text(data, "").root
    held = (
        next((node for key, node in root.pairs if key.text == "interactions"), None)
        if root
        else None
    )
    days = [_day(item) for item in held.items] if isinstance(held, List) else []
    changes: list[Change] = []
    for talk in talks:
        day, values = str(talk.values["date"]), dict(talk.values)
        place = _place(days, day)
        if place is None:
            changes.append(Append(("interactions",), values))
            days.append(day)
        else:
            changes.append(Insert(("interactions",), place, values))
            days.insert(place, day)
    return changes


def _place(days: list[str], day: str) -> int | None:
    """The number of the entry in front of which that day belongs."""
    if not days or "" in days:
        return None
    if days == sorted(days):
        return bisect_right(days, day)
    return len(days) - bisect_right(days[::-1], day) if days == sorted(days)[::-1] else None


def _day(item: object) -> str:
    found = plain(item) if isinstance(item, Mapping) else {}
    day = found.get("date") if isinstance(found, dict) else ""
    return day if isinstance(day, str) else ""


def _new_files(session: Session, found: Sorted) -> dict[str, str]:
    """A file for each stranger, with their letters."""
    ids = Ids(map(contact_id, found.paths))
    files = {}
    for person, letters in found.pile.strangers.values():
        name = person.name or person.address
        path = f"{CONTACTS}/{ids.new(name)}.yaml"
        head = modeline(session.folder, session.folder / path)
        fields: dict[str, Plain] = {
            "name": name,
            "uid": str(uuid.uuid4()),
            "emails": [person.address],
            "source": "e-mail",
            "interactions": [*letters],
        }
        files[path] = f"{head}\n{page(fields)}"
    return files


# ── telling ──────────────────────────────────────────────────────────────────


def _tell(found: Sorted, faults: list[str], wish: Wish) -> None:
    """What was left out and why; of strangers, how to make contacts of them."""
    pile = found.pile
    _tell_some([f"{one}: left out" for one in faults])
    for address, ids in pile.doubtful.items():
        tell(
            f"{address}: {' and '.join(map(one_line, ids))} have it, so it is left out. See `twins`."
        )
    for why, count in pile.left_out.items():
        tell(f"{count} left out: {why}")
    if pile.known:
        tell(f"{pile.known} written down already")
    if not wish.new:
        _say_strangers(pile)
    if not (found.scene.settings.my_emails or wish.me) and (pile.talks or pile.strangers):
        tell("Set `my_emails` in plaintextcrm.yaml, so that what you sent is known as such.")


def _tell_some(lines: list[str]) -> None:
    for line in lines[:LISTED]:
        tell(line)
    if len(lines) > LISTED:
        tell(f"and {len(lines) - LISTED} more")


def _say_strangers(pile: Pile) -> None:
    for person, letters in list(pile.strangers.values())[:LISTED]:
        name = one_line(person.name or person.address)
        words = ["plaintextcrm", "new", f"--email={person.address}", "--", name]
        last = letters[-1]
        say(f"{shlex.join(words)}  # {last['date']}: {one_line(str(last['note']))}")
    if len(pile.strangers) > LISTED:
        tell(f"and {len(pile.strangers) - LISTED} more who are no contacts")
