"""What the book can be asked. All of it is SQL with parameters; no contact is parsed."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import NamedTuple

from plaintextcrm.book.book import Book
from plaintextcrm.book.tables import meta
from plaintextcrm.model.agenda import OCCASIONS, Waiting, days, next_time
from plaintextcrm.model.errors import ContactNotFound, SeveralContacts
from plaintextcrm.model.problem import Place, Problem
from plaintextcrm.store.read import read_file
from plaintextcrm.text.fold import fold, key_of


class Where(NamedTuple):
    """A condition on the contacts `c` in SQL; what users wrote stands only in its named values."""

    sql: str = "1"
    values: Mapping[str, object] = {}


EVERYONE = Where()
MANY_VALUES = 900  # in one question: older SQLite takes 999
SPARE_MEMOS = 1000  # several feeds share the table: what one does not need another may


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


class ReminderRow(NamedTuple):
    """A reminder with what is needed of its contact; see `model.reminders.Reminder`."""

    key: int
    kind: str
    due: date | None
    month: int | None
    day: int | None
    year: int | None
    uid: str
    note: str
    action: str
    time: str
    owner: str
    remind: str
    line: int
    contact: str
    name: str
    organization: str
    private: bool
    path: str
    brief: str


class Standing(NamedTuple):
    """A reminder on the day on which it is shown."""

    row: ReminderRow
    date: date
    overdue: bool


_CONTACTS = """
SELECT c.id, c.name, c.kind, coalesce(o.name, c.organization), c.status, c.owner, c.tags, c.email,
  c.phone, c.last, CASE WHEN c.due_now THEN min(coalesce(c.next, :today), :today) ELSE c.next END,
  c.class, c.private, c.uid, f.path, c.good
FROM contacts c JOIN files f USING (file)
LEFT JOIN contacts o ON c.organization != '' AND o.key = c.organization_key
WHERE {where} GROUP BY c.file ORDER BY c.sort, c.id, f.path
"""
# A private organization's name is not told with a contact that is not private.
_REMINDERS = """
SELECT r.reminder, r.kind, r.due, r.month, r.day, r.year, r.uid, r.note, r.action, r.time, r.owner,
  r.remind, r.line, c.id, c.name,
  CASE WHEN o.private AND NOT c.private THEN '' ELSE coalesce(o.name, c.organization) END,
  c.private, f.path, c.brief
FROM reminders r JOIN contacts c USING (file) JOIN files f USING (file)
LEFT JOIN contacts o ON c.organization != '' AND o.key = c.organization_key
WHERE ({where}) AND {days} GROUP BY r.reminder ORDER BY f.path, r.reminder
"""
_WAITING = """
SELECT reminder, r.kind, due, yields_to, coalesce(nullif(r.owner, ''), :me),
  CASE WHEN class = '' THEN 'Z' ELSE class END || id || ' ' || r.uid
FROM reminders r JOIN contacts USING (file) WHERE month IS NULL AND (due IS NULL OR due <= :last)
"""


def contacts(book: Book, where: Where = EVERYONE) -> list[ContactRow]:
    """The contacts that a condition finds, by name."""
    values = {**where.values, "today": book.today.isoformat()}
    rows = book.db.execute(_CONTACTS.format(where=where.sql), values)
    return [ContactRow._make((*row[:6], tuple(json.loads(row[6])), *row[7:])) for row in rows]


def find_contact(book: Book, word: str) -> ContactRow:
    """The one contact that a word finds: an id, a path, or a part of an id, name or e-mail.

    Raises ContactNotFound or SeveralContacts.
    """
    exact = Where("c.key = :key OR f.path = :path", {"key": key_of(word), "path": word})
    found = contacts(book, exact) or contacts(book, _looks_like(word))
    if len(found) == 1:
        return found[0]
    if found:
        raise SeveralContacts(word, [f"{row.id}  {row.name}  ({row.path})" for row in found[:20]])
    raise ContactNotFound(word, near_ids(book, word))


def _looks_like(word: str) -> Where:
    """Each part of the word stands in the id or name, or in an e-mail address."""
    parts = fold(word).split()
    if not parts:
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


_VALUES = {"tag": "tags", "status": "status", "owner": "owner", "org": "organization"}


def values(book: Book, field: str) -> list[str]:
    """What the contacts have in a field of queries, each value once."""
    column = _VALUES[field]
    found = [value for (value,) in book.db.execute(f"SELECT DISTINCT {column} FROM contacts")]
    if column == "tags":
        found = [tag for tags in found for tag in json.loads(tags)]
    return sorted({value for value in found if value}, key=fold)


def stamp(book: Book) -> bytes:
    """What stands for the folder as it was seen: the same stamp, the same files. Empty where one may
    have changed since without a new time stamp, or is missing.
    """
    value = meta(book.db, "stamp")
    return value if isinstance(value, bytes) else b""


def text_of(book: Book, path: str) -> str:
    """The last good text of a contact's file."""
    sql = "SELECT text FROM texts JOIN files USING (file) WHERE path = ?"
    return str(book.db.execute(sql, (path,)).fetchone()[0])


