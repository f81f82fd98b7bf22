"""For every problem that can be printed: a small address book that has it, and the exact words.

The samples are the folders of tests/problems; a new one is picked up by itself. To write the
words of a new sample, put an empty expected.txt into it and copy what the test says.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from plaintextcrm.model.problem import CODES
from tests import samples
from tests.conftest import AddressBook

NOBODY = 65534


@contextmanager
def _no_powers() -> Iterator[None]:
    """Root reads every file: while this lasts, root is nobody."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def sample(capsys: pytest.CaptureFixture[str]) -> Iterator[AddressBook]:
    """An empty address book where nobody, too, may look."""
    folder = Path(tempfile.mkdtemp(prefix="book-"))
    folder.chmod(0o755)
    yield AddressBook(folder, capsys)
    shutil.rmtree(folder)


def test_every_code_has_a_sample_and_every_sample_a_code() -> None:
    folders = sorted(path.name for path in samples.PROBLEMS.iterdir())
    assert folders == samples.codes() == sorted(CODES)


@pytest.mark.parametrize("code", samples.codes())
def test_the_exact_words(code: str, sample: AddressBook) -> None:
    samples.copy(code, sample.folder)
    sample.run("check")  # so that nothing is left to import while root is nobody
    with _no_powers():
        answer = sample.run("check")
    assert answer.out == samples.expected(code)
    assert f" {CODES[code].severity}[{code}]: " in answer.out
    assert answer.code == ("error[" in answer.out)


@pytest.mark.parametrize("code", samples.codes())
def test_a_sample_shows_its_own_problem_only(code: str) -> None:
    heads = [line for line in samples.expected(code).splitlines() if "]: " in line]
    assert heads
    assert all(f"[{code}]: " in head for head in heads)


KEYS = {
    "path": str,
    "line": int,
    "column": int,
    "end_line": int,
    "end_column": int,
    "severity": str,
    "code": str,
    "message": str,
    "hint": str,
}


@pytest.mark.parametrize("code", [code for code in samples.codes() if code != "unreadable"])
def test_json_has_the_same_problems(code: str, book: AddressBook) -> None:
    samples.copy(code, book.folder)
    answer = book.run("check", "--format", "json")
    found = json.loads(answer.out)
    for problem in found:
        assert {key: type(value) for key, value in problem.items()} == KEYS
        assert (problem["line"], problem["column"]) <= (problem["end_line"], problem["end_column"])
    told = [
        f"{p['path']}:{p['line']}:{p['column']}: {p['severity']}[{p['code']}]: {p['message']}"
        for p in found
    ]
    assert told == [line for line in samples.expected(code).splitlines() if "]: " in line]


def test_json_in_full(book: AddressBook) -> None:
    samples.copy("unknown-person", book.folder)
    answer = book.run("check", "--format", "json")
    assert answer.code == 0
    assert json.loads(answer.out) == [
        {
            "path": "contacts/eva-mala.yaml",
            "line": 2,
            "column": 8,
            "end_line": 2,
            "end_column": 11,
            "severity": "warning",
            "code": "unknown-person",
            "message": "`jan` is not among `people`",
            "hint": "did you mean `jana`?",
        }
    ]


def test_json_without_problems_is_an_empty_list(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\n")
    assert book.run("check", "--format", "json").out == "[]\n"


def test_annotations_for_github(book: AddressBook) -> None:
    samples.copy("bad-choice", book.folder)
    book.write("100%, done:x.yaml", "name: [Jan]\n")
    answer = book.run("check", "--format", "github")
    assert answer.code == 1
    assert answer.out == (
        "::error file=contacts/100%25%2C done%3Ax.yaml,line=1,col=7,endLine=1,endColumn=12,"
        "title=wrong-shape::a list, where text belongs (write one value; put a text with brackets"
        " or braces in quotes)\n"
        "::error file=contacts/eva-mala.yaml,line=2,col=9,endLine=2,endColumn=14,"
        "title=bad-choice::`cliet` is no status (did you mean `client`?)\n"
        "::error file=contacts/eva-mala.yaml,line=4,col=33,endLine=4,endColumn=38,"
        "title=bad-choice::`phone` is no channel (write one of: call, email, meeting, message,"
        " video, letter, event, social)\n"
    )


def test_strict_makes_warnings_count(book: AddressBook) -> None:
    samples.copy("same-email", book.folder)
    assert book.run("check").code == 0
    assert book.run("check", "--strict").code == 1
