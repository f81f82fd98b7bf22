"""Every kind of value, good and bad, with what the person is told to write instead."""

from datetime import date, time
from decimal import Decimal

import pytest

from plaintextcrm.model.contact import Cadence, Contact, Reach
from plaintextcrm.model.dates import Duration, Money, PartialDate, YearlyDay
from plaintextcrm.model.problem import Problem
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.parse import Parsed, parse_contact

TODAY = date(2026, 11, 22)
SETTINGS = Settings(
    timezone="Europe/Prague",
    currency="CZK",
    me="jana",
    people=("jana", "petr"),
    channels=("trade-fair",),
    statuses=("partner",),
    lost_reasons=("price", "timing"),
    fields=(
        ("rate", "money"),
        ("until", "date"),
        ("newsletter", "yes-no"),
        ("cms", "text"),
        ("size", "number"),
        ("languages", "list"),
        ("shop", "url"),
        ("boss", "contact"),
    ),
)


def parse(text: str) -> Parsed:
    """A contact with one more field, in the second line."""
    data = f"name: Eva\n{text}\n".encode()
    return parse_contact(data, "contacts/eva.yaml", SETTINGS, TODAY)


def good(text: str) -> Contact:
    parsed = parse(text)
    assert parsed.problems == ()
    assert parsed.contact is not None
    return parsed.contact


def only(text: str) -> Problem:
    (problem,) = parse(text).problems
    return problem


def marked(problem: Problem) -> str:
    """What the carets stand under."""
    assert problem.place.line == problem.place.end_line
    return problem.source[problem.place.column - 1 : problem.place.end_column - 1]


ANY_DATE = "write a date, such as `2026-12-01`"
BIRTHDAY = "write a date, such as `1986-12-24`, or `--12-24` without the year"
VAGUE = "write a date, such as `2026-12-01`, `2027-03`, `2027-Q1` or `2027`"
LASTING = "write a duration, such as `6 weeks`, `3m` or `P3M`"
AMOUNT = "write an amount of money, such as `120000 CZK`"
ONE_VALUE = "write one value; put a text with brackets or braces in quotes"
CHANNELS = "write one of: call, email, meeting, message, video, letter, event, social, trade-fair"


