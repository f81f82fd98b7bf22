"""Text for searching: without case and diacritics, also where Unicode does not decompose (ł, ø, đ, ß)."""

import re
import unicodedata

_FOREIGN = re.compile("[^\x00-\x7f]")


# What is in most books, so that no command loads 500 kB of tables for a dash: as `anyascii` has it.
USUAL = {
    "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h", "ŋ": "ng",
    "ı": "i", "ŧ": "t", "–": "-", "—": "-", "…": "...", "„": '"', "“": '"', "”": '"', "‚": "'",
    "‘": "'", "’": "'", "«": "<<", "»": ">>", "°": "deg", "×": "*", "·": "-", "•": "*", "€": "eur",
}  # fmt: skip


class _Plain(dict[str, str]):
    """The plain letters of a character, looked up once; `anyascii` is loaded only where it must be."""

    def __missing__(self, character: str) -> str:
        bare = unicodedata.normalize("NFKD", character)
        bare = "".join(part for part in bare if not unicodedata.combining(part))
        if not bare.isascii():
            from anyascii import anyascii

            bare = anyascii(bare) or bare
        self[character] = bare.casefold()
        return self[character]


_plain = _Plain(USUAL)


def key_of(text: str) -> str:
    """What makes two ids, e-mail addresses or UUIDs the same: case does not matter, accents do."""
    return unicodedata.normalize("NFC", text).casefold()


def fold(text: str) -> str:
    """The text in plain small letters: `Malá` → `mala`, `Łódź` → `lodz`. Other scripts are spelt out."""
    lower = text.casefold()
    if lower.isascii():
        return lower
    return _FOREIGN.sub(lambda found: _plain[found[0]], lower)
