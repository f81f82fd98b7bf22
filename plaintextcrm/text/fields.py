"""THE field table: every field of a contact and of the settings, declared once.

The parser, the JSON Schema, the reference page and the mapping to vCard come from here. A new
field is one line here and one in `model/contact.py`.
"""

from functools import cache
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
from plaintextcrm.model.settings import FeedSettings, Settings, Stage
from plaintextcrm.text.template import TEMPLATE
from plaintextcrm.text.types import (
    Choice,
    Field,
    ListOf,
    MappingOf,
    Structure,
    Type,
)
from plaintextcrm.text.values import (
    ANYTHING,
    CONTACT,
    COUNT,
    DATE,
    DURATION,
    EMAIL,
    FEED_PATH,
    FLAG,
    LANGUAGE,
    LONG_TEXT,
    MENTION,
    MONEY,
    NUMBER,
    PARTIAL,
    PARTIAL_OR_YEARLY,
    PERSON,
    PHOTO,
    REASON,
    SCORE,
    SHORT_DURATION,
    TEXT,
    TIME,
    TIMEZONE,
    UID,
    URL,
    YEAR,
    YEARLY,
    CadenceType,
)


def _fixed(*words: str) -> Any:
    return lambda settings: words


KIND = Choice("kind", _fixed("individual", "organization", "group"))
STATUS = Choice("status", lambda settings: settings.all_statuses)
VISIBILITY = Choice("visibility", _fixed("public", "private"))
CHANNEL = Choice("channel", lambda settings: settings.all_channels)
DIRECTION = Choice("direction", _fixed("in", "out"))
STAGE = Choice("stage", lambda settings: tuple(stage.name for stage in settings.stages))
REPEAT = Choice("repetition", _fixed("yearly"))
REMINDER = Choice("kind of reminder", _fixed(*KINDS))
FEED_LANGUAGE = Choice("language of feeds", _fixed(*LANGUAGES))
LINK = Choice("kind of link", _fixed("call", "command"))

_ID = Field("id", TEXT, "a name of its own, so that its calendar event stays when the note changes")
_NOTE = Field("note", LONG_TEXT, "what it is about")
_DONE = Field("done", DATE, "the day on which it was done; closes it")
_TIME = Field("time", TIME, "time of day, in the settings' time zone")


def _date(meaning: str, type_: Type = DATE, required: bool = True) -> Field:
    return Field("date", type_, meaning, required=required)


def _reach(value: str, type: str = "", preferred: bool = False, line: int = 0) -> Reach:
    return Reach(value, type, preferred)


def _reaches(words: str, value: Type) -> ListOf:
    fields = (
        Field("value", value, words, required=True),
        Field("type", TEXT, "home, work, mobile and the like"),
        Field("preferred", FLAG, "yes for the one to use first"),
    )
    return ListOf(Structure(words, fields, _reach, short=value))


def _profile(value: str = "", service: str = "", user: str = "", line: int = 0) -> Profile:
    return Profile(value, service, user)


