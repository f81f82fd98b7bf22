"""Contacts that may be one and the same, and why: found by what they share, never each with all.

Two are held against each other only where they share an address, a number, a name or a company.
`reasons` says what speaks for it and what against, each with its weight; the sum is the score.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from plaintextcrm.book.answers import Person
from plaintextcrm.text.callings import Calling, calling
from plaintextcrm.text.fold import fold

ENOUGH = 50  # of 100: two contacts are told
MOST = 50  # contacts: what more of them share tells nothing, such as a switchboard's number
_FEW = 3  # contacts: what more of them share tells little
_CROWD = (
    500  # of one company: of more only those whose names begin alike are held against each other
)
_ALIKE = 85  # of 100: two names may be one with a slip of the pen
_OTHER = 60  # of 100: two names are surely not one
# Boxes that several people read.
_ROLES = re.compile(
    r"(info|office|kancelar|kontakt|contact|sales|obchod|biuro|mail|email|admin|hello|ahoj|podpora|support"
    r"|recepce|reception|faktury|fakturace|invoices?|billing|ucetni|sekretariat|noreply|no-reply)[0-9]*@.*"
)  # fmt: skip


_DRESS = {"organization": "the legal form"}


class Reason(NamedTuple):
    """One thing that speaks for two being one, or against it (less than 0)."""

    weight: int
    words: str


class Twins(NamedTuple):
    """Two contacts, how likely they are one (of 100), and why."""

    one: Person
    other: Person
    score: int
    reasons: tuple[str, ...]


class _Known(NamedTuple):
    """A person with what takes time to make out."""

    person: Person
    calling: Calling
    company: str

    @property
    def shared(self) -> Iterator[str]:
        """What makes somebody worth being held against, one word each."""
        person = self.person
        yield from (f"@{email}" for email in person.emails)
        yield from (f"+{phone}" for phone in person.phones)
        yield from (f"#{number}" for number in person.numbers)
        if person.born:
            yield f"*{person.born}"
        yield f"={self.calling.key}"


Spoken = Callable[[str], str]  # a number as people read it


def twins(people: Iterable[Person], spoken: Spoken = str) -> list[Twins]:
    """All likely twins, the likeliest first."""
    known = [_known(person) for person in people]
    holders = _holders(known)
    found: dict[tuple[int, int], Twins] = {}
    for a, b in _candidates(known, holders):
        if (a, b) not in found and (pair := _judged(known[a], known[b], holders, spoken)):
            found[a, b] = pair
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.one.path, pair.other.path))


def _known(person: Person) -> _Known:
    is_company = person.kind == "organization"
    company = calling(person.company, company=True).key if person.company else ""
    return _Known(person, calling(person.name, company=is_company), company)


_Holders = dict[str, list[int]]


def _holders(known: list[_Known]) -> _Holders:
    """Who shares what; what too many share is nobody's."""
    found: _Holders = defaultdict(list)
    for number, one in enumerate(known):
        for word in one.shared:
            found[word].append(number)
    return {word: those for word, those in found.items() if len(those) <= MOST}


def _candidates(known: list[_Known], holders: _Holders) -> Iterator[tuple[int, int]]:
    """Those who share something; and of one company those whose names are alike."""
    for those in holders.values():
        if len(those) > 1:
            yield from combinations(those, 2)
    colleagues: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(known):
        if one.company:
            colleagues[one.company].append(number)
    for those in colleagues.values():
        for some in [those] if len(those) <= _CROWD else _by_letter(known, those):
            yield from _namesakes(known, some)


def _by_letter(known: list[_Known], those: list[int]) -> Iterable[list[int]]:
    """The people of a large company by the letters with which their names begin."""
    found: dict[str, list[int]] = defaultdict(list)
    for number in those:
        for letter in {word[0] for word in known[number].calling.words}:
            found[letter].append(number)
    return found.values()


