"""Contacts: in lists, by their names, and what other files say of them."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from plaintextcrm.book.book import Book
from plaintextcrm.book.catalog import Column, load_catalog
from plaintextcrm.model.errors import ContactNotFound, SeveralContacts
from plaintextcrm.model.reference import may_be_contact, may_be_number
from plaintextcrm.text.fold import fold, key_of


class Where(NamedTuple):
    """A condition on the contacts `c` in SQL; what users wrote stands only in its named values.

    `order` is an ORDER BY that was asked for. `ranked` are the words that a contact should be good
    at, as the full text takes them, and `sought` the same in plain small letters.
    """

    sql: str = "1"
    values: Mapping[str, object] = {}
    order: str = ""
    ranked: str = ""
    sought: tuple[str, ...] = ()


EVERYONE = Where()
MOST_PARTS = 50  # of the words for one contact; nobody's name has more


class ContactRow(NamedTuple):
    """A contact in a list. Days are ISO dates; `next` is the day of the next contact.

    `good_version` is False where the book never saw the file without an error.
    """

    id: str
    name: str
    kind: str
    organization: str
    status: str
    owner: str
    tags: tuple[str, ...]
    email: str
    phone: str
    last: str | None
    next: str | None
    class_: str
    private: bool
    uid: str
    path: str
    good_version: bool


# The day of the next contact; somebody whom nobody met yet is due whichever day it is.
NEXT = "CASE WHEN c.due_now THEN min(coalesce(c.next, :today), :today) ELSE c.next END"
# Where two files have the organization's id, the first one counts.
_CONTACTS = """
SELECT c.id, c.name, c.kind, coalesce(o.name, c.organization), c.status, c.owner, c.tags, c.email,
  c.phone, c.last, {next},
  c.class, c.private, c.uid, f.path, c.good
FROM contacts c JOIN files f USING (file)
LEFT JOIN contacts o ON o.file = (SELECT file FROM contacts same JOIN files place USING (file)
  WHERE same.key = c.organization_key AND c.organization != '' ORDER BY place.path LIMIT 1)
{hits} WHERE {where} ORDER BY {order} c.sort, c.id, f.path
"""
# A word in the name, an id, a tag or an address weighs more than one in a note.
_HITS = """
LEFT JOIN (SELECT rowid AS file, bm25(search, 8.0, 1.0) AS score FROM search WHERE search MATCH :ranked)
  hits ON hits.file = c.file
"""


def contacts(book: Book, where: Where = EVERYONE, *, best_first: bool = False) -> list[ContactRow]:
    """The contacts that a condition finds: in the order that it asks for, else by name.

    `best_first`: those that are best at the words of the query come first.
    """
    values = {**where.values, "today": book.today.isoformat(), "ranked": where.ranked}
    ranks = best_first and where.ranked and not where.order
    order = "hits.score IS NULL, hits.score" if ranks else where.order
    sql = _CONTACTS.format(
        next=NEXT, where=where.sql, hits=_HITS if ranks else "", order=f"{order}," if order else ""
    )
    rows = book.db.execute(sql, values).fetchall()
    listed = {row[6] for row in rows}  # many have the same tags
    tags = {text: tuple(json.loads(text)) for text in listed}
    return [ContactRow._make((*row[:6], tags[row[6]], *row[7:])) for row in rows]


def find_contact(book: Book, word: str) -> ContactRow:
    """The one contact that a word finds: an id, a path, a part of an id, name or e-mail, a phone number,
    or the short name that anonymous feeds tell (see `model/reference.py`).

    Raises ContactNotFound or SeveralContacts.
    """
    word = word.encode(errors="replace").decode()  # bytes that are no text
    exact = Where("c.key = :key OR f.path = :path", {"key": key_of(word), "path": word})
    found = contacts(book, exact) or _referenced(book, word)
    found = found or contacts(book, _looks_like(word)) or _dialled(book, word)
    if len(found) == 1:
        return found[0]
    if found:
        raise SeveralContacts(word, [f"{row.id}  {row.name}  ({row.path})" for row in found[:20]])
    raise ContactNotFound(word, near_ids(book, word))


def _referenced(book: Book, word: str) -> list[ContactRow]:
    """The contacts of which the word is the short name. Only asked for words that look like one."""
    if not may_be_contact(word):
        return []
    from plaintextcrm.book.rows import uid_head

    known = book.db.execute("SELECT file, uid FROM contacts")
    files = [str(file) for file, uid in known if uid_head(uid).startswith(word)]
    return contacts(book, Where(f"c.file IN ({','.join(files)})")) if files else []


def _dialled(book: Book, word: str) -> list[ContactRow]:
    """The contacts with this phone number, however it is written."""
    if not may_be_number(word):
        return []
    from plaintextcrm.text.phone import country_of, looks_dialled, read_phone

    if not looks_dialled(word):
        return []
    number = read_phone(word, country_of((), book.settings)).number
    where = "c.file IN (SELECT file FROM phones WHERE number = :number)"
    return contacts(book, Where(where, {"number": number}))


def _looks_like(word: str) -> Where:
    """Each part of the word stands in the id or name, or in an e-mail address."""
    parts = fold(word).split()
    if not 0 < len(parts) <= MOST_PARTS:
        return Where("0")
    conditions = [
        f"(instr(fold(c.id), :w{n}) OR instr(c.sort, :w{n}) OR EXISTS (SELECT 1 FROM marks m"
        f" WHERE m.file = c.file AND m.kind = 'email' AND instr(fold(m.text), :w{n})))"
        for n in range(len(parts))
    ]
    return Where(" AND ".join(conditions), {f"w{n}": part for n, part in enumerate(parts)})


def near_ids(book: Book, word: str) -> list[str]:
    """Up to three ids of contacts whose id or name looks like the word."""
    from plaintextcrm.text.suggest import suggest

    known: dict[str, str] = {}
    for contact_id, name in book.db.execute("SELECT id, sort FROM contacts"):
        known |= {fold(contact_id): contact_id, name: contact_id}
        known |= {part: contact_id for part in name.split() if part not in known}
    near = suggest(fold(word), known, limit=6)
    return list(dict.fromkeys(known[found] for found in near))[:3]


def ids(book: Book) -> list[tuple[str, str]]:
    """Every contact's id and name, by id."""
    return book.db.execute("SELECT id, name FROM contacts ORDER BY key").fetchall()


