"""One line of a card: its name, group, parameters and value, whichever version wrote it.

vobject's grammar takes the line apart; here is what its values mean: quoted-printable, character sets,
the bare types of vCard 2.1.
"""

import quopri
import re
from collections.abc import Iterable
from typing import NamedTuple

from vobject.base import ParseError, parseLine

Params = tuple[tuple[str, tuple[str, ...]], ...]

_ENCODINGS = ("BASE64", "B", "QUOTED-PRINTABLE", "8BIT", "7BIT")
# How Android writes a label of one's own: X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=C5=A1).
_CUSTOM = re.compile(r"^([^:]*;)X-CUSTOM\(([^():;\"]*)\)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CARET = re.compile(r"\^[n'^]")
_CARETS = {"^n": "\n", "^'": '"', "^^": "^"}
_QUOTED = re.compile('[,;:"\n]')


class Property(NamedTuple):
    """A property of a card. Names are in capital letters; `value` is decoded, and still escaped.

    `whole` is the line as it may come out again: unfolded, in UTF-8, without quoted-printable.
    """

    name: str
    group: str
    params: Params
    value: str
    line: int
    whole: str

    def param(self, name: str) -> str:
        """The first value of a parameter; empty where there is none."""
        return next((values[0] for known, values in self.params if known == name and values), "")

    def all_of(self, name: str) -> list[str]:
        """All values of a parameter, however often it stands there."""
        return [value for known, values in self.params if known == name for value in values]

    @property
    def text(self) -> str:
        """The value as one text."""
        return unescaped(self.value)

    @property
    def encoding(self) -> str:
        """`B` for base64, else empty: other encodings are decoded already."""
        return "B" if self.param("ENCODING").upper() in ("B", "BASE64") else ""


def parse(text: str, line: int, spare: str = "cp1252") -> Property | None:
    """The property on an unfolded line; None where it is none. `spare`: see `decoded`."""
    if custom := _CUSTOM.match(text):
        text = f"{custom[1]}TYPE={_in_param(_custom(custom[2]))}{text[custom.end() :]}"
    try:
        name, given, value, group = parseLine(text, line)
    except ParseError:
        return None
    params = tuple(map(_param, given))
    found = Property(name.upper(), group or "", params, value, line, text)
    encoding = found.param("ENCODING").upper()
    if encoding == "QUOTED-PRINTABLE":
        return _printed(found, name, spare)
    if encoding in ("B", "BASE64"):
        found = found._replace(value="".join(value.split()))
    if found.param("CHARSET") or any(len(one) == 1 for one in given):
        return _modern(found, name)
    return found


def _custom(told: str) -> str:
    """The label of one's own."""
    *how, label = told.split(",")
    if not any("QUOTED-PRINTABLE" in one.upper() for one in how):
        return label
    return decoded(quopri.decodestring(label.encode()), "utf-8", "cp1252").replace("\n", " ")


def _modern(found: Property, name: str) -> Property:
    """The same as versions from 3.0 on write it: no bare types, no character set."""
    rest = tuple(pair for pair in found.params if pair[0] != "CHARSET")
    return found._replace(params=rest, whole=written(name, found.group, rest, found.value))


def _param(given: list[str]) -> tuple[str, tuple[str, ...]]:
    """A parameter; a bare word of vCard 2.1 is an encoding or a type."""
    name, *values = given
    if values:
        return name.upper(), tuple(map(_uncaret, values))
    return ("ENCODING" if name.upper() in _ENCODINGS else "TYPE"), (name,)


def _uncaret(value: str) -> str:
    return _CARET.sub(lambda found: _CARETS[found[0]], value) if "^" in value else value


def _printed(found: Property, name: str, spare: str) -> Property:
    """The same without quoted-printable and the character set it was in."""
    data = quopri.decodestring(found.value.encode())
    value = decoded(data, found.param("CHARSET"), spare).replace("\r\n", "\n").replace("\n", "\\n")
    value = value.replace("\r", "\\n")
    rest = tuple(pair for pair in found.params if pair[0] != "ENCODING")
    return _modern(found._replace(params=rest, value=value), name)


def decoded(data: bytes, charset: str, spare: str) -> str:
    """The text of bytes in this character set; in UTF-8 where they are, else in the `spare` one."""
    for one in (charset, "utf-8", spare):
        try:
            return data.decode(one) if one else data.decode()
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("latin-1")


def written(name: str, group: str, params: Params, value: str) -> str:
    """A property as an unfolded line."""
    head = f"{group}.{name}" if group else name
    told = (f";{known}={','.join(map(_in_param, values))}" for known, values in params)
    return f"{head}{''.join(told)}:{value}"


def _in_param(value: str) -> str:
    """A parameter's value, by RFC 6868 and in quotes where it must be."""
    if not _QUOTED.search(value) and "^" not in value:
        return value
    for sign, instead in (("^", "^^"), ("\n", "^n"), ('"', "^'")):
        value = value.replace(sign, instead)
    return f'"{value}"'


def unescaped(value: str) -> str:
    """A value without its backslashes."""
    if "\\" not in value:
        return value
    return _ESCAPED.sub(_meant, value)


def _meant(found: re.Match[str]) -> str:
    sign = found[1]
    if sign in "nN":
        return "\n"
    return sign if sign in "\\,;:" else found[0]


def escaped(text: str, signs: str = ",;") -> str:
    """The text as a value, or as a part of one that these signs divide."""
    text = text.replace("\\", "\\\\")
    for end in ("\r\n", "\n", "\r"):
        text = text.replace(end, "\\n")
    for sign in signs:
        text = text.replace(sign, f"\\{sign}")
    return text


def parts(value: str, sign: str) -> list[str]:
    """The value split at a sign that has no backslash before it; the parts are still escaped."""
    if "\\" not in value:
        return value.split(sign)
    found, start, at = [], 0, 0
    while at < len(value):
        if value[at] == "\\":
            at += 1
        elif value[at] == sign:
            found.append(value[start:at])
            start = at + 1
        at += 1
    return [*found, value[start:]]


def texts(values: Iterable[str]) -> list[str]:
    """The parts of a value as texts, those that say something."""
    return [text for text in (unescaped(value).strip() for value in values) if text]
