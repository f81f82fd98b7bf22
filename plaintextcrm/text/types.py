"""The kinds of values a field can have: how each is read from a node, and its JSON Schema.

A type reads a node and gives a value, or reports a problem and gives None. A blank value (nothing
behind the colon) never comes here: it means that the field is not set.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as slot
from typing import Any, Protocol, TypeAlias

from plaintextcrm.model.settings import Settings
from plaintextcrm.text.emails import email_fault
from plaintextcrm.text.nodes import Mapping, Node, Scalar, Sequence, blank, plain
from plaintextcrm.text.reading import Reading
from plaintextcrm.text.source import shown
from plaintextcrm.text.suggest import did_you_mean

Schema: TypeAlias = dict[str, Any]


class Type(Protocol):
    """A kind of value. `words` names it for people."""

    @property
    def words(self) -> str: ...
    def read(self, node: Node, at: Reading) -> Any: ...
    def schema(self, settings: Settings) -> Schema: ...


def _shape(node: Node) -> str:
    return {Scalar: "a text", Sequence: "a list", Mapping: "a mapping"}[type(node)]


class TextType:
    """The base of all types that are written as one text."""

    words: str

    def read(self, node: Node, at: Reading) -> Any:
        """The value of a text node."""
        if not isinstance(node, Scalar):
            hint = "write one value; put a text with brackets or braces in quotes"
            at.report("wrong-shape", node, f"{_shape(node)}, where {self.words} belongs", hint)
            return None
        return self.value(node.text.strip(), node, at)

    def value(self, text: str, node: Scalar, at: Reading) -> Any:
        """The value of a text without blanks around it."""
        return text

    def schema(self, settings: Settings) -> Schema:
        """YAML calls some texts numbers, truth values or nothing: to a text field all are text."""
        return {"type": ["string", "number", "boolean", "null"]}


class AnyText(TextType):
    """Any text."""

    words = "text"

    def read(self, node: Node, at: Reading) -> Any:
        """The text without blanks around it: half of all values are of this type."""
        return node.text.strip() if node.__class__ is Scalar else super().read(node, at)


class LongText(TextType):
    """A text of several lines; its line ends are kept."""

    words = "text"

    def read(self, node: Node, at: Reading) -> Any:
        """The text, but for empty lines around it."""
        return node.text.strip("\n") if node.__class__ is Scalar else super().read(node, at)


@dataclass(frozen=True, slots=True, eq=False)
class Parsed(TextType):
    """A text with a form of its own. `parse` raises ValueError with a sentence for the person."""

    words: str
    code: str
    example: str
    parse: Callable[[str, Settings], Any]
    form: Schema
    hint: Callable[[str], str | None] = lambda text: None

    def value(self, text: str, node: Scalar, at: Reading) -> Any:
        try:
            return self.parse(text, at.settings)
        except ValueError as error:
            usual = f"write {self.words}, such as {self.example}"
            hint = at.hint(self.hint(text) or _unset(text), usual)
            why = f"this is not {self.words}" if at.source.private else str(error)
            at.report(self.code, node, f"{why}: {at.quote(text)}", hint)
            return None

    def schema(self, settings: Settings) -> Schema:
        return self.form


def _unset(text: str) -> str | None:
    return "leave it empty" if text.lower() in ("~", "null", "none", "-", "?") else None


@dataclass(frozen=True, slots=True, eq=False)
class Choice(TextType):
    """One word of a few, which the settings may add to."""

    words: str
    options: Callable[[Settings], tuple[str, ...]]

    def value(self, text: str, node: Scalar, at: Reading) -> str | None:
        options = self.options(at.settings)
        if text in options:
            return text
        hint = at.hint(did_you_mean(text, options), f"write one of: {', '.join(options)}")
        at.report("bad-choice", node, f"{at.quote(text)} is no {self.words}", hint)
        return None

    def schema(self, settings: Settings) -> Schema:
        return {"enum": [*self.options(settings), None]}


@dataclass(frozen=True, slots=True, eq=False)
class Marked(TextType):
    """A text that other files matter for; see `Mark`."""

    kind: str
    words: str

    def value(self, text: str, node: Scalar, at: Reading) -> str:
        if text or self.kind == "contact":
            at.mark(self.kind, text, node)
        return text


class Email(Marked):
    """An e-mail address; with a warning for what no mail can reach."""

    def value(self, text: str, node: Scalar, at: Reading) -> str:
        if (fault := email_fault(text)) and text:
            why, told = fault
            hint = at.hint(told, "write it as `eva@example.com`")
            at.report("impossible-email", node, f"{why}: {at.quote(text)}", hint)
        return Marked.value(self, text, node, at)


class Person(TextType):
    """One of the settings' `people`; others are allowed, with a warning where there are any."""

    words = "a name from the settings' `people`"

    def value(self, text: str, node: Scalar, at: Reading) -> str:
        people = at.settings.people
        if people and text not in (*people, at.settings.me):
            hint = at.hint(did_you_mean(text, people), "add it to `people` in plaintextcrm.yaml")
            at.report("unknown-person", node, f"{at.quote(text)} is not among `people`", hint)
        return text


