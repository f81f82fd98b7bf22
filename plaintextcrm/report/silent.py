"""`report silent`: who is slipping away, and why we think so.

No number here is hidden: the score is the sum of its parts, multiplied by the weight of the class,
and each part is shown with its words.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from plaintextcrm.book.answers.cards import NEXT
from plaintextcrm.report.asking import ALIVE, Question
from plaintextcrm.report.talks import Talks, talks
from plaintextcrm.report.values import DAY, NUMBER, PARTS, Chart, Column, Part, Report, Table

LEAST_TALKS = 3  # two gaps: what happened once is no rhythm
MOST_SPANS = 5  # who is silent for longer is lost as much
MOST_WEEKS = 12
GOOD_SCORE = 4

# A pause, or a cadence of `none`, says that silence is meant.
_PEOPLE = f"""
SELECT c.file, f.path, c.id, c.name, c.class, c.owner, {NEXT}, r.due
FROM contacts c JOIN files f USING (file)
LEFT JOIN reminders r ON r.file = c.file AND r.kind = 'keep-in-touch'
LEFT JOIN cadence d ON d.file = c.file
WHERE c.file IN {{chosen}} AND {ALIVE} AND (d.file IS NULL OR
  (d.every_days IS NOT NULL AND (d.paused_until IS NULL OR d.paused_until <= :today)))
"""
_LATE = """
SELECT p.file, r.due FROM contacts p JOIN reminders r ON r.file = p.file
WHERE r.kind = 'promise' AND r.action = 'ours' AND r.due < :today AND p.file IN {chosen} ORDER BY r.due
"""
_SCORES = """
SELECT file, score FROM feedback WHERE score IS NOT NULL AND date <= :today AND file IN {chosen}
ORDER BY file, date, n
"""


class Silence(NamedTuple):
    """How it stands with a contact: see `silences`. `drift` counts usual spans beyond the first."""

    file: int
    path: str
    contact: str
    name: str
    class_: str
    owner: str
    next: str | None
    last: str | None
    days: int | None
    usual: int | None
    drift: float
    parts: tuple[Part, ...]
    score: float


_NONE = Talks((), "")


def silent(question: Question) -> Report:
    """Everybody for whom something speaks against, the most urgent first."""
    found = [silence for silence in silences(question) if silence.score > 0]
    found.sort(key=lambda silence: (-silence.score, silence.name, silence.contact))
    rows = [
        (one.contact, one.name, one.class_ or None, one.score, one.parts, one.last, one.days,
         one.usual, one.next, one.owner or None)
        for one in found
    ]  # fmt: skip
    columns = (
        Column("contact", "Contact"),
        Column("name", "Name"),
        Column("class", "Class"),
        Column("score", "Score", NUMBER),
        Column("why", "Why", PARTS),
        Column("last", "Last talk", DAY),
        Column("days", "Days ago", NUMBER),
        Column("usual", "Usually", NUMBER),
        Column("next", "Next", DAY),
        Column("owner", "Owner"),
    )
    nothing = "Nobody is slipping away, as far as the files tell."
    table = Table("silent", "Who is slipping away", columns, rows, nothing,
                  Chart("bars", "name", ("score",)))  # fmt: skip
    return Report("silent", "Who is slipping away", (table,))


def silences(question: Question) -> Iterator[Silence]:
    """How it stands with everybody who is to be cared for.

    The usual span is the median of the days between their talks; with fewer than three talks the
    cadence. Silent is who was not talked with for longer than that.
    """
    weights = question.book.settings.weights
    spoken_of, late, scores = talks(question), _late(question), _scores(question)
    for file, path, contact, name, class_, owner, next_, due in question.rows(_PEOPLE):
        spoken = spoken_of.get(file, _NONE)
        last = spoken.days[-1] if spoken.days else None
        days = (question.today - last).days if last else None
        usual = _usual(spoken.days, due)
        drift = max(days / usual - 1, 0) if days is not None and usual else 0.0
        parts = tuple(
            part
            for part in (
                _of_silence(drift, days, usual, weights.silence),
                *(_of_promise(question.today, day, weights.promise) for day in late.get(file, ())),
                _of_mood(question, spoken.mood, weights.mood),
                _of_feedback(scores.get(file), weights.feedback),
            )
            if part is not None and part.points > 0
        )
        factor = weights.of_class(class_)
        score = round(factor * sum(part.points for part in parts), 1)
        if parts and class_ and factor != 1:
            parts += (Part("class", 0, f"{class_} client: {factor:g} times"),)
        yield Silence(
            file, path, contact, name, class_, owner, next_, last.isoformat() if last else None, days, usual,
            drift, parts, score,
        )  # fmt: skip


def _late(question: Question) -> dict[int, list[date]]:
    late: dict[int, list[date]] = defaultdict(list)
    for file, due in question.rows(_LATE):
        late[file].append(date.fromisoformat(due))
    return late


def _scores(question: Question) -> dict[int, float]:
    """The last score of each contact."""
    return dict(question.rows(_SCORES))


def _usual(days: tuple[date, ...], due: str | None) -> int | None:
    """The usual days from talk to talk; None where there is nothing to tell it by."""
    if len(days) >= LEAST_TALKS:
        gaps = [(after - before).days for before, after in pairwise(days)]
        return round(median(gaps))
    if days and due and (cadence := (date.fromisoformat(due) - days[-1]).days) > 0:
        return cadence
    return None


def _of_silence(drift: float, days: int | None, usual: int | None, weight: float) -> Part:
    points = round(min(drift, MOST_SPANS) * weight, 2)
    return Part("silence", points, spell_silence(days, usual))


def spell_silence(days: int | None, usual: int | None) -> str:
    """How long nobody talked with a contact."""
    return f"no talk for {days} days, usually {usual}"


def _of_promise(today: date, due: date, weight: float) -> Part:
    days = (today - due).days
    points = round(min(days / 7, MOST_WEEKS) * weight, 2)
    return Part("promise", points, f"promise {spell_days(days)} late")


def spell_days(days: int) -> str:
    """A number of days as one says it: `3 days`, `5 weeks`."""
    number, unit = (days // 7, "week") if days >= 7 else (days, "day")
    return f"{number} {unit}{'s' * (number != 1)}"


def _of_mood(question: Question, mood: str, weight: float) -> Part | None:
    if not mood or not question.book.settings.is_bad(mood):
        return None
    return Part("mood", weight, f"last mood: {mood}")


def _of_feedback(score: float | None, weight: float) -> Part | None:
    if score is None or score >= GOOD_SCORE:
        return None
    return Part("feedback", round((GOOD_SCORE - score) * weight, 2), f"feedback {score:g} of 5")
