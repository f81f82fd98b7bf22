"""What stops the sharing. Each error takes facts and writes its own sentence: where, what, what to do."""

from collections.abc import Sequence

from plaintextcrm.model.errors import CrmError

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
