"""Nodes and the field table → one Contact, or the Settings, and everything that is wrong with it."""

import re
from datetime import date
from typing import Any, NamedTuple
from unicodedata import normalize

from plaintextcrm.model.contact import Contact
from plaintextcrm.model.pattern import pattern
from plaintextcrm.model.problem import Problem
from plaintextcrm.model.settings import CheckQuery, Settings
from plaintextcrm.text.fields import CONTACT_FIELDS, SETTINGS_FIELDS, contact_fields
from plaintextcrm.text.nodes import Mapping, blank, plain
from plaintextcrm.text.queries import check_queries
from plaintextcrm.text.reader import Document, read
from plaintextcrm.text.reading import Mark, Reading
from plaintextcrm.text.source import Text
from plaintextcrm.text.types import by_name, read_fields, report_unknown
from plaintextcrm.text.warnings import blank_text, warn
from plaintextcrm.text.words import words

_OF_ALL = frozenset(field.name for field in CONTACT_FIELDS)
_UID = pattern(rb"""^uid\s*:\s*["']?([0-9A-Fa-f-]{36})\b""", re.MULTILINE)


class Parsed(NamedTuple):
    """What one contact file says. `contact` is None where not even a name could be read.

    `good` is True where it has no error: only such a version replaces the last good one. `words`
    are all its values, a line each, for searching.
    """

    contact: Contact | None
    problems: tuple[Problem, ...]
    marks: tuple[Mark, ...] = ()
    text: str = ""
    words: str = ""

    @property
    def good(self) -> bool:
        """True without an error; warnings are fine."""
        return all(problem.severity != "error" for problem in self.problems)


def contact_id(path: str) -> str:
    """The file's name without its ending, in one Unicode form (macOS decomposes names)."""
    name = path.rpartition("/")[2]  # ten thousand of them: pathlib would take ten times as long
    stem = name.rpartition(".")[0] or name
    return stem if stem.isascii() else normalize("NFC", stem)


def uid_in(data: bytes) -> str:
    """The uid that a broken file still shows; empty where it does not."""
    found = _UID.search(data)
    return found[1].decode().lower() if found else ""


def parse_contact(data: bytes, path: str, settings: Settings, today: date) -> Parsed:
    """Parse the bytes of a contact file. `today` tells which interactions are still to come."""
    return parse_document(read(data, path), path, settings, today)


def parse_document(document: Document, path: str, settings: Settings, today: date) -> Parsed:
    """The same for a file that is read already."""
    source = Text(path, document.text)
    source.problems.extend(document.problems)
    reading = Reading(source, settings, today)
    contact = _contact(document.root, reading) if document.root else None
    problems = sorted(source.problems, key=lambda problem: problem.place)
    spoken = "\n".join(words(document.root)) if contact and document.root else ""
    return Parsed(contact, tuple(problems), tuple(reading.marks), document.text, spoken)


def _contact(root: Mapping, at: Reading) -> Contact | None:
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    more: dict[str, object] = {}
    known = contact_fields(at.settings)
    for key, node in root.pairs:
        name = key.text
        lines[name] = key.start.line + 1
        field = known.get(name)
        if field is None and not name.startswith("x_"):
            report_unknown(key, known, at, "a contact")
        elif not blank(node):
            value = field.type.read(node, at) if field else plain(node)
            if value is not None and (value or name != "name"):
                (values if name in _OF_ALL else more)[name] = value
    if any(problem.severity == "error" for problem in at.source.problems) and at.source.private:
        values["visibility"] = "private"  # whatever slip hides that it is meant to be
    warn(values, root, at)
    if "name" not in values:
        if not any(key.text == "name" and not blank_text(node) for key, node in root.pairs):
            first = root.pairs[0][0] if root.pairs else root
            at.report("missing-name", first, "a contact without a `name`", "add `name: …`")
        return None
    path = at.source.path
    return Contact(id=contact_id(path), path=path, lines=lines, more=more, **values)


def parse_settings(
    data: bytes, path: str, check_query: CheckQuery | None = None
) -> tuple[Settings, tuple[Problem, ...]]:
    """Parse the settings file. What is wrong in it is left at its default.

    `check_query` knows the language of queries, which the settings hold and this floor cannot read.
    """
    document: Document = read(data, path)
    source = Text(path, document.text)
    source.problems.extend(document.problems)
    if document.root is None:
        empty = not re.sub(r"#[^\n]*|\s|---", "", document.text)
        return Settings(), () if empty and document.text else tuple(source.problems)
    reading = Reading(source, Settings(), date.min)
    values = read_fields(document.root, by_name(SETTINGS_FIELDS), reading, "plaintextcrm.yaml")
    settings = Settings(**{name: value for name, value in values.items() if value != ()})
    _check_feeds(settings, document.root, reading)
    if check_query:
        check_queries(document.root, settings, source, check_query)
    return settings, tuple(sorted(source.problems, key=lambda problem: problem.place))


def _check_feeds(settings: Settings, root: Mapping, at: Reading) -> None:
    """Two feeds must not write one file, nor have one name: `serve` hands them out by it."""
    paths = [feed.path for feed in settings.all_feeds]
    names = [feed.name for feed in settings.all_feeds]
    key = next((key for key, _node in root.pairs if key.text == "feeds"), root)
    if len(set(paths)) < len(paths):
        message = "two feeds write the same file"
        at.report("bad-path", key, message, "give each a `path` of its own")
    elif len(set(names)) < len(names):
        at.report(
            "bad-choice", key, "two feeds have the same name", "give each a `name` of its own"
        )