_PROFILE = Structure(
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


_ADDRESS = Structure(
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


_RELATED = Structure(
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

_INTERACTION = Structure(
    "an interaction",
    (
        _date("the day of the talk"),
        _TIME,
        Field("channel", CHANNEL, "how you talked"),
        Field("direction", DIRECTION, "in: they came to you; out: you to them"),
        _NOTE,
        Field("by", PERSON, "who of you talked"),
        Field("with", ListOf(MENTION, lone=True), "who else took part", attribute="with_"),
        Field("mood", TEXT, "how it felt, in a word"),
        _ID,
    ),
    Interaction,
)
_FOLLOW_UP = Structure(
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
_PROMISE = Structure(
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
_NEED = Structure(
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


_MILESTONE = Structure(
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
_DEAL = Structure(
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
_REVENUE = Structure(
    "a year's revenue",
    (
        Field("year", YEAR, "the year", required=True),
        Field("amount", MONEY, "turnover in that year", required=True),
        _NOTE,
    ),
    Revenue,
)
_REFERRAL = Structure(
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
_FEEDBACK = Structure(
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

# The order is the one in which a person writes a file; new values are put in by it.
CONTACT_FIELDS = (
    Field("name", TEXT, "what you call the contact", "FN", required=True),
    Field("uid", UID, "keeps the contact's calendar events when the file is renamed", "UID"),
    Field("kind", KIND, "a person unless it says otherwise", "KIND"),
    Field("given_name", TEXT, "given name", "N"),
    Field("family_name", TEXT, "family name", "N"),
    Field("additional_name", TEXT, "middle names", "N"),
    Field("prefix", TEXT, "titles before the name: Ing., Mgr.", "N"),
    Field("suffix", TEXT, "titles behind the name: Ph.D.", "N"),
    Field("nicknames", ListOf(TEXT), "other names", "NICKNAME"),
    Field("salutation", TEXT, "how you address them: Evo"),
    Field("pronouns", TEXT, "she/her and the like", "PRONOUNS"),
    Field("language", LANGUAGE, "the language you write in, as BCP 47: cs, en-GB", "LANG"),
    Field("timezone", TIMEZONE, "where they are: Europe/Prague", "TZ"),
    Field("organization", MENTION, "the id of a contact, or text", "ORG"),
    Field("department", TEXT, "department", "ORG"),
    Field("title", TEXT, "job title", "TITLE"),
    Field("role", TEXT, "what they do for you: decides, pays, uses", "ROLE"),
    Field("emails", _reaches("an e-mail address", EMAIL), "e-mail addresses", "EMAIL"),
    Field("phones", _reaches("a phone number", TEXT), "phone numbers, as you write them", "TEL"),
    Field("urls", _reaches("a web address", URL), "web addresses", "URL"),
    Field("profiles", ListOf(_PROFILE), "accounts at services", "SOCIALPROFILE"),
    Field("addresses", ListOf(_ADDRESS), "postal addresses", "ADR"),
    Field("birthday", YEARLY, "1986-12-24, or --12-24 without the year", "BDAY"),
    Field("nameday", YEARLY, "--12-24"),
    Field("anniversary", YEARLY, "wedding and the like", "ANNIVERSARY"),
    Field("died", YEARLY, "ends all reminders", "DEATHDATE"),
    Field("founded", PARTIAL, "the day on which an organization began"),
    Field("company_id", TEXT, "registration number (IČO, KRS)"),
    Field("vat_id", TEXT, "VAT number (DIČ, NIP)"),
    Field("tags", ListOf(TEXT), "words of your own, to find and to group by", "CATEGORIES"),
    Field("notes", LONG_TEXT, "what is worth knowing", "NOTE"),
    Field("photo", PHOTO, "a path in the address book, or a web address", "PHOTO"),
    Field("related", ListOf(_RELATED), "other contacts that belong to this one", "RELATED"),
    Field("status", STATUS, "where you stand with each other"),
    Field("owner", PERSON, "who looks after the contact"),
    Field("source", TEXT, "where the contact came from"),
    Field("introduced_by", CONTACT, "the id of the contact who introduced you"),
    Field("visibility", VISIBILITY, "private: in no feed and no export", "CLASS"),
    Field("cadence", CADENCE, "how often to be in touch: 6 weeks, 3 months, none"),
    Field("interactions", ListOf(_INTERACTION), "talks that took place"),
    Field("follow_ups", ListOf(_FOLLOW_UP), "what to do, and when"),
    Field("promises", ListOf(_PROMISE), "what one side promised the other"),
    Field("needs", ListOf(_NEED), "what they may need, and when"),
    Field("milestones", ListOf(_MILESTONE), "days worth a word"),
    Field("deals", ListOf(_DEAL), "business, won, lost or open"),
    Field("revenue", ListOf(_REVENUE), "turnover by year"),
    Field("referrals", ListOf(_REFERRAL), "when you asked for a recommendation"),
    Field("feedback", ListOf(_FEEDBACK), "how it was for them"),
)

# What the settings may declare as the type of a field of one's own.
DECLARED: dict[str, Type] = {
    "text": TEXT,
    "number": NUMBER,
    "date": PARTIAL,
    "money": MONEY,
    "list": ListOf(TEXT, lone=True),
    "yes-no": FLAG,
    "url": URL,
    "contact": CONTACT,
}


@cache
def contact_fields(settings: Settings) -> dict[str, Field]:
    """All fields that a contact may have: the table's, and those that the settings declare."""
    own = (
        Field(name, DECLARED[kind], f"your own field ({kind})", f"X-{name.upper()}")
        for name, kind in settings.fields
    )
    return {field.name: field for field in (*CONTACT_FIELDS, *own)}


def _stage(name: str, means: str = "", line: int = 0) -> Stage:
    return Stage(name, means or (name if name in ("won", "lost") else "open"))


def _feed(line: int = 0, **values: Any) -> FeedSettings:
    name = values["name"]
    return FeedSettings(**{"path": f"{name}.ics", "title": name, **values})


_STAGE = Structure(
    "a stage",
    (
        Field("name", TEXT, "what deals write as `stage`", required=True),
        Field("means", Choice("meaning", _fixed("open", "won", "lost")), "open, won or lost"),
    ),
    _stage,
    short=TEXT,
)
_FEED = Structure(
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

SETTINGS_FIELDS = (
    Field("timezone", TIMEZONE, "decides when a day begins: Europe/Prague"),
    Field("currency", TEXT, "the currency of amounts that name none: CZK"),
    Field("country", TEXT, "two letters, for phone numbers and name days: CZ"),
    Field("me", TEXT, "who you are among `people`"),
    Field("people", ListOf(TEXT), "who works with this address book"),
    Field(
        "cadences",
        MappingOf(DURATION, "`tag: duration` lines"),
        "how often to be in touch, by tag, class (A, B, C) or status",
    ),
    Field("channels", ListOf(TEXT), "more channels"),
    Field("statuses", ListOf(TEXT), "more statuses"),
    Field("stages", ListOf(_STAGE), "the stages of a deal, and which mean won and lost"),
    Field("lost_reasons", ListOf(TEXT), "why deals are lost"),
    Field(
        "fields",
        MappingOf(
            Choice("type of a field", lambda settings: tuple(DECLARED)),
            "`field: type` lines",
            tuple(field.name for field in CONTACT_FIELDS),
        ),
        "fields of your own, with their types",
    ),
    Field("feeds", ListOf(_FEED), "calendar feeds"),
    Field("overdue", Choice("rule", _fixed("roll", "keep")), "roll: what is late stands on today"),
    Field("max_per_day", COUNT, "how many things to do on one day"),
    Field("lead", DURATION, "how long before a need you want to know"),
)

SPARE = Field("x_…", ANYTHING, "anything of your own", "X-…")


def names_at(path: tuple[str | int, ...]) -> tuple[str, ...]:
    """The names of the fields beside the last step of a path, in the table's order; none: not known."""
    return tuple(field.name for field in _beside(path))


def takes_one(path: tuple[str | int, ...]) -> bool:
    """True for a list that may also be one value without brackets, and where that is not known."""
    found = next((field.type for field in _beside(path) if field.name == path[-1]), None)
    return found is None or (isinstance(found, ListOf) and found.lone)


def _beside(path: tuple[str | int, ...]) -> tuple[Field, ...]:
    fields: tuple[Field, ...] = CONTACT_FIELDS
    for step in path[:-1]:
        if isinstance(step, str):
            fields = fields_of(next((field.type for field in fields if field.name == step), None))
    return fields


def fields_of(type_: Type | None) -> tuple[Field, ...]:
    """The fields of a structure, of the entries of a list, or of a cadence's long form."""
    if isinstance(type_, ListOf):
        return fields_of(type_.item)
    if isinstance(type_, CadenceType):
        return type_.details.fields
    return type_.fields if isinstance(type_, Structure) else ()
