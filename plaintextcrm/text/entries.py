"""What stands in the lists of a contact and of the settings: entries with fields of their own.

The lists themselves are fields of the table in `text/fields.py`.
"""

from collections.abc import Callable
from typing import Any

from plaintextcrm.model.contact import (
    Address,
    Cadence,
    Deal,
    Feedback,
    FollowUp,
    Interaction,
    Milestone,
    Need,
    Profile,
    Promise,
    Reach,
    Referral,
    Related,
    Revenue,
)
from plaintextcrm.model.dates import PartialDate, YearlyDay
from plaintextcrm.model.languages import LANGUAGES
from plaintextcrm.model.reminders import KINDS, yearly
from plaintextcrm.model.settings import FeedSettings, Settings, Stage, Weights
from plaintextcrm.text.template import TEMPLATE
from plaintextcrm.text.types import (
    Choice,
    Field,
    ListOf,
    Structure,
    Type,
)
from plaintextcrm.text.values import (
    CONTACT,
    DATE,
    DURATION,
    FEED_PATH,
    FLAG,
    LONG_TEXT,
    MENTION,
    MONEY,
    PARTIAL,
    PARTIAL_OR_YEARLY,
    PERSON,
    REASON,
    SCORE,
    SHORT_DURATION,
    TEXT,
    TIME,
    URL,
    WEIGHT,
    YEAR,
    CadenceType,
)


def fixed(*words: str) -> Callable[[Settings], tuple[str, ...]]:
    """The options of a choice that the settings do not change."""
    return lambda settings: words


KIND = Choice("kind", fixed("individual", "organization", "group"))
STATUS = Choice("status", lambda settings: settings.all_statuses)
VISIBILITY = Choice("visibility", fixed("public", "private"))
CHANNEL = Choice("channel", lambda settings: settings.all_channels)
DIRECTION = Choice("direction", fixed("in", "out"))
STAGE = Choice("stage", lambda settings: tuple(stage.name for stage in settings.stages))
REPEAT = Choice("repetition", fixed("yearly"))
REMINDER = Choice("kind of reminder", fixed(*KINDS))
FEED_LANGUAGE = Choice("language of feeds", fixed(*LANGUAGES))
LINK = Choice("kind of link", fixed("call", "command"))

_ID = Field("id", TEXT, "a name of its own, so that its calendar event stays when the note changes")
_NOTE = Field("note", LONG_TEXT, "what it is about")
_DONE = Field("done", DATE, "the day on which it was done; closes it")
_TIME = Field("time", TIME, "time of day, in the settings' time zone")


def _date(meaning: str, type_: Type = DATE, required: bool = True) -> Field:
    return Field("date", type_, meaning, required=required)


def _reach(value: str, type: str = "", preferred: bool = False, line: int = 0) -> Reach:
    return Reach(value, type, preferred)


def reaches(words: str, value: Type) -> ListOf:
    """The type of a list of ways to reach somebody: each a value, or a mapping with one."""
    fields = (
        Field("value", value, words, required=True),
        Field("type", TEXT, "home, work, mobile and the like"),
        Field("preferred", FLAG, "yes for the one to use first"),
    )
    return ListOf(Structure(words, fields, _reach, short=value))


def _profile(value: str = "", service: str = "", user: str = "", line: int = 0) -> Profile:
    return Profile(value, service, user)


PROFILE = Structure(
    "a profile",
    (
        Field("service", TEXT, "where it is, such as LinkedIn"),
        Field("user", TEXT, "the name there"),
        Field("value", URL, "its web address"),
    ),
    _profile,
    short=URL,
)


def _address(line: int = 0, **parts: str) -> Address:
    return Address(**parts)


ADDRESS = Structure(
    "an address",
    (
        Field("street", TEXT, "street and number"),
        Field("locality", TEXT, "town"),
        Field("region", TEXT, "region or state"),
        Field("postcode", TEXT, "postcode, as it is written"),
        Field("country", TEXT, "country, by name or its two letters"),
        Field("type", TEXT, "home, work, billing and the like"),
    ),
    _address,
)


def _related(contact: str, type: str = "", note: str = "", line: int = 0) -> Related:
    return Related(contact, type, note)


RELATED = Structure(
    "a relation",
    (
        Field("contact", CONTACT, "the other contact's id", required=True),
        Field("type", TEXT, "what the other one is: spouse, colleague, accountant …"),
        _NOTE,
    ),
    _related,
)


def _cadence(line: int = 0, **values: Any) -> Cadence:
    return Cadence(**values)


CADENCE = CadenceType(
    "a duration, `none`, or a mapping with `every`",
    Structure(
        "a cadence",
        (
            Field("every", DURATION, "how long after the last contact", required=True),
            Field("channels", ListOf(CHANNEL, lone=True), "only these channels count as contact"),
            Field("since", DATE, "counts from this day where there was no contact yet"),
            Field("paused_until", DATE, "no reminder before this day"),
        ),
        _cadence,
    ),
)