class Reason(TextType):
    """Why a deal was lost; with a warning where the settings list reasons and this is none of them."""

    words = "text"

    def value(self, text: str, node: Scalar, at: Reading) -> str:
        known = at.settings.lost_reasons
        if known and text not in known:
            hint = at.hint(did_you_mean(text, known), f"write one of: {', '.join(known)}")
            at.report("unknown-reason", node, f"{at.quote(text)} is not in `lost_reasons`", hint)
        return text


@dataclass(frozen=True, slots=True, eq=False)
class ListOf:
    """A list of values of one type. `lone` allows one value without a list."""

    item: Type
    lone: bool = False

    @property
    def words(self) -> str:
        """The item's words, as a list."""
        return f"list of {self.item.words}"

    def read(self, node: Node, at: Reading) -> tuple[Any, ...] | None:
        """The values that could be read; a list with nothing in it is empty."""
        if isinstance(node, Sequence):
            read = self.item.read
            items = [read(item, at) for item in node.items if item[0] or not blank(item)]
            return tuple([item for item in items if item is not None])
        if self.lone:
            value = self.item.read(node, at)
            return None if value is None else (value,)
        at.report(
            "wrong-shape", node, f"{_shape(node)}, where a list belongs", self._hint(node, at)
        )
        return None

    def _hint(self, node: Node, at: Reading) -> str:
        if isinstance(node, Scalar) and re.match(r"-\S", node.text):
            return "write a space behind each dash"
        if isinstance(node, Scalar) and isinstance(self.item, Structure) and not self.item.short:
            return f"write `[{self.item.sample}]`"
        if isinstance(node, Scalar) and "\n" not in node.text:
            return at.hint(f"write `[{shown(node.text)}]`", "write it in brackets: `[…]`")
        if isinstance(node, Mapping) and not isinstance(self.item, Structure):
            return "write it in brackets: `[…]`"
        if isinstance(node, Mapping) and node.flow:
            return "put it in brackets: `[{…}]`"
        return "begin the line below with `- `"

    def schema(self, settings: Settings) -> Schema:
        item = self.item.schema(settings)
        form = {"type": ["array", "null"], "items": {"anyOf": [item, {"type": "null"}]}}
        return {"anyOf": [form, item]} if self.lone else form


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One line of the field table. `vcard` is the property of RFC 6350 it maps to, empty for none."""

    name: str
    type: Type
    meaning: str
    vcard: str = ""
    required: bool = False
    target: str = ""  # what it is called in the value: its own name, but for Python's words

    def __post_init__(self) -> None:
        if not self.target:
            object.__setattr__(self, "target", self.name)


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """A mapping of named fields. `make` builds the value from them and the line it begins on."""

    words: str
    fields: tuple[Field, ...]
    make: Callable[..., Any]
    short: Type | None = None  # the type of a lone text, where one may stand for the mapping
    known: dict[str, Field] = slot(init=False)
    required: frozenset[str] = slot(init=False)

    def __post_init__(self) -> None:
        needed = frozenset(one.target for one in self.fields if one.required)
        object.__setattr__(self, "known", by_name(self.fields))
        object.__setattr__(self, "required", needed)

    @property
    def sample(self) -> str:
        """How to write one, with the fields that matter most."""
        names = [field.name for field in self.fields if field.required or field.name == "note"]
        names += [field.name for field in self.fields if field.name not in names]
        return f"{{{', '.join(f'{name}: …' for name in names[:2])}}}"

    def read(self, node: Node, at: Reading) -> Any:
        """The value, or None where a required field is missing or wrong."""
        if not isinstance(node, Mapping):
            if isinstance(node, Scalar) and self.short is not None:
                value = self.short.read(node, at)
                return None if value is None else self.make(value)
            message = f"{_shape(node)}, where {self.words} belongs"
            at.report("wrong-shape", node, message, f"write `{self.sample}`")
            return None
        values = read_fields(node, self.known, at, self.words)
        if self.required <= values.keys():
            return self.make(**values, line=node.start.line + 1)
        for field in self.fields:
            if not field.required or field.target in values:
                continue
            if not any(key.text == field.name and not blank(value) for key, value in node.pairs):
                message = f"{self.words} without `{field.name}`"
                at.report("missing-field", node, message, f"add `{field.name}: …`: {field.meaning}")
        return None

    def schema(self, settings: Settings) -> Schema:
        form: Schema = object_schema(self.fields, settings)
        return {"anyOf": [self.short.schema(settings), form]} if self.short else form


def by_name(fields: tuple[Field, ...]) -> dict[str, Field]:
    """The fields by their names."""
    return {field.name: field for field in fields}


def read_fields(node: Mapping, known: dict[str, Field], at: Reading, words: str) -> dict[str, Any]:
    """The values of a mapping's known fields by target; unknown fields are reported."""
    values = {}
    for key, value in node.pairs:
        field = known.get(key.text)
        if field is None:
            report_unknown(key, known, at, words)
        elif value[0] or not blank(value):  # most have a text, items or pairs
            found = field.type.read(value, at)
            if found is not None:
                values[field.target] = found
    return values


