"""The book's answer to a query is that of a plain reading of all files in memory."""

import os
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.model.settings import Settings
from plaintextcrm.query import where
from plaintextcrm.text.parse import parse_contact, parse_settings
from tests.query.folders import QUESTIONS, TODAY, Folder, folders, orders
from tests.query.naive import File, People, Tree, printed

HEAVY = bool(os.environ.get("PLAINTEXTCRM_HEAVY"))
FOLDERS = 1500 if HEAVY else 130
QUERIES = 12  # of each


def opened(folder: Folder, place: Path) -> Book:
    """A book of the folder, asked twice: some files break in between."""
    book = Book(place, None)
    (place / "plaintextcrm.yaml").write_text(folder.settings)
    for number, texts in enumerate((folder.texts, folder.broken)):
        for path, text in texts.items():
            file = place / "contacts" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        book.refresh(lambda settings: TODAY, time.time_ns() + (number + 5) * 10**9)
    return book


def people(folder: Folder) -> People:
    """The contacts as their last good versions are, else the best there is."""
    known, problems = parse_settings(folder.settings.encode(), "plaintextcrm.yaml")
    assert not problems
    return People([file for path, text in folder.texts.items()
                   if (file := _read(path, text, folder, known))], known, TODAY)  # fmt: skip


def _read(path: str, text: str, folder: Folder, known: Settings) -> File | None:
    parsed = parse_contact(text.encode(), f"contacts/{path}", known, TODAY)
    errors = [problem for problem in parsed.problems if problem.severity == "error"]
    assert not errors, (text, errors)
    assert parsed.contact
    broken = folder.broken.get(path, "")
    return File(parsed.contact, text, bool(broken), "visibility: private\n" in broken)


@settings(
    max_examples=FOLDERS, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(
    folder=folders(),
    questions=st.lists(QUESTIONS, min_size=QUERIES, max_size=QUERIES),
    orders=st.lists(orders(), min_size=4, max_size=4),
)
def test_the_answer_is_that_of_a_plain_reading(
    folder: Folder, questions: list[Tree], orders: list[tuple[str, bool]]
) -> None:
    with tempfile.TemporaryDirectory() as place:
        book = opened(folder, Path(place))
        try:
            naive = people(folder)
            for question in questions:
                query = printed(question)
                found = asked(book, query)
                assert len(found) == len(set(found))
                assert set(found) == naive.found(question), query
            for field, descending in orders:
                query = f"sort:{'-' if descending else ''}{field}"
                everyone = {file.contact.path for file in naive.files}
                assert asked(book, query) == naive.ordered(everyone, field, descending), query
        finally:
            book.close()


def asked(book: Book, query: str) -> list[str]:
    """The paths that a query finds, in its order."""
    return [row.path for row in answers.contacts(book, where(book, query))]