INTERACTION = Structure(
    "an interaction",
    (
        _date("the day of the talk"),
        _TIME,
        Field("channel", CHANNEL, "how you talked"),
        Field("direction", DIRECTION, "in: they came to you; out: you to them"),
        _NOTE,
        Field("by", PERSON, "who of you talked"),
        Field("with", ListOf(MENTION, lone=True), "who else took part", target="with_"),
        Field("mood", TEXT, "how it felt, in a word"),
        _ID,
    ),
    Interaction,
)
FOLLOW_UP = Structure(
    "a follow-up",
    (
        _date("the day on which to do it"),
        _TIME,
        _NOTE,
        Field("owner", PERSON, "who does it, where it is not the contact's owner"),
        Field("remind", SHORT_DURATION, "an alarm that long before"),
        _DONE,
        _ID,
    ),
    FollowUp,
)
PROMISE = Structure(
    "a promise",
    (
        _date("the day it is due"),
        Field("by", TEXT, "who promised: one of you, or `them`"),
        _NOTE,
        Field("made", DATE, "the day on which it was made"),
        _DONE,
        _ID,
    ),
    Promise,
)
NEED = Structure(
    "a need",
    (
        _date("when it may arise; may be vague: 2027-03, 2027-Q1, 2027", PARTIAL),
        _NOTE,
        Field("because", TEXT, "why you think so"),
        Field("lead", DURATION, "how long before you want to know"),
        _DONE,
        _ID,
    ),
    Need,
)


def _milestone(
    date: PartialDate | YearlyDay, repeat: str = "", line: int = 1, **values: Any
) -> Milestone:
    if isinstance(date, YearlyDay):
        return Milestone(yearly=date, line=line, **values)
    if repeat:
        return Milestone(yearly=yearly(date.first), line=line, **values)
    return Milestone(date=date, line=line, **values)


MILESTONE = Structure(
    "a milestone",
    (
        _date("the day; may be vague, or `--12-24` for every year", PARTIAL_OR_YEARLY),
        _NOTE,
        Field("repeat", REPEAT, "yearly: it comes back every year"),
        _DONE,
        _ID,
    ),
    _milestone,
)
DEAL = Structure(
    "a deal",
    (
        Field("name", TEXT, "what it is called"),
        Field("stage", STAGE, "how far it is"),
        Field("value", MONEY, "what it is worth, such as 120000 CZK"),
        _date("when you expect to close it; may be vague", PARTIAL, required=False),
        Field("closed", DATE, "the day on which it was won or lost"),
        Field("reason", REASON, "why it was lost"),
        Field("competitor", TEXT, "to whom it was lost"),
        Field("win_back", PARTIAL, "when to try again; may be vague"),
        _NOTE,
        _DONE,
        _ID,
    ),
    Deal,
)
REVENUE = Structure(
    "a year's revenue",
    (
        Field("year", YEAR, "the year", required=True),
        Field("amount", MONEY, "turnover in that year", required=True),
        _NOTE,
    ),
    Revenue,
)
REFERRAL = Structure(
    "a referral",
    (
        _date("the day on which you asked", required=False),
        _NOTE,
        Field("to", ListOf(MENTION, lone=True), "who came of it"),
        _DONE,
        _ID,
    ),
    Referral,
)
FEEDBACK = Structure(
    "feedback",
    (
        _date("the day on which you ask"),
        Field("about", TEXT, "what you ask about"),
        Field("score", SCORE, "their answer, 1 to 5"),
        _NOTE,
        _DONE,
        _ID,
    ),
    Feedback,
)


def _stage(name: str, means: str = "", line: int = 0) -> Stage:
    return Stage(name, means or (name if name in ("won", "lost") else "open"))


def _feed(line: int = 0, **values: Any) -> FeedSettings:
    name = values["name"]
    return FeedSettings(**{"path": f"{name}.ics", "title": name, **values})


def _weights(line: int = 0, **values: float) -> Weights:
    return Weights(**values)


WEIGHTS = Structure(
    "weights",
    (
        Field("silence", WEIGHT, "each usual span of silence beyond the first; 1 unless given"),
        Field("promise", WEIGHT, "each week that a promise of yours is late; 1"),
        Field("mood", WEIGHT, "a last talk that went badly; 2"),
        Field("feedback", WEIGHT, "each point that the last score lies below 4; 1"),
        Field("A", WEIGHT, "multiplies all of it for clients of class A; 3", target="a"),
        Field("B", WEIGHT, "for class B; 2", target="b"),
        Field("C", WEIGHT, "for class C; 1", target="c"),
    ),
    _weights,
)
DECLARED_STAGE = Structure(
    "a stage",
    (
        Field("name", TEXT, "what deals write as `stage`", required=True),
        Field("means", Choice("meaning", fixed("open", "won", "lost")), "open, won or lost"),
    ),
    _stage,
    short=TEXT,
)
FEED = Structure(
    "a feed",
    (
        Field("name", TEXT, "what it is called", required=True),
        Field("path", FEED_PATH, "its file below the address book, NAME.ics unless given"),
        Field("title", TEXT, "what the calendar app shows"),
        Field("query", TEXT, "which contacts, in words as `list` takes them"),
        Field("owner", TEXT, "only what this person looks after"),
        Field("kinds", ListOf(REMINDER, lone=True), "only these reminders; all unless given"),
        Field("language", FEED_LANGUAGE, "the language of its texts, en unless given"),
        Field("anonymous", FLAG, "yes for a public place: initials, and nothing that was written"),
        Field("todo", FLAG, "yes for a list of tasks beside, NAME-todo.ics"),
        Field("alarm", SHORT_DURATION, "an alarm that long before whatever has none of its own"),
        Field("link", LINK, "what a tap opens: a call or mail, or the command that closes it"),
        Field("summary", TEMPLATE, "a template for titles: docs/calendar.md"),
        Field("description", TEMPLATE, "a template for descriptions: docs/calendar.md"),
    ),
    _feed,
)
