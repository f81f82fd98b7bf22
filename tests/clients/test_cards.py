"""Programs that read vCards find in ours what stands in the contacts, and we what stands in theirs.

Run by `make test-clients`, as the calendar's readers are (`test_clients.py`).
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import COMMAND, PROJECT

from .programs import HERE, MissingProgram, path_of, run

pytestmark = pytest.mark.clients

HARD = """\
name: 'Škoda, Jiří; zvaný "Jirka"'
given_name: Jiří
family_name: Škoda
organization: Dílna; a spol.
department: Nákup
emails: [{value: jiri@dilna.example, type: work, preferred: yes}, {value: jirka@dilna.example, type: od ženy}]
phones: [{value: +420 601 000 199, type: mobile}]
urls: ["https://dilna.example/a,b;c?d=1"]
addresses: [{street: "Luční 21, dvůr", locality: Blansko, postcode: 678 01, country: CZ, type: home}]
birthday: --12-24
tags: ["a,b", c]
notes: |-
  První řádek, dlouhý tak, že se musí zalomit: příliš žluťoučký kůň úpěl ďábelské ódy a ještě kousek.
  END:VCARD
x_vcard: ["item1.X-FOO;TYPE=a:b", "item1.X-ABLabel:c"]
"""


@contextmanager
def there() -> Iterator[None]:
    """Skip the test where a program is missing, and fail it where all must be there."""
    try:
        yield
    except MissingProgram as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The shipped contacts, and a hard one."""
    folder = tmp_path / "book"
    shutil.copytree(PROJECT / "contacts", folder / "contacts")
    shutil.copy(PROJECT / "plaintextcrm.yaml", folder)
    (folder / "contacts/jiri-skoda.yaml").write_text(HARD)
    return folder


def typed(folder: Path, *words: str) -> str:
    """What a command of plaintextcrm says."""
    command = [*COMMAND, "-C", str(folder), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def exported(book: Path, version: str) -> Path:
    cards = book.parent / f"all-{version}.vcf"
    typed(book, "export", "vcard", "--version", version, "-o", str(cards))
    return cards


def parts(cards: Path) -> list[str]:
    """The cards of a file, one by one."""
    return re.findall(
        r"BEGIN:VCARD\r\n.*?\r\nEND:VCARD\r\n", cards.read_bytes().decode(), re.DOTALL
    )


@pytest.mark.parametrize("version", ["4.0", "3.0"])
def test_thunderbird_reads_what_stands_there(book: Path, version: str, tmp_path: Path) -> None:
    with there():
        node = path_of("node")
        if not (HERE / "node_modules/ical.js").is_dir():
            raise MissingProgram("ical.js")
    cards = exported(book, version)
    # By RFC 2426 a semicolon is escaped; ical.js shows the backslash in 3.0.
    sign = r"\;" if version == "3.0" else ";"
    found = json.loads(run([node, str(HERE / "cards.mjs"), str(cards)], tmp_path))
    assert (
        len(found)
        == len(parts(cards))
        == len(json.loads(typed(book, "list", "-visibility:private", "--format", "json")))
    )
    hard = next(card for card in found if _one(card, "fn").startswith("Škoda"))
    assert _one(hard, "fn") == f'Škoda, Jiří{sign} zvaný "Jirka"'
    assert _one(hard, "n") == ["Škoda", "Jiří", "", "", ""]
    assert _one(hard, "org") == ["Dílna; a spol.", "Nákup"]
    assert [row[3] for row in hard if row[0] == "email"] == [
        "jiri@dilna.example",
        "jirka@dilna.example",
    ]
    assert _one(hard, "url") == "https://dilna.example/a,b;c?d=1"
    assert _one(hard, "adr")[2:] == ["Luční 21, dvůr", "Blansko", "", "678 01", "CZ"]
    assert next(row for row in hard if row[0] == "categories")[3:] == ["a,b", "c"]
    assert _one(hard, "note").endswith("kousek.\nEND:VCARD")
    if version == "4.0":
        assert _one(hard, "bday") == "--12-24"
    labels = {row[1].get("group"): row[3] for row in hard if row[0] == "x-ablabel"}
    assert labels == {"item1": "c", "item2": "od ženy"}


def _one(card: list[Any], name: str) -> Any:
    (row,) = (row for row in card if row[0] == name)
    return row[3]


def _config(folder: Path) -> Path:
    config = folder / "khard.conf"
    (folder / "cards").mkdir()
    config.write_text(
        f"[addressbooks]\n[[people]]\npath = {folder / 'cards'}\n"
        "[contact table]\ndisplay = formatted_name\n[vcard]\npreferred_version = 3.0\n"
    )
    return config


@pytest.mark.parametrize("version", ["4.0", "3.0"])
def test_khard_reads_what_stands_there(book: Path, version: str, tmp_path: Path) -> None:
    with there():
        khard = path_of("khard")
    config = _config(tmp_path)
    cards = parts(exported(book, version))
    for number, card in enumerate(cards):
        (tmp_path / f"cards/{number}.vcf").write_bytes(card.encode())
    listed = run([khard, "-c", str(config), "list", "--parsable"], tmp_path).splitlines()
    named = {line.split("\t")[1] for line in listed}
    everybody = json.loads(typed(book, "list", "-visibility:private", "--format", "json"))
    assert named == {row["name"] for row in everybody}
    phones = run([khard, "-c", str(config), "phone", "--parsable"], tmp_path)
    assert '+420 601 000 199\tŠkoda, Jiří; zvaný "Jirka"\tcell' in phones
    emails = run([khard, "-c", str(config), "email", "--parsable"], tmp_path)
    assert 'jirka@dilna.example\tŠkoda, Jiří; zvaný "Jirka"\tod ženy' in emails


def test_a_folder_of_khard_comes_in(tmp_path: Path) -> None:
    with there():
        khard = path_of("khard")
    config, template = _config(tmp_path), tmp_path / "template.yaml"
    template.write_text(
        "First name : Jan\nLast name : Malý\nNickname : Honza\nBirthday : 1986-12-24\n"
        "Email :\n    home : jan@maly.example\nPhone :\n    cell : +420 601 000 113\n"
        'Note : "one\\ntwo, three"\nAddress :\n    home :\n        Street : Luční 21\n'
        "        Code : 678 01\n        City : Blansko\nOrganisation :\n    - - Acme\n      - Sales\n"
    )
    run([khard, "-c", str(config), "new", "-a", "people", "-i", str(template)], tmp_path)
    folder = tmp_path / "book"
    (folder / "contacts").mkdir(parents=True)
    typed(folder, "import", "khard", str(tmp_path / "cards"))
    (file,) = (folder / "contacts").iterdir()
    lines = [line for line in file.read_text().splitlines() if not line.startswith(("#", "uid:"))]
    assert lines[:-1] == [
        "name: Jan Malý",
        "given_name: Jan",
        "family_name: Malý",
        "nicknames: [Honza]",
        "organization: Acme",
        "department: Sales",
        "emails:",
        "  - {value: jan@maly.example, type: home}",
        "phones:",
        "  - {value: +420 601 000 113, type: mobile}",
        "addresses:",
        "  - {street: Luční 21, locality: Blansko, postcode: 678 01, type: home}",
        "birthday: 1986-12-24",
        "notes: |-",
        "  one",
        "  two, three",
    ]
    assert re.fullmatch(r"x_vcard: \[UID:\w+\]", lines[-1])
