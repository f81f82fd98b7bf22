"""When two values say the same: an address in other letters, a number with other blanks."""

import json
import re
from collections.abc import Mapping

from plaintextcrm.model.reference import may_be_number
from plaintextcrm.text.fold import fold, key_of
from plaintextcrm.text.render import Plain

_LAST = 9  # digits of a phone number without its country
_ADDRESS = ("street", "locality", "postcode")
_TOLD_BY = ("note", "name", "about", "to", "amount")


def phone_key(text: str) -> str:
    """What makes two phone numbers the same where a card's country is unknown, as it is often: the
    last digits. Where it is known, `text/phone.py` reads the number.
    """
    digits = "".join(filter(str.isdigit, text.partition(";")[0]))
    return digits[-_LAST:] if may_be_number(digits) else digits or key_of(text)


def value_of(item: Plain) -> str:
    """The address or number of an entry, written short or long."""
    found = item.get("value", "") if isinstance(item, dict) else item
    return found if isinstance(found, str) else ""


def keys(field: str, item: Plain) -> frozenset[str]:
    """What tells an entry of a list; two that share one of these are the same."""
    if field == "phones":
        return frozenset({phone_key(value_of(item))})
    if field == "emails":
        return frozenset({key_of(value_of(item))})
    if field == "urls":
        return frozenset({_bare(value_of(item))})
    if field == "profiles":
        return frozenset(_profile(item))
    if isinstance(item, str):
        return frozenset({item if field.startswith("x_") else key_of(item)})
    if field == "addresses" and isinstance(item, dict):
        return frozenset({" ".join(_words(item, _ADDRESS)) or _whole(item)})
    return frozenset({_entry(item)})


def same(field: str, one: Plain, other: Plain) -> bool:
    """True where two values of a field that is no list say the same."""
    if isinstance(one, str) and isinstance(other, str):
        return _even(field, one) == _even(field, other)
    return one == other


def _even(field: str, text: str) -> str:
    text = " ".join(text.split())
    return _bare(text) if field == "photo" else text


def _bare(url: str) -> str:
    """A web address without what makes no difference."""
    return re.sub(r"^https?://", "", key_of(url)).rstrip("/")


def _profile(item: Plain) -> list[str]:
    if isinstance(item, str):
        return [_bare(item)]
    if not isinstance(item, dict):
        return [_whole(item)]
    service, user, value = (str(item.get(name, "")) for name in ("service", "user", "value"))
    found = [_bare(value)] if value else []
    return [*found, f"{key_of(service)} {key_of(user)}"] if user else found or [_whole(item)]


def _entry(item: Plain) -> str:
    """What tells an entry with a day: the day and what it is about, else all of it."""
    if not isinstance(item, dict):
        return _whole(item)
    if "contact" in item:
        return " ".join(_words(item, ("contact", "type")))
    when = item.get("date") or item.get("year")
    about = next((item[name] for name in _TOLD_BY if name in item), "")
    return f"{when} {fold(str(about))}" if when else _whole(item)


def _words(item: Mapping[str, Plain], names: tuple[str, ...]) -> list[str]:
    return [" ".join(fold(str(item[name])).split()) for name in names if name in item]


def _whole(item: Plain) -> str:
    return json.dumps(item, sort_keys=True, ensure_ascii=False)
