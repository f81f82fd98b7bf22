"""The views that `plaintextcrm sql` shows: what of the book is documented and stays as it is.

They are made from the catalog, so a new field has its column by itself; docs/sql.md lists them.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from plaintextcrm.book.answers.cards import NEXT
from plaintextcrm.book.answers.reminders import LATE
from plaintextcrm.book.catalog import CONTACTS, ENTRIES, OWN, Column

# Stands for the book's schema: no name that users wrote can hold this character.
BOOK = "\x01"
# Views know no parameters; functions of the connection stand for them.
_LATE = LATE.replace(":today", "today()").replace(":overdue", "overdue_rule()")
TEXT, DAY, NUMBER, YES_NO = "text", "day", "number", "0 or 1"


class ViewColumn(NamedTuple):
    """A column: its name, what it holds, what it means, and its SQL."""

    name: str
    type: str
    meaning: str
    sql: str


class View(NamedTuple):
    """A view: its name, what a row of it is, its columns, and where they come from."""

    name: str
    meaning: str
    columns: tuple[ViewColumn, ...]
    source: str

    def create(self, name: str, schema: str) -> str:
        """The statement that makes it, under any name, of the book that is attached as `schema`."""
        columns = ", ".join(f"{one.sql} AS {quoted(one.name)}" for one in self.columns)
        sql = f"CREATE TEMP VIEW {quoted(name)} AS SELECT {columns} {self.source}"
        return sql.replace(BOOK, f"{quoted(schema)}.")


def quoted(name: str) -> str:
    """A name as SQL takes any."""
    return '"{}"'.format(name.replace('"', '""'))


def literal(text: str) -> str:
    """A text as SQL takes it."""
    return "'{}'".format(text.replace("'", "''"))


def views(catalog: Mapping[str, Column]) -> tuple[View, ...]:
    """All views, with a column for each field of the catalog."""
    lists = [name for name, column in catalog.items() if column.form == ENTRIES]
    entries = (_entries(name, catalog) for name in lists)
    return (_contacts(catalog), _TAGS, *entries, _REMINDERS, _OWN, _PROBLEMS)


def _number(cell: str) -> str:
    """A number as a person writes it: 2025, not 2025.0."""
    return (
        f"CASE WHEN {cell} = CAST({cell} AS INTEGER) THEN CAST({cell} AS INTEGER) ELSE {cell} END"
    )


_OF = f" JOIN {BOOK}contacts c USING (file)"
_WORTH = (
    f"(SELECT {{}} FROM {BOOK}revenue x WHERE x.file = c.file AND x.year = strftime('%Y', today()) - 1"
    " GROUP BY x.amount_currency ORDER BY sum(x.amount) DESC LIMIT 1)"
)
_COMPANY = (
    f"(SELECT o.{{}} FROM {BOOK}contacts o JOIN {BOOK}files place USING (file)"
    " WHERE c.organization != '' AND o.key = c.organization_key ORDER BY place.path LIMIT 1)"
)
_DERIVED = (
    ViewColumn("id", TEXT, "the file's name without .yaml", "c.id"),
    ViewColumn("path", TEXT, "the file, below the address book", "f.path"),
    ViewColumn(
        "organization_id", TEXT, "its id, where it is a contact", _COMPANY.format("id")
    ),
    ViewColumn("email", TEXT, "the preferred e-mail address, else the first", "nullif(c.email, '')"),
    ViewColumn("phone", TEXT, "the preferred phone number, else the first", "nullif(c.phone, '')"),
    ViewColumn("last", DAY, "the day of the last contact", "c.last"),
    ViewColumn("next", DAY, "the day of the next contact", NEXT.replace(":today", "today()")),
    ViewColumn(
        "overdue_days", NUMBER, "how long the oldest open reminder is past",
        "(SELECT CAST(julianday(today()) - julianday(min(r.due)) AS INTEGER)"
        f" FROM {BOOK}reminders r WHERE r.file = c.file AND {_LATE})",
    ),
    ViewColumn(
        "class", TEXT, "A, B or C by share of the last full year's turnover", "nullif(c.class, '')"
    ),
    ViewColumn(
        "turnover", NUMBER, "of the last full year, in the currency with most of it",
        _WORTH.format(f"sum({_number('x.amount')})"),
    ),
    ViewColumn(
        "turnover_currency", TEXT, "the currency of `turnover`",
        _WORTH.format("nullif(x.amount_currency, '')"),
    ),
    ViewColumn("broken", YES_NO, "1: the file has errors", "f.errors > 0"),
)  # fmt: skip
_NAMED = f"coalesce({_COMPANY.format('name')}, nullif(c.organization, ''))"
_OTHERWISE = (
    ViewColumn("organization", TEXT, "the name of the contact that it is, else as written", _NAMED),
    ViewColumn(
        "visibility",
        TEXT,
        "private or public",
        "CASE WHEN c.private THEN 'private' ELSE 'public' END",
    ),
)


def _contacts(catalog: Mapping[str, Column]) -> View:
    taken = {column.name: column for column in _DERIVED}
    otherwise = {column.name: column for column in _OTHERWISE}
    for column in catalog.values():
        if column.table == CONTACTS:
            for found in _columns(column.name, column, "c"):
                taken.setdefault(found.name, otherwise.get(found.name, found))
    for column in catalog.values():
        if column.own:
            for found in _own_columns(column):
                taken.setdefault(found.name, found)
    first = [name for name in ("id", "name") if name in taken]
    last = [column.name for column in _DERIVED[1:]]
    fields = [name for name in taken if name not in (*first, *last)]
    columns = tuple(taken[name] for name in (*first, *fields, *last))
    source = f"FROM {BOOK}contacts c JOIN {BOOK}files f USING (file)"
    return View(
        "contacts", "one contact; lists of texts are one text, with commas", columns, source
    )


_CONTACT = ViewColumn("contact", TEXT, "the contact's id", "c.id")


# What is made of an entry (`book/layout.py`).
_MADE = {
    "phones": (
        ViewColumn("number", TEXT, "as it is dialled from abroad, where its country is known", "x.number"),
    ),
}  # fmt: skip


def _entries(table: str, catalog: Mapping[str, Column]) -> View:
    """One entry of a list. A field with the name of another column has the list's name before it."""
    line = ViewColumn("line", NUMBER, "the line of the file, from 1", "x.line")
    columns = [_CONTACT, line]
    for name, column in catalog.items():
        if name.startswith(f"{table}."):
            field = name.partition(".")[2]
            taken = field in (_CONTACT.name, line.name)
            columns += _columns(f"{table}_{field}" if taken else field, column, "x")
    columns += _MADE.get(table, ())
    meaning = f"one of `{table}`: {catalog[table].meaning}"
    return View(table, meaning, tuple(columns), f"FROM {BOOK}{quoted(table)} x{_OF}")