def _namesakes(known: list[_Known], those: list[int]) -> Iterator[tuple[int, int]]:
    """Of a company's people those whose names are alike; in C, for a company may have thousands."""
    if len(those) < 2:
        return
    from rapidfuzz import fuzz, process

    keys = [known[number].calling.key for number in those]
    for place, key in enumerate(keys[:-1]):
        found = process.extract(
            key, keys[place + 1 :], scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=MOST
        )
        yield from ((those[place], those[place + 1 + at]) for _key, _score, at in found)


def _judged(one: _Known, other: _Known, holders: _Holders, spoken: Spoken) -> Twins | None:
    """The pair, where enough speaks for it."""
    if _turn(one.person) > _turn(other.person):
        one, other = other, one
    a, b = one.person, other.person
    if a.kind != b.kind or b.key in a.others or a.key in b.others:
        return None
    reasons = [*_reaches(a, b, holders, spoken), *_names(one, other), *_rest(one, other, holders)]
    score = sum(reason.weight for reason in reasons)
    if score < ENOUGH:
        return None
    reasons.sort(key=lambda reason: -reason.weight)
    return Twins(a, b, min(score, 100), tuple(reason.words for reason in reasons))


def _turn(person: Person) -> tuple[int, str, str]:
    """Which of two comes first: eva-mala before eva-mala-2."""
    return len(person.id), person.id, person.path


def _reaches(a: Person, b: Person, holders: _Holders, spoken: Spoken) -> Iterator[Reason]:
    """The best of the addresses, and of the numbers, that both have."""
    emails = [email for email in a.emails if email in b.emails and f"@{email}" in holders]
    phones = [phone for phone in a.phones if phone in b.phones and f"+{phone}" in holders]
    if emails:
        few = len(holders[f"@{emails[0]}"]) <= _FEW and not _ROLES.fullmatch(fold(emails[0]))
        yield Reason(60 if few else 20, f"same e-mail {emails[0]}")
    if phones:
        few = len(holders[f"+{phones[0]}"]) <= _FEW
        yield Reason(45 if few else 15, f"same phone {spoken(phones[0])}")
    numbers = [number for number in a.numbers if number in b.numbers]
    if numbers:
        yield Reason(90, f"same number {numbers[0]} in a register")
    elif a.numbers and b.numbers:
        yield Reason(-60, "other numbers in registers")


def _names(one: _Known, other: _Known) -> Iterator[Reason]:
    a, b = one.calling, other.calling
    if a.key == b.key:
        yield Reason(50, _sameness(one, other))
        return
    alike = likeness(a.key, b.key)
    if _shortened(a.words, b.words):
        yield Reason(30, "name alike but for what one leaves out")
    elif alike >= _ALIKE:
        yield Reason(35, "name alike")
    elif alike < _OTHER:
        yield Reason(-30, "another name")


def likeness(one: str, other: str) -> float:
    """How alike two names are, of 100."""
    from rapidfuzz import fuzz

    return float(fuzz.ratio(one, other))


def _sameness(one: _Known, other: _Known) -> str:
    """In what two names that say the same differ."""
    a, b = one.calling, other.calling
    if one.person.name == other.person.name:
        return "same name"
    said = [
        word
        for word, differs in (
            (_DRESS.get(one.person.kind, "the title"), not (a.bare and b.bare)),
            ("the order", a.words != b.words),
        )
        if differs
    ]
    return f"name alike but for {' and '.join(said) or 'accents and signs'}"


def _shortened(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """E. Malá, Malá: every word of the shorter name is one of the other, or how one begins."""
    less, more = sorted((a, b), key=len)
    return any(len(word) > 1 for word in less if word in more) and all(
        any(word == whole or (len(word) == 1 and whole.startswith(word)) for whole in more)
        for word in less
    )


def _rest(one: _Known, other: _Known, holders: _Holders) -> Iterator[Reason]:
    a, b = one.person, other.person
    if one.company and other.company:
        same = one.company == other.company
        yield Reason(15, "same company") if same else Reason(-10, "another company")
    if a.born and f"*{a.born}" in holders and a.born == b.born:
        yield Reason(25, "same birthday")
    elif a.born and b.born and a.born[-5:] != b.born[-5:]:
        yield Reason(-40, "another birthday")
