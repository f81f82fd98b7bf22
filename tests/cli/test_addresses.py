"""`addresses`: what mutt, neomutt and aerc ask for, and read."""

import json
import os
import subprocess

import pytest

from tests.conftest import COMMAND, TODAY, AddressBook


@pytest.fixture
def crm(book: AddressBook) -> AddressBook:
    book.write("acme.yaml", "name: ACME Łódź\nkind: organization\nemails: [info@acme.example]\n")
    book.write(
        "eva.yaml",
        "name: Eva Malá\norganization: acme\ntags: [vip]\nnicknames: [Evička]\nemails:\n"
        "  - eva@home.example\n  - {value: Eva@acme.example, preferred: yes}\n",
    )
    book.write(
        "jan.yaml", 'name: "Jan\\tMalý"\nstatus: do-not-contact\nemails: [jan@x.example, nobody]\n'
    )
    book.write("old.yaml", "name: Adam Mal\ndied: 2020-01-01\nemails: [adam@x.example]\n")
    book.write("zoe.yaml", "name: Zoe\n")
    return book


EVA = "Eva@acme.example\tEva Malá\tACME Łódź\neva@home.example\tEva Malá\tACME Łódź\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["eva"], f"2 addresses\n{EVA}"),
        (["MALA", "lodz"], f"2 addresses\n{EVA}"),
        (["mala lodz"], f"2 addresses\n{EVA}"),
        (["a@home"], f"2 addresses\n{EVA}"),
        (["evicka"], f"2 addresses\n{EVA}"),
        (["vip"], f"2 addresses\n{EVA}"),
        (["--no-message", "vip"], EVA),
        (["info"], "1 address\ninfo@acme.example\tACME Łódź\t\n"),
        (["jan"], "1 address\njan@x.example\tJan Malý\tdo-not-contact\n"),
        (["x.example"],
         "2 addresses\nadam@x.example\tAdam Mal\tdied\njan@x.example\tJan Malý\tdo-not-contact\n"),
        (["zoe"], "0 addresses\n"),
        (["tag:vip"], "0 addresses\n"),
        (["--", "-x"], "0 addresses\n"),
        (["-x"], "0 addresses\n"),
        (["--no-message", "zoe"], ""),
    ],
)  # fmt: skip
def test_words_and_lines(crm: AddressBook, words: list[str], told: str) -> None:
    answer = crm.run("addresses", *words)
    assert (answer.code, answer.out, answer.err) == (0, told, "")


def test_all_of_them_as_json(crm: AddressBook) -> None:
    found = json.loads(crm.run("addresses", "--format", "json").out)
    assert [one["address"] for one in found] == [
        "info@acme.example", "Eva@acme.example", "eva@home.example", "adam@x.example", "jan@x.example",
    ]  # fmt: skip


def test_as_mail_programs_call_it(crm: AddressBook) -> None:
    """mutt and aerc give one text to the shell, in quotes; the folder comes from the environment."""
    pcrm = " ".join(f"'{word}'" for word in COMMAND)
    environment = {**os.environ, "PLAINTEXTCRM_BOOK": str(crm.folder), "PLAINTEXTCRM_TODAY": TODAY}
    for line, told in (
        (f"{pcrm} addresses -- 'eva mal'", f"2 addresses\n{EVA}"),
        (f"{pcrm} addresses --no-message -- 'eva mal'", EVA),
    ):
        done = subprocess.run(
            ["sh", "-c", line], cwd="/", env=environment, capture_output=True, text=True, check=True
        )
        assert (done.stdout, done.stderr) == (told, "")
