"""`addresses`: e-mail addresses for the programs in which mail is written."""

import click

from plaintextcrm.book import answers
from plaintextcrm.cli.output import one_line, say_json, say_lines
from plaintextcrm.cli.session import Session, session


@click.command(
    epilog="Example: plaintextcrm addresses mala acme",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("words", nargs=-1)
@click.option("--no-message", is_flag=True, help="Without the first line, for aerc.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@session
def command(session: Session, words: tuple[str, ...], no_message: bool, form: str) -> None:
    """Find e-mail addresses of contacts in which all WORDS stand: in the name, an address, the company
    or a tag.

    The first line is a message, each other one an address, the name and the company, with tabs between
    them: what mutt, neomutt and aerc read. Preferred addresses come first; whom not to contact, last.
    """
    found = session.ask(lambda book: answers.mailable(book, words))
    if form == "json":
        say_json([one._asdict() for one in found])
        return
    message = f"{len(found)} address{'es' * (len(found) != 1)}"
    head = [] if no_message else [message]
    say_lines([*head, *("\t".join(map(one_line, _line(one))) for one in found)])


def _line(one: answers.Mailable) -> tuple[str, str, str]:
    about = ", ".join(filter(None, (one.organization, one.avoided)))
    return one.address, one.name, about
