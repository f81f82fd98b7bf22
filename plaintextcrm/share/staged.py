"""What is wrong with the texts that are staged, whatever the files on the disk hold by now."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from plaintextcrm.model.problem import Place, Problem
from plaintextcrm.model.settings import Settings
from plaintextcrm.share import repository as around
from plaintextcrm.share.commit import blobs
from plaintextcrm.share.git import exactly
from plaintextcrm.share.repository import Repository
from plaintextcrm.store.folder import CONTACTS, SETTINGS, is_conflict_copy, may_be_contact
from plaintextcrm.text.fold import key_of
from plaintextcrm.text.parse import Parsed, contact_id, parse_contact, parse_settings
from plaintextcrm.text.source import shown

# The files (paths in the book) that may refer to a contact.
Referring = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Staged:
    """How many contacts and settings are staged, and what is wrong with them."""

    files: int
    problems: tuple[Problem, ...]


def repository_of(book: Path, environ: Mapping[str, str]) -> Repository:
    """The repository around the book, with the index that a commit in progress uses: for a `git
    commit FILE` git makes another one, and names it to the hook.
    """
    repository = around.find(book)
    named = environ.get("GIT_INDEX_FILE", "")
    index = str(repository.top / named) if named else ""
    return replace(repository, git=replace(repository.git, index=index))


def check(
    repository: Repository, today: Callable[[Settings], date], referring: Referring
) -> Staged:
    """Check what differs from the last commit, with the settings and names that would be committed.

    A reference to a contact that is staged as removed is found in the files that `referring` names.
    """
    there = _indexed(repository)
    changed = _changed(repository)
    [text] = blobs(repository.git, [f":0:{repository.path(SETTINGS)}"])
    settings, found = parse_settings(text, SETTINGS) if text is not None else (Settings(), ())
    problems = list(found) if SETTINGS in changed else []
    day = today(settings)
    paths = [path for path in changed if path in there]
    problems += _of_files(
        repository, paths, lambda path, data: _of_contact(path, data, settings, day, there)
    )
    gone = {key_of(contact_id(path)) for path in changed if path not in there and path != SETTINGS}
    gone -= {key_of(contact_id(path)) for path in there}
    others = {path for key in gone for path in referring(key)} & there - set(paths)
    problems += _of_files(
        repository, sorted(others),
        lambda path, data: _unknown(parse_contact(data, path, settings, day), path, there),
    )  # fmt: skip
    problems += _twins(paths, there)
    return Staged(len(changed), tuple(sorted(problems, key=lambda one: (one.path, one.place))))


def _of_files(
    repository: Repository, paths: Sequence[str], check: Callable[[str, bytes], Iterator[Problem]]
) -> Iterator[Problem]:
    texts = blobs(repository.git, [f":0:{repository.path(path)}" for path in paths])
    for path, data in zip(paths, texts, strict=True):
        if data is not None:
            yield from check(path, data)


def _of_contact(
    path: str, data: bytes, settings: Settings, day: date, there: set[str]
) -> Iterator[Problem]:
    parsed = parse_contact(data, path, settings, day)
    yield from parsed.problems
    yield from _unknown(parsed, path, there)


def _unknown(parsed: Parsed, path: str, there: set[str]) -> Iterator[Problem]:
    """References to contacts that would not be in the repository."""
    known = {key_of(contact_id(other)) for other in there}
    private = parsed.contact is not None and parsed.contact.private
    for mark in parsed.marks:
        if mark.kind == "contact" and key_of(mark.text) not in known:
            named = (
                "there is no such contact"
                if private
                else f"there is no contact `{shown(mark.text)}`"
            )
            hint = "stage its file, too, or mend the reference"
            yield Problem(path, mark.place, "unknown-contact", named, hint)


def _twins(paths: Sequence[str], there: set[str]) -> Iterator[Problem]:
    for path in paths:
        key = key_of(contact_id(path))
        others = sorted(one for one in there if one != path and key_of(contact_id(one)) == key)
        if others:
            message = f"{others[0]} has the same name"
            yield Problem(path, Place(), "duplicate-id", message, "rename one of the files")


def _indexed(repository: Repository) -> set[str]:
    """The contact files in the index, by their paths in the book."""
    words = ("ls-files", "-z", "--cached", "--", *exactly([repository.path(CONTACTS)]))
    paths = (path.removeprefix(repository.prefix) for path in repository.git.demand(*words).names)
    return {path for path in paths if _is_contact(path)}


def _changed(repository: Repository) -> list[str]:
    """Contacts and settings that differ from the last commit."""
    tree = around.tree_of(repository, around.head(repository))
    places = exactly([repository.path(CONTACTS), repository.path(SETTINGS)])
    words = ("diff-index", "--cached", "-z", "--name-only", "--no-renames", tree, "--", *places)
    paths = (path.removeprefix(repository.prefix) for path in repository.git.demand(*words).names)
    return [path for path in paths if path == SETTINGS or _is_contact(path)]


def _is_contact(path: str) -> bool:
    name = path.rpartition("/")[2]
    hidden = any(part.startswith(".") for part in path.split("/"))
    return may_be_contact(name) and not hidden and not is_conflict_copy(name)
