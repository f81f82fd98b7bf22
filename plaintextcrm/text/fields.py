"""THE field table: every field of a contact and of the settings, declared once.

The parser, the JSON Schema, the reference page and the mapping to vCard come from here. A new
field is one line here and one in `model/contact.py`.
"""

from functools import cache

from plaintextcrm.model.settings import Settings
from plaintextcrm.text.entries import (
    ADDRESS,
    CADENCE,
    DEAL,
    DECLARED_STAGE,
    FEED,
    FEEDBACK,
    FOLLOW_UP,
    INTERACTION,
    KIND,
    MILESTONE,
    NEED,
    PROFILE,
    PROMISE,
    REFERRAL,
    RELATED,
    REVENUE,
    STATUS,
    VISIBILITY,
    WEIGHTS,
    fixed,
    reaches,
)
from plaintextcrm.text.namedays import WHOSE
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
    DURATION,
    EMAIL,
    FLAG,
    LANGUAGE,
    LONG_TEXT,
    MENTION,
    MONEY,
    NUMBER,
    PARTIAL,
    PERSON,
    PHOTO,
    RATE,
    TEXT,
    TIMEZONE,
    UID,
    URL,
    YEARLY,
    YEARLY_DAY,
    CadenceType,
)

# The order is the one in which a person writes a file; new values are put in by it.
CONTACT_FIELDS: tuple[Field, ...] = (
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
    Field("emails", reaches("an e-mail address", EMAIL), "e-mail addresses", "EMAIL"),
    Field("phones", reaches("a phone number", TEXT), "phone numbers, as you write them", "TEL"),
    Field("urls", reaches("a web address", URL), "web addresses", "URL"),
    Field("profiles", ListOf(PROFILE), "accounts at services", "SOCIALPROFILE"),
    Field("addresses", ListOf(ADDRESS), "postal addresses", "ADR"),
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
    Field("related", ListOf(RELATED), "other contacts that belong to this one", "RELATED"),
    Field("status", STATUS, "where you stand with each other"),
    Field("owner", PERSON, "who looks after the contact"),
    Field("source", TEXT, "where the contact came from"),
    Field("introduced_by", CONTACT, "the id of the contact who introduced you"),
    Field("visibility", VISIBILITY, "private: in no feed and no export", "CLASS"),
    Field("cadence", CADENCE, "how often to be in touch: 6 weeks, 3 months, none"),
    Field("interactions", ListOf(INTERACTION), "talks that took place"),
    Field("follow_ups", ListOf(FOLLOW_UP), "what to do, and when"),
    Field("promises", ListOf(PROMISE), "what one side promised the other"),
    Field("needs", ListOf(NEED), "what they may need, and when"),
    Field("milestones", ListOf(MILESTONE), "days worth a word"),
    Field("deals", ListOf(DEAL), "business, won, lost or open"),
    Field("revenue", ListOf(REVENUE), "turnover by year"),
    Field("referrals", ListOf(REFERRAL), "when you asked for a recommendation"),
    Field("feedback", ListOf(FEEDBACK), "how it was for them"),
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


def contact_fields(settings: Settings) -> dict[str, Field]:
    """All fields that a contact may have: the table's, and those that the settings declare."""
    return _with_own(settings.fields)


@cache
def _with_own(declared: tuple[tuple[str, str], ...]) -> dict[str, Field]:
    own = (
        Field(name, DECLARED[kind], f"your own field ({kind})", f"X-{name.upper()}")
        for name, kind in declared
    )
    return {field.name: field for field in (*CONTACT_FIELDS, *own)}


_NAMED_DAYS = MappingOf(
    ListOf(TEXT, lone=True), "`--03-19: [Josef]` lines", form=YEARLY_DAY, example="--03-19"
)
SETTINGS_FIELDS: tuple[Field, ...] = (
    Field("timezone", TIMEZONE, "decides when a day begins: Europe/Prague"),
    Field("currency", TEXT, "the currency of amounts that name none: CZK"),
    Field("country", TEXT, "two letters, for phone numbers and name days: CZ"),
    Field("me", TEXT, "who you are among `people`"),
    Field(
        "my_emails",
        ListOf(TEXT, lone=True),
        "your addresses and those of your `people`; `@studio.example` stands for all there",
    ),
    Field("people", ListOf(TEXT), "who works with this address book"),
    Field(
        "cadences",
        MappingOf(DURATION, "`tag: duration` lines"),
        "how often to be in touch, by tag, class (A, B, C) or status",
    ),
    Field("channels", ListOf(TEXT), "more channels"),
    Field("statuses", ListOf(TEXT), "more statuses"),
    Field("stages", ListOf(DECLARED_STAGE), "the stages of a deal, and which mean won and lost"),
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
    Field(
        "queries",
        MappingOf(TEXT, "`name: query` lines"),
        "queries that you ask often: `cold: status:client last<-6m` is asked as `@cold`",
    ),
    Field("feeds", ListOf(FEED), "calendar feeds"),
    Field("overdue", Choice("rule", fixed("roll", "keep")), "roll: what is late stands on today"),
    Field("max_per_day", COUNT, "how many things to do on one day"),
    Field("lead", DURATION, "how long before a need you want to know"),
    Field("autosync", FLAG, "yes: each command that writes commits what it changed"),
    Field(
        "rates",
        MappingOf(RATE, "`EUR: 25.10` lines", form="[A-Za-z]{3}", example="EUR"),
        "what one unit of a currency is worth in `currency`: reports add up what has a rate",
    ),
    Field("weights", WEIGHTS, "how much each reason counts in `report silent`"),
    Field("bad_moods", ListOf(TEXT), "more words of `mood` that tell of a talk that went badly"),
    Field(
        "namedays",
        ListOf(WHOSE, lone=True),
        "whose name days are told of; `cadence`, of whom you keep in touch with, unless given",
    ),
    Field(
        "nameday_calendars",
        MappingOf(_NAMED_DAYS, "`CZ:` lines", form="[A-Za-z]{2}", example="CZ"),
        "name days of your own, by country: `CZ`, then `--03-19: [Josefína]`",
    ),
    Field("consent", TEXT, "the query that finds who agreed to be written to: `newsletter=yes`"),
    Field("care", FLAG, "yes: `check` tells whom nobody takes care of, as with --care"),
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
