"""What the shell offers behind a command: contact ids, fields and their values.

Completion runs while a person types: it never complains, and says nothing where it cannot know.
"""

import os
import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from click import Context, Parameter
from click.shell_completion import (
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

from plaintextcrm.book import answers
from plaintextcrm.book.book import Book
from plaintextcrm.cli.output import one_line
from plaintextcrm.cli.session import Session
from plaintextcrm.text.fold import fold

T = TypeVar("T")


def complete_contact(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids that begin with what is typed, else the only one that holds it; names as help."""
    people = known(ctx, answers.ids) or []
    typed = fold(incomplete)
    rows = [row for row in people if fold(row[0]).startswith(typed)]
    if not rows:
        inside = [row for row in people if typed in fold(row[0])]
        rows = inside if len(inside) == 1 else []
    return [CompletionItem(row[0], help=one_line(row[1])) for row in rows if _plain(row[0])]


def complete_query(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """Fields to ask for; behind one, what it may be asked for in this address book."""
    from plaintextcrm.query.offers import offers

    words = known(ctx, lambda book: offers(book, incomplete)) or []
    return [CompletionItem(word, help=help_) for word, help_ in words if _plain(word)]


def complete_talk(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """Contacts, what a query may be, and behind the first one also the channels of the settings."""
    from plaintextcrm.cli.asking import is_query

    if is_query(incomplete):
        return complete_query(ctx, param, incomplete)
    found = complete_contact(ctx, param, incomplete)
    if not ctx.params.get(param.name or ""):
        return found
    channels = known(ctx, lambda book: book.settings.all_channels) or ()
    return beginning_with(incomplete, channels) + found


def complete_field(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """The fields of a contact, with those of the settings; behind a dot the fields of a field."""
    from plaintextcrm.text.fields import CONTACT_FIELDS, contact_fields, fields_of

    own = known(ctx, lambda book: [*contact_fields(book.settings).values()]) or [*CONTACT_FIELDS]
    above, dot, _rest = incomplete.rpartition(".")
    if dot:
        outer = above.partition(".")[0]  # `deals.1` has the fields of `deals`
        own = [*fields_of(next((field.type for field in own if field.name == outer), None))]
    named = [(f"{above}{dot}{field.name}", field.meaning) for field in own]
    return [
        CompletionItem(name, help=meaning) for name, meaning in named if name.startswith(incomplete)
    ]


def known(ctx: Context, question: Callable[[Book], T]) -> T | None:
    """What the address book answers; None where it cannot: a person who types is not told."""
    try:
        return _session(ctx).ask(question)
    except Exception:  # whatever it is: the next command will tell
        return None


def beginning_with(incomplete: str, words: Iterable[str]) -> list[CompletionItem]:
    """Those of the words that begin with what is typed, and that can be typed."""
    begun = fold(incomplete)
    return [CompletionItem(word) for word in words if fold(word).startswith(begun) and _plain(word)]


def _plain(word: str) -> bool:
    """True for a word that can be typed: on one line, and without what a terminal would obey."""
    return word == one_line(word) != ""


def _session(ctx: Context) -> Session:
    """The session of the command that is being typed; its group's options count."""
    root = ctx.find_root()
    found = root.obj
    if isinstance(found, Session):
        return found
    return Session(root.params.get("folder"), root.params.get("today"), "never")


# Click's own script splits `tag:vip` at the colon, and puts a file name that holds a command in
# `$(…)` onto the command line as it is.
_BASH = """\
%(complete_func)s() {
    local type value start= word="${COMP_LINE:0:COMP_POINT}"
    COMPREPLY=()
    word="${word##* }"
    if [[ $word == *:* && $COMP_WORDBREAKS == *:* ]]; then
        start="${word%%"${word##*:}"}"
    fi
    while IFS=, read -r type value; do
        case $type in
            dir) compopt -o dirnames 2>/dev/null ;;
            file) compopt -o default 2>/dev/null ;;
            plain) COMPREPLY+=("${value#"$start"}") ;;
        esac
    done < <(env COMP_WORDS="${COMP_LINE:0:COMP_POINT}" %(complete_var)s=bash_complete "$1")
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *: ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F %(complete_func)s %(prog_name)s
"""


class _Turned(ShellComplete):
    """What begins like an option may be a condition that is turned: `-tag:vip`."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Options, and what a query may be without the minus."""
        found = super().get_completions([*args], incomplete)
        if re.match(r"-[^\W\d_]", incomplete):
            for item in super().get_completions([*args], incomplete[1:]):
                if ":" in item.value:
                    found.append(CompletionItem(f"-{item.value}", item.type, item.help))
        return found


@add_completion_class
class Zsh(_Turned, ZshComplete):
    """Completion in zsh."""


@add_completion_class
class Fish(_Turned, FishComplete):
    """Completion in fish."""


@add_completion_class
class Bash(_Turned, ShellComplete):
    """Completion in bash: the line up to the cursor comes in, quoted words go out."""

    name = "bash"
    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is typed, and that one."""
        line = os.environ.get("COMP_WORDS", "")
        words = split_arg_string(line)[1:]
        ended = not line or (line[-1].isspace() and not line.endswith("\\ "))
        return (words, "") if ended or not words else (words[:-1], words[-1])

    def format_completion(self, item: CompletionItem) -> str:
        """The kind and the word, quoted as bash reads it."""
        quoted = re.sub(r"([^\w@%+=:,./-])", r"\\\1", str(item.value))
        return f"{item.type},{quoted}"
