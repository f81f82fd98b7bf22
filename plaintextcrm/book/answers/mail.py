"""E-mail addresses: whom words may mean, and whose an address is."""

from collections.abc import Sequence
from typing import NamedTuple

from plaintextcrm.book.book import Book
from plaintextcrm.text.fold import fold

AVOIDED = "do-not-contact"


class Mailable(NamedTuple):
    """An address and whose it is; `avoided` says why to think twice, in a word."""

    address: str
    name: str
    organization: str
    id: str
    avoided: str


class Holder(NamedTuple):
    """A contact that has an address."""

    file: int
    id: str
    path: str
    kind: str


_ORGANIZATION = (
    "(SELECT {} FROM contacts o WHERE o.key = c.organization_key AND c.organization != '' LIMIT 1)"
)
_MAILABLE = f"""
SELECT e.value, c.name, coalesce({_ORGANIZATION.format("o.name")}, c.organization), c.id,
  CASE WHEN c.status = '{AVOIDED}' THEN '{AVOIDED}' WHEN c.died IS NOT NULL THEN 'died' ELSE '' END
  AS avoided
FROM emails e JOIN contacts c USING (file) JOIN search s ON s.rowid = c.file
WHERE instr(e.value, '@') AND {{where}}
ORDER BY avoided != '', c.sort, c.id, coalesce(e.preferred, 0) = 0, e.n
"""
_WORD = (
    f"(instr(s.name, :w{{n}}) OR instr(coalesce({_ORGANIZATION.format('o.sort')}, ''), :w{{n}}))"
)


def mailable(book: Book, words: Sequence[str]) -> list[Mailable]:
    """Everybody of whom each word stands in the name, an address, the company or a tag; those to
    avoid come last.
    """
    parts = [part for word in words for part in fold(word).split()][:50]
    where = " AND ".join(_WORD.format(n=n) for n in range(len(parts))) or "1"
    values = {f"w{n}": part for n, part in enumerate(parts)}
    return [Mailable._make(row) for row in book.db.execute(_MAILABLE.format(where=where), values)]


def holders(book: Book) -> dict[str, list[Holder]]:
    """Whose each address is, by the address as it is compared."""
    found: dict[str, list[Holder]] = {}
    rows = book.db.execute(
        "SELECT m.key, c.file, c.id, f.path, c.kind FROM marks m JOIN contacts c USING (file)"
        " JOIN files f USING (file) WHERE m.kind = 'email' ORDER BY c.key, f.path"
    )
    for key, *holder in rows:
        one = Holder(*holder)
        if one not in found.setdefault(key, []):
            found[key].append(one)
    return found


def talk_ids(book: Book, head: str) -> set[tuple[str, str]]:
    """Path and id of all talks of which the id begins like this."""
    rows = book.db.execute(
        "SELECT path, id FROM interactions JOIN files USING (file) WHERE id GLOB ? || '*'", (head,)
    )
    return set(rows.fetchall())
