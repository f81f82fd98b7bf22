"""Reminders: one pure function of contact, settings and today. Agenda, feed, web and reports show these.

A reminder says *what* is due and the day that the file gives it. On which day it then stands
(late ones roll to today, crowded days spread out) is `model/agenda.py`.
"""

from collections.abc import Callable, Iterator
from datetime import date
from datetime import time as Time
from typing import NamedTuple, TypeVar

from plaintextcrm.model.contact import Contact, Deal, Entry, FollowUp, Promise
from plaintextcrm.model.dates import Duration, PartialDate, YearlyDay
from plaintextcrm.model.settings import Settings
from plaintextcrm.model.titles import FOUNDED

SILENT = "do-not-contact"
KINDS = (
    "follow-up", "keep-in-touch", "promise", "need", "deal", "win-back", "feedback", "birthday",
    "nameday", "anniversary", "milestone",
)  # fmt: skip

E = TypeVar("E", bound=Entry)


class Reminder(NamedTuple):
    """One thing to do with a contact.

    `due` is its day; None means that it is due now, whichever day that is. `yearly` is set instead
    where it comes back. `entry` is its identity within the contact and kind: it stays when the date
    moves. `action` is what the title needs beside the note: the channel, whose promise it is, to
    whom a deal was lost, or `founded`. A keep-in-touch gives way to a follow-up that stands on or
    before its day: `yields_to`.
    """

    kind: str
    due: date | None = None
    yearly: YearlyDay | None = None
    entry: str = ""
    note: str = ""
    action: str = ""
    time: Time | None = None
    owner: str = ""
    remind: Duration | None = None
    yields_to: date | None = None
    line: int = 1


def reminders(
    contact: Contact,
    settings: Settings,
    today: date,
    class_: str = "",
    nameday: YearlyDay | None = None,
) -> tuple[Reminder, ...]:
    """All open reminders of a contact. `class_` (A, B, C) comes from the turnover of all contacts.

    `today` decides only which interactions have taken place: see `holds`. `nameday` is the day that
    the calendar gives to the contact's name (`text/namedays.py`); the file may name another.
    """
    if contact.status == SILENT or contact.died is not None:
        return ()
    rhythm = cadence_of(contact, settings, class_)
    day = contact.nameday or (nameday if _is_told(contact, settings, class_, rhythm) else None)
    found = [reminder for rule in _RULES for reminder in rule(contact, settings)]
    return (*found, *_nameday(contact, day), *_keep_in_touch(contact, rhythm, today))


def holds(contact: Contact, today: date) -> tuple[date, date]:
    """The days [first, next) on which `reminders` gives the same as today.

    They change only on the day of an interaction, when it starts to count as contact.
    """
    days = [talk.date for talk in contact.interactions]
    coming = [day for day in days if day > today]
    if coming:
        days = [day for day in days if day <= today]
    return max(days, default=date.min), min(coming, default=date.max)


def last_contact(contact: Contact, today: date, channels: tuple[str, ...] = ()) -> date | None:
    """The newest interaction that is not in the future; of these channels only, where any are named."""
    talks = contact.interactions
    if channels:
        talks = tuple(talk for talk in talks if talk.channel in channels)
    return max([day for talk in talks if (day := talk.date) <= today], default=None)


class Rhythm(NamedTuple):
    """How often to be in touch, on which channels, and since when; see SPEC 3, "Next contact"."""

    every: Duration
    channels: tuple[str, ...] = ()
    since: date | None = None
    paused_until: date | None = None
    line: int = 1


def cadence_of(contact: Contact, settings: Settings, class_: str) -> Rhythm | None:
    """The contact's own cadence, else the settings' for its tags, its class or its status."""
    own = contact.cadence
    if own is not None:
        line = contact.lines.get("cadence", 1)
        if own.every is None:
            return None
        return Rhythm(own.every, own.channels, own.since, own.paused_until, line)
    for words in (contact.tags, (class_,), (contact.status,)):
        if every := settings.cadence_of(*words):
            return Rhythm(every, line=contact.lines.get("name", 1))
    return None


def next_due(contact: Contact, rhythm: Rhythm, today: date) -> date | None:
    """Last contact + cadence; None is "never yet, so now"."""
    last = last_contact(contact, today, rhythm.channels)
    base = max((day for day in (last, rhythm.since) if day), default=None)
    due = base and rhythm.every.after(base)
    if rhythm.paused_until:
        return max(due or date.min, rhythm.paused_until)
    return due


def _keep_in_touch(contact: Contact, rhythm: Rhythm | None, today: date) -> Iterator[Reminder]:
    if rhythm is None:
        return
    open_days = [entry.date for entry in contact.follow_ups if entry.done is None]
    yield Reminder(
        kind="keep-in-touch",
        due=next_due(contact, rhythm, today),
        action=rhythm.channels[0] if rhythm.channels else "",
        owner=contact.owner,
        yields_to=min(open_days, default=None),
        line=rhythm.line,
    )


def _follow_ups(contact: Contact, settings: Settings) -> Iterator[Reminder]:
    for entry, name in _named(contact.follow_ups, lambda entry: entry.note):
        if entry.done is None:
            yield _of_follow_up(contact, entry, name)


def _of_follow_up(contact: Contact, entry: FollowUp, name: str) -> Reminder:
    return Reminder(
        kind="follow-up",
        due=entry.date,
        time=entry.time,
        entry=name,
        note=entry.note,
        owner=entry.owner or contact.owner,
        remind=entry.remind,
        line=entry.line,
    )


