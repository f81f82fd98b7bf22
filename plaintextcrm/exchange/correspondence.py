"""What becomes of e-mails: a talk with those whom we know, a proposal of those whom we do not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from plaintextcrm.book.answers import Holder
from plaintextcrm.exchange.letters import Letter, Person
from plaintextcrm.text.fold import key_of
from plaintextcrm.text.render import Plain

TOO_MANY = "too many people"
OURSELVES = "between yourselves"
OTHERS = "between others"
FUTURE = "a date that is still to come"


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides: our own addresses (`@studio.example` stands for a domain), whose an address is, the
    first day, today, the most people of one letter, and whether lists count, too.
    """

    ours: frozenset[str]
    holders: Mapping[str, Sequence[Holder]]
    since: date
    today: date
    most: int
    lists: bool
    by: str = ""

    def is_ours(self, person: Person) -> bool:
        """True for us, and for those we work with."""
        return person.key in self.ours or f"@{person.key.rpartition('@')[2]}" in self.ours


class Talk(NamedTuple):
    """A letter as a talk with one contact."""

    path: str
    values: dict[str, Plain]

    @property
    def mark(self) -> tuple[str, str]:
        """What tells that it is written down already."""
        return self.path, str(self.values["id"])


@dataclass(slots=True)
class Pile:
    """All letters, sorted: `talks` to write down, `strangers` with their letters by address, and how
    many were left out, by the reason; `doubtful` are addresses that several contacts have.
    """

    talks: list[Talk] = field(default_factory=list)
    strangers: dict[str, tuple[Person, list[dict[str, Plain]]]] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    doubtful: dict[str, list[str]] = field(default_factory=dict)
    known: int = 0

    def leave_out(self, why: str) -> None:
        """One more letter that is not written down."""
        self.left_out[why] = self.left_out.get(why, 0) + 1


def own_addresses(written: Iterable[str]) -> frozenset[str]:
    """The addresses of the settings as they are compared."""
    return frozenset(key_of(one.strip()) for one in written if one.strip())


def sort_letters(
    letters: Iterable[Letter], rules: Rules, written: Iterable[tuple[str, str]]
) -> Pile:
    """Every letter on its pile; `written` are the talks that are there, by path and id."""
    pile, there = Pile(), set(written)
    for letter in letters:
        if letter.day < rules.since:
            pile.leave_out(f"before {rules.since.isoformat()}")
        elif letter.day > rules.today:
            pile.leave_out(FUTURE)
        elif letter.mass and not rules.lists:
            pile.leave_out(letter.mass)
        else:
            _sort(letter, rules, pile, there)
    return pile


def _sort(letter: Letter, rules: Rules, pile: Pile, there: set[tuple[str, str]]) -> None:
    outgoing = rules.is_ours(letter.sender)
    others = [one for one in letter.recipients if not rules.is_ours(one)]
    partners = others if outgoing else [letter.sender]
    if not partners:
        pile.leave_out(OURSELVES)
        return
    if len(others) > rules.most:
        pile.leave_out(TOO_MANY)
        return
    holders = {one.key: _holder(one, rules, pile) for one in {*others, letter.sender}}
    together = {held.path: held.id for held in holders.values() if held}
    written = 0
    for person in partners:
        values = _values(letter, rules, outgoing=outgoing)
        held = holders[person.key]
        if held is not None:
            with_: list[Plain] = [id_ for path, id_ in together.items() if path != held.path]
            talk = Talk(held.path, {**values, **({"with": with_} if with_ else {})})
            talk.values["id"] = talk.values.pop("id")  # the last one, as it says least
            written += talk.mark in there
            if talk.mark not in there:
                there.add(talk.mark)
                pile.talks.append(talk)
        elif not rules.holders.get(person.key) and not person.is_robot:
            _note_stranger(pile, person, values)
    pile.known += bool(written)


def _values(letter: Letter, rules: Rules, *, outgoing: bool) -> dict[str, Plain]:
    values: dict[str, Plain] = {
        "date": letter.day.isoformat(),
        "channel": "email",
        "direction": "out" if outgoing else "in",
        "note": letter.subject,
    }
    if rules.by:
        values["by"] = rules.by
    return {**values, "id": letter.id}


def _note_stranger(pile: Pile, person: Person, values: dict[str, Plain]) -> None:
    known, letters = pile.strangers.get(person.key, (person, []))
    if values not in letters:
        letters.append(values)
    pile.strangers[person.key] = (known if known.name else person, letters)


def _holder(person: Person, rules: Rules, pile: Pile) -> Holder | None:
    """Whose the address is: a person's before a company's; nobody's where several have it."""
    holders = rules.holders.get(person.key, ())
    people = [one for one in holders if one.kind == "individual"] or list(holders)
    if len(people) > 1:
        pile.doubtful[person.address] = [one.id for one in people]
        return None
    return people[0] if people else None
