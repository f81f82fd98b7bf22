"""Committing what changed in the address book, and nothing else: `git commit -- PATH…`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from plaintextcrm.share import repository as around
from plaintextcrm.share.driver import ATTRIBUTES, LINES
from plaintextcrm.share.git import Git, all_of, exactly
from plaintextcrm.share.message import Piece, message
from plaintextcrm.share.repository import Repository
from plaintextcrm.share.trouble import ContactsGone, NoIdentity
from plaintextcrm.store.folder import CONTACTS, SETTINGS, is_conflict_copy, may_be_contact, sweep
from plaintextcrm.store.read import read_file

SCHEMAS = ".plaintextcrm"
IGNORE = ".gitignore"
IGNORED = """\
# Calendar feeds are made from the contacts.
*.ics
# What a killed command may leave behind.
.plaintextcrm-*.tmp
"""  # as `init` writes it
MANY = 500  # files of one commit; more are not named one by one
FEW = 3  # contact files that may go without a question, however few there are
_SHOWN = (
    "--porcelain=v2",
    "-z",
    "--untracked-files=all",
    "--no-renames",
    "--ignore-submodules=all",
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is not committed: `ours` are the address book's files (paths in the book), `gone` those of
    them that are not there any more, `others` what was left alone (paths from the top), and `staged`
    those of the others that the person staged.
    """

    ours: tuple[str, ...]
    gone: tuple[str, ...]
    others: tuple[str, ...]
    staged: tuple[str, ...]


def changes(repository: Repository) -> Changes:
    """Look at the whole working tree."""
    seen = set(sweep(repository.book).files)
    ours: list[str] = []
    gone: list[str] = []
    others: list[str] = []
    staged: list[str] = []
    for state, path in _status(repository):
        inside = path.removeprefix(repository.prefix) if path.startswith(repository.prefix) else ""
        if inside and _is_ours(repository.book, inside, seen, new=state == "?"):
            ours.append(inside)
            if not (repository.book / inside).exists():
                gone.append(inside)
        else:
            others.append(path)
            if state not in "?." and state:
                staged.append(path)
    return Changes(tuple(ours), tuple(gone), tuple(others), tuple(staged))


def _status(repository: Repository) -> Iterable[tuple[str, str]]:
    """How each changed file is staged (`.`: it is not; `?`: git does not know it), and its path."""
    rows = repository.git.demand("status", *_SHOWN).names
    for row in rows:
        kind = row[:1]
        if kind == "?":
            yield "?", row[2:]
        elif kind == "1":
            yield row[2], row.split(" ", 8)[8]
        elif kind == "u":
            yield "U", row.split(" ", 10)[10]


def _is_ours(book: Path, path: str, seen: set[str], *, new: bool) -> bool:
    """True for contacts and settings, and for what the program itself wrote."""
    if path in seen or path == SETTINGS:
        return True
    folder, _, name = path.rpartition("/")
    if folder == SCHEMAS:
        return name.endswith(".schema.json")
    if path in (ATTRIBUTES, IGNORE):
        return new and _is_untouched(book / path)
    gone = not (book / path).exists() and not (book / path).is_symlink()
    hidden = any(part.startswith(".") for part in path.split("/"))
    inside = path.startswith(f"{CONTACTS}/") and may_be_contact(name) and not hidden
    return gone and inside and not is_conflict_copy(name)


def _is_untouched(file: Path) -> bool:
    """True for a file in which nothing stands but what `init` wrote."""
    ours = IGNORED if file.name == IGNORE else "\n".join(LINES)
    return file.read_bytes().split() == ours.encode().split()


def demand_there(repository: Repository, found: Changes) -> None:
    """Raises ContactsGone where most contacts that git has are gone from the folder."""
    gone = [path for path in found.gone if path.startswith(f"{CONTACTS}/")]
    if len(gone) > FEW:
        known = repository.git.demand("ls-files", "-z", "--", *exactly([repository.path(CONTACTS)]))
        if len(gone) * 2 > len(known.names):
            raise ContactsGone(len(gone), len(known.names))


