"""E-mails as the little that is written down of them: who, whom, when, about what.

Only the head of a message is read, and nothing in it is trusted: what cannot be read is left out, and
a message without what it takes is Unread, with the reason.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, tzinfo
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import blake2b
from typing import BinaryIO, NamedTuple

from plaintextcrm.text.emails import email_fault
from plaintextcrm.text.fold import key_of

MOST_HEAD = 256 * 1024  # bytes of a head; what comes behind is not read
ID_HEAD = "mail-"
_LINE = 1 << 16  # bytes that are read at once
_LONGEST = 200  # letters of a subject
_TO = ("to", "cc", "bcc")
_FROM_LINE = re.compile(
    rb"From \S.*\d\d:\d\d.*\d{4}|From \S+\s*$"
)  # between the messages of an mbox
_MACHINES = re.compile(r"(list|bulk|junk)", re.IGNORECASE)
_ROBOTS = re.compile(
    r"(mailer-daemon|postmaster|bounces?|notifications?|(do-?)?no(t)?-?_?reply)([+.\-].*)?@.*"
)
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, MessageError, OverflowError)


class Person(NamedTuple):
    """An address, and the name that stood before it."""

    address: str
    name: str

    @property
    def key(self) -> str:
        """What makes two addresses the same."""
        return key_of(self.address)

    @property
    def is_robot(self) -> bool:
        """True for an address that nobody reads."""
        return bool(_ROBOTS.fullmatch(self.key))


class Letter(NamedTuple):
    """One message. `id` is short, and the same whenever this message is read; `mass` says why it is
    not one person's letter: a list, an answer of a machine.
    """

    id: str
    sender: Person
    recipients: tuple[Person, ...]
    day: date
    subject: str
    mass: str


class Unread(NamedTuple):
    """A message that tells too little, and what is missing."""

    why: str


def heads(stream: BinaryIO) -> Iterator[bytes]:
    """The head of each message of a file: one message, or an mbox of any length."""
    head: list[bytes] = []
    size, inside, blank, seen = 0, True, True, False
    for line in iter(lambda: stream.readline(_LINE), b""):
        bare = line.rstrip(b"\r\n")
        if blank and _FROM_LINE.fullmatch(bare) and (not seen or not inside):
            if head:
                yield b"".join(head)
            head, size, inside, seen = [], 0, True, True
        elif inside and bare:
            seen = True
            size += len(line)
            if size <= MOST_HEAD:
                head.append(line)
        elif inside and seen and head:
            inside = False
        blank = not bare
    if head:
        yield b"".join(head)


def read_letter(head: bytes, zone: tzinfo | None) -> Letter | Unread:
    """What a message's head says; days are those of the zone. It never raises."""
    try:
        return _read(BytesHeaderParser().parsebytes(head), zone)
    except _BROKEN:
        return Unread("its head cannot be read")


def _read(message: Message, zone: tzinfo | None) -> Letter | Unread:
    senders = _people(message, ("from",)) or _people(message, ("sender", "reply-to"))
    if not senders:
        return Unread("nobody sent it: there is no `From:` with an address")
    moment = _moment(message)
    if moment is None:
        return Unread("it has no date")
    sender, recipients = senders[0], _people(message, _TO)
    subject = _clean(_text(message, "subject"))[:_LONGEST].strip() or "(no subject)"
    named = _text(message, "message-id").strip()
    told = named or "\n".join(
        (moment.isoformat(), sender.key, subject, *(one.key for one in recipients))
    )
    return Letter(
        ID_HEAD + blake2b(told.encode("utf-8", "replace"), digest_size=5).hexdigest(),
        sender,
        recipients,
        moment.astimezone(zone).date(),
        subject,
        _mass(message),
    )


def _mass(message: Message) -> str:
    """Why this is not one person's letter; empty where it is."""
    if _text(message, "list-id") or _text(message, "list-unsubscribe"):
        return "a mailing list"
    if _MACHINES.fullmatch(_text(message, "precedence").strip()):
        return "a mailing list"
    answered = _text(message, "auto-submitted").strip().lower()
    return "an automatic answer" if answered and answered != "no" else ""


def _people(message: Message, names: Iterable[str]) -> tuple[Person, ...]:
    """The addresses of these fields, each once."""
    found: dict[str, Person] = {}
    for name in names:
        for written in message.get_all(name, []):
            for shown, address in getaddresses([_raw(written)]):
                bare = _clean(address)
                if bare and email_fault(bare) is None:
                    person = Person(bare, _clean(_decoded(shown)))
                    found.setdefault(person.key, person)
    return tuple(found.values())


def _moment(message: Message) -> datetime | None:
    """When it was sent; where that is not said, when it came."""
    received = (one.rpartition(";")[2] for one in map(_raw, message.get_all("received", [])))
    for text in (_raw(message.get("date", "")), *received):
        try:
            found = parsedate_to_datetime(text.strip())
            if found.tzinfo is None:
                found = found.replace(tzinfo=UTC)
            if 1970 <= found.year <= 9000:
                return found
        except _BROKEN:
            continue
    return None


def _text(message: Message, name: str) -> str:
    return _decoded(_raw(message.get(name, "")))


def _raw(value: object) -> str:
    """A header as text; bytes in it that say no encoding are UTF-8, else Latin-1."""
    text = str(value) if isinstance(value, str) else _of_header(value)
    data = text.encode("utf-8", "surrogateescape")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _of_header(value: object) -> str:
    """The email package wraps a header with bytes that are not ASCII."""
    chunks = getattr(value, "_chunks", [(str(value), None)])
    return "".join(str(text) for text, _charset in chunks)


def _decoded(text: str) -> str:
    """The text with its encoded words read."""
    if "=?" not in text:
        return text
    try:
        parts = decode_header(text.replace("\r", "").replace("\n", " "))
    except _BROKEN:
        return text
    return "".join(part if isinstance(part, str) else _in(part, charset) for part, charset in parts)


def _in(data: bytes, charset: str | None) -> str:
    """The bytes in that charset, which may not exist, or not be theirs."""
    try:
        return data.decode(charset or "raw-unicode-escape")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _clean(text: str) -> str:
    """On one line, without what cannot be seen."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.encode("utf-8", "replace").decode().split()).strip("'\" ")
