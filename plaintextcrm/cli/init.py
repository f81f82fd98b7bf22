"""`init`: a new address book, or what an old one lacks."""

import os
import shlex
from datetime import date, timedelta
from pathlib import Path

import click

from plaintextcrm.cli.output import tell
from plaintextcrm.cli.schema import SCHEMA, SETTINGS_SCHEMA, modeline, schema_text
from plaintextcrm.cli.session import Session, session
from plaintextcrm.model.errors import GitFailed, GitMissing, NotWritten
from plaintextcrm.model.settings import Settings
from plaintextcrm.share.commit import IGNORE, IGNORED
from plaintextcrm.store.folder import CONTACTS, SETTINGS
from plaintextcrm.store.write import replace

_SETTINGS = """\
# yaml-language-server: $schema=.plaintextcrm/settings.schema.json
# What holds for this whole address book. Every line may be left out.

timezone: {timezone}  # decides when a day begins
currency: EUR  # of amounts that name none
# country: CZ  # whose name days, where a contact tells neither language nor country
# me: jana
# people: [jana, petr]  # who works with this address book

cadences:  # how often to be in touch, by tag, class (A, B, C) or status
  client: 3 months
  prospect: 6 weeks
  dormant: 1 year

overdue: roll  # what is late stands on today, until it is done; keep: on its own day
max_per_day: 8  # calls too many slide to the next working day
lead: 2 weeks  # how long before a need you want to know

# feeds:  # without any: follow-ups.ics with everything
#   - {{name: mine, path: mine.ics, title: My follow-ups, owner: jana}}
"""

_EXAMPLE = """\
{modeline}
name: Example Contact  # the only field that must be there
status: prospect
emails: [someone@example.com]
cadence: 6 weeks  # how long after the last talk to be in touch again

interactions:
  - date: {today}
    channel: meeting
    note: Met at a conference, liked the idea of a CRM in plain text

follow_ups:
  - date: {soon}
    note: Send the link to the slides
"""


@click.command(epilog="Example: plaintextcrm init my-clients")
@click.argument("folder", required=False, type=click.Path())
@click.option("--git/--no-git", default=True, show_default=True, help="Make it a git repository.")
@click.option("--hooks", is_flag=True, help="Let git check what is staged before each commit.")
@session
def command(session: Session, folder: str | None, git: bool, hooks: bool) -> None:
    """Make an address book in FOLDER: settings, an example, the editor schema, a git repository.

    FOLDER is the current one unless it is named here or with -C. What is there already stays as it
    is; only the schema is made anew. So run it again after the settings have changed.
    """
    book = Path(folder or session.named or ".").expanduser().resolve()
    _make_folder(book / CONTACTS)
    new = not any((book / CONTACTS).rglob("*.y*ml"))
    _write_new(book, SETTINGS, _SETTINGS.format(timezone=_timezone()))
    _write_schemas(book)
    if new:
        _write_new(book, f"{CONTACTS}/example.yaml", _example(book, session.today(Settings())))
    _write_new(book, IGNORE, IGNORED)
    if git or hooks:
        _git(book)
    if hooks:
        _hooks(book)
    here = "" if book == Path.cwd() else f"cd {shlex.quote(os.path.relpath(book))}, "
    edit = f"edit {CONTACTS}/example.yaml, " if new else ""
    tell(f"Ready. Next: {here}{edit}run `plaintextcrm check`.")


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it. Raises NotWritten where a file is in the way."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        there = next(path for path in (folder, *folder.parents) if path.exists())
        raise NotWritten(str(folder), f"{there} is a file, not a folder") from None


def _write_new(book: Path, name: str, text: str) -> None:
    if (book / name).exists() or (book / name).is_symlink():
        tell(f"{name}: is there, left as it is")
        return
    replace(book / name, text.encode())
    tell(f"{name}: written")


def _write_schemas(book: Path) -> None:
    from plaintextcrm.text.schema import contact_schema, settings_schema

    _make_folder((book / SCHEMA).parent)
    for path, schema in (
        (SCHEMA, contact_schema(_settings(book))),
        (SETTINGS_SCHEMA, settings_schema()),
    ):
        replace(book / path, f"{schema_text(schema)}\n".encode())
        tell(f"{path.as_posix()}: written")


def _settings(book: Path) -> Settings:
    """The settings as they are; the default ones where they cannot be read."""
    from plaintextcrm.text.parse import parse_settings

    try:
        settings, _problems = parse_settings((book / SETTINGS).read_bytes(), SETTINGS)
    except OSError:
        return Settings()
    return settings


def _example(book: Path, today: date) -> str:
    return _EXAMPLE.format(
        modeline=modeline(book, book / CONTACTS / "example.yaml"),
        today=today,
        soon=today + timedelta(days=3),
    )


def _timezone() -> str:
    """The machine's time zone by its IANA name; UTC where it cannot be told."""
    from zoneinfo import available_timezones

    named = os.environ.get("TZ", "")
    link = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    zones = available_timezones()
    return next((zone for zone in (named, link) if zone in zones), "UTC")


def _git(book: Path) -> None:
    """Make the folder a git repository, unless it lies in one, that merges contacts by field."""
    from plaintextcrm.share.git import Git

    git = Git(book)
    try:
        if git.ask("rev-parse", "--is-inside-work-tree").code:
            git.demand("init", "-q")
            tell("git repository: made")
        _driver(book)
    except GitMissing:
        tell("git is not installed: the history of your contacts is not kept")
    except GitFailed as error:
        tell(str(error))


def _driver(book: Path) -> None:
    from plaintextcrm.share.command import own_words
    from plaintextcrm.share.driver import ATTRIBUTES, install

    before = install(book, own_words())
    if not before.lines:
        tell(f"{ATTRIBUTES}: contacts and settings are merged by field")
    if not before.command:
        tell("git settings of this folder: how to merge by field")


def _hooks(book: Path) -> None:
    """The pre-commit hook. Raises NoRepository."""
    from plaintextcrm.share import hook
    from plaintextcrm.share.repository import find

    repository = find(book)
    if hook.is_installed(repository):
        tell("pre-commit hook: is there")
        return
    tell(hook.install(repository) or "pre-commit hook: checks what is staged")
