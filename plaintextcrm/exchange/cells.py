"""A field's value ↔ the cell of a spreadsheet, so that what goes out comes back the same.

A text is itself. A list stands as in a contact file, without its brackets: `vip, partner`,
`{date: 2026-10-01, channel: call}`. No cell is one that a spreadsheet runs.
"""

from plaintextcrm.exchange.formulas import bared, guarded
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fields import contact_fields
from plaintextcrm.text.nodes import plain
from plaintextcrm.text.reader import read
from plaintextcrm.text.render import Plain, flow
from plaintextcrm.text.types import ListOf, TextType

_BUILT = ("{", "[", "'", '"')  # how a value begins that may be more than a text


class Cells:
    """The cells of contacts under these settings."""

    def __init__(self, settings: Settings) -> None:
        known = contact_fields(settings).values()
        self._texts = {field.name for field in known if isinstance(field.type, TextType)}
        self._lists = {field.name for field in known if isinstance(field.type, ListOf)}

    def cell(self, field: str, value: Plain) -> str:
        """A value of a contact file as a cell."""
        return guarded(self._written(field, value))

    def _written(self, field: str, value: Plain) -> str:
        if isinstance(value, str):
            if field in self._texts or not (field in self._lists or value.startswith(_BUILT)):
                return value
            return flow(value)
        if isinstance(value, list) and field in self._lists:
            between = ",\n" if any(isinstance(item, dict) for item in value) else ", "
            return between.join(map(flow, value))
        return flow(value)

    def value(self, field: str, cell: str) -> Plain:
        """The value that a cell stands for; what cannot be read is a text."""
        text = bared(cell)
        if field in self._lists:
            return _read(f"[{text}]", [text])
        if field in self._texts or not text.startswith(_BUILT):
            return text
        return _read(text, text)


def _read(text: str, otherwise: Plain) -> Plain:
    """The value as the reader of contact files takes it."""
    indented = text.replace("\r\n", "\n").replace("\n", "\n  ")
    document = read(f"a: {indented}\n".encode("utf-8", "replace"), "")
    if document.root is None or document.problems:
        return otherwise
    found = plain(document.root)
    return found["a"] if isinstance(found, dict) and len(found) == 1 else otherwise
