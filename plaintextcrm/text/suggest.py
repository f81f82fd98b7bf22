"""Did you mean …? The words that look most like a misspelt one."""

from collections.abc import Iterable


def suggest(word: str, known: Iterable[str], limit: int = 1) -> list[str]:
    """Up to `limit` of the known words, the likeliest first; none where nothing comes close."""
    from rapidfuzz import fuzz, process  # 15 ms, and only where something is misspelt

    found = process.extract(
        word, list(known), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=66, limit=limit
    )
    return [choice for choice, _score, _index in found]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the likeliest word, or an empty one."""
    near = suggest(word, known)
    return f"did you mean `{near[0]}`?" if near else ""
