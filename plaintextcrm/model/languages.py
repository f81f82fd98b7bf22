"""The words of reminders in each language that a feed can have.

A person's name is never declined: where a language would do so, the name stands behind a dash.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

# Counts when the words here change: events that were rendered with others are not used again.
VERSION = 2


# The channels that have a verb of their own.
VERBS = ("call", "email", "message", "meeting", "video", "letter")


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language; `*` stands for what is put in.

    `kinds` names the kinds of reminders, `heads` says what to do with whom: by kind, for a
    keep-in-touch by channel, and `theirs` for a promise of the other side. `years` counts them,
    `turns` is for a birthday, `nth` for an anniversary.
    """

    kinds: Mapping[str, str]
    heads: Mapping[str, str]
    channels: Mapping[str, str]
    years: Callable[[int], str]
    turns: Callable[[int], str]
    nth: Callable[[int], str]
    founded: str
    lost_to: str
    we_promised: str
    they_promised: str
    done: str
    afterwards: str
    more: str
    nothing: str
    tasks: str

    def head(self, kind: str, action: str, person: str) -> str:
        """What to do with `person`; `action` is the reminder's."""
        key = action if kind == "keep-in-touch" and action in VERBS else kind
        key = "theirs" if kind == "promise" and action == "theirs" else key
        return put(self.heads.get(key, "*"), person)


def put(words: str, text: str) -> str:
    """The words with the text in its place."""
    before, _star, after = words.partition("*")
    return f"{before}{text}{after}"


def _english(years: int) -> str:
    return f"{years} year{'s' * (years != 1)}"


def _ordinal(number: int) -> str:
    """`1st`, `22nd`, `113th`."""
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _czech(years: int) -> str:
    return f"{years} {'rok' if years == 1 else 'roky' if 2 <= years <= 4 else 'let'}"


def _slovak(years: int) -> str:
    return f"{years} {'rok' if years == 1 else 'roky' if 2 <= years <= 4 else 'rokov'}"


def _polish(years: int) -> str:
    few = 2 <= years % 10 <= 4 and not 12 <= years % 100 <= 14
    return f"{years} {'rok' if years == 1 else 'lata' if few else 'lat'}"


def _dashed(kinds: Mapping[str, str], verbs: Mapping[str, str]) -> dict[str, str]:
    """Heads of a language with cases: the name stays as it is, behind a dash."""
    named = {key: f"{words} – *" for key, words in {**kinds, **verbs}.items()}
    return named | {"milestone": "*"}


_ENGLISH = Language(
    kinds={
        "follow-up": "Follow-up",
        "keep-in-touch": "Keep in touch",
        "promise": "Promise",
        "need": "Need",
        "deal": "Deal",
        "win-back": "Win back",
        "feedback": "Feedback",
        "birthday": "Birthday",
        "nameday": "Name day",
        "anniversary": "Anniversary",
        "milestone": "Milestone",
    },
    heads={
        "follow-up": "Follow up with *",
        "keep-in-touch": "Keep in touch with *",
        "call": "Call *",
        "email": "Write to *",
        "message": "Send a message to *",
        "meeting": "Meet *",
        "video": "Have a video call with *",
        "letter": "Send a letter to *",
        "promise": "Promised to *",
        "theirs": "* promised",
        "need": "* may need",
        "deal": "Deal with *",
        "win-back": "Win back *",
        "feedback": "Ask * for feedback",
        "birthday": "Birthday of *",
        "nameday": "Name day of *",
        "anniversary": "Anniversary of *",
    },
    channels={},
    years=_english,
    turns=lambda years: f"turns {years}",
    nth=lambda years: f"{_ordinal(years)} anniversary",
    founded="founded",
    lost_to="(lost to *)",
    we_promised="We promised for *",
    they_promised="They promised for *",
    done="Done",
    afterwards="Afterwards",
    more="More",
    nothing="No follow-ups",
    tasks="to do",
)

