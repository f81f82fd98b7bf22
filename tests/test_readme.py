"""Every command of the README and of docs/ is run, and gives just the output that stands there.

A page is one session in a new folder. A block `yaml` that begins with `# some/file.yaml` is that
file, written where the session stands. In a block `console`, a line `$ command` is run, and the
lines below it are its output. What installs something is not run: the Makefile's targets and the
package's name are looked up instead.
"""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import PROJECT, TODAY

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
TEXTS = [*PAGES, PROJECT / "CONTRIBUTING.md", PROJECT / "CHANGELOG.md"]
BLOCK = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (?P<path>[\w./-]+\.yaml)\n")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)(?P<path>[^)#]+)(?:#(?P<heading>[^)]*))?\)")
LIMIT = 60  # seconds; a command that waits for ever fails


@dataclass(frozen=True)
class Step:
    """A command of a page, the output that stands below it, and the line of the page."""

    command: str
    output: str
    line: int


def blocks(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, kind and body of each fenced block."""
    for found in BLOCK.finditer(text):
        yield text.count("\n", 0, found.start()) + 2, found["kind"], found["body"]


def steps(body: str, line: int) -> Iterator[Step]:
    """The commands of a console block."""
    command, output, start = "", "", line
    for number, text in enumerate(body.splitlines(keepends=True), line):
        if text.startswith("$ "):
            if command:
                yield Step(command, output, start)
            command, output, start = text[2:].strip(), "", number
        else:
            assert command, f"line {number}: output without a command"
            output += text
    yield Step(command, output, start)


class Session:
    """Somebody who reads a page and types what it says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PLAINTEXTCRM_TODAY": TODAY,
            "COLUMNS": "80",
            "TZ": "Europe/Prague",
            "LC_ALL": "C",
            "GIT_AUTHOR_NAME": "Jana",
            "GIT_AUTHOR_EMAIL": "jana@example.com",
            "GIT_COMMITTER_NAME": "Jana",
            "GIT_COMMITTER_EMAIL": "jana@example.com",
        }

    def put(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def type(self, step: Step) -> str:
        """What the terminal shows."""
        if step.command.startswith("cd "):
            self.folder = self.folder / step.command.removeprefix("cd ")
            assert self.folder.is_dir(), f"line {step.line}: {step.command}"
            return ""
        done = subprocess.run(
            ["sh", "-c", step.command],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LIMIT,
            check=False,
        )
        return done.stdout.decode()


def is_installation(step: Step) -> bool:
    """True for what is only looked up: it needs the network, or takes its time."""
    words = step.command.split()
    if words[0] == "make":
        targets = (PROJECT / "Makefile").read_text("utf-8")
        for target in words[1:]:
            assert re.search(rf"^{target}:", targets, re.MULTILINE), step
        return True
    if words[:2] == ["git", "clone"]:
        return "://" in step.command
    if words[0] == "pipx" or words[:2] == ["pip", "install"]:
        assert words[-1] in (".", _package_name()), step
        return True
    return words[0] == "npm"


def _package_name() -> str:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["name"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_gives_what_the_page_says(page: Path, tmp_path: Path) -> None:
    session = Session(tmp_path)
    for line, kind, body in blocks(page.read_text("utf-8")):
        if kind == "yaml" and (file := FILE.match(body)):
            session.put(file["path"], body)
        elif kind == "console":
            for step in steps(body, line):
                if not is_installation(step):
                    shown = session.type(step)
                    assert shown == step.output, f"{page.name}:{step.line}: $ {step.command}"


def test_the_readme_has_commands() -> None:
    """A fence that is written another way would take its commands out of the test."""
    text = (PROJECT / "README.md").read_text("utf-8")
    commands = [line for line in text.splitlines() if line.startswith("$ ")]
    run = [step for line, kind, body in blocks(text) if kind == "console"
           for step in steps(body, line)]  # fmt: skip
    assert len(run) == len(commands) > 10


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.finditer(page.read_text("utf-8")):
        target = page.parent / link["path"]
        assert target.exists(), f"{page.name}: {link['path']}"
        if link["heading"]:
            assert link["heading"] in anchors(target), f"{page.name}: {link[0]}"


def anchors(page: Path) -> set[str]:
    """What a link may name in a page: its headings, as GitHub and Forgejo spell them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}
