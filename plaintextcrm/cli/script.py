"""Talks that a script sends to `log -`: a JSON object on each line of stdin."""

import json
from collections.abc import Mapping

import click

from plaintextcrm.cli.adding import stdin_text
from plaintextcrm.cli.log import Said
from plaintextcrm.cli.output import one_line
from plaintextcrm.text.suggest import did_you_mean

FIELDS = ("contact", "channel", "note", "date", "direction", "mood", "by", "next")
_NEEDED = ("contact", "channel", "note")


def read_talks(given: Mapping[str, str]) -> list[Said]:
    """All talks on stdin; `given` are options that hold where a line says nothing else.

    Raises a usage error that names the line.
    """
    lines = stdin_text().split("\n")  # a text in JSON may hold what else ends a line
    talks = [_talk(line, n, given) for n, line in enumerate(lines, 1) if line.strip()]
    if not talks:
        raise click.UsageError("There are no talks on stdin: write a JSON object on each line.")
    return talks


def _talk(line: str, number: int, given: Mapping[str, str]) -> Said:
    try:
        plain = json.loads(line)
    except json.JSONDecodeError as error:
        raise _wrong(number, f"this is not JSON: {error.msg}, column {error.colno}") from None
    except (ValueError, RecursionError):
        raise _wrong(number, "this is not JSON that anybody means") from None
    if not isinstance(plain, dict):
        raise _wrong(number, 'write an object: {"contact": "mala", "channel": "call", "note": "…"}')
    for name in plain:
        if name not in FIELDS:
            hint = did_you_mean(name, FIELDS) or f"there are: {', '.join(FIELDS)}"
            raise _wrong(number, f"there is no `{one_line(name)}` ({hint})")
    words = {**given, **{name: value for name, value in plain.items() if value is not None}}
    contact = words.pop("contact", "")
    contacts = contact if isinstance(contact, list) else [contact]
    for name, value in [*words.items(), *(("contact", word) for word in contacts)]:
        if not isinstance(value, str):
            raise _wrong(number, f"`{name}` must be text")
    for name in _NEEDED:
        if not (contacts and all(contacts) if name == "contact" else words.get(name, "").strip()):
            raise _wrong(number, f"there is no `{name}`")
    words["note"] = words["note"].strip()
    return Said(tuple(contacts), place=f"stdin:{number}", **words)


def _wrong(number: int, what: str) -> click.UsageError:
    return click.UsageError(f"stdin:{number}: {what}. Nothing was written.")