@pytest.mark.parametrize(
    ("text", "value", "code", "message", "hint"),
    [
        # dates
        *(
            ("birthday: {}", value, "bad-date", "this is not a date", hint)
            for value, hint in (
                ("24.12.1986", "write `1986-12-24`"),
                ("24. 12. 1986", "write `1986-12-24`"),
                ("24/12/1986", "write `1986-12-24`"),
                ("12/24/1986", "write `1986-12-24`"),
                ("1/2/1986", BIRTHDAY),
                ("1986/12/24", "write `1986-12-24`"),
                ("1986-2-3", "write `1986-02-03`"),
                ("1986-12-24T00:00:00Z", "write `1986-12-24`"),
                ("24.12.", "write `--12-24`"),
                ("24. 12.", "write `--12-24`"),
                ("12-24", "write `--12-24`"),
                ("-12-24", "write `--12-24`"),
                ("1986", BIRTHDAY),
                ("86-12-24", BIRTHDAY),
                ("24 December", BIRTHDAY),
                ("30.2.1986", BIRTHDAY),
                ("~", "leave it empty"),
                ("null", "leave it empty"),
            )
        ),
        ("birthday: {}", "2026-02-30", "bad-date", "February 2026 has 28 days", BIRTHDAY),
        ("birthday: {}", "1900-02-29", "bad-date", "February 1900 has 28 days", BIRTHDAY),
        ("birthday: {}", "2026-13-01", "bad-date", "there is no month 13", BIRTHDAY),
        ("birthday: {}", "0000-01-01", "bad-date", "there is no year 0", BIRTHDAY),
        ("nameday: {}", "--06-31", "bad-date", "June has 30 days", BIRTHDAY),
        ("founded: {}", "2007-Q5", "bad-date", "this is not a date", VAGUE),
        ("founded: {}", "2007-13", "bad-date", "there is no month 13", VAGUE),
        ("founded: {}", "3/2007", "bad-date", "this is not a date", "write `2007-03`"),
        ("founded: {}", "03. 2007", "bad-date", "this is not a date", "write `2007-03`"),
        ("founded: {}", "Q3 2007", "bad-date", "this is not a date", "write `2007-Q3`"),
        ("founded: {}", "2007/Q3", "bad-date", "this is not a date", "write `2007-Q3`"),
        ("founded: {}", "0000", "bad-date", "there is no year 0", VAGUE),
        ("follow_ups: [{{date: {}}}]", "tomorrow", "bad-date", "this is not a date", ANY_DATE),
        ("follow_ups: [{{date: {}}}]", "2026-12", "bad-date", "this is not a date", ANY_DATE),
        (
            "follow_ups: [{{date: 2026-12-01, done: {}}}]",
            "yes",
            "bad-date",
            "this is not a date",
            ANY_DATE,
        ),
        (
            "milestones: [{{date: {}}}]",
            "24.12.",
            "bad-date",
            "this is not a date",
            "write `--12-24`",
        ),
        # times
        *(
            ("follow_ups: [{{date: 2026-12-01, time: {}}}]", value, "bad-time", message, hint)
            for value, message, hint in (
                ("2pm", "this is not a time of day", "write `14:00`"),
                ("2 PM", "this is not a time of day", "write `14:00`"),
                ("2:30 pm", "this is not a time of day", "write `14:30`"),
                ("12am", "this is not a time of day", "write `00:00`"),
                ("12pm", "this is not a time of day", "write `12:00`"),
                ("14.30", "this is not a time of day", "write `14:30`"),
                ("14h", "this is not a time of day", "write `14:00`"),
                ("14:30:00", "this is not a time of day", "write `14:30`"),
                ("24:00", "there is no such time of day", "write a time of day, such as `14:30`"),
                ("noon", "this is not a time of day", "write a time of day, such as `14:30`"),
            )
        ),
        # durations
        *(
            ("cadence: {}", value, "bad-duration", message, hint)
            for value, message, hint in (
                ("monthly", "this is not a duration", "write `1 month`"),
                ("quarterly", "this is not a duration", "write `3 months`"),
                ("every 6 weeks", "this is not a duration", "write `6 weeks`"),
                ("every month", "this is not a duration", "write `1 month`"),
                ("six weeks", "this is not a duration", LASTING),
                ("6", "this is not a duration", LASTING),
                ("0 days", "a duration of nothing", LASTING),
                ("None", "this is no cadence", "write `none` for no reminders"),
                ("never", "this is no cadence", "write `none` for no reminders"),
            )
        ),
        (
            "follow_ups: [{{date: 2026-12-01, remind: {}}}]",
            "soon",
            "bad-duration",
            "this is not a duration",
            "write a duration, such as `30 min` or `1 day`",
        ),
        # money and numbers
        *(
            ("deals: [{{value: {}}}]", value, "bad-money", "this is not an amount of money", AMOUNT)
            for value in ("lots", "12.5k", "1200 Kč", "€1200")
        ),
        (
            "feedback: [{{date: 2026-01-01, score: {}}}]",
            "6",
            "bad-number",
            "not between 1 and 5",
            "write a score from 1 to 5, such as `4`",
        ),
        (
            "feedback: [{{date: 2026-01-01, score: {}}}]",
            "good",
            "bad-number",
            "this is not a number",
            "write a score from 1 to 5, such as `4`",
        ),
        (
            "revenue: [{{amount: 1, year: {}}}]",
            "last",
            "bad-number",
            "this is not a whole number",
            "write a year, such as `2026`",
        ),
        (
            "revenue: [{{amount: 1, year: {}}}]",
            "20266",
            "bad-number",
            "not between 1 and 9999",
            "write a year, such as `2026`",
        ),
        ("size: {}", "big", "bad-number", "this is not a number", "write a number, such as `12`"),
        ("size: {}", "nan", "bad-number", "this is not a number", "write a number, such as `12`"),
        # names of things
        (
            "uid: {}",
            "eva-mala",
            "bad-uuid",
            "this is not a UUID",
            "delete the line and run `plaintextcrm check --fix`, which writes a new one",
        ),
        (
            "language: {}",
            "en_GB",
            "bad-language",
            "this is not a language tag",
            "write a language tag, such as `cs`, `sk`, `pl` or `en-GB`",
        ),
        (
            "timezone: {}",
            "Europe/Prag",
            "bad-timezone",
            "there is no such time zone",
            "did you mean `Europe/Prague`?",
        ),
        (
            "urls: [{}]",
            "not a url",
            "bad-url",
            "this is not a web address",
            "write a web address, such as `https://example.com`",
        ),
        *(
            (
                "photo: {}",
                value,
                "bad-path",
                message,
                "write a path in the address book or a web address, such as `photos/eva.jpg`",
            )
            for value, message in (
                ("../eva.jpg", "this path leads out of the address book"),
                ("photos/../../x", "this path leads out of the address book"),
                ("/etc/passwd", "a path in the address book is wanted here"),
                ("~/eva.jpg", "a path in the address book is wanted here"),
                ("file:///etc/passwd", "a path in the address book is wanted here"),
            )
        ),
        (
            "newsletter: {}",
            "maybe",
            "bad-choice",
            "this is neither yes nor no",
            "write `yes` or `no`",
        ),
    ],
)
def test_bad_values(text: str, value: str, code: str, message: str, hint: str) -> None:
    problem = only(text.format(value))
    assert (problem.code, problem.message, problem.hint) == (code, f"{message}: `{value}`", hint)
    assert problem.place.line == 2
    assert marked(problem) == value