def _promises(contact: Contact, settings: Settings) -> Iterator[Reminder]:
    for entry, name in _named(contact.promises, lambda entry: entry.note):
        if entry.done is None:
            ours = entry.by if settings.is_ours(entry.by) else ""
            yield Reminder(
                kind="promise",
                due=entry.date,
                entry=name,
                note=entry.note,
                action="theirs" if promised_by_them(contact, entry, settings) else "ours",
                owner=ours or contact.owner,
                line=entry.line,
            )


def promised_by_them(contact: Contact, promise: Promise, settings: Settings) -> bool:
    """True where `by` is `them`, or the contact's id, name or given name; one of us may bear it too."""
    return is_them(promise.by, (contact.id, contact.name, contact.given_name), settings)


def is_them(by: str, names: tuple[str, ...], settings: Settings) -> bool:
    """True where the `by` of a promise is the other side, of which these are the names."""
    if by == "" or settings.is_ours(by):
        return False
    return by.casefold() in (word.casefold() for word in ("them", *names))


def _needs(contact: Contact, settings: Settings) -> Iterator[Reminder]:
    for entry, name in _named(contact.needs, lambda entry: entry.note):
        if entry.done is None:
            yield Reminder(
                kind="need",
                due=(entry.lead or settings.lead).before(entry.date.first),
                entry=name,
                note=_phrase(entry.note, f"({entry.date})"),
                owner=contact.owner,
                line=entry.line,
            )


def _deals(contact: Contact, settings: Settings) -> Iterator[Reminder]:
    for entry, name in _named(contact.deals, lambda entry: entry.name or entry.note):
        if entry.done is not None:
            continue
        kind, when, note = _deal_day(entry, settings.stage_means(entry.stage))
        if when is not None:
            yield Reminder(
                kind=kind,
                due=when.first,
                entry=name,
                note=note,
                action=entry.competitor if kind == "win-back" else "",
                owner=contact.owner,
                line=entry.line,
            )


def _deal_day(entry: Deal, means: str) -> tuple[str, PartialDate | None, str]:
    """The reminder's kind, day and note: an open deal on its expected close, a lost one to win back."""
    name = entry.name or entry.note
    if means == "lost":
        return "win-back", entry.win_back, name
    if means == "open" and entry.closed is None:
        return "deal", entry.date, _phrase(name, f"({entry.value})" if entry.value else "")
    return "deal", None, ""


def _feedback(contact: Contact, settings: Settings) -> Iterator[Reminder]:
    for entry, name in _named(contact.feedback, lambda entry: entry.about or entry.note):
        if entry.done is None and entry.score is None:
            yield Reminder(
                kind="feedback",
                due=entry.date,
                entry=name,
                note=entry.about or entry.note,
                owner=contact.owner,
                line=entry.line,
            )


def _milestones(contact: Contact, settings: Settings) -> Iterator[Reminder]:
    for entry, name in _named(contact.milestones, lambda entry: entry.note):
        if entry.done is None:
            yield Reminder(
                kind="milestone",
                due=entry.date.first if entry.date else None,
                yearly=entry.yearly,
                entry=name,
                note=entry.note,
                owner=contact.owner,
                line=entry.line,
            )


def _days(contact: Contact, settings: Settings) -> Iterator[Reminder]:
    days: tuple[tuple[str, str, YearlyDay | None, str], ...] = (
        ("birthday", "birthday", contact.birthday, ""),
        ("anniversary", "anniversary", contact.anniversary, ""),
        (
            "milestone",
            "founded",
            yearly(contact.founded.first) if contact.founded else None,
            FOUNDED,
        ),
    )
    for kind, field, day, action in days:
        if day is not None:
            yield _of_day(contact, kind, field, day, action, contact.lines.get(field, 1))


def _nameday(contact: Contact, day: YearlyDay | None) -> Iterator[Reminder]:
    """The name day; one that the file does not name stands on the line of the name it is of."""
    if day is not None:
        named = (contact.lines[field] for field in _NAMED if field in contact.lines)
        yield _of_day(contact, "nameday", "nameday", day, "", next(named, 1))


_NAMED = ("nameday", "given_name", "name")


def _of_day(
    contact: Contact, kind: str, field: str, day: YearlyDay, action: str, line: int
) -> Reminder:
    return Reminder(
        kind=kind,
        yearly=day,
        entry=f"\n{field}",  # no words of an entry begin so
        action=action,
        owner=contact.owner,
        line=line,
    )


def _is_told(contact: Contact, settings: Settings, class_: str, rhythm: Rhythm | None) -> bool:
    """True where the settings want the name day of such a contact; see `Settings.namedays`."""
    wanted = settings.namedays
    if rhythm is not None and "cadence" in wanted:
        return True
    return any(word in wanted for word in ("yes", *contact.tags, contact.status, class_) if word)


def yearly(day: date) -> YearlyDay:
    """The day that comes back every year from `day` on."""
    return YearlyDay(day.month, day.day, day.year)


_RULES: tuple[Callable[[Contact, Settings], Iterator[Reminder]], ...] = (
    _follow_ups,
    _promises,
    _needs,
    _deals,
    _feedback,
    _days,
    _milestones,
)


def _named(entries: tuple[E, ...], words: Callable[[E], str]) -> Iterator[tuple[E, str]]:
    """Each entry with its identity: the id the person gave, else its words and a counter for equal ones."""
    seen: dict[str, int] = {}
    for entry in entries:
        given = entry.id
        name = f"#{given}" if given else " ".join(words(entry).split())
        number = seen[name] = seen.get(name, 0) + 1
        yield entry, name if number == 1 else f"{name}\n{number}"


def _phrase(*parts: str) -> str:
    return " ".join(part for part in parts if part)
