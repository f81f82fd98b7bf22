"""What is said about a contact outside of lists of entries: names, work, mail, days, care."""

from benchmarks.people.hand import Entry, Item
from benchmarks.people.page import US, Page

SHORTEST, LONGEST = 1120, 2680  # characters of a file; letters with diacritics take two bytes
CADENCES = (
    "6 weeks", "3 months", "90 days", "1 year", "2 months", "6 months", "4 weeks", "6w", "3m",
    "90d", "1y", "P3M", "P6W", "10 weeks", "45 days",
)  # fmt: skip
FREE_MAIL = ("posta.example", "mail.example", "schranka.example", "poczta.example")
COFFEES = ("espresso", "latte", "☕☕", "bez kofeinu")


def identity(page: Page) -> str:
    contact = page.contact
    first = f"# {page.dice.pick(page.words.comments)}\n" if page.hand.comments > 0.2 else ""
    return "".join(
        (
            first,
            page.line("name", contact.name),
            page.line("kind", "organization" if contact.is_firm else individual(page)),
            name_parts(page),
            page.line("language", page.words.code if page.dice.chance(0.4) else ""),
            page.line("timezone", page.words.zone if page.dice.chance(0.1) else ""),
        )
    )


def individual(page: Page) -> str:
    return "individual" if page.dice.chance(0.1) else ""


def name_parts(page: Page) -> str:
    contact, dice = page.contact, page.dice
    if contact.is_firm:
        return page.hand.listing("nicknames", [contact.called]) if dice.chance(0.2) else ""
    text = ""
    if dice.chance(0.6):
        text = page.line("given_name", contact.given) + page.line("family_name", contact.family)
    if dice.chance(0.15):
        text += page.line("prefix", dice.pick(page.words.prefixes))
    if dice.chance(0.1):
        text += page.hand.listing("nicknames", [contact.given[:3]])
    return text + page.line("salutation", contact.called if dice.chance(0.5) else "")


def work(page: Page) -> str:
    if page.contact.is_firm:
        return company_numbers(page)
    dice, words = page.dice, page.words
    if page.employer:
        place = page.employer.id
    else:
        place = f"{dice.pick(words.firms)} {dice.pick(words.surnames).split(' ')[0]}"
        if dice.chance(0.6):
            return page.line("title", dice.pick(words.jobs))
    department = page.line("department", dice.pick(words.departments) if dice.chance(0.25) else "")
    return page.line("organization", place) + department + page.line("title", dice.pick(words.jobs))


def company_numbers(page: Page) -> str:
    dice, code = page.dice, page.words.code
    if not dice.chance(0.8):
        return ""
    number = dice.digits({"pl": "0000######", "en": "0#######"}.get(code, "#######"))
    if code in ("cs", "sk"):
        number += check_digit(number)
    vat = f"CZ{number}" if code == "cs" and dice.chance(0.7) else ""
    return page.line("company_id", number) + page.line("vat_id", vat)


def check_digit(digits: str) -> str:
    """The eighth digit of a Czech or Slovak company number."""
    total = sum((8 - place) * int(digit) for place, digit in enumerate(digits))
    return str((11 - total % 11) % 10)


def reach(page: Page) -> str:
    hand, dice = page.hand, page.dice
    text = hand.listing("emails", emails(page)) if dice.chance(0.92) else ""
    if dice.chance(0.88):
        text += hand.listing("phones", phones(page))
    if dice.chance(0.7 if page.contact.is_firm else 0.1):
        text += hand.listing("urls", [f"https://www.{page.contact.id}.example"])
    if dice.chance(0.08):
        text += hand.listing("profiles", [profile(page)])
    if dice.chance(0.8 if page.contact.is_firm else 0.2):
        text += hand.listing("addresses", [address(page)])
    return text


def emails(page: Page) -> list[Item]:
    contact, dice = page.contact, page.dice
    if contact.is_firm:
        boxes = dice.pick((("info",), ("info", "faktury"), ("office",)))
        return [f"{box}@{contact.id}.example" for box in boxes]
    domain = f"{page.employer.id}.example" if page.employer else dice.pick(FREE_MAIL)
    first = f"{contact.id.replace('-', '.')}@{domain}"
    if dice.chance(0.75):
        return [first]
    second = f"{contact.id}@{dice.pick(FREE_MAIL)}"
    if dice.chance(0.4):
        return [first, second]
    preferred = Entry([("value", first), ("type", "work"), ("preferred", "true")], page.aside())
    return [preferred, Entry([("value", second), ("type", "home")])]


