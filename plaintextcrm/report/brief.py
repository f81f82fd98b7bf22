"""`brief`: one page to read before a call."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from plaintextcrm.book import answers
from plaintextcrm.book.answers import ContactRow, Standing, Where
from plaintextcrm.book.book import Book
from plaintextcrm.model.agenda import OCCASIONS
from plaintextcrm.model.contact import Contact, Deal, Feedback, Interaction
from plaintextcrm.model.reminders import promised_by_them
from plaintextcrm.model.settings import Settings
from plaintextcrm.model.titles import about, count_of_years, who
from plaintextcrm.report.asking import Question
from plaintextcrm.report.silent import Silence, silences
from plaintextcrm.text.document import Block, listed
from plaintextcrm.text.fold import key_of
from plaintextcrm.text.parse import parse_contact

TALKS = 5
NEAR = 60  # days ahead in which an occasion is worth a word
_APART = ("promise", "need", "deal", "win-back", *OCCASIONS)  # told below headings of their own


class Brief(NamedTuple):
    """What the page is made from: the file's values, and what the book derives."""

    contact: Contact
    row: ContactRow
    settings: Settings
    today: date
    open: list[Standing]
    near: list[Standing]
    silence: Silence | None
    introduced_by: str
    people: tuple[str, ...]


def brief(book: Book, row: ContactRow) -> Brief | None:
    """All there is to know of a contact; None where its file is too broken to be one."""
    text = answers.text_of(book, row.path).encode()
    contact = parse_contact(text, row.path, book.settings, book.today).contact
    if contact is None:
        return None
    only = Where("f.path = :path", {"path": row.path})
    reminders = answers.open_reminders(book, row.path)
    near = [one for one in answers.agenda(book, only, NEAR) if one.row.kind in OCCASIONS]
    return Brief(
        contact,
        row,
        book.settings,
        book.today,
        [one for one in reminders if one.row.kind not in _APART],
        near,
        next(silences(Question(book, only)), None),
        dict(answers.ids(book)).get(contact.introduced_by, contact.introduced_by),
        _people(book, row),
    )


def _people(book: Book, row: ContactRow) -> tuple[str, ...]:
    """Who belongs to an organization, with their titles."""
    sql = (
        "SELECT name, title, role, phone FROM contacts WHERE organization != ''"
        " AND organization_key = :key ORDER BY sort, id"
    )
    rows = book.db.execute(sql, {"key": key_of(row.id)})
    return tuple(", ".join(filter(None, found)) for found in rows)


def blocks(of: Brief) -> Iterator[Block]:
    """The page, part by part."""
    yield Block("title", who(of.row.name, of.row.organization))
    yield Block("text", f"{of.today.isoformat()}. {_now(of)}")
    yield from listed("Who", [*_card(of)])
    yield from listed("People", of.people)
    yield from listed("Open", [_open(one) for one in of.open])
    for heading, theirs in (("Promised by us", False), ("Promised by them", True)):
        yield from listed(heading, [*_promises(of, theirs=theirs)])
    yield from listed("Last talks", [_talk(talk) for talk in _talks(of)[:TALKS]])
    yield from listed("Moods and feedback", [*_moods(of)])
    yield from listed("Needs", [*_needs(of)])
    yield from listed("Deals", [_deal(deal) for deal in of.contact.deals])
    yield from listed("Days to mention", [_occasion(one) for one in of.near])
    yield from listed("How they came", [*_origin(of)])
    if of.contact.notes.strip():
        yield Block("head", "To know")
        for paragraph in of.contact.notes.strip().split("\n"):
            if paragraph.strip():
                yield Block("text", paragraph.strip())


def _now(of: Brief) -> str:
    """How it stands in two sentences."""
    if of.row.last:
        days = (of.today - date.fromisoformat(of.row.last)).days
        last = f"Last talk {of.row.last}" + (f", {_days(days)} ago" if days else ", today")
    else:
        last = "No talk yet"
    next_ = f"; next contact {of.row.next}" if of.row.next else "; no next contact"
    return last + next_ + "." + _why(of.silence)


def _why(silence: Silence | None) -> str:
    """What speaks for caring more, as `report silent` says it."""
    if silence is None or not silence.score:
        return ""
    return f" Slipping away: {'; '.join(part.words for part in silence.parts)}."


