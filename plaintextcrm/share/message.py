"""The message of a commit, from what changed: `Log a call with ACME; 1 follow-up done`.

Whoever sees the repository reads its messages. So of private contacts they name fields, never values,
and not the contact either.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from plaintextcrm.book.rows import uid_of_id
from plaintextcrm.share.differences import Difference, Fields, differences, fields_in, noun
from plaintextcrm.store.folder import CONTACTS, SETTINGS
from plaintextcrm.text.parse import contact_id
from plaintextcrm.text.source import Text, shown

NAMED = 3  # contacts in a message; more are counted
_LISTED = 40  # files in the lines below the first one
_SPOKEN = {"social": "a talk on social media", "video": "a video call"}
_PLURALS = {"feedback": "answers", "revenue": "years of revenue"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One file that changed: its path in the address book, and its bytes before and after."""

    path: str
    before: bytes | None
    after: bytes | None

    @property
    def private(self) -> bool:
        """True where one of the versions is, or is meant to be, private."""
        texts = (data.decode(errors="replace") for data in (self.before, self.after) if data)
        return any(Text(self.path, text).private for text in texts)


@dataclass(frozen=True, slots=True)
class _Told:
    """A file in words: how it is called, and what changed in it; None: it came or went as a whole."""

    piece: Piece
    name: str
    found: tuple[Difference, ...] | None


def message(pieces: Sequence[Piece]) -> str:
    """The message: one line, and for several changes a list of them below."""
    renamed = _renamed(pieces)
    gone = {old.path for old, _new in renamed}
    came = {new.path for _old, new in renamed}
    told = [_told(piece) for piece in pieces if piece.path not in gone | came]
    told += [_told(Piece(new.path, old.before, new.after)) for old, new in renamed]
    contacts = [one for one in told if one.piece.path.startswith(f"{CONTACTS}/")]
    talkers = [one.name for one in contacts if any(map(_is_talk, one.found or ()))]
    parts = [*_talks(contacts), *_closed(contacts, talkers), *_files(contacts, renamed)]
    parts += _others(contacts)
    for one in told:
        if one.piece.path == SETTINGS:
            parts.append(f"{'add' if one.piece.before is None else 'change'} the settings")
    head = "; ".join(parts) or "Bring the address book's own files up to date"
    lines = [line for one in told if (line := _line(one))]
    more = [f"and {len(lines) - _LISTED} more"] if len(lines) > _LISTED else []
    body = "\n".join([*lines[:_LISTED], *more]) if len(parts) > 1 or len(lines) > 1 else ""
    return f"{head[:1].upper()}{head[1:]}\n" + (f"\n{body}\n" if body else "")


def _told(piece: Piece) -> _Told:
    old, new = fields_in(piece.before, piece.path), fields_in(piece.after, piece.path)
    name = "a private contact" if piece.private else _name(new or old or {}, piece.path)
    if piece.before is None or piece.after is None or old is None or new is None:
        return _Told(piece, name, None)
    return _Told(piece, name, tuple(differences(old, new)))


def _name(fields: Fields, path: str) -> str:
    name = fields.get("name")
    return shown(name if isinstance(name, str) and name.strip() else contact_id(path), 40)


def _renamed(pieces: Sequence[Piece]) -> list[tuple[Piece, Piece]]:
    """Files that went and came as the same contact: by their uid, else by their bytes."""
    gone = {key: one for one in pieces if one.after is None for key in _keys(one.before, one.path)}
    came = [one for one in pieces if one.before is None]
    return [
        (gone[key], new) for new in came for key in _keys(new.after, new.path)[:1] if key in gone
    ]


def _keys(data: bytes | None, path: str) -> "tuple[str | bytes | None, ...]":
    """By what a contact is known again; without a `uid` also by the one that `rename` gives it."""
    uid = (fields_in(data, path) or {}).get("uid")
    return (uid,) if isinstance(uid, str) else (data, uid_of_id(contact_id(path)))


def _is_talk(found: Difference) -> bool:
    return found.field == "interactions" and found.what == "added"


