"""Each tests/exchange/vcard/NAME.vcf is a file as a program writes it, NAME.yaml what becomes of it.

There, `# contacts/ID.yaml` stands before each contact that is made, and behind `# told` what could not be
taken over. What was read goes out as vCard 4.0 and as 3.0, and from there into an empty address book:
the same contacts.
"""

import re
from pathlib import Path

import pytest

from tests.conftest import AddressBook

HERE = Path(__file__).parent / "vcard"
CASES = sorted(path.stem for path in HERE.glob("*.vcf"))
SETTINGS = "timezone: Europe/Prague\ncountry: CZ\n"


def made(book: AddressBook) -> str:
    """All contacts, without the line for editors."""
    files = sorted((book.folder / "contacts").rglob("*.yaml"))
    return "".join(
        f"# {file.relative_to(book.folder).as_posix()}\n{file.read_text().partition(chr(10))[2]}"
        for file in files
    )


def told(err: str) -> str:
    """What could not be taken over."""
    lines = [line for line in err.splitlines() if re.match(r"\S+:\d+: ", line)]
    return "".join(f"{line.rpartition('/')[2]}\n" for line in ["# told", *lines]) if lines else ""


@pytest.mark.parametrize("case", CASES)
def test_what_becomes_of_a_card(case: str, book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", SETTINGS)
    answer = book.run("import", "vcard", str(HERE / f"{case}.vcf"))
    expected = HERE / f"{case}.yaml"
    found = made(book) + told(answer.err)
    assert found == expected.read_text("utf-8")
    assert answer.code == ("# told" in found)
    assert book.run("check").code == 0

    again = book.run("import", "vcard", str(HERE / f"{case}.vcf"))
    assert made(book) + told(answer.err) == found
    assert "new  " not in again.out and "changed  " not in again.out


@pytest.mark.parametrize("version", ["4.0", "3.0"])
@pytest.mark.parametrize("case", CASES)
def test_it_goes_out_and_comes_back(case: str, version: str, book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", SETTINGS)
    book.run("import", "vcard", str(HERE / f"{case}.vcf"))
    for file in sorted((book.folder / "contacts").glob("*.yaml")):  # private ones never go out
        if "visibility: private" in file.read_text():
            file.unlink()
    before = made(book)
    cards = book.folder / "all.vcf"
    assert book.run("export", "vcard", "--version", version, "-o", str(cards)).code == 0
    for file in sorted((book.folder / "contacts").glob("*.yaml")):
        file.unlink()
    assert book.run("import", "vcard", str(cards)).code == 0
    assert made(book) == before
