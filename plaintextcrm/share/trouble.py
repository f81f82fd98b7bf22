"""What stops the sharing. Each error takes facts and writes its own sentence: where, what, what to do."""

from collections.abc import Sequence

from plaintextcrm.model.errors import CrmError

_OF_GIT = ("error: failed to", "hint:", "Not committing merge")  # what it adds to a hook's words
NAMED = 5  # files in a sentence; more are counted


class NoRepository(CrmError):
    """The address book is in no git repository."""

    def __init__(self, book: str) -> None:
        super().__init__(
            f"{book} is in no git repository. Make one with `plaintextcrm init`, and name where to "
            "share it with `git remote add origin URL`."
        )


class NotYours(CrmError):
    """git does not work in a folder that belongs to somebody else; `words` are its own."""

    def __init__(self, book: str) -> None:
        super().__init__(
            f"{book} belongs to another user, so git does not work in it. If you trust whoever it "
            f"is: git config --global --add safe.directory {book}"
        )


class FilesElsewhere(CrmError):
    """The repository's settings say that its files are in another folder than the address book."""

    def __init__(self, book: str, top: str) -> None:
        super().__init__(
            f"{book}: the repository's own settings decide what git does here: its files are in {top} "
            "(core.worktree), so nothing was done. If that is not meant: git config --unset "
            "core.worktree"
        )


class NotTrusted(CrmError):
    """The repository's own settings or hooks would run programs; `what` lists them."""

    def __init__(self, book: str, what: Sequence[str]) -> None:
        rows = "".join(f"\n  {line}" for line in what[:NAMED])
        more = f"\n  and {len(what) - NAMED} more" if len(what) > NAMED else ""
        super().__init__(
            f"{book}: the repository's own settings decide what git does here:{rows}{more}\n"
            "Nothing was done. If these are yours, or you trust whoever wrote them, say so once: "
            "`plaintextcrm sync --trust`."
        )
        self.what = tuple(what)


class UnderWay(CrmError):
    """A merge, a rebase or the like is not finished; `what` names it, `advice` says how to go on."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"{what} is under way in this repository. {advice}")
        self.what = what


class NoBranch(CrmError):
    """HEAD is detached: a commit would belong to no branch."""

    def __init__(self) -> None:
        super().__init__(
            "No branch is checked out (git calls it a detached HEAD), so a commit would be lost. "
            "Go back to one: git switch main, or the name that `git branch` lists."
        )


class NoIdentity(CrmError):
    """git does not know who commits."""

    def __init__(self) -> None:
        super().__init__(
            "git does not know who you are, and every commit says so. Tell it once: "
            "git config --global user.name 'Jana Malá', and user.email."
        )


class WhichRemote(CrmError):
    """Several remotes, and the branch does not say which one it belongs to."""

    def __init__(self, branch: str, names: Sequence[str]) -> None:
        super().__init__(
            f"The branch {branch} does not say which of {', '.join(names)} it is shared with. "
            f"Tell it once: git config branch.{branch}.remote {names[0]}"
        )


class ContactsGone(CrmError):
    """Most contact files are gone from the folder: that is rarely meant."""

    exit_code = 1

    def __init__(self, gone: int, before: int) -> None:
        super().__init__(
            f"{gone} of {before} contact files are gone from the folder, so nothing was committed. "
            "If they are only not there for now, bring them back (`git restore contacts`). If they "
            "are really gone, run `plaintextcrm sync --accept-missing`."
        )


class InTheWay(CrmError):
    """git cannot merge while the person's own changes to these files are not committed."""

    def __init__(self, files: Sequence[str], staged: bool) -> None:
        named = ", ".join(files[:NAMED])
        more = f" and {len(files) - NAMED} more" if len(files) > NAMED else ""
        what = "is staged" if staged else "has changes of yours that are not committed"
        aside = "take it out with `git restore --staged FILE`" if staged else "`git stash` it"
        super().__init__(
            f"{named}{more} {what}, so git cannot merge. It is not the address book's, so it was left "
            f"alone. Commit it, or {aside}, then run `plaintextcrm sync` again."
        )


class Unreachable(CrmError):
    """The remote does not answer; `said` are git's words."""

    def __init__(self, remote: str, said: str) -> None:
        super().__init__(
            f"{remote} cannot be reached ({_last(said)}). What you committed is safe here and waits: "
            "the next `plaintextcrm sync` sends it."
        )


