"""Git repositories of the tests: real ones, made and asked by the command."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from plaintextcrm.share.driver import install
from tests.conftest import PROJECT

PROGRAM = [sys.executable, "-P", "-m", "plaintextcrm"]


@dataclass(frozen=True)
class Said:
    """What git did."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Repository:
    """A repository with one branch, `main`."""

    folder: Path

    def git(self, *words: str, **environment: str) -> Said:
        """Run git, whatever comes of it."""
        done = subprocess.run(
            ["git", "-c", "user.name=Jana", "-c", "user.email=jana@example.com", *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(PROJECT), "LC_ALL": "C", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    def do(self, *words: str) -> str:
        """Run git, which must succeed; what it printed."""
        said = self.git(*words)
        assert said.code == 0, (words, said)
        return said.out

    def write(self, files: dict[str, bytes]) -> None:
        """Write files; an empty one is one that is not there."""
        for path, data in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            if data:
                (self.folder / path).write_bytes(data)

    def commit(self, files: dict[str, bytes], words: str = "x") -> None:
        """Write and commit files."""
        self.write(files)
        self.do("add", "-A")
        self.do("commit", "-q", "--allow-empty", "-m", words)

    def read(self, path: str) -> bytes:
        """A file of the working tree."""
        return (self.folder / path).read_bytes()

    def unmerged(self) -> set[str]:
        """The files that git has in conflict."""
        return set(
            filter(None, self.do("diff", "--name-only", "-z", "--diff-filter=U").split("\0"))
        )


def make(folder: Path) -> Repository:
    """A repository with nothing in it."""
    folder.mkdir(parents=True)
    repository = Repository(folder)
    repository.do("init", "-q", "-b", "main")
    return repository


def make_merging(folder: Path, *books: str) -> Repository:
    """A repository that merges by field in the address books in these folders of it."""
    repository = make(folder)
    for book in books or (".",):
        (folder / book / "contacts").mkdir(parents=True, exist_ok=True)
        install(folder / book, PROGRAM)
    return repository