@pytest.mark.parametrize(
    ("text", "value", "message", "hint"),
    [
        ("status: {}", "cliet", "is no status", "did you mean `client`?"),
        ("status: {}", "Client", "is no status", "did you mean `client`?"),
        ("status: {}", "partnr", "is no status", "did you mean `partner`?"),
        (
            "kind: {}",
            "company",
            "is no kind",
            "write one of: individual, organization, group",
        ),
        ("visibility: {}", "publik", "is no visibility", "did you mean `public`?"),
        ("interactions: [{{date: 2026-01-01, channel: {}}}]", "phone", "is no channel", CHANNELS),
        (
            "interactions: [{{date: 2026-01-01, direction: {}}}]",
            "incoming",
            "is no direction",
            "write one of: in, out",
        ),
        ("deals: [{{stage: {}}}]", "loss", "is no stage", "did you mean `lost`?"),
        (
            "milestones: [{{date: 2026-01-01, repeat: {}}}]",
            "weekly",
            "is no repetition",
            "write one of: yearly",
        ),
        ("cadence: {{every: 1w, channels: [{}]}}", "phone", "is no channel", CHANNELS),
    ],
)
def test_bad_words(text: str, value: str, message: str, hint: str) -> None:
    problem = only(text.format(value))
    assert (problem.code, problem.message) == ("bad-choice", f"`{value}` {message}")
    assert problem.hint == hint
    assert marked(problem) == value


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("tags: client", "a text, where a list belongs", "write `[client]`"),
        ("tags: a, b", "a text, where a list belongs", "write `[a, b]`"),
        ("tags:\n  -a", "a text, where a list belongs", "write a space behind each dash"),
        ("tags: {a: b}", "a mapping, where a list belongs", "write it in brackets: `[…]`"),
        ("tags: [[a]]", "a list, where text belongs", ONE_VALUE),
        ("emails: eva@x.example", "a text, where a list belongs", "write `[eva@x.example]`"),
        ("follow_ups: call", "a text, where a list belongs", "write `[{date: …, note: …}]`"),
        (
            "follow_ups: {date: 2026-12-01}",
            "a mapping, where a list belongs",
            "put it in brackets: `[{…}]`",
        ),
        (
            "follow_ups:\n  date: 2026-12-01",
            "a mapping, where a list belongs",
            "begin the line below with `- `",
        ),
        ("follow_ups: [call]", "a text, where a follow-up belongs", "write `{date: …, note: …}`"),
        ("revenue: [5]", "a text, where a year's revenue belongs", "write `{year: …, amount: …}`"),
        (
            "addresses: [Brno]",
            "a text, where an address belongs",
            "write `{street: …, locality: …}`",
        ),
        ("title: [a]", "a list, where text belongs", ONE_VALUE),
        ("notes: {a: b}", "a mapping, where text belongs", ONE_VALUE),
        ("birthday: [1986-12-24]", "a list, where a date belongs", ONE_VALUE),
        ("cadence: [6 weeks]", "a list, where a duration belongs", ONE_VALUE),
        ("status: [client]", "a list, where status belongs", ONE_VALUE),
        ("emails: [{value: [a]}]", "a list, where an e-mail address belongs", ONE_VALUE),
    ],
)
def test_wrong_shapes(text: str, message: str, hint: str) -> None:
    problem = only(text)
    assert (problem.code, problem.message, problem.hint) == ("wrong-shape", message, hint)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "follow_ups: [{note: x}]",
            "a follow-up without `date`",
            "add `date: …`: the day on which to do it",
        ),
        (
            "follow_ups: [{date: , note: x}]",
            "a follow-up without `date`",
            "add `date: …`: the day on which to do it",
        ),
        (
            "emails: [{type: work}]",
            "an e-mail address without `value`",
            "add `value: …`: an e-mail address",
        ),
        (
            "revenue: [{year: 2026}]",
            "a year's revenue without `amount`",
            "add `amount: …`: turnover in that year",
        ),
        (
            "related: [{type: spouse}]",
            "a relation without `contact`",
            "add `contact: …`: the other contact's id",
        ),
        (
            "cadence: {since: 2026-01-01}",
            "a cadence without `every`",
            "add `every: …`: how long after the last contact",
        ),
    ],
)
def test_missing_fields(text: str, message: str, hint: str) -> None:
    problem = only(text)
    assert (problem.code, problem.message, problem.hint) == ("missing-field", message, hint)


