"""Address books of any size to measure with: `python -m benchmarks.people FOLDER COUNT`.

Begin to read at `book.py`. The words come from `benchmarks/words`, one file per language.
"""

from benchmarks.people.book import TODAY, generate

__all__ = ["TODAY", "generate"]