class Unrelated(CrmError):
    """Two histories without a common beginning; `own` is our branch where it has another name."""

    def __init__(self, remote: str, branch: str, own: str = "") -> None:
        other = f" (yours is called {own})" if own else ""
        super().__init__(
            f"{remote} has a branch {branch}{other} that has nothing in common with yours, so nothing "
            f"was merged. Usually one is a folder that was made twice: clone {remote} anew, and copy "
            "your contacts into it."
        )


class NotMerged(CrmError):
    """git refused to merge; nothing of what was pulled is in the files."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Not merged: {why}")


class NotPushed(CrmError):
    """The remote refused what was sent; `said` are git's words."""

    def __init__(self, remote: str, said: str) -> None:
        advice = ""
        if "checked out" in said:
            advice = (
                " It is a folder in which somebody works: share by a bare one (git init --bare)."
            )
        super().__init__(
            f"{remote} did not take what was sent ({_reason(said)}).{advice} Your commits are safe here."
        )


class StoppedByHook(CrmError):
    """A hook of the repository said no to `what`; `said` are its words, `then` how to go on."""

    def __init__(self, what: str, said: str, then: str) -> None:
        lines = [line.strip() for line in said.splitlines() if not line.startswith(_OF_GIT)]
        told = "; ".join(filter(None, lines[:NAMED])) or "it did not say why"
        super().__init__(
            f"A hook of this repository stopped {what} ({told}). Your commits are safe here. {then}"
        )


class ErrorsLeft(CrmError):
    """What would be shared has errors."""

    exit_code = 1

    def __init__(self, count: int) -> None:
        errors = "an error" if count == 1 else f"{count} errors"
        super().__init__(
            f"Not pushed: what would be shared has {errors}. Mend it (`plaintextcrm check` shows "
            "where), then run `plaintextcrm sync` again."
        )


class NothingUnderWay(CrmError):
    """There is no merge to finish or to take back."""

    exit_code = 2

    def __init__(self) -> None:
        super().__init__("No merge is under way. `plaintextcrm sync` begins one.")


class StillInConflict(CrmError):
    """A merge of which not all is settled; `lines` say what is left."""

    exit_code = 1

    def __init__(self, lines: Sequence[str], *, merging: bool = True) -> None:
        rows = "".join(f"\n  {line}" for line in lines)
        then = (
            "run `plaintextcrm sync --continue`. `plaintextcrm sync --abort` takes the merge back."
        )
        if not merging:
            then = "`git add` the file and run `plaintextcrm sync`."
        super().__init__(
            f"Not settled yet:{rows}\nSettle each with `plaintextcrm resolve CONTACT FIELD "
            f"mine|theirs`, or in your editor; then {then}"
        )


class NothingInConflict(CrmError):
    """There is nothing to settle; `on` is the command that goes on."""

    exit_code = 2

    def __init__(self, on: str) -> None:
        super().__init__(f"Nothing is in conflict. Go on with `{on}`.")


class SettledWrongly(CrmError):
    """What was in conflict has errors as it was settled."""

    exit_code = 1

    def __init__(self, count: int) -> None:
        errors = "an error" if count == 1 else f"{count} errors"
        super().__init__(
            f"The merge is not finished: what was settled has {errors}. Mend it in your editor, then "
            "run `plaintextcrm sync --continue` again."
        )


class NotOfTheMerge(CrmError):
    """Files that somebody staged while a merge waited: finishing it would commit them."""

    def __init__(self, files: Sequence[str]) -> None:
        more = f" and {len(files) - NAMED} more" if len(files) > NAMED else ""
        super().__init__(
            f"{', '.join(files[:NAMED])}{more} is staged and not part of the merge; finishing it would "
            "commit that, too. Take it out with `git restore --staged FILE`, then try again."
        )


def _last(said: str) -> str:
    """The line of git's words that tells most."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    told = next((line for line in lines if line.startswith(("fatal:", "ssh:", "error:"))), "")
    return (told or (lines[-1] if lines else "it did not say why")).rstrip(".")


def _reason(said: str) -> str:
    line = next((line for line in said.splitlines() if "rejected]" in line), "")
    inside = line.rpartition("(")[2].rstrip(")") if "(" in line else _last(said)
    remote = [line.removeprefix("remote:").strip() for line in said.splitlines()
              if line.startswith("remote:") and line.removeprefix("remote:").strip()]  # fmt: skip
    return ": ".join(filter(None, (inside, remote[0] if remote else "")))
