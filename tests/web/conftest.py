"""A server that ends with its test, and addresses of its feeds."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import COMMAND, AddressBook

from .serving import Serving

Serve = Callable[..., Serving]
EVA = "name: Eva Malá\ncadence: none\nfollow_ups:\n  - {{date: 2026-12-01, note: {}}}\n"


@pytest.fixture
def serve(book: AddressBook, tmp_path: Path) -> Iterator[Serve]:
    """Starts `serve` on the address book; it has looked once when it is there."""
    with ExitStack() as stack:
        started = 0

        def start(*arguments: str, port: int = 0) -> Serving:
            nonlocal started
            started += 1
            log = tmp_path / f"serve-{started}.log"
            serving = Serving(COMMAND, book.folder, log, f"--port={port}", *arguments)
            return stack.enter_context(serving)

        yield start


@pytest.fixture
def eva(book: AddressBook) -> Path:
    return book.write("eva.yaml", EVA.format("oldnote"))


@pytest.fixture
def url(book: AddressBook, eva: Path, serve: Serve) -> str:
    """The feed's address on a running server."""
    return serve().base + path_of(book)


def path_of(book: AddressBook, feed: str = "follow-ups", *arguments: str) -> str:
    """The path of a feed's address, made by the command."""
    answer = book.run("feed-url", feed, *arguments)
    assert answer.code == 0, answer
    url = answer.out.splitlines()[0]
    assert url.startswith("http://127.0.0.1:8642/feeds/")
    return url.removeprefix("http://127.0.0.1:8642")
