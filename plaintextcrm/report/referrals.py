"""`report referrals`: who introduced whom and what came of it; whom to ask for a word next."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from plaintextcrm.model.duration import Duration
from plaintextcrm.report.asking import ALIVE, Question
from plaintextcrm.report.money import sums
from plaintextcrm.report.values import (
    DAY,
    DEPTH,
    NUMBER,
    SUMS,
    Cell,
    Chart,
    Column,
    Report,
    Table,
)
from plaintextcrm.text.fold import key_of

GOOD_SCORE = 4
QUIET = Duration(months=6)  # nobody is asked for a recommendation more often

_PEOPLE = """
SELECT c.file, c.key, c.id, c.name, c.introduced_by, c.sort, c.file IN {chosen}
FROM contacts c ORDER BY c.sort, c.id
"""
_ASKED = 'SELECT file, "to" FROM referrals WHERE "to" != \'[]\' ORDER BY file, n'
_TURNOVER = "SELECT file, sum(amount), amount_currency FROM revenue GROUP BY file, amount_currency"
_READY = f"""
SELECT c.id, c.name, b.score, b.date, (SELECT max(date) FROM referrals a WHERE a.file = c.file), c.owner
FROM contacts c JOIN feedback b ON b.file = c.file AND b.n =
  (SELECT n FROM feedback x WHERE x.file = c.file AND x.score IS NOT NULL AND x.date <= :today
   ORDER BY x.date DESC, x.n DESC LIMIT 1)
WHERE c.file IN {{chosen}} AND {ALIVE} AND b.score >= :good
AND NOT EXISTS (SELECT 1 FROM reminders r
  WHERE r.file = c.file AND r.kind = 'promise' AND r.action = 'ours')
AND NOT EXISTS (SELECT 1 FROM referrals a WHERE a.file = c.file AND a.date > :quiet)
ORDER BY b.score DESC, b.date DESC, c.sort, c.id
"""


@dataclass(slots=True)
class Person:
    """Somebody in the tree. `file` is None for a name that is no contact; `chosen`: asked for."""

    file: int | None
    contact: str | None
    name: str
    chosen: bool = False
    brought: "list[Person]" = field(default_factory=list)
    introduced: bool = False


def referrals(question: Question, ready: bool = False) -> Report:
    """The tree of all introductions, and who may be asked for one now; `ready`: only the latter."""
    tables = (_ready(question),) if ready else (_tree(question), _ready(question))
    return Report("referrals", "Who introduced whom", tables)


def _tree(question: Question) -> Table:
    people = _people(question)
    turnover = _turnover(question)
    rows: list[tuple[Cell, ...]] = []
    for root in _roots(people):
        for depth, person in _below(root):
            came = [one for _depth, one in _below(person)][1:]
            rows.append((
                depth, person.contact, person.name, len(person.brought),
                _sum(question, turnover, [person]), _sum(question, turnover, came),
            ))  # fmt: skip
    columns = (
        Column("depth", "", DEPTH),
        Column("contact", "Contact"),
        Column("name", "Name"),
        Column("introduced", "Introduced", NUMBER),
        Column("turnover", "Turnover", SUMS),
        Column("brought", "Brought", SUMS),
    )
    nothing = "Nobody is written down who introduced somebody: `introduced_by`, `referrals`."
    return Table("tree", "Who introduced whom, and the turnover that came of it", columns, rows,
                 nothing, Chart("bars", "name", ("introduced",)))  # fmt: skip


def _people(question: Question) -> list[Person]:
    """All contacts, each with those whom it introduced. Nobody is introduced twice, nor by those
    whom they introduced themselves.
    """
    known: dict[str, Person] = {}
    by_file: dict[int, Person] = {}
    introduced: list[tuple[Person, str]] = []
    for file, key, contact, name, by, _sort, chosen in question.rows(_PEOPLE):
        person = Person(file, contact, name, bool(chosen))
        by_file[file] = person
        known.setdefault(key, person)
        introduced += [(person, by)] if by else []
    for person, by in introduced:
        _join(known.get(key_of(by)), person)
    for file, listed in question.rows(_ASKED):
        for word in json.loads(listed):
            _join(by_file.get(file), known.get(key_of(word)) or Person(None, None, word))
    return list(by_file.values())


def _join(by: Person | None, person: Person) -> None:
    if by is None or person.introduced or any(one is by for _depth, one in _below(person)):
        return
    by.brought.append(person)
    person.introduced = True


def _roots(people: list[Person]) -> Iterator[Person]:
    """Those at the top: they brought somebody, and nobody above them was asked for."""
    above = {
        id(one) for person in people if person.chosen for _depth, one in list(_below(person))[1:]
    }
    return (one for one in people if one.chosen and one.brought and id(one) not in above)


def _below(person: Person) -> Iterator[tuple[int, Person]]:
    """A person, and everybody who came by it; with how deep they stand."""
    waiting = [(0, person)]
    while waiting:
        depth, one = waiting.pop()
        yield depth, one
        waiting += [(depth + 1, brought) for brought in reversed(one.brought)]


def _turnover(question: Question) -> dict[int, list[tuple[float, str]]]:
    found: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for file, amount, currency in question.rows(_TURNOVER):
        found[file].append((amount, currency))
    return found


def _sum(
    question: Question, turnover: dict[int, list[tuple[float, str]]], people: list[Person]
) -> Cell:
    amounts = [
        one for person in people if person.file is not None for one in turnover.get(person.file, ())
    ]
    return sums(amounts, question.book.settings)


def _ready(question: Question) -> Table:
    """Who is content, waits for nothing of ours, and was not asked lately."""
    quiet = QUIET.before(question.today).isoformat()
    rows = [
        (contact, name, score, day, asked, owner or None)
        for contact, name, score, day, asked, owner in question.rows(
            _READY, good=GOOD_SCORE, quiet=quiet
        )
    ]
    columns = (
        Column("contact", "Contact"),
        Column("name", "Name"),
        Column("score", "Score", NUMBER),
        Column("answered", "Asked how it was", DAY),
        Column("asked", "Last asked for a word", DAY),
        Column("owner", "Owner"),
    )
    nothing = (
        "Nobody is ready to be asked: good feedback, no open promise, not asked for six months."
    )
    return Table("ready", "Whom to ask for a recommendation", columns, rows, nothing)