def _columns(name: str, column: Column, alias: str) -> Iterator[ViewColumn]:
    """The columns of one field: a vague date has three, an amount two."""
    cells = [f"{alias}.{quoted(cell)}" for cell in column.cells]
    about = column.meaning
    if column.form in ("text", "choice"):
        yield ViewColumn(name, TEXT, about, f"nullif({cells[0]}, '')")
    elif column.form == "list":
        joined = f"(SELECT group_concat(value, ', ') FROM json_each({cells[0]}))"
        yield ViewColumn(name, TEXT, about, joined)
    elif column.form == "span":
        yield ViewColumn(name, TEXT, about, cells[0])
        yield ViewColumn(f"{name}_first", DAY, f"the first day of `{name}`", cells[1])
        yield ViewColumn(f"{name}_last", DAY, f"the last day of `{name}`", cells[2])
    elif column.form == "money":
        yield ViewColumn(name, NUMBER, about, _number(cells[0]))
        yield ViewColumn(
            f"{name}_currency", TEXT, f"the currency of `{name}`", f"nullif({cells[1]}, '')"
        )
    elif column.form == "duration":
        yield ViewColumn(name, TEXT, about, cells[0])
        yield ViewColumn(f"{name}_days", NUMBER, f"`{name}` in days", _number(cells[1]))
    elif column.form == "number":
        yield ViewColumn(name, NUMBER, about, _number(cells[0]))
    else:
        kind = {"date": DAY, "flag": YES_NO}.get(column.form, TEXT)
        yield ViewColumn(name, kind, about, cells[0])


