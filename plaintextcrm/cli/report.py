"""`report`: what to learn from the folder."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import click

from plaintextcrm.book.book import Book
from plaintextcrm.cli.asking import asked
from plaintextcrm.cli.completion import complete_query
from plaintextcrm.cli.output import say, say_json
from plaintextcrm.cli.reading import say_report
from plaintextcrm.cli.separated import separated
from plaintextcrm.cli.session import Session, session, tell_problems
from plaintextcrm.cli.spoken import SPOKEN, Spoken
from plaintextcrm.cli.when import vague_text
from plaintextcrm.model.dates import parse_partial
from plaintextcrm.report.asking import Question, Span
from plaintextcrm.report.plain import cells, plain_report
from plaintextcrm.report.reports import REPORTS, report
from plaintextcrm.report.values import Report, Table

FORMATS = ("text", "json", "csv", "svg", "html")
SENT = ("svg", "html")  # made to be shown to others: nothing private is in them

_YEAR = click.option(
    "--year",
    type=click.IntRange(1, 9999),
    help="The turnover of this year; the last full one unless given.",
)
_READY = click.option("--ready", is_flag=True, help="Only whom to ask for a recommendation now.")
_SPAN = (
    click.option(
        "--since", metavar="DATE", default="", help="From this day on: 2026-03-01, 2026, -6m."
    ),
    click.option("--until", metavar="DATE", default="", help="Up to this day, month or year."),
)


class _Kind(NamedTuple):
    """What is particular to a report at the command line."""

    example: str
    options: tuple[Callable[[Any], Any], ...] = _SPAN


_KINDS = {
    "silent": _Kind("silent owner:jana", ()),
    "top": _Kind("top --year 2025", (_YEAR,)),
    "lost": _Kind("lost --since 2026-01-01 --format html > lost.html"),
    "promises": _Kind("promises --since -6m"),
    "referrals": _Kind("referrals --ready", (_READY,)),
    "channels": _Kind("channels tag:client"),
    "feedback": _Kind("feedback --since 2026-01-01"),
    "activity": _Kind("activity --since -1y --format svg > activity.svg"),
}


class Reports(click.Group):
    """The reports, each a command; a report is imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All reports."""
        return list(REPORTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The report of that name."""
        return _command(cmd_name) if cmd_name in REPORTS else None


@click.group(cls=Reports, epilog="Example: plaintextcrm report silent tag:client")
def command() -> None:
    """What to learn from the folder. Each report takes a QUERY: only these contacts count."""


def _command(name: str) -> click.Command:
    """The command of one report, with the options that it takes."""

    def run(
        session: Session,
        form: str,
        table: str,
        limit: int | None,
        pictures: bool | None,
        **given: Any,
    ) -> None:
        made, code = session.ask(lambda book: _answer(session, book, name, form, given))
        if table or form == "svg":
            made = made._replace(tables=(_chosen(made, table, form),))
        if form == "text":
            say_report(made, session, limit, pictures)
        else:
            _FACES[form](made, session, limit)
        click.get_current_context().exit(code)

    what = REPORTS[name]
    run.__doc__ = f"Tell {what}.\n\nEach number is explained in docs/reports.md."
    options = (
        click.argument("query", nargs=-1, shell_complete=complete_query),
        *_KINDS[name].options,
        click.option("--format", "form", type=click.Choice(FORMATS), default="text"),
        click.option(
            "--table", metavar="NAME", default="", help="Only this one; csv and svg show one alone."
        ),
        click.option(
            "--limit", type=click.IntRange(0), metavar="N", help="So many rows of a table; 0: all."
        ),
        click.option(
            "--pictures/--no-pictures", default=None, help="Draw, or not; a terminal is drawn on."
        ),
    )
    made: Any = session(run)
    for option in reversed(options):
        made = option(made)
    example = f"Example: plaintextcrm report {_KINDS[name].example}"
    build = click.command(
        name, cls=Spoken, context_settings=SPOKEN, epilog=example, short_help=what
    )
    return build(made)


def _answer(
    session: Session, book: Book, name: str, form: str, given: dict[str, Any]
) -> tuple[Report, int]:
    span = _span(given.pop("since", ""), given.pop("until", ""), book.today)
    where = asked(book, given.pop("query"))
    if form in SENT:
        where = where._replace(sql=f"({where.sql}) AND NOT c.private")
    made = report(name)(Question(book, where, span), **given)
    return made, tell_problems(book)


def _span(since: str, until: str, today: date) -> Span:
    """The days that are meant; `--since 2026-Q1` begins with its first day, `--until` ends with its last."""
    first, last = (
        parse_partial(vague_text(text, today)) if text else None for text in (since, until)
    )
    span = Span(first.first if first else None, last.last if last else None)
    if span.first and span.last and span.last < span.first:
        raise click.UsageError("--until is before --since.")
    return span


def _chosen(made: Report, name: str, form: str) -> Table:
    """The table of that name; where none is named the first that is drawn."""
    tables = {table.name: table for table in made.tables}
    if name and name not in tables:
        from plaintextcrm.text.suggest import did_you_mean

        hint = did_you_mean(name, tables) or f"there are {', '.join(tables)}"
        raise click.UsageError(f"This report has no table {name!r}: {hint}")
    if form != "svg":
        return tables[name]
    drawn = [table for table in made.tables if table.chart and name in ("", table.name)]
    if not drawn:
        names = ", ".join(table.name for table in made.tables if table.chart)
        what = f"The table {name!r}" if name else "This report"
        hint = f"of this report {names} can be drawn." if names else "--format html shows it."
        raise click.UsageError(f"{what} has no picture: {hint}")
    return drawn[0]


def _json(made: Report, session: Session, limit: int | None) -> None:
    say_json(plain_report(_limited(made, limit)))


def _csv(made: Report, session: Session, limit: int | None) -> None:
    say(separated(cells(_limited(made, limit).tables[0]), "csv"))


def _svg(made: Report, session: Session, limit: int | None) -> None:
    from plaintextcrm.report.pictures.svg import draw

    say(draw(made.tables[0]))


def _html(made: Report, session: Session, limit: int | None) -> None:
    from plaintextcrm.report.pictures.page import page

    say(page(_limited(made, limit), session.now))


def _limited(made: Report, limit: int | None) -> Report:
    """The report with at most so many rows in each table."""
    if not limit:
        return made
    return made._replace(tables=tuple(one._replace(rows=one.rows[:limit]) for one in made.tables))


_FACES: dict[str, Callable[[Report, Session, int | None], None]] = {
    "text": say_report,
    "json": _json,
    "csv": _csv,
    "svg": _svg,
    "html": _html,
}
