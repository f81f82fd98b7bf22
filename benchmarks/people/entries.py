"""The lists of a contact: talks, and what is due, lost, earned or promised."""

from collections.abc import Callable
from datetime import date

from benchmarks.people.hand import Entry, Item, Pairs
from benchmarks.people.page import US, Page

CHANNELS = (
    *("call", "email") * 3, *("meeting", "message") * 2, "video", "event", "social", "letter",
)  # fmt: skip
TIMES = ("08:30", "09:00", "10:15", "11:00", "13:30", "14:30", "15:45", "16:00")
TIMES_AT_CLOCK_CHANGE = ("01:30", "02:00", "02:30", "03:00", *TIMES)
CLOCK_CHANGES = (date(2027, 3, 28), date(2026, 10, 25))
LOST_REASONS = (*("price", "competitor") * 2, "timing", "no budget", "no answer")


def interactions(page: Page) -> list[Item]:
    """Talks with ever older dates; some people write the newest first, some last."""
    dice = page.dice
    count = 3 + int(13 * dice.roll() ** 1.3)
    pace = dice.number(5, 60)
    offset = -dice.number(0, 3 * pace)
    entries = []
    for _ in range(count):
        entries.append(interaction(page, offset))
        offset -= dice.number(1, 2 * pace)
    return entries if dice.chance(0.6) else entries[::-1]


def interaction(page: Page, offset: int) -> Item:
    dice = page.dice
    pairs = [("date", page.day(offset))]
    if dice.chance(0.08):
        pairs.append(("time", dice.pick(TIMES)))
    pairs.append(("channel", dice.pick(CHANNELS)))
    if dice.chance(0.12):
        pairs.append(("direction", dice.pick(("in", "out"))))
    if dice.chance(0.15):
        pairs.append(("by", dice.pick(US)))
    if dice.chance(0.05) and (other := page.somebody()):
        pairs.append(("with", other))
    if dice.chance(0.1):
        pairs.append(("mood", dice.pick(("good", "good", "neutral", "bad"))))
    pairs.append(("note", page.talk()))
    return Entry(pairs, page.aside(0.04))


def follow_ups(page: Page) -> list[Item]:
    return [follow_up(page) for _ in range(page.dice.pick((1, 1, 1, 2, 2, 3)))]


def follow_up(page: Page) -> Item:
    dice = page.dice
    offset = dice.number(-90, 120)
    times: tuple[str, ...] = TIMES if dice.chance(0.12) else ()
    if dice.chance(0.04):
        offset = (dice.pick(CLOCK_CHANGES) - page.today).days
        times = TIMES_AT_CLOCK_CHANGE
    pairs = [("date", page.day(offset))]
    if times:
        pairs.append(("time", dice.pick(times)))
    pairs.append(("note", page.one_of(page.words.tasks)))
    if dice.chance(0.15):
        pairs.append(("owner", dice.pick(US)))
    if dice.chance(0.05):
        pairs.append(("remind", dice.pick(("1 day", "2 days", "1 week"))))
    if offset <= 0 and dice.chance(0.75):
        pairs.append(("done", page.past(offset)))
    return Entry(pairs, page.aside())


def promises(page: Page) -> list[Item]:
    return [promise(page) for _ in range(page.dice.pick((1, 1, 2)))]


def promise(page: Page) -> Item:
    dice = page.dice
    made = -dice.number(5, 120)
    due = made + dice.number(4, 90)
    pairs = [("date", page.day(due)), ("note", page.one_of(page.words.promises))]
    if dice.chance(0.5):
        pairs.append(("by", dice.pick((*US, "them"))))
    if dice.chance(0.6):
        pairs.append(("made", page.day(made)))
    if dice.chance(0.7 if due < 0 else 0.15):
        pairs.append(("done", page.past(made)))
    return Entry(pairs, page.aside())


def needs(page: Page) -> list[Item]:
    return [need(page) for _ in range(page.dice.pick((1, 1, 1, 2)))]


def need(page: Page) -> Item:
    dice = page.dice
    offset = dice.number(-120, 700)
    pairs = [("date", page.vague_day(offset)), ("note", page.one_of(page.words.needs))]
    if dice.chance(0.6):
        pairs.append(("because", page.one_of(page.words.reasons)))
    if dice.chance(0.3):
        pairs.append(("lead", dice.pick(("2 weeks", "1 month", "6w", "10 days", "3m"))))
    if offset < -30 and dice.chance(0.6):
        pairs.append(("done", page.past(offset + 30)))
    return Entry(pairs, page.aside())


