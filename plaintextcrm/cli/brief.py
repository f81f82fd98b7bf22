"""`brief`: one page to read before a call."""

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.completion import complete_contact
from plaintextcrm.cli.output import safe, say
from plaintextcrm.cli.session import Session, session, tell_problems
from plaintextcrm.model.errors import ChangeRefused
from plaintextcrm.report.brief import blocks, brief
from plaintextcrm.text.document import html, markdown

_FORMS = {"md": markdown, "html": html}


@click.command(epilog="Example: plaintextcrm brief mala | glow -")
@click.argument("contact", shell_complete=complete_contact)
@click.option("--format", "form", type=click.Choice(list(_FORMS)), default="md", show_default=True)
@session
def command(session: Session, contact: str, form: str) -> None:
    """One page before a call with CONTACT: who it is, what is open, promises both ways, the last
    talks, moods, needs, deals, days to mention, and how they came.
    """

    def answer(book: Book) -> tuple[str, int]:
        row = answers.find_contact(book, contact)
        found = brief(book, row)
        if found is None:
            raise ChangeRefused(f"{row.path} cannot be read: see `plaintextcrm check {row.path}`.")
        return _FORMS[form](blocks(found)), tell_problems(book)

    text, code = session.ask(answer)
    say(safe(text.removesuffix("\n")))
    click.get_current_context().exit(code)
