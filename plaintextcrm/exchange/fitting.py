"""Values that their field cannot hold are kept all the same: `birthday: about 1980` → `x_birthday`."""

from collections.abc import Mapping
from datetime import date
from functools import partial

from plaintextcrm.exchange.tidy import ordered
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.page import page
from plaintextcrm.text.parse import parse_contact
from plaintextcrm.text.render import Plain


def fitting(fields: Mapping[str, Plain], settings: Settings, today: date) -> dict[str, Plain]:
    """The same, what does not fit its field in one of its own; of a list only such entries."""
    fits = partial(_fits, settings, today)
    kept: dict[str, Plain] = {}
    for field, value in fields.items():
        if fits(field, value):
            kept[field] = value
            continue
        good = [one for one in value if fits(field, [one])] if isinstance(value, list) else []
        bad = [one for one in value if one not in good] if isinstance(value, list) else value
        if good:
            kept[field] = good
        kept[_free(f"x_{field.removeprefix('x_')}", {**fields, **kept})] = bad
    return ordered(kept, settings)


def _fits(settings: Settings, today: date, field: str, value: Plain) -> bool:
    text = page({field: value} if field == "name" else {"name": "?", field: value})
    return parse_contact(text.encode(), "", settings, today).good


def _free(name: str, taken: Mapping[str, Plain]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free