def milestones(page: Page) -> list[Item]:
    return [milestone(page) for _ in range(page.dice.pick((1, 1, 2)))]


def milestone(page: Page) -> Item:
    dice, words = page.dice, page.words
    offset = dice.number(-9000, 400)
    note = dice.pick(words.anniversaries if page.contact.is_firm else words.milestones)
    if dice.chance(0.6):
        pairs = [("date", page.day(offset)), ("note", note), ("repeat", "yearly")]
        return Entry(pairs, page.aside())
    return Entry([("date", page.vague_day(offset)), ("note", note)], page.aside())


def deals(page: Page) -> list[Item]:
    return [deal(page) for _ in range(page.dice.pick((1, 1, 2, 3)))]


def deal(page: Page) -> Item:
    """A deal: more often lost where the contact is."""
    dice = page.dice
    topic = dice.pick(page.words.topics)
    pairs = [("name", topic[0].upper() + topic[1:])]
    if dice.chance(0.8 if page.status == "lost" else 0.25):
        pairs += lost(page)
    elif dice.chance(0.5):
        pairs += [("stage", "won"), ("value", page.money(page.amount(9000)))]
        pairs.append(("closed", page.past(-900)))
    else:
        pairs += open_deal(page)
    if dice.chance(0.3):
        pairs.append(("note", page.one_of(page.words.ends)))
    return Entry(pairs, page.aside())


def open_deal(page: Page) -> Pairs:
    dice = page.dice
    return [
        ("stage", dice.pick(("lead", "offer", "negotiation"))),
        ("value", page.money(page.amount(12000))),
        ("date", page.vague_day(dice.number(-40, 240))),
    ]


def lost(page: Page) -> Pairs:
    dice = page.dice
    reason = dice.pick(LOST_REASONS)
    pairs = [("stage", "lost"), ("value", page.money(page.amount(10000)))]
    pairs += [("closed", page.past(-900)), ("reason", reason)]
    if reason == "competitor" or dice.chance(0.3):
        pairs.append(("competitor", dice.pick(page.words.rivals)))
    when = page.day(dice.number(-30, 500))
    # Where nobody will try again, the deal is closed for good.
    pairs.append(("win_back", when) if dice.chance(0.6) else ("done", page.past(-30)))
    return pairs


def revenue(page: Page) -> list[Item]:
    """The turnover of the last years, only for those who buy or bought."""
    if page.status not in ("client", "dormant"):
        return []
    scale = page.amount(8000)
    items: list[Item] = []
    for back in range(1, min(page.dice.number(2, 4), page.today.year)):
        amount = page.money(scale * page.dice.number(40, 160) // 10000 * 100)
        items.append(Entry([("year", f"{page.today.year - back:04}"), ("amount", amount)]))
    return items


def referrals(page: Page) -> list[Item]:
    pairs = [("date", page.past(-500)), ("note", page.one_of(page.words.talks))]
    if page.dice.chance(0.6) and (other := page.somebody()):
        pairs.append(("to", other))
    return [Entry(pairs, page.aside())]


def feedback(page: Page) -> list[Item]:
    dice = page.dice
    pairs = [("date", page.past(-400)), ("about", dice.pick(page.words.topics))]
    if dice.chance(0.7):
        pairs.append(("score", str(dice.pick((1, 2, 3, 4, 4, 5, 5, 5)))))
        pairs.append(("note", page.one_of(page.words.ends)))
    return [Entry(pairs, page.aside())]


def related(page: Page) -> list[Item]:
    other = page.somebody()
    if page.contact.is_firm or not other:
        return []
    kind = page.dice.pick(("friend", "colleague", "spouse", "sibling", "neighbor"))
    return [Entry([("contact", other), ("type", kind)], page.aside(0.2))]


LISTS: tuple[tuple[str, float, Callable[[Page], list[Item]]], ...] = (
    ("follow_ups", 0.6, follow_ups),
    ("promises", 0.35, promises),
    ("needs", 0.35, needs),
    ("milestones", 0.3, milestones),
    ("deals", 0.4, deals),
    ("revenue", 0.8, revenue),
    ("referrals", 0.08, referrals),
    ("feedback", 0.1, feedback),
    ("related", 0.08, related),
)
