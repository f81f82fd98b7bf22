"""Is all there that sharing by git needs? Each finding says what is missing, and what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from plaintextcrm.model.errors import CrmError, GitMissing
from plaintextcrm.share import hook, parts, trust
from plaintextcrm.share import repository as around
from plaintextcrm.share.command import own_words
from plaintextcrm.share.driver import Installed, install, installed
from plaintextcrm.share.git import Git
from plaintextcrm.share.repository import Repository
from plaintextcrm.share.trouble import FilesElsewhere, NoRepository, NotYours

_DECLINED = "plaintextcrm.noDriver"
OLDEST = (2, 26)  # of git: `config --show-scope`


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `state` is `fine`, `missing` or `note` (worth knowing);
    `mends` is True where `doctor --fix` can do it.
    """

    name: str
    state: str
    said: str
    advice: str = ""
    mends: bool = False


def examine(book: Path) -> list[Finding]:
    """All findings; what git itself cannot tell ends the list early. Runs nothing of the repository."""
    found = _git(book)
    if found.state == "missing":
        return [found]
    try:
        repository = around.find(book)
    except (NoRepository, NotYours, FilesElsewhere) as error:
        return [found, Finding("repository", "missing", str(error))]
    checks: tuple[Callable[[Repository], Finding | None], ...] = (
        _trust, _identity, _branch, _remote, _driver, _attributes, _hook, _under_way, _part, _partial,
    )  # fmt: skip
    place = Finding("repository", "fine", str(repository.top))
    return [found, place, *filter(None, (check(repository) for check in checks))]


def mend(book: Path) -> list[str]:
    """Install what can be installed; what was said on the way. Raises NoRepository and the like."""
    repository = around.find(book)
    mend_driver(repository)
    why_not = "" if hook.is_installed(repository) else hook.install(repository)
    return [why_not] if why_not else []


def decline(repository: Repository) -> None:
    """Keep that the person does not want plain git to merge by field."""
    repository.git.insist("config", "--local", _DECLINED, "true")


def is_declined(repository: Repository) -> bool:
    """True where they said so."""
    return repository.git.ask("config", "--type=bool", "--get", _DECLINED).line == "true"


def missing_driver(repository: Repository) -> bool:
    """True where plain git does not merge by field."""
    return not _installed(repository).complete


def mend_driver(repository: Repository) -> None:
    """Make plain git merge by field."""
    install(repository.book, own_words())


def _installed(repository: Repository) -> Installed:
    return installed(repository.book, own_words())


def _git(book: Path) -> Finding:
    try:
        words = Git(book).demand("version").line.split()
    except (GitMissing, CrmError) as error:
        return Finding("git", "missing", str(error))
    numbers = tuple(int(part) for part in words[2].split(".")[:2] if part.isdigit())
    if numbers < OLDEST:
        return Finding("git", "missing", f"git {words[2]} is too old", "install git 2.26 or newer")
    return Finding("git", "fine", f"git {words[2]}")


def _trust(repository: Repository) -> Finding | None:
    found = trust.risks(repository)
    if not found:
        return None
    if trust.is_trusted(repository, found):
        return Finding("trust", "fine", f"trusted with settings of its own: {len(found)}")
    said = f"its own settings decide what git does here: {'; '.join(found)}"
    return Finding("trust", "missing", said, "if you trust them: plaintextcrm sync --trust")


def _identity(repository: Repository) -> Finding:
    name, email = around.identity(repository)
    if name and email:
        return Finding("identity", "fine", f"{name} <{email}>")
    missing = " and ".join(word for word, known in (("name", name), ("email", email)) if not known)
    advice = "git config --global user.name 'Jana Malá'; git config --global user.email jana@…"
    return Finding("identity", "missing", f"git does not know your {missing}", advice)


def _branch(repository: Repository) -> Finding:
    try:
        return Finding("branch", "fine", around.branch(repository))
    except CrmError as error:
        return Finding("branch", "missing", str(error))


def _remote(repository: Repository) -> Finding:
    names = around.remotes(repository)
    if not names:
        advice = "git remote add origin URL, or the path of a bare folder"
        return Finding("remote", "missing", "no remote: nothing is shared", advice)
    try:
        partner = around.partner(repository, around.branch(repository))
    except CrmError as error:
        return Finding("remote", "missing", str(error))
    if partner and not partner.known:
        return Finding("remote", "fine", f"{partner.remote}; the first `sync` begins to share")
    return Finding("remote", "fine", f"{partner.remote}/{partner.branch}" if partner else names[0])


def _driver(repository: Repository) -> Finding:
    if _installed(repository).command:
        return Finding("driver", "fine", "git merges by field")
    said = "plain `git pull` does not know how to merge by field (`sync` does)"
    return Finding("driver", "missing", said, "plaintextcrm doctor --fix", mends=True)


def _attributes(repository: Repository) -> Finding:
    if _installed(repository).lines:
        return Finding("attributes", "fine", ".gitattributes names contacts and settings")
    said = ".gitattributes does not say that contacts and settings are merged by field"
    return Finding("attributes", "missing", said, "plaintextcrm doctor --fix", mends=True)


def _hook(repository: Repository) -> Finding:
    place = hook.place(repository)
    if hook.is_installed(repository):
        return Finding("hook", "fine", "what is staged is checked before each commit")
    if place.exists() and not hook.is_ours(place):
        if hook.is_called(repository):
            return Finding("hook", "fine", f"{place} checks contacts, too")
        said = f"{place} is not ours; does it run `plaintextcrm check --staged`?"
        return Finding("hook", "note", said)
    said = "broken files can be committed: there is no hook that checks them"
    return Finding("hook", "missing", said, "plaintextcrm doctor --fix", mends=True)


def _under_way(repository: Repository) -> Finding | None:
    found = around.half_done(repository)
    return (
        Finding("under way", "missing", f"{found[0]} is not finished", found[1]) if found else None
    )


def _part(repository: Repository) -> Finding | None:
    absent = parts.absent(repository)
    if not absent and not parts.is_sparse(repository):
        return None
    said = (
        f"a sparse checkout: {len(absent)} contacts of the repository are not in this folder; they "
        "are not deleted, lists and feeds show the others"
    )
    return Finding("part", "note", said, "git sparse-checkout add contacts/FOLDER brings more")


def _partial(repository: Repository) -> Finding | None:
    filtered = parts.filter_of(repository)
    if not filtered:
        return None
    said = f"a partial clone ({filtered}): git fetches older versions when they are asked for"
    return Finding("partial", "note", said, "`history` needs the network for them")
