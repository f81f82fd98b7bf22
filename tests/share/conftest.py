"""A team: a bare folder that all share, and clones of it in which commands are typed."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import PROJECT, AddressBook, Answer


class Clone(AddressBook):
    """One person's clone of the address book."""

    def git(self, *words: str, check: bool = True) -> str:
        """What git prints here."""
        done = subprocess.run(
            ["git", *words], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, f"git {words}: {done.stdout}{done.stderr}"
        return done.stdout

    def read(self, path: str) -> str:
        """A file as it is now; `eva.yaml` means `contacts/eva.yaml`."""
        inside = path if "/" in path or path == "plaintextcrm.yaml" else f"contacts/{path}"
        return (self.folder / inside).read_text("utf-8")

    def sync(self, *words: str) -> Answer:
        """`sync`, which must work."""
        answer = self.run("sync", *words)
        assert answer.code == 0, answer
        return answer

    def message(self) -> str:
        """The message of the last commit."""
        return self.git("log", "-1", "--format=%B").strip()

    def committed(self) -> set[str]:
        """The files of the last commit."""
        return set(self.git("show", "--name-only", "--format=", "HEAD").split())


class Team:
    """Who shares one bare folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.remote = folder / "team.git"
        self._capsys = capsys
        folder.mkdir()
        subprocess.run(
            ["git", "init", "-q", "-b", "master", "--bare", str(self.remote)], check=True
        )

    def first(self, name: str = "jana", **files: str) -> Clone:
        """A folder with these contacts that begins to share."""
        clone = Clone(self.folder / name, self._capsys)
        clone.folder.mkdir()
        clone.git("init", "-q", "-b", "master")
        clone.git("remote", "add", "origin", str(self.remote))
        (clone.folder / "contacts").mkdir()
        for contact, text in files.items():
            clone.write(f"{contact}.yaml", text)
        return clone

    def clone(self, name: str, *options: str) -> Clone:
        """Somebody who joins."""
        clone = Clone(self.folder / name, self._capsys)
        words = ["git", "clone", "-q", *options, f"file://{self.remote}", str(clone.folder)]
        subprocess.run(words, check=True, capture_output=True)
        return clone


@pytest.fixture
def team(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Team:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Jana Malá")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "jana@example.com")
    # An empty part would mean the folder in which git runs the driver.
    parts = [str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(parts))
    return Team(tmp_path / "team", capsys)


ACME = """\
name: ACME
uid: 1b4e28ba-2fa1-41d2-883f-0016d3cca427
status: lead
cadence: 3 months  # as they asked
follow_ups:
  - date: 2026-11-20
    note: Send the offer
"""
EVA = """\
name: Eva Malá
uid: 6fa459ea-ee8a-4ca4-894e-db77e160355e
emails: [eva@example.com]
"""
