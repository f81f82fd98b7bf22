"""A watcher that ends with its test."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import COMMAND, AddressBook

from .watcher import Watcher

Watch = Callable[..., Watcher]
# Elsewhere than on Linux nobody is told of a change before it is done: there is no witness.
collect_ignore = [] if sys.platform == "linux" else ["test_witness.py"]


@pytest.fixture
def watch(book: AddressBook, tmp_path: Path) -> Iterator[Watch]:
    """Starts `watch` on the address book with these arguments; it has looked once when it is there."""
    with ExitStack() as stack:
        started = 0

        def start(*arguments: str) -> Watcher:
            nonlocal started
            started += 1
            log = tmp_path / f"watch-{started}.log"
            return stack.enter_context(Watcher(COMMAND, book.folder, log, *arguments))

        yield start
