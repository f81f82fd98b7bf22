"""Many who come in at once: all of them or nobody, whatever happens meanwhile."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from plaintextcrm.model.errors import NotWritten
from plaintextcrm.store.write import Changed, create_all
from tests.conftest import COMMAND, AddressBook

PATIENCE = 60  # seconds
MANY = 300


def test_f01_a_killed_import_is_taken_back_or_whole(book: AddressBook, tmp_path: Path) -> None:
    cards = "".join(
        f"BEGIN:VCARD\nVERSION:3.0\nFN:Somebody {number}\nEND:VCARD\n" for number in range(MANY)
    )
    (tmp_path / "many.vcf").write_text(cards)
    contacts = book.folder / "contacts"
    words = ["-C", str(book.folder), "import", "vcard", str(tmp_path / "many.vcf")]
    with subprocess.Popen([*COMMAND, *words], stdout=subprocess.DEVNULL) as process:
        end = time.monotonic() + PATIENCE
        while not any(contacts.iterdir()) and process.poll() is None:
            assert time.monotonic() < end
        os.kill(process.pid, signal.SIGKILL)
    assert book.run("new", "Eva").code == 0
    names = sorted(file.name for file in contacts.iterdir())
    assert len(names) in (1, MANY + 1), "neither nobody nor everybody"
    assert "eva.yaml" in names and not any(name.startswith(".") for name in names)
    book.run("import", "vcard", str(tmp_path / "many.vcf"))
    assert len(list(contacts.iterdir())) == MANY + 1
    assert book.run("check").code == 0


def test_new_files_take_nobodys_place(tmp_path: Path) -> None:
    files = {tmp_path / f"{number}.yaml": b"name: x\n" for number in range(5)}
    (tmp_path / "3.yaml").write_bytes(b"mine")
    with pytest.raises(Changed):
        create_all(files)
    assert (tmp_path / "3.yaml").read_bytes() == b"mine"
    assert not list(tmp_path.glob(".*"))
    with pytest.raises(NotWritten):
        create_all({tmp_path / "3.yaml" / "below.yaml": b"x"})
    again = {tmp_path / f"again-{number}.yaml": b"name: x\n" for number in range(5)}
    create_all(again)
    assert all(file.read_bytes() == b"name: x\n" for file in again)
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in again)


def test_f03_where_one_cannot_be_made_nobody_comes(book: AddressBook, tmp_path: Path) -> None:
    names = [f"Somebody {number}" for number in range(30)]
    cards = "".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEND:VCARD\n" for name in names)
    (tmp_path / "many.vcf").write_text(cards)
    (book.folder / "contacts/somebody-29.yaml").mkdir()  # no file: its name is not known as taken
    answer = book.run("import", "vcard", str(tmp_path / "many.vcf"))
    assert answer.code == 1 and "Nothing was changed" in answer.err
    assert [path.name for path in (book.folder / "contacts").iterdir()] == ["somebody-29.yaml"]
