"""Contacts that were renamed, by their `uid`: however much else was changed in the file meanwhile.

Git tells a renamed file by its likeness. Where too much was changed, it says that one side removed the
file, though all that the other side wrote belongs into the renamed one.
"""

from contextlib import suppress

from plaintextcrm.book.rows import uid_of_id
from plaintextcrm.share.commit import blobs
from plaintextcrm.share.differences import fields_in
from plaintextcrm.share.git import exactly
from plaintextcrm.share.repository import Repository
from plaintextcrm.share.unmerged import Open, put_stages, stage, unmerged
from plaintextcrm.store.folder import CONTACTS
from plaintextcrm.store.read import read_file
from plaintextcrm.store.write import replace
from plaintextcrm.text.merge import Unmerged, merge
from plaintextcrm.text.parse import contact_id


def moves(repository: Repository, base: str, side: str) -> dict[str, str]:
    """What contacts that are gone from a commit were called, and what they are called in a later one."""
    words = (
        "diff-tree",
        "-r",
        "-z",
        "--no-renames",
        "--diff-filter=AD",
        "--name-status",
        base,
        side,
    )
    rows = repository.git.demand(*words, "--", *exactly([repository.path(CONTACTS)])).names
    known = list(zip(rows[::2], rows[1::2], strict=True))
    names = [f"{base if how == 'D' else side}:{path}" for how, path in known]
    uids = [
        _uid(text, path)
        for (_how, path), text in zip(known, blobs(repository.git, names), strict=True)
    ]
    came = {uid: path for (how, path), uid in zip(known, uids, strict=True) if how == "A" and uid}
    gone = {path: uid or uid_of_id(contact_id(path))
            for (how, path), uid in zip(known, uids, strict=True) if how == "D"}  # fmt: skip
    return {path: came[uid] for path, uid in gone.items() if uid in came}


def _uid(data: bytes | None, path: str) -> str:
    uid = (fields_in(data, path) or {}).get("uid")
    return uid if isinstance(uid, str) else ""


def follow(repository: Repository, own: str, new: str) -> None:
    """Bring what one side changed into the file that the other side renamed, where git did not."""
    lost = [one for one in unmerged(repository) if one.whole and one.base is not None]
    if not lost:
        return
    base = repository.git.demand("merge-base", own, new).line
    sides = {side: moves(repository, base, side) for side in (own, new)}
    for one in lost:
        side = own if one.ours is None else new
        if path := sides[side].get(one.path):
            _bring(repository, one, path, side)


def _bring(repository: Repository, one: Open, path: str, side: str) -> None:
    [there] = blobs(repository.git, [f"{side}:{path}"])
    kept = one.ours or one.theirs or b""
    ours, theirs = (kept, there or b"") if one.ours else (there or b"", kept)
    try:
        merged = merge(one.base or b"", ours, theirs, path)
    except Unmerged:
        return
    now = _now(repository, path)
    if merged.marked is None or now is None or _unix(now) != _unix(there or b""):
        return
    replace(repository.top / path, merged.marked, was=now)
    put_stages(repository, (one.path, path), path, (one.base or b"", ours, theirs))
    left = _now(repository, one.path)
    if left is not None and _unix(left) == _unix(kept):
        (repository.top / one.path).unlink()
    if not merged.conflicts:
        stage(repository, [path])


def _now(repository: Repository, path: str) -> bytes | None:
    with suppress(OSError):
        return read_file(repository.top / path)[0]
    return None


def _unix(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n")  # as git keeps it, where it makes others in the folder
