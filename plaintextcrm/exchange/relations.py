"""Other contacts that a card names: the name becomes an id where just one contact is called so."""

from collections.abc import Callable, Mapping

from plaintextcrm.book.answers import Face
from plaintextcrm.exchange.roll import Roll
from plaintextcrm.text.render import Plain

_MENTIONING = {"interactions": "with", "referrals": "to"}


def related(fields: Mapping[str, Plain], roll: Roll, own: Face) -> dict[str, Plain]:
    """The fields with ids in place of names; who is nobody's contact stands in `x_related`, or
    `x_introduced_by`.
    """
    found = dict(fields)
    if isinstance(word := found.get("organization"), str):
        face = roll.named(word, organizations=True)
        found["organization"] = face.id if face and face.id != own.id else word
    if isinstance(word := found.pop("introduced_by", None), str):
        face = roll.named(word)
        field = "introduced_by" if face and face.id != own.id else "x_introduced_by"
        found[field] = face.id if face else word
    if isinstance(links := found.pop("related", None), list):
        found |= _links(links, roll)
    for field, name in _MENTIONING.items():
        if isinstance(entries := found.get(field), list):
            found[field] = [_mentioned(entry, name, roll) for entry in entries]
    return found


def _links(links: list[Plain], roll: Roll) -> dict[str, Plain]:
    known: list[Plain] = []
    others: list[Plain] = []
    for link in links:
        word = str(link.get("contact", "")) if isinstance(link, dict) else ""
        face = roll.named(word)
        if face and isinstance(link, dict):
            known.append({**link, "contact": face.id})
        else:
            others.append(link)
    groups = (("related", known), ("x_related", others))
    return {field: group for field, group in groups if group}


def _mentioned(entry: Plain, name: str, roll: Roll) -> Plain:
    if not isinstance(entry, dict) or name not in entry:
        return entry
    words = entry[name]
    called: Callable[[Plain], Plain] = lambda word: _id(word, roll)  # noqa: E731
    return {**entry, name: list(map(called, words)) if isinstance(words, list) else called(words)}


def _id(word: Plain, roll: Roll) -> Plain:
    face = roll.named(word) if isinstance(word, str) else None
    return face.id if face else word
