"""Measuring: a generator of contacts, and a table of times beside floors and peers."""
