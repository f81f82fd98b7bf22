"""Floor 5: asking the book. Words of a person → a condition in SQL with parameters."""

from plaintextcrm.query.words import FIELDS, compile_query

__all__ = ["FIELDS", "compile_query"]
