"""What a contact is: one frozen value per file, with the names that the file uses."""

from dataclasses import dataclass, field
from datetime import date as Day  # entries have fields of the names `date` and `time`
from datetime import time as Time
from decimal import Decimal

from plaintextcrm.model.dates import Duration, Money, PartialDate, YearlyDay


@dataclass(frozen=True, slots=True)
class Reach:
    """An e-mail address, phone number or web address."""

    value: str
    type: str = ""
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """An account at some service."""

    value: str = ""
    service: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address."""

    street: str = ""
    locality: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """Another contact, by id, and what the two are to each other."""

    contact: str
    type: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often to be in touch. `every` is None for `none`: never remind."""

    every: Duration | None
    channels: tuple[str, ...] = ()
    since: Day | None = None
    paused_until: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What all entries of lists share: the line they begin on, a name of their own, a note."""

    line: int = 1
    id: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction(Entry):
    """A talk that took place."""

    date: Day
    time: Time | None = None
    channel: str = ""
    direction: str = ""
    by: str = ""
    with_: tuple[str, ...] = ()
    mood: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(Entry):
    """Something to do with the contact on a day."""

    date: Day
    time: Time | None = None
    owner: str = ""
    remind: Duration | None = None
    done: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise(Entry):
    """What one side promised the other; `date` is the day it is due."""

    date: Day
    by: str = ""
    made: Day | None = None
    done: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need(Entry):
    """When they may need something; `lead` is how long before that you want to know."""

    date: PartialDate
    because: str = ""
    lead: Duration | None = None
    done: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone(Entry):
    """A day worth a word; `yearly` is set where it comes back."""

    date: PartialDate | None = None
    yearly: YearlyDay | None = None
    done: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal(Entry):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue(Entry):
    """Turnover with the contact in one year."""

    year: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral(Entry):
    """When you asked for a recommendation, and who came of it."""

    date: Day | None = None
    to: tuple[str, ...] = ()
    done: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback(Entry):
    """A question how it was; `score` (1 to 5) answers it."""

    date: Day
    about: str = ""
    score: Decimal | None = None
    done: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
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
    more: dict[str, object] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        """True for what must not leave this machine in a feed or an export."""
        return self.visibility == "private"
