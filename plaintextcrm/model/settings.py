"""What a team agrees on in `plaintextcrm.yaml`, as one frozen value, and its short form for the book."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from plaintextcrm.model.duration import Duration

CHANNELS = ("call", "email", "meeting", "message", "video", "letter", "event", "social")
STATUSES = ("lead", "prospect", "client", "dormant", "lost", "do-not-contact")


TWO_WEEKS = Duration(days=14)


class Stage(NamedTuple):
    """A step of a deal; `means` is `open`, `won` or `lost`."""

    name: str
    means: str = "open"


STAGES = (
    Stage("lead"),
    Stage("offer"),
    Stage("negotiation"),
    Stage("won", "won"),
    Stage("lost", "lost"),
)


class FeedSettings(NamedTuple):
    """One calendar feed. `path` lies below the book; `query` holds words as `list` takes them.

    `kinds`: only such reminders; all where none is named. `alarm` is for those that have none of
    their own. `summary` and `description` are templates (`model/template.py`), empty for the usual
    ones. `tasks` is True for the feed of tasks that `todo` puts beside.
    """

    name: str = "follow-ups"
    path: str = "follow-ups.ics"
    title: str = "Follow-ups"
    query: str = ""
    owner: str = ""
    kinds: tuple[str, ...] = ()
    language: str = "en"
    anonymous: bool = False
    alarm: Duration | None = None
    link: str = "call"
    summary: str = ""
    description: str = ""
    todo: bool = False
    tasks: bool = False

    @property
    def with_tasks(self) -> "tuple[FeedSettings, ...]":
        """The feed, and the one of tasks beside it where that is wanted: `NAME-todo.ics`."""
        if not self.todo:
            return (self,)
        path = f"{self.path.removesuffix('.ics')}-todo.ics"
        return self, self._replace(name=f"{self.name}-todo", path=path, todo=False, tasks=True)


class Weights(NamedTuple):
    """How much each reason counts in `report silent`, and how much each class multiplies them.

    `silence`: for each of its usual spans that a contact is silent too long. `promise`: for each week
    that a promise of ours is late. `mood`: for a last talk that went badly. `feedback`: for each point
    that the last score lies below 4.
    """

    silence: float = 1
    promise: float = 1
    mood: float = 2
    feedback: float = 1
    a: float = 3
    b: float = 2
    c: float = 1

    def of_class(self, letter: str) -> float:
        """What multiplies the reasons of a contact of this class; of none: 1."""
        return {"A": self.a, "B": self.b, "C": self.c}.get(letter, 1)


WEIGHTS = Weights()
# Words of `mood` that tell of a talk that went badly, in the languages of our texts.
BAD_MOODS = (
    "bad", "angry", "annoyed", "cold", "cool", "disappointed", "frustrated", "sad", "tense", "unhappy",
    "upset", "worried", "špatná", "špatně", "naštvaný", "naštvaná", "zklamaný", "zklamaná", "chladná",
    "zlá", "zle", "nahnevaný", "nahnevaná", "sklamaný", "sklamaná", "zła", "źle", "zły",
    "zawiedziony", "zawiedziona", "chłodna",
)  # fmt: skip

# Whose name days are told of: `yes` of everybody, `no` of nobody, else of those who have one of these
# tags, this class or status, or (`cadence`) with whom one keeps in touch.
KEPT = ("cadence",)
# Days of a year (`--03-19`), each with the names of those who keep it.
NamedDays: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]


class Settings(NamedTuple):
    """The settings of one address book; every default is what an absent line means."""

    timezone: str = ""
    currency: str = ""
    country: str = ""
    me: str = ""
    my_emails: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    cadences: tuple[tuple[str, Duration], ...] = ()
    channels: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = STAGES
    lost_reasons: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    queries: tuple[tuple[str, str], ...] = ()
    feeds: tuple[FeedSettings, ...] = (FeedSettings(),)
    overdue: str = "roll"
    max_per_day: int | None = None
    lead: Duration = TWO_WEEKS
    autosync: bool = False
    rates: tuple[tuple[str, float], ...] = ()
    weights: Weights = WEIGHTS
    bad_moods: tuple[str, ...] = ()
    care: bool = False
    consent: str = ""
    namedays: tuple[str, ...] = KEPT
    nameday_calendars: tuple[tuple[str, NamedDays], ...] = ()

    @property
    def all_feeds(self) -> tuple[FeedSettings, ...]:
        """The feeds, each with the one of tasks beside it."""
        return tuple(one for feed in self.feeds for one in feed.with_tasks)

    @property
    def all_channels(self) -> tuple[str, ...]:
        """The channels that every book has, and its own."""
        return CHANNELS + self.channels

    @property
    def all_statuses(self) -> tuple[str, ...]:
        """The statuses that every book has, and its own."""
        return STATUSES + self.statuses

    def is_ours(self, name: str) -> bool:
        """True for the name of somebody who works with this book."""
        return name != "" and name in (*self.people, self.me)

    def stage_means(self, name: str) -> str:
        """`open`, `won` or `lost`; a stage that is not listed is open."""
        return next((stage.means for stage in self.stages if stage.name == name), "open")

    def converted(self, amount: float, currency: str) -> tuple[float, str]:
        """An amount in the settings' currency where `rates` know its own; else as it is."""
        own = self.currency.upper()
        rate = next((rate for name, rate in self.rates if name.upper() == currency), None)
        if rate is None or currency == own or not own:
            return amount, currency
        return amount * rate, own

    def is_bad(self, mood: str) -> bool:
        """True for a word of `mood` that tells of a talk that went badly."""
        return mood.casefold() in (word.casefold() for word in (*BAD_MOODS, *self.bad_moods))

    def cadence_of(self, *words: str) -> Duration | None:
        """The shortest cadence that the settings give to one of these tags, statuses or classes."""
        given = [every for word, every in self.cadences if word in words]
        return min(given, key=lambda every: every.rough_days, default=None)


