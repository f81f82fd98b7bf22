"""Commands whose words need no quotes and may begin with a dash: `-3d`, `-org:acme`."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import click

SPOKEN = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
# A condition that is turned round: `-org:acme`.
_TURNED = re.compile(r"-[^\W\d][\w.]*(?:[:=]|[<>]=?)")
# What only an option looks like: `--next`, not `-3d`, `- a note` or `--12-24`.
_OPTION = re.compile(r"--[A-Za-z][\w-]*(=.*)?", re.DOTALL)


class Spoken(click.Command):
    """A command of which the words may begin with a dash: `-3d`, `-5 degrees`, `-hot`.

    Only `-h` alone asks for help. An unknown `--option` is refused: it would end in the note, and
    what it asked for would be lost in silence.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = args[: args.index("--")] if "--" in args else args
        if "-h" in own:
            return super().parse_args(ctx, ["--help"])
        if not ctx.resilient_parsing:  # the shell asks what may come
            self._refuse_unknown(ctx, own)
        return super().parse_args(ctx, args)

    def _refuse_unknown(self, ctx: click.Context, args: Sequence[str]) -> None:
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        takes = {
            name: not (one.is_flag or one.count)
            for one in options
            for name in (*one.opts, *one.secondary_opts)
        }
        rest = iter(args)
        for word in rest:
            name = word.partition("=")[0]
            if name not in takes and _OPTION.fullmatch(word):
                from plaintextcrm.text.suggest import did_you_mean

                hint = did_you_mean(name, takes)
                hint = f" {hint[0].upper()}{hint[1:]}" if hint else ""
                ctx.fail(
                    f"There is no option {name}.{hint} What begins so and is no option goes behind `--`."
                )
            if word[:2] != word and word[:2] in takes and _TURNED.match(word):
                ctx.fail(f"{word[:2]} is an option here: write `not {word[1:]}`.")
            if takes.get(word):
                next(rest, None)  # the option's value, whatever it looks like


def spoken_command(epilog: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command whose words need no quotes and may begin with a dash."""
    return click.command(cls=Spoken, context_settings=SPOKEN, epilog=epilog)