def report_unknown(key: Scalar, known: dict[str, Field], at: Reading, words: str) -> None:
    """A field that does not exist, often a misspelt one."""
    if key.text.startswith("\0") or key.text == "<<":
        return  # the reader has reported it
    name, colon, _value = key.text.partition(":")
    behind = at.source.text[key.end.index :][:80].lstrip()
    if "\xa0" in key.text:
        hint = "replace the no-break space by a plain one"
    elif behind.startswith((",", "}")) and not colon:
        hint = "in braces a comma ends a value: put a value with commas in quotes"
    elif colon:
        hint = "write a space behind the colon"
    else:
        hint = did_you_mean(name, known) or "fields of your own begin with `x_`"
    # In braces, a comma in a note makes a field of the rest: of a private contact it is not repeated.
    shown_name = at.source.quote(name, "of that name")
    at.report("unknown-field", key, f"{words} has no field {shown_name}", hint)


def object_schema(fields: tuple[Field, ...], settings: Settings) -> Schema:
    """The JSON Schema of a mapping with these fields and no others."""
    properties = {}
    for field in fields:
        form = field.type.schema(settings)
        properties[field.name] = {"description": field.meaning, **_blankable(form, field.required)}
    form = {"type": "object", "properties": properties, "additionalProperties": False}
    required = [field.name for field in fields if field.required]
    return form | ({"required": required} if required else {})


def _blankable(form: Schema, required: bool) -> Schema:
    """The form of a field that may be left empty, unless it is required."""
    kinds = form.get("type")
    if required or "enum" in form or (isinstance(kinds, list) and "null" in kinds):
        return form
    return {"anyOf": [form, {"type": "null"}]}


@dataclass(frozen=True, slots=True, eq=False)
class MappingOf:
    """A mapping from names that the person chooses to values of one type, as pairs.

    `taken` are names that cannot be chosen; `form` is a regular expression that each name has, with
    an `example`.
    """

    value: Type
    words: str
    taken: tuple[str, ...] = ()
    form: str = ""
    example: str = ""

    def read(self, node: Node, at: Reading) -> tuple[tuple[str, Any], ...] | None:
        """The pairs that could be read, in the order of the file."""
        if not isinstance(node, Mapping):
            message = f"{_shape(node)}, where {self.words} belong"
            at.report("wrong-shape", node, message, "write one a line, indented by two spaces")
            return None
        pairs = [
            (key.text, self.value.read(value, at))
            for key, value in node.pairs
            if self._is_sound(key, value, at)
        ]
        return tuple((name, value) for name, value in pairs if value is not None)

    def _is_sound(self, key: Scalar, value: Node, at: Reading) -> bool:
        """True for a name of the right form with something behind it; tells what is wrong."""
        formed = not self.form or re.fullmatch(self.form, key.text) is not None
        if key.text in self.taken:
            message = f"{at.quote(key.text)} is a field that every contact has"
            at.report("bad-choice", key, message, "choose another name")
        elif not formed:
            message = f"{at.quote(key.text)} has not the form of {self.example}"
            at.report("bad-choice", key, message, f"write {self.words}")
        if blank(value):
            hint = f"write {self.value.words} behind it"
            at.report("missing-field", key, f"{at.quote(key.text)} has no value", hint)
        return formed and not blank(value)

    def schema(self, settings: Settings) -> Schema:
        form = {"allOf": [self.value.schema(settings), {"not": {"type": "null"}}]}
        names: Schema = {"not": {"enum": [*self.taken]}} if self.taken else {}
        names |= {"pattern": f"^({self.form})$"} if self.form else {}
        names = {"propertyNames": names} if names else {}
        return {"type": "object", "additionalProperties": form, **names}


class Anything:
    """Text, lists and mappings as they stand: what the program does not know, it keeps."""

    words = "anything"

    def read(self, node: Node, at: Reading) -> object:
        return plain(node)

    def schema(self, settings: Settings) -> Schema:
        return {}
