"""The names that queries use: fields of the file, entries, what is derived, and short forms of them."""

from typing import NamedTuple

from plaintextcrm.book.answers.cards import NEXT
from plaintextcrm.book.answers.reminders import LATE
from plaintextcrm.book.catalog import CONTACTS, ENTRIES, OWN, Column
from plaintextcrm.query.compiling import Compiling

# One of a list is called by its singular, and what everybody says.
ALIASES = {
    "tag": "tags", "org": "organization", "email": "emails", "phone": "phones", "url": "urls",
    "profile": "profiles", "address": "addresses", "nickname": "nicknames", "note": "notes",
    "interaction": "interactions", "talk": "interactions", "talks": "interactions",
    "follow_up": "follow_ups", "promise": "promises", "need": "needs", "milestone": "milestones",
    "deal": "deals", "referral": "referrals",
}  # fmt: skip
SPECIAL = ("any", "has", "is", "sort")
_OVERDUE = (
    "(SELECT julianday(:today) - julianday(min(r.due)) FROM reminders r"
    f" WHERE r.file = c.file AND {LATE})"
)
_TURNOVER = (
    "EXISTS (SELECT 1 FROM revenue x WHERE x.file = c.file AND x.year = :last_year"
    " GROUP BY x.amount_currency HAVING {})"
)
_SAME_CONTACT = "({}) IS TRUE"


class Source(NamedTuple):
    """Where a name looks. `cells` are SQL; `frame` makes a condition on them one on the contact.

    `form` is that of `book.catalog.Column`, or `phone`: the number as written, and as dialled.
    """

    name: str
    form: str
    cells: tuple[str, ...]
    frame: str = _SAME_CONTACT
    table: str = CONTACTS
    options: tuple[str, ...] = ()
    meaning: str = ""

    @property
    def is_list(self) -> bool:
        """True for a list of entries as a whole."""
        return self.form == ENTRIES

    @property
    def is_whole(self) -> bool:
        """True where there being a row is the same as there being a value."""
        return self.is_list or self.table == OWN or self.name == "turnover"


_DERIVED = (
    Source("id", "text", ("c.id",), meaning="the file's name without .yaml"),
    Source("path", "text", ("f.path",), meaning="the file, below the address book"),
    Source("last", "date", ("c.last",), meaning="the day of the last contact"),
    Source("next", "date", (NEXT,), meaning="the day of the next contact"),
    Source(
        "overdue",
        "duration",
        (_OVERDUE, _OVERDUE),
        meaning="how long the oldest open reminder is past",
    ),
    Source(
        "class",
        "choice",
        ("c.class",),
        options=("A", "B", "C"),
        meaning="by share of the last full year's turnover",
    ),
    Source(
        "turnover",
        "money",
        ("sum(x.amount)", "x.amount_currency"),
        _TURNOVER,
        "revenue",
        meaning="of the last full year",
    ),
)
DERIVED = {source.name: source for source in _DERIVED}


def find(at: Compiling, name: str, column: int) -> Source:
    """The source that a name stands for. Raises BadQuery, with a suggestion."""
    called = name.casefold().replace("-", "_")
    if at.entry:
        found = at.terms.catalog.get(f"{at.entry}.{called}")
        return _source(at, found) if found else _unknown(at, called, column)
    head, dot, rest = called.partition(".")
    full = ALIASES.get(head, head) + dot + rest
    if not dot and full in DERIVED:
        return DERIVED[full]
    found = at.terms.catalog.get(full)
    if found is None and full.startswith("x_"):
        found = Column(name, OWN, "text", ("text",), own=name)
    return _source(at, found) if found else _unknown(at, called, column)


def _source(at: Compiling, column: Column) -> Source:
    alias = "c" if column.table == CONTACTS else "x"
    cells = tuple(f'{alias}."{cell}"' for cell in column.cells)
    source = Source(
        column.name, column.form, cells, _frame(at, column), column.table, column.options, column.meaning
    )  # fmt: skip
    if column.name == "organization":  # the id of a contact counts as its name, too
        return source._replace(cells=(*cells, "coalesce(o.name, '')"))
    if column.name == "phones.value":
        return source._replace(form="phone", cells=(*cells, f"{alias}.number"))
    return source


def _frame(at: Compiling, column: Column) -> str:
    if column.table == CONTACTS or at.entry:
        return _SAME_CONTACT
    named = f" AND x.name = {at.value(column.own)}" if column.own else ""
    return f'EXISTS (SELECT 1 FROM "{column.table}" x WHERE x.file = c.file{named} AND ({{}}))'


def known_names(at: Compiling) -> list[str]:
    """Every name that may be written here, for suggestions and completion."""
    if at.entry:
        return fields_of(at, at.entry)
    return [*at.terms.catalog, *ALIASES, *DERIVED, *SPECIAL]


def fields_of(at: Compiling, table: str) -> list[str]:
    """The fields of the entries of a list."""
    head = f"{table}."
    return [name.removeprefix(head) for name in at.terms.catalog if name.startswith(head)]


def _unknown(at: Compiling, name: str, column: int) -> Source:
    from plaintextcrm.text.source import shown
    from plaintextcrm.text.suggest import suggest

    head, dot, _rest = name.partition(".")
    table = at.entry or ALIASES.get(head, head)
    inside = fields_of(at, table) if dot or at.entry else []
    if inside:
        near = suggest(name.rpartition(".")[2], inside)
        hint = f"Did you mean `{near[0]}`?" if near else f"There are {', '.join(inside)}."
        at.refuse(column, f"`{table}` has no field `{shown(name.rpartition('.')[2])}`. {hint}")
    inner = [full for full in at.terms.catalog if full.endswith(f".{name}")]
    if inner:
        listed = ", ".join(f"`{full}`" for full in inner)
        at.refuse(column, f"`{name}` is a field of entries: write {listed}.")
    near = suggest(name, known_names(at))
    hint = (
        f"Did you mean `{near[0]}`?"
        if near
        else "`plaintextcrm help query` lists them; put text with a colon in quotes."
    )
    at.refuse(column, f"There is no field `{shown(name)}` to ask for. {hint}")


def sort_key(source: Source, descending: bool) -> str:
    """What to order by, NULL where there is nothing; empty for a whole list of entries."""
    if source.name == "name":
        return "c.sort"
    if source.name == "turnover":
        return "(SELECT sum(x.amount) FROM revenue x WHERE x.file = c.file AND x.year = :last_year)"
    if not source.cells:
        return ""
    key = _key(source)
    if source.frame == _SAME_CONTACT:
        return key
    best = "max" if descending else "min"
    return source.frame.replace("EXISTS (SELECT 1", f"(SELECT {best}({key})", 1).replace("{}", "1")


def _key(source: Source) -> str:
    first, last = source.cells[0], source.cells[-1]
    if source.name == "organization":  # by the name that is shown
        return f"nullif(fold(coalesce(nullif({last}, ''), {first})), '')"
    if source.form == "list":
        return f"(SELECT group_concat(fold(e.value), char(31)) FROM json_each({first}) e)"
    if source.form in ("text", "choice", "phone"):
        return f"nullif(fold({first}), '')"
    if source.form == "yearly":  # by the day in the year
        return f"substr({first}, -5)"
    if source.form == "span" and len(source.cells) == 3:
        return source.cells[1]
    return last if source.form == "duration" else first