_CZECH_KINDS = {
    "follow-up": "Ozvat se",
    "keep-in-touch": "Být v kontaktu",
    "promise": "Náš slib",
    "need": "Možná potřebuje",
    "deal": "Obchod",
    "win-back": "Získat zpět",
    "feedback": "Zeptat se na zpětnou vazbu",
    "birthday": "Narozeniny",
    "nameday": "Svátek",
    "anniversary": "Výročí",
    "milestone": "Událost",
}
_CZECH = Language(
    kinds=_CZECH_KINDS,
    heads=_dashed(
        _CZECH_KINDS,
        {
            "call": "Zavolat",
            "email": "Napsat e-mail",
            "message": "Poslat zprávu",
            "meeting": "Sejít se",
            "video": "Videohovor",
            "letter": "Poslat dopis",
            "theirs": "Jejich slib",
        },
    ),
    channels={
        "call": "hovor",
        "email": "e-mail",
        "meeting": "schůzka",
        "message": "zpráva",
        "video": "videohovor",
        "letter": "dopis",
        "event": "akce",
        "social": "sociální sítě",
    },
    years=_czech,
    turns=_czech,
    nth=lambda years: f"{years}. výročí",
    founded="založení",
    lost_to="(vyhrál: *)",
    we_promised="Slíbili jsme do *",
    they_promised="Slíbili nám do *",
    done="Hotovo",
    afterwards="Potom",
    more="Více",
    nothing="Nic v plánu",
    tasks="úkoly",
)

_SLOVAK_KINDS = {
    "follow-up": "Ozvať sa",
    "keep-in-touch": "Byť v kontakte",
    "promise": "Náš sľub",
    "need": "Možno potrebuje",
    "deal": "Obchod",
    "win-back": "Získať späť",
    "feedback": "Spýtať sa na spätnú väzbu",
    "birthday": "Narodeniny",
    "nameday": "Meniny",
    "anniversary": "Výročie",
    "milestone": "Udalosť",
}
_SLOVAK = Language(
    kinds=_SLOVAK_KINDS,
    heads=_dashed(
        _SLOVAK_KINDS,
        {
            "call": "Zavolať",
            "email": "Napísať e-mail",
            "message": "Poslať správu",
            "meeting": "Stretnúť sa",
            "video": "Videohovor",
            "letter": "Poslať list",
            "theirs": "Ich sľub",
        },
    ),
    channels={
        "call": "hovor",
        "email": "e-mail",
        "meeting": "stretnutie",
        "message": "správa",
        "video": "videohovor",
        "letter": "list",
        "event": "podujatie",
        "social": "sociálne siete",
    },
    years=_slovak,
    turns=_slovak,
    nth=lambda years: f"{years}. výročie",
    founded="založenie",
    lost_to="(vyhral: *)",
    we_promised="Sľúbili sme do *",
    they_promised="Sľúbili nám do *",
    done="Hotovo",
    afterwards="Potom",
    more="Viac",
    nothing="Nič v pláne",
    tasks="úlohy",
)

_POLISH_KINDS = {
    "follow-up": "Odezwać się",
    "keep-in-touch": "Być w kontakcie",
    "promise": "Nasza obietnica",
    "need": "Może potrzebować",
    "deal": "Transakcja",
    "win-back": "Odzyskać",
    "feedback": "Zapytać o opinię",
    "birthday": "Urodziny",
    "nameday": "Imieniny",
    "anniversary": "Rocznica",
    "milestone": "Wydarzenie",
}
_POLISH = Language(
    kinds=_POLISH_KINDS,
    heads=_dashed(
        _POLISH_KINDS,
        {
            "call": "Zadzwonić",
            "email": "Napisać e-mail",
            "message": "Wysłać wiadomość",
            "meeting": "Spotkać się",
            "video": "Wideorozmowa",
            "letter": "Wysłać list",
            "theirs": "Ich obietnica",
        },
    ),
    channels={
        "call": "telefon",
        "email": "e-mail",
        "meeting": "spotkanie",
        "message": "wiadomość",
        "video": "wideorozmowa",
        "letter": "list",
        "event": "wydarzenie",
        "social": "media społecznościowe",
    },
    years=_polish,
    turns=_polish,
    nth=lambda years: f"{years}. rocznica",
    founded="założenie",
    lost_to="(wygrał: *)",
    we_promised="Obiecaliśmy do *",
    they_promised="Obiecali nam do *",
    done="Zrobione",
    afterwards="Potem",
    more="Więcej",
    nothing="Nic w planie",
    tasks="zadania",
)

LANGUAGES = {"en": _ENGLISH, "cs": _CZECH, "sk": _SLOVAK, "pl": _POLISH}
