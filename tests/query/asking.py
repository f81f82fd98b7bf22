"""A small address book in memory that tests ask."""

import time
from datetime import date
from pathlib import Path

import pytest

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.model.errors import BadQuery
from plaintextcrm.query import where

TODAY = date(2026, 11, 22)  # a Sunday


class Asked:
    """A book that is asked for ids."""

    def __init__(self, folder: Path, database: Path | None = None) -> None:
        self.folder = folder
        (folder / "contacts").mkdir(parents=True, exist_ok=True)
        self.book = Book(folder, database)

    def write(self, name: str, text: str) -> None:
        """A contact, or the settings; read by the next question."""
        place = self.folder if name == "plaintextcrm.yaml" else self.folder / "contacts"
        (place / name).write_text(text)

    def __call__(self, query: str) -> list[str]:
        """The ids of who is found, in the order of the answer."""
        self.book.refresh(lambda settings: TODAY, time.time_ns())
        return [row.id for row in answers.contacts(self.book, where(self.book, query))]

    def refused(self, query: str) -> tuple[int, str]:
        """The column and the words of an error."""
        with pytest.raises(BadQuery) as error:
            self(query)
        assert error.value.exit_code == 2
        return error.value.column, error.value.what
