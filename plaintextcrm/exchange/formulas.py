"""Cells that no spreadsheet runs as a formula, and how they were before."""

from plaintextcrm.model.pattern import pattern

# What spreadsheets take for a formula, also behind blanks, also in the wide letters of East Asia; and
# the same behind the marks that are put before it here.
_RISKY = pattern(r"'*\s*[=+\-@＝＋－＠]")
_NUMBER = pattern(r"[+-]?[0-9][0-9 ]*")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet runs; a phone number keeps its plus."""
    return f"'{cell}" if _RISKY.match(cell) and not _NUMBER.fullmatch(cell) else cell


def bared(cell: str) -> str:
    """The cell as it was before it was guarded."""
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell) else cell
