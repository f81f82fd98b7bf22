"""The reference pages that are made from the code: `python -m tests.reference docs` (or `make docs`).

`problems.md` is the list of all problems with their samples, `fields.md` the field table; the end of
`query.md` is all names that queries know, that of `sql.md` the views, that of `exchange.md` what each
format carries. A test asserts that the pages
in git are what this would write.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from plaintextcrm.book.catalog import ENTRIES
from plaintextcrm.book.layout import columns
from plaintextcrm.book.views import views
from plaintextcrm.exchange.table import columns_of
from plaintextcrm.exchange.vcard.lexicon import IN_3
from plaintextcrm.exchange.vcard.properties import WRITERS, nothing
from plaintextcrm.model.problem import CODES
from plaintextcrm.model.settings import Settings
from plaintextcrm.query.names import ALIASES, DERIVED
from plaintextcrm.text.fields import CONTACT_FIELDS, DECLARED, SETTINGS_FIELDS, SPARE
from plaintextcrm.text.types import (
    Choice,
    Field,
    ListOf,
    MappingOf,
    Parsed,
    Structure,
    Type,
)
from plaintextcrm.text.values import CadenceType
from tests import samples

DOCS = Path(__file__).parents[1] / "docs"
# The line of a page behind which all is written anew.
MARK = "<!-- What follows is written by `make docs`. -->"
# Each group of codes begins with this one.
GROUPS = {
    "not-a-file": "The file itself",
    "syntax": "YAML",
    "missing-name": "Fields",
    "duplicate-id": "Across files",
    "mentioned-contact": "Worth a look",
}


def main(folder: Path) -> None:
    """Write the pages."""
    folder.mkdir(exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")


def pages() -> dict[str, str]:
    """All pages: file name and text."""
    return {
        "problems.md": _page(_problems()),
        "fields.md": _page(_fields()),
        "query.md": _end("query.md", _names()),
        "sql.md": _end("sql.md", _views()),
        "exchange.md": _end("exchange.md", _carried()),
    }


def _end(name: str, lines: Iterable[str]) -> str:
    """The page with its end written anew; what stands above is written by hand."""
    text, mark, _old = (DOCS / name).read_text("utf-8").partition(MARK)
    assert mark, f"{name} has no line {MARK!r}"
    return _page([f"{text}{mark}", *lines])


def _page(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"


# problems.md


def _problems() -> Iterator[str]:
    yield "# Problems"
    yield ""
    yield "Everything that `plaintextcrm check` can find, with a sample of each and what it prints."
    yield "An *error* means that the file's last good version is used until it is mended; a *warning*"
    yield "is worth a look. The codes in brackets are stable: scripts may rely on them."
    yield ""
    yield "This page is written by `make docs`."
    for code, kind in CODES.items():
        if code in GROUPS:
            yield from ("", f"## {GROUPS[code]}")
        yield from ("", f"### {code}", "", f"*{kind.severity.capitalize()}.* {kind.meaning}")
        yield from _sample(code)


def _sample(code: str) -> Iterator[str]:
    if code in samples.BUILDERS:
        told = samples.BUILDERS[code].__doc__ or ""
        yield from ("", f"Sample: {told}.")
    for path, text in samples.files(code):
        yield from ("", f"`{path}`:" if text else f"`{path}` is empty.")
        if text:
            yield from ("", *_block(text))
    yield from ("", "What `check` prints:", "", *_block(samples.expected(code)))


def _block(text: str) -> Iterator[str]:
    """A block of Markdown; indented, so that no line of it begins with a conflict marker."""
    for line in text.rstrip("\n").split("\n"):
        yield f"    {line}".rstrip()


# fields.md


def _fields() -> Iterator[str]:
    yield "# Fields"
    yield ""
    yield "Only `name` is required. A field with nothing behind its colon is not set. What the settings"
    yield "add (statuses, channels, stages, fields of your own) is not listed here."
    yield ""
    yield "This page is written by `make docs`."
    yield from ("", "## A contact", "")
    yield from _table((*CONTACT_FIELDS, SPARE), vcard=True)
    for field, entry in _structures(CONTACT_FIELDS):
        yield from ("", f"### {field.name}", "", f"{field.meaning[0].upper()}{field.meaning[1:]}.")
        yield from ("", *_table(entry.fields))
    yield from ("", "## The settings (plaintextcrm.yaml)", "")
    yield from _table(SETTINGS_FIELDS)
    for field, entry in _structures(SETTINGS_FIELDS):
        yield from ("", f"### {field.name}", "", f"{field.meaning[0].upper()}{field.meaning[1:]}.")
        yield from ("", *_table(entry.fields))
    yield from ("", "### Types of your own fields", "")
    yield from ("| type | value |", "|---|---|")
    yield from (f"| `{name}` | {_words(type_)} |" for name, type_ in DECLARED.items())


def _table(fields: Iterable[Field], vcard: bool = False) -> Iterator[str]:
    """A row for each field; a required one is marked."""
    yield "| field | value | meaning |" + (" vCard |" if vcard else "")
    yield "|---|---|---|" + ("---|" if vcard else "")
    for field in fields:
        name = f"`{field.name}`" + (" (required)" if field.required else "")
        row = f"| {name} | {_words(field.type, field.name)} | {field.meaning} |"
        yield row + (f" {field.vcard or '–'} |" if vcard else "")


def _structures(fields: Iterable[Field]) -> Iterator[tuple[Field, Structure]]:
    """The fields whose values have fields of their own."""
    for field in fields:
        type_: object = field.type
        if isinstance(type_, ListOf):
            type_ = type_.item
        if isinstance(type_, CadenceType):
            type_ = type_.details
        if isinstance(type_, Structure):
            yield field, type_


def _words(type_: Type, name: str = "") -> str:
    """A kind of value in words."""
    if isinstance(type_, ListOf):
        item = _words(type_.item, name)
        return f"{item}, or a list of them" if type_.lone else f"list: {item}"
    if isinstance(type_, Structure):
        link = f"[{{{', '.join(field.name for field in type_.fields[:2])}, …}}](#{name})"
        return f"{_words(type_.short)} or {link}" if type_.short else link
    if isinstance(type_, CadenceType):
        every = type_.details.fields[0].type
        return f"{_words(every)}; `none`; or [{{every, channels, …}}](#{name})"
    if isinstance(type_, Choice):
        return ", ".join(f"`{word}`" for word in type_.options(Settings()))
    if isinstance(type_, Parsed):
        return f"{type_.words}: {type_.example}"
    if isinstance(type_, MappingOf):
        return f"{type_.words}; {_words(type_.value)}"
    return type_.words


# query.md


def _names() -> Iterator[str]:
    catalog = {column.name: column for column in columns(Settings())}
    short = {full: alias for alias, full in reversed(ALIASES.items()) if "." not in full}
    yield from ("", "### A contact", "", *_HEAD)
    for source in DERIVED.values():
        yield _name(source.name, source.form, source.meaning, source.options)
    for name, column in catalog.items():
        if "." not in name and column.form != ENTRIES:
            alias = f", `{short[name]}`" if name in short else ""
            yield _name(name, column.form, column.meaning, column.options, alias)
    yield _name("x_…", "text", "anything of your own", ())
    yield ""
    yield "Fields that the settings declare are asked by their names, too."
    for name, column in catalog.items():
        if column.form == ENTRIES:
            alias = f", `{short[name]}`" if name in short else ""
            yield from ("", f"### `{name}`{alias}", "", *_HEAD)
            for inner in catalog.values():
                if inner.name.startswith(f"{name}."):
                    yield _name(inner.name, inner.form, inner.meaning, inner.options)


_HEAD = ("| name | form | meaning |", "|---|---|---|")
_FORMS = {
    "date": "day", "span": "vague day", "yearly": "yearly day", "money": "amount", "flag": "yes or no"
}  # fmt: skip


def _name(name: str, form: str, meaning: str, options: Iterable[str], alias: str = "") -> str:
    words = ", ".join(f"`{word}`" for word in options if word)
    return (
        f"| `{name}`{alias} | {_FORMS.get(form, form)}{': ' if words else ''}{words} | {meaning} |"
    )


# sql.md


def _views() -> Iterator[str]:
    yield ""
    yield "A field that the settings declare is a column of `contacts`; an amount has its currency"
    yield "in a column of its own, a vague day its first and last day, a duration its days."
    for view in views({column.name: column for column in columns(Settings())}):
        yield from ("", f"### {view.name}", "", f"{view.meaning[0].upper()}{view.meaning[1:]}.", "")
        yield from ("| column | type | meaning |", "|---|---|---|")
        yield from (f"| `{c.name}` | {c.type} | {c.meaning} |" for c in view.columns)


# exchange.md


def _carried() -> Iterator[str]:
    yield ""
    yield "| field | vCard 4.0 | vCard 3.0 | CSV | JSON |"
    yield "|---|---|---|---|---|"
    columns_of_csv = columns_of((), Settings())
    for field in CONTACT_FIELDS:
        in_csv = "yes" if field.name in columns_of_csv else "–"
        yield f"| `{field.name}` | {_property(field, '4.0')} | {_property(field, '3.0')} | {in_csv} | yes |"
    own = "X-… with `X-FIELD`"
    yield f"| fields of your own, `x_…` | {own} | {own} | yes | yes |"
    yield "| `x_vcard` | as they came | as they came | yes | yes |"


def _property(field: Field, version: str) -> str:
    """The property of a card that carries the field; private contacts never go out."""
    if not field.vcard:
        return "–"
    if WRITERS.get(field.vcard) is nothing:
        return f"read ({field.vcard})"
    return IN_3.get(field.vcard, field.vcard) if version == "3.0" else field.vcard


if __name__ == "__main__":
    main(Path(sys.argv[1]))