class Fault(NamedTuple):
    """What is wrong with a query, at a column that counts from 1."""

    column: int
    message: str
    hint: str


# Reads a query as these settings would have it; None: it can be asked.
CheckQuery: TypeAlias = Callable[[str, Settings], Fault | None]


def dump_settings(settings: Settings) -> str:
    """The settings as JSON; `load_settings` reads it back."""
    return json.dumps(settings._asdict(), ensure_ascii=False)


def load_settings(text: str) -> Settings:
    """The settings that `dump_settings` wrote. Raises ValueError, KeyError or TypeError on other text."""
    plain = json.loads(text)
    plain["cadences"] = tuple((word, Duration(*every)) for word, every in plain["cadences"])
    plain["fields"] = tuple((name, kind) for name, kind in plain["fields"])
    plain["queries"] = tuple((name, query) for name, query in plain["queries"])
    plain["stages"] = tuple(Stage(*stage) for stage in plain["stages"])
    plain["feeds"] = tuple(_load_feed(feed) for feed in plain["feeds"])
    plain["lead"] = Duration(*plain["lead"])
    plain["weights"] = Weights(*plain["weights"])
    plain["rates"] = tuple((name, rate) for name, rate in plain["rates"])
    plain["nameday_calendars"] = tuple(
        (country, tuple((day, tuple(names)) for day, names in days))
        for country, days in plain["nameday_calendars"]
    )
    for name in (
        "my_emails",
        "people",
        "channels",
        "statuses",
        "lost_reasons",
        "bad_moods",
        "namedays",
    ):
        plain[name] = tuple(plain[name])
    return Settings(**plain)


def _load_feed(plain: list[Any]) -> FeedSettings:
    named: dict[str, Any] = dict(zip(FeedSettings._fields, plain, strict=True))
    alarm = named["alarm"] and Duration(*named["alarm"])
    return FeedSettings(**{**named, "kinds": tuple(named["kinds"]), "alarm": alarm})
