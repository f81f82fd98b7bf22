"""A field, a sign and a value → SQL, by the form of the field."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from plaintextcrm.book.answers.reminders import DUE, LATE
from plaintextcrm.book.catalog import ENTRIES
from plaintextcrm.query.compiling import Compiling, Spot
from plaintextcrm.query.names import Source, fields_of, find
from plaintextcrm.query.values import MonthDays, Span, days_of, month_days, span_of
from plaintextcrm.text.fold import fold

if TYPE_CHECKING:
    from plaintextcrm.text.phone import Phone

CONTAINS, EQUALS = ":", "="
_BLANK = {"text": "= ''", "choice": "= ''", "phone": "= ''", "list": "= '[]'"}
_DATES = "2026-12-01, 2026-12, 2026-Q4, 2026, today, friday, +2w, -3m or 2026-01..2026-03"
_NUMBER_SIGNS = "`:` or `=` (equal), `<`, `<=`, `>`, `>=` and a range `1..3`"
_ESCAPED = dict.fromkeys([*range(32), 34, 92, 127])  # what JSON may write in another way


class Asked(NamedTuple):
    """One comparison: a source, a sign, a value, and the query that is being compiled."""

    at: Compiling
    source: Source
    sign: str
    spot: Spot

    @property
    def cell(self) -> str:
        """The first cell, which is the only one of most forms."""
        return self.source.cells[0]

    def bad_value(self, why: str, write: str) -> None:
        """Raise BadQuery: what the value is not, and what to write."""
        self.at.refuse(self.spot.value_column, f"{self.spot.shown}: {why}. Write {write}.")

    def bounds(self) -> tuple[str, str] | None:
        """Both ends of a range `low..high`, of which one may be open; None for another value."""
        low, dots, high = self.spot.text.partition("..")
        return (low, high) if dots and (low or high) and not self.spot.quoted else None


def condition(at: Compiling, source: Source, sign: str, spot: Spot) -> str:
    """The condition on the contact. Raises BadQuery for a sign or a value that does not fit."""
    if source.is_list and source.cells:
        short = find_short(at, source)
        return condition(at, short, sign, spot)
    return source.frame.replace("{}", _FORMS[source.form](Asked(at, source, sign, spot)))


def find_short(at: Compiling, source: Source) -> Source:
    """The field that stands for an entry: the value of an e-mail address, the length of a cadence."""
    cell = source.cells[0].rpartition(".")[2].strip('"')
    return find(at, f"{source.table}.{cell}", 1)


def missing(at: Compiling, source: Source) -> str:
    """`owner:` has no value; `promises.done:` there is a promise without it; `deals:` has none."""
    if source.is_whole:
        return f"NOT {source.frame.replace('{}', '1')}"
    return source.frame.replace("{}", f"NOT ({_there(source)})")


def present(at: Compiling, source: Source) -> str:
    """`has:phone`, `has:deals.reason`."""
    there = "1" if source.is_whole else _there(source)
    return source.frame.replace("{}", there)


def _there(source: Source) -> str:
    cell = source.cells[0]
    blank = _BLANK.get(source.form)
    return f"NOT {cell} {blank}" if blank else f"{cell} IS NOT NULL"


_STATES = {
    "overdue": f"EXISTS (SELECT 1 FROM reminders r WHERE r.file = c.file AND {LATE})",
    "due": f"EXISTS (SELECT 1 FROM reminders r WHERE r.file = c.file AND {DUE})",
    "private": "c.private",
    "public": "NOT c.private",
    "broken": "f.errors > 0",
    "person": "c.kind = 'individual'",
    "company": "c.kind = 'organization'",
}


def states(at: Compiling) -> list[str]:
    """The words behind `is:`."""
    kinds = at.terms.catalog["kind"].options
    return [*_STATES, *kinds, *at.terms.settings.all_statuses]


def state(at: Compiling, spot: Spot) -> str:
    """`is:overdue`, `is:private`, `is:client`."""
    word = spot.text.casefold()
    if word in _STATES:
        return f"({_STATES[word]}) IS TRUE"
    for field in ("kind", "status"):
        if word in (option.casefold() for option in at.terms.catalog[field].options):
            return f"fold(c.{field}) = {at.value(fold(spot.text))}"
    known = states(at)
    at.refuse(spot.value_column, f"Nobody can be {spot.shown}. {_one_of(spot.text, known)}")
    return None


def _one_of(word: str, known: list[str] | tuple[str, ...]) -> str:
    from plaintextcrm.text.suggest import suggest

    near = suggest(word, known)
    return f"Did you mean `{near[0]}`?" if near else f"There are {', '.join(known)}."


def entry_contains(at: Compiling, table: str, spot: Spot) -> str:
    """A text stands in one of the fields of an entry `x`."""
    found = []
    for name in fields_of(at, table):
        column = at.terms.catalog[f"{table}.{name}"]
        if column.form in ("text", "choice", "list"):
            cells = (f'x."{column.cells[0]}"',)
            form = "list" if column.form == "list" else "text"
            found.append(_FORMS[form](Asked(at, Source(name, form, cells), CONTAINS, spot)))
    return f"({' OR '.join(found)}) IS TRUE"


def _signs(asked: Asked, known: str, said: str) -> None:
    if asked.sign not in known.split():
        what = f"`{asked.source.name}` takes {said}, not `{asked.sign}`."
        asked.at.refuse(asked.spot.column, what)


def _text(asked: Asked) -> str:
    _signs(asked, ": =", "`:` (contains) and `=` (equals)")
    value = asked.at.value(fold(asked.spot.text))
    return " OR ".join(_matches(f"fold({cell})", asked.sign, value) for cell in asked.source.cells)


def _matches(cell: str, sign: str, value: str) -> str:
    return f"instr({cell}, {value})" if sign == CONTAINS else f"{cell} = {value}"


def _phone(asked: Asked) -> str:
    """A telephone number is found however it is written."""
    from plaintextcrm.text.phone import looks_dialled

    written, number = asked.source.cells
    if not looks_dialled(asked.spot.text):
        return _text(asked._replace(source=asked.source._replace(cells=(written,))))
    _signs(asked, ": =", "`:` (contains) and `=` (equals)")
    digits = asked.at.value("".join(filter(str.isdigit, asked.spot.text)))
    found = [_matches(f"digits({cell})", asked.sign, digits) for cell in (written, number)]
    found.append(f"{number} = {asked.at.value(dialled(asked.at, asked.spot.text).number)}")
    return " OR ".join(found)


def dialled(at: Compiling, text: str) -> "Phone":
    """The number that a text of the query says, to somebody in the settings' country."""
    from plaintextcrm.text.phone import country_of, read_phone

    return read_phone(text, country_of((), at.terms.settings))


