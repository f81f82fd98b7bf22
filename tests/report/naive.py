"""What reports tell, read off all contacts in memory: slow, simple, and without the book."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from statistics import mean, median
from typing import Any

from plaintextcrm.model.contact import Contact, Interaction, Promise
from plaintextcrm.model.dates import Money
from plaintextcrm.model.reminders import promised_by_them, reminders
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fold import key_of

Row = tuple[Any, ...]
Sums = tuple[tuple[str, float], ...]
YEAR_BACK = date(2025, 12, 1)


class Naive:
    """All contacts of a folder on a day."""

    def __init__(self, contacts: list[Contact], settings: Settings, today: date) -> None:
        self.contacts = sorted(contacts, key=lambda one: (one.id, one.path))
        self.settings = settings
        self.today = today

    # --- helpers ----------------------------------------------------------------------------------

    def sums(self, amounts: list[Money]) -> Sums:
        found: dict[str, float] = defaultdict(float)
        for amount in amounts:
            number, currency = self.settings.converted(float(amount.amount), amount.currency)
            found[currency] += number
        return tuple(sorted((one, round(number, 2)) for one, number in found.items()))

    def alive(self) -> list[Contact]:
        return [one for one in self.contacts if one.died is None and one.status != "do-not-contact"]

    def talks(self, contact: Contact) -> list[tuple[bool, Interaction]]:
        """What counts as a talk with a contact; True for those of its own file."""
        found = [(True, talk) for talk in contact.interactions]
        if contact.kind == "organization":
            for other in self.contacts:
                at = other.organization and key_of(other.organization)
                if other is not contact and at == key_of(contact.id):
                    found += [(False, talk) for talk in other.interactions]
        return [(own, talk) for own, talk in found if talk.date <= self.today]

    def past(self) -> Iterator[tuple[Contact, Interaction]]:
        for contact in self.contacts:
            for talk in contact.interactions:
                if talk.date <= self.today:
                    yield contact, talk

    def means(self, stage: str) -> str:
        return self.settings.stage_means(stage) if stage else ""

    # --- top --------------------------------------------------------------------------------------

    def ranking(self, year: int) -> list[tuple[Contact, str, str, float, float]]:
        """Contact, class, currency, turnover and share."""
        found = []
        turnover: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for number, contact in enumerate(self.contacts):
            amounts = [one.amount for one in contact.revenue if one.year == year]
            for currency, amount in self.sums(amounts):
                if amount > 0:
                    turnover[currency].append((-amount, number))
        for currency, rows in turnover.items():
            total = -sum(amount for amount, _number in rows)
            above = 0.0
            for amount, number in sorted(rows):
                begin = round(above / total, 9)
                letter = "A" if begin < 0.8 else "B" if begin < 0.95 else "C"
                found.append((self.contacts[number], letter, currency, -amount, -amount / total))
                above -= amount
        return found

    def class_of(self, contact: Contact) -> str:
        letters = [row[1] for row in self.ranking(self.today.year - 1) if row[0] is contact]
        return min(letters, default="")

    def top(self, year: int) -> list[Row]:
        return [
            (one.id, letter, currency, round(amount, 2), round(share, 6), self._last(one))
            for one, letter, currency, amount, share in self.ranking(year)
        ]

    def _last(self, contact: Contact) -> str | None:
        days = [talk.date for _own, talk in self.talks(contact)]
        return max(days).isoformat() if days else None

    # --- silent -----------------------------------------------------------------------------------

    def silent(self) -> list[tuple[str, set[float]]]:
        """Each contact's possible scores: of talks on one day any may be the last."""
        return [(one.id, self._scores(one)) for one in self.alive() if self._minded(one)]

    def _minded(self, contact: Contact) -> bool:
        rhythm = contact.cadence
        if rhythm is None:
            return True
        paused = rhythm.paused_until is not None and rhythm.paused_until > self.today
        return rhythm.every is not None and not paused

    def _scores(self, contact: Contact) -> set[float]:
        weights, letter = self.settings.weights, self.class_of(contact)
        talks = self.talks(contact)
        days = sorted({talk.date for _own, talk in talks})
        total = 0.0
        usual = self._usual(contact, days, letter)
        if days and usual:
            drift = (self.today - days[-1]).days / usual - 1
            total += round(min(max(drift, 0), 5) * weights.silence, 2)
        for promise in contact.promises:
            ours = not promised_by_them(contact, promise, self.settings)
            if promise.done is None and ours and promise.date < self.today:
                late = (self.today - promise.date).days
                total += round(min(late / 7, 12) * weights.promise, 2)
        scores = [
            one for one in contact.feedback if one.score is not None and one.date <= self.today
        ]
        if scores:
            last = [one for one in scores if one.date == max(one.date for one in scores)][-1]
            assert last.score is not None
            total += round(max(4 - float(last.score), 0) * weights.feedback, 2)
        latest = [one for one in talks if one[1].date == days[-1]] if days else []
        own = [one for one in latest if one[0]] or latest
        factor = {"A": weights.a, "B": weights.b, "C": weights.c}.get(letter, 1)
        moods = {talk.mood for _own, talk in own} or {""}
        return {
            round(factor * (total + (weights.mood if self.settings.is_bad(mood) else 0)), 1)
            for mood in moods
        }

    def _usual(self, contact: Contact, days: list[date], letter: str) -> int | None:
        if len(days) >= 3:
            return round(median((b - a).days for a, b in pairwise(days)))
        keep = [
            one
            for one in reminders(contact, self.settings, self.today, letter)
            if one.kind == "keep-in-touch"
        ]
        if days and keep and keep[0].due and keep[0].due > days[-1]:
            return (keep[0].due - days[-1]).days
        return None

    # --- lost -------------------------------------------------------------------------------------

    def lost(self, key: Callable[[Contact, Any], Any]) -> dict[Any, tuple[int, Sums]]:
        """The lost deals grouped by a key: how many, and their value."""
        groups: dict[Any, list[Any]] = defaultdict(list)
        for contact in self.contacts:
            for deal in contact.deals:
                if self.means(deal.stage) == "lost":
                    groups[key(contact, deal)].append(deal)
        return {
            group: (len(deals), self.sums([deal.value for deal in deals if deal.value]))
            for group, deals in groups.items()
        }

    def bought_again(self) -> int:
        return sum(
            1
            for contact in self.contacts
            for deal in contact.deals
            if self.means(deal.stage) == "lost" and deal.closed
            and any(
                self.means(other.stage) == "won" and other.closed and other.closed > deal.closed
                for other in contact.deals
            )
        )  # fmt: skip

    # --- promises ---------------------------------------------------------------------------------

    def promises(self) -> list[tuple[str, Promise]]:
        """Each promise, and who gave it."""
        found = []
        for contact in self.contacts:
            ours = contact.owner or self.settings.me or "us"
            for promise in contact.promises:
                theirs = promised_by_them(contact, promise, self.settings)
                found.append(("them" if theirs else promise.by or ours, promise))
        return found

    def people(self) -> list[Row]:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for by, promise in self.promises():
            if promise.done is None:
                counts[by]["open"] += 1
                counts[by]["late"] += promise.date < self.today
            elif YEAR_BACK <= promise.done <= self.today:
                counts[by]["on time" if promise.done <= promise.date else "too late"] += 1
        return [
            (by, *(count[one] for one in ("open", "late", "on time", "too late")))
            for by, count in counts.items()
        ]

    # --- the others -------------------------------------------------------------------------------

    def introductions(self) -> set[tuple[str, str]]:
        """Who may stand below whom in the tree; by id, or by name where it is no contact."""
        found = set()
        for one in self.contacts:
            found |= {(one.introduced_by, one.id)} if one.introduced_by else set()
            found |= {(one.id, name) for item in one.referrals for name in item.to}
        known = {key_of(one.id): one.id for one in self.contacts}
        return {(known.get(key_of(by), by), known.get(key_of(who), who)) for by, who in found}

    def turnover(self, contact_id: str) -> list[Sums]:
        """All turnover of the contacts with this id."""
        return [
            self.sums([item.amount for item in one.revenue])
            for one in self.contacts
            if one.id == contact_id
        ]

    def ready(self) -> list[str]:
        found = []
        for one in self.alive():
            scores = [
                item for item in one.feedback if item.score is not None and item.date <= self.today
            ]
            if not scores:
                continue
            latest = max(item.date for item in scores)
            last = [item for item in scores if item.date == latest][-1]
            waits = any(
                promise.done is None and not promised_by_them(one, promise, self.settings)
                for promise in one.promises
            )
            asked = any(item.date and item.date > date(2026, 5, 22) for item in one.referrals)
            if last.score is not None and last.score >= 4 and not waits and not asked:
                found.append(one.id)
        return found

    def channels(self) -> list[Row]:
        talks = [one for one in self.past() if one[1].date >= YEAR_BACK]
        return [
            (channel or None, len(those), len({contact.path for contact, _talk in those}))
            for channel in {talk.channel for _contact, talk in talks}
            for those in [[one for one in talks if one[1].channel == channel]]
        ]

    def single(self) -> list[Row]:
        found = []
        for contact in self.alive():
            used = [
                one.channel
                for one in contact.interactions
                if one.date <= self.today and one.channel
            ]
            if len(used) >= 2 and len(set(used)) == 1:
                found.append((contact.id, used[0], len(used)))
        return found

    def scores(self, key: Callable[[Any], Any]) -> list[Row]:
        groups: dict[Any, list[float]] = defaultdict(list)
        for contact in self.contacts:
            for item in contact.feedback:
                if item.score is not None:
                    groups[key(item)].append(float(item.score))
        return [(one, len(all_), round(mean(all_), 2), min(all_)) for one, all_ in groups.items()]

    def weeks(self) -> dict[str, Row]:
        """Talks, new contacts, deals won and lost of each week in which there was something."""
        begin = date(2026, 5, 25)
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])

        def count(day: date, place: int) -> None:
            if begin <= day <= self.today:
                counts[(day - timedelta(days=day.weekday())).isoformat()][place] += 1

        for _contact, talk in self.past():
            count(talk.date, 0)
        for contact in self.contacts:
            days = [talk.date for talk in contact.interactions if talk.date <= self.today]
            if days:
                count(min(days), 1)
            for deal in contact.deals:
                means = self.means(deal.stage)
                if deal.closed and means in ("won", "lost"):
                    count(deal.closed, 2 if means == "won" else 3)
        return {week: tuple(found) for week, found in counts.items()}

    def pipeline(self) -> list[Row]:
        groups: dict[str, list[Any]] = defaultdict(list)
        for contact in self.contacts:
            for deal in contact.deals:
                is_open = not deal.stage or self.means(deal.stage) == "open"
                if is_open and deal.closed is None and deal.done is None:
                    groups[deal.stage].append(deal)
        return [
            (stage or None, len(deals), self.sums([deal.value for deal in deals if deal.value]))
            for stage, deals in groups.items()
        ]
