"""The pre-commit hook: what is about to be committed is checked as it is staged."""

import os
import shlex
from contextlib import suppress
from dataclasses import replace as replace_git
from pathlib import Path

from plaintextcrm.share.command import own_command, own_words
from plaintextcrm.share.repository import Repository, common_folder
from plaintextcrm.store.write import create, replace

NAME = "pre-commit"
_CHECK = "check --staged"
_BOOK = 3  # words from the end of the last line
_SIGN = "# plaintextcrm checks what is staged"
_SCRIPT = """\
#!/bin/sh
{sign}; `plaintextcrm init --hooks` writes this file.
[ -z "$PLAINTEXTCRM_CHECKED" ] || exit 0
[ -x {program} ] || {{
  echo "plaintextcrm is not where it was when this hook was written, so nothing was checked." >&2
  echo "Write it anew with: plaintextcrm init --hooks. Commit as it is with: --no-verify" >&2
  exit 1
}}
exec {command} -C ./{book} {check}
"""


def script(prefix: str) -> bytes:
    """The hook's text; `prefix` leads from the top of the repository to the address book."""
    program = shlex.quote(own_words()[0])
    book = shlex.quote(prefix)
    text = _SCRIPT.format(
        sign=_SIGN, program=program, command=own_command(), book=book, check=_CHECK
    )
    return os.fsencode(text)


def is_ours(hook: Path) -> bool:
    """True for a hook that does what ours does and nothing else, wherever the address book lies."""
    try:
        data = hook.read_bytes()
        words = shlex.split(os.fsdecode(data).rstrip().rpartition("\n")[2])
    except (OSError, ValueError):
        return False
    return len(words) > _BOOK and data == script(words[-_BOOK].removeprefix("./"))


def place(repository: Repository) -> Path:
    """Where git looks for the hook, also where a setting moved all hooks elsewhere."""
    git = replace_git(repository.git, trusted=True)  # which does not move the hooks away
    named = git.demand("rev-parse", "--git-path", f"hooks/{NAME}").line
    return repository.top / named


def is_installed(repository: Repository) -> bool:
    """True where the hook is there, as this program would write it."""
    hook = place(repository)
    return (
        hook.is_file()
        and hook.read_bytes() == script(repository.prefix)
        and os.access(hook, os.X_OK)
    )


def install(repository: Repository) -> str:
    """Write the hook; why not, where another one is there, and how to have both."""
    hook = place(repository)
    if not hook.resolve().is_relative_to(common_folder(repository)):
        shared = hook.resolve().is_relative_to(repository.top)
        whom = "everybody who has this repository" if shared else "all your repositories"
        return (
            f"{hook.parent} serves {whom} (core.hooksPath), so no hook was written. "
            f"Add this line to {hook}: {_chained(repository, 'plaintextcrm')}"
        )
    there = hook.exists() or hook.is_symlink()
    if there and not is_ours(hook) and not _was_ours(hook):
        return (
            f"{hook} is there and not ours, so it was left as it is. To check contacts, too, add "
            f"this line to it: {_chained(repository, own_command())}"
        )
    hook.parent.mkdir(parents=True, exist_ok=True)
    if there:
        replace(hook, script(repository.prefix))
    else:
        create(hook, script(repository.prefix))
    hook.chmod(0o755)
    return ""


def _was_ours(hook: Path) -> bool:
    """True for a hook that an installation of ours wrote, perhaps another one."""
    try:
        return hook.read_bytes().splitlines()[1].startswith(_SIGN.encode())
    except (OSError, IndexError):
        return False


def _chained(repository: Repository, command: str) -> str:
    return f"{command} -C {shlex.quote(f'./{repository.prefix}')} {_CHECK} || exit 1"


def is_called(repository: Repository) -> bool:
    """True where a hook of somebody else, or the pre-commit framework, checks contacts, too."""
    framework = repository.top / ".pre-commit-config.yaml"
    for file, words in ((place(repository), _CHECK), (framework, "plaintextcrm-check")):
        with suppress(OSError):
            if words.encode() in file.read_bytes():
                return True
    return False