def test_a_wrong_required_field_is_one_problem_not_two() -> None:
    assert only("follow_ups: [{date: soon, note: x}]").code == "bad-date"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("folow_ups: []", "a contact has no field `folow_ups`", "did you mean `follow_ups`?"),
        ("Name: x", "a contact has no field `Name`", "did you mean `name`?"),
        ("email: a@b.c", "a contact has no field `email`", "did you mean `emails`?"),
        ("cmss: x", "a contact has no field `cmss`", "did you mean `cms`?"),
        ("zzz: y", "a contact has no field `zzz`", "fields of your own begin with `x_`"),
        (
            "cadence: {every: 1w, chanels: [call]}",
            "a cadence has no field `chanels`",
            "did you mean `channels`?",
        ),
        (
            "deals: [{value: 1.200,50 EUR}]",
            "a deal has no field `50 EUR`",
            "in braces a comma ends a value: put a value with commas in quotes",
        ),
        (
            "deals: [{name:Shop}]",
            "a deal has no field `name`",
            "write a space behind the colon",
        ),
        (
            "\xa0title: x",
            "a contact has no field `title`",
            "replace the no-break space by a plain one",
        ),
    ],
)
def test_unknown_fields(text: str, message: str, hint: str) -> None:
    problem = only(text)
    assert (problem.code, problem.message, problem.hint) == ("unknown-field", message, hint)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (r'notes: "a\0b"', "0000"),
        (r'notes: "a\eb"', "001B"),
        (r'notes: "a\Lb"', "2028"),
        (r'notes: "a\x85b"', "0085"),
        (r'tags: ["\x07"]', "0007"),
        (r'x_a: {b: ["\x1b[2J"]}', "001B"),
        (r'"x_\x07": a', "0007"),
    ],
)
def test_escapes_bring_in_no_control_characters(text: str, code: str) -> None:
    parsed = parse(text)
    (problem,) = parsed.problems
    assert problem.code == "control-character"
    assert problem.message == f"an escape that stands for U+{code}, which cannot be seen"
    assert parsed.contact is not None
    assert all(ord(character) >= 32 for character in repr(parsed.contact))


