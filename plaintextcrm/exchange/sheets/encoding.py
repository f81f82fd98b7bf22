"""Bytes of an unknown encoding → text. Spreadsheets write CSV in whatever the system uses.

Which letters a language has tells one code page from another, even in a file of two names. Libraries that
detect encodings look at how often characters follow each other, which needs more text than a list of
names has; CONTRIBUTING.md has the figures.
"""

import codecs
from collections import Counter
from typing import NamedTuple

LOOKED_AT = 1 << 20  # bytes from which the code page is told
_UNFIT = (
    10  # one high byte in so many may stand for no letter of the language: others mean another page
)

_BOMS = (  # the longest first: UTF-32 begins as UTF-16 does
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# The letters beyond a to z, by the language's two letters.
_CENTRAL = {
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "pl": "ąćęłńóśźż",
    "hu": "áéíóöőúüű",
    "hr": "čćđšž",
    "ro": "ăâîşţ",
    "de": "äöüß",
}
_WESTERN = {
    "de": "äöüß",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "es": "áéíñóúü¿¡",
    "it": "àèéìíòóù",
    "pt": "áâãàçéêíóôõú",
    "sv": "åäö",
    "da": "æøå",
    "nl": "éëïóöü",
    "et": "äõöüšž",
}
_PAGES = {
    "cp1252": ("windows-1252", _WESTERN),
    "cp1250": ("windows-1250", _CENTRAL),
    "iso8859-2": ("Latin-2", _CENTRAL),
}
_SIGNS = frozenset("–—‘’“”„«»°€§…•× ©®™·")
# Countries where a doubtful file is rather Central European.
_CENTRAL_COUNTRIES = frozenset(("CZ", "SK", "PL", "HU", "HR", "SI", "RO"))


class Encoding(NamedTuple):
    """An encoding by Python's name, and what people call it."""

    codec: str
    called: str


def find_encoding(data: bytes, country: str = "") -> Encoding | None:
    """The encoding of the bytes; None where it cannot be told. `country` settles what is doubtful."""
    for mark, codec, called in _BOMS:
        if data.startswith(mark):
            return Encoding(codec, called)
    if (wide := _wide(data)) is not None:
        return wide
    if _is_utf8(data):
        return Encoding("utf-8", "UTF-8")
    return _code_page(data[:LOOKED_AT], country)


def named_encoding(name: str) -> Encoding | None:
    """The encoding that a person names; None for a name that nobody knows."""
    try:
        codec = codecs.lookup(name)
        b"a".decode(codec.name)
    except (LookupError, UnicodeError):
        return None
    return Encoding(codec.name, codec.name)


def decode(data: bytes, codec: str) -> str:
    """The text; what is wrong in it becomes characters that no text has, so that only its row suffers."""
    if codec.startswith("utf-8"):
        return data.decode(codec, "surrogateescape")
    return data.decode(codec, "replace").replace("\ufffd", "\udcff")


def _wide(data: bytes) -> Encoding | None:
    """UTF-16 without a mark: every other byte of plain letters is zero."""
    head = data[:2000]
    half = len(head) // 2
    if half and head[1::2].count(0) > half * 0.7 and head[::2].count(0) < half * 0.1:
        return Encoding("utf-16-le", "UTF-16")
    if half and head[::2].count(0) > half * 0.7 and head[1::2].count(0) < half * 0.1:
        return Encoding("utf-16-be", "UTF-16")
    return None


def _is_utf8(data: bytes) -> bool:
    """True also where a byte here and there is broken: of many letters, few."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "surrogateescape")
        broken = sum(1 for letter in text if "\udc80" <= letter <= "\udcff")
        letters = sum(1 for letter in text if letter > "\x7f") - broken
        return broken * _UNFIT < letters
    return True


def _code_page(data: bytes, country: str) -> Encoding | None:
    """The page, and the language of it, to which most of the bytes are letters.

    Where several explain them all, the one of the country does; else the language with fewer letters,
    which would explain others less likely.
    """
    high = Counter(byte for byte in data if byte > 0x7F)
    central = country in _CENTRAL_COUNTRIES
    scores = (
        (
            _score(high, page, letters),
            bool(country) and central == (languages is _CENTRAL),
            -len(letters),
            -number,
            page,
        )
        for number, (page, (_called, languages)) in enumerate(_PAGES.items())
        for letters in languages.values()
    )
    (unfit, _fit), *_ties, page = max(scores)
    if -unfit * _UNFIT > sum(high.values()) * 2:
        return None
    return Encoding(page, _PAGES[page][0])


def _score(high: "Counter[int]", page: str, letters: str) -> tuple[int, int]:
    """How many of the bytes are neither letters of the language nor usual signs (less than 0), and how
    many are letters.
    """
    fit = unfit = 0
    for byte, count in high.items():
        letter = bytes((byte,)).decode(page, "replace")
        if letter.lower() in letters:
            fit += count
        elif letter not in _SIGNS:
            unfit += count
    return -unfit, fit
