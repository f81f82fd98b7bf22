"""`new`: a file that is named after the contact, and never one that is there."""

import re
import subprocess

import pytest

from tests.conftest import COMMAND, TODAY, AddressBook

UID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Łódź Design", "lodz-design.yaml"),
        ("Eva Malá", "eva-mala.yaml"),
        ("  O'Neil & Søn, s.r.o. ", "o-neil-son-s-r-o.yaml"),
        ("Straße 7", "strasse-7.yaml"),
        ("../../etc/passwd", "etc-passwd.yaml"),
        ("☕", None),
        ("...", "contact.yaml"),
        ("x" * 300, f"{'x' * 80}.yaml"),
    ],
)
def test_the_name_of_the_file(book: AddressBook, name: str, file: str | None) -> None:
    assert book.run("new", name).code == 0
    (made,) = (book.folder / "contacts").iterdir()
    assert file is None or made.name == file
    assert re.fullmatch(r"[a-z0-9-]+\.yaml", made.name)
    assert book.run("check").code == 0


def test_what_is_in_it(book: AddressBook) -> None:
    book.run("new", "Zoe:", "the", "first", "--birthday", "--12-24", "--folder", "contacts/a/b")
    text = (book.folder / "contacts/a/b/zoe-the-first.yaml").read_text("utf-8")
    assert re.fullmatch(
        r"# yaml-language-server: \$schema=\.\./\.\./\.\./\.plaintextcrm/contact\.schema\.json\n"
        rf"name: 'Zoe: the first'\nuid: {UID}\nbirthday: --12-24\n",
        text,
    )


def test_names_that_are_taken_get_a_number(book: AddressBook) -> None:
    book.write("contacts/deep/EVA.yaml", "name: [broken\n")
    for _time in range(3):
        assert book.run("new", "Eva").code == 0
    made = sorted(path.name for path in (book.folder / "contacts").glob("*.yaml"))
    assert made == ["eva-2.yaml", "eva-3.yaml", "eva-4.yaml"]


def test_an_organization_is_named_by_its_id_where_it_is_a_contact(book: AddressBook) -> None:
    book.write("acme.yaml", "name: Acme Kovo\n")
    book.run("new", "Eva", "--org", "ACME KOVO", "--introduced-by", "kovo")
    book.run("new", "Jan", "--org", "Somebody Else")
    text = (book.folder / "contacts/eva.yaml").read_text("utf-8")
    assert "\norganization: acme\n" in text
    assert "\nintroduced_by: acme\n" in text
    assert "\norganization: Somebody Else\n" in (book.folder / "contacts/jan.yaml").read_text(
        "utf-8"
    )


@pytest.mark.parametrize("folder", ["..", "../x", "/tmp", ".hidden", "a/.b"])
def test_a_folder_outside_is_refused(book: AddressBook, folder: str) -> None:
    assert book.run("new", "Eva", "--folder", folder).code == 2
    assert not list((book.folder / "contacts").iterdir())


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--status", "leed", "did you mean `lead`?"),
        ("--birthday", "24.12.1986", "write `1986-12-24`"),
    ],
)
def test_a_wrong_value_makes_no_file(book: AddressBook, option: str, value: str, said: str) -> None:
    answer = book.run("new", "Eva", option, value)
    assert (answer.code, said in answer.err) == (1, True)
    assert not list((book.folder / "contacts").iterdir())


def test_a_dry_run_makes_no_file(book: AddressBook) -> None:
    answer = book.run("new", "Eva", "--folder", "deep", "--dry-run")
    assert answer.out.startswith("--- /dev/null\n+++ b/contacts/deep/eva.yaml\n")
    assert not list((book.folder / "contacts").iterdir())


def test_two_at_once_do_not_take_one_file(book: AddressBook) -> None:
    makers = [
        subprocess.Popen(
            [*COMMAND, "-C", str(book.folder), "--today", TODAY, "new", "Eva"],
            stderr=subprocess.DEVNULL,
        )
        for _n in range(6)
    ]
    codes = [maker.wait(timeout=120) for maker in makers]
    assert codes == [0] * 6
    made = [path.read_text("utf-8") for path in (book.folder / "contacts").iterdir()]
    assert len({re.findall(UID, text)[0] for text in made}) == 6