def _days(count: int) -> str:
    return f"{count} day{'s' * (count != 1)}"


def _card(of: Brief) -> Iterator[str]:
    one = of.contact
    for label, value in (
        ("Title", ", ".join(filter(None, (one.title, one.role, one.department)))),
        (
            "Status",
            ", ".join(filter(None, (one.status, of.row.class_ and f"class {of.row.class_}"))),
        ),
        ("Looked after by", one.owner),
        ("Address as", ", ".join(filter(None, (one.salutation, one.pronouns)))),
        ("Language", one.language),
        ("Time zone", one.timezone),
        ("Tags", ", ".join(one.tags)),
    ):
        if value:
            yield f"{label}: {value}"
    for reach in (*one.phones, *one.emails):
        yield reach.value + (f" ({reach.type})" if reach.type else "")


def _open(one: Standing) -> str:
    when = one.date.isoformat() + (f" {one.row.time}" if one.row.time else "")
    note = about(one.row.kind, one.row.note, one.row.action)
    late = f" (since {one.row.due.isoformat()})" if one.overdue and one.row.due else ""
    return f"{when}: {one.row.kind}{f', {note}' if note else ''}{late}"


def _promises(of: Brief, *, theirs: bool) -> Iterator[str]:
    for promise in sorted(of.contact.promises, key=lambda one: one.date):
        if promise.done or promised_by_them(of.contact, promise, of.settings) != theirs:
            continue
        late = (of.today - promise.date).days
        by = f" ({promise.by})" if promise.by and not theirs else ""
        yield f"{promise.date.isoformat()}: {_line(promise.note)}{by}" + (
            f", {_days(late)} late" if late > 0 else ""
        )


def _talks(of: Brief) -> list[Interaction]:
    """The talks that took place, the newest first."""
    past = [talk for talk in of.contact.interactions if talk.date <= of.today]
    return sorted(
        past, key=lambda talk: (talk.date, talk.time is not None and talk.time), reverse=True
    )


def _talk(talk: Interaction) -> str:
    head = ", ".join(filter(None, (talk.date.isoformat(), talk.channel, talk.by)))
    return (
        head
        + (f": {_line(talk.note)}" if talk.note else "")
        + (f" (mood: {talk.mood})" if talk.mood else "")
    )


def _moods(of: Brief) -> Iterator[str]:
    moods = [f"{talk.mood} ({talk.date.isoformat()})" for talk in _talks(of) if talk.mood]
    if moods:
        yield f"Moods, the latest first: {', '.join(moods[:TALKS])}"
    for one in sorted(of.contact.feedback, key=lambda one: one.date, reverse=True)[:TALKS]:
        yield _answer(one)


def _answer(one: Feedback) -> str:
    asked = f"{one.date.isoformat()}, {one.about}" if one.about else one.date.isoformat()
    told = "not answered yet" if one.score is None else f"{one.score} of 5"
    return f"{asked}: {told}" + (f", {_line(one.note)}" if one.note else "")


def _needs(of: Brief) -> Iterator[str]:
    for need in sorted(of.contact.needs, key=lambda one: one.date.first):
        if not need.done:
            because = f", because {need.because}" if need.because else ""
            yield f"{need.date}: {_line(need.note)}{because}"


def _deal(deal: Deal) -> str:
    facts = [deal.stage, str(deal.value or ""), str(deal.closed or deal.date or "")]
    if deal.reason:
        facts.append(f"because of {deal.reason}")
    if deal.competitor:
        facts.append(f"to {deal.competitor}")
    if deal.win_back:
        facts.append(f"try again {deal.win_back}")
    told = ", ".join(filter(None, facts))
    return f"{deal.name or _line(deal.note)}: {told}" if told else deal.name or _line(deal.note)


def _occasion(one: Standing) -> str:
    years = count_of_years(one.row.kind, one.row.year, one.date)
    note = about(one.row.kind, one.row.note, one.row.action)
    words = ", ".join(dict.fromkeys(filter(None, (note or one.row.kind, years))))
    return f"{one.date.isoformat()}: {words}"


def _origin(of: Brief) -> Iterator[str]:
    if of.contact.introduced_by:
        yield f"Introduced by {of.introduced_by}"
    if of.contact.source:
        yield of.contact.source


def _line(text: str) -> str:
    return " ".join(text.split())
