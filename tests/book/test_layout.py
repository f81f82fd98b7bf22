"""A cache whose tables look otherwise is made anew: the sum of their definitions says so."""

from plaintextcrm.book.schema import LAYOUT, layout


def test_the_sum_of_the_tables_is_noted() -> None:
    assert layout() == LAYOUT, f'the tables changed: write LAYOUT = "{layout()}" in book/schema.py'
