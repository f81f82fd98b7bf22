"""`doctor`: what is missing for sharing the address book by git, and how to mend it."""

from collections.abc import Callable

import click

from plaintextcrm.cli.output import one_line, say, say_json, style, tell, wrapped
from plaintextcrm.cli.session import Session, session
from plaintextcrm.share.doctor import Finding, examine, mend

_COLORS = {"fine": "green", "missing": "red", "note": "yellow"}
_WIDE = 12


@click.command(epilog="Example: plaintextcrm doctor --fix")
@click.option("--fix", is_flag=True, help="Install the merge driver, the attributes and the hook.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@session
def command(session: Session, fix: bool, form: str) -> None:
    """Look whether all is there that sharing by git needs: the merge driver, the hook, your name.

    Nothing is changed without --fix. Exit code 1: something is missing.
    """
    found = examine(session.folder)
    if fix and any(one.mends for one in found):
        for told in mend(session.folder):
            tell(told)
        found = examine(session.folder)
    if form == "json":
        say_json([_plain(one) for one in found])
    else:
        styled = style(session.color)
        for one in found:
            _say(one, styled)
    click.get_current_context().exit(1 if any(one.state == "missing" for one in found) else 0)


def _say(one: Finding, styled: Callable[..., str]) -> None:
    state = styled(one.state.ljust(9), fg=_COLORS[one.state])
    say(f"{state}{one.name.ljust(_WIDE)}{wrapped(one_line(one.said), 9 + _WIDE)}")
    if one.advice:
        say(f"{' ' * (9 + _WIDE)}{wrapped(one_line(one.advice), 9 + _WIDE)}")


def _plain(one: Finding) -> dict[str, object]:
    """The finding as documented for programs (docs/json.md)."""
    return {
        "name": one.name,
        "state": one.state,
        "said": one.said,
        "advice": one.advice,
        "fixable": one.mends,
    }
