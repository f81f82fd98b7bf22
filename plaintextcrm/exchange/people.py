"""Whole contacts as JSON: what `export json` writes, and what `import json` reads.

Each is a mapping of the fields of its file, every scalar a text, and its `id`. `text/schema.py` has the
schema.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from plaintextcrm.exchange.incoming import Incoming, Refused, Source
from plaintextcrm.exchange.mentions import renamed
from plaintextcrm.exchange.outgoing import Outgoing
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fold import key_of
from plaintextcrm.text.render import Plain

_BETWEEN = " \t\r\n,"


def whole(person: Outgoing) -> dict[str, object]:
    """A contact as one mapping; with its `uid` where the file has none, so that it stays the same one."""
    return {
        "id": person.id,
        "name": person.fields.get("name", ""),
        "uid": person.uid,
        **person.fields,
    }


def as_json(people: Iterable[Outgoing]) -> Iterator[bytes]:
    """A list of contacts, piece by piece."""
    before = "[\n"
    for person in people:
        yield f"{before}{json.dumps(whole(person), ensure_ascii=False, indent=2)}".encode()
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def as_jsonl(people: Iterable[Outgoing]) -> Iterator[bytes]:
    """A contact on each line."""
    for person in people:
        yield f"{json.dumps(whole(person), ensure_ascii=False)}\n".encode()


def read(source: Source, settings: Settings) -> Iterator[Incoming | Refused]:
    """Everybody in a list of contacts, or in lines of them."""
    return by_uid(_people(source))


def by_uid(found: Iterable[Incoming | Refused]) -> Iterator[Incoming | Refused]:
    """The same, naming each other by uid: who had an id there may get another one here."""
    held = list(found)
    uids = {
        key_of(one.id): str(one.fields["uid"])
        for one in held
        if isinstance(one, Incoming) and one.id and one.fields.get("uid")
    }
    for one in held:
        yield _naming_others(one, uids) if isinstance(one, Incoming) else one


def _naming_others(one: Incoming, uids: Mapping[str, str]) -> Incoming:
    """The same, with uids in place of ids; who names themself keeps that."""
    fields = cast(Mapping[str, Plain], one.fields)

    def uid(word: str) -> str:
        return word if key_of(word) == key_of(one.id) else uids.get(key_of(word), word)

    return one._replace(fields=renamed(fields, uid, Settings()))


def _people(source: Source) -> Iterator[Incoming | Refused]:
    text = source.data.decode("utf-8-sig", "replace")
    at = _behind(text, 0, "[")
    decoder, line, seen = json.JSONDecoder(), 1, 0
    while at < len(text) and text[at] != "]":
        line, seen = line + text.count("\n", seen, at), at
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            what = error.msg if isinstance(error, json.JSONDecodeError) else "too deep"
            below = text.count("\n", at, getattr(error, "pos", at))
            yield Refused(
                source.path, line + below, f"this is not JSON ({what}); nothing behind it is read"
            )
            return
        yield _person(source, line, value)
        at = _behind(text, at, _BETWEEN)


def _behind(text: str, at: int, signs: str) -> int:
    while at < len(text) and text[at] in signs + _BETWEEN:
        at += 1
    return at


def _person(source: Source, line: int, value: Any) -> Incoming | Refused:
    if not isinstance(value, Mapping):
        return Refused(source.path, line, "this is no contact; each is a mapping with a `name`")
    fields = {str(name): _plain(one) for name, one in value.items() if name != "id"}
    return Incoming(source.path, line, fields, _text(value.get("id")))


def _plain(value: Any) -> Plain:
    """The value as a contact file has it."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else _text(value)


def _text(value: Any) -> str:
    if value is None or isinstance(value, (list, Mapping)):
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
