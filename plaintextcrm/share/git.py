"""The one place that calls git: a list of words and no shell, an environment of our own, bytes back.

What a folder's own configuration would run (a file system monitor, hooks, `ext::` addresses) does
not run, unless the person trusts the folder.
"""

import os
import subprocess
import time
from collections.abc import Iterable, Mapping
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

# No editor opens for a message; our own hook need not check what we checked already.
_NO_QUESTIONS = {"GIT_EDITOR": "true", "GIT_MERGE_AUTOEDIT": "no", "PLAINTEXTCRM_CHECKED": "1"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What git said: its exit code, what it printed, and its words for people."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """What it printed, as text; bytes that are none stand as lone surrogates."""
        return self.out.decode("utf-8", "surrogateescape")

    @property
    def line(self) -> str:
        """The same without its last line end."""
        return self.text.removesuffix("\n")

    @property
    def names(self) -> list[str]:
        """What it printed with `-z`."""
        return [name for name in self.text.split("\0") if name]

    @property
    def locked(self) -> bool:
        """True where it failed because another git is at work."""
        return self.code != 0 and ".lock': File exists" in self.err


@dataclass(frozen=True, slots=True)
class Git:
    """Git in one folder. `trusted`: what the folder's own configuration runs may run.

    `settings` are further `name=value` of the command line; `index`: another file than its own.
    """

    folder: Path
    trusted: bool = False
    settings: tuple[str, ...] = ()
    index: str = ""

    def ask(self, *words: str, data: bytes = b"") -> Answer:
        """Run git with these words and this input. Raises GitMissing."""
        own = [] if self.trusted else list(_NOTHING_OF_ITS_OWN)
        own += [word for setting in self.settings for word in ("-c", setting)]
        outer = environment(os.environ) | ({"GIT_INDEX_FILE": self.index} if self.index else {})
        try:
            done = subprocess.run(
                ["git", "--no-pager", *own, *words],
                cwd=self.folder,
                env=outer,
                input=data,
                capture_output=True,
                check=False,
            )
        except (FileNotFoundError, PermissionError) as error:
            if not self.folder.is_dir():
                raise
            raise GitMissing from error
        return Answer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip())

    def demand(self, *words: str, data: bytes = b"") -> Answer:
        """The same, where only success will do. Raises GitFailed."""
        answer = self.ask(*words, data=data)
        if answer.code:
            raise GitFailed(str(self.folder), words, answer.err)
        return answer

    def insist(self, *words: str, data: bytes = b"") -> Answer:
        """The same for what changes the repository: waits while another git holds its lock.

        Raises GitBusy or GitFailed.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self.ask(*words, data=data)
            if not answer.locked:
                break
            if time.monotonic() > deadline:
                raise GitBusy(answer.err)
            time.sleep(PAUSE)
        if answer.code:
            raise GitFailed(str(self.folder), words, answer.err)
        return answer


def environment(outer: Mapping[str, str]) -> dict[str, str]:
    """The environment of a git that we start: no other repository's, and answers in plain English."""
    apart = _OF_ONE_REPOSITORY | _OF_THE_ANSWER
    kept = {
        name: value
        for name, value in outer.items()
        if name not in apart and not name.startswith(("GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"))
    }
    return {**kept, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", **_NO_QUESTIONS}


def exactly(paths: Iterable[str]) -> list[str]:
    """Paths from the top of the repository as pathspecs that mean just these files."""
    return [f":(top,literal){path}" for path in paths]


def all_of() -> tuple[str, str]:
    """What makes a command of git read its pathspecs from stdin: there may be thousands."""
    return "--pathspec-from-file=-", "--pathspec-file-nul"
