"""A text that is not YAML: which slip it probably was, where, and what to write instead.

libyaml and PyYAML name the spot where they could not go on, in the words of their grammar; the
slip itself is often on the line above. What is said here is the same with both, and repeats
nothing of the file.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from plaintextcrm.model.problem import Place


class Slip(NamedTuple):
    """What went wrong, and where."""

    place: Place
    message: str
    hint: str


class _Stop(NamedTuple):
    """Where the parser gave up, counted from 0; `said`: its words; `opened`: where that part began."""

    said: str
    lines: list[str]
    line: int
    column: int
    opened: tuple[int, int]

    @property
    def before(self) -> str:
        return self.lines[self.line][: self.column]

    @property
    def rest(self) -> str:
        return self.lines[self.line][self.column :]

    def here(self, message: str, hint: str) -> Slip:
        """A slip where the parser gave up."""
        return _at(self.line, self.column, message, hint)

    def where_opened(self, message: str, hint: str) -> Slip:
        """A slip where the part began that the parser could not finish."""
        return _at(*self.opened, message, hint)


_TAB = ("a tab; YAML wants spaces", "replace it by spaces")
# What one of the two parsers would take and the other not, by its first character.
DOUBTFUL = {
    "\t": _TAB,
    "|": ("a comment touches the `|`", "write a space before the #"),
    ">": ("a comment touches the `>`", "write a space before the #"),
    "?": ("a `?` begins a line of this text", "put the text in quotes"),
    ":": ("a bracket or comma touches the colon", "write a space behind the colon, or use quotes"),
}
_SECOND_COLON = ("a second `: ` in one line", "put the value in quotes")
_BEGINS = ("a value cannot begin with this character", "put the value in quotes")
_NEVER_CLOSED = ("a quote that is opened here is never closed", "close it")
_NO_FIELD = (
    "this line is no `field: value`",
    "write a colon and a space behind the field's name, or indent a text that goes on",
)
_FITS = "this line does not fit the lines above"

_FIELD = re.compile(r"[^\s:]:(?: |$)")
_VALUE = re.compile(r": +[^ #]")
_TIGHT = re.compile(r"^ *(?:- +)*[\w-]+:(?=[^ ])")
_FOREIGN = re.compile("：|:\xa0")
_BLOCK = re.compile(r"[|>][-+0-9]* *(?: #.*)?$")
_INDENT = re.compile(r" *(?:- +)*")
_NOTHING = re.compile(r" *(?:#.*)?$")


def diagnose(text: str, error: Any) -> Slip:
    """The likeliest slip behind an error of PyYAML (`yaml.MarkedYAMLError`)."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    mark = error.problem_mark or error.context_mark
    opened = error.context_mark or mark
    if mark is None:
        return Slip(Place(), "this is not YAML", "")
    said = f"{error.problem or ''} {error.context or ''}"
    # libyaml ends a text without a last newline one line later than PyYAML.
    line, column = min((mark.line, mark.column), (len(lines) - 1, len(lines[-1])))
    stop = _Stop(said, lines, line, column, (opened.line, opened.column))
    return next(slip for rule in _RULES if (slip := rule(stop)))


def _at(line: int, column: int, message: str, hint: str, length: int = 1) -> Slip:
    place = Place(line + 1, column + 1, line + 1, column + 1 + length)
    return Slip(place, message, hint)


def _tab(stop: _Stop) -> Slip | None:
    if stop.rest.startswith("\t"):
        return stop.here(*_TAB)
    indent = re.match(r"[ \t]*", stop.lines[stop.line])
    if indent and "\t" in indent[0]:
        return _at(stop.line, indent[0].index("\t"), *_TAB)
    return stop.here(*_TAB) if "tab character" in stop.said else None


def _open_quote(stop: _Stop) -> Slip | None:
    if "end of stream" in stop.said or "document separator" in stop.said:
        return stop.where_opened(*_NEVER_CLOSED)
    return None


def _escape(stop: _Stop) -> Slip | None:
    if not re.search("escape|hexa?dec", stop.said):
        return None
    start = max(stop.lines[stop.line].rfind("\\", 0, stop.column + 1), 0)
    message = "a backslash in double quotes begins an escape"
    return _at(stop.line, start, message, "use single quotes, or write \\\\")


def _block_head(stop: _Stop) -> Slip | None:
    """`title: | boss`"""
    if "block scalar" not in stop.said:
        return None
    line, column = stop.opened
    if re.match("[|>][-+0-9]*#", stop.lines[line][column:]):
        return stop.where_opened(*DOUBTFUL[stop.lines[line][column]])
    message = "a text stands behind a `|` or `>` that begins a block"
    return stop.where_opened(message, "put the value in quotes, or begin it on the next line")


def _first_character(stop: _Stop) -> Slip | None:
    """`*important*`, `& sons`, `!?`, `@eva`, `? what`, `, x`"""
    if re.search("an alias|an anchor|a tag|undefined tag", stop.said):
        return stop.where_opened(*_BEGINS)
    if re.search("cannot start any token|mapping keys|node content", stop.said):
        if stop.rest.startswith(",") and stop.before.rstrip().endswith((",", "[", "{")):
            return stop.here("nothing stands before this comma", "delete the comma")
        return stop.here(*_BEGINS)
    return None