def agenda(book: Book, where: Where, ahead: int) -> list[Standing]:
    """What is late, due today, and due in the next `ahead` days, by day, lateness and time."""
    last = _later(book.today, ahead)
    shown = [*_dated(book, where, last), *_occasions(book, where, last)]
    return sorted(shown, key=_agenda_order)


def _agenda_order(item: Standing) -> tuple[object, ...]:
    """By day; within it what is late first, the oldest on top, then by the time of day."""
    row = item.row
    late = row.due if item.overdue and row.due else date.max
    return item.date, late, row.time or "~", row.kind, row.path, row.key


def _later(day: date, ahead: int) -> date:
    return day + timedelta(days=min(ahead, (date.max - day).days))


def _dated(book: Book, where: Where, last: date) -> Iterator[Standing]:
    for standing in standings(book, where, last):
        past = standing.date < book.today and standing.row.kind in OCCASIONS
        if standing.date <= last and not past:
            yield standing


def standings(book: Book, where: Where, last: date) -> Iterator[Standing]:
    """Every reminder with a day of its own up to `last`, on the day on which it stands."""
    placed = days_of(book, last)
    near = "r.month IS NULL AND (r.due IS NULL OR r.due <= :last)"
    for row in _reminders(book, where, near, {"last": last.isoformat()}):
        if row.key in placed:
            late = row.due is not None and row.due < book.today and row.kind not in OCCASIONS
            yield Standing(row, placed[row.key], late)


def days_of(book: Book, last: date) -> dict[int, date]:
    """The day of each reminder that is due up to `last`, all contacts together."""
    values = {"last": last.isoformat(), "me": book.settings.me}
    rows = (
        Waiting(key, kind, _day(due), _day(yields_to), owner, rank)
        for key, kind, due, yields_to, owner, rank in book.db.execute(_WAITING, values)
    )
    return days(rows, book.settings.overdue, book.settings.max_per_day, book.today)


YEAR = 366


def open_reminders(book: Book, path: str) -> list[Standing]:
    """All that is open with one contact, however far ahead; `show` and `done` number it from 1."""
    only = Where("f.path = :path", {"path": path})
    near = agenda(book, only, YEAR)
    known = {item.row.key for item in near}
    far = standings(book, only, date.max)
    return near + [item for item in far if item.row.key not in known and item.date > book.today]


def next_contact(book: Book, path: str) -> tuple[str, str, date | None, str] | None:
    """A contact's id and name, the day of the next contact and its kind; None: no such contact."""
    row = book.db.execute(
        "SELECT c.id, c.name, coalesce(r.due, :today), r.kind, r.file FROM contacts c"
        " JOIN files f USING (file) LEFT JOIN reminders r ON r.file = c.file"
        " AND r.kind IN ('follow-up', 'keep-in-touch') WHERE f.path = :path ORDER BY 3, 4",
        {"path": path, "today": book.today.isoformat()},
    ).fetchone()
    if row is None:
        return None
    return (row[0], row[1], _day(row[2]), row[3]) if row[3] else (row[0], row[1], None, "")


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


def yearly(book: Book, where: Where) -> Iterator[ReminderRow]:
    """Every reminder that comes back every year."""
    return _reminders(book, where, "r.month IS NOT NULL", {})


def _occasions(book: Book, where: Where, last: date) -> Iterator[Standing]:
    span = min((last - book.today).days, 366)
    window = [book.today + timedelta(days=n) for n in range(span + 1)]
    numbers = {day.month * 100 + day.day for day in window}
    if 228 in numbers:
        numbers.add(229)  # kept on the 28th where there is no 29th
    inside = f"r.month * 100 + r.day IN ({','.join(map(str, sorted(numbers)))})"
    for row in _reminders(book, where, inside, {}):
        first = max(book.today, date(row.year or 1, 1, 1))
        day = next_time(row.month or 1, row.day or 1, first, last)
        if day is not None:
            yield Standing(row, day, False)


