"""The reference pages in git are what the code would write."""

import pytest

from plaintextcrm.model.problem import CODES
from plaintextcrm.text.fields import CONTACT_FIELDS, SETTINGS_FIELDS
from tests.conftest import PROJECT
from tests.reference import GROUPS, pages


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_page_is_up_to_date(name: str) -> None:
    assert (PROJECT / "docs" / name).read_text("utf-8") == pages()[name], "run `make docs`"


def test_every_code_has_its_heading_in_order() -> None:
    heads = [line[4:] for line in pages()["problems.md"].split("\n") if line.startswith("### ")]
    assert heads == list(CODES)
    assert set(GROUPS) <= set(CODES)


def test_every_field_has_its_row() -> None:
    text = pages()["fields.md"]
    for field in (*CONTACT_FIELDS, *SETTINGS_FIELDS):
        assert f"\n| `{field.name}`" in text
