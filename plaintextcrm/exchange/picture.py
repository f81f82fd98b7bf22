"""Pictures of people: what kind they are, and `data:` addresses that hold one."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import NamedTuple

from plaintextcrm.text.render import Plain

FOLDER = "photos"  # in the address book, beside `contacts`
_DATA = re.compile(r"data:[\w.+/-]*(?:;[\w=.-]+)*;base64,(.*)", re.IGNORECASE | re.DOTALL)
_MARKS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)
_WEBP = re.compile(rb"RIFF....WEBP", re.DOTALL)
ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "image/webp": ".webp",
}


def kind_of(data: bytes) -> str:
    """`image/jpeg` and the like, by how the bytes begin; empty for what is no picture."""
    found = next((kind for mark, kind in _MARKS if data.startswith(mark)), "")
    return found or ("image/webp" if _WEBP.match(data) else "")


def data_address(code: str) -> str:
    """The picture in this base64 as an address that holds it; empty for what is none."""
    code = "".join(code.split())
    data = _decoded(code)
    kind = kind_of(data) if data else ""
    return f"data:{kind};base64,{code}" if kind else ""


def taken_apart(address: str) -> bytes | None:
    """The bytes of a `data:` address; None for another one."""
    found = _DATA.fullmatch(address)
    return _decoded("".join(found[1].split())) if found else None


def code_in(address: str) -> str:
    """The base64 of a `data:` address; empty for another one."""
    found = _DATA.fullmatch(address)
    return found[1] if found else ""


def is_base64(code: str) -> bool:
    """True for what any reader can decode."""
    return len(code) % 4 == 0 and _decoded(code) is not None


def _decoded(code: str) -> bytes | None:
    try:
        return base64.b64decode(code + "=" * (-len(code) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


class Picture(NamedTuple):
    """A picture to write: its path in the book, and its bytes."""

    path: str
    data: bytes


def pictured(
    fields: dict[str, Plain], contact_id: str, there: Callable[[str], bytes | None]
) -> tuple[dict[str, Plain], Picture | None]:
    """The fields with the path of a picture in place of the picture itself, and the picture.

    `there` gives what is at a path already: another picture stays, and this one gets a number.
    """
    told = fields.get("photo", "")
    data = taken_apart(told) if isinstance(told, str) and told.startswith("data:") else None
    if not data:
        return fields, None
    path = _free(contact_id, ENDINGS.get(kind_of(data), ""), data, there)
    return {**fields, "photo": path}, Picture(path, data)


def _free(contact_id: str, ending: str, data: bytes, there: Callable[[str], bytes | None]) -> str:
    number, path = 1, f"{FOLDER}/{contact_id}{ending}"
    while there(path) not in (None, data):
        number += 1
        path = f"{FOLDER}/{contact_id}-{number}{ending}"
    return path