def _reminders(
    book: Book, where: Where, near: str, values: Mapping[str, object]
) -> Iterator[ReminderRow]:
    sql = _REMINDERS.format(where=where.sql, days=near)
    for row in book.db.execute(sql, {**where.values, **values}):
        yield ReminderRow._make((*row[:2], _day(row[2]), *row[3:]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def problems(book: Book, paths: Sequence[str] = ()) -> list[Problem]:
    """All problems, or those of these files and folders, by path and place."""
    rows = book.db.execute(
        "SELECT path, line, column, end_line, end_column, code, message, hint, source"
        " FROM problems ORDER BY path, line, column, code"
    )
    found = (Problem(row[0], Place(*row[1:5]), *row[5:]) for row in rows)
    return [problem for problem in found if not paths or _within(problem.path, paths)]


def _within(path: str, places: Iterable[str]) -> bool:
    return any(path == place or path.startswith(f"{place}/") or place == "." for place in places)


class Counts(NamedTuple):
    """How much there is, and how much of it is wrong.

    `broken` files have errors; of `held` of them an older, good version is used.
    """

    contacts: int
    errors: int
    warnings: int
    broken: int
    held: int
    without_uid: int


def counts(book: Book) -> Counts:
    """Count."""
    row = book.db.execute(
        "SELECT (SELECT count(*) FROM contacts),"
        " (SELECT count(*) FROM problems WHERE severity = 'error'),"
        " (SELECT count(*) FROM problems WHERE severity = 'warning'),"
        " (SELECT count(DISTINCT path) FROM problems WHERE severity = 'error'),"
        " (SELECT count(*) FROM files JOIN contacts USING (file) WHERE errors > 0 AND good),"
        " (SELECT count(*) FROM contacts WHERE NOT own_uid)"
    ).fetchone()
    return Counts(*row)


class BrokenFile(NamedTuple):
    """A file with an error of which the book has no good version; `head`: see `heads`."""

    path: str
    head: str
    private: bool


def heads(book: Book) -> set[str]:
    """What the event UIDs of each contact begin with, of broken files too."""
    from plaintextcrm.book.rows import uid_head, uid_of_id

    known = {file.head for file in broken_files(book)}
    for uid, contact_id in book.db.execute("SELECT uid, id FROM contacts"):
        known |= {uid_head(uid), uid_head(uid_of_id(contact_id))}  # it had no uid before, perhaps
    return known


def broken_files(book: Book) -> list[BrokenFile]:
    """The files of which nothing good is known. Whose text cannot be read may be anybody's."""
    from plaintextcrm.book.rows import uid_head, uid_of_id
    from plaintextcrm.text.parse import contact_id, uid_in
    from plaintextcrm.text.reader import Text

    found = []
    for (path,) in book.db.execute(
        "SELECT path FROM files LEFT JOIN contacts USING (file)"
        " WHERE errors > 0 AND coalesce(good, 0) = 0"
        " UNION SELECT path FROM problems WHERE origin = 'folder' AND code = 'not-a-file'"
        " AND path NOT IN (SELECT path FROM files JOIN contacts USING (file) WHERE good)"
    ):
        data = b""
        with suppress(OSError):
            data, _signature = read_file(book.folder / path)
        head = uid_head(uid_in(data) or uid_of_id(contact_id(path)))
        found.append(BrokenFile(path, head, Text(path, data.decode(errors="replace")).private))
    return found


def settings_known(book: Book) -> bool:
    """False where the settings are broken and the book never saw them without an error."""
    return meta(book.db, "settings_sound") != 0


def closed_folders(book: Book) -> list[str]:
    """The folders that cannot be looked into now."""
    sql = "SELECT path FROM problems WHERE origin = 'folder' AND code = 'unreadable'"
    return [path for (path,) in book.db.execute(sql)]


def without_uid(book: Book, places: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Path and id of every sound contact file, in these places, that gives no uid."""
    rows = book.db.execute(
        "SELECT path, id FROM contacts JOIN files USING (file)"
        " WHERE NOT own_uid AND good AND errors = 0 ORDER BY path"
    )
    return [(path, name) for path, name in rows if not places or _within(path, places)]


def own_uid(book: Book, path: str) -> str:
    """The uid that a contact's file gives; empty where it gives none."""
    sql = "SELECT uid FROM contacts JOIN files USING (file) WHERE own_uid AND path = ?"
    row = book.db.execute(sql, (path,)).fetchone()
    return str(row[0]) if row else ""


def taken_uids(book: Book) -> set[str]:
    """The uids that files give."""
    return {uid for (uid,) in book.db.execute("SELECT uid FROM contacts WHERE own_uid")}


def memos(book: Book, keys: Iterable[bytes]) -> dict[bytes, str]:
    """The remembered texts of these keys."""
    wanted = list(keys)
    found: dict[bytes, str] = {}
    for start in range(0, len(wanted), MANY_VALUES):
        part = wanted[start : start + MANY_VALUES]
        marks = ",".join("?" * len(part))
        found |= book.db.execute(f"SELECT key, text FROM memos WHERE key IN ({marks})", part)
    return found


def note(book: Book, name: str) -> str:
    """What was noted under a name in this book's cache; empty where nothing was."""
    return str(meta(book.db, f"note {name}") or "")


def remember(
    book: Book, texts: Mapping[bytes, str], keep: Iterable[bytes], notes: Mapping[str, str]
) -> None:
    """Remember new texts and notes; texts are cleared of all but `keep` when most of them are stale.

    What is asked afterwards sees the folder as other processes may have seen it meanwhile.
    """
    from plaintextcrm.book.tables import set_meta, writing

    if not texts and all(note(book, name) == text for name, text in notes.items()):
        return
    book.leave()
    with writing(book.db):
        for name, text in notes.items():
            set_meta(book.db, f"note {name}", text)
        if texts:
            _clear_memos(book, {*keep})
            book.db.executemany("INSERT OR REPLACE INTO memos VALUES (?, ?)", texts.items())
    book.db.execute("BEGIN")


def _clear_memos(book: Book, kept: set[bytes]) -> None:
    known = [key for (key,) in book.db.execute("SELECT key FROM memos")]
    if len(known) > SPARE_MEMOS + 3 * len(kept):
        stale = [(key,) for key in known if key not in kept]
        book.db.executemany("DELETE FROM memos WHERE key = ?", stale)
