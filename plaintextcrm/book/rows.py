"""One contact file → the rows it has in the book. Pure, so that it can be done on several cores."""

import json
import re
import uuid
from collections.abc import Iterable
from datetime import date

from plaintextcrm.book.cells import contact_cells, entry_rows
from plaintextcrm.book.classes import CLASSES
from plaintextcrm.book.tables import ByClass, Row, Rows
from plaintextcrm.model.contact import Contact, Reach
from plaintextcrm.model.dates import YearlyDay
from plaintextcrm.model.problem import Problem
from plaintextcrm.model.reminders import (
    Reminder,
    holds,
    last_contact,
    promised_by_them,
    reminders,
)
from plaintextcrm.model.settings import Settings
from plaintextcrm.store.digest import digest_of
from plaintextcrm.store.namedays import calendar
from plaintextcrm.text.fold import fold, key_of
from plaintextcrm.text.namedays import nameday_of
from plaintextcrm.text.parse import Parsed, parse_contact
from plaintextcrm.text.phone import Phone, country_of, read_phone

# Names a contact without a `uid` by its id, the same on every machine (RFC 9562 §5.5).
_NAMESPACE = uuid.UUID("5b1f8d3e-3c57-4c62-9c0a-0b1f6f2f7a31")
TALKS_SHOWN = 3
BETWEEN_VALUES = "\n\ue000 "  # a word that nobody writes
_NOT_DIALLED = re.compile(r"[^0-9+]")
LOCAL_DIGITS = 9  # of a phone number, without the country: people look for it both ways


def rows_of(data: bytes, path: str, settings: Settings, today: date, class_: str) -> Rows:
    """Everything the book keeps of one file. `class_` comes from the turnover of all contacts."""
    parsed = parse_contact(data, path, settings, today)
    contact = parsed.contact
    problems = tuple(problem_row(problem, "file") for problem in parsed.problems)
    errors = sum(1 for problem in parsed.problems if problem.severity == "error")
    if contact is None:
        return Rows(path, problems, errors, text=parsed.text)
    nameday = nameday_of(contact, settings, calendar)
    found = reminders(contact, settings, today, class_, nameday)
    phones = _phones(contact, settings)
    return Rows(
        path,
        problems,
        errors,
        parsed.good,
        parsed.text,
        _contact_row(contact, parsed, found, settings, today, class_),
        {
            **_entries(contact, phones),
            "texts": ((parsed.text, _brief(contact, settings, today)),),
            "search": (_search_row(contact, parsed.words, phones),),
            "reminders": _reminder_rows(contact, found),
            "marks": tuple((m.kind, key_of(m.text), m.text, *m.place) for m in parsed.marks),
        },
        _by_class(contact, settings, today, nameday),
    )


def problem_row(problem: Problem, origin: str) -> Row:
    """The problem as the book's table has it."""
    return (
        problem.path, origin, *problem.place, problem.severity, problem.code,
        problem.message, problem.hint, problem.source,
    )  # fmt: skip


def uid_of_id(contact_id: str) -> str:
    """The UUID of a contact whose file gives none; `check --fix` writes just this one."""
    return str(uuid.uuid5(_NAMESPACE, contact_id))


def uid_head(uid: str) -> str:
    """What the UIDs of all events of a contact begin with."""
    return digest_of(uid.encode(), 8).hex()


def event_uid(uid: str, reminder: Reminder) -> str:
    """The UID of a reminder's event: opaque, 46 octets, the same when dates or names change."""
    tail = digest_of(f"{reminder.kind}\n{reminder.entry}".encode(), 8)
    return f"{uid_head(uid)}-{tail.hex()}@plaintextcrm"


def _contact_row(
    contact: Contact,
    parsed: Parsed,
    found: tuple[Reminder, ...],
    settings: Settings,
    today: date,
    class_: str,
) -> Row:
    first, until = holds(contact, today)
    return (
        parsed.good,
        contact.id,
        key_of(contact.id),
        contact.uid or uid_of_id(contact.id),
        bool(contact.uid),
        fold(contact.name),
        key_of(contact.organization),
        contact.private,
        _first(contact.emails),
        _first(contact.phones),
        _iso(last_contact(contact, today)),
        *_next(found),
        _wants_class(contact, settings),
        first.isoformat(),
        until.isoformat(),
        class_,
        *contact_cells(contact),
    )


