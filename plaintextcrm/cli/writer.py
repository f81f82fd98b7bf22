"""Who is writing: `me` of the settings, else the one of `people` whom git knows here."""

import os

import click

from plaintextcrm.cli.session import Session
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fold import fold

ME = "me"


def writer(session: Session, settings: Settings) -> str:
    """The name for `by`; empty where nobody else works with the book, or nobody can be told.

    A team shares its settings, so there git's user says who it is: by the whole name, one word of it,
    or the part of the e-mail address before the @.
    """
    if len(settings.people) < 2:
        return ""
    return settings.me or _known_to_git(session, settings)


def _known_to_git(session: Session, settings: Settings) -> str:
    from plaintextcrm.model.errors import GitMissing
    from plaintextcrm.share.git import Git

    known = {
        "name": os.environ.get("GIT_AUTHOR_NAME", ""),
        "email": os.environ.get("GIT_AUTHOR_EMAIL", ""),
    }
    try:
        found = (
            Git(session.folder).ask("config", "-z", "--get-regexp", r"^user\.(name|email)$").names
        )
    except GitMissing:
        found = []
    said = {
        key.removeprefix("user."): value
        for key, _, value in (part.partition("\n") for part in found)
    }
    name = fold(known["name"] or said.get("name", ""))
    email = fold(known["email"] or said.get("email", "")).partition("@")[0]
    signs = {name, email, *name.split(), *email.replace("-", ".").replace("_", ".").split(".")} - {
        ""
    }
    people = [one for one in settings.people if fold(one) in signs]
    exact = [one for one in people if fold(one) in (name, email)]
    found_people = exact or people
    return found_people[0] if len(found_people) == 1 else ""


def person(session: Session, settings: Settings, name: str) -> str:
    """One of the people, by the name of the command line. Raises a usage error for nobody we know."""
    if name == ME and ME not in settings.people:
        mine = settings.me or _known_to_git(session, settings)
        if mine:
            return mine
        raise click.UsageError("Who are you? Set `me` in plaintextcrm.yaml, or git's user.name.")
    people = [one for one in (*settings.people, settings.me) if one]
    found = next((one for one in people if fold(one) == fold(name)), "")
    if found or not people:
        return found or name
    from plaintextcrm.text.suggest import did_you_mean

    hint = did_you_mean(name, people) or f"there are {', '.join(people)}"
    raise click.UsageError(f"{name!r} is not among `people` of the settings: {hint}")
