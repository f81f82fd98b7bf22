"""`log`: write down a talk with one or several contacts, in one line."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import click

from plaintextcrm.book.book import Book
from plaintextcrm.cli.adding import filled, joined, stdin_text
from plaintextcrm.cli.asking import is_query
from plaintextcrm.cli.change import (
    Edit,
    How,
    Scene,
    Work,
    always,
    carry_out,
    spliced,
    writes,
)
from plaintextcrm.cli.completion import complete_talk
from plaintextcrm.cli.output import one_line
from plaintextcrm.cli.session import Session
from plaintextcrm.cli.several import everyone
from plaintextcrm.cli.spoken import spoken_command
from plaintextcrm.cli.when import day_text
from plaintextcrm.cli.writer import writer
from plaintextcrm.model.errors import CrmError
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.edit import Append, Change
from plaintextcrm.text.render import Plain

NAMED = 5  # contacts; more are counted
_SPOKEN = {"social": "a talk on social media", "video": "a video call"}


@dataclass(frozen=True, slots=True)
class Said:
    """A talk as it was typed, or as a script sent it, then at a `place`: dates are not read yet."""

    contacts: tuple[str, ...]
    channel: str
    note: str
    date: str = "today"
    direction: str = ""
    mood: str = ""
    by: str = ""
    next: str = ""
    place: str = ""


@spoken_command(epilog="Example: plaintextcrm log mala acme call Wants a new e-shop --next +2w")
@click.argument(
    "words", nargs=-1, required=True, metavar="CONTACT… CHANNEL NOTE…", shell_complete=complete_talk
)
@click.option("--date", metavar="DATE", default="today", help="The day of the talk.")
@click.option("--in", "direction", flag_value="in", help="They came to you.")
@click.option("--out", "direction", flag_value="out", help="You went to them.")
@click.option("--mood", default="", help="How it felt, in a word.")
@click.option("--by", default="", help="Who of you talked; you, unless it is said.")
@click.option("--next", metavar="WHEN", default="", help="Follow up on that day.")
@writes
def command(session: Session, how: How, words: tuple[str, ...], **options: str | None) -> None:
    """Write down a talk with one or several contacts: CONTACT by CONTACT, then the CHANNEL.

    A CONTACT with a sign, such as tag:vip or @cold, is a query as `list` takes it: the talk is written
    down for each whom it finds, as one of his own.

    CHANNEL is call, email, meeting, message, video, letter, event, social, or one of the settings.
    Without a NOTE your editor opens; the note `-` is read from stdin. `log -` takes many talks from
    stdin, a JSON object on each line: docs/json.md.
    """
    given = {name: value for name, value in options.items() if value}
    if words == ("-",):
        from plaintextcrm.cli.script import read_talks

        talks = read_talks(given)
        scenes = session.ask(lambda book: _scenes(book, talks))
    else:

        def answer(book: Book) -> tuple[list[Said], list[Scene]]:
            said = _said(words, book.settings, given)
            return [said], _scenes(book, [said])

        talks, scenes = session.ask(answer)
        if not talks[0].note:
            _log_from_editor(session, how, talks[0], scenes[0])
            return
    carry_out(session, how, _work(session, talks, scenes))


def _scenes(book: Book, talks: Sequence[Said]) -> list[Scene]:
    found = []
    for said in talks:
        with _placed(said):
            found.append(everyone(book, said.contacts))
    return found


@contextmanager
def _placed(said: Said) -> Iterator[None]:
    """Within it, what is wrong with a talk of a script is told with its line."""
    try:
        yield
    except (CrmError, click.ClickException) as error:
        if not said.place:
            raise
        what = error.message if isinstance(error, click.ClickException) else str(error)
        raise click.UsageError(f"{said.place}: {what}\nNothing was written.") from None


def _said(words: Sequence[str], settings: Settings, given: dict[str, str]) -> Said:
    """Which words are contacts, which one is the channel, and which are the note."""
    places = [n for n, word in enumerate(words) if n and channel_of(word, settings)]
    if not places:
        known = ", ".join(settings.all_channels)
        raise click.UsageError(
            f"How did you talk? Write CONTACT, then one of: {known}; then a note."
        )
    at = places[0]
    note = joined(words[at + 1 :])
    if note == "-":
        note = stdin_text().strip()
        if not note:
            raise click.UsageError("There is no note on stdin.")
    return Said(tuple(words[:at]), channel_of(words[at], settings), note, **given)


def channel_of(word: str, settings: Settings) -> str:
    """The channel that a word names, as the settings spell it; empty where it names none."""
    wanted = word.casefold()
    return next((name for name in settings.all_channels if name.casefold() == wanted), "")


def _log_from_editor(session: Session, how: How, said: Said, scene: Scene) -> None:
    from dataclasses import replace

    from plaintextcrm.cli.editor import ask_note, kept

    _edits(
        replace(said, note="…"), scene
    )  # says at once what is wrong with a date, not after the note
    about = f"{_spoken(said.channel)} with {_names(scene)}"
    note = ask_note(f"What is worth keeping of {about}?")
    with kept(note):
        carry_out(session, how, _work(session, [replace(said, note=note)], [scene]))


def _work(session: Session, talks: Sequence[Said], scenes: Sequence[Scene]) -> Work:
    me = writer(session, scenes[0].settings)
    edits = []
    for said, scene in zip(talks, scenes, strict=True):
        with _placed(said):
            edits += _edits(said, scene, me)
    rows = {row.path: row for scene in scenes for row in scene.rows}
    scene = scenes[0]._replace(rows=tuple(rows.values()))
    if len(talks) == 1:
        done = f"Logged {_spoken(talks[0].channel)} with {_names(scenes[0])}"
        what = f"log {_ids(scenes[0])} {talks[0].channel}"
    else:
        done, what = f"Logged {len(talks)} talks", f"log - ({len(talks)} talks)"
    return Work(
        what=what,
        done=done,
        paths=list(rows),
        plan=lambda: spliced(session, scene, _by_file(edits)),
    )


def _edits(said: Said, scene: Scene, me: str = "") -> list[Edit]:
    """The talk in the file of each contact. Where several are named, each names the others; those
    that a query found were not there together.
    """
    apart = any(map(is_query, said.contacts))
    found = []
    for row in scene.rows:
        talk = filled({
            "date": day_text(said.date, scene.today),
            "channel": said.channel,
            "direction": said.direction,
            "note": said.note,
            "by": said.by or me,
            "with": [other.id for other in scene.rows if other != row and not apart],
            "mood": said.mood,
        })  # fmt: skip
        changes: list[Change] = [Append(("interactions",), talk)]
        if said.next:
            first_line = said.note.splitlines()[0]
            coming: Plain = {"date": day_text(said.next, scene.today), "note": first_line}
            changes.append(Append(("follow_ups",), coming))
        found.append(always(row.path, *changes))
    return found


def _by_file(edits: Sequence[Edit]) -> list[Edit]:
    """One edit for each file, with all of its changes."""
    paths = {edit.path: None for edit in edits}
    return [
        always(
            path, *(change for edit in edits if edit.path == path for change in edit.changes(b""))
        )
        for path in paths
    ]


def _spoken(channel: str) -> str:
    return _SPOKEN.get(channel) or f"{'an' if channel[:1].lower() in 'aeiou' else 'a'} {channel}"


def _ids(scene: Scene) -> str:
    many = len(scene.rows) > NAMED
    return f"{len(scene.rows)} contacts" if many else " ".join(row.id for row in scene.rows)


def _names(scene: Scene) -> str:
    if len(scene.rows) > NAMED:
        return f"{len(scene.rows)} contacts"
    names = [one_line(row.name) for row in scene.rows]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
