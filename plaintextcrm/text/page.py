"""A whole new contact file: values → the lines of YAML as a person would write them."""

from collections.abc import Mapping

from plaintextcrm.text.render import (
    Layout,
    Plain,
    flow,
    item_lines,
    mapping_lines,
    name,
    pair_lines,
)

_WIDEST = 100  # columns of a list or an entry on one line
_LONG = 40  # letters of an entry
_LAYOUT = Layout()


def page(fields: Mapping[str, Plain]) -> str:
    """The fields in their order, each on a line of its own; entries of lists below them."""
    lines = [line for key, value in fields.items() for line in _lines(key, value)]
    return "".join(f"{line}\n" for line in lines)


def _lines(key: str, value: Plain) -> list[str]:
    if isinstance(value, str):
        return pair_lines(key, value, 0, _LAYOUT, ())
    head = name(key, ()) + ":"
    short = f"{head} {flow(value)}"
    if not value or (_is_flat(value) and _fits(short) and not _is_long(value)):
        return [short]
    if isinstance(value, dict):
        return [head, *mapping_lines(value, 2, _LAYOUT)]
    return [head, *(line for item in value for line in _entry(item))]


def _entry(value: Plain) -> list[str]:
    """One entry of a list: on one line, where it is short."""
    short = f"  - {flow(value)}"
    if not isinstance(value, str) and _is_flat(value) and _fits(short):
        return [short]
    return item_lines(value, 2, _LAYOUT)


def _is_flat(value: Plain) -> bool:
    """True for texts of one line beside each other, and nothing within them."""
    texts = value.values() if isinstance(value, dict) else value
    return all(isinstance(text, str) and "\n" not in text for text in texts)


def _is_long(value: Plain) -> bool:
    """True for a list of texts that are better read one below the other."""
    return isinstance(value, list) and any(len(text) > _LONG for text in value)


def _fits(line: str) -> bool:
    return len(line) <= _WIDEST
