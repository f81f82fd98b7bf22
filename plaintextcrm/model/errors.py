"""What stops a command. Each error takes facts and writes its own sentence: where, what, what to do."""

from collections.abc import Sequence
from unicodedata import combining, east_asian_width


class CrmError(Exception):
    """A command cannot go on. `exit_code` is what the process ends with (SPEC: 2 usage, 3 not done)."""

    exit_code = 3


class BookNotFound(CrmError):
    """No address book where one was looked for: in the folder `named`, or from `start` upwards."""

    exit_code = 2

    def __init__(self, start: str, named: bool = False) -> None:
        where, advice = (
            (start, "Make one there with `plaintextcrm init`.")
            if named
            else (
                f"{start} or above it",
                "Make one with `plaintextcrm init`, or name one with `-C FOLDER`.",
            )
        )
        super().__init__(
            f"No address book in {where}: no `contacts` folder and no `plaintextcrm.yaml`. {advice}"
        )


class ContactNotFound(CrmError):
    """A word that finds no contact; `near` are ids that look like it."""

    exit_code = 2

    def __init__(self, word: str, near: Sequence[str]) -> None:
        hint = f" Did you mean {' or '.join(near)}?" if near else " See `plaintextcrm list`."
        super().__init__(f"No contact is called {word}.{hint}")


class NobodyFound(CrmError):
    """A query that finds no contact where some are needed."""

    exit_code = 2

    def __init__(self, query: str) -> None:
        super().__init__(
            f"{query} finds nobody; nothing was changed. Try it with `plaintextcrm list`."
        )


class SeveralContacts(CrmError):
    """A word that finds more than one contact; `found` are lines that tell them apart."""

    exit_code = 2

    def __init__(self, word: str, found: Sequence[str]) -> None:
        rows = "".join(f"\n  {line}" for line in found)
        super().__init__(f"{word} finds {len(found)} contacts; name one by its id:{rows}")


SHOWN = 100  # letters of a query on either side of its fault


class BadQuery(CrmError):
    """A query that cannot be read; `column` counts from 1 in `query`."""

    exit_code = 2

    def __init__(self, query: str, column: int, what: str) -> None:
        self.query, self.column, self.what = query, column, what
        line = "".join(" " if letter.isspace() else letter for letter in query)
        begin = max(0, column - 1 - SHOWN) if len(line) > 2 * SHOWN else 0
        end = begin + 2 * SHOWN
        before = ("…" if begin else "") + line[begin : column - 1]
        behind = line[column - 1 : end] + ("…" if line[end:] else "")
        super().__init__(f"{what}\n  {before}{behind}\n  {' ' * _width(before)}^")


class BadSql(CrmError):
    """A question in SQL that cannot be answered, where no place of it can be shown."""

    exit_code = 2


def _width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    seen = (character for character in text if not combining(character))
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in seen)


class NotWritten(CrmError):
    """A file could not be written; the one that was there is untouched."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: not written: {why}. What was there before is unchanged.")


class NotConfirmed(CrmError):
    """A file was written, and the disk did not confirm that it will last."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: written, but the disk did not confirm it: {why}. Look after it.")


class FolderUnreadable(CrmError):
    """The folder of contacts itself cannot be looked at."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: cannot be read: {why}.")


class SourceUnreadable(CrmError):
    """A file or folder that was named to be read from cannot be read."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: cannot be read: {why}.")


class FileUnreadable(CrmError):
    """A file of our own, outside the address book, cannot be read or holds something else."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: cannot be used: {why}. Mend it, or move it away.")


class Locked(CrmError):
    """Another command holds the lock for longer than we wait."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"Another command is writing ({holder}). Try again when it is done.")


class NoLock(CrmError):
    """The lock file cannot be used, so nobody may write."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: this lock file cannot be used: {why}. Nothing was written.")


class NotServed(CrmError):
    """No feeds can be handed out at this place of the network."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(
            f"{host}, port {port}: cannot be listened to: {why}. "
            "Is `plaintextcrm serve` running already? `--port` names another one."
        )


class NoService(CrmError):
    """The system starts nothing by itself that we know of; `line` is the command to start."""

    def __init__(self, why: str, line: str) -> None:
        super().__init__(
            f"{why}, so there can be no service. Let something else start this when the machine "
            f"does, in a crontab a line `@reboot {line}`."
        )


class NotRunnable(CrmError):
    """A word of a command cannot stand in the file of a service."""

    exit_code = 2

    def __init__(self, word: str) -> None:
        super().__init__(
            f"{word!a}: the file of a service cannot hold control characters, nor bytes that are "
            "not UTF-8. Give the file or folder another name."
        )


class NotStarted(CrmError):
    """The system refused a service; its file is written."""

    def __init__(self, line: str, why: str) -> None:
        super().__init__(f"`{line}` failed: {why}. The service's file is written: try it by hand.")


class NoSuchFeed(CrmError):
    """The settings name no such feed."""

    exit_code = 2

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no feed {name!r}. There are: {', '.join(known)}.")


class ContactsMissing(CrmError):
    """Most contacts of the last feed are gone: it is kept until the person says that this is meant."""

    exit_code = 1

    def __init__(self, feed: str, gone: int, before: int) -> None:
        super().__init__(
            f"{feed}: kept as it was: {gone} of its {before} contacts have no file any more. "
            "If a folder is only not there for now, bring it back. "
            "If they are really gone, run `plaintextcrm export ics --accept-missing`."
        )


class ContactsElsewhere(CrmError):
    """Contacts of the last feed are in the repository, and not in this checkout of a part of it."""

    exit_code = 1

    def __init__(self, feed: str, gone: int, before: int) -> None:
        super().__init__(
            f"{feed}: kept as it was: {gone} of its {before} contacts are not checked out here; they "
            "are not deleted. Bring them with `git sparse-checkout add`, or, for a feed of this part "
            "alone, run `plaintextcrm export ics --accept-missing`."
        )


class SettingsBroken(CrmError):
    """The settings cannot be read, so nobody knows what the feed should be: it is kept."""

    exit_code = 1

    def __init__(self, feed: str) -> None:
        super().__init__(
            f"{feed}: kept as it was: plaintextcrm.yaml has errors, and no good version of it is "
            "known. See `plaintextcrm check`."
        )


class ChangeRefused(CrmError):
    """A change that the data does not allow; no file was touched. `why` says where, what and what to do."""

    exit_code = 1


class WhichEntry(CrmError):
    """Words that do not name just one entry; `listed` are those there are, a line each."""

    exit_code = 2

    def __init__(self, what: str, listed: Sequence[str] = ()) -> None:
        super().__init__(what + "".join(f"\n  {line}" for line in listed))


class GitMissing(CrmError):
    """There is no git to run."""

    def __init__(self) -> None:
        super().__init__("git is not installed, or cannot be run. Install it, and try again.")


class GitFailed(CrmError):
    """Git could not do what it was asked; `said` are its own words."""

    def __init__(self, folder: str, words: Sequence[str], said: str) -> None:
        verb = next((word for word in words if not word.startswith("-")), "")
        told = said.splitlines()[-1] if said else "it did not say why"
        super().__init__(f"{folder}: git {verb} failed: {told.rstrip('.')}.")


class GitBusy(CrmError):
    """Another git holds its lock for longer than we wait; `said` are the words of ours."""

    def __init__(self, said: str) -> None:
        lock = said.partition("'")[2].partition("'")[0] or "its lock"
        super().__init__(
            f"{lock} is there: another git is at work in this repository. Try again when it is "
            "done; if none runs any more, delete that file."
        )
