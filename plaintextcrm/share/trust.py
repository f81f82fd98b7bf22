"""What a repository's own settings and hooks would run, and whether the person trusts that.

`.git/config` can name programs that git runs for us: hooks, filters, ssh commands. A folder that came
from somebody else brings its own. So all that is not known to be harmless is shown and asked about
once; what was trusted is kept in the user's configuration, and asked about again when it changes.
"""

import json
import os
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from plaintextcrm.share.git import Git
from plaintextcrm.share.hook import is_ours
from plaintextcrm.share.repository import Repository, common_folder, find
from plaintextcrm.share.trouble import NotTrusted
from plaintextcrm.store.cache import config_folder, make_private
from plaintextcrm.store.digest import digest_of
from plaintextcrm.store.write import replace as write

# Settings that run nothing and lead nowhere. What is not here is asked about.
_HARMLESS = re.compile(
    r"core\.(?:repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|symlinks|autocrlf"
    r"|precomposeunicode|eol|safecrlf|sparsecheckout|sparsecheckoutcone|quotepath|abbrev|compression"
    r"|bigfilethreshold|commentchar|untrackedcache|splitindex|protecthfs|protectntfs|checkstat"
    r"|trustctime|sharedrepository|longpaths|preloadindex|fsync|fsyncmethod|whitespace|excludesfile)"
    r"|extensions\..+|include\.path|includeif\..+\.path|plaintextcrm\..+|merge\.plaintextcrm\..+"
    r"|remote\..+\.(?:url|pushurl|fetch|push|promisor|partialclonefilter|tagopt|prune|mirror)"
    r"|branch\..+|(?:user|author|committer)\.(?:name|email)|user\.signingkey|init\.defaultbranch"
    r"|merge\.(?:conflictstyle|ff|log|renames|renamelimit|stat|verbosity|directoryrenames)"
    r"|(?:pull|push|fetch|rerere|pack|index|feature|color|i18n|advice|maintenance|transfer)\..+"
    r"|gc\.(?!recentobjectshook).+"
    r"|commit\.(?:gpgsign|verbose|cleanup|status)|tag\.gpgsign|receive\..+|status\..+|uploadpack\.(?:allow\w+|hiderefs)"
    r"|submodule\.(?:active|.+\.(?:url|active|branch))|diff\.(?:renames|algorithm)"
    r"|http\.(?:.+\.)?(?:extraheader|postbuffer|version)|credential\.(?:.+\.)?username"
)
_ADDRESS = re.compile(r"remote\..+\.(?:url|pushurl)")
_ON_A_NETWORK = re.compile(r"(?:https?|ssh|git|git\+ssh|ssh\+git)://[^-]|[\w.@-]+:(?!:)")
_OWN = ("local", "worktree")


def open_repository(book: Path, *, trust: bool = False) -> Repository:
    """The repository around the book, in which git may run what it names; `trust` says so for good.

    Raises NotTrusted, NoRepository, NotYours or GitMissing.
    """
    repository = find(book)
    found = risks(repository)
    if found and trust:
        remember(repository, found)
    elif found and not is_trusted(repository, found):
        raise NotTrusted(str(book), list(found))
    return replace(repository, git=replace(repository.git, trusted=True))


def risks(repository: Repository) -> dict[str, bytes]:
    """What the repository would run, in words, and what stands for it. Runs nothing of it."""
    folder = common_folder(repository)
    found = _settings(repository.git, repository.top) | _hooks(folder, "the hook")
    for address in _local_remotes(repository):
        inside = next((f for f in (address, address / ".git") if (f / "objects").is_dir()), None)
        if inside:
            found |= _hooks(inside, f"pushing to {address} runs its hook")
            own = _settings(Git(inside), inside)
            found |= {f"pushing to {address}: {told}": value for told, value in own.items()}
    return found


def _settings(git: Git, top: Path) -> dict[str, bytes]:
    answer = git.demand("config", "-z", "--list", "--show-scope", "--includes")
    fields = answer.text.split("\0")
    found = {}
    for scope, setting in zip(fields[::2], fields[1::2], strict=False):
        name, _, value = setting.partition("\n")
        if scope in _OWN and not _harmless(name, value, top):
            found[f"{name} = {value}"] = os.fsencode(setting)
    return found


def _harmless(name: str, value: str, top: Path) -> bool:
    if _ADDRESS.fullmatch(name):
        return not value.startswith("-") and "::" not in value
    return bool(_HARMLESS.fullmatch(name))


def _hooks(folder: Path, said: str) -> dict[str, bytes]:
    """The hooks that would run, each with a digest of its text; our own one is known."""
    found = {}
    with suppress(OSError):
        for hook in sorted((folder / "hooks").iterdir()):
            if hook.suffix != ".sample" and os.access(hook, os.X_OK) and not is_ours(hook):
                with suppress(OSError):
                    found[f"{said} {hook.name}"] = digest_of(hook.read_bytes())
    return found


def _local_remotes(repository: Repository) -> list[Path]:
    """Remotes that are folders of this machine: pushing there runs their hooks."""
    pattern = r"^remote\..*\.(url|pushurl)$"
    found = repository.git.ask("config", "-z", "--get-regexp", pattern).names
    values = {part.partition("\n")[2] for part in found}
    paths = [value.removeprefix("file://") for value in sorted(values)]
    return [repository.top / path for path in paths if not _ON_A_NETWORK.match(path)]


# ── what is kept ─────────────────────────────────────────────────────────────


def is_trusted(repository: Repository, found: dict[str, bytes]) -> bool:
    """True where the person trusted just this."""
    return _known().get(str(repository.top)) == _sign(found)


def remember(repository: Repository, found: dict[str, bytes]) -> None:
    """Keep that the person trusts this. Raises NotWritten."""
    known = _known() | {str(repository.top): _sign(found)}
    make_private(config_folder())
    write(_file(), f"{json.dumps(known, indent=1)}\n".encode())


def _file() -> Path:
    return config_folder() / "trusted.json"


def _known() -> dict[str, str]:
    with suppress(OSError, ValueError):
        plain = json.loads(_file().read_bytes())
        if isinstance(plain, dict):
            return {str(path): str(sign) for path, sign in plain.items()}
    return {}


def _sign(found: dict[str, bytes]) -> str:
    rows = [told.encode("utf-8", "surrogateescape") + b"\0" + found[told] for told in sorted(found)]
    return digest_of(b"\0".join(rows)).hex()
