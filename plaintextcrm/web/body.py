"""A feed as it is handed out: complete, unchangeable, with all that a request may ask about it."""

import gzip
import hashlib
from dataclasses import dataclass
from math import ceil

_COMPONENTS = (b"VEVENT", b"VTODO")
_PACKING = 5  # of 9: more takes much longer for a few bytes less


@dataclass(frozen=True, slots=True)
class Form:
    """The bytes of a feed in one encoding. `tag` is their hash, in quotes, as the header ETag has it."""

    data: bytes
    tag: str


@dataclass(frozen=True, slots=True)
class Body:
    """One feed. `changed` is the second, since 1970, by which it was as it is: rounded up, so that
    whoever read another text before it never has the same second.
    """

    plain: Form
    packed: Form
    changed: int

    @property
    def tags(self) -> tuple[str, str]:
        """The tags of both forms: who has either needs nothing."""
        return self.plain.tag, self.packed.tag


def body_of(data: bytes, changed: float, before: Body | None = None) -> Body:
    """The body of a feed that came to be at `changed`, and replaces `before`.

    Should the clock have been put back between the two, the new one is still the younger one.
    """
    second = ceil(changed)
    if before:
        second = max(second, before.changed + 1)
    return Body(_form(data), _form(gzip.compress(data, _PACKING, mtime=0)), second)


def is_calendar(data: bytes) -> bool:
    """True for a whole calendar: nothing torn, empty or foreign is ever handed out."""
    return (
        data.startswith(b"BEGIN:VCALENDAR\r\n")
        and data.endswith(b"\r\nEND:VCALENDAR\r\n")
        and all(_pairs(data, name) for name in _COMPONENTS)
        and any(b"\r\nBEGIN:%b\r\n" % name in data for name in _COMPONENTS)
    )


def _pairs(data: bytes, name: bytes) -> bool:
    begins, ends = (data.count(b"\r\n%b:%b\r" % (word, name)) for word in (b"BEGIN", b"END"))
    return begins == ends


def _form(data: bytes) -> Form:
    return Form(data, f'"{hashlib.sha256(data).hexdigest()}"')
