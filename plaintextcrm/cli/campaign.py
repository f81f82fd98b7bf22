"""`campaign`: whom to tell about an event or an offer, as a list for a mail merge."""

from collections import Counter

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.asking import asked
from plaintextcrm.cli.change import How, Scene, Work, always, carry_out, spliced
from plaintextcrm.cli.completion import complete_query
from plaintextcrm.cli.output import say, say_json, tell
from plaintextcrm.cli.separated import separated
from plaintextcrm.cli.session import Session, session, tell_problems
from plaintextcrm.cli.spoken import spoken_command
from plaintextcrm.cli.writer import writer
from plaintextcrm.model.dates import parse_whole_days
from plaintextcrm.model.duration import Duration
from plaintextcrm.query import where
from plaintextcrm.report.asking import Question
from plaintextcrm.report.campaign import CHANNELS, Campaign, campaign
from plaintextcrm.text.edit import Append

COLUMNS = (
    "contact", "name", "salutation", "given_name", "family_name", "prefix", "suffix", "language",
    "channel", "address", "organization", "owner",
)  # fmt: skip


@spoken_command(
    epilog="Example: plaintextcrm campaign tag:client -tag:poland --subject 'Open day' > people.csv"
)
@click.argument("query", nargs=-1, required=True, metavar="QUERY…", shell_complete=complete_query)
@click.option("--subject", required=True, help="What it is about; the note of what --log writes.")
@click.option(
    "--quiet",
    metavar="SPAN",
    default="14d",
    show_default=True,
    help="Who was talked with so lately is left out.",
)
@click.option("--channel", type=click.Choice(CHANNELS), help="Only who can be reached so.")
@click.option(
    "--consent", metavar="QUERY", help="Finds who agreed; the settings' `consent` unless given."
)
@click.option("--without-consent", is_flag=True, help="Also those who did not agree.")
@click.option("--log", is_flag=True, help="Write it down for all of them, in one go.")
@click.option(
    "--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True
)
@session
def command(
    session: Session,
    query: tuple[str, ...],
    subject: str,
    quiet: str,
    channel: str | None,
    consent: str | None,
    without_consent: bool,
    log: bool,
    form: str,
) -> None:
    """List whom to tell about an event or an offer: a line for each whom QUERY finds.

    Left out, and counted: do-not-contact, private contacts, those who did not agree, those who were
    talked with lately, and those who cannot be written to. Each line has the salutation, the language
    and the way to reach them, for a mail merge.

    With --log an interaction of today is written for each; `plaintextcrm undo` takes it back.
    """
    span = _span(quiet)

    def answer(book: Book) -> tuple[Campaign, Scene, int]:
        agreed = None
        if not without_consent:
            agreed = Question(book, where(book, _consent(book, consent)))
        found = campaign(
            Question(book, asked(book, query)), agreed, span, (channel,) if channel else CHANNELS
        )
        rows = {row.path: row for row in answers.contacts(book)} if log else {}
        scene = Scene(
            tuple(rows[one.path] for one in found.people if log), book.settings, book.today
        )
        return found, scene, tell_problems(book)

    found, scene, code = session.ask(answer)
    _say(found, subject, form)
    _tell(found)
    if log and found.people:
        carry_out(session, How(dry_run=False, form="text"), _work(session, scene, found, subject))
    click.get_current_context().exit(code)


def _span(text: str) -> Duration:
    try:
        return Duration() if text.strip() == "0" else parse_whole_days(text)
    except ValueError as error:
        raise click.UsageError(f"--quiet {text!r}: {error}. Write 14d, 6 weeks or 0.") from None


def _consent(book: Book, given: str | None) -> str:
    query = given or book.settings.consent
    if query:
        return query
    raise click.UsageError(
        "Who agreed to be written to? Write `consent: newsletter=yes`, or another query, into"
        " plaintextcrm.yaml; or say --consent QUERY; or --without-consent."
    )


def _say(found: Campaign, subject: str, form: str) -> None:
    if form == "json":
        say_json({
            "subject": subject,
            "people": [{name: getattr(one, name) for name in COLUMNS} for one in found.people],
            "left_out": [one._asdict() for one in found.left_out],
        })  # fmt: skip
    else:
        rows = ([getattr(one, name) for name in COLUMNS] for one in found.people)
        say(separated([COLUMNS, *rows], "csv"))


def _tell(found: Campaign) -> None:
    """How many are written to, and how many are left out for which reason."""
    number = len(found.people)
    tell(f"{number} {'person' if number == 1 else 'people'} to write to")
    reasons = Counter(one.why.partition(" on ")[0] for one in found.left_out)
    for why, count in reasons.most_common():
        tell(f"  {count} left out: {why}")


def _work(session: Session, scene: Scene, found: Campaign, subject: str) -> Work:
    me = writer(session, scene.settings)
    edits = [
        always(person.path, Append(("interactions",), {
            "date": scene.today.isoformat(), "channel": person.channel, "direction": "out",
            "note": subject, **({"by": me} if me else {}),
        }))
        for person in found.people
    ]  # fmt: skip
    number = f"{len(edits)} contact{'s' * (len(edits) != 1)}"
    return Work(
        what=f"campaign ({number})",
        done=f"Logged {subject!r} with {number}",
        paths=[edit.path for edit in edits],
        plan=lambda: spliced(session, scene, edits),
    )