def _wants_class(contact: Contact, settings: Settings) -> bool:
    """Where neither the contact nor its tags say how often, its class may; and whose name day is told of."""
    by_class = contact.cadence is None and settings.cadence_of(*contact.tags) is None
    return by_class or any(letter in CLASSES for letter in settings.namedays)


def _by_class(
    contact: Contact, settings: Settings, today: date, nameday: YearlyDay | None
) -> dict[str, ByClass]:
    """What each class would make of a contact with turnover: it is known when all are read."""
    if not contact.revenue or not _wants_class(contact, settings):
        return {}
    each = {
        letter: reminders(contact, settings, today, letter, nameday) for letter in (*CLASSES, "")
    }
    return {
        letter: ByClass(*_next(found), _reminder_rows(contact, found))
        for letter, found in each.items()
    }


def _phones(contact: Contact, settings: Settings) -> list[Phone]:
    """The contact's phone numbers as they are dialled."""
    if not contact.phones:
        return []
    country = country_of(contact.addresses, settings)
    return [read_phone(phone.value, country) for phone in contact.phones]


def _entries(contact: Contact, phones: list[Phone]) -> dict[str, tuple[Row, ...]]:
    """The rows of all lists; a phone number also as it is dialled."""
    rows = entry_rows(contact)
    if phones:
        rows["phones"] = tuple(
            (*row, phone.number) for row, phone in zip(rows["phones"], phones, strict=True)
        )
    return rows


def _search_row(contact: Contact, words: str, phones: list[Phone]) -> Row:
    """What stands for the contact, and all its words; a phone number also as it is dialled, from
    abroad, from inside, and as it is written without its blanks.
    """
    ways = [reach.value for reach in (*contact.emails, *contact.phones)]
    named = (contact.id, contact.name, *contact.nicknames, contact.organization, *contact.tags)
    numbers = [_NOT_DIALLED.sub("", reach.value) for reach in contact.phones]
    joined = [part for number in numbers for part in (number, number[-LOCAL_DIGITS:])]
    joined += [part for phone in phones for part in phone[:2] if part not in joined]
    return _searched((*named, *ways)), _searched((words, *joined))


def _searched(values: Iterable[str]) -> str:
    """The values in plain small letters; a phrase does not go from one into the next."""
    return fold("\n".join(values)).replace("\n", BETWEEN_VALUES)


def _next(found: tuple[Reminder, ...]) -> tuple[str | None, bool]:
    """The day of the next contact, and whether it is due now for want of any contact so far."""
    coming = [row for row in found if row.kind in ("keep-in-touch", "follow-up")]
    days = [reminder.due for reminder in coming if reminder.due]
    return _iso(min(days, default=None)), any(reminder.due is None for reminder in coming)


def _first(reaches: tuple[Reach, ...]) -> str:
    """The preferred value, else the first one."""
    values = [reach.value for reach in sorted(reaches, key=lambda reach: not reach.preferred)]
    return values[0] if values else ""


def _brief(contact: Contact, settings: Settings, today: date) -> str:
    """What to know before a talk, as JSON: the last talks, open promises, phone and e-mail."""
    past = [talk for talk in contact.interactions if talk.date <= today]
    past.sort(key=lambda talk: talk.date, reverse=True)
    brief = {
        "talks": [[_iso(t.date), t.channel, " ".join(t.note.split())] for t in past[:TALKS_SHOWN]],
        "promises": [
            [_iso(p.date), promised_by_them(contact, p, settings), " ".join(p.note.split())]
            for p in contact.promises
            if p.done is None
        ],
        "phone": _first(contact.phones),
        "email": _first(contact.emails),
    }
    return json.dumps(brief, ensure_ascii=False)


def _reminder_rows(contact: Contact, found: tuple[Reminder, ...]) -> tuple[Row, ...]:
    uid = contact.uid or uid_of_id(contact.id)
    return tuple(
        (
            None,  # its number
            reminder.kind,
            _iso(reminder.due),
            reminder.yearly and reminder.yearly.month,
            reminder.yearly and reminder.yearly.day,
            reminder.yearly and reminder.yearly.year,
            event_uid(uid, reminder),
            reminder.note,
            reminder.action,
            reminder.time.strftime("%H:%M") if reminder.time else "",
            reminder.owner,
            str(reminder.remind or ""),
            _iso(reminder.yields_to),
            reminder.line,
        )
        for reminder in found
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
