"""Command lines as somebody may type them about a contact: sensible ones, and slips."""

from collections.abc import Callable
from typing import Any, TypeAlias

from hypothesis import strategies as st

from tests.text.hands import AWKWARD, BARE, LONG

Typed: TypeAlias = list[str]
Lines: TypeAlias = st.SearchStrategy[Typed]

NOTE = st.sampled_from([*BARE, *filter(None, AWKWARD), *LONG, "-5 C outside", "-help", "--dry"])
NAME = st.sampled_from(["New shop", "it's", "- dash", "# hash", "Łódź"])
WHEN = st.sampled_from(
    [["friday"], ["+2w"], ["2027-01-05"], ["in", "3", "months"], ["-3d"], ["2026-13-01"], ["soon"]]
)
VAGUE = st.one_of(WHEN, st.sampled_from([["2027-Q1"], ["2027-03"], ["2027"], ["--12-24"]]))
DATE = st.sampled_from(["-2d", "2026-11-01", "today", "monday", "then"])
CONTACT = st.sampled_from([*["eva"] * 6, "EVA", "nobody", "a"])
TAG = st.sampled_from([*BARE[:6], "it's", "# hash", "[a]", "new", "VIP"])
FIELD = st.sampled_from(
    ["status", "title", "notes", "owner", "tags", "emails", "nicknames", "birthday", "cadence",
     "cadence.every", "cadence.paused_until", "interactions.1.note", "follow_ups.1.date", "x_own",
     "x_new", "organization", "name", "statsu", "interactions", "follow_ups.9.note", "0"]
)  # fmt: skip
VALUE = st.one_of(
    NOTE,
    st.sampled_from(["", "lead", "a, b", "6 weeks", "2027-01-05", "friday", "eva@x.cz", "yes"]),
)


def line(*parts: "str | st.SearchStrategy[Any]") -> Lines:
    """A command line of words, and of strategies for a word or for several."""
    drawn = [st.just(part) if isinstance(part, str) else part for part in parts]
    return st.tuples(*drawn).map(_flat)


def _flat(parts: tuple[Any, ...]) -> Typed:
    return [word for part in parts for word in ([part] if isinstance(part, str) else part)]


def options(**values: st.SearchStrategy[str] | None) -> Lines:
    """Some of these options, each with its value; None: it has none."""
    pairs = {
        f"--{name.rstrip('_').replace('_', '-')}": st.none() if value is None else value
        for name, value in values.items()
    }
    return st.fixed_dictionaries({}, optional=pairs).map(
        lambda found: [word for pair in found.items() for word in pair if word is not None]
    )


def maybe(one: st.SearchStrategy[str]) -> Lines:
    return st.one_of(st.just([]), one.map(lambda word: [word]))


def entry(data: dict[str, Any]) -> Lines:
    """Nothing, a number, or words of a note that is there."""
    notes = [note.strip() for one in data.get("follow_ups", ()) if (note := one.get("note"))]
    known = st.sampled_from([*notes, *notes, "nowhere"])
    return st.one_of(st.just([]), st.sampled_from([["1"], ["1"], ["2"], ["7"]]), maybe(known))


def marks(data: dict[str, Any]) -> Lines:
    """Tags that come and go."""
    gone = st.sampled_from([*data.get("tags", ()), "gone"]).map("-{}".format)
    return st.lists(st.one_of(TAG.map("+{}".format), gone), min_size=1, max_size=3)


LINES: dict[str, Callable[[dict[str, Any]], Lines]] = {
    "new": lambda data: line(
        "new", st.sampled_from(["Eva", "Jan", "Łódź Design", "O'Hara: Sons", "東京 商事", " "]),
        options(tag=TAG, email=st.sampled_from(["a@b.cz", "no"]), title=NOTE, org=CONTACT, notes=NOTE),
    ),
    "log": lambda data: line(
        "log", st.sampled_from([["eva"], ["eva"], ["eva", "jan"], ["jan", "nobody"]]),
        st.sampled_from(["call", "email", "Meeting", "phone"]), NOTE,
        options(date=DATE, out=None, mood=NOTE, by=NAME, next=WHEN.map(" ".join)),
    ),
    "follow-up": lambda data: line(
        "follow-up", CONTACT, WHEN, NOTE,
        options(time=st.sampled_from(["14:30", "8:05", "late"]), owner=NAME),
    ),
    "promise": lambda data: line(
        "promise", CONTACT, WHEN, NOTE, options(them=None, by=NAME, made=DATE)
    ),
    "need": lambda data: line(
        "need", CONTACT, VAGUE, NOTE,
        options(because=NOTE, lead=st.sampled_from(["2 weeks", "3m", "x"])),
    ),
    "milestone": lambda data: line("milestone", CONTACT, VAGUE, NOTE, options(yearly=None)),
    "deal": lambda data: line(
        "deal", CONTACT, maybe(NAME),
        options(value=st.sampled_from(["120000 CZK", "5 EUR", "a lot"]), note=NOTE, won=None,
                stage=st.sampled_from(["offer", "lead", "sold"]), date=VAGUE.map(" ".join)),
    ),
    "feedback": lambda data: line(
        "feedback", CONTACT, maybe(NAME),
        options(score=st.sampled_from(["5", "1", "9"]), note=NOTE, date=DATE),
    ),
    "done": lambda data: line("done", CONTACT, entry(data), options(date=DATE)),
    "snooze": lambda data: line("snooze", CONTACT, entry(data), WHEN),
    "set": lambda data: line("set", CONTACT, FIELD, VALUE),
    "tag": lambda data: line("tag", CONTACT, marks(data)),
    "rename": lambda data: line(
        "rename", CONTACT, st.sampled_from(["mala", "mala", "Eva", "jan", "a/b", "łódź"])
    ),
    "archive": lambda data: line("archive", CONTACT),
}  # fmt: skip
# What a command may change in the data: + added, = another value, - gone. N stands for any entry.
CHANGES = {
    "log": {"+interactions", "+follow_ups"},
    "follow-up": {"+follow_ups"},
    "promise": {"+promises"},
    "need": {"+needs"},
    "milestone": {"+milestones"},
    "deal": {"+deals", *(f"{how}deals.N.{name}" for how in "+=" for name in
             ("value", "stage", "note", "date", "closed")), "-deals.N.closed"},
    "feedback": {"+feedback", *(f"{how}feedback.N.{name}" for how in "+=" for name in
                 ("score", "note"))},
    "done": {"+follow_ups.N.done", "=follow_ups.N.done"},
    "snooze": {"=follow_ups.N.date"},
    "tag": {"+tags", "-tags", "-tags.N"},
    "rename": {"+uid", "=organization", "-interactions.N.with.N", "+interactions.N.with"},
    "archive": {"+status", "=status", "+cadence", "=cadence", "=cadence.every",
                "+cadence.since", "=cadence.since"},
}  # fmt: skip