@pytest.mark.parametrize("text", [r'notes: "a\tb"', r'notes: "a\nb"', r"notes: 'a\0b'"])
def test_escapes_that_are_fine(text: str) -> None:
    good(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1986-12-24", YearlyDay(12, 24, 1986)),
        ("--12-24", YearlyDay(12, 24)),
        ("--1224", YearlyDay(12, 24)),
        ("--02-29", YearlyDay(2, 29)),
        ("2028-02-29", YearlyDay(2, 29, 2028)),
        ('"1986-12-24"', YearlyDay(12, 24, 1986)),
        ("' 1986-12-24 '", YearlyDay(12, 24, 1986)),
        ("", None),
    ],
)
def test_good_birthdays(text: str, value: YearlyDay | None) -> None:
    assert good(f"birthday: {text}").birthday == value


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2007-03-15", date(2007, 3, 15), date(2007, 3, 15)),
        ("2007-02", date(2007, 2, 1), date(2007, 2, 28)),
        ("2007-Q4", date(2007, 10, 1), date(2007, 12, 31)),
        ("2007-q1", date(2007, 1, 1), date(2007, 3, 31)),
        ("2007", date(2007, 1, 1), date(2007, 12, 31)),
    ],
)
def test_good_vague_dates(text: str, first: date, last: date) -> None:
    assert good(f"founded: {text}").founded == PartialDate(first, last, text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6 weeks", Cadence(Duration(days=42))),
        ("6w", Cadence(Duration(days=42))),
        ("3 months", Cadence(Duration(months=3))),
        ("3m", Cadence(Duration(months=3))),
        ("90d", Cadence(Duration(days=90))),
        ("1 Year", Cadence(Duration(months=12))),
        ("P3M", Cadence(Duration(months=3))),
        ("p1y6m", Cadence(Duration(months=18))),
        ("none", Cadence(None)),
        ("{every: 1y}", Cadence(Duration(months=12))),
        ("{every: 1w, channels: call}", Cadence(Duration(days=7), ("call",))),
        (
            "{every: 1w, since: 2026-01-01, paused_until: 2026-06-01}",
            Cadence(Duration(days=7), (), date(2026, 1, 1), date(2026, 6, 1)),
        ),
    ],
)
def test_good_cadences(text: str, value: Cadence) -> None:
    assert good(f"cadence: {text}").cadence == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("120000 CZK", Money(Decimal(120000), "CZK")),
        ("120000", Money(Decimal(120000), "CZK")),
        ("120 000 eur", Money(Decimal(120000), "EUR")),
        ("1 200.50 EUR", Money(Decimal("1200.50"), "EUR")),
        ('"1.200,50 EUR"', Money(Decimal("1200.50"), "EUR")),
        ("1'200 CHF", Money(Decimal(1200), "CHF")),
        ("-5", Money(Decimal(-5), "CZK")),
    ],
)
def test_good_money(text: str, value: Money) -> None:
    (deal,) = good(f"deals: [{{value: {text}}}]").deals
    assert deal.value == value


@pytest.mark.parametrize(("text", "value"), [("14:30", time(14, 30)), ("9:05", time(9, 5))])
def test_good_times(text: str, value: time) -> None:
    (entry,) = good(f"follow_ups: [{{date: 2026-12-01, time: {text}}}]").follow_ups
    assert entry.time == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("rate: 1450", Money(Decimal(1450), "CZK")),
        ("until: 2028-Q2", PartialDate(date(2028, 4, 1), date(2028, 6, 30), "2028-Q2")),
        ("newsletter: yes", True),
        ("newsletter: Off", False),
        ("cms: 3.10", "3.10"),
        ("size: '1,5'", Decimal("1.5")),
        ("languages: [cs, en]", ("cs", "en")),
        ("languages: cs", ("cs",)),
        ("shop: https://x.example", "https://x.example"),
        ("boss: acme", "acme"),
        ("x_coffee: flat white, NO sugar", "flat white, NO sugar"),
        ("x_deep: {a: [01, {b: no}], c: }", {"a": ["01", {"b": "no"}], "c": ""}),
    ],
)
def test_declared_and_own_fields(text: str, value: object) -> None:
    assert list(good(text).more.values()) == [value]


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        ("emails: [eva@x.example]", Reach("eva@x.example")),
        ("emails: [{value: eva@x.example, type: work, preferred: yes}]",
         Reach("eva@x.example", "work", True)),
        ("emails:\n  - eva@x.example", Reach("eva@x.example")),
    ],
)  # fmt: skip
def test_a_short_and_a_long_way(text: str, reach: Reach) -> None:
    assert good(text).emails == (reach,)


def test_empty_fields_and_items_are_not_set() -> None:
    contact = good("birthday:\ntags:\nemails: []\nfollow_ups: [{date: 2026-12-01, done: }]")
    assert (contact.birthday, contact.tags, contact.emails) == (None, (), ())
    assert contact.follow_ups[0].done is None


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("owner: jan", "unknown-person", "did you mean `jana`?"),
        ("owner: wolfgang", "unknown-person", "add it to `people` in plaintextcrm.yaml"),
        ("deals: [{reason: prise}]", "unknown-reason", "did you mean `price`?"),
        ("deals: [{reason: weather}]", "unknown-reason", "write one of: price, timing"),
        (
            "interactions: [{date: 2026-11-23}]",
            "future-interaction",
            "check the year; what is planned belongs under `follow_ups`",
        ),
    ],
)
def test_warnings(text: str, code: str, hint: str) -> None:
    problem = only(text)
    assert (problem.code, problem.severity, problem.hint) == (code, "warning", hint)
    assert parse(text).good
