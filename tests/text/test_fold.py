"""Text for searching: the letters at hand are those of the big tables."""

import pytest
from anyascii import anyascii

from plaintextcrm.text.fold import USUAL, fold


@pytest.mark.parametrize("letter", USUAL)
def test_the_usual_letters_are_spelt_as_anywhere(letter: str) -> None:
    assert USUAL[letter] == anyascii(letter).casefold()
    assert fold(letter) == fold(letter.upper()) == USUAL[letter]


def test_other_scripts_are_spelt_out() -> None:
    assert fold("Łódź Ærø Straße") == "lodz aero strasse"
    assert fold("東京") == anyascii("東京").casefold()