def _choice(asked: Asked) -> str:
    """A word that no contact can have is a slip of the pen, not a question."""
    wanted, options = fold(asked.spot.text), asked.source.options
    fits = [word for word in map(fold, options) if _fits(wanted, word, asked.sign)]
    if not fits and asked.sign in (CONTAINS, EQUALS):
        what = f"{asked.spot.shown} is no {asked.source.name.rpartition('.')[2]}."
        asked.at.refuse(asked.spot.value_column, f"{what} {_one_of(asked.spot.text, options)}")
    return _text(asked)


def _fits(wanted: str, word: str, sign: str) -> bool:
    return wanted == word if sign == EQUALS else wanted in word


def _list(asked: Asked) -> str:
    _signs(asked, ": =", "`:` (one of them contains) and `=` (one of them equals)")
    text = fold(asked.spot.text)
    one = _matches("fold(e.value)", asked.sign, asked.at.value(text))
    found = f"EXISTS (SELECT 1 FROM json_each({asked.cell}) e WHERE {one})"
    if text != text.translate(_ESCAPED):
        return found
    # One look at all of them tells of most contacts that none is it.
    return f"CASE WHEN instr(fold({asked.cell}), {asked.at.value(text)}) THEN {found} ELSE 0 END"


def _entries(asked: Asked) -> str:
    table = asked.source.table
    if asked.sign != CONTAINS:
        inside = ", ".join(fields_of(asked.at, table))
        what = f"`{table}` is a list: write `{table}:text`, or name one of its fields: {inside}."
        asked.at.refuse(asked.spot.column, what)
    return entry_contains(asked.at, table, asked.spot)


def _date(asked: Asked) -> str:
    return _within(asked, asked.cell, asked.cell)


def _span(asked: Asked) -> str:
    """A vague date is the days that it covers; one that comes back has a month and a day."""
    text, first, last = (*asked.source.cells, *asked.source.cells)[:3]
    if days := _month_days(asked):
        whole = f"({text} LIKE '--%' OR length({text}) = 10)"
        return f"{whole} AND {_yearly_within(asked, text, days)}"
    return _within(asked, first, last)


def _yearly(asked: Asked) -> str:
    if days := _month_days(asked):
        return _yearly_within(asked, asked.cell, days)
    return f"{asked.cell} NOT LIKE '--%' AND {_within(asked, asked.cell, asked.cell)}"


def _month_days(asked: Asked) -> MonthDays | None:
    low, high = asked.bounds() or (asked.spot.text, asked.spot.text)
    if not (low or high).startswith("--"):
        return None
    try:
        return month_days(low, high)
    except ValueError as error:
        asked.bad_value(str(error), "--12-24, --12 or --12-01..--12-24")
        raise


def _yearly_within(asked: Asked, cell: str, days: MonthDays) -> str:
    day = f"substr({cell}, -5)"
    return _between(asked, day, day, Span(days.first, days.last))


