"""Each folder below tests/exchange/arrivals is a file as a program writes it, and what becomes of it.

`command.txt` is what is typed behind `plaintextcrm import`; `contacts/` are the files that are made, byte
for byte, and `said.txt` what the terminal shows. The same file a second time changes nothing.
"""

import shlex
import shutil
from pathlib import Path

import pytest

from tests.conftest import AddressBook

HERE = Path(__file__).parent / "arrivals"
CASES = sorted(path.parent.name for path in HERE.glob("*/command.txt"))
SETTINGS = "timezone: Europe/Prague\ncountry: CZ\npeople: [jana, petr]\nme: jana\n"
OURS = ("command.txt", "said.txt", "contacts")


def _files(folder: Path) -> dict[str, str]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes().decode() for path in found}


@pytest.mark.parametrize("case", CASES)
def test_what_becomes_of_a_file(
    case: str, book: AddressBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "given"
    shutil.copytree(HERE / case, given, ignore=shutil.ignore_patterns(*OURS))
    monkeypatch.chdir(given)
    book.write("plaintextcrm.yaml", SETTINGS)
    words = shlex.split((HERE / case / "command.txt").read_text("utf-8"))
    answer = book.run("import", *words)
    said = answer.out + answer.err + (f"[exit {answer.code}]\n" if answer.code else "")
    made = _files(book.folder / "contacts")
    assert said == (HERE / case / "said.txt").read_text("utf-8")
    assert made == _files(HERE / case / "contacts")

    again = book.run("import", *words)
    assert "new      " not in again.out
    assert _files(book.folder / "contacts") == made


def test_the_same_person_later_with_more(book: AddressBook) -> None:
    """LinkedIn and HubSpot tell people apart, and friends by their names: nobody comes twice."""
    file = book.folder / "people"
    head = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    row = "Ada,Veselá,https://www.linkedin.com/in/ada,{},ACME,Boss,12 Mar 2024\n"
    for text, kind, told in (
        (head + row, "csv", ("", "ada@acme.example")),
        (
            "Record ID,First Name,Email,Contact owner,Create Date\n7,Ota,{},jana,2024-01-15 10:00\n",
            "csv",
            ("", "ota@acme.example"),
        ),
        (
            "### Activities:\n- 2026-10-03: Lunch with **Ida**.\n{}\n### Friends:\n- Ida\n",
            "friends",
            ("", "- 2026-10-04: Dinner with **Ida**.\n"),
        ),
    ):
        for more, said in zip(told, ("1 new, 0 changed", "0 new, 1 changed"), strict=True):
            file.write_text(text.format(more), "utf-8")
            answer = book.run("import", kind, str(file))
            assert said in answer.err, answer.err
    assert len(list((book.folder / "contacts").iterdir())) == 3
    assert "Dinner with Ida." in (book.folder / "contacts" / "ida.yaml").read_text("utf-8")
