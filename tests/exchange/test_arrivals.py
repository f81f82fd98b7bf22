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