def values(book: Book, field: str) -> list[str]:
    """What the contacts have in a text field, by its name in queries, each value once."""
    column = catalog(book).get(field)
    if column is None or column.form not in ("text", "choice", "list") or column.own:
        return []
    sql = f'SELECT DISTINCT "{column.cells[0]}" FROM "{column.table}"'
    found = [value for (value,) in book.db.execute(sql)]
    if column.form == "list":
        found = [one for listed in found for one in json.loads(listed)]
    return sorted({value for value in found if value}, key=fold)


def own_fields(book: Book) -> list[str]:
    """The names of the fields of people's own, as far as they are not of private contacts."""
    sql = "SELECT DISTINCT o.name FROM own o JOIN contacts c USING (file) WHERE NOT c.private ORDER BY 1"
    return [name for (name,) in book.db.execute(sql)]


def catalog(book: Book) -> dict[str, Column]:
    """Where each field lies that queries may name."""
    return load_catalog(book.db)


def text_of(book: Book, path: str) -> str:
    """The last good text of a contact's file."""
    sql = "SELECT text FROM texts JOIN files USING (file) WHERE path = ?"
    return str(book.db.execute(sql, (path,)).fetchone()[0])


def referring(book: Book, contact_id: str) -> list[str]:
    """The files that may refer to a contact: those that do, and the broken ones, which may hide it."""
    rows = book.db.execute(
        "SELECT path FROM marks JOIN files USING (file) WHERE marks.kind IN ('contact', 'mention')"
        " AND key = ? UNION SELECT path FROM files WHERE errors > 0 ORDER BY path",
        (key_of(contact_id),),
    )
    return [path for (path,) in rows]


def paths(book: Book) -> list[str]:
    """Every contact file, broken ones too."""
    return [path for (path,) in book.db.execute("SELECT path FROM files ORDER BY path")]


def without_uid(book: Book, places: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Path and id of every sound contact file, in these places, that gives no uid."""
    from plaintextcrm.book.answers.trouble import within

    rows = book.db.execute(
        "SELECT path, id FROM contacts JOIN files USING (file)"
        " WHERE NOT own_uid AND good AND errors = 0 ORDER BY path"
    )
    return [(path, name) for path, name in rows if not places or within(path, places)]


def own_uid(book: Book, path: str) -> str:
    """The uid that a contact's file gives; empty where it gives none."""
    sql = "SELECT uid FROM contacts JOIN files USING (file) WHERE own_uid AND path = ?"
    row = book.db.execute(sql, (path,)).fetchone()
    return str(row[0]) if row else ""


def taken_uids(book: Book) -> set[str]:
    """The uids that files give."""
    return {uid for (uid,) in book.db.execute("SELECT uid FROM contacts WHERE own_uid")}