def phones(page: Page) -> list[Item]:
    dice = page.dice
    number = dice.digits(dice.pick(page.words.phones))
    if dice.chance(0.7):
        return [number]
    first = Entry([("value", number), ("type", dice.pick(("mobile", "work")))], page.aside(0.15))
    if dice.chance(0.5):
        return [first]
    return [first, Entry([("value", dice.digits(dice.pick(page.words.phones))), ("type", "home")])]


def profile(page: Page) -> Item:
    if page.dice.chance(0.5):
        return f"https://social.example/@{page.contact.id}"
    return Entry([("service", "Mastodon"), ("user", page.contact.id.replace("-", "_"))])


def address(page: Page) -> Item:
    dice, words = page.dice, page.words
    postcode, town = dice.pick(words.towns).split("|")
    number, street = dice.number(1, 180), dice.pick(words.streets)
    road = f"{number} {street}" if words.code == "en" else f"{street} {number}"
    pairs = [("street", road), ("locality", town), ("postcode", postcode)]
    if dice.chance(0.7):
        pairs.append(("country", words.country))
    return Entry(pairs, page.aside())


def special_days(page: Page) -> str:
    contact, dice = page.contact, page.dice
    if contact.is_firm:
        return page.line("founded", page.day(-dice.number(300, 12000)) if dice.chance(0.5) else "")
    text = page.line("birthday", birthday(page)) if dice.chance(0.6) else ""
    if contact.nameday and dice.chance(0.4):
        text += page.line("nameday", f"--{contact.nameday}")
    if dice.chance(0.06):
        text += page.line("anniversary", page.day(-dice.number(200, 12000)))
    return text + page.line("died", page.past(-1500) if dice.chance(0.003) else "")


def birthday(page: Page) -> str:
    """A birthday with or without a year, now and then 29 February."""
    dice = page.dice
    year = dice.number(1938, 2005)
    if dice.chance(0.03):
        return "--02-29" if dice.chance(0.3) else f"{year // 4 * 4}-02-29"
    month_and_day = f"{dice.number(1, 12):02}-{dice.number(1, 28):02}"
    return f"--{month_and_day}" if dice.chance(0.15) else f"{year}-{month_and_day}"


def care(page: Page) -> str:
    dice, words = page.dice, page.words
    return "".join(
        (
            page.line("status", page.status),
            page.line("owner", dice.pick(US) if dice.chance(0.85) else ""),
            page.hand.listing("tags", tags(page)),
            page.line("source", dice.pick(words.sources) if dice.chance(0.3) else ""),
            page.line("introduced_by", introducer(page)),
            page.line("visibility", "private" if dice.chance(1 / 50) else ""),
            cadence(page) if dice.chance(0.85) else "",
            page.line("x_coffee", dice.pick(COFFEES) if dice.chance(0.04) else ""),
        )
    )


def tags(page: Page) -> list[Item]:
    count = page.dice.pick((0, 1, 1, 2, 2, 3, 4))
    return list(dict.fromkeys(page.dice.pick(page.words.tags) for _ in range(count)))


def introducer(page: Page) -> str:
    """Somebody from earlier in the roster, so that no circle arises."""
    index = page.contact.index
    if not index or not page.dice.chance(0.2):
        return ""
    return page.roster.contacts[page.dice.number(max(0, index - 400), index - 1)].id


def cadence(page: Page) -> str:
    dice = page.dice
    every = dice.pick(CADENCES)
    if dice.chance(0.85):
        return page.line("cadence", "none" if dice.chance(0.03) else every)
    pairs = [("every", every)]
    if dice.chance(0.6):
        pairs.append(("channels", dice.pick(("[call, meeting]", "[meeting]", "[call, video]"))))
    if dice.chance(0.4):
        pairs.append(("since", page.past(-700)))
    if dice.chance(0.2):
        pairs.append(("paused_until", page.day(dice.number(-30, 200))))
    if page.hand.longest_flow:
        return "cadence: {" + ", ".join(f"{key}: {text}" for key, text in pairs) + "}\n"
    return "cadence:\n" + "".join(f"  {key}: {text}\n" for key, text in pairs)


def notes(page: Page, size: int) -> str:
    """Some sentences about the contact; more of them when the file is short so far."""
    words = page.words
    known = page.dice.shuffled(words.company_facts if page.contact.is_firm else words.facts)
    wanted = page.dice.pick((0, 1, 2, 2, 3, 4))
    sentences: list[str] = []
    while len(sentences) < wanted or size < SHORTEST:
        fact = page.fill(known.pop()) if known else page.talk().rstrip(".") + "."
        size += len(fact)
        sentences.append(fact)
    return page.heading() + page.hand.long_text("notes", sentences) if sentences else ""
