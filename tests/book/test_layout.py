"""A cache whose tables look otherwise is made anew: the sum of their definitions says so."""

from plaintextcrm.book.schema import LAYOUT, NAMEDAYS, layout, namedays


def test_the_sum_of_the_tables_is_noted() -> None:
    assert layout() == LAYOUT, f'the tables changed: write LAYOUT = "{layout()}" in book/schema.py'


def test_the_sum_of_the_name_days_is_noted() -> None:
    now = namedays()
    assert now == NAMEDAYS, f'name days changed: write NAMEDAYS = "{now}" in book/schema.py'