def _talks(told: Sequence[_Told]) -> list[str]:
    """`log a call with ACME`; a talk with several stands in the file of each."""
    talks: dict[tuple[str, ...], str] = {}
    names: dict[str, None] = {}
    hidden = False
    for one in told:
        for found in one.found or ():
            if _is_talk(found):
                entry = found.entry
                sign = tuple(str(entry.get(word, "")) for word in ("date", "channel", "note"))
                talks[(*sign, "?") if one.piece.private else sign] = str(entry.get("channel", ""))
                names[one.name] = None
                hidden = hidden or one.piece.private
    if not talks:
        return []
    what = f"{len(talks)} talks" if len(talks) > 1 else _spoken(*talks.values(), hidden=hidden)
    return [f"log {what} with {_listed(list(names), 'contacts')}"]


def _spoken(channel: str, *, hidden: bool) -> str:
    if hidden or not channel:
        return "a talk"
    word = shown(channel, 20)
    return _SPOKEN.get(word) or f"{'an' if word[:1].lower() in 'aeiou' else 'a'} {word}"


def _closed(told: Sequence[_Told], named: Sequence[str]) -> list[str]:
    """`1 follow-up done`, and what is new: `1 new need of ACME`; those `named` already are not again."""
    counts: dict[str, Counter[str]] = {"done": Counter(), "added": Counter()}
    names: dict[str, None] = {}
    for one in told:
        for found in one.found or ():
            if found.what in counts and found.entry and found.field != "interactions":
                counts[found.what][found.field] += 1
                names[one.name] = None
    parts = [f"{_number(count, field)} done" for field, count in counts["done"].items()]
    parts += [_number(count, field, "new ") for field, count in counts["added"].items()]
    if parts and set(names) - set(named):
        parts[-1] += f" ({_listed(list(names), 'contacts')})"
    return parts


def _number(count: int, field: str, word: str = "") -> str:
    one = noun(field)
    return f"{count} {word}{one if count == 1 else _PLURALS.get(field, f'{one}s')}"


def _files(told: Sequence[_Told], renamed: Sequence[tuple[Piece, Piece]]) -> list[str]:
    """Contacts that came, went or have another file."""
    parts = []
    added = [one.name for one in told if one.piece.before is None]
    removed = [one.name for one in told if one.piece.after is None]
    if added:
        parts.append(f"add {_listed(added, 'contacts')}")
    if removed:
        parts.append(f"remove {_listed(removed, 'contacts')}")
    moves = [(contact_id(old.path), contact_id(new.path)) for old, new in renamed]
    if len(moves) == 1:
        hidden = any(piece.private for piece in renamed[0])
        parts.append(
            "rename a private contact" if hidden else f"rename {moves[0][0]} to {moves[0][1]}"
        )
    elif moves:
        parts.append(f"rename {len(moves)} contacts")
    return parts


def _others(told: Sequence[_Told]) -> list[str]:
    """`change status and owner of ACME`: what is not told otherwise."""
    rest: dict[str, list[str]] = {}
    for one in told:
        fields = [
            found.field
            for found in one.found or ()
            if found.what in ("changed", "removed") or not found.entry
        ]
        if fields:
            rest.setdefault(one.name, []).extend(dict.fromkeys(fields))
        elif one.found is None and one.piece.before is not None and one.piece.after is not None:
            rest.setdefault(one.name, [])
        elif one.found == () and one.piece.before != one.piece.after:
            rest.setdefault(one.name, [])  # a comment, or only its form
    if len(rest) == 1:
        [(name, fields)] = rest.items()
        return [
            f"change {_listed(list(dict.fromkeys(fields)), 'fields')} of {name}"
            if fields
            else f"edit {name}"
        ]
    return [f"change {_listed(list(rest), 'contacts')}"] if rest else []


def _line(one: _Told) -> str:
    """`acme: interactions, follow_ups`: which fields, for those who look closer. Names no value."""
    name = "a private contact" if one.piece.private else contact_id(one.piece.path)
    if not one.piece.path.startswith(f"{CONTACTS}/"):
        name = one.piece.path
    fields = list(dict.fromkeys(found.field for found in one.found or ()))
    if one.piece.before is None:
        return f"{name}: new"
    return f"{name}: {', '.join(fields) or ('removed' if one.piece.after is None else 'edited')}"


def _listed(names: Sequence[str], many: str) -> str:
    names = list(dict.fromkeys(names))
    if len(names) > NAMED:
        return f"{len(names)} {many}"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
