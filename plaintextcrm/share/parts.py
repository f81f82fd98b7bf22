"""Working on a part of a large repository: which contacts it has that are not in this folder."""

from plaintextcrm.share.git import exactly
from plaintextcrm.share.repository import Repository
from plaintextcrm.store.folder import CONTACTS, may_be_contact


def is_sparse(repository: Repository) -> bool:
    """True where git leaves some files out of the folder."""
    found = repository.git.ask("config", "--type=bool", "--get", "core.sparseCheckout")
    return found.line == "true"


def filter_of(repository: Repository) -> str:
    """What a partial clone left out, as git says it: `blob:none`; empty for a whole one."""
    pattern = r"^remote\..*\.partialclonefilter$"
    found = repository.git.ask("config", "-z", "--get-regexp", pattern).names
    return found[0].partition("\n")[2] if found else ""


def absent(repository: Repository) -> list[str]:
    """The contacts (paths in the book) that the repository has and a sparse checkout leaves out."""
    if not is_sparse(repository):
        return []
    words = ("ls-files", "-t", "-z", "--cached", "--", *exactly([repository.path(CONTACTS)]))
    rows = (row.partition(" ")[::2] for row in repository.git.demand(*words).names)
    paths = [path.removeprefix(repository.prefix) for state, path in rows if state == "S"]
    return [path for path in paths if may_be_contact(path.rpartition("/")[2])]
