"""What a contact is: one frozen value per file, with the names that the file uses.

They are named tuples, as every command that reads a file makes these classes first, and each contact
has dozens of such values: data classes take ten times as long for the one, and thrice for the other.
"""

from collections.abc import Mapping
from datetime import date as Day  # entries have fields of the names `date` and `time`
from datetime import time as Time
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from plaintextcrm.model.dates import Duration, Money, PartialDate, YearlyDay


class Reach(NamedTuple):
    """An e-mail address, phone number or web address."""

    value: str
    type: str = ""
    preferred: bool = False


class Profile(NamedTuple):
    """An account at some service."""

    value: str = ""
    service: str = ""
    user: str = ""


class Address(NamedTuple):
    """A postal address."""

    street: str = ""
    locality: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    type: str = ""


class Related(NamedTuple):
    """Another contact, by id, and what the two are to each other."""

    contact: str
    type: str = ""
    note: str = ""


class Cadence(NamedTuple):
    """How often to be in touch. `every` is None for `none`: never remind."""

    every: Duration | None
    channels: tuple[str, ...] = ()
    since: Day | None = None
    paused_until: Day | None = None


class Interaction(NamedTuple):
    """A talk that took place."""

    date: Day
    time: Time | None = None
    channel: str = ""
    direction: str = ""
    by: str = ""
    with_: tuple[str, ...] = ()
    mood: str = ""
    line: int = 1
    id: str = ""
    note: str = ""


class FollowUp(NamedTuple):
    """Something to do with the contact on a day."""

    date: Day
    time: Time | None = None
    owner: str = ""
    remind: Duration | None = None
    done: Day | None = None
    line: int = 1
    id: str = ""
    note: str = ""


class Promise(NamedTuple):
    """What one side promised the other; `date` is the day it is due."""

    date: Day
    by: str = ""
    made: Day | None = None
    done: Day | None = None
    line: int = 1
    id: str = ""
    note: str = ""


class Need(NamedTuple):
    """When they may need something; `lead` is how long before that you want to know."""

    date: PartialDate
    because: str = ""
    lead: Duration | None = None
    done: Day | None = None
    line: int = 1
    id: str = ""
    note: str = ""


class Milestone(NamedTuple):
    """A day worth a word; `yearly` is set where it comes back."""

    date: PartialDate | None = None
    yearly: YearlyDay | None = None
    done: Day | None = None
    line: int = 1
    id: str = ""
    note: str = ""


class Deal(NamedTuple):
    """A piece of business, won, lost or open."""

    name: str = ""
    stage: str = ""
    value: Money | None = None
    date: PartialDate | None = None
    closed: Day | None = None
    reason: str = ""
    competitor: str = ""
    win_back: PartialDate | None = None
    done: Day | None = None
    line: int = 1
    id: str = ""
    note: str = ""


class Revenue(NamedTuple):
    """Turnover with the contact in one year."""

    year: int
    amount: Money
    line: int = 1
    id: str = ""
    note: str = ""


class Referral(NamedTuple):
    """When you asked for a recommendation, and who came of it."""

    date: Day | None = None
    to: tuple[str, ...] = ()
    done: Day | None = None
    line: int = 1
    id: str = ""
    note: str = ""


class Feedback(NamedTuple):
    """A question how it was; `score` (1 to 5) answers it."""

    date: Day
    about: str = ""
    score: Decimal | None = None
    done: Day | None = None
    line: int = 1
    id: str = ""
    note: str = ""


# What all entries of lists share: the line they begin on, a name of their own, a note.
Entry: TypeAlias = (
    Interaction | FollowUp | Promise | Need | Milestone | Deal | Revenue | Referral | Feedback
)


class Contact(NamedTuple):
    """One contact file. `id` is its file name without ending; `path` lies below the book, with `/`.

    `lines` tells on which line each field of the file stands; `more` holds the `x_…` and declared
    fields as plain text, lists and mappings.
    """

    id: str
    path: str
    name: str
    uid: str = ""
    kind: str = "individual"
    given_name: str = ""
    family_name: str = ""
    additional_name: str = ""
    prefix: str = ""
    suffix: str = ""
    nicknames: tuple[str, ...] = ()
    salutation: str = ""
    pronouns: str = ""
    language: str = ""
    timezone: str = ""
    organization: str = ""
    department: str = ""
    title: str = ""
    role: str = ""
    emails: tuple[Reach, ...] = ()
    phones: tuple[Reach, ...] = ()
    urls: tuple[Reach, ...] = ()
    profiles: tuple[Profile, ...] = ()
    addresses: tuple[Address, ...] = ()
    birthday: YearlyDay | None = None
    nameday: YearlyDay | None = None
    anniversary: YearlyDay | None = None
    died: YearlyDay | None = None
    founded: PartialDate | None = None
    company_id: str = ""
    vat_id: str = ""
    tags: tuple[str, ...] = ()
    notes: str = ""
    photo: str = ""
    related: tuple[Related, ...] = ()
    status: str = ""
    owner: str = ""
    source: str = ""
    introduced_by: str = ""
    visibility: str = "public"
    cadence: Cadence | None = None
    interactions: tuple[Interaction, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    promises: tuple[Promise, ...] = ()
    needs: tuple[Need, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    deals: tuple[Deal, ...] = ()
    revenue: tuple[Revenue, ...] = ()
    referrals: tuple[Referral, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    more: Mapping[str, object] = {}
    lines: Mapping[str, int] = {}

    @property
    def private(self) -> bool:
        """True for what must not leave this machine in a feed or an export."""
        return self.visibility == "private"
