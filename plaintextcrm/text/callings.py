"""Names without what surrounds them: Ing., Mgr., Ph.D., s.r.o., GmbH. One table for people and companies."""

import re
from typing import NamedTuple

from plaintextcrm.text.fold import fold

# Titles before and behind a person's name, and forms of address; small, without accents and dots.
_TITLES = """
ing mgr bc bca mga mudr mvdr mddr judr phdr rndr thdr thlic paeddr pharmdr doc docent prof profesor
csc drsc phd dsc dis mba llm lld dr drs dipl mag hab inz lic msc bsc mphil meng arch akad jr sr st ml
mr mrs ms miss sir esq pan pani slecna herr frau
"""
# What is at the end of a company's name; small, without accents, dots and blanks.
_FORMS = """
sro spolsro spolecnostsrucenimomezenym as akciovaspolecnost ks vos zs ops zu sp se druzstvo
spzoo zoo spolkazoo sa spk spj spolkaakcyjna sc
gmbh mbh ag kg kgaa ohg ug ev eg co company ltd limited llc llp inc incorporated corp corporation plc
pty sas sasu sarl srl spa bv nv ab oy oyj aps kft zrt nyrt bt doo dd ood eood ead sia uab ou
"""
_PERSONS, _COMPANYS = frozenset(_TITLES.split()), frozenset(_FORMS.split())
_LONGEST = 4  # words of a form: spol. s r. o.
_APART = re.compile(r"\b([^\W\d_])\.\s+(?=[^\W\d_]\.)")  # s. r. o.
_DOT = re.compile(r"(?<=\w)\.(?=\w)")  # s.r.o, Ph.D
_WORD = re.compile(r"[^\W_]+")


class Calling(NamedTuple):
    """What is left of a name: its words in plain small letters, in order; `bare` is True where nothing
    but case, accents and signs was left out.
    """

    words: tuple[str, ...]
    bare: bool

    @property
    def key(self) -> str:
        """The same for names whose words stand in another order."""
        return " ".join(sorted(self.words))


def calling(name: str, *, company: bool = False) -> Calling:
    """The words that tell somebody. A name of titles alone keeps them."""
    plain = _DOT.sub("", _APART.sub(r"\1", fold(name)))
    words = tuple(_WORD.findall(plain))
    left = _without_form(words) if company else tuple(w for w in words if w not in _PERSONS)
    return Calling(left or words, not left or left == words)


def is_title(word: str) -> bool:
    """True for what stands before or behind a person's name: Ing., Ph.D., paní."""
    return fold(word).replace(".", "") in _PERSONS


def _without_form(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without the forms at the end, however they are spaced: GmbH & Co. KG has three."""
    for length in range(min(_LONGEST, len(words) - 1), 0, -1):
        if "".join(words[-length:]) in _COMPANYS:
            return _without_form(words[:-length])
    return words
