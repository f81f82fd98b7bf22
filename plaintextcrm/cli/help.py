"""`help`: what a command takes, how to ask, and how dates are said."""

from collections.abc import Sequence
from typing import NamedTuple

import click
from click.shell_completion import CompletionItem

from plaintextcrm.cli.main import COMMANDS, cli
from plaintextcrm.cli.output import say, say_lines, style
from plaintextcrm.cli.session import Session, session


class Part(NamedTuple):
    """A piece of a page: what it is about, what may be written, and what that means."""

    head: str
    lines: tuple[tuple[str, str], ...]


QUERY = (
    Part("Words", (
        ("shop", "the word, or one that begins so, anywhere in the file"),
        ("mala", "finds Malá, MALA, Malátný: case and accents do not matter"),
        ("new shop", "side by side: both of them"),
        ('"new e-shop"', "this phrase; in the shell: '\"new e-shop\"' or \"new e-shop\""),
        ("any:601", "within words, too"),
    )),
    Part("Fields: every field of the file, and what is known of the contact", (
        ("tag:vip", "contains; tag, org, email, phone … stand for one of the list"),
        ("status=client", "equals"),
        ("owner:", "nobody owns it; has:owner, somebody does"),
        ("title:\"head of\"", "a value with blanks"),
        ("last<-6m", "talked to before the last six months; last: never"),
        ("next<=today", "to be contacted by today"),
        ("overdue>14", "something is late for more than 14 days"),
        ("turnover>100000", "in the last full year; class:A"),
    )),
    Part("All, one, none", (
        ("tag:vip or tag:press", "either"),
        ("not tag:vip", "or -tag:vip"),
        ("(tag:a or tag:b) -status:lost", "parentheses: put all of it in quotes"),
    )),
    Part("Dates", (
        ("last:2026-10", "in that month; also 2026, 2026-Q4, 2026-10-14"),
        ("last:2026-01..2026-03", "from January to March; one end may be open"),
        ("next<=+2w", "days from today: +2w, -3m, friday, today"),
        ("birthday:--12", "in December of any year; --12-24, --12-01..--12-24"),
    )),
    Part("Entries: talks, promises, needs, deals and the other lists", (
        ("deals.stage:lost", "there is a deal that is lost"),
        ("promises.done:", "there is a promise without done"),
        ("needs:", "there is no need; has:needs, there is one"),
        ("deals:shop", "one of them has the text"),
        ("deals:(stage:lost value>100000)", "one and the same deal"),
        ("interactions.date>2026-06", "there was a talk since July"),
    )),
    Part("States, order, saved queries", (
        ("is:overdue", "also due, private, broken, person, company, a status"),
        ("has:phone", "a phone number is written down"),
        ("sort:-turnover", "largest first; sort:last the oldest talk first"),
        ("@cold", "the query cold of the settings' queries"),
    )),
)  # fmt: skip
DATES = (
    Part("A day", (
        ("2026-12-01", "that day"),
        ("today", "also tomorrow, yesterday"),
        ("friday", "the next one after today"),
        ("+2w", "in two weeks; +3d days, +3m months, +1y years"),
        ("-3d", "three days ago"),
        ("in 3 months", "the same in words; put it in quotes"),
    )),
    Part("Where a day need not be known: needs, milestones, deals", (
        ("2027-03", "in March 2027"),
        ("2027-Q1", "in its first quarter"),
        ("2027", "some time in 2027"),
        ("--12-24", "every year on 24 December, where days come back"),
    )),
    Part("How long: cadence, lead", (
        ("6 weeks", "also 3 months, 90 days, 1 year"),
        ("6w", "short; 3m, 90d, 1y, or P3M"),
    )),
)  # fmt: skip
TOPICS = {"query": QUERY, "dates": DATES}
BEHIND = {
    "query": "In the shell, put quotes around < > ( ) and blanks:  pcrm list 'last<-6m'\n"
    "All fields and signs: docs/query.md. What this cannot say: plaintextcrm sql.",
    "dates": "A day begins by the settings' timezone; --today DATE acts as on another one.",
}


def complete_topic(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Commands and topics."""
    known = {**COMMANDS, "query": "how to ask", "dates": "how dates are said"}
    return [
        CompletionItem(name, help=about)
        for name, about in sorted(known.items())
        if name.startswith(incomplete)
    ]


@click.command(epilog="Example: plaintextcrm help query")
@click.argument("topic", nargs=-1, metavar="[COMMAND|query|dates]", shell_complete=complete_topic)
@session
def command(session: Session, topic: tuple[str, ...]) -> None:
    """Tell what a COMMAND takes; `query`: how to ask; `dates`: how days are said."""
    if not topic:
        _say_help(())
        say("\nMore: plaintextcrm help query, plaintextcrm help dates.")
    elif len(topic) == 1 and topic[0] in TOPICS:
        _say_page(topic[0], session)
    else:
        _say_help(topic)


def _say_help(path: Sequence[str]) -> None:
    """The help of a command, as `--help` gives it."""
    here: click.Command = cli
    context = click.Context(cli, info_name=click.get_current_context().find_root().info_name)
    for name in path:
        inner = here.get_command(context, name) if isinstance(here, click.Group) else None
        if inner is None:
            raise click.UsageError(_nothing(" ".join(path)))
        here = inner
        context = click.Context(here, context, info_name=name, **here.context_settings)
    say(here.get_help(context))


def _nothing(asked: str) -> str:
    from plaintextcrm.text.suggest import did_you_mean

    hint = did_you_mean(asked, [*COMMANDS, *TOPICS]) or "`plaintextcrm help` lists the commands."
    return f"There is no help on {asked!r}: {hint}"


def _say_page(topic: str, session: Session) -> None:
    """A page: what to write on the left, what it means on the right."""
    styled = style(session.color)
    lines: list[str] = []
    for part in TOPICS[topic]:
        width = max(len(example) for example, _about in part.lines)
        lines += ["", styled(part.head, bold=True)] if lines else [styled(part.head, bold=True)]
        lines += [f"  {example:{width}}  {about}" for example, about in part.lines]
    say_lines([*lines, "", BEHIND[topic]])