def _own_columns(column: Column) -> Iterator[ViewColumn]:
    """The columns of a field that the settings declare."""
    own = f"FROM {BOOK}own x WHERE x.file = c.file AND x.name = {literal(column.own)}"
    name, about = column.name, column.meaning
    if column.form in ("number", "money", "flag"):
        kind = YES_NO if column.form == "flag" else NUMBER
        yield ViewColumn(name, kind, about, f"(SELECT {_number('x.number')} {own})")
    elif column.form == "span":
        yield ViewColumn(name, TEXT, about, f"(SELECT x.text {own})")
        yield ViewColumn(
            f"{name}_first", DAY, f"the first day of `{name}`", f"(SELECT x.first {own})"
        )
        yield ViewColumn(f"{name}_last", DAY, f"the last day of `{name}`", f"(SELECT x.last {own})")
    else:
        yield ViewColumn(name, TEXT, about, f"(SELECT group_concat(x.text, ', ') {own})")
    if column.form == "money":
        currency = f"(SELECT nullif(x.currency, '') {own})"
        yield ViewColumn(f"{name}_currency", TEXT, f"the currency of `{name}`", currency)


_TAGS = View(
    "tags",
    "one tag of a contact",
    (_CONTACT, ViewColumn("tag", TEXT, "the tag", "e.value")),
    f"FROM {BOOK}contacts c, json_each(c.tags) e",
)
_DUE = "CASE WHEN r.month IS NULL THEN coalesce(r.due, today()) ELSE next_yearly(r.month, r.day, r.year) END"
_REMINDERS = View(
    "reminders",
    "one thing to do or to think of, as `agenda` shows it; what is late is on its own day",
    (
        _CONTACT,
        ViewColumn("kind", TEXT, "follow-up, keep-in-touch, promise, birthday …", "r.kind"),
        ViewColumn("due", DAY, "the day; of a yearly one the next", _DUE),
        ViewColumn("time", TEXT, "the time of day", "nullif(r.time, '')"),
        ViewColumn("note", TEXT, "what it is about", "nullif(r.note, '')"),
        ViewColumn("action", TEXT, "the channel of a keep-in-touch", "nullif(r.action, '')"),
        ViewColumn("owner", TEXT, "who does it, where it is said", "nullif(r.owner, '')"),
        ViewColumn("overdue", YES_NO, "1: it is past and still to be done", f"({_LATE}) IS TRUE"),
        ViewColumn("yearly", YES_NO, "1: it comes back every year", "r.month IS NOT NULL"),
        ViewColumn("line", NUMBER, "the line of the file, from 1", "r.line"),
        ViewColumn("uid", TEXT, "its UID in calendars", "r.uid"),
    ),
    f"FROM {BOOK}reminders r{_OF}",
)
_OWN = View(
    "fields",
    "one value of a field of your own, `x_…` ones too",
    (
        _CONTACT,
        ViewColumn("field", TEXT, "the field's name", "x.name"),
        ViewColumn("value", TEXT, "the value as text", "x.text"),
        ViewColumn("number", NUMBER, "the value as a number", _number("x.number")),
        ViewColumn("currency", TEXT, "the currency of an amount", "nullif(x.currency, '')"),
        ViewColumn("first", DAY, "the first day of a date", "x.first"),
        ViewColumn("last", DAY, "the last day of a date", "x.last"),
    ),
    f"FROM {BOOK}{OWN} x{_OF}",
)
_PROBLEMS = View(
    "problems",
    "one thing that `check` finds",
    (
        ViewColumn("path", TEXT, "the file, below the address book", "p.path"),
        ViewColumn("line", NUMBER, "from 1", "p.line"),
        ViewColumn("column", NUMBER, "from 1", 'p."column"'),
        ViewColumn("severity", TEXT, "error or warning", "p.severity"),
        ViewColumn("code", TEXT, "what kind of problem it is", "p.code"),
        ViewColumn("message", TEXT, "what is wrong", "p.message"),
        ViewColumn("hint", TEXT, "what to do or to write", "nullif(p.hint, '')"),
    ),
    f"FROM {BOOK}problems p",
)