def pieces(repository: Repository, paths: Sequence[str]) -> list[Piece]:
    """These files as they were committed last, and as they are now."""
    commit = around.head(repository)
    wanted = [f"{commit}:{repository.path(path)}" for path in paths] if commit else []
    old = blobs(repository.git, wanted) if commit else [None] * len(paths)
    return [
        Piece(path, before, _now(repository.book / path))
        for path, before in zip(paths, old, strict=True)
    ]


def _now(file: Path) -> bytes | None:
    try:
        return read_file(file)[0]
    except OSError:
        return None


def blobs(git: Git, names: Sequence[str]) -> list[bytes | None]:
    """The bytes behind each name; None where there is nothing. One call for thousands."""
    asked = [name for name in names if "\n" not in name]
    data = b"".join(name.encode("utf-8", "surrogateescape") + b"\n" for name in asked)
    out = git.demand("cat-file", "--batch", data=data).out if asked else b""
    found: dict[str, bytes | None] = {}
    at = 0
    for name in asked:
        end = out.index(b"\n", at)
        words = out[at:end].split(b" ")
        at = end + 1
        if words[-1] in (b"missing", b"ambiguous"):
            found[name] = None
        else:
            size = int(words[-1])
            found[name] = out[at : at + size] if words[-2] == b"blob" else None
            at += size + 1
    return [found.get(name) for name in names]


def commit(repository: Repository, paths: Sequence[str]) -> str:
    """Commit these files of the book and say it in words; empty where nothing in them changed.

    What else is staged stays staged. Raises NoIdentity, GitBusy or GitFailed.
    """
    work = [piece for piece in pieces(repository, paths) if piece.before != piece.after]
    if not work:
        return ""
    text = message(work)
    paths = [repository.path(piece.path) for piece in work]
    git = durable(repository).git
    asked = ("commit", "--quiet", "--cleanup=verbatim", f"--message={text}")
    if len(paths) > MANY and _is_alone(repository, paths):
        git.insist("update-index", "--add", "--remove", "-z", "--stdin", data=_zero_ended(paths))
        _carry_out(git, asked)
        return text
    new = [repository.path(piece.path) for piece in work if piece.after is not None]
    if new:
        git.insist("add", "--intent-to-add", *all_of(), data=listed(new))
    _carry_out(git, (*asked, "--only", *all_of()), listed(paths))
    return text


def _carry_out(git: Git, words: Sequence[str], data: bytes = b"") -> None:
    """The commit itself. Raises NoIdentity, GitBusy or GitFailed."""
    answer = git.ask(*words, data=data)
    if answer.code and ("tell me who you are" in answer.err or "identity" in answer.err):
        raise NoIdentity
    if answer.code:
        git.insist(*words, data=data)


def _is_alone(repository: Repository, paths: Sequence[str]) -> bool:
    """True where nothing is staged but, perhaps, these files: then all that is staged may be committed.

    git compares each path that it is given with every file: for thousands, that takes minutes.
    """
    tree = around.tree_of(repository, around.head(repository))
    words = ("diff-index", "--cached", "-z", "--name-only", "--no-renames", tree, "--")
    return set(repository.git.demand(*words).names) <= set(paths)


def _zero_ended(paths: Sequence[str]) -> bytes:
    return b"".join(path.encode("utf-8", "surrogateescape") + b"\0" for path in paths)


def durable(repository: Repository) -> Repository:
    """The same repository, in which a commit is on the disk when it is said to be."""
    return repository.set("core.fsync=all")


def listed(paths: Sequence[str]) -> bytes:
    """Paths from the top as git reads them from stdin; see `all_of`."""
    return b"\0".join(path.encode("utf-8", "surrogateescape") for path in exactly(paths))
