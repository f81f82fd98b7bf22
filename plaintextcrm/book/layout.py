"""How the field table lies in SQLite: a column for each value of a contact, a table for each list of entries.

Nobody lists fields here: a new line of `text/fields.py` makes a new column, which queries know.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from plaintextcrm.book.catalog import CONTACTS, ENTRIES, OWN, Column
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fields import CONTACT_FIELDS, contact_fields, fields_of
from plaintextcrm.text.types import Choice, Field, ListOf, Type
from plaintextcrm.text.values import (
    COUNT,
    DATE,
    DURATION,
    FLAG,
    MONEY,
    NUMBER,
    PARTIAL,
    PARTIAL_OR_YEARLY,
    SCORE,
    SHORT_DURATION,
    TIME,
    YEAR,
    YEARLY,
)

# What is made from a contact, and from all of them together, in front of its own fields.
DERIVED = """
file INTEGER PRIMARY KEY, good INTEGER NOT NULL,
id TEXT NOT NULL, key TEXT NOT NULL, uid TEXT NOT NULL, own_uid INTEGER NOT NULL,
sort TEXT NOT NULL, organization_key TEXT NOT NULL, private INTEGER NOT NULL,
email TEXT NOT NULL, phone TEXT NOT NULL, last TEXT, next TEXT, due_now INTEGER NOT NULL,
wants_class INTEGER NOT NULL, holds_from TEXT NOT NULL, holds_until TEXT NOT NULL,
class TEXT NOT NULL
"""

_FORMS: dict[Any, str] = {
    **dict.fromkeys((NUMBER, SCORE, YEAR, COUNT), "number"),
    **dict.fromkeys((PARTIAL, PARTIAL_OR_YEARLY), "span"),
    **dict.fromkeys((DURATION, SHORT_DURATION), "duration"),
    DATE: "date",
    YEARLY: "yearly",
    TIME: "time",
    MONEY: "money",
    FLAG: "flag",
}
# The columns of each form: what is behind the field's name, and SQLite's type.
CELLS: dict[str, tuple[tuple[str, str], ...]] = {
    "text": (("", "TEXT NOT NULL"),),
    "choice": (("", "TEXT NOT NULL"),),
    "list": (("", "TEXT NOT NULL"),),
    "date": (("", "TEXT"),),
    "span": (("", "TEXT"), ("_first", "TEXT"), ("_last", "TEXT")),
    "yearly": (("", "TEXT"),),
    "time": (("", "TEXT"),),
    "money": (("", "REAL"), ("_currency", "TEXT")),
    "number": (("", "REAL"),),
    "duration": (("", "TEXT"), ("_days", "REAL")),
    "flag": (("", "INTEGER"),),
}
_OWNCELLS = {
    "span": ("text", "first", "last"),
    "money": ("number", "currency"),
    "number": ("number",),
    "flag": ("number",),
}


# What is made of an entry, behind its fields: how a phone number is dialled (`text/phone.py`).
_MADE = {"phones": ", number TEXT NOT NULL"}
_SHORT = ("value", "every")  # they stand for their entry, where none can be without


class Table(NamedTuple):
    """A list of entries: its fields, and the one that stands for the entry (`emails.value`)."""

    name: str
    fields: tuple[Field, ...]
    short: str = ""


def form_of(kind: Type) -> str:
    """What the cells of a field of this type hold; see `Column`."""
    if isinstance(kind, ListOf):
        return "list"
    return "choice" if isinstance(kind, Choice) else _FORMS.get(kind, "text")


@cache
def tables() -> tuple[Table, ...]:
    """The lists of entries, and the cadence, which is a list of one."""
    found = []
    for field in CONTACT_FIELDS:
        if fields := fields_of(field.type):
            short = next((one.name for one in fields if one.name in _SHORT and one.required), "")
            found.append(Table(field.name, fields, short))
    return tuple(found)


@cache
def own_columns() -> tuple[Field, ...]:
    """The fields with columns in the table of contacts; the uid there may be a derived one."""
    return tuple(
        field for field in CONTACT_FIELDS if not fields_of(field.type) and field.name != "uid"
    )


def ddl(field: Field) -> str:
    """The column definitions of a field."""
    cells = CELLS[form_of(field.type)]
    return ", ".join(f'"{field.name}{ending}" {kind}' for ending, kind in cells)


def create_tables() -> Iterator[str]:
    """The statements that make the tables: one for the contacts, one for each list of entries."""
    own = "".join(f", {ddl(field)}" for field in own_columns())
    yield f"CREATE TABLE contacts ({DERIVED}{own})"
    for table in tables():
        columns = ", ".join(ddl(field) for field in table.fields)
        yield (
            f'CREATE TABLE "{table.name}" (file INTEGER NOT NULL, n INTEGER NOT NULL,'
            f" line INTEGER, {columns}{_MADE.get(table.name, '')}, PRIMARY KEY (file, n)) WITHOUT ROWID"
        )


def columns(settings: Settings) -> Iterator[Column]:
    """Every field that queries may name, with the settings' own ones."""
    short = {table.name: table.short for table in tables()}
    for name, field in contact_fields(settings).items():
        if name in short:
            cells = (short[name],) if short[name] else ()
            yield Column(name, name, ENTRIES, cells, field.meaning)
            for inner in fields_of(field.type):
                yield _column(f"{name}.{inner.name}", inner, name, settings)
        elif field in CONTACT_FIELDS:
            yield _column(name, field, CONTACTS, settings)
        else:
            form = form_of(field.type)
            form = "text" if form == "list" else form
            yield Column(name, OWN, form, _OWNCELLS.get(form, ("text",)), field.meaning, own=name)


def _column(name: str, field: Field, table: str, settings: Settings) -> Column:
    form = form_of(field.type)
    cells = tuple(f"{field.name}{ending}" for ending, _kind in CELLS[form])
    options = field.type.options(settings) if isinstance(field.type, Choice) else ()
    return Column(name, table, form, cells, field.meaning, options)
