"""`vcf`: a contact's card as a code that a phone scans."""

import io

import click

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.adding import contact_argument
from plaintextcrm.cli.output import one_line, say, say_bytes, tell
from plaintextcrm.cli.session import Session, session
from plaintextcrm.exchange.mentions import discreet
from plaintextcrm.exchange.outgoing import Others, outgoing
from plaintextcrm.exchange.vcard.writing import Sheet, short_card
from plaintextcrm.model.errors import ChangeRefused


@click.command(epilog="Example: plaintextcrm vcf mala")
@contact_argument
@click.option("--format", "form", type=click.Choice(["qr", "vcf"]), default="qr")
@session
def command(session: Session, contact: str, form: str) -> None:
    """Show CONTACT as a QR code: a phone's camera takes it for a new contact.

    The code holds name, organization, phones, e-mails and web addresses, as vCard 3.0, which all
    phones read. `--format vcf` prints the card itself.
    """

    def answer(book: Book) -> tuple[str, str]:
        row = answers.find_contact(book, contact)
        if row.private:
            what = f"{row.path} is private: it goes into no card, and so into no code."
            raise ChangeRefused(what)
        others = Others(book)
        (person,) = discreet(outgoing(book, [row]), others, book.settings)
        sheet = Sheet("3.0", others, frozenset(), lambda path: None)
        return row.name, short_card(person, sheet)

    name, card = session.ask(answer)
    if form == "vcf":
        say_bytes(card.encode())
        return
    say(_code(card))
    tell(f"{one_line(name)}: scan it with the camera of a phone.")


def _code(card: str) -> str:
    """The card in half blocks. Raises ChangeRefused for one with more than a code can hold."""
    import segno

    try:
        code = segno.make_qr(card.encode(), error="l")
    except segno.DataOverflowError:
        what = "this card has more than a code can hold; send it with `plaintextcrm export vcard`."
        raise ChangeRefused(what) from None
    drawn = io.StringIO()
    code.terminal(drawn, compact=True)
    return drawn.getvalue().rstrip("\n")
