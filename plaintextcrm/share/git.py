"""The one place that calls git: a list of words and no shell, an environment of our own, bytes back.

What a folder's own configuration would run (a file system monitor, hooks, `ext::` addresses) does
not run, unless the person trusts the folder.
"""

import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from plaintextcrm.model.errors import GitBusy, GitFailed, GitMissing

PATIENCE = 5.0  # seconds that another git may hold its lock
PAUSE = 0.1

_NOTHING_OF_ITS_OWN = (
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "protocol.ext.allow=never"),
)
# What ties a git that calls us to one repository; ours may be another. `git rev-parse
# --local-env-vars` names them.
_OF_ONE_REPOSITORY = frozenset({
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE", "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
})  # fmt: skip
# What would change the words or the shape of an answer, or run a program beside it.
_OF_THE_ANSWER = frozenset({
    "GIT_DIFF_OPTS", "GIT_EXTERNAL_DIFF", "GIT_GLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
    "GIT_LITERAL_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_PAGER", "LANGUAGE",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What git said: its exit code, what it printed, and its words for people."""

    code: int
    out: bytes
    error: str

    @property
    def text(self) -> str:
        """What it printed, as text without its last line end; other bytes stand as lone surrogates."""
        return self.out.decode("utf-8", "surrogateescape").removesuffix("\n")

    @property
    def parts(self) -> list[str]:
        """What it printed with `-z`."""
        return [part for part in self.text.split("\0") if part]


@dataclass(frozen=True, slots=True)
class Git:
    """Git in one folder, with settings of ours (`core.fsync=all`).

    `trusted`: what the folder's own settings run may run.
    """

    folder: Path
    settings: tuple[str, ...] = ()
    trusted: bool = False

    def ask(self, *words: str, data: bytes = b"") -> Answer:
        """Run git with these words and this input. Raises NoGit."""
        own = () if self.trusted else _NOTHING_OF_ITS_OWN
        more = [word for setting in self.settings for word in ("-c", setting)]
        try:
            done = subprocess.run(
                ["git", "--no-pager", *own, *more, *words],
                cwd=self.folder,
                env=environment(os.environ),
                input=data,
                capture_output=True,
                check=False,
            )
        except (FileNotFoundError, PermissionError) as error:
            if not self.folder.is_dir():
                raise
            raise NoGit from error
        return Answer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip())

    def run(self, *words: str, data: bytes = b"") -> Answer:
        """The same, where only success will do. Raises GitFailed, or GitBusy."""
        answer = self.ask(*words, data=data)
        if answer.code and ".lock'" in answer.error and "File exists" in answer.error:
            raise GitBusy(answer.error)
        if answer.code:
            raise GitFailed(words[0], answer.error)
        return answer


def environment(outer: Mapping[str, str]) -> dict[str, str]:
    """The environment of a git that we start: no other repository's, and answers in plain English."""
    apart = _OF_ONE_REPOSITORY | _OF_THE_ANSWER
    kept = {
        name: value
        for name, value in outer.items()
        if name not in apart and not name.startswith(("GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"))
    }
    return {**kept, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
