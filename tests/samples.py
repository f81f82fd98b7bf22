"""The address books below tests/problems: for each code of a problem one that has it, and what `check` says.

Most are files in git. What git cannot keep is built here, by a function with the code's name; its
first line says what it does.
"""

from collections.abc import Callable
from pathlib import Path

from plaintextcrm.text.reader import MAX_NODES
from plaintextcrm.text.source import MAX_BYTES

PROBLEMS = Path(__file__).parent / "problems"
EXPECTED = "expected.txt"


def _not_a_file(contacts: Path) -> None:
    """`eva-mala.yaml` is a link to a file elsewhere, `acme` one to a folder"""
    (contacts / "eva-mala.yaml").symlink_to("/tmp/eva-mala.yaml")
    (contacts / "acme").symlink_to(contacts.parent)


def _unreadable(contacts: Path) -> None:
    """`eva-mala.yaml` may not be read by whoever runs the command (`chmod 000`)"""
    (contacts / "eva-mala.yaml").write_text("name: Eva Malá\n", "utf-8")
    (contacts / "eva-mala.yaml").chmod(0)


def _too_large(contacts: Path) -> None:
    """`mailbox.yaml` has a byte more than 1 MiB"""
    (contacts / "mailbox.yaml").write_bytes(b"name: Mailbox\nnotes: ".ljust(MAX_BYTES + 1, b"x"))


def _not_utf8(contacts: Path) -> None:
    """`eva-mala.yaml` is written in Latin-1, `jan-maly.yaml` in UTF-16"""
    (contacts / "eva-mala.yaml").write_text("name: Eva Malá\n", "latin-1")
    (contacts / "jan-maly.yaml").write_text("name: Jan Malý\n", "utf-16")


def _too_many(contacts: Path) -> None:
    """`numbers.yaml` has a list of 60,000 numbers"""
    (contacts / "numbers.yaml").write_text(f"name: Numbers\nx_list: [{'1, ' * MAX_NODES}]\n")


BUILDERS: dict[str, Callable[[Path], None]] = {
    "not-a-file": _not_a_file,
    "unreadable": _unreadable,
    "too-large": _too_large,
    "not-utf8": _not_utf8,
    "too-many": _too_many,
}


def codes() -> list[str]:
    """The codes that have a sample."""
    return sorted(path.parent.name for path in PROBLEMS.glob(f"*/{EXPECTED}"))


def files(code: str) -> list[tuple[str, str]]:
    """The sample's files that git keeps: path and text."""
    folder = PROBLEMS / code
    found = sorted(path for path in folder.rglob("*.yaml"))
    return [(path.relative_to(folder).as_posix(), path.read_text("utf-8")) for path in found]


def expected(code: str) -> str:
    """What `plaintextcrm check` prints for the sample."""
    return (PROBLEMS / code / EXPECTED).read_text("utf-8")


def copy(code: str, folder: Path) -> None:
    """Put the sample's address book into a folder."""
    for path, text in files(code):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    (folder / "contacts").mkdir(parents=True, exist_ok=True)
    if code in BUILDERS:
        BUILDERS[code](folder / "contacts")