def _brackets(stop: _Stop) -> Slip | None:
    if "',' or" not in stop.said:
        return None
    line, column = stop.opened
    if stop.rest.startswith("?") and not stop.before.strip():
        return stop.here(*DOUBTFUL["?"])
    if line == stop.line and stop.rest.startswith(":"):
        return stop.here(*_SECOND_COLON)
    if line == stop.line and stop.rest:
        hint = "put a text with quotes, brackets or commas in quotes as a whole"
        return stop.here("a comma or a closing bracket is missing before this", hint)
    opening = stop.lines[line][column : column + 1]
    closing = {"[": "]", "{": "}"}.get(opening, "]")
    message = f"a `{opening}` that is opened here is never closed, or a comma is missing"
    return stop.where_opened(message, f"close it with `{closing}`")


def _lonely_line(stop: _Stop) -> Slip | None:
    """`status:client` or `status client` between fields"""
    if "could not find expected ':'" not in stop.said:
        return None
    return _no_field(stop, stop.opened[0])


def _colon(stop: _Stop) -> Slip | None:
    """A `field: value` that YAML takes for a part of the text above it."""
    if "mapping values" not in stop.said:
        return None
    above = _above(stop, stop.line)
    if above is None or _FIELD.search(stop.before):
        return stop.here(*_SECOND_COLON)
    if not _goes_on(stop, above):
        return _no_field(stop, above)
    message = "this line stands below a field that has its value already"
    hint = "begin it in the same column as its neighbours, or put the whole text in quotes"
    return _at(stop.line, _indent(stop.before), message, hint)


def _above(stop: _Stop, line: int) -> int | None:
    """The last line above that is neither empty nor a comment."""
    return next((n for n in range(line - 1, -1, -1) if not _NOTHING.match(stop.lines[n])), None)


def _goes_on(stop: _Stop, line: int) -> bool:
    """True where the line has a field's value, or is indented as a further line of one."""
    if _FIELD.search(stop.lines[line]):
        return True
    owner = _above(stop, line)
    while owner is not None and not _FIELD.search(stop.lines[owner]):
        owner = _above(stop, owner)
    if owner is None or not _VALUE.search(stop.lines[owner]):
        return False
    return _indent(stop.lines[line]) > _indent(stop.lines[owner])


def _indent(line: str) -> int:
    found = _INDENT.match(line)
    return found.end() if found else 0


def _no_field(stop: _Stop, number: int) -> Slip:
    """What is wrong with a line that should be a field."""
    line = stop.lines[number]
    if found := _FOREIGN.search(line):
        hint = "write a plain colon and a plain space"
        return _at(number, found.start(), "this colon or its space is not the plain one", hint)
    if found := _TIGHT.match(line):
        hint = "write `field: value`"
        return _at(number, found.end() - 1, "no space behind the colon", hint)
    above = _above(stop, number)
    if above is not None and _BLOCK.search(stop.lines[above]):
        message = "the text below `|` or `>` is not indented"
        return _at(number, _indent(line), message, "indent all its lines by two spaces")
    start = _indent(line)
    return _at(number, start, *_NO_FIELD, length=max(len(line.rstrip()) - start, 1))


def _list_item(stop: _Stop) -> Slip | None:
    if "sequence entries" not in stop.said:
        return None
    hint = "put each item on a line of its own below the field, or the value in quotes"
    return stop.here("a list item (`- `) cannot stand here", hint)


def _behind_quote(stop: _Stop) -> Slip | None:
    """`name: "Eva" Malá`, or a text after a quote that an older open one took for its end"""
    before = stop.before.rstrip()
    quote = before[-1:]
    if quote not in ("'", '"'):
        return None
    if not before[:-1].strip() or before[:-1].rstrip()[-1] in ":-[{,":
        for number in range(stop.line - 1, -1, -1):
            if stop.lines[number].count(quote) % 2:
                return _at(number, stop.lines[number].rindex(quote), *_NEVER_CLOSED)
    hint = (
        "write '' for an apostrophe in single quotes, or use double quotes"
        if quote == "'"
        else "put the whole value in single quotes, or in none"
    )
    return stop.here("a text goes on behind its closing quote", hint)


def _behind_bracket(stop: _Stop) -> Slip | None:
    """`tags: [a, b]]`, `notes: [draft] hello`"""
    if stop.before.rstrip()[-1:] not in ("]", "}"):
        return None
    if stop.rest[:1] in ("]", "}"):
        message, hint = "a bracket that was never opened", "delete it, or put the value in quotes"
        return stop.here(message, hint)
    return stop.here("a text goes on behind a closing bracket", "put the whole value in quotes")


def _misfit(stop: _Stop) -> Slip | None:
    if "block" not in stop.said and "expected" not in stop.said:
        return None
    if stop.rest.startswith("-"):
        return stop.here(_FITS, "indent it like the items above, or put it below its own field")
    return stop.here(_FITS, "begin it in the same column as its neighbours")


def _unknown(stop: _Stop) -> Slip:
    return stop.here("this is not YAML", "put the value in quotes")


_RULES: tuple[Callable[[_Stop], Slip | None], ...] = (
    _tab,
    _open_quote,
    _escape,
    _block_head,
    _first_character,
    _brackets,
    _lonely_line,
    _colon,
    _list_item,
    _behind_quote,
    _behind_bracket,
    _misfit,
    _unknown,
)