def _within(asked: Asked, first: str, last: str) -> str:
    """The days [first, last] of a row against those of the value."""
    low, high = asked.bounds() or (asked.spot.text, asked.spot.text)
    today = asked.at.terms.today
    try:
        begin = span_of(low, today) if low else None
        end = span_of(high, today) if high else None
    except ValueError as error:
        asked.bad_value(str(error), _DATES)
        raise
    return _between(asked, first, last, Span(begin and begin.first, end and end.last))


def _between(asked: Asked, first: str, last: str, span: Span) -> str:
    if span.first and span.last and span.first > span.last:
        asked.at.refuse(asked.spot.value_column, "This range ends before it begins.")
    low, high = asked.at.value(span.first), asked.at.value(span.last)
    if asked.bounds() and asked.sign not in (CONTAINS, EQUALS):
        asked.at.refuse(asked.spot.column, "A range stands behind `:`.")
    if asked.sign in (CONTAINS, EQUALS):
        parts = [f"{last} >= {low}"] if span.first else []
        return " AND ".join([*parts, *([f"{first} <= {high}"] if span.last else [])])
    return {
        "<": f"{last} < {low}", "<=": f"{last} <= {high}",
        ">": f"{first} > {high}", ">=": f"{first} >= {low}",
    }[asked.sign]  # fmt: skip


def _number(asked: Asked) -> str:
    return _compared(asked, asked.cell, _decimal, f"a number, with {_NUMBER_SIGNS}")


def _decimal(text: str) -> float:
    if not re.fullmatch(r"[+-]?[0-9]{1,15}([.,][0-9]{1,6})?", text):
        raise ValueError("this is not a number")
    return float(text.replace(",", "."))


def _compared(asked: Asked, cell: str, read: Callable[[str], float], write: str) -> str:
    """A number against a number, or a range of them."""
    bounds = asked.bounds()
    try:
        numbers = [read(text) if text else None for text in bounds or (asked.spot.text,)]
    except ValueError as error:
        asked.bad_value(str(error), write)
        raise
    if bounds is None:
        sign = EQUALS if asked.sign == CONTAINS else asked.sign
        return f"{cell} {sign} {asked.at.value(numbers[0])}"
    if asked.sign not in (CONTAINS, EQUALS):
        asked.at.refuse(asked.spot.column, "A range stands behind `:`.")
    low, high = numbers
    if low is not None and high is not None and low > high:
        asked.at.refuse(asked.spot.value_column, "This range ends before it begins.")
    signs = zip((">=", "<="), numbers, strict=True)
    return " AND ".join(
        f"{cell} {sign} {asked.at.value(number)}" for sign, number in signs if number is not None
    )


def _money(asked: Asked) -> str:
    """Amounts of one currency: the one that is named, else the settings' one, else any."""
    from plaintextcrm.model.dates import parse_money

    currencies = set()

    def read(text: str) -> float:
        found = parse_money(text, asked.at.terms.settings.currency)
        currencies.add(found.currency)
        return float(found.amount)

    amount, currency = asked.source.cells
    sql = _compared(asked, amount, read, "an amount, such as 120000 or 5000EUR..9000EUR")
    named = {currency for currency in currencies if currency}
    if len(named) > 1:
        asked.bad_value("both ends of a range need one currency", "5000EUR..9000EUR")
    return sql + "".join(f" AND {currency} = {asked.at.value(one)}" for one in named)


def _duration(asked: Asked) -> str:
    if asked.spot.text.casefold() == "none" and asked.sign in (CONTAINS, EQUALS):
        return f"{asked.cell} = 'none'"
    write = f"90, 6w, 3m or 1y, with {_NUMBER_SIGNS}"
    return _compared(asked, asked.source.cells[-1], days_of, write)


def _time(asked: Asked) -> str:
    from plaintextcrm.model.dates import parse_time

    low, high = asked.bounds() or (asked.spot.text, asked.spot.text)
    try:
        times = [parse_time(text).strftime("%H:%M") if text else None for text in (low, high)]
    except ValueError as error:
        asked.bad_value(str(error), "14:30 or 8:00..12:00")
        raise
    return _between(asked, asked.cell, asked.cell, Span(*times))


def _flag(asked: Asked) -> str:
    _signs(asked, ": =", "`:yes` and `:no`")
    word = asked.spot.text.casefold()
    if word not in ("yes", "no", "true", "false"):
        asked.bad_value("this is neither yes nor no", "yes or no")
    return f"{asked.cell} = {1 if word in ('yes', 'true') else 0}"


_FORMS: dict[str, Callable[[Asked], str]] = {
    "text": _text,
    "choice": _choice,
    "phone": _phone,
    "list": _list,
    "date": _date,
    "span": _span,
    "yearly": _yearly,
    "time": _time,
    "money": _money,
    "number": _number,
    "duration": _duration,
    "flag": _flag,
    ENTRIES: _entries,
}
