"""What the shell offers behind a command: contact ids, fields and their values.

Completion runs while a person types: it never complains, and says nothing where it cannot know.
"""

from click import Context, Parameter
from click.shell_completion import CompletionItem

from plaintextcrm.book import answers
from plaintextcrm.cli.session import Session
from plaintextcrm.query import FIELDS


def complete_contact(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids that begin with what is typed, else those that hold it; names as help."""
    try:
        known = _session(ctx).ask(answers.ids)
    except Exception:  # whatever it is, a person who types is not told
        return []
    typed = incomplete.casefold()
    first = [row for row in known if row[0].casefold().startswith(typed)]
    rows = first or [row for row in known if typed in row[0].casefold()]
    return [CompletionItem(contact_id, help=name) for contact_id, name in rows]


def complete_query(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """Fields to ask for."""
    return [CompletionItem(f"{name}:") for name in FIELDS if f"{name}:".startswith(incomplete)]


def _session(ctx: Context) -> Session:
    """The session of the command that is being typed; its group's options count."""
    root = ctx.find_root()
    found = root.obj
    if isinstance(found, Session):
        return found
    return Session(root.params.get("folder"), root.params.get("today"), "never")
