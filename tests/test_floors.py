"""Imports go downstairs only; rooms on one floor do not know each other; Click is in `cli` alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import plaintextcrm

HOUSE = Path(plaintextcrm.__file__).parent
FLOORS = {
    "model": 1,
    "text": 2,
    "store": 3,
    "book": 4,
    "query": 5,
    "feed": 6,
    "watch": 6,
    "share": 6,
    "service": 6,
    "report": 6,
    "exchange": 6,
    "web": 7,
    "cli": 8,
}
# What only some rooms may know, and which.
GUARDED = {
    "phonenumbers": {"text"},
    "click": {"cli"},
    "yaml": {"text"},
    "sqlite3": {"book", "cli"},
    "icalendar": {"feed", "exchange"},
    "vobject": {"exchange"},
    "watchdog": {"watch"},
    "uvicorn": {"web"},
    "segno": {"cli"},
    "inotify_simple": {"watch"},
    "pygal": {"report"},
    "rich": {"report"},
    "sparklines": {"report"},
}
STANDARD_LIBRARY_ONLY = "model"
FILES = sorted(path for path in HOUSE.rglob("*.py") if path.parent != HOUSE)


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def _room(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0]


def test_every_room_has_a_floor() -> None:
    rooms = {path.name for path in HOUSE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms == set(FLOORS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_imports_go_downstairs(path: Path) -> None:
    room = _room(path)
    for name in _imports(path):
        head, _, tail = name.partition(".")
        if head == "plaintextcrm" and tail:
            other = tail.split(".")[0]
            assert other == room or FLOORS[other] < FLOORS[room], f"{room} imports {name}"
        elif head in GUARDED:
            assert room in GUARDED[head], f"{room} imports {name}"
        elif room == STANDARD_LIBRARY_ONLY and head != "plaintextcrm":
            import sys

            assert head in sys.stdlib_module_names, f"{room} imports {name}"


def test_model_asks_no_clock_and_no_disk() -> None:
    for path in (HOUSE / "model").glob("*.py"):
        text = path.read_text("utf-8")
        for word in ("today()", "now()", "open(", "import os", "pathlib"):
            assert word not in text, f"{path.name} has {word}"
