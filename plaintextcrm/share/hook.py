"""The pre-commit hook: what is about to be committed is checked as it is staged."""

import os
import shlex
from dataclasses import replace as replace_git
from pathlib import Path

from plaintextcrm.share.command import own_command
from plaintextcrm.share.repository import Repository
from plaintextcrm.store.write import create, replace

NAME = "pre-commit"
_SIGN = "# plaintextcrm checks what is staged"
_SCRIPT = """\
#!/bin/sh
{sign}; `plaintextcrm init --hooks` writes this file.
[ -z "$PLAINTEXTCRM_CHECKED" ] || exit 0
{test} || {{
  echo "plaintextcrm is not where it was when this hook was written, so nothing was checked." >&2
  echo "Write it anew with: plaintextcrm init --hooks. Commit as it is with: --no-verify" >&2
  exit 1
}}
exec {command} -C ./{book} check --staged
"""


def script(repository: Repository) -> bytes:
    """The hook's text."""
    program = shlex.split(own_command())[0]
    text = _SCRIPT.format(
        sign=_SIGN,
        test=f"[ -x {shlex.quote(program)} ]",
        command=own_command(),
        book=shlex.quote(repository.prefix),
    )
    return os.fsencode(text)


def is_ours(hook: Path) -> bool:
    """True for a hook that does what ours does and nothing else."""
    try:
        lines = hook.read_bytes().decode(errors="surrogateescape").splitlines()
    except OSError:
        return False
    model = _SCRIPT.splitlines()
    if len(lines) != len(model) or not lines[1].startswith(_SIGN):
        return False
    same = [number for number, line in enumerate(model) if "{" not in line.replace("{{", "")]
    if any(lines[number] != model[number] for number in same):
        return False
    return _is_call(lines[3], lines[-1])


def _is_call(test: str, call: str) -> bool:
    """True for lines that only run this program, wherever the address book lies."""
    try:
        words, tested = shlex.split(call), shlex.split(test)
    except ValueError:
        return False
    program = shlex.split(own_command())
    book = words[-3][2:] if len(words) > 3 else ""
    expected = f"exec {own_command()} -C ./{shlex.quote(book)} check --staged"
    return (
        call == expected
        and tested[:3] == ["[", "-x", program[0]]
        and tested[3:] == ["]", "||", "{"]
    )


def place(repository: Repository) -> Path:
    """Where git looks for the hook, also where a setting moved all hooks elsewhere."""
    git = replace_git(repository.git, trusted=True)  # which does not move the hooks away
    named = git.demand("rev-parse", "--git-path", f"hooks/{NAME}").line
    return repository.top / named


def is_installed(repository: Repository) -> bool:
    """True where the hook is there, as this program would write it."""
    hook = place(repository)
    return hook.is_file() and hook.read_bytes() == script(repository) and os.access(hook, os.X_OK)


def install(repository: Repository) -> str:
    """Write the hook; why not, where another one is there, and how to have both."""
    hook = place(repository)
    inside = hook.resolve().is_relative_to(repository.top) or hook.resolve().is_relative_to(
        repository.folder
    )
    if not inside:
        return (
            f"{hook.parent} serves all your repositories (core.hooksPath), so no hook was written. "
            f"Add this line to {hook}: {_chained()}"
        )
    there = hook.exists() or hook.is_symlink()
    if there and not is_ours(hook) and not _was_ours(hook):
        return (
            f"{hook} is there and not ours, so it was left as it is. To check contacts, too, add "
            f"this line to it: {_chained()}"
        )
    hook.parent.mkdir(parents=True, exist_ok=True)
    if there:
        replace(hook, script(repository))
    else:
        create(hook, script(repository))
    hook.chmod(0o755)
    return ""


def _was_ours(hook: Path) -> bool:
    """True for a hook that an installation of ours wrote, perhaps another one."""
    try:
        return hook.read_bytes().splitlines()[1].startswith(_SIGN.encode())
    except (OSError, IndexError):
        return False


def _chained() -> str:
    return f"{own_command()} check --staged || exit 1"
