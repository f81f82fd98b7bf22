"""Arguments that are no text: a shell of another encoding sends bytes that are not UTF-8."""

from collections.abc import Iterator
from typing import Any

import click

from plaintextcrm.cli.main import is_text
from plaintextcrm.cli.output import one_line


def refuse(ctx: click.Context, group: click.Group, words: list[str]) -> None:
    """Refuse them wherever a text is meant: it would stand in a file. The name of a file may be any."""
    name, rest = words[0], words[1:]
    if not is_text([name]):
        _fail(ctx, name)
    command = group.get_command(ctx, name)
    if command is None:
        return
    heard = command.make_context(name, [*rest], parent=ctx, resilient_parsing=True)
    for parameter in command.params:
        if not isinstance(parameter.type, click.Path):
            for word in _words(heard.params.get(parameter.name or "")):
                if not is_text([word]):
                    _fail(heard, word)
    if isinstance(command, click.Group) and heard._protected_args:
        refuse(heard, command, [*heard._protected_args, *heard.args])


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _words(one)


def _fail(ctx: click.Context, word: str) -> None:
    raise click.UsageError(
        f"'{one_line(word)}' is not UTF-8 text. Type it in a terminal that is set to UTF-8.", ctx
    )
